//! In which order hosts move, so that no license is ever over its capacity.

use std::collections::BTreeSet;

/// A host that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The bin that it leaves and the units that are free there then; `None`: it leaves none.
    pub from: Option<(usize, i64)>,
    pub to: usize,
    /// Units that it takes there.
    pub cost: i64,
}

/// There is no such order, or none was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    /// The bin to which the fewest units are wanting.
    pub bin: usize,
    /// With so many more free units there an order was found; when no one bin is enough, the first of the waiting moves.
    pub wanting: i64,
}

/// How many states are looked at.
const STATES: usize = 20_000;

/// How many are looked at for each answer to how many units are wanting.
const STATES_OF_WANTING: usize = 500;

/// Orders moves so that each finds enough free units.
///
/// - `free`: for each bin its free units at the beginning; `None`: unlimited.
pub fn order(moves: &[Move], free: &[Option<i64>]) -> Result<Vec<usize>, Cycle> {
    let mut search = Search::new(moves, free, STATES);
    if search.run() { Ok(search.done) } else { Err(cycle(moves, free)) }
}

/// The fewest units of one bin with which the moves have an order; else what the first waiting move wants.
fn cycle(moves: &[Move], free: &[Option<i64>]) -> Cycle {
    let mut stuck = Search::new(moves, free, 0);
    stuck.make_safe();
    let waiting: Vec<Move> = stuck.waiting.iter().filter_map(|at| stuck.get(*at)).collect();
    let bins: BTreeSet<usize> = waiting.iter().map(|held| held.to).collect();
    let enough = |bin: usize, units: i64| {
        let mut more = free.to_vec();
        if let Some(Some(free)) = more.get_mut(bin) {
            *free += units;
        }
        Search::new(moves, &more, STATES_OF_WANTING).run()
    };
    let mut best: Option<Cycle> = None;
    for bin in bins {
        // With room for all that wait for it a bin is no hindrance: more would not help.
        let (mut too_few, mut units) = (0, stuck.awaited(bin));
        if !enough(bin, units) {
            continue;
        }
        while units - too_few > 1 {
            let middle = too_few + (units - too_few) / 2;
            if enough(bin, middle) {
                units = middle;
            } else {
                too_few = middle;
            }
        }
        if best.is_none_or(|best| units < best.wanting) {
            best = Some(Cycle { bin, wanting: units });
        }
    }
    let first = waiting.iter().filter_map(|held| {
        let free = stuck.free.get(held.to).copied().flatten()?;
        // Of moves that have room each takes what another waits for.
        let short = if held.cost > free { held.cost } else { stuck.awaited(held.to) };
        Some((short - free, held.to))
    });
    best.or_else(|| first.min().map(|(wanting, bin)| Cycle { bin, wanting }))
        .unwrap_or(Cycle { bin: 0, wanting: 0 })
}

struct Search<'m> {
    moves: &'m [Move],
    free: Vec<Option<i64>>,
    waiting: BTreeSet<usize>,
    done: Vec<usize>,
    /// Waiting moves from which no order leads to the end.
    dead: BTreeSet<Vec<usize>>,
    states: usize,
}

impl<'m> Search<'m> {
    fn new(moves: &'m [Move], free: &[Option<i64>], states: usize) -> Self {
        Self {
            moves,
            free: free.to_vec(),
            waiting: (0..moves.len()).collect(),
            done: Vec::new(),
            dead: BTreeSet::new(),
            states,
        }
    }

    fn get(&self, at: usize) -> Option<Move> {
        self.moves.get(at).copied()
    }

    fn has_room(&self, wanted: Move) -> bool {
        self.free.get(wanted.to).copied().flatten().is_none_or(|free| wanted.cost <= free)
    }

    fn shift(&mut self, bin: usize, units: i64) {
        if let Some(Some(free)) = self.free.get_mut(bin) {
            *free += units;
        }
    }

    fn make(&mut self, at: usize) {
        let Some(made) = self.get(at) else { return };
        self.shift(made.to, -made.cost);
        if let Some((bin, units)) = made.from {
            self.shift(bin, units);
        }
        self.waiting.remove(&at);
        self.done.push(at);
    }

    fn unmake(&mut self) {
        let Some(at) = self.done.pop() else { return };
        let Some(made) = self.get(at) else { return };
        self.shift(made.to, made.cost);
        if let Some((bin, units)) = made.from {
            self.shift(bin, -units);
        }
        self.waiting.insert(at);
    }

    /// The units that all waiting moves take of a bin.
    fn awaited(&self, bin: usize) -> i64 {
        let moves = self.waiting.iter().filter_map(|at| self.get(*at));
        moves.filter(|waiting| waiting.to == bin).map(|waiting| waiting.cost).sum()
    }

    /// Makes every move whose bin has room for all that wait for it: nothing can go wrong with those.
    fn make_safe(&mut self) {
        loop {
            let targets: BTreeSet<usize> =
                self.waiting.iter().filter_map(|at| self.get(*at)).map(|held| held.to).collect();
            let safe: BTreeSet<usize> = targets
                .into_iter()
                .filter(|bin| {
                    let free = self.free.get(*bin).copied().flatten();
                    free.is_none_or(|free| self.awaited(*bin) <= free)
                })
                .collect();
            let ready: Vec<usize> = self
                .waiting
                .iter()
                .copied()
                .filter(|at| self.get(*at).is_some_and(|held| safe.contains(&held.to)))
                .collect();
            if ready.is_empty() {
                return;
            }
            for at in ready {
                self.make(at);
            }
        }
    }

