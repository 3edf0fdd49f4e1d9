//! A failure, the request and the call so far become a decision.

use super::backoff::between;
use super::breaker::Outcome;
use super::partition::Partition;
use super::ticket::Ticket;
use super::{Policy, RetryAfter};
use crate::failure::{Failure, Kind};

/// What the policy needs to know about the request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The HTTP method, in any letter case.
    pub method: &'a str,
    /// It carries an idempotency key.
    pub keyed: bool,
    /// Its body can be produced again.
    pub replayable: bool,
    /// The path of its URL: the endpoint that it is for. Empty: not known.
    pub path: &'a str,
    /// The bucket that an earlier answer of this endpoint named, where one did.
    pub bucket: Option<&'a str>,
}

impl Request<'_> {
    /// A read.
    #[must_use]
    pub const fn get() -> Self {
        Self { method: "GET", keyed: false, replayable: true, path: "", bucket: None }
    }
}

/// Where the call stands.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The number of the send that just failed; the first is 1.
    pub attempt: u32,
    /// Milliseconds since the call began.
    pub elapsed_ms: u64,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Uniform in 0..1, from a good source: it is what keeps clients from returning in step.
    pub random: f64,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The last send succeeded.
    Success,
    /// The identical request would fail again.
    NotTransient,
    /// The server said not to send it again.
    ServerVeto,
    /// The request may have taken effect, and repeating it could do it twice.
    NotIdempotent,
    /// The body was a stream and is gone.
    BodyNotReplayable,
    /// As often as the policy or the vendor allows.
    AttemptsExhausted,
    /// The next send would begin after the deadline.
    DeadlineExceeded,
    /// The server asks for a longer wait than the deadline leaves.
    RetryAfterTooLong,
    /// The partition has retried as much as its successes justify.
    BudgetExhausted,
    /// The partition's circuit breaker holds requests back.
    CircuitOpen,
    /// The caller gave up.
    Aborted,
}

impl Reason {
    /// The stable `snake_case` name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::NotTransient => "not_transient",
            Self::ServerVeto => "server_veto",
            Self::NotIdempotent => "not_idempotent",
            Self::BodyNotReplayable => "body_not_replayable",
            Self::AttemptsExhausted => "attempts_exhausted",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::RetryAfterTooLong => "retry_after_too_long",
            Self::BudgetExhausted => "budget_exhausted",
            Self::CircuitOpen => "circuit_open",
            Self::Aborted => "aborted",
        }
    }
}

/// Send it again, or stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send it again.
    Retry {
        /// After this many milliseconds.
        delay_ms: u64,
    },
    /// Hand the failure to the caller.
    Stop {
        /// Why.
        reason: Reason,
        /// The earliest sensible time to try again, in milliseconds since the Unix epoch, where one is known.
        retry_at_ms: Option<u64>,
        /// The write may have taken effect although its answer was lost.
        maybe_applied: bool,
        /// Hand it over after so long: 0, but for a budget that says `linger`.
        delay_ms: u64,
    },
}

#[cfg(feature = "serde")]
impl serde::Serialize for Decision {
    /// Of one shape, whatever the decision: `{retry, delayMs, reason, retryAt, maybeApplied}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let (delay_ms, reason, retry_at_ms, maybe_applied) = match *self {
            Self::Retry { delay_ms } => (Some(delay_ms), None, None, false),
            Self::Stop { reason, retry_at_ms, maybe_applied, delay_ms } => {
                let delay_ms = if delay_ms > 0 { Some(delay_ms) } else { None };
                (delay_ms, Some(reason), retry_at_ms, maybe_applied)
            }
        };
        let mut decision = serializer.serialize_struct("Decision", 5)?;
        decision.serialize_field("retry", &reason.is_none())?;
        decision.serialize_field("delayMs", &delay_ms)?;
        decision.serialize_field("reason", &reason.map(Reason::name))?;
        decision.serialize_field("retryAt", &retry_at_ms)?;
        decision.serialize_field("maybeApplied", &maybe_applied)?;
        decision.end()
    }
}

