//! Opening a store, and running one command's reading or writing in it.
//!
//! One command is one transaction. An import may write batches that no reader sees before its last one: its number stands in
//! `hidden` until it is complete, and a lock file beside the store tells a live import from a dead one.

use super::journal::Recorder;
use super::schema;
use super::sqlite::{Engine, Purpose, Sqlite};
use super::{Put, Read, Table, Tables, Tx, Value};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage};
use anyhow::{Context, anyhow};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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

/// Rows after which an import ends a batch: some 12 MB, committed in well under a quarter of a second.
const BATCH: u64 = 100_000;

/// The pause between two batches, in which waiting writers and readers get their turn.
const TURN: Duration = Duration::from_millis(8);

/// How long an import waits for another one that makes no progress.
const STANDSTILL: Duration = Duration::from_secs(10);

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
            check_layout(engine.as_mut(), self.path()).and_then(|()| work(engine.as_mut()));
        engine.rollback()?;
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
            Some(path) if path.exists() => (self.opener)(Some(path), Purpose::Read, Extent::Few),
            Some(path) if self.named => Err(Stop::Fault(
                anyhow!("there is no file {}", path.display())
                    .context("the store is missing; the first command that writes makes it"),
            )),
            _ => {
                let mut engine = (self.opener)(None, Purpose::Write, Extent::Few)?;
                engine.begin(Purpose::Write)?;
                build(engine.as_mut(), 0)?;
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
        make_file(&path)?;
        let lock = match extent {
            Extent::Import => Some(lock_for_import(&path)?),
            Extent::Few => None,
        };
        let mut engine = (self.opener)(Some(&path), Purpose::Write, extent)?;
        Self::bring_up_to_date(engine.as_mut(), &path)?;
        self.sweep(engine.as_mut(), &path, lock.is_some())?;
        Ok((engine, lock))
    }

    fn missing_as_empty(&self) -> Outcome<Box<dyn Engine>> {
        let mut engine = (self.opener)(None, Purpose::Write, Extent::Few)?;
        engine.begin(Purpose::Write)?;
        build(engine.as_mut(), 0)?;
        engine.commit()?;
        Ok(engine)
    }

    /// Builds the layout in a new file, and takes an older store forward after a backup beside it.
    fn bring_up_to_date(engine: &mut dyn Engine, path: &Path) -> Outcome<()> {
        let (application, version) = marks(engine)?;
        if application == schema::APPLICATION_ID && version == schema::present() {
            return Ok(());
        }
        engine.begin(Purpose::Write)?;
        // Another process may have done it between the look and the lock.
        let (application, version) = marks(engine)?;
        let done = match (application, version) {
            (0, 0) if is_empty(engine)? => build(engine, 0),
            (schema::APPLICATION_ID, older) if older < schema::present() => {
                let backup = path.with_extension(format!("v{older}.backup"));
                std::fs::copy(path, &backup).with_context(|| {
                    format!("backing the store up as {} before taking it forward", backup.display())
                })?;
                build(engine, older)
            }
            (schema::APPLICATION_ID, same) if same == schema::present() => Ok(()),
            _ => check_layout(engine, Some(path)),
        };
        match done {
            Ok(()) => engine.commit(),
            Err(stop) => {
                engine.rollback()?;
                Err(stop)
            }
        }
    }

    /// Removes what an import left that was killed; a live one holds its lock and is left alone.
    fn sweep(&self, engine: &mut dyn Engine, path: &Path, importing: bool) -> Outcome<()> {
        let running = "select change from hidden where running = 1";
        if engine.reading().one(running, &[], |row| row.int(0))?.is_none() {
            return Ok(());
        }
        let lock = if importing { None } else { try_lock(path)? };
        if !importing && lock.is_none() {
            return Ok(());
        }
        engine.begin(Purpose::Write)?;
        let dead = engine.reading().all(running, &[], |row| row.int(0))?;
        for change in dead {
            remove_bulk(engine, &self.tables, change)?;
        }
        engine.commit()
    }
}

/// Removes every bulk row of `change` and its entry, as if it had never begun.
fn remove_bulk(engine: &mut dyn Engine, tables: &[&'static Tables], change: i64) -> Outcome<()> {
    for table in tables.iter().flat_map(|tables| tables.bulk) {
        engine.exec(&format!("delete from {table} where import = ?1"), &[change.into()])?;
    }
    engine.exec("delete from change_files where change = ?1", &[change.into()])?;
    engine.exec("delete from hidden where change = ?1", &[change.into()])?;
    engine.exec("delete from changes where number = ?1", &[change.into()])?;
    Ok(())
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

/// Makes the folder and an empty file that only its owner can read.
fn make_file(path: &Path) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {} for the store", folder.display()))?;
    }
    private(OpenOptions::new().write(true).create(true).truncate(false), path)
        .with_context(|| format!("making the store {}", path.display()))?;
    Ok(())
}

