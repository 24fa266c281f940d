//! On which licenses, the fewest of them, could hosts go?
//!
//! `question` makes numbers of the estate, `solve` answers, `order` finds the steps; this file names the answer again.

mod fill;
pub mod first_fit;
pub mod order;
pub mod problem;
pub mod question;
#[cfg(test)]
mod random;
pub mod solve;
mod table;

use super::Estate;
use crate::clock::Timestamp;
use crate::vsphere::model::catalogue::Edition;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::License;
use crate::vsphere::rules::features::Levels;
use order::Move;
use question::{Asked, Question};
use std::collections::{BTreeMap, HashMap};

/// Which hosts want a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// Those on evaluation, and those whose license has expired by then.
    Unlicensed,
    All,
    /// Those of clusters whose name or id fits one of these patterns.
    Clusters(Vec<String>),
    /// Those of these entityIds.
    Named(Vec<String>),
    /// Those that hold one of these licenses, by their numbers.
    On(Vec<i64>),
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    pub hosts: Hosts,
    /// Only these licenses, by their numbers.
    pub licenses: Option<Vec<i64>>,
    /// Only licenses of editions that fit.
    pub edition: Option<String>,
    /// The licenses have to be valid until then, at least now.
    pub valid_until: Timestamp,
    /// Hosts whose license would do may change it; else they stay.
    pub reassign: bool,
}

/// What the catalogue says, beside the estate.
#[derive(Debug, Default)]
pub struct Facts {
    /// By the number of the license.
    pub editions: HashMap<i64, Edition>,
    /// The edition of the vCenter's own license.
    pub managing: Option<Edition>,
    pub levels: Levels,
}

/// Why a host gets no license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No license is for the host, or for its version.
    Mismatch,
    /// The vCenter's edition does not manage what would do.
    NotManageable,
    /// What would do lacks features in use.
    Downgrade,
    /// What would do has expired by then.
    Expired,
    /// What it costs is not known.
    UnknownCost,
    NotEnough,
}

impl Reason {
    /// The fault that an assignment would end with; `unknownCost` is ours.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mismatch => "LicenseKeyEntityMismatch",
            Self::NotManageable => "LicenseAssignmentFailed",
            Self::Downgrade => "LicenseDowngradeDisallowed",
            Self::Expired => "LicenseExpired",
            Self::UnknownCost => "unknownCost",
            Self::NotEnough => "NotEnoughLicenses",
        }
    }
}

/// A host that gets another license.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved<'e> {
    pub entity: &'e Entity,
    /// `None`: it is on evaluation.
    pub from: Option<&'e License>,
    pub to: &'e License,
    pub cost: i64,
    /// Its place among the steps, from 1; `None`: no order was found.
    pub step: Option<u64>,
}

/// A license before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Used<'e> {
    pub license: &'e License,
    pub before: i64,
    pub after: i64,
}

/// A host that gets none.
#[derive(Debug, Clone, PartialEq)]
pub struct Unplaced<'e> {
    pub entity: &'e Entity,
    pub reason: Reason,
    /// The fewest units that it takes of a license that would do.
    pub needed: Option<i64>,
}

/// Units without which the moves have no order.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanting<'e> {
    pub license: &'e License,
    pub units: i64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan<'e> {
    /// No plan is better in anything.
    pub optimal: bool,
    /// No plan places more hosts, or as many on fewer licenses.
    pub fewest: bool,
    /// The licenses that the placed hosts are on, in the order of their keys.
    pub used: Vec<&'e License>,
    /// In the order in which they can be made; without one, in the order of the hosts.
    pub moves: Vec<Moved<'e>>,
    pub licenses: Vec<Used<'e>>,
    pub unplaced: Vec<Unplaced<'e>>,
    /// Hosts of those asked for that keep the license that they have.
    pub kept: u64,
    /// Why the moves have no order.
    pub wanting: Option<Wanting<'e>>,
}

