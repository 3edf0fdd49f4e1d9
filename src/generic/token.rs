//! What a single word can be: a code, a number, an id, a link.

use crate::delay::decimal::digits;
use crate::text::{find, has_space, matches};

/// A machine identifier: one word that says more than the status does.
pub(crate) fn is_code(text: &str, status: u16) -> bool {
    text != "0" && digits(text) != Some(status.into()) && !has_space(text)
}

/// An absolute http(s) URL, and nothing else.
pub(crate) fn is_web_url(text: &str) -> bool {
    let has_scheme = |scheme: &str| {
        text.len() > scheme.len()
            && text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (has_scheme("https://") || has_scheme("http://"))
        && !text.bytes().any(|byte| byte <= b' ' || byte == 0x7F)
}

/// Pages about HTTP itself: as the type of a problem they only restate the status.
const HTTP_PAGES: [&str; 8] = [
    "about:*",
    "*://tools.ietf.org/*",
    "*://datatracker.ietf.org/*",
    "*://www.rfc-editor.org/*",
    "*://rfc-editor.org/*",
    "*://httpwg.org/*",
    "*://httpstatuses.*",
    "*://developer.mozilla.org/*",
];

pub(super) fn is_problem_code(uri: &str) -> bool {
    !HTTP_PAGES.iter().any(|page| {
        // The scheme is left to the end of the pattern.
        page.strip_prefix('*').map_or_else(
            || matches(page, uri),
            |page| find(uri, "://").and_then(|at| uri.get(at..)).is_some_and(|rest| matches(page, rest)),
        )
    })
}

/// So few digits are the number of an error, not the id of an occurrence.
pub(super) fn is_short_number(text: &str) -> bool {
    text.len() <= 6 && is_number(text)
}

pub(super) fn is_number(text: &str) -> bool {
    digits(text.strip_prefix('-').unwrap_or(text)).is_some()
}

/// Words that a whole envelope carries whatever happened.
pub(super) fn is_constant(text: &str) -> bool {
    ["error", "fail", "failed", "failure", "exception", "ok", "success", "field"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
}

/// Long, of letters and digits, and not a word: an id that was made for one occurrence.
pub(super) fn is_opaque(text: &str) -> bool {
    text.len() >= 16
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
}
