//! The numbers with a meaning: kinds of key packs and products, agreements, statuses, roles, modes.

use super::documents::{CMK, REF, SCR};
use crate::catalog::{Named, Source, observed, stated};

/// Values of `ProductType`.
pub static PRODUCT_TYPE: [Named; 5] = [
    Named { value: 0, name: "per device", doc: "Each device that connects must have a license." },
    Named { value: 1, name: "per user", doc: "Each user who connects must have a license." },
    Named { value: 2, name: "not valid", doc: "Not a valid product type." },
    Named { value: 3, name: "built-in", doc: "The pool that every license server comes with." },
    Named {
        value: 6,
        name: "VDI suite",
        doc: "VDI Standard Suite per device subscription, as real listings show it.",
    },
];

/// Values of `ProductType` that methods take; the rest is refused.
pub const PRODUCT_PER_DEVICE: u32 = 0;
pub const PRODUCT_PER_USER: u32 = 1;
/// Of the pool that every server comes with.
pub const PRODUCT_BUILT_IN: u32 = 3;
/// VDI Standard Suite.
pub const PRODUCT_SUITE: u32 = 6;

/// The words of `ProductType` on the command line.
pub static PRODUCT_WORDS: [(&str, u32); 2] =
    [("per-device", PRODUCT_PER_DEVICE), ("per-user", PRODUCT_PER_USER)];

/// A value of `KeyPackType`.
#[derive(Debug)]
pub struct Program {
    pub named: Named,
    /// The word of tables.
    pub word: &'static str,
    /// Whether its licenses were bought: it enters sums, and may be taken away, shrunk and converted.
    pub owned: bool,
    pub source: Source,
}

/// Values of `KeyPackType`. One that is not here is taken as 0.
pub static KEY_PACK_TYPE: [Program; 9] = [
    Program {
        named: Named { value: 0, name: "unknown", doc: "The program is not known." },
        word: "Unknown",
        owned: true,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named { value: 1, name: "retail purchase", doc: "Bought in a shop." },
        word: "Retail",
        owned: true,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named { value: 2, name: "volume purchase", doc: "Bought under an agreement." },
        word: "Volume",
        owned: true,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named { value: 3, name: "concurrent", doc: "Concurrent licenses." },
        word: "Concurrent",
        owned: true,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named {
            value: 4,
            name: "temporary",
            doc: "Temporary licenses per device, one pack a version, without limit.",
        },
        word: "Temporary",
        owned: false,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named { value: 5, name: "open license", doc: "Bought as an Open License." },
        word: "Open",
        owned: true,
        source: stated(&REF, "KeyPackType"),
    },
    Program {
        named: Named {
            value: 6,
            name: "built-in",
            doc: "The pool that every license server comes with; the page calls it not supported.",
        },
        word: "Built-in",
        owned: false,
        source: observed(&CMK, "KeyPackType 6 with product code A02-5.00-EX"),
    },
    Program {
        named: Named {
            value: 7,
            name: "type 7",
            doc: "An empty pack per user that no page describes; its issued licenses are over-use.",
        },
        word: "type 7",
        owned: false,
        source: observed(&SCR, "per user 2012, total 0, expiry 2038-01-19"),
    },
    Program {
        named: Named {
            value: 8,
            name: "over-used",
            doc: "Labelled `Built-in OverUsed` in a public script; its issued licenses are over-use.",
        },
        word: "Over-used",
        owned: false,
        source: observed(&SCR, "label Built-in OverUsed"),
    },
];

/// Values of `KeyPackType` that the model itself makes.
pub const PACK_UNKNOWN: u32 = 0;
pub const PACK_RETAIL: u32 = 1;
pub const PACK_VOLUME: u32 = 2;
pub const PACK_CONCURRENT: u32 = 3;
pub const PACK_TEMPORARY: u32 = 4;
pub const PACK_OPEN: u32 = 5;
pub const PACK_BUILT_IN: u32 = 6;
/// Packs whose issued licenses are over-use.
pub const PACK_OVER_USE: [u32; 2] = [7, 8];

/// The row of a `KeyPackType`; `None` when it is not known.
#[must_use]
pub fn program(value: u32) -> Option<&'static Program> {
    KEY_PACK_TYPE.iter().find(|row| row.named.value == value)
}

