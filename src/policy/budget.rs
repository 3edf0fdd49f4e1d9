//! A bucket of tokens that keeps a partition from retrying more than its successes justify.

/// Limits the retries of a partition: one token each, some given back per success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Tokens at the start and at most. Default 6.
    pub tokens: f64,
    /// Tokens given back per success. Default 0.4.
    pub refill: f64,
}

impl Budget {
    pub(crate) const DEFAULT: Self = Self { tokens: 6.0, refill: 0.4 };

    /// Takes one token, or refuses.
    pub(crate) fn take(&self, left: &mut f64) -> bool {
        // A budget that was lowered counts at once.
        *left = left.min(self.tokens);
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }

    pub(crate) fn give_back(&self, left: &mut f64, successes: f64) {
        *left = (*left + self.refill * successes).min(self.tokens);
    }
}
