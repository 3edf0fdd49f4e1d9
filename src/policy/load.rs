//! JSON into a policy: the name of a preset, or limits on top of one.

use super::{Backoff, Breaker, Budget, Gate, Jitter, Policy, RetryAfter, Trip};
use crate::body::Tree;
use crate::load::Schema::{self, Name, Nullable, Number, Object, TextOr, Truth, Whole};
use crate::load::{LoadError, load};

pub(crate) static POLICY: Schema = TextOr(
    &PRESET,
    &Object(&[
        ("preset", &PRESET),
        ("maxAttempts", &Whole(1, 100)),
        (
            "backoff",
            &Object(&[
                ("baseMs", &MILLISECONDS),
                ("throttledBaseMs", &MILLISECONDS),
                ("multiplier", &Number(1, 10)),
                ("stepMs", &MILLISECONDS),
                ("minMs", &MILLISECONDS),
                ("maxMs", &MILLISECONDS),
                (
                    "jitter",
                    &TextOr(
                        &Name(&["full", "equal", "none"]),
                        &Object(&[
                            ("from", &Number(0, 10)),
                            ("to", &Number(0, 10)),
                            ("plusMs", &MILLISECONDS),
                        ]),
                    ),
                ),
            ]),
        ),
        (
            "retryAfter",
            &TextOr(
                &Name(&["at_least", "exactly"]),
                &Object(&[("maxMs", &MILLISECONDS), ("overMs", &MILLISECONDS)]),
            ),
        ),
        ("deadlineMs", &Nullable(&MILLISECONDS)),
        (
            "budget",
            &Nullable(&Object(&[
                ("tokens", &TOKENS),
                ("refill", &TOKENS),
                ("perCall", &TOKENS),
                ("cost", &TOKENS),
                ("throttledCost", &TOKENS),
                ("timeoutCost", &TOKENS),
                ("refund", &Truth),
                ("chargeFailures", &Truth),
                ("floor", &TOKENS),
                ("windowMs", &Nullable(&Whole(1000, 60_000))),
                ("linger", &Truth),
            ])),
        ),
        (
            "gate",
            &Nullable(&Object(&[
                ("stretch", &Number(0, 10)),
                ("spreadMs", &MILLISECONDS),
                ("lookMs", &MILLISECONDS),
            ])),
        ),
        (
            "breaker",
            &Nullable(&Object(&[
                ("failures", &Whole(1, 128)),
                ("share", &Number(0, 1)),
                ("of", &Whole(1, 128)),
                ("least", &Whole(1, 128)),
                ("openMs", &MILLISECONDS),
                ("maxOpenMs", &MILLISECONDS),
                ("minOpenMs", &MILLISECONDS),
                ("spread", &Number(0, 1)),
                ("holdMs", &MILLISECONDS),
                ("releaseMs", &MILLISECONDS),
            ])),
        ),
    ]),
);

static PRESET: Schema = Name(&["default", "brisk", "patient", "none", "aws_standard", "grpc"]);
/// Up to the longest time that a browser's timer can keep.
static MILLISECONDS: Schema = Whole(0, i32::MAX as u32);
static TOKENS: Schema = Number(0, 1_000_000);

impl Policy {
    /// Loads `"patient"` or `{"preset": "patient", "maxAttempts": 5, "backoff": {"baseMs": 200}, …}`.
    ///
    /// # Errors
    /// The place, as a JSON Pointer, and the reason.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        load(text, &POLICY).map(|tree| Self::of(&tree))
    }

    /// The policy in a document that was checked.
    pub(crate) fn of(tree: &Tree<'_>) -> Self {
        let mut made = match tree.as_text().or_else(|| tree.member("preset")?.as_text()) {
            Some("brisk") => Self::BRISK,
            Some("patient") => Self::PATIENT,
            Some("none") => Self::NONE,
            Some("aws_standard") => Self::AWS_STANDARD,
            Some("grpc") => Self::GRPC,
            _ => Self::DEFAULT,
        };
        set(tree, &mut [("maxAttempts", &mut made.max_attempts)]);
        if let Some(backoff) = tree.member("backoff") {
            made.backoff.load(backoff);
        }
        if let Some(given) = tree.member("retryAfter") {
            made.retry_after = match (given.whole_member("overMs"), given.whole_member("maxMs")) {
                (Some(over_ms), _) => RetryAfter::Within { over_ms },
                (None, Some(max_ms)) => RetryAfter::Exactly { max_ms },
                _ if given.as_text() == Some("exactly") => RetryAfter::Exactly { max_ms: i32::MAX as u32 },
                _ => RetryAfter::AtLeast,
            };
        }
        if tree.member("deadlineMs").is_some() {
            made.deadline_ms = tree.whole_member("deadlineMs");
        }
        part(tree, "budget", &mut made.budget, Budget::DEFAULT, Budget::load);
        part(tree, "gate", &mut made.gate, Gate::DEFAULT, Gate::load);
        part(tree, "breaker", &mut made.breaker, Breaker::DEFAULT, Breaker::load);
        made
    }
}

