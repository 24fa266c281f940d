//! The properties of `SoftwareLicensingService`, in the order in which the CIM tools list them.

use super::Profile::{self, V60, V61, V62, V63};
use super::documents::{DUMP, SPP, TECHREF, VISTA};
use super::enumerations::{KMS_ENABLED, REFRESH_REQUIRED};
use crate::catalog::{Access, Field, Kind, Mask, Source, Unit, stated};

/// The class, as WMI spells it.
pub const CLASS: &str = "SoftwareLicensingService";

/// The WMI namespace of both classes.
///
/// Source: [VISTA], [SPP].
pub const NAMESPACE: &str = r"root\cimv2";

/// What the page of the first edition says of its support; for anything newer it names the later class of the same name.
///
/// Source: [VISTA] Requirements.
pub static SUPPORT: [(&str, &str); 4] = [
    ("Minimum supported client", "Windows Vista"),
    ("Minimum supported server", "Windows Server 2008"),
    ("End of client support", "Windows Vista"),
    ("End of server support", "Windows Server 2008"),
];

/// The bounds of both intervals, minutes, both allowed.
///
/// Source: [VISTA] `SetVLActivationInterval`, `SetVLRenewalInterval`.
pub const SHORTEST_INTERVAL: u32 = 15;
pub const LONGEST_INTERVAL: u32 = 43_200;

/// `VLActivationInterval` of a new machine: two hours, in minutes.
///
/// Source: [OPT].
pub const ACTIVATION_INTERVAL: u32 = 120;

/// `VLRenewalInterval` of a new machine: seven days, in minutes.
///
/// Source: [OPT].
pub const RENEWAL_INTERVAL: u32 = 10_080;

/// The TCP port that a host listens on, and a client asks, when the property holds 0.
///
/// Source: [OPT].
pub const DEFAULT_PORT: u32 = 1688;

/// What the -1 of the API is on the wire and in the store: "not applicable".
///
/// Source: [ANS] dump of a machine that is no host.
pub const NOT_APPLICABLE: u32 = u32::MAX;

/// The kind of both intervals.
pub const INTERVAL: Kind = Kind::U32 { min: SHORTEST_INTERVAL, max: LONGEST_INTERVAL };

/// The kind of a port property; 0 stands for "not set".
pub const PORT: Kind = Kind::U32 { min: 0, max: 65_535 };

/// The kind of a count that is always known.
pub const COUNT: Kind = Kind::U32 { min: 0, max: u32::MAX };

/// The kind of a free text.
pub const TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };

/// The kind of a host name, without port.
///
/// Source: assumed: the length that DNS allows.
pub const HOST_NAME: Kind = Kind::Text { min: 1, max: 255 };

/// The profiles in which a member exists.
///
/// Source: [VISTA] and [SPP] for `V60` and `V61`. Assumed for later ones: no document gives a build; the split follows what the editions of
/// slmgr ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// In that profile and all later ones.
    From(Profile),
    /// In that profile alone.
    Only(Profile),
}

impl Since {
    /// Whether the member exists in `profile`.
    #[must_use]
    pub fn includes(self, profile: Profile) -> bool {
        match self {
            Self::From(first) => first <= profile,
            Self::Only(one) => one == profile,
        }
    }
}

/// What a property holds on a new machine or product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    Null,
    Number(u32),
    Flag(bool),
    /// -1, sent as 4294967295.
    NotApplicable,
    /// -1 until the machine or product is an active host, then 0.
    Counter,
    /// One number up to profile `V61`, another from `V62` on.
    ///
    /// Source: [VA2OPS] 3 rearms; [SKIP] and the dump in [ANS] 1001.
    ByProfile {
        early: u32,
        late: u32,
    },
    /// Made with the machine or product: its identity, or what follows from its edition and key.
    Made,
}

impl Initial {
    /// The number that a machine of `profile` that is no host holds; `None` when it is no number, or made with the machine.
    #[must_use]
    pub fn number(self, profile: Profile) -> Option<u32> {
        match self {
            Self::Number(number) => Some(number),
            Self::NotApplicable | Self::Counter => Some(NOT_APPLICABLE),
            Self::ByProfile { early, .. } if profile <= V61 => Some(early),
            Self::ByProfile { late, .. } => Some(late),
            Self::Null | Self::Flag(_) | Self::Made => None,
        }
    }
}

