//! The nodes below `./Vendor/MSFT/WindowsLicensing`, in the order of the published DDF: one row a node.
//!
//! What a node answers is left to `rules`, the text of a DDF file to `export`.

use super::documents::{CSP, DDF2};
use crate::catalog::{Access, Field, Kind, Named, Source, Unit, stated};
use std::sync::LazyLock;

/// The segments of the CSP's address, in both registered forms.
pub static ROOTS: [&[&str]; 2] = [&["Vendor", "MSFT"], &["Device", "Vendor", "MSFT"]];

/// A command that a node may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Add,
    Copy,
    Delete,
    Exec,
    Get,
    Replace,
}

impl Verb {
    /// Every verb, in the order in which a DDF lists them.
    pub const ALL: [Self; 6] =
        [Self::Add, Self::Copy, Self::Delete, Self::Exec, Self::Get, Self::Replace];

    /// The name of the element in SyncML and in DDF files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Copy => "Copy",
            Self::Delete => "Delete",
            Self::Exec => "Exec",
            Self::Get => "Get",
            Self::Replace => "Replace",
        }
    }
}

/// The format of a node's data: `DFFormat` of the DDF, `Meta/Format` of SyncML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Chr,
    /// Signed 32-bit decimal.
    Int,
    /// Interior node: no data.
    Node,
    /// No data.
    Null,
    /// Escaped XML text.
    Xml,
}

impl Format {
    /// The token of DDF files and of SyncML.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chr => "chr",
            Self::Int => "int",
            Self::Node => "node",
            Self::Null => "null",
            Self::Xml => "xml",
        }
    }
}

/// How often a node occurs below its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    One,
    ZeroOrMore,
}

/// Whether a node is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Permanent,
    Dynamic,
}

/// How a DDF types a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DfType {
    Mime,
    DdfName,
}

/// A point in the line of Windows builds: `10.0.22000.1165`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    pub build: u32,
    /// 0 when the document gives none.
    pub revision: u32,
}

/// Since when a node is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The first entry is the mainline release; later entries are back-ports and match their own build only.
    Builds(&'static [Build]),
    /// `99.9.99999`: Windows Insider Preview only.
    Insider,
}

/// `MSFT:Applicability` of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicability {
    pub since: Since,
    /// `1.3`; `9.9` for previews.
    pub csp_version: &'static str,
}

/// `MSFT:AllowedValues` of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// The DDF has no such element.
    Unsaid,
    /// `ValueType="None"`.
    Any,
    /// `ValueType="ENUM"`.
    Enumeration(&'static [Named]),
}

/// Which node a row is; what it does is decided by this and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeId {
    Root,
    UpgradeEditionWithProductKey,
    ChangeProductKey,
    Edition,
    Status,
    UpgradeEditionWithLicense,
    LicenseKeyType,
    CheckApplicability,
    Subscriptions,
    Subscription,
    EntryStatus,
    EntryName,
    SubscriptionType,
    SubscriptionStatus,
    SubscriptionLastError,
    SubscriptionLastErrorDescription,
    DisableSubscription,
    RemoveSubscription,
    SMode,
    SwitchingPolicy,
    SwitchFromSMode,
    SModeStatus,
    DeviceLicensingService,
    LicenseType,
    DeviceLicensingStatus,
    DeviceLicensingLastError,
    DeviceLicensingLastErrorDescription,
}

/// One node of the management tree.
#[derive(Debug)]
pub struct Node {
    pub id: NodeId,
    /// Below the root, segments joined by `/`; empty for the root; `{SubscriptionId}` stands for any name.
    pub path: &'static str,
    pub field: Field,
    /// Ordered as [`Verb::ALL`].
    pub verbs: &'static [Verb],
    pub format: Format,
    pub occurrence: Occurrence,
    pub scope: Scope,
    pub df_type: DfType,
    /// `CIS`: the DDF says that its name is compared without regard to case.
    pub case_insensitive: bool,
    /// `None`: as its parent.
    pub applicability: Option<Applicability>,
    pub allowed: Allowed,
    /// `MSFT:RebootBehavior` is `Automatic`.
    pub reboots: bool,
    pub deprecated: bool,
}

