//! What the policy remembers of one call between its questions.

/// The caller keeps it for the length of a call, and lends it to every question. New for every call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// When the last send was let go; 0: nobody asked.
    pub(crate) sent_ms: u64,
    /// Since when the breaker holds the call back; 0: it does not.
    pub(crate) held_ms: u64,
    /// When the circuit opened that the call was counted to wait for.
    pub(crate) counted_ms: u64,
    /// When the moment `due_ms` was drawn for a gate; 0: no gate parks the call.
    pub(crate) parked_ms: u64,
    /// The moment at which it may go; 0: none was drawn.
    pub(crate) due_ms: u64,
    /// What its last retry cost, in thousandths of a token.
    pub(crate) cost_milli: u32,
}

impl Ticket {
    /// Of a call that has not asked for anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[cfg(feature = "wasm")]
impl Ticket {
    pub(crate) fn numbers(&self) -> [u64; 6] {
        [self.sent_ms, self.held_ms, self.counted_ms, self.parked_ms, self.due_ms, self.cost_milli.into()]
    }

    pub(crate) fn of(numbers: &mut dyn Iterator<Item = u64>) -> Self {
        let mut next = || numbers.next().unwrap_or(0);
        Self {
            sent_ms: next(),
            held_ms: next(),
            counted_ms: next(),
            parked_ms: next(),
            due_ms: next(),
            cost_milli: u32::try_from(next()).unwrap_or(0),
        }
    }
}