/// A property of the service class.
#[derive(Debug)]
pub struct ServiceProperty {
    pub field: Field,
    pub since: Since,
    pub initial: Initial,
}

/// Finds a property by its name; ASCII case does not matter, as in WMI.
#[must_use]
pub fn property(name: &str) -> Option<&'static ServiceProperty> {
    PROPERTIES.iter().find(|property| property.field.name.eq_ignore_ascii_case(name))
}

/// The properties that a machine of `profile` has, alphabetically without regard to case: the order of JSON.
pub fn of_profile(profile: Profile) -> impl Iterator<Item = &'static ServiceProperty> {
    PROPERTIES.iter().filter(move |property| property.since.includes(profile))
}

const fn field(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    doc: &'static str,
    source: Source,
) -> Field {
    // All properties of the class are read-only; its methods change them.
    Field { name, kind, unit, access: Access::ReadOnly, doc, source }
}

const fn requests(name: &'static str, doc: &'static str) -> ServiceProperty {
    ServiceProperty {
        field: field(name, Kind::Sentinel, Unit::Requests, doc, stated(&VISTA, name)),
        since: Since::From(V60),
        initial: Initial::Counter,
    }
}

const fn text(
    name: &'static str,
    since: Since,
    doc: &'static str,
    source: Source,
) -> ServiceProperty {
    ServiceProperty {
        field: field(name, TEXT, Unit::Plain, doc, source),
        since,
        initial: Initial::Null,
    }
}

