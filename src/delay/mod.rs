//! A server's wish to be left alone, in whatever notation, as milliseconds from now.

mod date;
pub(crate) mod decimal;
mod duration;
mod field;
mod limits;

pub(crate) use limits::limits;

use crate::response::Response;
use crate::text::head;

/// The largest delay, 2^53 - 1: the largest integer that a JavaScript number holds exactly.
pub(crate) const MAX_MS: u64 = (1 << 53) - 1;

/// How a text may state a time.
#[derive(Clone, Copy)]
pub(crate) enum Notation {
    Seconds,
    Milliseconds,
    Minutes,
    UnixSeconds,
    UnixMs,
    HttpDate,
    Rfc3339,
    Duration,
}

use Notation::{Duration, HttpDate, Milliseconds, Minutes, Rfc3339, Seconds, UnixMs, UnixSeconds};

impl Notation {
    const ALL: [Self; 8] = [Seconds, Milliseconds, Minutes, UnixSeconds, UnixMs, HttpDate, Rfc3339, Duration];

    /// As dialects write them.
    pub(crate) const NAMES: [&str; 8] =
        ["seconds", "milliseconds", "minutes", "unix_seconds", "unix_ms", "http_date", "rfc3339", "duration"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let index = Self::NAMES.iter().position(|known| *known == name)?;
        Self::ALL.get(index).copied()
    }
}

/// The delay that `text` as a whole states; a moment gone by is 0, anything unreadable or negative nothing.
pub(crate) fn read(text: &str, notation: Notation, clock_ms: u64) -> Option<u64> {
    let number = || decimal::thousandths(text);
    let moment = match notation {
        Seconds => return number().map(saturate),
        Minutes => return Some(saturate(number()?.saturating_mul(60))),
        Milliseconds => return Some(saturate(number()?.div_ceil(1000))),
        Duration => return duration::parse(text).map(saturate),
        UnixSeconds => i64::try_from(number()?).unwrap_or(i64::MAX),
        UnixMs => i64::try_from(number()? / 1000).unwrap_or(i64::MAX),
        HttpDate => date::http(text, clock_ms)?,
        Rfc3339 => date::internet(text)?,
    };
    let clock_ms = i64::try_from(clock_ms).unwrap_or(i64::MAX);
    Some(saturate(u64::try_from(moment.saturating_sub(clock_ms)).unwrap_or(0)))
}

/// The first of these notations that can be read.
pub(crate) fn read_any(text: &str, notations: &[Notation], clock_ms: u64) -> Option<u64> {
    notations.iter().find_map(|notation| read(text, *notation, clock_ms))
}

fn saturate(ms: u64) -> u64 {
    ms.min(MAX_MS)
}

/// The clock to read a server's dates against: its own, where the response carries it fresh from the origin
/// (RFC 9110 section 6.6.1), so that a client clock that is off changes nothing.
pub(crate) fn clock_ms(response: &Response<'_>) -> u64 {
    let date = response.header("date").filter(|_| response.header("age").is_none());
    date.and_then(|date| date::http(date, response.now_ms))
        .and_then(|moment| u64::try_from(moment).ok())
        .unwrap_or(response.now_ms)
}

/// `retry-after-ms` and its like, which outrank everything else.
pub(crate) fn milliseconds_header(response: &Response<'_>, clock_ms: u64) -> Option<u64> {
    ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after"]
        .iter()
        .find_map(|name| longest(response, name, &[Milliseconds], clock_ms))
}

/// gRPC's pushback (gRFC A6): the delay before the next send; or else that there is to be none, by a value that is
/// negative, unreadable or sent twice.
pub(crate) fn pushback(response: &Response<'_>) -> (Option<u64>, bool) {
    let mut values =
        response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("grpc-retry-pushback-ms"));
    let Some((_, value)) = values.next() else { return (None, false) };
    let delay = decimal::digits(value.trim_ascii()).filter(|delay| i32::try_from(*delay).is_ok());
    let delay = delay.filter(|_| values.next().is_none());
    (delay, delay.is_none())
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds or a date; decimals and RFC 3339 where vendors send them.
pub(crate) fn retry_after_header(response: &Response<'_>, clock_ms: u64) -> Option<u64> {
    longest(response, "retry-after", &[Seconds, HttpDate, Rfc3339], clock_ms)
}

/// Of several values the longest.
fn longest(response: &Response<'_>, name: &str, notations: &[Notation], clock_ms: u64) -> Option<u64> {
    let read = |text: &str| read_any(text, notations, clock_ms);
    let mut longest = None;
    for (candidate, value) in response.headers {
        if candidate.eq_ignore_ascii_case(name) {
            for found in (Items { rest: Some(value), read: &read }) {
                longest = longest.max(found);
            }
        }
    }
    longest
}

/// What is read from each value of a list: `fetch` joins repeated headers with a comma, which a date contains as well.
struct Items<'t> {
    rest: Option<&'t str>,
    read: &'t dyn Fn(&str) -> Option<u64>,
}

impl Iterator for Items<'_> {
    type Item = Option<u64>;

    fn next(&mut self) -> Option<Option<u64>> {
        let list = self.rest?;
        let (item, others) = head(list, b',');
        self.rest = others;
        let found = (self.read)(item.trim_ascii());
        let (Some(others), None) = (others, found) else { return Some(found) };
        let (second, others) = head(others, b',');
        let found = list.get(..item.len() + 1 + second.len()).and_then(|date| (self.read)(date.trim_ascii()));
        if found.is_some() {
            self.rest = others;
        }
        Some(found)
    }
}
