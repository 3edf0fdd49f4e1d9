//! Headers that tell of a rate limit: the `RateLimit` field (draft-ietf-httpapi-ratelimit-headers), and `X-RateLimit-Reset` and its many
//! relatives.

use super::{Items, Notation, decimal, field, read, read_any};
use crate::response::Response;
use crate::text::{find, head};

/// What the rate-limit headers say of the limit that was hit.
pub(crate) struct Limit {
    /// The longest wait of the exhausted buckets, or else of those of which is not said what remains.
    pub(crate) delay_ms: Option<u64>,
    /// A bucket is exhausted that is only filled again after a day or more.
    pub(crate) is_long: bool,
    /// The name of the bucket that is exhausted, where the server names one.
    pub(crate) bucket: Option<String>,
}

/// What is beyond them is not read. No server sends that many.
const MAX: usize = 128;

pub(crate) fn limits(response: &Response<'_>, clock_ms: u64) -> Limit {
    let mut wait = None;
    let mut is_long = false;
    let mut named =
        response.header("x-ratelimit-resource").filter(|name| !name.is_empty()).map(str::to_owned);
    let mut note = |remaining: Option<u64>, delay: Option<u64>| {
        let is_exhausted = remaining == Some(0);
        if is_exhausted || remaining.is_none() {
            wait = wait.max(delay.map(|delay| (is_exhausted, delay)));
        }
        is_exhausted
    };

    let headers = limit_headers(response);
    let value = |bucket: &str, role| {
        let header = headers.iter().find(|header| header.role == role && header.bucket == bucket);
        header.map(|header| &*header.value)
    };
    let policies = field::policies(value("ratelimitpolicy", Role::Other).unwrap_or_default(), false);
    let policies = policies.unwrap_or_default();
    let is_long_policy = |name: &str| {
        policies.iter().take(MAX).any(|policy| {
            (policy.name == name || policies.len() == 1) && decimal::digits(policy.window) >= Some(86_400)
        })
    };
    let limit = value("ratelimit", Role::Other).unwrap_or_default();
    let buckets = field::policies(limit, false).or_else(|| field::policies(limit, true));
    for bucket in buckets.unwrap_or_default() {
        if note(decimal::thousandths(bucket.remaining), read(bucket.reset, Notation::Seconds, clock_ms)) {
            is_long |= names_period(&bucket.name.to_ascii_lowercase()) || is_long_policy(bucket.name);
            let name = bucket.name.trim_matches('"');
            if !name.is_empty() {
                named = Some(name.to_owned());
            }
        }
    }

    let remaining = |text: &str| decimal::thousandths(head(text, b';').0);
    for Header { bucket, role, in_ms, value: list } in &headers {
        if *role == Role::Remaining {
            let mut items = Items { rest: Some(list), read: &remaining };
            if items.any(|remaining| remaining == Some(0)) {
                is_long |= names_period(bucket) || is_long_policy(bucket);
            }
        } else if *role == Role::Reset {
            let delay = |text: &str| reset(text, *in_ms, clock_ms);
            let mut remainders = Items { rest: value(bucket, Role::Remaining), read: &remaining };
            let mut remains = None;
            for delay in (Items { rest: Some(list), read: &delay }) {
                remains = remainders.next().unwrap_or(remains);
                note(remains, delay);
            }
        }
    }
    Limit { delay_ms: wait.map(|(_, delay)| delay), is_long, bucket: named }
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Remaining,
    Reset,
    Other,
}

/// All lines of the headers that say the same of a bucket.
struct Header {
    /// The name without dashes and without the words that say what the header tells of the bucket.
    bucket: String,
    role: Role,
    in_ms: bool,
    value: String,
}

fn limit_headers(response: &Response<'_>) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for (name, value) in response.headers {
        let name = name.to_ascii_lowercase();
        let mut bucket = String::new();
        let (mut role, mut in_ms) = (Role::Other, false);
        let mut rest = Some(&*name);
        while let Some(segments) = rest {
            let (mut segment, others) = head(segments, b'-');
            rest = others;
            for (word, its_role) in
                [("remaining", Role::Remaining), ("reset", Role::Reset), ("retry", Role::Reset)]
            {
                if let Some(at) = find(segment, word) {
                    role = its_role;
                    segment = segment.get(..at).unwrap_or_default();
                }
            }
            if role == Role::Reset && (segment == "ms" || segment == "milliseconds") {
                in_ms = true;
            } else if !["after", "at", "date", "in", "seconds", "time"].contains(&segment) {
                bucket.push_str(segment);
            }
        }
        if find(&bucket, "limit").is_none() {
            continue;
        }
        let known =
            |known: &&mut Header| known.bucket == bucket && known.role == role && known.in_ms == in_ms;
        if let Some(known) = headers.iter_mut().find(known) {
            known.value.push(',');
            known.value.push_str(value);
        } else if headers.len() < MAX {
            headers.push(Header { bucket, role, in_ms, value: (*value).to_owned() });
        }
    }
    headers
}

/// Does the name say that the bucket is filled again after a day or more?
fn names_period(name: &str) -> bool {
    ["day", "daily", "24h", "week", "month", "year"].iter().any(|period| find(name, period).is_some())
}

/// When a bucket is filled again; a number too large for a length of time is a moment.
fn reset(text: &str, in_ms: bool, clock_ms: u64) -> Option<u64> {
    let notation = match decimal::thousandths(text) {
        None => {
            return read_any(text, &[Notation::Rfc3339, Notation::HttpDate, Notation::Duration], clock_ms);
        }
        Some(100_000_000_000_001..) => Notation::UnixMs,
        Some(_) if in_ms => Notation::Milliseconds,
        Some(1_000_000_000_001..) => Notation::UnixSeconds,
        Some(_) => Notation::Seconds,
    };
    read(text, notation, clock_ms)
}