/// Every property, alphabetically without regard to case.
pub static PROPERTIES: [ServiceProperty; 39] = [
    ServiceProperty {
        field: field(
            "ClientMachineID",
            Kind::Guid,
            Unit::Plain,
            "Unique identifier of this volume client, sent to the KMS host in each request; a rearm replaces it.",
            stated(&VISTA, "ClientMachineID"),
        ),
        since: Since::From(V60),
        initial: Initial::Made,
    },
    text(
        "DiscoveredKeyManagementServiceMachineIpAddress",
        Since::From(V63),
        "Address of the KMS host last found through DNS.",
        stated(&DUMP, "SoftwareLicensingService"),
    ),
    text(
        "DiscoveredKeyManagementServiceMachineName",
        Since::From(V61),
        "Name of the KMS host last found through DNS.",
        stated(&SPP, "DiscoveredKeyManagementServiceMachineName"),
    ),
    ServiceProperty {
        field: field(
            "DiscoveredKeyManagementServiceMachinePort",
            PORT,
            Unit::Port,
            "Port of the KMS host last found through DNS.",
            stated(&SPP, "DiscoveredKeyManagementServiceMachinePort"),
        ),
        since: Since::From(V61),
        initial: Initial::Number(0),
    },
    ServiceProperty {
        field: field(
            "IsKeyManagementServiceMachine",
            Kind::Enumeration(&KMS_ENABLED),
            Unit::Plain,
            "Whether a key management service is enabled on this machine.",
            stated(&TECHREF, "table 12; the class page leaves the values out"),
        ),
        since: Since::From(V60),
        initial: Initial::Number(0),
    },
    ServiceProperty {
        field: field(
            "KeyManagementServiceActivationDisabled",
            Kind::Boolean,
            Unit::Plain,
            "Whether activation through KMS is switched off on this client.",
            stated(
                &SPP,
                "KeyManagementServiceActivationDisabled; the class dumps of later systems lack it",
            ),
        ),
        since: Since::Only(V61),
        initial: Initial::Flag(false),
    },
    ServiceProperty {
        field: field(
            "KeyManagementServiceCurrentCount",
            Kind::Sentinel,
            Unit::Clients,
            "Count of the active volume clients of this host; -1 when it is not a KMS host or has had no request.",
            stated(&VISTA, "KeyManagementServiceCurrentCount"),
        ),
        since: Since::From(V60),
        initial: Initial::NotApplicable,
    },
    ServiceProperty {
        field: field(
            "KeyManagementServiceDnsPublishing",
            Kind::Boolean,
            Unit::Plain,
            "Whether the host publishes its SRV record.",
            stated(&SPP, "KeyManagementServiceDnsPublishing"),
        ),
        since: Since::From(V61),
        initial: Initial::Flag(true),
    },
    requests("KeyManagementServiceFailedRequests", "Total count of failed KMS requests."),
    ServiceProperty {
        field: field(
            "KeyManagementServiceHostCaching",
            Kind::Boolean,
            Unit::Plain,
            "Whether the client remembers the name and port of the last good host.",
            stated(&SPP, "KeyManagementServiceHostCaching"),
        ),
        since: Since::From(V61),
        initial: Initial::Flag(true),
    },
    requests(
        "KeyManagementServiceLicensedRequests",
        "Count of KMS requests from clients with LicenseStatus 1 (Licensed).",
    ),
    ServiceProperty {
        field: field(
            "KeyManagementServiceListeningPort",
            PORT,
            Unit::Port,
            "Port the host listens on; 0 when not set, which means 1688.",
            stated(&SPP, "KeyManagementServiceListeningPort"),
        ),
        since: Since::From(V61),
        initial: Initial::Number(0),
    },
    text(
        "KeyManagementServiceLookupDomain",
        Since::From(V62),
        "DNS domain in which the client looks for SRV records.",
        stated(&DUMP, "SoftwareLicensingService"),
    ),
    ServiceProperty {
        field: field(
            "KeyManagementServiceLowPriority",
            Kind::Boolean,
            Unit::Plain,
            "Whether the host service runs at low instead of normal priority.",
            stated(&SPP, "KeyManagementServiceLowPriority"),
        ),
        since: Since::From(V61),
        initial: Initial::Flag(false),
    },
    ServiceProperty {
        field: field(
            "KeyManagementServiceMachine",
            HOST_NAME,
            Unit::Plain,
            "Registered name of the KMS host; null unless SetKeyManagementServiceMachine was called.",
            stated(&VISTA, "KeyManagementServiceMachine"),
        ),
        since: Since::From(V60),
        initial: Initial::Null,
    },
    requests(
        "KeyManagementServiceNonGenuineGraceRequests",
        "Count of KMS requests from clients with LicenseStatus 4 (NonGenuineGrace).",
    ),
    requests(
        "KeyManagementServiceNotificationRequests",
        "Count of KMS requests from clients with LicenseStatus 5 (Notification).",
    ),
    requests(
        "KeyManagementServiceOOBGraceRequests",
        "Count of KMS requests from clients with LicenseStatus 2 (OOBGrace).",
    ),
    requests(
        "KeyManagementServiceOOTGraceRequests",
        "Count of KMS requests from clients with LicenseStatus 3 (OOTGrace).",
    ),
    ServiceProperty {
        field: field(
            "KeyManagementServicePort",
            PORT,
            Unit::Port,
            "Port on which the client asks the registered host; 0 when not set, which means 1688.",
            stated(&TECHREF, "table 12; the class page leaves it out"),
        ),
        since: Since::From(V61),
        initial: Initial::Number(0),
    },
    text(
        "KeyManagementServiceProductKeyID",
        Since::From(V60),
        "Extended product ID of the KMS host that activated this client; null when there is none.",
        stated(&VISTA, "KeyManagementServiceProductKeyID"),
    ),
    requests("KeyManagementServiceTotalRequests", "Total count of valid KMS requests."),
    requests(
        "KeyManagementServiceUnlicensedRequests",
        "Count of KMS requests from clients with LicenseStatus 0 (Unlicensed).",
    ),
    ServiceProperty {
        field: field(
            "OA2xBiosMarkerMinorVersion",
            Kind::Sentinel,
            Unit::Plain,
            "Minor version of the OEM marker in the firmware.",
            stated(&DUMP, "SoftwareLicensingService"),
        ),
        since: Since::From(V62),
        initial: Initial::NotApplicable,
    },
    ServiceProperty {
        field: field(
            "OA2xBiosMarkerStatus",
            Kind::Sentinel,
            Unit::Plain,
            "State of the OEM marker in the firmware; its values are not documented.",
            stated(&DUMP, "SoftwareLicensingService"),
        ),
        since: Since::From(V62),
        initial: Initial::NotApplicable,
    },
    ServiceProperty {
        field: field(
            "OA3xOriginalProductKey",
            Kind::Secret(Mask::LastFive),
            Unit::Plain,
            "Product key in the firmware of an OEM machine; never imported.",
            stated(&DUMP, "SoftwareLicensingService"),
        ),
        since: Since::From(V62),
        initial: Initial::Null,
    },
    text(
        "OA3xOriginalProductKeyDescription",
        Since::From(V63),
        "Description of the product key in the firmware.",
        stated(&DUMP, "SoftwareLicensingService"),
    ),
    text(
        "OA3xOriginalProductKeyPkPn",
        Since::From(V63),
        "Part number of the product key in the firmware.",
        stated(&DUMP, "SoftwareLicensingService"),
    ),
    ServiceProperty {
        field: field(
            "PolicyCacheRefreshRequired",
            Kind::Enumeration(&REFRESH_REQUIRED),
            Unit::Plain,
            "Whether the licensing policy cache needs to be updated.",
            stated(&VISTA, "PolicyCacheRefreshRequired"),
        ),
        since: Since::From(V60),
        initial: Initial::Number(0),
    },
    ServiceProperty {
        field: field(
            "RemainingWindowsReArmCount",
            COUNT,
            Unit::Times,
            "How often the licensing state can still be reset.",
            stated(&SPP, "RemainingWindowsReArmCount"),
        ),
        since: Since::From(V61),
        initial: Initial::ByProfile { early: 3, late: 1001 },
    },
    ServiceProperty {
        field: field(
            "RequiredClientCount",
            Kind::Sentinel,
            Unit::Clients,
            "Least number of clients that must contact a KMS host to enable volume licensing; -1 on anything but a KMS client.",
            stated(&VISTA, "RequiredClientCount"),
        ),
        since: Since::From(V60),
        initial: Initial::Made,
    },
    text(
        "TokenActivationAdditionalInfo",
        Since::From(V61),
        "Free text that came with the token activation.",
        stated(&SPP, "TokenActivationAdditionalInfo"),
    ),
    text(
        "TokenActivationCertificateThumbprint",
        Since::From(V61),
        "Thumbprint of the certificate of the token activation.",
        stated(&SPP, "TokenActivationCertificateThumbprint"),
    ),
    ServiceProperty {
        field: field(
            "TokenActivationGrantNumber",
            Kind::Sentinel,
            Unit::Plain,
            "Number of the grant that the token activation used.",
            stated(&SPP, "TokenActivationGrantNumber"),
        ),
        since: Since::From(V61),
        initial: Initial::NotApplicable,
    },
    text(
        "TokenActivationILID",
        Since::From(V61),
        "Identifier of the license that the token activation used.",
        stated(&SPP, "TokenActivationILID"),
    ),
    ServiceProperty {
        field: field(
            "TokenActivationILVID",
            Kind::Sentinel,
            Unit::Plain,
            "Version of the license that the token activation used; -1 when not activated by token.",
            stated(&SPP, "TokenActivationILVID"),
        ),
        since: Since::From(V61),
        initial: Initial::NotApplicable,
    },
    ServiceProperty {
        field: field(
            "Version",
            Kind::Text { min: 1, max: u32::MAX },
            Unit::Plain,
            "Version of the licensing service, the key of the class.",
            stated(&VISTA, "Version"),
        ),
        since: Since::From(V60),
        initial: Initial::Made,
    },
    ServiceProperty {
        field: field(
            "VLActivationInterval",
            INTERVAL,
            Unit::Minutes,
            "How often a client should contact the KMS host before it is licensed.",
            stated(&VISTA, "VLActivationInterval"),
        ),
        since: Since::From(V60),
        initial: Initial::Number(ACTIVATION_INTERVAL),
    },
    ServiceProperty {
        field: field(
            "VLRenewalInterval",
            INTERVAL,
            Unit::Minutes,
            "How often a client should contact the KMS host after it is licensed.",
            stated(&VISTA, "VLRenewalInterval"),
        ),
        since: Since::From(V60),
        initial: Initial::Number(RENEWAL_INTERVAL),
    },
];

/// The rows of `PROPERTIES`, as the catalog collects them.
pub static FIELDS: [&Field; PROPERTIES.len()] = fields();

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn fields() -> [&'static Field; PROPERTIES.len()] {
    let mut fields = [&PROPERTIES[0].field; PROPERTIES.len()];
    let mut at = 1;
    while at < fields.len() {
        fields[at] = &PROPERTIES[at].field;
        at += 1;
    }
    fields
}
