//! The question in numbers: hosts and keys without their names, and which of two answers is better.

use crate::clock::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A license that hosts may be put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// Units that may be given out; `None`: as many as are asked for.
    pub capacity: Option<i64>,
    pub expires: Option<Timestamp>,
}

/// What a host is on a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fit {
    /// Units that it takes.
    pub cost: i64,
    /// How far the edition ranks above the lowest that would do.
    pub surplus: i64,
}

/// A host that wants a license.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// For each bin: what it is there; `None`: it cannot be.
    pub fits: Vec<Option<Fit>>,
    /// The bin that it is in.
    pub current: Option<usize>,
}

impl Item {
    /// What it is in a bin that could hold it alone.
    #[must_use]
    pub fn fit(&self, bin: usize) -> Option<Fit> {
        self.fits.get(bin).copied().flatten()
    }

    /// What putting it there adds to the score.
    #[must_use]
    pub fn penalty(&self, bin: usize) -> Option<Penalty> {
        let fit = self.fit(bin)?;
        let changed = u64::from(self.current != Some(bin));
        Some(Penalty { changed, surplus: fit.surplus })
    }
}

/// Hosts and licenses; licenses in the order of their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    pub bins: Vec<Bin>,
    pub items: Vec<Item>,
}

/// What is summed over the hosts: first how many change, then by how much editions are too good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Penalty {
    pub changed: u64,
    pub surplus: i64,
}

impl Penalty {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.plus_times(other, 1)
    }

    /// With the penalty of `times` hosts.
    #[must_use]
    pub fn plus_times(self, other: Self, times: u64) -> Self {
        let surplus = i64::try_from(times).unwrap_or(i64::MAX).saturating_mul(other.surplus);
        Self {
            changed: self.changed + times.saturating_mul(other.changed),
            surplus: self.surplus.saturating_add(surplus),
        }
    }
}

/// How good an answer is; the least is the best.
///
/// In this order: most hosts placed, fewest licenses, fewest hosts changed, lowest editions, the latest expiry, the first keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    pub unplaced: u64,
    pub bins: u64,
    pub penalty: Penalty,
    pub rank: BinRank,
}

/// How good a set of licenses is beside another of the same size: the soonest expiries first, later ones better; then the keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BinRank {
    expiries: Vec<Reverse<i64>>,
    bins: Vec<usize>,
}

impl Problem {
    /// The rank of a set of bins.
    #[must_use]
    pub fn rank(&self, bins: &[usize]) -> BinRank {
        let mut bins = bins.to_vec();
        bins.sort_unstable();
        let end = |bin: &usize| {
            let expires = self.bins.get(*bin).and_then(|bin| bin.expires);
            expires.map_or(i64::MAX, Timestamp::ms)
        };
        let mut ends: Vec<i64> = bins.iter().map(end).collect();
        ends.sort_unstable();
        BinRank { expiries: ends.into_iter().map(Reverse).collect(), bins }
    }

    /// The score of an answer: for each host its bin.
    #[must_use]
    pub fn score(&self, placed: &[Option<usize>]) -> Score {
        let mut bins: Vec<usize> = placed.iter().copied().flatten().collect();
        bins.sort_unstable();
        bins.dedup();
        let mut penalty = Penalty::default();
        let mut unplaced = 0;
        for (item, place) in self.items.iter().zip(placed) {
            match place {
                Some(bin) => penalty = penalty.plus(item.penalty(*bin).unwrap_or_default()),
                None => unplaced += 1,
            }
        }
        let count = u64::try_from(bins.len()).unwrap_or(u64::MAX);
        Score { unplaced, bins: count, penalty, rank: self.rank(&bins) }
    }

    /// Whether an answer holds: every host on a license that is for it, and none over its capacity.
    #[must_use]
    pub fn holds(&self, placed: &[Option<usize>]) -> bool {
        let mut left: Vec<Option<i64>> = self.bins.iter().map(|bin| bin.capacity).collect();
        let fits = self.items.iter().zip(placed).all(|(item, place)| {
            let Some(bin) = place else { return true };
            let Some(fit) = item.fit(*bin) else { return false };
            if let Some(left) = left.get_mut(*bin).and_then(Option::as_mut) {
                *left -= fit.cost;
            }
            true
        });
        fits && placed.len() == self.items.len() && left.iter().flatten().all(|left| *left >= 0)
    }

    /// Hosts that nothing tells apart, the costliest first: what a search puts somewhere by number.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let mut alike: BTreeMap<&Item, Vec<usize>> = BTreeMap::new();
        for (at, item) in self.items.iter().enumerate() {
            alike.entry(item).or_default().push(at);
        }
        let mut classes: Vec<Class> = alike
            .into_iter()
            .map(|(item, members)| Class { item: self.possible(item), members })
            .collect();
        let dearest = |class: &Class| class.item.fits.iter().flatten().map(|fit| fit.cost).max();
        classes.sort_by_key(|class| (Reverse(dearest(class)), class.members.first().copied()));
        classes
    }

    /// The same host without the bins that could not even hold it alone.
    fn possible(&self, item: &Item) -> Item {
        let fits = item.fits.iter().zip(&self.bins).map(|(fit, bin)| {
            fit.filter(|fit| bin.capacity.is_none_or(|capacity| fit.cost <= capacity))
        });
        Item { fits: fits.collect(), current: item.current }
    }
}

/// Hosts that nothing tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// What each of them is, without the bins that could not hold it.
    pub item: Item,
    /// Their places among the items.
    pub members: Vec<usize>,
}

impl Class {
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.members.len()).unwrap_or(u64::MAX)
    }

    /// Whether any bin could hold one of them.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.item.fits.iter().any(Option::is_some)
    }
}
