//! May this request be sent now?

use super::Policy;
use super::backoff::between;
use super::breaker::Breaker;
use super::decide::{Progress, Reason, Request};
use super::gate::Gate;
use super::partition::Partition;
use super::ticket::Ticket;

/// The answer to a request that is about to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Send it.
    Send,
    /// Ask again at this time, or as soon as another request of the partition was answered.
    Wait {
        /// In milliseconds since the Unix epoch.
        until_ms: u64,
    },
    /// Do not send it.
    Stop {
        /// [`Reason::CircuitOpen`] or [`Reason::RetryAfterTooLong`].
        reason: Reason,
        /// When to try again, in milliseconds since the Unix epoch.
        retry_at_ms: u64,
    },
}

/// After so long a request asks again in any case, in milliseconds.
const LONGEST_MS: u64 = 30_000;

impl Policy {
    /// Before every send, the first of a call and each retry: may it go now? `progress.attempt` is the number of the
    /// send that is asked for.
    #[must_use]
    pub fn admit(
        &self,
        request: Request<'_>,
        progress: Progress,
        ticket: &mut Ticket,
        partition: &mut Partition,
    ) -> Admission {
        let now_ms = progress.now_ms;
        let latest_ms = now_ms.saturating_add(self.left_ms(progress));
        let is_new = progress.attempt == 1 && *ticket == Ticket::default();
        if let Some(budget) = self.budget.filter(|budget| is_new && budget.per_call_milli > 0) {
            budget.give(&mut partition.purse, budget.per_call_milli, now_ms);
        }
        if let Some(gate) = &self.gate
            && let Some(waits) = gate.park(request, progress, latest_ms, ticket, partition)
        {
            return waits;
        }
        if ticket.due_ms > now_ms.saturating_add(LONGEST_MS) {
            // The gate for which it was drawn is open again, or the clock was put back.
            ticket.due_ms = now_ms.saturating_add(between(0, LONGEST_MS, progress.random));
        }
        if let Some(breaker) = &self.breaker {
            if partition.circuit.is_open() {
                if let Some(waits) = breaker.hold(now_ms, latest_ms, ticket, partition) {
                    return waits;
                }
            } else if ticket.held_ms > 0 {
                // What it waited for is over. Others waited, too: they go one after the other.
                let slot_ms = breaker.slot_ms(&mut partition.circuit, progress.random);
                ticket.due_ms = now_ms.saturating_add(slot_ms).min(latest_ms);
                ticket.held_ms = 0;
            }
            if !partition.circuit.is_open() && ticket.due_ms > now_ms {
                return Admission::Wait { until_ms: ticket.due_ms };
            }
        }
        // After the last change of the circuit, so that its outcome counts.
        let sent_ms = now_ms.max(partition.circuit.changed_ms.saturating_add(1));
        *ticket = Ticket { sent_ms, cost_milli: ticket.cost_milli, ..Ticket::default() };
        Admission::Send
    }

    /// How long the deadline leaves.
    pub(crate) fn left_ms(&self, progress: Progress) -> u64 {
        let left = |deadline: u32| u64::from(deadline).saturating_sub(progress.elapsed_ms);
        self.deadline_ms.map_or(u64::MAX, left)
    }
}

impl Breaker {
    /// Keeps a request back while the circuit is open, unless it is the probe.
    fn hold(
        &self,
        now_ms: u64,
        latest_ms: u64,
        ticket: &mut Ticket,
        partition: &mut Partition,
    ) -> Option<Admission> {
        let circuit = &mut partition.circuit;
        if self.hold_ms > 0 && ticket.counted_ms < circuit.changed_ms {
            ticket.counted_ms = circuit.changed_ms;
            circuit.crowd();
        }
        if self.probe(circuit, now_ms) {
            return None;
        }
        if ticket.held_ms == 0 {
            ticket.held_ms = now_ms.max(1);
        }
        ticket.due_ms = 0;
        let patience_ms = ticket.held_ms.saturating_add(self.hold_ms.into()).min(latest_ms);
        if now_ms >= patience_ms {
            return Some(Admission::Stop { reason: Reason::CircuitOpen, retry_at_ms: circuit.until_ms });
        }
        Some(Admission::Wait { until_ms: circuit.until_ms.min(patience_ms) })
    }
}

impl Gate {
    /// Parks a request that a closed gate concerns.
    fn park(
        &self,
        request: Request<'_>,
        progress: Progress,
        latest_ms: u64,
        ticket: &mut Ticket,
        partition: &mut Partition,
    ) -> Option<Admission> {
        let now_ms = progress.now_ms;
        let mut asked_ms = 0;
        let mut look_ms = u64::MAX;
        for barrier in &mut partition.barriers {
            if !barrier.concerns(request) || self.is_over(barrier, now_ms) {
                continue;
            }
            if ticket.parked_ms == 0 || ticket.parked_ms < barrier.at_ms {
                let drawn_ms = self.draw_ms(barrier.at_ms, barrier.stated_ms, progress.random);
                ticket.due_ms = ticket.due_ms.max(drawn_ms);
            }
            let next_look_ms = barrier.looked_ms.saturating_add(self.look_ms.into());
            if now_ms >= next_look_ms {
                barrier.looked_ms = now_ms;
                ticket.due_ms = 0;
            } else if ticket.due_ms > now_ms {
                asked_ms = asked_ms.max(barrier.at_ms.saturating_add(barrier.stated_ms));
                look_ms = look_ms.min(next_look_ms);
            }
        }
        if asked_ms == 0 {
            return None;
        }
        ticket.parked_ms = now_ms.max(1);
        if asked_ms > latest_ms {
            return Some(Admission::Stop { reason: Reason::RetryAfterTooLong, retry_at_ms: asked_ms });
        }
        // A spread that would miss the deadline is narrowed; what was asked for never is.
        if ticket.due_ms > latest_ms {
            ticket.due_ms = between(asked_ms, latest_ms, progress.random);
        }
        if ticket.due_ms <= now_ms {
            return None;
        }
        Some(Admission::Wait { until_ms: ticket.due_ms.min(look_ms).min(now_ms.saturating_add(LONGEST_MS)) })
    }
}
