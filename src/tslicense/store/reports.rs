//! Reports, below their server; their entries are append-only rows, each with the number of the change that made them.

use super::servers::SERVERS;
use crate::error::{Outcome, Stop};
use crate::store::document::{stored, text};
use crate::store::{Flow, Read, Row, Table, Tx, Value};
use crate::tslicense::model::report::{Availability, Class, Entry, Report};

pub static REPORTS: Table = Table {
    name: "tslicense_reports",
    key: 2,
    columns: &["server", "name", "made_ms", "entries", "detail"],
    object: "report",
    label: "name",
    parent: Some(SERVERS.name),
};

/// The bulk table.
pub(super) const ENTRIES: &str = "tslicense_report_entries";

stored! { Detail { scope_type, scope_value } }

/// What no query asks for of a report.
struct Detail {
    scope_type: Option<u32>,
    scope_value: String,
}

fn select(rest: &str) -> String {
    format!("select {} from tslicense_reports {rest}", REPORTS.columns.join(", "))
}

/// The reports of a server, in the order of their names.
pub fn all(read: &mut dyn Read, server: i64) -> Outcome<Vec<Report>> {
    read.all(&select("where server = ?1 order by name"), &[server.into()], report)
}

/// The report of that name, without regard to case.
pub fn find(read: &mut dyn Read, server: i64, name: &str) -> Outcome<Option<Report>> {
    read.one(&select("where server = ?1 and name = ?2"), &[server.into(), name.into()], report)
}

/// Writes a report; its entries have the number of the change under way.
pub fn save(tx: &mut dyn Tx, server: i64, report: &Report) -> Outcome<()> {
    let (scope_type, scope_value) = match &report.scope {
        None => (None, String::new()),
        Some((kind, value)) => (Some(*kind), value.clone()),
    };
    let detail = text(&Detail { scope_type, scope_value });
    let values: [Value<'_>; 5] = [
        server.into(),
        (&report.name).into(),
        report.made.into(),
        report.entries.into(),
        (&detail).into(),
    ];
    tx.put(&REPORTS, &values).map(|_| ())
}

/// Removes a report; its entries stay, so that an undo finds them.
pub fn remove(tx: &mut dyn Tx, server: i64, name: &str) -> Outcome<bool> {
    tx.remove(&REPORTS, &[server.into(), name.into()])
}

/// Removes the reports of a server.
pub fn clear(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    for report in all(tx.reading(), server)? {
        remove(tx, server, &report.name)?;
    }
    Ok(())
}

/// Writes the entries of a class of a report that the change under way makes.
pub fn add(
    tx: &mut dyn Tx,
    server: i64,
    (report, class): (&str, Class),
    entries: &[Entry],
) -> Outcome<()> {
    const WIDTH: usize = 13;
    let sql = "insert into tslicense_report_entries(import, server, report, class, position, name, hardware, time_ms, version, product, first, second, availability)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    let change = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(entries.len().saturating_mul(WIDTH));
    for (position, entry) in (0_i64..).zip(entries) {
        let row: [Value<'_>; WIDTH] = [
            change.into(),
            server.into(),
            report.into(),
            class.number().into(),
            position.into(),
            (&entry.name).into(),
            (&entry.hardware).into(),
            entry.time.into(),
            entry.version.into(),
            entry.product.into(),
            count(entry.first)?.into(),
            count(entry.second)?.into(),
            entry.availability.word().into(),
        ];
        values.extend(row);
    }
    tx.exec_many(sql, WIDTH, &values)
}

fn count(number: u64) -> Outcome<i64> {
    i64::try_from(number).map_err(|_| Stop::bug("more licenses than a row can hold"))
}

/// How many entries of a class a report has.
pub fn total(read: &mut dyn Read, server: i64, report: &Report, class: Class) -> Outcome<u32> {
    let sql = "select count(*) from tslicense_report_entries where import = ?1 and server = ?2 and report = ?3 and class = ?4";
    let values: [Value<'_>; 4] =
        [report.entries.into(), server.into(), (&report.name).into(), class.number().into()];
    Ok(read.one(sql, &values, |row| row.number(0))?.unwrap_or_default())
}

/// Hands out the entries of a class of a report, from a position on.
pub fn each(
    read: &mut dyn Read,
    (server, report): (i64, &Report),
    class: Class,
    (start, count): (u32, u32),
    found: &mut dyn FnMut(Entry) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select name, hardware, time_ms, version, product, first, second, availability from tslicense_report_entries
               where import = ?1 and server = ?2 and report = ?3 and class = ?4 and position >= ?5 and position < ?5 + ?6 order by position";
    let values: [Value<'_>; 6] = [
        report.entries.into(),
        server.into(),
        (&report.name).into(),
        class.number().into(),
        start.into(),
        count.into(),
    ];
    read.each(sql, &values, &mut |row| found(entry(row)?))
}

fn entry(row: &dyn Row) -> Outcome<Entry> {
    let word = row.text(7)?;
    Ok(Entry {
        name: row.text(0)?.to_owned(),
        hardware: row.text(1)?.to_owned(),
        time: row.time_or_null(2)?,
        version: row.number(3)?,
        product: row.number(4)?,
        first: row.number(5)?,
        second: row.number(6)?,
        availability: Availability::named(word).ok_or_else(|| row.wrong(7, word))?,
    })
}

fn report(row: &dyn Row) -> Outcome<Report> {
    let detail: Detail = row.part(4)?;
    Ok(Report {
        name: row.text(1)?.to_owned(),
        made: row.time(2)?,
        scope: detail.scope_type.map(|kind| (kind, detail.scope_value)),
        entries: row.int(3)?,
    })
}
