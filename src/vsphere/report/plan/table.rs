//! A set of licenses beside all hosts: what each costs where, which licenses are alike, and whether the hosts can fit at all.

use super::problem::{Class, Fit, Penalty, Problem};

/// More units than any host takes: the capacity of an unlimited license.
pub(super) const UNLIMITED: i64 = i64::MAX / 8;

/// Parts of a license: what a host takes of it is counted in these, rounded down, so that a bound never claims too much.
const WHOLE: u128 = 1 << 40;

/// What a search looks up.
#[derive(Debug)]
pub(super) struct Table {
    /// The bins, by place.
    pub(super) bins: Vec<usize>,
    pub(super) capacities: Vec<i64>,
    pub(super) classes: Vec<Line>,
    /// For each place: where hosts cost what they cost here. Places of one family share their capacity in a bound.
    families: Vec<usize>,
    /// For each place: where hosts also weigh what they weigh here.
    pub(super) kin: Vec<usize>,
}

/// A class of hosts beside the bins.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) count: u64,
    pub(super) fits: Vec<Option<Fit>>,
    pub(super) penalties: Vec<Option<Penalty>>,
    /// The least that it costs in each place, it and all classes behind it; `None`: nothing of them can be there.
    least: Vec<Option<i64>>,
    /// What divides all that they cost there.
    divisor: Vec<i64>,
    /// The least that one of them weighs anywhere.
    pub(super) lightest: Penalty,
}

pub(super) fn at<T: Copy + Default>(row: &[T], place: usize) -> T {
    row.get(place).copied().unwrap_or_default()
}

