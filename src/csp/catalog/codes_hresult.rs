//! The HRESULTs behind a refusal: those of the Windows configuration manager, of the system and of the licensing service.
//!
//! The status under which each goes over the wire is told in `codes`.

use super::documents::{CFGMGR, CSP, VIEWER, WINERROR};
use crate::catalog::{Code, Native, Severity, Source, assumed, stated};

/// What the top bit of an HRESULT says.
const fn severity(number: u32) -> Severity {
    if number < 0x8000_0000 { Severity::Information } else { Severity::Failure }
}

const fn hresult(
    number: u32,
    symbol: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
) -> Code {
    Code {
        symbol,
        native: Native::Hresult(number),
        severity: severity(number),
        meaning,
        cause,
        remedy,
        source: stated(&CFGMGR, "cfgmgr2err.h"),
    }
}

/// The same, from another document.
const fn of(source: Source, code: &Code) -> Code {
    Code { source, ..*code }
}

const SYSTEM: Source = stated(&WINERROR, "winerror.h");
const LICENSING: Source = stated(&WINERROR, "slerror.h");

/// Which code a refusal by the state of the device carries.
///
/// The page of the CSP describes the refusals and names no codes; each was chosen by its meaning.
pub static REFUSALS: Source =
    assumed(&CSP, "the page names no code of a refusal; each was chosen by its meaning");

pub static CFGMGR_E_INVALIDNODEOPTIONS: Code = hresult(
    0x8600_0000,
    "CFGMGR_E_INVALIDNODEOPTIONS",
    "the options of the node are invalid",
    "",
    "",
);

pub static CFGMGR_E_INVALIDDATATYPE: Code = hresult(
    0x8600_0001,
    "CFGMGR_E_INVALIDDATATYPE",
    "the data are not of the node's type",
    "Meta/Format differs from the DDF, or Data is no value of it",
    "write the format that `licctl csp ddf` prints for the node",
);

pub static CFGMGR_E_NODENOTFOUND: Code = hresult(
    0x8600_0002,
    "CFGMGR_E_NODENOTFOUND",
    "there is no such node on this device",
    "a misspelt address, a node that this build or edition does not have, or a node that was never added",
    "compare the address with `licctl csp tree`, and the build with `licctl csp ddf`",
);

pub static CFGMGR_E_ILLEGALOPERATIONINATRANSACTION: Code = hresult(
    0x8600_0003,
    "CFGMGR_E_ILLEGALOPERATIONINATRANSACTION",
    "not allowed within a transaction",
    "an Atomic holds a Get, another Atomic, or an Add and a Replace of one node",
    "take the command out of the Atomic",
);

pub static CFGMGR_E_ILLEGALOPERATIONOUTSIDEATRANSACTION: Code = hresult(
    0x8600_0004,
    "CFGMGR_E_ILLEGALOPERATIONOUTSIDEATRANSACTION",
    "allowed within a transaction only",
    "",
    "",
);

pub static CFGMGR_E_ONEORMOREEXECUTIONFAILURES: Code = hresult(
    0x8600_0005,
    "CFGMGR_E_ONEORMOREEXECUTIONFAILURES",
    "commands of the transaction failed",
    "one command of an Atomic was refused",
    "repair the command that failed, or send the commands singly",
);

pub static CFGMGR_E_ONEORMORECANCELFAILURES: Code = hresult(
    0x8600_0006,
    "CFGMGR_E_ONEORMORECANCELFAILURES",
    "commands of the transaction could not be cancelled",
    "",
    "",
);

pub static CFGMGR_S_COMMANDFAILEDDUETOTRANSACTIONROLLBACK: Code = hresult(
    0x0600_0007,
    "CFGMGR_S_COMMANDFAILEDDUETOTRANSACTIONROLLBACK",
    "the command was done and undone again",
    "it stands in an Atomic before a command that failed",
    "repair the command that failed, or take this one out of the Atomic",
);

pub static CFGMGR_E_COMMITFAILURE: Code = hresult(
    0x8600_0008,
    "CFGMGR_E_COMMITFAILURE",
    "the transaction could not be committed",
    "",
    "send the commands singly",
);

