//! Opening a store, and running one command's reading or writing in it.
//!
//! One command is one transaction. What it writes stands in `writing`, the file's layout in `layout`, its locks in `lock`.

use super::sqlite::{Engine, Purpose, Sqlite};
use super::writing::Writing;
use super::{Read, Tables, Tx, layout, lock, unfinished};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use anyhow::anyhow;
use std::fs::File;
use std::path::{Path, PathBuf};

/// How an engine is opened: the path (`None` for memory), what for, and whether an import follows.
type Opener = Box<dyn Fn(Option<&Path>, Purpose, Extent) -> Outcome<Box<dyn Engine>>>;

/// How much a transaction is about to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A few objects.
    Few,
    /// As many rows as the files of an import hold.
    Import,
}

/// The command that makes a change, as the journal keeps it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The command line, secrets masked.
    pub command: String,
    pub now: Timestamp,
    pub intent: Intent,
}

/// Whether a change is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    Store,
    /// `--dry-run`: the same work and the same answer, then nothing is stored.
    Rehearse,
}

/// A store file, opened when first needed.
pub struct Store {
    path: Option<PathBuf>,
    /// Whether the user named it: a missing named store is a fault for a reader, a missing default one an empty estate.
    named: bool,
    pub(super) tables: Vec<&'static Tables>,
    opener: Opener,
    reader: Option<Box<dyn Engine>>,
}

impl Store {
    /// The store at `path`; nothing is opened or made yet.
    #[must_use]
    pub fn at(path: PathBuf, named: bool, tables: Vec<&'static Tables>) -> Self {
        Self { path: Some(path), named, tables, opener: Box::new(open_sqlite), reader: None }
    }

    /// A store in memory that is gone with the process.
    #[must_use]
    pub fn scratch(tables: Vec<&'static Tables>) -> Self {
        Self { path: None, named: false, tables, opener: Box::new(open_sqlite), reader: None }
    }

    /// Opens engines through `opener` from now on; for tests.
    #[must_use]
    pub fn opened_by(
        self,
        opener: impl Fn(Option<&Path>, Purpose, Extent) -> Outcome<Box<dyn Engine>> + 'static,
    ) -> Self {
        Self { opener: Box::new(opener), ..self }
    }

    /// Fails at once when somebody else holds the store: for completions, which must not wait.
    #[must_use]
    pub fn impatient(self) -> Self {
        self.opened_by(|path, purpose, extent| match path {
            Some(path) if purpose == Purpose::Read => {
                Ok(Box::new(Sqlite::open_read(path)?.impatient()?))
            }
            path => open_sqlite(path, purpose, extent),
        })
    }

