//! Dates of the licensing classes, in the notations of the tools that print them.

use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::clock::Timestamp;
use crate::error::Place;

/// FILETIME zero and one day: an earlier date stands for "no date", in whatever zone it was printed.
///
/// Source: [SLMGR] tests `GetFileTime <> 0`.
const FIRST_DATE_MS: i64 = -11_644_473_600_000 + 86_400_000;

/// What is known of the circumstances of a value.
#[derive(Debug, Clone, Copy)]
pub(in crate::kms::import) struct Site<'s> {
    pub(in crate::kms::import) times: &'s Times<'s>,
    pub(in crate::kms::import) place: Place,
}

/// The instant that a date stands for; `None` when it stands for "no date", or when what is missing to read it was warned of.
pub(in crate::kms::import) fn date(
    name: &str,
    text: &str,
    site: Site<'_>,
    notes: &mut Notes,
) -> Option<Timestamp> {
    let instant = milliseconds(text).or_else(|| wmi(text));
    let instant = instant.map_or_else(|| local(name, text, site, notes), Some);
    instant.filter(|instant| instant.ms() >= FIRST_DATE_MS)
}

/// A date of RFC 3339, or in the notation of a culture and the time of a zone.
fn local(name: &str, text: &str, site: Site<'_>, notes: &mut Notes) -> Option<Timestamp> {
    match site.times.read(text) {
        Ok(moment) => {
            if moment.repeated {
                let message = format!(
                    "`{name}` is in the hour that the clocks repeat: taken as its first occurrence"
                );
                notes.warn("repeated-hour", site.place, message);
            }
            Some(moment.at)
        }
        Err(unclear) => {
            // Without the date: that of every product differs, the advice does not.
            let message = format!("`{name}` stays null: {}", unclear.remedy);
            notes.warn("date-unknown", site.place, message);
            None
        }
    }
}

/// `/Date(1741503900000)/`, as Windows PowerShell writes it; a zone behind the number changes nothing.
fn milliseconds(text: &str) -> Option<Timestamp> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let sign = inner.starts_with('-');
    let digits = inner.get(usize::from(sign)..)?.split(['+', '-']).next()?;
    let ms: i64 = digits.parse().ok()?;
    Timestamp::from_ms(if sign { -ms } else { ms })
}

/// `20250309080512.000000+060`, as WMI writes it: local time and the minutes by which it is ahead of UTC.
fn wmi(text: &str) -> Option<Timestamp> {
    let (stamp, rest) = text.split_at_checked(14)?;
    let (fraction, offset) = rest.strip_prefix('.')?.split_at_checked(6)?;
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, minutes) = offset.split_at_checked(1)?;
    if !plain(stamp) || !plain(fraction) || minutes.len() != 3 || !plain(minutes) {
        return None;
    }
    let field = |from: usize, to: usize| stamp.get(from..to);
    let iso = format!(
        "{}-{}-{}T{}:{}:{}.{fraction}Z",
        field(0, 4)?,
        field(4, 6)?,
        field(6, 8)?,
        field(8, 10)?,
        field(10, 12)?,
        field(12, 14)?
    );
    let minutes: i64 = minutes.parse().ok()?;
    let ahead = match sign {
        "+" => minutes,
        "-" => -minutes,
        _ => return None,
    };
    Timestamp::parse(&iso).map(|local| local.plus_minutes(-ahead))
}

#[cfg(test)]
mod tests {
    use super::{Site, date};
    use crate::artefact::Notes;
    use crate::artefact::culture::Times;
    use crate::error::Place;
    use jiff::tz::TimeZone;

    /// The instant, and the codes of the warnings.
    fn read_in(times: &Times<'_>, text: &str) -> (Option<String>, Vec<&'static str>) {
        let mut notes = Notes::default();
        let read = date("TrustedTime", text, Site { times, place: Place::Line(7) }, &mut notes);
        let codes = notes.warnings.iter().map(|warning| warning.code).collect();
        (read.map(|at| at.to_string()), codes)
    }

    fn read(text: &str) -> (Option<String>, Vec<&'static str>) {
        read_in(&Times::new(None, None).unwrap(), text)
    }

    #[test]
    fn a_date_is_the_same_instant_in_every_notation() {
        for text in [
            "/Date(1741503912000)/",
            "/Date(1741503912000+0100)/",
            "2025-03-09T07:05:12Z",
            "2025-03-09T08:05:12.0000000+01:00",
            "20250309080512.000000+060",
            "20250309000512.000000-420",
        ] {
            assert_eq!(read(text), (Some("2025-03-09T07:05:12Z".to_owned()), vec![]), "{text}");
        }
    }

    #[test]
    fn filetime_zero_is_no_date() {
        for text in [
            "16010101000000.000000-000",
            "/Date(-11644473600000)/",
            "1601-01-01T01:00:00+01:00",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), (None, vec![]), "{text}");
        }
    }

    #[test]
    fn a_date_of_a_culture_needs_that_culture_and_a_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let german = Times::new(Some("de-DE"), Some(&berlin)).unwrap();
        let found = |text: &str| (Some(text.to_owned()), vec![]);
        assert_eq!(read_in(&german, "09.03.2025 08:05:12"), found("2025-03-09T07:05:12Z"));
        let repeated = (Some("2025-10-26T00:30:00Z".to_owned()), vec!["repeated-hour"]);
        assert_eq!(read_in(&german, "26.10.2025 02:30:00"), repeated);
        let american = Times::new(Some("en-US"), None).unwrap();
        for (times, text) in [
            (&Times::new(None, None).unwrap(), "3/9/2025 7:05:12 AM"),
            (&american, "3/9/2025 7:05:12 AM"),
            (&german, "/Date(x1)/"),
            (&german, "20251309080512.000000+060"),
            (&german, "20250309080512.000000*060"),
        ] {
            assert_eq!(read_in(times, text), (None, vec!["date-unknown"]), "{text}");
        }
    }
}
