//! Which module may know which other: the house, read from the sources.
#![cfg(not(target_family = "wasm"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up: each module, and all that it uses. A row names rows above it only, so there is no circle.
const HOUSE: [(&str, &[&str]); 14] = [
    ("text", &[]),
    ("failure", &[]),
    ("response", &["text"]),
    // What a `HeaderMap` is for `response`, which it need not know.
    ("headers", &[]),
    ("delay", &["response", "text"]),
    // `delay` for its decimal numbers.
    ("body", &["delay", "text"]),
    ("load", &["body", "text"]),
    ("status", &["failure"]),
    ("generic", &["body", "delay", "failure", "response", "text"]),
    ("words", &["failure", "text"]),
    ("dialect", &["body", "delay", "failure", "generic", "load", "response", "text"]),
    (
        "classify",
        &["body", "delay", "dialect", "failure", "generic", "load", "response", "status", "text", "words"],
    ),
    ("policy", &["body", "failure", "load"]),
    // The boundary may use everything.
    (
        BOUNDARY,
        &["text", "failure", "response", "delay", "body", "load", "status", "dialect", "classify", "policy"],
    ),
];

/// The only module that names a JavaScript type.
const BOUNDARY: &str = "wasm";
const JAVASCRIPT: [&str; 5] = ["js_sys", "web_sys", "wasm_bindgen", "serde_wasm_bindgen", "JsValue"];

/// Clocks, randomness and I/O: they are the caller's. The order of a hash map is random, too.
const IMPURE: [&str; 15] = [
    "Instant",
    "SystemTime",
    "std::time",
    "rand",
    "getrandom",
    "fastrand",
    "RandomState",
    "HashMap",
    "HashSet",
    "std::fs",
    "std::net",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
];

struct Source {
    path: PathBuf,
    /// Its place among the modules: `["delay", "date"]`.
    module: Vec<String>,
    code: String,
}

impl Source {
    fn top(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }
}

#[test]
fn every_arrow_is_in_the_house() {
    let sources = sources();
    let mut arrows = BTreeSet::new();
    for source in sources.iter().filter(|source| source.top() != "lib") {
        for target in uses(&source.module, &source.code) {
            let allowed = HOUSE.iter().find(|(name, _)| *name == source.top()).map(|(_, allowed)| *allowed);
            let allowed =
                allowed.unwrap_or_else(|| panic!("{} is no module of the house", source.path.display()));
            assert!(
                allowed.contains(&&*target),
                "{}: an arrow from {} to {target}; the house has {allowed:?}",
                source.path.display(),
                source.top(),
            );
            arrows.insert((source.top().to_owned(), target));
        }
    }
    for (module, allowed) in HOUSE.iter().filter(|(module, _)| *module != BOUNDARY) {
        assert!(sources.iter().any(|source| source.top() == *module), "the house has no {module} any more");
        for target in *allowed {
            let arrow = ((*module).to_owned(), (*target).to_owned());
            assert!(
                arrows.contains(&arrow),
                "no arrow from {module} to {target} any more: take it out of the house"
            );
        }
    }
    println!("layering: {} files, {} arrows", sources.len(), arrows.len());
}

#[test]
fn the_house_has_no_circle() {
    let mut below = vec![];
    for (module, allowed) in HOUSE {
        for target in allowed {
            assert!(below.contains(target), "{module} stands below {target}");
        }
        below.push(module);
    }
}

#[test]
fn only_the_boundary_names_javascript() {
    for source in sources().iter().filter(|source| source.top() != BOUNDARY) {
        for name in JAVASCRIPT {
            assert!(!names(&source.code, name), "{} names {name}", source.path.display());
        }
    }
}

#[test]
fn the_core_has_no_clock_no_randomness_and_no_io() {
    for source in sources() {
        for name in IMPURE {
            assert!(!names(&source.code, name), "{} names {name}", source.path.display());
        }
    }
}

