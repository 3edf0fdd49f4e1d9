//! What to do about a failure: every limit, and the decision they lead to.

mod backoff;
mod budget;
mod decide;
mod load;
mod partition;

pub use backoff::{Backoff, Jitter};
pub use budget::Budget;
pub use decide::{Decision, Progress, Reason, Request};
#[cfg(feature = "wasm")]
pub(crate) use load::POLICY;
pub use partition::Partition;

/// Whether, when and how often to send again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Sends per call, the first included (gRPC A6). 1 to 100, default 4.
    pub max_attempts: u32,
    /// Our own wait.
    pub backoff: Backoff,
    /// No wait ends and no send starts later than this after the call began, in milliseconds; a send in progress is
    /// never cut short. Default 12 000; `None`: no limit.
    pub deadline_ms: Option<u32>,
    /// Retries per success, by partition. `None`: no budget.
    pub budget: Option<Budget>,
}

impl Policy {
    /// For a page with a person waiting: 4 sends in 12 seconds, a budget of 6 retries.
    pub const DEFAULT: Self = Self {
        max_attempts: 4,
        backoff: Backoff { base_ms: 1000, multiplier: 2.0, max_ms: 10_000, jitter: Jitter::Full },
        deadline_ms: Some(12_000),
        budget: Some(Budget::DEFAULT),
    };

    /// For background work and back ends: 8 sends in 5 minutes, waits of up to a minute.
    pub const PATIENT: Self = Self {
        max_attempts: 8,
        backoff: Backoff { max_ms: 60_000, ..Self::DEFAULT.backoff },
        deadline_ms: Some(300_000),
        ..Self::DEFAULT
    };

    /// Understand failures, send nothing again.
    pub const NONE: Self = Self { max_attempts: 1, ..Self::DEFAULT };
}

impl Default for Policy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
