//! Classification is total: whatever a server sends, the same answer every time, soon, and no panic.
#![cfg(not(target_family = "wasm"))]

mod example;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use example::{Example, documents};
use reprieve::{
    Admission, Decision, Failure, MAX_BODY, Partition, Policy, Progress, Request, Response, Ticket,
    Transport, classify,
};

/// What a single answer may take, in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(2);

/// 2^53 - 1, the largest integer that a JavaScript number holds exactly.
const MAX_MS: u64 = (1 << 53) - 1;

/// A response that owns its parts.
#[derive(Clone, Debug, Default)]
struct Sent {
    status: u16,
    headers: Vec<(String, String)>,
    url: String,
    body: Vec<u8>,
    now_ms: u64,
}

impl Sent {
    fn classify(&self) -> Option<Failure> {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let Self { status, url, body, now_ms, .. } = self;
        classify(&Response { status: *status, headers: &headers, url, body, now_ms: *now_ms })
    }

    /// What the status says, and that a `Retry-After` is there.
    fn bare(&self) -> Self {
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        Self { status: self.status, headers, now_ms: self.now_ms, ..Self::default() }
    }

    /// For the report of a failure.
    fn describe(&self) -> String {
        let body = String::from_utf8_lossy(self.body.get(..400).unwrap_or(&self.body));
        format!("{} {:?} {:?} {} bytes: {body:?}", self.status, self.url, self.headers, self.body.len())
    }
}

/// All that must hold of every answer.
fn check(sent: &Sent) -> Option<Failure> {
    let begun = Instant::now();
    let answer = catch_unwind(AssertUnwindSafe(|| sent.classify()));
    let taken = begun.elapsed();
    let Ok(answer) = answer else { panic!("panics on {}", sent.describe()) };
    assert!(taken < SOON, "took {taken:?}: {}", sent.describe());
    assert_eq!(sent.classify(), answer, "another answer the second time: {}", sent.describe());
    assert!(answer.is_some() || sent.status < 400, "{}", sent.describe());
    assert!(answer.is_none() || sent.status >= 400 || sent.status / 100 == 2, "{}", sent.describe());
    let failure = answer?;
    assert_eq!(failure.status, Some(sent.status));
    if failure.dialect.is_none() && failure.code.is_none() && sent.status >= 400 {
        let bare = sent.bare().classify().map(|failure| failure.kind);
        assert_eq!(Some(failure.kind), bare, "the status does not decide: {}", sent.describe());
    }
    let texts = [&failure.code, &failure.message, &failure.request_id, &failure.docs_url];
    for text in texts.into_iter().flatten() {
        assert!(!text.is_empty() && text.trim_ascii() == text, "{text:?}: {}", sent.describe());
    }
    let code = failure.code.as_deref().unwrap_or_default();
    assert!(!code.contains(char::is_whitespace) || !code.is_ascii(), "{code:?}: {}", sent.describe());
    assert!(failure.retry_after_ms.is_none_or(|wait| wait <= MAX_MS), "{}", sent.describe());
    let link = failure.docs_url.as_deref().unwrap_or("https://").to_ascii_lowercase();
    assert!(link.starts_with("https://") || link.starts_with("http://"), "{}", sent.describe());
    Some(failure)
}

/// Marsaglia's xorshift: the same responses in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() >> 11).unwrap() % bound
    }

    fn pick<'p, T>(&mut self, list: &'p [T]) -> &'p T {
        &list[self.below(list.len())]
    }

    /// A status, more often than not of a failure.
    fn status(&mut self) -> u16 {
        let status = if self.below(4) == 0 { self.below(1000) } else { 400 + self.below(200) };
        u16::try_from(status).unwrap()
    }

    fn text(&mut self) -> String {
        (0..self.below(6)).map(|_| *self.pick(&FRAGMENTS)).collect()
    }

    fn headers(&mut self) -> Vec<(String, String)> {
        let header = |dice: &mut Self| {
            let name = if dice.below(8) == 0 { dice.text() } else { (*dice.pick(&HEADERS)).to_owned() };
            let value = if dice.below(3) == 0 { dice.text() } else { (*dice.pick(&FRAGMENTS)).to_owned() };
            (name, value)
        };
        (0..self.below(6)).map(|_| header(self)).collect()
    }

    /// Bytes, pieces of JSON, or an example's body with some damage.
    fn body(&mut self, examples: &[Vec<u8>]) -> Vec<u8> {
        match self.below(5) {
            0 => (0..self.below(64)).map(|_| self.roll().to_le_bytes()[0]).collect(),
            1 => (0..self.below(24)).flat_map(|_| self.pick(&JSON).bytes()).collect(),
            _ => {
                let mut body = self.pick(examples).clone();
                for _ in 0..=self.below(4) {
                    let at = self.below(body.len() + 1);
                    match self.below(5) {
                        0 => body.truncate(at),
                        1 => drop(body.splice(at..at, self.pick(&JSON).bytes())),
                        2 => drop(body.splice(at..at, self.pick(&FRAGMENTS).bytes())),
                        3 => drop(body.drain(at..(at + self.below(9)).min(body.len()))),
                        _ if at < body.len() => body[at] = self.roll().to_le_bytes()[0],
                        _ => body.extend_from_within(..at / 2),
                    }
                }
                body
            }
        }
    }
}

