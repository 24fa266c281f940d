//! Licenses per user that could not be written into the directory: the last try of each user, below its server.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read, Table, Tx, Value};
use crate::tslicense::model::Failure;

pub static FAILURES: Table = Table {
    name: "tslicense_failures",
    key: 2,
    columns: &["server", "name", "tried_ms", "version"],
    object: "failed user license",
    label: "name",
    parent: Some(SERVERS.name),
};

/// Hands out the failures of a server, in the order of the users.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    until: Timestamp,
    found: &mut dyn FnMut(Failure) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select name, tried_ms, version from tslicense_failures
               where server = ?1 and tried_ms <= ?2 order by name";
    read.each(sql, &[server.into(), until.into()], &mut |row| {
        let (user, tried) = (row.text(0)?.to_owned(), row.time(1)?);
        found(Failure { user, tried, version: row.number(2)? })
    })
}

/// Writes the last failure of a user.
pub fn save(tx: &mut dyn Tx, server: i64, failure: &Failure) -> Outcome<()> {
    let values: [Value<'_>; 4] =
        [server.into(), (&failure.user).into(), failure.tried.into(), failure.version.into()];
    tx.put(&FAILURES, &values).map(|_| ())
}

/// Forgets the failure of a user; false when there is none.
pub fn remove(tx: &mut dyn Tx, server: i64, user: &str) -> Outcome<bool> {
    tx.remove(&FAILURES, &[server.into(), user.into()])
}

/// Forgets the failures of a server.
pub fn clear(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let sql = "select name from tslicense_failures where server = ?1";
    for name in tx.reading().all(sql, &[server.into()], |row| Ok(row.text(0)?.to_owned()))? {
        remove(tx, server, &name)?;
    }
    Ok(())
}
