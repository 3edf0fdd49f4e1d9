//! Panics trap without a message.
//!
//! Nothing shows the message of a panic in wasm, yet the code that would format it is a quarter of the module.
//! A trap is all that is left of it: what only the message needed becomes dead code, which wasm-opt removes.

use walrus::{FunctionBuilder, FunctionKind, Module};

/// Parts of the (mangled) names of functions that never return, and of those that format their messages.
const ONLY_FOR_PANICS: [&str; 10] = [
    "3fmt",
    "9panicking",
    "slice_error_fail",
    "slice_index_fail",
    "unwrap_failed",
    "expect_failed",
    "panic_access_error",
    "panic_already_",
    "handle_alloc_error",
    "handle_error",
];

/// Replaces the body of every function that is only there for panics. The core itself formats nothing (a test of the
/// wasm build would trap if it did).
pub fn panics(module: &mut Module) {
    let doomed: Vec<_> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            ONLY_FOR_PANICS.iter().any(|part| name.contains(part))
        })
        .collect();
    for id in doomed {
        let ty = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let arguments = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        builder.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    }
}

/// Messages of panics that stay behind as data, of the standard library and of wasm-bindgen.
const MESSAGES: [&[u8]; 8] = [
    b"one-time initialization may not be performed recursively",
    b"window size must be non-zero",
    b"capacity overflow",
    b"RefCell already mutably borrowed",
    b"RefCell already borrowed",
    b"closure invoked recursively or after being dropped",
    b"called `Option::unwrap_throw()` on a `None` value",
    b"Tried to shrink to a larger capacity",
];

/// Blanks messages of panics, which nothing shows.
pub fn messages(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for segment in segments {
        let bytes = &mut module.data.get_mut(segment).value;
        for message in MESSAGES {
            if let Some(at) = find(bytes, message, 0) {
                bytes[at..at + message.len()].fill(0);
            }
        }
    }
}

/// Blanks the paths of source files, which only messages of panics name: they are of no use to anyone, and tell where the
/// module was built.
pub fn paths(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for segment in segments {
        let bytes = &mut module.data.get_mut(segment).value;
        let mut at = 0;
        while let Some(end) = find(bytes, b".rs", at) {
            let text = |byte: &u8| byte.is_ascii_graphic();
            let start = bytes[..end].iter().rposition(|byte| !text(byte)).map_or(0, |before| before + 1);
            let path = &bytes[start..end];
            if let Some(begin) =
                [&b"/rustc/"[..], b"/registry/src/", b"src/"].iter().find_map(|root| find(path, root, 0))
            {
                // The root of the registry is the home of whoever builds.
                let begin = path[..begin].iter().position(|byte| *byte == b'/').unwrap_or(begin);
                bytes[start + begin..end + 3].fill(0);
            }
            at = end + 3;
        }
    }
}

fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| at + from)
}
