//! Cost units: how many units of a license an entity takes.
//!
//! The suffix `:Ncore` is a ceiling per unit behind `cpuPackage` and a minimum per package behind `cpuCore`.

use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::{Entity, Processors};

/// What a license is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `server`, `host`: one each.
    Each,
    /// `cpuPackage`, with the most cores that one unit covers.
    Package(Option<u32>),
    /// `cpuCore`, with the fewest cores that a package counts as.
    Core(Option<u32>),
    /// `vm`: machines that run or start.
    Machine,
    /// `vCPU`: configured CPUs of machines that run.
    VirtualCpu,
    /// `TiB` of raw capacity.
    Tebibyte,
}

impl Unit {
    /// Reads a cost unit; `None` when it is none that is known, which costs what nobody knows.
    ///
    /// Source: [ARTICLE] costUnit; [LICENSING] 32 cores a unit; [CORES] 16 cores a CPU.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (base, limit) = match text.split_once(':') {
            None => (text, None),
            Some((base, limit)) => {
                let cores: u32 = limit.strip_suffix("core")?.parse().ok()?;
                (base, Some(cores).filter(|cores| *cores > 0).map(Some)?)
            }
        };
        match (base, limit) {
            ("server" | "host", None) => Some(Self::Each),
            ("cpuPackage", limit) => Some(Self::Package(limit)),
            ("cpuCore", limit) => Some(Self::Core(limit)),
            ("vm", None) => Some(Self::Machine),
            ("vCPU" | "vcpu", None) => Some(Self::VirtualCpu),
            ("TiB", None) => Some(Self::Tebibyte),
            _ => None,
        }
    }

    /// Whether an assignment that has not enough units fails; usage-based units only warn.
    ///
    /// Source: [LICENSING] insufficient capacity; usage-based: assumed from the thresholds of 5.x.
    #[must_use]
    pub fn is_enforced(self) -> bool {
        !matches!(self, Self::Machine | Self::VirtualCpu | Self::Tebibyte)
    }

    fn is_processor(self) -> bool {
        matches!(self, Self::Package(_) | Self::Core(_))
    }
}

/// Counts the units that an entity takes.
///
/// - `members`: the hosts of a cluster; empty for every other entity.
/// - Returns units; `None` when they cannot be known, never a guess.
#[must_use]
pub fn cost(cost_unit: &str, entity: &Entity, members: &[Entity]) -> Option<i64> {
    let unit = Unit::read(cost_unit)?;
    match (entity.kind, unit) {
        (EntityKind::Solution, _) => entity.cost.map(i64::from),
        // Suites for hosts license their vCenter too, which has no processors that count.
        (EntityKind::Vcenter, unit) if unit.is_processor() => Some(0),
        (EntityKind::Cluster, Unit::Tebibyte) => match entity.resources.vsan_micro_tib {
            Some(raw) => tebibytes(raw),
            None => {
                let sum: Option<u64> =
                    members.iter().map(|host| host.resources.vsan_micro_tib).sum();
                sum.filter(|_| !members.is_empty()).and_then(tebibytes)
            }
        },
        (EntityKind::Cluster, unit) => {
            let costs: Option<i64> = members.iter().map(|host| of_host(unit, host)).sum();
            costs.filter(|_| !members.is_empty())
        }
        (EntityKind::Vcenter | EntityKind::Host, unit) => of_host(unit, entity),
    }
}

fn of_host(unit: Unit, host: &Entity) -> Option<i64> {
    let resources = host.resources;
    match unit {
        Unit::Each => Some(1),
        Unit::Package(None) => host.processors.number().map(i64::from),
        Unit::Package(Some(cores)) => packages(&host.processors, |held| held.div_ceil(cores)),
        Unit::Core(least) => packages(&host.processors, |held| held.max(least.unwrap_or(0))),
        Unit::Machine => {
            let started = resources.vms_started?;
            Some(i64::from(started) + i64::from(resources.vms_starting.unwrap_or(0)))
        }
        Unit::VirtualCpu => resources.vcpus.map(i64::from),
        Unit::Tebibyte => resources.vsan_micro_tib.and_then(tebibytes),
    }
}

fn packages(processors: &Processors, units: impl Fn(u32) -> u32) -> Option<i64> {
    if processors.packages.is_empty() {
        return None;
    }
    Some(processors.packages.iter().map(|cores| i64::from(units(*cores))).sum())
}

