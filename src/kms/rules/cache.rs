//! The CMID cache of a host: which clients count.

use crate::clock::{Span, Timestamp};
use crate::kms::catalog::skus::REQUIRED_CLIENT;
use crate::kms::model::{Cache, Entry, Request};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How long a client counts after its last valid request; a client seen exactly so long ago still counts.
///
/// Source: [PLAN], [KMSGEN] 30 days; the edge: assumed.
pub const LIFE: Span = Span::days(30);

/// The most clients that are taken to be behind a count.
///
/// Source: assumed. [KMSGEN] has caches of 50; a number that no host can show shall not fill the store.
pub const MOST: u32 = 10_000;

/// Whether an entry still counts at `now`.
#[must_use]
pub fn counts(entry: &Entry, now: Timestamp) -> bool {
    now.since(entry.last_seen) <= LIFE.ms()
}

/// Counts the clients of a cache at `now`.
#[must_use]
pub fn count(cache: &Cache, now: Timestamp) -> u32 {
    let active = cache.entries.values().filter(|entry| counts(entry, now)).count();
    u32::try_from(active).unwrap_or(u32::MAX)
}

/// The cache without the clients that no longer count.
#[must_use]
pub fn purged(cache: &Cache, now: Timestamp) -> Cache {
    let kept = cache.entries.iter().filter(|(_, entry)| counts(entry, now));
    Cache {
        limit: cache.limit,
        entries: kept.map(|(cmid, entry)| (*cmid, entry.clone())).collect(),
    }
}

/// The cache after a valid request.
///
/// The order is: drop the old, write the client, raise the limit, evict, so that a first client with a larger N evicts nobody.
///
/// Source: [KMSGEN] limit of twice the largest N; [PLAN] the most recent contacts are kept; ties: assumed.
#[must_use]
pub fn touched(cache: &Cache, request: &Request, now: Timestamp) -> Cache {
    let mut cache = purged(cache, now);
    let known = cache.entries.get(&request.cmid);
    let entry = Entry {
        name: request.name.clone(),
        first_seen: known.map_or(now, |entry| entry.first_seen.min(now)),
        last_seen: known.map_or(now, |entry| entry.last_seen.max(now)),
        required: request.required,
    };
    cache.entries.insert(request.cmid, entry);
    cache.limit = cache.limit.max(request.required.saturating_mul(2)).max(Cache::FLOOR);
    evict(&mut cache);
    cache
}

/// The cache behind a count that an artefact told: it tells how many clients there were, not who they are.
///
/// Clients whose requests are known explain the count first, those heard of last before others. The rest has no name: it is taken to
/// have asked when the count was told, so that it leaves the cache 30 days later.
///
/// - `told`: how many clients, and when.
/// - `known`: the clients whose valid requests to the host are known.
/// - `unnamed`: the CMID of the n-th client without a name, from 1 on.
///
/// Source: [KMSGEN] the limit is twice the largest N, so that more than ten clients tell of one with N = 25. Clients without a name:
/// assumed.
#[must_use]
pub fn behind(
    told: (u32, Timestamp),
    known: &BTreeMap<Uuid, Entry>,
    unnamed: impl Fn(u32) -> Uuid,
) -> Cache {
    let (count, taken) = (told.0.min(MOST), told.1);
    let mut explaining = latest(known, |entry| entry.first_seen <= taken && counts(entry, taken));
    explaining.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    let nameless = count.saturating_sub(u32::try_from(explaining.len()).unwrap_or(u32::MAX));
    let since = latest(known, |entry| entry.first_seen > taken);
    let mut limit = limit_of(count);
    let mut entries = BTreeMap::new();
    for (cmid, entry) in explaining.into_iter().chain(since) {
        limit = limit.max(entry.required.saturating_mul(2));
        entries.insert(*cmid, entry.clone());
    }
    entries.extend((1..=nameless).map(|number| {
        let entry = Entry {
            name: String::new(),
            first_seen: taken,
            last_seen: taken,
            required: limit_of(count) / 2,
        };
        (unnamed(number), entry)
    }));
    let mut cache = Cache { limit, entries };
    evict(&mut cache);
    cache
}

/// The clients that can be behind a count that was told at `taken`: those heard of last, of whom it tells and of whom it does not.
///
/// For logs of very many clients, a part of which is known at a time.
#[must_use]
pub fn eligible(known: &BTreeMap<Uuid, Entry>, taken: Timestamp) -> BTreeMap<Uuid, Entry> {
    let told = latest(known, |entry| entry.first_seen <= taken);
    let since = latest(known, |entry| entry.first_seen > taken);
    told.into_iter().chain(since).map(|(cmid, entry)| (*cmid, entry.clone())).collect()
}