/// The parent of each node, in the order of [`NODES`]: found by the paths once, since every look at a node asks for it.
static PARENTS: LazyLock<[Option<&'static Node>; 27]> = LazyLock::new(|| {
    NODES.map(|node| {
        let parent = node.parent_path()?;
        NODES.into_iter().find(|node| node.path == parent)
    })
});

impl Node {
    /// Whether the node takes a command of this kind.
    #[must_use]
    pub fn takes(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// Its last segment; `{SubscriptionId}` for the node that stands for any name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.path.rsplit('/').next() {
            Some("") | None => ROOT_NAME,
            Some(name) => name,
        }
    }

    /// Its path below the root, for messages; the root has its own name.
    #[must_use]
    pub fn title(&self) -> &'static str {
        if self.path.is_empty() { ROOT_NAME } else { self.path }
    }

    /// Its address in the form that documents use.
    #[must_use]
    pub fn locuri(&self) -> String {
        let slash = if self.path.is_empty() { "" } else { "/" };
        format!("./Vendor/MSFT/{ROOT_NAME}{slash}{}", self.path)
    }

    /// The path of the node that it stands below; `None` for the root.
    fn parent_path(&self) -> Option<&'static str> {
        match self.path.rsplit_once('/') {
            Some((parent, _)) => Some(parent),
            None => (!self.path.is_empty()).then_some(""),
        }
    }

    /// The node that it stands below; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<&'static Self> {
        let at = NODES.iter().position(|node| node.id == self.id)?;
        PARENTS.get(at).copied().flatten()
    }

    /// The nodes right below it, in the order of the DDF.
    pub fn children(&'static self) -> impl Iterator<Item = &'static Self> {
        let below = move |parent: &Self| parent.id == self.id;
        let nodes = NODES.into_iter().zip(PARENTS.iter());
        nodes.filter_map(move |(node, parent)| parent.is_some_and(below).then_some(node))
    }

    /// Since when it is there: its own word, else its parent's.
    #[must_use]
    pub fn applicability(&self) -> Applicability {
        match (self.applicability, self.parent()) {
            (Some(own), _) => own,
            (None, Some(parent)) => parent.applicability(),
            (None, None) => FIRST,
        }
    }

    /// Whether its name is chosen by the device: `MSFT:DynamicNodeNaming` `ClientInventory`.
    #[must_use]
    pub fn is_dynamic_name(&self) -> bool {
        self.id == NodeId::Subscription
    }
}

/// The name of the CSP's root node.
pub const ROOT_NAME: &str = "WindowsLicensing";

const FIRST: Applicability = since(&[Build { build: 10586, revision: 0 }], "1.0");
const SUBSCRIPTIONS_SINCE: Applicability = since(&[Build { build: 14393, revision: 0 }], "1.1");
const CHANGE_SINCE: Applicability = since(&[Build { build: 15063, revision: 0 }], "1.2");
const SMODE_SINCE: Applicability = since(&[Build { build: 17763, revision: 0 }], "1.3");
const LICENSING_SINCE: Applicability =
    since(&[Build { build: 22621, revision: 0 }, Build { build: 22000, revision: 1165 }], "1.4");
const PREVIEW: Applicability = Applicability { since: Since::Insider, csp_version: "9.9" };

const fn since(builds: &'static [Build], csp_version: &'static str) -> Applicability {
    Applicability { since: Since::Builds(builds), csp_version }
}

/// Values of LicenseType and SubscriptionType.
pub static SUBSCRIPTION_KINDS: [Named; 2] = [
    Named { value: 0, name: "UserBasedSubscription", doc: "User Based Subscription." },
    Named { value: 1, name: "DeviceBasedSubscription", doc: "Device Based Subscription." },
];

/// Values of DisableSubscription.
pub static DISABLE_SUBSCRIPTION_VALUES: [Named; 2] = [
    Named { value: 0, name: "Enable", doc: "Subscription activation is enabled." },
    Named {
        value: 1,
        name: "Disable",
        doc: "Subscription activation is disabled, and an existing subscription is removed.",
    },
];

