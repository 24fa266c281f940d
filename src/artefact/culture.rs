//! Dates and times as people's tools write them: in a culture, in local time.
//!
//! Times of RFC 3339 with an offset need nothing. Of other dates the order of day and month comes
//! from the numbers where they leave no choice, else from the culture that the user named; the zone
//! always comes from the user.

mod table;
mod written;

pub use table::{CULTURES, Culture, Order, find};

use super::trouble::excerpt;
use crate::clock::Timestamp;
use crate::error::Usage;
use jiff::tz::{AmbiguousOffset, TimeZone};
use written::Written;

/// Reads the times of one file.
#[derive(Debug)]
pub struct Times<'z> {
    culture: Option<&'static Culture>,
    zone: Option<&'z TimeZone>,
}

/// An instant that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    /// The local time occurs twice; this is its first occurrence.
    pub repeated: bool,
}

/// Why a text does not tell an instant.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclear {
    pub message: String,
    pub remedy: &'static str,
}

const NAME_CULTURE: &str =
    "name the culture of the system that wrote the file, as in `--culture en-US`";
const NAME_ZONE: &str =
    "name the zone of the system that wrote the file, as in `--tz Europe/Berlin`";
const NO_REMEDY: &str = "export the times again in the form `2025-03-31T07:05:12Z`";

impl<'z> Times<'z> {
    /// - `culture`: a name of the table.
    /// - `zone`: of local times.
    ///
    /// Refuses a culture that is not in the table.
    pub fn new(culture: Option<&str>, zone: Option<&'z TimeZone>) -> Result<Self, Usage> {
        Ok(Self { culture: culture.map(find).transpose()?, zone })
    }

    /// Reads a time: RFC 3339 with an offset, PowerShell's `/Date(…)/`, or a local time.
    pub fn read(&self, text: &str) -> Result<Moment, Unclear> {
        if let Some(at) = Timestamp::parse(text).or_else(|| serialized(text)) {
            return Ok(Moment { at, repeated: false });
        }
        let quoted = excerpt(text);
        let no_date =
            || Unclear { message: format!("`{quoted}` is no date and time"), remedy: NO_REMEDY };
        let written = Written::parse(text).ok_or_else(no_date)?;
        let Some([year, month, day]) = written.date(self.culture) else {
            let message = match self.culture {
                None => format!("the date `{quoted}` is ambiguous: day or month may come first"),
                Some(culture) => {
                    format!("the date `{quoted}` is not written as in `{}`", culture.name)
                }
            };
            return Err(Unclear { message, remedy: NAME_CULTURE });
        };
        let local = written.local(year, month, day).ok_or_else(no_date)?;
        let Some(zone) = self.zone else {
            let message = format!("the time `{quoted}` is local and its zone is not known");
            return Err(Unclear { message, remedy: NAME_ZONE });
        };
        let (offset, repeated) = match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, false),
            AmbiguousOffset::Fold { before, .. } => (before, true),
            AmbiguousOffset::Gap { .. } => {
                let message = format!("the local time `{quoted}` does not exist in the zone");
                return Err(Unclear { message, remedy: NAME_ZONE });
            }
        };
        let at = offset
            .to_timestamp(local)
            .ok()
            .and_then(|at| Timestamp::from_ms(at.as_millisecond() + written.ms));
        at.map(|at| Moment { at, repeated }).ok_or_else(no_date)
    }
}

/// An instant as Windows PowerShell serializes it: `/Date(1741503900000)/`, milliseconds UTC
/// whatever offset may follow.
fn serialized(text: &str) -> Option<Timestamp> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let end = inner
        .char_indices()
        .skip(1)
        .find(|(_, letter)| matches!(letter, '+' | '-'))
        .map_or(inner.len(), |(at, _)| at);
    inner.get(..end)?.parse().ok().and_then(Timestamp::from_ms)
}

#[cfg(test)]
mod tests {
    use super::{CULTURES, Order, Times};
    use jiff::tz::TimeZone;

    /// The instant, `again` behind a repeated one; or the remedy's option; or the message.
    fn read(culture: Option<&str>, zone: Option<&str>, text: &str) -> String {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        match Times::new(culture, zone.as_ref()).unwrap().read(text) {
            Ok(moment) if moment.repeated => format!("{} again", moment.at),
            Ok(moment) => moment.at.to_string(),
            Err(unclear) => match unclear.remedy.split_once("`--") {
                Some((_, option)) => {
                    format!("--{}: {}", option.split(' ').next().unwrap(), unclear.message)
                }
                None => unclear.message,
            },
        }
    }

    /// As [`read`], with the zone UTC.
    fn utc(culture: &str, text: &str) -> String {
        read(Some(culture), Some("UTC"), text)
    }

