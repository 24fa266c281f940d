//! `CIM_DATETIME`: `yyyymmddHHMMSS.mmmmmm±UUU`, a point in time with its distance to UTC in minutes.

use crate::clock::{Civil, Timestamp};

/// How the offset of a point in time was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// A number of minutes.
    Minutes,
    /// `***`: not known, and taken as UTC.
    Unknown,
}

/// The text of an instant, always in UTC: `20380101000000.000000+000`.
#[must_use]
pub fn written(at: Timestamp) -> String {
    let Civil { year, month, day, hour, minute, second } = at.civil();
    let ms = at.ms().rem_euclid(1000);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}.{ms:03}000+000")
}

/// Reads a point in time; below a millisecond it is cut. `None` for an interval, for other asterisks and for any other text.
#[must_use]
pub fn read(text: &str) -> Option<(Timestamp, Offset)> {
    let bytes = text.as_bytes();
    if bytes.len() != 25 || bytes.get(14) != Some(&b'.') {
        return None;
    }
    let digits = |from: usize, to: usize| -> Option<i64> {
        bytes.get(from..to)?.iter().try_fold(0_i64, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
        })
    };
    let moment = Civil {
        year: digits(0, 4)?,
        month: digits(4, 6)?,
        day: digits(6, 8)?,
        hour: digits(8, 10)?,
        minute: digits(10, 12)?,
        second: digits(12, 14)?,
    };
    let ms = digits(15, 21)? / 1000;
    let east = match bytes.get(21) {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return None,
    };
    let (minutes, offset) = match bytes.get(22..25) {
        Some(b"***") => (0, Offset::Unknown),
        _ => (digits(22, 25)?, Offset::Minutes),
    };
    let at = Timestamp::from_civil(&moment)?.plus_ms(ms).plus_minutes(-east * minutes);
    Some((at, offset))
}

/// The end of perpetual packs: 2038-01-01.
pub const PERPETUAL_S: i64 = 2_145_916_800;
/// The end of temporary and over-used packs, of 32-bit time.
pub const TEMPORARY_S: i64 = 2_147_483_647;
/// The end of the built-in pack: 2035-12-31 23:00.
pub const BUILT_IN_S: i64 = 2_082_754_800;
/// From here on a pack never expires for people: 2035-12-31.
pub const NEVER_S: i64 = 2_082_672_000;

/// One of the constants above as an instant.
#[must_use]
pub fn constant(seconds: i64) -> Timestamp {
    Timestamp::from_s(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN_S, NEVER_S, Offset, PERPETUAL_S, TEMPORARY_S, constant, read, written};
    use crate::clock::Timestamp;

    #[test]
    fn the_ends_of_packs_print_as_real_listings_show_them() {
        for (seconds, text) in [
            (PERPETUAL_S, "20380101000000.000000+000"),
            (TEMPORARY_S, "20380119031407.000000+000"),
            (BUILT_IN_S, "20351231230000.000000+000"),
            (NEVER_S, "20351231000000.000000+000"),
        ] {
            assert_eq!(written(constant(seconds)), text);
            assert_eq!(read(text), Some((constant(seconds), Offset::Minutes)));
        }
    }

    #[test]
    fn both_signs_of_zero_are_utc_and_an_unknown_offset_says_so() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let utc = at("2026-03-01T09:00:00Z");
        assert_eq!(read("20260301090000.000000-000"), Some((utc, Offset::Minutes)));
        assert_eq!(read("20260301090000.000000+***"), Some((utc, Offset::Unknown)));
        assert_eq!(read("20260301100000.500000+060").unwrap().0, at("2026-03-01T09:00:00.5Z"));
        assert_eq!(read("20260301040000.000000-300").unwrap().0, utc);
    }

    #[test]
    fn intervals_and_other_texts_are_no_point_in_time() {
        for text in [
            "00000001020304.000000:000",
            "2026030109****.000000+000",
            "20260230090000.000000+000",
            "20260301250000.000000+000",
            "20260301090000.000000",
            "20260301090000,000000+000",
            "２0260301090000.00000+000",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
