//! What makes adding a dialect file safe.
#![cfg(not(target_family = "wasm"))]

mod example;
mod json_schema;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use example::{Example, bytes, documents};
use reprieve::{Dialect, Dialects, Failure, KeyPlace, Kind, Response, Step};
use serde_json::{Map, Value, json};

/// The dialects that name no vendor.
const STANDARDS: [&str; 1] = ["problem-json"];

const SCHEMA: &str = include_str!("../src/dialects/schema.json");
const README: &str = include_str!("../src/dialects/README.md");

/// A dialect file, and its examples.
struct File {
    id: String,
    document: Value,
    examples: Vec<Example>,
}

fn files() -> Vec<File> {
    let file =
        |(id, document): (String, Value)| File { examples: Example::all(&id, &document), id, document };
    let files: Vec<File> = documents().into_iter().map(file).collect();
    assert!(files.len() >= STANDARDS.len(), "no dialects were found");
    files
}

/// The document as a user's dialect, which outranks the built-in ones: under an id that no built-in one has.
fn own(document: &Value) -> Dialect {
    let mut document = document.clone();
    document["id"] = format!("own {}", document["id"]).into();
    load(&document).unwrap_or_else(|error| panic!("{}: {error}", document["id"]))
}

fn load(document: &Value) -> Result<Dialect, reprieve::LoadError> {
    Dialect::from_json(&document.to_string())
}

fn set<'d>(dialects: impl IntoIterator<Item = &'d Dialect>) -> Dialects {
    dialects.into_iter().fold(Dialects::new(), |set, dialect| set.with(dialect.clone()))
}

fn classify(example: &Example, dialects: &Dialects) -> Option<Failure> {
    classify_with(example, &example.bytes(), dialects)
}

/// The same response with another body.
fn classify_with(example: &Example, body: &[u8], dialects: &Dialects) -> Option<Failure> {
    let Example { status, headers, url, now_ms, .. } = example;
    let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    dialects.classify(&Response { status: *status, headers: &headers, url, body, now_ms: *now_ms })
}

#[test]
fn every_file_is_a_dialect_of_its_name_with_sources_and_examples() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for File { id, document, examples } in files() {
        assert_eq!(document["id"], json!(id), "the id is the name of the file");
        assert_eq!(json_schema::errors(&schema, &document), Vec::<String>::new(), "{id}");
        assert_eq!(load(&document).unwrap().id(), id);
        for member in ["name", "sources", "match"] {
            assert!(document.get(member).is_some(), "{id} needs {member}");
        }
        assert!(examples.iter().any(|example| example.fails), "{id} needs examples of failures");
        let names: HashSet<&str> = examples.iter().map(|example| &*example.name).collect();
        assert_eq!(names.len(), examples.len(), "{id}: two examples have the same name");
    }
}

/// What the README shows first is a dialect, and does what it says.
#[test]
fn the_dialect_in_the_readme_works() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let (_, rest) = README.split_once("```json\n").unwrap();
    let document: Value = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
    assert_eq!(json_schema::errors(&schema, &document), Vec::<String>::new());
    let set = set([&load(&document).unwrap()]);
    for (index, example) in Example::all("README", &document).iter().enumerate() {
        let failure = serde_json::to_value(classify(example, &set)).unwrap();
        let expect = document["examples"][index]["expect"].as_object().unwrap();
        for (member, value) in expect.iter().filter(|(member, _)| *member != "advice") {
            assert_eq!(&failure[member], value, "{member}");
        }
        assert_eq!(failure["dialect"], document["id"]);
        assert_eq!(failure["advice"]["steps"][0]["id"], expect["advice"]["steps"][0]);
    }
    for step in Step::ALL {
        let row = format!("| `{}` | {}", step.id(), step.text());
        assert!(README.contains(&row), "the README lacks: {row}");
    }
}

/// A dialect with every member of the format.
fn specimen() -> Value {
    let alternative = json!({ "host": "api.example", "statuses": [400], "headers": { "server": "=x*" }, "body": { "/a": "any" } });
    json!({
        "id": "specimen",
        "match": [alternative],
        "code": ["/code", "header:code", "", { "from": "/code", "after": "#", "before": ";", "except": ["x*"] }],
        "message": ["/message"],
        "docs_url": ["/docs"],
        "request_id": ["header:id"],
        "fields": [{ "each": "/errors", "path": "%key", "message": "%value", "code": "/code" }],
        "kinds": { "conflict": ["busy"] },
        "generic": ["error"],
        "permanent": ["never"],
        "transient": ["soon"],
        "rules": [{ "when": alternative, "kind": "conflict", "transient": true }],
        "retry_after": [
            { "from": "/wait", "as": "seconds", "when": alternative },
            { "from": "/need", "minus": "/have", "per": "/rate", "as": "seconds" }
        ],
        "advice": [{ "status": 500, "kind": "conflict", "max_attempts": 2, "min_delay_ms": 5, "saved_under_key": true, "steps": ["retry_once"] }],
        "idempotency": { "header": "Key", "query": "key" }
    })
}