    #[test]
    fn a_date_that_may_begin_with_day_or_month_needs_the_culture() {
        let text = "4/10/2018 10:28:15 PM";
        let ambiguous =
            format!("--culture: the date `{text}` is ambiguous: day or month may come first");
        assert_eq!(read(None, None, text), ambiguous);
        assert_eq!(read(None, Some("America/New_York"), text), ambiguous);
        assert_eq!(read(Some("en-US"), Some("America/New_York"), text), "2018-04-11T02:28:15Z");
        assert_eq!(read(Some("en-au"), Some("UTC"), text), "2018-10-04T22:28:15Z");
        assert_eq!(read(None, Some("UTC"), "4/23/2018 10:28:15 PM"), "2018-04-23T22:28:15Z");
        assert_eq!(read(None, Some("UTC"), "4/4/2018 10:28:15 PM"), "2018-04-04T22:28:15Z");
    }

    #[test]
    fn a_local_time_needs_the_zone() {
        let text = "31.03.2025 07:05:12";
        let local = format!("--tz: the time `{text}` is local and its zone is not known");
        assert_eq!(read(None, None, text), local);
        assert_eq!(read(None, Some("Europe/Berlin"), text), "2025-03-31T05:05:12Z");
    }

    #[test]
    fn an_iso_time_with_an_offset_is_read_as_it_is() {
        assert_eq!(
            read(None, None, "2025-03-31T07:05:12.4410000+02:00"),
            "2025-03-31T05:05:12.441Z"
        );
        assert_eq!(
            read(None, Some("Europe/Berlin"), "2025-03-31T07:05:12Z"),
            "2025-03-31T07:05:12Z"
        );
        assert_eq!(
            read(None, Some("Europe/Berlin"), "2025-03-31T07:05:12.4"),
            "2025-03-31T05:05:12.400Z"
        );
    }

    #[test]
    fn an_instant_that_powershell_serialized_is_read_in_utc() {
        for (text, at) in [
            ("/Date(1741503900000)/", "2025-03-09T07:05:00Z"),
            ("/Date(1741503900000+0100)/", "2025-03-09T07:05:00Z"),
            ("/Date(-1)/", "1969-12-31T23:59:59.999Z"),
            ("/Date(x)/", "`/Date(x)/` is no date and time"),
        ] {
            assert_eq!(read(None, None, text), at);
        }
    }

    #[test]
    fn the_hour_that_autumn_repeats_is_read_as_its_first_occurrence() {
        assert_eq!(
            read(Some("de-DE"), Some("Europe/Berlin"), "26.10.2025 02:30:00"),
            "2025-10-26T00:30:00Z again"
        );
        assert_eq!(
            read(Some("de-DE"), Some("Europe/Berlin"), "26.10.2025 03:30:00"),
            "2025-10-26T02:30:00Z"
        );
        let skipped = "30.03.2025 02:30:00";
        let message = format!("--tz: the local time `{skipped}` does not exist in the zone");
        assert_eq!(read(Some("de-DE"), Some("Europe/Berlin"), skipped), message);
    }

    #[test]
    fn every_culture_reads_what_it_writes() {
        for culture in &CULTURES {
            for mark in culture.separators.chars() {
                let date = match culture.order {
                    Order::DayMonthYear => format!("9{mark}3{mark}2025"),
                    Order::MonthDayYear => format!("3{mark}9{mark}2025"),
                    Order::YearMonthDay => format!("2025{mark}03{mark}09"),
                };
                let mut texts = vec![format!("{date} 19:05"), format!("{date} 19:05:00")];
                if let Some([_, afternoon]) = culture.halves {
                    texts.extend([
                        format!("{date} 7:05:00\u{202f}{afternoon}"),
                        format!("{date} {afternoon} 07:05:00"),
                    ]);
                }
                for text in texts {
                    assert_eq!(utc(culture.name, &text), "2025-03-09T19:05:00Z", "{text}");
                }
            }
        }
        assert_eq!(utc("hu-HU", "2025. 03. 09. 7:05:12"), "2025-03-09T07:05:12Z");
        assert_eq!(utc("fi-FI", "9.3.2025 7.05.12"), "2025-03-09T07:05:12Z");
        assert_eq!(utc("en-US", "3/9/2025 12:05:12 AM"), "2025-03-09T00:05:12Z");
    }

    #[test]
    fn a_date_of_another_culture_is_not_guessed_at() {
        let text = "09.03.2025 07:05:12";
        let message = format!("--culture: the date `{text}` is not written as in `en-US`");
        assert_eq!(read(Some("en-US"), Some("UTC"), text), message);
        assert!(Times::new(Some("xx-YY"), None).is_err());
    }

    #[test]
    fn what_is_no_time_is_told() {
        for text in [
            "",
            "soon",
            "31.02.2025 07:05",
            "31.03.25 07:05",
            "31.03.2025",
            "31.03.2025 25:05",
            "1.2.2025 13:05 PM",
            "1.2.3.4.5.6.7.8.9",
        ] {
            assert_eq!(utc("de-DE", text), format!("`{text}` is no date and time"));
            assert_eq!(read(None, None, text), format!("`{text}` is no date and time"));
        }
    }
}
