//! Property tests: on random small logs every report agrees with the rules written out over raw rows, slowly.

use super::lapse::State;
use super::minilog::{Entry, Log, NOW, OFFICE, WINDOWS, at, cmid, covered};
use super::shared::{Class, Evidence};
use super::stale::{self, Stale};
use super::threshold::{self, Threshold};
use super::{Pool, WINDOW, label};
use crate::clock::{Span, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Names of four labels, with every way of spelling one.
const NAMES: [&str; 8] = ["", "a", "A", "a.x.example", "a.y.example", "b", "c.x.example", "d"];

prop_compose! {
    /// A request of up to 240 days ago; times differ by record, so that the newest row is always one.
    fn entry()(
        minutes_ago in prop_oneof![0_i64..50_000, 0_i64..350_000],
        name in 0_usize..NAMES.len(),
        client in 1_u64..9,
        office in any::<bool>(),
        refused in prop::bool::weighted(0.2),
        virtual_machine in prop::bool::weighted(0.2),
        status in 0_u8..=5,
        minutes in prop_oneof![Just(0_u32), 41_000_u32..43_200, 250_000_u32..259_200],
        required in prop_oneof![Just(1_u32), Just(3), Just(5), Just(7)],
    ) -> Entry {
        Entry {
            record: 0,
            time: at(NOW).plus_minutes(-minutes_ago),
            hresult: if refused { 0xC004_F042 } else { 0 },
            required,
            name: NAMES[name].to_owned(),
            cmid: cmid(client),
            virtual_machine,
            status,
            minutes,
            activation: if office { OFFICE } else { WINDOWS },
            pool: if office { Pool::Office15 } else { Pool::Windows },
            host: "kms01".to_owned(),
        }
    }
}

fn log() -> impl Strategy<Value = Log> {
    prop::collection::vec(entry(), 0..40).prop_map(|mut entries| {
        for (entry, n) in entries.iter_mut().zip(1..) {
            entry.record = n;
            entry.time = entry.time.plus_ms(-i64::try_from(n).unwrap());
        }
        Log(entries)
    })
}

impl Log {
    fn of(&self, pool: Pool) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.0.iter().filter(|entry| entry.pool == pool).collect();
        entries.sort_by_key(|entry| (entry.time, entry.record));
        entries
    }
}

fn in_window(entry: &Entry) -> bool {
    entry.time.plus_days(30) >= at(NOW)
}

/// The newest valid row of each CMID.
fn newest<'a>(entries: &[&'a Entry]) -> BTreeMap<Uuid, &'a Entry> {
    entries.iter().filter(|entry| entry.hresult == 0).map(|entry| (entry.cmid, *entry)).collect()
}

/// Distinct CMIDs of each label among valid rows of the window.
fn by_label(entries: &[&Entry]) -> BTreeMap<String, BTreeSet<Uuid>> {
    let mut labels: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.hresult == 0 && in_window(entry)) {
        if let Some(label) = label(&entry.name) {
            labels.entry(label.into_owned()).or_default().insert(entry.cmid);
        }
    }
    labels
}

fn phantoms(entries: &[&Entry]) -> usize {
    by_label(entries).values().map(|cmids| cmids.len() - 1).sum()
}

/// Class, wasted and evidence of each CMID by the table of section 6.3.
fn duplicates(entries: &[&Entry]) -> BTreeMap<Uuid, (Class, u64, BTreeSet<Evidence>)> {
    let mut found = BTreeMap::new();
    for client in entries.iter().map(|entry| entry.cmid).collect::<BTreeSet<_>>() {
        let rows: Vec<(String, &Entry)> = entries
            .iter()
            .filter(|entry| entry.cmid == client && in_window(entry))
            .filter_map(|entry| label(&entry.name).map(|label| (label.into_owned(), *entry)))
            .collect();
        let labels: BTreeSet<&str> = rows.iter().map(|(label, _)| &label[..]).collect();
        let names: BTreeSet<&str> = rows.iter().map(|(_, entry)| &entry.name[..]).collect();
        let changes: Vec<usize> = (1..rows.len()).filter(|n| rows[*n].0 != rows[n - 1].0).collect();
        let verdict = match (labels.len(), changes.len()) {
            (0 | 1, _) if names.len() < 2 => continue,
            (0 | 1, _) => (Class::Alias, 0, BTreeSet::new()),
            (2, 1) => {
                let evidence = evidence(rows[changes[0] - 1].1, rows[changes[0]].1);
                let class = if evidence.is_empty() { Class::Rename } else { Class::Duplicate };
                (class, u64::from(class == Class::Duplicate), evidence)
            }
            (2, _) => (Class::Duplicate, 1, BTreeSet::from([Evidence::Interleaved])),
            (many, _) => {
                let wasted = u64::try_from(many).unwrap() - 1;
                (Class::Duplicate, wasted, BTreeSet::from([Evidence::ThreeOrMore]))
            }
        };
        found.insert(client, verdict);
    }
    found
}

