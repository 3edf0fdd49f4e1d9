//! Reads a body, of whatever format, into one tree.

mod json;
mod tree;

pub(crate) use json::parse as parse_json;
pub(crate) use tree::Tree;

/// The tree in a body; `None` for anything that is not JSON.
///
/// The first byte decides, not the content type: servers mislabel JSON more often than they send text that looks like it.
pub(crate) fn read(text: &str) -> Option<Tree<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The prefix with which some servers keep their JSON from being run as a script.
    let text = text.strip_prefix(")]}'").unwrap_or(text).trim_ascii();
    if text.starts_with('{') || text.starts_with('[') { json::parse(text) } else { None }
}
