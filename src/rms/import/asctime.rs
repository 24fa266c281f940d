//! Dates as `asctime` writes them: `Mon Jun  1 04:00:00 2026`, in the local time of whoever wrote them.

use crate::clock::{Civil, Timestamp};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Seconds since 1970 of a date as if it were UTC; the day may be padded with zeros or blanks.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    of_words(&words)
}

/// The five words of a date.
pub(super) fn of_words(words: &[&str]) -> Option<i64> {
    let [weekday, month, day, time, year] = words else { return None };
    DAYS.iter().find(|name| name.eq_ignore_ascii_case(weekday))?;
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let mut clock = time.split(':').map(number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if clock.next().is_some() {
        return None;
    }
    let civil = Civil {
        year: number(year)?,
        month: i64::try_from(month).ok()?,
        day: number(day)?,
        hour,
        minute,
        second,
    };
    Timestamp::from_civil(&civil).map(Timestamp::s)
}

/// A date of that many seconds since 1970, shown as if they were UTC; the day padded with a zero.
pub(in crate::rms) fn written(seconds: i64) -> Option<String> {
    let civil = Timestamp::from_s(seconds)?.civil();
    let month = MONTHS.get(usize::try_from(civil.month - 1).ok()?)?;
    // The first day of 1970 was a Thursday.
    let weekday =
        DAYS.get(usize::try_from((seconds.div_euclid(86_400) + 4).rem_euclid(7)).ok()?)?;
    Some(format!(
        "{weekday} {month} {:02} {:02}:{:02}:{:02} {:04}",
        civil.day, civil.hour, civil.minute, civil.second, civil.year
    ))
}

fn number(text: &str) -> Option<i64> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{seconds, written};

    #[test]
    fn a_day_is_padded_with_a_zero_or_a_blank() {
        for text in
            ["Mon Jun  1 04:00:00 2026", "Mon Jun 01 04:00:00 2026", "mon jun 1 04:00:00 2026"]
        {
            assert_eq!(seconds(text), Some(1_780_286_400), "{text}");
        }
        assert_eq!(written(1_780_286_400).unwrap(), "Mon Jun 01 04:00:00 2026");
    }

    #[test]
    fn what_is_no_date_of_the_calendar_is_none() {
        for text in [
            "",
            "Mon Jun 31 04:00:00 2026",
            "Mo Jun 1 04:00:00 2026",
            "Mon Jun 1 04:00 2026",
            "Mon Jun 1 25:00:00 2026",
            "Mon 1 Jun 04:00:00 2026",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_second_reads_back(at in 0_i64..4_102_444_800) {
            proptest::prop_assert_eq!(seconds(&written(at).unwrap()), Some(at));
        }
    }
}