/// Values of SMode/SwitchingPolicy.
pub static SWITCHING_POLICIES: [Named; 2] = [
    Named {
        value: 0,
        name: "NoRestriction",
        doc: "The user is allowed to switch the device out of S mode.",
    },
    Named {
        value: 1,
        name: "UserBlocked",
        doc: "Only the admin can switch the device out of S mode, through SMode/SwitchFromSMode.",
    },
];

/// Values of Status: an edition upgrade.
pub static UPGRADE_STATUSES: [Named; 5] = [
    Named { value: 0, name: "Failed", doc: "The last edition upgrade failed." },
    Named { value: 1, name: "Pending", doc: "The new edition waits for a restart." },
    Named { value: 2, name: "InProgress", doc: "`changepk.exe` is running." },
    Named { value: 3, name: "Completed", doc: "The last edition upgrade is done." },
    Named { value: 4, name: "Unknown", doc: "No edition upgrade was asked for." },
];

/// Values of SMode/Status; 2 was never published.
pub static SMODE_STATUSES: [Named; 4] = [
    Named { value: 0, name: "Switched", doc: "The device switched out of S mode." },
    Named { value: 1, name: "Processing", doc: "The device is switching out of S mode." },
    Named { value: 3, name: "AlreadyOut", doc: "The device was out of S mode already." },
    Named { value: 4, name: "Failed", doc: "The device could not switch out of S mode." },
];

/// What every row has in common, by the kind of node.
const fn field(
    name: &'static str,
    kind: Kind,
    access: Access,
    doc: &'static str,
    source: Source,
) -> Field {
    Field { name, kind, unit: Unit::Plain, access, doc, source }
}

const NUMBER: Kind = Kind::U32 { min: 0, max: u32::MAX };
const TEXT: Kind = Kind::Text { min: 0, max: 1_048_576 };
const KEY: Kind = Kind::Secret(crate::catalog::Mask::LastFive);

const fn csp(place: &'static str) -> Source {
    stated(&CSP, place)
}