/// What a change of label shows; with one product for each pool its neighbours are comparable.
fn evidence(before: &Entry, after: &Entry) -> BTreeSet<Evidence> {
    let elapsed = after.time.minutes_since(before.time);
    let expected = [Some(before.minutes), (before.hresult == 0).then_some(259_200)];
    let consistent = expected.into_iter().flatten().any(|from| {
        let left = (i64::from(from) - elapsed).max(0);
        (left - i64::from(after.minutes)).abs() <= 120
    });
    [
        (before.virtual_machine != after.virtual_machine, Evidence::VmDiffers),
        (before.status == 1 && after.status == 2, Evidence::StatusRegressed),
        (!consistent, Evidence::Minutes),
    ]
    .into_iter()
    .filter_map(|(holds, evidence)| holds.then_some(evidence))
    .collect()
}

/// Whether the host's count was at least N right after this row, by the rules of section 3.3, every row replayed.
fn count_was_enough(entries: &[&Entry], upto: &Entry) -> bool {
    let (mut cache, mut largest): (Vec<(Timestamp, Uuid)>, u32) = (Vec::new(), 0);
    for entry in entries.iter().filter(|entry| entry.hresult == 0 && entry.time <= upto.time) {
        cache.retain(|(last, cmid)| last.plus_ms(WINDOW.ms()) >= entry.time && *cmid != entry.cmid);
        cache.push((entry.time, entry.cmid));
        largest = largest.max(entry.required);
        let limit = usize::try_from((2 * largest).max(10)).unwrap();
        cache.sort_unstable();
        cache.drain(..cache.len().saturating_sub(limit));
    }
    cache.len() >= usize::try_from(upto.required).unwrap()
}

/// CMID, product, end, notification and state of each unit that is no longer fresh, in no order.
fn lapses(log: &Log, strict: bool) -> BTreeSet<(Uuid, Uuid, Timestamp, Timestamp, State)> {
    let mut found = BTreeSet::new();
    for pool in [Pool::Windows, Pool::Office15] {
        let entries = log.of(pool);
        for last in newest(&entries).into_values() {
            let activated = !strict || last.status == 1 || count_was_enough(&entries, last);
            let minutes = if (2..=4).contains(&last.status) { i64::from(last.minutes) } else { 0 };
            let (falls_out, notification) = if activated {
                let end = last.time.plus_days(180);
                (end, end.plus_days(30))
            } else {
                (last.time.plus_minutes(minutes), last.time.plus_minutes(minutes))
            };
            let state = match at(NOW) {
                now if now >= notification => State::Out,
                now if now >= falls_out => State::Grace,
                now if now.days_since(last.time) > 14 => State::Stale,
                _ => State::Fresh,
            };
            let superseded = log.0.iter().any(|other| {
                other.cmid != last.cmid
                    && other.time > last.time
                    && label(&last.name).is_some()
                    && label(&other.name) == label(&last.name)
            });
            if state != State::Fresh && !superseded {
                found.insert((last.cmid, last.activation, falls_out, notification, state));
            }
        }
    }
    found
}

/// The count of each day to come, by step 3 of section 6.1.
fn projected(entries: &[&Entry], required: u32, arrived: usize) -> Vec<u64> {
    let largest = entries.iter().map(|entry| entry.required).max().unwrap();
    let active: Vec<Timestamp> =
        newest(entries).values().filter(|entry| in_window(entry)).map(|entry| entry.time).collect();
    let silent = |last: &&Timestamp| last.plus_days(14) < at(NOW);
    let kept = active.iter().filter(|last| !silent(last)).count();
    let day = |d: i64| {
        let still =
            active.iter().filter(silent).filter(|last| last.plus_days(30) >= at(NOW).plus_days(d));
        let new = arrived * usize::try_from(d).unwrap() / 14;
        u64::try_from(kept + still.count() + new)
            .unwrap()
            .min(u64::from(2 * largest.max(required)).max(10))
    };
    (0..=90).map(day).collect()
}