impl Policy {
    /// Decides about a failed send, and notes the failure in the partition: its breaker counts it, its gate closes
    /// where the server stated a delay, and its budget pays for a retry.
    #[must_use]
    pub fn decide(
        &self,
        failure: &Failure,
        request: Request<'_>,
        progress: Progress,
        ticket: &mut Ticket,
        partition: &mut Partition,
    ) -> Decision {
        let now_ms = progress.now_ms;
        if let Some(breaker) = &self.breaker {
            match outcome(failure) {
                Some(outcome) => {
                    breaker.note(&mut partition.circuit, outcome, ticket, now_ms, progress.random);
                }
                None => partition.circuit.give_up(ticket, now_ms),
            }
        }
        if let Some(gate) = &self.gate {
            gate.close(&mut partition.barriers, failure, request, now_ms);
        }
        let wait = self.wait(failure, progress);
        let mut delay_ms = 0;
        let refused = self.refusal(failure, request, progress, &wait);
        if let Some(budget) =
            self.budget.filter(|budget| budget.charge_failures && refused.is_some() && failure.transient)
        {
            budget.take(&mut partition.purse, budget.cost_milli(failure), now_ms);
        }
        let refusal = refused.or_else(|| {
            let budget = self.budget.as_ref()?;
            // The first retry waits for the breaker, and is only sent when another request has shown that the server is
            // back. Not what timed out: a server that is too slow would never be rid of it.
            if partition.circuit.is_open()
                && progress.attempt == 1
                && outcome(failure) != Some(Outcome::TimedOut)
            {
                return None;
            }
            let cost_milli = budget.cost_milli(failure);
            if budget.take(&mut partition.purse, cost_milli, now_ms) {
                ticket.cost_milli = cost_milli;
                return None;
            }
            if budget.linger {
                delay_ms = wait.delay_ms;
            }
            Some(Reason::BudgetExhausted)
        });
        match refusal {
            None => {
                if wait.stated_ms.is_some() {
                    // It has drawn its moment for the gate that it closed.
                    (ticket.parked_ms, ticket.due_ms) = (now_ms.max(1), now_ms.saturating_add(wait.delay_ms));
                }
                Decision::Retry { delay_ms: wait.delay_ms }
            }
            Some(reason) => Decision::Stop {
                reason,
                retry_at_ms: wait.stated_ms.map(|stated| now_ms.saturating_add(stated)),
                maybe_applied: maybe_applied(failure, request),
                delay_ms,
            },
        }
    }

    /// Notes that a send succeeded.
    pub fn succeed(
        &self,
        request: Request<'_>,
        progress: Progress,
        ticket: &mut Ticket,
        partition: &mut Partition,
    ) {
        if let Some(budget) = &self.budget {
            let refund =
                if budget.refund && ticket.cost_milli > 0 { ticket.cost_milli } else { budget.refill_milli };
            budget.give(&mut partition.purse, refund, progress.now_ms);
            ticket.cost_milli = 0;
        }
        if let Some(breaker) = &self.breaker {
            breaker.note(&mut partition.circuit, Outcome::Alive, ticket, progress.now_ms, progress.random);
        }
        let sent_ms = ticket.sent_ms;
        partition
            .barriers
            .retain(|barrier| !barrier.concerns(request) || sent_ms > 0 && sent_ms <= barrier.at_ms);
    }

    /// The first rule that forbids another send, in the order of authority.
    fn refusal(
        &self,
        failure: &Failure,
        request: Request<'_>,
        progress: Progress,
        wait: &Wait,
    ) -> Option<Reason> {
        if failure.kind == Kind::Cancelled && failure.status.is_none() {
            return Some(Reason::Aborted);
        }
        if failure.should_retry == Some(false) {
            return Some(Reason::ServerVeto);
        }
        let permitted = failure.should_retry == Some(true);
        let saved = request.keyed && failure.advice.saved_under_key;
        if (!failure.transient && !permitted) || saved {
            let only_too_long = wait.too_long && failure.kind.is_transient() && !saved;
            return Some(if only_too_long { Reason::RetryAfterTooLong } else { Reason::NotTransient });
        }
        if !is_repeatable(failure, request) {
            return Some(Reason::NotIdempotent);
        }
        if !request.replayable {
            return Some(Reason::BodyNotReplayable);
        }
        let allowed = failure.advice.max_attempts.unwrap_or(u32::MAX).min(self.max_attempts);
        if progress.attempt >= allowed {
            return Some(Reason::AttemptsExhausted);
        }
        if wait.too_long {
            return Some(Reason::RetryAfterTooLong);
        }
        wait.too_late.then_some(Reason::DeadlineExceeded)
    }

