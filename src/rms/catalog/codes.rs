//! The result codes of the licensing library. Codes of the administration and lease libraries are not among them.

use super::documents::API;
use crate::catalog::{Code, Native, Severity, Source, assumed, stated};

/// Where the low numbers stand.
const LISTED: Source = stated(&API, "Licensing Library Error and Result Codes");

/// Where the other numbers come from.
const COMPUTED: Source = assumed(
    &API,
    "the symbol is listed; its number follows the rule 210000 + legacy code that holds for every row seen",
);

const fn failure(
    symbol: &'static str,
    number: u32,
    meaning: &'static str,
    told: [&'static str; 2],
    source: Source,
) -> Code {
    let severity = Severity::Failure;
    let [cause, remedy] = told;
    Code { symbol, native: Native::Sntl(number), severity, meaning, cause, remedy, source }
}

const fn success(symbol: &'static str, number: u32, meaning: &'static str, source: Source) -> Code {
    let severity = Severity::Success;
    Code { symbol, native: Native::Sntl(number), severity, meaning, cause: "", remedy: "", source }
}

pub static SNTL_SUCCESS: Code = success("SNTL_SUCCESS", 0, "done", LISTED);

pub static SNTL_NO_LICENSE_GIVEN: Code = failure(
    "SNTL_NO_LICENSE_GIVEN",
    210_001,
    "generic refusal when no closer reason is known",
    ["a restriction of the license that has no code of its own", "see the reason beside the code"],
    LISTED,
);

pub static SNTL_APP_UNNAMED: Code = failure(
    "SNTL_APP_UNNAMED",
    210_002,
    "feature name (or version) missing",
    [
        "the scope names no feature, or a version alone",
        "give the feature index, or the name, and the version if the feature has one",
    ],
    LISTED,
);

pub static SNTL_HOST_UNKNOWN: Code = failure(
    "SNTL_HOST_UNKNOWN",
    210_003,
    "License Manager host cannot be resolved",
    ["", ""],
    LISTED,
);

pub static SNTL_NO_SERVER_FILE: Code = failure(
    "SNTL_NO_SERVER_FILE",
    210_004,
    "no License Manager could be determined; set LSHOST or LSFORCEHOST",
    ["", ""],
    LISTED,
);

pub static SNTL_NO_SERVER_RUNNING: Code = failure(
    "SNTL_NO_SERVER_RUNNING",
    210_005,
    "no License Manager is serving on that host",
    ["the License Manager is stopped", "start it: `licctl rms server start NAME`"],
    LISTED,
);

pub static SNTL_APP_NODE_LOCKED: Code = failure(
    "SNTL_APP_NODE_LOCKED",
    210_006,
    "locking code of the manager or client does not match",
    [
        "the locking code of the License Manager or the client is not in the license",
        "compare the locking codes: `licctl rms license match`",
    ],
    LISTED,
);

pub static SNTL_LOGIN_SESSION_NOT_FOUND: Code = failure(
    "SNTL_LOGIN_SESSION_NOT_FOUND",
    210_007,
    "the token/session does not exist",
    ["no session has this key", "log in anew"],
    LISTED,
);

pub static SNTL_RETURN_FAILED: Code =
    failure("SNTL_RETURN_FAILED", 210_008, "token could not be released", ["", ""], LISTED);

pub static SNTL_NO_MORE_CLIENTS: Code =
    failure("SNTL_NO_MORE_CLIENTS", 210_009, "end of the client enumeration", ["", ""], LISTED);

pub static SNTL_NO_MORE_FEATURES: Code = failure(
    "SNTL_NO_MORE_FEATURES",
    210_010,
    "end of the feature enumeration",
    ["the feature index is past the last feature", "end the loop; the index counts from 0"],
    LISTED,
);

pub static SNTL_CALLING_ERROR: Code = failure(
    "SNTL_CALLING_ERROR",
    210_011,
    "wrong call parameters",
    [
        "the query or scope document is not what the call takes",
        "send `sentinelQuery` with a known query and version, and a scope with `feature` and `license`",
    ],
    LISTED,
);

pub static SNTL_USER_EXCLUDED: Code = failure(
    "SNTL_USER_EXCLUDED",
    210_015,
    "user or machine is excluded (reservation file)",
    [
        "a line of the reservation file shuts the user or the machine out",
        "change the reservation file",
    ],
    COMPUTED,
);

pub static SNTL_NO_SUCH_FEATURE: Code = failure(
    "SNTL_NO_SUCH_FEATURE",
    210_018,
    "feature not on this manager",
    [
        "no feature has this name and version",
        "give the version too if the feature has one; `licctl rms feature list` shows them",
    ],
    COMPUTED,
);

pub static SNTL_VENDORIDMISMATCH: Code = failure(
    "SNTL_VENDORIDMISMATCH",
    210_023,
    "vendor of the request and of the license differ (also: foreign vendor on an isolated manager)",
    [
        "the License Manager serves another vendor alone",
        "contact the License Manager of the vendor",
    ],
    COMPUTED,
);

pub static SNTL_CLK_TAMP_FOUND: Code = failure(
    "SNTL_CLK_TAMP_FOUND",
    210_026,
    "clock tampering detected",
    [
        "the clock of the License Manager was set back",
        "set the clock right and restart the License Manager",
    ],
    COMPUTED,
);

pub static SNTL_NOT_AUTHORIZED: Code =
    failure("SNTL_NOT_AUTHORIZED", 210_027, "caller may not do this", ["", ""], COMPUTED);

pub static SNTL_FINGERPRINT_MISMATCH: Code =
    failure("SNTL_FINGERPRINT_MISMATCH", 210_036, "fingerprint differs", ["", ""], COMPUTED);

pub static SNTL_TRIAL_LIC_EXHAUSTED: Code = failure(
    "SNTL_TRIAL_LIC_EXHAUSTED",
    210_037,
    "trial days or usage are used up",
    ["the trial days or hours are used up", "only a new license helps"],
    COMPUTED,
);

pub static SNTL_QUEUED_HANDLE: Code = failure(
    "SNTL_QUEUED_HANDLE",
    210_040,
    "the handle is a queued one",
    ["the client waits still", "refresh again when its units are kept for it"],
    COMPUTED,
);

pub static SNTL_NOMORE_QUEUE_RESOURCES: Code = failure(
    "SNTL_NOMORE_QUEUE_RESOURCES",
    210_043,
    "queue full",
    [
        "the queue is full or off, or the client does not accept its position",
        "try later, or allow a longer queue",
    ],
    COMPUTED,
);

pub static SNTL_NO_SUCH_CLIENT: Code = failure(
    "SNTL_NO_SUCH_CLIENT",
    210_044,
    "no such client",
    ["no session fits what was named", "log in anew"],
    COMPUTED,
);

pub static SNTL_LEADER_NOT_PRESENT: Code =
    failure("SNTL_LEADER_NOT_PRESENT", 210_047, "pool has no known leader", ["", ""], COMPUTED);

pub static SNTL_SERVER_ALREADY_PRESENT: Code = failure(
    "SNTL_SERVER_ALREADY_PRESENT",
    210_048,
    "server already in the pool",
    ["the server belongs to the pool", "choose another"],
    COMPUTED,
);

pub static SNTL_SERVER_NOT_PRESENT: Code = failure(
    "SNTL_SERVER_NOT_PRESENT",
    210_049,
    "server not in the pool",
    ["the server does not belong to the pool", "list the pool"],
    COMPUTED,
);

pub static SNTL_BAD_HOSTNAME: Code =
    failure("SNTL_BAD_HOSTNAME", 210_051, "host name invalid or unresolved", ["", ""], COMPUTED);

pub static SNTL_NON_REDUNDANT_SRVR: Code = failure(
    "SNTL_NON_REDUNDANT_SRVR",
    210_053,
    "pool question asked of a non-redundant manager",
    ["the License Manager belongs to no pool", "make a pool"],
    COMPUTED,
);

pub static SNTL_CONTACT_FAILOVER_SERVER: Code = failure(
    "SNTL_CONTACT_FAILOVER_SERVER",
    210_055,
    "renewal failed; next call goes to the next server",
    ["", ""],
    COMPUTED,
);

pub static SNTL_INVALID_IP_ADDRESS: Code =
    failure("SNTL_INVALID_IP_ADDRESS", 210_058, "bad IP address form", ["", ""], COMPUTED);

pub static SNTL_POOL_FULL: Code = failure(
    "SNTL_POOL_FULL",
    210_060,
    "pool has its maximum of servers",
    ["the pool has its maximum of servers", "remove one before"],
    COMPUTED,
);

pub static SNTL_ONLY_SERVER: Code = failure(
    "SNTL_ONLY_SERVER",
    210_061,
    "last server cannot be removed",
    ["it is the last server of the pool", "add another before, or dissolve the pool"],
    COMPUTED,
);

pub static SNTL_FEATURE_INACTIVE: Code = failure(
    "SNTL_FEATURE_INACTIVE",
    210_062,
    "feature inactive on that server",
    ["", ""],
    COMPUTED,
);

pub static SNTL_MAJORITY_RULE_FAILURE: Code = failure(
    "SNTL_MAJORITY_RULE_FAILURE",
    210_063,
    "majority of the pool is not up",
    ["too few License Managers of the pool are up", "bring License Managers of the pool back"],
    COMPUTED,
);

pub static SNTL_NON_REDUNDANT_FEATURE: Code = failure(
    "SNTL_NON_REDUNDANT_FEATURE",
    210_065,
    "redundancy question asked of a non-redundant feature",
    ["the license of the feature is not redundant", "choose a redundant feature"],
    COMPUTED,
);

pub static SNTL_NO_TRIAL_INFO: Code = failure(
    "SNTL_NO_TRIAL_INFO",
    210_066,
    "no trial usage data for the feature",
    ["", ""],
    COMPUTED,
);

pub static SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST: Code = failure(
    "SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST",
    210_070,
    "client has no such commuter authorisation",
    ["the client has no check-out of the feature, or it has ended", "list the check-outs"],
    COMPUTED,
);

pub static SNTL_NO_MORE_COMMUTER_CODE: Code = failure(
    "SNTL_NO_MORE_COMMUTER_CODE",
    210_072,
    "end of the commuter enumeration",
    ["", ""],
    COMPUTED,
);

pub static SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE: Code = failure(
    "SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE",
    210_076,
    "license is not a commuter license",
    ["the license does not allow check-outs", "order a commuter license"],
    COMPUTED,
);

pub static SNTL_COMMUTER_INSUFFICIENTUNITS: Code = failure(
    "SNTL_COMMUTER_INSUFFICIENTUNITS",
    210_077,
    "too few tokens to check out",
    ["fewer units are free than are to be checked out", "check fewer out, or wait"],
    COMPUTED,
);

pub static SNTL_CLIENT_ALREADY_EXIST: Code = failure(
    "SNTL_CLIENT_ALREADY_EXIST",
    210_079,
    "this client already holds a check-out",
    ["the client has a check-out of the feature", "check it in before"],
    COMPUTED,
);

pub static SNTL_REMOTE_CHECKOUT: Code = failure(
    "SNTL_REMOTE_CHECKOUT",
    210_083,
    "checked out remotely: cannot be checked in (for queries: informational)",
    ["the token was checked out remotely", "wait until its term ends"],
    COMPUTED,
);

pub static SNTL_INVALID_MACHINEID_STR: Code =
    failure("SNTL_INVALID_MACHINEID_STR", 210_086, "locking code malformed", ["", ""], COMPUTED);

pub static SNTL_EXCEEDS_LICENSE_LIFE: Code = failure(
    "SNTL_EXCEEDS_LICENSE_LIFE",
    210_087,
    "check-out would outlive the license",
    ["", ""],
    COMPUTED,
);

pub static SNTL_NOT_SUPPORTED_IN_NET_ONLY_MODE: Code = failure(
    "SNTL_NOT_SUPPORTED_IN_NET_ONLY_MODE",
    210_089,
    "not available in network-only mode",
    ["", ""],
    COMPUTED,
);

pub static SNTL_NOT_SUPPORTED: Code = failure(
    "SNTL_NOT_SUPPORTED",
    210_091,
    "manager does not support the operation",
    ["", ""],
    COMPUTED,
);

pub static SNTL_INVALID_LICENSE: Code = failure(
    "SNTL_INVALID_LICENSE",
    210_092,
    "license invalid",
    ["the record has no feature name", "give a record with `featureName`"],
    COMPUTED,
);

pub static SNTL_DUPLICATE_LICENSE: Code = failure(
    "SNTL_DUPLICATE_LICENSE",
    210_093,
    "license already present",
    ["a license of this hash is in the table", "remove it first, or leave it"],
    COMPUTED,
);

pub static SNTL_NETWORK_SRVR: Code = failure(
    "SNTL_NETWORK_SRVR",
    210_102,
    "network manager asked a standalone question",
    ["", ""],
    COMPUTED,
);

pub static SNTL_PERPETUAL_OR_REPOSITORY_LICENSE: Code = failure(
    "SNTL_PERPETUAL_OR_REPOSITORY_LICENSE",
    210_103,
    "feature is a repository license",
    ["", ""],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_NO_FEATURE: Code = failure(
    "SNTL_REVOKE_ERR_NO_FEATURE",
    210_105,
    "revocation: feature absent or of another vendor",
    ["", ""],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_OUT_VALID_RANGE: Code = failure(
    "SNTL_REVOKE_ERR_OUT_VALID_RANGE",
    210_107,
    "revocation: number out of range",
    ["", ""],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES: Code = failure(
    "SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES",
    210_110,
    "revocation: license has fewer tokens",
    ["the license has fewer tokens", "revoke fewer units"],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP: Code = failure(
    "SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP",
    210_111,
    "revocation: default group too small",
    ["too many tokens are set apart for groups", "change the reservations before"],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT: Code = failure(
    "SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT",
    210_112,
    "revocation: tokens of the default group in use",
    ["tokens are in use", "let the clients log out, or defer the revocation"],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INFINITE_GRP_DIST: Code = failure(
    "SNTL_REVOKE_ERR_INFINITE_GRP_DIST",
    210_116,
    "revocation of an unlimited license while groups are reserved",
    [
        "tokens of an unlimited license are set apart for groups",
        "take the reservations away before",
    ],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE: Code = failure(
    "SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE",
    210_117,
    "revocation of an unlimited license needs all tokens free",
    [
        "tokens of an unlimited license are in use",
        "let the clients log out, or defer the revocation",
    ],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ: Code = failure(
    "SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ",
    210_118,
    "unlimited license can only be revoked whole",
    ["an unlimited license has no part that could be revoked", "revoke it whole"],
    COMPUTED,
);

pub static SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED: Code = failure(
    "SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED",
    210_124,
    "revocation not for trial licenses",
    ["a trial license cannot be revoked", "remove it"],
    COMPUTED,
);

pub static SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND: Code = failure(
    "SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND",
    210_125,
    "a required lock criterion is unavailable",
    ["the client lacks a criterion that is required", "see `localRequestLockCritRequired`"],
    COMPUTED,
);

pub static SNTL_NOT_ENOUGH_LOCK_FIELDS: Code = failure(
    "SNTL_NOT_ENOUGH_LOCK_FIELDS",
    210_126,
    "fewer lock criteria than the minimum",
    ["the client meets too few of the criteria", "see `localRequestLockCritMinNum`"],
    COMPUTED,
);

pub static SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY: Code = failure(
    "SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY",
    210_127,
    "no remote check-out of a repository license",
    ["the license is a repository license", "check it out from the client itself"],
    COMPUTED,
);

pub static SNTL_NOT_SUPPORTED_IN_NONET_LIBRARY_OR_MODE: Code = failure(
    "SNTL_NOT_SUPPORTED_IN_NONET_LIBRARY_OR_MODE",
    210_129,
    "not available in no-net mode",
    ["", ""],
    COMPUTED,
);

pub static SNTL_NO_MORE_LICENSES: Code = failure(
    "SNTL_NO_MORE_LICENSES",
    210_139,
    "end of the license enumeration",
    [
        "the license index is past the last license of the feature",
        "end the loop; the index counts from 0",
    ],
    COMPUTED,
);

pub static SNTL_NO_SUCH_LICENSE: Code = failure(
    "SNTL_NO_SUCH_LICENSE",
    210_140,
    "no license with that feature/version/hash",
    ["the feature has no license of this hash", "`licctl rms license list` shows the hashes"],
    COMPUTED,
);

pub static SNTL_LICENSE_IN_USE: Code = failure(
    "SNTL_LICENSE_IN_USE",
    210_141,
    "license has active clients",
    ["clients hold tokens of the license", "let them log out, or terminate their sessions"],
    COMPUTED,
);

pub static SNTL_LOCK_SELECTOR_INVALID: Code = failure(
    "SNTL_LOCK_SELECTOR_INVALID",
    210_147,
    "bad lock selector",
    ["the selector is no number", "give a decimal number, or a hexadecimal one with `0x`"],
    COMPUTED,
);

pub static SNTL_LOCK_CODE_INVALID: Code = failure(
    "SNTL_LOCK_CODE_INVALID",
    210_150,
    "locking code invalid",
    [
        "the text is no locking code: hexadecimal mask, `-*`, tail",
        "run echoid on the machine and copy the code whole",
    ],
    COMPUTED,
);

pub static SNTL_NO_AVAILABLE_MACHINE_ID: Code = failure(
    "SNTL_NO_AVAILABLE_MACHINE_ID",
    210_151,
    "no fingerprint for the selector",
    ["", ""],
    COMPUTED,
);

pub static SNTL_TRIAL_LIC_DATA_INCONSISTENT: Code = failure(
    "SNTL_TRIAL_LIC_DATA_INCONSISTENT",
    210_154,
    "trial data inconsistent",
    ["", ""],
    COMPUTED,
);

pub static SNTL_TRIAL_LIC_DATE_RESTRICTED: Code = failure(
    "SNTL_TRIAL_LIC_DATE_RESTRICTED",
    210_155,
    "trial outside its dates",
    ["the trial has not begun or has ended", "only a new license helps"],
    COMPUTED,
);

pub static SNTL_TRIAL_LIC_NOT_ACTIVATED: Code = failure(
    "SNTL_TRIAL_LIC_NOT_ACTIVATED",
    210_156,
    "trial is disabled (precedence 0)",
    ["the precedence of every trial is 0", "give one of the trials another precedence"],
    COMPUTED,
);

pub static SNTL_EXCEEDS_MAX_SIZE: Code = failure(
    "SNTL_EXCEEDS_MAX_SIZE",
    210_162,
    "value too long",
    ["a text is longer than its limit", "shorten it"],
    COMPUTED,
);

pub static SNTL_VALUE_OUT_OF_RANGE: Code = failure(
    "SNTL_VALUE_OUT_OF_RANGE",
    210_163,
    "value out of range",
    ["a value is outside of its range", "see the range of the element in the manual"],
    COMPUTED,
);

pub static SNTL_LOCK_CODE_MISMATCH: Code =
    failure("SNTL_LOCK_CODE_MISMATCH", 210_182, "given lock code differs", ["", ""], COMPUTED);

pub static SNTL_NON_TRIAL_LICENSE: Code = failure(
    "SNTL_NON_TRIAL_LICENSE",
    210_184,
    "license is not a trial",
    ["precedence is for trial licenses", "leave it"],
    COMPUTED,
);

pub static SNTL_LICENSE_ALREADY_REVOKED: Code = failure(
    "SNTL_LICENSE_ALREADY_REVOKED",
    210_187,
    "license already revoked",
    ["a license of this hash was revoked here", "get a new license"],
    COMPUTED,
);

pub static SNTL_LICENSE_START_DATE_NOT_REACHED: Code = failure(
    "SNTL_LICENSE_START_DATE_NOT_REACHED",
    210_188,
    "license starts later",
    ["the license begins later", "wait, or get a license that has begun"],
    COMPUTED,
);

pub static SNTL_LICENSE_DELETION_NOT_ALLOWED: Code = failure(
    "SNTL_LICENSE_DELETION_NOT_ALLOWED",
    210_213,
    "no deletion of grace, redundant or checked-out licenses",
    [
        "grace, redundant and commuted licenses cannot be deleted",
        "check the license in, or remove it from the whole pool",
    ],
    COMPUTED,
);

pub static SNTL_EXPIRED_COMMUTER_CODE: Code = failure(
    "SNTL_EXPIRED_COMMUTER_CODE",
    210_215,
    "commuter authorisation expired",
    ["", ""],
    COMPUTED,
);

pub static SNTL_COMMUTER_CODE_DATE_RESTRICTED: Code = failure(
    "SNTL_COMMUTER_CODE_DATE_RESTRICTED",
    210_216,
    "commuter authorisation not started",
    ["", ""],
    COMPUTED,
);

pub static SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER: Code = failure(
    "SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER",
    210_221,
    "check-out only from the primary leader",
    ["the first License Manager of the pool is down", "bring it back"],
    COMPUTED,
);

pub static SNTL_USAGE_FILE_TAMPERED: Code =
    failure("SNTL_USAGE_FILE_TAMPERED", 210_223, "usage log tampered with", ["", ""], COMPUTED);

pub static SNTL_NO_MATCH_FOUND: Code =
    failure("SNTL_NO_MATCH_FOUND", 210_224, "no matching usage record", ["", ""], COMPUTED);

pub static SNTL_VIRTUAL_MACHINE_IS_DETECTED: Code = failure(
    "SNTL_VIRTUAL_MACHINE_IS_DETECTED",
    210_226,
    "manager runs on a virtual machine",
    [
        "the License Manager runs on a virtual machine and the license forbids it",
        "run the License Manager on a physical machine, or get a license that allows it",
    ],
    COMPUTED,
);

pub static SNTL_REVOKE_EXPIRED_LIC_FOUND: Code = failure(
    "SNTL_REVOKE_EXPIRED_LIC_FOUND",
    210_232,
    "expired license cannot be added or revoked by ticket",
    ["", ""],
    COMPUTED,
);

pub static SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED: Code = failure(
    "SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED",
    210_233,
    "check-out not allowed here",
    ["the License Manager allows no check-outs, or not this one", "ask its administrator"],
    COMPUTED,
);

pub static SNTL_DEFERRED_REVOCATION_SUCCESS: Code = success(
    "SNTL_DEFERRED_REVOCATION_SUCCESS",
    210_237,
    "deferred revocation recorded (success)",
    COMPUTED,
);

pub static SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE: Code = failure(
    "SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE",
    210_238,
    "already scheduled for revocation",
    ["the revocation is planned already", "wait for it"],
    COMPUTED,
);

pub static SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION: Code = failure(
    "SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION",
    210_239,
    "no check-out/repository request after deferred revocation",
    ["the license is to be revoked", "use it on the network until then"],
    COMPUTED,
);

pub static SNTL_DEFERRED_REVOCATION_NOT_ALLOWED: Code = failure(
    "SNTL_DEFERRED_REVOCATION_NOT_ALLOWED",
    210_240,
    "commuter keys are out or repository license requested",
    [
        "tokens are checked out, or the license is a repository license",
        "have the tokens checked in before",
    ],
    COMPUTED,
);

pub static SNTL_OPERATION_ONLY_ALLOWED_ON_LEADER_SERVER: Code = failure(
    "SNTL_OPERATION_ONLY_ALLOWED_ON_LEADER_SERVER",
    210_244,
    "only on the leader",
    ["", ""],
    COMPUTED,
);

pub static SNTL_LICENSE_UPGRADE_DENIED: Code = failure(
    "SNTL_LICENSE_UPGRADE_DENIED",
    210_245,
    "too few tokens to raise the units at renewal",
    ["too few tokens are free to raise the units", "release the session and ask anew, or wait"],
    COMPUTED,
);

pub static SNTL_USER_SESSION_TERMINATED: Code = failure(
    "SNTL_USER_SESSION_TERMINATED",
    210_257,
    "session was terminated by an administrator",
    ["an administrator ended the session", "log in again"],
    COMPUTED,
);

pub static SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM: Code = failure(
    "SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM",
    210_261,
    "non-cloud license on a Cloud LM",
    ["the License Manager serves licenses of the cloud alone", "add it to another"],
    COMPUTED,
);

pub static SNTL_NOT_SUPPORTED_IN_CLOUDLM_MODE: Code = failure(
    "SNTL_NOT_SUPPORTED_IN_CLOUDLM_MODE",
    210_262,
    "not available in Cloud LM mode",
    ["", ""],
    COMPUTED,
);

pub static SNTL_INVALID_LOGIN_SESSION: Code =
    failure("SNTL_INVALID_LOGIN_SESSION", 214_097, "session handle invalid", ["", ""], COMPUTED);

pub static SNTL_INSUFFICIENTUNITS: Code = failure(
    "SNTL_INSUFFICIENTUNITS",
    214_098,
    "fewer units free than asked",
    ["fewer tokens are free than were asked for", "ask for fewer, or wait"],
    COMPUTED,
);

pub static SNTL_LICENSETERMINATED: Code = failure(
    "SNTL_LICENSETERMINATED",
    214_100,
    "token was taken back, e.g. heartbeat missed",
    ["the token was taken back after a missed heartbeat", "log in again"],
    COMPUTED,
);

pub static SNTL_NOLICENSESAVAILABLE: Code = failure(
    "SNTL_NOLICENSESAVAILABLE",
    214_102,
    "all tokens in use",
    ["every token is in use", "wait until one is returned, or order more"],
    COMPUTED,
);

pub static SNTL_UNKNOWN_STATUS: Code = failure(
    "SNTL_UNKNOWN_STATUS",
    214_106,
    "status code unknown",
    ["the number or symbol is in no table", "`licctl rms status-code --list` shows what is known"],
    COMPUTED,
);

pub static SNTL_BAD_INDEX: Code = failure(
    "SNTL_BAD_INDEX",
    214_107,
    "index invalid",
    ["an index is no decimal number of 32 bits", "give a whole number from 0 on"],
    COMPUTED,
);

pub static SNTL_NO_MORE_UNITS: Code =
    failure("SNTL_NO_MORE_UNITS", 214_108, "no more units", ["", ""], COMPUTED);

pub static SNTL_LICENSE_EXPIRED: Code = failure(
    "SNTL_LICENSE_EXPIRED",
    214_109,
    "license expired",
    ["the license, or its lease, has ended", "renew it, or synchronise the lease"],
    COMPUTED,
);

pub static SNTL_GRACE_EXPIRED: Code = failure(
    "SNTL_GRACE_EXPIRED",
    214_112,
    "grace days used up",
    ["the days since the first use without the network are over", "connect to the network"],
    COMPUTED,
);

pub static SNTL_GRACE_INVALID_STATE: Code =
    failure("SNTL_GRACE_INVALID_STATE", 214_113, "grace in unexpected state", ["", ""], COMPUTED);

pub static SNTL_GRACE_HOURS_EXHAUSTED: Code = failure(
    "SNTL_GRACE_HOURS_EXHAUSTED",
    214_114,
    "grace hours used up",
    ["the hours without the network are used up", "connect to the network"],
    COMPUTED,
);

pub static SNTL_INSUFFICIENTUNITS_ON_FOLLOWER: Code = failure(
    "SNTL_INSUFFICIENTUNITS_ON_FOLLOWER",
    214_115,
    "too few units on the follower",
    ["", ""],
    COMPUTED,
);

pub static SNTL_INVALID_ATTR_KEY: Code =
    failure("SNTL_INVALID_ATTR_KEY", 220_002, "bad attribute key", ["", ""], COMPUTED);

pub static SNTL_INVALID_ATTR_VALUE: Code =
    failure("SNTL_INVALID_ATTR_VALUE", 220_003, "bad attribute value", ["", ""], COMPUTED);

/// Symbols that are listed without a number that any page shows.
const NUMBERLESS: Source =
    assumed(&API, "the symbol is listed; no page that could be read shows its number");

pub static SNTL_USER_NOT_ALLOWED: Code = Code {
    symbol: "SNTL_USER_NOT_ALLOWED",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "user is not among the named users",
    cause: "the license names the users that may consume it, and this is none of them",
    remedy: "name the user, or ask as another one",
    source: NUMBERLESS,
};

pub static SNTL_RATE_LIMIT_BREACHED: Code = Code {
    symbol: "SNTL_RATE_LIMIT_BREACHED",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "Cloud LM request quota exceeded",
    cause: "more requests were sent than the quota allows",
    remedy: "wait as long as the answer says",
    source: NUMBERLESS,
};

/// Codes whose number is not known.
pub static NUMBERLESS_CODES: [&Code; 2] = [&SNTL_USER_NOT_ALLOWED, &SNTL_RATE_LIMIT_BREACHED];

/// Every code, by number.
pub static CODES: [&Code; 109] = [
    &SNTL_SUCCESS,
    &SNTL_NO_LICENSE_GIVEN,
    &SNTL_APP_UNNAMED,
    &SNTL_HOST_UNKNOWN,
    &SNTL_NO_SERVER_FILE,
    &SNTL_NO_SERVER_RUNNING,
    &SNTL_APP_NODE_LOCKED,
    &SNTL_LOGIN_SESSION_NOT_FOUND,
    &SNTL_RETURN_FAILED,
    &SNTL_NO_MORE_CLIENTS,
    &SNTL_NO_MORE_FEATURES,
    &SNTL_CALLING_ERROR,
    &SNTL_USER_EXCLUDED,
    &SNTL_NO_SUCH_FEATURE,
    &SNTL_VENDORIDMISMATCH,
    &SNTL_CLK_TAMP_FOUND,
    &SNTL_NOT_AUTHORIZED,
    &SNTL_FINGERPRINT_MISMATCH,
    &SNTL_TRIAL_LIC_EXHAUSTED,
    &SNTL_QUEUED_HANDLE,
    &SNTL_NOMORE_QUEUE_RESOURCES,
    &SNTL_NO_SUCH_CLIENT,
    &SNTL_LEADER_NOT_PRESENT,
    &SNTL_SERVER_ALREADY_PRESENT,
    &SNTL_SERVER_NOT_PRESENT,
    &SNTL_BAD_HOSTNAME,
    &SNTL_NON_REDUNDANT_SRVR,
    &SNTL_CONTACT_FAILOVER_SERVER,
    &SNTL_INVALID_IP_ADDRESS,
    &SNTL_POOL_FULL,
    &SNTL_ONLY_SERVER,
    &SNTL_FEATURE_INACTIVE,
    &SNTL_MAJORITY_RULE_FAILURE,
    &SNTL_NON_REDUNDANT_FEATURE,
    &SNTL_NO_TRIAL_INFO,
    &SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST,
    &SNTL_NO_MORE_COMMUTER_CODE,
    &SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE,
    &SNTL_COMMUTER_INSUFFICIENTUNITS,
    &SNTL_CLIENT_ALREADY_EXIST,
    &SNTL_REMOTE_CHECKOUT,
    &SNTL_INVALID_MACHINEID_STR,
    &SNTL_EXCEEDS_LICENSE_LIFE,
    &SNTL_NOT_SUPPORTED_IN_NET_ONLY_MODE,
    &SNTL_NOT_SUPPORTED,
    &SNTL_INVALID_LICENSE,
    &SNTL_DUPLICATE_LICENSE,
    &SNTL_NETWORK_SRVR,
    &SNTL_PERPETUAL_OR_REPOSITORY_LICENSE,
    &SNTL_REVOKE_ERR_NO_FEATURE,
    &SNTL_REVOKE_ERR_OUT_VALID_RANGE,
    &SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES,
    &SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP,
    &SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT,
    &SNTL_REVOKE_ERR_INFINITE_GRP_DIST,
    &SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE,
    &SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ,
    &SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED,
    &SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND,
    &SNTL_NOT_ENOUGH_LOCK_FIELDS,
    &SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY,
    &SNTL_NOT_SUPPORTED_IN_NONET_LIBRARY_OR_MODE,
    &SNTL_NO_MORE_LICENSES,
    &SNTL_NO_SUCH_LICENSE,
    &SNTL_LICENSE_IN_USE,
    &SNTL_LOCK_SELECTOR_INVALID,
    &SNTL_LOCK_CODE_INVALID,
    &SNTL_NO_AVAILABLE_MACHINE_ID,
    &SNTL_TRIAL_LIC_DATA_INCONSISTENT,
    &SNTL_TRIAL_LIC_DATE_RESTRICTED,
    &SNTL_TRIAL_LIC_NOT_ACTIVATED,
    &SNTL_EXCEEDS_MAX_SIZE,
    &SNTL_VALUE_OUT_OF_RANGE,
    &SNTL_LOCK_CODE_MISMATCH,
    &SNTL_NON_TRIAL_LICENSE,
    &SNTL_LICENSE_ALREADY_REVOKED,
    &SNTL_LICENSE_START_DATE_NOT_REACHED,
    &SNTL_LICENSE_DELETION_NOT_ALLOWED,
    &SNTL_EXPIRED_COMMUTER_CODE,
    &SNTL_COMMUTER_CODE_DATE_RESTRICTED,
    &SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER,
    &SNTL_USAGE_FILE_TAMPERED,
    &SNTL_NO_MATCH_FOUND,
    &SNTL_VIRTUAL_MACHINE_IS_DETECTED,
    &SNTL_REVOKE_EXPIRED_LIC_FOUND,
    &SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED,
    &SNTL_DEFERRED_REVOCATION_SUCCESS,
    &SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE,
    &SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION,
    &SNTL_DEFERRED_REVOCATION_NOT_ALLOWED,
    &SNTL_OPERATION_ONLY_ALLOWED_ON_LEADER_SERVER,
    &SNTL_LICENSE_UPGRADE_DENIED,
    &SNTL_USER_SESSION_TERMINATED,
    &SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM,
    &SNTL_NOT_SUPPORTED_IN_CLOUDLM_MODE,
    &SNTL_INVALID_LOGIN_SESSION,
    &SNTL_INSUFFICIENTUNITS,
    &SNTL_LICENSETERMINATED,
    &SNTL_NOLICENSESAVAILABLE,
    &SNTL_UNKNOWN_STATUS,
    &SNTL_BAD_INDEX,
    &SNTL_NO_MORE_UNITS,
    &SNTL_LICENSE_EXPIRED,
    &SNTL_GRACE_EXPIRED,
    &SNTL_GRACE_INVALID_STATE,
    &SNTL_GRACE_HOURS_EXHAUSTED,
    &SNTL_INSUFFICIENTUNITS_ON_FOLLOWER,
    &SNTL_INVALID_ATTR_KEY,
    &SNTL_INVALID_ATTR_VALUE,
];

/// Older symbols, and the code that each means today.
pub static ALIASES: [(&str, &Code); 4] = [
    ("SNTL_NO_KEY_TO_RETURN", &SNTL_LOGIN_SESSION_NOT_FOUND),
    ("SNTL_NOT_ENOUGH_COMMUTER_KEYS_AVAILABLE", &SNTL_COMMUTER_INSUFFICIENTUNITS),
    ("SNTL_NOT_SUPPORTED_IN_NET_LIBRARY_OR_MODE", &SNTL_NOT_SUPPORTED_IN_NET_ONLY_MODE),
    ("SNTL_INAPPROPRIATE_LIBRARY", &SNTL_NOT_SUPPORTED_IN_NET_ONLY_MODE),
];

/// The code of that number.
#[must_use]
pub fn numbered(number: u32) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| code.native == Native::Sntl(number))
}

/// The code of that symbol, old or new; case does not matter.
#[must_use]
pub fn named(symbol: &str) -> Option<&'static Code> {
    let current = CODES
        .iter()
        .chain(&NUMBERLESS_CODES)
        .copied()
        .find(|code| code.symbol.eq_ignore_ascii_case(symbol));
    let old =
        || ALIASES.iter().find(|(old, _)| old.eq_ignore_ascii_case(symbol)).map(|(_, code)| *code);
    current.or_else(old)
}
