//! Every code of the API, and the status under which an HRESULT goes over the wire.
//!
//! The rows of the statuses stand in `codes_status`, those of the HRESULTs in `codes_hresult`; what Intune makes of both, and its
//! own numbers, in `codes_intune`.

pub use super::codes_hresult::*;
pub use super::codes_intune::*;
pub use super::codes_status::*;
use super::documents::CSP;
use crate::catalog::{Code, Native, Severity, Source, assumed};

/// An HRESULT and the status that a device answers with because of it.
#[derive(Debug)]
pub struct Mapped {
    pub code: &'static Code,
    pub status: &'static Code,
}

const fn maps(code: &'static Code, status: &'static Code) -> Mapped {
    Mapped { code, status }
}

/// Why the pairs of [`HRESULTS`] are as they are.
pub static MAPPING: Source = assumed(
    &CSP,
    "no document pairs them; each HRESULT goes with the status of the same meaning, and 500 where there is none",
);

/// The HRESULTs that a device answers with, and their statuses.
pub static HRESULTS: [Mapped; 44] = [
    maps(&CFGMGR_E_INVALIDNODEOPTIONS, &FAILED),
    maps(&CFGMGR_E_INVALIDDATATYPE, &UNSUPPORTED_FORMAT),
    maps(&CFGMGR_E_NODENOTFOUND, &NOT_FOUND),
    maps(&CFGMGR_E_ILLEGALOPERATIONINATRANSACTION, &FAILED),
    maps(&CFGMGR_E_ILLEGALOPERATIONOUTSIDEATRANSACTION, &FAILED),
    maps(&CFGMGR_E_ONEORMOREEXECUTIONFAILURES, &ATOMIC_FAILED),
    maps(&CFGMGR_E_ONEORMORECANCELFAILURES, &FAILED),
    maps(&CFGMGR_S_COMMANDFAILEDDUETOTRANSACTIONROLLBACK, &ROLLED_BACK),
    maps(&CFGMGR_E_COMMITFAILURE, &ATOMIC_FAILED),
    maps(&CFGMGR_E_ROLLBACKFAILURE, &ROLLBACK_FAILED),
    maps(&CFGMGR_E_ONEORMORECLEANUPFAILURES, &FAILED),
    maps(&CFGMGR_E_CONFIGNODESTATEOBJECTNOLONGERVALID, &FAILED),
    maps(&CFGMGR_E_CSPREGISTRATIONCORRUPT, &FAILED),
    maps(&CFGMGR_E_NODEFAILEDTOCANCEL, &FAILED),
    maps(&CFGMGR_E_DEPENDENTOPERATIONFAILURE, &FAILED),
    maps(&CFGMGR_E_CSPNODEILLEGALSTATE, &FAILED),
    maps(&CFGMGR_E_REQUIRESINTERNALTRANSACTIONING, &FAILED),
    maps(&CFGMGR_E_COMMANDNOTALLOWED, &NOT_ALLOWED),
    maps(&CFGMGR_E_INTERCSPOPERATION, &FAILED),
    maps(&CFGMGR_E_PROPERTYNOTSUPPORTED, &NOT_SUPPORTED),
    maps(&CFGMGR_E_INVALIDSEMANTICTYPE, &FAILED),
    maps(&CFGMGR_E_FORBIDDENURISEGMENT, &FAILED),
    maps(&CFGMGR_E_READWRITEACCESSDENIED, &PERMISSION_DENIED),
    maps(&CFGMGR_E_SECRETDATAACCESSDENIED, &PERMISSION_DENIED),
    maps(&CFGMGR_E_XMLPARSEERROR, &UNSUPPORTED_FORMAT),
    maps(&CFGMGR_E_COMMANDTIMEOUT, &FAILED),
    maps(&CFGMGR_E_IMPERSONATIONERROR, &FAILED),
    maps(&CFGMGR_E_WMIOPERATIONERROR, &FAILED),
    maps(&CFGMGR_E_NOIMPERSONATIONTARGET, &FAILED),
    maps(&RESOURCEMGR_E_RESOURCEALREADYOWNED, &FAILED),
    maps(&E_PENDING, &ACCEPTED),
    maps(&E_ABORT, &FAILED),
    maps(&DISP_E_TYPEMISMATCH, &UNSUPPORTED_FORMAT),
    maps(&WBEM_E_FAILED, &FAILED),
    maps(&ERROR_FILE_NOT_FOUND, &NOT_FOUND),
    maps(&ERROR_PATH_NOT_FOUND, &NOT_FOUND),
    maps(&E_ACCESSDENIED, &PERMISSION_DENIED),
    maps(&E_INVALIDARG, &FAILED),
    maps(&ERROR_ALREADY_EXISTS, &ALREADY_EXISTS),
    maps(&ERROR_NO_SUCH_DEVICE, &FAILED),
    maps(&ERROR_NOT_FOUND, &FAILED),
    maps(&ERROR_CANCELLED, &NOT_EXECUTED),
    maps(&SL_E_INVALID_PRODUCT_KEY, &FAILED),
    maps(&SL_E_MISMATCHED_PRODUCT_SKU, &FAILED),
];

