//! What a dialect finds in a response.

use super::Evidence;
use super::select::holds;
use crate::body::{Format, Tree};
use crate::delay::{self, Notation};
use crate::failure::{Failure, FieldError, Kind, Step};
use crate::generic::{Reading, is_code, is_web_url, is_whole_record, joined};
use crate::text::{filled, find, head, matches, owned};

/// What the dialect finds replaces what was read without it. Says whether the dialect itself gave the code.
pub(crate) fn read<'e>(dialect: &Tree<'_>, evidence: Evidence<'e>, reading: &mut Reading<'e>) -> bool {
    let code = first(dialect, "code", evidence, true, is_code, &mut reading.code);
    first(dialect, "message", evidence, false, |_, _| true, &mut reading.message);
    first(dialect, "docs_url", evidence, false, |text, _| is_web_url(text), &mut reading.docs_url);
    first(dialect, "request_id", evidence, true, |_, _| true, &mut reading.request_id);
    if let Some(delay_ms) = dialect.list("retry_after").iter().find_map(|delay| stated(delay, evidence)) {
        reading.retry_after_ms = Some(delay_ms);
    }
    let mut fields = Vec::new();
    for map in dialect.list("fields") {
        if let Some(each) = map.text("each").and_then(|each| evidence.body.tree.at(each)) {
            read_fields(map, each, &mut fields);
        }
    }
    if !fields.is_empty() || dialect.member("fields").is_some_and(|maps| maps.as_list().is_empty()) {
        reading.fields = fields;
    }
    code
}

/// What the dialect says of a code.
#[derive(Default)]
pub(crate) struct Judgement {
    pub(crate) kind: Option<Kind>,
    pub(crate) transient: Option<bool>,
    /// The code says nothing: the status decides.
    pub(crate) is_generic: bool,
}

impl Judgement {
    pub(crate) fn is_silent(&self) -> bool {
        self.kind.is_none() && self.transient.is_none() && !self.is_generic
    }
}

pub(crate) fn judge(dialect: &Tree<'_>, code: Option<&str>, evidence: Evidence<'_>) -> Judgement {
    let listed = |codes: &Tree<'_>| code.is_some_and(|code| lists_code(codes, code));
    let lists = |name: &str| dialect.member(name).is_some_and(listed);
    let kinds = dialect.member("kinds").map(Tree::as_map).unwrap_or_default();
    let named = kinds.iter().find(|(_, codes)| listed(codes));
    let mut kind = named.and_then(|(name, _)| Kind::from_name(name));
    let mut transient = if lists("permanent") {
        Some(false)
    } else if lists("transient") {
        Some(true)
    } else {
        None
    };
    for rule in dialect.list("rules") {
        if rule.member("when").is_some_and(|when| holds(when, evidence)) {
            kind = rule.text("kind").and_then(Kind::from_name).or(kind);
            transient = rule.truth("transient").or(transient);
        }
    }
    Judgement { kind, transient, is_generic: kind.is_none() && lists("generic") }
}

/// Adds what the vendor's documentation tells clients to do: the first entry that applies.
pub(crate) fn advise(dialect: &Tree<'_>, failure: &mut Failure) {
    let status = failure.status.map(u32::from);
    let applies = |rule: &&Tree<'_>| {
        rule.whole_member("status").is_none_or(|wanted| Some(wanted) == status)
            && rule.text("kind").is_none_or(|wanted| wanted == failure.kind.name())
    };
    if let Some(rule) = dialect.list("advice").iter().find(applies) {
        let advice = &mut failure.advice;
        advice.steps.extend(rule.list("steps").iter().filter_map(|id| Step::from_id(id.as_text()?)));
        advice.max_attempts = rule.whole_member("max_attempts");
        advice.min_delay_ms = rule.whole_member("min_delay_ms").map(u64::from);
        advice.saved_under_key = rule.truth("saved_under_key").unwrap_or(false);
    }
}

/// The text at the first source that yields one that fits; no sources at all mean that the API has none. Says whether there is one.
fn first<'e>(
    dialect: &Tree<'_>,
    name: &str,
    evidence: Evidence<'e>,
    numbers: bool,
    fits: fn(&str, u16) -> bool,
    place: &mut Option<&'e str>,
) -> bool {
    let Some(Tree::List(sources)) = dialect.member(name) else { return false };
    let found = sources.iter().find_map(|source| {
        source_text(source, evidence, numbers).filter(|text| fits(text, evidence.response.status))
    });
    if found.is_some() || sources.is_empty() {
        *place = found;
    }
    found.is_some()
}

