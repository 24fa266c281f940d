//! Features: names made numbers, in the order of their first load. A feature is there while a license of it is.

use super::tables::load;
use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::rules::table::Feature;
use crate::store::{Flow, Read, Row, Tx, Value};

/// Whether feature `f` has a license that is seen: one was loaded, and not every one is gone; or one was made since.
const LIVES: &str = "(exists(select 1 from rms_loads n where n.feature = f.id \
     and n.import not in (select change from hidden)) \
     and (not exists(select 1 from rms_licenses o where o.server = f.server and o.feature = f.id) \
     or exists(select 1 from rms_loaded l where l.feature = f.id and l.import not in (select change from hidden) \
     and not exists(select 1 from rms_licenses o where o.server = l.server and o.feature = l.feature and o.seq = l.seq))) \
     or exists(select 1 from rms_licenses o where o.server = f.server and o.feature = f.id and o.gone = 0))";

fn select(what: &str, rest: &str) -> String {
    format!("select {what} from rms_features f where server = ?1 and load = ?2 and {LIVES} {rest}")
}

/// The feature at a position, counted from 0.
pub fn at(read: &mut dyn Read, server: i64, index: u32) -> Outcome<Option<Feature>> {
    let load = load(read, server)?;
    let sql = select("id, name, version", "order by id limit 1 offset ?3");
    read.one(&sql, &[server.into(), load.into(), index.into()], feature)
}

/// The feature of that name and version, to the letter.
pub fn named(read: &mut dyn Read, server: i64, key: &FeatureKey) -> Outcome<Option<Feature>> {
    let load = load(read, server)?;
    let sql = select("id, name, version", "and name = ?3 and version = ?4 order by id limit 1");
    let values = [server.into(), load.into(), (&key.name).into(), (&key.version).into()];
    read.one(&sql, &values, feature)
}

/// The name and version of the feature of a number.
pub fn numbered(read: &mut dyn Read, server: i64, id: i64) -> Outcome<Option<FeatureKey>> {
    let sql = "select id, name, version from rms_features where server = ?1 and id = ?2";
    let found = read.one(sql, &[server.into(), id.into()], feature)?;
    Ok(found.map(|feature| feature.key))
}

/// Hands out every feature of a License Manager, in order.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    found: &mut dyn FnMut(Feature) -> Outcome<Flow>,
) -> Outcome<()> {
    let load = load(read, server)?;
    let sql = select("id, name, version", "order by id");
    read.each(&sql, &[server.into(), load.into()], &mut |row| found(feature(row)?))
}

/// Hands out the names of features that begin with `prefix`, in the order of letters.
pub fn from(
    read: &mut dyn Read,
    server: i64,
    prefix: &str,
    found: &mut dyn FnMut(&str) -> Outcome<Flow>,
) -> Outcome<()> {
    let load = load(read, server)?;
    let sql = select("name", "and name >= ?3 order by name");
    read.each(&sql, &[server.into(), load.into(), prefix.into()], &mut |row| {
        let name = row.text(0)?;
        if name.starts_with(prefix) { found(name) } else { Ok(Flow::Break(())) }
    })
}

/// How many features a License Manager has.
pub fn count(read: &mut dyn Read, server: i64) -> Outcome<i64> {
    let load = load(read, server)?;
    let sql = select("count(*)", "");
    Ok(read.one(&sql, &[server.into(), load.into()], |row| row.int(0))?.unwrap_or(0))
}

/// The position of a feature, counted from 0.
pub fn index(read: &mut dyn Read, server: i64, id: i64) -> Outcome<i64> {
    let load = load(read, server)?;
    let sql = select("count(*)", "and id < ?3");
    let values = [server.into(), load.into(), id.into()];
    Ok(read.one(&sql, &values, |row| row.int(0))?.unwrap_or(0))
}

/// The numbers of the features, in order: that at a position is the feature's there.
pub fn ids(read: &mut dyn Read, server: i64) -> Outcome<Vec<i64>> {
    let load = load(read, server)?;
    read.all(&select("id", "order by id"), &[server.into(), load.into()], |row| row.int(0))
}

/// The number of the next feature that is loaded.
pub fn next(read: &mut dyn Read, _server: i64) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from rms_features";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

/// Writes a feature into the table that is in force.
pub fn save(tx: &mut dyn Tx, server: i64, id: i64, key: &FeatureKey) -> Outcome<()> {
    let load = load(tx.reading(), server)?;
    make(tx, (server, load), &[(id, key.clone())])
}

/// Writes features, each with its number, into a table of a License Manager: its number and that of the table.
pub fn make(
    tx: &mut dyn Tx,
    (server, load): (i64, i64),
    made: &[(i64, FeatureKey)],
) -> Outcome<()> {
    let mut values: Vec<Value<'_>> = Vec::with_capacity(made.len() * 5);
    for (id, key) in made {
        values.extend::<[Value<'_>; 5]>([
            (*id).into(),
            server.into(),
            load.into(),
            (&key.name).into(),
            (&key.version).into(),
        ]);
    }
    tx.exec_add("rms_features(id, server, load, name, version)", 5, &values)
}

fn feature(row: &dyn Row) -> Outcome<Feature> {
    let key = FeatureKey { name: row.text(1)?.to_owned(), version: row.text(2)?.to_owned() };
    Ok(Feature { id: row.int(0)?, key })
}