/// Plans on which licenses hosts go: as many hosts as possible, on as few licenses as possible, with as few changes as possible, on
/// the lowest editions that do, valid as long as possible.
#[must_use]
pub fn plan<'e>(estate: &'e Estate, facts: &Facts, ask: &Ask) -> Plan<'e> {
    let question = Question::new(estate, facts, ask);
    let answer = solve::solve(&question.problem, solve::NODES);
    let license = |bin: usize| question.licenses.get(bin).map(|bin| bin.license);
    let mut used: Vec<usize> = answer.placed.iter().copied().flatten().collect();
    used.sort_unstable();
    used.dedup();
    let (mut moves, mut steps, mut unplaced) = (Vec::new(), Vec::new(), question.hopeless.clone());
    let mut kept = question.kept;
    let asked = question.asked.iter().zip(&question.problem.items).zip(&answer.placed);
    for ((asked, item), place) in asked {
        let Some(bin) = *place else {
            let needed = item.fits.iter().flatten().map(|fit| fit.cost).min();
            unplaced.push(Unplaced { entity: asked.entity, reason: Reason::NotEnough, needed });
            continue;
        };
        if item.current == Some(bin) {
            kept += 1;
            continue;
        }
        let (Some(to), Some(fit)) = (license(bin), item.fit(bin)) else { continue };
        let from = asked.from.map(|(license, _)| license);
        moves.push(Moved { entity: asked.entity, from, to, cost: fit.cost, step: None });
        steps.push(Move { from: question.leaves(asked), to: bin, cost: fit.cost });
    }
    let licenses = before_and_after(estate, &moves, &question.asked);
    let wanting = ordered(&mut moves, &steps, &question);
    unplaced.sort_by_key(|unplaced| unplaced.entity.id);
    Plan {
        optimal: answer.optimal,
        fewest: answer.fewest,
        used: used.into_iter().filter_map(license).collect(),
        moves,
        licenses,
        unplaced,
        kept,
        wanting,
    }
}

/// Puts moves into the order in which each finds its units; else tells what is wanting.
fn ordered<'e>(
    moves: &mut Vec<Moved<'e>>,
    steps: &[Move],
    question: &Question<'e>,
) -> Option<Wanting<'e>> {
    let free: Vec<Option<i64>> = question.licenses.iter().map(|bin| bin.free).collect();
    match order::order(steps, &free) {
        Ok(order) => {
            let number = (1..).zip(order).map(|(step, at): (u64, usize)| (at, step));
            let number: HashMap<usize, u64> = number.collect();
            for (at, moved) in moves.iter_mut().enumerate() {
                moved.step = number.get(&at).copied();
            }
            moves.sort_by_key(|moved| moved.step);
            None
        }
        Err(cycle) => {
            let license = question.licenses.get(cycle.bin)?.license;
            Some(Wanting { license, units: cycle.wanting })
        }
    }
}

/// The licenses that moves touch, with what is used of them before and after.
fn before_and_after<'e>(
    estate: &'e Estate,
    moves: &[Moved<'e>],
    asked: &[Asked<'e>],
) -> Vec<Used<'e>> {
    let mut change: BTreeMap<i64, i64> = BTreeMap::new();
    let left: HashMap<i64, i64> = asked
        .iter()
        .filter_map(|asked| Some((asked.entity.id, asked.from?.1.unwrap_or(0))))
        .collect();
    for moved in moves {
        *change.entry(moved.to.id).or_default() += moved.cost;
        if let (Some(from), Some(units)) = (moved.from, left.get(&moved.entity.id)) {
            *change.entry(from.id).or_default() -= units;
        }
    }
    let touched = estate.licenses.iter().filter_map(|(license, taken)| {
        let change = change.get(&license.id)?;
        let before = crate::vsphere::rules::info::used(license, *taken)?;
        Some(Used { license, before, after: before + change })
    });
    touched.collect()
}

#[cfg(test)]
mod tests;
