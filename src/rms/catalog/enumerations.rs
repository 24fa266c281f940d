//! The named values of the elements. A number that no row has is kept and shown as unknown.

use crate::catalog::Named;

const fn value(value: u32, name: &'static str, doc: &'static str) -> Named {
    Named { value, name, doc }
}

/// Kinds of license.
pub static LICENSE_TYPES: [Named; 2] = [
    value(0, "normal", "A normal license."),
    value(1, "trial", "A trial license: limited by days or hours of use."),
];

/// How a license is bound to machines. The code generator numbers these otherwise.
pub static NODE_LOCKS: [Named; 4] = [
    value(0, "client-and-server-locked", "Bound to License Managers and to clients."),
    value(1, "server-locked", "Bound to License Managers."),
    value(2, "unlocked", "Bound to no machine."),
    value(3, "client-locked", "Bound to clients."),
];

/// What clients must have in common to share a token.
pub static SHARING: [Named; 5] = [
    value(0, "none", "Tokens are not shared."),
    value(1, "user", "Requests of one user name share a token."),
    value(2, "host", "Requests from one system share a token."),
    value(3, "x-display", "Requests from one X display of a UNIX system share a token."),
    value(4, "vendor", "Requests with one vendor-defined sharing id share a token."),
];

/// Who says how long a released token is held.
pub static HOLDING: [Named; 3] = [
    value(0, "none", "Released tokens are not held."),
    value(1, "application", "The client application gives the hold time."),
    value(2, "license", "The license gives the hold time."),
];

/// Where the tokens of a license live.
pub static DEPLOYMENTS: [Named; 3] = [
    value(0, "network", "Served by a License Manager on the network."),
    value(1, "standalone", "Used on the machine where it is installed."),
    value(2, "repository", "Checked out by a machine until it is checked in."),
];

/// Clock tampering. An inverted boolean: 0 means that it is looked for.
pub static TAMPERING: [Named; 2] = [
    value(0, "checked", "Tampering with the clock is detected."),
    value(1, "not checked", "Tampering with the clock is not detected."),
];

/// How licenses of one feature and version combine; no boolean, whatever the element is called.
pub static COMBINING: [Named; 4] = [
    value(0, "additive", "Adds up with other additive licenses that are alike."),
    value(1, "exclusive", "Stands alone: the newest one counts."),
    value(2, "aggregate", "Adds up with other aggregate licenses, whatever their dates."),
    value(3, "cloud", "A Cloud LM license; combines with none."),
];

pub static REDUNDANCY: [Named; 2] = [
    value(0, "non-redundant", "For one License Manager."),
    value(1, "redundant", "For a pool of License Managers."),
];

pub static MAJORITY: [Named; 2] = [
    value(0, "off", "The pool serves while one of its License Managers is up."),
    value(1, "on", "The pool serves while most of its License Managers are up."),
];

/// How much of the usage log is encrypted.
pub static LOG_ENCRYPTION: [Named; 5] = [
    value(0, "administrator", "The administrator sets the level."),
    value(1, "none", "Not encrypted."),
    value(2, "readable", "Readable; tampering with or deleting an entry can be detected."),
    value(3, "usage encrypted", "As 2, with the usage figures encrypted."),
    value(4, "encrypted", "All is encrypted; tampering is not prevented but can be detected."),
];

pub static COMMUTING: [Named; 2] = [
    value(0, "not allowed", "Tokens cannot be checked out."),
    value(1, "allowed", "Tokens can be checked out."),
];

pub static GRACE: [Named; 2] = [
    value(0, "not allowed", "There is no grace period."),
    value(1, "standard", "There is a standard grace period."),
];

pub static LOCAL_CRITERIA: [Named; 2] = [
    value(0, "not used", "The local request locking criteria are not used."),
    value(1, "used", "The criteria hold for commuter, repository and grace licenses."),
];

pub static TRIAL_STATES: [Named; 3] = [
    value(0, "unused", "Never requested: the trial has not begun."),
    value(1, "active", "Requested at least once, and some usage is left."),
    value(2, "exhausted", "The usage limit is reached."),
];

/// Whether a license is part of its feature's node in the license table.
pub static LICENSE_STATES: [Named; 2] =
    [value(0, "inactive", "Not part of the node."), value(1, "active", "Part of the node.")];

pub static VM_POLICIES: [Named; 2] = [
    value(0, "allowed", "Requests are allowed when the License Manager runs on a virtual machine."),
    value(
        1,
        "not allowed",
        "Requests are refused when the License Manager runs on a virtual machine.",
    ),
];

pub static CLOUD_USAGE: [Named; 2] = [
    value(0, "not generated", "Cloud-based usage data is not generated."),
    value(1, "generated", "Cloud-based usage data is generated."),
];

pub static LEASE: [Named; 2] = [
    value(0, "no lease", "The license is not for lease mode."),
    value(1, "lease", "The license is for lease mode."),
];
