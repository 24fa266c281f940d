//! Licenses in the order of their load within the feature: loaded in bulk as they were first brought, and before them, journalled row
//! by row, what commands and later imports made of them.

use super::tables::load;
use super::written::placed;
pub use super::written::{Hashed, Placed, Written};
use crate::error::Outcome;
use crate::store::{Flow, Loaded, Put, Read, Table, Tx, Value};
use std::collections::VecDeque;

/// Licenses as commands left them, by License Manager, feature and number.
pub static LICENSES: Table = Table {
    name: "rms_licenses",
    key: 3,
    columns: &[
        "server", "feature", "seq", "hash", "ends_s", "present", "elements", "extras", "origin",
        "gone",
    ],
    object: "license",
    label: "hash",
    parent: Some("rms_servers"),
};

/// Those that stand as an import loaded them into the table that is in force.
pub const LOADED: Loaded = Loaded {
    table: &LICENSES,
    bulk: "rms_loaded",
    rows: "select server, feature, seq, hash, ends_s, present, elements, extras, origin, 0 as gone from rms_loaded l \
        where import not in (select change from hidden) \
        and not exists(select 1 from rms_licenses o where o.server = l.server and o.feature = l.feature and o.seq = l.seq) \
        and exists(select 1 from rms_features f where f.id = l.feature \
        and f.load = coalesce((select load from rms_tables t where t.server = l.server), 0))",
};

/// What a license is read from.
const COLUMNS: &str = "feature, seq, present, elements, extras, origin";

/// Whether a loaded license is seen: its import stands, and nothing stands before it.
///
/// - `table`: that of the licenses, or of their hashes.
fn seen(table: &str) -> String {
    format!(
        "import not in (select change from hidden) and not exists(select 1 from rms_licenses o \
         where o.server = {table}.server and o.feature = {table}.feature and o.seq = {table}.seq)"
    )
}

/// Whether a license is of the table that is in force.
const IN_FORCE: &str = "exists(select 1 from rms_features f where f.id = feature \
     and f.load = coalesce((select load from rms_tables where server = ?1), 0))";

/// Columns of every license that is seen and fits, loaded or not; parameter 1 is the server.
fn select(columns: &str, fits: &str, rest: &str) -> String {
    format!(
        "select {columns} from rms_loaded where server = ?1 and {fits} and {} union all \
         select {columns} from rms_licenses where server = ?1 and {fits} and gone = 0 {rest}",
        seen("rms_loaded")
    )
}

/// As [`select`], of one hash: parameter 2.
fn select_hashed(columns: &str) -> String {
    format!(
        "select {columns} from rms_loaded where (feature, seq) in \
         (select feature, seq from rms_hashes where server = ?1 and hash = ?2) and {IN_FORCE} and {} union all \
         select {columns} from rms_licenses where server = ?1 and hash = ?2 and {IN_FORCE} and gone = 0",
        seen("rms_loaded")
    )
}

/// As [`select`], of one feature: parameter 2. The loaded ones lie in the order of their key.
fn select_of(columns: &str, fits: &str, rest: &str) -> String {
    format!(
        "select {columns} from rms_loaded where feature = ?2 {fits} and {} union all \
         select {columns} from rms_licenses where server = ?1 and feature = ?2 {fits} and gone = 0 {rest}",
        seen("rms_loaded")
    )
}

/// The license at a position within its feature, counted from 0.
pub fn at(read: &mut dyn Read, server: i64, feature: i64, index: u32) -> Outcome<Option<Placed>> {
    let touched = "select exists(select 1 from hidden) or exists(select 1 from rms_licenses \
                   where server = ?1 and feature = ?2)";
    let touched = read.one(touched, &[server.into(), feature.into()], |row| row.flag(0))?;
    let sql = if touched == Some(true) {
        select_of("seq", "", "order by seq limit 1 offset ?3")
    } else {
        // Nothing is hidden or changed: the key alone tells the position.
        "select seq from rms_loaded where feature = ?2 and ?1 is not null order by seq limit 1 offset ?3"
            .to_owned()
    };
    let values = [server.into(), feature.into(), index.into()];
    match read.one(&sql, &values, |row| row.int(0))? {
        Some(seq) => one(read, server, feature, seq),
        None => Ok(None),
    }
}

