//! What headers say of an error.

use crate::response::Response;
use crate::text::{filled, head, number, span};

/// A code in a header, for a body without one.
pub(crate) fn code_header<'r>(response: &Response<'r>) -> Option<&'r str> {
    let header = |name: &str| response.header(name).and_then(filled);
    // AWS adds a namespace or a URL.
    let aws = header("x-amzn-errortype").map(|code| head(code, b':').0);
    let others = ["x-ms-error-code", "x-error-code", "grpc-status"];
    aws.or_else(|| others.iter().find_map(|name| header(name).filter(|code| *code != "0")))
}

/// A parameter of the `Bearer` or `DPoP` challenge in `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1).
/// The comma between parameters may be missing.
pub(crate) fn challenge<'r>(response: &Response<'r>, wanted: &str) -> Option<&'r str> {
    let mut rest = response.header("www-authenticate")?;
    let mut is_ours = false;
    loop {
        (_, rest) = span(rest, |byte| matches!(byte, b' ' | b',' | b'\t'));
        if rest.is_empty() {
            return None;
        }
        let (name, tail) = span(rest, |byte| !matches!(byte, b' ' | b',' | b'=' | b'\t'));
        let Some(value) = tail.strip_prefix('=') else {
            // A word without a value names the next scheme.
            is_ours = name.eq_ignore_ascii_case("bearer") || name.eq_ignore_ascii_case("dpop");
            rest = tail;
            continue;
        };
        let (value, others) = if let Some(quoted) = value.strip_prefix('"') {
            let (value, others) = head(quoted, b'"');
            (value, others.unwrap_or_default())
        } else {
            span(value, |byte| !matches!(byte, b' ' | b','))
        };
        if is_ours && name == wanted {
            return filled(value);
        }
        rest = others;
    }
}

/// The text of gRPC, percent-decoded; what is no UTF-8 becomes U+FFFD.
pub(crate) fn grpc_message(response: &Response<'_>) -> Option<String> {
    let mut rest = response.header("grpc-message")?.as_bytes();
    let mut bytes = Vec::new();
    while let [byte, others @ ..] = rest {
        bytes.push(*byte);
        rest = others;
        if *byte == b'%'
            && let Some((digits, others)) = rest.split_at_checked(2)
            && let Some(coded) = number(digits, 16)
        {
            bytes.pop();
            bytes.extend(u8::try_from(coded));
            rest = others;
        }
    }
    filled(&decoded(&bytes)).map(str::to_owned)
}

/// What `String::from_utf8_lossy` gives, in a third of its bytes.
fn decoded(mut bytes: &[u8]) -> String {
    let mut out = String::new();
    while let [first, others @ ..] = bytes {
        bytes = others;
        let (mut needed, least) = match first.leading_ones() {
            0 => (0, 0),
            2 => (1, 0x80),
            3 => (2, 0x800),
            4 => (3, 0x1_0000),
            _ => (0, u32::MAX),
        };
        // The first of the characters that begin so; none where all of them would be written otherwise.
        let begun = |bits: u32, needed: u32| {
            char::from_u32(bits << (6 * needed)).filter(|_| (bits + 1) << (6 * needed) > least)
        };
        let mut bits = u32::from(*first) & (0x7F >> first.leading_ones());
        let mut c = begun(bits, needed);
        while c.is_some() && needed > 0 {
            c = None;
            if let [next @ 0x80..=0xBF, others @ ..] = bytes {
                bits = bits << 6 | u32::from(next & 0x3F);
                needed -= 1;
                c = begun(bits, needed);
                if c.is_some() {
                    bytes = others;
                }
            }
        }
        out.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    out
}
