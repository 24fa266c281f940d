//! The calls of the API, each with the command that makes it and the codes that it can refuse with.
//!
//! The order in which a call is checked is left to `rules`.

use super::codes::{
    SNTL_APP_NODE_LOCKED, SNTL_APP_UNNAMED, SNTL_BAD_INDEX, SNTL_CALLING_ERROR,
    SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER, SNTL_CLIENT_ALREADY_EXIST,
    SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST, SNTL_CLK_TAMP_FOUND,
    SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED, SNTL_COMMUTER_INSUFFICIENTUNITS,
    SNTL_DEFERRED_REVOCATION_NOT_ALLOWED, SNTL_DUPLICATE_LICENSE, SNTL_EXCEEDS_MAX_SIZE,
    SNTL_GRACE_EXPIRED, SNTL_GRACE_HOURS_EXHAUSTED, SNTL_INSUFFICIENTUNITS, SNTL_INVALID_LICENSE,
    SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE, SNTL_LICENSE_ALREADY_REVOKED,
    SNTL_LICENSE_DELETION_NOT_ALLOWED, SNTL_LICENSE_EXPIRED, SNTL_LICENSE_IN_USE,
    SNTL_LICENSE_START_DATE_NOT_REACHED, SNTL_LICENSE_UPGRADE_DENIED, SNTL_LICENSETERMINATED,
    SNTL_LOGIN_SESSION_NOT_FOUND, SNTL_MAJORITY_RULE_FAILURE, SNTL_NO_LICENSE_GIVEN,
    SNTL_NO_MORE_FEATURES, SNTL_NO_MORE_LICENSES, SNTL_NO_SERVER_RUNNING, SNTL_NO_SUCH_CLIENT,
    SNTL_NO_SUCH_FEATURE, SNTL_NO_SUCH_LICENSE, SNTL_NOLICENSESAVAILABLE,
    SNTL_NOMORE_QUEUE_RESOURCES, SNTL_NON_REDUNDANT_FEATURE, SNTL_NON_REDUNDANT_SRVR,
    SNTL_NON_TRIAL_LICENSE, SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM, SNTL_NOT_ENOUGH_LOCK_FIELDS,
    SNTL_ONLY_SERVER, SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION, SNTL_POOL_FULL,
    SNTL_QUEUED_HANDLE, SNTL_REMOTE_CHECKOUT,
    SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY, SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND,
    SNTL_REVOKE_ERR_INFINITE_GRP_DIST, SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ,
    SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE, SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP,
    SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES, SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT,
    SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED, SNTL_SERVER_ALREADY_PRESENT, SNTL_SERVER_NOT_PRESENT,
    SNTL_TRIAL_LIC_DATE_RESTRICTED, SNTL_TRIAL_LIC_EXHAUSTED, SNTL_TRIAL_LIC_NOT_ACTIVATED,
    SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE, SNTL_UNKNOWN_STATUS, SNTL_USER_EXCLUDED,
    SNTL_USER_NOT_ALLOWED, SNTL_USER_SESSION_TERMINATED, SNTL_VALUE_OUT_OF_RANGE,
    SNTL_VENDORIDMISMATCH, SNTL_VIRTUAL_MACHINE_IS_DETECTED,
};
use super::documents::{API, LICENSE_INFO, VLS};
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
        &SNTL_LICENSE_ALREADY_REVOKED,
        &SNTL_DUPLICATE_LICENSE,
        &SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM,
    ],
    source: assumed(&API, "install takes a license code; the model takes the record of one"),
};

pub static UNINSTALL: Method = Method {
    name: "sntl_licensing_uninstall",
    command: "rms license remove",
    summary: "Remove a license from the table",
    parameters: &[given("licenseHash", TEXT, "Hash of the license.")],
    refuses: &[&SNTL_NO_SUCH_LICENSE, &SNTL_LICENSE_IN_USE, &SNTL_LICENSE_DELETION_NOT_ALLOWED],
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
        &SNTL_USER_EXCLUDED,
        &SNTL_USER_NOT_ALLOWED,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
    ],
    source: assumed(&API, "no call of the API tells it; the checks are those of a request"),
};