    /// Where the store is; `None` in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs `work` on one moment of the store.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut dyn Read) -> Outcome<T>) -> Outcome<T> {
        let mut engine = match self.reader.take() {
            Some(engine) => engine,
            None => self.open_reader()?,
        };
        engine.begin(Purpose::Read)?;
        let answer =
            layout::check(engine.as_mut(), self.path()).and_then(|()| work(engine.as_mut()));
        // Not rolled back: the empty tables that a reader's statements laid for themselves stay as long as the statements.
        match answer {
            Ok(_) => engine.commit()?,
            Err(_) => engine.rollback()?,
        }
        self.reader = Some(engine);
        answer
    }

    /// Runs `work` as one change; the answer and the number of the journal's entry, `None` when nothing changed.
    pub fn write<T>(
        &mut self,
        change: &Change,
        work: impl FnOnce(&mut dyn Tx) -> Outcome<T>,
    ) -> Outcome<(T, Option<i64>)> {
        self.transact(change, Extent::Few, |writing| work(writing))
    }

    /// As [`Store::write`], for the rows of whole files: batches are written that no reader sees before the last one.
    ///
    /// Objects ([`Tx::put`]) end the batches: whatever follows the first of them is one transaction.
    pub fn import<T>(
        &mut self,
        change: &Change,
        work: impl FnOnce(&mut dyn Tx) -> Outcome<T>,
    ) -> Outcome<(T, Option<i64>)> {
        self.transact(change, Extent::Import, |writing| work(writing))
    }

    pub(super) fn transact<T>(
        &mut self,
        change: &Change,
        extent: Extent,
        work: impl FnOnce(&mut Writing<'_>) -> Outcome<T>,
    ) -> Outcome<(T, Option<i64>)> {
        let (mut engine, lock) = self.open_writer(change, extent)?;
        let mut writing = Writing::begin(engine.as_mut(), change, extent, self.tables.clone())?;
        let answer = match work(&mut writing) {
            Ok(answer) if change.intent == Intent::Store => {
                writing.finish().map(|number| (answer, number))
            }
            Ok(answer) => writing.abandon().map(|()| (answer, None)),
            Err(stop) => {
                // The first trouble is the one to tell; a failing roll-back is mended by the next opening.
                let _ = writing.abandon();
                Err(stop)
            }
        };
        drop(lock);
        if self.path.is_none() {
            self.reader = Some(engine);
        }
        answer
    }

    fn open_reader(&mut self) -> Outcome<Box<dyn Engine>> {
        match &self.path {
            Some(path) if path.exists() => {
                lock::no_folder(path)?;
                (self.opener)(Some(path), Purpose::Read, Extent::Few)
            }
            Some(path) if self.named => Err(Stop::Fault(
                anyhow!("there is no file {}", path.display()).context("the store is missing"),
            )
            .remedied("give `--store` the path of one; the first command that writes makes it")),
            _ => {
                let mut engine = (self.opener)(None, Purpose::Write, Extent::Few)?;
                engine.begin(Purpose::Write)?;
                layout::build(engine.as_mut(), 0)?;
                engine.commit()?;
                Ok(engine)
            }
        }
    }

    /// An engine whose store has the present layout, no dead import, and, for an import, the lock that keeps others out.
    pub(super) fn open_writer(
        &mut self,
        change: &Change,
        extent: Extent,
    ) -> Outcome<(Box<dyn Engine>, Option<File>)> {
        let Some(path) = self.path.clone() else {
            return match self.reader.take() {
                Some(engine) => Ok((engine, None)),
                None => self.open_reader().map(|engine| (engine, None)),
            };
        };
        self.reader = None;
        // A rehearsal of the very first command must leave no file behind.
        if change.intent == Intent::Rehearse && !path.exists() {
            return self.missing_as_empty().map(|engine| (engine, None));
        }
        lock::no_folder(&path)?;
        if change.intent == Intent::Rehearse && !lock::may_write(&path) {
            return rehearsal(&path).map(|engine| (engine, None));
        }
        lock::make_file(&path, self.named)?;
        let lock = match extent {
            Extent::Import => Some(lock::for_import(&path)?),
            Extent::Few => None,
        };
        let mut engine = (self.opener)(Some(&path), Purpose::Write, extent)?;
        layout::bring_up_to_date(engine.as_mut(), &path)?;
        self.sweep(engine.as_mut(), &path, lock.is_some())?;
        Ok((engine, lock))
    }

    fn missing_as_empty(&self) -> Outcome<Box<dyn Engine>> {
        let mut engine = (self.opener)(None, Purpose::Write, Extent::Few)?;
        engine.begin(Purpose::Write)?;
        layout::build(engine.as_mut(), 0)?;
        engine.commit()?;
        Ok(engine)
    }

    /// Removes what an import left that was killed; a live one holds its lock and is left alone.
    fn sweep(&self, engine: &mut dyn Engine, path: &Path, importing: bool) -> Outcome<()> {
        if !unfinished::any(engine.reading())? {
            return Ok(());
        }
        let lock = if importing { None } else { lock::attempt(path)? };
        if !importing && lock.is_none() {
            return Ok(());
        }
        for dead in engine.reading().all(unfinished::RUNNING, &[], |row| row.int(0))? {
            unfinished::remove(engine, &self.tables, dead)?;
        }
        Ok(())
    }
}

/// A copy of a store that this user can only read, for a change that is not meant; gone with the process.
pub(super) fn rehearsal(path: &Path) -> Outcome<Box<dyn Engine>> {
    let mut engine = Sqlite::open_temporary()?;
    engine.copy_from(path, &mut |_, _| ())?;
    layout::check(&mut engine, Some(path))?;
    Ok(Box::new(engine))
}

fn open_sqlite(path: Option<&Path>, purpose: Purpose, extent: Extent) -> Outcome<Box<dyn Engine>> {
    let Some(path) = path else {
        return Ok(Box::new(Sqlite::open_memory()?));
    };
    if purpose == Purpose::Read {
        return Ok(Box::new(Sqlite::open_read(path)?));
    }
    let mut engine = Sqlite::open_write(path)?;
    if extent == Extent::Import {
        engine.for_import()?;
    }
    Ok(Box::new(engine))
}
