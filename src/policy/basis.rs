//! What a decision rests on, and what would have changed it.

use super::Policy;
use super::decide::{Decision, Progress, Reason};
use super::ticket::Ticket;
use crate::failure::{Failure, Kind};

/// What a decision rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Basis {
    /// The inputs that decided, the weightiest first.
    pub inputs: Vec<Input>,
    /// What would have changed it, where that is in the caller's hands: a limit of the policy, or a part of the request.
    pub remedy: Option<&'static str>,
}

/// An input of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Input {
    /// Where it stands: `failure.retryAfterMs`, `policy.deadlineMs`, `request.method`. The names are stable.
    pub name: &'static str,
    /// Its number, where it is one.
    pub value: Option<u64>,
}

impl Basis {
    fn of(inputs: &[(&'static str, Option<u64>)], remedy: Option<&'static str>) -> Self {
        Self { inputs: inputs.iter().map(|&(name, value)| Input { name, value }).collect(), remedy }
    }

    /// Of an [`Admission`](super::Admission) that is not to send, for the call's ticket.
    #[must_use]
    pub fn of_hold(ticket: &Ticket) -> Self {
        let name = if ticket.parked_ms > 0 { "policy.gate" } else { "policy.breaker" };
        Self::of(&[(name, None)], Some(name))
    }
}

impl Policy {
    /// What a decision of this policy rests on.
    #[must_use]
    pub fn basis(&self, decision: &Decision, failure: &Failure, progress: Progress) -> Basis {
        let advice = &failure.advice;
        let stated = if failure.retry_after_ms >= advice.min_delay_ms {
            ("failure.retryAfterMs", failure.retry_after_ms)
        } else {
            ("failure.advice.minDelayMs", advice.min_delay_ms)
        };
        let deadline = ("policy.deadlineMs", self.deadline_ms.map(u64::from));
        let Decision::Stop { reason, .. } = decision else {
            let throttled = failure.kind == Kind::RateLimited;
            let bound_ms = self.backoff.delay_ms(progress.attempt, throttled, 1.0);
            let backoff = ("policy.backoff", Some(bound_ms));
            return match stated.1 {
                Some(_) => Basis::of(&[stated, backoff], None),
                None => Basis::of(&[backoff], Some(backoff.0)),
            };
        };
        match reason {
            Reason::Success => Basis::default(),
            Reason::NotTransient if advice.saved_under_key => {
                Basis::of(&[("failure.advice.savedUnderKey", None)], Some("request.idempotencyKey"))
            }
            Reason::NotTransient => Basis::of(&[("failure.transient", None)], Some("request")),
            Reason::ServerVeto => Basis::of(&[("failure.shouldRetry", None)], None),
            Reason::NotIdempotent => Basis::of(&[("request.method", None)], Some("request.idempotencyKey")),
            Reason::BodyNotReplayable => Basis::of(&[("request.body", None)], Some("request.body")),
            Reason::AttemptsExhausted => match advice.max_attempts {
                Some(most) if most < self.max_attempts => {
                    Basis::of(&[("failure.advice.maxAttempts", Some(most.into()))], None)
                }
                _ => {
                    let limit = "policy.maxAttempts";
                    Basis::of(&[(limit, Some(self.max_attempts.into()))], Some(limit))
                }
            },
            Reason::DeadlineExceeded => Basis::of(&[deadline], Some(deadline.0)),
            Reason::RetryAfterTooLong => Basis::of(&[stated, deadline], Some(deadline.0)),
            Reason::BudgetExhausted => {
                let tokens = self.budget.map(|budget| u64::from(budget.tokens_milli / 1000));
                Basis::of(&[("policy.budget", tokens)], Some("policy.budget"))
            }
            Reason::CircuitOpen => Basis::of(&[("policy.breaker", None)], Some("policy.breaker")),
            Reason::Aborted => Basis::of(&[("request.signal", None)], None),
        }
    }
}