/// The schema for editors and the loader say the same about every small mistake.
#[test]
fn the_schema_is_the_format_of_the_loader() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut cases = 0;
    let mut loaded = 0;
    let mut compare = |document: Value, what: &str| {
        let loads = load(&document);
        let errors = json_schema::errors(&schema, &document);
        assert_eq!(
            loads.is_ok(),
            errors.is_empty(),
            "{what}: {document}\nloader: {loads:?}\nschema: {errors:?}"
        );
        cases += 1;
        loaded += usize::from(loads.is_ok());
    };
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1),
        json!(1.5),
        json!(100),
        json!(101),
        json!(999),
        json!(1000),
        json!(2_147_483_647_u32),
        json!(2_147_483_648_u32),
        json!(""),
        json!("x"),
        json!("/x"),
        json!("=x"),
        json!("header:x"),
        json!("string"),
        json!("any"),
        json!("%key"),
        json!("%value"),
        json!("network"),
        json!("retry_later"),
        json!("rfc3339"),
        json!([]),
        json!([1]),
        json!({}),
        json!({ "from": "/x" }),
        json!({ "host": "x" }),
        json!({ "x": "any" }),
        json!({ "": "any" }),
    ];
    let mut documents: Vec<Value> = files().into_iter().map(|file| file.document).collect();
    documents.push(specimen());
    for mut document in documents {
        // What is for people the loader does not read.
        for member in ["name", "sources", "notes", "examples", "$schema"] {
            document.as_object_mut().unwrap().shift_remove(member);
        }
        assert!(load(&document).is_ok(), "{document}");
        for pointer in pointers(&document) {
            compare(without(&document, &pointer), "without a member");
            for value in &values {
                compare(with(&document, &pointer, value.clone()), "with another value");
            }
            if document.pointer(&pointer).is_some_and(Value::is_object) {
                compare(with(&document, &format!("{pointer}/surplus"), json!(1)), "with a surplus member");
            }
        }
    }
    let lists = [
        ("/advice/0/kind", "/$defs/kind/enum"),
        ("/advice/0/steps/0", "/$defs/step/enum"),
        ("/retry_after/0/as", "/$defs/delay/properties/as/enum"),
    ];
    for (place, listed) in lists {
        let error = load(&with(&specimen(), place, json!("no such name"))).unwrap_err();
        let names = error.reason.strip_prefix("expected one of ").unwrap().split(", ");
        let names = json!(names.collect::<Vec<_>>());
        assert_eq!(Some(&names), schema.pointer(listed), "the names at {place}");
    }
    println!("schema and loader agree on {cases} documents, {loaded} of which load");
    assert!(loaded > 0 && loaded < cases);
}

/// The built-in dialects and the same files as a user's read every example alike.
#[test]
fn every_example_is_read_by_its_own_dialect_and_no_two_tie() {
    let files = files();
    let forwards: Vec<Dialect> = files.iter().map(|file| own(&file.document)).collect();
    let first_wins = set(&forwards);
    let last_wins = set(forwards.iter().rev());
    let mut cases = 0;
    for (file, dialect) in files.iter().zip(&forwards) {
        for example in &file.examples {
            cases += 1;
            let mut built_in = classify(example, &Dialects::new());
            assert_eq!(built_in.is_some(), example.fails, "{}", example.name);
            if let Some(failure) = &mut built_in {
                assert_eq!(failure.dialect.as_deref(), Some(&*file.id), "{}", example.name);
                failure.dialect = Some(dialect.id().to_owned());
            }
            assert_eq!(classify(example, &first_wins), built_in, "{} as a user's dialect", example.name);
            assert_eq!(classify(example, &last_wins), built_in, "{} fits two dialects equally", example.name);
        }
    }
    println!("dialects: {cases} examples are read by their own dialect, in either order");
}