/// Whether the licenses of a pack of that `KeyPackType` were bought; an unknown type counts as bought.
#[must_use]
pub fn owned(key_pack_type: u32) -> bool {
    program(key_pack_type).is_none_or(|row| row.owned)
}

/// Bits of `AccessRights`, by their number.
pub static ACCESS_RIGHTS: [Named; 4] = [
    Named { value: 0, name: "RD Session", doc: "Sessions on an RD Session Host." },
    Named { value: 1, name: "VDI Session", doc: "Sessions on virtual desktops." },
    Named { value: 2, name: "Calista", doc: "Graphics of Calista, later RemoteFX." },
    Named { value: 3, name: "VDI Partners", doc: "Virtual desktops of partners." },
];

/// What ordinary packs have in real listings.
pub const ORDINARY_RIGHTS: u32 = 7;

/// Values of `AgreementType`.
pub static AGREEMENT_TYPE: [Named; 6] = [
    Named { value: 0, name: "Select", doc: "Enrolment number of 7 digits." },
    Named { value: 1, name: "Enterprise", doc: "Enrolment number of 7 digits." },
    Named { value: 2, name: "Campus", doc: "Enrolment number of 7 digits." },
    Named { value: 3, name: "School", doc: "Enrolment number of 7 digits." },
    Named { value: 4, name: "Service Provider", doc: "SPLA: enrolment number of 7 digits." },
    Named {
        value: 5,
        name: "other",
        doc: "Open Value, Multi-Year Open, Open Subscription: the agreement number of the program.",
    },
];

/// The agreement type whose numbers the programs choose themselves.
pub const AGREEMENT_OTHER: u32 = 5;

/// Values of `LicenseStatus`.
pub static LICENSE_STATUS: [Named; 7] = [
    Named { value: 0, name: "unknown", doc: "The state is not known." },
    Named { value: 1, name: "temporary", doc: "Issued for 90 days to a device without a license." },
    Named { value: 2, name: "active", doc: "Issued." },
    Named { value: 3, name: "upgrade", doc: "Issued in place of a license of an older version." },
    Named { value: 4, name: "revoked", doc: "Revoked; the license is free again." },
    Named { value: 5, name: "pending", doc: "Being issued." },
    Named { value: 6, name: "concurrent", doc: "Issued from concurrent licenses." },
];

pub const STATUS_TEMPORARY: u32 = 1;
pub const STATUS_ACTIVE: u32 = 2;
pub const STATUS_UPGRADE: u32 = 3;
pub const STATUS_REVOKED: u32 = 4;
pub const STATUS_PENDING: u32 = 5;
pub const STATUS_CONCURRENT: u32 = 6;

/// Values of `ActivationStatus` of the WMI methods. The RDS drive of PowerShell shows 0 and 1 the other way round.
pub static ACTIVATION_STATUS: [Named; 3] = [
    Named { value: 0, name: "activated", doc: "The license server is activated." },
    Named { value: 1, name: "not activated", doc: "The license server is not activated." },
    Named { value: 2, name: "unknown", doc: "An error occurred, and the state is not known." },
];

/// Values of `Reason` of `ReactivateServerAutomatic`.
pub static REASON: [Named; 5] = [
    Named { value: 0, name: "redeployed", doc: "The server was deployed anew." },
    Named { value: 1, name: "certificate corrupt", doc: "The certificate is corrupt." },
    Named { value: 2, name: "private key compromised", doc: "The private key was compromised." },
    Named { value: 3, name: "activation key expired", doc: "The activation key expired." },
    Named { value: 4, name: "server upgraded", doc: "The server was upgraded." },
];

/// Values of `ServerRole`.
pub static SERVER_ROLE: [Named; 3] = [
    Named { value: 0, name: "workgroup", doc: "Found by hosts of its workgroup." },
    Named { value: 1, name: "domain", doc: "Found by hosts of its domain." },
    Named { value: 2, name: "forest", doc: "Found by hosts of its forest." },
];

