//! How many core-based units does a move to licenses by cores need, and how much vSAN capacity do they entitle to?

use super::Estate;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::rules::expiry;
use crate::vsphere::rules::units::{self, Unit};
use std::collections::{BTreeMap, HashMap};

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
    /// GiB of vSAN capacity to which each core entitles; `None`: not asked.
    pub gib_per_core: Option<u32>,
    /// Raw capacity of clusters as the user says it, by their ids, in millionths of a TiB.
    pub vsan: BTreeMap<String, u64>,
}

impl Default for Ask {
    /// Source: [CORES] 16 cores a CPU, each core one unit; packs and minimum: reported, not stated.
    fn default() -> Self {
        Self {
            least: 16,
            pack: 1,
            order_minimum: 0,
            excluded_too: false,
            gib_per_core: None,
            vsan: BTreeMap::new(),
        }
    }
}

/// The suites that entitle to vSAN capacity, and GiB for each core.
///
/// Source: [CORES] 1 TiB with Cloud Foundation, 0.25 TiB with vSphere Foundation.
pub static SUITES: [(&str, u32); 2] = [("VCF", 1024), (VVF, 256)];

/// The suite whose entitlement was another once.
pub const VVF: &str = "VVF";

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

/// The vSAN capacity that a cluster claims.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterCapacity<'e> {
    /// `None`: hosts without a cluster.
    pub cluster: Option<&'e str>,
    /// TiB, a begun one counts whole.
    pub required: u64,
}

/// What the cores entitle to beside what is claimed, over all clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vsan {
    /// GiB.
    pub entitled: u64,
    /// TiB that have to be bought besides; negative: a surplus.
    pub add_on: i64,
}

/// The whole need beside what there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Cores<'e> {
    pub hosts: Vec<HostCores<'e>>,
    pub clusters: Vec<ClusterCapacity<'e>>,
    pub need: u64,
    /// What has to be ordered, in packs and at least the minimum.
    pub order: u64,
    /// Units of core licenses that have not expired.
    pub owned: u64,
    pub shortfall: u64,
    /// Units that the same hosts take by packages of at most 32 cores.
    pub packages: u64,
    /// TiB that the clusters claim.
    pub required: u64,
    pub vsan: Option<Vsan>,
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
    let by_package = hosts
        .iter()
        .filter(|host| host.excluded.is_none())
        .filter_map(|host| u64::try_from(units::cost("cpuPackage:32core", host.entity, &[])?).ok());
    let packages = by_package.sum();
    let claimed = capacities(estate, &clusters, ask);
    let required = claimed.iter().map(|cluster| cluster.required).sum();
    Cores {
        complete: hosts.iter().all(|host| host.units.is_some()),
        order: u64::max(need.div_ceil(pack) * pack, if need > 0 { ask.order_minimum } else { 0 }),
        shortfall: need.saturating_sub(owned),
        vsan: ask.gib_per_core.map(|gib| vsan(need, gib, required)),
        clusters: claimed,
        need,
        owned,
        packages,
        required,
        hosts,
    }
}

/// What cores entitle to is pooled over all clusters; only whole TiB count.
fn vsan(need: u64, gib_per_core: u32, required: u64) -> Vsan {
    let entitled = need.saturating_mul(u64::from(gib_per_core));
    let signed = |tebibytes: u64| i64::try_from(tebibytes).unwrap_or(i64::MAX);
    Vsan { entitled, add_on: signed(required) - signed(entitled / 1024) }
}

/// What each cluster claims: as the user says, else as the cluster does, else the sum of its hosts.
fn capacities<'e>(
    estate: &'e Estate,
    names: &HashMap<&'e str, &'e str>,
    ask: &Ask,
) -> Vec<ClusterCapacity<'e>> {
    let mut raw: BTreeMap<Option<&'e str>, u64> = BTreeMap::new();
    for host in estate.entities.iter().filter(|entity| entity.kind == EntityKind::Host) {
        if let Some(claimed) = host.resources.vsan_micro_tib {
            *raw.entry(host.parent.as_deref()).or_default() += claimed;
        }
    }
    for cluster in estate.entities.iter().filter(|entity| entity.kind == EntityKind::Cluster) {
        let id = cluster.entity_id.as_str();
        let said = ask.vsan.get(id).copied().or(cluster.resources.vsan_micro_tib);
        if let Some(claimed) = said {
            raw.insert(Some(id), claimed);
        }
    }
    let named = |id: &'e str| names.get(id).copied().unwrap_or(id);
    raw.into_iter()
        .map(|(id, micro)| ClusterCapacity {
            cluster: id.map(named),
            required: micro.div_ceil(1_000_000),
        })
        .collect()
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
    use super::{Ask, Vsan, cores};
    use crate::vsphere::catalog::products::EntityKind;
    use crate::vsphere::model::entity::Entity;
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

    fn claiming(estate: &mut Estate, micro: &[u64]) {
        for (host, micro) in estate.entities.iter_mut().zip(micro) {
            host.resources.vsan_micro_tib = Some(*micro);
        }
    }

    #[test]
    fn cores_entitle_to_capacity_that_is_pooled_over_the_clusters() {
        let with = |gib| Ask { gib_per_core: Some(gib), ..Ask::default() };
        let mut three = of(&[&[8], &[8], &[8]]);
        claiming(&mut three, &[3_840_000; 3]);
        let answer = cores(&three, &with(1024));
        assert_eq!((answer.need, answer.required), (48, 12));
        assert_eq!(answer.vsan, Some(Vsan { entitled: 48 * 1024, add_on: -36 }));
        assert_eq!(cores(&three, &Ask::default()).vsan, None);
        let one = of(&[&[16]]);
        let answer = cores(&one, &with(100));
        assert_eq!(answer.vsan.unwrap().entitled, 1600, "1.5625 TiB");
        let mut worked = of(&[&[16; 2], &[48; 2], &[64], &[20; 2], &[8; 4]]);
        claiming(&mut worked, &[310_200_000]);
        for (gib, entitled, add_on) in [(1024, 296, 15), (256, 74, 237)] {
            let answer = cores(&worked, &with(gib));
            assert_eq!((answer.need, answer.required, answer.packages), (296, 311, 14));
            assert_eq!(answer.vsan, Some(Vsan { entitled: entitled * 1024, add_on }));
        }
    }

    #[test]
    fn what_a_cluster_claims_is_as_the_user_says_else_as_it_says_else_the_sum_of_its_hosts() {
        let mut estate = of(&[&[16], &[16]]);
        claiming(&mut estate, &[1_500_000, 1_600_000]);
        for host in &mut estate.entities {
            host.parent = Some("domain-c1".to_owned());
        }
        let mut cluster = Entity::new("domain-c1", EntityKind::Cluster);
        cluster.name = Some("prod".to_owned());
        estate.entities.push(cluster);
        let of = |estate: &Estate, ask: &Ask| {
            let answer = cores(estate, ask);
            let cluster = answer.clusters.first().unwrap();
            (cluster.cluster.map(str::to_owned), cluster.required)
        };
        assert_eq!(of(&estate, &Ask::default()), (Some("prod".to_owned()), 4));
        estate.entities[2].resources.vsan_micro_tib = Some(5_000_000);
        assert_eq!(of(&estate, &Ask::default()).1, 5);
        let vsan = [("domain-c1".to_owned(), 6_000_001)].into();
        assert_eq!(of(&estate, &Ask { vsan, ..Ask::default() }).1, 7);
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
