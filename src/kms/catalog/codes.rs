//! The codes of the licensing service that an administrator meets, and every code that a rule refuses with.
//!
//! Codes of the system around it stand in `codes_system`, all others in `codes_sl` and `codes_internal`; the
//! families by which they are listed in `families`.

pub use super::codes_system::*;
use super::documents::{ERR, SDK};
use crate::catalog::{Code, Native, Severity, stated};

pub static SL_I_OOB_GRACE_PERIOD: Code = Code {
    symbol: "SL_I_OOB_GRACE_PERIOD",
    native: Native::Hresult(0x4004_F00C),
    severity: Severity::Information,
    meaning: "in the out-of-box grace period",
    cause: "installed and not yet activated",
    remedy: "activate before the period ends",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_I_OOT_GRACE_PERIOD: Code = Code {
    symbol: "SL_I_OOT_GRACE_PERIOD",
    native: Native::Hresult(0x4004_F00D),
    severity: Severity::Information,
    meaning: "in the out-of-tolerance or KMS-expired grace period",
    cause: "the KMS activation ran out, or the hardware changed",
    remedy: "reach a KMS host again, or reactivate, before the period ends",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_INFO_PRODUCT_USER_RIGHT: Code = Code {
    symbol: "SL_E_VL_INFO_PRODUCT_USER_RIGHT",
    native: Native::Hresult(0x4004_F040),
    severity: Severity::Information,
    meaning: "activated; the owner should check the product use rights",
    cause: "activated through KMS: the usual reason code of a licensed client",
    remedy: "",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_I_NONGENUINE_GRACE_PERIOD: Code = Code {
    symbol: "SL_I_NONGENUINE_GRACE_PERIOD",
    native: Native::Hresult(0x4004_F065),
    severity: Severity::Information,
    meaning: "in the non-genuine grace period",
    cause: "found not genuine; slmgr words it under 0xC004F065",
    remedy: "install a genuine key and activate before the period ends",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_CHPA_PRODUCT_KEY_OUT_OF_RANGE: Code = Code {
    symbol: "SL_E_CHPA_PRODUCT_KEY_OUT_OF_RANGE",
    native: Native::Hresult(0xC004_C001),
    severity: Severity::Failure,
    meaning: "key unknown to the activation server",
    cause: "the key is not one that the activation server knows",
    remedy: "check the key, or get a new one",
    source: stated(&ERR, "0xC004C001"),
};

pub static SL_E_CHPA_PRODUCT_KEY_BLOCKED: Code = Code {
    symbol: "SL_E_CHPA_PRODUCT_KEY_BLOCKED",
    native: Native::Hresult(0xC004_C003),
    severity: Severity::Failure,
    meaning: "key blocked by the activation server",
    cause: "the key was blocked",
    remedy: "get a new key",
    source: stated(&ERR, "0xC004C003"),
};

pub static SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED: Code = Code {
    symbol: "SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED",
    native: Native::Hresult(0xC004_C008),
    severity: Severity::Failure,
    meaning: "key used up",
    cause: "a KMS host key was used on more than six machines, or more than ten times on one",
    remedy: "ask the activation center for more activations",
    source: stated(&ERR, "0xC004C008"),
};

pub static SL_E_CHPA_DMAK_LIMIT_EXCEEDED: Code = Code {
    symbol: "SL_E_CHPA_DMAK_LIMIT_EXCEEDED",
    native: Native::Hresult(0xC004_C020),
    severity: Severity::Failure,
    meaning: "multiple activation key used up",
    cause: "all activations of the key were used",
    remedy: "ask the activation center for more activations",
    source: stated(&ERR, "0xC004C020"),
};

pub static SL_E_CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED: Code = Code {
    symbol: "SL_E_CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED",
    native: Native::Hresult(0xC004_C021),
    severity: Severity::Failure,
    meaning: "extension of the multiple activation key used up",
    cause: "all additional activations of the key were used",
    remedy: "ask the activation center for more activations",
    source: stated(&ERR, "0xC004C021"),
};

pub static SL_REMAPPING_SP_PUB_TS_REARMED: Code = Code {
    symbol: "SL_REMAPPING_SP_PUB_TS_REARMED",
    native: Native::Hresult(0xC004_D302),
    severity: Severity::Failure,
    meaning: "rearmed, restart pending",
    cause: "the licensing state was reset and waits for a restart",
    remedy: "restart the machine",
    source: stated(&SDK, "slerror.h; symptom: repository clong/DetectionLab, issue 902"),
};

pub static SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED: Code = Code {
    symbol: "SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED",
    native: Native::Hresult(0xC004_D307),
    severity: Severity::Failure,
    meaning: "no rearm left",
    cause: "the licensing state was reset as often as it may be",
    remedy: "reinstall, or activate through KMS, which grants one rearm",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_ACTIVATION_IN_PROGRESS: Code = Code {
    symbol: "SL_E_ACTIVATION_IN_PROGRESS",
    native: Native::Hresult(0xC004_E028),
    severity: Severity::Failure,
    meaning: "an activation is already running",
    cause: "another activation has not finished",
    remedy: "wait until it has finished",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_GRACE_TIME_EXPIRED: Code = Code {
    symbol: "SL_E_GRACE_TIME_EXPIRED",
    native: Native::Hresult(0xC004_F009),
    severity: Severity::Failure,
    meaning: "grace period over",
    cause: "not activated before the grace period ended: the usual reason code of Notification",
    remedy: "activate",
    source: stated(&ERR, "0xC004F009"),
};

pub static SL_E_OUT_OF_TOLERANCE: Code = Code {
    symbol: "SL_E_OUT_OF_TOLERANCE",
    native: Native::Hresult(0xC004_F00F),
    severity: Severity::Failure,
    meaning: "hardware changed beyond tolerance",
    cause: "hardware or its drivers changed",
    remedy: "reactivate; on a KMS client run `slmgr /ato` or restart",
    source: stated(&ERR, "0xC004F00F"),
};

pub static SL_E_VALUE_NOT_FOUND: Code = Code {
    symbol: "SL_E_VALUE_NOT_FOUND",
    native: Native::Hresult(0xC004_F012),
    severity: Severity::Failure,
    meaning: "value for the given name not found",
    cause: "a policy, application or value of that name does not exist",
    remedy: "check the name, or refresh the licenses",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_PKEY_NOT_INSTALLED: Code = Code {
    symbol: "SL_E_PKEY_NOT_INSTALLED",
    native: Native::Hresult(0xC004_F014),
    severity: Severity::Failure,
    meaning: "no product key installed",
    cause: "the product has no key",
    remedy: "install the KMS client setup key, or a key of another channel",
    source: stated(&ERR, "0xC004F014"),
};

pub static SL_E_PRODUCT_SKU_NOT_INSTALLED: Code = Code {
    symbol: "SL_E_PRODUCT_SKU_NOT_INSTALLED",
    native: Native::Hresult(0xC004_F015),
    severity: Severity::Failure,
    meaning: "no license for this SKU",
    cause: "the key is for an edition whose license files are not installed",
    remedy: "install the key of the installed edition, or its license files",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_INVALID_LICENSE: Code = Code {
    symbol: "SL_E_INVALID_LICENSE",
    native: Native::Hresult(0xC004_F01F),
    severity: Severity::Failure,
    meaning: "license invalid",
    cause: "the license is not well-formed XML, or its content is refused",
    remedy: "install the license file as it was issued",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_INVALID_PACKAGE: Code = Code {
    symbol: "SL_E_INVALID_PACKAGE",
    native: Native::Hresult(0xC004_F020),
    severity: Severity::Failure,
    meaning: "license package invalid",
    cause: "the package is not well-formed XML, or its content is refused",
    remedy: "install the license package as it was issued",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_LUA_ACCESSDENIED: Code = Code {
    symbol: "SL_E_LUA_ACCESSDENIED",
    native: Native::Hresult(0xC004_F025),
    severity: Severity::Failure,
    meaning: "needs administrator rights",
    cause: "the caller is not elevated",
    remedy: "run it elevated",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_CIDIID_INVALID_DATA: Code = Code {
    symbol: "SL_E_CIDIID_INVALID_DATA",
    native: Native::Hresult(0xC004_F02C),
    severity: Severity::Failure,
    meaning: "offline activation data malformed",
    cause: "an installation or confirmation ID is not made of digits",
    remedy: "enter the ID again",
    source: stated(&ERR, "0xC004F02C"),
};

pub static SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED: Code = Code {
    symbol: "SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED",
    native: Native::Hresult(0xC004_F033),
    severity: Severity::Failure,
    meaning: "product key may not be installed here",
    cause: "the key is not for this operating system",
    remedy: "use a host of the right system, or install the update that lets it serve newer products",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_EUL_NOT_AVAILABLE: Code = Code {
    symbol: "SL_E_EUL_NOT_AVAILABLE",
    native: Native::Hresult(0xC004_F034),
    severity: Severity::Failure,
    meaning: "end-user license missing or invalid",
    cause: "never activated",
    remedy: "activate",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_NOT_WINDOWS_SLP: Code = Code {
    symbol: "SL_E_VL_NOT_WINDOWS_SLP",
    native: Native::Hresult(0xC004_F035),
    severity: Severity::Failure,
    meaning: "volume key refused: no qualifying OEM marker",
    cause: "an upgrade-only volume license on a machine without an OEM marker",
    remedy: "change to a multiple activation key or a retail key",
    source: stated(&ERR, "0xC004F035"),
};

pub static SL_E_VL_NOT_ENOUGH_COUNT: Code = Code {
    symbol: "SL_E_VL_NOT_ENOUGH_COUNT",
    native: Native::Hresult(0xC004_F038),
    severity: Severity::Failure,
    meaning: "KMS count too low",
    cause: "the host counts fewer clients than this product needs: 25 for client Windows, 5 for servers and Office",
    remedy: "add machines, and remove duplicate client machine IDs",
    source: stated(&ERR, "0xC004F038"),
};

pub static SL_E_VL_BINDING_SERVICE_NOT_ENABLED: Code = Code {
    symbol: "SL_E_VL_BINDING_SERVICE_NOT_ENABLED",
    native: Native::Hresult(0xC004_F039),
    severity: Severity::Failure,
    meaning: "KMS not enabled or not answering",
    cause: "the machine is not an activated KMS host, or does not answer as one",
    remedy: "check host and port, or install and activate a KMS host key",
    source: stated(&ERR, "0xC004F039"),
};

pub static SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED: Code = Code {
    symbol: "SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED",
    native: Native::Hresult(0xC004_F041),
    severity: Severity::Failure,
    meaning: "KMS host itself not activated",
    cause: "a KMS host key is installed on the host, but not activated",
    remedy: "activate the host",
    source: stated(&ERR, "0xC004F041"),
};

pub static SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH: Code = Code {
    symbol: "SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH",
    native: Native::Hresult(0xC004_F042),
    severity: Severity::Failure,
    meaning: "this KMS host cannot serve this product",
    cause: "the host key does not cover the product of the client",
    remedy: "use the right host, a newer host key, or the update for the host",
    source: stated(&ERR, "0xC004F042"),
};

pub static SL_E_INVALID_PRODUCT_KEY: Code = Code {
    symbol: "SL_E_INVALID_PRODUCT_KEY",
    native: Native::Hresult(0xC004_F050),
    severity: Severity::Failure,
    meaning: "product key invalid",
    cause: "the key was mistyped, or is for another version",
    remedy: "enter the key of this version again",
    source: stated(&ERR, "0xC004F050"),
};

pub static SL_E_BLOCKED_PRODUCT_KEY: Code = Code {
    symbol: "SL_E_BLOCKED_PRODUCT_KEY",
    native: Native::Hresult(0xC004_F051),
    severity: Severity::Failure,
    meaning: "product key blocked",
    cause: "the key was blocked",
    remedy: "get a new key",
    source: stated(&ERR, "0xC004F051"),
};

pub static SL_E_VL_MACHINE_NOT_BOUND: Code = Code {
    symbol: "SL_E_VL_MACHINE_NOT_BOUND",
    native: Native::Hresult(0xC004_F056),
    severity: Severity::Failure,
    meaning: "machine not bound by KMS",
    cause: "KMS activation did not succeed",
    remedy: "reach a KMS host",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_DEPENDENT_PROPERTY_NOT_SET: Code = Code {
    symbol: "SL_E_DEPENDENT_PROPERTY_NOT_SET",
    native: Native::Hresult(0xC004_F066),
    severity: Severity::Failure,
    meaning: "dependent property must be set first",
    cause: "a property that this one depends on is not set; slmgr words this number as SKU not found, which is 0xC004F069",
    remedy: "set the other property first",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_MISMATCHED_PRODUCT_SKU: Code = Code {
    symbol: "SL_E_MISMATCHED_PRODUCT_SKU",
    native: Native::Hresult(0xC004_F069),
    severity: Severity::Failure,
    meaning: "SKU not found",
    cause: "the key belongs to no product that is installed",
    remedy: "install the key of an installed product",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_OPERATION_NOT_ALLOWED: Code = Code {
    symbol: "SL_E_OPERATION_NOT_ALLOWED",
    native: Native::Hresult(0xC004_F06A),
    severity: Severity::Failure,
    meaning: "operation not allowed",
    cause: "KMS activation is disabled by policy on this client",
    remedy: "enable KMS activation",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED: Code = Code {
    symbol: "SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED",
    native: Native::Hresult(0xC004_F06B),
    severity: Severity::Failure,
    meaning: "KMS hosting not supported inside this virtual machine",
    cause: "a KMS host of Windows Vista or Windows Server 2008 runs in a virtual machine",
    remedy: "use a physical host, or a newer system",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_INVALID_TIMESTAMP: Code = Code {
    symbol: "SL_E_VL_INVALID_TIMESTAMP",
    native: Native::Hresult(0xC004_F06C),
    severity: Severity::Failure,
    meaning: "request time stamp refused",
    cause: "the clocks of client and host are more than four hours apart, or the host is too old for the client",
    remedy: "mend the time service, or update the host",
    source: stated(&ERR, "0xC004F06C"),
};

pub static SL_E_VL_BINDING_SERVICE_UNAVAILABLE: Code = Code {
    symbol: "SL_E_VL_BINDING_SERVICE_UNAVAILABLE",
    native: Native::Hresult(0xC004_F074),
    severity: Severity::Failure,
    meaning: "no KMS host could be contacted",
    cause: "every host that was tried failed",
    remedy: "read the events 12288 of the client: they carry the code of each try",
    source: stated(&ERR, "0xC004F074"),
};

pub static SL_E_SERVICE_STOPPING: Code = Code {
    symbol: "SL_E_SERVICE_STOPPING",
    native: Native::Hresult(0xC004_F075),
    severity: Severity::Failure,
    meaning: "service is stopping",
    cause: "the licensing service is shutting down",
    remedy: "try again when it runs",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_AD_AO_NOT_FOUND: Code = Code {
    symbol: "SL_E_VL_AD_AO_NOT_FOUND",
    native: Native::Hresult(0xC004_F081),
    severity: Severity::Failure,
    meaning: "Active Directory activation object missing or invalid",
    cause: "the directory holds no usable activation object",
    remedy: "create the activation object",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_AD_AO_NAME_TOO_LONG: Code = Code {
    symbol: "SL_E_VL_AD_AO_NAME_TOO_LONG",
    native: Native::Hresult(0xC004_F082),
    severity: Severity::Failure,
    meaning: "Active Directory activation object name too long",
    cause: "the name of the activation object is too long",
    remedy: "choose a shorter name",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED: Code = Code {
    symbol: "SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED",
    native: Native::Hresult(0xC004_F083),
    severity: Severity::Failure,
    meaning: "Active Directory schema too old for activation through it",
    cause: "the directory schema has no activation objects",
    remedy: "extend the schema",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_NOT_GENUINE: Code = Code {
    symbol: "SL_E_NOT_GENUINE",
    native: Native::Hresult(0xC004_F200),
    severity: Severity::Failure,
    meaning: "not genuine",
    cause: "the installation was found not genuine",
    remedy: "",
    source: stated(&SDK, "slerror.h"),
};

pub static SL_E_TKA_GRANT_NOT_FOUND: Code = Code {
    symbol: "SL_E_TKA_GRANT_NOT_FOUND",
    native: Native::Hresult(0xC004_F304),
    severity: Severity::Failure,
    meaning: "no matching grant license",
    cause: "no installed license allows token activation with this certificate",
    remedy: "install the token activation license",
    source: stated(&SDK, "slerror.h"),
};

/// The codes of this file, in the order of their numbers.
pub static CLIENT: [&Code; 43] = [
    &SL_I_OOB_GRACE_PERIOD,
    &SL_I_OOT_GRACE_PERIOD,
    &SL_E_VL_INFO_PRODUCT_USER_RIGHT,
    &SL_I_NONGENUINE_GRACE_PERIOD,
    &SL_E_CHPA_PRODUCT_KEY_OUT_OF_RANGE,
    &SL_E_CHPA_PRODUCT_KEY_BLOCKED,
    &SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED,
    &SL_E_CHPA_DMAK_LIMIT_EXCEEDED,
    &SL_E_CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED,
    &SL_REMAPPING_SP_PUB_TS_REARMED,
    &SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED,
    &SL_E_ACTIVATION_IN_PROGRESS,
    &SL_E_GRACE_TIME_EXPIRED,
    &SL_E_OUT_OF_TOLERANCE,
    &SL_E_VALUE_NOT_FOUND,
    &SL_E_PKEY_NOT_INSTALLED,
    &SL_E_PRODUCT_SKU_NOT_INSTALLED,
    &SL_E_INVALID_LICENSE,
    &SL_E_INVALID_PACKAGE,
    &SL_E_LUA_ACCESSDENIED,
    &SL_E_CIDIID_INVALID_DATA,
    &SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED,
    &SL_E_EUL_NOT_AVAILABLE,
    &SL_E_VL_NOT_WINDOWS_SLP,
    &SL_E_VL_NOT_ENOUGH_COUNT,
    &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
    &SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED,
    &SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH,
    &SL_E_INVALID_PRODUCT_KEY,
    &SL_E_BLOCKED_PRODUCT_KEY,
    &SL_E_VL_MACHINE_NOT_BOUND,
    &SL_E_DEPENDENT_PROPERTY_NOT_SET,
    &SL_E_MISMATCHED_PRODUCT_SKU,
    &SL_E_OPERATION_NOT_ALLOWED,
    &SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED,
    &SL_E_VL_INVALID_TIMESTAMP,
    &SL_E_VL_BINDING_SERVICE_UNAVAILABLE,
    &SL_E_SERVICE_STOPPING,
    &SL_E_VL_AD_AO_NOT_FOUND,
    &SL_E_VL_AD_AO_NAME_TOO_LONG,
    &SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
    &SL_E_NOT_GENUINE,
    &SL_E_TKA_GRANT_NOT_FOUND,
];
