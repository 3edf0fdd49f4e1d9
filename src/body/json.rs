//! JSON (RFC 8259) into a tree: bounded in depth, numbers as written, lone surrogates as U+FFFD.

use std::borrow::Cow;

use super::Tree;
use crate::text::{head, number};

/// Deeper documents are refused, so that no input exhausts the stack.
const MAX_DEPTH: u32 = 128;

/// One JSON value and nothing after it.
pub(crate) fn parse(text: &str) -> Option<Tree<'_>> {
    let mut reader = Reader { text, at: 0 };
    let tree = reader.value(MAX_DEPTH)?;
    // The 0 that is taken must be the one that stands for the end.
    (reader.take(0) && reader.at > text.len()).then_some(tree)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next byte; 0, which no JSON contains, at the end.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Passes over all bytes of a class, and says how many they were.
    fn skip(&mut self, class: fn(u8) -> bool) -> usize {
        let start = self.at;
        while class(self.peek()) {
            self.at += 1;
        }
        self.at - start
    }

    /// Takes the next byte that is no white space if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: u32) -> Option<Tree<'a>> {
        let deeper = depth.checked_sub(1)?;
        if self.take(b'{') {
            let mut members = Vec::new();
            while !self.take(b'}') {
                if !(members.is_empty() || self.take(b',')) || !self.take(b'"') {
                    return None;
                }
                let key = self.string()?;
                if !self.take(b':') {
                    return None;
                }
                members.push((key, self.value(deeper)?));
            }
            return Some(Tree::Map(members));
        }
        if self.take(b'[') {
            let mut items = Vec::new();
            while !self.take(b']') {
                if !(items.is_empty() || self.take(b',')) {
                    return None;
                }
                items.push(self.value(deeper)?);
            }
            return Some(Tree::List(items));
        }
        if self.take(b'"') {
            return self.string().map(Tree::Text);
        }
        let start = self.at;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        self.skip(word);
        match self.text.get(start..self.at)? {
            "null" => Some(Tree::Null),
            "true" => Some(Tree::Bool(true)),
            "false" => Some(Tree::Bool(false)),
            number => is_number(number).then_some(Tree::Number(Cow::Borrowed(number))),
        }
    }

    /// The rest of a string, after its opening quote.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let mut escapes = false;
        loop {
            let mut rest = self.text.as_bytes().get(self.at..)?.iter();
            let end = self.at + rest.position(|byte| *byte < b' ' || *byte == b'"' || *byte == b'\\')?;
            self.at = end + 1;
            match self.text.as_bytes().get(end)? {
                b'"' => {
                    let raw = self.text.get(start..end)?;
                    return Some(if escapes { Cow::Owned(unescaped(raw)) } else { Cow::Borrowed(raw) });
                }
                b'\\' => {
                    escapes = true;
                    self.at += 1;
                    match self.text.as_bytes().get(end + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' if self
                            .text
                            .get(end + 2..end + 6)?
                            .bytes()
                            .all(|byte| byte.is_ascii_hexdigit()) => {}
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

/// RFC 8259 section 6.
fn is_number(text: &str) -> bool {
    let mut reader = Reader { text, at: 0 };
    let digit = |byte: u8| byte.is_ascii_digit();
    reader.at += usize::from(reader.peek() == b'-');
    let leading_zero = reader.peek() == b'0';
    let whole = reader.skip(digit);
    let mut valid = whole == 1 || (whole > 1 && !leading_zero);
    if reader.peek() == b'.' {
        reader.at += 1;
        valid &= reader.skip(digit) > 0;
    }
    if matches!(reader.peek(), b'e' | b'E') {
        reader.at += 1;
        reader.at += usize::from(matches!(reader.peek(), b'+' | b'-'));
        valid &= reader.skip(digit) > 0;
    }
    valid && reader.at == text.len()
}

/// The text of a string whose escapes are known to be valid.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    // A high surrogate waits here for its other half.
    let mut high = 0;
    loop {
        let (plain, escape) = head(rest, b'\\');
        if high > 0 && !plain.is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
            high = 0;
        }
        out.push_str(plain);
        let Some(escape) = escape else { break };
        let letter = escape.bytes().next().unwrap_or_default();
        rest = escape.get(1..).unwrap_or_default();
        let mut unit = match letter {
            b'b' => 0x8,
            b'f' => 0xC,
            b'n' => 0xA,
            b'r' => 0xD,
            b't' => 0x9,
            b'u' => {
                let digits = rest.get(..4).unwrap_or_default();
                rest = rest.get(4..).unwrap_or_default();
                number(digits.as_bytes(), 16).unwrap_or(0)
            }
            c => u32::from(c),
        };
        let is_low = (0xDC00..0xE000).contains(&unit);
        if high > 0 && is_low {
            unit = 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
        } else if high > 0 {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        high = 0;
        if (0xD800..0xDC00).contains(&unit) {
            high = unit;
        } else {
            out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    if high > 0 {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out
}
