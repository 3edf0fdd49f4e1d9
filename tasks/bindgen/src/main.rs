//! `bindgen IN.wasm OUT_DIR [--plain]`: the JavaScript side of a wasm-bindgen module, in its "bundler" form.
//!
//! `--plain` uses no feature that wasm2js cannot translate: no references in wasm, one result for each function.
//!
//! `--version` answers as `wasm-bindgen` does: wasm-pack asks before it runs the test runner beside it.

mod snip;

use std::{env, fs};

use anyhow::{Context, Result};
use walrus::{Module, RawCustomSection};
use wasm_bindgen_cli_support::Bindgen;

/// `JSIDX_RESERVED` in wasm-bindgen: 1024 places on the stack, then `undefined`, `null`, `true` and `false`.
const FIRST_TO_DROP: i32 = 1028;

fn main() -> Result<()> {
    let usage = "usage: bindgen IN.wasm OUT_DIR [--plain]";
    let mut arguments = env::args_os().skip(1);
    let input = arguments.next().context(usage)?;
    if input == "--version" {
        println!("wasm-bindgen {}", wasm_bindgen_shared::version());
        return Ok(());
    }
    let directory = arguments.next().context(usage)?;
    let is_plain = arguments.next().is_some_and(|flag| flag == "--plain");
    let bytes = fs::read(&input).with_context(|| format!("{} cannot be read", input.display()))?;
    let mut module = Module::from_buffer(&bytes)?;
    snip::panics(&mut module);
    snip::messages(&mut module);
    snip::paths(&mut module);
    if is_plain {
        plain(&mut module)?;
    }
    Bindgen::new()
        .input_module("reprieve", module)
        .bundler(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(directory)
}

/// Makes wasm-bindgen keep JavaScript's values in an array of its own, and return no more than one result.
fn plain(module: &mut Module) -> Result<()> {
    module.customs.remove_raw("target_features");
    module.customs.add(RawCustomSection { name: "target_features".into(), data: vec![0] });
    // The crate was compiled for references, and asks where in their table those begin that can be dropped.
    let begin =
        module.imports.get_func("__wbindgen_externref_xform__", "__wbindgen_externref_statics_end")?;
    module.replace_imported_func(begin, |(body, _)| {
        body.i32_const(FIRST_TO_DROP);
    })?;
    Ok(())
}