pub static CFGMGR_E_ROLLBACKFAILURE: Code = hresult(
    0x8600_0009,
    "CFGMGR_E_ROLLBACKFAILURE",
    "the transaction could not be undone",
    "an Atomic failed, and so did taking it back",
    "read the nodes of the Atomic and set them by hand",
);

pub static CFGMGR_E_ONEORMORECLEANUPFAILURES: Code = hresult(
    0x8600_000A,
    "CFGMGR_E_ONEORMORECLEANUPFAILURES",
    "cleaning up after the transaction failed",
    "",
    "",
);

pub static CFGMGR_E_CONFIGNODESTATEOBJECTNOLONGERVALID: Code = hresult(
    0x8600_000B,
    "CFGMGR_E_CONFIGNODESTATEOBJECTNOLONGERVALID",
    "the node changed while it was being worked on",
    "",
    "send the command again",
);

pub static CFGMGR_E_CSPREGISTRATIONCORRUPT: Code = hresult(
    0x8600_000C,
    "CFGMGR_E_CSPREGISTRATIONCORRUPT",
    "the CSP is registered wrongly on this device",
    "",
    "repair Windows",
);

pub static CFGMGR_E_NODEFAILEDTOCANCEL: Code =
    hresult(0x8600_000D, "CFGMGR_E_NODEFAILEDTOCANCEL", "the node could not be cancelled", "", "");

pub static CFGMGR_E_DEPENDENTOPERATIONFAILURE: Code = hresult(
    0x8600_000E,
    "CFGMGR_E_DEPENDENTOPERATIONFAILURE",
    "a command that this one depends on failed",
    "",
    "repair the other command first",
);

pub static CFGMGR_E_CSPNODEILLEGALSTATE: Code = hresult(
    0x8600_000F,
    "CFGMGR_E_CSPNODEILLEGALSTATE",
    "the state of the device forbids the command",
    "an upgrade waits for a restart, a licensing operation runs, subscriptions are disabled, or the device is in S mode, or is not",
    "let what runs come to its end, or change the state that forbids it, then send the command again",
);

pub static CFGMGR_E_REQUIRESINTERNALTRANSACTIONING: Code = hresult(
    0x8600_0010,
    "CFGMGR_E_REQUIRESINTERNALTRANSACTIONING",
    "the CSP wants to run transactions itself",
    "",
    "",
);

pub static CFGMGR_E_COMMANDNOTALLOWED: Code = hresult(
    0x8600_0011,
    "CFGMGR_E_COMMANDNOTALLOWED",
    "the node's access type does not hold this verb",
    "a custom profile that sets a node which takes only Exec, as ChangeProductKey does, or only Get",
    "use the verb the node has; a custom profile cannot Exec",
);

pub static CFGMGR_E_INTERCSPOPERATION: Code = hresult(
    0x8600_0012,
    "CFGMGR_E_INTERCSPOPERATION",
    "the command touches more than one CSP",
    "",
    "send one command for each CSP",
);

pub static CFGMGR_E_PROPERTYNOTSUPPORTED: Code = hresult(
    0x8600_0013,
    "CFGMGR_E_PROPERTYNOTSUPPORTED",
    "the node does not have this property",
    "a `?prop=` query; the Windows client has no access control lists",
    "ask for the node itself, or with `?list=StructData` for what is below it",
);

pub static CFGMGR_E_INVALIDSEMANTICTYPE: Code = hresult(
    0x8600_0014,
    "CFGMGR_E_INVALIDSEMANTICTYPE",
    "the semantic type of the data is wrong",
    "",
    "",
);

pub static CFGMGR_E_FORBIDDENURISEGMENT: Code = hresult(
    0x8600_0015,
    "CFGMGR_E_FORBIDDENURISEGMENT",
    "a segment of the address is forbidden",
    "",
    "",
);