/// Opens a file with mode 0600 where the system has modes.
fn private(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn lock_file(path: &Path) -> Outcome<File> {
    let mut name = path.as_os_str().to_owned();
    name.push("-import");
    let path = PathBuf::from(name);
    private(OpenOptions::new().write(true).create(true).truncate(false), &path)
        .with_context(|| format!("making the lock file {}", path.display()))
        .map_err(Stop::Fault)
}

fn try_lock(path: &Path) -> Outcome<Option<File>> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(Stop::Fault(anyhow::Error::from(error).context("locking the store for an import")))
        }
    }
}

/// Waits for a running import as long as it makes progress.
fn lock_for_import(path: &Path) -> Outcome<File> {
    let state = || std::fs::metadata(path).and_then(|data| Ok((data.len(), data.modified()?))).ok();
    let (mut seen, mut since) = (state(), Instant::now());
    loop {
        if let Some(lock) = try_lock(path)? {
            return Ok(lock);
        }
        if state() != seen {
            (seen, since) = (state(), Instant::now());
        }
        if since.elapsed() > STANDSTILL {
            return Err(Stop::Fault(anyhow!(
                "another import holds the store and has written nothing for ten seconds; try again when it is done"
            )));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The file's marks: whose it is, and which layout it has.
fn marks(engine: &mut dyn Engine) -> Outcome<(i64, i64)> {
    let read: &mut dyn Read = engine;
    let application = read.one("pragma application_id", &[], |row| row.int(0))?.unwrap_or(0);
    let version = read.one("pragma user_version", &[], |row| row.int(0))?.unwrap_or(0);
    Ok((application, version))
}

fn is_empty(engine: &mut dyn Engine) -> Outcome<bool> {
    let read: &mut dyn Read = engine;
    Ok(read.one("select 1 from sqlite_schema", &[], |row| row.int(0))?.is_none())
}

/// Runs the steps after layout `from`.
fn build(engine: &mut dyn Engine, from: i64) -> Outcome<()> {
    for step in schema::STEPS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        engine.script(step.sql)?;
    }
    engine.script(&format!(
        "pragma application_id = {}; pragma user_version = {};",
        schema::APPLICATION_ID,
        schema::present()
    ))
}

/// Faults unless the file is a store of the present layout.
fn check_layout(engine: &mut dyn Engine, path: Option<&Path>) -> Outcome<()> {
    let (application, version) = marks(engine)?;
    let name = path.map_or_else(|| "the store".to_owned(), |path| path.display().to_string());
    let present = schema::present();
    let fault = |text: String| Err(Stop::Fault(anyhow!(text)));
    match (application, version) {
        (schema::APPLICATION_ID, version) if version == present => Ok(()),
        (schema::APPLICATION_ID, version) if version > present => fault(format!(
            "{name} was written by a newer licctl (layout {version}, this one knows {present}); update licctl"
        )),
        (schema::APPLICATION_ID, version) => fault(format!(
            "{name} was written by an older licctl (layout {version}, this one has {present}); any command that writes takes it forward, after a backup"
        )),
        (0, 0) if is_empty(engine)? => {
            fault(format!("{name} is empty; the first command that writes makes it a store"))
        }
        _ => fault(format!("{name} is not a store of licctl, but another program's database")),
    }
}

/// A change under way.
pub(super) struct Writing<'a> {
    pub(super) engine: &'a mut dyn Engine,
    pub(super) tables: Vec<&'static Tables>,
    pub(super) number: i64,
    pub(super) recorder: Recorder,
    change: &'a Change,
    extent: Extent,
    /// Whether a batch of this import is in the store already.
    announced: bool,
    /// Rows of bulk tables since the last batch, and those of the whole change.
    pending: u64,
    bulk: u64,
    repeats: u64,
}

impl<'a> Writing<'a> {
    fn begin(
        engine: &'a mut dyn Engine,
        change: &'a Change,
        extent: Extent,
        tables: Vec<&'static Tables>,
    ) -> Outcome<Self> {
        engine.begin(Purpose::Write)?;
        let number = engine
            .reading()
            .one("select coalesce(max(number), 0) + 1 from changes", &[], |row| row.int(0))?
            .unwrap_or(1);
        Ok(Self {
            engine,
            tables,
            number,
            recorder: Recorder::default(),
            change,
            extent,
            announced: false,
            pending: 0,
            bulk: 0,
            repeats: 0,
        })
    }

    /// Ends a batch: what is written so far survives, but no reader sees it.
    fn batch(&mut self) -> Outcome<()> {
        if !self.announced {
            self.enter()?;
            self.engine
                .exec("insert into hidden(change, running) values(?1, 1)", &[self.number.into()])?;
            self.announced = true;
        }
        self.engine.commit()?;
        self.pending = 0;
        std::thread::sleep(TURN);
        self.engine.begin(Purpose::Write)
    }

    /// Writes the journal's entry, or brings it up to date.
    fn enter(&mut self) -> Outcome<()> {
        let Self { number, change, recorder, bulk, repeats, .. } = self;
        let repeats = i64::try_from(*repeats).unwrap_or(i64::MAX);
        self.engine.exec(
            "insert into changes(number, time_ms, command, calls, summary, bulk, repeats, undoes) \
             values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict(number) do update set calls = excluded.calls, \
             summary = excluded.summary, bulk = excluded.bulk, repeats = excluded.repeats",
            &[
                (*number).into(),
                change.now.into(),
                (&change.command).into(),
                (&recorder.calls()).into(),
                (&recorder.summary()).into(),
                (*bulk > 0).into(),
                repeats.into(),
                recorder.undoes.into(),
            ],
        )?;
        Ok(())
    }

    /// Makes the change seen. `None` when there is nothing to see.
    fn finish(mut self) -> Outcome<Option<i64>> {
        if self.recorder.is_empty() && self.bulk == 0 && !self.announced {
            // Names made numbers alone are no change that anybody could see, and the number is free for the next one.
            self.engine.rollback()?;
            return Ok(None);
        }
        self.enter()?;
        if self.announced {
            self.engine.exec("delete from hidden where change = ?1", &[self.number.into()])?;
        }
        self.engine.commit()?;
        Ok(Some(self.number))
    }

    /// Leaves the store as it was.
    fn abandon(self) -> Outcome<()> {
        self.engine.rollback()?;
        if self.announced {
            self.engine.begin(Purpose::Write)?;
            remove_bulk(self.engine, &self.tables, self.number)?;
            self.engine.commit()?;
        }
        Ok(())
    }

    /// The registered table of that name.
    pub(super) fn table(&self, name: &str) -> Outcome<&'static Table> {
        self.tables
            .iter()
            .flat_map(|tables| tables.objects.iter().copied())
            .find(|table| table.name == name)
            .ok_or_else(|| {
                Usage::new(format!(
                    "the history names a table `{name}` that this licctl does not know"
                ))
                .into()
            })
    }
}

