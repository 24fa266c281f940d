//! The numbers and words with a meaning that stand in no node's own row: licensing operations, alerts, formats, join types.
//!
//! The values of nodes that take or answer one of a few numbers stand in `nodes`.

use super::codes;
use super::documents::{CSP, GRAPH, MDM, OMADM, SUBSCRIPTION};
use super::editions::{self, HOLOGRAPHIC, HOLOGRAPHIC_BUSINESS, MOBILE, MOBILE_ENTERPRISE};
use super::nodes::{Node, NodeId};
use crate::catalog::{Kind, Named, Source, assumed, stated};

/// How far a licensing operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// None was asked for.
    Idle,
    /// It runs; another one is refused.
    Running,
    Succeeded,
    /// It stopped for good.
    Failed,
}

/// A value of `DeviceLicensingStatus`, which `SubscriptionStatus` has, too.
#[derive(Debug)]
pub struct LicensingStatus {
    pub value: i32,
    /// The word of Microsoft Graph.
    pub name: &'static str,
    /// The word as older documents of Graph spell it.
    pub older_name: Option<&'static str>,
    pub phase: Phase,
    /// What it says to an administrator, as a sentence.
    pub doc: &'static str,
}

const fn licensing(
    value: i32,
    name: &'static str,
    phase: Phase,
    doc: &'static str,
) -> LicensingStatus {
    LicensingStatus { value, name, older_name: None, phase, doc }
}

/// Where [`LICENSING_STATUSES`] come from.
pub static LICENSING_SOURCE: Source = assumed(
    &GRAPH,
    "deviceLicensingStatus has the words; that the node answers the same numbers follows from Graph reading it",
);

/// The values of `DeviceLicensingStatus`, in ascending order.
pub static LICENSING_STATUSES: [LicensingStatus; 16] = [
    licensing(-1, "unknown", Phase::Idle, "No operation was asked for."),
    licensing(0, "licenseRefreshStarted", Phase::Running, "The refresh began."),
    licensing(1, "licenseRefreshPending", Phase::Running, "The refresh waits."),
    licensing(
        2,
        "deviceIsNotAzureActiveDirectoryJoined",
        Phase::Failed,
        "The device is not joined to Microsoft Entra ID.",
    ),
    licensing(
        3,
        "verifyingMicrosoftDeviceIdentity",
        Phase::Running,
        "The identity of the device is being verified.",
    ),
    licensing(
        4,
        "deviceIdentityVerificationFailed",
        Phase::Failed,
        "The identity of the device could not be verified.",
    ),
    LicensingStatus {
        older_name: Some("verifyingMirosoftAccountIdentity"),
        ..licensing(
            5,
            "verifyingMicrosoftAccountIdentity",
            Phase::Running,
            "The identity of the account is being verified.",
        )
    },
    LicensingStatus {
        older_name: Some("mirosoftAccountVerificationFailed"),
        ..licensing(
            6,
            "microsoftAccountVerificationFailed",
            Phase::Failed,
            "The identity of the account could not be verified.",
        )
    },
    licensing(7, "acquiringDeviceLicense", Phase::Running, "The license is being acquired."),
    licensing(8, "refreshingDeviceLicense", Phase::Running, "The license is being renewed."),
    licensing(9, "deviceLicenseRefreshSucceed", Phase::Succeeded, "The license is on the device."),
    licensing(
        10,
        "deviceLicenseRefreshFailed",
        Phase::Failed,
        "The license could not be acquired or renewed.",
    ),
    licensing(11, "removingDeviceLicense", Phase::Running, "The license is being removed."),
    licensing(12, "deviceLicenseRemoveSucceed", Phase::Succeeded, "The license was removed."),
    licensing(13, "deviceLicenseRemoveFailed", Phase::Failed, "The license could not be removed."),
    licensing(
        14,
        "unknownFutureValue",
        Phase::Idle,
        "A placeholder of Graph for values to come; no device answers it.",
    ),
];

/// The row of a value; `None` for a number that is not published.
#[must_use]
pub fn licensing_status(value: i32) -> Option<&'static LicensingStatus> {
    LICENSING_STATUSES.iter().find(|status| status.value == value)
}