/// Values of `LicensingType`, the mode of a session host.
pub static LICENSING_TYPE: [Named; 5] = [
    Named { value: 0, name: "personal", doc: "Personal RD Session Host." },
    Named { value: 1, name: "administration", doc: "Remote Desktop for Administration." },
    Named { value: 2, name: "per device", doc: "Licenses per device." },
    Named { value: 4, name: "per user", doc: "Licenses per user." },
    Named { value: 5, name: "not configured", doc: "The mode is not configured." },
];

pub const MODE_PERSONAL: u32 = 0;
pub const MODE_ADMINISTRATION: u32 = 1;
pub const MODE_PER_DEVICE: u32 = 2;
pub const MODE_PER_USER: u32 = 4;
pub const MODE_NOT_CONFIGURED: u32 = 5;

/// The page of the property has 3 for per user where every method, and every real host, has 4.
const MODE_MISPRINTED: u32 = 3;

/// A mode as an artefact tells it, and whether it was the misprint of the page; `None` when there is none of that number.
#[must_use]
pub fn licensing_type(told: u32) -> Option<(u32, bool)> {
    match told {
        MODE_MISPRINTED => Some((MODE_PER_USER, true)),
        known => word(&LICENSING_TYPE, known).map(|_| (known, false)),
    }
}

/// Bits of the mask `PossibleLicensingTypes`, by their value.
pub static POSSIBLE_LICENSING_TYPES: [Named; 4] = [
    Named { value: 1, name: "personal", doc: "Personal RD Session Host." },
    Named { value: 2, name: "administration", doc: "Remote Desktop for Administration." },
    Named { value: 4, name: "per device", doc: "Licenses per device." },
    Named { value: 8, name: "per user", doc: "Licenses per user." },
];

/// The connectivity of a session host to a license server, as `GetTStoLSConnectivityStatus` tells it.
pub static CONNECTIVITY: [Named; 12] = [
    Named { value: 0, name: "LS_CONNECTABLE_UNKNOWN", doc: "Not known." },
    Named { value: 1, name: "LS_CONNECTABLE_VALID_WS08R2", doc: "Well: Windows Server 2008 R2." },
    Named { value: 2, name: "LS_CONNECTABLE_VALID_WS08", doc: "Well: Windows Server 2008." },
    Named { value: 3, name: "LS_CONNECTABLE_BETA_RTM_MISMATCH", doc: "One of the two is a beta." },
    Named { value: 4, name: "LS_CONNECTABLE_LOWER_VERSION", doc: "The license server is older." },
    Named {
        value: 5,
        name: "LS_CONNECTABLE_NOT_IN_TSCGROUP",
        doc: "The host is not in the group that the license server wants.",
    },
    Named { value: 6, name: "LS_NOT_CONNECTABLE", doc: "No connection." },
    Named { value: 7, name: "LS_CONNECTABLE_UNKNOWN_VALIDITY", doc: "Its validity is not known." },
    Named { value: 8, name: "LS_CONNECTABLE_BUT_ACCESS_DENIED", doc: "Access was denied." },
    Named {
        value: 9,
        name: "LS_CONNECTABLE_VALID_WS08R2_VDI",
        doc: "Well: Windows Server 2008 R2 with virtual desktops.",
    },
    Named {
        value: 10,
        name: "LS_CONNECTABLE_FEATURE_NOT_SUPPORTED",
        doc: "The license server lacks what the host needs.",
    },
    Named { value: 11, name: "LS_CONNECTABLE_VALID_LS", doc: "Well." },
];

/// Values of the connectivity that the diagnosis looks for, and that the model answers with.
pub const REACH_UNKNOWN: u32 = 0;
pub const REACH_2008_R2: u32 = 1;
pub const REACH_2008: u32 = 2;
pub const REACH_VALID: u32 = 11;
pub const REACH_LOWER_VERSION: u32 = 4;
pub const REACH_NOT_IN_GROUP: u32 = 5;
pub const REACH_NONE: u32 = 6;
pub const REACH_DENIED: u32 = 8;

/// Values of the connectivity of a healthy license server.
pub const REACH_WELL: [u32; 4] = [1, 2, 9, 11];

