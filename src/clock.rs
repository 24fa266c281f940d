//! Instants and spans. The only file that reads the clock.

use jiff::tz::TimeZone;
use std::fmt;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Milliseconds of a second, minute and day.
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 86_400 * SECOND;

impl Timestamp {
    /// The earliest and the latest instant that prints as RFC 3339 with a four-digit year.
    pub const MIN: Self = Self(-62_135_596_800_000);
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The system's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn system() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// From milliseconds UTC; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_ms(ms: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&ms).then_some(Self(ms))
    }

    /// From seconds UTC; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_s(seconds: i64) -> Option<Self> {
        seconds.checked_mul(SECOND).and_then(Self::from_ms)
    }

    /// Milliseconds UTC.
    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }

    /// The same instant without the part below a second.
    #[must_use]
    pub fn whole_second(self) -> Self {
        Self(self.0 - self.0.rem_euclid(SECOND))
    }

    /// Whole seconds UTC, rounded down.
    #[must_use]
    pub fn s(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// Reads RFC 3339; fractions beyond milliseconds are cut. `None` when it is not RFC 3339 with an offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // The common form `2025-03-09T07:05:12Z` is read by hand: an import reads a million of them.
        fixed_utc(text.as_bytes())
            .or_else(|| text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond))
            .and_then(Self::from_ms)
    }

    /// Later by `days` days; saturates.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(DAY))
    }

    /// Later by `minutes` minutes; saturates.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes.saturating_mul(MINUTE))
    }

    /// Later by `ms` milliseconds; saturates.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Milliseconds from `earlier` to `self`.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Whole days from `earlier` to `self`, rounded down.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.since(earlier).div_euclid(DAY)
    }

    /// Whole minutes from `earlier` to `self`, rounded down.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> i64 {
        self.since(earlier).div_euclid(MINUTE)
    }

    /// In the zone's own time, for people: `2025-03-09 08:05`.
    #[must_use]
    pub fn local(self, zone: &TimeZone) -> String {
        jiff::Timestamp::from_millisecond(self.0)
            .map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default()
    }

    /// `2025-03-09`, UTC.
    #[must_use]
    pub fn date(self) -> String {
        self.print(&mut [0; PRINTED]).get(..10).unwrap_or_default().to_owned()
    }

    /// The distance to `now` in the largest fitting unit, for people: `3 days ago`, `in 2 hours`.
    #[must_use]
    pub fn relative(self, now: Self) -> String {
        let minutes = now.since(self).unsigned_abs() / MINUTE.unsigned_abs();
        let (count, unit) = match minutes {
            0 => return "now".to_owned(),
            1..=119 => (minutes, "minute"),
            120..=2879 => (minutes / 60, "hour"),
            _ => (minutes / 1440, "day"),
        };
        let plural = if count == 1 { "" } else { "s" };
        if self <= now {
            format!("{count} {unit}{plural} ago")
        } else {
            format!("in {count} {unit}{plural}")
        }
    }
}

/// RFC 3339 UTC; milliseconds only when there are any.
impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.print(&mut [0; PRINTED]))
    }
}

/// The longest text of an instant: `2025-03-09T07:05:12.441Z`.
const PRINTED: usize = 24;

