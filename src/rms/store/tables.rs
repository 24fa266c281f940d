//! Which table of a License Manager is in force.

use crate::error::Outcome;
use crate::store::{Read, Table, Tx};

/// The table in force, and how many imports loaded into it.
pub static TABLES: Table = Table {
    name: "rms_tables",
    key: 1,
    columns: &["server", "load", "imports"],
    object: "license table",
    label: "parent.name",
    parent: Some("rms_servers"),
};

fn found(read: &mut dyn Read, server: i64) -> Outcome<(i64, i64)> {
    let sql = "select load, imports from rms_tables where server = ?1";
    let found = read.one(sql, &[server.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(found.unwrap_or((0, 0)))
}

/// The table in force; 0 before any was replaced.
pub fn load(read: &mut dyn Read, server: i64) -> Outcome<i64> {
    Ok(found(read, server)?.0)
}

/// Notes that an import loaded into table `load`, which is in force from now on.
pub fn loaded(tx: &mut dyn Tx, server: i64, load: i64) -> Outcome<()> {
    let (_, imports) = found(tx.reading(), server)?;
    tx.put(&TABLES, &[server.into(), load.into(), (imports + 1).into()]).map(|_| ())
}

/// Leaves everything that a License Manager has behind; what is loaded next begins a new table.
pub fn replace(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let load = load(tx.reading(), server)?;
    loaded(tx, server, load + 1)
}