/// The same as plain codes.
pub static HRESULT_CODES: [&Code; 44] = {
    let mut codes = [&E_ABORT; 44];
    let (mut room, mut rows) = (codes.as_mut_slice(), HRESULTS.as_slice());
    while let ([slot, rest_of_room @ ..], [row, rest_of_rows @ ..]) = (room, rows) {
        *slot = row.code;
        room = rest_of_room;
        rows = rest_of_rows;
    }
    codes
};

/// What a tool meets that hands a document to the device's own client.
pub static LOCAL_MANAGEMENT: [&Code; 5] = [
    &RPC_E_CHANGED_MODE,
    &REGDB_E_CLASSNOTREG,
    &ERROR_TIMEOUT,
    &ERROR_INVALID_STATE,
    &E_UNEXPECTED,
];

const fn own(
    symbol: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
    why: &'static str,
) -> Code {
    Code {
        symbol,
        native: Native::Tool,
        severity: Severity::Failure,
        meaning,
        cause,
        remedy,
        source: assumed(&CSP, why),
    }
}

pub static E_CLOCK_BACKWARDS: Code = own(
    "E_CLOCK_BACKWARDS",
    "a change may not be dated before the last one",
    "`--now`, or the clock, is earlier than the device's last change",
    "give a later `--now`",
    "what a device did is worked out from instants; no document speaks of a clock set back",
);

pub static E_USER_BLOCKED: Code = own(
    "E_USER_BLOCKED",
    "the user may not leave S mode",
    "SMode/SwitchingPolicy is 1",
    "let the admin switch it with `licctl csp smode switch`, or set the policy to 0",
    "the page says that the user is blocked; the Store shows no code",
);

pub static E_CONSENT: Code = own(
    "E_CONSENT",
    "a provisioning package upgrades the edition only with the user's consent",
    "nobody consented",
    "add `--consent`",
    "the page wants the user's consent and names no code",
);

pub static E_MASKED_VALUE: Code = own(
    "E_MASKED_VALUE",
    "the value is hidden",
    "the service handed out asterisks, or nothing, in place of the product key",
    "give the key with `--key-file`",
    "Graph hides the key; asterisks must never become one",
);

pub static E_NOT_EXPRESSIBLE: Code = own(
    "E_NOT_EXPRESSIBLE",
    "this form cannot carry the operation",
    "a custom profile cannot Exec, and the WMI class lacks the nodes of S mode and of device licensing",
    "choose a form that can; `--as syncml` carries all",
    "follows from what each form holds",
);

pub static E_FACTORY_IMAGE: Code = own(
    "E_FACTORY_IMAGE",
    "a device that left S mode does not come back to it",
    "no policy and no reset puts a device into S mode; a wipe with the factory image does",
    "add `--factory-image` when the device was wiped so",
    "the documents name the factory image as the only way, and no code",
);

/// Refusals with no vendor behind them.
pub static OWN: [&Code; 6] = [
    &E_CLOCK_BACKWARDS,
    &E_USER_BLOCKED,
    &E_CONSENT,
    &E_MASKED_VALUE,
    &E_NOT_EXPRESSIBLE,
    &E_FACTORY_IMAGE,
];

/// Finds a status by its number.
#[must_use]
pub fn status(number: u16) -> Option<&'static Code> {
    STATUSES.iter().copied().find(|code| code.native == Native::SyncmlStatus(number))
}

