//! What an import adds to the kept totals of its units, gathered and written in the order of the table.

use super::packed;
use super::sequences::{self, Mark, Sequence};
use super::totals::{Kept, Key, Seen, Total};
use super::units::kept;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::runs::Runs;
use crate::store::{Tx, Value};
use std::collections::HashMap;

/// What one import adds to the kept totals. Memory holds some units; those beyond lie in a temporary file.
#[derive(Debug, Default)]
pub struct Gained {
    places: HashMap<Key, u32>,
    totals: Vec<Total>,
    spilled: Runs<{ packed::WORDS }>,
    coverage: HashMap<u16, Covered>,
    required: HashMap<(u16, u32), u64>,
}

/// What is added to the log of a host.
#[derive(Debug, Clone, Copy)]
struct Covered {
    first: Timestamp,
    last: Timestamp,
    rows: u64,
    sequence: Sequence,
}

/// Units that memory holds, some 70 bytes each.
const LIMIT: usize = 1 << 17;

impl Gained {
    /// Counts a request everywhere.
    pub fn add(&mut self, key: Key, seen: &Seen) {
        self.count(key, seen);
        let (first, last) = (seen.time, seen.time);
        let covered = Covered { first, last, rows: 0, sequence: Sequence::Empty };
        let covered = self.coverage.entry(key.host).or_insert(covered);
        let mark = Mark { record: seen.record, second: seen.time.s() };
        *covered = Covered {
            first: covered.first.min(first),
            last: covered.last.max(last),
            rows: covered.rows + 1,
            sequence: covered.sequence.with(Sequence::of(mark)),
        };
        *self.required.entry((key.sku, seen.required)).or_default() += 1;
    }

