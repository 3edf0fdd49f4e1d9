//! Checks a user's JSON (a policy, a dialect) against a table, and says exactly where and why it does not load.

use crate::body::{Tree, parse_json};
use crate::text::push_decimal;

/// Why a policy or a dialect does not load.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LoadError {
    /// JSON Pointer (RFC 6901) to the place.
    pub pointer: String,
    /// What is wrong there, and what would be right.
    pub reason: String,
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.pointer)?;
        out.write_str(": ")?;
        out.write_str(&self.reason)
    }
}

impl std::error::Error for LoadError {}

/// What a value must be.
pub(crate) enum Schema {
    /// Anything: a member for people.
    Any,
    Truth,
    /// A whole number in this range.
    Whole(u32, u32),
    /// A number in this range, with at most three decimals that count.
    Number(u32, u32),
    /// A text for which this holds, or else the reason.
    Text(fn(&str) -> bool, &'static str),
    /// One of these names.
    Name(&'static [&'static str]),
    List(&'static Schema),
    /// An object of any names for which this holds, or else the reason.
    Map(fn(&str) -> bool, &'static str, &'static Schema),
    /// An object of these members.
    Object(&'static [(&'static str, &'static Schema)]),
    /// The first, or `null`.
    Nullable(&'static Schema),
    /// The first for a text, the second for anything else.
    TextOr(&'static Schema, &'static Schema),
    /// The first for a list, the second for anything else.
    ListOr(&'static Schema, &'static Schema),
    /// The first, in which one of these members is present, or else the reason.
    Needs(&'static Schema, &'static [&'static str], &'static str),
}

/// Parses a document and checks it.
pub(crate) fn load<'a>(text: &'a str, schema: &Schema) -> Result<Tree<'a>, LoadError> {
    match parse_json(text) {
        Some(tree) => check(&tree, "", schema).map(|()| tree),
        None => Err(LoadError { pointer: String::new(), reason: "not JSON".to_owned() }),
    }
}

/// Checks a value; `pointer` is where it stands in a larger document.
pub(crate) fn check(tree: &Tree<'_>, pointer: &str, schema: &Schema) -> Result<(), LoadError> {
    let mut error = LoadError { pointer: String::new(), reason: String::new() };
    if schema.check(tree, &mut error) {
        return Ok(());
    }
    // The place was written from the inside out.
    error.pointer.insert_str(0, pointer);
    Err(error)
}

impl Schema {
    /// Is `tree` as it must be? Where not, `error` says why, and where below `tree`.
    fn check(&self, tree: &Tree<'_>, error: &mut LoadError) -> bool {
        let reason = match (self, tree) {
            (Self::Any, _) | (Self::Truth, Tree::Bool(_)) | (Self::Nullable(_), Tree::Null) => return true,
            (Self::TextOr(schema, _), Tree::Text(_))
            | (Self::ListOr(schema, _), Tree::List(_))
            | (Self::Nullable(schema) | Self::TextOr(_, schema) | Self::ListOr(_, schema), _) => {
                return schema.check(tree, error);
            }
            (Self::Whole(least, most), _) => return check_number(tree, *least, *most, true, error),
            (Self::Number(least, most), _) => return check_number(tree, *least, *most, false, error),
            (Self::Text(holds, reason), _) => {
                if tree.as_text().is_some_and(holds) {
                    return true;
                }
                reason
            }
            (Self::Name(names), _) => {
                if tree.as_text().is_some_and(|text| names.contains(&text)) {
                    return true;
                }
                list_names(&mut error.reason, names.iter());
                return false;
            }
            (Self::List(schema), Tree::List(items)) => {
                for (index, item) in (0..).zip(items) {
                    if !schema.check(item, error) {
                        let mut place = String::new();
                        push_decimal(&mut place, index);
                        return beneath(&place, error);
                    }
                }
                return true;
            }
            (Self::Map(holds, reason, schema), Tree::Map(members)) => {
                for (key, value) in members {
                    if !holds(key) {
                        error.reason.push_str(reason);
                        return beneath(key, error);
                    }
                    if !schema.check(value, error) {
                        return beneath(key, error);
                    }
                }
                return true;
            }
            (Self::Object(known), Tree::Map(members)) => {
                for (key, value) in members {
                    match known.iter().find(|(name, _)| name == key) {
                        Some((_, schema)) if schema.check(value, error) => continue,
                        Some(_) => {}
                        None => {
                            error.reason.push_str("unknown member; ");
                            list_names(&mut error.reason, known.iter().map(|(name, _)| name));
                        }
                    }
                    return beneath(key, error);
                }
                return true;
            }
            (Self::Needs(schema, names, reason), _) => {
                if !schema.check(tree, error) {
                    return false;
                }
                if names.iter().any(|name| tree.member(name).is_some()) {
                    return true;
                }
                reason
            }
            (Self::Truth, _) => "expected true or false",
            (Self::List(_), _) => "expected a list",
            (Self::Map(..) | Self::Object(_), _) => "expected an object",
        };
        error.reason.push_str(reason);
        false
    }
}

/// Puts `key` before the place of the error.
fn beneath(key: &str, error: &mut LoadError) -> bool {
    let mut pointer = String::from("/");
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(c),
        }
    }
    error.pointer.insert_str(0, &pointer);
    false
}

fn check_number(tree: &Tree<'_>, least: u32, most: u32, whole: bool, error: &mut LoadError) -> bool {
    if let Some(value) = tree.thousandths()
        && value >= u64::from(least) * 1000
        && value <= u64::from(most) * 1000
        && !(whole && value % 1000 > 0)
    {
        return true;
    }
    error.reason.push_str(if whole { "expected a whole number from " } else { "expected a number from " });
    push_decimal(&mut error.reason, least);
    error.reason.push_str(" to ");
    push_decimal(&mut error.reason, most);
    false
}

fn list_names<'n>(reason: &mut String, names: impl Iterator<Item = &'n &'n str>) {
    let mut separator = "expected one of ";
    for name in names {
        reason.push_str(separator);
        reason.push_str(name);
        separator = ", ";
    }
}
