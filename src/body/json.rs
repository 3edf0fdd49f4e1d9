//! JSON (RFC 8259) into a tree: bounded in depth, numbers as written, lone surrogates as U+FFFD.

use std::borrow::Cow;

use hifijson::num::LexWrite as _;
use hifijson::str::LexWrite as _;
use hifijson::token::Lex as _;
use hifijson::{Expect, SliceLexer, num, str};

use super::Tree;

/// Deeper documents are refused, so that no input exhausts the stack.
const MAX_DEPTH: usize = 128;

/// The text is no JSON; where and why matters to nobody here.
struct Bad;

impl From<Expect> for Bad {
    fn from(_: Expect) -> Self {
        Self
    }
}

impl From<num::Error> for Bad {
    fn from(_: num::Error) -> Self {
        Self
    }
}

impl From<str::Error> for Bad {
    fn from(_: str::Error) -> Self {
        Self
    }
}

/// One JSON value and nothing after it.
pub(crate) fn parse(text: &str) -> Option<Tree<'_>> {
    let mut reader = Reader { text, depth: MAX_DEPTH };
    let mut lexer = SliceLexer::new(text.as_bytes());
    lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| reader.value(next, lexer)).ok()
}

struct Reader<'a> {
    text: &'a str,
    /// How much deeper a value may lie.
    depth: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, next: u8, lexer: &mut SliceLexer<'a>) -> Result<Tree<'a>, Bad> {
        self.depth = self.depth.checked_sub(1).ok_or(Bad)?;
        let tree = match next {
            b'a'..=b'z' => match lexer.null_or_bool().ok_or(Bad)? {
                Some(truth) => Tree::Bool(truth),
                None => Tree::Null,
            },
            b'0'..=b'9' | b'-' => Tree::Number(Cow::Borrowed(lexer.num_string().validated()?.0)),
            b'"' => Tree::Text(self.string(lexer.discarded())?),
            b'[' => {
                let mut items = Vec::new();
                lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
                    items.push(self.value(next, lexer)?);
                    Ok::<_, Bad>(())
                })?;
                Tree::List(items)
            }
            b'{' => {
                let mut members = Vec::new();
                lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
                    lexer.expect(|_| Some(next), b'"').ok_or(Bad)?;
                    let key = self.string(lexer)?;
                    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Bad)?;
                    let next = lexer.ws_peek().ok_or(Bad)?;
                    members.push((key, self.value(next, lexer)?));
                    Ok::<_, Bad>(())
                })?;
                Tree::Map(members)
            }
            _ => return Err(Bad),
        };
        self.depth += 1;
        Ok(tree)
    }

    /// The rest of a string, after its opening quote.
    fn string(&self, lexer: &mut SliceLexer<'a>) -> Result<Cow<'a, str>, Bad> {
        let start = self.text.len() - lexer.as_slice().len();
        let mut raw: &[u8] = &[];
        lexer.str_bytes(&mut raw)?;
        let raw = self.text.get(start..start + raw.len()).ok_or(Bad)?;
        Ok(if raw.bytes().any(|byte| byte == b'\\') {
            Cow::Owned(unescaped(raw))
        } else {
            Cow::Borrowed(raw)
        })
    }
}

/// The text of a string whose escapes are known to be valid.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    // A high surrogate waits here for its other half.
    let mut high = 0;
    while let Some(c) = rest.next() {
        let mut c = c;
        if c == '\\' {
            c = match rest.next() {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    let mut unit = 0;
                    for _ in 0..4 {
                        unit = unit * 16 + rest.next().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
                    }
                    if (0xD800..0xDC00).contains(&unit) {
                        if high > 0 {
                            out.push(char::REPLACEMENT_CHARACTER);
                        }
                        high = unit;
                        continue;
                    }
                    if high > 0 && (0xDC00..0xE000).contains(&unit) {
                        unit = 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
                        high = 0;
                    }
                    char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
                Some(c) => c,
                None => break,
            };
        }
        if high > 0 {
            out.push(char::REPLACEMENT_CHARACTER);
            high = 0;
        }
        out.push(c);
    }
    if high > 0 {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out
}
