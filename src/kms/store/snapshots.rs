//! Imported snapshots: which there are, and what each holds.

use super::instances::Newest;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Read, Row};

/// A snapshot without its body.
#[derive(Debug, Clone)]
pub struct Stored {
    host: i64,
    /// As its evidence names it.
    pub machine: String,
    pub taken: Timestamp,
    /// Of the recognised properties.
    pub sha256: Vec<u8>,
    /// The kind of artefact.
    pub kind: String,
}

fn stored(row: &dyn Row) -> Outcome<Stored> {
    Ok(Stored {
        host: row.int(0)?,
        machine: row.text(1)?.to_owned(),
        taken: row.time(2)?,
        sha256: row.blob(3)?.to_vec(),
        kind: row.text(4)?.to_owned(),
    })
}

/// Every snapshot, by machine and time.
pub fn all(read: &mut dyn Read) -> Outcome<Vec<Stored>> {
    let sql = "select s.host, h.name, s.taken_ms, s.sha256, s.kind from kms_snapshots s join kms_hosts h on h.id = s.host \
         where s.import not in (select change from hidden) order by h.name, s.taken_ms, s.sha256";
    read.all(sql, &[], stored)
}

/// What a snapshot holds; `None` when it is not there.
pub fn body(read: &mut dyn Read, of: &Stored) -> Outcome<Option<Newest>> {
    let sql = "select taken_ms, body from kms_snapshots where host = ?1 and taken_ms = ?2 and sha256 = ?3";
    let key = [of.host.into(), of.taken.into(), crate::store::Value::Blob(&of.sha256)];
    read.one(sql, &key, |row| Ok(Newest { taken: row.time(0)?, body: row.text(1)?.to_owned() }))
}
