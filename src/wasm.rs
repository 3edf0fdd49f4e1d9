//! The boundary: the only file that names a JavaScript type. One function, one crossing per answer.

use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::body::{Tree, parse_json};
use crate::classify::Transport;
use crate::delay::decimal::digits;
use crate::dialect::{CATALOG, Catalog, KeyPlace};
use crate::failure::{Advice, Failure, Kind, Source, Step};
use crate::load::{LoadError, check};
use crate::policy::{
    Admission, Basis, Decision, POLICY, Partition, Policy, Progress, Request, Ticket, maybe_applied,
};
use crate::response::Response;
use crate::text::{cut, head};

/// Nothing is freed: what calls leave behind goes with the instance, which `pkg/instance.js` replaces before it has grown
/// large. All code that would free memory is dead, and left out.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: mini_alloc::MiniAlloc = mini_alloc::MiniAlloc::INIT;

/// Answers a question.
///
/// `question` is JSON: `{ask, dialects?, policy?, url?, status?, transport?, failure?, method?, keyed?, replayable?, path?,
/// bucket?, attempt?, timeoutMs?, ticket?, partition?}`; the call ends at `timeoutMs`, so that no later deadline counts.
/// `ask` is one of
/// - `check`: do `dialects` and `policy` load? Nothing, or throws `[pointer, reason]`;
/// - `key`: where the API at `url` reads its idempotency key, `[in query?, name]`;
/// - `names`: the names of all kinds, and all steps as `[id, text]`: in answers stand their numbers;
/// - `failure`: what the response means, as an array in the order of `Failure`'s members; nothing where it did not fail;
/// - `admit`: may send number `attempt` go now, `[until, reason, retryAt, failure, basis, ticket, partition]`: it may where the
///   first two are null;
/// - `succeed`: it succeeded, `[ticket, partition]`;
/// - `verdict`: what it means that it failed and what to do, `[failure, delayMs, reason, retryAt, maybeApplied, basis,
///   ticket, partition]`; a `status` of 0 stands for a send without a response, and `failure` for one that is known.
///
/// `ticket` and `partition` are lists of numbers to be kept, one for each call and each partition, and to be handed in with
/// the next question; at first there are none.
///
/// `headers` is anything that iterates over pairs; `body` is at most 64 KiB of content as text. Arrays, because the names
/// of the members would have to cross, too: `pkg/` puts them back.
///
/// # Errors
/// `[pointer, reason]` where options do not load.
#[wasm_bindgen]
pub fn ask(
    question: &str,
    headers: &web_sys::Headers,
    body: &str,
    now_ms: f64,
    elapsed_ms: f64,
    random: f64,
) -> Result<JsValue, JsValue> {
    let question = parse_json(question).unwrap_or(Tree::Null);
    let mut options = Options::load(&question)
        .map_err(|error| hand_out(&Out::List(vec![Out::Text(&error.pointer), Out::Text(&error.reason)])))?;
    let url = question.text("url").unwrap_or_default();
    let wants_decision = match question.text("ask") {
        Some("check") => return Ok(JsValue::NULL),
        Some("key") => {
            let (in_query, name) = match options.catalog.key_place(url) {
                KeyPlace::Query(name) => (true, name),
                KeyPlace::Header(name) => (false, name),
            };
            return Ok(hand_out(&Out::List(vec![Out::Truth(in_query), Out::Text(name)])));
        }
        Some("names") => {
            let kinds = Kind::NAMES.iter().map(|name| Out::Text(name)).collect();
            let step = |step: &Step| Out::List(vec![Out::Text(step.id()), Out::Text(step.text())]);
            let steps = Step::ALL.iter().map(step).collect();
            return Ok(hand_out(&Out::List(vec![Out::List(kinds), Out::List(steps)])));
        }
        asked => asked == Some("verdict"),
    };
    let now_ms = whole(now_ms);
    let request = Request {
        method: question.text("method").unwrap_or("GET"),
        keyed: question.truth("keyed").unwrap_or(false),
        replayable: question.truth("replayable").unwrap_or(true),
        path: question.text("path").unwrap_or_default(),
        bucket: question.text("bucket"),
    };
    let attempt = question.whole_member("attempt").unwrap_or(1);
    let progress = Progress { attempt, elapsed_ms: whole(elapsed_ms), now_ms, random };
    if let Some(most) = question.whole_member("timeoutMs") {
        let deadline_ms = options.policy.deadline_ms.map_or(most, |own| own.min(most));
        options.policy.deadline_ms = Some(deadline_ms);
    }
    let mut ticket = Ticket::of(&mut numbers(&question, "ticket"));
    let mut partition = Partition::of(&mut numbers(&question, "partition"));
    let asked = question.text("ask");
    if let Some(answer) = ask_engine(asked, &options.policy, request, progress, &mut ticket, &mut partition) {
        return Ok(answer);
    }
    let status = question.whole_member("status").and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
    let failure = if let Some(known) = question.member("failure") {
        Some(known_failure(known))
    } else if wants_decision && status == 0 {
        Some(Failure::from(match question.text("transport") {
            Some("timeout") => Transport::Timeout,
            Some("cancelled") => Transport::Cancelled,
            _ => Transport::Network,
        }))
    } else {
        // Two calls for all headers: an array of pairs, joined, is a line `name,value` each, and neither a name nor
        // a value contains a line break.
        let lines = String::from(js_sys::Array::from(headers).join("\n"));
        let mut headers = Vec::new();
        let mut rest = lines.as_str();
        while let Some(header) = cut(rest, b',') {
            let (value, others) = head(header.1, b'\n');
            headers.push((header.0, value));
            rest = others.unwrap_or_default();
        }
        options.catalog.classify(&Response { status, headers: &headers, url, body: &[], now_ms }, body)
    };
    let Some(failure) = failure else { return Ok(JsValue::NULL) };
    if !wants_decision {
        return Ok(hand_out(&members(&failure)));
    }
    let decision = options.policy.decide(&failure, request, progress, &mut ticket, &mut partition);
    let (delay_ms, reason, retry_at_ms) = match decision {
        Decision::Retry { delay_ms } => (Some(delay_ms), None, None),
        Decision::Stop { reason, retry_at_ms, delay_ms, .. } => {
            (Some(delay_ms).filter(|delay| *delay > 0), Some(reason.name()), retry_at_ms)
        }
    };
    Ok(hand_out(&Out::List(vec![
        members(&failure),
        Out::number(delay_ms),
        Out::text(reason),
        Out::number(retry_at_ms),
        Out::Truth(maybe_applied(&failure, request)),
        basis(&options.policy.basis(&decision, &failure, progress)),
        Out::numbers(&ticket.numbers()),
        Out::numbers(&partition.numbers()),
    ])))
}

