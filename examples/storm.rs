//! Prints what outages become: `cargo run --release --example storm [policy as JSON]...`.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]

#[path = "../tests/simulation/mod.rs"]
mod simulation;

use reprieve::Policy;
use simulation::{Fault, Storm, page, run};

fn main() {
    let mut policies: Vec<String> = std::env::args().skip(1).collect();
    if policies.is_empty() {
        policies.push("\"default\"".to_owned());
    }
    for text in policies {
        let policy = Policy::from_json(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        println!("{text}");
        for rate in [0.5, 2.0, 0.1] {
            for (name, fault) in [
                ("a outage", Fault::Outage(30)),
                ("b brown-out", Fault::BrownOut(60, 0.3)),
                ("c limit", Fault::Limit(60)),
                ("d 2 %", Fault::Random(60, 0.02)),
                ("e 20 %", Fault::Random(60, 0.2)),
            ] {
                println!("  {rate}/s {name:12} {}", run(Storm::new(rate, fault), policy, 3).row());
            }
        }
        let pages: Vec<_> = (1..=100).map(|seed| page(100, 3000, policy, seed)).collect();
        let least = pages.iter().map(|page| page.fine).min().unwrap_or(0);
        let sends = pages.iter().map(|page| page.sends).fold(0.0, f64::max);
        let median = pages.iter().map(|page| page.median_s).fold(0.0, f64::max);
        let median = if median < 1e6 { format!("{median:.1} s") } else { "never".to_owned() };
        let burst = pages.iter().map(|page| page.burst).max().unwrap_or(0);
        println!(
            "  page of 100, worst of 100 seeds: sends {sends:.2}  fine {least}  median {median}  burst {burst}"
        );
    }
}