/// Taking any piece out of a dialect changes what one of its examples means.
#[test]
fn every_piece_is_exercised_by_an_example() {
    let files = files();
    let whole: Vec<Dialect> = files.iter().map(|file| own(&file.document)).collect();
    let mut unused = Vec::new();
    let mut count = 0;
    for (index, file) in files.iter().enumerate() {
        let read = |document: &Value| -> Vec<Option<Failure>> {
            let changed = own(document);
            let others =
                whole.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, dialect)| dialect);
            let set = set(others.chain([&changed]));
            file.examples.iter().map(|example| classify(example, &set)).collect()
        };
        let before = read(&file.document);
        for piece in pieces(&file.document) {
            count += 1;
            if read(&without(&file.document, &piece)) == before {
                unused.push(format!("{}: no example shows {piece}", file.id));
            }
        }
        if let Some((place, _)) =
            file.document["idempotency"].as_object().and_then(|place| place.iter().next())
        {
            count += 1;
            let probe = set([&own(&with(&file.document, "/idempotency", json!({ place: "probe" })))]);
            let wanted = if place == "query" { KeyPlace::Query("probe") } else { KeyPlace::Header("probe") };
            if !file.examples.iter().any(|example| probe.key_place(&example.url) == wanted) {
                unused.push(format!("{}: no example has a host for /idempotency", file.id));
            }
        }
    }
    println!("dialects: {count} pieces, each shown by an example");
    assert!(unused.is_empty(), "{unused:#?}");
}

/// Pointers to all that says something by itself.
fn pieces(document: &Value) -> Vec<String> {
    let mut pieces = Vec::new();
    let indexes = |name: &str| 0..document[name].as_array().map_or(0, Vec::len);
    let parts: [(&str, &[&str]); 9] = [
        ("match", &[]),
        ("code", &["after", "before", "trim", "except"]),
        ("message", &["after", "before", "trim", "except"]),
        ("docs_url", &["after", "before", "trim", "except"]),
        ("request_id", &["after", "before", "trim", "except"]),
        ("fields", &["message", "code"]),
        ("rules", &["kind", "transient"]),
        ("retry_after", &["when", "minus", "per", "from/after", "from/before", "from/except"]),
        ("advice", &["max_attempts", "min_delay_ms", "saved_under_key", "steps"]),
    ];
    for (name, inner) in parts {
        for index in indexes(name) {
            pieces.push(format!("/{name}/{index}"));
            pieces.extend(inner.iter().map(|part| format!("/{name}/{index}/{part}")));
        }
        // An empty list says that the API has none.
        if document[name].as_array().is_some_and(Vec::is_empty) {
            pieces.push(format!("/{name}"));
        }
    }
    let kinds = document["kinds"].as_object().into_iter().flatten();
    pieces.extend(kinds.map(|(kind, _)| format!("/kinds/{kind}")));
    pieces.extend(["/generic", "/permanent", "/transient"].map(str::to_owned));
    pieces.retain(|piece| document.pointer(piece).is_some());
    pieces
}

/// What proxies, frameworks and successes send says nothing about a vendor, which is an API with a host of its own.
#[test]
fn strangers_match_no_vendor() {
    let names_host = |file: &File| {
        file.document["match"].as_array().unwrap().iter().any(|when| when.get("host").is_some())
    };
    let vendors: HashSet<String> = files().into_iter().filter(names_host).map(|file| file.id).collect();
    let html = [
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
        "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Error 1020</h1></body></html>",
        "<html><body><b>Http/1.1 Service Unavailable</b></body> </html>",
        "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>Reference&#32;&#35;18.1</BODY></HTML>",
        "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head></html>",
    ];
    let text = [
        "",
        " \n",
        "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
        "no healthy upstream",
        "Bad Gateway",
        "error code: 1015",
        "Too many requests",
        "Gateway Timeout",
        "null",
        "\"error\"",
        "429",
    ];
    let successes = [
        json!({}),
        json!([]),
        json!({ "id": 42, "name": "Lobby" }),
        json!({ "ok": true }),
        json!({ "success": true }),
        json!({ "status": "ok", "version": "1.4.2" }),
        json!({ "data": [] }),
        json!({ "data": { "user": { "id": "1" } } }),
        json!({ "data": { "type": "articles", "id": "1", "attributes": { "title": "T" } } }),
        json!({ "errors": [] }),
        json!({ "error": null, "result": { "id": 1 } }),
        json!({ "items": [{ "id": 1 }], "next": null, "total": 1 }),
        json!([{ "id": 1, "status": "active" }]),
        json!({ "type": "user", "title": "Dr", "name": "Ada" }),
        json!({ "_links": { "self": { "href": "/orders" } }, "count": 0 }),
        json!({ "access_token": "x", "expires_in": 3600 }),
        json!({ "policy_id": "1", "status": "active", "errors": [] }),
        json!({ "message": "Hello" }),
        json!({ "error": false }),
        json!({ "url": "https://example.com", "created_at": "2026-01-01T00:00:00Z" }),
        json!({ "job": { "state": "failed", "error": null } }),
    ];
    let html = html.iter().map(|body| ("text/html; charset=utf-8", (*body).to_owned()));
    let text = text.iter().map(|body| ("text/plain", (*body).to_owned()));
    let successes = successes.iter().map(|body| ("application/json", body.to_string()));
    let mut cases = 0;
    for (content_type, body) in html.chain(text).chain(successes) {
        for status in [200, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504] {
            cases += 1;
            let example = Example {
                name: body.clone(),
                status,
                headers: vec![("content-type".to_owned(), content_type.to_owned())],
                url: String::new(),
                body: Value::String(body.clone()),
                now_ms: 0,
                fails: status >= 400,
            };
            let failure = classify(&example, &Dialects::new());
            assert_eq!(failure.is_some(), status >= 400, "{status} {body}");
            let dialect = failure.and_then(|failure| failure.dialect);
            assert!(dialect.as_ref().is_none_or(|id| !vendors.contains(id)), "{status} {dialect:?} {body}");
        }
    }
    println!("dialects: {cases} answers of strangers match no vendor");
}

