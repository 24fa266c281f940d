//! What servers had installed and issued when they were imported: a row a day, version and product, the last one of the day.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Read, Row, Table, Tx, Value};

pub static HISTORY: Table = Table {
    name: "tslicense_history",
    key: 4,
    columns: &["server", "version", "product", "day", "at_ms", "total", "issued"],
    object: "history row",
    label: "day",
    parent: Some(SERVERS.name),
};

/// Counts of a version and product at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub version: u32,
    pub product: u32,
    pub at: Timestamp,
    pub total: i64,
    pub issued: i64,
}

/// The rows of a server between two times, both included, the oldest first.
pub fn between(
    read: &mut dyn Read,
    server: i64,
    from: Timestamp,
    to: Timestamp,
) -> Outcome<Vec<Counted>> {
    let sql = "select version, product, at_ms, total, issued from tslicense_history
               where server = ?1 and at_ms between ?2 and ?3 order by at_ms, version, product";
    read.all(sql, &[server.into(), from.into(), to.into()], counted)
}

/// The rows of a server that were the newest ones at a time: those of one import.
pub fn latest(read: &mut dyn Read, server: i64, until: Timestamp) -> Outcome<Vec<Counted>> {
    let sql = "select version, product, at_ms, total, issued from tslicense_history where server = ?1 and at_ms =
               (select max(at_ms) from tslicense_history where server = ?1 and at_ms <= ?2) order by version, product";
    read.all(sql, &[server.into(), until.into()], counted)
}

/// Writes a row in the place of that of its day.
pub fn save(tx: &mut dyn Tx, server: i64, row: &Counted) -> Outcome<()> {
    let day = row.at.date();
    let values: [Value<'_>; 7] = [
        server.into(),
        row.version.into(),
        row.product.into(),
        (&day).into(),
        row.at.into(),
        row.total.into(),
        row.issued.into(),
    ];
    tx.put(&HISTORY, &values).map(|_| ())
}

/// Removes the rows of a server.
pub fn clear(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let sql = "select version, product, day from tslicense_history where server = ?1";
    let keys = tx.reading().all(sql, &[server.into()], |row| {
        Ok((row.int(0)?, row.int(1)?, row.text(2)?.to_owned()))
    })?;
    for (version, product, day) in keys {
        let key = [server.into(), version.into(), product.into(), (&day).into()];
        tx.remove(&HISTORY, &key)?;
    }
    Ok(())
}

fn counted(row: &dyn Row) -> Outcome<Counted> {
    Ok(Counted {
        version: row.number(0)?,
        product: row.number(1)?,
        at: row.time(2)?,
        total: row.int(3)?,
        issued: row.int(4)?,
    })
}
