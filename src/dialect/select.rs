//! Which dialect a response is in.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::builtin::builtin;
use super::{Evidence, KeyPlace, id};
use crate::body::Tree;
use crate::response::host;
use crate::text::{find, hash, head, matches};

/// The dialects of a user beside the built-in ones.
#[derive(Clone, Copy, Default)]
pub(crate) struct Catalog<'d> {
    /// They compete by their matches, and outrank the built-in ones.
    pub(crate) own: &'d [Tree<'d>],
    /// URL prefixes, each with the dialect, or the id of the built-in one, in which everything below it is read.
    pub(crate) pins: &'d [(Cow<'d, str>, Tree<'d>)],
}

impl<'d> Catalog<'d> {
    /// The catalog in a document that was checked against the format.
    #[cfg(feature = "wasm")]
    pub(crate) fn of(document: &'d Tree<'d>) -> Self {
        Self { own: document.as_list(), pins: document.as_map() }
    }

    /// The dialect of a response: a pinned one, else the narrowest match among the user's, else among the built-in ones.
    pub(crate) fn select(self, evidence: Evidence<'_>) -> Option<&'d Tree<'d>> {
        self.pinned(evidence.response.url)
            .or_else(|| narrowest(&alternatives(self.own), evidence, |_| true))
            .or_else(|| narrowest(builtin_alternatives(), evidence, |_| true))
    }

    /// Where the API at that URL reads its idempotency key: where its dialect says, or in the usual header.
    pub(crate) fn key_place(self, url: &str) -> KeyPlace<'d> {
        let host = host(url).to_ascii_lowercase();
        let names_host = |dialect: &&Tree<'_>| {
            let pattern = |alternative: &Tree<'_>| {
                alternative.text("host").is_some_and(|pattern| matches(pattern, &host))
            };
            dialect.member("idempotency").is_some() && dialect.list("match").iter().any(pattern)
        };
        let by_host = || {
            let own: Option<&'d Tree<'d>> = self.own.iter().find(names_host);
            own.or_else(|| builtin().iter().find(names_host))
        };
        let place = self.pinned(url).or_else(by_host).and_then(|dialect| dialect.member("idempotency"));
        let query = place.and_then(|place| place.text("query"));
        let header = place.and_then(|place| place.text("header"));
        query.map_or(KeyPlace::Header(header.unwrap_or("Idempotency-Key")), KeyPlace::Query)
    }

    /// The dialect with the longest prefix of that URL.
    fn pinned(self, url: &str) -> Option<&'d Tree<'d>> {
        let mut longest = 0;
        let mut found = None;
        for (prefix, dialect) in self.pins {
            let covers = url.strip_prefix(&**prefix).is_some_and(|rest| {
                prefix.ends_with('/') || matches!(rest.as_bytes(), [] | [b'/' | b'?' | b'#', ..])
            });
            if covers && prefix.len() >= longest {
                longest = prefix.len();
                found = Some(dialect);
            }
        }
        let dialect = found?;
        match dialect.as_text() {
            Some(wanted) => builtin().iter().find(|dialect| id(dialect) == wanted),
            None => Some(dialect),
        }
    }
}

/// Is that the id of a built-in dialect?
pub(super) fn is_builtin(wanted: &str) -> bool {
    builtin().iter().any(|dialect| id(dialect) == wanted)
}

/// An alternative of a dialect, and what rules it out at a glance.
struct Alternative<'d> {
    dialect: &'d Tree<'d>,
    conditions: &'d Tree<'d>,
    specificity: usize,
    /// The dialect is nobody's in particular.
    is_standard: bool,
    /// The marks of what has to be there: headers, members of the body, the domain of the host.
    marks: u64,
}

/// The standard or framework behind a vendor's host: the narrowest match that names no host.
pub(crate) fn standard(evidence: Evidence<'_>) -> Option<&'static Tree<'static>> {
    narrowest(builtin_alternatives(), evidence, |alternative| alternative.is_standard)
}

/// The dialect with the first alternative that holds.
fn narrowest<'d>(
    alternatives: &[Alternative<'d>],
    evidence: Evidence<'_>,
    counts: fn(&Alternative<'_>) -> bool,
) -> Option<&'d Tree<'d>> {
    let mut marks = mark(domain(evidence.host));
    for (name, _) in evidence.response.headers {
        marks |= mark(name);
    }
    for (name, _) in evidence.body.tree.as_map() {
        marks |= mark(name);
    }
    if let Tree::List(_) = evidence.body.tree {
        marks = u64::MAX;
    }
    let fits = |alternative: &&Alternative<'_>| {
        alternative.marks & !marks == 0 && counts(alternative) && holds(alternative.conditions, evidence)
    };
    alternatives.iter().find(fits).map(|alternative| alternative.dialect)
}

