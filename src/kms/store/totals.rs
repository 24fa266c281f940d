//! Kept totals: units, coverage, required counts. They are sums over the requests that are seen, and can always be made again.

use super::units::{kept_total, seen};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read, Tx, Value};
use std::collections::HashMap;

/// A request as the totals need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub time: Timestamp,
    pub record: i64,
    pub host: i64,
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
    pub host: i64,
    pub status: u8,
    pub minutes: u32,
    pub virtual_machine: bool,
}

/// What the requests of a unit add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub rows: u64,
    pub first: Timestamp,
    pub last: Timestamp,
    pub required: u32,
    /// First time and newest request of the valid ones.
    pub valid: Option<(Timestamp, Newest)>,
}

impl Total {
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        let mut total = Self {
            rows: 0,
            first: seen.time,
            last: seen.time,
            required: seen.required,
            valid: None,
        };
        total.add(seen);
        total
    }

    pub fn add(&mut self, seen: &Seen) {
        let newest = Newest {
            time: seen.time,
            record: seen.record,
            host: seen.host,
            status: seen.status,
            minutes: seen.minutes,
            virtual_machine: seen.virtual_machine,
        };
        let valid = (seen.hresult == 0).then_some((seen.time, newest));
        self.merge(&Self {
            rows: 1,
            first: seen.time,
            last: seen.time,
            required: seen.required,
            valid,
        });
    }

    /// Adds what other requests of the same unit add up to.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
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

/// Client, activation ID, host.
pub type Key = (i64, i64, i64);

/// What one import adds to the kept totals.
#[derive(Debug, Default)]
pub struct Gained {
    pub units: HashMap<Key, Total>,
    coverage: HashMap<i64, (Timestamp, Timestamp, u64)>,
    required: HashMap<(i64, u32), u64>,
}

impl Gained {
    pub fn add(&mut self, client: i64, sku: i64, seen: &Seen) {
        self.count((client, sku, seen.host), seen);
        let covered = self
            .coverage
            .entry(seen.host)
            .or_insert((seen.time, seen.time, 0));
        *covered = (
            covered.0.min(seen.time),
            covered.1.max(seen.time),
            covered.2 + 1,
        );
        *self.required.entry((sku, seen.required)).or_default() += 1;
    }

    fn count(&mut self, key: Key, seen: &Seen) {
        self.units.entry(key).and_modify(|total| total.add(seen)).or_insert_with(|| Total::of(seen));
    }

    /// Writes the gain, each unit once, in the order of the table.
    pub fn save(self, tx: &mut dyn Tx) -> Outcome<()> {
        let mut units: Vec<(Key, Total)> = self.units.into_iter().collect();
        units.sort_unstable_by_key(|(key, _)| *key);
        for (key, mut total) in units {
            let held = (tx as &mut dyn Read).one(
                "select null, null, null, rows, first_ms, last_ms, required, valid_first_ms, valid_last_ms, valid_record, \
                 host, valid_status, valid_minutes, valid_virtual_machine from kms_units where client = ?1 and sku = ?2 and host = ?3",
                &[key.0.into(), key.1.into(), key.2.into()],
                kept_total,
            )?;
            if let Some(held) = held {
                total.merge(&held);
            }
            save_unit(tx, key, &total)?;
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

fn count(rows: u64) -> Value<'static> {
    Value::Int(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn save_unit(tx: &mut dyn Tx, (client, sku, host): Key, total: &Total) -> Outcome<()> {
    let newest = total.valid.map(|(_, newest)| newest);
    tx.exec(
        "insert or replace into kms_units(client, sku, host, rows, first_ms, last_ms, required, valid_first_ms, valid_last_ms, \
         valid_record, valid_status, valid_minutes, valid_virtual_machine) \
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        &[
            client.into(),
            sku.into(),
            host.into(),
            count(total.rows),
            total.first.into(),
            total.last.into(),
            total.required.into(),
            total.valid.map(|(first, _)| first).into(),
            newest.map(|newest| newest.time).into(),
            newest.map(|newest| newest.record).into(),
            newest.map(|newest| newest.status).into(),
            newest.map(|newest| newest.minutes).into(),
            newest.map(|newest| newest.virtual_machine).into(),
        ],
    )?;
    Ok(())
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
        &mut |client, sku, seen| {
            gained.count((client, sku, seen.host), seen);
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
    each: &mut dyn FnMut(i64, i64, &Seen),
) -> Outcome<()> {
    let sql = format!(
        "select null, r.client, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r where r.import not in (select change from hidden) {which}"
    );
    read.each(&sql, values, &mut |row| {
        each(row.int(1)?, row.int(2)?, &seen(row)?);
        Ok(Flow::Continue(()))
    })
}

/// Kept totals that are not what the requests say, as sentences.
pub fn audit(read: &mut dyn Read) -> Outcome<Vec<String>> {
    let mut expected = Gained::default();
    each_seen(read, "", &[], &mut |client, sku, seen| {
        expected.count((client, sku, seen.host), seen);
    })?;
    let (mut wrong, mut kept) = (0_u64, 0_usize);
    let sql = "select client, sku, host, rows, first_ms, last_ms, required, valid_first_ms, valid_last_ms, valid_record, \
         host, valid_status, valid_minutes, valid_virtual_machine from kms_units";
    read.each(sql, &[], &mut |row| {
        kept += 1;
        if expected.units.get(&(row.int(0)?, row.int(1)?, row.int(2)?)) != Some(&kept_total(row)?) {
            wrong += 1;
        }
        Ok(Flow::Continue(()))
    })?;
    let mut sentences = Vec::new();
    if wrong > 0 {
        sentences.push(format!(
            "kms: {wrong} units differ from the requests they sum up"
        ));
    }
    if kept < expected.units.len() {
        sentences.push(format!("kms: {} units are missing", expected.units.len() - kept));
    }
    Ok(sentences)
}
