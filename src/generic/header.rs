//! What headers say of an error.

use crate::response::Response;
use crate::text::head;

/// A code in a header, for a body without one.
pub(crate) fn code_header<'r>(response: &Response<'r>) -> Option<&'r str> {
    let header = |name: &str| response.header(name).filter(|value| !value.is_empty());
    // AWS adds a namespace or a URL.
    let aws = header("x-amzn-errortype").map(|code| head(code, b':').0);
    aws.or_else(|| header("x-ms-error-code"))
        .or_else(|| header("x-error-code"))
        .or_else(|| header("grpc-status").filter(|status| *status != "0"))
}

/// A parameter of the `Bearer` or `DPoP` challenge in `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1).
/// The comma between parameters may be missing.
pub(crate) fn challenge<'r>(response: &Response<'r>, wanted: &str) -> Option<&'r str> {
    let mut rest = response.header("www-authenticate")?;
    let mut is_ours = false;
    loop {
        rest = rest.trim_start_matches([' ', ',', '\t']);
        if rest.is_empty() {
            return None;
        }
        let end =
            rest.bytes().position(|byte| matches!(byte, b' ' | b',' | b'=' | b'\t')).unwrap_or(rest.len());
        let (name, tail) = rest.split_at_checked(end)?;
        let Some(value) = tail.strip_prefix('=') else {
            // A word without a value names the next scheme.
            is_ours = name.eq_ignore_ascii_case("bearer") || name.eq_ignore_ascii_case("dpop");
            rest = tail;
            continue;
        };
        let (value, others) = if let Some(quoted) = value.strip_prefix('"') {
            head(quoted, b'"')
        } else {
            let end = value.bytes().position(|byte| matches!(byte, b' ' | b',')).unwrap_or(value.len());
            let (value, others) = value.split_at_checked(end)?;
            (value, Some(others))
        };
        if is_ours && name == wanted {
            return Some(value.trim_ascii()).filter(|value| !value.is_empty());
        }
        rest = others.unwrap_or_default();
    }
}

/// The text of gRPC, percent-decoded; what is no UTF-8 becomes U+FFFD.
pub(crate) fn grpc_message(response: &Response<'_>) -> Option<String> {
    let text = response.header("grpc-message")?;
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        if byte == b'%'
            && let Some(high) = digit(ahead.next())
            && let Some(low) = digit(ahead.next())
        {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_ascii();
    if text.is_empty() { None } else { Some(text.to_owned()) }
}
