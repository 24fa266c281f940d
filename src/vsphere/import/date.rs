//! Dates of spreadsheets: ISO 8601, and the forms that Windows writes in the cultures of its users.

use crate::clock::Timestamp;

/// Which of two numbers is the day, where a date does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    DayFirst,
    MonthFirst,
}

impl DayOrder {
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    /// The word of `--date-order`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }
}

/// What a cell says of an expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expiry {
    Never,
    At(Timestamp),
    /// The cell is about an evaluation, whose end stands elsewhere.
    Evaluation,
    /// Day or month may come first.
    Ambiguous,
    /// It is no date.
    Unreadable,
}

/// Reads the cell of an expiry; a date without a time is its first instant.
pub(super) fn expiry(text: &str, order: Option<DayOrder>) -> Expiry {
    let text = text.trim();
    match text.to_lowercase().as_str() {
        "" | "never" | "none" | "-" | "n/a" | "no expiration" | "perpetual" => {
            return Expiry::Never;
        }
        "evaluation" | "evaluation mode" => return Expiry::Evaluation,
        _ => {}
    }
    if let Some(at) = Timestamp::parse(text) {
        return Expiry::At(at);
    }
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let Some(separator) = ['-', '.', '/'].into_iter().find(|mark| date.contains(*mark)) else {
        return Expiry::Unreadable;
    };
    let parts: Option<Vec<u32>> = date.split(separator).map(|part| part.parse().ok()).collect();
    let Some([first, second, third]) = parts.as_deref().and_then(|parts| parts.first_chunk::<3>())
    else {
        return Expiry::Unreadable;
    };
    let (year, month, day) = match (*first, separator) {
        (1000.., _) => (*first, *second, *third),
        (first, '/') if first <= 12 && *second <= 12 && first != *second => match order {
            Some(DayOrder::DayFirst) => (*third, *second, first),
            Some(DayOrder::MonthFirst) => (*third, first, *second),
            None => return Expiry::Ambiguous,
        },
        // Slashes stand in both orders; dots and dashes are of countries that put the day first.
        (first, '/') if *second > 12 => (*third, first, *second),
        (first, _) => (*third, *second, first),
    };
    let clock = clock(time).unwrap_or([0, 0, 0]);
    at(year, month, day, clock).map_or(Expiry::Unreadable, Expiry::At)
}

fn at(year: u32, month: u32, day: u32, [hour, minute, second]: [u32; 3]) -> Option<Timestamp> {
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    Timestamp::parse(&text)
}

/// Hours, minutes and seconds, with or without `AM` or `PM`.
fn clock(text: &str) -> Option<[u32; 3]> {
    let lower = text.trim().to_lowercase();
    let (digits, afternoon) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(rest), _) => (rest.trim(), Some(true)),
        (_, Some(rest)) => (rest.trim(), Some(false)),
        _ => (lower.as_str(), None),
    };
    let mut parts = digits.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Some([hour, minute, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Expiry {
        Expiry::At(Timestamp::parse(&format!("{text}T00:00:00Z")).unwrap())
    }

    #[test]
    fn dates_that_leave_no_choice_need_no_order() {
        for text in [
            "2027-04-13",
            "13-04-2027",
            "13.04.2027",
            "13/04/2027",
            "04/13/2027",
            "2027-04-13 00:00:00",
        ] {
            assert_eq!(expiry(text, None), day("2027-04-13"), "{text}");
        }
        assert_eq!(expiry("05/05/2027", None), day("2027-05-05"));
        let at = Timestamp::parse("2027-04-13T13:30:00Z").unwrap();
        assert_eq!(expiry("4/13/2027 1:30:00 PM", None), Expiry::At(at));
    }

    #[test]
    fn an_ambiguous_date_needs_the_order() {
        assert_eq!(expiry("03/04/2027", None), Expiry::Ambiguous);
        assert_eq!(expiry("03/04/2027", DayOrder::named("dmy")), day("2027-04-03"));
        assert_eq!(expiry("03/04/2027", DayOrder::named("mdy")), day("2027-03-04"));
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none() {
        assert_eq!(expiry("Never", None), Expiry::Never);
        assert_eq!(expiry("", None), Expiry::Never);
        assert_eq!(expiry("Evaluation", None), Expiry::Evaluation);
        for text in ["soon", "31/31/2027", "2027-13-01", "1/2", "2027"] {
            assert_eq!(expiry(text, None), Expiry::Unreadable, "{text}");
        }
    }
}
