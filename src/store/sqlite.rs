//! The SQLite engine: the only file that knows `rusqlite`. Rollback journal, as dependencies and measurements ask (ARCHITECTURE).

use super::{EachRow, Read, Row, Value};
use crate::error::{Outcome, Stop};
use anyhow::Context;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ToSql};
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
}

/// How long a command waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long each wait lasts; short, so that a writer gets in between two batches of an import.
const NAP: Duration = Duration::from_millis(2);

const READING: &str =
    "pragma query_only = on; pragma trusted_schema = off; pragma cache_size = -16384;";
const WRITING: &str = "pragma journal_mode = delete; pragma synchronous = extra; pragma foreign_keys = on; \
     pragma trusted_schema = off; pragma cell_size_check = on; pragma temp_store = memory;";
const IMPORTING: &str = "pragma cache_size = -65536; pragma foreign_keys = off;";

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
        let mut engine = Self::open(path, flags)?;
        if engine.look().is_err_and(|error| left_behind(&error)) {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            engine = Self::open(path, flags)?;
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
        let mut engine = Self::open(path, flags)?;
        engine.script(WRITING)?;
        Ok(engine)
    }

    /// A store that lives as long as the process: what a missing default store reads as, and the scratch store of `check PATH`.
    pub fn open_memory() -> Outcome<Self> {
        let connection = Connection::open_in_memory()
            .map_err(|error| explained(error, "opening a store in memory"))?;
        Ok(Self { connection })
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

    fn open(path: &Path, flags: OpenFlags) -> Outcome<Self> {
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
        Ok(Self { connection })
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

/// Whether an error says that a killed writer's journal waits for someone who may write.
fn left_behind(error: &Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK
            || error.extended_code == rusqlite::ffi::SQLITE_READONLY_RECOVERY
            || error.code == ErrorCode::CannotOpen
    })
}

/// Adds to an engine's error what it means for the user, and what to do.
fn explained(error: Error, doing: &str) -> Stop {
    let hint = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "the store stayed busy for ten seconds: another command is writing; try again when it is done"
        }
        Some(ErrorCode::ReadOnly) => {
            "the store or its folder is read-only for this user; the command needs to write"
        }
        Some(ErrorCode::DiskFull) => "the disk is full; nothing was stored",
        Some(ErrorCode::NotADatabase) => "the file is not a store of licctl",
        Some(ErrorCode::DatabaseCorrupt) => {
            "the store is damaged; `licctl store check` says where, `licctl store restore` brings a backup back"
        }
        Some(ErrorCode::CannotOpen) => {
            "the file cannot be opened; is the path right, and may this user read and write it?"
        }
        Some(ErrorCode::SystemIoFailure) => "the operating system could not read or write the file",
        _ => "",
    };
    let doing = doing.to_owned();
    let error = anyhow::Error::from(error).context(doing);
    Stop::Fault(if hint.is_empty() { error } else { error.context(hint) })
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

    fn value(&self, column: usize) -> Outcome<ValueRef<'_>> {
        self.0.get_ref(column).map_err(|error| explained(error, "reading a column"))
    }
}

impl Row for SqliteRow<'_, '_> {
    fn int_or_null(&self, column: usize) -> Outcome<Option<i64>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            _ => Err(self.row().wrong(column, "no number")),
        }
    }

    fn text_or_null(&self, column: usize) -> Outcome<Option<&str>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .map(Some)
                .map_err(|_| self.row().wrong(column, "text that is not UTF-8")),
            _ => Err(self.row().wrong(column, "no text")),
        }
    }

    fn blob_or_null(&self, column: usize) -> Outcome<Option<&[u8]>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(self.row().wrong(column, "no bytes")),
        }
    }

    fn name(&self, column: usize) -> String {
        self.0.as_ref().column_name(column).unwrap_or("?").to_owned()
    }
}

impl Read for Sqlite {
    fn each(&mut self, sql: &str, values: &[Value<'_>], row: &mut EachRow<'_>) -> Outcome<()> {
        let failed = |error| explained(error, "reading from the store");
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
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
        // A failed statement may have ended the transaction already.
        if self.connection.is_autocommit() { Ok(()) } else { self.script("rollback") }
    }

    fn reading(&mut self) -> &mut dyn Read {
        self
    }

    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize> {
        let failed = |error| explained(error, "writing to the store");
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
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
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
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
