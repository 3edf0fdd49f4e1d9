//! `bindgen IN.wasm OUT_DIR`: the JavaScript side of a wasm-bindgen module, in its "bundler" form.
//!
//! `--version` answers as `wasm-bindgen` does: wasm-pack asks before it runs the test runner beside it.

mod snip;

use std::{env, fs};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let usage = "usage: bindgen IN.wasm OUT_DIR";
    let mut arguments = env::args_os().skip(1);
    let input = arguments.next().context(usage)?;
    if input == "--version" {
        println!("wasm-bindgen {}", wasm_bindgen_shared::version());
        return Ok(());
    }
    let directory = arguments.next().context(usage)?;
    let bytes = fs::read(&input).with_context(|| format!("{} cannot be read", input.display()))?;
    let mut module = walrus::Module::from_buffer(&bytes)?;
    snip::panics(&mut module);
    snip::messages(&mut module);
    snip::paths(&mut module);
    Bindgen::new()
        .input_module("reprieve", module)
        .bundler(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(directory)
}
