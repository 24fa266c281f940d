//! Kept totals: units, coverage, required counts. They are sums over the requests that are seen, and can always be made again.

use super::units::{kept_total, seen};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Read, Tx, Value};
use std::collections::HashMap;

/// A request as the totals need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub time: Timestamp,
    pub record: i64,
    pub host: u16,
    pub hresult: u32,
    pub required: u32,
    pub status: u8,
    pub minutes: u32,
    pub virtual_machine: bool,
}

/// The newest valid request of a unit. The order of the members decides between requests of the same time, so that the order of
/// imports does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Newest {
    pub time: Timestamp,
    pub record: i64,
    pub minutes: u32,
    pub status: u8,
    pub virtual_machine: bool,
    /// Only of meaning where several hosts are merged.
    pub host: u16,
}

/// What the requests of a unit add up to. Kept small: an import holds one for each of its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub rows: u32,
    pub required: u32,
    pub first: Timestamp,
    pub last: Timestamp,
    /// First time and newest request of the valid ones.
    pub valid: Option<(Timestamp, Newest)>,
}

impl Total {
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        let newest = Newest {
            time: seen.time,
            record: seen.record,
            minutes: seen.minutes,
            status: seen.status,
            virtual_machine: seen.virtual_machine,
            host: seen.host,
        };
        let valid = (seen.hresult == 0).then_some((seen.time, newest));
        Self { rows: 1, required: seen.required, first: seen.time, last: seen.time, valid }
    }

    pub fn add(&mut self, seen: &Seen) {
        self.merge(&Self::of(seen));
    }

    /// Adds what other requests of the same unit add up to.
    pub fn merge(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.required = self.required.max(other.required);
        self.valid = match (self.valid, other.valid) {
            (Some((first, newest)), Some((other_first, other_newest))) => {
                Some((first.min(other_first), newest.max(other_newest)))
            }
            (mine, theirs) => mine.or(theirs),
        };
    }
}

/// Whose total it is. The store's numbers are small by nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub client: u32,
    pub sku: u16,
    pub host: u16,
}

impl Key {
    /// Faults when a number is larger than a store holds.
    pub fn new(client: i64, sku: i64, host: i64) -> Outcome<Self> {
        let key = || {
            Some(Self {
                client: client.try_into().ok()?,
                sku: sku.try_into().ok()?,
                host: host.try_into().ok()?,
            })
        };
        key().ok_or_else(|| {
            Stop::Fault(anyhow::anyhow!(
                "the store has more clients, products or hosts than this licctl can hold"
            ))
        })
    }
}

/// What one import adds to the kept totals.
#[derive(Debug, Default)]
pub struct Gained {
    places: HashMap<Key, u32>,
    totals: Vec<Total>,
    coverage: HashMap<u16, (Timestamp, Timestamp, u64)>,
    required: HashMap<(u16, u32), u64>,
}

impl Gained {
    /// Counts a request everywhere.
    pub fn add(&mut self, key: Key, seen: &Seen) {
        self.count(key, seen);
        let covered = self.coverage.entry(key.host).or_insert((seen.time, seen.time, 0));
        *covered = (covered.0.min(seen.time), covered.1.max(seen.time), covered.2 + 1);
        *self.required.entry((key.sku, seen.required)).or_default() += 1;
    }

