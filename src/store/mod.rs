//! The store: one file, one transaction a command, every change journalled.
//!
//! Domain code meets four things here: [`Read`] and [`Tx`] to run the SQL of its own `store.rs`, [`Table`] to register what is
//! journalled, and [`Store`] which the session opens. The engine stands in `sqlite`, the history in `journal`.

pub mod document;
pub mod figures;
pub mod journal;
mod layout;
mod lock;
pub mod moments;
pub mod named;
pub mod runs;
pub mod schema;
pub mod secrets;
pub mod spool;
pub mod sqlite;
pub mod testing;
mod transaction;
mod unfinished;
mod upkeep;
mod writing;

pub use transaction::{Change, Extent, Intent, Store};
pub use upkeep::{Damage, Info, SecretRows, TableInfo, Unfinished};

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use std::ops::ControlFlow;

/// A value on its way into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

macro_rules! int_value {
    ($($number:ty),*) => {$(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self::Int(i64::from(number))
            }
        }
    )*};
}
int_value!(i64, i32, u32, u16, u8, bool);

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a uuid::Uuid> for Value<'a> {
    fn from(guid: &'a uuid::Uuid) -> Self {
        Self::Blob(guid.as_bytes())
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.ms())
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// A row on its way out. Columns are counted from 0; a column of another type is a fault that names it.
pub trait Row {
    /// The number that the column holds, as most do; `None` for anything else.
    fn integer(&self, column: usize) -> Option<i64>;
    /// What the column holds, whichever type it has.
    fn any(&self, column: usize) -> Outcome<Value<'_>>;
    /// The column's name, for messages.
    fn name(&self, column: usize) -> String;
}

impl dyn Row + '_ {
    /// The fault of a column that holds what no type of the model can hold.
    pub fn wrong(&self, column: usize, held: impl std::fmt::Display) -> Stop {
        let name = self.name(column);
        Stop::Fault(anyhow::anyhow!("the store is damaged: column `{name}` holds {held}"))
    }

    pub fn int_or_null(&self, column: usize) -> Outcome<Option<i64>> {
        if let Some(number) = self.integer(column) {
            return Ok(Some(number));
        }
        match self.any(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(number)),
            Value::Text(_) | Value::Blob(_) => Err(self.wrong(column, "no number")),
        }
    }

    pub fn text_or_null(&self, column: usize) -> Outcome<Option<&str>> {
        match self.any(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            Value::Int(_) | Value::Blob(_) => Err(self.wrong(column, "no text")),
        }
    }

    pub fn blob_or_null(&self, column: usize) -> Outcome<Option<&[u8]>> {
        match self.any(column)? {
            Value::Null => Ok(None),
            Value::Blob(bytes) => Ok(Some(bytes)),
            Value::Int(_) | Value::Text(_) => Err(self.wrong(column, "no bytes")),
        }
    }

    pub fn int(&self, column: usize) -> Outcome<i64> {
        match self.integer(column) {
            Some(number) => Ok(number),
            None => self.int_or_null(column)?.ok_or_else(|| self.wrong(column, "null")),
        }
    }

    pub fn text(&self, column: usize) -> Outcome<&str> {
        self.text_or_null(column)?.ok_or_else(|| self.wrong(column, "null"))
    }

    pub fn blob(&self, column: usize) -> Outcome<&[u8]> {
        self.blob_or_null(column)?.ok_or_else(|| self.wrong(column, "null"))
    }

    /// A number of a narrower type.
    pub fn number<T: TryFrom<i64>>(&self, column: usize) -> Outcome<T> {
        let number = self.int(column)?;
        T::try_from(number).map_err(|_| self.wrong(column, number))
    }

    /// A number of a narrower type, or null.
    pub fn number_or_null<T: TryFrom<i64>>(&self, column: usize) -> Outcome<Option<T>> {
        match self.int_or_null(column)? {
            None => Ok(None),
            Some(number) => T::try_from(number).map(Some).map_err(|_| self.wrong(column, number)),
        }
    }

    pub fn flag(&self, column: usize) -> Outcome<bool> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(column, other)),
        }
    }

    /// An instant stored in milliseconds.
    pub fn time(&self, column: usize) -> Outcome<Timestamp> {
        let ms = self.int(column)?;
        Timestamp::from_ms(ms).ok_or_else(|| self.wrong(column, ms))
    }

    /// An instant stored in milliseconds, or null.
    pub fn time_or_null(&self, column: usize) -> Outcome<Option<Timestamp>> {
        match self.int_or_null(column)? {
            None => Ok(None),
            Some(ms) => Timestamp::from_ms(ms).map(Some).ok_or_else(|| self.wrong(column, ms)),
        }
    }

    pub fn guid(&self, column: usize) -> Outcome<uuid::Uuid> {
        let bytes = self.blob(column)?;
        uuid::Uuid::from_slice(bytes).map_err(|_| self.wrong(column, "a GUID of another length"))
    }
}

/// Whether a stream of rows goes on.
pub type Flow = ControlFlow<()>;

/// What a stream of rows is handed to.
pub type EachRow<'f> = dyn FnMut(&dyn Row) -> Outcome<Flow> + 'f;

