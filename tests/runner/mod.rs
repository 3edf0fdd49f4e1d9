//! Runs every vector against the crate: natively and under wasm, from the same files. `tests/vectors/README.md` says
//! what a vector is.

mod engine;
#[cfg(feature = "http")]
pub mod http;
mod policies;

use base64::Engine as _;
use reprieve::{
    Admission, Basis, Decision, Dialects, Failure, Partition, Policy, Progress, Request, Response, Ticket,
    Transport,
};
use serde_json::{Value, json};

/// Every dialect file, by its name; made by `src/dialects/build.rs`.
const DIALECTS: &str = include_str!(concat!(env!("OUT_DIR"), "/dialect_sources.json"));
const CLASSIFY: &str = include_str!("../vectors/classify.json");
const DECIDE: &str = include_str!("../vectors/decide.json");
const LOAD: &str = include_str!("../vectors/load.json");
const HTTP_DATE: &str = include_str!("../suites/http_date.json");
const JSON_TORTURE: &str = include_str!("../suites/json_torture.json");
const PROBLEM_JSON: &str = include_str!("../suites/problem_json.json");
const DELAY: &str = include_str!("../vectors/delay.json");
const GENERIC: &str = include_str!("../vectors/generic.json");
const WORDS: &str = include_str!("../../src/words.json");
const JSON_POINTER: &str = include_str!("../suites/json_pointer.json");
const NAUGHTY_STRINGS: &str = include_str!("../suites/naughty_strings.json");
const STRUCTURED_FIELDS: &str = include_str!("../suites/structured_fields.json");
/// The cases of suites that are not run, each with its reason.
const EXCEPTIONS: &str = include_str!("../suites/exceptions.json");
const CORPUS: [&str; 4] = [
    include_str!("../corpus/vendor.jsonl"),
    include_str!("../corpus/standard.jsonl"),
    include_str!("../corpus/framework.jsonl"),
    include_str!("../corpus/edge.jsonl"),
];

/// Further responses, by people who knew the rules of the corpus but not the code.
const FURTHER: [&str; 3] = [
    include_str!("../further/vendors.jsonl"),
    include_str!("../further/shapes-1.jsonl"),
    include_str!("../further/shapes-2.jsonl"),
];

/// What came of a run.
#[derive(Default)]
pub struct Outcome {
    passed: usize,
    exceptions: usize,
    pub failures: Vec<String>,
    corpus: Score,
}

/// How many entries of the corpus are right, member by member.
#[derive(Default)]
struct Score {
    total: usize,
    members: [usize; MEMBERS.len()],
    doubtful: usize,
    doubtful_right: usize,
}

/// The members that the corpus judges: as they are called there, and by us.
const MEMBERS: [(&str, &str); 8] = [
    ("kind", "kind"),
    ("transient", "transient"),
    ("retry_after_ms", "retryAfterMs"),
    ("code", "code"),
    ("message", "message"),
    ("request_id", "requestId"),
    ("docs_url", "docsUrl"),
    ("fields", "fields"),
];

impl Outcome {
    /// The line that all runners print.
    pub fn line(&self) -> String {
        format!("vectors: {} passed, {} failed", self.passed, self.failures.len())
    }

    /// What was not run.
    pub fn exceptions(&self) -> String {
        format!("exceptions: {} cases, for the reasons in tests/suites/exceptions.json", self.exceptions)
    }

    /// The score of the corpus.
    pub fn corpus(&self) -> String {
        let Score { total, members, doubtful, doubtful_right } = &self.corpus;
        let members: Vec<String> =
            MEMBERS.iter().zip(members).map(|((name, _), right)| format!("{name} {right}/{total}")).collect();
        format!("corpus: {}; doubtful entries: {doubtful_right}/{doubtful}", members.join(", "))
    }

    fn note(&mut self, name: &str, wrong: &[String]) {
        if wrong.is_empty() {
            self.passed += 1;
        } else {
            self.failures.push(format!("{name}: {}", wrong.join("; ")));
        }
    }
}

/// Every dialect file, by its id.
pub fn dialects() -> serde_json::Map<String, Value> {
    serde_json::from_str(DIALECTS).unwrap()
}

