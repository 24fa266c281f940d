//! Dates and times as people's tools write them: in a culture, in local time.
//!
//! ISO times with an offset need nothing. Of other dates the order of day and month comes from the numbers where they leave no
//! choice, else from the culture that the user named; the zone always comes from the user.

use super::trouble::excerpt;
use crate::clock::Timestamp;
use crate::error::Usage;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// How a culture writes dates and times.
#[derive(Debug)]
pub struct Culture {
    /// The name that Windows gives it: `de-DE`.
    pub name: &'static str,
    pub order: Order,
    /// What may stand between the numbers of a date: by Windows' own tables, then by those of PowerShell 7.
    pub separators: &'static str,
    /// The words for the halves of the day; `None` with a 24-hour clock.
    pub halves: Option<[&'static str; 2]>,
}

/// The order of the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

const fn culture(
    name: &'static str,
    order: Order,
    separators: &'static str,
    halves: Option<[&'static str; 2]>,
) -> Culture {
    Culture { name, order, separators, halves }
}

use Order::{DayMonthYear, MonthDayYear, YearMonthDay};

const ENGLISH: Option<[&str; 2]> = Some(["AM", "PM"]);

/// The cultures that `--culture` knows: short date and long time pattern as Windows sets them up.
pub static CULTURES: [Culture; 32] = [
    culture("cs-CZ", DayMonthYear, ".", None),
    culture("da-DK", DayMonthYear, "-.", None),
    culture("de-AT", DayMonthYear, ".", None),
    culture("de-CH", DayMonthYear, ".", None),
    culture("de-DE", DayMonthYear, ".", None),
    culture("el-GR", DayMonthYear, "/", Some(["πμ", "μμ"])),
    culture("en-AU", DayMonthYear, "/", ENGLISH),
    culture("en-CA", YearMonthDay, "-", ENGLISH),
    culture("en-GB", DayMonthYear, "/", None),
    culture("en-IE", DayMonthYear, "/", None),
    culture("en-IN", DayMonthYear, "-/", ENGLISH),
    culture("en-NZ", DayMonthYear, "/", ENGLISH),
    culture("en-US", MonthDayYear, "/", ENGLISH),
    culture("es-ES", DayMonthYear, "/", None),
    culture("es-MX", DayMonthYear, "/", Some(["a. m.", "p. m."])),
    culture("fi-FI", DayMonthYear, ".", None),
    culture("fr-CA", YearMonthDay, "-", None),
    culture("fr-FR", DayMonthYear, "/", None),
    culture("hu-HU", YearMonthDay, ".", None),
    culture("it-IT", DayMonthYear, "/", None),
    culture("ja-JP", YearMonthDay, "/", None),
    culture("ko-KR", YearMonthDay, "-", Some(["오전", "오후"])),
    culture("nb-NO", DayMonthYear, ".", None),
    culture("nl-NL", DayMonthYear, "-", None),
    culture("pl-PL", DayMonthYear, ".", None),
    culture("pt-BR", DayMonthYear, "/", None),
    culture("pt-PT", DayMonthYear, "/", None),
    culture("ru-RU", DayMonthYear, ".", None),
    culture("sv-SE", YearMonthDay, "-", None),
    culture("tr-TR", DayMonthYear, ".", None),
    culture("zh-CN", YearMonthDay, "/", None),
    culture("zh-TW", YearMonthDay, "/", Some(["上午", "下午"])),
];

/// Finds a culture by its name, in any case.
///
/// Refuses a name that is not in the table, as wrong usage.
pub fn find(name: &str) -> Result<&'static Culture, Usage> {
    CULTURES.iter().find(|known| known.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let known: Vec<&str> = CULTURES.iter().map(|known| known.name).collect();
        Usage::new(format!("no culture is named `{name}`"))
            .hinted(format!("known are {}", known.join(", ")))
    })
}

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

    /// Reads a time: RFC 3339 with an offset, or a local time of the culture.
    pub fn read(&self, text: &str) -> Result<Moment, Unclear> {
        if let Some(at) = Timestamp::parse(text) {
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

/// A date and time as written, cut into its numbers.
struct Written<'t> {
    date: [&'t str; 3],
    separator: char,
    /// Hour of 24, minute, second.
    time: [i8; 3],
    ms: i64,
}

/// Half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

impl<'t> Written<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        // Numbers, and what stands in front of each and behind the last.
        let (mut numbers, mut gaps, mut count) = ([""; 7], [""; 8], 0);
        let mut rest = text;
        loop {
            let digits = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
            let (gap, behind) = rest.split_at_checked(digits)?;
            *gaps.get_mut(count)? = gap;
            if behind.is_empty() {
                break;
            }
            let end = behind.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(behind.len());
            let number;
            (number, rest) = behind.split_at_checked(end)?;
            *numbers.get_mut(count)? = number;
            count += 1;
        }
        let [first, second, third, hour, minute, seconds, fraction] = numbers;
        let [front, between, again, middle, colon, colon_again, point, _] = gaps;
        let separator = between.trim().chars().next()?;
        let dated =
            plain(front).is_empty() && between.trim() == again.trim() && between.trim().len() == 1;
        let timed = [":", "."].contains(&colon)
            && (count < 6 || colon == colon_again)
            && (count < 7 || [".", ","].contains(&point));
        if !(dated && timed && (5..=7).contains(&count)) {
            return None;
        }
        let half = match (half(middle)?, half(gaps.get(count)?)?) {
            (Some(half), None) | (None, Some(half)) => Some(half),
            (None, None) => None,
            (Some(_), Some(_)) => return None,
        };
        let hour = match (small(hour)?, half) {
            (hour, None) => hour,
            (12, Some(Half::Morning)) => 0,
            (12, Some(Half::Afternoon)) => 12,
            (hour @ 1..=11, Some(Half::Morning)) => hour,
            (hour @ 1..=11, Some(Half::Afternoon)) => hour + 12,
            _ => return None,
        };
        let seconds = if count < 6 { 0 } else { small(seconds)? };
        let ms = fraction
            .bytes()
            .chain(*b"000")
            .take(3)
            .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        Some(Self {
            date: [first, second, third],
            separator,
            time: [hour, small(minute)?, seconds],
            ms,
        })
    }

    /// Year, month and day; `None` when the culture, or its absence, does not tell them.
    fn date(&self, culture: Option<&Culture>) -> Option<[&'t str; 3]> {
        let [first, second, third] = self.date;
        // A year in front is followed by month and day everywhere.
        if first.len() == 4 {
            return Some([first, second, third]);
        }
        let order = match culture {
            Some(culture) if culture.separators.contains(self.separator) => culture.order,
            Some(_) => return None,
            None => match (small(first)?, small(second)?) {
                (13.., _) => Order::DayMonthYear,
                (_, 13..) => Order::MonthDayYear,
                (first, second) if first == second => Order::DayMonthYear,
                _ => return None,
            },
        };
        match order {
            DayMonthYear => Some([third, second, first]),
            MonthDayYear => Some([third, first, second]),
            YearMonthDay => None,
        }
    }

    fn local(&self, year: &str, month: &str, day: &str) -> Option<DateTime> {
        let [hour, minute, second] = self.time;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        DateTime::new(year, small(month)?, small(day)?, hour, minute, second, 0).ok()
    }
}

