//! Where a count goes from here: clients that leave the window, clients that arrive, the limit of the cache.
//!
//! Arithmetic of whole days alone; who counts as silent or new is left to `threshold`.

use crate::clock::Span;
use std::collections::BTreeMap;

/// How long a client stays in the count when nothing more is heard of it; the longer stay is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stay {
    /// Silent: counted up to this day from now, that day included.
    Until(u32),
    /// Renewing: expected to go on.
    Kept,
}

/// Clients by the day on which they leave the window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crowd {
    kept: u64,
    leaving: BTreeMap<u32, u64>,
}

impl Crowd {
    pub fn add(&mut self, stay: Stay) {
        match stay {
            Stay::Until(day) => *self.leaving.entry(day).or_default() += 1,
            Stay::Kept => self.kept += 1,
        }
    }

    #[must_use]
    pub fn kept(&self) -> u64 {
        self.kept
    }

    #[must_use]
    pub fn silent(&self) -> u64 {
        self.leaving.values().sum()
    }

    #[must_use]
    pub fn total(&self) -> u64 {
        self.kept + self.silent()
    }

    /// Those still counted on each day from today (0) to `horizon`, both included.
    pub fn stays(&self, horizon: u32) -> impl Iterator<Item = u64> {
        let mut leaving = self.leaving.iter().peekable();
        let mut present = self.total();
        (0..=horizon).map(move |day| {
            while let Some((_, gone)) = leaving.next_if(|(last, _)| **last < day) {
                present -= gone;
            }
            present
        })
    }
}

/// New clients: how many came in how long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    pub clients: u64,
    pub lookback: Span,
}

impl Arrivals {
    /// Those expected within `days` from now, rounded down.
    #[must_use]
    pub fn within(self, days: u32) -> u64 {
        let lookback = u128::try_from(self.lookback.ms()).unwrap_or_default();
        let span = u128::try_from(Span::days(i64::from(days)).ms()).unwrap_or_default();
        (u128::from(self.clients) * span)
            .checked_div(lookback)
            .map_or(0, |clients| u64::try_from(clients).unwrap_or(u64::MAX))
    }

    /// Clients a day.
    #[must_use]
    pub fn per_day(self) -> f64 {
        let days = self.lookback.in_days();
        if days > 0.0 {
            u32::try_from(self.clients).map_or(f64::MAX, f64::from) / days
        } else {
            0.0
        }
    }
}

/// What becomes of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Reached,
    WillFall,
    WillReach,
    WillNotReach,
    /// Only a snapshot is known, and it is below.
    NotReached,
    /// Neither rows nor a snapshot of a host.
    Unknown,
}

impl Verdict {
    /// The word of JSON and of the finding's class.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::WillFall => "will-fall",
            Self::WillReach => "will-reach",
            Self::WillNotReach => "will-not-reach",
            Self::NotReached => "not-reached",
            Self::Unknown => "unknown",
        }
    }
}

/// Judges the counts of the days from now on against `required`: the verdict, and the day of the first crossing.
pub fn judge(counts: impl IntoIterator<Item = u64>, required: u64) -> (Verdict, Option<u32>) {
    let mut days = (0_u32..).zip(counts).map(|(day, count)| (day, count >= required));
    let Some((_, today)) = days.next() else {
        return (Verdict::Unknown, None);
    };
    let crossing = days.find(|(_, reached)| *reached != today).map(|(day, _)| day);
    let verdict = match (today, crossing) {
        (true, None) => Verdict::Reached,
        (true, Some(_)) => Verdict::WillFall,
        (false, Some(_)) => Verdict::WillReach,
        (false, None) => Verdict::WillNotReach,
    };
    (verdict, crossing)
}

#[cfg(test)]
mod tests {
    use super::{Arrivals, Crowd, Stay, Verdict, judge};
    use crate::clock::Span;

    #[test]
    fn a_silent_client_counts_up_to_its_last_day() {
        let mut crowd = Crowd::default();
        for stay in [Stay::Kept, Stay::Until(0), Stay::Until(2), Stay::Until(2), Stay::Until(9)] {
            crowd.add(stay);
        }
        assert_eq!(crowd.stays(4).collect::<Vec<_>>(), [5, 4, 4, 2, 2]);
        assert_eq!((crowd.kept(), crowd.silent(), crowd.total()), (1, 4, 5));
    }

    #[test]
    fn arrivals_are_rounded_down_to_whole_clients() {
        let half = Arrivals { clients: 7, lookback: Span::days(14) };
        assert_eq!((0..=5).map(|day| half.within(day)).collect::<Vec<_>>(), [0, 0, 1, 1, 2, 2]);
        // A third a day: the sum of the days must not lose the third client to rounding.
        assert_eq!(Arrivals { clients: 1, lookback: Span::days(3) }.within(9), 3);
        assert_eq!(Arrivals { clients: 5, lookback: Span::days(0) }.within(9), 0);
        assert!((half.per_day() - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn the_first_day_on_the_other_side_is_the_day_of_the_verdict() {
        assert_eq!(judge([5, 5, 5], 5), (Verdict::Reached, None));
        assert_eq!(judge([5, 5, 4, 5], 5), (Verdict::WillFall, Some(2)));
        assert_eq!(judge([4, 5, 4], 5), (Verdict::WillReach, Some(1)));
        assert_eq!(judge([4, 4, 4], 5), (Verdict::WillNotReach, None));
        assert_eq!(judge([], 5), (Verdict::Unknown, None));
    }
}
