//! Dates: the three forms of HTTP (RFC 9110 section 5.6.7) and internet timestamps (RFC 3339 section 5.6).

use super::decimal;
use crate::text::span;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `w` a short name of a day, `W` a long one, `N` a name of a month, `e` a day that may begin with a space; `Y`, `y` four and two digits
/// of a year, `n`, `D`, `h`, `m`, `s` two digits. Anything else stands for itself.
const HTTP: [&str; 3] = ["w, D N Y h:m:s GMT", "W, D-N-y h:m:s GMT", "w N e h:m:s Y"];

/// Milliseconds since the Unix epoch, negative before 1970, of an HTTP date. `now_ms` settles the century of a two-digit year.
pub(super) fn http(text: &str, now_ms: u64) -> Option<i64> {
    HTTP.iter().find_map(|pattern| {
        let mut date = Date::default();
        let rest = date.scan(text, pattern)?;
        if !rest.is_empty() {
            return None;
        }
        if date.year >= 100 {
            return date.ms();
        }
        // "More than 50 years in the future" means the most recent year in the past with these digits.
        let horizon = i64::try_from(now_ms).ok()?.saturating_add(50 * 31_556_952_000);
        date.year += 2100;
        while date.year >= 2000 && date.ms().is_none_or(|ms| ms > horizon) {
            date.year -= 100;
        }
        date.ms()
    })
}

/// Milliseconds since the Unix epoch, negative before 1970, of an internet timestamp. The seconds, and the colon of the zone, may be left
/// out, as ISO 8601 allows.
pub(super) fn internet(text: &str) -> Option<i64> {
    let mut date = Date::default();
    let patterns = ["Y-n-DTh:m:s", "Y-n-Dth:m:s", "Y-n-D h:m:s", "Y-n-DTh:m"];
    let rest = patterns.iter().find_map(|pattern| date.scan(text, pattern))?;
    let (fraction, zone) = span(rest, |byte| byte == b'.' || byte.is_ascii_digit());
    let mut ms = date.ms()?;
    if !fraction.is_empty() {
        ms += i64::try_from(decimal::fraction(fraction.strip_prefix('.')?)?).ok()?;
    }
    let mut offset = Date::default();
    if zone.eq_ignore_ascii_case("z") {
        return Some(ms);
    }
    let sign = if zone.starts_with('-') { 1 } else { -1 };
    let rest = ["+h:m", "-h:m", "+hm", "-hm"].iter().find_map(|pattern| offset.scan(zone, pattern))?;
    rest.is_empty().then_some(ms + sign * (offset.hour * 60 + offset.minute) * 60_000)
}

#[derive(Default)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Date {
    /// What is left of `text` after all of `pattern`.
    fn scan<'t>(&mut self, mut text: &'t str, pattern: &str) -> Option<&'t str> {
        for symbol in pattern.bytes() {
            let (slot, width) = match symbol {
                b'Y' => (&mut self.year, 4),
                b'y' => (&mut self.year, 2),
                b'n' => (&mut self.month, 2),
                b'D' | b'e' => (&mut self.day, 2),
                b'h' => (&mut self.hour, 2),
                b'm' => (&mut self.minute, 2),
                b's' => (&mut self.second, 2),
                b'w' | b'W' => {
                    let known = |day: &&&str| {
                        text.starts_with(day.get(..3).unwrap_or_default())
                            && (symbol == b'w' || text.starts_with(**day))
                    };
                    let day = DAYS.iter().find(known)?;
                    text = text.get(if symbol == b'w' { 3 } else { day.len() }..)?;
                    continue;
                }
                b'N' => {
                    let name = text.get(..3)?;
                    self.month = (1..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
                    text = text.get(3..)?;
                    continue;
                }
                literal => {
                    text = text.get(1..).filter(|_| text.bytes().next() == Some(literal))?;
                    continue;
                }
            };
            let digits = text.get(..width)?;
            let digits = if symbol == b'e' { digits.strip_prefix(' ').unwrap_or(digits) } else { digits };
            *slot = i64::try_from(decimal::digits(digits)?).ok()?;
            text = text.get(width..)?;
        }
        Some(text)
    }

    /// Milliseconds since the Unix epoch in the proleptic Gregorian calendar. A leap second counts as the second after.
    fn ms(&self) -> Option<i64> {
        let Self { year, month, day, hour, minute, second } = *self;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_in_month = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if day < 1 || day > days_in_month || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        // A year that begins in March puts the leap day at its end.
        let year = if month < 3 { year - 1 } else { year };
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        // 719468 days lie between 1 March of year 0 and the Unix epoch.
        let days = year * 365 + leap_days + day_of_year - 719_468;
        Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
    }
}
