//! The search: classes of hosts, the costliest first, are shared out over given licenses, until it is done or shown to be impossible.

use super::problem::Penalty;
use super::table::{Table, at};
use std::collections::HashMap;

/// How much may still be tried.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
}

impl Budget {
    pub(super) fn new(left: u64) -> Self {
        Self { left }
    }

    /// Spends some; false when there is none left.
    pub(super) fn spend(&mut self, nodes: u64) -> bool {
        self.left = self.left.saturating_sub(nodes);
        self.left > 0
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// Any way in which all fit.
    Any,
    /// The lightest way, and lighter than this; with `true` also as light as this.
    Lightest(Penalty, bool),
}

/// How many of each class stand in each place.
pub(super) type Counts = Vec<Vec<u64>>;

/// Shares the classes out over the bins of a table, leaving out at most `skips` hosts. What is found is the best there is unless
/// the budget is spent then.
pub(super) fn fill(table: &Table, skips: u64, goal: Goal, budget: &mut Budget) -> Option<Counts> {
    let order = table.classes.iter().map(|line| {
        let mut order: Vec<usize> = (0..table.bins.len())
            .filter(|place| line.fits.get(*place).is_some_and(Option::is_some))
            .collect();
        if goal != Goal::Any {
            order.sort_by_key(|place| at(&line.penalties, *place));
        }
        order
    });
    let mut search = Search {
        order: order.collect(),
        left: table.capacities.clone(),
        counts: vec![vec![0; table.bins.len()]; table.classes.len()],
        seen: HashMap::new(),
        penalty: Penalty::default(),
        best: None,
        depth: 0,
        table,
        skips,
        goal,
        budget,
    };
    search.class(0);
    search.best
}

/// How deep a search goes: what lies deeper would need more stack than a thread has.
const DEEPEST: usize = 1500;

struct Search<'s> {
    table: &'s Table,
    /// For each class: the places that could hold it, in the order in which they are tried.
    order: Vec<Vec<usize>>,
    left: Vec<i64>,
    /// Hosts that may still be left out.
    skips: u64,
    penalty: Penalty,
    goal: Goal,
    counts: Counts,
    best: Option<Counts>,
    /// States from which everything was tried, with the least penalty at which they were reached.
    seen: HashMap<(usize, u64, Vec<i64>), Penalty>,
    budget: &'s mut Budget,
    depth: usize,
}

/// The beginning of one class.
struct Start {
    class: usize,
    left: Vec<i64>,
    /// How many hosts of the class fit into the places from each on, in their order.
    room: Vec<u64>,
}

