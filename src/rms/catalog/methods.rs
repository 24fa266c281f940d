//! The calls of the API, each with the command that makes it and the codes that it can refuse with.
//!
//! The order in which a call is checked is left to `rules`.

use super::codes::{
    SNTL_APP_NODE_LOCKED, SNTL_APP_UNNAMED, SNTL_BAD_INDEX, SNTL_CALLING_ERROR,
    SNTL_CLK_TAMP_FOUND, SNTL_DUPLICATE_LICENSE, SNTL_EXCEEDS_MAX_SIZE, SNTL_INVALID_LICENSE,
    SNTL_LICENSE_DELETION_NOT_ALLOWED, SNTL_LICENSE_EXPIRED, SNTL_LICENSE_START_DATE_NOT_REACHED,
    SNTL_NO_LICENSE_GIVEN, SNTL_NO_MORE_FEATURES, SNTL_NO_MORE_LICENSES, SNTL_NO_SERVER_RUNNING,
    SNTL_NO_SUCH_FEATURE, SNTL_NO_SUCH_LICENSE, SNTL_NOT_ENOUGH_LOCK_FIELDS,
    SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND, SNTL_UNKNOWN_STATUS, SNTL_VALUE_OUT_OF_RANGE,
    SNTL_VIRTUAL_MACHINE_IS_DETECTED,
};
use super::documents::{API, LICENSE_INFO};
use crate::catalog::{Direction, Kind, Method, Parameter, assumed, stated};

const TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };

const fn given(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::In }
}

const fn handed(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::Out }
}

pub static GET_INFO: Method = Method {
    name: "sntl_licensing_get_info",
    command: "rms query",
    summary: "Answer a query about the licenses of a License Manager",
    parameters: &[
        given("scope", TEXT, "A sentinelScope document: which feature, which license."),
        given("query", TEXT, "A sentinelQuery document: licenseInfo, and its version."),
        handed("info", TEXT, "A sentinelInfo document."),
    ],
    refuses: &[
        &SNTL_CALLING_ERROR,
        &SNTL_BAD_INDEX,
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_APP_UNNAMED,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_NO_MORE_FEATURES,
        &SNTL_NO_SUCH_LICENSE,
        &SNTL_NO_MORE_LICENSES,
    ],
    source: stated(&LICENSE_INFO, "Query, Scope, Obtaining a List of Licenses"),
};

pub static INSTALL: Method = Method {
    name: "sntl_licensing_install",
    command: "rms license add",
    summary: "Add a license to the table",
    parameters: &[given("license", TEXT, "The record of the license; its code is never read.")],
    refuses: &[
        &SNTL_INVALID_LICENSE,
        &SNTL_EXCEEDS_MAX_SIZE,
        &SNTL_VALUE_OUT_OF_RANGE,
        &SNTL_DUPLICATE_LICENSE,
    ],
    source: assumed(&API, "install takes a license code; the model takes the record of one"),
};

pub static UNINSTALL: Method = Method {
    name: "sntl_licensing_uninstall",
    command: "rms license remove",
    summary: "Remove a license from the table",
    parameters: &[given("licenseHash", TEXT, "Hash of the license.")],
    refuses: &[&SNTL_NO_SUCH_LICENSE, &SNTL_LICENSE_DELETION_NOT_ALLOWED],
    source: stated(&API, "uninstall, uninstallData"),
};

pub static STATUS_INFO: Method = Method {
    name: "statusInfo",
    command: "rms status-code",
    summary: "Tell what a status code means",
    parameters: &[
        given("statusCode", Kind::U32 { min: 0, max: u32::MAX }, "The code."),
        handed("statusMessage", TEXT, "What it means."),
    ],
    refuses: &[&SNTL_UNKNOWN_STATUS],
    source: stated(&API, "statusInfo"),
};

pub static MATCH: Method = Method {
    name: "license match",
    command: "rms license match",
    summary: "Tell whether a client would get a token as far as locks and sites go",
    parameters: &[],
    refuses: &[
        &SNTL_NO_LICENSE_GIVEN,
        &SNTL_APP_NODE_LOCKED,
        &SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND,
        &SNTL_NOT_ENOUGH_LOCK_FIELDS,
        &SNTL_VIRTUAL_MACHINE_IS_DETECTED,
        &SNTL_CLK_TAMP_FOUND,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
    ],
    source: assumed(&API, "no call of the API tells it; the checks are those of a request"),
};

/// Every call.
pub static METHODS: [&Method; 5] = [&GET_INFO, &INSTALL, &UNINSTALL, &STATUS_INFO, &MATCH];
