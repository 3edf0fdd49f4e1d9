//! The state that a set of requests shares, by default all to one origin.

use super::Policy;

/// What a policy remembers about a partition between calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partition {
    pub(crate) tokens: f64,
}

impl Partition {
    /// A partition of which nothing is known: its budget is full.
    #[must_use]
    pub fn new() -> Self {
        Self { tokens: f64::INFINITY }
    }
}

impl Default for Partition {
    fn default() -> Self {
        Self::new()
    }
}

impl Policy {
    /// Tells the partition that `successes` requests have succeeded.
    pub fn succeed(&self, partition: &mut Partition, successes: u32) {
        if let Some(budget) = self.budget {
            budget.give_back(&mut partition.tokens, f64::from(successes));
        }
    }
}