impl Backoff {
    fn load(&mut self, tree: &Tree<'_>) {
        set(
            tree,
            &mut [
                ("baseMs", &mut self.base_ms),
                ("stepMs", &mut self.step_ms),
                ("minMs", &mut self.min_ms),
                ("maxMs", &mut self.max_ms),
            ],
        );
        self.throttled_base_ms = tree.whole_member("throttledBaseMs").or(self.throttled_base_ms);
        set_milli(tree, &mut [("multiplier", &mut self.multiplier_milli)]);
        if let Some(jitter) = tree.member("jitter") {
            self.jitter = match jitter.as_text() {
                Some("none") => Jitter::NONE,
                Some("equal") => Jitter::EQUAL,
                _ => Jitter::FULL,
            };
            let Jitter { from_milli, to_milli, plus_ms } = &mut self.jitter;
            set_milli(jitter, &mut [("from", from_milli), ("to", to_milli)]);
            set(jitter, &mut [("plusMs", plus_ms)]);
        }
    }
}

impl Budget {
    fn load(&mut self, tree: &Tree<'_>) {
        set_milli(
            tree,
            &mut [
                ("tokens", &mut self.tokens_milli),
                ("refill", &mut self.refill_milli),
                ("perCall", &mut self.per_call_milli),
                ("cost", &mut self.cost_milli),
                ("floor", &mut self.floor_milli),
            ],
        );
        self.throttled_cost_milli = milli(tree, "throttledCost").or(self.throttled_cost_milli);
        self.timeout_cost_milli = milli(tree, "timeoutCost").or(self.timeout_cost_milli);
        if let Some(window) = tree.member("windowMs") {
            self.window_ms = window.whole().unwrap_or(0);
        }
        for (name, truth) in [
            ("refund", &mut self.refund),
            ("chargeFailures", &mut self.charge_failures),
            ("linger", &mut self.linger),
        ] {
            *truth = tree.truth(name).unwrap_or(*truth);
        }
    }
}

impl Gate {
    fn load(&mut self, tree: &Tree<'_>) {
        set_milli(tree, &mut [("stretch", &mut self.stretch_milli)]);
        set(tree, &mut [("spreadMs", &mut self.spread_ms), ("lookMs", &mut self.look_ms)]);
    }
}

impl Breaker {
    fn load(&mut self, tree: &Tree<'_>) {
        set(
            tree,
            &mut [
                ("openMs", &mut self.open_ms),
                ("maxOpenMs", &mut self.max_open_ms),
                ("minOpenMs", &mut self.min_open_ms),
                ("holdMs", &mut self.hold_ms),
                ("releaseMs", &mut self.release_ms),
            ],
        );
        set_milli(tree, &mut [("spread", &mut self.spread_milli)]);
        if let Some(failures) = tree.whole_member("failures") {
            self.trip = Trip::Consecutive(failures);
        }
        if tree.member("share").is_some() {
            let (mut of, mut least, mut milli) = (20, 10, 500);
            set(tree, &mut [("of", &mut of), ("least", &mut least)]);
            set_milli(tree, &mut [("share", &mut milli)]);
            self.trip = Trip::Share { of, least, milli };
        }
    }
}

/// A part of a policy that `null` switches off, and that an object changes or switches on.
fn part<T: Copy>(tree: &Tree<'_>, name: &str, part: &mut Option<T>, default: T, load: fn(&mut T, &Tree<'_>)) {
    if let Some(given) = tree.member(name) {
        let mut made = part.unwrap_or(default);
        load(&mut made, given);
        *part = if matches!(given, Tree::Null) { None } else { Some(made) };
    }
}

fn set(tree: &Tree<'_>, limits: &mut [(&str, &mut u32)]) {
    for (name, limit) in limits {
        **limit = tree.whole_member(name).unwrap_or(**limit);
    }
}

fn set_milli(tree: &Tree<'_>, limits: &mut [(&str, &mut u32)]) {
    for (name, limit) in limits {
        **limit = milli(tree, name).unwrap_or(**limit);
    }
}

fn milli(tree: &Tree<'_>, name: &str) -> Option<u32> {
    tree.member(name)?.thousandths().and_then(|given| u32::try_from(given).ok())
}
