//! The estate in numbers: which hosts want a license, which licenses would do for each, and at what cost.

use super::problem::{Bin, Fit, Item, Problem};
use super::{Ask, Estate, Facts, Hosts, Reason, Unplaced};
use crate::clock::Timestamp;
use crate::vsphere::catalog::codes::{
    LICENSE_ASSIGNMENT_FAILED, LICENSE_DOWNGRADE_DISALLOWED, LICENSE_EXPIRED,
};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::report::Held;
use crate::vsphere::rules::assign::{Case, assign};
use crate::vsphere::rules::units::Unit;
use crate::vsphere::rules::{expiry, info, pattern};

/// A host that wants a license.
#[derive(Debug, Clone)]
pub struct Asked<'e> {
    pub entity: &'e Entity,
    /// The license that it has, and the units that it takes of it when they are known.
    pub from: Option<(&'e License, Option<i64>)>,
}

/// A license that hosts may go on.
#[derive(Debug, Clone)]
pub struct Candidate<'e> {
    pub license: &'e License,
    /// Units that are free now; `None`: as many as are asked for.
    pub free: Option<i64>,
}

/// What is asked, in numbers.
#[derive(Debug)]
pub struct Question<'e> {
    /// In the order of the bins: that of the keys.
    pub licenses: Vec<Candidate<'e>>,
    /// In the order of the items.
    pub asked: Vec<Asked<'e>>,
    pub problem: Problem,
    /// Hosts for which no license would do.
    pub hopeless: Vec<Unplaced<'e>>,
    /// Hosts that stay on the license that they have.
    pub kept: u64,
}

/// Whether a license would do for a host, at what cost.
enum Usable {
    Yes(i64),
    No(Reason),
}

impl<'e> Question<'e> {
    /// Makes the question of an estate.
    #[must_use]
    pub fn new(estate: &'e Estate, facts: &Facts, ask: &Ask) -> Self {
        let licenses = candidates(estate, ask);
        let mut question = Self {
            problem: Problem::default(),
            asked: Vec::new(),
            hopeless: Vec::new(),
            kept: 0,
            licenses,
        };
        let judge = Judge { facts, until: estate.now.max(ask.valid_until) };
        for held in wanting(estate, ask, judge.until) {
            question.ask(&held, &judge, ask.reassign);
        }
        question.problem.bins = question.bins(ask.reassign);
        question
    }

    fn ask(&mut self, held: &Held<'e>, judge: &Judge<'_>, reassign: bool) {
        let from = own_license(held);
        let asked = Asked { entity: held.entity, from };
        if let Some((license, _)) = from
            && !reassign
            && matches!(judge.usable(license, held.entity), Usable::Yes(_))
        {
            self.kept += 1;
            return;
        }
        let usable: Vec<Usable> =
            self.licenses.iter().map(|bin| judge.usable(bin.license, held.entity)).collect();
        let ranks = self.licenses.iter().map(|bin| judge.rank(bin.license));
        let lowest = ranks
            .zip(&usable)
            .filter(|(_, usable)| matches!(usable, Usable::Yes(_)))
            .map(|(rank, _)| rank)
            .min();
        let Some(lowest) = lowest else {
            let reasons = usable.iter().filter_map(|usable| match usable {
                Usable::No(reason) => Some(*reason),
                Usable::Yes(_) => None,
            });
            let reason = reasons.max().unwrap_or(Reason::NotEnough);
            self.hopeless.push(Unplaced { entity: held.entity, reason, needed: None });
            return;
        };
        let fits = self.licenses.iter().zip(usable).map(|(bin, usable)| match usable {
            Usable::Yes(cost) => Some(Fit { cost, surplus: judge.rank(bin.license) - lowest }),
            Usable::No(_) => None,
        });
        let current = from.and_then(|(license, _)| self.bin_of(license));
        self.problem.items.push(Item { fits: fits.collect(), current });
        self.asked.push(asked);
    }

    fn bin_of(&self, license: &License) -> Option<usize> {
        self.licenses.iter().position(|bin| bin.license.id == license.id)
    }

    /// The bin that a host leaves, and the units that are free there then.
    #[must_use]
    pub fn leaves(&self, asked: &Asked<'_>) -> Option<(usize, i64)> {
        let (license, units) = asked.from?;
        Some((self.bin_of(license)?, units.unwrap_or(0)))
    }

    /// What each license may give out: its free units, and what the hosts that may leave it take.
    fn bins(&self, reassign: bool) -> Vec<Bin> {
        let bins = self.licenses.iter().map(|bin| {
            let leaving = self.asked.iter().filter_map(|asked| asked.from);
            let leaving = leaving.filter(|(license, _)| reassign && license.id == bin.license.id);
            let units: i64 = leaving.map(|(_, units)| units.unwrap_or(0)).sum();
            let capacity = bin.free.map(|free| (free + units).max(0));
            Bin { capacity, expires: bin.license.expires() }
        });
        bins.collect()
    }
}

