//! The embedded dialects, loaded on first use.

use std::sync::OnceLock;

use crate::body::{Tree, parse_json};

/// Made by `src/dialects/build.rs`: one JSON list without the members that are for people.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/dialects.json"));

pub(crate) fn builtin() -> &'static [Tree<'static>] {
    static DIALECTS: OnceLock<Tree<'static>> = OnceLock::new();
    // The tests check each file against the format; here that would only cost time.
    DIALECTS.get_or_init(|| parse_json(TEXT).unwrap_or(Tree::Null)).as_list()
}
