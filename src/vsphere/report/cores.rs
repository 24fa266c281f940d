//! How many core-based units does a move to licenses by cores need?

use super::Estate;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::rules::expiry;
use crate::vsphere::rules::units::Unit;
use std::collections::HashMap;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The fewest cores that a CPU counts as.
    pub least: u32,
    /// Units are bought in packs of so many.
    pub pack: u32,
    /// The fewest units of an order.
    pub order_minimum: u64,
    pub excluded_too: bool,
}

impl Default for Ask {
    /// Source: [CORES] 16 cores a CPU, each core one unit; packs and minimum: reported, not stated.
    fn default() -> Self {
        Self { least: 16, pack: 1, order_minimum: 0, excluded_too: false }
    }
}

/// A host with the cores that it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct HostCores<'e> {
    pub entity: &'e Entity,
    pub cluster: Option<&'e str>,
    /// Units; `None`: its processors are not known.
    pub units: Option<u64>,
    /// Why it counts nothing.
    pub excluded: Option<&'static str>,
}

/// The whole need beside what there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Cores<'e> {
    pub hosts: Vec<HostCores<'e>>,
    pub need: u64,
    /// What has to be ordered, in packs and at least the minimum.
    pub order: u64,
    /// Units of core licenses that have not expired.
    pub owned: u64,
    pub shortfall: u64,
    /// Whether the processors of every host are known.
    pub complete: bool,
}

/// Models that are no hosts to be licensed, as the vendor's own script leaves them out.
const EXCLUDED: [(&str, &str); 2] =
    [("VMware Mobility Platform", "HCX"), ("vSAN Witness", "witness")];

/// Counts the cores that every host needs: physical cores, never threads.
#[must_use]
pub fn cores<'e>(estate: &'e Estate, ask: &Ask) -> Cores<'e> {
    let clusters = estate.clusters();
    let hosts = estate.entities.iter().filter(|entity| entity.kind == EntityKind::Host);
    let hosts: Vec<HostCores<'e>> = hosts.map(|entity| one(entity, &clusters, ask)).collect();
    let need: u64 = hosts.iter().filter_map(|host| host.units).sum();
    let pack = u64::from(ask.pack.max(1));
    let owned = estate
        .licenses
        .iter()
        .filter(|(license, _)| matches!(Unit::read(&license.cost_unit), Some(Unit::Core(_))))
        .filter(|(license, _)| {
            license.expires().is_none_or(|end| !expiry::is_over(end, estate.now))
        })
        .filter_map(|(license, _)| u64::try_from(license.total).ok())
        .sum();
    Cores {
        complete: hosts.iter().all(|host| host.units.is_some()),
        order: u64::max(need.div_ceil(pack) * pack, if need > 0 { ask.order_minimum } else { 0 }),
        shortfall: need.saturating_sub(owned),
        need,
        owned,
        hosts,
    }
}

fn one<'e>(entity: &'e Entity, clusters: &HashMap<&'e str, &'e str>, ask: &Ask) -> HostCores<'e> {
    let parent = entity.parent.as_deref();
    let cluster = parent.map(|parent| clusters.get(parent).copied().unwrap_or(parent));
    let model = entity.model.as_deref().unwrap_or_default();
    let excluded = EXCLUDED
        .iter()
        .find(|(named, _)| !ask.excluded_too && model.contains(named))
        .map(|(_, why)| *why);
    let packages = &entity.processors.packages;
    let counted = || packages.iter().map(|cores| u64::from(*cores.max(&ask.least))).sum();
    let units = match excluded {
        Some(_) => Some(0),
        None => (!packages.is_empty()).then(counted),
    };
    HostCores { entity, cluster, units, excluded }
}

#[cfg(test)]
mod tests {
    use super::{Ask, cores};
    use crate::vsphere::report::Estate;
    use crate::vsphere::report::fixture::estate;
    use crate::vsphere::rules::fixture::host;

    fn of(hosts: &[&[u32]]) -> Estate {
        let mut estate = estate();
        estate.licenses.clear();
        estate.entities = hosts.iter().map(|packages| host("h", packages, &[])).collect();
        estate
    }

    #[test]
    fn every_processor_counts_as_sixteen_cores_at_least() {
        let two = of(&[&[8, 8], &[24, 24]]);
        assert_eq!(cores(&two, &Ask::default()).need, 80);
        assert_eq!(cores(&of(&[&[8], &[8], &[8]]), &Ask::default()).need, 48);
        assert_eq!(cores(&of(&[&[16, 15]]), &Ask::default()).need, 32);
        assert_eq!(cores(&two, &Ask { pack: 32, ..Ask::default() }).order, 96);
        assert_eq!(cores(&two, &Ask { order_minimum: 96, ..Ask::default() }).order, 96);
    }

    #[test]
    fn what_is_owned_and_has_not_expired_is_set_against_the_need() {
        let mut estate = estate();
        let answer = cores(&estate, &Ask::default());
        // 32 + 96 + 128 + 80 + 64
        assert_eq!((answer.need, answer.owned, answer.shortfall), (400, 256, 144));
        estate.now = estate.now.plus_days(365);
        assert_eq!(cores(&estate, &Ask::default()).owned, 0);
    }

    #[test]
    fn a_migration_appliance_counts_nothing_and_an_unknown_host_makes_the_answer_incomplete() {
        let mut estate = of(&[&[64], &[]]);
        estate.entities[0].model = Some("VMware Mobility Platform".to_owned());
        let answer = cores(&estate, &Ask::default());
        assert_eq!(
            (answer.hosts[0].excluded, answer.need, answer.complete),
            (Some("HCX"), 0, false)
        );
        assert_eq!(cores(&estate, &Ask { excluded_too: true, ..Ask::default() }).need, 64);
    }
}
