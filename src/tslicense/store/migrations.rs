//! Migrations as they were planned: one row for each pair of servers, below the source.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::document::{stored, text};
use crate::store::{Read, Table, Tx};
use crate::tslicense::model::migration::{Planned, Share};

pub static MIGRATIONS: Table = Table {
    name: "tslicense_migrations",
    key: 2,
    columns: &["source", "target", "at_ms", "detail"],
    object: "migration",
    label: "parent.name",
    parent: Some(SERVERS.name),
};

stored! {
    Share { version, product, moved, source, target }
    Detail { shares }
}

/// What no query asks for of a migration.
struct Detail {
    shares: Vec<Share>,
}

/// The last plan of a pair of servers.
pub fn find(read: &mut dyn Read, source: i64, target: i64) -> Outcome<Option<Planned>> {
    let sql = "select at_ms, detail from tslicense_migrations where source = ?1 and target = ?2";
    read.one(sql, &[source.into(), target.into()], |row| {
        let at: Timestamp = row.time(0)?;
        Ok(Planned { at, shares: row.part::<Detail>(1)?.shares })
    })
}

/// Writes the plan of a pair of servers.
pub fn save(tx: &mut dyn Tx, (source, target): (i64, i64), planned: &Planned) -> Outcome<()> {
    let detail = text(&Detail { shares: planned.shares.clone() });
    let values = [source.into(), target.into(), planned.at.into(), (&detail).into()];
    tx.put(&MIGRATIONS, &values).map(|_| ())
}

/// Forgets the plans that a server takes part in.
pub fn clear(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let sql = "select source, target from tslicense_migrations where source = ?1 or target = ?1";
    let pairs = tx.reading().all(sql, &[server.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    for (source, target) in pairs {
        tx.remove(&MIGRATIONS, &[source.into(), target.into()])?;
    }
    Ok(())
}
