//! The fields of the data objects, under the API's names and in the order of the wire.

use super::documents::{ARTICLE, PYVMOMI};
use crate::catalog::{Access, Field, Kind, Mask, Source, Unit, stated};

const TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };
const COUNT: Kind = Kind::U32 { min: 0, max: 0x7FFF_FFFF };

const fn field(name: &'static str, kind: Kind, doc: &'static str, source: Source) -> Field {
    let unit = match kind {
        Kind::U32 { .. } => Unit::Licenses,
        _ => Unit::Plain,
    };
    Field { name, kind, unit, access: Access::ReadOnly, doc, source }
}

/// `LicenseManagerLicenseInfo`, in the order of the wire.
pub static LICENSE_INFO: [&Field; 8] = [
    &field(
        "licenseKey",
        Kind::Secret(Mask::LastTwoGroups),
        "Key of the license, a serial of 25 characters; empty in the answer to a key that cannot be decoded.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, licenseKey"),
    ),
    &field(
        "editionKey",
        TEXT,
        "Edition key, as `vc`, `esxEnterprisePlus` or `esx.enterprisePlus.cpuPackageCoreLimited`.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, editionKey"),
    ),
    &field(
        "name",
        TEXT,
        "Display name of the license, as vSphere 4 Enterprise Plus; the API cannot set it.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, name"),
    ),
    &field(
        "total",
        COUNT,
        "Units that the license holds; 0 is unlimited.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, total"),
    ),
    &field(
        "used",
        COUNT,
        "Units that are taken; unset for the evaluation license and in answers of DecodeLicense.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, used"),
    ),
    &field(
        "costUnit",
        TEXT,
        "Unit that `total` and `used` are counted in, as `server` or `cpuPackage:12core`.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, costUnit"),
    ),
    &field(
        "properties",
        TEXT,
        "Further properties as KeyAnyValue: any key, repeated keys, values of any type.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, properties"),
    ),
    &field(
        "labels",
        TEXT,
        "Labels as KeyValue, in the order in which they were set.",
        stated(&ARTICLE, "LicenseManagerLicenseInfo, labels"),
    ),
];

/// `LicenseAssignmentManagerLicenseAssignment`, in the order of the wire.
pub static ASSIGNMENT: [&Field; 5] = [
    &field(
        "entityId",
        TEXT,
        "Entity: the value of the reference of a host, as host-21; for a vCenter its instanceUuid.",
        stated(&ARTICLE, "LicenseAssignment, entityId"),
    ),
    &field(
        "scope",
        TEXT,
        "For a host the instanceUuid of the vCenter that manages it; unset for the vCenter itself.",
        stated(&ARTICLE, "LicenseAssignment, scope"),
    ),
    &field(
        "entityDisplayName",
        TEXT,
        "Display name of the entity.",
        stated(&ARTICLE, "LicenseAssignment, entityDisplayName"),
    ),
    &field(
        "assignedLicense",
        TEXT,
        "Full copy of the license, repeated for each entity that holds it.",
        stated(&ARTICLE, "LicenseAssignment, assignedLicense"),
    ),
    &field(
        "properties",
        TEXT,
        "Further properties as KeyAnyValue: `inUseFeatures`, `ProductName`, `ProductVersion`, `Evaluation`, `entityCost`, `CostUnit`.",
        stated(&ARTICLE, "LicenseAssignment, properties"),
    ),
];

/// Properties of LicenseManager.
pub static MANAGER: [&Field; 8] = [
    &field(
        "diagnostics",
        TEXT,
        "Deprecated since 4.0, and unset.",
        stated(&PYVMOMI, "vim.LicenseManager, diagnostics"),
    ),
    &field(
        "evaluation",
        TEXT,
        "What is left of the evaluation of this product, as properties.",
        stated(&ARTICLE, "LicenseManager, evaluation"),
    ),
    &field(
        "featureInfo",
        TEXT,
        "Deprecated since 4.0, and unset.",
        stated(&PYVMOMI, "vim.LicenseManager, featureInfo"),
    ),
    &field(
        "licenseAssignmentManager",
        TEXT,
        "Reference to the LicenseAssignmentManager; unset on a stand-alone host.",
        stated(&ARTICLE, "LicenseManager, licenseAssignmentManager"),
    ),
    &field(
        "licensedEdition",
        TEXT,
        "Deprecated since 4.0, and unset.",
        stated(&PYVMOMI, "vim.LicenseManager, licensedEdition"),
    ),
    &field(
        "licenses",
        TEXT,
        "Every license of the inventory, the evaluation license first.",
        stated(&ARTICLE, "LicenseManager, licenses"),
    ),
    &field(
        "source",
        TEXT,
        "Deprecated since 4.0, and unset.",
        stated(&PYVMOMI, "vim.LicenseManager, source"),
    ),
    &field(
        "sourceAvailable",
        TEXT,
        "Deprecated since 4.0, and unset.",
        stated(&PYVMOMI, "vim.LicenseManager, sourceAvailable"),
    ),
];

/// The fields of `AboutInfo` that licensing needs.
pub static ABOUT: [&Field; 6] = [
    &field(
        "apiType",
        TEXT,
        "Kind of the instance: `VirtualCenter`, or `HostAgent` for a stand-alone host.",
        stated(&PYVMOMI, "vim.AboutInfo, apiType"),
    ),
    &field(
        "instanceUuid",
        TEXT,
        "Identity of a vCenter, since 4.0; it is the vCenter's entityId.",
        stated(&ARTICLE, "entityId of a vCenter"),
    ),
    &field(
        "productLineId",
        TEXT,
        "Product line: `vpx` for vCenter, `embeddedEsx` for a host.",
        stated(&PYVMOMI, "vim.AboutInfo, productLineId"),
    ),
    &field(
        "version",
        TEXT,
        "Version of the product, as 8.0.3.",
        stated(&PYVMOMI, "vim.AboutInfo, version"),
    ),
    &field(
        "licenseProductName",
        TEXT,
        "Product that a license must be for: VMware VirtualCenter Server, or VMware ESX Server.",
        stated(&PYVMOMI, "vim.AboutInfo, licenseProductName"),
    ),
    &field(
        "licenseProductVersion",
        TEXT,
        "Version of that product, major and minor.",
        stated(&PYVMOMI, "vim.AboutInfo, licenseProductVersion"),
    ),
];
