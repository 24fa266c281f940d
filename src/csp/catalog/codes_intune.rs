//! What Intune shows: the numbers that it makes of what a device answers, and numbers of its own.

use super::documents::INTUNE;
use crate::catalog::{Code, Native, Severity, Source, stated};
use std::ops::RangeInclusive;

/// The high word of the numbers that Intune makes of what a device answers.
///
/// Source: [INTUNE] troubleshooting of company resource access.
pub const INTUNE_BASE: u32 = 0x87D1_0000;

/// Where the numbers and their meanings come from.
const PAGE: Source = stated(&INTUNE, "troubleshooting of company resource access");

const fn portal(
    number: u32,
    symbol: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
) -> Code {
    Code {
        symbol,
        native: Native::Hresult(number),
        severity: Severity::Failure,
        meaning,
        cause,
        remedy,
        source: PAGE,
    }
}

pub static REMEDIATION_FAILED: Code = portal(
    0x87D1_FDE8,
    "Remediation failed",
    "Intune set the value, read it back and found another one",
    "the device refused the setting, or a second authority sets it too",
    "read the node on the device, and look for a policy that sets it to another value",
);

pub static NOT_APPLICABLE: Code = portal(
    0x87D1_FDE9,
    "Not applicable",
    "the setting does not suit this device",
    "the build or the edition of the device does not have the node",
    "compare the build with `licctl csp ddf`",
);

pub static INVALID_PARAMETER: Code = portal(
    0x87D1_FDEA,
    "Invalid parameter to CIM setting",
    "the setting is written in a way that the device cannot use",
    "an address or a value of a custom setting that the DDF does not have",
    "check the profile with `licctl csp lint`",
);

pub static CONVERSION_FAILED: Code = portal(
    0x87D1_FDEB,
    "Data type conversion failed",
    "the value cannot be written in the format of the node",
    "a custom setting of another type than the DDF has",
    "choose the type that `licctl csp ddf` prints for the node",
);

pub static SETTING_NOT_FOUND: Code = portal(
    0x87D1_FDEC,
    "Referenced setting not found in CI",
    "a rule names a setting that the policy does not hold",
    "",
    "",
);

pub static UNSUPPORTED_SOURCE: Code = portal(
    0x87D1_FDED,
    "Unsupported setting discovery source",
    "the setting is read in a way that the device does not know",
    "",
    "",
);

pub static LOST_CONFLICT: Code = portal(
    0x87D1_FDEE,
    "Lost in conflict resolution",
    "another profile sets the same node and won",
    "two profiles assigned to one device set the node to different values",
    "set the node in one profile only",
);

pub static RULE_FAILED: Code = portal(
    0x87D1_FDEF,
    "Failed to evaluate the Rule",
    "whether the device complies could not be found out",
    "",
    "",
);

/// What the portal of Intune shows beside the numbers that it makes of statuses.
pub static PORTAL: [&Code; 8] = [
    &REMEDIATION_FAILED,
    &NOT_APPLICABLE,
    &INVALID_PARAMETER,
    &CONVERSION_FAILED,
    &SETTING_NOT_FOUND,
    &UNSUPPORTED_SOURCE,
    &LOST_CONFLICT,
    &RULE_FAILED,
];

/// A range of results that Intune encodes apart from statuses.
#[derive(Debug)]
pub struct Encoding {
    pub results: RangeInclusive<u16>,
    /// The low word of the first of them.
    pub first: u16,
}

/// The results of device capability management (DCMO), and of certificates behind them.
///
/// The published table prints other hexadecimal numbers on single lines, which are misprints: they contradict the decimal beside them.
///
/// Source: [INTUNE] troubleshooting of company resource access; that the ranges end at the hundred: assumed.
pub static ENCODINGS: [Encoding; 2] = [
    Encoding { results: 1200..=1299, first: 2000 },
    Encoding { results: 1400..=1499, first: 2100 },
];

/// A result of device capability management under the number that Intune shows for it.
const fn result(
    severity: Severity,
    number: u32,
    symbol: &'static str,
    meaning: &'static str,
    remedy: &'static str,
) -> Code {
    Code {
        symbol,
        native: Native::Hresult(number),
        severity,
        meaning,
        cause: "a policy on hardware of the device; no setting of this CSP is answered so",
        remedy,
        source: PAGE,
    }
}

pub static DCMO_1200: Code =
    result(Severity::Success, 0x87D1_07D0, "DCMO(1200)", "the operation was carried out", "");

pub static DCMO_1201: Code = result(
    Severity::Success,
    0x87D1_07D1,
    "DCMO(1201)",
    "the capability was enabled, and its hardware is attached",
    "",
);

pub static DCMO_1202: Code = result(
    Severity::Success,
    0x87D1_07D2,
    "DCMO(1202)",
    "the capability was enabled, but its hardware is detached at the moment",
    "",
);

pub static DCMO_1203: Code = result(
    Severity::Success,
    0x87D1_07D3,
    "DCMO(1203)",
    "the capability was disabled, and the user may not enable it again",
    "",
);

pub static DCMO_1204: Code = result(
    Severity::Success,
    0x87D1_07D4,
    "DCMO(1204)",
    "the capability was disabled, and the user may enable it again",
    "",
);

