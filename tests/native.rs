//! The vectors, natively.
#![cfg(not(target_family = "wasm"))]

mod runner;

#[test]
fn vectors() {
    let outcome = runner::run();
    println!("{}\n{}", outcome.corpus(), outcome.line());
    assert!(outcome.failures.is_empty(), "{:#?}", outcome.failures);
}
