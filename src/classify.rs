//! A response, or the lack of one, becomes a `Failure`.

use std::borrow::Cow;

use crate::body::{self, Format, Tree};
use crate::delay;
use crate::dialect::{self, CATALOG, Catalog, Dialect, Evidence, KeyPlace};
use crate::failure::{Advice, Failure, Kind, Source, Step};
use crate::generic::{self, Reading};
use crate::load::{LoadError, load};
use crate::response::Response;
use crate::status;
use crate::text::{filled, find};
use crate::words::{self, Words};

/// The dialects to read errors with: the built-in ones, and those of the user, which outrank them.
#[derive(Clone, Debug, Default)]
pub struct Dialects {
    own: Vec<Tree<'static>>,
    pins: Vec<(Cow<'static, str>, Tree<'static>)>,
}

/// Why no response arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The connection failed: refused, reset, DNS, TLS, CORS, offline.
    Network,
    /// Our own limit on one send ran out.
    Timeout,
    /// The caller gave up.
    Cancelled,
    /// Nothing was sent: the policy holds requests back ([`Admission::Stop`](crate::Admission::Stop)).
    Held,
}

/// What a response means under the built-in dialects; `None` where nothing failed.
///
/// Total: any status, headers and bytes give an answer.
#[must_use]
pub fn classify(response: &Response<'_>) -> Option<Failure> {
    Dialects::default().classify(response)
}

impl Dialects {
    /// The built-in dialects alone.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dialect that outranks the built-in ones.
    #[must_use]
    pub fn with(mut self, dialect: Dialect) -> Self {
        self.own.push(dialect.tree);
        self
    }

    /// Reads every response to a URL below `prefix` with this dialect, whatever it looks like: for an API behind a proxy of your own.
    #[must_use]
    pub fn pin(mut self, prefix: &str, dialect: Dialect) -> Self {
        self.pins.push((Cow::Owned(prefix.to_owned()), dialect.tree));
        self
    }

    /// Loads a JSON list of dialects, or a JSON object from URL prefix to a dialect or the id of a built-in one.
    ///
    /// # Errors
    /// The place, as a JSON Pointer, and the reason.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        Ok(match load(text, &CATALOG)?.into_owned() {
            Tree::List(own) => Self { own, pins: Vec::new() },
            Tree::Map(pins) => Self { own: Vec::new(), pins },
            _ => Self::default(),
        })
    }

    fn catalog(&self) -> Catalog<'_> {
        Catalog { own: &self.own, pins: &self.pins }
    }

    /// What a response means; `None` where nothing failed.
    ///
    /// Total: any status, headers and bytes give an answer.
    #[must_use]
    pub fn classify(&self, response: &Response<'_>) -> Option<Failure> {
        let content = response.content();
        // Invalid UTF-8 becomes U+FFFD, as in a browser's `TextDecoder`. The first is faster, where it can be.
        let text = str::from_utf8(content).map_or_else(|_| String::from_utf8_lossy(content), Cow::Borrowed);
        self.catalog().classify(response, &text)
    }

    /// Where the API at that URL reads its idempotency key: where its dialect says, or in the header `Idempotency-Key`.
    #[must_use]
    pub fn key_place(&self, url: &str) -> KeyPlace<'_> {
        self.catalog().key_place(url)
    }
}

/// How the names of headers end in which a server names the occurrence, in the order of trust: those of caches and CDNs last.
const REQUEST_ID: [&str; 22] = [
    "x-request-id",
    "request-id",
    "requestid",
    "req-id",
    "debug-id",
    "correlation-id",
    "correlationid",
    "activity-id",
    "tracking-id",
    "trackingid",
    "transaction-id",
    "tracetoken",
    "trace-id",
    "traceid",
    "x-li-uuid",
    "rlogid",
    "x-vercel-id",
    "rndr-id",
    "x-cloud-trace-context",
    "traceparent",
    "x-amz-cf-id",
    "cf-ray",
];

