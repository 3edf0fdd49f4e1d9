//! The vectors, against the crate as WebAssembly. The runner chooses Node or a browser.
#![cfg(target_family = "wasm")]

mod runner;

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn vectors() {
    let outcome = runner::run();
    console_log!("{}", outcome.corpus());
    console_log!("{}", outcome.exceptions());
    console_log!("{}", outcome.line());
    assert!(outcome.failures.is_empty(), "{:#?}", outcome.failures);
}
