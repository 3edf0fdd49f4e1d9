//! The table of limits in README.md is that of the crate.
#![cfg(not(target_family = "wasm"))]

use reprieve::Policy;
use serde_json::{Value, json};

const README: &str = include_str!("../README.md");

/// The name and the default of each row.
fn rows() -> Vec<(&'static str, &'static str)> {
    let (_, rest) = README.split_once("<!-- LIMITS").unwrap();
    let (table, _) = rest.split_once("<!-- /LIMITS -->").unwrap();
    let cells =
        |row: &'static str| row.split('|').map(|cell| cell.trim().trim_matches('`')).collect::<Vec<_>>();
    table.lines().filter(|row| row.starts_with("| `")).map(|row| (cells(row)[1], cells(row)[2])).collect()
}

fn policy(path: &str, value: &Value) -> Policy {
    let nested = path.rsplit('.').fold(value.clone(), |inner, name| json!({ name: inner }));
    Policy::from_json(&nested.to_string()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn defaults() {
    let mut checked = 0;
    for (path, default) in rows() {
        // A default that is another limit, or several limits in a row.
        if path.contains("throttledCost") || path.contains("throttledBaseMs") || path.contains("share") {
            continue;
        }
        let value = serde_json::from_str(default).unwrap_or_else(|_| json!(default));
        assert_eq!(policy(path, &value), Policy::DEFAULT, "{path} is not {default} by default");
        checked += 1;
    }
    assert!(checked > 25, "{checked} rows");
}
