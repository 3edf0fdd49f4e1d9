//! Our own wait: exponential, capped, and spread so that clients do not return in step.

/// Exponential backoff.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The bound of the first wait, in milliseconds. Default 1000.
    pub base_ms: u32,
    /// The factor per further wait, 1 to 10. Default 2.
    pub multiplier: f64,
    /// The bound of every wait, in milliseconds. Default 10 000.
    pub max_ms: u32,
    /// How the wait is drawn below its bound. Default [`Jitter::Full`].
    pub jitter: Jitter,
}

/// How a wait is drawn below its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Uniform between 0 and the bound (AWS Architecture Blog, "Exponential Backoff And Jitter").
    Full,
    /// The bound itself.
    None,
}

impl Backoff {
    /// The wait after send number `attempt` (1 is the first), for `random` in 0..1, in whole milliseconds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(crate) fn delay_ms(&self, attempt: u32, random: f64) -> u64 {
        let mut bound = f64::from(self.base_ms);
        for _ in 1..attempt {
            // Stops at the cap, so that no attempt number costs time or overflows.
            if bound >= f64::from(self.max_ms) || self.multiplier <= 1.0 {
                break;
            }
            bound *= self.multiplier;
        }
        let bound = bound.min(f64::from(self.max_ms));
        let delay = match self.jitter {
            Jitter::Full => bound * random.clamp(0.0, 1.0),
            Jitter::None => bound,
        };
        delay as u64
    }
}
