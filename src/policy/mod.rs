//! What to do about a failure: every limit, and the decision they lead to.

mod admit;
mod backoff;
mod basis;
mod breaker;
mod budget;
mod decide;
mod gate;
mod load;
mod partition;
mod ticket;

pub use admit::Admission;
pub use backoff::{Backoff, Jitter};
pub use basis::{Basis, Input};
pub use breaker::{Breaker, Trip};
pub use budget::Budget;
#[cfg(feature = "wasm")]
pub(crate) use decide::maybe_applied;
pub use decide::{Decision, Progress, Reason, Request};
pub use gate::Gate;
#[cfg(feature = "wasm")]
pub(crate) use load::POLICY;
pub use partition::Partition;
pub use ticket::Ticket;

/// Whether, when and how often to send again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Sends per call, the first included (gRPC A6). 1 to 100, default 4.
    pub max_attempts: u32,
    /// Our own wait.
    pub backoff: Backoff,
    /// What becomes of a delay that the server states. Default [`RetryAfter::AtLeast`].
    pub retry_after: RetryAfter,
    /// No wait ends and no send starts later than this after the call began, in milliseconds; a send in progress is
    /// never cut short. Default 12 000; `None`: no limit.
    pub deadline_ms: Option<u32>,
    /// Retries per success, by partition. `None`: no budget.
    pub budget: Option<Budget>,
    /// Who waits when the server states a delay, by partition. `None`: only the call that it was told.
    pub gate: Option<Gate>,
    /// Holds requests back while the server is down, by partition. `None`: never.
    pub breaker: Option<Breaker>,
}

/// What becomes of a delay that the server states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// It is kept, and spread upwards; one that does not fit the deadline ends the call.
    AtLeast,
    /// It takes the place of our own wait (gRPC A6; AWS until 2026, with a limit).
    Exactly {
        /// The longest that is kept, in milliseconds.
        max_ms: u32,
    },
    /// It is kept within our own wait and a little more (AWS from 2026: 5 s).
    Within {
        /// How much more, in milliseconds.
        over_ms: u32,
    },
}

impl Policy {
    /// For a page with a person waiting: 4 sends in 12 seconds, a budget of 6 retries, and no part in an outage.
    pub const DEFAULT: Self = Self {
        max_attempts: 4,
        backoff: Backoff {
            base_ms: 1000,
            throttled_base_ms: None,
            multiplier_milli: 2000,
            step_ms: 0,
            min_ms: 0,
            max_ms: 10_000,
            jitter: Jitter::FULL,
        },
        retry_after: RetryAfter::AtLeast,
        deadline_ms: Some(12_000),
        budget: Some(Budget::DEFAULT),
        gate: Some(Gate::DEFAULT),
        breaker: Some(Breaker::DEFAULT),
    };

    /// The default that keeps a person waiting for 2 seconds at most while the server is down.
    pub const BRISK: Self =
        Self { breaker: Some(Breaker { hold_ms: 2000, ..Breaker::DEFAULT }), ..Self::DEFAULT };

    /// For background work and back ends: 8 sends in 5 minutes, waits of up to a minute.
    pub const PATIENT: Self = Self {
        max_attempts: 8,
        backoff: Backoff { max_ms: 60_000, ..Self::DEFAULT.backoff },
        deadline_ms: Some(300_000),
        ..Self::DEFAULT
    };

    /// Understand failures, send nothing again, hold nothing back.
    pub const NONE: Self = Self { max_attempts: 1, gate: None, breaker: None, ..Self::DEFAULT };

    /// The standard mode of the AWS SDKs (retry specification 2.1).
    pub const AWS_STANDARD: Self = Self {
        max_attempts: 3,
        backoff: Backoff {
            base_ms: 50,
            throttled_base_ms: Some(1000),
            max_ms: 20_000,
            ..Self::DEFAULT.backoff
        },
        retry_after: RetryAfter::Within { over_ms: 5000 },
        deadline_ms: None,
        budget: Some(Budget {
            tokens_milli: 500_000,
            refill_milli: 1000,
            cost_milli: 14_000,
            throttled_cost_milli: Some(5000),
            timeout_cost_milli: None,
            refund: true,
            ..Budget::DEFAULT
        }),
        gate: None,
        breaker: None,
    };

    /// gRPC's retries and throttling (gRFC A6), with the numbers of its examples.
    pub const GRPC: Self = Self {
        max_attempts: 5,
        backoff: Backoff {
            base_ms: 100,
            max_ms: 1000,
            jitter: Jitter { from_milli: 800, to_milli: 1200, plus_ms: 0 },
            ..Self::DEFAULT.backoff
        },
        retry_after: RetryAfter::Exactly { max_ms: i32::MAX as u32 },
        deadline_ms: None,
        budget: Some(Budget {
            tokens_milli: 10_000,
            refill_milli: 100,
            timeout_cost_milli: None,
            charge_failures: true,
            floor_milli: 5000,
            ..Budget::DEFAULT
        }),
        gate: None,
        breaker: None,
    };
}

impl Default for Policy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
