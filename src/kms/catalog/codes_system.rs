//! The codes of the system around the licensing service: COM, Win32, RPC, DNS, `WinINet` and WMI.
//!
//! Win32 codes stand as the HRESULTs that tools print. Their names are used through `codes`.

use super::documents::{ERR, SDK};
use crate::catalog::{Code, Native, Severity, assumed, stated};

pub static S_OK: Code = Code {
    symbol: "S_OK",
    native: Native::Hresult(0x0000_0000),
    severity: Severity::Success,
    meaning: "done",
    cause: "",
    remedy: "",
    source: stated(&SDK, "winerror.h"),
};

pub static E_ACCESSDENIED: Code = Code {
    symbol: "E_ACCESSDENIED",
    native: Native::Hresult(0x8007_0005),
    severity: Severity::Failure,
    meaning: "access denied",
    cause: "the caller is not elevated",
    remedy: "run it elevated",
    source: stated(&ERR, "0x80070005"),
};

pub static E_INVALIDARG: Code = Code {
    symbol: "E_INVALIDARG",
    native: Native::Hresult(0x8007_0057),
    severity: Severity::Failure,
    meaning: "parameter invalid",
    cause: "a parameter is missing, of the wrong type or out of range",
    remedy: "correct the parameter",
    source: stated(&SDK, "winerror.h"),
};

pub static ERROR_INVALID_NAME: Code = Code {
    symbol: "ERROR_INVALID_NAME",
    native: Native::Hresult(0x8007_007B),
    severity: Severity::Failure,
    meaning: "name invalid",
    cause: "the client has no primary DNS suffix, or its SRV record was not found",
    remedy: "set the suffix, the lookup domain or the SRV record",
    source: stated(&ERR, "0x8007007B"),
};

pub static ERROR_NOT_FOUND: Code = Code {
    symbol: "ERROR_NOT_FOUND",
    native: Native::Hresult(0x8007_0490),
    severity: Severity::Failure,
    meaning: "not found",
    cause: "the key was not accepted in the user interface",
    remedy: "install the key by command line",
    source: stated(&ERR, "0x80070490"),
};