const HEADERS: [&str; 14] = [
    "Retry-After",
    "retry-after-ms",
    "x-ms-retry-after-ms",
    "Date",
    "Age",
    "Content-Type",
    "x-should-retry",
    "stripe-should-retry",
    "x-request-id",
    "cf-ray",
    "RateLimit",
    "RateLimit-Reset",
    "X-RateLimit-Reset",
    "",
];

const FRAGMENTS: [&str; 32] = [
    "",
    " ",
    "\t",
    "0",
    "1",
    "-1",
    "7.5",
    "1e9",
    "99999999999999999999",
    "18446744073709551615",
    "0.0000000000000000001",
    ".",
    ",",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Thu, 31 Dec 9999 23:59:60 GMT",
    "Sat, 29 Feb 0000 00:00:00 GMT",
    "9999-12-31T23:59:59.999999999+23:59",
    "0000-01-01T00:00:00-99:99",
    "true",
    "false",
    "application/problem+json",
    "text/html",
    "é",
    "\u{FFFD}",
    "\u{1F4A5}",
    "a=b;c",
    "=",
    "*",
    "req_1",
    "6m0s",
];

const JSON: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "true",
    "-",
    "0",
    "1e999",
    "\"error\":",
    "\"code\":",
    "\"message\":",
    "\"type\":",
    "\"errors\":",
    "\"__proto__\":",
    "\"constructor\":{}",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u0000\"",
    "[[[[[[[[",
    "{\"a\":",
    "\u{FEFF}",
    ")]}'",
    "429",
    "\"more_info\":\"https://\"",
    "\"path\":[]",
];

const URLS: [&str; 10] = [
    "",
    "https://api.rooom.com/x",
    "https://api.rootplatform.com",
    "https://a.rootplatform.com:443/y?z",
    "https://[::1]:8080/",
    "https://@@@",
    "//",
    "api.rooom.com",
    "https://é.example/\u{0}",
    ":::///?#",
];

fn examples() -> Vec<Example> {
    documents().iter().flat_map(|(id, document)| Example::all(id, document)).collect()
}

#[test]
fn whatever_a_server_sends_has_an_answer() {
    let bodies: Vec<Vec<u8>> =
        examples().iter().map(Example::bytes).filter(|body| !body.is_empty()).collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut failures, mut read) = (0, 0);
    for _ in 0..20_000 {
        let sent = Sent {
            status: dice.status(),
            headers: dice.headers(),
            url: (*dice.pick(&URLS)).to_owned(),
            body: dice.body(&bodies),
            now_ms: *dice.pick(&[0, 784_111_777_000, 1_700_000_000_000, u64::MAX]),
        };
        if let Some(failure) = check(&sent) {
            failures += 1;
            read += usize::from(failure.dialect.is_some());
            decide(&failure, &sent, &mut dice);
        }
    }
    println!("hostile: 20000 responses, {failures} failures, {read} of them read by a dialect");
    assert!(read > 1000 && failures - read > 1000, "the generator has lost its variety");
}

