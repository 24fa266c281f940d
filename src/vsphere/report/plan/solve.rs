//! The best answer: as many hosts as possible, on as few licenses as possible, then what else makes an answer better.
//!
//! Sets of licenses are tried by their size, the largest capacities first, and each by a search. What a search cannot finish
//! within its budget is told: the answer is never better than it says.

use super::fill::{Budget, Counts, Goal, fill};
use super::first_fit;
use super::problem::{Class, Problem, Score};
use super::table::{Table, at};
use std::cmp::Reverse;

/// How many nodes a search has, for each of its two questions.
pub const NODES: u64 = 200_000;

/// An answer, and how much of it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// For each host its bin.
    pub placed: Vec<Option<usize>>,
    /// No answer places more hosts, or as many on fewer licenses.
    pub fewest: bool,
    /// No answer is better in anything.
    pub optimal: bool,
}

/// Answers the question; the same question has the same answer.
#[must_use]
pub fn solve(problem: &Problem, nodes: u64) -> Answer {
    let mut solver = Solver::new(problem);
    let mut budget = Budget::new(nodes);
    let fewest = solver.most(&mut budget) && solver.fewest(&mut budget);
    let optimal = fewest && solver.finest(&mut Budget::new(nodes));
    Answer { placed: solver.best, fewest, optimal }
}

struct Solver<'p> {
    problem: &'p Problem,
    /// Hosts that could be somewhere.
    classes: Vec<Class>,
    /// Hosts that could be nowhere.
    impossible: u64,
    /// The bins, those that could hold most first.
    bins: Vec<usize>,
    best: Vec<Option<usize>>,
    score: Score,
}

impl<'p> Solver<'p> {
    fn new(problem: &'p Problem) -> Self {
        let (classes, impossible): (Vec<Class>, Vec<Class>) =
            problem.classes().into_iter().partition(Class::is_possible);
        let mut bins: Vec<usize> = (0..problem.bins.len()).collect();
        bins.sort_by_key(|bin| (Reverse(reach(problem, &classes, *bin)), *bin));
        let by_key: Vec<usize> = (0..problem.bins.len()).collect();
        let best = first_fit::best(problem, &by_key);
        let impossible = impossible.iter().map(Class::count).sum();
        let score = problem.score(&best);
        let mut solver = Self { problem, classes, impossible, bins: Vec::new(), score, best };
        solver.thumb(&bins);
        Self { bins, ..solver }
    }

    fn take(&mut self, placed: Vec<Option<usize>>) {
        let score = self.problem.score(&placed);
        if score < self.score {
            self.score = score;
            self.best = placed;
        }
    }

    /// Hosts left out that could be somewhere.
    fn skips(&self) -> u64 {
        self.score.unplaced.saturating_sub(self.impossible)
    }

    /// Places as many hosts as possible; whether that is proven.
    fn most(&mut self, budget: &mut Budget) -> bool {
        let table = Table::new(self.problem, &self.classes, &self.bins);
        for skips in 0..self.skips() {
            if !table.may_fit(0, &table.capacities, skips) {
                continue;
            }
            let found = fill(&table, skips, Goal::Any, budget);
            if let Some(counts) = found {
                self.take(self.answer(&table, &counts));
                self.thumb(&table.bins);
                return true;
            }
            if budget.is_spent() {
                return false;
            }
        }
        true
    }

    /// Tries the rules of thumb over a set of bins.
    fn thumb(&mut self, bins: &[usize]) {
        self.take(first_fit::best(self.problem, bins));
    }

    /// Finds the fewest bins that hold as many hosts; whether that is proven.
    fn fewest(&mut self, budget: &mut Budget) -> bool {
        let table = Table::new(self.problem, &self.classes, &self.bins);
        let skips = self.skips();
        let mut size = 0;
        while u64::try_from(size).is_ok_and(|size| size < self.score.bins) {
            let mut found = None;
            let twins = twins(&table, |place| table.family(place));
            let mut sets = Sets { table: &table, twins, skips, size, chosen: Vec::new() };
            sets.each(0, budget, &mut |bins, budget| {
                let table = Table::new(self.problem, &self.classes, bins);
                let counts = fill(&table, skips, Goal::Any, budget);
                found = counts.map(|counts| (self.answer(&table, &counts), bins.to_vec()));
                found.is_some()
            });
            if let Some((placed, bins)) = found {
                self.take(placed);
                self.thumb(&bins);
                return true;
            }
            if budget.is_spent() {
                return false;
            }
            size += 1;
        }
        true
    }

