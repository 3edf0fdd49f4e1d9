//! Stops a partition's requests while its server is down, and lets one through now and then to look.

use super::backoff::{between, second};
use super::ticket::Ticket;

/// When requests are held back, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// What opens it. Default 4 failures in a row.
    pub trip: Trip,
    /// How long it is open at first, in milliseconds. It doubles with each probe that fails. Default 1500.
    pub open_ms: u32,
    /// How long it is open at most, in milliseconds. Default 5000.
    pub max_open_ms: u32,
    /// How much longer or shorter either is, at random, in thousandths. Default 500: x U(0.5, 1.5).
    pub spread_milli: u32,
    /// How long a request waits for it to close, in milliseconds; 0: not at all. Default 5000.
    pub hold_ms: u32,
    /// Over how long the requests that waited are released, in milliseconds. Default 2000.
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

/// The state of a breaker: all zeros when nothing failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Circuit {
    /// The last sends, the latest lowest: 1 is a failure.
    pub(crate) sends: u128,
    /// How many of them there were, up to 128.
    pub(crate) seen: u32,
    /// How often in a row it was opened; 0: it is closed.
    pub(crate) openings: u32,
    /// When it last opened or closed.
    pub(crate) changed_ms: u64,
    /// When the next probe may go.
    pub(crate) until_ms: u64,
}

impl Breaker {
    pub(crate) const DEFAULT: Self = Self {
        trip: Trip::Consecutive(4),
        open_ms: 1500,
        max_open_ms: 5000,
        spread_milli: 500,
        hold_ms: 5000,
        release_ms: 2000,
    };

    /// Notes what came of a send.
    pub(crate) fn note(&self, circuit: &mut Circuit, failed: bool, ticket: &Ticket, now_ms: u64, random: f64) {
        // It was sent before the circuit last changed: it tells of the time before.
        if ticket.sent_ms > 0 && ticket.sent_ms <= circuit.changed_ms {
            return;
        }
        if circuit.openings == 0 {
            circuit.sends = circuit.sends << 1 | u128::from(failed);
            circuit.seen = circuit.seen.saturating_add(1).min(128);
            if failed && self.trip.is_met(circuit) {
                self.open(circuit, now_ms, random);
            }
        } else if failed {
            self.open(circuit, now_ms, random);
        } else {
            *circuit = Circuit { changed_ms: now_ms, ..Circuit::default() };
        }
    }

    fn open(&self, circuit: &mut Circuit, now_ms: u64, random: f64) {
        let doubled = u64::from(self.open_ms) << circuit.openings.min(31);
        let open = doubled.min(self.max_open_ms.into());
        let spread = open * u64::from(self.spread_milli) / 1000;
        circuit.openings = circuit.openings.saturating_add(1);
        circuit.changed_ms = now_ms;
        circuit.until_ms =
            now_ms.saturating_add(between(open.saturating_sub(spread), open + spread, second(random)));
    }

    /// A send was given up: where it was the probe, the next request is.
    pub(crate) fn release_probe(&self, circuit: &mut Circuit, ticket: &Ticket, now_ms: u64) {
        if circuit.openings > 0 && ticket.sent_ms > circuit.changed_ms {
            circuit.until_ms = circuit.until_ms.min(now_ms);
        }
    }

    /// A request asks to go: is it the probe?
    pub(crate) fn probe(&self, circuit: &mut Circuit, now_ms: u64) -> bool {
        // A clock that was put back holds nobody for longer.
        let most = u64::from(self.max_open_ms) * 2;
        let due = now_ms >= circuit.until_ms || circuit.until_ms - now_ms > most;
        if due {
            // Nobody else, until it is answered or lost.
            circuit.until_ms = now_ms.saturating_add(self.max_open_ms.into());
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