pub static CFGMGR_E_READWRITEACCESSDENIED: Code = hresult(
    0x8600_0016,
    "CFGMGR_E_READWRITEACCESSDENIED",
    "the sender may neither read nor write the node",
    "",
    "let the authority that owns the node send the command",
);

pub static CFGMGR_E_SECRETDATAACCESSDENIED: Code = hresult(
    0x8600_0017,
    "CFGMGR_E_SECRETDATAACCESSDENIED",
    "the data are secret and are not handed out",
    "",
    "",
);

pub static CFGMGR_E_XMLPARSEERROR: Code = hresult(
    0x8600_0018,
    "CFGMGR_E_XMLPARSEERROR",
    "the data are not well-formed XML",
    "a license file that is empty, cut short, or stands in Data as markup",
    "escape the license file once and put it into Data as text",
);

pub static CFGMGR_E_COMMANDTIMEOUT: Code = hresult(
    0x8600_0019,
    "CFGMGR_E_COMMANDTIMEOUT",
    "the command took too long",
    "",
    "try again later",
);

pub static CFGMGR_E_IMPERSONATIONERROR: Code = hresult(
    0x8600_0020,
    "CFGMGR_E_IMPERSONATIONERROR",
    "the user could not be impersonated",
    "",
    "",
);

pub static CFGMGR_E_WMIOPERATIONERROR: Code =
    hresult(0x8600_0021, "CFGMGR_E_WMIOPERATIONERROR", "a call to WMI failed", "", "");

pub static CFGMGR_E_NOIMPERSONATIONTARGET: Code = hresult(
    0x8600_0022,
    "CFGMGR_E_NOIMPERSONATIONTARGET",
    "there is no user to impersonate",
    "",
    "sign in and try again",
);

pub static RESOURCEMGR_E_RESOURCEALREADYOWNED: Code = hresult(
    0x8600_0023,
    "RESOURCEMGR_E_RESOURCEALREADYOWNED",
    "another authority manages the setting",
    "",
    "manage it from one place",
);

pub static E_PENDING: Code = Code {
    severity: Severity::Information,
    ..of(
        SYSTEM,
        &hresult(
            0x8000_000A,
            "E_PENDING",
            "the work goes on after the reply",
            "an Exec whose result is not there yet",
            "read the status node of that operation until it is done",
        ),
    )
};

pub static E_ABORT: Code = of(
    SYSTEM,
    &hresult(
        0x8000_4004,
        "E_ABORT",
        "the operation was aborted",
        "the device restarted while `changepk.exe` was running",
        "ask for the upgrade again, and let it come to its end before the restart",
    ),
);

pub static DISP_E_TYPEMISMATCH: Code = of(
    SYSTEM,
    &hresult(
        0x8002_0005,
        "DISP_E_TYPEMISMATCH",
        "the value is of another type",
        "a script hands a number where a text is wanted, or the other way round",
        "hand over the type that the method takes",
    ),
);

pub static WBEM_E_FAILED: Code = of(
    stated(&WINERROR, "wbemcli.h"),
    &hresult(
        0x8004_1001,
        "WBEM_E_FAILED",
        "the call failed",
        "through WMI or Configuration Manager: a product key that does not suit the device",
        "check the key with `licctl csp check-key`",
    ),
);

pub static ERROR_FILE_NOT_FOUND: Code = of(
    SYSTEM,
    &hresult(
        0x8007_0002,
        "ERROR_FILE_NOT_FOUND",
        "the node, or what it stands for, is not there",
        "the CSP keeps its value in a place that does not exist",
        "set the node before it is read",
    ),
);

pub static ERROR_PATH_NOT_FOUND: Code = of(
    SYSTEM,
    &hresult(
        0x8007_0003,
        "ERROR_PATH_NOT_FOUND",
        "the node, or what it stands for, is not there",
        "the CSP keeps its value in a place that does not exist",
        "set the node before it is read",
    ),
);

pub static E_ACCESSDENIED: Code = of(
    SYSTEM,
    &hresult(
        0x8007_0005,
        "E_ACCESSDENIED",
        "access is denied",
        "the caller is not SYSTEM, or a policy forbids it",
        "run it as SYSTEM, or through MDM",
    ),
);

