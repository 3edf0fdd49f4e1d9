//! Embeds the dialects: one JSON list without the members that are for people, and, for the tests, all their examples.

use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value, json};

fn main() {
    let folder = Path::new("src/dialects");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("src/dialects can be listed")
        .map(|entry| entry.expect("an entry of src/dialects can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .filter(|path| path.file_name().is_some_and(|name| name != "schema.json"))
        .collect();
    paths.sort();
    let mut embedded = Vec::new();
    let mut sources = Map::new();
    for path in paths {
        let name = path.display();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let whole: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut dialect = whole.as_object().unwrap_or_else(|| panic!("{name}: not an object")).clone();
        for member in ["$schema", "name", "sources", "notes", "examples"] {
            dialect.shift_remove(member);
        }
        for member in ["generic", "permanent", "transient"] {
            dialect.get_mut(member).map(join);
        }
        let kinds = dialect.get_mut("kinds").and_then(Value::as_object_mut);
        kinds.into_iter().flat_map(Map::values_mut).for_each(join);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        sources.insert(stem, whole);
        embedded.push(Value::Object(dialect));
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    write(&out, "words.rs", &words());
    write(&out, "dialects.json", &json!(embedded).to_string());
    write(&out, "dialect_sources.json", &Value::Object(sources).to_string());
}

/// A list of codes as one text, one space apart: smaller without quotes and commas, and faster to load.
fn join(codes: &mut Value) {
    let list = codes.as_array().expect("a list of codes");
    let mut list: Vec<&str> = list.iter().map(|code| code.as_str().expect("a code")).collect();
    assert!(!list.iter().any(|code| code.contains(' ')), "a code with a space: {list:?}");
    list.sort_unstable();
    *codes = list.join(" ").into();
}

fn read(path: &str) -> String {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(folder: &str, name: &str, text: &str) {
    fs::write(Path::new(folder).join(name), text).unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
}

/// `src/words.json` as Rust, in the form that `src/words.rs` describes.
fn words() -> String {
    let rules: Value = serde_json::from_str(&read("src/words.json"))
        .unwrap_or_else(|error| panic!("src/words.json: {error}"));
    let mut classes = Vec::new();
    let mut words = vec![Vec::new(); 26];
    let mut add = |says: String, patterns: &Value| {
        let class = char::from(b'A' + u8::try_from(classes.len()).expect("fewer classes than letters"));
        classes.push(says);
        for pattern in patterns.as_array().expect("a list of words") {
            let pattern = pattern.as_str().expect("a word");
            let (at_start, text) = pattern.strip_prefix('*').map_or((true, pattern), |text| (false, text));
            let (at_end, text) = text.strip_suffix('*').map_or((true, text), |text| (false, text));
            let bound = match (at_start, at_end) {
                (true, true) => '=',
                (true, false) => '^',
                (false, true) => '$',
                (false, false) => ' ',
            };
            let length = char::from(b'0' + u8::try_from(text.len()).expect("a short word"));
            let first = text.bytes().next().unwrap_or_default();
            let list = words.get_mut(usize::from(first.wrapping_sub(b'a')));
            list.unwrap_or_else(|| panic!("{pattern}: begins with no letter"))
                .push(format!("{class}{bound}{length}{text}"));
        }
    };
    add("Nothing".to_owned(), &rules["generic"]);
    for (section, says) in [("kinds", "Kind"), ("weak", "Weak")] {
        for (kind, patterns) in rules[section].as_object().expect("kinds") {
            let name: String = kind.split('_').map(capitalized).collect();
            add(format!("{says}(Kind::{name})"), patterns);
        }
    }
    add("UntilTold".to_owned(), &rules["until_told"]);
    add("Transient(false)".to_owned(), &rules["permanent"]);
    add("Transient(true)".to_owned(), &rules["transient"]);
    let words: Vec<String> = words.iter().map(|words| words.concat()).collect();
    let classes: Vec<String> = classes.iter().map(|says| format!("Says::{says}")).collect();
    format!(
        "static CLASSES: [Says; {}] = [{}];\nstatic WORDS: [&str; 26] = {words:?};\n",
        classes.len(),
        classes.join(", ")
    )
}

fn capitalized(word: &str) -> String {
    word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default()
}