pub static ROOT: Node = Node {
    id: NodeId::Root,
    path: "",
    field: field(
        "WindowsLicensing",
        TEXT,
        Access::ReadOnly,
        "Licensing related management scenarios.",
        stated(&DDF2, "WindowsLicensing"),
    ),
    verbs: &[Verb::Get],
    format: Format::Node,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(FIRST),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static UPGRADE_EDITION_WITH_PRODUCT_KEY: Node = Node {
    id: NodeId::UpgradeEditionWithProductKey,
    path: "UpgradeEditionWithProductKey",
    field: field(
        "UpgradeEditionWithProductKey",
        KEY,
        Access::WriteOnly,
        "Upgrades the edition with a 29-character product key; a key of the same edition activates or changes the key, silently and without a restart.",
        csp("UpgradeEditionWithProductKey"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Any,
    reboots: true,
    deprecated: false,
};

pub static CHANGE_PRODUCT_KEY: Node = Node {
    id: NodeId::ChangeProductKey,
    path: "ChangeProductKey",
    field: field(
        "ChangeProductKey",
        KEY,
        Access::WriteOnly,
        "Installs a product key; does not restart.",
        csp("ChangeProductKey"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: Some(CHANGE_SINCE),
    allowed: Allowed::Any,
    reboots: false,
    deprecated: false,
};

pub static EDITION: Node = Node {
    id: NodeId::Edition,
    path: "Edition",
    field: field(
        "Edition",
        NUMBER,
        Access::ReadOnly,
        "The edition as GetProductInfo numbers it, in decimal.",
        csp("Edition"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static STATUS: Node = Node {
    id: NodeId::Status,
    path: "Status",
    field: field(
        "Status",
        Kind::Enumeration(&UPGRADE_STATUSES),
        Access::ReadOnly,
        "The status of an edition upgrade.",
        csp("Status"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static UPGRADE_EDITION_WITH_LICENSE: Node = Node {
    id: NodeId::UpgradeEditionWithLicense,
    path: "UpgradeEditionWithLicense",
    field: field(
        "UpgradeEditionWithLicense",
        TEXT,
        Access::WriteOnly,
        "Upgrades the edition of a mobile device with a license; does not restart.",
        csp("UpgradeEditionWithLicense"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Xml,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Any,
    reboots: false,
    deprecated: true,
};

pub static LICENSE_KEY_TYPE: Node = Node {
    id: NodeId::LicenseKeyType,
    path: "LicenseKeyType",
    field: field(
        "LicenseKeyType",
        TEXT,
        Access::ReadOnly,
        "What an edition upgrade takes: a product key on a desktop device, a license on a mobile one.",
        csp("LicenseKeyType"),
    ),
    verbs: &[Verb::Get],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static CHECK_APPLICABILITY: Node = Node {
    id: NodeId::CheckApplicability,
    path: "CheckApplicability",
    field: field(
        "CheckApplicability",
        KEY,
        Access::WriteOnly,
        "TRUE when the product key can be used for an edition upgrade of this device.",
        csp("CheckApplicability"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTIONS: Node = Node {
    id: NodeId::Subscriptions,
    path: "Subscriptions",
    field: field(
        "Subscriptions",
        TEXT,
        Access::ReadOnly,
        "Node for subscriptions.",
        csp("Subscriptions"),
    ),
    verbs: &[Verb::Get],
    format: Format::Node,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::DdfName,
    case_insensitive: false,
    applicability: Some(SUBSCRIPTIONS_SINCE),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTION: Node = Node {
    id: NodeId::Subscription,
    path: "Subscriptions/{SubscriptionId}",
    field: field(
        "SubscriptionId",
        TEXT,
        Access::ReadOnly,
        "One subscription; only the device makes one.",
        csp("Subscriptions/{SubscriptionId}"),
    ),
    verbs: &[Verb::Get],
    format: Format::Node,
    occurrence: Occurrence::ZeroOrMore,
    scope: Scope::Dynamic,
    df_type: DfType::DdfName,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static ENTRY_STATUS: Node = Node {
    id: NodeId::EntryStatus,
    path: "Subscriptions/{SubscriptionId}/Status",
    field: field(
        "Status",
        NUMBER,
        Access::ReadOnly,
        "The status of the subscription.",
        csp("Subscriptions/{SubscriptionId}/Status"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static ENTRY_NAME: Node = Node {
    id: NodeId::EntryName,
    path: "Subscriptions/{SubscriptionId}/Name",
    field: field(
        "Name",
        TEXT,
        Access::ReadOnly,
        "The name of the subscription.",
        csp("Subscriptions/{SubscriptionId}/Name"),
    ),
    verbs: &[Verb::Get],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTION_TYPE: Node = Node {
    id: NodeId::SubscriptionType,
    path: "Subscriptions/SubscriptionType",
    field: field(
        "SubscriptionType",
        Kind::Enumeration(&SUBSCRIPTION_KINDS),
        Access::ReadWrite,
        "Device Based Subscription is acquired at once; User Based Subscription waits for a sign-in.",
        csp("Subscriptions/SubscriptionType"),
    ),
    verbs: &[Verb::Get, Verb::Replace],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Enumeration(&SUBSCRIPTION_KINDS),
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTION_STATUS: Node = Node {
    id: NodeId::SubscriptionStatus,
    path: "Subscriptions/SubscriptionStatus",
    field: field(
        "SubscriptionStatus",
        NUMBER,
        Access::ReadOnly,
        "The status of the last subscription operation.",
        csp("Subscriptions/SubscriptionStatus"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTION_LAST_ERROR: Node = Node {
    id: NodeId::SubscriptionLastError,
    path: "Subscriptions/SubscriptionLastError",
    field: field(
        "SubscriptionLastError",
        NUMBER,
        Access::ReadOnly,
        "The error of the last subscription operation, 0 when there is none.",
        csp("Subscriptions/SubscriptionLastError"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SUBSCRIPTION_LAST_ERROR_DESCRIPTION: Node = Node {
    id: NodeId::SubscriptionLastErrorDescription,
    path: "Subscriptions/SubscriptionLastErrorDescription",
    field: field(
        "SubscriptionLastErrorDescription",
        TEXT,
        Access::ReadOnly,
        "That error in words; empty when it cannot be worked out.",
        csp("Subscriptions/SubscriptionLastErrorDescription"),
    ),
    verbs: &[Verb::Get],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static DISABLE_SUBSCRIPTION: Node = Node {
    id: NodeId::DisableSubscription,
    path: "Subscriptions/DisableSubscription",
    field: field(
        "DisableSubscription",
        Kind::Enumeration(&DISABLE_SUBSCRIPTION_VALUES),
        Access::WriteOnly,
        "Disables or enables subscription activation on the device.",
        csp("Subscriptions/DisableSubscription"),
    ),
    verbs: &[Verb::Replace],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Enumeration(&DISABLE_SUBSCRIPTION_VALUES),
    reboots: false,
    deprecated: false,
};

pub static REMOVE_SUBSCRIPTION: Node = Node {
    id: NodeId::RemoveSubscription,
    path: "Subscriptions/RemoveSubscription",
    field: field(
        "RemoveSubscription",
        TEXT,
        Access::WriteOnly,
        "Uninstalls the subscription license and sets the type back to User Based Subscription.",
        csp("Subscriptions/RemoveSubscription"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Null,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: Some(PREVIEW),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SMODE: Node = Node {
    id: NodeId::SMode,
    path: "SMode",
    field: field(
        "SMode",
        TEXT,
        Access::ReadOnly,
        "Interior node for managing S mode.",
        csp("SMode"),
    ),
    verbs: &[Verb::Get],
    format: Format::Node,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::DdfName,
    case_insensitive: false,
    applicability: Some(SMODE_SINCE),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SWITCHING_POLICY: Node = Node {
    id: NodeId::SwitchingPolicy,
    path: "SMode/SwitchingPolicy",
    field: field(
        "SwitchingPolicy",
        Kind::Enumeration(&SWITCHING_POLICIES),
        Access::ReadWrite,
        "Whether the user can switch the device out of S mode; only for devices in S mode.",
        csp("SMode/SwitchingPolicy"),
    ),
    verbs: &[Verb::Add, Verb::Delete, Verb::Get, Verb::Replace],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Enumeration(&SWITCHING_POLICIES),
    reboots: false,
    deprecated: false,
};

pub static SWITCH_FROM_SMODE: Node = Node {
    id: NodeId::SwitchFromSMode,
    path: "SMode/SwitchFromSMode",
    field: field(
        "SwitchFromSMode",
        TEXT,
        Access::WriteOnly,
        "Switches the device out of S mode if possible; does not restart.",
        csp("SMode/SwitchFromSMode"),
    ),
    verbs: &[Verb::Exec],
    format: Format::Null,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static SMODE_STATUS: Node = Node {
    id: NodeId::SModeStatus,
    path: "SMode/Status",
    field: field(
        "Status",
        Kind::Enumeration(&SMODE_STATUSES),
        Access::ReadOnly,
        "The status of the latest request to switch out of S mode; 404 before the first.",
        csp("SMode/Status"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: true,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static DEVICE_LICENSING_SERVICE: Node = Node {
    id: NodeId::DeviceLicensingService,
    path: "DeviceLicensingService",
    field: field(
        "DeviceLicensingService",
        TEXT,
        Access::ReadOnly,
        "Device Based Subscription.",
        csp("DeviceLicensingService"),
    ),
    verbs: &[Verb::Get],
    format: Format::Node,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::DdfName,
    case_insensitive: false,
    applicability: Some(LICENSING_SINCE),
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static LICENSE_TYPE: Node = Node {
    id: NodeId::LicenseType,
    path: "DeviceLicensingService/LicenseType",
    field: field(
        "LicenseType",
        Kind::Enumeration(&SUBSCRIPTION_KINDS),
        Access::ReadWrite,
        "User Based Subscription or Device Based Subscription.",
        csp("DeviceLicensingService/LicenseType"),
    ),
    verbs: &[Verb::Get, Verb::Replace],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Dynamic,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Enumeration(&SUBSCRIPTION_KINDS),
    reboots: false,
    deprecated: false,
};

pub static DEVICE_LICENSING_STATUS: Node = Node {
    id: NodeId::DeviceLicensingStatus,
    path: "DeviceLicensingService/DeviceLicensingStatus",
    field: field(
        "DeviceLicensingStatus",
        NUMBER,
        Access::ReadOnly,
        "The status of the Refresh or Remove Device License operation.",
        csp("DeviceLicensingService/DeviceLicensingStatus"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static DEVICE_LICENSING_LAST_ERROR: Node = Node {
    id: NodeId::DeviceLicensingLastError,
    path: "DeviceLicensingService/DeviceLicensingLastError",
    field: field(
        "DeviceLicensingLastError",
        NUMBER,
        Access::ReadOnly,
        "The error of the last Refresh or Remove Device License operation, 0 when there is none.",
        csp("DeviceLicensingService/DeviceLicensingLastError"),
    ),
    verbs: &[Verb::Get],
    format: Format::Int,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

pub static DEVICE_LICENSING_LAST_ERROR_DESCRIPTION: Node = Node {
    id: NodeId::DeviceLicensingLastErrorDescription,
    path: "DeviceLicensingService/DeviceLicensingLastErrorDescription",
    field: field(
        "DeviceLicensingLastErrorDescription",
        TEXT,
        Access::ReadOnly,
        "That error in words; empty when it cannot be worked out.",
        csp("DeviceLicensingService/DeviceLicensingLastErrorDescription"),
    ),
    verbs: &[Verb::Get],
    format: Format::Chr,
    occurrence: Occurrence::One,
    scope: Scope::Permanent,
    df_type: DfType::Mime,
    case_insensitive: false,
    applicability: None,
    allowed: Allowed::Unsaid,
    reboots: false,
    deprecated: false,
};

/// Every node, in the order of the DDF.
pub static NODES: [&Node; 27] = [
    &ROOT,
    &UPGRADE_EDITION_WITH_PRODUCT_KEY,
    &CHANGE_PRODUCT_KEY,
    &EDITION,
    &STATUS,
    &UPGRADE_EDITION_WITH_LICENSE,
    &LICENSE_KEY_TYPE,
    &CHECK_APPLICABILITY,
    &SUBSCRIPTIONS,
    &SUBSCRIPTION,
    &ENTRY_STATUS,
    &ENTRY_NAME,
    &SUBSCRIPTION_TYPE,
    &SUBSCRIPTION_STATUS,
    &SUBSCRIPTION_LAST_ERROR,
    &SUBSCRIPTION_LAST_ERROR_DESCRIPTION,
    &DISABLE_SUBSCRIPTION,
    &REMOVE_SUBSCRIPTION,
    &SMODE,
    &SWITCHING_POLICY,
    &SWITCH_FROM_SMODE,
    &SMODE_STATUS,
    &DEVICE_LICENSING_SERVICE,
    &LICENSE_TYPE,
    &DEVICE_LICENSING_STATUS,
    &DEVICE_LICENSING_LAST_ERROR,
    &DEVICE_LICENSING_LAST_ERROR_DESCRIPTION,
];

/// The same as plain fields.
pub static FIELDS: [&Field; 27] = [
    &ROOT.field,
    &UPGRADE_EDITION_WITH_PRODUCT_KEY.field,
    &CHANGE_PRODUCT_KEY.field,
    &EDITION.field,
    &STATUS.field,
    &UPGRADE_EDITION_WITH_LICENSE.field,
    &LICENSE_KEY_TYPE.field,
    &CHECK_APPLICABILITY.field,
    &SUBSCRIPTIONS.field,
    &SUBSCRIPTION.field,
    &ENTRY_STATUS.field,
    &ENTRY_NAME.field,
    &SUBSCRIPTION_TYPE.field,
    &SUBSCRIPTION_STATUS.field,
    &SUBSCRIPTION_LAST_ERROR.field,
    &SUBSCRIPTION_LAST_ERROR_DESCRIPTION.field,
    &DISABLE_SUBSCRIPTION.field,
    &REMOVE_SUBSCRIPTION.field,
    &SMODE.field,
    &SWITCHING_POLICY.field,
    &SWITCH_FROM_SMODE.field,
    &SMODE_STATUS.field,
    &DEVICE_LICENSING_SERVICE.field,
    &LICENSE_TYPE.field,
    &DEVICE_LICENSING_STATUS.field,
    &DEVICE_LICENSING_LAST_ERROR.field,
    &DEVICE_LICENSING_LAST_ERROR_DESCRIPTION.field,
];
