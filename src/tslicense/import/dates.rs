//! Dates of one file: of WMI, of JSON, of a directory, or as the culture of the exporter writes them.
//!
//! Where day or month may come first, the whole file has one order: that of the first date that can be read only one way.

use super::Options;
use crate::artefact::culture::Times;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::tslicense::model::datetime::{self, Offset};
use jiff::tz::TimeZone;

/// Whether day or month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

impl DateOrder {
    /// The words of `--date-order`.
    pub const WORDS: [(&'static str, Self); 2] =
        [("dmy", Self::DayFirst), ("mdy", Self::MonthFirst)];

    /// The order of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, order)| order)
    }
}

/// What the numbers of a date tell of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    /// It is no date of that form, or it reads the same both ways.
    None,
    Open,
    Only(DateOrder),
}

/// What a date says of the order: `20/03/2022` the day first, `03/04/2026` nothing yet.
pub(super) fn hint(text: &str) -> Hint {
    let date = text.split(' ').next().unwrap_or_default();
    let mut parts = date.split(['/', '-']);
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Hint::None;
    };
    let small = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    match (small(first), small(second), third.len()) {
        (Some(first), Some(second), 4) if first == second => Hint::None,
        (Some(13..), Some(_), 4) => Hint::Only(DateOrder::DayFirst),
        (Some(_), Some(13..), 4) => Hint::Only(DateOrder::MonthFirst),
        (Some(_), Some(_), 4) => Hint::Open,
        _ => Hint::None,
    }
}

/// The zone of local times when no one says it.
static ZONE: TimeZone = TimeZone::UTC;

/// Reads the dates of a file.
pub(super) struct Dates<'o> {
    /// As the user's culture has it.
    times: Times<'o>,
    /// For dates with points, in which the day comes first everywhere.
    dotted: Times<'o>,
    day_first: Times<'o>,
    month_first: Times<'o>,
    pub(super) order: Option<DateOrder>,
    /// Whether the user named the culture.
    cultured: bool,
    /// Whether the zone of local times is a guess.
    zone_assumed: bool,
}

/// An instant that was read, and what was guessed for it.
pub(super) struct Told {
    pub(super) at: Timestamp,
    pub(super) offset_unknown: bool,
    pub(super) zone_assumed: bool,
}

/// Why a text is no date, and what would make it one.
pub(super) type Unclear = (String, &'static str);

impl<'o> Dates<'o> {
    /// Usage error for a culture that nobody knows.
    pub(super) fn new(options: &'o Options) -> Outcome<Self> {
        let zone = Some(options.zone.as_ref().unwrap_or(&ZONE));
        let culture = options.culture.as_deref();
        Ok(Self {
            times: Times::new(culture, zone)?,
            dotted: Times::new(culture.or(Some("de-DE")), zone)?,
            day_first: Times::new(Some("en-GB"), zone)?,
            month_first: Times::new(Some("en-US"), zone)?,
            order: options.order,
            cultured: culture.is_some(),
            zone_assumed: options.zone.is_none(),
        })
    }

    /// Whether a date must wait for one that tells the order.
    pub(super) fn waits(&self, hint: Hint) -> bool {
        hint == Hint::Open && self.order.is_none() && !self.cultured
    }

    /// Reads a date.
    pub(super) fn read(&self, text: &str) -> Result<Told, Unclear> {
        let told = |at, offset_unknown, zone_assumed| Told { at, offset_unknown, zone_assumed };
        if let Some((at, offset)) = datetime::read(text) {
            return Ok(told(at, offset == Offset::Unknown, false));
        }
        if let Some(at) = generalized(text) {
            return Ok(told(at, false, false));
        }
        let spelled = spelled(text);
        let text = spelled.as_deref().unwrap_or(text);
        let whole = if text.contains(':') || text.contains("Date(") || text.contains('T') {
            text.to_owned()
        } else {
            format!("{text} 00:00:00")
        };
        let times = match (self.order, hint(text)) {
            _ if is_dotted(text) => &self.dotted,
            (Some(DateOrder::DayFirst), Hint::Open | Hint::Only(DateOrder::DayFirst))
                if !text.contains('-') =>
            {
                &self.day_first
            }
            (Some(DateOrder::MonthFirst), Hint::Open | Hint::Only(DateOrder::MonthFirst))
                if !text.contains('-') =>
            {
                &self.month_first
            }
            _ => &self.times,
        };
        // The message has the text as the file has it.
        let moment = times
            .read(&whole)
            .map_err(|unclear| (unclear.message.replace(&whole, text), unclear.remedy))?;
        let absolute = text.contains("Date(") || Timestamp::parse(text).is_some();
        Ok(told(moment.at, false, self.zone_assumed && !absolute))
    }

    /// Whether a date contradicts the order of the file.
    pub(super) fn contradicts(&self, hint: Hint) -> bool {
        matches!((self.order, hint), (Some(order), Hint::Only(only)) if order != only)
    }
}

/// Whether a date is written with points: `01.03.2026 10:00:00`.
fn is_dotted(text: &str) -> bool {
    let date = text.split(' ').next().unwrap_or_default();
    let mut parts = date.split('.');
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| {
            !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    digits(parts.next()) && digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
}

/// A date as the C library spells it, `Fri May 01 10:00:00 2026`, as a sortable one.
fn spelled(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_ascii_whitespace();
    let (_, month, day, time, year) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let day: u8 = day.parse().ok()?;
    (words.next().is_none() && year.len() == 4)
        .then(|| format!("{year}-{month:02}-{day:02} {time}"))
}

/// A generalized time of a directory: `20260430090000.0Z`.
fn generalized(text: &str) -> Option<Timestamp> {
    let body = text.strip_suffix('Z')?;
    let body = body.split_once('.').map_or(body, |(body, _)| body);
    (body.len() == 14).then(|| datetime::read(&format!("{body}.000000+000")))?.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::{DateOrder, Dates, Hint, hint};
    use crate::tslicense::import::Options;
    use crate::tslicense::model::datetime::written;

    #[test]
    fn a_date_tells_the_order_when_it_reads_only_one_way() {
        for (text, expected) in [
            ("20/03/2022 10:00:00", Hint::Only(DateOrder::DayFirst)),
            ("3/20/2022 10:00:00 AM", Hint::Only(DateOrder::MonthFirst)),
            ("03/04/2026 10:00:00", Hint::Open),
            ("01/01/2038 01:00:00", Hint::None),
            ("01.03.2026 10:00:00", Hint::None),
            ("2026-03-04 10:00:00", Hint::None),
            ("20260301090000.000000+000", Hint::None),
            ("", Hint::None),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_of_every_tool_read_the_same() {
        let options = Options { order: Some(DateOrder::DayFirst), ..Options::default() };
        let dates = Dates::new(&options).unwrap();
        for text in [
            "20260304100000.000000+000",
            "20260304100000.0Z",
            "2026-03-04T10:00:00Z",
            "/Date(1772618400000)/",
            "04.03.2026 10:00:00",
            "04/03/2026 10:00:00",
            "Wed Mar  4 10:00:00 2026",
        ] {
            let told = dates.read(text).ok().unwrap();
            assert_eq!(written(told.at), "20260304100000.000000+000", "{text}");
        }
        assert_eq!(written(dates.read("04.03.2026").ok().unwrap().at), "20260304000000.000000+000");
        assert!(dates.read("soon").is_err());
        assert!(dates.contradicts(hint("3/20/2022 10:00:00")));
    }
}