    fn run(&mut self) -> bool {
        let before = self.done.len();
        self.make_safe();
        if self.waiting.is_empty() {
            return true;
        }
        let state: Vec<usize> = self.waiting.iter().copied().collect();
        if self.dead.len() < self.states && !self.dead.contains(&state) {
            // Whoever makes room elsewhere goes first; of moves that are alike one stands for all.
            let mut ready: Vec<(bool, Move, usize)> = Vec::new();
            for at in &state {
                let Some(held) = self.get(*at).filter(|held| self.has_room(*held)) else {
                    continue;
                };
                if ready.iter().all(|(_, other, _)| *other != held) {
                    ready.push((held.from.is_none(), held, *at));
                }
            }
            ready.sort_unstable();
            for (_, _, at) in ready {
                self.make(at);
                if self.run() {
                    return true;
                }
                self.unmake();
            }
            self.dead.insert(state);
        }
        while self.done.len() > before {
            self.unmake();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Cycle, Move, order};

    fn to(bin: usize, cost: i64) -> Move {
        Move { from: None, to: bin, cost }
    }

    fn between(from: usize, to: usize, cost: i64) -> Move {
        Move { from: Some((from, cost)), to, cost }
    }

    /// Whether every step of an order finds its units.
    fn stands(moves: &[Move], free: &[Option<i64>], order: &[usize]) -> bool {
        let mut free = free.to_vec();
        let mut made = order.to_vec();
        made.sort_unstable();
        made == (0..moves.len()).collect::<Vec<_>>()
            && order.iter().all(|at| {
                let step = moves[*at];
                if let Some(left) = &mut free[step.to] {
                    *left -= step.cost;
                    if *left < 0 {
                        return false;
                    }
                }
                if let Some((bin, units)) = step.from
                    && let Some(left) = &mut free[bin]
                {
                    *left += units;
                }
                true
            })
    }

    #[test]
    fn a_host_waits_until_the_one_before_it_has_left() {
        let moves = [between(0, 1, 4), between(1, 2, 4)];
        let free = [Some(0), Some(0), Some(4)];
        assert_eq!(order(&moves, &free), Ok(vec![1, 0]));
    }

    #[test]
    fn whoever_makes_room_for_others_goes_before_a_newcomer() {
        // The newcomer of bin 1 would take what the host of bin 0 needs to leave; bin 0 is awaited from bin 1.
        let moves = [to(1, 2), between(0, 1, 2), between(1, 0, 2)];
        let free = [Some(0), Some(2)];
        let found = order(&moves, &free).unwrap();
        assert!(stands(&moves, &free, &found), "{found:?}");
    }

    #[test]
    fn a_swap_without_a_spare_unit_has_no_order() {
        let moves = [between(0, 1, 4), between(1, 0, 4)];
        assert_eq!(order(&moves, &[Some(0), Some(0)]), Err(Cycle { bin: 0, wanting: 4 }));
        assert_eq!(order(&moves, &[Some(0), Some(1)]), Err(Cycle { bin: 1, wanting: 3 }));
        assert!(order(&moves, &[Some(0), Some(4)]).is_ok());
        assert!(order(&moves, &[Some(0), None]).is_ok());
    }

    #[test]
    fn what_is_wanting_is_enough_for_all_and_not_for_the_first_alone() {
        // Two hosts of bin 0 make room for one of bin 1 that takes as much as both.
        let moves = [between(0, 1, 2), between(0, 1, 2), between(1, 0, 4)];
        assert_eq!(order(&moves, &[Some(0), Some(0)]), Err(Cycle { bin: 0, wanting: 4 }));
        assert!(order(&moves, &[Some(0), Some(4)]).is_ok());
        assert!(order(&moves, &[Some(0), Some(3)]).is_err());
    }

    #[test]
    fn an_order_is_found_whenever_trying_all_of_them_finds_one() {
        use proptest::prelude::*;
        let step = (prop::option::of((0..3_usize, 1..4_i64)), 0..3_usize, 1..4_i64)
            .prop_map(|(from, to, cost)| Move { from, to, cost });
        let strategy = (prop::collection::vec(step, 0..6), prop::collection::vec(0..5_i64, 3));
        proptest!(ProptestConfig::with_cases(200), |((moves, free) in strategy)| {
            let free: Vec<Option<i64>> = free.into_iter().map(Some).collect();
            let any = permutations(moves.len()).iter().any(|order| stands(&moves, &free, order));
            match order(&moves, &free) {
                Ok(found) => prop_assert!(stands(&moves, &free, &found)),
                Err(_) => prop_assert!(!any),
            }
        });
    }

    fn permutations(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for shorter in permutations(count - 1) {
            for place in 0..=shorter.len() {
                let mut longer = shorter.clone();
                longer.insert(place, count - 1);
                all.push(longer);
            }
        }
        all
    }
}