proptest! {
    #[test]
    fn threshold_agrees_with_the_rules_written_out(log in log(), long in any::<bool>(), one in 1_u32..12) {
        let first = if long { "2025-01-30T00:00:00Z" } else { "2025-03-20T00:00:00Z" };
        let parameters = threshold::Parameters { coverage: covered(first, NOW), ..threshold::Parameters::new(at(NOW)) };
        let asked = threshold::Parameters { required: Some(one), pool: Some(Pool::Windows), ..parameters.clone() };
        let seen = log.0.iter().map(|entry| (entry.pool, entry.required)).collect();
        let mut outlooks = log.threshold(threshold::Parameters { seen, ..parameters }).outlooks;
        outlooks.extend(log.threshold(asked).outlooks);
        for outlook in outlooks.into_iter().filter(|outlook| outlook.figures.is_some()) {
            let entries = log.of(outlook.pool);
            let mut clients: BTreeMap<Uuid, Timestamp> = BTreeMap::new();
            for entry in entries.iter().rev().filter(|entry| entry.hresult == 0) {
                clients.insert(entry.cmid, entry.time);
            }
            let arrived = clients.values().filter(|first| first.plus_days(14) >= at(NOW)).count();
            let days = projected(&entries, outlook.required, if long { arrived } else { 0 });
            let required = u64::from(outlook.required);
            let crossing = days.iter().position(|count| (*count >= required) != (days[0] >= required));
            prop_assert_eq!(outlook.count, Some(days[0]));
            prop_assert_eq!(outlook.date, crossing.map(|day| at(NOW).plus_days(i64::try_from(day).unwrap())));
            let expected = match (days[0] >= required, crossing) {
                (true, None) => "reached",
                (true, Some(_)) => "will-fall",
                (false, Some(_)) => "will-reach",
                (false, None) => "will-not-reach",
            };
            prop_assert_eq!(outlook.verdict.word(), expected);
            let figures = outlook.figures.unwrap();
            let wasted = duplicates(&entries).values().map(|(_, wasted, _)| wasted).sum::<u64>();
            prop_assert_eq!(figures.wasted, wasted);
            prop_assert_eq!(figures.if_duplicates_fixed, (days[0] + wasted).min(figures.limit));
            prop_assert_eq!(usize::try_from(figures.phantoms).unwrap(), phantoms(&entries));
            prop_assert_eq!(figures.without_phantoms, figures.active.saturating_sub(figures.phantoms).min(figures.limit));
            prop_assert!(days.iter().all(|count| *count <= figures.limit));
            let virtuals = newest(&entries).values().filter(|last| in_window(last) && last.virtual_machine).count();
            prop_assert_eq!(usize::try_from(figures.virtual_machines).unwrap(), virtuals);
        }
    }

    #[test]
    fn stale_agrees_with_the_rules_written_out(log in log(), strict in any::<bool>()) {
        let parameters = stale::Parameters { strict, ..stale::Parameters::new(at(NOW), 10_080) };
        let answer = log.stale(parameters);
        let found: Vec<_> = answer
            .lapses()
            .map(|one| (one.cmid, one.activation, one.life.falls_out, one.life.notification, one.state))
            .collect();
        prop_assert!(found.is_sorted_by_key(|one| one.2));
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), lapses(&log, strict));
    }

    #[test]
    fn duplicates_agrees_with_the_rules_written_out(log in log()) {
        let (found, wasted) = log.duplicates();
        for pool in [Pool::Windows, Pool::Office15] {
            let expected = duplicates(&log.of(pool));
            let classes: BTreeMap<_, _> = found
                .iter()
                .filter(|shared| shared.pool == pool)
                .map(|one| (one.cmid, (one.class, one.wasted, one.evidence.iter().copied().collect())))
                .collect();
            prop_assert_eq!(wasted.get(&pool).copied().unwrap_or_default(), expected.values().map(|one| one.1).sum::<u64>());
            prop_assert_eq!(classes, expected);
        }
    }

    #[test]
    fn churn_agrees_with_the_rules_written_out(log in log()) {
        let answer = log.churn(2);
        for pool in [Pool::Windows, Pool::Office15] {
            let entries = log.of(pool);
            let expected: BTreeMap<String, usize> =
                by_label(&entries).into_iter().map(|(label, cmids)| (label, cmids.len())).filter(|one| one.1 > 1).collect();
            let labels = answer.labels.iter().filter(|one| one.pool == pool);
            let found: BTreeMap<String, usize> =
                labels.map(|one| (one.label.clone(), usize::try_from(one.cmids).unwrap())).collect();
            prop_assert_eq!(found, expected);
            let total = answer.phantoms.get(&pool).copied().unwrap_or_default();
            prop_assert_eq!(usize::try_from(total).unwrap(), phantoms(&entries));
        }
    }

    #[test]
    fn the_units_of_one_cmid_may_come_in_any_order(log in log(), seed in any::<u64>()) {
        let units = log.units(at(NOW));
        let mut shuffled: Vec<_> = units.iter().zip(1_u64..).collect();
        shuffled.sort_by_key(|(unit, n)| (unit.cmid, n.wrapping_mul(seed | 1).rotate_left(29)));
        let answers = [units.iter().collect::<Vec<_>>(), shuffled.into_iter().map(|(unit, _)| unit).collect()].map(|units| {
            let mut threshold = Threshold::new(threshold::Parameters::new(at(NOW)));
            let mut stale = Stale::new(stale::Parameters::new(at(NOW), 10_080));
            for unit in units {
                threshold.take(unit);
                stale.take(unit);
            }
            let lapses = format!("{:?}", stale.finish().lapses().collect::<Vec<_>>());
            (threshold.finish(&BTreeMap::new()), lapses)
        });
        prop_assert_eq!(&answers[0], &answers[1]);
    }

    #[test]
    fn a_longer_window_never_counts_fewer_clients(log in log(), days in 1_i64..60) {
        let active = |days: i64| -> Vec<u64> {
            let parameters = threshold::Parameters { window: Span::days(days), ..threshold::Parameters::new(at(NOW)) };
            log.threshold(parameters).outlooks.iter().filter_map(|one| one.figures.as_ref().map(|it| it.active)).collect()
        };
        prop_assert!(active(days).iter().zip(active(days + 1)).all(|(short, long)| *short <= long));
    }
}