/// What was made of a hostile response may not trip the policy either.
fn decide(failure: &Failure, sent: &Sent, dice: &mut Dice) {
    let request = Request {
        method: dice.pick::<&str>(&["GET", "post", "", "é"]),
        keyed: dice.below(2) == 0,
        replayable: dice.below(2) == 0,
        ..Request::get()
    };
    let progress = Progress {
        attempt: *dice.pick(&[0, 1, 3, u32::MAX]),
        elapsed_ms: *dice.pick(&[0, 11_999, u64::MAX]),
        now_ms: sent.now_ms,
        random: *dice.pick(&[0.0, 0.5, 1.0, -1.0, f64::NAN, f64::INFINITY]),
    };
    let policy = dice.pick(&[Policy::DEFAULT, Policy::PATIENT, Policy::NONE]);
    let decided =
        catch_unwind(|| policy.decide(failure, request, progress, &mut Ticket::new(), &mut Partition::new()));
    let Ok(decision) = decided else { panic!("panics on {failure:?} {progress:?}") };
    if let Decision::Retry { delay_ms } = decision {
        assert!(progress.attempt < policy.max_attempts && failure.should_retry != Some(false), "{failure:?}");
        assert!(
            i32::try_from(delay_ms).is_ok(),
            "a timer cannot wait {delay_ms} ms: {failure:?} {progress:?}"
        );
        assert!(delay_ms >= failure.retry_after_ms.unwrap_or(0), "{failure:?} {progress:?}");
    }
}

/// Any order of questions at any time: a wait has an end and lies ahead, and the state stays small.
#[test]
fn the_engine_holds_nobody_for_ever() {
    let failures: Vec<Failure> = [
        (503, vec![]),
        (500, vec![("retry-after", "3")]),
        (503, vec![("retry-after", "86400")]),
        (429, vec![("retry-after", "2")]),
        (429, vec![("retry-after", "99999"), ("x-ratelimit-resource", "core")]),
        (404, vec![]),
    ]
    .into_iter()
    .map(|(status, headers)| {
        classify(&Response { status, headers: &headers, url: "https://api.example/", body: b"", now_ms: 0 })
            .unwrap()
    })
    .chain([Transport::Network, Transport::Timeout, Transport::Cancelled].map(Failure::from))
    .collect();
    let mut dice = Dice(7);
    for policy in
        [Policy::DEFAULT, Policy::BRISK, Policy::PATIENT, Policy::NONE, Policy::AWS_STANDARD, Policy::GRPC]
    {
        let mut partition = Partition::new();
        let mut now_ms = 1_700_000_000_000_u64;
        let mut tickets = [Ticket::new(); 8];
        for _ in 0..50_000 {
            now_ms = match dice.below(1000) {
                0 => now_ms.saturating_sub(10_000_000),
                1 => now_ms + 10_000_000,
                _ => now_ms + dice.below(500) as u64,
            };
            let path = ["", "/a", "/b", "/c"][dice.below(4)];
            let bucket = [None, Some("core")][dice.below(2)];
            let request = Request { path, bucket, ..Request::get() };
            let attempt = *dice.pick(&[1, 2, 3, 4, 5]);
            let progress = Progress {
                attempt,
                elapsed_ms: dice.below(14_000) as u64,
                now_ms,
                random: *dice.pick(&[0.0, 0.001, 0.3, 0.5, 0.7, 0.999, 1.0]),
            };
            let ticket = &mut tickets[dice.below(8)];
            match dice.below(4) {
                0 => policy.succeed(request, progress, ticket, &mut partition),
                1 => {
                    let failure = &failures[dice.below(failures.len())];
                    let _ = policy.decide(failure, request, progress, ticket, &mut partition);
                    *ticket = if dice.below(2) == 0 { Ticket::new() } else { *ticket };
                }
                _ => {
                    if let Admission::Wait { until_ms } =
                        policy.admit(request, progress, ticket, &mut partition)
                    {
                        let waits = until_ms.saturating_sub(now_ms);
                        assert!(waits > 0 && waits <= 30_000, "waits {waits} ms: {ticket:?} {partition:?}");
                    }
                }
            }
            assert!(format!("{partition:?}").len() < 2500, "{partition:?}");
        }
    }
}

#[test]
fn every_status_has_an_answer() {
    for status in (0..=999).chain([1000, u16::MAX]) {
        for (name, value) in
            [("x-a", "b"), ("retry-after", "5"), ("retry-after", "x"), ("x-should-retry", "false")]
        {
            let headers = vec![(name.to_owned(), value.to_owned())];
            for body in ["", "<html>", "{", r#"{"error":{"code":"a","message":"b"}}"#] {
                check(&Sent { status, headers: headers.clone(), body: body.into(), ..Sent::default() });
            }
        }
    }
}