/// The questions that concern no failure.
fn ask_engine(
    asked: Option<&str>,
    policy: &Policy,
    request: Request<'_>,
    progress: Progress,
    ticket: &mut Ticket,
    partition: &mut Partition,
) -> Option<JsValue> {
    let mut held = Failure::from(Transport::Held);
    let mut answer = Vec::new();
    match asked {
        Some("admit") => {
            let (until_ms, reason, retry_at_ms) = match policy.admit(request, progress, ticket, partition) {
                Admission::Send => (None, None, None),
                Admission::Wait { until_ms } => (Some(until_ms), None, None),
                Admission::Stop { reason, retry_at_ms } => (None, Some(reason.name()), Some(retry_at_ms)),
            };
            held.retry_after_ms = retry_at_ms.map(|moment| moment.saturating_sub(progress.now_ms));
            let failure = if reason.is_some() { members(&held) } else { Out::Null };
            let basis = basis(&Basis::of_hold(ticket));
            answer.extend([
                Out::number(until_ms),
                Out::text(reason),
                Out::number(retry_at_ms),
                failure,
                basis,
            ]);
        }
        Some("succeed") => policy.succeed(request, progress, ticket, partition),
        _ => return None,
    }
    answer.extend([Out::numbers(&ticket.numbers()), Out::numbers(&partition.numbers())]);
    Some(hand_out(&Out::List(answer)))
}

/// The numbers of a member that is a list.
fn numbers<'q>(question: &'q Tree<'q>, name: &str) -> impl Iterator<Item = u64> + 'q {
    question.list(name).iter().map(|number| number.scalar().and_then(digits).unwrap_or(0))
}

struct Options<'q> {
    catalog: Catalog<'q>,
    policy: Policy,
}