impl Read for Writing<'_> {
    fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        row: &mut super::EachRow<'_>,
    ) -> Outcome<()> {
        self.engine.each(sql, values, row)
    }
}

impl Tx for Writing<'_> {
    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize> {
        self.engine.exec(sql, values)
    }

    fn many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        changed: &mut dyn FnMut(usize, bool),
    ) -> Outcome<()> {
        let (mut new, mut known) = (0_u64, 0_u64);
        self.engine.many(sql, width, values, &mut |row, whether| {
            if whether {
                new += 1;
            } else {
                known += 1;
            }
            changed(row, whether);
        })?;
        self.bulk += new;
        self.repeats += known;
        self.pending += new;
        let batches = self.extent == Extent::Import && !self.recorder.has_rows();
        if batches && self.change.intent == Intent::Store && self.pending >= BATCH {
            self.batch()?;
        }
        Ok(())
    }

    fn exec_many(&mut self, sql: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        self.engine.many(sql, width, values, &mut |_, _| ())
    }

    fn put(&mut self, table: &'static Table, row: &[Value<'_>]) -> Outcome<Put> {
        self.recorder.put(self.engine, self.number, table, row)
    }

    fn remove(&mut self, table: &'static Table, key: &[Value<'_>]) -> Outcome<bool> {
        self.recorder.remove(self.engine, self.number, table, key)
    }

    fn call(&mut self, api: &str, parameters: &str) {
        self.recorder.call(api, parameters);
    }

    fn file(&mut self, number: i64, name: &str, kind: &str, sha256: &str) -> Outcome<()> {
        let sql = "insert into change_files(change, ordinal, name, kind, sha256) values(?1, ?2, ?3, ?4, ?5)";
        let values = [self.number.into(), number.into(), name.into(), kind.into(), sha256.into()];
        self.engine.exec(sql, &values).map(|_| ())
    }

    fn summary(&mut self, text: String) {
        self.recorder.tell(text);
    }

    fn reading(&mut self) -> &mut dyn Read {
        self
    }

    fn change(&self) -> i64 {
        self.number
    }
}
