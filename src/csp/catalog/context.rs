//! Nodes of other CSPs that a management server asks for in the same breath, so that real query documents get answers.
//!
//! They are read-only here, whatever their own CSPs allow.

use super::documents::{CAPTURE, OMADM};
use super::nodes::{Format, Verb};
use crate::catalog::{Access, Field, Kind, Source, Unit, assumed, observed, stated};

/// Which node a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContextId {
    DevId,
    Manufacturer,
    Model,
    DmVersion,
    Language,
    SoftwareVersion,
    HardwareVersion,
    FirmwareVersion,
    Oem,
    OsEdition,
    OsMode,
    CspVersions,
}

/// One node of another CSP.
#[derive(Debug)]
pub struct ContextNode {
    pub id: ContextId,
    /// Below `.`, segments joined by `/`. What begins with `Vendor/` stands below `./Device` as well.
    pub path: &'static str,
    pub field: Field,
    pub format: Format,
}

/// What a context node takes.
pub static CONTEXT_VERBS: [Verb; 1] = [Verb::Get];

const fn node(
    id: ContextId,
    path: &'static str,
    name: &'static str,
    doc: &'static str,
    source: Source,
) -> ContextNode {
    let kind = Kind::Text { min: 0, max: 1_048_576 };
    let field = Field { name, kind, unit: Unit::Plain, access: Access::ReadOnly, doc, source };
    ContextNode { id, path, field, format: Format::Chr }
}

const fn dev_info(place: &'static str) -> Source {
    observed(&CAPTURE, place)
}

const UNSEEN: Source =
    assumed(&CAPTURE, "no capture shows the answer: the number as text, as the CSP's type has it");

pub static DEV_ID: ContextNode = node(
    ContextId::DevId,
    "DevInfo/DevId",
    "DevId",
    "Identifier of the device, which its messages come from.",
    dev_info("package 1"),
);

pub static MANUFACTURER: ContextNode = node(
    ContextId::Manufacturer,
    "DevInfo/Man",
    "Man",
    "Manufacturer of the device.",
    dev_info("package 1"),
);

pub static MODEL: ContextNode =
    node(ContextId::Model, "DevInfo/Mod", "Mod", "Model of the device.", dev_info("package 1"));

pub static DM_VERSION: ContextNode = node(
    ContextId::DmVersion,
    "DevInfo/DmV",
    "DmV",
    "Version of the management client.",
    dev_info("package 1"),
);

pub static LANGUAGE: ContextNode = node(
    ContextId::Language,
    "DevInfo/Lang",
    "Lang",
    "Language of the device.",
    dev_info("package 1"),
);

pub static SOFTWARE_VERSION: ContextNode = node(
    ContextId::SoftwareVersion,
    "DevDetail/SwV",
    "SwV",
    "Version of Windows.",
    stated(&OMADM, "DevDetail"),
);

pub static HARDWARE_VERSION: ContextNode = node(
    ContextId::HardwareVersion,
    "DevDetail/HwV",
    "HwV",
    "Version of the hardware, empty when not known.",
    stated(&OMADM, "DevDetail"),
);

pub static FIRMWARE_VERSION: ContextNode = node(
    ContextId::FirmwareVersion,
    "DevDetail/FwV",
    "FwV",
    "Version of the firmware, empty when not known.",
    stated(&OMADM, "DevDetail"),
);

pub static OEM: ContextNode = node(
    ContextId::Oem,
    "DevDetail/OEM",
    "OEM",
    "Maker of the device, empty when not known.",
    stated(&OMADM, "DevDetail"),
);

pub static OS_EDITION: ContextNode = node(
    ContextId::OsEdition,
    "Vendor/MSFT/DeviceStatus/OS/Edition",
    "DeviceStatus/OS/Edition",
    "Number of the edition, as text.",
    UNSEEN,
);

pub static OS_MODE: ContextNode = node(
    ContextId::OsMode,
    "Vendor/MSFT/DeviceStatus/OS/Mode",
    "DeviceStatus/OS/Mode",
    "Whether the device is in S mode: 1 when it is, else 0.",
    UNSEEN,
);

pub static CSP_VERSIONS: ContextNode = ContextNode {
    format: Format::Xml,
    ..node(
        ContextId::CspVersions,
        "Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions",
        "CSPVersions",
        "The CSPs of the device with their versions; of the model this one alone.",
        observed(&CAPTURE, "CSPVersions"),
    )
};

/// Every context node.
pub static CONTEXT: [&ContextNode; 12] = [
    &DEV_ID,
    &MANUFACTURER,
    &MODEL,
    &DM_VERSION,
    &LANGUAGE,
    &SOFTWARE_VERSION,
    &HARDWARE_VERSION,
    &FIRMWARE_VERSION,
    &OEM,
    &OS_EDITION,
    &OS_MODE,
    &CSP_VERSIONS,
];

/// The same as plain fields.
pub static CONTEXT_FIELDS: [&Field; 12] = [
    &DEV_ID.field,
    &MANUFACTURER.field,
    &MODEL.field,
    &DM_VERSION.field,
    &LANGUAGE.field,
    &SOFTWARE_VERSION.field,
    &HARDWARE_VERSION.field,
    &FIRMWARE_VERSION.field,
    &OEM.field,
    &OS_EDITION.field,
    &OS_MODE.field,
    &CSP_VERSIONS.field,
];

/// The first build whose list of CSPs names this one below `./Device/Vendor/MSFT` as well.
///
/// Source: [CAPTURE] both on 26200, one on 18363; where between them it changed: assumed.
pub const LISTED_TWICE_SINCE: u32 = 19041;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_node_stands_twice_and_each_has_its_field() {
        for (place, node) in CONTEXT.iter().enumerate() {
            assert!(CONTEXT.iter().skip(place + 1).all(|other| other.path != node.path));
            assert_eq!(CONTEXT_FIELDS[place].name, node.field.name);
            assert!(node.path.ends_with(node.field.name), "{}", node.path);
        }
    }
}
