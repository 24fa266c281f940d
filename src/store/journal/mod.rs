//! The history: every change of an object, before and after; listing it, and taking a change back.
//!
//! Nothing else writes it. Objects are journalled row by row; the rows of a bulk import carry the number of their change and are
//! taken back as a whole, by hiding them.

mod image;
mod recorder;
mod undo;

pub(super) use recorder::Recorder;
pub use undo::DEPENDED_ON;

use super::{Flow, Read, Row, Tables};
use crate::clock::Timestamp;
use crate::error::Outcome;
use serde_json::Value as Json;

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub number: i64,
    pub time: Timestamp,
    /// The command line, secrets masked.
    pub command: String,
    /// The API calls that were made, one a line.
    pub calls: String,
    pub summary: String,
    /// The change that this one takes back.
    pub undoes: Option<i64>,
    /// The change that took this one back.
    pub undone_by: Option<i64>,
}

/// One object of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryRow {
    /// What it is: `machine`.
    pub object: String,
    /// Its name to people.
    pub label: String,
    /// Columns and values; null before when it was added, null after when it was removed.
    pub before: Option<Vec<(String, Json)>>,
    pub after: Option<Vec<(String, Json)>>,
}

const ENTRY: &str =
    "select number, time_ms, command, calls, summary, undoes, undone_by from changes";

fn entry(row: &dyn Row) -> Outcome<Entry> {
    Ok(Entry {
        number: row.int(0)?,
        time: row.time(1)?,
        command: row.text(2)?.to_owned(),
        calls: row.text(3)?.to_owned(),
        summary: row.text(4)?.to_owned(),
        undoes: row.int_or_null(5)?,
        undone_by: row.int_or_null(6)?,
    })
}

/// Hands out the history, newest first; imports under way are left out.
pub fn log(read: &mut dyn Read, each: &mut dyn FnMut(&Entry) -> Outcome<Flow>) -> Outcome<()> {
    let sql = format!(
        "{ENTRY} where number not in (select change from hidden where running = 1) order by number desc"
    );
    read.each(&sql, &[], &mut |row| each(&entry(row)?))
}

/// One entry.
pub fn find(read: &mut dyn Read, number: i64) -> Outcome<Option<Entry>> {
    read.one(&format!("{ENTRY} where number = ?1"), &[number.into()], entry)
}

/// Hands out the objects of an entry in the order in which they were changed.
pub fn rows(
    read: &mut dyn Read,
    tables: &[&'static Tables],
    number: i64,
    each: &mut dyn FnMut(&EntryRow) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select \"table\", label, before, after from change_rows where change = ?1 order by ordinal";
    read.each(sql, &[number.into()], &mut |row| {
        let name = row.text(0)?;
        let table =
            tables.iter().flat_map(|tables| tables.objects.iter()).find(|table| table.name == name);
        let values = |text: Option<&str>| {
            text.and_then(|text| table.and_then(|table| image::named(table, text)))
        };
        each(&EntryRow {
            object: table.map_or(name, |table| table.object).to_owned(),
            label: row.text(1)?.to_owned(),
            before: values(row.text_or_null(2)?),
            after: values(row.text_or_null(3)?),
        })
    })
}