pub fn run() -> Outcome {
    let mut outcome = Outcome::default();
    for (id, dialect) in dialects() {
        for example in dialect["examples"].as_array().unwrap() {
            outcome.note(&format!("{id}: {}", example["name"]), &check_example(&id, example));
        }
    }
    for case in list(CLASSIFY) {
        let found = classify(&case["response"], &case);
        outcome.note(&format!("classify: {}", case["name"]), &difference(&case["expect"], &found, ""));
    }
    for case in list(DELAY).into_iter().chain(list(GENERIC)) {
        let found = classify(&case["response"], &case);
        outcome.note(&format!("classify: {}", case["name"]), &difference(&case["expect"], &found, ""));
    }
    let words: Value = serde_json::from_str(WORDS).unwrap();
    for example in words["examples"].as_array().unwrap() {
        outcome.note(&format!("word: {}", example["code"]), &check_word(example));
    }
    for case in list(DECIDE) {
        outcome.note(&format!("decide: {}", case["name"]), &check_decisions(&case));
    }
    for case in list(LOAD) {
        outcome.note(&format!("load: {}", case["name"]), &check_load(&case));
    }
    for case in suite(HTTP_DATE) {
        outcome.note(&format!("date: {}", case["input"]), &check_date(&case));
    }
    for case in suite(JSON_TORTURE) {
        outcome.note(&format!("JSON: {}", case["file"]), &check_torture(&case));
    }
    for case in suite(PROBLEM_JSON) {
        outcome.note(&format!("problem: {}", case["name"]), &check_problem(&case));
    }
    for case in suite(JSON_POINTER) {
        let name = case.get("pointer").unwrap_or(&case["uri_fragment"]);
        outcome.note(&format!("pointer: {name}"), &check_pointer(&case));
    }
    for case in suite(NAUGHTY_STRINGS) {
        outcome.note(&format!("naughty: {}", case["i"]), &check_naughty(case["s"].as_str().unwrap()));
    }
    let exceptions = list(EXCEPTIONS);
    let excepted = |name: &str| {
        let of_suite = exceptions.iter().filter(move |exception| exception["suite"] == name);
        of_suite.flat_map(|exception| exception["names"].as_array().unwrap()).collect::<Vec<_>>()
    };
    for (name, text) in engine::SUITES {
        let mut unknown = excepted(name);
        for case in suite(text) {
            if excepted(name).contains(&&case["name"]) {
                unknown.retain(|excepted| **excepted != case["name"]);
                outcome.exceptions += 1;
            } else {
                outcome.note(
                    &format!("{name}: {} {}", case["name"], case["retry"]),
                    &engine::check(name, &case),
                );
            }
        }
        outcome.failures.extend(unknown.iter().map(|excepted| format!("{name}: no such case: {excepted}")));
    }
    for case in suite(STRUCTURED_FIELDS) {
        outcome.note(&format!("field: {}", case["name"]), &check_field(&case));
    }
    for entry in FURTHER.iter().flat_map(|group| group.lines()) {
        let entry: Value = serde_json::from_str(entry).unwrap();
        outcome.note(&format!("further: {}", entry["id"]), &check_entry(&entry, &mut Score::default()));
    }
    for entry in CORPUS.iter().flat_map(|group| group.lines()) {
        let entry: Value = serde_json::from_str(entry).unwrap();
        let wrong = check_entry(&entry, &mut outcome.corpus);
        outcome.note(&format!("corpus: {}", entry["id"]), &wrong);
    }
    outcome
}

