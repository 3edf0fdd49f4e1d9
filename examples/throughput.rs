//! How long `classify` takes, in units of reading the same body with `serde_json` and keeping nothing.
//!
//! `cargo run --release --example throughput`

use std::hint::black_box;
use std::time::{Duration, Instant};

use reprieve::{Response, classify};
use serde::de::IgnoredAny;

/// In the shape of Root's documentation.
const BODY: &[u8] = br#"{"error":{"type":"validation_error","message":"Request validation failed for three input fields.","more_info":"https://docs.rootplatform.com/docs/errors","trace_id":"8f14e45f-ceea-467f-a8f5-2b1d5f1c7d3a","errors":[{"path":"date_of_birth","message":"must be a date"},{"path":"id.number","message":"is required"},{"path":"email","message":"invalid"}]}}"#;

/// Long enough for the clock, short enough that an interruption spoils one round only.
const CALLS: u32 = 200;
const ROUNDS: usize = 501;

fn main() {
    let response = Response {
        status: 400,
        headers: &[("content-type", "application/json"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")],
        url: "https://api.rootplatform.com/v1/insurance/policyholders",
        body: BODY,
        now_ms: 784_111_777_000,
    };
    let code = classify(&response).and_then(|failure| failure.code);
    assert_eq!(code.as_deref(), Some("validation_error"), "the body is read");

    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let ours = time(|| drop(black_box(classify(black_box(&response)))));
            let theirs = time(|| drop(black_box(serde_json::from_slice::<IgnoredAny>(black_box(BODY)))));
            ours.as_secs_f64() / theirs.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("native: classify is {:.1} x serde_json IgnoredAny ({} bytes)", ratios[ROUNDS / 2], BODY.len());
}

fn time(call: impl Fn()) -> Duration {
    let begun = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    begun.elapsed()
}