pub static E_INVALIDARG: Code = of(
    SYSTEM,
    &hresult(
        0x8007_0057,
        "E_INVALIDARG",
        "a value is none of those that the node takes",
        "a product key that is not five groups of five joined by hyphens, or a number that the DDF does not list",
        "give all 29 characters with the four hyphens, or one of the listed numbers",
    ),
);

pub static ERROR_ALREADY_EXISTS: Code = of(
    SYSTEM,
    &hresult(
        0x8007_00B7,
        "ERROR_ALREADY_EXISTS",
        "the node is there already",
        "an Add of a node that was added before",
        "use Replace, or Delete the node first",
    ),
);

pub static ERROR_NO_SUCH_DEVICE: Code = of(
    SYSTEM,
    &hresult(
        0x8007_01B1,
        "ERROR_NO_SUCH_DEVICE",
        "the hardware that the setting is for is not there",
        "a policy for hardware that this device lacks",
        "assign the policy to devices that have it",
    ),
);

pub static ERROR_NOT_FOUND: Code = of(
    SYSTEM,
    &hresult(
        0x8007_0490,
        "ERROR_NOT_FOUND",
        "there is nothing that could be acquired",
        "the device is not joined to Microsoft Entra ID, or the tenant has no device-based subscription for it",
        "join the device to Microsoft Entra ID, and assign a device-based subscription",
    ),
);

pub static ERROR_CANCELLED: Code = of(
    SYSTEM,
    &hresult(
        0x8007_04C7,
        "ERROR_CANCELLED",
        "the user declined",
        "the user was asked and said no",
        "tell the user what it is for, and send the command again",
    ),
);

pub static SL_E_INVALID_PRODUCT_KEY: Code = of(
    LICENSING,
    &hresult(
        0xC004_F050,
        "SL_E_INVALID_PRODUCT_KEY",
        "the product key is not recognised",
        "a misspelt key, or one that the key catalogue does not know for this use and build",
        "check the key; volume keys come from the Volume Licensing Service Center, which needs a Volume Licensing contract; `licctl csp key catalog load` tells the model of it",
    ),
);

pub static SL_E_MISMATCHED_PRODUCT_SKU: Code = of(
    LICENSING,
    &hresult(
        0xC004_F069,
        "SL_E_MISMATCHED_PRODUCT_SKU",
        "the product key, or the license, is for an edition that this device cannot become by it",
        "no published path leads from the device's edition to that of the key",
        "see `licctl csp path list` for the editions that can be reached",
    ),
);

const LOCAL: Source = stated(&VIEWER, "errors of ApplyLocalManagementSyncML");

pub static RPC_E_CHANGED_MODE: Code = of(
    LOCAL,
    &hresult(
        0x8001_0106,
        "RPC_E_CHANGED_MODE",
        "local management must be called from a thread in the multithreaded apartment",
        "the caller's thread is single-threaded, as in a window or in PowerShell ISE",
        "call it from a thread in the multithreaded apartment",
    ),
);

pub static REGDB_E_CLASSNOTREG: Code = of(
    LOCAL,
    &hresult(
        0x8004_0154,
        "REGDB_E_CLASSNOTREG",
        "local management must be called from a 64-bit process",
        "the caller is a 32-bit process",
        "run it in a 64-bit process",
    ),
);

pub static ERROR_INVALID_STATE: Code = of(
    LOCAL,
    &hresult(
        0x8007_139F,
        "ERROR_INVALID_STATE",
        "local management is switched off",
        "embedded mode is not set on this device",
        "set embedded mode, and restart",
    ),
);

pub static ERROR_TIMEOUT: Code = of(
    LOCAL,
    &hresult(
        0x8007_05B4,
        "ERROR_TIMEOUT",
        "local management did not answer in time",
        "",
        "try again",
    ),
);

pub static E_UNEXPECTED: Code = of(
    LOCAL,
    &hresult(0x8000_FFFF, "E_UNEXPECTED", "a catastrophic failure", "", "restart the device"),
);