/// The numbers of the licenses of a feature that have no hash, in order.
pub fn unhashed(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Vec<i64>> {
    let sql = select_of("seq", "and hash is null", "order by seq");
    read.all(&sql, &[server.into(), feature.into()], |row| row.int(0))
}

/// The license in that place.
pub fn one(read: &mut dyn Read, server: i64, feature: i64, seq: i64) -> Outcome<Option<Placed>> {
    let sql = select_of(COLUMNS, "and seq = ?3", "");
    read.one(&sql, &[server.into(), feature.into(), seq.into()], placed)
}

/// The licenses of that hash; `hash` in upper case.
pub fn hashed(read: &mut dyn Read, server: i64, hash: &str) -> Outcome<Vec<Placed>> {
    let sql = select_hashed(COLUMNS);
    let mut found = read.all(&sql, &[server.into(), hash.into()], placed)?;
    found.sort_by_key(|placed| (placed.feature, placed.seq));
    Ok(found)
}

/// The first license of that hash as it is written; `hash` in upper case.
pub fn written_of(read: &mut dyn Read, server: i64, hash: &str) -> Outcome<Option<Written>> {
    let sql = select_hashed(&format!("feature, {}", Written::COLUMNS));
    let found = read.all(&sql, &[server.into(), hash.into()], Written::read)?;
    Ok(found.into_iter().min_by_key(|row| (row.feature, row.seq)))
}

/// Hashes that begin with `prefix`, in order; `limit` at most.
pub fn hashes_from(
    read: &mut dyn Read,
    server: i64,
    prefix: &str,
    limit: usize,
) -> Outcome<Vec<String>> {
    // Both halves come in the order of the hashes, so that nothing is sorted.
    let half = |table: &str, seen: &str| {
        format!(
            "select hash from {table} where server = ?1 and hash >= ?2 and {IN_FORCE} and {seen}"
        )
    };
    let sql = format!(
        "{} union all {} order by hash",
        half("rms_hashes", &seen("rms_hashes")),
        half("rms_licenses", "gone = 0")
    );
    let mut hashes = Vec::new();
    read.each(&sql, &[server.into(), prefix.into()], &mut |row| {
        let hash = row.text(0)?;
        if hashes.len() >= limit || !hash.starts_with(prefix) {
            return Ok(Flow::Break(()));
        }
        hashes.push(hash.to_owned());
        Ok(Flow::Continue(()))
    })?;
    Ok(hashes)
}

/// The features that have a license with an end not later than `until`, in seconds since 1970; in order.
pub fn features_ending(read: &mut dyn Read, server: i64, until: i64) -> Outcome<Vec<i64>> {
    let ending = select("feature", &format!("ends_s <= ?2 and {IN_FORCE}"), "");
    let sql = format!("select distinct feature from ({ending}) order by feature");
    read.all(&sql, &[server.into(), until.into()], |row| row.int(0))
}

/// The licenses of a feature, in order.
pub fn of_feature(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Vec<Placed>> {
    let sql = select_of(COLUMNS, "", "order by seq");
    read.all(&sql, &[server.into(), feature.into()], placed)
}

/// Hands out every license of a License Manager, feature by feature, in order.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    found: &mut dyn FnMut(Placed) -> Outcome<Flow>,
) -> Outcome<()> {
    let load = load(read, server)?;
    // Both halves come in the order of the features and of the keys, so that nothing is sorted.
    let half = |table: &str, seen: &str| {
        format!(
            "select f.id as feature, seq, present, elements, extras, origin from rms_features f \
             cross join {table} on {table}.feature = f.id where f.server = ?1 and f.load = ?2 and {seen}"
        )
    };
    let sql = format!(
        "{} union all {} order by 1, 2",
        half("rms_loaded", &seen("rms_loaded")),
        half("rms_licenses", "rms_licenses.server = ?1 and gone = 0")
    );
    read.each(&sql, &[server.into(), load.into()], &mut |row| found(placed(row)?))
}

/// The licenses behind a place, feature by feature, in order; `limit` at most.
///
/// - `table`: the License Manager and the table of its that is in force.
pub fn behind(
    read: &mut dyn Read,
    (server, load): (i64, i64),
    (feature, seq): (i64, i64),
    limit: u32,
) -> Outcome<VecDeque<Written>> {
    let mut found = VecDeque::new();
    let values = [server.into(), load.into(), feature.into(), seq.into(), limit.into()];
    // As with every license, nothing is sorted: the limit bounds what is looked at.
    let sql = format!(
        "select f.id as feature, {} from rms_features f cross join rms_loaded on rms_loaded.feature = f.id \
         where f.server = ?1 and f.load = ?2 and f.id >= ?3 and (f.id > ?3 or seq > ?4) and {} union all \
         select feature, {} from rms_licenses where server = ?1 and (feature, seq) > (?3, ?4) and gone = 0 \
         and exists(select 1 from rms_features f where f.id = feature and f.load = ?2) order by 1, 2 limit ?5",
        Written::COLUMNS,
        seen("rms_loaded"),
        Written::COLUMNS
    );
    read.each(&sql, &values, &mut |row| {
        found.push_back(Written::read(row)?);
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// The features and numbers of the licenses of a License Manager.
pub fn keys(read: &mut dyn Read, server: i64) -> Outcome<Vec<(i64, i64)>> {
    let sql = select("feature, seq", IN_FORCE, "order by 1, 2");
    read.all(&sql, &[server.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// How many licenses a License Manager has, or one of its features.
pub fn count(read: &mut dyn Read, server: i64, feature: Option<i64>) -> Outcome<i64> {
    let counted = |sql: String| format!("select count(*) from ({sql})");
    let found = match feature {
        Some(feature) => {
            let sql = counted(select_of("1", "", ""));
            read.one(&sql, &[server.into(), feature.into()], |row| row.int(0))?
        }
        None => {
            read.one(&counted(select("1", IN_FORCE, "")), &[server.into()], |row| row.int(0))?
        }
    };
    Ok(found.unwrap_or(0))
}

/// The position of a license within its feature, counted from 0.
pub fn index(read: &mut dyn Read, server: i64, feature: i64, seq: i64) -> Outcome<i64> {
    let sql = format!("select count(*) from ({})", select_of("1", "and seq < ?3", ""));
    let values = [server.into(), feature.into(), seq.into()];
    Ok(read.one(&sql, &values, |row| row.int(0))?.unwrap_or(0))
}

/// The number of the next license that is loaded into a feature.
pub fn next(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<i64> {
    let sql = "select max(coalesce((select max(seq) from rms_loaded where feature = ?2), 0), \
               coalesce((select max(seq) from rms_licenses where server = ?1 and feature = ?2), 0)) + 1";
    Ok(read.one(sql, &[server.into(), feature.into()], |row| row.int(0))?.unwrap_or(1))
}

/// A license that this change loaded, whether others see it yet or not.
pub fn own(tx: &mut dyn Tx, feature: i64, seq: i64) -> Outcome<Option<Placed>> {
    let sql =
        format!("select {COLUMNS} from rms_loaded where feature = ?1 and seq = ?2 and import = ?3");
    let change = tx.change();
    tx.reading().one(&sql, &[feature.into(), seq.into(), change.into()], placed)
}

const LOAD: &str =
    "rms_loaded(feature, seq, server, hash, ends_s, present, elements, extras, origin, import)";

/// Columns of [`LOAD`].
const WIDTH: usize = 10;

/// Loads licenses that are new, as they were brought.
pub fn load_all(tx: &mut dyn Tx, server: i64, rows: &[Written]) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * WIDTH);
    for row in rows {
        values.extend::<[Value<'_>; WIDTH]>([
            row.feature.into(),
            row.seq.into(),
            server.into(),
            row.hash.as_deref().into(),
            row.ends.into(),
            (&row.present).into(),
            (&row.elements).into(),
            row.extras.as_ref().into(),
            row.origin.as_ref().into(),
            import.into(),
        ]);
    }
    tx.add(LOAD, WIDTH, &values)
}

/// Hashes that are handed over at once.
const AT_ONCE: usize = 1000;

/// Notes where licenses that this change loaded stand, by their hashes.
///
/// - `places`: many at once, since they are put in the order of the hashes, each near the one before it.
pub fn note_hashes(tx: &mut dyn Tx, server: i64, places: &mut [Hashed]) -> Outcome<()> {
    places.sort_unstable();
    let import = tx.change();
    for some in places.chunks(AT_ONCE) {
        let mut values: Vec<Value<'_>> = Vec::with_capacity(some.len() * 5);
        for Hashed { hash, feature, seq } in some {
            values.extend::<[Value<'_>; 5]>([
                server.into(),
                hash.into(),
                (*feature).into(),
                (*seq).into(),
                import.into(),
            ]);
        }
        tx.exec_add("rms_hashes(server, hash, feature, seq, import)", 5, &values)?;
    }
    Ok(())
}

/// Notes how many licenses this change loaded into each feature: feature and number.
pub fn count_loads(tx: &mut dyn Tx, loads: &[(i64, i64)]) -> Outcome<()> {
    let import = tx.change();
    let values: Vec<Value<'_>> = loads
        .iter()
        .flat_map(|(feature, count)| [(*feature).into(), import.into(), (*count).into()])
        .collect();
    tx.add("rms_loads(feature, import, licenses)", 3, &values)
}

/// Takes away what this change loaded: a file that replaces said nothing new.
pub fn unload(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let change = tx.change();
    for table in ["rms_loaded", "rms_hashes"] {
        let sql = format!("delete from {table} where import = ?1 and server = ?2");
        tx.exec(&sql, &[change.into(), server.into()])?;
    }
    Ok(())
}

/// Writes a license.
pub fn save(tx: &mut dyn Tx, server: i64, row: &Written) -> Outcome<Put> {
    put(tx, server, row, false)
}

fn put(tx: &mut dyn Tx, server: i64, row: &Written, gone: bool) -> Outcome<Put> {
    let values: [Value<'_>; 10] = [
        server.into(),
        row.feature.into(),
        row.seq.into(),
        row.hash.as_deref().into(),
        row.ends.into(),
        (&row.present).into(),
        (&row.elements).into(),
        row.extras.as_ref().into(),
        row.origin.as_ref().into(),
        gone.into(),
    ];
    tx.put(&LICENSES, &values)
}

/// Removes a license; of a loaded one its place is kept as gone. False when there is none.
pub fn remove(tx: &mut dyn Tx, server: i64, feature: i64, seq: i64) -> Outcome<bool> {
    let Some(placed) = one(tx.reading(), server, feature, seq)? else { return Ok(false) };
    let sql = "select 1 from rms_loaded where feature = ?1 and seq = ?2";
    let loaded = tx.reading().one(sql, &[feature.into(), seq.into()], |row| row.int(0))?;
    if loaded.is_none() {
        return tx.remove(&LICENSES, &[server.into(), feature.into(), seq.into()]);
    }
    let row = Written {
        present: String::new(),
        elements: String::new(),
        extras: String::new().into(),
        ends: None,
        ..Written::of(&placed)
    };
    put(tx, server, &row, true).map(|_| true)
}