/// Finds a 32-bit code by its number: of the device, of local management, of Intune.
#[must_use]
pub fn hresult(number: u32) -> Option<&'static Code> {
    let tables = [HRESULT_CODES.as_slice(), &LOCAL_MANAGEMENT, &PORTAL, &RESULTS];
    tables.concat().into_iter().find(|code| code.native == Native::Hresult(number))
}

/// Whether Windows documents the status for its client.
#[must_use]
pub fn is_documented(status: u16) -> bool {
    DOCUMENTED.iter().any(|code| code.native == Native::SyncmlStatus(status))
}

/// The status of a device that fails with an HRESULT.
///
/// - Returns 200 for an unknown number that is no failure, 500 for an unknown failure.
#[must_use]
pub fn status_of(hresult: u32) -> u16 {
    let known = HRESULTS
        .iter()
        .find(|row| row.code.native == Native::Hresult(hresult))
        .and_then(|row| number(row.status));
    let unknown = || if hresult < 0x8000_0000 { &OK } else { &FAILED };
    known.or_else(|| number(unknown())).unwrap_or_default()
}

/// The number of a status; `None` for codes that are none.
#[must_use]
pub const fn number(code: &Code) -> Option<u16> {
    match code.native {
        Native::SyncmlStatus(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hresult_goes_over_the_wire_as_a_status() {
        for (hresult, status) in [
            (0x8600_0002, 404),
            (0x8600_0011, 405),
            (0x0600_0007, 216),
            (0x8600_000F, 500),
            (0x8600_0018, 415),
            (0x8007_0005, 425),
            (0x8000_000A, 202),
            (0x8007_04C7, 215),
            (0xC004_F069, 500),
            (0xC004_F074, 500),
            (0x0004_0001, 200),
        ] {
            assert_eq!(status_of(hresult), status, "{hresult:#X}");
        }
    }

    #[test]
    fn the_codes_are_those_of_their_rows() {
        for (row, code) in HRESULTS.iter().zip(HRESULT_CODES) {
            assert!(std::ptr::eq(row.code, code));
            assert!(number(row.status).is_some(), "{}", code.symbol);
        }
    }

    #[test]
    fn signed_numbers_are_those_of_the_documents() {
        for (code, signed) in [
            (&E_PENDING, -2_147_483_638),
            (&E_ABORT, -2_147_467_260),
            (&DISP_E_TYPEMISMATCH, -2_147_352_571),
            (&WBEM_E_FAILED, -2_147_217_407),
            (&ERROR_FILE_NOT_FOUND, -2_147_024_894),
            (&ERROR_PATH_NOT_FOUND, -2_147_024_893),
            (&E_ACCESSDENIED, -2_147_024_891),
            (&E_INVALIDARG, -2_147_024_809),
            (&ERROR_ALREADY_EXISTS, -2_147_024_713),
            (&ERROR_NO_SUCH_DEVICE, -2_147_024_463),
            (&ERROR_NOT_FOUND, -2_147_023_728),
            (&ERROR_CANCELLED, -2_147_023_673),
            (&SL_E_INVALID_PRODUCT_KEY, -1_073_418_160),
            (&SL_E_MISMATCHED_PRODUCT_SKU, -1_073_418_135),
            (&REMEDIATION_FAILED, -2_016_281_112),
            (&NOT_APPLICABLE, -2_016_281_111),
            (&CONVERSION_FAILED, -2_016_281_109),
            (&LOST_CONFLICT, -2_016_281_106),
        ] {
            assert_eq!(code.native.number().unwrap().cast_signed(), signed, "{}", code.symbol);
        }
        for (code, unsigned) in [
            (&RPC_E_CHANGED_MODE, 2_147_549_446),
            (&REGDB_E_CLASSNOTREG, 2_147_746_132),
            (&ERROR_INVALID_STATE, 2_147_947_423),
            (&ERROR_TIMEOUT, 2_147_943_860),
            (&E_UNEXPECTED, 2_147_549_183),
        ] {
            assert_eq!(code.native.number(), Some(unsigned), "{}", code.symbol);
        }
    }

    #[test]
    fn windows_documents_eighteen_statuses_for_its_client() {
        assert!(is_documented(405) && is_documented(516));
        assert!(!is_documented(201) && !is_documented(517));
        assert!(DOCUMENTED.iter().all(|code| number(code).and_then(status).is_some()));
    }
}
