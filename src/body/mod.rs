//! Reads a body, of whatever format, into one tree.

mod html;
mod json;
mod tree;
mod xml;

use std::borrow::Cow;

use crate::text::cut;

pub(crate) use json::parse as parse_json;
pub(crate) use tree::Tree;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
    Html,
    Text,
    /// Empty, broken or binary.
    None,
}

/// A body as a tree. A text is a `Text`; where there is no format there is a `Null`.
#[derive(Clone, Debug)]
pub(crate) struct Body<'a> {
    pub(crate) format: Format,
    pub(crate) tree: Tree<'a>,
}

/// What a body says.
///
/// The first byte decides, not the content type: servers mislabel JSON more often than they send text that looks like it.
pub(crate) fn read(text: &str) -> Body<'_> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The prefix with which some servers keep their JSON from being run as a script.
    let guarded = [")]}',", ")]}'", "while(1);", "for(;;);", "for (;;);"];
    let text = guarded.iter().find_map(|guard| text.strip_prefix(guard)).unwrap_or(text).trim_ascii();
    let (format, tree) = match json::parse(text) {
        Some(tree @ (Tree::Map(_) | Tree::List(_))) => (Format::Json, tree),
        Some(tree) => tree.scalar().map_or(NOTHING, plain),
        None if is_broken_json(text) => NOTHING,
        None if text.starts_with('<') => markup(text),
        None if html::has_page(text) => (Format::Html, html::parse(text)),
        None => plain(text),
    };
    Body { format, tree }
}

const NOTHING: (Format, Tree<'_>) = (Format::None, Tree::Null);

/// What is no JSON may still be a text: `[API] No such key`, `"x" is no key`.
fn is_broken_json(text: &str) -> bool {
    let mut bytes = text.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'{'), _)
        | (Some(b'['), None | Some(b'"' | b'[' | b']' | b'{' | b'-' | b'0'..=b'9' | ..=b' ')) => true,
        (Some(b'"'), _) => {
            cut(text, b'"').is_some_and(|(_, rest)| rest.ends_with('"') || cut(rest, b'"').is_none())
        }
        _ => false,
    }
}

fn markup(text: &str) -> (Format, Tree<'_>) {
    match xml::parse(text) {
        Some(tree) if !tree.as_map().first().is_some_and(|(root, _)| html::knows(root)) => {
            (Format::Xml, tree)
        }
        None if !html::has_tag(text) => NOTHING,
        _ => (Format::Html, html::parse(text)),
    }
}

fn plain(text: &str) -> (Format, Tree<'static>) {
    let text = text.trim_ascii();
    let is_binary = text.chars().any(|c| is_control(c) || c == char::REPLACEMENT_CHARACTER);
    if text.is_empty() || is_binary {
        return NOTHING;
    }
    (Format::Text, Tree::Text(Cow::Owned(text.to_owned())))
}

/// No text has these. White space is none of them.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
}
