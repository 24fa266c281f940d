//! The codes of the Remote Desktop Services WMI provider, those of WMI itself, and those of the older licensing functions.
//!
//! The pages list the codes but not which fault yields which; that is in the rows of the methods and in `rules`.

use super::documents::{CODES, REF, WMI};
use crate::catalog::{Code, Native, Severity, stated};

pub static WBEM_E_FAILED: Code = Code {
    symbol: "WBEM_E_FAILED",
    native: Native::Hresult(0x8004_1001),
    severity: Severity::Failure,
    meaning: "the call failed",
    cause: "the clearinghouse refused, or the provider could not do it",
    remedy: "try again; with --clearinghouse accept the model takes the purchase as valid",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_NOT_FOUND: Code = Code {
    symbol: "WBEM_E_NOT_FOUND",
    native: Native::Hresult(0x8004_1002),
    severity: Severity::Failure,
    meaning: "object not found",
    cause: "no key pack, license, report or matching pack of that description",
    remedy: "list what there is, and correct the number",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_PROVIDER_FAILURE: Code = Code {
    symbol: "WBEM_E_PROVIDER_FAILURE",
    native: Native::Hresult(0x8004_1004),
    severity: Severity::Failure,
    meaning: "provider failed after initialization",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_TYPE_MISMATCH: Code = Code {
    symbol: "WBEM_E_TYPE_MISMATCH",
    native: Native::Hresult(0x8004_1005),
    severity: Severity::Failure,
    meaning: "type mismatch",
    cause: "a number was given for a text, or a text for a number",
    remedy: "give the parameter in the type of the method",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_OUT_OF_MEMORY: Code = Code {
    symbol: "WBEM_E_OUT_OF_MEMORY",
    native: Native::Hresult(0x8004_1006),
    severity: Severity::Failure,
    meaning: "out of memory",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_PARAMETER: Code = Code {
    symbol: "WBEM_E_INVALID_PARAMETER",
    native: Native::Hresult(0x8004_1008),
    severity: Severity::Failure,
    meaning: "a parameter is not correct",
    cause: "a value has the wrong shape, or is none that the method takes",
    remedy: "correct the parameter that the message names",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_NOT_AVAILABLE: Code = Code {
    symbol: "WBEM_E_NOT_AVAILABLE",
    native: Native::Hresult(0x8004_1009),
    severity: Severity::Failure,
    meaning: "resource, typically a remote server, not available now",
    cause: "the clearinghouse or the other server cannot be reached, or the value is not known",
    remedy: "try again when it can be reached",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_NOT_SUPPORTED: Code = Code {
    symbol: "WBEM_E_NOT_SUPPORTED",
    native: Native::Hresult(0x8004_100C),
    severity: Severity::Failure,
    meaning: "feature or operation not supported",
    cause: "the server is older than the licenses, or the version is documented as not supported",
    remedy: "use a license server of at least the version of the licenses",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_NAMESPACE: Code = Code {
    symbol: "WBEM_E_INVALID_NAMESPACE",
    native: Native::Hresult(0x8004_100E),
    severity: Severity::Failure,
    meaning: "namespace not found",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_OBJECT: Code = Code {
    symbol: "WBEM_E_INVALID_OBJECT",
    native: Native::Hresult(0x8004_100F),
    severity: Severity::Failure,
    meaning: "instance not valid",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INITIALIZATION_FAILURE: Code = Code {
    symbol: "WBEM_E_INITIALIZATION_FAILURE",
    native: Native::Hresult(0x8004_1014),
    severity: Severity::Failure,
    meaning: "module failed to initialize",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_OPERATION: Code = Code {
    symbol: "WBEM_E_INVALID_OPERATION",
    native: Native::Hresult(0x8004_1016),
    severity: Severity::Failure,
    meaning: "operation not valid",
    cause: "the call is right, but not in this state: the server is not activated, the pack is built-in, or group policy governs the setting",
    remedy: "bring the object into the state that the message names",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_QUERY: Code = Code {
    symbol: "WBEM_E_INVALID_QUERY",
    native: Native::Hresult(0x8004_1017),
    severity: Severity::Failure,
    meaning: "query not syntactically valid",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_QUERY_TYPE: Code = Code {
    symbol: "WBEM_E_INVALID_QUERY_TYPE",
    native: Native::Hresult(0x8004_1018),
    severity: Severity::Failure,
    meaning: "query language not supported",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_ALREADY_EXISTS: Code = Code {
    symbol: "WBEM_E_ALREADY_EXISTS",
    native: Native::Hresult(0x8004_1019),
    severity: Severity::Failure,
    meaning: "instance already exists",
    cause: "the same licenses were brought in before",
    remedy: "do not bring them in twice",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_SYNTAX: Code = Code {
    symbol: "WBEM_E_INVALID_SYNTAX",
    native: Native::Hresult(0x8004_1021),
    severity: Severity::Failure,
    meaning: "syntax of the query not valid",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_READ_ONLY: Code = Code {
    symbol: "WBEM_E_READ_ONLY",
    native: Native::Hresult(0x8004_1023),
    severity: Severity::Failure,
    meaning: "property is read-only",
    cause: "the property is changed by a method, or not at all",
    remedy: "use the method that changes it",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_PROVIDER_NOT_CAPABLE: Code = Code {
    symbol: "WBEM_E_PROVIDER_NOT_CAPABLE",
    native: Native::Hresult(0x8004_1024),
    severity: Severity::Failure,
    meaning: "provider cannot do the operation",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_ILLEGAL_NULL: Code = Code {
    symbol: "WBEM_E_ILLEGAL_NULL",
    native: Native::Hresult(0x8004_1028),
    severity: Severity::Failure,
    meaning: "null for a property that cannot be null",
    cause: "a parameter is null",
    remedy: "give a value",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_VALUE_OUT_OF_RANGE: Code = Code {
    symbol: "WBEM_E_VALUE_OUT_OF_RANGE",
    native: Native::Hresult(0x8004_102B),
    severity: Severity::Failure,
    meaning: "value out of range for the type",
    cause: "a number is no uint32",
    remedy: "give a number from 0 to 4294967295",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_METHOD: Code = Code {
    symbol: "WBEM_E_INVALID_METHOD",
    native: Native::Hresult(0x8004_102E),
    severity: Severity::Failure,
    meaning: "method not available",
    cause: "the class has no such method, or the server is too old for it",
    remedy: "list the methods of the class",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_METHOD_PARAMETERS: Code = Code {
    symbol: "WBEM_E_INVALID_METHOD_PARAMETERS",
    native: Native::Hresult(0x8004_102F),
    severity: Severity::Failure,
    meaning: "method parameters not valid",
    cause: "a parameter is missing, or is none of the method",
    remedy: "give exactly the parameters of the method",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_INVALID_OBJECT_PATH: Code = Code {
    symbol: "WBEM_E_INVALID_OBJECT_PATH",
    native: Native::Hresult(0x8004_103A),
    severity: Severity::Failure,
    meaning: "object path not valid",
    cause: "",
    remedy: "",
    source: stated(&CODES, "table of codes"),
};

pub static WBEM_E_ACCESS_DENIED: Code = Code {
    symbol: "WBEM_E_ACCESS_DENIED",
    native: Native::Hresult(0x8004_1003),
    severity: Severity::Failure,
    meaning: "access denied",
    cause: "the caller is no administrator of the license server",
    remedy: "call as an administrator of the server",
    source: stated(&WMI, "WMI error constants"),
};

pub static WBEM_E_INVALID_CLASS: Code = Code {
    symbol: "WBEM_E_INVALID_CLASS",
    native: Native::Hresult(0x8004_1010),
    severity: Severity::Failure,
    meaning: "class not valid",
    cause: "the namespace has no such class",
    remedy: "name a class of the licensing provider",
    source: stated(&WMI, "WMI error constants"),
};

pub static WBEM_E_TRANSPORT_FAILURE: Code = Code {
    symbol: "WBEM_E_TRANSPORT_FAILURE",
    native: Native::Hresult(0x8004_1015),
    severity: Severity::Failure,
    meaning: "the transport failed",
    cause: "",
    remedy: "",
    source: stated(&WMI, "WMI error constants"),
};

pub static WBEM_E_SHUTTING_DOWN: Code = Code {
    symbol: "WBEM_E_SHUTTING_DOWN",
    native: Native::Hresult(0x8004_1033),
    severity: Severity::Failure,
    meaning: "the service is shutting down",
    cause: "",
    remedy: "",
    source: stated(&WMI, "WMI error constants"),
};

pub static WBEM_E_SERVER_TOO_BUSY: Code = Code {
    symbol: "WBEM_E_SERVER_TOO_BUSY",
    native: Native::Hresult(0x8004_1045),
    severity: Severity::Failure,
    meaning: "the server is too busy",
    cause: "",
    remedy: "",
    source: stated(&WMI, "WMI error constants"),
};

pub static LSERVER_S_SUCCESS: Code = Code {
    symbol: "LSERVER_S_SUCCESS",
    native: Native::Hresult(0),
    severity: Severity::Success,
    meaning: "done",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_I_NO_MORE_DATA: Code = Code {
    symbol: "LSERVER_I_NO_MORE_DATA",
    native: Native::Hresult(0x4001),
    severity: Severity::Information,
    meaning: "no more entries",
    cause: "the start index lies behind the last entry; the pages of the older functions print the number as decimal 4001",
    remedy: "stop fetching",
    source: stated(&REF, "FetchReportEntries, return value"),
};

pub static LSERVER_E_INTERNAL_ERROR: Code = Code {
    symbol: "LSERVER_E_INTERNAL_ERROR",
    native: Native::Hresult(5001),
    severity: Severity::Failure,
    meaning: "internal error",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_E_INVALID_HANDLE: Code = Code {
    symbol: "LSERVER_E_INVALID_HANDLE",
    native: Native::Hresult(5005),
    severity: Severity::Failure,
    meaning: "handle not valid",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_E_INVALID_SEQUENCE: Code = Code {
    symbol: "LSERVER_E_INVALID_SEQUENCE",
    native: Native::Hresult(5006),
    severity: Severity::Failure,
    meaning: "calls in the wrong order",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_E_SERVER_BUSY: Code = Code {
    symbol: "LSERVER_E_SERVER_BUSY",
    native: Native::Hresult(5007),
    severity: Severity::Failure,
    meaning: "license server busy",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_E_OUTOFMEMORY: Code = Code {
    symbol: "LSERVER_E_OUTOFMEMORY",
    native: Native::Hresult(5008),
    severity: Severity::Failure,
    meaning: "out of memory",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

pub static LSERVER_E_INVALID_DATA: Code = Code {
    symbol: "LSERVER_E_INVALID_DATA",
    native: Native::Hresult(5009),
    severity: Severity::Failure,
    meaning: "data not valid",
    cause: "",
    remedy: "",
    source: stated(&REF, "TLS functions, return values"),
};

/// What the provider answers, as its page lists it.
pub static PROVIDER: [&Code; 23] = [
    &WBEM_E_FAILED,
    &WBEM_E_NOT_FOUND,
    &WBEM_E_PROVIDER_FAILURE,
    &WBEM_E_TYPE_MISMATCH,
    &WBEM_E_OUT_OF_MEMORY,
    &WBEM_E_INVALID_PARAMETER,
    &WBEM_E_NOT_AVAILABLE,
    &WBEM_E_NOT_SUPPORTED,
    &WBEM_E_INVALID_NAMESPACE,
    &WBEM_E_INVALID_OBJECT,
    &WBEM_E_INITIALIZATION_FAILURE,
    &WBEM_E_INVALID_OPERATION,
    &WBEM_E_INVALID_QUERY,
    &WBEM_E_INVALID_QUERY_TYPE,
    &WBEM_E_ALREADY_EXISTS,
    &WBEM_E_INVALID_SYNTAX,
    &WBEM_E_READ_ONLY,
    &WBEM_E_PROVIDER_NOT_CAPABLE,
    &WBEM_E_ILLEGAL_NULL,
    &WBEM_E_VALUE_OUT_OF_RANGE,
    &WBEM_E_INVALID_METHOD,
    &WBEM_E_INVALID_METHOD_PARAMETERS,
    &WBEM_E_INVALID_OBJECT_PATH,
];

/// What WMI itself answers beside them.
pub static SYSTEM: [&Code; 5] = [
    &WBEM_E_ACCESS_DENIED,
    &WBEM_E_INVALID_CLASS,
    &WBEM_E_TRANSPORT_FAILURE,
    &WBEM_E_SHUTTING_DOWN,
    &WBEM_E_SERVER_TOO_BUSY,
];

/// What the older functions and the reports return.
pub static FUNCTIONS: [&Code; 8] = [
    &LSERVER_S_SUCCESS,
    &LSERVER_I_NO_MORE_DATA,
    &LSERVER_E_INTERNAL_ERROR,
    &LSERVER_E_INVALID_HANDLE,
    &LSERVER_E_INVALID_SEQUENCE,
    &LSERVER_E_SERVER_BUSY,
    &LSERVER_E_OUTOFMEMORY,
    &LSERVER_E_INVALID_DATA,
];

#[cfg(test)]
mod tests {
    use super::{PROVIDER, WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_SUPPORTED};

    #[test]
    fn the_published_table_is_whole_and_prints_as_the_page_does() {
        assert_eq!(PROVIDER.len(), 23);
        assert_eq!(WBEM_E_INVALID_PARAMETER.native.number(), Some(2_147_749_896));
        assert_eq!(WBEM_E_NOT_SUPPORTED.native.number(), Some(2_147_749_900));
        let numbers: Vec<u32> = PROVIDER.iter().filter_map(|row| row.native.number()).collect();
        assert!(numbers.is_sorted());
        assert_eq!(numbers[0].cast_signed(), -2_147_217_407);
    }
}