impl Search<'_> {
    /// Places a class and all behind it; true: stop looking.
    fn class(&mut self, class: usize) -> bool {
        let Some(line) = self.table.classes.get(class) else {
            return self.leaf();
        };
        let work = self.table.bins.len() * (self.table.classes.len() - class) / 64 + 1;
        if !self.budget.spend(u64::try_from(work).unwrap_or(u64::MAX)) || self.depth > DEEPEST {
            *self.budget = Budget::new(0);
            return true;
        }
        if !self.is_light(self.penalty.plus(self.table.lightest(class, self.skips)))
            || !self.table.may_fit(class, &self.left, self.skips)
        {
            return false;
        }
        let state = (class, self.skips, self.canonical());
        if let Some(held) = self.seen.get_mut(&state) {
            if self.goal == Goal::Any || *held <= self.penalty {
                return false;
            }
            *held = self.penalty;
        } else {
            self.seen.insert(state, self.penalty);
        }
        let places = self.order.get(class).map_or(0, Vec::len);
        let mut room = vec![0; places + 1];
        for index in (0..places).rev() {
            let more = self.fitting(class, index, line.count);
            let behind = at(&room, index + 1);
            if let Some(room) = room.get_mut(index) {
                *room = behind + more;
            }
        }
        let start = Start { class, left: self.left.clone(), room };
        self.depth += 1;
        let stop = self.spread(&start, 0, line.count);
        self.depth -= 1;
        stop
    }

    /// How many hosts of a class fit into the place of that index.
    fn fitting(&self, class: usize, index: usize, most: u64) -> u64 {
        let place = self.place(class, index);
        let line = self.table.classes.get(class);
        let Some(fit) = line.and_then(|line| at(&line.fits, place)) else { return 0 };
        let fitting = at(&self.left, place).checked_div(fit.cost);
        fitting.map_or(most, |fitting| u64::try_from(fitting).unwrap_or(0).min(most))
    }

    fn place(&self, class: usize, index: usize) -> usize {
        self.order.get(class).map_or(0, |order| at(order, index))
    }

    /// Shares `rest` hosts of a class out over its places from that index on.
    fn spread(&mut self, start: &Start, mut index: usize, rest: u64) -> bool {
        if rest == 0 {
            return self.class(start.class + 1);
        }
        if !self.budget.spend(1) {
            return true;
        }
        let places = self.order.get(start.class).map_or(0, Vec::len);
        let (mut most, mut least) = (0, 0);
        while index < places {
            most = self.fitting(start.class, index, rest).min(self.beside_twin(start, index));
            least = rest.saturating_sub(at(&start.room, index + 1) + self.skips);
            if most > 0 || least > 0 {
                break;
            }
            index += 1;
        }
        if index == places {
            return self.leave_out(start, rest);
        }
        let place = self.place(start.class, index);
        let line = self.table.classes.get(start.class);
        let (fit, penalty) =
            line.map_or((None, None), |line| (at(&line.fits, place), at(&line.penalties, place)));
        let (Some(fit), Some(penalty)) = (fit, penalty) else { return false };
        let mut count = most;
        while count >= least {
            self.put(start.class, place, count, (fit.cost, penalty));
            let stop = self.spread(start, index + 1, rest - count);
            self.take(start.class, place, (fit.cost, penalty));
            if stop {
                return true;
            }
            let Some(fewer) = count.checked_sub(1) else { break };
            count = fewer;
        }
        false
    }

    fn leave_out(&mut self, start: &Start, rest: u64) -> bool {
        let Some(skips) = self.skips.checked_sub(rest) else { return false };
        let before = std::mem::replace(&mut self.skips, skips);
        let stop = self.class(start.class + 1);
        self.skips = before;
        stop
    }

    /// Of two places that nothing tells apart the second never gets more than the first.
    fn beside_twin(&self, start: &Start, index: usize) -> u64 {
        let kin = |place: usize| at(&self.table.kin, place);
        let place = self.place(start.class, index);
        let earlier = self.order.get(start.class).into_iter().flatten().take(index);
        let twin = earlier.copied().filter(|twin| {
            kin(*twin) == kin(place) && at(&start.left, *twin) == at(&start.left, place)
        });
        let counts = self.counts.get(start.class);
        twin.last().zip(counts).map_or(u64::MAX, |(twin, counts)| at(counts, twin))
    }

    fn put(&mut self, class: usize, place: usize, count: u64, (cost, penalty): (i64, Penalty)) {
        if let Some(left) = self.left.get_mut(place) {
            *left -= cost.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
        }
        if let Some(held) = self.counts.get_mut(class).and_then(|row| row.get_mut(place)) {
            *held = count;
        }
        self.penalty = self.penalty.plus_times(penalty, count);
    }

    fn take(&mut self, class: usize, place: usize, (cost, penalty): (i64, Penalty)) {
        let held = self.counts.get_mut(class).and_then(|row| row.get_mut(place));
        let count = held.map(std::mem::take).unwrap_or_default();
        let signed = i64::try_from(count).unwrap_or(i64::MAX);
        if let Some(left) = self.left.get_mut(place) {
            *left += cost.saturating_mul(signed);
        }
        self.penalty = Penalty {
            changed: self.penalty.changed - penalty.changed * count,
            surplus: self.penalty.surplus - penalty.surplus * signed,
        };
    }

    fn is_light(&self, penalty: Penalty) -> bool {
        match self.goal {
            Goal::Any => true,
            Goal::Lightest(limit, true) => penalty <= limit,
            Goal::Lightest(limit, false) => penalty < limit,
        }
    }

    fn leaf(&mut self) -> bool {
        if !self.is_light(self.penalty) {
            return false;
        }
        self.best = Some(self.counts.clone());
        match self.goal {
            Goal::Any => true,
            Goal::Lightest(..) => {
                self.goal = Goal::Lightest(self.penalty, false);
                false
            }
        }
    }

    /// What is left, without regard to which of two kin has it.
    fn canonical(&self) -> Vec<i64> {
        let mut left: Vec<(usize, i64)> =
            self.table.kin.iter().copied().zip(self.left.iter().copied()).collect();
        left.sort_unstable();
        left.into_iter().map(|(_, left)| left).collect()
    }
}
