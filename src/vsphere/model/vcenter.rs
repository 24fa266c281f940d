//! Instances: a vCenter, or a stand-alone host, and how its model behaves.

/// What an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiType {
    #[default]
    VirtualCenter,
    HostAgent,
}

impl ApiType {
    pub const ALL: [Self; 2] = [Self::VirtualCenter, Self::HostAgent];

    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::VirtualCenter => "VirtualCenter",
            Self::HostAgent => "HostAgent",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    #[must_use]
    pub const fn product_line(self) -> &'static str {
        match self {
            Self::VirtualCenter => "vpx",
            Self::HostAgent => "embeddedEsx",
        }
    }
}

/// What an empty entityId means.
///
/// Sources disagree: the MOB leaves a blank field out, which means all; a `PowerCLI` user got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyEntity {
    #[default]
    All,
    None,
}

impl EmptyEntity {
    pub const ALL: [Self; 2] = [Self::All, Self::None];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::None => "none",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Which fault tells of an unknown entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FaultStyle {
    /// `LicenseEntityNotFound`, as the reference declares.
    #[default]
    Documented,
    /// `InvalidArgument(entityId)`, as it was seen in the field.
    Observed,
}

impl FaultStyle {
    pub const ALL: [Self; 2] = [Self::Documented, Self::Observed];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Which keys are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resolve {
    /// Those that the catalogue, the inventory or another instance knows.
    #[default]
    Catalogue,
    /// Any well-formed one.
    Any,
}

impl Resolve {
    pub const ALL: [Self; 2] = [Self::Catalogue, Self::Any];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Any => "any",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Whose evaluation license a new instance shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// That of a real vCenter, or host.
    #[default]
    Vcenter,
    /// That of the simulator, which its own tests expect.
    Vcsim,
}

impl Profile {
    pub const ALL: [Self; 2] = [Self::Vcenter, Self::Vcsim];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vcenter => "vcenter",
            Self::Vcsim => "vcsim",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// How the model of an instance behaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub empty_entity: EmptyEntity,
    pub fault_style: FaultStyle,
    pub resolve: Resolve,
    /// The group of vCenters with which it shares its inventory (linked mode).
    pub linked: Option<String>,
}

/// A license that an import could not place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// What was shown of its key: masked, and the end of no license or of several; empty when it had no key.
    pub shown: String,
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vcenter {
    pub id: i64,
    pub name: String,
    /// `instanceUuid`; a stand-alone host has none.
    pub uuid: Option<String>,
    pub api_type: ApiType,
    pub version: String,
    pub settings: Settings,
    /// In the order of what was shown of them.
    pub left_out: Vec<LeftOut>,
}

impl Vcenter {
    /// The entity that stands for the instance itself.
    #[must_use]
    pub fn own_entity(&self) -> &str {
        self.uuid.as_deref().unwrap_or(HOST_ENTITY)
    }

    /// Whether `entity_id` names the instance itself; UUIDs compare without regard to case.
    #[must_use]
    pub fn is_own(&self, entity_id: &str) -> bool {
        match &self.uuid {
            Some(uuid) => uuid.eq_ignore_ascii_case(entity_id),
            None => entity_id == HOST_ENTITY,
        }
    }
}

/// The entity of a stand-alone host. Source: the simulator in host mode.
pub const HOST_ENTITY: &str = "ha-host";

/// Whether a text has the groups of a UUID, as every instanceUuid has.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}