pub static ERROR_TIMEOUT: Code = Code {
    symbol: "ERROR_TIMEOUT",
    native: Native::Hresult(0x8007_05B4),
    severity: Severity::Failure,
    meaning: "timed out",
    cause: "no answer",
    remedy: "check the network path",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static RPC_S_SERVER_UNAVAILABLE: Code = Code {
    symbol: "RPC_S_SERVER_UNAVAILABLE",
    native: Native::Hresult(0x8007_06BA),
    severity: Severity::Failure,
    meaning: "RPC server unavailable",
    cause: "a firewall is closed, or the SRV record is stale",
    remedy: "open the port, mend the SRV record",
    source: stated(&ERR, "0x800706BA"),
};

pub static RPC_S_CALL_FAILED: Code = Code {
    symbol: "RPC_S_CALL_FAILED",
    native: Native::Hresult(0x8007_06BE),
    severity: Severity::Failure,
    meaning: "remote procedure call failed",
    cause: "the connection to the host broke",
    remedy: "check the network path and the service on the host",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static EPT_S_NOT_REGISTERED: Code = Code {
    symbol: "EPT_S_NOT_REGISTERED",
    native: Native::Hresult(0x8007_06D9),
    severity: Severity::Failure,
    meaning: "no more endpoints available",
    cause: "the service of the host does not listen",
    remedy: "start the service on the host",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static RPC_NT_SERVER_UNAVAILABLE: Code = Code {
    symbol: "RPC_NT_SERVER_UNAVAILABLE",
    native: Native::Hresult(0xC002_0017),
    severity: Severity::Failure,
    meaning: "RPC server unavailable",
    cause: "a firewall is closed, or the SRV record is stale; seen in client events",
    remedy: "open the port, mend the SRV record",
    source: stated(&SDK, "ntstatus.h"),
};

pub static DNS_ERROR_RCODE_SERVER_FAILURE: Code = Code {
    symbol: "DNS_ERROR_RCODE_SERVER_FAILURE",
    native: Native::Hresult(0x8007_232A),
    severity: Severity::Failure,
    meaning: "DNS server failure",
    cause: "the DNS server failed",
    remedy: "mend the DNS server or the way to it",
    source: stated(&ERR, "0x8007232A"),
};

pub static DNS_ERROR_RCODE_NAME_ERROR: Code = Code {
    symbol: "DNS_ERROR_RCODE_NAME_ERROR",
    native: Native::Hresult(0x8007_232B),
    severity: Severity::Failure,
    meaning: "DNS name does not exist",
    cause: "there is no SRV record of a KMS host",
    remedy: "publish the record, or point the client at a host",
    source: stated(&ERR, "0x8007232B"),
};

pub static DNS_ERROR_RCODE_REFUSED: Code = Code {
    symbol: "DNS_ERROR_RCODE_REFUSED",
    native: Native::Hresult(0x8007_232D),
    severity: Severity::Failure,
    meaning: "DNS operation refused",
    cause: "the zone refused the dynamic update of the host; seen in event 12293",
    remedy: "grant the host the right to update the record",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static DNS_ERROR_RCODE_BADSIG: Code = Code {
    symbol: "DNS_ERROR_RCODE_BADSIG",
    native: Native::Hresult(0x8007_2338),
    severity: Severity::Failure,
    meaning: "DNS signature failed to verify",
    cause: "the secure update of the host failed; seen in event 12293",
    remedy: "check who owns the record, and the clocks",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static DNS_ERROR_RCODE_BADKEY: Code = Code {
    symbol: "DNS_ERROR_RCODE_BADKEY",
    native: Native::Hresult(0x8007_2339),
    severity: Severity::Failure,
    meaning: "bad DNS key",
    cause: "the secure update of the host failed; seen in event 12293",
    remedy: "check who owns the record, and the clocks",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static DNS_ERROR_RCODE_BADTIME: Code = Code {
    symbol: "DNS_ERROR_RCODE_BADTIME",
    native: Native::Hresult(0x8007_233A),
    severity: Severity::Failure,
    meaning: "DNS signature validity expired",
    cause: "the secure update of the host failed; seen in event 12293",
    remedy: "check who owns the record, and the clocks",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static DNS_INFO_NO_RECORDS: Code = Code {
    symbol: "DNS_INFO_NO_RECORDS",
    native: Native::Hresult(0x8007_251D),
    severity: Severity::Failure,
    meaning: "no records found for DNS query",
    cause: "the name exists, but has no SRV record",
    remedy: "publish the record",
    source: stated(&ERR, "0x8007251D"),
};

pub static DNS_ERROR_NO_DNS_SERVERS: Code = Code {
    symbol: "DNS_ERROR_NO_DNS_SERVERS",
    native: Native::Hresult(0x8007_267C),
    severity: Severity::Failure,
    meaning: "no DNS servers configured",
    cause: "no DNS server is configured",
    remedy: "correct the network settings",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static WSAHOST_NOT_FOUND: Code = Code {
    symbol: "WSAHOST_NOT_FOUND",
    native: Native::Hresult(0x8007_2AF9),
    severity: Severity::Failure,
    meaning: "host not known",
    cause: "the name of the host has no address",
    remedy: "correct the name, or the DNS data",
    source: stated(&SDK, "winerror.h, as HRESULT"),
};

pub static ERROR_INTERNET_TIMEOUT: Code = Code {
    symbol: "ERROR_INTERNET_TIMEOUT",
    native: Native::Hresult(0x8007_2EE2),
    severity: Severity::Failure,
    meaning: "internet request timed out",
    cause: "the activation server was not reached",
    remedy: "check the proxy, or activate by telephone",
    source: stated(&SDK, "wininet.h, as HRESULT"),
};

pub static ERROR_INTERNET_NAME_NOT_RESOLVED: Code = Code {
    symbol: "ERROR_INTERNET_NAME_NOT_RESOLVED",
    native: Native::Hresult(0x8007_2EE7),
    severity: Severity::Failure,
    meaning: "internet server name not resolved",
    cause: "the name of the activation server was not found",
    remedy: "check DNS and the proxy",
    source: stated(&SDK, "wininet.h, as HRESULT"),
};

pub static ERROR_INTERNET_CANNOT_CONNECT: Code = Code {
    symbol: "ERROR_INTERNET_CANNOT_CONNECT",
    native: Native::Hresult(0x8007_2EFD),
    severity: Severity::Failure,
    meaning: "internet server not reached",
    cause: "no connection to the activation server",
    remedy: "check the proxy and the firewall",
    source: stated(&SDK, "wininet.h, as HRESULT"),
};

pub static ERROR_INTERNET_SECURE_FAILURE: Code = Code {
    symbol: "ERROR_INTERNET_SECURE_FAILURE",
    native: Native::Hresult(0x8007_2F8F),
    severity: Severity::Failure,
    meaning: "secure connection failed",
    cause: "the certificate of the activation server was refused, often because the clock is wrong",
    remedy: "set the clock, check the proxy",
    source: stated(&SDK, "wininet.h, as HRESULT"),
};

pub static WBEM_E_FAILED: Code = Code {
    symbol: "WBEM_E_FAILED",
    native: Native::Hresult(0x8004_1001),
    severity: Severity::Failure,
    meaning: "call failed",
    cause: "",
    remedy: "",
    source: stated(&SDK, "wbemcli.h"),
};

pub static WBEM_E_NOT_FOUND: Code = Code {
    symbol: "WBEM_E_NOT_FOUND",
    native: Native::Hresult(0x8004_1002),
    severity: Severity::Failure,
    meaning: "object not found",
    cause: "the class or instance is missing, often because the WMI repository is damaged",
    remedy: "repair the WMI repository",
    source: stated(&SDK, "wbemcli.h"),
};

pub static WBEM_E_ACCESS_DENIED: Code = Code {
    symbol: "WBEM_E_ACCESS_DENIED",
    native: Native::Hresult(0x8004_1003),
    severity: Severity::Failure,
    meaning: "access denied",
    cause: "the caller may not use this namespace or object",
    remedy: "run it as an administrator",
    source: stated(&SDK, "wbemcli.h"),
};

pub static WBEM_E_INVALID_PARAMETER: Code = Code {
    symbol: "WBEM_E_INVALID_PARAMETER",
    native: Native::Hresult(0x8004_1008),
    severity: Severity::Failure,
    meaning: "parameter invalid",
    cause: "a parameter is missing or of the wrong type",
    remedy: "correct the parameter",
    source: stated(&SDK, "wbemcli.h"),
};

pub static WBEM_E_INVALID_CLASS: Code = Code {
    symbol: "WBEM_E_INVALID_CLASS",
    native: Native::Hresult(0x8004_1010),
    severity: Severity::Failure,
    meaning: "class not valid",
    cause: "the system is too old to have the class",
    remedy: "",
    source: stated(&SDK, "wbemcli.h"),
};

pub static WBEM_E_INVALID_METHOD: Code = Code {
    symbol: "WBEM_E_INVALID_METHOD",
    native: Native::Hresult(0x8004_102E),
    severity: Severity::Failure,
    meaning: "method not implemented by this class",
    cause: "the system is too old to have the method",
    remedy: "",
    source: stated(&SDK, "wbemcli.h"),
};

pub static DNS_NAME_DOES_NOT_EXIST: Code = Code {
    symbol: "DNS_NAME_DOES_NOT_EXIST",
    native: Native::Hresult(0x8009_2328),
    severity: Severity::Failure,
    meaning: "DNS name does not exist",
    cause: "there is no SRV record of a KMS host",
    remedy: "publish the record, or point the client at a host",
    source: assumed(
        &ERR,
        "0x80092328: the page gives no symbol, and no header was found that does",
    ),
};

pub static WINDOWS_NOT_GENUINE: Code = Code {
    symbol: "WINDOWS_NOT_GENUINE",
    native: Native::Hresult(0x8004_FE21),
    severity: Severity::Failure,
    meaning: "this computer is not running genuine Windows",
    cause: "unlicensed language packs, changed or damaged system files",
    remedy: "reinstall the system",
    source: assumed(
        &ERR,
        "0x8004FE21: the page gives no symbol, and no header was found that does",
    ),
};

/// The codes of this file, in the order of their numbers.
pub static SYSTEM: [&Code; 31] = [
    &S_OK,
    &WBEM_E_FAILED,
    &WBEM_E_NOT_FOUND,
    &WBEM_E_ACCESS_DENIED,
    &WBEM_E_INVALID_PARAMETER,
    &WBEM_E_INVALID_CLASS,
    &WBEM_E_INVALID_METHOD,
    &WINDOWS_NOT_GENUINE,
    &E_ACCESSDENIED,
    &E_INVALIDARG,
    &ERROR_INVALID_NAME,
    &ERROR_NOT_FOUND,
    &ERROR_TIMEOUT,
    &RPC_S_SERVER_UNAVAILABLE,
    &RPC_S_CALL_FAILED,
    &EPT_S_NOT_REGISTERED,
    &DNS_ERROR_RCODE_SERVER_FAILURE,
    &DNS_ERROR_RCODE_NAME_ERROR,
    &DNS_ERROR_RCODE_REFUSED,
    &DNS_ERROR_RCODE_BADSIG,
    &DNS_ERROR_RCODE_BADKEY,
    &DNS_ERROR_RCODE_BADTIME,
    &DNS_INFO_NO_RECORDS,
    &DNS_ERROR_NO_DNS_SERVERS,
    &WSAHOST_NOT_FOUND,
    &ERROR_INTERNET_TIMEOUT,
    &ERROR_INTERNET_NAME_NOT_RESOLVED,
    &ERROR_INTERNET_CANNOT_CONNECT,
    &ERROR_INTERNET_SECURE_FAILURE,
    &DNS_NAME_DOES_NOT_EXIST,
    &RPC_NT_SERVER_UNAVAILABLE,
];