/// Why a client was disconnected, as far as licensing is the reason.
pub static DISCONNECT_REASON: [Named; 12] = [
    Named { value: 256, name: "exDiscReasonLicenseInternal", doc: "An internal error." },
    Named {
        value: 257,
        name: "exDiscReasonLicenseNoLicenseServer",
        doc: "No license server was available.",
    },
    Named { value: 258, name: "exDiscReasonLicenseNoLicense", doc: "No license was available." },
    Named {
        value: 259,
        name: "exDiscReasonLicenseErrClientMsg",
        doc: "The message of the client was not valid.",
    },
    Named {
        value: 260,
        name: "exDiscReasonLicenseHwidDoesntMatchLicense",
        doc: "The license is that of another device.",
    },
    Named {
        value: 261,
        name: "exDiscReasonLicenseErrClientLicense",
        doc: "The license of the client is not valid.",
    },
    Named {
        value: 262,
        name: "exDiscReasonLicenseCantFinishProtocol",
        doc: "The exchange could not be completed.",
    },
    Named {
        value: 263,
        name: "exDiscReasonLicenseClientEndedProtocol",
        doc: "The client ended the exchange.",
    },
    Named {
        value: 264,
        name: "exDiscReasonLicenseErrClientEncryption",
        doc: "The encryption of the client's message was wrong.",
    },
    Named {
        value: 265,
        name: "exDiscReasonLicenseCantUpgradeLicense",
        doc: "The license could not be upgraded.",
    },
    Named {
        value: 266,
        name: "exDiscReasonLicenseNoRemoteConnections",
        doc: "The host has no license for remote connections.",
    },
    Named {
        value: 267,
        name: "exDiscReasonLicenseCreatingLicStoreAccDenied",
        doc: "The client may not keep a license.",
    },
];

/// Values of `HowDiscovered` of `Win32_TSDiscoveredLicenseServer`.
pub static HOW_DISCOVERED: [Named; 5] = [
    Named { value: 0, name: "group policy", doc: "Named by group policy." },
    Named { value: 1, name: "registry", doc: "Named in the registry." },
    Named { value: 2, name: "workgroup", doc: "Found in the workgroup." },
    Named { value: 3, name: "domain", doc: "Found in the domain." },
    Named { value: 4, name: "forest", doc: "Found in the forest." },
];

/// Values of `IsAdminOnLS`; `IssuingCALs` has the same.
pub static YES_NO_UNKNOWN: [Named; 3] = [
    Named { value: 0, name: "no", doc: "It is not so." },
    Named { value: 1, name: "yes", doc: "It is so." },
    Named { value: 2, name: "unknown", doc: "It is not known." },
];

/// Every table of numbers that the rest of the domain prints words for.
pub static TABLES: [&[Named]; 12] = [
    &PRODUCT_TYPE,
    &ACCESS_RIGHTS,
    &AGREEMENT_TYPE,
    &LICENSE_STATUS,
    &ACTIVATION_STATUS,
    &REASON,
    &SERVER_ROLE,
    &LICENSING_TYPE,
    &CONNECTIVITY,
    &DISCONNECT_REASON,
    &HOW_DISCOVERED,
    &YES_NO_UNKNOWN,
];

/// The word of a number in a table; `None` when the table has no such number.
#[must_use]
pub fn word(table: &'static [Named], value: u32) -> Option<&'static str> {
    table.iter().find(|row| row.value == value).map(|row| row.name)
}

#[cfg(test)]
mod tests {
    use super::{KEY_PACK_TYPE, TABLES, owned};
    use std::collections::BTreeSet;

    #[test]
    fn no_number_stands_twice_and_every_word_has_a_sentence() {
        let packs: Vec<_> = KEY_PACK_TYPE.iter().map(|row| &row.named).collect();
        let tables = TABLES.iter().map(|table| table.iter().collect::<Vec<_>>());
        for table in tables.chain([packs]) {
            let values: BTreeSet<u32> = table.iter().map(|row| row.value).collect();
            assert_eq!(values.len(), table.len());
            assert!(table.iter().all(|row| row.doc.ends_with('.') && !row.name.is_empty()));
        }
    }

    #[test]
    fn pools_without_limit_are_not_owned_and_unknown_kinds_are() {
        let not_owned: Vec<u32> = (0..12).filter(|value| !owned(*value)).collect();
        assert_eq!(not_owned, [4, 6, 7, 8]);
    }
}
