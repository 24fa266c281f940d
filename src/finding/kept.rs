//! Findings in the order in which they are shown, the worst and the soonest first. Those beyond what memory should hold wait in a
//! temporary file, written short.

use super::written::Words;
use super::{Finding, Level};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::Flow;
use crate::store::spool::Spool;

/// Findings that memory holds, some 1,200 bytes each.
const HELD: usize = 1 << 13;

/// How many findings there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u64; 3]);

impl Tally {
    pub fn add(&mut self, level: Level) {
        let [errors, warnings, notes] = &mut self.0;
        *match level {
            Level::Error => errors,
            Level::Warning => warnings,
            Level::Info => notes,
        } += 1;
    }

    #[must_use]
    pub fn of(self, level: Level) -> u64 {
        let [errors, warnings, notes] = self.0;
        match level {
            Level::Error => errors,
            Level::Warning => warnings,
            Level::Info => notes,
        }
    }

    #[must_use]
    pub fn all(self) -> u64 {
        self.0.iter().sum()
    }
}

/// Findings that can be walked through as often as it is asked.
pub trait Findings: std::fmt::Debug {
    /// Hands out the findings in the order in which they are shown.
    fn each(&self, each: &mut dyn FnMut(&Finding) -> Outcome<Flow>) -> Outcome<()>;

    fn tally(&self) -> Tally;
}

impl Findings for Vec<Finding> {
    fn each(&self, each: &mut dyn FnMut(&Finding) -> Outcome<Flow>) -> Outcome<()> {
        for finding in self {
            if each(finding)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for finding in self {
            tally.add(finding.severity);
        }
        tally
    }
}

/// Takes findings in any order; those of one level and date stay in the order in which they came.
#[derive(Debug, Default)]
pub struct Gathering {
    held: Vec<(u64, Finding)>,
    spool: Spool,
    words: Words,
    tally: Tally,
}

impl Gathering {
    pub fn take(&mut self, finding: Finding) -> Outcome<()> {
        self.place(key(&finding), finding)
    }

    /// Takes a finding that is not to be shown by its level and date but by `key`, and then as they came.
    pub fn place(&mut self, key: u64, finding: Finding) -> Outcome<()> {
        self.tally.add(finding.severity);
        self.held.push((key, finding));
        if self.held.len() < HELD { Ok(()) } else { self.spill() }
    }

    /// Moves the findings from memory into the file.
    fn spill(&mut self) -> Outcome<()> {
        self.held.sort_by_key(|(key, _)| *key);
        let (mut held, words) = (self.held.drain(..), &mut self.words);
        self.spool.add(|room| {
            let (key, finding) = held.next()?;
            words.write(&finding, room);
            Some(key)
        })
    }

    /// Puts everything in its order.
    pub fn finish(mut self) -> Outcome<Kept> {
        if self.spool.is_empty() {
            self.held.sort_by_key(|(key, _)| *key);
        } else {
            self.spill()?;
        }
        Ok(Kept(self))
    }
}

/// What findings are shown by: the level, then the date, those without one first.
fn key(finding: &Finding) -> u64 {
    let level = match finding.severity {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Info => 2,
    };
    let due = finding.due.map_or(0, |due| due.since(Timestamp::MIN).unsigned_abs() + 1);
    level << 56 | due
}

/// Findings that were gathered.
#[derive(Debug)]
pub struct Kept(Gathering);

impl Findings for Kept {
    fn each(&self, each: &mut dyn FnMut(&Finding) -> Outcome<Flow>) -> Outcome<()> {
        let Gathering { held, spool, words, .. } = &self.0;
        if spool.is_empty() {
            for (_, finding) in held {
                if each(finding)?.is_break() {
                    break;
                }
            }
            return Ok(());
        }
        spool.each(&mut |record| match words.read(record) {
            Some(finding) => each(&finding),
            None => Err(Stop::bug("a finding is not what was written")),
        })
    }

    fn tally(&self) -> Tally {
        self.0.tally
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Findings, Gathering, HELD, Level};
    use crate::clock::Timestamp;
    use crate::store::Flow;

    /// Findings of every level and many dates, in no order.
    fn findings(count: usize) -> impl Iterator<Item = Finding> {
        (0..count).map(|at| {
            let level = [Level::Info, Level::Error, Level::Warning][at * 7 % 3];
            let due = Timestamp::from_s(i64::try_from(at * 7919 % 1013).unwrap());
            Finding::new("kms", "a.class", level, at.to_string(), "m")
                .due(due.filter(|_| at % 5 != 0))
        })
    }

    #[test]
    fn the_worst_and_soonest_come_first_whether_they_fit_into_memory_or_not() {
        for count in [0, 1, 100, HELD, 3 * HELD + 7] {
            let mut gathering = Gathering::default();
            findings(count).for_each(|finding| gathering.take(finding).unwrap());
            let kept = gathering.finish().unwrap();
            let mut expected: Vec<Finding> = findings(count).collect();
            expected.sort_by_key(|finding| (finding.severity, finding.due));
            assert_eq!(kept.tally(), expected.tally());
            assert_eq!(kept.tally().all(), u64::try_from(count).unwrap());
            for _ in 0..2 {
                let mut read = Vec::new();
                kept.each(&mut |finding| {
                    read.push(finding.clone());
                    Ok(Flow::Continue(()))
                })
                .unwrap();
                assert!(read == expected, "{count}");
            }
        }
    }
}
