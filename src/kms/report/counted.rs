//! How many clients each host counted, day by day: a client counts from its first request until thirty days after its last.
//!
//! A client that was silent for longer in between is taken as counted all the while: units keep the first and the last request.

use super::{Pool, Unit, WINDOW};
use crate::clock::Timestamp;
use uuid::Uuid;

/// The accumulator: fed with the units of every host, in the order of their CMID.
#[derive(Debug)]
pub struct Counted {
    start: i64,
    days: usize,
    client: Uuid,
    /// Each host, and the first request to it: before it nothing is known of the host.
    hosts: Vec<(String, Timestamp)>,
    crowds: Vec<Crowd>,
    /// Of the client at hand: the crowds that count it, and the days on which they do.
    open: Vec<(usize, (usize, usize))>,
}

/// The clients of one host in one pool.
#[derive(Debug)]
struct Crowd {
    /// Place of the host.
    host: usize,
    pool: Pool,
    /// The thresholds that its clients need, ascending.
    required: Vec<u32>,
    /// By how much the count changes on each day; empty as long as no client was counted.
    steps: Vec<i64>,
}

/// The counts of one host in one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub host: String,
    pub pool: Pool,
    /// The thresholds that its clients need, ascending.
    pub required: Vec<u32>,
    pub days: Vec<(Timestamp, u64)>,
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Counted {
    /// Looks at the `days` that end with the day of `now`, UTC.
    #[must_use]
    pub fn new(now: Timestamp, days: usize) -> Self {
        let back = i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1);
        Self {
            start: now.ms().div_euclid(DAY).saturating_sub(back),
            days,
            client: Uuid::nil(),
            hosts: Vec::new(),
            crowds: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Takes a unit of a host; those of one CMID come behind each other.
    pub fn take(&mut self, host: &str, unit: &Unit<'_>) {
        let host = self.host(host, unit.first);
        let Some(valid) = &unit.valid else { return };
        if unit.cmid != self.client {
            self.close();
            self.client = unit.cmid;
        }
        let at = self.crowd(host, unit.pool, unit.required);
        let last = valid.last.plus_ms(WINDOW.ms());
        let Some((from, until)) = self.within(valid.first, last) else { return };
        match self.open.iter_mut().find(|(open, _)| *open == at) {
            Some((_, span)) => *span = (span.0.min(from), span.1.max(until)),
            None => self.open.push((at, (from, until))),
        }
    }

    /// The place of a host: they are few.
    fn host(&mut self, name: &str, first: Timestamp) -> usize {
        if let Some(at) = self.hosts.iter().position(|(known, _)| known == name) {
            if let Some((_, known)) = self.hosts.get_mut(at) {
                *known = (*known).min(first);
            }
            return at;
        }
        self.hosts.push((name.to_owned(), first));
        self.hosts.len() - 1
    }

    /// The place of a crowd, one of whose clients needs so many.
    fn crowd(&mut self, host: usize, pool: Pool, needed: u32) -> usize {
        let same = |crowd: &Crowd| crowd.host == host && crowd.pool == pool;
        let at = self.crowds.iter().position(same).unwrap_or_else(|| {
            self.crowds.push(Crowd { host, pool, required: Vec::new(), steps: Vec::new() });
            self.crowds.len() - 1
        });
        if let Some(crowd) = self.crowds.get_mut(at)
            && let Err(place) = crowd.required.binary_search(&needed)
        {
            crowd.required.insert(place, needed);
        }
        at
    }

    /// The days from the first to the last instant, cut to those that are looked at; the end is excluded.
    fn within(&self, first: Timestamp, last: Timestamp) -> Option<(usize, usize)> {
        let day = |at: Timestamp| at.ms().div_euclid(DAY) - self.start;
        let end = usize::try_from(day(last) + 1).ok()?.min(self.days);
        let from = usize::try_from(day(first).max(0)).ok()?;
        (from < end).then_some((from, end))
    }

    fn close(&mut self) {
        for (crowd, (from, until)) in self.open.drain(..) {
            let Some(crowd) = self.crowds.get_mut(crowd) else { continue };
            crowd.steps.resize(self.days + 1, 0);
            for (at, step) in [(from, 1), (until, -1)] {
                if let Some(slot) = crowd.steps.get_mut(at) {
                    *slot += step;
                }
            }
        }
    }

    /// The counts, by host and pool; the cache of a host holds no more than twice its largest threshold.
    #[must_use]
    pub fn finish(mut self) -> Vec<Counts> {
        self.close();
        let (start, shown) = (self.start, self.days);
        let mut counts = Vec::new();
        let counted = self.crowds.into_iter().filter(|crowd| !crowd.steps.is_empty());
        for Crowd { host, pool, required, steps } in counted {
            let Some((host, first)) = self.hosts.get(host) else { continue };
            let most = required.last().map_or(u64::MAX, |largest| u64::from(*largest) * 2);
            let mut count = 0_i64;
            let days = (start..).zip(steps.iter().take(shown)).filter_map(|(day, step)| {
                count += step;
                let at = Timestamp::from_ms(day * DAY)?;
                let known = day >= first.ms().div_euclid(DAY);
                known.then(|| (at, u64::try_from(count).unwrap_or(0).min(most)))
            });
            let days = days.collect();
            counts.push(Counts { host: host.clone(), pool, required, days });
        }
        counts.sort_by(|one, other| (&one.host, one.pool).cmp(&(&other.host, other.pool)));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::super::label_hash;
    use super::*;
    use crate::kms::report::Valid;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn unit(client: u128, first: Timestamp, last: Timestamp) -> Unit<'static> {
        let valid = Valid { first, last, status: 1, minutes: 0, virtual_machine: false, host: "h" };
        Unit {
            cmid: Uuid::from_u128(client),
            name: "c",
            label: label_hash("c"),
            activation: Uuid::nil(),
            pool: Pool::Windows,
            rows: 2,
            first,
            last,
            required: 25,
            valid: Some(valid),
        }
    }

    fn counts(units: &[Unit<'_>]) -> Vec<u64> {
        let mut counted = Counted::new(at("2026-03-31T12:00:00Z"), 40);
        for unit in units {
            counted.take("h", unit);
        }
        let found = counted.finish();
        found
            .first()
            .map_or_else(Vec::new, |counts| counts.days.iter().map(|(_, count)| *count).collect())
    }

    #[test]
    fn a_client_counts_from_its_first_request_until_thirty_days_after_its_last() {
        let days = counts(&[unit(1, at("2026-02-22T10:00:00Z"), at("2026-02-24T10:00:00Z"))]);
        // The forty days begin on 20 February, the host is known since the 22nd; thirty days after 24 February is 26 March.
        assert_eq!(days.len(), 38);
        assert_eq!(days.iter().rposition(|count| *count == 1), Some(32));
        assert_eq!(days.iter().sum::<u64>(), 33);
    }

    #[test]
    fn a_client_with_two_products_of_one_pool_counts_once() {
        let (first, last) = (at("2026-03-01T00:00:00Z"), at("2026-03-30T00:00:00Z"));
        let days = counts(&[unit(1, first, first), unit(1, last, last), unit(2, last, last)]);
        assert_eq!(days.last(), Some(&2));
        assert_eq!(days.iter().max(), Some(&2));
    }

    #[test]
    fn the_cache_holds_twice_the_threshold_and_no_more() {
        let day = at("2026-03-30T00:00:00Z");
        let units: Vec<Unit<'_>> = (1..=60).map(|client| unit(client, day, day)).collect();
        assert_eq!(counts(&units).last(), Some(&50));
    }
}
