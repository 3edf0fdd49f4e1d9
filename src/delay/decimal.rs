//! Decimal numbers without floating point.

use crate::text::head;

/// `digits [ "." digits ]` times 1000, rounded up; saturates.
pub(crate) fn thousandths(text: &str) -> Option<u64> {
    let (whole, decimals) = head(text, b'.');
    let decimals = decimals.map_or(Some(0), fraction)?;
    Some(digits(whole)?.saturating_mul(1000).saturating_add(decimals))
}

/// The digits after a decimal point, in thousandths, rounded up.
pub(super) fn fraction(decimals: &str) -> Option<u64> {
    digits(decimals)?;
    let mut value = 0;
    let (mut place, mut beyond) = (100, 0);
    for byte in decimals.bytes() {
        let digit = u64::from(byte - b'0');
        value += digit * place;
        beyond |= if place == 0 { digit } else { 0 };
        place /= 10;
    }
    Some(value + u64::from(beyond > 0))
}

/// One or more ASCII digits; saturates.
pub(crate) fn digits(text: &str) -> Option<u64> {
    let mut value = 0_u64;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
    }
    if text.is_empty() { None } else { Some(value) }
}
