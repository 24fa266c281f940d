//! The methods of both managers, each with the command that runs it and the faults that it can refuse with.
//!
//! The order in which a call is checked is left to `rules`.

use super::codes::{
    DECODE, INVALID_ARGUMENT, LICENSE_ASSIGNMENT_FAILED, LICENSE_DOWNGRADE_DISALLOWED,
    LICENSE_ENTITY_NOT_FOUND, LICENSE_EXPIRED, LICENSE_KEY_ENTITY_MISMATCH, NOT_ENOUGH_LICENSES,
    NOT_FOUND, NOT_IMPLEMENTED, NOT_REMOVED, NOT_SUPPORTED,
};
use super::documents::{ARTICLE, PYVMOMI};
use crate::catalog::{Code, Direction, Kind, Mask, Method, Parameter, Source, stated};

const TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };
const KEY: Kind = Kind::Secret(Mask::LastTwoGroups);

const DEPRECATED: Source = stated(&PYVMOMI, "vim.LicenseManager, deprecated members");

const fn parameter(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::In }
}

const LICENSE_KEY: Parameter =
    parameter("licenseKey", KEY, "Key of a license, as it is: the API normalises nothing.");
const LABELS: Parameter = parameter("labels", TEXT, "Labels as KeyValue; ignored by a host.");
const LABEL_KEY: Parameter =
    parameter("labelKey", TEXT, "Key of a label; upper and lower case differ.");
const LABEL_VALUE: Parameter =
    parameter("labelValue", TEXT, "Value of a label; empty removes the label.");
const ENTITY_ID: Parameter = parameter("entityId", TEXT, "Entity; absent means every entity.");
const ENTITY: Parameter = parameter("entity", TEXT, "Entity; the API spells this one without Id.");
const ENTITY_DISPLAY_NAME: Parameter =
    parameter("entityDisplayName", TEXT, "Display name of the entity; absent leaves it as it is.");
const HOST: Parameter = parameter("host", TEXT, "Host; absent means the instance itself.");
const FEATURE_KEY: Parameter = parameter(
    "featureKey",
    TEXT,
    "Key of a feature, with a level behind a colon where it has one.",
);
const LICENSE_SOURCE: Parameter = parameter("licenseSource", TEXT, "Where licenses come from.");

const fn method(
    words: [&'static str; 3],
    parameters: &'static [Parameter],
    refuses: &'static [&'static Code],
    source: Source,
) -> Method {
    let [name, command, summary] = words;
    Method { name, command, summary, parameters, refuses, source }
}

pub static ADD_LICENSE: Method = method(
    ["LicenseManager.AddLicense", "vsphere license add", "Add a license to the inventory"],
    &[LICENSE_KEY, LABELS],
    &[&DECODE, &NOT_IMPLEMENTED],
    stated(&ARTICLE, "LicenseManager, addLicense"),
);

pub static DECODE_LICENSE: Method = method(
    [
        "LicenseManager.DecodeLicense",
        "vsphere license decode",
        "Tell what a key is, without adding it",
    ],
    &[LICENSE_KEY],
    &[&DECODE],
    stated(&ARTICLE, "LicenseManager, decodeLicense"),
);

pub static REMOVE_LICENSE: Method = method(
    [
        "LicenseManager.RemoveLicense",
        "vsphere license remove",
        "Remove a license from the inventory",
    ],
    &[LICENSE_KEY],
    &[&NOT_REMOVED, &NOT_FOUND],
    stated(&ARTICLE, "LicenseManager, removeLicense"),
);

pub static UPDATE_LICENSE: Method = method(
    [
        "LicenseManager.UpdateLicense",
        "vsphere license update",
        "Set the license of a host; on a vCenter, replace the inventory",
    ],
    &[LICENSE_KEY, LABELS],
    &[&DECODE],
    stated(&ARTICLE, "LicenseManager, updateLicense"),
);

pub static UPDATE_LICENSE_LABEL: Method = method(
    ["LicenseManager.UpdateLicenseLabel", "vsphere license label set", "Set a label of a license"],
    &[LICENSE_KEY, LABEL_KEY, LABEL_VALUE],
    &[&INVALID_ARGUMENT],
    stated(&ARTICLE, "LicenseManager, updateLicenseLabel"),
);

pub static REMOVE_LICENSE_LABEL: Method = method(
    [
        "LicenseManager.RemoveLicenseLabel",
        "vsphere license label remove",
        "Remove a label of a license",
    ],
    &[LICENSE_KEY, LABEL_KEY],
    &[&INVALID_ARGUMENT],
    stated(&ARTICLE, "LicenseManager, removeLicenseLabel"),
);

