//! An outage as 2,000 tabs make it, on a simulated clock: what the default policy must keep to.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]

mod simulation;

use reprieve::Policy;
use simulation::{Fault, Figures, Storm, page, run};

const OUTAGE: Fault = Fault::Outage(30);
const BROWN_OUT: Fault = Fault::BrownOut(60, 0.3);
const LIMIT: Fault = Fault::Limit(60);

/// Three seeds, as the model says.
fn figures(name: &str, storm: Storm) -> Figures {
    let found = run(storm, Policy::DEFAULT, 3);
    println!("{name:32} {}", found.row());
    found
}

#[track_caller]
fn keeps(found: Figures, sends: f64, recovery_s: f64, fine: f64) {
    assert!(found.sends <= sends, "{} sends per call, at most {sends}", found.sends);
    assert!(found.recovery_s <= recovery_s, "recovers in {} s, at most {recovery_s}", found.recovery_s);
    assert!(found.fine >= fine, "{} % fine, at least {fine}", found.fine);
}

/// The simulation is the one of the model: without a policy, its figures come out.
#[test]
fn no_retry_is_as_in_the_model() {
    let found = |fault| run(Storm::new(0.5, fault), Policy::NONE, 3);
    let (a, b, c) = (found(OUTAGE), found(BROWN_OUT), found(LIMIT));
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.5, "{found}, not {expected}");
    near(a.sends, 1.0);
    near(a.recovery_s, 0.0);
    near(a.fine, 66.8);
    near(b.recovery_s, 4.0);
    near(b.fine, 47.9);
    near(c.goodput, 70.2);
}

#[test]
fn outage() {
    keeps(figures("a outage", Storm::new(0.5, OUTAGE)), 0.75, 10.0, 68.0);
    keeps(figures("a outage, 2 a second", Storm::new(2.0, OUTAGE)), 0.75, 10.0, 68.0);
    keeps(figures("a outage, 0.1 a second", Storm::new(0.1, OUTAGE)), 2.0, 12.0, 68.0);
}

#[test]
fn brown_out() {
    keeps(figures("b brown-out", Storm::new(0.5, BROWN_OUT)), 0.6, 8.0, 52.0);
    keeps(figures("b brown-out, 2 a second", Storm::new(2.0, BROWN_OUT)), 0.6, 8.0, 52.0);
    keeps(figures("b brown-out, 0.1 a second", Storm::new(0.1, BROWN_OUT)), 1.5, 12.0, 47.9);
}

#[test]
fn limit() {
    for (name, rate, sends) in
        [("c limit", 0.5, 0.95), ("c limit, 2 a second", 2.0, 0.95), ("c limit, 0.1 a second", 0.1, 1.3)]
    {
        let found = figures(name, Storm::new(rate, LIMIT));
        assert!(found.sends <= sends && found.peak <= 3.0 && found.goodput >= 69.9, "{}", found.row());
    }
}

#[test]
fn random_failures() {
    for rate in [0.5, 2.0, 0.1] {
        let found = figures("d 2 % fail", Storm::new(rate, Fault::Random(60, 0.02)));
        assert!(found.fine >= 99.99, "{}", found.row());
        let found = figures("e 20 % fail", Storm::new(rate, Fault::Random(60, 0.2)));
        assert!(found.fine >= 99.6 && found.sends <= 1.25, "{}", found.row());
    }
}

/// What was tuned on one model holds where it is not quite so.
#[test]
fn robust() {
    for rate in [0.5, 2.0] {
        for fault in [OUTAGE, BROWN_OUT] {
            let storm = Storm::new(rate, fault);
            for (name, storm) in [
                ("load 0.85", Storm { load: 0.85, ..storm }),
                ("load 0.5", Storm { load: 0.5, ..storm }),
                ("timeout 5 s", Storm { timeout_s: 5.0, ..storm }),
                ("timeout 20 s", Storm { timeout_s: 20.0, ..storm }),
                ("queue 0.5 s", Storm { queue_s: 0.5, ..storm }),
                ("queue 1 s", Storm { queue_s: 1.0, ..storm }),
            ] {
                let found = run(storm, Policy::DEFAULT, 1);
                println!("{fault:?} {rate} {name}: {}", found.row());
                assert!(found.recovery_s <= 20.0 && found.sends <= 1.2, "{}", found.row());
            }
        }
    }
}

#[test]
fn a_page_of_100_calls() {
    for seed in 1..=20 {
        let found = page(100, 3000, Policy::DEFAULT, seed);
        println!("{found:?}");
        assert!(
            found.sends <= 1.1 && found.fine >= 95 && found.median_s < 5.0 && found.burst <= 15,
            "{found:?}"
        );
    }
}
