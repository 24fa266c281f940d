//! Usage records on their way into the store: a log that was read, record by record.

use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::usage::UsageRecord;
use crate::rms::store::usage::{self, NewUsage};
use crate::store::Tx;
use std::collections::HashMap;

/// Records that are written at once.
const BATCH: usize = 500;

/// What of the records of the present second tells them apart, but for their number.
type Alike = (FeatureKey, i64, String, String);

/// The usage records of one file, written in batches as they come; the same file again adds nothing.
#[derive(Debug)]
pub struct UsageFile {
    manager: i64,
    file: i64,
    line: i64,
    second: i64,
    seen: HashMap<Alike, i64>,
    waiting: Vec<NewUsage>,
    /// Records that were new, and that the store had.
    pub added: u64,
    pub known: u64,
}

impl UsageFile {
    /// Begins with the log of a License Manager, whether the store knows it or not.
    ///
    /// - `file`: number of the file within the change, from 1.
    pub fn begin(tx: &mut dyn Tx, server: &str, file: i64) -> Outcome<Self> {
        let manager = usage::manager(tx, server)?;
        Ok(Self {
            manager,
            file,
            line: 0,
            second: i64::MIN,
            seen: HashMap::new(),
            waiting: Vec::with_capacity(BATCH),
            added: 0,
            known: 0,
        })
    }

    /// Takes a record; records come in the order of the file.
    pub fn take(&mut self, tx: &mut dyn Tx, record: UsageRecord) -> Outcome<()> {
        if record.time != self.second {
            self.second = record.time;
            self.seen.clear();
        }
        let alike =
            (record.feature.clone(), record.transaction, record.user.clone(), record.host.clone());
        let next = self.seen.entry(alike).or_insert(0);
        let nth = *next;
        *next += 1;
        self.line += 1;
        self.waiting.push(NewUsage { record, nth, file: self.file, line: self.line });
        if self.waiting.len() >= BATCH { self.write(tx) } else { Ok(()) }
    }

    /// Writes what waits still.
    pub fn end(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.write(tx)
    }

    fn write(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let rows = std::mem::take(&mut self.waiting);
        let (mut added, mut known) = (0, 0);
        usage::add(tx, self.manager, &rows, &mut |_, new| {
            if new {
                added += 1;
            } else {
                known += 1;
            }
        })?;
        self.added += added;
        self.known += known;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::UsageFile;
    use crate::apis;
    use crate::clock::Timestamp;
    use crate::rms::model::license::FeatureKey;
    use crate::rms::model::usage::UsageRecord;
    use crate::rms::store::usage::{Wanted, each, known_manager};
    use crate::store::{Change, Flow, Intent, Store};

    fn record(time: i64, user: &str) -> UsageRecord {
        UsageRecord {
            time,
            feature: FeatureKey { name: "CAD".to_owned(), version: "7.0".to_owned() },
            transaction: 0,
            units: Some(1),
            in_use: Some(1),
            key_life: None,
            user: user.to_owned(),
            host: "ws17".to_owned(),
            manager: "9.5.0".to_owned(),
            comment: String::new(),
            levels: [2, 0],
        }
    }

    #[test]
    fn the_same_log_again_adds_nothing_and_an_undone_one_is_taken_over() {
        let mut store = Store::scratch(apis::tables());
        let change =
            Change { command: "test".to_owned(), now: Timestamp::MIN, intent: Intent::Store };
        let log: Vec<UsageRecord> = (0..1_200)
            .map(|at| record(1_780_300_800 + at / 3, if at % 2 == 0 { "ann" } else { "bob" }))
            .collect();
        let import = |store: &mut Store| {
            let done = store.import(&change, |tx| {
                let mut file = UsageFile::begin(tx, "lic01", 1)?;
                for record in &log {
                    file.take(tx, record.clone())?;
                }
                file.end(tx)?;
                Ok((file.added, file.known))
            });
            done.unwrap().0
        };
        let count = |store: &mut Store| {
            store
                .read(|read| {
                    let manager = known_manager(read, "LIC01")?.unwrap();
                    let mut count = 0;
                    each(read, manager, &Wanted::default(), &mut |_| {
                        count += 1;
                        Ok(Flow::Continue(()))
                    })?;
                    Ok(count)
                })
                .unwrap()
        };
        assert_eq!(import(&mut store), (1_200, 0));
        assert_eq!(count(&mut store), 1_200);
        store.undo(&change, None).unwrap();
        assert_eq!(count(&mut store), 0);
        assert_eq!(import(&mut store), (1_200, 0));
        assert_eq!(import(&mut store), (0, 1_200));
        assert_eq!(count(&mut store), 1_200);
    }
}