/// The row of a word of Graph, in either spelling; ASCII case does not matter.
#[must_use]
pub fn licensing_status_named(name: &str) -> Option<&'static LicensingStatus> {
    LICENSING_STATUSES.iter().find(|status| {
        status.name.eq_ignore_ascii_case(name)
            || status.older_name.is_some_and(|older| older.eq_ignore_ascii_case(name))
    })
}

/// Where [`SUBSCRIPTION_STATUSES`] come from.
pub static SUBSCRIPTION_SOURCE: Source = assumed(
    &SUBSCRIPTION,
    "the page of the CSP gives no values; 1 agrees with SubscriptionStatusValue of Get-SubscriptionLicenseInfo",
);

/// Values of `Subscriptions/{SubscriptionId}/Status`.
pub static SUBSCRIPTION_STATUSES: [Named; 2] = [
    Named { value: 0, name: "Inactive", doc: "The subscription is not in use." },
    Named { value: 1, name: "Active", doc: "The subscription is in use." },
];

/// An alert of OMA DM.
#[derive(Debug)]
pub struct Alert {
    pub named: Named,
    /// The Windows client takes it; any other is answered with 406.
    pub served: bool,
    pub source: Source,
}

const fn alert(value: u32, name: &'static str, doc: &'static str) -> Alert {
    Alert { named: Named { value, name, doc }, served: true, source: stated(&MDM, "Alert") }
}

const fn dialog(value: u32, name: &'static str, doc: &'static str) -> Alert {
    let source = assumed(&OMADM, "user interaction of the protocol; the Windows client has none");
    Alert { served: false, source, ..alert(value, name, doc) }
}

/// The number of the alert that aborts a session.
pub const SESSION_ABORT: u32 = 1223;

/// The alerts of the protocol, by number.
pub static ALERTS: [Alert; 12] = [
    dialog(1100, "DISPLAY", "Shows a text to the user."),
    dialog(1101, "CONFIRM", "Asks the user for yes or no."),
    dialog(1102, "USER INPUT", "Asks the user for a text."),
    dialog(1103, "SINGLE CHOICE", "Lets the user choose one of several."),
    dialog(1104, "MULTIPLE CHOICES", "Lets the user choose some of several."),
    alert(1200, "SERVER-INITIATED MGMT", "The first message of the client after a push."),
    alert(1201, "CLIENT-INITIATED MGMT", "The first message of the client."),
    alert(1222, "NEXT MESSAGE", "Asks for the next message."),
    alert(SESSION_ABORT, "SESSION ABORT", "Ends the session at once."),
    alert(
        1224,
        "CLIENT EVENT",
        "Carries a typed item, as the sign-in state of the user, or the result of an address.",
    ),
    alert(1225, "NO END OF DATA", "The end of a chunked item is missing."),
    alert(
        1226,
        "GENERIC ALERT",
        "Carries what a CSP or the user wants to tell, as the wish to unenroll.",
    ),
];

/// The alert of that number.
#[must_use]
pub fn alert_numbered(number: u32) -> Option<&'static Alert> {
    ALERTS.iter().find(|alert| alert.named.value == number)
}

/// A format of OMA DM: `DFFormat` of a DDF, `Meta/Format` of a message.
#[derive(Debug)]
pub struct DataFormat {
    pub token: &'static str,
    /// What Data holds, as a phrase; empty for none.
    pub data: &'static str,
    /// A node of this CSP has it; such a token is one of `nodes::Format`.
    pub used: bool,
}

const fn used(token: &'static str, data: &'static str) -> DataFormat {
    DataFormat { token, data, used: true }
}

const fn foreign(token: &'static str, data: &'static str) -> DataFormat {
    DataFormat { token, data, used: false }
}

/// Every format that a DDF can name.
///
/// Source: [DDF2], the schema of the bundle; [MS-MDM] Meta/Format.
pub static FORMATS: [DataFormat; 11] = [
    used("chr", "text"),
    used("int", "signed 32-bit number, decimal"),
    used("node", ""),
    used("null", ""),
    used("xml", "XML, escaped"),
    foreign("bool", "`true` or `false`"),
    foreign("bin", "Base64"),
    foreign("b64", "Base64"),
    foreign("date", "date of ISO 8601"),
    foreign("time", "date and time of ISO 8601"),
    foreign("float", "number with a fraction, decimal"),
];

