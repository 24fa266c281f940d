//! How many licenses end on each of the days to come, by what they are.

use crate::clock::Timestamp;

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A permanent license per device: a device in use renews it within the last week.
    Device,
    /// A temporary license per device: the device needs a permanent one by then.
    Temporary,
    /// A license per user.
    User,
    /// Licenses of a key pack that expires as a whole.
    Pack,
}

impl Ending {
    /// Every kind, from the foot of a stack up.
    pub const ALL: [Self; 4] = [Self::Device, Self::Temporary, Self::User, Self::Pack];

    /// For people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Device => "per device",
            Self::Temporary => "temporary",
            Self::User => "per user",
            Self::Pack => "with their key pack",
        }
    }
}

/// The accumulator: the days from that of `now` on, UTC.
#[derive(Debug)]
pub struct Expiries {
    now: Timestamp,
    start: i64,
    days: Vec<[u64; 4]>,
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Expiries {
    #[must_use]
    pub fn new(now: Timestamp, days: usize) -> Self {
        Self { now, start: now.ms().div_euclid(DAY), days: vec![[0; 4]; days] }
    }

    /// Counts licenses that end at a time; what has ended, or ends later than is looked at, is passed over.
    pub fn take(&mut self, ending: Ending, at: Timestamp, licenses: u64) {
        if at <= self.now {
            return;
        }
        let day = usize::try_from(at.ms().div_euclid(DAY) - self.start).ok();
        let Some(counts) = day.and_then(|day| self.days.get_mut(day)) else { return };
        for (known, count) in Ending::ALL.iter().zip(counts) {
            if *known == ending {
                *count += licenses;
            }
        }
    }

    /// The kinds of which something ends, and each day with how many of each.
    #[must_use]
    pub fn finish(self) -> (Vec<Ending>, Vec<(Timestamp, Vec<u64>)>) {
        let used = |at: usize| self.days.iter().any(|day| day.get(at).is_some_and(|n| *n > 0));
        let parts: Vec<(usize, Ending)> =
            Ending::ALL.into_iter().enumerate().filter(|(at, _)| used(*at)).collect();
        let days = (self.start..).zip(&self.days).filter_map(|(day, counts)| {
            let values = parts.iter().filter_map(|(at, _)| counts.get(*at).copied()).collect();
            Some((Timestamp::from_ms(day * DAY)?, values))
        });
        let days = days.collect();
        (parts.into_iter().map(|(_, part)| part).collect(), days)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Expiries};
    use crate::clock::Timestamp;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn licenses_are_counted_on_the_day_of_their_end() {
        let mut expiries = Expiries::new(at("2026-03-31T12:00:00Z"), 3);
        expiries.take(Ending::Device, at("2026-03-31T23:59:59Z"), 2);
        expiries.take(Ending::User, at("2026-04-02T00:00:00Z"), 1);
        let (parts, days) = expiries.finish();
        assert_eq!(parts, [Ending::Device, Ending::User]);
        let values: Vec<_> = days.iter().map(|(_, values)| values.clone()).collect();
        assert_eq!(values, [vec![2, 0], vec![0, 0], vec![0, 1]]);
        assert_eq!(days[2].0, at("2026-04-02T00:00:00Z"));
    }

    #[test]
    fn what_has_ended_and_what_ends_later_is_passed_over() {
        let mut expiries = Expiries::new(at("2026-03-31T12:00:00Z"), 3);
        for end in ["2026-03-31T12:00:00Z", "2026-01-01T00:00:00Z", "2026-04-03T00:00:00Z"] {
            expiries.take(Ending::Temporary, at(end), 1);
        }
        assert!(expiries.finish().0.is_empty());
    }
}