/// The license of a host's own product, when that is no evaluation.
fn own_license<'e>(held: &Held<'e>) -> Option<(&'e License, Option<i64>)> {
    let product = held.entity.kind.product().unwrap_or_default();
    let own = held.licenses.iter().find(|(_, assignment)| assignment.slot == product);
    own.filter(|(license, _)| !license.is_evaluation())
        .map(|(license, assignment)| (*license, assignment.cost))
}

/// The licenses that may be given out, in the order of their keys.
fn candidates<'e>(estate: &'e Estate, ask: &Ask) -> Vec<Candidate<'e>> {
    let wanted = |license: &License| {
        let chosen = ask.licenses.as_ref().is_none_or(|chosen| chosen.contains(&license.id));
        let edition = ask.edition.as_deref();
        let fits = edition.is_none_or(|edition| pattern::fits(edition, &license.edition_key));
        chosen && fits && !license.is_evaluation() && !license.key.is_placeholder()
    };
    let enforced = |license: &License| Unit::read(&license.cost_unit).is_none_or(Unit::is_enforced);
    let free =
        |license: &License, taken: Taken| info::free(license, taken).filter(|_| enforced(license));
    let mut found: Vec<Candidate<'e>> = estate
        .licenses
        .iter()
        .filter(|(license, _)| wanted(license))
        .map(|(license, taken)| Candidate { license, free: free(license, *taken) })
        .collect();
    found.sort_by(|left, right| {
        let key = |bin: &Candidate<'e>| (bin.license.key.shown(), bin.license.id);
        key(left).cmp(&key(right))
    });
    found
}

/// The hosts that are asked for.
fn wanting<'e>(estate: &'e Estate, ask: &Ask, until: Timestamp) -> Vec<Held<'e>> {
    let clusters = estate.clusters();
    let mut held = estate.held();
    held.retain(|held| {
        let entity = held.entity;
        let parent = entity.parent.as_deref();
        let cluster = parent.map(|parent| (parent, clusters.get(parent).copied()));
        entity.kind == EntityKind::Host
            && match &ask.hosts {
                Hosts::All => true,
                Hosts::Named(ids) => ids.contains(&entity.entity_id),
                Hosts::On(licenses) => {
                    own_license(held).is_some_and(|(license, _)| licenses.contains(&license.id))
                }
                Hosts::Clusters(patterns) => cluster.is_some_and(|(id, name)| {
                    let fits = |pattern: &String| {
                        pattern::fits(pattern, id)
                            || name.is_some_and(|name| pattern::fits(pattern, name))
                    };
                    patterns.iter().any(fits)
                }),
                Hosts::Unlicensed => match own_license(held) {
                    Some((license, _)) => {
                        license.expires().is_some_and(|end| expiry::is_over(end, until))
                    }
                    None => entity.told,
                },
            }
    });
    held
}

/// What decides whether a license would do.
struct Judge<'f> {
    facts: &'f Facts,
    until: Timestamp,
}

impl Judge<'_> {
    /// Editions that the catalogue does not rank are the lowest.
    fn rank(&self, license: &License) -> i64 {
        self.facts.editions.get(&license.id).map_or(0, |edition| edition.rank)
    }

    fn usable(&self, license: &License, host: &Entity) -> Usable {
        let case = |now| Case {
            license,
            edition: self.facts.editions.get(&license.id),
            entity: host,
            members: &[],
            free: None,
            held: None,
            hosts: &[],
            managing: self.facts.managing.as_ref(),
            now,
            levels: self.facts.levels,
        };
        let refused = match assign(&case(self.until)) {
            Ok(accepted) => {
                return accepted.cost.map_or(Usable::No(Reason::UnknownCost), Usable::Yes);
            }
            Err(refused) => refused,
        };
        // An expiry is told first, yet says nothing of a license that would not do anyway.
        let expired = refused.code.symbol == LICENSE_EXPIRED.symbol;
        let lasting = Timestamp::from_ms(0).filter(|_| expired);
        match lasting.map(|past| assign(&case(past))) {
            Some(Ok(_)) => Usable::No(Reason::Expired),
            Some(Err(other)) => Usable::No(reason(other.code)),
            None => Usable::No(reason(refused.code)),
        }
    }
}

fn reason(code: &'static crate::catalog::Code) -> Reason {
    [
        (&LICENSE_DOWNGRADE_DISALLOWED, Reason::Downgrade),
        (&LICENSE_ASSIGNMENT_FAILED, Reason::NotManageable),
        (&LICENSE_EXPIRED, Reason::Expired),
    ]
    .into_iter()
    .find(|(held, _)| held.symbol == code.symbol)
    .map_or(Reason::Mismatch, |(_, reason)| reason)
}
