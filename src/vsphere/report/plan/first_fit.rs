//! The answers of plain rules of thumb: what a search has to beat, and what is left when it gives up.

use super::problem::{Problem, Score};
use std::cmp::Reverse;

/// The best answer of the rules of thumb over some bins.
#[must_use]
pub fn best(problem: &Problem, bins: &[usize]) -> Vec<Option<usize>> {
    let mut best: Option<(Score, Vec<Option<usize>>)> = None;
    for placed in [
        decreasing(problem, bins),
        increasing(problem, bins),
        tightest(problem, bins),
        staying(problem, bins),
    ] {
        let score = problem.score(&placed);
        if best.as_ref().is_none_or(|(least, _)| score < *least) {
            best = Some((score, placed));
        }
    }
    best.map_or_else(|| vec![None; problem.items.len()], |(_, placed)| placed)
}

/// First fit decreasing: the costliest host first, each on the first license that has enough.
#[must_use]
pub fn decreasing(problem: &Problem, bins: &[usize]) -> Vec<Option<usize>> {
    let mut room = Room::new(problem);
    for item in room.by_cost() {
        room.put_first(item, bins);
    }
    room.placed
}

/// First fit increasing: places most hosts when there are far too few units.
fn increasing(problem: &Problem, bins: &[usize]) -> Vec<Option<usize>> {
    let mut room = Room::new(problem);
    for item in room.by_cost().into_iter().rev() {
        room.put_first(item, bins);
    }
    room.placed
}

/// Best fit decreasing: each host where the least is left behind it.
fn tightest(problem: &Problem, bins: &[usize]) -> Vec<Option<usize>> {
    let mut room = Room::new(problem);
    for item in room.by_cost() {
        let fitting = bins.iter().copied().filter(|bin| room.has(item, *bin));
        if let Some(bin) = fitting.min_by_key(|bin| room.left_behind(item, *bin)) {
            room.put(item, bin);
        }
    }
    room.placed
}

/// Whoever can stay stays, the cheapest first; then first fit decreasing.
fn staying(problem: &Problem, bins: &[usize]) -> Vec<Option<usize>> {
    let mut room = Room::new(problem);
    let order = room.by_cost();
    for item in order.iter().rev() {
        let current = problem.items.get(*item).and_then(|held| held.current);
        if let Some(bin) = current.filter(|bin| bins.contains(bin) && room.has(*item, *bin)) {
            room.put(*item, bin);
        }
    }
    for item in order {
        if room.placed.get(item).is_some_and(Option::is_none) {
            room.put_first(item, bins);
        }
    }
    room.placed
}

struct Room<'p> {
    problem: &'p Problem,
    left: Vec<Option<i64>>,
    placed: Vec<Option<usize>>,
}

impl<'p> Room<'p> {
    fn new(problem: &'p Problem) -> Self {
        let left = problem.bins.iter().map(|bin| bin.capacity).collect();
        Self { problem, left, placed: vec![None; problem.items.len()] }
    }

    /// The hosts, the costliest first.
    fn by_cost(&self) -> Vec<usize> {
        let dearest = |item: &usize| {
            let item = self.problem.items.get(*item)?;
            item.fits.iter().flatten().map(|fit| fit.cost).max()
        };
        let mut order: Vec<usize> = (0..self.problem.items.len()).collect();
        order.sort_by_key(|item| Reverse(dearest(item)));
        order
    }

    fn left_behind(&self, item: usize, bin: usize) -> Option<i64> {
        let fit = self.problem.items.get(item)?.fit(bin)?;
        let left = self.left.get(bin).copied().flatten();
        Some(left.map_or(i64::MAX, |left| left - fit.cost))
    }

    fn has(&self, item: usize, bin: usize) -> bool {
        self.left_behind(item, bin).is_some_and(|left| left >= 0)
    }

    fn put(&mut self, item: usize, bin: usize) {
        let cost = self.problem.items.get(item).and_then(|item| item.fit(bin));
        if let (Some(fit), Some(Some(left))) = (cost, self.left.get_mut(bin)) {
            *left -= fit.cost;
        }
        if let Some(place) = self.placed.get_mut(item) {
            *place = Some(bin);
        }
    }

    fn put_first(&mut self, item: usize, bins: &[usize]) {
        if let Some(bin) = bins.iter().copied().find(|bin| self.has(item, *bin)) {
            self.put(item, bin);
        }
    }
}