    /// Of all answers with as many hosts on as few bins finds the best; whether that is proven.
    fn finest(&mut self, budget: &mut Budget) -> bool {
        let Ok(size) = usize::try_from(self.score.bins) else { return false };
        let mut popular = self.bins.clone();
        let now = |bin: &usize| {
            self.problem.items.iter().filter(|item| item.current == Some(*bin)).count()
        };
        popular.sort_by_key(|bin| Reverse(now(bin)));
        popular.truncate(size);
        self.thumb(&popular);
        let table = Table::new(self.problem, &self.classes, &self.bins);
        let skips = self.skips();
        let (problem, classes) = (self.problem, self.classes.clone());
        let end =
            |place: usize| table.bins.get(place).and_then(|bin| problem.bins.get(*bin)?.expires);
        let twins = twins(&table, |place| (at(&table.kin, place), end(place)));
        let mut sets = Sets { table: &table, twins, skips, size, chosen: Vec::new() };
        sets.each(0, budget, &mut |bins, budget| {
            let table = Table::new(problem, &classes, bins);
            // A set that ranks before the best one may be as light; one behind it must be lighter.
            let goal = Goal::Lightest(self.score.penalty, problem.rank(bins) < self.score.rank);
            if let Some(counts) = fill(&table, skips, goal, budget) {
                self.take(self.answer(&table, &counts));
            }
            false
        });
        !budget.is_spent()
    }

    /// The hosts themselves, from how many of each class stand where.
    fn answer(&self, table: &Table, counts: &Counts) -> Vec<Option<usize>> {
        let mut placed = vec![None; self.problem.items.len()];
        for (class, row) in self.classes.iter().zip(counts) {
            let mut members = class.members.iter();
            for (bin, count) in table.bins.iter().zip(row) {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                for member in members.by_ref().take(count) {
                    if let Some(place) = placed.get_mut(*member) {
                        *place = Some(*bin);
                    }
                }
            }
        }
        placed
    }
}

/// How many hosts of the usual cost a bin holds, in thousandths.
fn reach(problem: &Problem, classes: &[Class], bin: usize) -> i128 {
    let capacity = problem.bins.get(bin).and_then(|bin| bin.capacity);
    let (mut sum, mut count) = (0_i128, 0_i128);
    for class in classes {
        if let Some(fit) = class.item.fits.get(bin).copied().flatten() {
            sum += i128::from(fit.cost) * i128::from(class.count());
            count += i128::from(class.count());
        }
    }
    match capacity {
        _ if count == 0 => 0,
        None => i128::MAX,
        Some(capacity) => i128::from(capacity) * 1000 * count / sum.max(1),
    }
}

/// For each place the nearest one before it with the same capacity and the same mark.
fn twins<M: PartialEq>(table: &Table, mark: impl Fn(usize) -> M) -> Vec<Option<usize>> {
    let same = |one: usize, other: usize| {
        at(&table.capacities, one) == at(&table.capacities, other) && mark(one) == mark(other)
    };
    (0..table.bins.len()).map(|place| (0..place).rev().find(|twin| same(*twin, place))).collect()
}

/// Sets of bins of one size, in the order of the table.
struct Sets<'t> {
    table: &'t Table,
    /// For each place the one before it that nothing tells apart from it: it is chosen first.
    twins: Vec<Option<usize>>,
    skips: u64,
    size: usize,
    /// Places in the table.
    chosen: Vec<usize>,
}

impl Sets<'_> {
    /// Hands out every set that may hold the hosts; stops at the first that is taken, or when the budget is spent.
    fn each(
        &mut self,
        next: usize,
        budget: &mut Budget,
        take: &mut dyn FnMut(&[usize], &mut Budget) -> bool,
    ) -> bool {
        let work = self.table.bins.len() * self.table.classes.len() / 32 + 1;
        if !budget.spend(u64::try_from(work).unwrap_or(u64::MAX)) {
            return true;
        }
        let more = self.size.saturating_sub(self.chosen.len());
        if !self.table.may_fit_choice(&self.chosen, next, more, self.skips) {
            return false;
        }
        if more == 0 {
            let bin = |place: &usize| self.table.bins.get(*place).copied();
            let bins: Vec<usize> = self.chosen.iter().filter_map(bin).collect();
            return take(&bins, budget) || budget.is_spent();
        }
        for place in next..=self.table.bins.len().saturating_sub(more) {
            if at(&self.twins, place).is_some_and(|twin| !self.chosen.contains(&twin)) {
                continue;
            }
            self.chosen.push(place);
            let stop = self.each(place + 1, budget, take);
            self.chosen.pop();
            if stop {
                return true;
            }
        }
        false
    }
}
