//! Each case of a suite as a policy of ours: `tests/suites/policies.json`, in the format of `tests/suites/README.md`.

use serde_json::{Value, json};

const POLICIES: &str = include_str!("../suites/policies.json");

pub fn policy(suite: &str, case: &Value) -> Value {
    let rules: Value = serde_json::from_str(POLICIES).unwrap();
    let mut policy = json!({});
    for rule in rules[suite].as_array().unwrap() {
        let mut conditions = rule["when"].as_object().into_iter().flatten();
        if conditions.all(|(path, values)| values.as_array().unwrap().contains(at(case, path))) {
            fill(&mut policy, &rule["policy"], case);
        }
    }
    policy
}

/// Puts the members of a template over those that are there, but for what the case does not say.
fn fill(policy: &mut Value, template: &Value, case: &Value) {
    match template {
        Value::Object(members) => {
            if !policy.is_object() {
                *policy = json!({});
            }
            for (name, member) in members {
                let mut made = policy[name].take();
                fill(&mut made, member, case);
                if made.is_null() && !member.is_null() {
                    policy.as_object_mut().unwrap().shift_remove(name);
                } else {
                    policy[name] = made;
                }
            }
        }
        Value::String(text) => match text.strip_prefix("= ") {
            Some(term) => {
                let found = computed(term, case);
                if !found.is_null() {
                    *policy = found;
                }
            }
            None => *policy = text.as_str().into(),
        },
        other => *policy = other.clone(),
    }
}

fn computed(term: &str, case: &Value) -> Value {
    let value = |word: &str| serde_json::from_str(word).unwrap_or_else(|_| at(case, word).clone());
    let mut words = term.split(' ');
    let mut found = value(words.next().unwrap());
    while let (Some(operator), Some(word)) = (words.next(), words.next()) {
        let other = value(word);
        found = match (operator, number(&found), number(&other)) {
            ("?", ..) if found.is_null() => other,
            ("*", Some(one), Some(other)) => rounded(one * other),
            ("/", Some(one), Some(other)) => rounded(one / other),
            _ => found,
        };
    }
    number(&found).filter(|_| found.is_number()).map_or(found, rounded)
}

/// Policies have three decimals.
fn rounded(number: f64) -> Value {
    json!((number * 1000.0).round() / 1000.0)
}

/// `1s` is 1.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.strip_suffix('s')?.parse().ok(),
        other => other.as_f64(),
    }
}

fn at<'c>(case: &'c Value, path: &str) -> &'c Value {
    path.split('.').fold(case, |value, name| match name.parse::<usize>() {
        Ok(index) => &value[index],
        Err(_) => &value[name],
    })
}