/// The format of that token; case matters, as it does to the client.
#[must_use]
pub fn format(token: &str) -> Option<&'static DataFormat> {
    FORMATS.iter().find(|format| format.token == token)
}

/// A word and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    pub name: &'static str,
    /// As a sentence.
    pub doc: &'static str,
}

/// What a device is joined to. `entra` and `hybrid` take device-based subscriptions.
///
/// Source: [SUBSCRIPTION] requirements; the words: assumed.
pub static JOIN_TYPES: [Word; 5] = [
    Word { name: "none", doc: "Joined to nothing." },
    Word { name: "entra", doc: "Joined to Microsoft Entra ID." },
    Word { name: "hybrid", doc: "Joined to a domain and to Microsoft Entra ID." },
    Word { name: "domain", doc: "Joined to an Active Directory domain." },
    Word {
        name: "entraRegistered",
        doc: "Registered with Microsoft Entra ID, as a private device is.",
    },
];

/// What the user is told of an edition upgrade.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`; the words: assumed.
pub static NOTIFICATIONS: [Word; 4] = [
    Word {
        name: "newEditionAvailable",
        doc: "The new edition is there after a restart, which the user can do at any time.",
    },
    Word { name: "restartReminder", doc: "The device will restart by itself in a moment." },
    Word { name: "upgradeSucceeded", doc: "The device runs the new edition." },
    Word {
        name: "restartToCompletePackage",
        doc: "A provisioning package needs a restart, and the user's consent to it.",
    },
];

/// A word of `LicenseKeyType`: what an edition is upgraded with.
#[derive(Debug)]
pub struct LicenseKeyType {
    pub word: Word,
    /// The editions that answer it; empty for the word of all others.
    pub editions: &'static [i32],
}

/// Where [`LICENSE_KEY_TYPES`] come from.
pub static LICENSE_KEY_SOURCE: Source = assumed(
    &CSP,
    "the page says which parameter desktops and mobile devices take, and prints no value of the node",
);

/// The words of `LicenseKeyType`.
pub static LICENSE_KEY_TYPES: [LicenseKeyType; 2] = [
    LicenseKeyType {
        word: Word { name: "License", doc: "The edition is upgraded with a license file." },
        editions: &[MOBILE, MOBILE_ENTERPRISE, HOLOGRAPHIC, HOLOGRAPHIC_BUSINESS],
    },
    LicenseKeyType {
        word: Word { name: "ProductKey", doc: "The edition is upgraded with a product key." },
        editions: &[],
    },
];

/// The word that an edition answers for `LicenseKeyType`.
#[must_use]
pub fn license_key_type(edition: i32) -> &'static str {
    LICENSE_KEY_TYPES
        .iter()
        .find(|kind| kind.editions.is_empty() || kind.editions.contains(&edition))
        .map_or("", |kind| kind.word.name)
}

/// What the number in a node says: `Pending`, `0x30 PRODUCT_PROFESSIONAL (Pro)`, `0x80070490 ERROR_NOT_FOUND`.
///
/// - Returns `Unassigned(2)` for a number that should have a name and has none, and `None` for a node whose numbers, or whose 0,
///   say nothing.
#[must_use]
pub fn meaning(node: &Node, number: i32) -> Option<String> {
    let of = |values: &[Named]| {
        let known = values.iter().find(|named| i64::from(named.value) == i64::from(number));
        known.map(|named| named.name)
    };
    let name = match (node.id, node.field.kind) {
        (NodeId::Edition, _) => return Some(editions::shown(number).to_string()),
        (NodeId::SubscriptionLastError | NodeId::DeviceLicensingLastError, _) => {
            return (number != 0).then(|| error(number.cast_unsigned()));
        }
        (NodeId::SubscriptionStatus | NodeId::DeviceLicensingStatus, _) => {
            licensing_status(number).map(|status| status.name)
        }
        (NodeId::EntryStatus, _) => of(&SUBSCRIPTION_STATUSES),
        (_, Kind::Enumeration(values)) => of(values),
        _ => return None,
    };
    Some(name.map_or_else(|| format!("Unassigned({number})"), str::to_owned))
}

