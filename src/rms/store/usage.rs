//! Usage: bulk rows by License Manager and feature, each with the number of the change that brought it.
//!
//! License Managers are names made numbers here: a log may speak of one that the table has not.

use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::usage::UsageRecord;
use crate::store::{Flow, Read, Row, Tx, Value};

/// The number of a License Manager's name; a new name gets one.
pub fn manager(tx: &mut dyn Tx, name: &str) -> Outcome<i64> {
    if let Some(number) = known_manager(tx.reading(), name)? {
        return Ok(number);
    }
    tx.exec("insert into rms_managers(name) values(?1)", &[name.into()])?;
    Ok(known_manager(tx.reading(), name)?.unwrap_or_default())
}

/// The number of a License Manager's name; `None` when nothing was ever logged by it.
pub fn known_manager(read: &mut dyn Read, name: &str) -> Outcome<Option<i64>> {
    read.one("select id from rms_managers where name = ?1", &[name.into()], |row| row.int(0))
}

/// A record on its way into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUsage {
    pub record: UsageRecord,
    /// The n-th record of the same second, client and transaction, from 0; records of the model count down from -1.
    pub nth: i64,
    /// Number of its file within the change, and of its line; 0 for records of the model.
    pub file: i64,
    pub line: i64,
}

const ADD: &str = "insert into rms_usage(manager, feature, version, time_s, event, user, host, nth, units, in_use, \
     key_life_s, lm_version, comment, levels, file, line, import) \
     values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
     on conflict(manager, feature, version, time_s, event, user, host, nth) do update set import = excluded.import, \
     file = excluded.file, line = excluded.line \
     where rms_usage.import <> excluded.import and rms_usage.import in (select change from hidden)";

/// Columns of [`ADD`].
const WIDTH: usize = 17;

fn number(value: Option<u64>) -> Option<i64> {
    value.map(|value| i64::try_from(value).unwrap_or(i64::MAX))
}

/// Adds records; `added(row, whether)` is told of each, false for one that the store has.
///
/// A row that an undone import left hidden is taken over.
pub fn add(
    tx: &mut dyn Tx,
    manager: i64,
    rows: &[NewUsage],
    added: &mut dyn FnMut(usize, bool),
) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * WIDTH);
    for NewUsage { record, nth, file, line } in rows {
        let [server_level, license_level] = record.levels;
        values.extend::<[Value<'_>; WIDTH]>([
            manager.into(),
            (&record.feature.name).into(),
            (&record.feature.version).into(),
            record.time.into(),
            record.transaction.into(),
            (&record.user).into(),
            (&record.host).into(),
            (*nth).into(),
            number(record.units).into(),
            number(record.in_use).into(),
            number(record.key_life).into(),
            (&record.manager).into(),
            (&record.comment).into(),
            (i64::from(server_level) * 10 + i64::from(license_level)).into(),
            (*file).into(),
            (*line).into(),
            import.into(),
        ]);
    }
    tx.many(ADD, WIDTH, &values, added)
}

/// Which records are wanted; `None`: all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only of this name, whatever the version.
    pub feature: Option<String>,
    /// Seconds since 1970, both included.
    pub since: Option<i64>,
    pub until: Option<i64>,
}

fn select(wanted: &str, order: &str) -> String {
    format!(
        "select feature, version, time_s, event, user, host, units, in_use, key_life_s, lm_version, comment, levels \
         from rms_usage where manager = ?1 and (?2 is null or feature = ?2) and time_s between ?3 and ?4 {wanted} \
         and import not in (select change from hidden) order by {order}"
    )
}

fn each_of(
    read: &mut dyn Read,
    sql: &str,
    manager: i64,
    wanted: &Wanted,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    let values = [
        manager.into(),
        wanted.feature.as_deref().into(),
        wanted.since.unwrap_or(i64::MIN).into(),
        wanted.until.unwrap_or(i64::MAX).into(),
    ];
    read.each(sql, &values, &mut |row| found(record(row)?))
}

/// Hands out records by feature and, within it, in the order of time; memory does not grow with their number.
pub fn each(
    read: &mut dyn Read,
    manager: i64,
    wanted: &Wanted,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    // A start stands before what follows it, and a release before an issue of the same second, so that no peak is invented.
    let order =
        "feature, version, time_s, case event when 2 then 0 when 9 then 0 else event + 1 end, nth";
    each_of(read, &select("", order), manager, wanted, found)
}

/// Hands out records in the order in which they were logged.
pub fn in_order(
    read: &mut dyn Read,
    manager: i64,
    wanted: &Wanted,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    each_of(read, &select("", "time_s, file, line, nth desc"), manager, wanted, found)
}

/// Hands out refused requests in the order of time.
pub fn each_denial(
    read: &mut dyn Read,
    manager: i64,
    wanted: &Wanted,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    each_of(read, &select("and event in (1, 4)", "time_s"), manager, wanted, found)
}

fn record(row: &dyn Row) -> Outcome<UsageRecord> {
    let levels: u8 = row.number(11)?;
    Ok(UsageRecord {
        feature: FeatureKey { name: row.text(0)?.to_owned(), version: row.text(1)?.to_owned() },
        time: row.int(2)?,
        transaction: row.int(3)?,
        user: row.text(4)?.to_owned(),
        host: row.text(5)?.to_owned(),
        units: row.number_or_null(6)?,
        in_use: row.number_or_null(7)?,
        key_life: row.number_or_null(8)?,
        manager: row.text(9)?.to_owned(),
        comment: row.text(10)?.to_owned(),
        levels: [levels / 10, levels % 10],
    })
}