fn list(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn suite(text: &str) -> Vec<Value> {
    let mut suite: Value = serde_json::from_str(text).unwrap();
    serde_json::from_value(suite["cases"].take()).unwrap()
}

/// A failure as it is handed out, or null.
pub fn classify(response: &Value, options: &Value) -> Value {
    match failure(response, options) {
        Some(failure) => serde_json::to_value(failure).unwrap(),
        None => Value::Null,
    }
}

fn failure(response: &Value, options: &Value) -> Option<Failure> {
    let headers: Vec<(&str, &str)> = response["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let dialects = match &options["dialects"] {
        Value::Null => Dialects::new(),
        dialects => Dialects::from_json(&dialects.to_string()).unwrap(),
    };
    let response = Response {
        status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
        headers: &headers,
        url: response["url"].as_str().unwrap_or_default(),
        body: &body(response),
        now_ms: options["nowMs"].as_u64().unwrap_or(0),
    };
    let failure = dialects.classify(&response);
    #[cfg(feature = "http")]
    http::check(&response, &dialects, failure.as_ref());
    failure
}

fn body(source: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let [text, times] = source["repeat"].as_array().map_or(&[][..], Vec::as_slice) {
        let times = usize::try_from(times.as_u64().unwrap()).unwrap();
        bytes.extend(text.as_str().unwrap().repeat(times).bytes());
    }
    match (&source["body"], &source["base64"]) {
        (Value::String(text), _) => bytes.extend(text.bytes()),
        (Value::Null, Value::String(base64)) => {
            bytes.extend(base64::engine::general_purpose::STANDARD.decode(base64).unwrap());
        }
        (Value::Null, _) => {}
        (json, _) => bytes.extend(json.to_string().bytes()),
    }
    bytes
}

fn check_example(id: &str, example: &Value) -> Vec<String> {
    let mut response = example.clone();
    let url = example["host"].as_str().map_or(String::new(), |host| format!("https://{host}/"));
    response["url"] = url.into();
    let mut expect = example["expect"].clone();
    if let Value::Object(members) = &mut expect {
        members.entry("dialect").or_insert_with(|| id.into());
    }
    difference(&expect, &classify(&response, example), "")
}

/// Questions to one policy and one partition. A step is an admission, a success, a send that was given up, a
/// failure, or a failure after `succeed` successes of other calls.
fn check_decisions(case: &Value) -> Vec<String> {
    let policy = Policy::from_json(&case["policy"].to_string()).unwrap();
    let mut partition = Partition::new();
    let mut tickets = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for (index, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let request = Request {
            method: step["method"].as_str().unwrap_or("GET"),
            keyed: step["keyed"].as_bool().unwrap_or(false),
            replayable: step["replayable"].as_bool().unwrap_or(true),
            path: step["path"].as_str().unwrap_or_default(),
            bucket: step["bucket"].as_str(),
        };
        let progress = Progress {
            attempt: u32::try_from(step["attempt"].as_u64().unwrap_or(1)).unwrap(),
            elapsed_ms: step["elapsedMs"].as_u64().unwrap_or(0),
            now_ms: step["nowMs"].as_u64().unwrap_or(0),
            random: step["random"].as_f64().unwrap_or(0.0),
        };
        for _ in 0..step["succeed"].as_u64().unwrap_or(0) {
            policy.succeed(request, progress, &mut Ticket::new(), &mut partition);
        }
        let ticket: &mut Ticket = match step["call"].as_str() {
            Some(call) => tickets.entry(call).or_default(),
            None => &mut Ticket::new(),
        };
        let found = match step["ask"].as_str() {
            Some("admit") => {
                let mut found = match policy.admit(request, progress, ticket, &mut partition) {
                    Admission::Send => json!({ "send": true }),
                    Admission::Wait { until_ms } => json!({ "send": false, "until": until_ms }),
                    Admission::Stop { reason, retry_at_ms } => {
                        json!({ "send": false, "reason": reason.name(), "retryAt": retry_at_ms })
                    }
                };
                found["basis"] = json!(Basis::of_hold(ticket));
                found
            }
            Some("succeed") => {
                policy.succeed(request, progress, ticket, &mut partition);
                continue;
            }
            Some("cancel") => {
                let given_up = Transport::Cancelled.into();
                let _ = policy.decide(&given_up, request, progress, ticket, &mut partition);
                continue;
            }
            _ => {
                let failure = match step["transport"].as_str() {
                    Some("network") => Transport::Network.into(),
                    Some("timeout") => Transport::Timeout.into(),
                    Some("cancelled") => Transport::Cancelled.into(),
                    _ => failure(&step["response"], step).unwrap(),
                };
                let decision: Decision = policy.decide(&failure, request, progress, ticket, &mut partition);
                let mut found = json!(decision);
                found["basis"] = json!(policy.basis(&decision, &failure, progress));
                found
            }
        };
        wrong.extend(difference(&step["expect"], &found, &format!("step {}", index + 1)));
    }
    wrong
}

fn check_load(case: &Value) -> Vec<String> {
    let (place, error) = match &case["policy"] {
        Value::Null => ("/dialects", Dialects::from_json(&case["dialects"].to_string()).err()),
        policy => ("/policy", Policy::from_json(&policy.to_string()).err()),
    };
    match (&case["expect"], error) {
        (Value::Null, None) => Vec::new(),
        (Value::Null, Some(error)) => vec![format!("did not load: {error}")],
        (_, None) => vec!["loaded".to_owned()],
        (expect, Some(error)) => {
            let pointer = format!("{place}{}", error.pointer);
            let mut wrong = difference(&expect["pointer"], &pointer.into(), "pointer");
            if !error.reason.contains(expect["reason"].as_str().unwrap()) {
                wrong.push(format!("reason: {}, expected {}", error.reason, expect["reason"]));
            }
            wrong
        }
    }
}

fn check_date(case: &Value) -> Vec<String> {
    let moment = case["epoch_ms"].as_i64();
    let now_ms = moment.unwrap_or(0).saturating_sub(5000).max(0);
    let response = json!({ "status": 503, "headers": { "Retry-After": case["input"] } });
    let found = &classify(&response, &json!({ "nowMs": now_ms }))["retryAfterMs"];
    let expected = moment.map(|moment| (moment - now_ms).max(0));
    let lenient = case["lenient"] == true;
    if lenient && (found.is_null() || (moment.is_none() && *found == 0)) {
        return Vec::new();
    }
    difference(&json!(expected), found, "retryAfterMs")
}

fn check_torture(case: &Value) -> Vec<String> {
    let mut response = case.clone();
    response["body"] = case["suffix"].clone();
    [(400, "invalid_request"), (503, "unavailable")]
        .into_iter()
        .flat_map(|(status, kind)| {
            response["status"] = status.into();
            difference(&json!({ "kind": kind, "status": status }), &classify(&response, &Value::Null), "")
        })
        .collect()
}

fn check_problem(case: &Value) -> Vec<String> {
    let response = json!({
        "status": case["status"],
        "headers": { "Content-Type": case["content_type"] },
        "body": case["body"],
    });
    let found = classify(&response, &Value::Null);
    let mut expect = case["expect"].clone();
    let members = expect.as_object_mut().unwrap();
    if let Some(link) = members.shift_remove("docs_url") {
        members.insert("docsUrl".to_owned(), link);
    }
    let fields = members.shift_remove("fields");
    let mut wrong = difference(&expect, &found, "");
    if let Some(fields) = fields {
        // How a path is written is free in that suite.
        let plain = |path: &str| path.trim_start_matches('#').trim_start_matches('/').replace('/', ".");
        let listed: Vec<Value> = found["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| json!({ "path": plain(field["path"].as_str().unwrap()), "message": field["message"] }))
            .collect();
        wrong.extend(difference(&fields, &listed.into(), "fields"));
    }
    wrong
}

/// A code with a status, in a body of no API.
fn check_word(example: &Value) -> Vec<String> {
    let response = json!({ "status": example["status"], "body": { "error": { "code": example["code"] } } });
    difference(&example["expect"], &classify(&response, &Value::Null), "")
}

/// A pointer as the condition of a dialect. The fragment form is none of ours: it must not load.
fn check_pointer(case: &Value) -> Vec<String> {
    let pointer = case.get("pointer").unwrap_or(&case["uri_fragment"]).as_str().unwrap();
    let found = case.get("pointer").is_some() && case["found"] == true;
    let shape = match &case["expect"] {
        Value::Object(_) if found => "object".to_owned(),
        Value::Array(_) if found => "array".to_owned(),
        Value::String(text) if found => format!("={text}"),
        number if found => format!("={number}"),
        _ => "any".to_owned(),
    };
    let document = serde_json::from_str::<Value>(JSON_POINTER).unwrap()["document"].clone();
    let dialects = json!([{ "id": "pointer", "match": [{ "body": { pointer: shape } }] }]);
    let matches = Dialects::from_json(&dialects.to_string()).is_ok()
        && classify(&json!({ "status": 503, "body": document }), &json!({ "dialects": dialects }))["dialect"]
            == "pointer";
    if matches == found { Vec::new() } else { vec![format!("matches: {matches}")] }
}

/// A string in every place that a server fills: it comes back as it is, and changes nothing else.
fn check_naughty(text: &str) -> Vec<String> {
    let kept = text.trim_ascii();
    let expected = if kept.is_empty() { Value::Null } else { kept.into() };
    let body = |message: &str, other: &str| {
        json!({ "error": { "code": "some_code", "message": message, "request_id": other, "doc_url": other },
            "errors": [{ "field": other, "message": message }] })
    };
    let plain = classify(&json!({ "status": 409, "body": body("Some text", "id") }), &Value::Null);
    let mut found = classify(&json!({ "status": 409, "body": body(text, text) }), &Value::Null);
    let is_link = kept.starts_with("http://") || kept.starts_with("https://");
    let mut wrong = if is_link { Vec::new() } else { difference(&Value::Null, &found["docsUrl"], "docsUrl") };
    wrong.extend(difference(&expected, &found["message"], "message"));
    wrong.extend(difference(&expected, &found["requestId"], "requestId"));
    wrong.extend(difference(
        &json!([{ "path": kept, "message": expected, "code": null }]),
        &found["fields"],
        "fields",
    ));
    for member in ["message", "requestId", "docsUrl", "fields"] {
        found[member] = plain[member].clone();
    }
    wrong.extend(difference(&plain, &found, "the rest"));
    wrong
}

/// Header lines and a limit after them: one that is malformed makes the whole list unreadable.
fn check_field(case: &Value) -> Vec<String> {
    let mut lines: Vec<&str> =
        case["raw"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    lines.push("\"known\";r=0;t=7");
    let response = json!({ "status": 429, "headers": { "RateLimit": lines.join(", ") } });
    let found = &classify(&response, &Value::Null)["retryAfterMs"];
    let expected = if case["must_fail"] == true { Value::Null } else { 7000.into() };
    if case["can_fail"] == true && found.is_null() {
        return Vec::new();
    }
    difference(&expected, found, "retryAfterMs")
}

fn check_entry(entry: &Value, score: &mut Score) -> Vec<String> {
    let mut response = entry["response"].clone();
    response["url"] = entry["request"]["url"].clone();
    let now_ms = entry["now"].as_str().map_or(0, moment);
    let found = classify(&response, &json!({ "nowMs": now_ms }));
    score.total += 1;
    let mut wrong = Vec::new();
    for (right, (theirs, ours)) in score.members.iter_mut().zip(MEMBERS) {
        let found = match (&found, theirs) {
            (Value::Null, "transient") => false.into(),
            (Value::Null, "fields") => json!([]),
            _ => found[ours].clone(),
        };
        let expected = &entry["expect"][theirs];
        let is_close = |expected: f64, found: f64| (expected - found).abs() <= 1.0;
        let different = match (expected.as_f64(), found.as_f64()) {
            (Some(expected), Some(found)) if is_close(expected, found) => Vec::new(),
            _ => difference(expected, &found, theirs),
        };
        *right += usize::from(different.is_empty());
        wrong.extend(different);
    }
    if entry["tags"].as_array().into_iter().flatten().any(|tag| tag == "doubtful") {
        score.doubtful += 1;
        score.doubtful_right += usize::from(wrong.is_empty());
    }
    wrong
}

/// Milliseconds since the Unix epoch of `2025-06-01T12:00:00Z`.
fn moment(text: &str) -> u64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1 - 719_468;
    (days * 86400 + number(11..13) * 3600 + number(14..16) * 60 + number(17..19)) * 1000
}

/// Where `found` is not as expected: every member that `expect` names must be equal; of steps of advice the ids.
fn difference(expect: &Value, found: &Value, place: &str) -> Vec<String> {
    match (expect, found) {
        (Value::Object(members), Value::Object(_)) => members
            .iter()
            .flat_map(|(name, value)| {
                let mut found = found[name].clone();
                if name == "steps" && value.as_array().is_some_and(|steps| steps.iter().all(Value::is_string))
                {
                    found = found.as_array().into_iter().flatten().map(|step| step["id"].clone()).collect();
                }
                difference(value, &found, &format!("{place}/{name}"))
            })
            .collect(),
        (Value::Number(expected), Value::Number(number)) if expected.as_f64() == number.as_f64() => {
            Vec::new()
        }
        _ if expect == found => Vec::new(),
        _ => vec![format!("{place} is {found}, expected {expect}")],
    }
}
