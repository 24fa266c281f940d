//! What is known of the imported licenses of a server as a whole: when they came, until when they are counted, and which are gone.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Put, Read, Table, Tx};
use crate::tslicense::model::KeyPackId;
use std::collections::HashMap;

pub static LISTS: Table = Table {
    name: "tslicense_license_lists",
    key: 1,
    columns: &["server", "brought", "swept_ms"],
    object: "license list",
    label: "parent.name",
    parent: Some(SERVERS.name),
};

pub static CLEARED: Table = Table {
    name: "tslicense_cleared",
    key: 2,
    columns: &["server", "key_pack_id", "until"],
    object: "cleared key pack",
    label: "key_pack_id",
    parent: Some(SERVERS.name),
};

/// The list of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// The newest import that brought licenses.
    pub brought: Option<i64>,
    /// Licenses that ended up to then are no longer among the counts of the key packs.
    pub swept: Timestamp,
}

impl Default for List {
    fn default() -> Self {
        Self { brought: None, swept: Timestamp::MIN }
    }
}

/// The list of a server; an empty one when nothing was imported.
pub fn of(read: &mut dyn Read, server: i64) -> Outcome<List> {
    let sql = "select brought, swept_ms from tslicense_license_lists where server = ?1";
    let found = read.one(sql, &[server.into()], |row| {
        Ok(List { brought: row.int_or_null(0)?, swept: row.time(1)? })
    })?;
    Ok(found.unwrap_or_default())
}

/// Writes the list of a server.
pub fn save(tx: &mut dyn Tx, server: i64, list: &List) -> Outcome<Put> {
    tx.put(&LISTS, &[server.into(), list.brought.into(), list.swept.into()])
}

/// Which imported licenses are gone as a whole.
#[derive(Debug, Default)]
pub(super) struct Gone(HashMap<(i64, i64), i64>);

impl Gone {
    /// What is gone of one server.
    pub(super) fn of(read: &mut dyn Read, server: i64) -> Outcome<Self> {
        let mut gone = Self::default();
        let sql = "select key_pack_id, until from tslicense_cleared where server = ?1";
        read.each(sql, &[server.into()], &mut |row| {
            gone.0.insert((server, row.int(0)?), row.int(1)?);
            Ok(Flow::Continue(()))
        })?;
        Ok(gone)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what import `import` told of a pack is gone.
    pub(super) fn holds(&self, server: i64, pack: i64, import: i64) -> bool {
        self.0.get(&(server, pack)).is_some_and(|until| import <= *until)
    }
}

/// Takes away what imports told so far of a pack.
pub(super) fn clear(tx: &mut dyn Tx, server: i64, pack: KeyPackId) -> Outcome<()> {
    let until = tx.change();
    tx.put(&CLEARED, &[server.into(), pack.0.into(), until.into()]).map(|_| ())
}

/// Removes what is kept of the list of a server.
pub(super) fn remove(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    tx.remove(&LISTS, &[server.into()])?;
    let sql = "select key_pack_id from tslicense_cleared where server = ?1";
    for pack in tx.reading().all(sql, &[server.into()], |row| row.int(0))? {
        tx.remove(&CLEARED, &[server.into(), pack.into()])?;
    }
    Ok(())
}
