//! The CMID cache of a host, replayed from its log: what count did the host tell a client at a given time?
//!
//! The same rules as `rules::cache`, which answers one request of a modelled host and copies the cache for it; here millions of
//! rows pass, and all hosts are taken as one.

use super::stale::{Answer, Stale};
use super::{Pool, Row, WINDOW};
use crate::clock::Timestamp;
use crate::kms::model;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The second half of a strict `stale`: takes rows and finds out which contacts met a count that was high enough.
#[derive(Debug)]
pub struct Replay {
    stale: Stale,
    /// By CMID and `ActivationID`: number of the contact, and its time.
    wanted: HashMap<(Uuid, Uuid), (usize, Timestamp)>,
    caches: BTreeMap<Pool, Cache>,
}

impl Replay {
    pub(super) fn new(stale: Stale) -> Self {
        let wanted = stale
            .doubtful()
            .map(|(number, cmid, activation, time)| ((cmid, activation), (number, time)))
            .collect();
        Self { stale, wanted, caches: BTreeMap::new() }
    }

    /// Takes the next row of any client, in the order of time and record.
    pub fn take(&mut self, row: &Row) {
        if !row.valid {
            return;
        }
        let count =
            self.caches.entry(row.pool).or_default().request(row.cmid, row.time, row.required);
        if let Some((number, time)) = self.wanted.get(&(row.cmid, row.activation))
            && *time == row.time
            && count >= u64::from(row.required)
        {
            self.stale.believe(*number);
        }
    }

    /// Goes on to the answer of `stale`.
    #[must_use]
    pub fn finish(self) -> Answer {
        self.stale.finish()
    }
}

/// How many clients a host remembers when `largest` is the largest `RequiredClientCount` it was ever sent.
///
/// Source: [KMSGEN] twice the number that activation needs. That it is never below ten: assumed.
#[must_use]
pub fn limit(largest: u32) -> u64 {
    (2 * u64::from(largest)).max(u64::from(model::Cache::FLOOR))
}

/// The cache of one pool.
#[derive(Debug, Default)]
pub struct Cache {
    /// Largest `RequiredClientCount` so far; the limit never shrinks.
    largest: u32,
    seen: HashMap<Uuid, Timestamp>,
    /// The same entries, the first to go in front: oldest, then smallest CMID.
    oldest: BTreeSet<(Timestamp, Uuid)>,
}

impl Cache {
    /// Takes the next valid request and returns the count that the client is told.
    ///
    /// - `time`: not before that of the request before.
    ///
    /// Source: [PLAN], [KMSGEN]: entries live 30 days; over the limit the oldest goes. Ties and the order of steps: assumed.
    pub fn request(&mut self, cmid: Uuid, time: Timestamp, required: u32) -> u64 {
        while let Some((last, gone)) = self.oldest.first().copied() {
            if time.since(last) <= WINDOW.ms() {
                break;
            }
            self.remove(last, gone);
        }
        if let Some(before) = self.seen.insert(cmid, time) {
            self.oldest.remove(&(before, cmid));
        }
        self.oldest.insert((time, cmid));
        self.largest = self.largest.max(required);
        while self.count() > limit(self.largest) {
            let Some((last, gone)) = self.oldest.first().copied() else {
                break;
            };
            self.remove(last, gone);
        }
        self.count()
    }

    fn remove(&mut self, last: Timestamp, cmid: Uuid) {
        self.oldest.remove(&(last, cmid));
        self.seen.remove(&cmid);
    }

    fn count(&self) -> u64 {
        u64::try_from(self.oldest.len()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, limit};
    use crate::clock::Timestamp;
    use crate::kms::model::{self, LicenseStatus};
    use crate::kms::rules;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_client_seen_exactly_30_days_ago_counts_and_one_second_later_it_does_not() {
        let (old, new) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (now, count) in [("2025-01-31T00:00:00Z", 2), ("2025-01-31T00:00:01Z", 1)] {
            let mut cache = Cache::default();
            cache.request(old, at("2025-01-01T00:00:00Z"), 25);
            assert_eq!(cache.request(new, at(now), 25), count, "{now}");
        }
    }

    #[test]
    fn twelve_servers_fill_a_cache_of_ten_and_the_first_desktop_widens_it() {
        let start = at("2025-01-01T00:00:00Z");
        let mut cache = Cache::default();
        let counts: Vec<u64> = (1..=12)
            .map(|n| {
                cache.request(Uuid::from_u128(n), start.plus_minutes(i64::try_from(n).unwrap()), 5)
            })
            .collect();
        assert_eq!(counts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
        assert_eq!(cache.request(Uuid::from_u128(13), start.plus_days(1), 25), 11);
    }

    #[test]
    fn a_client_that_asks_again_is_not_counted_twice_and_evicts_nobody() {
        let start = at("2025-01-01T00:00:00Z");
        let mut cache = Cache::default();
        for n in 1..=10 {
            cache.request(Uuid::from_u128(n), start, 5);
        }
        assert_eq!(cache.request(Uuid::from_u128(1), start.plus_minutes(1), 5), 10);
    }

    #[test]
    fn clones_with_one_cmid_count_once() {
        let start = at("2025-01-01T00:00:00Z");
        let mut cache = Cache::default();
        let asked = [1_u128; 30].into_iter().chain(2..=4);
        let last = asked.map(|n| cache.request(Uuid::from_u128(n), start, 25)).last();
        assert_eq!(last, Some(4));
    }

    #[test]
    fn the_limit_is_twice_the_largest_requirement_and_never_below_ten() {
        assert_eq!([0, 4, 5, 25, u32::MAX].map(limit), [10, 10, 10, 50, 8_589_934_590]);
    }

    fn request(client: u128, required: u32) -> model::Request {
        model::Request {
            activation: Uuid::nil(),
            application: Uuid::nil(),
            cmid: Uuid::from_u128(client),
            name: String::new(),
            client_time: at("2025-01-01T00:00:00Z"),
            virtual_machine: false,
            status: LicenseStatus::OobGrace,
            minutes: 0,
            required,
        }
    }

    proptest! {
        #[test]
        fn the_replay_counts_as_the_modelled_host_does(
            asked in prop::collection::vec((0_u128..40, 0_i64..4000, prop_oneof![4 => Just(5_u32), 1 => Just(12)]), 0..80),
        ) {
            let (mut replayed, mut modelled) = (Cache::default(), model::Cache::default());
            let mut now = at("2025-01-01T00:00:00Z");
            for (client, minutes, required) in asked {
                now = now.plus_minutes(minutes);
                modelled = rules::cache::touched(&modelled, &request(client, required), now);
                let count = replayed.request(Uuid::from_u128(client), now, required);
                prop_assert_eq!(count, u64::from(rules::cache::count(&modelled, now)));
            }
        }
    }
}