fn builtin_alternatives() -> &'static [Alternative<'static>] {
    static ALTERNATIVES: OnceLock<Vec<Alternative<'static>>> = OnceLock::new();
    ALTERNATIVES.get_or_init(|| alternatives(builtin()))
}

/// The alternatives of all these dialects, the narrowest first.
fn alternatives<'d>(dialects: &'d [Tree<'d>]) -> Vec<Alternative<'d>> {
    let mut found: Vec<Alternative<'d>> = Vec::new();
    for dialect in dialects {
        let is_standard = !names_host(dialect);
        for conditions in dialect.list("match") {
            let specificity = specificity(conditions);
            let at = found.iter().position(|other| other.specificity < specificity);
            let marks = marks(conditions);
            let alternative = Alternative { dialect, conditions, specificity, is_standard, marks };
            found.insert(at.unwrap_or(found.len()), alternative);
        }
    }
    found
}

/// The marks of what an alternative needs. A name that is not the same letter by letter is left to the comparison itself.
fn marks(conditions: &Tree<'_>) -> u64 {
    let mut marks = 0;
    for (name, condition) in conditions.as_map() {
        if let (Some(pattern), "host") = (condition.as_text().map(domain), &**name)
            && find(pattern, "*").is_none()
        {
            marks |= mark(pattern);
        }
        for (name, _) in condition.as_map() {
            let first = name.strip_prefix('/').map_or(&**name, |path| head(path, b'/').0);
            if !name.is_empty() && find(first, "~").is_none() {
                marks |= mark(first);
            }
        }
    }
    marks
}

/// Is that the dialect of a vendor, with a host of its own?
pub(crate) fn names_host(dialect: &Tree<'_>) -> bool {
    dialect.list("match").iter().any(|conditions| conditions.member("host").is_some())
}

/// One bit of 64 for a name.
fn mark(name: &str) -> u64 {
    1 << (hash(name.as_bytes()) % 64)
}

/// What follows the last dot but one of a host: `vendor.com`.
fn domain(host: &str) -> &str {
    let mut dots = 0;
    let at = host.bytes().rev().position(|byte| {
        dots += u32::from(byte == b'.');
        dots == 2
    });
    host.get(at.map_or(0, |at| host.len() - at)..).unwrap_or_default()
}

/// Do all conditions of an alternative hold?
pub(super) fn holds(alternative: &Tree<'_>, evidence: Evidence<'_>) -> bool {
    let response = evidence.response;
    alternative.as_map().iter().all(|(name, condition)| match &**name {
        "host" => condition.as_text().is_some_and(|pattern| matches(pattern, evidence.host)),
        "statuses" => condition.as_list().iter().any(|status| status.whole() == Some(response.status.into())),
        "headers" => condition.as_map().iter().all(|(name, shape)| {
            response.header(name).is_some_and(|value| fits(shape, &Tree::Text(Cow::Borrowed(value))))
        }),
        _ => condition
            .as_map()
            .iter()
            .all(|(pointer, shape)| evidence.body.tree.at(pointer).is_some_and(|at| fits(shape, at))),
    })
}

/// How narrowly an alternative matches, compared as in CSS: host, headers, literals, pointers, a byte each.
fn specificity(alternative: &Tree<'_>) -> usize {
    let mut literals = 0;
    let mut count = |name| {
        let shapes = alternative.member(name).map(Tree::as_map).unwrap_or_default();
        let is_literal = |shape: &Tree<'_>| shape.as_text().is_some_and(|text| text.starts_with('='));
        literals += shapes.iter().filter(|(_, shape)| is_literal(shape)).count();
        shapes.len()
    };
    let (headers, pointers) = (count("headers"), count("body"));
    let host = usize::from(alternative.member("host").is_some());
    [host, headers, literals, pointers].iter().fold(0, |all, count| all << 8 | count.min(&255))
}

fn fits(shape: &Tree<'_>, tree: &Tree<'_>) -> bool {
    let shape = shape.as_text().unwrap_or_default();
    if let Some(pattern) = shape.strip_prefix('=') {
        let text = match tree {
            Tree::Bool(true) => Some("true"),
            Tree::Bool(false) => Some("false"),
            _ => tree.scalar(),
        };
        return text.is_some_and(|text| matches(pattern, text));
    }
    let name = match tree {
        Tree::Text(_) => "string",
        Tree::Number(_) => "number",
        Tree::List(_) => "array",
        Tree::Map(_) => "object",
        Tree::Null | Tree::Bool(_) => "any",
    };
    shape == name || shape == "any"
}
