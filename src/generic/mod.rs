//! Reads errors of which nobody wrote a dialect: the shapes that people use, and nothing that is not there.

// The keys are used like words of a language.
#![allow(clippy::enum_glob_use)]

mod envelope;
mod fields;
mod header;
mod keys;
mod phrase;
mod reading;
mod success;
mod token;

pub(crate) use fields::{is_whole_record, joined};
pub(crate) use header::{challenge, code_header, grpc_message};
pub(crate) use reading::Reading;
pub(crate) use success::is_error;
pub(crate) use token::{is_code, is_web_url};

use crate::body::{Body, Format, Tree};
use envelope::{Place, Reader};

/// Envelopes in envelopes end here.
const MAX_DEPTH: u32 = 5;

/// `status` is that of the response, `clock_ms` the server's time, and `host` that of the request.
pub(crate) fn read<'t>(body: &'t Body<'t>, status: u16, clock_ms: u64, host: &str) -> Reading<'t> {
    let mut reading = Reading::default();
    let reader = Reader { status, clock_ms, host };
    match (body.format, &body.tree) {
        (Format::Text, Tree::Text(text)) => reader.text(text, &mut reading),
        (Format::Html, tree) => {
            let at = |pointer| tree.at(pointer).and_then(Tree::as_text);
            reading.message = match at("/html/title") {
                Some(title) if title.eq_ignore_ascii_case("error") => at("/html/pre").or(Some(title)),
                title => title.or_else(|| at("/html/h1")),
            };
        }
        (Format::Xml, tree) => {
            let mut inner = tree;
            let mut depth = MAX_DEPTH;
            // The root names the document, and so do wrappers with one child.
            while let [(_, child @ Tree::Map(_))] = inner.as_map() {
                inner = child;
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            reader.envelope(inner, MAX_DEPTH, Place::Root, &mut reading);
        }
        (_, tree @ Tree::Map(_)) => {
            if fields::is_whole_map(tree) {
                fields::read_map(tree, "", &mut reading);
            } else {
                reader.envelope(tree, MAX_DEPTH, Place::Root, &mut reading);
            }
        }
        (_, tree @ Tree::List(items)) => {
            if items.iter().any(fields::is_whole_map) {
                fields::read_entries(items, "", &mut reading);
            } else if let Some(first) = items.first() {
                reader.first_of(first, MAX_DEPTH, &mut reading);
                fields::read_list(tree, false, &mut reading.fields);
            }
        }
        _ => {}
    }
    if reading.message == reading.code {
        reading.message = None;
    }
    reading.message = reading.message.or(reading.phrase.filter(|phrase| Some(*phrase) != reading.code));
    reading
}