    fn wait(&self, failure: &Failure, progress: Progress) -> Wait {
        let stated_ms = failure.retry_after_ms.max(failure.advice.min_delay_ms);
        let left_ms = self.left_ms(progress);
        let throttled = failure.kind == Kind::RateLimited;
        let own_ms = self.backoff.delay_ms(progress.attempt, throttled, progress.random);
        let is_over = self.deadline_ms.is_some_and(|deadline| progress.elapsed_ms > u64::from(deadline));
        let delay_ms = match (stated_ms, self.retry_after) {
            (None, _) => own_ms,
            (Some(stated), RetryAfter::Exactly { max_ms }) => stated.min(max_ms.into()),
            (Some(stated), RetryAfter::Within { over_ms }) => {
                stated.clamp(own_ms, own_ms.saturating_add(over_ms.into()))
            }
            // On top of what was asked for, never below it: a herd that obeys exactly returns as a herd. A spread that
            // would miss the deadline is narrowed; a stated wait never is.
            (Some(stated), RetryAfter::AtLeast) => {
                let gate_ms = match &self.gate {
                    Some(gate) if failure.retry_after_ms.is_some() => {
                        gate.draw_ms(0, stated, progress.random)
                    }
                    _ => 0,
                };
                let spread_ms = stated.saturating_add(own_ms).max(gate_ms);
                if spread_ms > left_ms {
                    between(stated, left_ms.max(stated), progress.random)
                } else {
                    spread_ms
                }
            }
        };
        let too_long = matches!(self.retry_after, RetryAfter::AtLeast)
            && stated_ms.is_some_and(|stated| stated > left_ms);
        Wait {
            stated_ms,
            too_long: too_long || delay_ms > MAX_TIMER_MS,
            too_late: is_over || delay_ms > left_ms,
            delay_ms,
        }
    }
}

/// What a failure says of the server; nothing where the caller gave up.
fn outcome(failure: &Failure) -> Option<Outcome> {
    match (failure.status, failure.kind) {
        (None, Kind::Cancelled) => None,
        (None, Kind::Timeout) => Some(Outcome::TimedOut),
        (None | Some(500..), _) => Some(Outcome::Failed),
        _ => Some(Outcome::Alive),
    }
}

/// The longest wait a browser's timer can keep: 2^31 - 1 ms.
const MAX_TIMER_MS: u64 = i32::MAX as u64;

struct Wait {
    /// What the server or its vendor's documentation asks for.
    stated_ms: Option<u64>,
    delay_ms: u64,
    /// What is asked for does not fit the deadline.
    too_long: bool,
    /// Our own wait does not fit the deadline.
    too_late: bool,
}

/// RFC 9110 section 9.2.2, a key, or an answer that proves that nothing was done.
fn is_repeatable(failure: &Failure, request: Request<'_>) -> bool {
    let methods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"];
    is_one_of(request.method, &methods) || request.keyed || proves_nothing_done(failure)
}

/// The server refused before it did anything.
fn proves_nothing_done(failure: &Failure) -> bool {
    failure.kind == Kind::RateLimited
        || match failure.status {
            // RFC 9110 15.5.20; RFC 8470 5.2; RFC 6585 4.
            Some(421 | 425 | 429) => true,
            Some(503) => failure.retry_after_ms.is_some(),
            _ => false,
        }
}

/// The write may have taken effect although its answer was lost.
pub(crate) fn maybe_applied(failure: &Failure, request: Request<'_>) -> bool {
    let ambiguous = matches!(
        failure.kind,
        Kind::ServerError
            | Kind::BadGateway
            | Kind::Unavailable
            | Kind::Timeout
            | Kind::Network
            | Kind::Cancelled
            | Kind::Unknown
    );
    let reads = is_one_of(request.method, &["GET", "HEAD", "OPTIONS", "TRACE"]);
    ambiguous && !reads && !proves_nothing_done(failure)
}

fn is_one_of(method: &str, methods: &[&str]) -> bool {
    methods.iter().any(|known| known.eq_ignore_ascii_case(method))
}
