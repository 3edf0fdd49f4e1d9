//! Small searches. The texts are short: a search that prepares itself costs more bytes than it saves time.

/// What precedes the first `separator` byte, and what follows it.
pub(crate) fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What precedes the first `separator` byte, or all, and what follows it, if there is one.
pub(crate) fn head(text: &str, separator: u8) -> (&str, Option<&str>) {
    match cut(text, separator) {
        Some((head, rest)) => (head, Some(rest)),
        None => (text, None),
    }
}

/// The start of a text, as far as its bytes are of that class, and the rest.
pub(crate) fn span(text: &str, is_in: fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_in(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Without the white space around it, if there is anything else.
pub(crate) fn filled(text: &str) -> Option<&str> {
    let text = text.trim_ascii();
    if text.is_empty() { None } else { Some(text) }
}

/// Is there white space?
pub(crate) fn has_space(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_whitespace())
}

/// Where `needle` first occurs.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    (0..=text.len().checked_sub(needle.len())?)
        .find(|at| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(needle.as_bytes())))
}

/// Does `candidate` fit a pattern with an optional `*` at either end?
pub(crate) fn matches(pattern: &str, candidate: &str) -> bool {
    let (rest, open_start) = match pattern.strip_prefix('*') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    match (open_start, rest.strip_suffix('*')) {
        (false, None) => candidate == rest,
        (true, None) => candidate.as_bytes().ends_with(rest.as_bytes()),
        (false, Some(text)) => candidate.as_bytes().starts_with(text.as_bytes()),
        (true, Some(text)) => find(candidate, text).is_some(),
    }
}

/// A number of one or more digits; saturates.
pub(crate) fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let mut value = None;
    for digit in digits {
        let digit = char::from(*digit).to_digit(radix)?;
        value = Some(value.unwrap_or(0_u32).saturating_mul(radix).saturating_add(digit));
    }
    value
}

pub(crate) fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(crate) fn push_decimal(out: &mut String, number: u32) {
    if number > 9 {
        push_decimal(out, number / 10);
    }
    out.push(char::from_digit(number % 10, 10).unwrap_or_default());
}

/// FNV-1a over the letters in lower case, without separators.
pub(crate) const fn hash(name: &[u8]) -> u32 {
    let mut hash = 0x811C_9DC5_u32;
    let mut rest = name;
    while let [byte, others @ ..] = rest {
        if !matches!(byte, b'_' | b'-' | b'.' | b'@' | b' ') {
            hash = (hash ^ byte.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        }
        rest = others;
    }
    hash
}
