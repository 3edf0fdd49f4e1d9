//! JSON into a policy: the name of a preset, or limits on top of one.

use super::{Budget, Jitter, Policy};
use crate::body::Tree;
use crate::load::Schema::{self, Name, Nullable, Number, Object, TextOr, Whole};
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
                ("multiplier", &Number(1, 10)),
                ("maxMs", &MILLISECONDS),
                ("jitter", &Name(&["full", "none"])),
            ]),
        ),
        ("deadlineMs", &Nullable(&MILLISECONDS)),
        ("budget", &Nullable(&Object(&[("tokens", &TOKENS), ("refill", &TOKENS)]))),
    ]),
);

static PRESET: Schema = Name(&["default", "patient", "none"]);
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
            Some("patient") => Self::PATIENT,
            Some("none") => Self::NONE,
            _ => Self::DEFAULT,
        };
        set(&mut made.max_attempts, tree.whole_member("maxAttempts"));
        if let Some(backoff) = tree.member("backoff") {
            set(&mut made.backoff.base_ms, backoff.whole_member("baseMs"));
            set(&mut made.backoff.multiplier, fraction(backoff, "multiplier"));
            set(&mut made.backoff.max_ms, backoff.whole_member("maxMs"));
            match backoff.text("jitter") {
                Some("none") => made.backoff.jitter = Jitter::None,
                Some(_) => made.backoff.jitter = Jitter::Full,
                None => {}
            }
        }
        if tree.member("deadlineMs").is_some() {
            made.deadline_ms = tree.whole_member("deadlineMs");
        }
        match tree.member("budget") {
            None => {}
            Some(Tree::Null) => made.budget = None,
            Some(given) => {
                let mut budget = made.budget.unwrap_or(Budget::DEFAULT);
                set(&mut budget.tokens, fraction(given, "tokens"));
                set(&mut budget.refill, fraction(given, "refill"));
                made.budget = Some(budget);
            }
        }
        made
    }
}

fn set<T>(limit: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *limit = given;
    }
}

fn fraction(tree: &Tree<'_>, name: &str) -> Option<f64> {
    let thousandths = u32::try_from(tree.member(name)?.thousandths()?).unwrap_or(u32::MAX);
    Some(f64::from(thousandths) / 1000.0)
}