    /// Counts a request in its unit alone.
    pub(super) fn count(&mut self, key: Key, seen: &Seen) {
        let next = u32::try_from(self.totals.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        match usize::try_from(place).ok().and_then(|place| self.totals.get_mut(place)) {
            Some(total) => total.add(seen),
            None => self.totals.push(Total::of(seen)),
        }
    }

    /// Keeps memory bounded; to be called now and then.
    pub fn relieve(&mut self) -> Outcome<()> {
        if self.totals.len() < LIMIT { Ok(()) } else { self.spill() }
    }

    /// Moves the units from memory into the file.
    fn spill(&mut self) -> Outcome<()> {
        let places = self.sorted();
        let units = places.iter().filter_map(|(key, place)| {
            let total = self.totals.get(usize::try_from(*place).ok()?)?;
            Some(packed::record(*key, total))
        });
        self.spilled.add(units)?;
        self.totals.clear();
        Ok(())
    }

    /// The places of the units in memory, in the order of the table.
    fn sorted(&mut self) -> Vec<(Key, u32)> {
        let mut places: Vec<(Key, u32)> = self.places.drain().collect();
        places.sort_unstable();
        places
    }

    /// Hands out each unit once, in the order of the table.
    fn each_unit(mut self, each: &mut dyn FnMut(Key, &Total) -> Outcome<()>) -> Outcome<()> {
        if self.spilled.is_empty() {
            for (key, place) in self.sorted() {
                if let Some(total) = usize::try_from(place).ok().and_then(|at| self.totals.get(at))
                {
                    each(key, total)?;
                }
            }
            return Ok(());
        }
        self.spill()?;
        let mut open: Option<Kept> = None;
        self.spilled.each(&mut |record| {
            let (key, total) = packed::unit(record).ok_or_else(changed)?;
            match &mut open {
                Some((same, sum)) if *same == key => {
                    sum.merge(&total);
                    Ok(())
                }
                _ => open.replace((key, total)).map_or(Ok(()), |(key, sum)| each(key, &sum)),
            }
        })?;
        open.map_or(Ok(()), |(key, sum)| each(key, &sum))
    }

    /// Hands out the units of each client at once, in the order of the table.
    pub(super) fn each_client(
        self,
        each: &mut dyn FnMut(u32, &[Kept]) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut units: Vec<Kept> = Vec::new();
        let mut hand_out = |units: &mut Vec<Kept>| {
            let Some((Key { client, .. }, _)) = units.first() else { return Ok(()) };
            each(*client, units)?;
            units.clear();
            Ok(())
        };
        self.each_unit(&mut |key, total| {
            if units.first().is_some_and(|(first, _)| first.client != key.client) {
                hand_out(&mut units)?;
            }
            units.push((key, *total));
            Ok(())
        })?;
        hand_out(&mut units)
    }

    /// Writes the gain, each client once, in the order of the table.
    pub fn save(mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.save_sums(tx)?;
        // The first import finds nothing to add to.
        let held = tx.reading().one("select 1 from kms_totals", &[], |row| row.int(0))?.is_some();
        let mut clients = Vec::with_capacity(GROUP);
        self.each_client(&mut |client, gained| {
            let units = if held { kept(tx.reading(), client)? } else { Vec::new() };
            clients.push((client, packed::value(&merged(units, gained))));
            if clients.len() >= GROUP {
                save_clients(tx, &clients)?;
                clients.clear();
            }
            Ok(())
        })?;
        save_clients(tx, &clients)
    }

    /// Writes what hosts and counts gain.
    fn save_sums(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        for (host, Covered { first, last, rows, sequence }) in self.coverage.drain() {
            sequences::extend(tx, host.into(), sequence)?;
            tx.exec(
                "insert into kms_coverage(host, first_ms, last_ms, rows) values(?1, ?2, ?3, ?4) on conflict(host) do update set \
                 first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms), rows = rows + excluded.rows",
                &[host.into(), first.into(), last.into(), count(rows)],
            )?;
        }
        for ((sku, required), rows) in self.required.drain() {
            tx.exec(
                "insert into kms_required(sku, required, rows) values(?1, ?2, ?3) \
                 on conflict(sku, required) do update set rows = rows + excluded.rows",
                &[sku.into(), required.into(), count(rows)],
            )?;
        }
        Ok(())
    }
}

/// Clients that are written at once.
const GROUP: usize = 1000;

/// The units of a client with what they gain, in the order of the table.
fn merged(mut units: Vec<Kept>, gained: &[Kept]) -> Vec<Kept> {
    for (key, total) in gained {
        match units.binary_search_by_key(key, |(kept, _)| *kept) {
            Ok(at) => units.iter_mut().skip(at).take(1).for_each(|(_, kept)| kept.merge(total)),
            Err(at) => units.insert(at, (*key, *total)),
        }
    }
    units
}

fn save_clients(tx: &mut dyn Tx, clients: &[(u32, Vec<u8>)]) -> Outcome<()> {
    let values: Vec<Value<'_>> =
        clients.iter().flat_map(|(client, units)| [(*client).into(), Value::Blob(units)]).collect();
    tx.exec_many("insert or replace into kms_totals(client, units) values(?1, ?2)", 2, &values)
}

/// The temporary file holds what was not written.
fn changed() -> Stop {
    Stop::Fault(anyhow::anyhow!("a temporary file does not hold what was written to it"))
}

fn count(rows: u64) -> Value<'static> {
    Value::Int(i64::try_from(rows).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::totals::{Key, Newest, Seen, Total};
    use super::{Gained, packed};
    use crate::clock::Timestamp;

    fn seen(host: u16, at: u32, hresult: u32) -> Seen {
        let time = Timestamp::from_s(i64::from(at) * 60).unwrap();
        let record = -i64::from(at);
        Seen {
            time,
            record,
            host,
            hresult,
            required: 25,
            status: 5,
            minutes: at,
            virtual_machine: true,
        }
    }

    #[test]
    fn a_unit_comes_out_of_the_file_as_it_went_in() {
        let key = Key { client: 70_000, sku: 513, host: 7 };
        for hresult in [0, 0xC004_F042] {
            let mut total = Total::of(&seen(7, 3, hresult));
            total.add(&seen(7, 9, hresult));
            assert_eq!(packed::unit(&packed::record(key, &total)).unwrap(), (key, total));
        }
        let newest = Newest { status: 255, ..Total::of(&seen(7, 3, 0)).valid.unwrap().1 };
        let total = Total { valid: Some((Timestamp::MIN, newest)), ..Total::of(&seen(7, 3, 0)) };
        assert_eq!(packed::unit(&packed::record(key, &total)).unwrap(), (key, total));
    }

    #[test]
    fn what_lies_in_the_file_adds_up_as_what_memory_holds() {
        let (mut whole, mut parts) = (Gained::default(), Gained::default());
        for at in 0..500_u32 {
            let host = u16::try_from(at % 3).unwrap();
            let key = Key { client: at * 7 % 90, sku: 1, host };
            let seen = seen(host, at * 31 % 500, at % 2);
            whole.add(key, &seen);
            parts.add(key, &seen);
            if at % 100 == 50 {
                parts.spill().unwrap();
            }
        }
        let [whole, parts] = [whole, parts].map(|gained| {
            let mut units = Vec::new();
            gained
                .each_unit(&mut |key, total| {
                    units.push((key, *total));
                    Ok(())
                })
                .unwrap();
            units
        });
        assert_eq!(whole.len(), 90);
        assert_eq!(whole, parts);
        assert!(parts.is_sorted_by_key(|(key, _)| *key));
    }
}
