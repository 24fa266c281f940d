//! Findings in the order in which they are shown, the worst and the soonest first. Those beyond what memory should hold wait in a
//! temporary file, written short; those of a long series are made when they are shown.

use super::series::{Placed, Waiting};
use super::written::Words;
use super::{Finding, Level, Series, Take};
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
    series: Vec<Placed>,
    tally: Tally,
}

impl Take for Gathering {
    fn take(&mut self, finding: Finding) -> Outcome<()> {
        self.place(key(finding.severity, finding.due), finding)
    }

    /// Findings that memory would hold, or that come in another order, are taken one by one.
    fn take_series(&mut self, series: Box<dyn Series>) -> Outcome<()> {
        if series.rank(HELD).is_none() || !series.is_ordered() {
            return series.each(&mut |finding| self.take(finding));
        }
        self.spill()?;
        series.levels().for_each(|level| self.tally.add(level));
        self.series.push(Placed { series, behind: self.spool.parts() });
        Ok(())
    }
}

impl Gathering {
    /// Takes a finding that is not to be shown by its level and date but by `key`, and then as they came.
    pub fn place(&mut self, key: u64, finding: Finding) -> Outcome<()> {
        self.tally.add(finding.severity);
        self.held.push((key, finding));
        if self.held.len() < HELD { Ok(()) } else { self.spill() }
    }

    /// Moves the findings from memory into the file.
    fn spill(&mut self) -> Outcome<()> {
        if self.held.is_empty() {
            return Ok(());
        }
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
        if self.spool.parts() == 0 && self.series.is_empty() {
            self.held.sort_by_key(|(key, _)| *key);
        } else {
            self.spill()?;
        }
        Ok(Kept(self))
    }
}

/// What findings are shown by: the level, then the date, those without one first.
pub(super) fn key(level: Level, due: Option<Timestamp>) -> u64 {
    let level = match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Info => 2,
    };
    let due = due.map_or(0, |due| due.since(Timestamp::MIN).unsigned_abs() + 1);
    level << 56 | due
}

/// Findings that were gathered.
#[derive(Debug)]
pub struct Kept(Gathering);

impl Findings for Kept {
    fn each(&self, each: &mut dyn FnMut(&Finding) -> Outcome<Flow>) -> Outcome<()> {
        let Gathering { held, spool, words, series, .. } = &self.0;
        // Either all are held, or none is.
        for (_, finding) in held {
            if each(finding)?.is_break() {
                return Ok(());
            }
        }
        let mut waiting = Waiting::new(series);
        let mut flow = Flow::Continue(());
        spool.each(&mut |place, record| {
            flow = waiting.each(Some(place), each)?;
            if flow.is_continue() {
                let finding = words.read(record);
                flow =
                    each(&finding.ok_or_else(|| Stop::bug("a finding is not what was written"))?)?;
            }
            Ok(flow)
        })?;
        if flow.is_continue() {
            let _ = waiting.each(None, each)?;
        }
        Ok(())
    }

    fn tally(&self) -> Tally {
        self.0.tally
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Findings, Gathering, HELD, Level, Series, Take};
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

    /// So many findings, in the order in which they are shown.
    #[derive(Debug)]
    struct Ordered(Vec<Finding>);

    impl Ordered {
        fn new(count: usize) -> Self {
            let mut findings: Vec<Finding> = findings(count).collect();
            findings.sort_by_key(|finding| (finding.severity, finding.due));
            Self(findings)
        }
    }

    impl Series for Ordered {
        fn rank(&self, number: usize) -> Option<(Level, Option<Timestamp>)> {
            self.0.get(number).map(|finding| (finding.severity, finding.due))
        }

        fn finding(&self, number: usize) -> Option<Finding> {
            self.0.get(number).cloned()
        }
    }

    fn shown(findings: &dyn Findings, count: usize) -> Vec<Finding> {
        let mut read = Vec::new();
        let each = &mut |finding: &Finding| {
            read.push(finding.clone());
            Ok(if read.len() < count { Flow::Continue(()) } else { Flow::Break(()) })
        };
        findings.each(each).unwrap();
        read
    }

    #[test]
    fn a_series_is_shown_among_the_others_as_if_its_findings_came_one_by_one() {
        let lengths = [0, 7, HELD + 5, 2 * HELD];
        for (before, length, after) in lengths
            .into_iter()
            .flat_map(|length| [(0, length, 0), (9, length, 0), (HELD + 3, length, 50)])
        {
            let mut gathering = Gathering::default();
            let mut expected = Vec::new();
            for count in [before, after] {
                findings(count).for_each(|finding| gathering.take(finding).unwrap());
                expected.extend(findings(count));
                gathering.take_series(Box::new(Ordered::new(length))).unwrap();
                expected.extend(Ordered::new(length).0);
            }
            let kept = gathering.finish().unwrap();
            expected.sort_by_key(|finding| (finding.severity, finding.due));
            assert_eq!(kept.tally(), expected.tally());
            assert!(shown(&kept, usize::MAX) == expected, "{before} {length} {after}");
            let some = expected.len() / 2;
            assert!(shown(&kept, some.max(1)) == expected[..some.max(1).min(expected.len())]);
        }
    }

    #[test]
    fn a_series_in_another_order_is_put_in_order() {
        let mut gathering = Gathering::default();
        let series = Ordered(findings(HELD + 5).collect());
        gathering.take_series(Box::new(series)).unwrap();
        assert!(shown(&gathering.finish().unwrap(), usize::MAX) == Ordered::new(HELD + 5).0);
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
