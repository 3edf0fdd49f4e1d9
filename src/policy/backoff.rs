//! Our own wait: exponential, capped, and spread so that clients do not return in step.

/// How long to wait where the server says nothing. The bound of wait n is `base x multiplier^(n-1) + step x (n-1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The bound of the first wait, in milliseconds. Default 1000.
    pub base_ms: u32,
    /// The bound of the first wait after a failure that was a limit (`rate_limited`), in milliseconds. Default: the same
    /// (AWS: 1000, beside 50).
    pub throttled_base_ms: Option<u32>,
    /// The factor per further wait, in thousandths, 1000 to 10 000. Default 2000.
    pub multiplier_milli: u32,
    /// What each further wait adds to the bound, in milliseconds. Default 0.
    pub step_ms: u32,
    /// No wait is shorter, in milliseconds. Default 0.
    pub min_ms: u32,
    /// The largest bound, in milliseconds. Default 10 000.
    pub max_ms: u32,
    /// How the wait is drawn from its bound. Default [`Jitter::FULL`].
    pub jitter: Jitter,
}

/// A wait is uniform between two shares of its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter {
    /// The smallest share of the bound, in thousandths.
    pub from_milli: u32,
    /// The largest share of the bound, in thousandths.
    pub to_milli: u32,
    /// The most that is added beyond it, in milliseconds.
    pub plus_ms: u32,
}

impl Jitter {
    /// Between 0 and the bound (AWS Architecture Blog, "Exponential Backoff And Jitter").
    pub const FULL: Self = Self { from_milli: 0, to_milli: 1000, plus_ms: 0 };
    /// Between half the bound and the bound.
    pub const EQUAL: Self = Self { from_milli: 500, ..Self::FULL };
    /// The bound itself.
    pub const NONE: Self = Self { from_milli: 1000, ..Self::FULL };
}

impl Backoff {
    /// The wait after send number `attempt` (1 is the first), for `random` in 0..1, in whole milliseconds.
    pub(crate) fn delay_ms(&self, attempt: u32, throttled: bool, random: f64) -> u64 {
        let most = u64::from(self.max_ms) * 1000;
        // In thousandths, so that a factor of 1.5 loses nothing.
        let mut bound =
            u64::from(self.throttled_base_ms.filter(|_| throttled).unwrap_or(self.base_ms)) * 1000;
        for _ in 1..attempt {
            // Stops at the cap, so that no attempt number costs time or overflows.
            if bound >= most || self.multiplier_milli <= 1000 {
                break;
            }
            bound = bound * u64::from(self.multiplier_milli) / 1000;
        }
        let steps = u64::from(self.step_ms).saturating_mul(u64::from(attempt.saturating_sub(1)) * 1000);
        let bound = bound.saturating_add(steps).min(most);
        let Jitter { from_milli, to_milli, plus_ms } = self.jitter;
        let share = |milli: u32| bound / 1000 * u64::from(milli) / 1000;
        let most = share(to_milli) + u64::from(plus_ms);
        between(share(from_milli), most, random).max(self.min_ms.into())
    }
}

/// Uniform from `least` to `most`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub(crate) fn between(least: u64, most: u64, random: f64) -> u64 {
    least.saturating_add((most.saturating_sub(least) as f64 * random.clamp(0.0, 1.0)) as u64)
}

/// A second random number out of one: its lower digits.
pub(crate) fn second(random: f64) -> f64 {
    (random * 4096.0).fract()
}