pub static CHECK_LICENSE_FEATURE: Method = method(
    [
        "LicenseManager.CheckLicenseFeature",
        "vsphere check-feature",
        "Tell whether a license has a feature",
    ],
    &[HOST, FEATURE_KEY],
    &[&INVALID_ARGUMENT],
    stated(&PYVMOMI, "vim.LicenseManager, CheckLicenseFeature"),
);

pub static QUERY_SUPPORTED_FEATURES: Method = method(
    ["LicenseManager.QuerySupportedFeatures", "vsphere call", "Deprecated since 4.0"],
    &[HOST],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static QUERY_LICENSE_SOURCE_AVAILABILITY: Method = method(
    ["LicenseManager.QueryLicenseSourceAvailability", "vsphere call", "Deprecated since 4.0"],
    &[HOST],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static QUERY_LICENSE_USAGE: Method = method(
    ["LicenseManager.QueryLicenseUsage", "vsphere call", "Deprecated since 4.0"],
    &[HOST],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static SET_LICENSE_EDITION: Method = method(
    ["LicenseManager.SetLicenseEdition", "vsphere call", "Deprecated since 4.0"],
    &[HOST, FEATURE_KEY],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static ENABLE_FEATURE: Method = method(
    ["LicenseManager.EnableFeature", "vsphere call", "Deprecated since 4.0"],
    &[HOST, FEATURE_KEY],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static DISABLE_FEATURE: Method = method(
    ["LicenseManager.DisableFeature", "vsphere call", "Deprecated since 4.0"],
    &[HOST, FEATURE_KEY],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static CONFIGURE_LICENSE_SOURCE: Method = method(
    ["LicenseManager.ConfigureLicenseSource", "vsphere call", "Deprecated since 4.0"],
    &[HOST, LICENSE_SOURCE],
    &[&NOT_SUPPORTED],
    DEPRECATED,
);

pub static QUERY_ASSIGNED_LICENSES: Method = method(
    [
        "LicenseAssignmentManager.QueryAssignedLicenses",
        "vsphere assignment list",
        "List which entity holds which license",
    ],
    &[ENTITY_ID],
    &[&NOT_SUPPORTED],
    stated(&ARTICLE, "LicenseAssignmentManager, queryAssignedLicenses"),
);

pub static UPDATE_ASSIGNED_LICENSE: Method = method(
    [
        "LicenseAssignmentManager.UpdateAssignedLicense",
        "vsphere assign",
        "Assign a license to an entity",
    ],
    &[ENTITY, LICENSE_KEY, ENTITY_DISPLAY_NAME],
    &[
        &LICENSE_ENTITY_NOT_FOUND,
        &INVALID_ARGUMENT,
        &LICENSE_EXPIRED,
        &LICENSE_KEY_ENTITY_MISMATCH,
        &LICENSE_ASSIGNMENT_FAILED,
        &LICENSE_DOWNGRADE_DISALLOWED,
        &NOT_ENOUGH_LICENSES,
        &NOT_SUPPORTED,
    ],
    stated(&ARTICLE, "LicenseAssignmentManager, updateAssignedLicense"),
);

pub static REMOVE_ASSIGNED_LICENSE: Method = method(
    [
        "LicenseAssignmentManager.RemoveAssignedLicense",
        "vsphere unassign",
        "Take the licenses of an entity away",
    ],
    &[ENTITY_ID],
    &[&LICENSE_ENTITY_NOT_FOUND, &INVALID_ARGUMENT, &NOT_SUPPORTED],
    stated(&ARTICLE, "LicenseAssignmentManager, removeAssignedLicense"),
);

/// Every method, those of LicenseManager first.
pub static METHODS: [&Method; 17] = [
    &ADD_LICENSE,
    &DECODE_LICENSE,
    &REMOVE_LICENSE,
    &UPDATE_LICENSE,
    &UPDATE_LICENSE_LABEL,
    &REMOVE_LICENSE_LABEL,
    &CHECK_LICENSE_FEATURE,
    &QUERY_SUPPORTED_FEATURES,
    &QUERY_LICENSE_SOURCE_AVAILABILITY,
    &QUERY_LICENSE_USAGE,
    &SET_LICENSE_EDITION,
    &ENABLE_FEATURE,
    &DISABLE_FEATURE,
    &CONFIGURE_LICENSE_SOURCE,
    &QUERY_ASSIGNED_LICENSES,
    &UPDATE_ASSIGNED_LICENSE,
    &REMOVE_ASSIGNED_LICENSE,
];

/// The method of that name, with or without its manager; the API compares names exactly.
#[must_use]
pub fn named(name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().find(|method| method.name == name || word(method) == name)
}

/// The name without its manager: `AddLicense`.
#[must_use]
pub fn word(method: &Method) -> &'static str {
    method.name.rsplit('.').next().unwrap_or(method.name)
}
