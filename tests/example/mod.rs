//! The dialect files and their examples.

use serde_json::{Map, Value};

/// Every dialect file, by its name; made by `src/dialects/build.rs`.
const DIALECTS: &str = include_str!(concat!(env!("OUT_DIR"), "/dialect_sources.json"));

/// Every dialect document, by the name of its file.
pub fn documents() -> Map<String, Value> {
    serde_json::from_str(DIALECTS).unwrap()
}

pub struct Example {
    /// The file and the name.
    pub name: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub url: String,
    /// JSON, or a string that is sent as it is.
    pub body: Value,
    pub now_ms: u64,
    /// Is it an example of a failure?
    pub fails: bool,
}

impl Example {
    pub fn all(id: &str, document: &Value) -> Vec<Self> {
        let examples = document["examples"].as_array().into_iter().flatten();
        examples.map(|example| Self::new(id, example)).collect()
    }

    fn new(id: &str, example: &Value) -> Self {
        let headers = example["headers"].as_object().into_iter().flatten();
        Self {
            name: format!("{id}: {}", example["name"]),
            status: u16::try_from(example["status"].as_u64().unwrap()).unwrap(),
            headers: headers
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
            url: example["host"].as_str().map_or(String::new(), |host| format!("https://{host}/")),
            body: example["body"].clone(),
            now_ms: example["nowMs"].as_u64().unwrap_or(0),
            fails: !example["expect"].is_null(),
        }
    }

    /// The body as it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        bytes(&self.body)
    }
}

pub fn bytes(body: &Value) -> Vec<u8> {
    match body {
        Value::Null => Vec::new(),
        Value::String(text) => text.clone().into_bytes(),
        json => json.to_string().into_bytes(),
    }
}
