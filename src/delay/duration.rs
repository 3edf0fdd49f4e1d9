//! Lengths of time with units, as Go and protobuf write them: `6m0s`, `1.5s`, `250ms`.

use super::decimal::thousandths;
use crate::text::span;

/// Milliseconds, rounded up.
pub(super) fn parse(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    loop {
        let (number, tail) = span(rest, |byte| !byte.is_ascii_alphabetic());
        let (unit, others) = span(tail, |byte| byte.is_ascii_alphabetic());
        let unit_ms: u64 = match unit {
            "d" => 86_400_000,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1000,
            "ms" => 1,
            _ => return None,
        };
        total = total.saturating_add(thousandths(number)?.saturating_mul(unit_ms).div_ceil(1000));
        rest = others;
        if rest.is_empty() {
            return Some(total);
        }
    }
}
