//! Cloned images: one CMID that speaks under several names.
//!
//! Asked in two streams: [`Candidates`] over the units tells which CMIDs had two spelled names at all, [`Duplicates`] judges
//! the rows of these few, each by `clones`.

use super::clones::Group;
use super::shared::Shared;
use super::{Period, Pool, Row, Unit, label_hash};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The first stream: which CMIDs had two or more spelled names in the window, of one pool.
#[derive(Debug)]
pub struct Candidates {
    period: Period,
    cmid: Uuid,
    slots: [Slot; 4],
    found: Vec<(Pool, Uuid)>,
}

/// The names of the current CMID in one pool, as far as it matters: the first, and whether there is another.
#[derive(Debug)]
struct Slot {
    pool: Pool,
    name: String,
    several: bool,
}

impl Candidates {
    #[must_use]
    pub fn new(period: Period) -> Self {
        let slots = Pool::ALL.map(|pool| Slot { pool, name: String::new(), several: false });
        Self { period, cmid: Uuid::nil(), slots, found: Vec::new() }
    }

    /// Takes the next unit; those of one CMID come behind each other.
    pub fn take(&mut self, unit: &Unit) {
        if unit.cmid != self.cmid {
            self.settle();
            self.cmid = unit.cmid;
        }
        if unit.label.is_none() || !self.period.holds(unit.last) {
            return;
        }
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.pool == unit.pool) {
            if slot.name.is_empty() {
                slot.name.push_str(unit.name);
            }
            slot.several |= slot.name != unit.name;
        }
    }

    fn settle(&mut self) {
        for slot in &mut self.slots {
            if slot.several {
                self.found.push((slot.pool, self.cmid));
            }
            slot.name.clear();
            slot.several = false;
        }
    }

    /// The candidates in the order in which [`Duplicates`] wants their rows.
    #[must_use]
    pub fn finish(mut self) -> Vec<(Pool, Uuid)> {
        self.settle();
        self.found.sort_unstable();
        self.found
    }
}

/// The second stream: judges the candidates one after the other, and holds one at a time.
#[derive(Debug)]
pub struct Duplicates {
    period: Period,
    group: Option<Group>,
    wasted: BTreeMap<Pool, u64>,
}

impl Duplicates {
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, group: None, wasted: BTreeMap::new() }
    }

    /// Takes the next row, in the order of pool, CMID, time and record; returns what the rows before it amount to, when they
    /// were the last ones of a CMID with several names.
    #[must_use]
    pub fn take(&mut self, row: &Row) -> Option<Shared> {
        let label = label_hash(row.name).filter(|_| self.period.holds(row.time))?;
        let same = self
            .group
            .as_ref()
            .is_some_and(|group| (group.pool, group.cmid) == (row.pool, row.cmid));
        let shared = if same { None } else { self.settle() };
        self.group.get_or_insert_with(|| Group::new(row)).add(row, label);
        shared
    }

    fn settle(&mut self) -> Option<Shared> {
        let shared = self.group.take()?.judge()?;
        *self.wasted.entry(shared.pool).or_default() += shared.wasted;
        Some(shared)
    }

    /// Returns the last CMID with several names, and how many names each pool wastes: for `threshold`.
    #[must_use]
    pub fn finish(mut self) -> (Option<Shared>, BTreeMap<Pool, u64>) {
        let shared = self.settle();
        (shared, self.wasted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{Log, NOW, OFFICE, at, cmid};
    use super::super::{Period, Pool, WINDOW};
    use super::{Candidates, Duplicates};

    fn candidates(log: &Log) -> Vec<(Pool, uuid::Uuid)> {
        let mut candidates = Candidates::new(Period::ending(at(NOW), WINDOW));
        log.units(at(NOW)).iter().for_each(|unit| candidates.take(unit));
        candidates.finish()
    }

    #[test]
    fn the_mini_log_has_three_candidates() {
        let windows = |n| (Pool::Windows, cmid(n));
        assert_eq!(candidates(&Log::l1()), [windows(1), windows(2), windows(3)]);
    }

    #[test]
    fn a_name_of_another_pool_or_before_the_window_makes_no_candidate() {
        let mut log = Log::default();
        log.ask("2025-03-20T08:00:00Z", "a", 1);
        log.ask("2025-02-20T08:00:00Z", "b", 1);
        log.ask("2025-03-20T08:00:00Z", "", 1);
        let entry = log.ask("2025-03-20T08:00:00Z", "c", 1);
        (entry.activation, entry.pool) = (OFFICE, Pool::Office15);
        assert_eq!(candidates(&log), []);
    }

    #[test]
    fn each_cmid_is_told_when_the_next_begins_and_the_last_at_the_end() {
        let log = Log::l1();
        let mut duplicates = Duplicates::new(Period::ending(at(NOW), WINDOW));
        let rows = log.by_client(at(NOW));
        let told: Vec<_> = rows
            .iter()
            .filter_map(|row| duplicates.take(row).map(|shared| (row.cmid, shared.cmid)))
            .collect();
        assert_eq!(told, [(cmid(2), cmid(1)), (cmid(3), cmid(2)), (cmid(4), cmid(3))]);
        let (last, wasted) = duplicates.finish();
        assert_eq!((last, wasted[&Pool::Windows]), (None, 1));
    }
}
