//! Moments in UTC and the many ways in which Windows tools write them.

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Milliseconds from the FILETIME epoch (1601-01-01) to the Unix epoch.
const FILETIME_EPOCH: i64 = 11_644_473_600 * SECOND;

/// A moment taken apart; month and day count from 1.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
}

impl Moment {
    pub(crate) const fn plus(self, millis: i64) -> Self {
        Self(self.0 + millis)
    }

    pub(crate) const fn minus(self, millis: i64) -> Self {
        Self(self.0 - millis)
    }

    /// Milliseconds from `earlier` to this moment; negative when it is later.
    pub(crate) const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The midnight that begins this moment's day.
    pub(crate) const fn midnight(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// Whether it lies on a Monday to Friday. 1970-01-01 was a Thursday.
    pub(crate) const fn is_weekday(self) -> bool {
        (self.0.div_euclid(DAY) + 3).rem_euclid(7) < 5
    }

    /// 100-nanosecond steps since 1601-01-01, as Windows counts time; 0 for anything earlier.
    pub(crate) fn filetime(self) -> u64 {
        u64::try_from(self.0 + FILETIME_EPOCH).unwrap_or(0) * 10_000
    }

    /// `2026-03-09T07:05:12Z`.
    pub(crate) fn iso(self) -> String {
        let c = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// `2026-03-09T07:05:12.4410000Z`, as event logs write it.
    pub(crate) fn precise(self) -> String {
        let c = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}0000Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second, c.milli
        )
    }

    /// `2026/3/9 7:05`: the client time of event 12290.
    pub(crate) fn loose(self) -> String {
        let c = self.civil();
        format!("{}/{}/{} {}:{:02}", c.year, c.month, c.day, c.hour, c.minute)
    }

    /// `2026/03/09 07:05`: the client time of events 12288 and 12289.
    pub(crate) fn padded(self) -> String {
        let c = self.civil();
        format!("{:04}/{:02}/{:02} {:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute)
    }

    /// `3/9/2026 7:05:12 AM`: the culture en-US.
    pub(crate) fn american(self) -> String {
        let c = self.civil();
        let half = if c.hour < 12 { "AM" } else { "PM" };
        let hour = if c.hour % 12 == 0 { 12 } else { c.hour % 12 };
        format!("{}/{}/{} {hour}:{:02}:{:02} {half}", c.month, c.day, c.year, c.minute, c.second)
    }

    /// `09.03.2026 07:05:12`: the culture de-DE.
    pub(crate) fn german(self) -> String {
        let c = self.civil();
        format!(
            "{:02}.{:02}.{:04} {:02}:{:02}:{:02}",
            c.day, c.month, c.year, c.hour, c.minute, c.second
        )
    }

    /// Source of the day arithmetic: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    const fn civil(self) -> Civil {
        let of_day = self.0.rem_euclid(DAY);
        let shifted = self.0.div_euclid(DAY) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let leap = if month <= 2 { 1 } else { 0 };
        Civil {
            year: year_of_era + era * 400 + leap,
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            hour: of_day / HOUR,
            minute: of_day / MINUTE % 60,
            second: of_day / SECOND % 60,
            milli: of_day % SECOND,
        }
    }
}