fn divisor(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Numbers for equal columns: the first that is equal names them all.
fn alike<T: PartialEq>(columns: &[T]) -> Vec<usize> {
    let first = |column: &T| columns.iter().position(|other| other == column).unwrap_or_default();
    columns.iter().map(first).collect()
}

impl Table {
    /// The bins of `bins` beside the classes.
    pub(super) fn new(problem: &Problem, classes: &[Class], bins: &[usize]) -> Self {
        let capacity = |bin: &usize| {
            let held = problem.bins.get(*bin).and_then(|bin| bin.capacity);
            held.unwrap_or(UNLIMITED).clamp(0, UNLIMITED)
        };
        let mut lines: Vec<Line> = classes.iter().map(|class| Line::new(class, bins)).collect();
        let mut least: Vec<Option<i64>> = vec![None; bins.len()];
        let mut common = vec![0; bins.len()];
        for line in lines.iter_mut().rev() {
            for (place, fit) in line.fits.iter().enumerate() {
                let (Some(fit), Some(least), Some(common)) =
                    (fit, least.get_mut(place), common.get_mut(place))
                else {
                    continue;
                };
                *least = Some(least.map_or(fit.cost, |least| least.min(fit.cost)));
                *common = divisor(*common, fit.cost);
            }
            line.least.clone_from(&least);
            line.divisor.clone_from(&common);
        }
        let costs: Vec<Vec<Option<i64>>> = (0..bins.len())
            .map(|place| {
                lines.iter().map(|line| at(&line.fits, place).map(|fit| fit.cost)).collect()
            })
            .collect();
        let weights = (0..bins.len()).zip(&costs).map(|(place, costs)| {
            let weighs = lines.iter().map(|line| at(&line.penalties, place));
            (costs, weighs.collect())
        });
        let weights: Vec<(_, Vec<Option<Penalty>>)> = weights.collect();
        Self {
            capacities: bins.iter().map(capacity).collect(),
            families: alike(&costs),
            kin: alike(&weights),
            bins: bins.to_vec(),
            classes: lines,
        }
    }

    /// Which places cost the same as this one.
    pub(super) fn family(&self, place: usize) -> usize {
        at(&self.families, place)
    }

    /// Capacity that the classes from `class` on can use at a place: never a rest that none of them fits into.
    fn usable(&self, class: usize, place: usize, left: i64) -> i64 {
        let Some(line) = self.classes.get(class) else { return 0 };
        match at(&line.least, place) {
            Some(least) if left >= least => match at(&line.divisor, place) {
                0 => left,
                _ if left >= UNLIMITED / 2 => UNLIMITED,
                common => left - left % common,
            },
            _ => 0,
        }
    }

    /// Whether the classes from `class` on may fit into what is left, when `skips` hosts may be left out. Never a wrong no.
    ///
    /// - `left`: for each place what is left there, and how many places like it there are to take.
    pub(super) fn may_fit(&self, class: usize, left: &[i64], skips: u64) -> bool {
        let mut sums = vec![Room::default(); self.bins.len()];
        for (place, left) in left.iter().enumerate() {
            let usable = self.usable(class, place, *left);
            if let Some(room) = sums.get_mut(at(&self.families, place)) {
                room.add(usable, *left);
            }
        }
        self.shares_fit(class, &sums, skips)
    }

    /// As [`Table::may_fit`] when `chosen` places are taken and `more` of those from `next` on may be.
    pub(super) fn may_fit_choice(
        &self,
        chosen: &[usize],
        next: usize,
        more: usize,
        skips: u64,
    ) -> bool {
        let mut sums = vec![Room::default(); self.bins.len()];
        let mut taken = vec![0; self.bins.len()];
        let put = |place: usize, sums: &mut Vec<Room>| {
            let left = at(&self.capacities, place);
            if let Some(room) = sums.get_mut(at(&self.families, place)) {
                room.add(self.usable(0, place, left), left);
            }
        };
        for place in chosen {
            put(*place, &mut sums);
        }
        // The largest come first within a family, so the first of those to come are the most that they can bring.
        for place in next..self.bins.len() {
            if let Some(taken) = taken.get_mut(at(&self.families, place))
                && *taken < more
            {
                *taken += 1;
                put(place, &mut sums);
            }
        }
        let whole = u128::try_from(chosen.len() + more).unwrap_or(u128::MAX) * WHOLE;
        self.shares_fit(0, &sums, skips) && self.single_shares(skips) <= whole
    }

    /// The share of a license that each host takes at least, summed: no fewer licenses can do.
    fn single_shares(&self, skips: u64) -> u128 {
        let share = |line: &Line| {
            let shares = line.fits.iter().enumerate().filter_map(|(place, fit)| {
                let capacity = self.usable(0, place, at(&self.capacities, place));
                share((*fit)?.cost, capacity)
            });
            shares.min()
        };
        let shares = self.classes.iter().map(|line| (share(line), line.count));
        summed(shares, skips).unwrap_or(u128::MAX)
    }

    fn shares_fit(&self, class: usize, sums: &[Room], skips: u64) -> bool {
        let of = |line: &Line| {
            let shares = line.fits.iter().enumerate().filter_map(|(place, fit)| {
                // The first place of a family stands for all.
                let room = sums.get(place).filter(|_| at(&self.families, place) == place)?;
                let cost = (*fit)?.cost;
                if cost > room.largest { None } else { share(cost, room.usable) }
            });
            shares.min()
        };
        let rest = self.classes.iter().skip(class).map(|line| (of(line), line.count));
        let families = sums.iter().filter(|room| room.usable > 0).count().max(1);
        let whole = u128::try_from(families).unwrap_or(u128::MAX) * WHOLE;
        summed(rest, skips).is_some_and(|sum| sum <= whole)
    }

    /// The least that the classes from `class` on can weigh when `skips` hosts are left out.
    pub(super) fn lightest(&self, class: usize, skips: u64) -> Penalty {
        let mut rest: Vec<(Penalty, u64)> =
            self.classes.iter().skip(class).map(|line| (line.lightest, line.count)).collect();
        if skips > 0 {
            rest.sort_unstable_by(|left, right| right.cmp(left));
        }
        let mut skips = skips;
        rest.into_iter().fold(Penalty::default(), |sum, (each, count)| {
            let left_out = skips.min(count);
            skips -= left_out;
            sum.plus_times(each, count - left_out)
        })
    }
}

/// What places of one family have together.
#[derive(Debug, Clone, Default)]
struct Room {
    usable: i64,
    /// The most that is left in one place.
    largest: i64,
}

impl Room {
    fn add(&mut self, usable: i64, left: i64) {
        self.usable = self.usable.saturating_add(usable).min(UNLIMITED);
        self.largest = self.largest.max(left);
    }
}

fn share(cost: i64, capacity: i64) -> Option<u128> {
    let (cost, capacity) = (u128::try_from(cost).ok()?, u128::try_from(capacity).ok()?);
    match cost {
        0 => Some(0),
        cost => (cost * WHOLE).checked_div(capacity),
    }
}

/// The sum of shares without the largest `skips`; `None` when more than that cannot be placed at all.
fn summed(shares: impl Iterator<Item = (Option<u128>, u64)>, mut skips: u64) -> Option<u128> {
    let mut sum = 0;
    let mut held = Vec::new();
    for (share, count) in shares {
        match share {
            None if count > skips => return None,
            None => skips -= count,
            Some(share) => held.push((share, count)),
        }
    }
    if skips > 0 {
        held.sort_unstable_by(|left, right| right.cmp(left));
    }
    for (share, count) in held {
        let left_out = skips.min(count);
        skips -= left_out;
        sum += share * u128::from(count - left_out);
    }
    Some(sum)
}

impl Line {
    fn new(class: &Class, bins: &[usize]) -> Self {
        let penalties: Vec<Option<Penalty>> =
            bins.iter().map(|bin| class.item.penalty(*bin)).collect();
        Self {
            count: class.count(),
            fits: bins.iter().map(|bin| class.item.fit(*bin)).collect(),
            lightest: penalties.iter().flatten().min().copied().unwrap_or_default(),
            penalties,
            least: Vec::new(),
            divisor: Vec::new(),
        }
    }
}
