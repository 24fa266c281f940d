//! What a host keeps of its clients: counters and cache, one of each a pool.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Cache, Counters, Entry, HostPool};
use crate::store::{Read, Row, Table, Tx};
use uuid::Uuid;

/// Counters and limits.
pub static POOLS: Table = Table {
    name: "kms_pools",
    key: 2,
    columns: &[
        "machine",
        "pool",
        "total",
        "failed",
        "unlicensed",
        "licensed",
        "oob_grace",
        "oot_grace",
        "non_genuine_grace",
        "notification",
        "cache_limit",
        "adopted_count",
    ],
    object: "host pool",
    label: "pool",
    parent: Some("kms_machines"),
};

/// The clients that a host counts.
pub static CACHE: Table = Table {
    name: "kms_cache",
    key: 3,
    columns: &["machine", "pool", "client_machine_id", "name", "first_ms", "last_ms", "required"],
    object: "cached client",
    label: "name",
    parent: Some("kms_machines"),
};

/// Of which pools the clients are loaded too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clients {
    All,
    Of(Pool),
}

fn pool(row: &dyn Row, column: usize) -> Outcome<Pool> {
    let word = row.text(column)?;
    let found = Pool::ALL.into_iter().find(|pool| pool.word() == word);
    found.ok_or_else(|| row.wrong(column, word))
}

/// What a machine keeps as a host; empty when nobody asked it yet.
pub fn load(read: &mut dyn Read, machine: i64, clients: Clients) -> Outcome<Vec<HostPool>> {
    let sql = format!("select {} from kms_pools where machine = ?1", POOLS.columns.join(", "));
    let mut pools = read.all(&sql, &[machine.into()], |row| {
        let mut by_status = [0; 6];
        for (column, counter) in (4..).zip(&mut by_status) {
            *counter = row.number(column)?;
        }
        Ok(HostPool {
            pool: pool(row, 1)?,
            counters: Counters { total: row.number(2)?, failed: row.number(3)?, by_status },
            cache: Cache { limit: row.number(10)?, ..Cache::default() },
            adopted_count: row.number_or_null(11)?,
        })
    })?;
    let sql = "select client_machine_id, name, first_ms, last_ms, required from kms_cache \
         where machine = ?1 and pool = ?2";
    for held in &mut pools {
        if clients == Clients::All || clients == Clients::Of(held.pool) {
            let entries = read.all(sql, &[machine.into(), held.pool.word().into()], entry)?;
            held.cache.entries = entries.into_iter().collect();
        }
    }
    Ok(pools)
}

/// The clients that hosts count though no request tells of them, by pool, and when they were heard of: those behind a count that an
/// artefact told.
///
/// - `host`: of this host alone.
pub fn unnamed(read: &mut dyn Read, host: Option<&str>) -> Outcome<Vec<(Pool, Timestamp)>> {
    let sql = "select c.last_ms, c.pool from kms_cache c join kms_machines m on m.id = c.machine \
         where c.name = '' and (?1 is null or m.name = ?1) \
         and not exists (select 1 from kms_clients k where k.cmid = c.client_machine_id)";
    read.all(sql, &[host.into()], |row| Ok((pool(row, 1)?, row.time(0)?)))
}

fn entry(row: &dyn Row) -> Outcome<(Uuid, Entry)> {
    let entry = Entry {
        name: row.text(1)?.to_owned(),
        first_seen: row.time(2)?,
        last_seen: row.time(3)?,
        required: row.number(4)?,
    };
    Ok((row.guid(0)?, entry))
}

/// Writes all that a machine keeps as a host: pools and clients that are not among `after` are removed.
pub fn replace(tx: &mut dyn Tx, machine: i64, after: &[HostPool]) -> Outcome<()> {
    let before = load(tx, machine, Clients::All)?;
    for held in &before {
        if after.iter().any(|pool| pool.pool == held.pool) {
            continue;
        }
        let word = held.pool.word();
        for cmid in held.cache.entries.keys() {
            tx.remove(&CACHE, &[machine.into(), word.into(), cmid.into()])?;
        }
        tx.remove(&POOLS, &[machine.into(), word.into()])?;
    }
    for pool in after {
        save(tx, machine, before.iter().find(|held| held.pool == pool.pool), pool)?;
    }
    Ok(())
}

/// Writes a pool: of its clients only those that differ from `before`, the pool as it is stored.
pub fn save(
    tx: &mut dyn Tx,
    machine: i64,
    before: Option<&HostPool>,
    after: &HostPool,
) -> Outcome<()> {
    let word = after.pool.word();
    let counters = &after.counters;
    let mut row = vec![machine.into(), word.into(), counters.total.into(), counters.failed.into()];
    row.extend(counters.by_status.map(crate::store::Value::from));
    row.push(after.cache.limit.into());
    row.push(after.adopted_count.into());
    tx.put(&POOLS, &row)?;
    let held = before.map(|before| &before.cache.entries);
    for cmid in held.into_iter().flat_map(|held| held.keys()) {
        if !after.cache.entries.contains_key(cmid) {
            tx.remove(&CACHE, &[machine.into(), word.into(), cmid.into()])?;
        }
    }
    for (cmid, entry) in &after.cache.entries {
        if held.and_then(|held| held.get(cmid)) == Some(entry) {
            continue;
        }
        let row = [
            machine.into(),
            word.into(),
            cmid.into(),
            (&entry.name).into(),
            entry.first_seen.into(),
            entry.last_seen.into(),
            entry.required.into(),
        ];
        tx.put(&CACHE, &row)?;
    }
    Ok(())
}
