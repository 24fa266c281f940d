//! Kept totals: units, coverage, required counts. They are sums over the requests that are seen, and can always be made again.

use super::units::{kept, seen};
use super::{packed, sequences};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Read, Tx, Value};
use std::collections::BTreeMap;

pub use super::gained::Gained;

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

/// A unit as it is kept: whose total, and the total.
pub(super) type Kept = (Key, Total);

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

/// Makes the totals of everything that `change` brought again, after its rows were shown or hidden.
pub fn settle(tx: &mut dyn Tx, change: i64) -> Outcome<()> {
    let touched = "select client from kms_requests where import = ?1";
    tx.exec(&format!("delete from kms_totals where client in ({touched})"), &[change.into()])?;
    let mut gained = Gained::default();
    each_seen(tx, &format!("and r.client in ({touched})"), &[change.into()], &mut |key, seen| {
        gained.count(key, seen);
        gained.relieve()
    })?;
    gained.save(tx)?;
    sequences::forget(tx, change)?;
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
    each: &mut dyn FnMut(Key, &Seen) -> Outcome<()>,
) -> Outcome<()> {
    let sql = format!(
        "select null, r.client, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r where r.import not in (select change from hidden) {which}"
    );
    read.each(&sql, values, &mut |row| {
        each(Key::new(row.int(1)?, row.int(2)?, row.int(6)?)?, &seen(row)?)?;
        Ok(Flow::Continue(()))
    })
}

/// Kept totals that are not what the requests say, as sentences.
pub fn audit(read: &mut dyn Read) -> Outcome<Vec<String>> {
    let mut expected = Gained::default();
    each_seen(read, "", &[], &mut |key, seen| {
        expected.count(key, seen);
        expected.relieve()
    })?;
    let sql = "select coalesce(sum(length(units)), 0) from kms_totals";
    let bytes: usize = read.one(sql, &[], |row| row.number(0))?.unwrap_or(0);
    let (mut found, mut wrong, mut missing) = (0, 0, 0);
    expected.each_client(&mut |client, units| {
        let kept: BTreeMap<Key, Total> = kept(read, client)?.into_iter().collect();
        for (key, total) in units {
            match kept.get(key) {
                None => missing += 1,
                Some(kept) => {
                    found += 1;
                    wrong += usize::from(kept != total);
                }
            }
        }
        Ok(())
    })?;
    // A unit that no request speaks of is wrong as well.
    wrong += (bytes / packed::BYTES).saturating_sub(found);
    let mut sentences = Vec::new();
    if wrong > 0 {
        sentences.push(format!("kms: {wrong} units differ from the requests they sum up"));
    }
    if missing > 0 {
        sentences.push(format!("kms: {missing} units are missing"));
    }
    let disordered = sequences::audit(read)?;
    if disordered > 0 {
        sentences.push(format!("kms: {disordered} logs are not in the order that is kept of them"));
    }
    Ok(sentences)
}
