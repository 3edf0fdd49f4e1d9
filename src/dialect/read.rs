//! What a dialect finds in a response.

use super::select::holds;
use super::{Evidence, id};
use crate::body::Tree;
use crate::delay;
use crate::failure::{Failure, FieldError, Kind, Step};
use crate::text::{find, matches};

/// Fills in what the dialect finds. `kind` and `transient` are absent where the code says nothing of them.
pub(crate) fn read(
    dialect: &Tree<'_>,
    evidence: Evidence<'_>,
    failure: &mut Failure,
) -> (Option<Kind>, Option<bool>) {
    failure.dialect = Some(id(dialect).to_owned());
    failure.code = first(dialect, "code", evidence, true, is_code);
    failure.message = first(dialect, "message", evidence, false, |_, _| true);
    failure.docs_url = first(dialect, "docs_url", evidence, false, is_web_url);
    failure.request_id = first(dialect, "request_id", evidence, true, |_, _| true);
    failure.retry_after_ms = dialect.list("retry_after").iter().find_map(|delay| stated(delay, evidence));
    for map in dialect.list("fields") {
        if let Some(each) = map.text("each").and_then(|each| evidence.body?.at(each)) {
            read_fields(map, each, &mut failure.fields);
        }
    }

    let code = failure.code.as_deref();
    let listed = |codes: &Tree<'_>| code.is_some_and(|code| matches_any(codes.as_list(), code));
    let kinds = dialect.member("kinds").map(Tree::as_map).unwrap_or_default();
    let named = kinds.iter().find(|(_, codes)| listed(codes));
    let mut kind = named.and_then(|(name, _)| Kind::from_name(name));
    let mut transient = dialect.member("permanent").is_some_and(listed).then_some(false);
    for rule in dialect.list("rules") {
        if rule.member("when").is_some_and(|when| holds(when, evidence)) {
            kind = rule.text("kind").and_then(Kind::from_name).or(kind);
            transient = rule.truth("transient").or(transient);
        }
    }
    (kind, transient)
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

/// The text at the first source that yields one that fits.
fn first(
    dialect: &Tree<'_>,
    name: &str,
    evidence: Evidence<'_>,
    numbers: bool,
    fits: fn(&str, u16) -> bool,
) -> Option<String> {
    dialect.list(name).iter().find_map(|source| {
        let text = source_text(source, evidence, numbers)?;
        fits(text, evidence.response.status).then(|| text.to_owned())
    })
}

/// The text at a source, trimmed; an empty one is absent.
fn source_text<'e>(source: &Tree<'_>, evidence: Evidence<'e>, numbers: bool) -> Option<&'e str> {
    let from = source.as_text().or_else(|| source.text("from"))?;
    let mut text = if let Some(name) = from.strip_prefix("header:") {
        evidence.response.header(name)?
    } else {
        let tree = evidence.body?.at(from)?;
        if numbers { tree.scalar()? } else { tree.as_text()? }
    };
    if let Some(after) = source.text("after")
        && let Some(at) = find(text, after)
    {
        text = text.get(at + after.len()..)?;
    }
    if let Some(before) = source.text("before")
        && let Some(at) = find(text, before)
    {
        text = text.get(..at)?;
    }
    let text = text.trim_ascii();
    (!text.is_empty() && !matches_any(source.list("except"), text)).then_some(text)
}

fn stated(delay: &Tree<'_>, evidence: Evidence<'_>) -> Option<u64> {
    if delay.member("when").is_some_and(|when| !holds(when, evidence)) {
        return None;
    }
    let text = source_text(delay.member("from")?, evidence, true)?;
    delay::read(text, delay.text("as")?, evidence.clock_ms)
}

/// The items of a list, the members of an object where the path is their key, else the object itself.
fn read_fields(map: &Tree<'_>, each: &Tree<'_>, found: &mut Vec<FieldError>) {
    let keyed = map.text("path") == Some("%key");
    match each {
        Tree::List(items) => {
            for item in items {
                read_field(map, "", item, found);
            }
        }
        Tree::Map(members) if keyed => {
            for (key, value) in members {
                read_field(map, key, value, found);
            }
        }
        _ => read_field(map, "", each, found),
    }
}

/// One entry per text; an item that names no field is skipped.
fn read_field(map: &Tree<'_>, key: &str, item: &Tree<'_>, found: &mut Vec<FieldError>) {
    let at = |name: &str| match map.text(name)? {
        "%value" => Some(item),
        pointer => item.at(pointer),
    };
    let path = match map.text("path") {
        Some("%key") => Some(key),
        _ => at("path").and_then(Tree::scalar),
    };
    let Some(path) = path else { return };
    let code = at("code").and_then(Tree::scalar);
    let message = at("message");
    let texts = match message {
        Some(Tree::List(texts)) => texts.as_slice(),
        Some(text) => std::slice::from_ref(text),
        None => &[Tree::Null],
    };
    for text in texts {
        found.push(FieldError {
            path: path.trim_ascii().to_owned(),
            message: filled(text.as_text()),
            code: filled(code),
        });
    }
}

fn filled(text: Option<&str>) -> Option<String> {
    let text = text?.trim_ascii();
    (!text.is_empty()).then(|| text.to_owned())
}

fn matches_any(patterns: &[Tree<'_>], candidate: &str) -> bool {
    patterns.iter().any(|pattern| pattern.as_text().is_some_and(|pattern| matches(pattern, candidate)))
}

/// A machine identifier: one word that says more than the status does.
fn is_code(text: &str, status: u16) -> bool {
    let number = delay::decimal::digits(text);
    number != Some(0) && number != Some(status.into()) && !text.bytes().any(|byte| byte.is_ascii_whitespace())
}

/// An absolute http(s) URL, and nothing else.
fn is_web_url(text: &str, _: u16) -> bool {
    let has_scheme = |scheme: &str| {
        text.len() > scheme.len()
            && text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (has_scheme("https://") || has_scheme("http://"))
        && !text.bytes().any(|byte| byte <= b' ' || byte == 0x7F)
}