/// Behind a standard shape may stand anyone, so nothing but the status decides there.
#[test]
fn a_standard_names_no_vendor() {
    for file in files().iter().filter(|file| STANDARDS.contains(&&*file.id)) {
        for alternative in file.document["match"].as_array().unwrap() {
            assert!(alternative.get("host").is_none(), "{} names a host", file.id);
        }
        assert!(file.document.get("kinds").is_none(), "{}: a code of no vendor decides nothing", file.id);
    }
}

#[test]
fn a_member_gone_or_of_another_type_never_panics() {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5e300),
        json!(""),
        json!("x"),
        json!([]),
        json!([null, "x", { "path": 1 }]),
        json!({}),
        json!({ "code": { "message": [] } }),
        json!("\u{0}\u{FFFD}\u{1F4A5}"),
    ];
    let mut cases = 0;
    let mut check = |example: &Example, body: &Value, what: &str| {
        cases += 1;
        let bytes = bytes(body);
        let found = catch_unwind(AssertUnwindSafe(|| classify_with(example, &bytes, &Dialects::new())));
        let Ok(found) = found else { panic!("{} {what}: panics on {body}", example.name) };
        assert!(found.is_some() || example.status < 400, "{} {what}: {body}", example.name);
        if let Some(failure) = found {
            assert_eq!(failure.status, Some(example.status));
            let is_silent = failure.kind == Kind::Cancelled;
            assert!(
                is_silent || !failure.advice.steps.is_empty(),
                "{} {what}: no advice on {body}",
                example.name
            );
            let texts = [&failure.code, &failure.message, &failure.request_id, &failure.docs_url];
            for text in texts.into_iter().flatten() {
                assert!(!text.trim_ascii().is_empty(), "{} {what}: an empty text on {body}", example.name);
            }
        }
    };
    for example in files().iter().flat_map(|file| &file.examples).filter(|example| !example.body.is_string())
    {
        for pointer in pointers(&example.body) {
            check(example, &without(&example.body, &pointer), "without a member");
            for value in &values {
                check(example, &with(&example.body, &pointer, value.clone()), "with another value");
            }
        }
    }
    println!("dialects: {cases} damaged examples");
    assert!(cases > 0);
}

/// Pointers to everything below the root.
fn pointers(tree: &Value) -> Vec<String> {
    fn walk(tree: &Value, place: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match tree {
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
            }
            Value::Object(members) => members.iter().map(|(key, value)| (escaped(key), value)).collect(),
            _ => Vec::new(),
        };
        for (key, child) in children {
            let place = format!("{place}/{key}");
            found.push(place.clone());
            walk(child, &place, found);
        }
    }
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found
}

fn without(tree: &Value, pointer: &str) -> Value {
    let mut tree = tree.clone();
    let (parent, key) = split(pointer);
    match tree.pointer_mut(parent).unwrap() {
        Value::Array(items) => {
            items.remove(key.parse().unwrap());
        }
        Value::Object(members) => {
            members.shift_remove(&key).unwrap();
        }
        _ => unreachable!("{pointer} leads to a child"),
    }
    tree
}

fn with(tree: &Value, pointer: &str, value: Value) -> Value {
    let mut tree = tree.clone();
    let (parent, key) = split(pointer);
    match tree.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        other => {
            let members: &mut Map<String, Value> = other.as_object_mut().unwrap();
            members.insert(key, value);
        }
    }
    tree
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn split(pointer: &str) -> (&str, String) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    (parent, key.replace("~1", "/").replace("~0", "~"))
}
