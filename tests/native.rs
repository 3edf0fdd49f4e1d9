//! The vectors, natively.
#![cfg(not(target_family = "wasm"))]

mod runner;

use reprieve::{Backoff, Decision, Jitter, Partition, Policy, Progress, Request, Response, Ticket, classify};

#[test]
fn vectors() {
    let outcome = runner::run();
    println!("{}\n{}\n{}", outcome.corpus(), outcome.exceptions(), outcome.line());
    assert!(outcome.failures.is_empty(), "{:#?}", outcome.failures);
    #[cfg(feature = "http")]
    println!("{}", runner::http::line());
}

/// What two suites ask of sends that only a policy made in Rust allows: `tests/suites/exceptions.json`.
#[test]
fn far_attempts() {
    let policy = |base_ms, max_ms, jitter| Policy {
        max_attempts: u32::MAX,
        backoff: Backoff { base_ms, max_ms, jitter, ..Policy::DEFAULT.backoff },
        deadline_ms: None,
        ..Policy::DEFAULT
    };
    let response = Response { status: 503, headers: &[], url: "", body: b"", now_ms: 0 };
    let failure = classify(&response).unwrap();
    for (policy, attempt, least, most) in [
        (policy(128, 900_000, Jitter::FULL), 1000, 0, 900_000),
        (policy(128, 900_000, Jitter::FULL), 3000, 0, 900_000),
        (policy(10_000, 20_000, Jitter::NONE), 100_000, 20_000, 20_000),
    ] {
        for random in [0.0, 0.5, 1.0] {
            let progress = Progress { attempt, elapsed_ms: 0, now_ms: 1_000_000, random };
            let (mut ticket, mut partition) = (Ticket::new(), Partition::new());
            let decision = policy.decide(&failure, Request::get(), progress, &mut ticket, &mut partition);
            let Decision::Retry { delay_ms } = decision else { panic!("{decision:?}") };
            assert!((least..=most).contains(&delay_ms), "send {attempt}: {delay_ms}");
        }
    }
}
