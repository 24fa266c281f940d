//! Findings that are made when they are shown. What a report holds in some bytes each is neither held as findings nor written to a file
//! and read back.

use super::kept::key;
use super::{Finding, Level};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::Flow;
use std::fmt::Debug;

/// Many findings, made as often as they are asked for.
pub trait Series: Debug {
    /// What the finding of a number, from 0 on, is shown by: its severity and when it is due; `None` behind the last one.
    fn rank(&self, number: usize) -> Option<(Level, Option<Timestamp>)>;

    /// The finding of a number; `None` behind the last one.
    fn finding(&self, number: usize) -> Option<Finding>;
}

impl dyn Series + '_ {
    /// Hands out every finding.
    pub fn each(&self, each: &mut dyn FnMut(Finding) -> Outcome<()>) -> Outcome<()> {
        (0..).map_while(|number| self.finding(number)).try_for_each(each)
    }

    pub(super) fn levels(&self) -> impl Iterator<Item = Level> {
        (0..).map_while(|number| self.rank(number)).map(|(level, _)| level)
    }

    /// Whether the findings come in the order in which they are shown.
    pub(super) fn is_ordered(&self) -> bool {
        (0..).map_while(|number| self.key(number)).is_sorted()
    }

    fn key(&self, number: usize) -> Option<u64> {
        self.rank(number).map(|(level, due)| key(level, due))
    }
}

/// A series in order, behind what came earlier.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) series: Box<dyn Series>,
    /// How many parts of other findings came before it.
    pub(super) behind: usize,
}

/// What was not yet handed out of some series.
pub(super) struct Waiting<'s> {
    left: Vec<Left<'s>>,
}

struct Left<'s> {
    series: &'s dyn Series,
    number: usize,
    /// Key and place of the next finding.
    next: Option<(u64, usize)>,
}

impl<'s> Waiting<'s> {
    pub(super) fn new(placed: &'s [Placed]) -> Self {
        let left = placed.iter().map(|Placed { series, behind }| {
            let series = series.as_ref();
            Left { series, number: 0, next: series.key(0).map(|key| (key, *behind)) }
        });
        Self { left: left.collect() }
    }

    /// Hands out what comes before another finding, told by its key and the number of its part; without one all that is left.
    pub(super) fn each(
        &mut self,
        before: Option<(u64, usize)>,
        each: &mut dyn FnMut(&Finding) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        while let Some(finding) = self.next(before) {
            if each(&finding)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn next(&mut self, before: Option<(u64, usize)>) -> Option<Finding> {
        let waiting = self.left.iter_mut().filter(|left| left.next.is_some());
        let left = waiting.min_by_key(|left| left.next)?;
        let (key, behind) = left.next?;
        if before.is_some_and(|before| before < (key, behind)) {
            return None;
        }
        let finding = left.series.finding(left.number);
        left.number += 1;
        left.next = left.series.key(left.number).map(|key| (key, behind));
        finding
    }
}