pub static LOGIN: Method = Method {
    name: "sntl_licensing_login",
    command: "rms session login",
    summary: "Request tokens of a feature",
    parameters: &[
        given("feature_name", TEXT, "Name of the feature."),
        given("login_feature_version", TEXT, "Version of the feature."),
        given(
            "login_units_required",
            Kind::U32 { min: 1, max: u32::MAX },
            "Units that are wanted.",
        ),
        given("login_vendor_usage_data", TEXT, "A comment for the usage log."),
        given("identity_username", TEXT, "User who asks."),
        given("appcontext_hostname", TEXT, "Machine that asks."),
        handed("keyId", Kind::U32 { min: 1, max: u32::MAX }, "Number of the session."),
    ],
    refuses: &[
        &SNTL_APP_UNNAMED,
        &SNTL_EXCEEDS_MAX_SIZE,
        &SNTL_VALUE_OUT_OF_RANGE,
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_VENDORIDMISMATCH,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
        &SNTL_TRIAL_LIC_NOT_ACTIVATED,
        &SNTL_TRIAL_LIC_DATE_RESTRICTED,
        &SNTL_TRIAL_LIC_EXHAUSTED,
        &SNTL_MAJORITY_RULE_FAILURE,
        &SNTL_CLK_TAMP_FOUND,
        &SNTL_VIRTUAL_MACHINE_IS_DETECTED,
        &SNTL_APP_NODE_LOCKED,
        &SNTL_NO_LICENSE_GIVEN,
        &SNTL_USER_EXCLUDED,
        &SNTL_USER_NOT_ALLOWED,
        &SNTL_NOLICENSESAVAILABLE,
        &SNTL_INSUFFICIENTUNITS,
        &SNTL_NOMORE_QUEUE_RESOURCES,
    ],
    source: stated(&API, "login, login_attr"),
};

pub static REFRESH: Method = Method {
    name: "sntl_licensing_refresh",
    command: "rms session refresh",
    summary: "Renew a session, or change its number of units",
    parameters: &[
        given("keyId", Kind::U32 { min: 1, max: u32::MAX }, "Number of the session."),
        given(
            "refresh_units_required",
            Kind::U32 { min: 1, max: u32::MAX },
            "Units that are wanted from now on.",
        ),
    ],
    refuses: &[
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_LOGIN_SESSION_NOT_FOUND,
        &SNTL_LICENSETERMINATED,
        &SNTL_USER_SESSION_TERMINATED,
        &SNTL_QUEUED_HANDLE,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
        &SNTL_TRIAL_LIC_NOT_ACTIVATED,
        &SNTL_TRIAL_LIC_DATE_RESTRICTED,
        &SNTL_TRIAL_LIC_EXHAUSTED,
        &SNTL_MAJORITY_RULE_FAILURE,
        &SNTL_LICENSE_UPGRADE_DENIED,
    ],
    source: stated(&API, "refresh, refresh_attr"),
};

pub static LOGOUT: Method = Method {
    name: "sntl_licensing_logout",
    command: "rms session logout",
    summary: "Give units of a session back",
    parameters: &[
        given("keyId", Kind::U32 { min: 1, max: u32::MAX }, "Number of the session."),
        given(
            "logout_units_to_release",
            Kind::U32 { min: 1, max: u32::MAX },
            "Units that are given back.",
        ),
    ],
    refuses: &[
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_LOGIN_SESSION_NOT_FOUND,
        &SNTL_LICENSETERMINATED,
        &SNTL_USER_SESSION_TERMINATED,
        &SNTL_VALUE_OUT_OF_RANGE,
    ],
    source: stated(&API, "logout, logout_attr"),
};

pub static TERMINATE: Method = Method {
    name: "sntl_lmadmin_post",
    command: "rms session terminate",
    summary: "End the sessions of a client",
    parameters: &[],
    refuses: &[&SNTL_NO_SERVER_RUNNING, &SNTL_NO_SUCH_CLIENT],
    source: stated(&API, "lmadmin_post, session clean"),
};

pub static CHECK_OUT: Method = Method {
    name: "sntl_licensing_transfer commute",
    command: "rms commuter checkout",
    summary: "Check a token out for some days",
    parameters: &[
        given(
            "transfer_units_required",
            Kind::U32 { min: 1, max: u32::MAX },
            "Units that are checked out.",
        ),
        given(
            "transfer_lock_mask",
            Kind::U32 { min: 1, max: u32::MAX },
            "Criteria that the client can deliver.",
        ),
    ],
    refuses: &[
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
        &SNTL_TRIAL_LIC_NOT_ACTIVATED,
        &SNTL_TRIAL_LIC_DATE_RESTRICTED,
        &SNTL_TRIAL_LIC_EXHAUSTED,
        &SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY,
        &SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE,
        &SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED,
        &SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION,
        &SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER,
        &SNTL_CLIENT_ALREADY_EXIST,
        &SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND,
        &SNTL_NOT_ENOUGH_LOCK_FIELDS,
        &SNTL_COMMUTER_INSUFFICIENTUNITS,
        &SNTL_VALUE_OUT_OF_RANGE,
    ],
    source: stated(&API, "transfer, action commute"),
};