/// An HRESULT with its symbol, as far as it has one: `0x80070490 ERROR_NOT_FOUND`.
#[must_use]
pub fn error(number: u32) -> String {
    match codes::hresult(number) {
        Some(code) => format!("0x{number:08X} {}", code.symbol),
        None => format!("0x{number:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::nodes;
    use super::*;
    use crate::csp::catalog::editions::PRO;
    use crate::csp::catalog::nodes::{Format, NODES};

    #[test]
    fn a_licensing_status_is_found_by_number_and_by_either_spelling() {
        assert_eq!(licensing_status(9).unwrap().name, "deviceLicenseRefreshSucceed");
        assert_eq!(licensing_status(-1).unwrap().phase, Phase::Idle);
        assert!(licensing_status(15).is_none());
        for name in ["verifyingMicrosoftAccountIdentity", "verifyingMirosoftAccountIdentity"] {
            assert_eq!(licensing_status_named(name).unwrap().value, 5);
        }
        for name in ["microsoftAccountVerificationFailed", "MIROSOFTACCOUNTVERIFICATIONFAILED"] {
            assert_eq!(licensing_status_named(name).unwrap().value, 6);
        }
        assert!(LICENSING_STATUSES.is_sorted_by_key(|status| status.value));
    }

    #[test]
    fn an_operation_runs_or_has_failed_by_its_status() {
        let of = |phase| -> Vec<i32> {
            LICENSING_STATUSES
                .iter()
                .filter(|status| status.phase == phase)
                .map(|status| status.value)
                .collect()
        };
        assert_eq!(of(Phase::Running), [0, 1, 3, 5, 7, 8, 11]);
        assert_eq!(of(Phase::Failed), [2, 4, 6, 10, 13]);
        assert_eq!(of(Phase::Succeeded), [9, 12]);
    }

    #[test]
    fn alerts_that_speak_with_the_user_are_not_served() {
        assert!(ALERTS.is_sorted_by_key(|alert| alert.named.value));
        assert!(alert_numbered(SESSION_ABORT).unwrap().served);
        assert!(ALERTS.iter().all(|alert| alert.served == (alert.named.value >= 1200)));
        assert!(alert_numbered(1202).is_none());
    }

    #[test]
    fn the_formats_that_are_used_are_those_of_the_nodes() {
        let of_nodes = [Format::Chr, Format::Int, Format::Node, Format::Null, Format::Xml];
        for row in FORMATS.iter().filter(|row| row.used) {
            let known = of_nodes.iter().find(|format| format.word() == row.token).unwrap();
            assert!(NODES.iter().any(|node| node.format == *known), "{}", row.token);
        }
        assert_eq!(FORMATS.iter().filter(|row| row.used).count(), of_nodes.len());
        assert!(format("INT").is_none() && format("int").is_some());
    }

    #[test]
    fn the_number_of_a_node_is_told_by_its_name() {
        for (node, number, told) in [
            (&nodes::STATUS, 1, Some("Pending")),
            (&nodes::STATUS, 9, Some("Unassigned(9)")),
            (&nodes::SMODE_STATUS, 2, Some("Unassigned(2)")),
            (&nodes::SWITCHING_POLICY, 1, Some("UserBlocked")),
            (&nodes::EDITION, 48, Some("0x30 PRODUCT_PROFESSIONAL (Pro)")),
            (&nodes::DEVICE_LICENSING_STATUS, -1, Some("unknown")),
            (&nodes::SUBSCRIPTION_STATUS, 10, Some("deviceLicenseRefreshFailed")),
            (&nodes::DEVICE_LICENSING_LAST_ERROR, 0, None),
            (
                &nodes::DEVICE_LICENSING_LAST_ERROR,
                -2_147_023_728,
                Some("0x80070490 ERROR_NOT_FOUND"),
            ),
            (&nodes::SUBSCRIPTION_LAST_ERROR, -1, Some("0xFFFFFFFF")),
            (&nodes::ENTRY_STATUS, 1, Some("Active")),
            (&nodes::ENTRY_STATUS, -1, Some("Unassigned(-1)")),
            (&nodes::ENTRY_NAME, 1, None),
        ] {
            assert_eq!(meaning(node, number).as_deref(), told, "{} {number}", node.path);
        }
    }

    #[test]
    fn mobile_and_holographic_take_a_license_all_others_a_product_key() {
        for edition in [0x68, 0x85, 0x87, 0x88] {
            assert_eq!(license_key_type(edition), "License");
        }
        assert_eq!(license_key_type(PRO), "ProductKey");
    }
}