/// The id in a header; one that the client has given itself does not count. Of two that end alike the one with the shorter name: the order of
/// headers is not the server's, a page gets them sorted.
fn request_id<'r>(response: &Response<'r>) -> Option<&'r str> {
    REQUEST_ID.iter().find_map(|ending| {
        let names = |name: &str| {
            let start = name.len().checked_sub(ending.len());
            start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
                && find(&name.to_ascii_lowercase(), "client").is_none()
        };
        let mut found: Option<(&str, &str)> = None;
        for (name, value) in response.headers {
            if names(name)
                && found.is_none_or(|(shortest, _)| name.len() < shortest.len())
                && let Some(value) = filled(value)
            {
                found = Some((name, value));
            }
        }
        found.map(|(_, value)| value)
    })
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

impl Catalog<'_> {
    /// `text` is the content of the response.
    pub(crate) fn classify(self, response: &Response<'_>, text: &str) -> Option<Failure> {
        let status = response.status;
        let succeeded = (200..300).contains(&status);
        if status < 400 && !succeeded {
            return None;
        }
        let body = body::read(text);
        let clock_ms = delay::clock_ms(response);
        let host = response.host().to_ascii_lowercase();
        let evidence = Evidence { response, host: &host, body: &body, clock_ms };
        let header = |name: &str| response.header(name).filter(|value| !value.is_empty());

        let dialect = self.select(evidence);
        let mut reading = generic::read(&body, status, clock_ms, &host);
        let is_own_code = dialect.is_some_and(|dialect| dialect::read(dialect, evidence, &mut reading));
        reading.code = reading.code.or_else(|| generic::code_header(response));
        reading.code = reading.code.or_else(|| generic::challenge(response, "error"));
        let judge = |dialect| dialect::judge(dialect, reading.code, evidence);
        let mut judgement = dialect.map(judge).unwrap_or_default();
        // What a vendor says nothing of may be in the words of a standard: OAuth, GraphQL.
        if judgement.is_silent() && dialect.is_some_and(dialect::names_host) {
            judgement = dialect::standard(evidence).map(judge).unwrap_or_default();
        }
        if succeeded && !generic::is_error(&body, response) && !(is_own_code && judgement.kind.is_some()) {
            return None;
        }

        // What the status says, or that of the envelope.
        let known = if succeeded { reading.status.unwrap_or(0) } else { status };
        let has_retry_after = header("retry-after").is_some();
        let by_status = status::kind_with_delay(known, has_retry_after);
        let words = match reading.code {
            Some(code) if !judgement.is_generic => words::look_up(code, known == 0 || known == 400),
            _ => Words::default(),
        };
        let mut kind = judgement.kind.or(words.kind).unwrap_or(by_status);
        if known == 413 {
            kind = by_status;
        }
        let mut failure = Failure::new(kind);
        failure.status = Some(status);
        failure.dialect = dialect.map(|dialect| dialect::id(dialect).to_owned());

        let (pushback_ms, is_pushed_back) = delay::pushback(response);
        let in_header = pushback_ms.or_else(|| delay::milliseconds_header(response, clock_ms));
        failure.retry_after_ms =
            in_header.or(reading.retry_after_ms).or_else(|| delay::retry_after_header(response, clock_ms));
        failure.retry_after_from = failure.retry_after_ms.map(|_| {
            if in_header.is_none() && reading.retry_after_ms.is_some() {
                Source::Body
            } else {
                Source::Header
            }
        });
        let mut is_long = false;
        if kind == Kind::RateLimited {
            let limit = delay::limits(response, clock_ms);
            failure.retry_after_ms = failure.retry_after_ms.or(limit.delay_ms);
            failure.retry_after_from = failure.retry_after_from.or(limit.delay_ms.map(|_| Source::Header));
            failure.bucket = limit.bucket;
            is_long = limit.is_long;
        }
        failure.should_retry =
            ["x-should-retry", "stripe-should-retry"].into_iter().find_map(|name| match header(name) {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            });
        if is_pushed_back {
            failure.should_retry = Some(false);
        }
        let is_untold = words.until_told && judgement.kind.is_none() && failure.retry_after_ms.is_none();
        let no_hope = if is_long {
            Some(Source::Header)
        } else if failure.retry_after_ms.is_some_and(|delay| delay > DAY_MS) {
            failure.retry_after_from
        } else if reading.transient == Some(false) {
            Some(Source::Body)
        } else {
            is_untold.then_some(Source::Code)
        };
        let by_status = if kind == by_status { status::transient(known, has_retry_after) } else { None };
        let by_kind = match (judgement.kind, words.kind) {
            (Some(_), _) => Source::Dialect,
            (None, Some(_)) => Source::Code,
            (None, None) => Source::Status,
        };
        failure.judge_transient(&[
            (failure.should_retry, Source::Header),
            (judgement.transient, Source::Dialect),
            (no_hope.map(|_| false), no_hope.unwrap_or(Source::Header)),
            (words.transient, Source::Code),
            (by_status, Source::Status),
            (Some(kind.is_transient()), by_kind),
        ]);

        failure.describe(response, body.format == Format::None, reading);
        if let Some(dialect) = dialect {
            dialect::advise(dialect, &mut failure);
        }
        let data = body.tree.member("data").map(Tree::as_map).unwrap_or_default();
        if succeeded && data.iter().any(|(_, part)| !matches!(part, Tree::Null)) {
            // A part was done: the same request would do it twice.
            failure.advice.max_attempts = Some(1);
        }
        failure.complete_advice();
        Some(failure)
    }
}