    /// Counts a request in its unit alone.
    fn count(&mut self, key: Key, seen: &Seen) {
        let next = u32::try_from(self.totals.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        match usize::try_from(place).ok().and_then(|place| self.totals.get_mut(place)) {
            Some(total) => total.add(seen),
            None => self.totals.push(Total::of(seen)),
        }
    }

    /// The total of a unit.
    fn get(&self, key: Key) -> Option<&Total> {
        self.places.get(&key).and_then(|place| self.totals.get(usize::try_from(*place).ok()?))
    }

    /// Writes the gain, each unit once, in the order of the table.
    pub fn save(mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let mut places: Vec<(Key, u32)> = std::mem::take(&mut self.places).into_iter().collect();
        places.sort_unstable();
        // The first import finds nothing to add to.
        let held = tx.reading().one("select 1 from kms_units", &[], |row| row.int(0))?.is_some();
        for group in places.chunks(GROUP) {
            let mut units = Vec::with_capacity(group.len());
            for (key, place) in group {
                let Some(total) =
                    usize::try_from(*place).ok().and_then(|place| self.totals.get(place))
                else {
                    continue;
                };
                let mut total = *total;
                if held && let Some(kept) = kept(tx, *key)? {
                    total.merge(&kept);
                }
                units.extend(unit_values(*key, &total));
            }
            tx.exec_many(SAVE_UNIT, 13, &units)?;
        }
        for (host, (first, last, rows)) in self.coverage {
            tx.exec(
                "insert into kms_coverage(host, first_ms, last_ms, rows) values(?1, ?2, ?3, ?4) on conflict(host) do update set \
                 first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms), rows = rows + excluded.rows",
                &[host.into(), first.into(), last.into(), count(rows)],
            )?;
        }
        for ((sku, required), rows) in self.required {
            tx.exec(
                "insert into kms_required(sku, required, rows) values(?1, ?2, ?3) \
                 on conflict(sku, required) do update set rows = rows + excluded.rows",
                &[sku.into(), required.into(), count(rows)],
            )?;
        }
        Ok(())
    }
}

/// Units that are written at once.
const GROUP: usize = 1000;

const SAVE_UNIT: &str = "insert or replace into kms_units(client, sku, host, rows, first_ms, last_ms, required, valid_first_ms, \
     valid_last_ms, valid_record, valid_status, valid_minutes, valid_virtual_machine) \
     values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// The kept total of a unit.
fn kept(tx: &mut dyn Tx, key: Key) -> Outcome<Option<Total>> {
    let sql = "select null, null, null, rows, first_ms, last_ms, required, valid_first_ms, valid_last_ms, valid_record, host, \
         valid_status, valid_minutes, valid_virtual_machine from kms_units where client = ?1 and sku = ?2 and host = ?3";
    tx.reading().one(sql, &[key.client.into(), key.sku.into(), key.host.into()], kept_total)
}

fn count(rows: u64) -> Value<'static> {
    Value::Int(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn unit_values(key: Key, total: &Total) -> [Value<'static>; 13] {
    let newest = total.valid.map(|(_, newest)| newest);
    [
        key.client.into(),
        key.sku.into(),
        key.host.into(),
        total.rows.into(),
        total.first.into(),
        total.last.into(),
        total.required.into(),
        total.valid.map(|(first, _)| first).into(),
        newest.map(|newest| newest.time).into(),
        newest.map(|newest| newest.record).into(),
        newest.map(|newest| newest.status).into(),
        newest.map(|newest| newest.minutes).into(),
        newest.map(|newest| newest.virtual_machine).into(),
    ]
}

/// Makes the totals of everything that `change` brought again, after its rows were shown or hidden.
pub fn settle(tx: &mut dyn Tx, change: i64) -> Outcome<()> {
    let touched = "select client, sku, host from kms_requests where import = ?1";
    tx.exec(
        &format!("delete from kms_units where (client, sku, host) in ({touched})"),
        &[change.into()],
    )?;
    let mut gained = Gained::default();
    each_seen(
        tx,
        &format!("and (r.client, r.sku, r.host) in ({touched})"),
        &[change.into()],
        &mut |key, seen| {
            gained.count(key, seen);
        },
    )?;
    gained.save(tx)?;
    tx.exec("delete from kms_coverage where host in (select distinct host from kms_requests where import = ?1)", &[change.into()])?;
    tx.exec(
        "insert into kms_coverage(host, first_ms, last_ms, rows) select host, min(time_s * 1000 + ms), max(time_s * 1000 + ms), count(*) \
         from kms_requests where host in (select distinct host from kms_requests where import = ?1) \
         and import not in (select change from hidden) group by host",
        &[change.into()],
    )?;
    tx.exec("delete from kms_required where sku in (select distinct sku from kms_requests where import = ?1)", &[change.into()])?;
    tx.exec(
        "insert into kms_required(sku, required, rows) select sku, required, count(*) from kms_requests \
         where sku in (select distinct sku from kms_requests where import = ?1) and import not in (select change from hidden) \
         group by sku, required",
        &[change.into()],
    )?;
    Ok(())
}

fn each_seen(
    read: &mut dyn Read,
    which: &str,
    values: &[Value<'_>],
    each: &mut dyn FnMut(Key, &Seen),
) -> Outcome<()> {
    let sql = format!(
        "select null, r.client, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r where r.import not in (select change from hidden) {which}"
    );
    read.each(&sql, values, &mut |row| {
        each(Key::new(row.int(1)?, row.int(2)?, row.int(6)?)?, &seen(row)?);
        Ok(Flow::Continue(()))
    })
}

/// Kept totals that are not what the requests say, as sentences.
pub fn audit(read: &mut dyn Read) -> Outcome<Vec<String>> {
    let mut expected = Gained::default();
    each_seen(read, "", &[], &mut |key, seen| {
        expected.count(key, seen);
    })?;
    let (mut wrong, mut kept) = (0_u64, 0_usize);
    let sql = "select client, sku, host, rows, first_ms, last_ms, required, valid_first_ms, valid_last_ms, valid_record, \
         host, valid_status, valid_minutes, valid_virtual_machine from kms_units";
    read.each(sql, &[], &mut |row| {
        kept += 1;
        if expected.get(Key::new(row.int(0)?, row.int(1)?, row.int(2)?)?) != Some(&kept_total(row)?)
        {
            wrong += 1;
        }
        Ok(Flow::Continue(()))
    })?;
    let mut sentences = Vec::new();
    if wrong > 0 {
        sentences.push(format!("kms: {wrong} units differ from the requests they sum up"));
    }
    if kept < expected.totals.len() {
        sentences.push(format!("kms: {} units are missing", expected.totals.len() - kept));
    }
    Ok(sentences)
}
