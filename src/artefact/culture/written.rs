//! A local date and time cut into its numbers, whatever stands between them.

use super::table::Order::{DayMonthYear, MonthDayYear, YearMonthDay};
use super::table::{CULTURES, Culture};
use jiff::civil::DateTime;

/// A date and time as written, cut into its numbers.
pub(super) struct Written<'t> {
    date: [&'t str; 3],
    separator: char,
    /// Hour of 24, minute, second.
    time: [i8; 3],
    pub(super) ms: i64,
}

/// Half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    /// The clock has 24 hours.
    Unsaid,
    Morning,
    Afternoon,
}

impl<'t> Written<'t> {
    pub(super) fn parse(text: &'t str) -> Option<Self> {
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
        let dated = plain(front).is_empty()
            && between.trim() == again.trim()
            && between.trim().len() == 1
            // The year is never cut short: `3/4/25` could be any of three dates.
            && (first.len() == 4 || third.len() == 4);
        let timed = [":", "."].contains(&colon)
            && (count < 6 || colon == colon_again)
            && (count < 7 || [".", ","].contains(&point));
        if !(dated && timed && (5..=7).contains(&count)) {
            return None;
        }
        let ((half, Half::Unsaid) | (Half::Unsaid, half)) =
            (half(middle)?, half(gaps.get(count)?)?)
        else {
            return None;
        };
        let hour = match (small(hour)?, half) {
            (12, Half::Morning) => 0,
            (hour, Half::Unsaid) | (hour @ 1..=11, Half::Morning) => hour,
            (12, Half::Afternoon) => 12,
            (hour @ 1..=11, Half::Afternoon) => hour + 12,
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
    pub(super) fn date(&self, culture: Option<&Culture>) -> Option<[&'t str; 3]> {
        let [first, second, third] = self.date;
        // A year in front is followed by month and day everywhere.
        if first.len() == 4 {
            return Some([first, second, third]);
        }
        let order = match culture {
            Some(culture) if culture.separators.contains(self.separator) => culture.order,
            Some(_) => return None,
            None => match (small(first)?, small(second)?) {
                (13.., _) => DayMonthYear,
                (_, 13..) => MonthDayYear,
                (first, second) if first == second => DayMonthYear,
                _ => return None,
            },
        };
        match order {
            DayMonthYear => Some([third, second, first]),
            MonthDayYear => Some([third, first, second]),
            YearMonthDay => None,
        }
    }

    pub(super) fn local(&self, year: &str, month: &str, day: &str) -> Option<DateTime> {
        let [hour, minute, second] = self.time;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        DateTime::new(year, small(month)?, small(day)?, hour, minute, second, 0).ok()
    }
}

/// A number of one or two digits.
fn small(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// The half of the day that a word names in any culture; `None` when it names something else.
fn half(word: &str) -> Option<Half> {
    let word = plain(word);
    if ["", "t", ","].contains(&word.as_str()) {
        return Some(Half::Unsaid);
    }
    let halves = || CULTURES.iter().filter_map(|culture| culture.halves);
    if halves().any(|[morning, _]| plain(morning) == word) {
        return Some(Half::Morning);
    }
    halves().any(|[_, afternoon]| plain(afternoon) == word).then_some(Half::Afternoon)
}

/// Lower case, without blanks, dots and the marks for the direction of writing.
fn plain(word: &str) -> String {
    let kept =
        |letter: &char| !letter.is_whitespace() && !matches!(letter, '.' | '\u{200e}' | '\u{200f}');
    word.chars().filter(kept).flat_map(char::to_lowercase).collect()
}
