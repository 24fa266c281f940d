//! Local times, as listings and tables write them: without a zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What is known of the zone of local times.
#[derive(Debug, Clone, Copy, Default)]
pub enum Local<'z> {
    /// Nothing: they are taken for UTC.
    #[default]
    Untold,
    /// Seconds that they are ahead of UTC, on whatever date.
    Ahead(i64),
    /// Their zone, with its rules for each date.
    Of(&'z TimeZone),
}

impl Local<'_> {
    #[must_use]
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Untold)
    }

    /// Seconds since 1970 of a local time.
    ///
    /// - `local`: seconds since 1970 as if the local time were UTC.
    ///
    /// Assumed, since no document speaks of it: of an hour that autumn repeats the first is meant, and one that spring skips goes on
    /// by the time before it.
    #[must_use]
    pub fn utc(self, local: i64) -> i64 {
        local
            - self.ahead(local, |zone, shown| {
                let civil = TimeZone::UTC.to_datetime(shown);
                zone.to_ambiguous_timestamp(civil).compatible().ok()
            })
    }

    /// A moment as a local time: the seconds since 1970 of what reads the same in UTC.
    #[must_use]
    pub fn shown(self, at: i64) -> i64 {
        at + self.ahead(at, |_, at| Some(at))
    }

    /// Seconds that the zone is ahead of UTC at the moment that `moment` finds; 0 beyond the calendar.
    fn ahead(
        self,
        seconds: i64,
        moment: impl Fn(&TimeZone, Timestamp) -> Option<Timestamp>,
    ) -> i64 {
        match self {
            Self::Untold => 0,
            Self::Ahead(ahead) => ahead,
            Self::Of(zone) => Timestamp::from_second(seconds)
                .ok()
                .and_then(|seconds| moment(zone, seconds))
                .map_or(0, |at| i64::from(zone.to_offset(at).seconds())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Local;
    use crate::rms::import::asctime;
    use jiff::tz::TimeZone;

    fn utc(local: Local<'_>, text: &str) -> String {
        asctime::written(local.utc(asctime::seconds(text).unwrap())).unwrap()
    }

    #[test]
    fn a_license_that_ends_in_winter_and_a_client_of_summer_are_read_by_the_rules_of_their_dates() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let berlin = Local::Of(&berlin);
        for (text, expected) in [
            ("Thu Dec 31 23:59:59 2026", "Thu Dec 31 22:59:59 2026"),
            ("Mon Jun 01 11:30:00 2026", "Mon Jun 01 09:30:00 2026"),
            // The hour that autumn repeats, and the one that spring skips.
            ("Sun Oct 25 02:30:00 2026", "Sun Oct 25 00:30:00 2026"),
            ("Sun Mar 29 02:30:00 2026", "Sun Mar 29 00:30:00 2026"),
        ] {
            assert_eq!(utc(berlin, text), expected, "{text}");
        }
        assert_eq!(utc(Local::Ahead(7200), "Thu Dec 31 23:59:59 2026"), "Thu Dec 31 21:59:59 2026");
        assert_eq!(utc(Local::Untold, "Thu Dec 31 23:59:59 2026"), "Thu Dec 31 23:59:59 2026");
    }

    #[test]
    fn what_is_shown_in_a_zone_reads_back() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for local in [Local::Untold, Local::Ahead(-27_000), Local::Of(&zone)] {
            for at in [0, 1_780_286_400, 1_798_754_399] {
                assert_eq!(local.utc(local.shown(at)), at);
            }
        }
        assert_eq!(Local::Of(&zone).utc(i64::MAX), i64::MAX);
    }
}
