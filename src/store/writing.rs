//! A change under way: every statement of a command that writes goes through here.
//!
//! An import may write batches that no reader sees before its last one: its number stands in `hidden` until it is complete.

use super::journal::Recorder;
use super::sqlite::{Engine, Purpose};
use super::transaction::{Change, Extent, Intent};
use super::{Put, Read, Table, Tables, Tx, Value, unfinished};
use crate::error::{Outcome, Usage};
use std::time::Duration;

/// The pause between two batches, in which waiting writers and readers get their turn.
const TURN: Duration = Duration::from_millis(8);

/// Rows after which an import ends a batch: some 12 MB, committed in well under a quarter of a second.
const BATCH: u64 = 100_000;

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
    pub(super) fn begin(
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

    /// Counts rows that are new in a bulk table; enough of them end a batch.
    fn added(&mut self, rows: u64) -> Outcome<()> {
        self.bulk += rows;
        self.pending += rows;
        let batches = self.extent == Extent::Import && !self.recorder.has_rows();
        if batches && self.change.intent == Intent::Store && self.pending >= BATCH {
            self.batch()?;
        }
        Ok(())
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
    pub(super) fn finish(mut self) -> Outcome<Option<i64>> {
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
    pub(super) fn abandon(self) -> Outcome<()> {
        self.engine.rollback()?;
        if self.announced {
            unfinished::remove(self.engine, &self.tables, self.number)?;
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
        self.repeats += known;
        self.added(new)
    }

    fn add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        self.engine.add(into, width, values)?;
        self.added(u64::try_from(values.len() / width.max(1)).unwrap_or(0))
    }

    fn exec_add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        self.engine.add(into, width, values)
    }

    fn exec_many(&mut self, sql: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        self.engine.many(sql, width, values, &mut |_, _| ())
    }

    fn repeats(&mut self, rows: u64) {
        self.repeats += rows;
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
