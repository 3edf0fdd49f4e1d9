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
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        sources.insert(stem, whole);
        embedded.push(Value::Object(dialect));
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut words: Map<String, Value> = serde_json::from_str(&read("src/words.json"))
        .unwrap_or_else(|error| panic!("src/words.json: {error}"));
    for member in ["$schema", "notes", "examples"] {
        words.shift_remove(member);
    }
    write(&out, "words.json", &Value::Object(words));
    write(&out, "dialects.json", &json!(embedded));
    write(&out, "dialect_sources.json", &Value::Object(sources));
}

fn read(path: &str) -> String {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(folder: &str, name: &str, value: &Value) {
    fs::write(Path::new(folder).join(name), value.to_string())
        .unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
}