impl Timestamp {
    /// Prints by hand: an answer holds millions of them.
    fn print(self, buffer: &mut [u8; PRINTED]) -> &str {
        let Civil { year, month, day, hour, minute, second } = self.civil();
        let ms = self.0.rem_euclid(SECOND);
        let ([y0, y1], [y2, y3]) = (digits(year / 100), digits(year % 100));
        let ([m0, m1], [d0, d1]) = (digits(month), digits(day));
        let ([h0, h1], [n0, n1], [s0, s1]) = (digits(hour), digits(minute), digits(second));
        let ([_, f0], [f1, f2]) = (digits(ms / 100), digits(ms % 100));
        let (point, length) = if ms == 0 { (b'Z', PRINTED - 4) } else { (b'.', PRINTED) };
        *buffer = [
            y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1,
            point, f0, f1, f2, b'Z',
        ];
        buffer.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// Date and time of day, UTC, without the part below a second.
    #[must_use]
    pub fn civil(self) -> Civil {
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let seconds = rest / SECOND;
        Civil {
            year,
            month,
            day,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }

    /// The instant of a date and time of day, UTC; `None` when there is no such moment.
    #[must_use]
    pub fn from_civil(moment: &Civil) -> Option<Self> {
        let Civil { year, month, day, hour, minute, second } = *moment;
        let real = (1..=9999).contains(&year)
            && (1..=days_of(year, month)?).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        let seconds = (days_from_civil(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
        real.then(|| Self::from_s(seconds)).flatten()
    }
}

/// The two digits of a number below 100.
fn digits(number: i64) -> [u8; 2] {
    let number = u8::try_from(number).unwrap_or(0);
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// A date and time of day, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

/// Days of a month; `None` when there is no such month.
fn days_of(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.print(&mut [0; PRINTED]))
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Proleptic Gregorian date of a day number counted from 1970-01-01: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Day number of a date, counted from 1970-01-01; the date must exist.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Milliseconds of `YYYY-MM-DDTHH:MM:SS[.f+]Z`, `None` for any other text.
fn fixed_utc(text: &[u8]) -> Option<i64> {
    let (head, rest) = text.split_at_checked(19)?;
    let digits = |from: usize, to: usize| -> Option<i64> {
        head.get(from..to)?.iter().try_fold(0_i64, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
        })
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| head.get(*at) != Some(mark)) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    let length = days_of(year, month)?;
    if !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = rest.strip_suffix(b"Z")?;
    let ms = match fraction.split_first() {
        None => 0,
        Some((b'.', places)) if !places.is_empty() && places.iter().all(u8::is_ascii_digit) => {
            places
                .iter()
                .chain(b"000")
                .take(3)
                .fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'))
        }
        Some(_) => return None,
    };
    let seconds = (days_from_civil(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
    Some(seconds * SECOND + ms)
}

/// A span of time as a user types it: `7d`, `36h`, `90m`, `45s`, `2w`, `P30D`, `PT36H`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

impl Span {
    #[must_use]
    pub const fn days(days: i64) -> Self {
        Self(days * DAY)
    }

    #[must_use]
    pub const fn minutes(minutes: i64) -> Self {
        Self(minutes * MINUTE)
    }

    /// Milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Days, as a fraction.
    #[must_use]
    pub fn in_days(self) -> f64 {
        // Exact: a span of ten thousand years is below 2^53 milliseconds.
        let minutes = i32::try_from(self.0 / MINUTE).map_or(f64::MAX, f64::from);
        minutes / 1440.0
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no span of time; write `7d`, `36h`, `90m` or `P30D`");
        if let Some(iso) = text.strip_prefix('P').or_else(|| text.strip_prefix('p')) {
            let (date, time) = iso.split_once(['T', 't']).unwrap_or((iso, ""));
            let mut ms = Some(0_i64);
            for (part, units) in [(date, "wd"), (time, "hms")] {
                let mut number = String::new();
                for letter in part.chars() {
                    if letter.is_ascii_digit() {
                        number.push(letter);
                    } else {
                        let unit = units.chars().find(|unit| letter.eq_ignore_ascii_case(unit));
                        ms = ms
                            .zip(unit)
                            .and_then(|(sum, unit)| sum.checked_add(scaled(&number, unit)?));
                        number.clear();
                    }
                }
                if !number.is_empty() {
                    return Err(wrong());
                }
            }
            return ms.filter(|_| iso.len() > 1).map(Self).ok_or_else(wrong);
        }
        let unit = text.chars().next_back().ok_or_else(wrong)?;
        let number = text.strip_suffix(unit).unwrap_or_default();
        scaled(number, unit).map(Self).ok_or_else(wrong)
    }
}

/// `number` of the unit `w d h m s`, in milliseconds.
fn scaled(number: &str, unit: char) -> Option<i64> {
    let each = match unit {
        'w' => 7 * DAY,
        'd' => DAY,
        'h' => 60 * MINUTE,
        'm' => MINUTE,
        's' => SECOND,
        _ => return None,
    };
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| number.parse::<i64>().ok()?.checked_mul(each))
        .flatten()
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (each, unit) in [(DAY, 'd'), (60 * MINUTE, 'h'), (MINUTE, 'm')] {
            if self.0 % each == 0 {
                return write!(out, "{}{unit}", self.0 / each);
            }
        }
        write!(out, "{}s", self.0 / SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Timestamp};

    #[test]
    fn the_fast_reader_agrees_with_the_library() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2024-02-29T23:59:59.999Z",
            "2025-03-09T07:05:12.4410000Z",
            "0001-01-01T00:00:00Z",
        ] {
            let library: jiff::Timestamp = text.parse().unwrap();
            assert_eq!(Timestamp::parse(text).unwrap().ms(), library.as_millisecond(), "{text}");
        }
        assert_eq!(
            Timestamp::parse("2025-03-31T02:00:00+02:00"),
            Timestamp::parse("2025-03-31T00:00:00Z")
        );
        for wrong in [
            "2025-02-29T00:00:00Z",
            "2025-03-31T00:00:00",
            "2025-3-31T00:00:00Z",
            "",
            "2025-03-31T24:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_instant_prints_as_rfc_3339_and_reads_back() {
        for text in [
            "2025-03-31T00:00:00Z",
            "2025-03-31T00:00:00.250Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn spans_are_read_in_both_notations() {
        for (text, days) in
            [("7d", 7), ("2w", 14), ("P30D", 30), ("48h", 2), ("PT48H", 2), ("1440m", 1)]
        {
            assert_eq!(text.parse::<Span>().unwrap(), Span::days(days), "{text}");
        }
        for wrong in ["", "d", "7", "P", "PT", "7x", "-7d", "99999999999999999d", "P5"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn distances_are_told_as_people_tell_them() {
        let now = Timestamp::parse("2025-03-31T00:00:00Z").unwrap();
        assert_eq!(now.plus_days(-3).relative(now), "3 days ago");
        assert_eq!(now.plus_minutes(90).relative(now), "in 90 minutes");
        assert_eq!(now.plus_minutes(-1).relative(now), "1 minute ago");
    }
}