/// A number of one or two digits.
fn small(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// The half of the day that a word names, in any culture; `None` when it names something else.
fn half(word: &str) -> Option<Option<Half>> {
    let word = plain(word);
    if ["", "t", ","].contains(&word.as_str()) {
        return Some(None);
    }
    let halves = || CULTURES.iter().filter_map(|culture| culture.halves);
    if halves().any(|[morning, _]| plain(morning) == word) {
        return Some(Some(Half::Morning));
    }
    halves().any(|[_, afternoon]| plain(afternoon) == word).then_some(Some(Half::Afternoon))
}

/// Lower case, without blanks, dots and the marks for the direction of writing.
fn plain(word: &str) -> String {
    let kept =
        |letter: &char| !letter.is_whitespace() && !matches!(letter, '.' | '\u{200e}' | '\u{200f}');
    word.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{CULTURES, Order, Times};
    use jiff::tz::TimeZone;

    /// The instant, `again` behind a repeated one; or the remedy's option; or the message.
    fn read(culture: Option<&str>, zone: Option<&str>, text: &str) -> String {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        match Times::new(culture, zone.as_ref()).unwrap().read(text) {
            Ok(moment) => format!("{}{}", moment.at, if moment.repeated { " again" } else { "" }),
            Err(unclear) => match unclear.remedy.split_once("`--") {
                Some((_, option)) => format!(
                    "--{}: {}",
                    option.split(' ').next().unwrap_or_default(),
                    unclear.message
                ),
                None => unclear.message,
            },
        }
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
                    assert_eq!(
                        read(Some(culture.name), Some("UTC"), &text),
                        "2025-03-09T19:05:00Z",
                        "{text}"
                    );
                }
            }
        }
        assert_eq!(
            read(Some("hu-HU"), Some("UTC"), "2025. 03. 09. 7:05:12"),
            "2025-03-09T07:05:12Z"
        );
        assert_eq!(read(Some("fi-FI"), Some("UTC"), "9.3.2025 7.05.12"), "2025-03-09T07:05:12Z");
        assert_eq!(
            read(Some("en-US"), Some("UTC"), "3/9/2025 12:05:12 AM"),
            "2025-03-09T00:05:12Z"
        );
    }

    #[test]
    fn a_date_of_another_culture_is_not_guessed_at() {
        let text = "09.03.2025 07:05:12";
        let message = format!("--culture: the date `{text}` is not written as in `en-US`");
        assert_eq!(read(Some("en-US"), Some("UTC"), text), message);
        assert_eq!(
            Times::new(Some("xx-YY"), None).unwrap_err().message,
            "no culture is named `xx-YY`"
        );
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
            assert_eq!(
                read(Some("de-DE"), Some("UTC"), text),
                format!("`{text}` is no date and time")
            );
        }
    }
}
