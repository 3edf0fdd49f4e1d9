//! Texts that only repeat the status: the reason phrases of HTTP.

use crate::text::hash;

macro_rules! phrases {
    ($($phrase:literal,)*) => {
        /// The reason phrases of RFC 9110 section 15, of its predecessors and of common extensions, by their hashes.
        const PHRASES: [u32; [$($phrase),*].len()] = [$(hash($phrase.as_bytes())),*];
    };
}

phrases! {
    "Bad Request",
    "Unauthorized",
    "Payment Required",
    "Forbidden",
    "Not Found",
    "Method Not Allowed",
    "Not Acceptable",
    "Proxy Authentication Required",
    "Request Timeout",
    "Conflict",
    "Gone",
    "Length Required",
    "Precondition Failed",
    "Payload Too Large",
    "Content Too Large",
    "Request Entity Too Large",
    "URI Too Long",
    "Unsupported Media Type",
    "Range Not Satisfiable",
    "Expectation Failed",
    "I'm a teapot",
    "Misdirected Request",
    "Unprocessable Entity",
    "Unprocessable Content",
    "Locked",
    "Failed Dependency",
    "Too Early",
    "Upgrade Required",
    "Precondition Required",
    "Too Many Requests",
    "Request Header Fields Too Large",
    "Unavailable For Legal Reasons",
    "Internal Server Error",
    "Not Implemented",
    "Bad Gateway",
    "Service Unavailable",
    "Gateway Timeout",
    "HTTP Version Not Supported",
    "Insufficient Storage",
}

/// Does that text only repeat a reason phrase, in whatever case?
pub(super) fn is_phrase(text: &str) -> bool {
    text.len() < 40 && PHRASES.contains(&hash(text.as_bytes()))
}

/// A reason phrase of one word as it is written in a status line; in other letters the word is a code.
pub(super) fn is_phrase_word(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_lowercase())
        && is_phrase(text)
}
