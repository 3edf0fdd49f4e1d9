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

#[cfg(feature = "wasm")]
/// What a count that may be negative is raised by to cross as a number, where it is not 0.
const ZERO: i64 = 1 << 40;

impl Partition {
    /// The state as numbers, for where it is kept: the budget, the breaker, when that changed last, and 5 for each gate.
    /// None of a state of which there is nothing to know.
    #[cfg(feature = "wasm")]
    pub(crate) fn numbers(&self) -> Vec<u64> {
        let Self { purse, circuit, barriers } = self;
        if *self == Self::new() {
            return Vec::new();
        }
        let raised = |milli: i64| match milli {
            0 => 0,
            _ => u64::try_from(milli.saturating_add(ZERO)).unwrap_or(0),
        };
        let word = |index: u32| u64::try_from(circuit.sends >> (32 * index) & 0xffff_ffff).unwrap_or(0);
        let mut numbers = vec![
            raised(purse.milli),
            raised(purse.before_milli),
            purse.began_ms,
            word(0),
            word(1),
            word(2),
            word(3),
            circuit.seen.into(),
            circuit.openings.into(),
            circuit.until_ms,
            circuit.soonest_ms,
            circuit.held.into(),
            circuit.released.into(),
            circuit.changed_ms,
        ];
        for barrier in barriers {
            numbers.extend([
                barrier.scope.into(),
                barrier.endpoint.into(),
                barrier.at_ms,
                barrier.stated_ms,
                barrier.looked_ms,
            ]);
        }
        numbers
    }

    /// The state that these numbers are; without numbers a new one.
    #[cfg(feature = "wasm")]
    pub(crate) fn of(numbers: &mut dyn Iterator<Item = u64>) -> Self {
        let mut made = Self::new();
        let Some(first) = numbers.next() else { return made };
        let mut next = || numbers.next();
        let lowered = |raised: u64| match i64::try_from(raised).unwrap_or(0) {
            0 => 0,
            raised => raised.saturating_sub(ZERO),
        };
        let small = |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        made.purse.milli = lowered(first);
        made.purse.before_milli = lowered(next().unwrap_or(0));
        made.purse.began_ms = next().unwrap_or(0);
        for index in 0..4 {
            made.circuit.sends |= u128::from(small(next())) << (32 * index);
        }
        made.circuit.seen = small(next());
        made.circuit.openings = small(next());
        made.circuit.until_ms = next().unwrap_or(0);
        made.circuit.soonest_ms = next().unwrap_or(0);
        made.circuit.held = small(next());
        made.circuit.released = small(next());
        made.circuit.changed_ms = next().unwrap_or(0);
        while let (Some(scope), Some(endpoint), Some(at_ms), Some(stated_ms), Some(looked_ms)) =
            (next(), next(), next(), next(), next())
        {
            let (scope, endpoint) = (small(Some(scope)), small(Some(endpoint)));
            made.barriers.push(Barrier { scope, endpoint, at_ms, stated_ms, looked_ms });
        }
        made
    }
}