/// A moment of the store that is read: one snapshot from the first statement to the last.
pub trait Read {
    /// Runs a query and hands out its rows one by one; memory does not grow with their number.
    fn each(&mut self, sql: &str, values: &[Value<'_>], row: &mut EachRow<'_>) -> Outcome<()>;
}

impl dyn Read + '_ {
    /// The first row, mapped; `None` when there is none.
    pub fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl Fn(&dyn Row) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        let mut found = None;
        self.each(sql, values, &mut |row| {
            found = Some(map(row)?);
            Ok(Flow::Break(()))
        })?;
        Ok(found)
    }

    /// Whether anything was ever kept in a table. A table is laid when a statement first names it, so this is for those who name many.
    pub fn is_laid(&mut self, table: &str) -> Outcome<bool> {
        let sql = "select 1 from sqlite_schema where type = 'table' and name = ?1";
        Ok(self.one(sql, &[table.into()], |row| row.int(0))?.is_some())
    }

    /// Whether rows of any change are hidden. Most stores hide none, and need not be asked so row by row.
    pub fn hides_any(&mut self) -> Outcome<bool> {
        Ok(self.one("select 1 from hidden limit 1", &[], |row| row.int(0))?.is_some())
    }

    /// Every row, mapped. Only where the number of rows is small by nature.
    pub fn all<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl Fn(&dyn Row) -> Outcome<T>,
    ) -> Outcome<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, values, &mut |row| {
            rows.push(map(row)?);
            Ok(Flow::Continue(()))
        })?;
        Ok(rows)
    }
}

/// A table whose rows are objects: written through [`Tx::put`] and [`Tx::remove`] alone, so that every change is journalled and
/// can be taken back.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// How many leading columns make up the primary key.
    pub key: usize,
    pub columns: &'static [&'static str],
    /// What a row is, for people: `machine`.
    pub object: &'static str,
    /// The column whose value names the row to people; `parent.COLUMN`: that column of the parent, whose key is `id`.
    pub label: &'static str,
    /// The table whose whole key is the head of this one's, when rows belong to an object of another table.
    pub parent: Option<&'static str>,
}

/// Objects of a table whose rows still stand in a bulk table.
#[derive(Debug)]
pub struct Loaded {
    pub table: &'static Table,
    pub bulk: &'static str,
    /// Selects the columns of `table` of those rows that are seen.
    pub rows: &'static str,
}

/// What one domain keeps.
#[derive(Debug)]
pub struct Tables {
    /// Objects: journalled row by row.
    pub objects: &'static [&'static Table],
    /// Objects that stand in bulk, as an import brought them, until a command changes them.
    pub loaded: &'static [Loaded],
    /// Evidence that arrives in bulk: append-only, each row with the number of its change in a column `import`; undone as a whole
    /// by hiding it.
    pub bulk: &'static [&'static str],
    /// Everything else, for `store info` and `store export`: names made numbers, totals kept.
    pub others: &'static [&'static str],
    /// Makes the kept totals right again after the rows of change `.1` were shown or hidden.
    pub settle: fn(&mut dyn Tx, i64) -> Outcome<()>,
    /// Kept totals that are not what the rows say, as sentences for `store check`.
    pub audit: fn(&mut dyn Read) -> Outcome<Vec<String>>,
}

/// What [`Tx::put`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    Added,
    Changed,
    Unchanged,
}

/// A change of the store under way: seen whole or not at all.
pub trait Tx: Read {
    /// Runs a statement on tables that are not journalled; the number of rows it changed.
    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize>;

    /// Runs one statement for many rows of `width` values each; `changed(row, whether)` is told of each.
    ///
    /// During an import this is where a batch may end (see [`Store::import`]).
    fn many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        changed: &mut dyn FnMut(usize, bool),
    ) -> Outcome<()>;

    /// Runs one statement on tables that are not journalled for many rows of `width` values each; ends no batch.
    fn exec_many(&mut self, sql: &str, width: usize, values: &[Value<'_>]) -> Outcome<()>;

    /// Adds rows of `width` values each to a bulk table; `into` names it with its columns. A row that is there already is a fault.
    ///
    /// During an import this is where a batch may end (see [`Store::import`]).
    fn add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()>;

    /// As [`Tx::add`], to a table whose rows only go along with others: they are not counted and end no batch.
    fn exec_add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()>;

    /// Notes rows that are not journalled and that the store was seen to have: no statement ran for them.
    fn repeats(&mut self, rows: u64);

    /// Writes a row of an object table, journalled. `row` has a value for each column.
    fn put(&mut self, table: &'static Table, row: &[Value<'_>]) -> Outcome<Put>;

    /// Removes a row of an object table, journalled. False when there is none.
    fn remove(&mut self, table: &'static Table, key: &[Value<'_>]) -> Outcome<bool>;

    /// Notes the API call that this change makes, with its parameters, secrets masked.
    fn call(&mut self, api: &str, parameters: &str);

    /// Notes a file that the change read, by its number within the change.
    fn file(&mut self, number: i64, name: &str, kind: &str, sha256: &str) -> Outcome<()>;

    /// Says in one line what the change did, for `licctl log`; without it the journal counts the objects.
    fn summary(&mut self, text: String);

    /// The same moment, for the queries.
    fn reading(&mut self) -> &mut dyn Read;

    /// The number of this change: what bulk rows carry in their column `import`.
    fn change(&self) -> i64;
}
