//! What is unassigned, or could be taken back?

use super::Estate;
use crate::clock::Span;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::{Connection, Entity};
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::rules::{expiry, info, inventory};
use std::collections::BTreeMap;

/// Why units can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No entity holds the license.
    Unassigned,
    /// Some units are free.
    Free,
    /// A disconnected host holds it.
    Disconnected,
    /// It is reported to cost more than it does.
    OverCosted,
    /// It has expired.
    Expired,
}

impl Reason {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unassigned => "unassigned",
            Self::Free => "free",
            Self::Disconnected => "disconnected",
            Self::OverCosted => "overCosted",
            Self::Expired => "expired",
        }
    }
}

/// Units that could be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Reclaimable<'e> {
    pub license: &'e License,
    pub used: i64,
    /// Units that could be taken back.
    pub units: i64,
    pub reason: Reason,
    /// Who holds them; `None`: nobody.
    pub holder: Option<&'e Entity>,
}

/// Everything that could be taken back; never the evaluation license, and of an unlimited one no units.
///
/// - `stale`: how long a host has to be disconnected; one whose time is not known counts at once.
#[must_use]
pub fn reclaim(estate: &Estate, stale: Span) -> Vec<Reclaimable<'_>> {
    let mut found = Vec::new();
    for (license, taken) in estate.licenses.iter().filter(|(license, _)| !license.is_evaluation()) {
        let (used, total) = (info::used(license, *taken).unwrap_or(0), i64::from(license.total));
        let mut put = |units: i64, reason| {
            found.push(Reclaimable { license, used, units, reason, holder: None });
        };
        if license.expires().is_some_and(|end| expiry::is_over(end, estate.now)) {
            put(total, Reason::Expired);
        } else if used == 0 && taken.assignments == 0 && !license.is_unlimited() {
            put(total, Reason::Unassigned);
        } else if total > used {
            put(total - used, Reason::Free);
        }
    }
    for held in estate.held() {
        for (license, assignment) in &held.licenses {
            let used = assignment.cost.unwrap_or(0);
            let since = held.entity.disconnected;
            let gone = held.entity.connection == Connection::Disconnected
                && since.is_none_or(|since| since.plus_ms(stale.ms()) <= estate.now);
            let more = assignment.reported_cost.map(|reported| reported - used);
            let reason = match more {
                _ if gone && held.entity.kind == EntityKind::Host => (used, Reason::Disconnected),
                Some(more) if more > 0 && assignment.cost.is_some() => (more, Reason::OverCosted),
                _ => continue,
            };
            let (units, reason) = reason;
            let license: &License = license;
            found.push(Reclaimable { license, used, units, reason, holder: Some(held.entity) });
        }
    }
    found
}

/// The licenses that could be removed from the inventory: nothing holds them.
pub fn removable(estate: &Estate) -> impl Iterator<Item = &License> {
    let unheld = |(license, taken): &&(License, Taken)| {
        inventory::is_removable(license, taken.assignments) && !license.is_evaluation()
    };
    estate.licenses.iter().filter(unheld).map(|(license, _)| license)
}

/// The units that could be taken back, by cost unit.
#[must_use]
pub fn sums(found: &[Reclaimable<'_>]) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in found {
        *sums.entry(row.license.cost_unit.clone()).or_insert(0) += row.units;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::{Reason, reclaim, removable};
    use crate::clock::Span;
    use crate::vsphere::model::entity::Connection;
    use crate::vsphere::report::fixture::estate;

    #[test]
    fn free_units_unassigned_licenses_and_what_disconnected_hosts_hold_are_listed() {
        let mut estate = estate();
        estate.entities[4].connection = Connection::Disconnected;
        let found: Vec<(&str, i64, Reason)> = reclaim(&estate, Span::days(30))
            .into_iter()
            .map(|row| (row.license.key.shown().rsplit('-').next().unwrap(), row.units, row.reason))
            .collect();
        assert_eq!(
            found,
            [
                ("AAAA2", 4, Reason::Unassigned),
                ("AAAA4", 160, Reason::Free),
                ("AAAA1", 4, Reason::Disconnected),
            ],
            "K1 is over-used, K3 full"
        );
    }

    #[test]
    fn a_host_counts_when_it_was_away_for_long_enough() {
        let mut estate = estate();
        estate.entities[4].connection = Connection::Disconnected;
        let held = |estate: &crate::vsphere::report::Estate| {
            let found = reclaim(estate, Span::days(30));
            found.iter().filter(|row| row.reason == Reason::Disconnected).count()
        };
        for (days, count) in [(29, 0), (30, 1)] {
            estate.entities[4].disconnected = Some(estate.now.plus_days(-days));
            assert_eq!(held(&estate), count, "{days}");
        }
    }

    #[test]
    fn what_nothing_holds_can_be_removed() {
        let estate = estate();
        let keys: Vec<&str> = removable(&estate).map(|license| license.key.shown()).collect();
        assert_eq!(keys, ["*****-*****-*****-AAAAA-AAAA2"]);
    }

    #[test]
    fn an_unlimited_license_has_no_units_to_take_back_and_an_expired_one_all() {
        let mut estate = estate();
        estate.licenses[1].0.total = 0;
        estate.now = estate.now.plus_days(100);
        let found = reclaim(&estate, Span::days(30));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].reason, found[0].units), (Reason::Expired, 256));
    }
}
