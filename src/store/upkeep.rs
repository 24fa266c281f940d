//! Looking after a store: what it holds, whether it is sound, backup and restore, export and import.

use super::secrets::LEFT;
use super::sqlite::{Engine, Purpose, Sqlite};
use super::transaction::{Extent, Intent, Store};
use super::{Change, Flow, Read, Row, Tables, Value, layout, lock, schema, sqlite, unfinished};
use crate::artefact::write::{Beside, is_database};
use crate::error::{Complaint, Outcome, Place, Stop, Usage};
use anyhow::{Context, anyhow};
use serde_json::{Map, Value as Json};
use std::io::{BufRead, ErrorKind, Write};
use std::path::Path;

/// What a store holds.
#[derive(Debug)]
pub struct Info {
    /// Bytes of the file; 0 in memory.
    pub size: u64,
    /// Layout number.
    pub layout: i64,
    pub engine: String,
    /// Entries of the history.
    pub changes: i64,
    pub tables: Vec<TableInfo>,
}

/// What one table holds.
#[derive(Debug)]
pub struct TableInfo {
    pub name: String,
    pub rows: i64,
}

/// One thing that is wrong with a store.
#[derive(Debug)]
pub struct Damage {
    /// What was checked: `pages`, `references`, `totals`.
    pub check: &'static str,
    pub message: String,
}

/// Batches of imports that did not end, which no reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    pub rows: i64,
    /// Whether the import is under way.
    pub lives: bool,
}

/// The tables of the spine.
const SPINE: [&str; 8] = [
    "changes",
    "change_rows",
    "change_files",
    "hidden",
    "snapshots",
    "snapshot_rows",
    "snapshot_figures",
    SECRETS,
];

/// The table of the spine that an export leaves out unless asked.
const SECRETS: &str = "secrets";

/// Whether an export takes the secrets along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretRows {
    Left,
    Taken,
}

/// The first line of an export.
const EXPORT: &str = "licctl.store.export/1";

impl Store {
    /// Counts what the store holds, without the batches of imports that did not end. Counting reads every table once.
    pub fn info(&mut self) -> Outcome<Info> {
        let size =
            self.path().and_then(|path| std::fs::metadata(path).ok()).map_or(0, |data| data.len());
        let (names, domains) = (self.table_names(), self.tables.clone());
        self.read(|read| {
            let mut tables = Vec::new();
            let hides = unfinished::any(read)?;
            for name in names {
                let seen = if hides { unfinished::others(&domains, &name) } else { String::new() };
                let sql = format!("select count(*) from {name}{seen}");
                let laid = read.is_laid(&name)?;
                let rows =
                    if laid { read.one(&sql, &[], |row| row.int(0))?.unwrap_or(0) } else { 0 };
                tables.push(TableInfo { name, rows });
            }
            let changes =
                tables.iter().find(|table| table.name == "changes").map_or(0, |table| table.rows);
            let engine = format!("SQLite {}", sqlite::version());
            Ok(Info { size, layout: schema::present(), engine, changes, tables })
        })
    }

    /// The batches of imports that did not end; `None`: there are none.
    pub fn unfinished(&mut self) -> Outcome<Option<Unfinished>> {
        let tables = self.tables.clone();
        let lives = self.path().is_some_and(lock::is_held);
        self.read(|read| {
            if !unfinished::any(read)? {
                return Ok(None);
            }
            Ok(Some(Unfinished { rows: unfinished::rows(read, &tables)?, lives }))
        })
    }

    /// Looks for damage: pages, references between tables, and kept totals that are not what the rows say.
    ///
    /// What cannot even be read is damage too.
    pub fn check(&mut self) -> Outcome<Vec<Damage>> {
        let (tables, mut damages) = (self.tables.clone(), Vec::new());
        match self.read(|read| look(read, &tables, &mut damages)) {
            Err(stop) if sqlite::is_damage(&stop) => {
                let message = stop.fault().unwrap_or_default().0;
                damages.push(Damage { check: "pages", message });
            }
            looked => looked?,
        }
        Ok(damages)
    }