/// The reader of this test finds what it should: in every form in which Rust names a module.
#[test]
fn uses_are_found_in_every_form() {
    let at = |module: &[&str], code: &str| {
        let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
        uses(&module, code).into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(at(&["policy", "load"], "use crate::body::Tree;"), "body");
    assert_eq!(
        at(&["policy", "load"], "use crate::{body::{Tree, json}, text::cut,\n    delay};"),
        "body delay text"
    );
    assert_eq!(at(&["policy", "load"], "let x = crate::response::host(y);"), "response");
    assert_eq!(at(&["policy", "load"], "use super::super::delay::read;"), "delay");
    assert_eq!(at(&["policy", "load"], "use super::{Budget, Jitter}; super::backoff::draw()"), "");
    assert_eq!(at(&["policy"], "use super::text::cut; use super::{load, status::kind};"), "load status text");
    assert_eq!(at(&["policy"], "pub(crate) fn policy() {} use crate::policy::Budget; use std::fmt;"), "");
    assert_eq!(
        code("// crate::text\nlet a = \"crate::body\"; /* crate::load */ b('\"')"),
        "\nlet a = \"\";  b('\"')"
    );
    assert!(names("use std::time::Duration;", "std::time") && names("let x: HashMap<u8, u8>;", "HashMap"));
    assert!(names("use std::{fmt, time::Duration};", "std::time"));
    assert!(!names("let random = operand;", "rand"));
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(Path::new("src"), &mut Vec::new(), &mut sources);
    assert!(sources.len() > HOUSE.len(), "too few sources were found");
    for source in &sources {
        let tokens = tokens(&source.code);
        let inline = tokens.windows(3).any(|part| part[0] == "mod" && part[2] == "{");
        assert!(!inline, "{}: a module has a file of its own", source.path.display());
    }
    sources
}

fn collect(folder: &Path, module: &mut Vec<String>, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // Data, and the script that embeds it when the crate is built.
        if path == Path::new("src/dialects") {
            continue;
        }
        if path.is_dir() {
            module.push(stem);
            collect(&path, module, sources);
            module.pop();
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let mut module = module.clone();
            if stem != "mod" && stem != "lib" {
                module.push(stem);
            }
            sources.push(Source { code: code(&fs::read_to_string(&path).unwrap()), path, module });
        }
    }
}

/// The top-level modules that `code`, in `module`, names, its own left out.
fn uses(module: &[String], code: &str) -> BTreeSet<String> {
    let tokens = tokens(code);
    let mut found = BTreeSet::new();
    for (index, token) in tokens.iter().enumerate() {
        if !matches!(&**token, "crate" | "super")
            || tokens.get(index.wrapping_sub(1)).is_some_and(|before| before == "::")
        {
            continue;
        }
        let mut rest = index;
        let mut place = if token == "crate" { Vec::new() } else { module.to_vec() };
        if token == "crate" {
            rest += 1;
        }
        while tokens.get(rest).is_some_and(|token| token == "super") {
            place.pop();
            rest += if tokens.get(rest + 2).is_some_and(|next| next == "super") { 2 } else { 1 };
        }
        if place.is_empty() && tokens.get(rest).is_some_and(|token| token == "::") {
            found.extend(heads(&tokens[rest + 1..]));
        }
    }
    if let Some(own) = module.first() {
        found.remove(own);
    }
    found
}

/// The first names of a path, or of all paths in braces.
fn heads(tokens: &[String]) -> Vec<String> {
    if tokens.first().is_none_or(|token| token != "{") {
        return tokens.first().cloned().into_iter().collect();
    }
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut begins = false;
    for token in tokens {
        match &**token {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && begins => heads.push(token.clone()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        begins = matches!(&**token, "{" | ",") && depth == 1;
    }
    heads
}

/// Does the code name this path, alone or out of braces?
fn names(code: &str, path: &str) -> bool {
    let tokens = tokens(code);
    let Some((root, name)) = path.split_once("::") else {
        return tokens.iter().any(|token| token == path);
    };
    (0..tokens.len()).any(|index| {
        tokens[index] == root
            && tokens.get(index + 1).is_some_and(|token| token == "::")
            && heads(&tokens[index + 2..]).iter().any(|head| head == name)
    })
}

/// Words, `::`, and every other character by itself.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut within = false;
    for c in code.chars() {
        let word_like = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(word) if word_like && within => word.push(c),
            Some(colon) if c == ':' && colon == ":" => colon.push(c),
            _ if c.is_whitespace() => {}
            _ => tokens.push(c.to_string()),
        }
        within = word_like;
    }
    tokens
}

/// Rust without comments and without what is in strings.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("'\"'") || rest.starts_with("b'\"'") {
            let width = if c == 'b' { 4 } else { 3 };
            code.push_str(&rest[..width]);
            width
        } else if c == '"' {
            code.push_str("\"\"");
            1 + string_end(&rest[1..])
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// Where a string ends, its closing quote included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == '"' && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}
