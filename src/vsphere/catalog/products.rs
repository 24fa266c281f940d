//! Products, the kinds of entities that they license, and the editions by which a product is told.

use super::documents::{COMMUNITY, DUMPS, LICENSING};
use crate::catalog::{Source, assumed, stated};

/// What is licensed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    Vcenter,
    Host,
    Cluster,
    Solution,
}

impl EntityKind {
    pub const ALL: [Self; 4] = [Self::Vcenter, Self::Host, Self::Cluster, Self::Solution];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vcenter => "vcenter",
            Self::Host => "host",
            Self::Cluster => "cluster",
            Self::Solution => "solution",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The product that an entity of this kind is; `None` when the kind does not say.
    #[must_use]
    pub const fn product(self) -> Option<&'static str> {
        match self {
            Self::Vcenter => Some(VCENTER),
            Self::Host => Some(ESX),
            Self::Cluster | Self::Solution => None,
        }
    }
}

pub const VCENTER: &str = "VMware VirtualCenter Server";
pub const ESX: &str = "VMware ESX Server";
pub const VSAN: &str = "VMware VSAN";

/// Which entities licenses of a family fit.
#[derive(Debug)]
pub struct Family {
    /// Head of the editionKey, up to its first dot; compared as a prefix, because keys of 4.x have no dots.
    pub head: &'static str,
    /// A later part of the editionKey must begin so; empty: any.
    pub part: &'static str,
    /// Product, by which licenses without an editionKey are told; empty: none.
    pub product: &'static str,
    pub fits: &'static [EntityKind],
    /// Whether the major version of the license must be that of the entity.
    pub versioned: bool,
    pub source: Source,
}

const BOTH: &[EntityKind] = &[EntityKind::Host, EntityKind::Vcenter];

const fn family(names: [&'static str; 3], fits: &'static [EntityKind], source: Source) -> Family {
    let [head, part, product] = names;
    Family { head, part, product, fits, versioned: true, source }
}

const SUITE: Source = stated(&COMMUNITY, "community.vmware 2451: such keys license vCenter too");

/// The families; the first that fits an edition is its own.
pub static FAMILIES: &[Family] = &[
    family(["vsan", "", VSAN], &[EntityKind::Cluster], stated(&LICENSING, "vSAN clusters")),
    family(["esx", "vcf", ""], BOTH, SUITE),
    family(["esx", "vvf", ""], BOTH, SUITE),
    family(["vc", "vcf", ""], BOTH, SUITE),
    family(["vc", "vvf", ""], BOTH, SUITE),
    family(["vc", "", VCENTER], &[EntityKind::Vcenter], stated(&LICENSING, "vCenter Server")),
    family(["esx", "", ESX], &[EntityKind::Host], stated(&LICENSING, "ESXi hosts")),
];

/// Licenses of every other product: they go to solutions and clusters.
pub static OTHER: Family = Family {
    head: "",
    part: "",
    product: "",
    fits: &[EntityKind::Solution, EntityKind::Cluster],
    versioned: false,
    source: assumed(&LICENSING, "each solution checks its own licenses; the document lists none"),
};

/// The family of a license; `None` when neither edition nor product say anything.
#[must_use]
pub fn family_of(edition_key: &str, product_name: Option<&str>) -> Option<&'static Family> {
    if edition_key.is_empty() {
        let product = product_name?;
        let told = FAMILIES.iter().find(|family| family.product == product);
        return Some(told.unwrap_or(&OTHER));
    }
    let mut parts = edition_key.split('.');
    let head = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let told = FAMILIES.iter().find(|family| {
        head.starts_with(family.head)
            && (family.part.is_empty() || rest.iter().any(|part| part.starts_with(family.part)))
    });
    Some(told.unwrap_or(&OTHER))
}

/// The evaluation license of a kind of instance.
#[derive(Debug)]
pub struct EvaluationLicense {
    pub edition_key: &'static str,
    pub name: &'static str,
    pub cost_unit: &'static str,
}

/// How the pool of a vCenter shows it. Source: dumps of vCenter pools show no properties and no `used`.
pub static POOL_EVALUATION: EvaluationLicense =
    EvaluationLicense { edition_key: "eval", name: "Product Evaluation", cost_unit: "" };

/// How a stand-alone host shows it.
pub static HOST_EVALUATION: EvaluationLicense =
    EvaluationLicense { edition_key: "eval", name: "Evaluation Mode", cost_unit: "host" };

/// Days of evaluation, by the major version that they begin with.
pub static EVALUATION_DAYS: &[(u32, i64, Source)] = &[
    (9, 90, stated(&DUMPS, "ESXi 9.0: 90 days")),
    (0, 60, stated(&LICENSING, "evaluation mode, 60 days")),
];

#[cfg(test)]
mod tests {
    use super::{EntityKind, family_of};

    #[test]
    fn an_edition_tells_which_entities_it_licenses() {
        use EntityKind::{Cluster, Host, Solution, Vcenter};
        let cases: &[(&str, &[EntityKind])] = &[
            ("vc", &[Vcenter]),
            ("vc.standard.instance", &[Vcenter]),
            ("esxEnterprisePlus", &[Host]),
            ("esx.enterprisePlus.cpuPackageCoreLimited", &[Host]),
            ("esx.vcf.entitlement.cpuCoreMin", &[Host, Vcenter]),
            ("vc.vcf.entitlement.cpuCoreMin", &[Host, Vcenter]),
            ("vsan.entitlement.TiB", &[Cluster]),
            ("nsx.vsphere.vm", &[Solution, Cluster]),
        ];
        for (edition, fits) in cases {
            assert_eq!(family_of(edition, None).unwrap().fits, *fits, "{edition}");
        }
        assert!(family_of("", None).is_none());
        assert_eq!(family_of("", Some("VMware ESX Server")).unwrap().fits, [Host]);
    }
}
