//! What artefacts say, whatever their form: records with what a form cannot carry, and the vCenter that they name.

use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::model::entity::{Connection, Processors, Resources};
use crate::vsphere::model::key::normalised;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{EvaluationInfo, KeyAnyValue};
use crate::vsphere::model::vcenter::ApiType;

/// A part of a license that a form of artefact may be unable to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    EditionKey,
    Name,
    Total,
    Used,
    CostUnit,
    Properties,
    Labels,
}

impl Part {
    pub const ALL: [Self; 7] = [
        Self::EditionKey,
        Self::Name,
        Self::Total,
        Self::Used,
        Self::CostUnit,
        Self::Properties,
        Self::Labels,
    ];

    /// The member's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EditionKey => "editionKey",
            Self::Name => "name",
            Self::Total => "total",
            Self::Used => "used",
            Self::CostUnit => "costUnit",
            Self::Properties => "properties",
            Self::Labels => "labels",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::EditionKey => 1,
            Self::Name => 1 << 1,
            Self::Total => 1 << 2,
            Self::Used => 1 << 3,
            Self::CostUnit => 1 << 4,
            Self::Properties => 1 << 5,
            Self::Labels => 1 << 6,
        }
    }
}

/// Parts of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts(u8);

impl Parts {
    pub const NONE: Self = Self(0);

    /// Every part: nothing but the key is carried.
    #[must_use]
    pub fn all() -> Self {
        Part::ALL.into_iter().fold(Self::NONE, Self::with)
    }

    #[must_use]
    pub const fn with(self, part: Part) -> Self {
        Self(self.0 | part.bit())
    }

    #[must_use]
    pub const fn without(self, part: Part) -> Self {
        Self(self.0 & !part.bit())
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn has(self, part: Part) -> bool {
        self.0 & part.bit() != 0
    }

    /// The names of the parts.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Part::ALL.into_iter().filter(move |part| self.has(*part)).map(Part::word)
    }
}

/// The vCenter that a record names, as far as it does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Of {
    /// instanceUuid.
    pub uuid: Option<String>,
    /// Name of the server.
    pub name: Option<String>,
}

impl Of {
    #[must_use]
    pub fn uuid(uuid: Option<&str>) -> Self {
        Self { uuid: uuid.filter(|uuid| !uuid.is_empty()).map(str::to_owned), name: None }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uuid.is_none() && self.name.is_none()
    }
}

/// One thing that an artefact says.
#[derive(Debug, Clone)]
pub struct Record {
    pub of: Of,
    pub said: Said,
}

impl Record {
    #[must_use]
    pub fn new(said: Said) -> Self {
        Self { of: Of::default(), said }
    }

    #[must_use]
    pub fn of(of: Of, said: Said) -> Self {
        Self { of, said }
    }
}

/// What is said. The large ones are boxed.
#[derive(Debug, Clone)]
pub enum Said {
    /// What an instance is.
    About(AboutSaid),
    License(Box<LicenseSaid>),
    Assignment(Box<AssignmentSaid>),
    Host(Box<HostSaid>),
    Cluster {
        id: String,
        name: String,
    },
    /// What is left of the evaluation of the instance.
    Evaluation(EvaluationInfo),
    /// What a host itself says of its license, and what its shell calls the host.
    HostView(Option<String>, Box<LicenseSaid>),
    /// What keys and editions are.
    Catalogue(Box<CatalogueFile>),
    /// In order, but of nothing that is kept, and why.
    Skipped(&'static str, String),
}

/// `AboutInfo`, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutSaid {
    pub uuid: Option<String>,
    pub api_type: ApiType,
    pub version: Option<String>,
}

/// A license, and the parts that its artefact cannot carry.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenseSaid {
    pub info: LicenseInfo,
    pub lacks: Parts,
}

impl LicenseSaid {
    /// A license with all of its parts.
    #[must_use]
    pub fn whole(info: LicenseInfo) -> Self {
        Self { info, lacks: Parts::NONE }
    }

    /// A license of which nothing but the key is said.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self { info: LicenseInfo::of_key(key), lacks: Parts::all() }
    }
}

/// Which license an assignment is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    Said(LicenseSaid),
    /// Its display name, which counts when one license of the inventory has it.
    Named(String),
}

impl Which {
    /// What a cell says that holds a key, a masked key or a display name.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match normalised(text) {
            Some(key) => Self::Said(LicenseSaid::of_key(&key)),
            None if text.contains('*') => Self::Said(LicenseSaid::of_key(text)),
            None => Self::Named(text.to_owned()),
        }
    }
}

/// An assignment. It names its entity by id, or by name alone.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentSaid {
    pub entity_id: Option<String>,
    pub name: Option<String>,
    pub license: Which,
    pub properties: Vec<KeyAnyValue>,
}

/// A host, as far as its artefact tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HostSaid {
    pub entity_id: Option<String>,
    pub name: Option<String>,
    /// entityId of its cluster, or the cluster's name.
    pub cluster: Option<String>,
    pub path: Option<String>,
    pub version: Option<String>,
    pub processors: Option<Processors>,
    pub resources: Resources,
    pub model: Option<String>,
    pub connection: Option<Connection>,
    /// Keys, or names of licenses; `None`: nothing is told.
    pub licenses: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::{Part, Parts};

    #[test]
    fn parts_are_a_set() {
        let some = Parts::NONE.with(Part::Labels).with(Part::Used);
        assert_eq!(some.words().collect::<Vec<_>>(), ["used", "labels"]);
        assert!(some.has(Part::Used) && !some.has(Part::Name));
        assert_eq!(some.without(Part::Used).words().count(), 1);
        assert_eq!(Parts::all().words().count(), 7);
        assert_eq!(Parts::NONE.and(some), some);
    }
}
