//! The limits in README.md and in the page's policy form are those of the crate.
#![cfg(not(target_family = "wasm"))]

use reprieve::{Policy, Trip};
use serde_json::{Value, json};

const README: &str = include_str!("../README.md");
const FORM: &str = include_str!("../www/policy/limits.json");

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

/// The limits of the page's policy form, each with the group that it is in.
fn form() -> Vec<(Value, Value)> {
    let form: Value = serde_json::from_str(FORM).unwrap();
    let groups = form["groups"].as_array().unwrap();
    let limits = |group: &Value| group["limits"].as_array().unwrap().clone();
    groups.iter().flat_map(|group| limits(group).into_iter().map(|limit| (group.clone(), limit))).collect()
}

/// Sets `path` in a tree of objects.
fn write(into: &mut Value, path: &str, value: Value) {
    let place = path.split('.').fold(into, |inner, name| &mut inner[name]);
    *place = value;
}

#[test]
fn presets_of_the_form() {
    for (preset, expected) in [
        ("default", Policy::DEFAULT),
        ("brisk", Policy::BRISK),
        ("patient", Policy::PATIENT),
        ("none", Policy::NONE),
        ("aws_standard", Policy::AWS_STANDARD),
        ("grpc", Policy::GRPC),
    ] {
        let mut written = json!({});
        let mut like_another = Vec::new();
        for (group, limit) in form() {
            let name = limit["name"].as_str().unwrap();
            if group["off"].as_array().is_some_and(|off| off.contains(&json!(preset))) {
                write(&mut written, group["part"].as_str().unwrap(), Value::Null);
            } else {
                match limit["presets"].get(preset).unwrap_or(&limit["default"]) {
                    Value::Null => like_another.push(name.to_owned()),
                    value => write(&mut written, name, value.clone()),
                }
            }
        }
        let mut made = Policy::from_json(&written.to_string()).unwrap();
        // What JSON cannot say on top of the default: the same as another limit.
        if let Some(budget) = &mut made.budget
            && like_another.iter().any(|name| name == "budget.timeoutCost")
        {
            budget.timeout_cost_milli = None;
        }
        assert_eq!(made, expected, "{preset}: {written}");
    }
}

#[test]
fn parts_that_the_form_switches_on() {
    let on =
        Policy::from_json(r#"{"preset": "grpc", "gate": {}, "breaker": {}, "deadlineMs": 12000}"#).unwrap();
    assert_eq!((on.gate, on.breaker), (Policy::DEFAULT.gate, Policy::DEFAULT.breaker));
    assert_eq!(on.deadline_ms, Policy::DEFAULT.deadline_ms);
    let shared = Policy::from_json(r#"{"breaker": {"share": 0.5}}"#).unwrap();
    let default = |name| form().iter().find(|(_, limit)| limit["name"] == name).unwrap().1["default"].clone();
    let (of, least) = (default("breaker.of").as_u64().unwrap(), default("breaker.least").as_u64().unwrap());
    let trip = Trip::Share { of: of.try_into().unwrap(), least: least.try_into().unwrap(), milli: 500 };
    assert_eq!(shared.breaker.unwrap().trip, trip);
}

#[test]
fn the_form_has_every_limit() {
    let readme: Vec<_> = rows().into_iter().map(|(name, _)| name.split('`').next().unwrap()).collect();
    let form = form();
    let mut named: Vec<_> = form.iter().map(|(_, limit)| limit["name"].as_str().unwrap()).collect();
    // README has these three in one row.
    named.retain(|name| !["breaker.of", "breaker.least"].contains(name));
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.join("\n")
    };
    assert_eq!(sorted(named), sorted(readme));
}
