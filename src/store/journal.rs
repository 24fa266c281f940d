//! The history: every change of an object, before and after; listing it, and taking a change back.
//!
//! Nothing else writes it. Objects are journalled row by row; the rows of a bulk import carry the number of their change and are
//! taken back as a whole, by hiding them.

use super::sqlite::Engine;
use super::transaction::Writing;
use super::{Change, Extent, Flow, Put, Read, Row, Store, Table, Value};
use crate::catalog::{Code, Document, Native, Severity, stated};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop, Usage};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

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

/// What a change has done so far.
#[derive(Default)]
pub(super) struct Recorder {
    ordinal: i64,
    calls: String,
    summary: Option<String>,
    counts: Vec<(&'static str, &'static str, u64)>,
    labels: Vec<String>,
    statements: HashMap<&'static str, Rc<Statements>>,
    pub(super) undoes: Option<i64>,
    visibility: bool,
}

/// The statements of one object table.
struct Statements {
    load: String,
    save: String,
    remove: String,
}

impl Statements {
    fn of(table: &Table) -> Self {
        let (name, columns) = (table.name, table.columns.join(", "));
        let keys: Vec<&str> = table.columns.iter().take(table.key).copied().collect();
        let matched = keys
            .iter()
            .enumerate()
            .map(|(at, key)| format!("{key} = ?{}", at + 1))
            .collect::<Vec<_>>()
            .join(" and ");
        let places = (1..=table.columns.len())
            .map(|at| format!("?{at}"))
            .collect::<Vec<_>>()
            .join(", ");
        let sets = table
            .columns
            .iter()
            .skip(table.key)
            .map(|column| format!("{column} = excluded.{column}"))
            .collect::<Vec<_>>()
            .join(", ");
        let conflict = if sets.is_empty() {
            "nothing".to_owned()
        } else {
            format!("update set {sets}")
        };
        Self {
            load: format!("select {columns} from {name} where {matched}"),
            save: format!(
                "insert into {name}({columns}) values({places}) on conflict({}) do {conflict}",
                keys.join(", ")
            ),
            remove: format!("delete from {name} where {matched}"),
        }
    }
}

impl Recorder {
    pub(super) fn has_rows(&self) -> bool {
        self.ordinal > 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ordinal == 0 && self.calls.is_empty() && !self.visibility
    }

    pub(super) fn calls(&self) -> String {
        self.calls.trim_end().to_owned()
    }

    /// One line: what the command told, or the objects it touched.
    pub(super) fn summary(&self) -> String {
        if let Some(text) = &self.summary {
            return text.clone();
        }
        let mut text = String::new();
        for (object, verb, count) in &self.counts {
            let separator = if text.is_empty() { "" } else { ", " };
            let plural = if *count == 1 { "" } else { "s" };
            let _ = write!(text, "{separator}{count} {object}{plural} {verb}");
        }
        if !self.labels.is_empty() {
            let _ = write!(text, ": {}", self.labels.join(", "));
        }
        text
    }

    pub(super) fn tell(&mut self, text: String) {
        self.summary = Some(text);
    }

    pub(super) fn call(&mut self, api: &str, parameters: &str) {
        let _ = writeln!(self.calls, "{api}({parameters})");
    }

    fn statements(&mut self, table: &'static Table) -> Rc<Statements> {
        Rc::clone(
            self.statements
                .entry(table.name)
                .or_insert_with(|| Rc::new(Statements::of(table))),
        )
    }

