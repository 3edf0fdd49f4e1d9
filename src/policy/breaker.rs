//! Stops a partition's requests while its server is down, and lets one through now and then to look.

use super::backoff::{between, second};
use super::ticket::Ticket;

/// When requests are held back, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// What opens it. Default 4 failures in a row; a send that timed out counts twice.
    pub trip: Trip,
    /// How long it is open at first, in milliseconds. It doubles with each probe that fails. Default 1500.
    pub open_ms: u32,
    /// How long it is open at most, in milliseconds. Default 5000.
    pub max_open_ms: u32,
    /// How long it is open at least where many wait, in milliseconds: each request that waits brings the probe
    /// nearer. Default 600.
    pub min_open_ms: u32,
    /// How much longer or shorter each is, at random, in thousandths. Default 300: x U(0.7, 1.3).
    pub spread_milli: u32,
    /// How long a request waits for it to close, in milliseconds; 0: not at all. Default 4000.
    pub hold_ms: u32,
    /// Over how long the requests that waited are released, in milliseconds. Default 1500.
    pub release_ms: u32,
}

/// What opens a breaker. Failures are those of an overloaded server: none or no answer in time, 5xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// So many failures in a row, 1 to 128.
    Consecutive(u32),
    /// More than a share of the last sends.
    Share {
        /// How many sends are looked at, 1 to 128.
        of: u32,
        /// How many there must have been.
        least: u32,
        /// The share, in thousandths.
        milli: u32,
    },
}

/// What a send says of its server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It answers.
    Alive,
    /// It could not be reached, or answered that it failed.
    Failed,
    /// It did not answer in time, and has perhaps yet to work on what nobody waits for.
    TimedOut,
}

/// The state of a breaker: all zeros when nothing failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Circuit {
    /// The last sends, the latest lowest: 1 is a failure.
    pub(crate) sends: u128,
    /// How many of them there were, up to 128.
    pub(crate) seen: u32,
    /// How often in a row it was opened; 0: not since it proved sound.
    pub(crate) openings: u32,
    /// When it last opened or closed.
    pub(crate) changed_ms: u64,
    /// When the next probe may go; 0: it is closed.
    pub(crate) until_ms: u64,
    /// When it may go at the soonest.
    pub(crate) soonest_ms: u64,
    /// The requests that were held since it opened.
    pub(crate) held: u32,
    /// Those of them that were released since it closed.
    pub(crate) released: u32,
}

/// Each request that waits takes this part of what is left until the probe.
const CROWD: u64 = 32;

impl Circuit {
    pub(crate) fn is_open(&self) -> bool {
        self.until_ms > 0
    }

    /// A send was given up: where it was the probe, the next request is.
    pub(crate) fn give_up(&mut self, ticket: &Ticket, now_ms: u64) {
        if self.is_open() && ticket.sent_ms > self.changed_ms {
            self.until_ms = self.until_ms.min(now_ms.max(1));
        }
    }

    fn push(&mut self, failed: bool) {
        self.sends = self.sends << 1 | u128::from(failed);
        self.seen = self.seen.saturating_add(1).min(128);
    }

    /// One more waits: the probe goes sooner.
    pub(crate) fn crowd(&mut self) {
        self.held = self.held.saturating_add(1);
        self.until_ms -= self.until_ms.saturating_sub(self.soonest_ms) / CROWD;
    }
}

impl Breaker {
    /// Found with the storm (`tests/storm.rs`): the longest hold after which a server that comes back is not held down by
    /// those that waited for it.
    pub(crate) const DEFAULT: Self = Self {
        trip: Trip::Consecutive(4),
        open_ms: 1500,
        max_open_ms: 5000,
        min_open_ms: 600,
        spread_milli: 300,
        hold_ms: 4000,
        release_ms: 1500,
    };

    /// Notes what came of a send.
    pub(crate) fn note(
        &self,
        circuit: &mut Circuit,
        outcome: Outcome,
        ticket: &Ticket,
        now_ms: u64,
        random: f64,
    ) {
        // It was sent before the circuit last changed: it tells of the time before.
        if ticket.sent_ms > 0 && ticket.sent_ms <= circuit.changed_ms {
            return;
        }
        let failed = outcome != Outcome::Alive;
        circuit.push(failed);
        if !failed && matches!(self.trip, Trip::Consecutive(_)) {
            // What was before it counts no more.
            (circuit.sends, circuit.seen) = (0, 0);
        }
        if outcome == Outcome::TimedOut {
            circuit.push(true);
        }
        if failed && (circuit.is_open() || self.trip.is_met(circuit)) {
            let open_ms = u64::from(self.open_ms) << circuit.openings.min(31);
            let draw = |ms: u64| {
                let spread = ms * u64::from(self.spread_milli) / 1000;
                now_ms.max(1).saturating_add(between(ms.saturating_sub(spread), ms + spread, second(random)))
            };
            circuit.until_ms = draw(open_ms.min(self.max_open_ms.into()));
            circuit.soonest_ms = draw(self.min_open_ms.into());
            circuit.openings = circuit.openings.saturating_add(1);
            (circuit.changed_ms, circuit.held, circuit.released) = (now_ms, 0, 0);
        } else if circuit.is_open() {
            *circuit = Circuit { changed_ms: now_ms, held: circuit.held, ..Circuit::default() };
        }
    }

    /// How long after it closed the next request goes that was held: each has its own part of the whole.
    pub(crate) fn slot_ms(&self, circuit: &mut Circuit, random: f64) -> u64 {
        let all = u64::from(self.release_ms);
        let slot = all / u64::from(circuit.held.max(1));
        let begin = slot.saturating_mul(circuit.released.into()).min(all);
        circuit.released = circuit.released.saturating_add(1);
        between(begin, begin.saturating_add(slot).min(all), random)
    }

    /// A request asks to go: is it the probe?
    pub(crate) fn probe(&self, circuit: &mut Circuit, now_ms: u64) -> bool {
        // A clock that was put back holds nobody for longer.
        let most = u64::from(self.max_open_ms) * 2;
        let due = now_ms >= circuit.until_ms || circuit.until_ms - now_ms > most;
        if due {
            // Nobody else, until it is answered or lost.
            circuit.until_ms = now_ms.saturating_add(self.max_open_ms.into());
            circuit.soonest_ms = circuit.until_ms;
        }
        due
    }
}

impl Trip {
    fn is_met(self, circuit: &Circuit) -> bool {
        match self {
            Self::Consecutive(failures) => circuit.sends.trailing_ones() >= failures,
            Self::Share { of, least, milli } => {
                let seen = circuit.seen.min(of);
                let failed = (circuit.sends << (128 - of.clamp(1, 128))).count_ones();
                seen >= least && failed * 1000 > seen * milli
            }
        }
    }
}