    /// Copies the store as of one moment into `target`, which appears whole or not at all; without the batches of imports that did not
    /// end. A rehearsal stops short of writing.
    pub fn backup(
        &mut self,
        target: &Path,
        intent: Intent,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Outcome<()> {
        // The read makes sure that it is a store of this layout; a missing one is told as for every reader.
        self.read(|_| Ok(()))?;
        let Some(path) = self.path().map(Path::to_owned) else {
            return Err(Usage::new("a store in memory has no backup").into());
        };
        if !path.exists() {
            return Err(Stop::Fault(anyhow!("there is no store at {} yet", path.display()))
                .remedied("the first command that writes makes it"));
        }
        if is_same(&path, target) {
            let message = format!("`{}` is the store itself", target.display());
            return Err(Usage::new(message).hinted("name another file").into());
        }
        let holds = std::fs::metadata(target).is_ok_and(|data| data.is_file() && data.len() > 0);
        if holds && !is_database(target) {
            let message = format!("`{}` is there and no backup", target.display());
            return Err(Usage::new(message).hinted("name another file").into());
        }
        let beside = Beside::new(target)?;
        if intent == Intent::Rehearse {
            return Ok(());
        }
        let mut engine = Sqlite::open_read(&path)?;
        engine.copy_to(beside.path(), progress)?;
        let mut copy = Sqlite::open_write(beside.path())?;
        if unfinished::any(copy.reading())? {
            for change in copy.reading().all(unfinished::RUNNING, &[], |row| row.int(0))? {
                unfinished::remove(&mut copy, &self.tables, change)?;
            }
            copy.script("vacuum")?;
        }
        drop(copy);
        beside.take_its_place()
    }

    /// Replaces the store by the backup at `source`, in one transaction. The backup is checked first; a rehearsal ends there.
    ///
    /// A store that is too damaged for a transaction is replaced as a file.
    pub fn restore(
        &mut self,
        source: &Path,
        change: &Change,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Outcome<()> {
        if self.path().is_some_and(|path| is_same(path, source)) {
            let message = format!("`{}` is the store itself", source.display());
            return Err(Usage::new(message).hinted("name a backup of it").into());
        }
        let mut backup = Store::at(source.to_owned(), true, self.tables.clone());
        if !source.exists() {
            let fault = anyhow!("there is no file {}", source.display());
            return Err(
                Stop::Fault(fault.context("reading the backup")).remedied("is the path right?")
            );
        }
        let bad = |message: String| {
            let complaint = Complaint::new(Place::Whole, message)
                .remedied("name a file that `licctl store backup` made");
            Stop::from(complaint).within(&source.display().to_string())
        };
        let damages = backup.check().map_err(|stop| match stop.fault() {
            Some((told, Some(remedy))) if remedy == layout::ANOTHER => bad(told),
            _ => stop,
        })?;
        if let Some(damage) = damages.first() {
            return Err(bad(format!("the backup is damaged: {}", damage.message)));
        }
        if change.intent == Intent::Rehearse {
            return Ok(());
        }
        let restored = self
            .open_writer(change, Extent::Few)
            .and_then(|(mut engine, _)| engine.copy_from(source, progress));
        match (restored, self.path()) {
            (Err(stop), Some(path)) if sqlite::is_damage(&stop) => {
                put_in_place(source, path, progress)
            }
            (restored, _) => restored,
        }
    }

    /// Writes every row as JSON Lines, after a line that names the form. What was undone and the history go along, batches of imports
    /// that did not end do not; the number of rows written, and how many secrets were left out.
    pub fn export(&mut self, out: &mut dyn Write, secrets: SecretRows) -> Outcome<(u64, i64)> {
        let (names, domains) = (self.table_names(), self.tables.clone());
        self.read(|read| {
            let hides = unfinished::any(read)?;
            let head = serde_json::json!({"schema": EXPORT, "layout": schema::present()});
            line(out, &head)?;
            let (mut count, mut left) = (0, 0);
            if secrets == SecretRows::Left {
                let sql = "select count(*) from secrets where kind <> ?1";
                left = read.one(sql, &[LEFT.into()], |row| row.int(0))?.unwrap_or(0);
            }
            for name in names {
                if !read.is_laid(&name)? {
                    continue;
                }
                if name == SECRETS && secrets == SecretRows::Left {
                    placeholders(read, out)?;
                    continue;
                }
                let columns = columns(read, &name)?;
                let seen = if hides { unfinished::others(&domains, &name) } else { String::new() };
                let (listed, order) = (columns.join(", "), order(&columns));
                let sql = format!("select {listed} from {name}{seen} order by {order}");
                read.each(&sql, &[], &mut |row| {
                    let mut members = Map::new();
                    for (at, column) in columns.iter().enumerate() {
                        members.insert(column.clone(), json(row, at)?);
                    }
                    line(out, &serde_json::json!({"table": name, "row": members}))?;
                    count += 1;
                    Ok(Flow::Continue(()))
                })?;
            }
            Ok((count, left))
        })
    }

    /// Replaces the store's rows by those of an export, in one transaction; the number of rows.
    ///
    /// Complains with the line when the file is not an export of this layout.
    pub fn import_export(&mut self, input: &mut dyn BufRead, change: &Change) -> Outcome<u64> {
        let names = self.table_names();
        let (mut engine, _lock) = self.open_writer(change, Extent::Import)?;
        engine.begin(Purpose::Write)?;
        let loaded = replace(engine.as_mut(), &names, input);
        match (&loaded, change.intent) {
            (Ok(_), Intent::Store) => engine.commit()?,
            _ => engine.rollback()?,
        }
        loaded
    }

    fn table_names(&self) -> Vec<String> {
        let domains = self.tables.iter().flat_map(|tables| {
            // Names made numbers first: rows refer to them.
            let objects = tables.objects.iter().map(|table| table.name);
            tables.others.iter().copied().chain(objects).chain(tables.bulk.iter().copied())
        });
        SPINE.into_iter().chain(domains).map(str::to_owned).collect()
    }
}

/// Looks for damage, and notes what it finds as it goes.
fn look(read: &mut dyn Read, tables: &[&'static Tables], damages: &mut Vec<Damage>) -> Outcome<()> {
    for message in
        read.all("pragma integrity_check(100)", &[], |row| row.text(0).map(str::to_owned))?
    {
        if message != "ok" {
            damages.push(Damage { check: "pages", message });
        }
    }
    read.each("pragma foreign_key_check", &[], &mut |row| {
        let message = format!(
            "a row of {} refers to a row of {} that is not there",
            row.text(0)?,
            row.text(2)?
        );
        damages.push(Damage { check: "references", message });
        Ok(if damages.len() < 1000 { Flow::Continue(()) } else { Flow::Break(()) })
    })?;
    for tables in tables {
        let wrong = (tables.audit)(read)?;
        damages.extend(wrong.into_iter().map(|message| Damage { check: "totals", message }));
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Puts a copy of the backup at `source` in the place of a damaged store.
fn put_in_place(source: &Path, store: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()> {
    let beside = Beside::new(store)?;
    Sqlite::open_read(source)?.copy_to(beside.path(), progress)?;
    // What a killed writer left belongs to the damaged pages, and would be played back over the good ones.
    let real = store.canonicalize().unwrap_or_else(|_| store.to_owned());
    let mut journal = real.into_os_string();
    journal.push("-journal");
    match std::fs::remove_file(&journal) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            let doing = format!("removing {}", Path::new(&journal).display());
            Err(anyhow::Error::from(error).context(doing).into())
        }
        _ => beside.take_its_place(),
    }
}

/// Writes what holds the numbers of the secrets that are left out: rows refer to them.
fn placeholders(read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
    read.each("select id from secrets order by id", &[], &mut |row| {
        let number = row.int(0)?;
        let row = serde_json::json!({"id": number, "kind": LEFT, "secret": number.to_string()});
        line(out, &serde_json::json!({"table": SECRETS, "row": row}))?;
        Ok(Flow::Continue(()))
    })
}

fn line(out: &mut dyn Write, value: &Json) -> Outcome<()> {
    writeln!(out, "{value}").context("writing the export").map_err(Stop::Fault)
}

fn columns(read: &mut dyn Read, table: &str) -> Outcome<Vec<String>> {
    // The table is laid when a statement names it; the pragma does not.
    read.one(&format!("select 1 from {table}"), &[], |_| Ok(()))?;
    read.all("select name from pragma_table_info(?1) order by cid", &[table.into()], |row| {
        let name = row.text(0)?;
        Ok(if name == "table" { "\"table\"".to_owned() } else { name.to_owned() })
    })
}

/// Every column in turn: equal stores give byte-equal exports.
fn order(columns: &[String]) -> String {
    (1..=columns.len()).map(|at| at.to_string()).collect::<Vec<_>>().join(", ")
}

fn json(row: &dyn Row, column: usize) -> Outcome<Json> {
    Ok(match row.any(column)? {
        Value::Null => Json::Null,
        Value::Int(number) => Json::from(number),
        Value::Text(text) => Json::from(text),
        Value::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            serde_json::json!({ "hex": hex })
        }
    })
}

fn replace(engine: &mut dyn Engine, names: &[String], input: &mut dyn BufRead) -> Outcome<u64> {
    engine.script("pragma defer_foreign_keys = on")?;
    for name in names.iter().rev() {
        if engine.reading().is_laid(name)? {
            engine.exec(&format!("delete from {name}"), &[])?;
        }
    }
    let mut count = 0;
    let (mut text, mut number) = (String::new(), 0);
    loop {
        text.clear();
        if input.read_line(&mut text).context("reading the export")? == 0 {
            return if number == 0 { Err(complaint(1, "the file is empty")) } else { Ok(count) };
        }
        number += 1;
        let value: Json =
            serde_json::from_str(&text).map_err(|error| complaint(number, &error.to_string()))?;
        if number == 1 {
            head(&value)?;
            continue;
        }
        insert(engine, names, &value).map_err(|stop| match stop {
            Stop::BadArtefact(_) => complaint(number, "the row does not fit the store"),
            other => other,
        })?;
        count += 1;
    }
}

fn complaint(line: u64, message: &str) -> Stop {
    Complaint::new(Place::Line(line), message.to_owned()).into()
}

fn head(value: &Json) -> Outcome<()> {
    if value.get("schema").and_then(Json::as_str) != Some(EXPORT) {
        return Err(complaint(1, "the file is not an export of a licctl store"));
    }
    match value.get("layout").and_then(Json::as_i64) {
        Some(layout) if layout == schema::present() => Ok(()),
        Some(layout) => Err(complaint(
            1,
            &format!(
                "the export has layout {layout}, this licctl has {}; export again with the same version",
                schema::present()
            ),
        )),
        None => Err(complaint(1, "the export names no layout")),
    }
}

fn insert(engine: &mut dyn Engine, names: &[String], value: &Json) -> Outcome<()> {
    let misfit = || Stop::from(Complaint::new(Place::Whole, ""));
    let table = value.get("table").and_then(Json::as_str).ok_or_else(misfit)?;
    let row = value.get("row").and_then(Json::as_object).ok_or_else(misfit)?;
    let table = names.iter().find(|name| *name == table).ok_or_else(misfit)?;
    let known = columns(engine.reading(), table)?;
    if row.len() != known.len() || !row.keys().all(|column| known.contains(column)) {
        return Err(misfit());
    }
    let blobs: Vec<Vec<u8>> = row.values().map(bytes).collect::<Option<_>>().ok_or_else(misfit)?;
    let values: Vec<Value<'_>> = row
        .values()
        .zip(&blobs)
        .map(|(value, bytes)| match value {
            Json::Null => Some(Value::Null),
            Json::Number(number) => number.as_i64().map(Value::Int),
            Json::String(text) => Some(Value::Text(text)),
            Json::Object(_) => Some(Value::Blob(bytes)),
            _ => None,
        })
        .collect::<Option<_>>()
        .ok_or_else(misfit)?;
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let places = (1..=columns.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
    engine
        .exec(&format!("insert into {table}({}) values({places})", columns.join(", ")), &values)?;
    Ok(())
}

/// The bytes of `{"hex": …}`, nothing for any other value; `None` when the digits are wrong.
fn bytes(value: &Json) -> Option<Vec<u8>> {
    let Some(object) = value.as_object() else {
        return Some(Vec::new());
    };
    let hex = object.get("hex")?.as_str()?;
    if !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}