pub static DCMO_1400: Code =
    result(Severity::Failure, 0x87D1_0834, "DCMO(1400)", "the client made an error", "");

pub static DCMO_1401: Code = result(
    Severity::Failure,
    0x87D1_0835,
    "DCMO(1401)",
    "the user was asked and said no",
    "tell the user what it is for, and try again",
);

pub static DCMO_1402: Code =
    result(Severity::Failure, 0x87D1_0836, "DCMO(1402)", "the operation failed", "");

pub static CERTIFICATE_NOT_FOUND: Code = result(
    Severity::Failure,
    0x87D1_0837,
    "Certificate not found",
    "the certificate that the policy names is not on the device",
    "",
);

pub static CERTIFICATE_DENIED: Code = result(
    Severity::Failure,
    0x87D1_0838,
    "Certificate access denied",
    "the client may not use the certificate that the policy names",
    "",
);

/// The results that are published.
pub static RESULTS: [&Code; 10] = [
    &DCMO_1200,
    &DCMO_1201,
    &DCMO_1202,
    &DCMO_1203,
    &DCMO_1204,
    &DCMO_1400,
    &DCMO_1401,
    &DCMO_1402,
    &CERTIFICATE_NOT_FOUND,
    &CERTIFICATE_DENIED,
];

/// The number that Intune shows for a status: 0x87D10195 for 405.
#[must_use]
pub fn intune(status: u16) -> u32 {
    INTUNE_BASE + u32::from(status)
}

/// The number that Intune shows for a result of device capability management; `None` outside [`ENCODINGS`].
#[must_use]
pub fn intune_dcmo(result: u16) -> Option<u32> {
    let encoding = ENCODINGS.iter().find(|encoding| encoding.results.contains(&result))?;
    Some(intune(result - encoding.results.start() + encoding.first))
}

/// What Intune made a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portal {
    Status(u16),
    /// A result of device capability management.
    Dcmo(u16),
}

/// Takes a number of Intune apart.
///
/// - Returns `None` for a number without the high word of Intune, and for one that stands for no answer: [`PORTAL`] has some.
#[must_use]
pub fn of_intune(number: u32) -> Option<Portal> {
    let low = u16::try_from(number.checked_sub(INTUNE_BASE)?).ok()?;
    let result = ENCODINGS.iter().find_map(|Encoding { results, first }| {
        let result = low.checked_sub(*first)?.checked_add(*results.start())?;
        results.contains(&result).then_some(result)
    });
    match result {
        Some(result) => Some(Portal::Dcmo(result)),
        None => is_status(low).then_some(Portal::Status(low)),
    }
}

/// Whether a number is in a range of statuses: those of the protocol, and those that applications may define.
///
/// Source: [REPPRO] response status codes.
#[must_use]
pub const fn is_status(number: u16) -> bool {
    matches!(number, 100..=599 | 1000..=1999)
}

#[cfg(test)]
mod tests {
    use super::super::codes_status::STATUSES;
    use super::*;

    #[test]
    fn intune_shows_a_status_as_a_negative_number() {
        assert_eq!(intune(405), 0x87D1_0195);
        assert_eq!(intune(405).cast_signed(), -2_016_345_707);
        for code in STATUSES {
            let status = u16::try_from(code.native.number().unwrap()).unwrap();
            assert_eq!(intune(status).cast_signed(), i32::from(status) - 2_016_346_112);
            assert_eq!(of_intune(intune(status)), Some(Portal::Status(status)));
        }
    }

    #[test]
    fn results_of_device_capability_management_have_their_own_numbers() {
        for (result, number, signed) in [
            (1200, 0x87D1_07D0, -2_016_344_112),
            (1201, 0x87D1_07D1, -2_016_344_111),
            (1204, 0x87D1_07D4, -2_016_344_108),
            (1400, 0x87D1_0834, -2_016_344_012),
            (1402, 0x87D1_0836, -2_016_344_010),
            (1404, 0x87D1_0838, -2_016_344_008),
        ] {
            assert_eq!(intune_dcmo(result), Some(number));
            assert_eq!(number.cast_signed(), signed);
        }
        for result in ENCODINGS.iter().flat_map(|encoding| encoding.results.clone()) {
            assert_eq!(of_intune(intune_dcmo(result).unwrap()), Some(Portal::Dcmo(result)));
        }
        assert_eq!(intune_dcmo(1300), None);
        assert_eq!(of_intune(intune(2200)), None);
        assert_eq!(of_intune(intune(1299)), Some(Portal::Status(1299)));
        assert_eq!(of_intune(0x8600_0011), None);
        assert_eq!(of_intune(0x87D1_FDE8), None);
    }

    #[test]
    fn a_published_result_bears_the_number_of_its_name() {
        for code in RESULTS {
            let Some(Portal::Dcmo(result)) = of_intune(code.native.number().unwrap()) else {
                panic!("{}", code.symbol);
            };
            let named = code.symbol.strip_prefix("DCMO(").and_then(|rest| rest.strip_suffix(')'));
            assert!(named.is_none_or(|named| named == result.to_string()), "{}", code.symbol);
        }
    }
}