impl<'q> Options<'q> {
    fn load(question: &'q Tree<'q>) -> Result<Self, LoadError> {
        let mut options = Self { catalog: Catalog::default(), policy: Policy::DEFAULT };
        if let Some(dialects) = question.member("dialects") {
            check(dialects, "/dialects", &CATALOG)?;
            options.catalog = Catalog::of(dialects);
        }
        if let Some(policy) = question.member("policy") {
            check(policy, "/policy", &POLICY)?;
            options.policy = Policy::of(policy);
        }
        Ok(options)
    }
}

/// A value to hand out. One type for all, because each further type is code of its own.
enum Out<'o> {
    Null,
    Truth(bool),
    Number(f64),
    Text(&'o str),
    List(Vec<Self>),
}

impl Serialize for Out<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
        }
    }
}

impl<'o> Out<'o> {
    fn text(text: Option<&'o str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    /// Every number that we hand out is below 2^53.
    #[allow(clippy::cast_precision_loss)]
    fn number(number: Option<u64>) -> Self {
        number.map_or(Self::Null, |number| Self::Number(number as f64))
    }

    fn numbers(numbers: &[u64]) -> Self {
        Self::List(numbers.iter().map(|number| Self::number(Some(*number))).collect())
    }

    fn truth(truth: Option<bool>) -> Self {
        truth.map_or(Self::Null, Self::Truth)
    }
}

/// `[remedy, name, value, name, value …]`.
fn basis(basis: &Basis) -> Out<'static> {
    let mut list = vec![Out::text(basis.remedy)];
    for input in &basis.inputs {
        list.extend([Out::Text(input.name), Out::number(input.value)]);
    }
    Out::List(list)
}

/// A failure in the order of its members.
fn members(failure: &Failure) -> Out<'_> {
    let advice = &failure.advice;
    let step = |step: &Step| Out::Number(f64::from(*step as u32));
    let mut fields = Vec::new();
    for field in &failure.fields {
        fields.push(Out::List(vec![
            Out::Text(&field.path),
            Out::text(field.message.as_deref()),
            Out::text(field.code.as_deref()),
        ]));
    }
    Out::List(vec![
        Out::Number(f64::from(failure.kind as u32)),
        Out::number(failure.status.map(u64::from)),
        Out::text(failure.code.as_deref()),
        Out::text(failure.message.as_deref()),
        Out::List(fields),
        Out::text(failure.request_id.as_deref()),
        Out::text(failure.docs_url.as_deref()),
        Out::number(failure.retry_after_ms),
        Out::Truth(failure.transient),
        Out::truth(failure.should_retry),
        Out::text(failure.dialect.as_deref()),
        Out::List(advice.steps.iter().map(step).collect()),
        Out::number(advice.max_attempts.map(u64::from)),
        Out::number(advice.min_delay_ms),
        Out::Truth(advice.saved_under_key),
        Out::text(failure.bucket.as_deref()),
        Out::Text(failure.transient_from.name()),
        Out::text(failure.retry_after_from.map(Source::name)),
    ])
}

/// The members of a failure that decide. What is not as we hand it out counts as absent.
fn known_failure(tree: &Tree<'_>) -> Failure {
    let number = |pointer: &str| tree.at(pointer).and_then(Tree::scalar).and_then(digits);
    let mut failure = Failure::from(Transport::Network);
    failure.kind = tree.text("kind").and_then(Kind::from_name).unwrap_or(Kind::Unknown);
    failure.status = number("/status").and_then(|status| u16::try_from(status).ok());
    failure.retry_after_ms = number("/retryAfterMs");
    failure.bucket = tree.text("bucket").map(str::to_owned);
    failure.transient = tree.truth("transient").unwrap_or(false);
    failure.should_retry = tree.truth("shouldRetry");
    failure.advice = Advice {
        steps: Vec::new(),
        max_attempts: number("/advice/maxAttempts").and_then(|most| u32::try_from(most).ok()),
        min_delay_ms: number("/advice/minDelayMs"),
        saved_under_key: tree.at("/advice").and_then(|advice| advice.truth("savedUnderKey")).unwrap_or(false),
    };
    failure
}

/// JavaScript's numbers are floats; negative ones and NaN become 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u64 {
    number as u64
}

fn hand_out(value: &Out<'_>) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
