//! The SQLite engine: the only file that knows `rusqlite`. Rollback journal, as dependencies and measurements ask (ARCHITECTURE).

use super::{EachRow, Read, Row, Value, layout, schema};
use crate::error::{Outcome, Stop};
use anyhow::Context;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Error, ErrorCode, OpenFlags, ToSql};
use std::path::Path;
use std::time::Duration;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Read,
    /// Takes the write lock at once: a transaction that reads first and writes later would fail whenever two compete.
    Write,
}

/// What an engine gives to the layers above. The contract tests run against every engine.
pub trait Engine: Read {
    fn begin(&mut self, purpose: Purpose) -> Outcome<()>;
    fn commit(&mut self) -> Outcome<()>;
    fn rollback(&mut self) -> Outcome<()>;
    /// The same engine, for the queries.
    fn reading(&mut self) -> &mut dyn Read;
    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize>;
    fn many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        changed: &mut dyn FnMut(usize, bool),
    ) -> Outcome<()>;
    /// Adds rows of `width` values each; `into` names the table with its columns. A row that is there already is a fault.
    fn add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()>;
    /// Runs several statements without values.
    fn script(&mut self, sql: &str) -> Outcome<()>;
    /// Copies the whole store into the file at `target`, as of one moment; `progress(done, total)` counts pages.
    fn copy_to(&mut self, target: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()>;
    /// Replaces the whole store by the file at `source`, in one transaction.
    fn copy_from(&mut self, source: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()>;
}

/// One connection.
pub struct Sqlite {
    connection: Connection,
    /// Where tables are laid that a statement names first.
    place: Place,
}

/// Where a connection lays tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Store,
    /// Empty tables of this connection alone: a reader finds nothing in what was never written.
    Connection,
}

/// How long a command waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long each wait lasts; short, so that a writer gets in between two batches of an import.
const NAP: Duration = Duration::from_millis(2);

const READING: &str = "pragma query_only = on; pragma trusted_schema = off; pragma cache_size = -16384; pragma temp_store = memory;";
const WRITING: &str = "pragma journal_mode = delete; pragma synchronous = extra; pragma foreign_keys = on; \
     pragma trusted_schema = off; pragma cell_size_check = on; pragma temp_store = memory;";
const IMPORTING: &str = "pragma cache_size = -24576; pragma foreign_keys = off;";

/// The SQLite library in this build: `3.54.0`.
#[must_use]
pub fn version() -> &'static str {
    rusqlite::version()
}

