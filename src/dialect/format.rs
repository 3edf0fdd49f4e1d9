//! The dialect format as a table. `src/dialects/README.md` says it in prose, `schema.json` for editors.

use crate::delay::Notation;
use crate::failure::{Kind, Step};
use crate::load::Schema::{self, Any, List, ListOr, Map, Name, Needs, Object, Text, TextOr, Truth, Whole};

/// A list of dialects, or a map from a URL prefix to a dialect or the id of a built-in one.
pub(crate) static CATALOG: Schema = ListOr(&List(&DIALECT), &Map(any, "", &TextOr(&ID, &DIALECT)));

pub(crate) static DIALECT: Schema = Needs(
    &Object(&[
        ("id", &FILLED),
        ("name", &Any),
        ("sources", &Any),
        ("notes", &Any),
        ("match", &List(&ALTERNATIVE)),
        ("code", &SOURCES),
        ("message", &SOURCES),
        ("docs_url", &SOURCES),
        ("request_id", &SOURCES),
        ("fields", &List(&FIELDS)),
        ("kinds", &Map(is_kind, "unknown kind", &TEXTS)),
        ("generic", &TEXTS),
        ("permanent", &TEXTS),
        ("transient", &TEXTS),
        ("rules", &List(&RULE)),
        ("retry_after", &List(&DELAY)),
        ("advice", &List(&ADVICE)),
        ("idempotency", &KEY_PLACE),
        ("examples", &Any),
        ("$schema", &Any),
    ]),
    &["id"],
    "a dialect needs id",
);

static ALTERNATIVE: Schema = Needs(
    &Object(&[
        ("host", &FILLED),
        ("statuses", &List(&STATUS)),
        ("headers", &Map(any, "", &SHAPE)),
        ("body", &Map(is_pointer, POINTER, &SHAPE)),
    ]),
    &["host", "statuses", "headers", "body"],
    "matches everything; give host, statuses, headers or body",
);

static RULE: Schema = Needs(
    &Object(&[("when", &ALTERNATIVE), ("kind", &KIND), ("transient", &Truth)]),
    &["when"],
    "a rule needs when",
);

static DELAY: Schema = Needs(
    &Needs(
        &Object(&[
            ("from", &SOURCE),
            ("minus", &PLACE),
            ("per", &PLACE),
            ("as", &Name(&Notation::NAMES)),
            ("when", &ALTERNATIVE),
        ]),
        &["from"],
        "a delay needs from",
    ),
    &["as"],
    "a delay needs as",
);

static ADVICE: Schema = Needs(
    &Object(&[
        ("status", &STATUS),
        ("kind", &KIND),
        ("max_attempts", &Whole(1, 100)),
        ("min_delay_ms", &Whole(0, i32::MAX as u32)),
        ("saved_under_key", &Truth),
        ("steps", &List(&Name(&Step::IDS))),
    ]),
    &["status", "kind"],
    "advice needs status or kind",
);

static FIELDS: Schema = Needs(
    &Needs(
        &Object(&[
            ("each", &Text(is_pointer, POINTER)),
            ("path", &ITEM),
            ("message", &ITEM),
            ("code", &ITEM),
        ]),
        &["each"],
        "a field mapping needs each",
    ),
    &["path"],
    "a field mapping needs path",
);

static KEY_PLACE: Schema = Needs(
    &Object(&[("header", &FILLED), ("query", &FILLED)]),
    &["header", "query"],
    "expected header or query",
);

static SOURCES: Schema = List(&SOURCE);

static SOURCE: Schema = TextOr(
    &PLACE,
    &Needs(
        &Object(&[
            ("from", &PLACE),
            ("after", &FILLED),
            ("before", &FILLED),
            ("trim", &FILLED),
            ("except", &TEXTS),
        ]),
        &["from"],
        "a source needs from",
    ),
);

static PLACE: Schema = Text(
    |text| is_pointer(text) || text.starts_with("header:"),
    "expected \"/json/pointer\" or \"header:name\"",
);

static ITEM: Schema = Text(
    |text| text.starts_with('/') || text == "%key" || text == "%value",
    "expected %key, %value or a JSON Pointer into the item",
);

static SHAPE: Schema = Text(
    |text| text.starts_with('=') || matches!(text, "any" | "string" | "number" | "array" | "object"),
    "expected string, number, object, array, any or =literal",
);

static ID: Schema = Text(super::select::is_builtin, "expected a dialect or the id of a built-in one");

static KIND: Schema = Name(&Kind::NAMES);
static STATUS: Schema = Whole(100, 999);
static TEXTS: Schema = List(&FILLED);
static FILLED: Schema = Text(|text| !text.is_empty(), "expected a text that is not empty");

const POINTER: &str = "expected a JSON Pointer, which is empty or begins with /";

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}

fn is_kind(name: &str) -> bool {
    Kind::from_name(name).is_some()
}

fn any(_: &str) -> bool {
    true
}
