//! The state that a set of requests shares, by default all to one origin.

use super::breaker::Circuit;
use super::budget::Purse;
use super::gate::Barrier;

/// What a policy remembers about a partition between calls: numbers, and not many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partition {
    pub(crate) purse: Purse,
    pub(crate) circuit: Circuit,
    pub(crate) barriers: Vec<Barrier>,
}

impl Partition {
    /// A partition of which nothing is known: its budget is full, nothing is held back.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}