impl Sqlite {
    /// Opens an existing file for reading.
    ///
    /// A writer that was killed leaves a journal that must be rolled back before anybody can read; that needs a connection that may
    /// write, so the file is opened for writing once when the first look says so.
    pub fn open_read(path: &Path) -> Outcome<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut engine = Self::open(path, flags, Place::Connection)?;
        if engine.look().is_err_and(|error| left_behind(&error)) {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            engine = Self::open(path, flags, Place::Connection)?;
            engine
                .look()
                .map_err(|error| explained(error, "recovering from a writer that was killed"))?;
        }
        engine.script(READING)?;
        Ok(engine)
    }

    /// Opens a file for writing; SQLite makes it when it is missing.
    pub fn open_write(path: &Path) -> Outcome<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut engine = Self::open(path, flags, Place::Store)?;
        engine.script(WRITING)?;
        Ok(engine)
    }

    /// A store that lives as long as the process: what a missing default store reads as, and the scratch store of `check PATH`.
    pub fn open_memory() -> Outcome<Self> {
        let connection = Connection::open_in_memory()
            .map_err(|error| explained(error, "opening a store in memory"))?;
        Ok(Self { connection, place: Place::Store })
    }

    /// A store in a file without a name, which takes what memory need not hold, and is gone with the connection.
    pub fn open_temporary() -> Outcome<Self> {
        let connection =
            Connection::open("").map_err(|error| explained(error, "opening a temporary store"))?;
        Ok(Self { connection, place: Place::Store })
    }

    /// Fails at once instead of waiting for another command.
    pub fn impatient(self) -> Outcome<Self> {
        self.connection
            .busy_timeout(Duration::ZERO)
            .map_err(|error| explained(error, "setting not to wait"))?;
        Ok(self)
    }

    /// Settings for many rows: a larger cache, and no look-ups for ids that the same transaction has just read or made.
    pub fn for_import(&mut self) -> Outcome<()> {
        self.script(IMPORTING)
    }

    fn open(path: &Path, flags: OpenFlags, place: Place) -> Outcome<Self> {
        let mut connection = Connection::open_with_flags(path, flags)
            .map_err(|error| explained(error, &format!("opening the store {}", path.display())))?;
        connection
            .busy_handler(Some(|tries| {
                std::thread::sleep(NAP);
                let waited = NAP.saturating_mul(u32::try_from(tries).unwrap_or(u32::MAX));
                waited < PATIENCE
            }))
            .map_err(|error| explained(error, "setting how long to wait for other writers"))?;
        // Without it a statement is compiled twice: once more when its values are known.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| explained(error, "setting that plans do not depend on values"))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection, place })
    }

    /// A statement, kept prepared by its text. Tables that it is the first to name are laid.
    fn prepared(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        loop {
            let error = match self.connection.prepare_cached(sql) {
                Ok(statement) => return Ok(statement),
                Err(error) => error,
            };
            if !missing_table(&error).map_or(Ok(false), |table| self.lay(table))? {
                return Err(error);
            }
        }
    }

    /// Lays a table; false when no step of the layout knows it.
    fn lay(&self, table: &str) -> rusqlite::Result<bool> {
        let mut known = false;
        if self.place == Place::Connection {
            self.connection.execute_batch("pragma query_only = off")?;
        }
        for statement in schema::statements_of(table) {
            known = true;
            match self.place {
                Place::Store => self.connection.execute_batch(statement.sql)?,
                Place::Connection if statement.sql.starts_with("alter table") => {
                    self.connection.execute_batch(statement.sql)?;
                }
                // An index of an empty table finds nothing faster.
                Place::Connection if statement.sql.starts_with("create table") => {
                    self.connection.execute_batch(&statement.sql.replacen(
                        "create table",
                        "create temp table",
                        1,
                    ))?;
                }
                Place::Connection => {}
            }
        }
        if self.place == Place::Connection {
            self.connection.execute_batch("pragma query_only = on")?;
        }
        Ok(known)
    }

    fn look(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("pragma schema_version", [], |row| row.get(0))
    }

    fn backup(
        from: &Connection,
        to: &mut Connection,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Outcome<()> {
        let failed = |error| explained(error, "copying the store");
        let backup = rusqlite::backup::Backup::new(from, to).map_err(failed)?;
        let started = std::time::Instant::now();
        loop {
            use rusqlite::backup::StepResult::{Busy, Done, Locked, More};
            let step = backup.step(2048).map_err(failed)?;
            let counted = backup.progress();
            let total = u64::try_from(counted.pagecount).unwrap_or(0);
            progress(total.saturating_sub(u64::try_from(counted.remaining).unwrap_or(0)), total);
            match step {
                Done => return Ok(()),
                More => {}
                Busy | Locked if started.elapsed() < PATIENCE => std::thread::sleep(NAP),
                _ => {
                    return Err(Stop::Fault(anyhow::anyhow!(
                        "the store stayed busy for ten seconds; try again"
                    )));
                }
            }
        }
    }
}

/// Rows that one statement adds: they share what beginning and ending it costs, and each is put where the one before it went.
const TOGETHER: usize = 50;

/// A statement that adds so many rows of `width` values each.
///
/// A failure takes the whole transaction back, so the statement keeps no copies of pages to take itself back alone: `or fail`.
fn insertion(into: &str, width: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(","));
    format!("insert or fail into {into} values{}", vec![row; rows].join(","))
}

/// The table that a statement named and the store has not.
fn missing_table(error: &Error) -> Option<&str> {
    let (Error::SqliteFailure(_, Some(text)) | Error::SqlInputError { msg: text, .. }) = error
    else {
        return None;
    };
    let name = text.strip_prefix("no such table: ")?;
    Some(name.strip_prefix("main.").unwrap_or(name))
}

/// Whether an error says that a killed writer's journal waits for someone who may write.
fn left_behind(error: &Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK
            || error.extended_code == rusqlite::ffi::SQLITE_READONLY_RECOVERY
            || error.code == ErrorCode::CannotOpen
    })
}

/// What an error of the engine means to the user, and what helps.
fn meaning(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (
            "the store stayed busy for ten seconds: another command is writing",
            "try again when it is done",
        ),
        ErrorCode::ReadOnly => (
            "the store or its folder is read-only for this user; the command needs to write",
            "let this user write both, or name another store with `--store`",
        ),
        ErrorCode::DiskFull => {
            ("the disk is full; nothing was stored", "make room on it, and try again")
        }
        ErrorCode::NotADatabase => ("the file is not a store of licctl", layout::ANOTHER),
        ErrorCode::DatabaseCorrupt => (
            "the store is damaged",
            "`licctl store check` says where; `licctl store restore BACKUP` puts a backup in its place",
        ),
        ErrorCode::CannotOpen => (
            "the file cannot be opened",
            "is the path right, and may this user read and write it and its folder?",
        ),
        ErrorCode::SystemIoFailure => (
            "the operating system could not read or write the file",
            "`licctl doctor` looks at the file and its folder",
        ),
        _ => return None,
    })
}

