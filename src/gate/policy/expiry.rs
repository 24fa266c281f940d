//! When something in a policy runs out: after a day, or at an instant.

use crate::clock::{Civil, Timestamp};

/// When an exemption runs out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expiry {
    /// The first instant at which it is no more in force.
    pub(super) end: Timestamp,
    /// As it is written in the file.
    pub(super) written: String,
}

impl Expiry {
    /// Reads a date, which is the last day in UTC, or an RFC 3339 instant; `None` for anything else.
    pub(super) fn read(written: String) -> Option<Self> {
        let end = Timestamp::parse(&written).or_else(|| midnight_after(&written))?;
        Some(Self { end, written })
    }

    /// Whether it is over at `now`.
    pub(super) fn past(&self, now: Timestamp) -> bool {
        now >= self.end
    }
}

/// The first instant after a date, UTC; `None` when there is no such day.
fn midnight_after(date: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let number = |part: &str, digits: usize| {
        let whole = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| part.parse::<i64>().ok()).flatten()
    };
    let midnight = Civil {
        year: number(year, 4)?,
        month: number(month, 2)?,
        day: number(day, 2)?,
        hour: 0,
        minute: 0,
        second: 0,
    };
    Timestamp::from_civil(&midnight).map(|start| start.plus_days(1))
}

#[cfg(test)]
mod tests {
    use super::Expiry;

    #[test]
    fn a_day_ends_with_its_last_instant_and_february_has_its_length() {
        let end = |written: &str| Expiry::read(written.to_owned()).map(|read| read.end.to_string());
        assert_eq!(end("2026-06-30").as_deref(), Some("2026-07-01T00:00:00Z"));
        assert_eq!(end("2024-02-29").as_deref(), Some("2024-03-01T00:00:00Z"));
        assert_eq!(end("2026-06-30T12:00:00+02:00").as_deref(), Some("2026-06-30T10:00:00Z"));
        for wrong in ["2026-02-29", "2026-6-30", "2026-06-30T12:00:00", "soon", "", "2026-06-30-01"]
        {
            assert_eq!(end(wrong), None, "{wrong}");
        }
    }
}
