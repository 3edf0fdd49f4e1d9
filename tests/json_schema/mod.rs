//! The part of JSON Schema 2020-12 that `src/dialects/schema.json` uses. Any other keyword is a panic, not a pass.

use serde_json::Value;

/// Where and by which keyword `value` breaks the schema; nothing where it is valid.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    Reader { root: schema }.errors(schema, value, "")
}

struct Reader<'s> {
    root: &'s Value,
}

impl Reader<'_> {
    fn errors(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        let below = |schema: &Value, key: &str, value: &Value| {
            self.errors(schema, value, &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")))
        };
        let mut errors = Vec::new();
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            let text = value.as_str();
            let list = value.as_array();
            let members = value.as_object();
            let number = value.as_f64();
            let holds = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" => true,
                "$ref" => {
                    let pointer = rule.as_str().and_then(|reference| reference.strip_prefix('#'));
                    let target = self.root.pointer(pointer.expect("a reference into this schema"));
                    errors.extend(self.errors(target.expect("the reference leads somewhere"), value, place));
                    true
                }
                "type" => match rule {
                    Value::Array(types) => types.iter().any(|name| is_type(name, value)),
                    name => is_type(name, value),
                },
                "const" => rule == value,
                "enum" => entries(rule).contains(value),
                "minLength" => text.is_none_or(|text| text.chars().count() >= length(rule)),
                "minItems" => list.is_none_or(|items| items.len() >= length(rule)),
                "minimum" => number.is_none_or(|number| Some(number) >= rule.as_f64()),
                "maximum" => number.is_none_or(|number| Some(number) <= rule.as_f64()),
                "pattern" => text.is_none_or(|text| text.starts_with(prefix(rule))),
                "anyOf" => entries(rule).iter().any(|schema| self.errors(schema, value, place).is_empty()),
                "required" => members.is_none_or(|members| {
                    entries(rule).iter().all(|name| members.contains_key(name.as_str().unwrap()))
                }),
                "contains" => list
                    .is_none_or(|items| items.iter().any(|item| self.errors(rule, item, place).is_empty())),
                "items" => {
                    for (index, item) in list.into_iter().flatten().enumerate() {
                        errors.extend(below(rule, &index.to_string(), item));
                    }
                    true
                }
                "properties" => {
                    for (name, schema) in rule.as_object().unwrap() {
                        if let Some(member) = value.get(name) {
                            errors.extend(below(schema, name, member));
                        }
                    }
                    true
                }
                "propertyNames" => {
                    for name in members.into_iter().flatten().map(|(name, _)| name) {
                        errors.extend(below(rule, name, &name.as_str().into()));
                    }
                    true
                }
                "additionalProperties" => {
                    let known = |name: &str| schema["properties"].get(name).is_some();
                    for (name, member) in members.into_iter().flatten().filter(|(name, _)| !known(name)) {
                        match rule {
                            Value::Bool(false) => errors.push(format!("{place}/{name}: unknown")),
                            rule => errors.extend(below(rule, name, member)),
                        }
                    }
                    true
                }
                _ => panic!("the keyword {keyword} is not read here"),
            };
            if !holds {
                errors.push(format!("{place}: {keyword} {rule}"));
            }
        }
        errors
    }
}

fn is_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        name => panic!("the type {name} is not read here"),
    }
}

fn entries(rule: &Value) -> &[Value] {
    rule.as_array().expect("a list")
}

fn length(rule: &Value) -> usize {
    usize::try_from(rule.as_u64().expect("a length")).unwrap()
}

/// Of regular expressions only an anchored literal.
fn prefix(rule: &Value) -> &str {
    let literal = rule.as_str().and_then(|pattern| pattern.strip_prefix('^')).expect("an anchored pattern");
    assert!(
        !literal.contains(['.', '*', '+', '?', '(', '[', '{', '|', '\\', '$', '^']),
        "{literal} is no literal"
    );
    literal
}