pub static CHECK_IN: Method = Method {
    name: "sntl_licensing_transfer returnCommuter",
    command: "rms commuter checkin",
    summary: "Bring a token that was checked out back",
    parameters: &[],
    refuses: &[
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST,
        &SNTL_REMOTE_CHECKOUT,
    ],
    source: stated(&API, "transfer, action returnCommuter"),
};

pub static EXTEND: Method = Method {
    name: "sntl_licensing_transfer extend",
    command: "rms commuter extend",
    summary: "Extend a remote check-out",
    parameters: &[given(
        "transfer_extension_in_days",
        Kind::U32 { min: 1, max: u32::MAX },
        "Days that are added.",
    )],
    refuses: &[
        &SNTL_NO_SERVER_RUNNING,
        &SNTL_NO_SUCH_FEATURE,
        &SNTL_LICENSE_EXPIRED,
        &SNTL_LICENSE_START_DATE_NOT_REACHED,
        &SNTL_TRIAL_LIC_NOT_ACTIVATED,
        &SNTL_TRIAL_LIC_DATE_RESTRICTED,
        &SNTL_TRIAL_LIC_EXHAUSTED,
        &SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST,
        &SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED,
        &SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION,
        &SNTL_VALUE_OUT_OF_RANGE,
    ],
    source: assumed(
        &API,
        "the attribute is listed; the call that it belongs to is that of a check-out",
    ),
};

pub static REVOKE: Method = Method {
    name: "revocation",
    command: "rms license revoke",
    summary: "Revoke a license or some of its units, now or later",
    parameters: &[],
    refuses: &[
        &SNTL_NO_SUCH_LICENSE,
        &SNTL_NO_MORE_FEATURES,
        &SNTL_NO_MORE_LICENSES,
        &SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED,
        &SNTL_LICENSE_ALREADY_REVOKED,
        &SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE,
        &SNTL_VALUE_OUT_OF_RANGE,
        &SNTL_DEFERRED_REVOCATION_NOT_ALLOWED,
        &SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES,
        &SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ,
        &SNTL_REVOKE_ERR_INFINITE_GRP_DIST,
        &SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE,
        &SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP,
        &SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT,
    ],
    source: assumed(&API, "revocation needs a ticket of the vendor; the model does without"),
};

pub static SET_PRECEDENCE: Method = Method {
    name: "VLSsetLicensePrecedence",
    command: "rms license set-precedence",
    summary: "Give a trial license another precedence",
    parameters: &[],
    refuses: &[
        &SNTL_NO_SUCH_LICENSE,
        &SNTL_NO_MORE_FEATURES,
        &SNTL_NO_MORE_LICENSES,
        &SNTL_NON_TRIAL_LICENSE,
        &SNTL_VALUE_OUT_OF_RANGE,
    ],
    source: stated(&VLS, "VLSsetLicensePrecedence"),
};

pub static USERS: Method = Method {
    name: "licensedUserAccounts",
    command: "rms license users",
    summary: "Name the users that may consume a license",
    parameters: &[],
    refuses: &[
        &SNTL_NO_SUCH_LICENSE,
        &SNTL_NO_MORE_FEATURES,
        &SNTL_NO_MORE_LICENSES,
        &SNTL_VALUE_OUT_OF_RANGE,
    ],
    source: assumed(&API, "Named User Licensing; the code of one user too many is a guess"),
};

pub static POOL: Method = Method {
    name: "serverPoolInfo",
    command: "rms pool",
    summary: "Make, show and fail a pool of redundant License Managers",
    parameters: &[],
    refuses: &[
        &SNTL_NON_REDUNDANT_SRVR,
        &SNTL_NON_REDUNDANT_FEATURE,
        &SNTL_SERVER_ALREADY_PRESENT,
        &SNTL_SERVER_NOT_PRESENT,
        &SNTL_POOL_FULL,
        &SNTL_ONLY_SERVER,
    ],
    source: stated(&API, "serverPoolInfo; lspool"),
};

pub static GRACE: Method = Method {
    name: "grace license",
    command: "rms grace use",
    summary: "Use a feature without the network",
    parameters: &[],
    refuses: &[&SNTL_NO_SUCH_FEATURE, &SNTL_GRACE_EXPIRED, &SNTL_GRACE_HOURS_EXHAUSTED],
    source: assumed(&API, "the library does it by itself when no License Manager can be reached"),
};

/// Every call.
pub static METHODS: [&Method; 17] = [
    &GET_INFO,
    &INSTALL,
    &UNINSTALL,
    &STATUS_INFO,
    &MATCH,
    &LOGIN,
    &REFRESH,
    &LOGOUT,
    &TERMINATE,
    &CHECK_OUT,
    &CHECK_IN,
    &EXTEND,
    &REVOKE,
    &SET_PRECEDENCE,
    &USERS,
    &POOL,
    &GRACE,
];