impl Failure {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            status: None,
            code: None,
            message: None,
            fields: Vec::new(),
            request_id: None,
            docs_url: None,
            retry_after_ms: None,
            retry_after_from: None,
            bucket: None,
            transient: kind.is_transient(),
            transient_from: Source::Transport,
            should_retry: None,
            dialect: None,
            advice: Advice::default(),
        }
    }

    /// What the response says for people, and for their support.
    fn describe(&mut self, response: &Response<'_>, is_empty: bool, reading: Reading<'_>) {
        self.request_id = reading.request_id.or_else(|| request_id(response)).map(str::to_owned);
        let challenge = |name| if is_empty { generic::challenge(response, name) } else { None };
        // A dialect may have found its code where the message stands.
        let said = reading.message.filter(|message| Some(*message) != reading.code);
        let message = said.or_else(|| challenge("error_description")).map(str::to_owned);
        self.message = if is_empty { message.or_else(|| generic::grpc_message(response)) } else { message };
        self.docs_url = reading
            .docs_url
            .or_else(|| challenge("error_uri").filter(|link| generic::is_web_url(link)))
            .map(str::to_owned);
        self.code = reading.code.map(str::to_owned);
        self.fields = reading.fields;
    }

    /// Would it pass? The first that says something is right.
    fn judge_transient(&mut self, answers: &[(Option<bool>, Source)]) {
        if let Some((Some(answer), source)) = answers.iter().find(|(answer, _)| answer.is_some()) {
            (self.transient, self.transient_from) = (*answer, *source);
        }
    }

    /// What to do next where the documentation says nothing, and what helps wherever the fault is theirs.
    fn complete_advice(&mut self) {
        let steps = &mut self.advice.steps;
        if steps.is_empty() {
            steps.extend_from_slice(match self.kind {
                Kind::InvalidRequest => &[Step::FixRequest],
                Kind::Unauthenticated => &[Step::CheckCredentials],
                Kind::PaymentRequired => &[Step::SettlePayment],
                Kind::PermissionDenied => &[Step::RequestAccess],
                Kind::NotFound => &[Step::CheckAddress],
                Kind::Conflict => &[Step::ReloadAndRedo],
                Kind::RateLimited => &[Step::SlowDown, Step::RetryLater],
                Kind::Network => &[Step::CheckConnection, Step::RetryLater],
                Kind::Cancelled => &[],
                _ if self.transient => &[Step::RetryLater],
                _ => &[Step::RecordRequest],
            });
        }
        let is_theirs = matches!(self.kind, Kind::ServerError | Kind::BadGateway | Kind::Unknown);
        if is_theirs && self.request_id.is_some() {
            steps.push(Step::QuoteRequestId);
        }
    }
}

impl From<Transport> for Failure {
    fn from(transport: Transport) -> Self {
        let mut failure = Self::new(match transport {
            Transport::Network => Kind::Network,
            Transport::Timeout => Kind::Timeout,
            Transport::Cancelled => Kind::Cancelled,
            Transport::Held => Kind::Unavailable,
        });
        if transport == Transport::Network {
            // Browsers have sent it again themselves before they report this: once more, and late.
            failure.advice.max_attempts = Some(2);
            failure.advice.min_delay_ms = Some(500);
        }
        failure.complete_advice();
        failure
    }
}
