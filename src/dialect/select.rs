//! Which dialect a response is in.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::builtin::builtin;
use super::{Evidence, KeyPlace, id};
use crate::body::Tree;
use crate::response::host;
use crate::text::{find, head, matches};

/// How narrowly an alternative matches, compared as in CSS: (host, headers, literals, typed paths).
type Specificity = (usize, usize, usize, usize);

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
            .or_else(|| narrowest(self.own, evidence))
            .or_else(|| narrowest_builtin(evidence, |_| true))
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
                prefix.ends_with('/') || rest.is_empty() || rest.starts_with(['/', '?', '#'])
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

fn narrowest<'d>(dialects: &'d [Tree<'d>], evidence: Evidence<'_>) -> Option<&'d Tree<'d>> {
    let mut most = (0, 0, 0, 0);
    let mut found = None;
    for dialect in dialects {
        for alternative in dialect.list("match") {
            if holds(alternative, evidence) {
                let specificity = specificity(alternative);
                if found.is_none() || specificity > most {
                    most = specificity;
                    found = Some(dialect);
                }
            }
        }
    }
    found
}

/// An alternative of a built-in dialect, and what rules it out at a glance.
struct Alternative {
    dialect: &'static Tree<'static>,
    conditions: &'static Tree<'static>,
    specificity: Specificity,
    /// The dialect is nobody's in particular.
    is_standard: bool,
    /// The marks of what has to be there.
    headers: u64,
    members: u64,
    /// The domain of the host, if there is one.
    domain: Option<u32>,
}

/// The standard or framework behind a vendor's host: the narrowest match that names no host.
pub(crate) fn standard(evidence: Evidence<'_>) -> Option<&'static Tree<'static>> {
    narrowest_builtin(evidence, |alternative| alternative.is_standard)
}

/// The narrowest match among the built-in dialects.
fn narrowest_builtin(
    evidence: Evidence<'_>,
    counts: fn(&Alternative) -> bool,
) -> Option<&'static Tree<'static>> {
    let headers = evidence.response.headers.iter().fold(0, |marks, (name, _)| marks | mark(name));
    let members = match &evidence.body.tree {
        Tree::Map(members) => members.iter().fold(0, |marks, (name, _)| marks | mark(name)),
        Tree::List(_) => u64::MAX,
        _ => 0,
    };
    let own_domain = hash(domain(evidence.host));
    let fits = |alternative: &&Alternative| {
        counts(alternative)
            && alternative.domain.is_none_or(|domain| domain == own_domain)
            && alternative.headers & !headers == 0
            && alternative.members & !members == 0
            && holds(alternative.conditions, evidence)
    };
    index().iter().find(fits).map(|alternative| alternative.dialect)
}

/// The alternatives of all built-in dialects, the narrowest first.
fn index() -> &'static [Alternative] {
    static INDEX: OnceLock<Vec<Alternative>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index: Vec<Alternative> = Vec::new();
        for dialect in builtin() {
            for conditions in dialect.list("match") {
                let shapes = |name| conditions.member(name).map(Tree::as_map).unwrap_or_default();
                let first_segment = |pointer: &str| match pointer.strip_prefix('/') {
                    // An escape is left to the comparison itself.
                    Some(path) if find(path, "~").is_none() => mark(head(path, b'/').0),
                    _ => 0,
                };
                let alternative = Alternative {
                    dialect,
                    conditions,
                    specificity: specificity(conditions),
                    is_standard: !names_host(dialect),
                    headers: shapes("headers").iter().fold(0, |marks, (name, _)| marks | mark(name)),
                    members: shapes("body")
                        .iter()
                        .fold(0, |marks, (pointer, _)| marks | first_segment(pointer)),
                    domain: conditions
                        .text("host")
                        .map(domain)
                        .filter(|domain| find(domain, "*").is_none())
                        .map(hash),
                };
                let at = index.iter().position(|other| other.specificity < alternative.specificity);
                index.insert(at.unwrap_or(index.len()), alternative);
            }
        }
        index
    })
}

/// Is that the dialect of a vendor, with a host of its own?
pub(crate) fn names_host(dialect: &Tree<'_>) -> bool {
    dialect.list("match").iter().any(|conditions| conditions.member("host").is_some())
}

/// One bit of 64 for a name.
fn mark(name: &str) -> u64 {
    1 << (hash(name) % 64)
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

/// FNV-1a without regard to case.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash: u32, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
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

fn specificity(alternative: &Tree<'_>) -> Specificity {
    let shapes = |name| alternative.member(name).map(Tree::as_map).unwrap_or_default();
    let (headers, body) = (shapes("headers"), shapes("body"));
    let is_literal = |shape: &Tree<'_>| shape.as_text().is_some_and(|text| text.starts_with('='));
    let literals = headers.iter().chain(body).filter(|(_, shape)| is_literal(shape)).count();
    (usize::from(alternative.member("host").is_some()), headers.len(), literals, body.len())
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
