//! A delay that the server stated parks the later requests that it concerns.

use super::backoff::{between, second};
use super::decide::Request;
use crate::failure::{Failure, Kind};

/// How requests are parked while a server asks to be left alone. A delay that the server did not state parks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// A request is released after the stated delay times 1 to 1 plus this, in thousandths. Default 1000.
    pub stretch_milli: u32,
    /// And up to so much later, in milliseconds. Default 2000.
    pub spread_ms: u32,
    /// After so long one request is let through to look, in milliseconds. Default 30 000.
    pub look_ms: u32,
}

/// A gate that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Barrier {
    /// The bucket that the server named, or the endpoint; 0: the partition.
    pub(crate) scope: u32,
    /// The endpoint that was told.
    pub(crate) endpoint: u32,
    /// When the server said it.
    pub(crate) at_ms: u64,
    /// The delay that it stated.
    pub(crate) stated_ms: u64,
    /// When a request was last let through to look.
    pub(crate) looked_ms: u64,
}

/// The most gates of a partition. The oldest gives way.
const MOST: usize = 8;

impl Gate {
    pub(crate) const DEFAULT: Self = Self { stretch_milli: 1000, spread_ms: 2000, look_ms: 30_000 };

    /// When a request may go that asks now, for this barrier.
    pub(crate) fn draw_ms(&self, at_ms: u64, stated_ms: u64, random: f64) -> u64 {
        let stretch = stated_ms.saturating_mul(self.stretch_milli.into()) / 1000;
        at_ms.saturating_add(stated_ms).saturating_add(between(0, stretch, random)).saturating_add(between(
            0,
            self.spread_ms.into(),
            second(random),
        ))
    }

    /// Is it open again, for whoever draws the latest moment?
    pub(crate) fn is_over(&self, barrier: &Barrier, now_ms: u64) -> bool {
        // A clock that was put back holds nobody.
        now_ms >= self.draw_ms(barrier.at_ms, barrier.stated_ms, 1.0) || now_ms < barrier.at_ms
    }

    /// Closes the gate that this failure asks for.
    pub(crate) fn close(
        &self,
        barriers: &mut Vec<Barrier>,
        failure: &Failure,
        request: Request<'_>,
        now_ms: u64,
    ) {
        let (Some(stated_ms), Some(scope)) = (failure.retry_after_ms, scope(failure, request)) else {
            return;
        };
        barriers.retain(|barrier| !self.is_over(barrier, now_ms));
        if let Some(known) = barriers.iter_mut().find(|barrier| barrier.scope == scope) {
            // The later of two wishes.
            if now_ms.saturating_add(stated_ms) > known.at_ms.saturating_add(known.stated_ms) {
                (known.at_ms, known.stated_ms, known.looked_ms) = (now_ms, stated_ms, now_ms);
            }
            return;
        }
        if barriers.len() >= MOST {
            barriers.remove(0);
        }
        let endpoint = name(request.path);
        barriers.push(Barrier { scope, endpoint, at_ms: now_ms, stated_ms, looked_ms: now_ms });
    }
}

impl Barrier {
    pub(crate) fn concerns(&self, request: Request<'_>) -> bool {
        let endpoint = name(request.path);
        self.scope == 0
            || self.scope == endpoint
            || self.endpoint == endpoint
            || request.bucket.is_some_and(|bucket| self.scope == name(bucket))
    }
}

/// Whom a stated delay concerns: the bucket that the answer names, else for a limit all, for a refusal the endpoint.
fn scope(failure: &Failure, request: Request<'_>) -> Option<u32> {
    match (failure.kind, failure.status, &failure.bucket) {
        (Kind::RateLimited, _, Some(bucket)) => Some(name(bucket)),
        (Kind::RateLimited, ..) => Some(0),
        (_, Some(500..), _) => Some(name(request.path)),
        _ => None,
    }
}

/// A number for a name (FNV-1a); never 0.
fn name(text: &str) -> u32 {
    let hash =
        text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.max(1)
}