    pub(super) fn put(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        row: &[Value<'_>],
    ) -> Outcome<Put> {
        if row.len() != table.columns.len() {
            return Err(Stop::bug(&format!(
                "a row of `{}` has {} values",
                table.name,
                row.len()
            )));
        }
        let statements = self.statements(table);
        let key = row.get(..table.key).unwrap_or_default();
        let before = load(engine, &statements.load, key, table)?;
        let after = encode(row);
        if before.as_ref() == Some(&after) {
            return Ok(Put::Unchanged);
        }
        engine.exec(&statements.save, row)?;
        let put = if before.is_some() {
            Put::Changed
        } else {
            Put::Added
        };
        self.record(
            engine,
            change,
            table,
            &Image {
                key: encode(key),
                before,
                after: Some(after),
            },
        )?;
        Ok(put)
    }

    pub(super) fn remove(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        key: &[Value<'_>],
    ) -> Outcome<bool> {
        let statements = self.statements(table);
        let Some(before) = load(engine, &statements.load, key, table)? else {
            return Ok(false);
        };
        engine.exec(&statements.remove, key)?;
        self.record(
            engine,
            change,
            table,
            &Image {
                key: encode(key),
                before: Some(before),
                after: None,
            },
        )?;
        Ok(true)
    }

    fn record(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        image: &Image,
    ) -> Outcome<()> {
        self.ordinal += 1;
        let verb = match (&image.before, &image.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let label = image.label(table);
        match self
            .counts
            .iter_mut()
            .find(|(object, did, _)| *object == table.object && *did == verb)
        {
            Some((_, _, count)) => *count += 1,
            None => self.counts.push((table.object, verb, 1)),
        }
        if self.labels.len() < 3 && !self.labels.contains(&label) {
            self.labels.push(label.clone());
        }
        engine.exec(
            "insert into change_rows(change, ordinal, \"table\", key, label, before, after) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                change.into(),
                self.ordinal.into(),
                table.name.into(),
                (&image.key).into(),
                (&label).into(),
                image.before.as_deref().into(),
                image.after.as_deref().into(),
            ],
        )?;
        Ok(())
    }
}

/// A row of the history, values as JSON arrays in the order of the table's columns.
struct Image {
    key: String,
    before: Option<String>,
    after: Option<String>,
}

impl Image {
    fn label(&self, table: &Table) -> String {
        let values = self
            .after
            .as_deref()
            .or(self.before.as_deref())
            .and_then(|text| named(table, text));
        let label =
            values.and_then(|values| values.into_iter().find(|(column, _)| column == table.label));
        match label {
            Some((_, Json::String(text))) => text,
            Some((_, other)) => other.to_string(),
            None => self.key.clone(),
        }
    }
}

fn encode(values: &[Value<'_>]) -> String {
    let row: Vec<Json> = values
        .iter()
        .map(|value| match value {
            Value::Null => Json::Null,
            Value::Int(number) => Json::from(*number),
            Value::Text(text) => Json::from(*text),
            Value::Blob(bytes) => {
                let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
                serde_json::json!({ "hex": hex })
            }
        })
        .collect();
    Json::from(row).to_string()
}

/// A value as the history keeps it, owned.
enum Kept {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Kept {
    fn of(json: Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Number(number) => Self::Int(number.as_i64()?),
            Json::String(text) => Self::Text(text),
            Json::Object(object) => {
                let hex = object.get("hex")?.as_str()?;
                let digits: Option<Vec<u32>> =
                    hex.chars().map(|digit| digit.to_digit(16)).collect();
                let bytes = digits?
                    .chunks(2)
                    .map(|pair| match pair {
                        [high, low] => u8::try_from(high * 16 + low).ok(),
                        _ => None,
                    })
                    .collect::<Option<Vec<u8>>>()?;
                Self::Blob(bytes)
            }
            _ => return None,
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

fn decode(text: &str) -> Outcome<Vec<Kept>> {
    let damaged = || {
        Stop::Fault(anyhow::anyhow!(
            "the store is damaged: a row of the history is unreadable"
        ))
    };
    let row: Vec<Json> = serde_json::from_str(text).map_err(|_| damaged())?;
    row.into_iter()
        .map(|value| Kept::of(value).ok_or_else(damaged))
        .collect()
}

fn named(table: &Table, text: &str) -> Option<Vec<(String, Json)>> {
    let row: Vec<Json> = serde_json::from_str(text).ok()?;
    Some(
        table
            .columns
            .iter()
            .map(|column| (*column).to_owned())
            .zip(row)
            .collect(),
    )
}

fn load(
    engine: &mut dyn Engine,
    sql: &str,
    key: &[Value<'_>],
    table: &Table,
) -> Outcome<Option<String>> {
    let mut found = None;
    engine.each(sql, key, &mut |row| {
        found = Some(encode_row(row, table.columns.len())?);
        Ok(Flow::Break(()))
    })?;
    Ok(found)
}

fn encode_row(row: &dyn Row, width: usize) -> Outcome<String> {
    let values = (0..width)
        .map(|column| any(row, column))
        .collect::<Outcome<Vec<_>>>()?;
    let values: Vec<Value<'_>> = values.iter().map(Kept::value).collect();
    Ok(encode(&values))
}

fn any(row: &dyn Row, column: usize) -> Outcome<Kept> {
    if let Ok(number) = row.int_or_null(column) {
        return Ok(number.map_or(Kept::Null, Kept::Int));
    }
    if let Ok(text) = row.text_or_null(column) {
        return Ok(text.map_or(Kept::Null, |text| Kept::Text(text.to_owned())));
    }
    row.blob(column).map(|bytes| Kept::Blob(bytes.to_owned()))
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
    read.one(
        &format!("{ENTRY} where number = ?1"),
        &[number.into()],
        entry,
    )
}

/// Hands out the objects of an entry in the order in which they were changed.
pub fn rows(
    read: &mut dyn Read,
    tables: &[&'static super::Tables],
    number: i64,
    each: &mut dyn FnMut(&EntryRow) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select \"table\", label, before, after from change_rows where change = ?1 order by ordinal";
    read.each(sql, &[number.into()], &mut |row| {
        let name = row.text(0)?;
        let table = tables
            .iter()
            .flat_map(|tables| tables.objects.iter())
            .find(|table| table.name == name);
        let values =
            |text: Option<&str>| text.and_then(|text| table.and_then(|table| named(table, text)));
        each(&EntryRow {
            object: table.map_or(name, |table| table.object).to_owned(),
            label: row.text(1)?.to_owned(),
            before: values(row.text_or_null(2)?),
            after: values(row.text_or_null(3)?),
        })
    })
}

/// The command line itself says no: there is no vendor behind the history.
static TOOL: Document = Document {
    id: "LICCTL",
    title: "licctl, manual page",
    edition: "",
};

/// What `undo` answers when a later change stands on the one to take back.
pub static DEPENDED_ON: Code = Code {
    symbol: "depended-on",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "A later change depends on the change to take back.",
    cause: "The same object, or the evidence of the same logs, was changed again afterwards.",
    remedy: "Take the later change back first.",
    source: stated(&TOOL, "undo"),
};

impl Store {
    /// Takes change `number` back, or the newest one that is neither taken back nor itself a taking back.
    ///
    /// Usage error when there is no such change, or when it was taken back before.
    /// Refuses with `DEPENDED_ON` when a later change stands on it.
    pub fn undo(&mut self, change: &Change, number: Option<i64>) -> Outcome<Entry> {
        self.transact(change, Extent::Few, |writing| undo(writing, number))
            .map(|(undone, _)| undone)
    }

    /// Forgets the history before `until`, and the evidence that it had hidden; the number of entries forgotten.
    pub fn prune(&mut self, change: &Change, until: Timestamp) -> Outcome<u64> {
        let (count, _) = self.transact(change, Extent::Few, |writing| {
            let hidden = "select change from hidden where running = 0 and change in (select number from changes where time_ms < ?1)";
            let gone = (writing as &mut dyn Read).all(hidden, &[until.into()], |row| row.int(0))?;
            for table in writing.tables.clone().iter().flat_map(|tables| tables.bulk) {
                for import in &gone {
                    writing.engine.exec(&format!("delete from {table} where import = ?1"), &[(*import).into()])?;
                }
            }
            let engine = &mut *writing.engine;
            engine.exec("delete from change_rows where change in (select number from changes where time_ms < ?1)", &[until.into()])?;
            engine.exec(
                "delete from hidden where running = 0 and change in (select number from changes where time_ms < ?1)",
                &[until.into()],
            )?;
            let count = engine.exec("delete from changes where time_ms < ?1", &[until.into()])?;
            // Nothing of this can be taken back, but that it happened stays in the history.
            writing.recorder.call("log.prune", &until.to_string());
            Ok(count)
        })?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

fn undo(writing: &mut Writing<'_>, number: Option<i64>) -> Outcome<Entry> {
    let newest = format!(
        "{ENTRY} where undone_by is null and undoes is null and number not in (select change from hidden where running = 1) \
         order by number desc limit 1"
    );
    let found = match number {
        Some(number) => find(writing, number)?,
        None => (writing as &mut dyn Read).one(&newest, &[], entry)?,
    };
    let Some(undone) = found else {
        let message = number.map_or_else(
            || "there is no change that could be taken back".to_owned(),
            |number| format!("there is no change {number}"),
        );
        return Err(Usage::new(message)
            .hinted("`licctl log` lists the changes")
            .into());
    };
    if let Some(by) = undone.undone_by {
        let message = format!("change {} was taken back by change {by}", undone.number);
        return Err(Usage::new(message)
            .hinted(format!("`licctl undo {by}` brings it again"))
            .into());
    }
    if undone.calls.starts_with("log.prune(") {
        return Err(Usage::new(format!(
            "change {} forgot history; it cannot be taken back",
            undone.number
        ))
        .into());
    }
    let by = evidence_depended(writing, &undone)?;
    let by = if by.is_none() {
        reverse_rows(writing, undone.number)?
    } else {
        by
    };
    if let Some((by, what)) = by {
        let message = format!(
            "change {} cannot be taken back: change {} (`{}`) came after it and concerns the same {what}",
            undone.number, by.number, by.command
        );
        let hint = format!("`licctl undo {}` takes that one back first", by.number);
        return Err(Refusal::new(&DEPENDED_ON, message)
            .hinted(hint)
            .of("undo")
            .into());
    }
    reverse_evidence(writing, undone.number)?;
    writing.recorder.undoes = Some(undone.number);
    writing.recorder.tell(format!(
        "took change {} back: {}",
        undone.number, undone.summary
    ));
    writing.engine.exec(
        "update changes set undone_by = ?2 where number = ?1",
        &[undone.number.into(), writing.number.into()],
    )?;
    // An undo is undone by marking what it had taken back as standing again.
    if let Some(original) = undone.undoes {
        writing.engine.exec(
            "update changes set undone_by = null where number = ?1",
            &[original.into()],
        )?;
    }
    Ok(undone)
}

/// Follows "takes back" to the change that brought the rows: its number, and whether it brought bulk rows.
fn root(writing: &mut Writing<'_>, number: i64) -> Outcome<(i64, bool)> {
    let mut at = number;
    loop {
        let found = (writing as &mut dyn Read).one(
            "select undoes, bulk from changes where number = ?1",
            &[at.into()],
            |row| Ok((row.int_or_null(0)?, row.flag(1)?)),
        )?;
        match found {
            Some((Some(before), _)) if before < at => at = before,
            Some((_, bulk)) => return Ok((at, bulk)),
            None => return Ok((at, false)),
        }
    }
}

/// A later import that met rows of this one again would lose them too: it depends on it.
fn evidence_depended(
    writing: &mut Writing<'_>,
    undone: &Entry,
) -> Outcome<Option<(Entry, String)>> {
    let (root, bulk) = root(writing, undone.number)?;
    if !bulk {
        return Ok(None);
    }
    // Hiding needs later imports that met known rows to be gone; showing again needs that no later import took rows over.
    let repeats = if undone.undoes.is_none() {
        "and repeats > 0"
    } else {
        ""
    };
    let sql = format!(
        "{ENTRY} where number > ?1 and bulk = 1 and undoes is null and undone_by is null {repeats} order by number desc limit 1"
    );
    let by = (writing as &mut dyn Read).one(&sql, &[root.max(undone.number).into()], entry)?;
    Ok(by.map(|by| (by, "records".to_owned())))
}

fn reverse_evidence(writing: &mut Writing<'_>, number: i64) -> Outcome<()> {
    let (root, bulk) = root(writing, number)?;
    if !bulk {
        return Ok(());
    }
    writing.recorder.visibility = true;
    let shown = writing
        .engine
        .exec("delete from hidden where change = ?1", &[root.into()])?;
    if shown == 0 {
        writing.engine.exec(
            "insert into hidden(change, running) values(?1, 0)",
            &[root.into()],
        )?;
    }
    for tables in writing.tables.clone() {
        (tables.settle)(writing, root)?;
    }
    Ok(())
}

/// Puts every object of a change back as it was before; the change that stands in the way, when there is one.
fn reverse_rows(writing: &mut Writing<'_>, number: i64) -> Outcome<Option<(Entry, String)>> {
    let sql = "select \"table\", key, label, before, after from change_rows where change = ?1 order by ordinal desc";
    let rows = (writing as &mut dyn Read).all(sql, &[number.into()], |row| {
        let text = |column| -> Outcome<Option<String>> {
            Ok(row.text_or_null(column)?.map(str::to_owned))
        };
        Ok((
            row.text(0)?.to_owned(),
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
            text(3)?,
            text(4)?,
        ))
    })?;
    for (name, key, label, before, after) in rows {
        let table = writing.table(&name)?;
        let what = format!("{} {label}", table.object);
        let keys = decode(&key)?;
        let keys: Vec<Value<'_>> = keys.iter().map(Kept::value).collect();
        let statements = writing.recorder.statements(table);
        let present = load(writing.engine, &statements.load, &keys, table)?;
        if present != after {
            return Ok(later(writing, &name, &key, number)?.map(|by| (by, what)));
        }
        match before {
            Some(before) => {
                let row = decode(&before)?;
                let row: Vec<Value<'_>> = row.iter().map(Kept::value).collect();
                if let Some(by) = orphaned(writing, table, &keys)? {
                    return Ok(Some((by, what)));
                }
                writing
                    .recorder
                    .put(writing.engine, writing.number, table, &row)?;
            }
            None => {
                if let Some(by) = leaned_on(writing, table, &keys, number)? {
                    return Ok(Some((by, what)));
                }
                writing
                    .recorder
                    .remove(writing.engine, writing.number, table, &keys)?;
            }
        }
    }
    Ok(None)
}

/// The newest change after `number` of the row.
fn later(writing: &mut Writing<'_>, table: &str, key: &str, number: i64) -> Outcome<Option<Entry>> {
    let sql =
        "select max(change) from change_rows where \"table\" = ?1 and key = ?2 and change > ?3";
    let newest = (writing as &mut dyn Read)
        .one(sql, &[table.into(), key.into(), number.into()], |row| {
            row.int_or_null(0)
        })?
        .flatten();
    match newest {
        Some(newest) => find(writing, newest),
        None => Err(Stop::Fault(anyhow::anyhow!(
            "the store is damaged: a row differs from its history"
        ))),
    }
}

/// The change that brought a row which belongs to the one about to go.
fn leaned_on(
    writing: &mut Writing<'_>,
    table: &Table,
    key: &[Value<'_>],
    number: i64,
) -> Outcome<Option<Entry>> {
    let children: Vec<&'static Table> = writing
        .tables
        .iter()
        .flat_map(|tables| tables.objects.iter().copied())
        .filter(|child| child.parent == Some(table.name))
        .collect();
    for child in children {
        let Some(column) = child.columns.first() else {
            continue;
        };
        let sql = format!("select 1 from {} where {column} = ?1", child.name);
        let first = key.get(..1).unwrap_or_default();
        if (writing as &mut dyn Read)
            .one(&sql, first, |row| row.int(0))?
            .is_some()
        {
            let prefix = encode(first);
            let prefix = format!("{}%", prefix.trim_end_matches(']'));
            let sql = "select max(change) from change_rows where \"table\" = ?1 and key like ?2 and change > ?3";
            let newest = (writing as &mut dyn Read)
                .one(
                    sql,
                    &[child.name.into(), (&prefix).into(), number.into()],
                    |row| row.int_or_null(0),
                )?
                .flatten();
            if let Some(newest) = newest {
                return find(writing, newest);
            }
        }
    }
    Ok(None)
}

/// The change that removed the object to which a row about to come back belongs.
fn orphaned(writing: &mut Writing<'_>, table: &Table, key: &[Value<'_>]) -> Outcome<Option<Entry>> {
    let Some(parent) = table.parent else {
        return Ok(None);
    };
    let parent = writing.table(parent)?;
    let first = key.get(..1).unwrap_or_default();
    let statements = writing.recorder.statements(parent);
    if load(writing.engine, &statements.load, first, parent)?.is_some() {
        return Ok(None);
    }
    later(writing, parent.name, &encode(first), 0)
}
