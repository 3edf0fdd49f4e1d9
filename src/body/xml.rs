//! Markup into pieces, for XML and HTML alike, and the pieces of XML into a tree. Attributes are passed over, entities never defined.

use std::borrow::Cow;

use super::{Tree, is_control};
use crate::text::{cut, find, number, span};

/// Deeper documents are refused, so that no input exhausts the stack.
const MAX_DEPTH: u32 = 128;

/// Further members are left out: each is compared with all before it.
const MAX_MEMBERS: usize = 64;

/// A document: the name of its root leads to what the root contains.
pub(super) fn parse(text: &str) -> Option<Tree<'_>> {
    element(&mut Scanner { rest: text }, "", MAX_DEPTH).filter(|tree| matches!(tree, Tree::Map(_)))
}

/// The content of an element whose tag has been read: of members with one name the first. The document itself has no name,
/// and ends with the text.
fn element<'a>(scanner: &mut Scanner<'a>, name: &str, depth: u32) -> Option<Tree<'a>> {
    let mut text = String::new();
    let mut items = Vec::new();
    let mut members = Vec::new();
    loop {
        match scanner.next() {
            Some(Token::Text(piece)) => decode(piece, &mut text),
            Some(Token::Data(piece)) => text.push_str(piece),
            Some(Token::Other) => {}
            Some(Token::Open(name, empty)) => {
                let value = if empty {
                    Tree::Text(Cow::Borrowed(""))
                } else {
                    element(scanner, name, depth.checked_sub(1)?)?
                };
                // A list as RFC 9457 writes it (appendix B).
                if name == "i" {
                    items.push(value);
                } else if members.len() < MAX_MEMBERS && !members.iter().any(|(other, _)| other == name) {
                    members.push((Cow::Borrowed(name), value));
                }
            }
            Some(Token::Close(other)) if other == name => break,
            None if name.is_empty() => break,
            _ => return None,
        }
    }
    Some(if !members.is_empty() {
        Tree::Map(members)
    } else if !items.is_empty() {
        Tree::List(items)
    } else {
        Tree::Text(Cow::Owned(text.trim_ascii().to_owned()))
    })
}

pub(super) enum Token<'a> {
    /// Text whose entities are not decoded.
    Text(&'a str),
    /// Text without entities: the content of a CDATA section.
    Data(&'a str),
    /// A tag without its prefix and attributes, and whether it ends in `/>`.
    Open(&'a str, bool),
    Close(&'a str),
    /// A comment, a declaration or an instruction.
    Other,
}

pub(super) struct Scanner<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// The next piece. What is left open at the end of the text reaches to the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let text = self.rest;
        let first = *text.as_bytes().first()?;
        let second = text.as_bytes().get(1).copied().unwrap_or(0);
        let is_markup = second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?' | b'_' | 0x80..);
        Some(if first != b'<' || !is_markup {
            let end = text.bytes().skip(1).position(|byte| byte == b'<');
            Token::Text(self.take(end.map(|at| at + 1), 0))
        } else if text.starts_with("<![CDATA[") {
            self.take(Some(0), 9);
            Token::Data(self.until("]]>"))
        } else if text.starts_with("<!--") {
            self.until("-->");
            Token::Other
        } else if second == b'?' {
            self.until("?>");
            Token::Other
        } else {
            self.tag(second)
        })
    }

    fn tag(&mut self, second: u8) -> Token<'a> {
        // What the next `quote` ends hides a `>`: the value of an attribute, the inner part of a declaration.
        let (mut quote, mut before) = (0, 0);
        let end = self.rest.bytes().position(|byte| {
            if quote == 0 && byte == b'>' {
                return true;
            }
            if quote == byte {
                quote = 0;
            } else if quote == 0 {
                quote = match byte {
                    b'"' | b'\'' if before == b'=' => byte,
                    b'[' if second == b'!' => b']',
                    _ => 0,
                };
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
            false
        });
        let tag = self.take(end, 1);
        if second == b'!' {
            return Token::Other;
        }
        let start = if second == b'/' { 2 } else { 1 };
        let name = tag.get(start..).unwrap_or_default();
        let (name, _) = span(name, |byte| byte != b'/' && !byte.is_ascii_whitespace());
        let name = cut(name, b':').map_or(name, |(_, local)| local);
        if second == b'/' { Token::Close(name) } else { Token::Open(name, before == b'/') }
    }

    /// What precedes `end`, which is passed over.
    fn until(&mut self, end: &str) -> &'a str {
        self.take(find(self.rest, end), end.len())
    }

    /// What precedes `end`, or all that is left; `passed` bytes more are passed over.
    pub(super) fn take(&mut self, end: Option<usize>, passed: usize) -> &'a str {
        let text = self.rest;
        let end = end.unwrap_or(text.len());
        self.rest = text.get(end + passed..).unwrap_or_default();
        text.get(..end).unwrap_or_default()
    }
}

/// What error pages use. Others stay as they are.
const ENTITIES: [(&str, char); 19] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("rdquo", '”'),
    ("ldquo", '“'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("rsaquo", '›'),
    ("lsaquo", '‹'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("middot", '·'),
    ("copy", '©'),
];

/// More than the longest entity takes.
const MAX_ENTITY: usize = 12;

/// Adds a text, with its entities decoded.
pub(super) fn decode(mut text: &str, out: &mut String) {
    while let Some((plain, rest)) = cut(text, b'&') {
        out.push_str(plain);
        text = rest;
        let end = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
        let entity = end.and_then(|at| rest.get(..at)).unwrap_or_default();
        let decoded = match entity.strip_prefix('#') {
            Some(entity) => numbered(entity),
            None => ENTITIES.iter().find(|(name, _)| *name == entity).map(|(_, c)| *c),
        };
        if decoded.is_some() {
            text = rest.get(entity.len() + 1..).unwrap_or_default();
        }
        out.push(decoded.unwrap_or('&'));
    }
    out.push_str(text);
}

fn numbered(entity: &str) -> Option<char> {
    let (radix, digits) = match entity.as_bytes() {
        [b'x' | b'X', digits @ ..] => (16, digits),
        digits => (10, digits),
    };
    let c = char::from_u32(number(digits, radix)?).filter(|c| !is_control(*c));
    Some(c.unwrap_or(char::REPLACEMENT_CHARACTER))
}