/// The clients that are wanted, those heard of last before others; [`MOST`] at most.
fn latest(known: &BTreeMap<Uuid, Entry>, wanted: impl Fn(&Entry) -> bool) -> Vec<(&Uuid, &Entry)> {
    let mut clients: Vec<(&Uuid, &Entry)> =
        known.iter().filter(|(_, entry)| wanted(entry)).collect();
    clients.sort_by_key(|(cmid, entry)| Reverse((entry.last_seen, **cmid)));
    clients.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    clients
}

/// The smallest limit of a cache that can hold so many clients.
#[must_use]
pub fn limit_of(count: u32) -> u32 {
    let usual = if count > Cache::FLOOR { 2 * REQUIRED_CLIENT } else { Cache::FLOOR };
    usual.max(count)
}

/// How many of the clients that count at `now` have no name.
#[must_use]
pub fn unnamed(cache: &Cache, now: Timestamp) -> u32 {
    let nameless = |entry: &&Entry| counts(entry, now) && entry.name.is_empty();
    u32::try_from(cache.entries.values().filter(nameless).count()).unwrap_or(u32::MAX)
}

/// Drops the clients that were seen longest ago until the cache is within its limit; of several those with the smallest CMID.
fn evict(cache: &mut Cache) {
    let limit = usize::try_from(cache.limit).unwrap_or(usize::MAX);
    let over = cache.entries.len().saturating_sub(limit);
    if over == 0 {
        return;
    }
    let mut oldest: Vec<(Timestamp, Uuid)> =
        cache.entries.iter().map(|(cmid, entry)| (entry.last_seen, *cmid)).collect();
    oldest.sort_unstable();
    for (_, cmid) in oldest.iter().take(over) {
        cache.entries.remove(cmid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kms::model::LicenseStatus;
    use proptest::prelude::*;

    fn start() -> Timestamp {
        Timestamp::parse("2025-01-01T00:00:00Z").unwrap()
    }

    fn asks(client: u128, required: u32) -> Request {
        Request {
            activation: Uuid::nil(),
            application: Uuid::nil(),
            cmid: Uuid::from_u128(client),
            name: String::new(),
            client_time: start(),
            virtual_machine: false,
            status: LicenseStatus::OobGrace,
            minutes: 0,
            required,
        }
    }

    /// `clients` ask one after another, a minute apart.
    fn filled(cache: Cache, clients: std::ops::RangeInclusive<u128>, required: u32) -> Cache {
        clients.fold(cache, |cache, client| {
            let now = start().plus_minutes(i64::try_from(client).unwrap());
            touched(&cache, &asks(client, required), now)
        })
    }

    #[test]
    fn the_limit_grows_with_the_first_larger_n_and_evicts_nobody() {
        let now = start().plus_minutes(60);
        let servers = filled(Cache::default(), 1..=12, 5);
        assert_eq!((count(&servers, now), servers.limit), (10, 10));
        assert!(!servers.entries.contains_key(&Uuid::from_u128(2)));
        assert!(servers.entries.contains_key(&Uuid::from_u128(3)));
        let mixed = touched(&servers, &asks(13, 25), now);
        assert_eq!((count(&mixed, now), mixed.limit), (11, 50));
    }

    #[test]
    fn a_client_seen_exactly_thirty_days_ago_still_counts() {
        let cache = touched(&Cache::default(), &asks(1, 5), start());
        let edge = Timestamp::parse("2025-01-31T00:00:00Z").unwrap();
        assert_eq!(count(&cache, edge), 1);
        assert_eq!(count(&cache, edge.plus_ms(1)), 0);
        assert_eq!(count(&cache, edge.plus_ms(1000)), 0);
        assert_eq!(purged(&cache, edge.plus_ms(1000)).entries.len(), 0);
    }

    #[test]
    fn the_limit_is_never_below_ten() {
        let cache = touched(&Cache::default(), &asks(1, 0), start());
        assert_eq!((count(&cache, start()), cache.limit), (1, 10));
    }

    #[test]
    fn a_client_that_is_in_a_full_cache_evicts_nobody() {
        let cache = filled(Cache::default(), 1..=10, 5);
        let now = start().plus_minutes(60);
        let again = touched(&cache, &asks(1, 5), now);
        assert_eq!(count(&again, now), 10);
        assert!(again.entries.keys().eq(cache.entries.keys()));
    }

    #[test]
    fn the_client_after_a_full_cache_takes_the_place_of_the_least_recently_seen() {
        let full = filled(Cache::default(), 1..=50, 25);
        let now = start().plus_minutes(51);
        let next = touched(&full, &asks(51, 25), now);
        assert_eq!(count(&next, now), 50);
        assert!(!next.entries.contains_key(&Uuid::from_u128(1)));
        let back = touched(&next, &asks(1, 25), now.plus_minutes(1));
        assert_eq!(count(&back, now), 50);
        assert_eq!(back.entries[&Uuid::from_u128(1)].first_seen, now.plus_minutes(1));
        assert!(!back.entries.contains_key(&Uuid::from_u128(2)));
    }

    #[test]
    fn among_clients_of_one_instant_the_smallest_cmid_goes() {
        let mut cache = Cache::default();
        for client in (1..=11).rev() {
            cache = touched(&cache, &asks(client, 5), start());
        }
        assert!(!cache.entries.contains_key(&Uuid::from_u128(1)));
        assert_eq!(cache.entries.len(), 10);
    }

    fn entry(first: i64, last: i64) -> Entry {
        let at = |day| start().plus_days(day);
        let name = format!("pc-{last}");
        Entry { name, first_seen: at(first), last_seen: at(last), required: 25 }
    }

    #[test]
    fn a_count_that_was_told_is_made_of_known_clients_first_and_of_nameless_ones_for_the_rest() {
        let taken = start().plus_days(40);
        // Two asked in the 30 days before, one long before, one afterwards.
        let days = [(1, (0, 35)), (2, (20, 45)), (3, (0, 9)), (4, (41, 42))];
        let known: BTreeMap<Uuid, Entry> = days
            .into_iter()
            .map(|(client, (first, last))| (Uuid::from_u128(client), entry(first, last)))
            .collect();
        let nth = |number: u32| Uuid::from_u128(100 + u128::from(number));
        let cache = behind((27, taken), &known, nth);
        let now = start().plus_days(45);
        assert_eq!((count(&cache, now), unnamed(&cache, now), cache.limit), (28, 25, 50));
        assert!(!cache.entries.contains_key(&Uuid::from_u128(3)));
        let edge = taken.plus_days(30);
        assert_eq!((unnamed(&cache, edge), unnamed(&cache, edge.plus_ms(1))), (25, 0));
        // The count says how many there were: of more known clients those heard of last are among them.
        let one = behind((1, taken), &known, nth);
        let kept: Vec<u128> = one.entries.keys().map(Uuid::as_u128).collect();
        assert_eq!(kept, [2, 4]);
    }

    #[test]
    fn a_count_that_no_host_can_show_is_cut_and_of_very_many_clients_the_latest_are_known() {
        let nth = |number: u32| Uuid::from_u128(u128::from(number));
        let taken = start().plus_days(1);
        let hostile = behind((u32::MAX - 1, taken), &BTreeMap::new(), nth);
        assert_eq!(count(&hostile, taken), MOST);
        let many: BTreeMap<Uuid, Entry> = (0..25_000_u32)
            .map(|client| {
                let at = start().plus_minutes(i64::from(client));
                (
                    nth(client),
                    Entry { name: "pc".to_owned(), first_seen: at, last_seen: at, required: 25 },
                )
            })
            .collect();
        let kept = eligible(&many, taken);
        assert_eq!(kept.len(), 1441 + 10_000);
        let told = |known| behind((27, taken), known, |number| nth(1_000_000 + number));
        assert_eq!(told(&many), told(&kept));
        assert_eq!(told(&kept).entries.keys().next(), Some(&nth(24_950)));
    }

    #[test]
    fn a_request_adds_to_a_count_that_was_told_until_the_cache_is_full() {
        let nth = |number: u32| Uuid::from_u128(100 + u128::from(number));
        for (told, next, limit) in [(0, 1, 50), (7, 8, 50), (27, 28, 50), (50, 50, 50)] {
            let cache = behind((told, start()), &BTreeMap::new(), nth);
            let asked = touched(&cache, &asks(1, 25), start().plus_days(1));
            assert_eq!((count(&asked, start()), asked.limit), (next, limit), "{told}");
        }
        let servers = behind((10, start()), &BTreeMap::new(), nth);
        assert_eq!(count(&touched(&servers, &asks(1, 5), start()), start()), 10);
    }

    proptest! {
        #[test]
        fn the_cache_never_exceeds_its_limit_and_the_limit_never_falls(
            asked in prop::collection::vec((0_u128..40, 0_u32..30, 0_i64..40 * 1440), 0..120)
        ) {
            let mut cache = Cache::default();
            let mut now = start();
            for (client, required, pause) in asked {
                now = now.plus_minutes(pause / 20);
                let next = touched(&cache, &asks(client, required), now);
                prop_assert!(next.limit >= cache.limit);
                prop_assert!(next.entries.len() <= usize::try_from(next.limit).unwrap());
                prop_assert!(next.entries.values().all(|entry| counts(entry, now)));
                prop_assert!(next.entries.values().all(|entry| entry.first_seen <= entry.last_seen));
                prop_assert_eq!(usize::try_from(count(&next, now)).unwrap(), next.entries.len());
                cache = next;
            }
        }
    }
}