#[test]
fn an_example_cut_anywhere_has_an_answer() {
    let mut cuts = 0;
    for example in examples() {
        let body = example.bytes();
        for end in 0..=body.len() {
            let Example { status, headers, url, now_ms, .. } = &example;
            let sent = Sent {
                status: *status,
                headers: headers.clone(),
                url: url.clone(),
                body: body[..end].to_vec(),
                now_ms: *now_ms,
            };
            let failure = check(&sent);
            assert!(failure.is_some() || *status < 400 || !example.fails, "{}", example.name);
            let is_document = example.body.is_object() || example.body.is_array();
            if is_document && end < body.len() {
                let message = failure.and_then(|failure| failure.message).unwrap_or_default();
                let is_elsewhere =
                    message.is_empty() || headers.iter().any(|(_, value)| value.contains(&message));
                let shows = |part: &[u8]| part == message.as_bytes();
                let is_shown = !is_elsewhere && sent.body.windows(message.len()).any(shows);
                assert!(!is_shown, "{}: half a document is none: {}", example.name, sent.describe());
            }
            cuts += 1;
        }
    }
    println!("hostile: {cuts} cut examples");
    assert!(cuts > 1000);
}

#[test]
fn a_body_built_to_be_slow_or_deep_has_an_answer_soon() {
    let root = |errors: String| {
        format!(r#"{{"error":{{"type":"t","message":"m","more_info":"x","errors":{errors}}}}}"#)
    };
    let times = |text: &str| text.repeat(MAX_BODY / text.len());
    let bodies = [
        times("["),
        times("{\"a\":"),
        times("[{\"a\":"),
        format!("[{}", times("]")),
        times("\""),
        times("\\"),
        format!("\"{}\"", times("\\u")),
        format!("{{\"a\":\"{}\"}}", "\\ud800".repeat(10_000)),
        format!("{{\"a\":{}}}", "9".repeat(60_000)),
        format!("{{\"a\":-0.{}e-{}}}", "1".repeat(30_000), "9".repeat(30_000)),
        format!("[{}1]", "1,".repeat(30_000)),
        format!("{{{}\"z\":1}}", "\"a\":1,".repeat(10_000)),
        root(format!("[{}1]", r#"{"path":"p","message":"m"},"#.repeat(2400))),
        root(format!("[{}1]", "[],".repeat(20_000))),
        root("[".repeat(60_000)),
        format!("{{\"error\":{}", "{\"error\":".repeat(7000)),
        times("\u{FEFF}"),
        times("é"),
        times("\u{0}"),
        times("*"),
        times("{}"),
        times(" "),
        times(")]}'"),
    ];
    for body in &bodies {
        for status in [400, 503] {
            check(&Sent { status, body: body.clone().into_bytes(), ..Sent::default() });
            check(&Sent {
                status,
                body: body.clone().into_bytes(),
                url: "https://api.rootplatform.com/".to_owned(),
                ..Sent::default()
            });
        }
    }
    let longs = [times(","), times("1,"), times("9"), times("Sun, "), times(" "), times("é"), times("1.")];
    for value in &longs {
        for name in ["retry-after", "retry-after-ms", "date", "x-request-id", "content-type"] {
            check(&Sent { status: 503, headers: vec![(name.to_owned(), value.clone())], ..Sent::default() });
        }
    }
    let many = vec![("retry-after".to_owned(), "1".to_owned()); 10_000];
    let failure = check(&Sent { status: 503, headers: many, ..Sent::default() });
    assert_eq!(failure.unwrap().retry_after_ms, Some(1000));
    check(&Sent { status: 503, url: times("https://@"), ..Sent::default() });
}

/// What follows the first 64 KiB changes nothing, whatever it is.
#[test]
fn only_the_beginning_of_a_body_is_read() {
    let document = br#"{"error":{"code":"late","message":"m"}}"#;
    let mut fits = vec![b' '; MAX_BODY - document.len()];
    fits.extend(document);
    let read = check(&Sent { status: 500, body: fits.clone(), ..Sent::default() });
    assert_eq!(read.and_then(|failure| failure.code).as_deref(), Some("late"));
    for tail in [&b"}"[..], b"\xFF\xFE", b"[[[[", b" "] {
        let mut body = fits.clone();
        body.extend(tail.repeat(100_000));
        let failure = check(&Sent { status: 500, body, ..Sent::default() });
        assert_eq!(failure.and_then(|failure| failure.code).as_deref(), Some("late"));
    }
    let mut beyond = vec![b' '; MAX_BODY - document.len() + 1];
    beyond.extend(document);
    let failure = check(&Sent { status: 500, body: beyond, ..Sent::default() });
    assert_eq!(failure.and_then(|failure| failure.code), None);
}