/// The text at a source, trimmed; an empty one is absent.
fn source_text<'e>(source: &Tree<'_>, evidence: Evidence<'e>, numbers: bool) -> Option<&'e str> {
    let from = source.as_text().or_else(|| source.text("from"))?;
    let mut text = if let Some(name) = from.strip_prefix("header:") {
        evidence.response.header(name)?
    } else {
        let tree = evidence.body.tree.at(from)?;
        if numbers { tree.scalar()? } else { tree.as_text()? }
    };
    if let Some(after) = source.text("after") {
        match find(text, after) {
            Some(at) => text = text.get(at + after.len()..)?,
            // A page or a text without the mark says something else.
            None if matches!(evidence.body.format, Format::Html | Format::Text) => return None,
            None => {}
        }
    }
    if let Some(before) = source.text("before")
        && let Some(at) = find(text, before)
    {
        text = text.get(..at)?;
    }
    let noise = source.text("trim").unwrap_or_default();
    let kept = text.bytes().rposition(|byte| !noise.bytes().any(|other| other == byte));
    let text = text.get(..kept.map_or(0, |last| last + 1)).unwrap_or(text);
    filled(text).filter(|text| !matches_any(source.list("except"), text))
}

fn stated(delay: &Tree<'_>, evidence: Evidence<'_>) -> Option<u64> {
    if delay.member("when").is_some_and(|when| !holds(when, evidence)) {
        return None;
    }
    let from = delay.member("from")?;
    if let (Some(have), Some(rate)) = (delay.text("minus"), delay.text("per")) {
        // A bucket that fills up: what is missing, at the rate at which it comes.
        let number = |pointer: &str| evidence.body.tree.at(pointer)?.thousandths();
        let missing = number(from.as_text()?)?.checked_sub(number(have)?)?;
        return missing.saturating_mul(1000).checked_div(number(rate)?);
    }
    let notation = Notation::from_name(delay.text("as")?)?;
    delay::read(source_text(from, evidence, true)?, notation, evidence.clock_ms)
}

/// The items of a list, the members of an object where the path is their key, else the object itself.
fn read_fields(map: &Tree<'_>, each: &Tree<'_>, found: &mut Vec<FieldError>) {
    let keyed = map.text("path") == Some("%key");
    match each {
        Tree::List(items) => {
            for item in items.iter().filter(|_| !keyed) {
                read_field(map, "", item, found);
            }
        }
        Tree::Map(members) if keyed => {
            for (key, value) in members.iter().filter(|(key, _)| !is_whole_record(key)) {
                read_field(map, key, value, found);
            }
        }
        _ => {
            read_field(map, "", each, found);
        }
    }
}

/// One entry per text; an item that names no field is skipped.
fn read_field(map: &Tree<'_>, key: &str, item: &Tree<'_>, found: &mut Vec<FieldError>) -> Option<()> {
    let at = |name: &str| match map.text(name)? {
        "%value" => Some(item),
        pointer => item.at(pointer),
    };
    let path = match at("path") {
        None if map.text("path") == Some("%key") => key.trim_ascii().to_owned(),
        Some(segments @ Tree::List(_)) => joined(segments)?,
        path => path?.scalar()?.trim_ascii().to_owned(),
    };
    let code = at("code").and_then(Tree::scalar).and_then(filled);
    let mut add = |text: Option<&Tree<'_>>| {
        let message = text.and_then(Tree::as_text).and_then(filled);
        found.push(FieldError { path: path.clone(), message: owned(message), code: owned(code) });
    };
    match at("message") {
        Some(Tree::List(texts)) => texts.iter().for_each(|text| add(Some(text))),
        text => add(text),
    }
    Some(())
}

/// Codes as a list, or, in the built-in dialects, as one text with spaces.
fn lists_code(codes: &Tree<'_>, code: &str) -> bool {
    let mut words = codes.as_text();
    while let Some(list) = words {
        let (pattern, others) = head(list, b' ');
        if matches(pattern, code) {
            return true;
        }
        words = others;
    }
    matches_any(codes.as_list(), code)
}

fn matches_any(patterns: &[Tree<'_>], candidate: &str) -> bool {
    patterns.iter().any(|pattern| pattern.as_text().is_some_and(|pattern| matches(pattern, candidate)))
}
