//! A bucket of tokens that keeps a partition from retrying more than its successes justify.

use crate::failure::{Failure, Kind};

/// Limits the retries of a partition. All tokens are in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Tokens at the start, and at most where they do not expire. Default 6000.
    pub tokens_milli: u32,
    /// Tokens given back by a success. Default 400.
    pub refill_milli: u32,
    /// Tokens given by the first send of a call (Finagle, tower: their ratio). Default 0.
    pub per_call_milli: u32,
    /// What a retry costs. Default 1000.
    pub cost_milli: u32,
    /// What it costs after a failure that was a limit. Default: the same (AWS: 5000, beside 14 000).
    pub throttled_cost_milli: Option<u32>,
    /// What it costs where no response came in time. Default 2000 (AWS until 2026: 10 000, beside 5000).
    pub timeout_cost_milli: Option<u32>,
    /// A success after a retry gives back what that retry cost, instead of `refill_milli` (AWS). Default false.
    pub refund: bool,
    /// Every transient failure costs, whether it is retried or not (gRPC A6). Default false.
    pub charge_failures: bool,
    /// No retry while no more than this is left (gRPC A6: half of the tokens). Default 0.
    pub floor_milli: u32,
    /// What was taken or given is forgotten after this long, in milliseconds; 0: never. Default 0 (Finagle, tower: 1 to 60 s).
    pub window_ms: u32,
    /// Without tokens the failure is handed out only after the wait (AWS, long polling). Default false.
    pub linger: bool,
}

/// What a partition has of its budget: all zeros when it is untouched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purse {
    /// The tokens above the start (or, negative, below it), in thousandths.
    pub(crate) milli: i64,
    /// The same of the window before.
    pub(crate) before_milli: i64,
    /// When the window began.
    pub(crate) began_ms: u64,
}

impl Budget {
    pub(crate) const DEFAULT: Self = Self {
        tokens_milli: 6000,
        refill_milli: 400,
        per_call_milli: 0,
        cost_milli: 1000,
        throttled_cost_milli: None,
        timeout_cost_milli: Some(2000),
        refund: false,
        charge_failures: false,
        floor_milli: 0,
        window_ms: 0,
        linger: false,
    };

    /// What a retry after this failure costs.
    pub(crate) fn cost_milli(&self, failure: &Failure) -> u32 {
        let own = match failure.kind {
            Kind::RateLimited => self.throttled_cost_milli,
            Kind::Timeout if failure.status.is_none() => self.timeout_cost_milli,
            _ => None,
        };
        own.unwrap_or(self.cost_milli)
    }

    /// What is left.
    pub(crate) fn left_milli(&self, purse: &mut Purse, now_ms: u64) -> i64 {
        let mut before = 0;
        if self.window_ms > 0 {
            let window = u64::from(self.window_ms);
            let mut age = now_ms.saturating_sub(purse.began_ms);
            if age >= 2 * window {
                *purse = Purse { began_ms: now_ms, ..Purse::default() };
                age = 0;
            } else if age >= window {
                age -= window;
                *purse = Purse { milli: 0, before_milli: purse.milli, began_ms: purse.began_ms + window };
            }
            let rest = i64::try_from(window - age).unwrap_or(0);
            before = purse.before_milli * rest / i64::from(self.window_ms);
        } else {
            // A budget that was lowered counts at once.
            purse.milli = purse.milli.clamp(-i64::from(self.tokens_milli), 0);
        }
        i64::from(self.tokens_milli) + purse.milli + before
    }

    /// Takes the cost of a retry, or refuses; a failure that is not retried costs only where all failures do.
    pub(crate) fn take(&self, purse: &mut Purse, cost_milli: u32, now_ms: u64) -> bool {
        let left = self.left_milli(purse, now_ms) - i64::from(cost_milli);
        let enough = if self.floor_milli > 0 { left > i64::from(self.floor_milli) } else { left >= 0 };
        if enough || self.charge_failures {
            purse.milli -= i64::from(cost_milli);
        }
        enough
    }

    pub(crate) fn give(&self, purse: &mut Purse, milli: u32, now_ms: u64) {
        self.left_milli(purse, now_ms);
        purse.milli += i64::from(milli);
        self.left_milli(purse, now_ms);
    }
}
