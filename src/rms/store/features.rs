//! Features: one row each, in the order of their first load.

use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::rules::table::Feature;
use crate::store::{Flow, Read, Row, Table, Tx};

/// Features by License Manager and number.
pub static FEATURES: Table = Table {
    name: "rms_features",
    key: 2,
    columns: &["server", "id", "name", "version"],
    object: "feature",
    label: "name",
    parent: Some("rms_servers"),
};

/// The feature at a position, counted from 0.
pub fn at(read: &mut dyn Read, server: i64, index: u32) -> Outcome<Option<Feature>> {
    let sql = "select id, name, version from rms_features where server = ?1 and id = \
               (select id from rms_features where server = ?1 order by id limit 1 offset ?2)";
    read.one(sql, &[server.into(), index.into()], feature)
}

/// The feature of that name and version, to the letter.
pub fn named(read: &mut dyn Read, server: i64, key: &FeatureKey) -> Outcome<Option<Feature>> {
    let sql = "select id, name, version from rms_features where server = ?1 and name = ?2 and version = ?3";
    read.one(sql, &[server.into(), (&key.name).into(), (&key.version).into()], feature)
}

/// Hands out every feature of a License Manager, in order.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    found: &mut dyn FnMut(Feature) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select id, name, version from rms_features where server = ?1 order by id";
    read.each(sql, &[server.into()], &mut |row| found(feature(row)?))
}

/// Hands out the names of features that begin with `prefix`, in the order of letters.
pub fn from(
    read: &mut dyn Read,
    server: i64,
    prefix: &str,
    found: &mut dyn FnMut(&str) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select name from rms_features where server = ?1 and name >= ?2 order by name";
    read.each(sql, &[server.into(), prefix.into()], &mut |row| {
        let name = row.text(0)?;
        if name.starts_with(prefix) { found(name) } else { Ok(Flow::Break(())) }
    })
}

/// How many features a License Manager has.
pub fn count(read: &mut dyn Read, server: i64) -> Outcome<i64> {
    let sql = "select count(*) from rms_features where server = ?1";
    Ok(read.one(sql, &[server.into()], |row| row.int(0))?.unwrap_or(0))
}

/// The position of a feature, counted from 0.
pub fn index(read: &mut dyn Read, server: i64, id: i64) -> Outcome<i64> {
    let sql = "select count(*) from rms_features where server = ?1 and id < ?2";
    Ok(read.one(sql, &[server.into(), id.into()], |row| row.int(0))?.unwrap_or(0))
}

/// The number of the next feature that is loaded.
pub fn next(read: &mut dyn Read, server: i64) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from rms_features where server = ?1";
    Ok(read.one(sql, &[server.into()], |row| row.int(0))?.unwrap_or(1))
}

/// Writes a feature.
pub fn save(tx: &mut dyn Tx, server: i64, id: i64, key: &FeatureKey) -> Outcome<()> {
    let row = [server.into(), id.into(), (&key.name).into(), (&key.version).into()];
    tx.put(&FEATURES, &row).map(|_| ())
}

/// Removes a feature; its licenses are removed before.
pub fn remove(tx: &mut dyn Tx, server: i64, id: i64) -> Outcome<bool> {
    tx.remove(&FEATURES, &[server.into(), id.into()])
}

fn feature(row: &dyn Row) -> Outcome<Feature> {
    let key = FeatureKey { name: row.text(1)?.to_owned(), version: row.text(2)?.to_owned() };
    Ok(Feature { id: row.int(0)?, key })
}