/// Adds to an engine's error what it means for the user, and what to do.
fn explained(error: Error, doing: &str) -> Stop {
    let meaning = error.sqlite_error_code().and_then(meaning);
    let error = anyhow::Error::from(error).context(doing.to_owned());
    match meaning {
        None => Stop::Fault(error),
        Some((what, remedy)) => Stop::Fault(error.context(what)).remedied(remedy),
    }
}

fn has_code(stop: &Stop, code: ErrorCode) -> bool {
    let Stop::Fault(error) = stop else { return false };
    let own = error.chain().find_map(|cause| cause.downcast_ref::<Error>());
    own.and_then(Error::sqlite_error_code) == Some(code)
}

/// Whether a fault says that the store is damaged.
pub(super) fn is_damage(stop: &Stop) -> bool {
    has_code(stop, ErrorCode::DatabaseCorrupt)
}

/// Whether a fault says that the disk has no room, or may say so: a quota that is used up comes as a failure of the system.
pub(super) fn is_full(stop: &Stop) -> bool {
    has_code(stop, ErrorCode::DiskFull) || has_code(stop, ErrorCode::SystemIoFailure)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

struct SqliteRow<'r, 's>(&'r rusqlite::Row<'s>);

impl SqliteRow<'_, '_> {
    /// Itself as what has the helpers of every row.
    fn row(&self) -> &dyn Row {
        self
    }
}

impl Row for SqliteRow<'_, '_> {
    fn integer(&self, column: usize) -> Option<i64> {
        match self.0.get_ref(column) {
            Ok(ValueRef::Integer(number)) => Some(number),
            _ => None,
        }
    }

    fn any(&self, column: usize) -> Outcome<Value<'_>> {
        let held = self.0.get_ref(column).map_err(|error| explained(error, "reading a column"))?;
        match held {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Blob(bytes) => Ok(Value::Blob(bytes)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .map(Value::Text)
                .map_err(|_| self.row().wrong(column, "text that is not UTF-8")),
            ValueRef::Real(number) => Err(self.row().wrong(column, number)),
        }
    }

    fn name(&self, column: usize) -> String {
        self.0.as_ref().column_name(column).unwrap_or("?").to_owned()
    }
}

impl Read for Sqlite {
    fn each(&mut self, sql: &str, values: &[Value<'_>], row: &mut EachRow<'_>) -> Outcome<()> {
        let failed = |error| explained(error, "reading from the store");
        let mut statement = self.prepared(sql).map_err(failed)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(failed)?;
        while let Some(found) = rows.next().map_err(failed)? {
            if row(&SqliteRow(found))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Engine for Sqlite {
    fn begin(&mut self, purpose: Purpose) -> Outcome<()> {
        self.script(match purpose {
            Purpose::Read => "begin",
            Purpose::Write => "begin immediate",
        })
    }

    fn commit(&mut self) -> Outcome<()> {
        self.script("commit")
    }

    fn rollback(&mut self) -> Outcome<()> {
        // Tables that the transaction laid go with it, and the statements on them.
        self.connection.flush_prepared_statement_cache();
        // A failed statement may have ended the transaction already.
        if self.connection.is_autocommit() { Ok(()) } else { self.script("rollback") }
    }

    fn reading(&mut self) -> &mut dyn Read {
        self
    }

    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize> {
        let failed = |error| explained(error, "writing to the store");
        let mut statement = self.prepared(sql).map_err(failed)?;
        statement.execute(rusqlite::params_from_iter(values)).map_err(failed)
    }

    fn many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        changed: &mut dyn FnMut(usize, bool),
    ) -> Outcome<()> {
        let failed = |error| explained(error, "writing to the store");
        let mut statement = self.prepared(sql).map_err(failed)?;
        let mut before: &[Value<'_>] = &[];
        for (number, row) in values.chunks_exact(width).enumerate() {
            for (at, value) in row.iter().enumerate() {
                // What was bound stays bound, and most columns of a log hold what the row before held.
                if before.get(at) != Some(value) {
                    statement.raw_bind_parameter(at + 1, value).map_err(failed)?;
                }
            }
            before = row;
            let rows = statement.raw_execute().map_err(failed)?;
            changed(number, rows > 0);
        }
        Ok(())
    }

    fn add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        let left = values.len() % (width * TOGETHER).max(1);
        let (together, single) = values.split_at(values.len() - left);
        for (rows, values) in [(TOGETHER, together), (1, single)] {
            if !values.is_empty() {
                self.many(&insertion(into, width, rows), width * rows, values, &mut |_, _| ())?;
            }
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Outcome<()> {
        self.connection.execute_batch(sql).map_err(|error| explained(error, "using the store"))
    }

    fn copy_to(&mut self, target: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()> {
        let mut to = Connection::open(target)
            .with_context(|| format!("making the backup {}", target.display()))?;
        Self::backup(&self.connection, &mut to, progress)
    }

    fn copy_from(&mut self, source: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()> {
        let from = Connection::open_with_flags(source, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .with_context(|| format!("opening the backup {}", source.display()))?;
        Self::backup(&from, &mut self.connection, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: &str = "select count(*) from csp_keys";

    fn counted(engine: &mut Sqlite) -> Option<i64> {
        engine.reading().one(COUNT, &[], |row| row.int(0)).unwrap()
    }

    fn is_laid(engine: &mut Sqlite) -> bool {
        engine.reading().is_laid("csp_keys").unwrap()
    }

    #[test]
    fn a_reader_finds_nothing_in_a_table_that_nobody_laid_and_leaves_the_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        Sqlite::open_write(&path).unwrap().script("create table other(n)").unwrap();
        let mut reader = Sqlite::open_read(&path).unwrap();
        for _ in 0..2 {
            reader.begin(Purpose::Read).unwrap();
            assert_eq!(counted(&mut reader), Some(0));
            reader.commit().unwrap();
        }
        let refused = reader.exec("insert into other values(1)", &[]);
        assert!(refused.is_err(), "a reader stays one that only reads");
        assert!(!is_laid(&mut Sqlite::open_read(&path).unwrap()));
    }

    #[test]
    fn a_writer_lays_a_table_with_its_first_row_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let mut writer = Sqlite::open_write(&path).unwrap();
        let row = "insert into csp_keys(id, edition, channel, for_upgrade, for_change, for_check) values('k', 1, 'c', 0, 0, 0)";
        for kept in [false, true] {
            writer.begin(Purpose::Write).unwrap();
            assert_eq!(writer.exec(row, &[]).unwrap(), 1);
            if kept {
                writer.commit().unwrap();
            } else {
                writer.rollback().unwrap();
            }
            assert_eq!(is_laid(&mut writer), kept);
        }
        assert_eq!(counted(&mut Sqlite::open_read(&path).unwrap()), Some(1));
    }

    #[test]
    fn a_reader_lays_each_table_with_the_columns_that_a_writer_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let mut writer = Sqlite::open_write(&path).unwrap();
        let mut reader = Sqlite::open_read(&path).unwrap();
        let columns = |engine: &mut Sqlite, table: &str| -> Vec<String> {
            engine.lay(table).unwrap();
            let sql = "select name from pragma_table_info(?1) order by cid";
            engine
                .reading()
                .all(sql, &[table.into()], |row| row.text(0).map(str::to_owned))
                .unwrap()
        };
        let tables = schema::STEPS.iter().flat_map(schema::Step::statements);
        let (gone, laid): (Vec<_>, Vec<_>) =
            tables.partition(|made| made.sql.starts_with("drop table"));
        let mut tables: std::collections::BTreeSet<&str> =
            laid.iter().map(|made| made.table).collect();
        for made in gone {
            assert!(tables.remove(made.table), "{made:?}");
        }
        assert!(tables.len() > 50);
        for table in tables {
            // The reader first: it would see what the writer laid.
            let laid = columns(&mut reader, table);
            assert!(!laid.is_empty() && laid == columns(&mut writer, table), "{table}");
        }
    }

    #[test]
    fn rows_that_are_added_together_are_all_there_in_their_order_or_a_fault() {
        let mut engine = Sqlite::open_memory().unwrap();
        engine.script("create table pairs(number integer primary key, word text)").unwrap();
        let mut from = 0;
        for count in [0, 1, TOGETHER - 1, TOGETHER, 2 * TOGETHER + 3] {
            let count = i64::try_from(count).unwrap();
            let words: Vec<String> =
                (from..from + count).map(|number| number.to_string()).collect();
            let rows = (from..).zip(&words);
            let values: Vec<Value<'_>> =
                rows.flat_map(|(number, word)| [number.into(), word.into()]).collect();
            engine.add("pairs(number, word)", 2, &values).unwrap();
            from += count;
        }
        let sql = "select count(*), min(number), max(number), sum(word = number) from pairs";
        let told = |row: &dyn Row| Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?]);
        let found = engine.reading().one(sql, &[], told).unwrap();
        assert_eq!(found, Some([from, 0, from - 1, from]));
        assert!(engine.add("pairs(number, word)", 2, &[Value::Int(1), Value::Null]).is_err());
    }

    #[test]
    fn a_table_that_no_step_knows_is_an_error() {
        let mut engine = Sqlite::open_memory().unwrap();
        let unknown = engine.reading().one("select 1 from nowhere", &[], |row| row.int(0));
        let text = format!("{:?}", unknown.unwrap_err());
        assert!(text.contains("no such table: nowhere"), "{text}");
    }
}
