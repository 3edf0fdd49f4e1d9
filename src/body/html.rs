//! HTML, however broken: what a person would read of an error page.

use std::borrow::Cow;

use super::Tree;
use super::xml::{Scanner, Token, decode};

/// Bytes of a text; a page is not an error message.
const MAX_TEXT: usize = 2000;

/// A page begins within so many bytes, after the warnings of PHP.
const NEAR: usize = 1000;

/// With these an error page, or a piece of one, begins.
const TAGS: &str = "html head body title meta style script h1 h2 h3 p pre div span center br b i";

/// Is that the name of a tag of HTML?
pub(super) fn knows(tag: &str) -> bool {
    TAGS.as_bytes().split(|byte| *byte == b' ').any(|known| known.eq_ignore_ascii_case(tag.as_bytes()))
}

/// Is there any tag of HTML?
pub(super) fn has_tag(text: &str) -> bool {
    let mut scanner = Scanner { rest: text };
    while let Some(token) = scanner.next() {
        if matches!(token, Token::Open(tag, _) if knows(tag)) {
            return true;
        }
    }
    false
}

/// Does a page begin within the first bytes of a text?
pub(super) fn has_page(text: &str) -> bool {
    ["<html", "<!doctype"]
        .into_iter()
        .any(|start| find_ignoring_case(text, start).is_some_and(|at| at < NEAR))
}

/// `{"html": {"title", "h1", "pre", "text"}}`, of each the first, as far as there is a text in it.
pub(super) fn parse(text: &str) -> Tree<'_> {
    let mut members = Vec::new();
    for name in ["title", "h1", "pre", "text"] {
        let text = collapsed(&content(text, name));
        if !text.is_empty() {
            members.push((Cow::Borrowed(name), Tree::Text(Cow::Owned(text))));
        }
    }
    Tree::Map(vec![(Cow::Borrowed("html"), Tree::Map(members))])
}

/// The text in the first such element; for `text` that of the whole page, its tags as spaces.
fn content(text: &str, wanted: &str) -> String {
    let mut out = String::new();
    let mut scanner = Scanner { rest: text };
    let whole = wanted == "text";
    let mut open = whole;
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(text) if open => decode(text, &mut out),
            Token::Open(tag, _) => {
                let is = |name: &str| tag.eq_ignore_ascii_case(name);
                for end in ["</script", "</style", "</title"] {
                    if !is(wanted) && is(end.get(2..).unwrap_or_default()) {
                        scanner.take(find_ignoring_case(scanner.rest, end), 0);
                    }
                }
                if open && wanted == "pre" && is("br") {
                    break;
                }
                if whole || is("br") {
                    out.push(' ');
                }
                open |= is(wanted);
            }
            Token::Close(_) if whole => out.push(' '),
            Token::Close(tag) if open && tag.eq_ignore_ascii_case(wanted) => break,
            _ => {}
        }
    }
    out
}

/// The words of a text, one space apart, as far as there is room.
fn collapsed(text: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.chars() {
        if c.is_ascii_whitespace() || c == '\u{a0}' {
            gap = !out.is_empty();
            continue;
        }
        if out.len() + usize::from(gap) + c.len_utf8() > MAX_TEXT {
            break;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
    }
    out
}

/// Where `needle`, which is not empty, first occurs, in whatever case.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}