fn tebibytes(micro: u64) -> Option<i64> {
    i64::try_from(micro.div_ceil(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::{Unit, cost};
    use crate::vsphere::catalog::products::EntityKind;
    use crate::vsphere::model::entity::{Entity, Processors, Resources};

    fn host(packages: &[u32]) -> Entity {
        let mut host = Entity::new("host-1", EntityKind::Host);
        host.processors.packages = packages.to_vec();
        host
    }

    #[test]
    fn the_five_hosts_of_the_worked_estate_cost_what_the_documents_say() {
        let units = [
            "host",
            "cpuPackage",
            "cpuPackage:32core",
            "cpuPackage:12core",
            "cpuPackage:6core",
            "cpuCore",
            "cpuCore:16core",
            "cpuCore:8core",
        ];
        let hosts: [(&[u32], [i64; 8]); 5] = [
            (&[16, 16], [1, 2, 2, 4, 6, 32, 32, 32]),
            (&[48, 48], [1, 2, 4, 8, 16, 96, 96, 96]),
            (&[64], [1, 1, 2, 6, 11, 64, 64, 64]),
            (&[20, 20], [1, 2, 2, 4, 8, 40, 40, 40]),
            (&[8, 8, 8, 8], [1, 4, 4, 4, 8, 32, 64, 32]),
        ];
        for (packages, costs) in hosts {
            for (unit, expected) in units.iter().zip(costs) {
                assert_eq!(cost(unit, &host(packages), &[]), Some(expected), "{packages:?} {unit}");
            }
        }
    }

    #[test]
    fn a_package_above_the_ceiling_takes_more_units_and_one_below_the_minimum_counts_as_it() {
        let cases: [(&[u32], &str, i64); 8] = [
            (&[33], "cpuPackage:32core", 2),
            (&[33], "cpuCore:16core", 33),
            (&[33], "cpuCore", 33),
            (&[16, 15], "cpuCore:16core", 32),
            (&[64], "cpuPackage:6core", 11),
            (&[32, 32], "cpuPackage:32core", 2),
            (&[20], "cpuPackage:32core", 1),
            (&[8, 8, 8, 8], "cpuCore:16core", 64),
        ];
        for (packages, unit, expected) in cases {
            assert_eq!(cost(unit, &host(packages), &[]), Some(expected), "{packages:?} {unit}");
        }
        let (four, two) = (host(&[12; 4]), host(&[20; 2]));
        for (unit, expected) in
            [("cpuCore:8core", 88), ("cpuCore:16core", 104), ("cpuPackage:32core", 6)]
        {
            let sum = cost(unit, &four, &[]).unwrap() + cost(unit, &two, &[]).unwrap();
            assert_eq!(sum, expected, "{unit}");
        }
    }

    #[test]
    fn an_unknown_unit_costs_what_nobody_knows() {
        for unit in [
            "",
            "cpuPackage:0core",
            "cpuPackage:xcore",
            "CPUPACKAGE",
            "cpuCore:16",
            "server:2core",
            "box",
        ] {
            assert_eq!(Unit::read(unit), None, "{unit}");
            assert_eq!(cost(unit, &host(&[16]), &[]), None, "{unit}");
        }
    }

    #[test]
    fn a_host_whose_cores_are_unknown_has_packages_and_no_cost_in_cores() {
        let mut known = host(&[]);
        assert_eq!(cost("cpuPackage", &known, &[]), None);
        known.processors.count = Some(2);
        assert_eq!(cost("cpuPackage", &known, &[]), Some(2));
        assert_eq!(cost("cpuPackage:32core", &known, &[]), None);
        known.processors = Processors::of_sum(2, 31);
        assert_eq!(cost("cpuCore:16core", &known, &[]), Some(32));
    }

    #[test]
    fn usage_is_counted_in_machines_and_tebibytes_and_not_enforced() {
        let mut used = host(&[16]);
        used.resources =
            Resources { vms_started: Some(7), vms_starting: Some(2), ..Resources::default() };
        assert_eq!(cost("vm", &used, &[]), Some(9));
        let mut cluster = Entity::new("domain-c28", EntityKind::Cluster);
        for (micro, expected) in [(0, 0), (11_520_000, 12), (12_000_000, 12), (310_200_000, 311)] {
            cluster.resources.vsan_micro_tib = Some(micro);
            assert_eq!(cost("TiB", &cluster, &[]), Some(expected));
        }
        assert!(!Unit::Tebibyte.is_enforced() && !Unit::Machine.is_enforced());
        assert!(Unit::Package(None).is_enforced());
    }

    #[test]
    fn a_cluster_costs_what_its_hosts_cost() {
        let cluster = Entity::new("domain-c28", EntityKind::Cluster);
        let members = [host(&[16, 16]), host(&[48, 48])];
        assert_eq!(cost("cpuPackage:32core", &cluster, &members), Some(6));
        assert_eq!(cost("cpuPackage:32core", &cluster, &[]), None);
    }

    #[test]
    fn a_vcenter_takes_one_server_and_no_processors() {
        let vcenter = Entity::new("u", EntityKind::Vcenter);
        assert_eq!(cost("server", &vcenter, &[]), Some(1));
        assert_eq!(cost("cpuCore:16core", &vcenter, &[]), Some(0));
    }
}
