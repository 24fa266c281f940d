//! The status codes of OMA DM, by number: what a device answers to each command of a message.
//!
//! Which of them stands for which failure of Windows is told in `codes`.

use super::documents::REPPRO;
use crate::catalog::{Code, Native, Severity, stated};

/// Below 300 a command was done, but for those that say that it was not.
const fn severity(number: u16) -> Severity {
    match number {
        ..200 | 300..400 => Severity::Information,
        211 | 214..=216 | 400.. => Severity::Failure,
        200..300 => Severity::Success,
    }
}

const fn status(
    number: u16,
    symbol: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
) -> Code {
    Code {
        symbol,
        native: Native::SyncmlStatus(number),
        severity: severity(number),
        meaning,
        cause,
        remedy,
        source: stated(&REPPRO, "response status codes"),
    }
}

pub static IN_PROGRESS: Code = status(
    101,
    "In progress",
    "being carried out, and not finished",
    "",
    "wait for the final status",
);

pub static OK: Code = status(200, "OK", "the command was completed", "", "");

pub static ITEM_ADDED: Code = status(201, "Item added", "the node was made", "", "");

pub static ACCEPTED: Code = status(
    202,
    "Accepted for processing",
    "the command was taken, and its work goes on after the reply",
    "an Exec that upgrades the edition, changes the key or leaves S mode",
    "read the status node of that operation until it is done",
);

pub static NON_AUTHORITATIVE: Code =
    status(203, "Non-authoritative response", "the answer comes from elsewhere", "", "");

pub static NO_CONTENT: Code = status(
    204,
    "No content",
    "the command was completed, and there is nothing to hand back",
    "a Get of a target that has no content",
    "",
);

pub static RESET_CONTENT: Code =
    status(205, "Reset content", "the sender should renew what it shows", "", "");

pub static PARTIAL_CONTENT: Code = status(
    206,
    "Partial content",
    "a part of the answer; the rest follows later",
    "",
    "ask for the next message",
);

pub static MERGED: Code = status(
    207,
    "Conflict resolved with merge",
    "both versions were merged; data synchronisation only",
    "",
    "",
);

pub static CLIENT_WINS: Code = status(
    208,
    "Conflict resolved, client wins",
    "the client's version was kept; data synchronisation only",
    "",
    "",
);

pub static DUPLICATED: Code = status(
    209,
    "Conflict resolved with duplicate",
    "both versions were kept; data synchronisation only",
    "",
    "",
);

pub static NOT_ARCHIVED: Code = status(
    210,
    "Deleted without archive",
    "deleted, and not archived; data synchronisation only",
    "",
    "",
);

pub static NOT_DELETED: Code = status(
    211,
    "Item not deleted",
    "what should be deleted was not found; data synchronisation only",
    "",
    "",
);

pub static AUTHENTICATED: Code = status(
    212,
    "Authentication accepted",
    "the credentials hold for the rest of the session",
    "the SyncHdr carried good credentials",
    "",
);

pub static CHUNK_ACCEPTED: Code = status(
    213,
    "Chunked item accepted",
    "a part of a large item was buffered",
    "the item says that more data follow",
    "send the next part",
);

pub static CANCELLED: Code = status(
    214,
    "Operation cancelled",
    "not carried out, as the session was cancelled before it",
    "an Alert 1223 aborted the session",
    "send the command in a new session",
);

pub static NOT_EXECUTED: Code = status(
    215,
    "Not executed",
    "the command was left out",
    "it stands in an Atomic after a command that failed, or the user declined it",
    "repair the command that failed first, or take this one out of the Atomic",
);

pub static ROLLED_BACK: Code = status(
    216,
    "Atomic rolled back",
    "the command was done and undone again",
    "it stands in an Atomic before a command that failed",
    "repair the command that failed, or take this one out of the Atomic",
);

pub static MULTIPLE_CHOICES: Code =
    status(300, "Multiple choices", "the target has several places; one must be chosen", "", "");

pub static MOVED_PERMANENTLY: Code =
    status(301, "Moved permanently", "the target has a new address for good", "", "");

pub static FOUND_ELSEWHERE: Code =
    status(302, "Found", "the target has another address for a time", "", "");

pub static SEE_OTHER: Code = status(303, "See other", "the answer is at another address", "", "");

pub static NOT_MODIFIED: Code =
    status(304, "Not modified", "the command was not carried out, as nothing changed", "", "");

pub static USE_PROXY: Code = status(305, "Use proxy", "the target is reached by a proxy", "", "");

pub static BAD_REQUEST: Code = status(
    400,
    "Bad request",
    "the command is malformed",
    "an unknown element, a missing or repeated CmdID, no Item, an Exec with several Items, or an address that begins with `/`",
    "check the document with `licctl csp lint`",
);

pub static INVALID_CREDENTIALS: Code = status(
    401,
    "Invalid credentials",
    "the credentials of the SyncHdr are wrong",
    "user, password or nonce differ from what the other side knows",
    "answer the challenge with its nonce",
);

pub static PAYMENT_NEEDED: Code = status(402, "Payment needed", "the command must be paid", "", "");

pub static FORBIDDEN: Code = status(
    403,
    "Forbidden",
    "understood and refused",
    "a CSP forbids it in this state; WindowsLicensing never answers so",
    "",
);

pub static NOT_FOUND: Code = status(
    404,
    "Not found",
    "there is no such node on this device",
    "a misspelt address, a node that this build or edition does not have, or a node that was never added",
    "compare the address with `licctl csp tree`, and the build with `licctl csp ddf`",
);

pub static NOT_ALLOWED: Code = status(
    405,
    "Command not allowed",
    "the node's access type does not hold this verb",
    "a custom profile that sets a node which takes only Exec, as ChangeProductKey does, or only Get",
    "use the verb the node has; a custom profile cannot Exec",
);

pub static NOT_SUPPORTED: Code = status(
    406,
    "Optional feature not supported",
    "the client lacks this part of the protocol",
    "Copy, Search, Map, Put, an access control list, a `?prop=` query, or an Alert that the client does not serve",
    "do without it; the Windows client has none of these",
);

pub static CREDENTIALS_MISSING: Code = status(
    407,
    "Credentials missing",
    "the SyncHdr must carry credentials",
    "a session that the other side wants authenticated",
    "answer the challenge with its nonce",
);

pub static REQUEST_TIMEOUT: Code =
    status(408, "Request timeout", "a message did not come in time", "", "send it again");

pub static CONFLICT: Code =
    status(409, "Conflict", "the target changed in the meantime", "", "read it and try again");

pub static GONE: Code = status(410, "Gone", "the target was there and is no more", "", "");

pub static SIZE_REQUIRED: Code =
    status(411, "Size required", "the size of the item must be told", "", "add Meta/Size");

pub static INCOMPLETE: Code = status(
    412,
    "Incomplete command",
    "the command lacks something that the target needs",
    "",
    "complete the command",
);

pub static ENTITY_TOO_LARGE: Code = status(
    413,
    "Request entity too large",
    "the item is larger than the other side takes",
    "",
    "send less at a time",
);

pub static URI_TOO_LONG: Code =
    status(414, "URI too long", "the address is longer than the other side takes", "", "");

pub static UNSUPPORTED_FORMAT: Code = status(
    415,
    "Unsupported media type or format",
    "the format or the data do not suit the node",
    "Meta/Format differs from the DDF, or Data is no value of it",
    "write the format that `licctl csp ddf` prints for the node",
);

pub static SIZE_TOO_BIG: Code =
    status(416, "Requested size too big", "more was asked for than there can be", "", "");

pub static RETRY_LATER: Code =
    status(417, "Retry later", "the other side is busy", "", "try again later");

pub static ALREADY_EXISTS: Code = status(
    418,
    "Already exists",
    "the node is there already",
    "an Add of a node that was added before",
    "use Replace, or Delete the node first",
);

pub static SERVER_WINS: Code = status(
    419,
    "Conflict resolved with server data",
    "the server's version was kept; data synchronisation only",
    "",
    "",
);

pub static DEVICE_FULL: Code =
    status(420, "Device full", "no room is left on the device", "", "free some room");

pub static UNKNOWN_GRAMMAR: Code =
    status(421, "Unknown search grammar", "the query cannot be read", "", "");

pub static BAD_SCRIPT: Code =
    status(422, "Bad CGI script", "the script in the address cannot be run", "", "");

pub static SOFT_DELETE_CONFLICT: Code = status(
    423,
    "Soft-delete conflict",
    "the item was deleted softly before; data synchronisation only",
    "",
    "",
);

pub static SIZE_MISMATCH: Code = status(
    424,
    "Size mismatch",
    "a chunked item is not as large as it was told to be",
    "",
    "send it again with its true Meta/Size",
);

pub static PERMISSION_DENIED: Code = status(
    425,
    "Permission denied",
    "the sender has no right to the node",
    "an access control list, or a CSP that may not write where it wants to",
    "let the authority that owns the node send the command",
);

pub static PARTIAL_NOT_ACCEPTED: Code = status(
    426,
    "Partial item not accepted",
    "the target takes whole items only",
    "",
    "send the item in one piece",
);

pub static NOT_EMPTY: Code =
    status(427, "Item not empty", "the node has children", "", "delete the children first");

pub static MOVE_FAILED: Code = status(428, "Move failed", "the item could not be moved", "", "");

pub static FAILED: Code = status(
    500,
    "Command failed",
    "the device could not carry the command out",
    "the state of the device forbids it, the product key does not suit, a value is none of the allowed ones, or an Atomic holds a Get or an Atomic",
    "read the original error behind it; `licctl explain` knows it",
);

pub static NOT_IMPLEMENTED: Code =
    status(501, "Command not implemented", "the client does not know the command", "", "");

pub static BAD_GATEWAY: Code =
    status(502, "Bad gateway", "a server in between answered wrongly", "", "try again later");

pub static SERVICE_UNAVAILABLE: Code =
    status(503, "Service unavailable", "the other side is overloaded", "", "try again later");

pub static GATEWAY_TIMEOUT: Code =
    status(504, "Gateway timeout", "a server in between did not answer", "", "try again later");

pub static DTD_NOT_SUPPORTED: Code = status(
    505,
    "DTD version not supported",
    "the version of the message's grammar is unknown",
    "VerDTD is neither 1.2 nor 1.1",
    "write `<VerDTD>1.2</VerDTD>`",
);

pub static PROCESSING_ERROR: Code =
    status(506, "Processing error", "something failed on the way", "", "try again");

pub static ATOMIC_FAILED: Code = status(
    507,
    "Atomic failed",
    "a command of the Atomic failed, and all others were undone",
    "one command of the group was refused",
    "repair the command that failed, or send the commands singly",
);

pub static REFRESH_REQUIRED: Code =
    status(508, "Refresh required", "both sides must compare everything anew", "", "");

pub static RESERVED: Code = status(509, "Reserved", "a number that has no meaning yet", "", "");

pub static DATA_STORE_FAILURE: Code =
    status(510, "Data store failure", "the store of the other side failed", "", "");

pub static SERVER_FAILURE: Code =
    status(511, "Server failure", "the other side failed severely", "", "");

pub static SYNCHRONISATION_FAILED: Code =
    status(512, "Synchronisation failed", "an application error ended the session", "", "");

pub static PROTOCOL_NOT_SUPPORTED: Code = status(
    513,
    "Protocol version not supported",
    "the version of the protocol is unknown",
    "VerProto is neither DM/1.2 nor DM/1.1",
    "write `<VerProto>DM/1.2</VerProto>`",
);

pub static ALREADY_CANCELLED: Code =
    status(514, "Operation already cancelled", "the command was cancelled before", "", "");

pub static ROLLBACK_FAILED: Code = status(
    516,
    "Atomic rollback failed",
    "the command was done and could not be undone",
    "it stands in an Atomic before a command that failed",
    "set the node by hand; its value is not known",
);

pub static RESPONSE_TOO_LARGE: Code = status(
    517,
    "Atomic response too large",
    "the answers of an Atomic do not fit into one message",
    "MaxMsgSize is smaller than the answers",
    "split the Atomic",
);

/// Every status, by number.
pub static STATUSES: [&Code; 70] = [
    &IN_PROGRESS,
    &OK,
    &ITEM_ADDED,
    &ACCEPTED,
    &NON_AUTHORITATIVE,
    &NO_CONTENT,
    &RESET_CONTENT,
    &PARTIAL_CONTENT,
    &MERGED,
    &CLIENT_WINS,
    &DUPLICATED,
    &NOT_ARCHIVED,
    &NOT_DELETED,
    &AUTHENTICATED,
    &CHUNK_ACCEPTED,
    &CANCELLED,
    &NOT_EXECUTED,
    &ROLLED_BACK,
    &MULTIPLE_CHOICES,
    &MOVED_PERMANENTLY,
    &FOUND_ELSEWHERE,
    &SEE_OTHER,
    &NOT_MODIFIED,
    &USE_PROXY,
    &BAD_REQUEST,
    &INVALID_CREDENTIALS,
    &PAYMENT_NEEDED,
    &FORBIDDEN,
    &NOT_FOUND,
    &NOT_ALLOWED,
    &NOT_SUPPORTED,
    &CREDENTIALS_MISSING,
    &REQUEST_TIMEOUT,
    &CONFLICT,
    &GONE,
    &SIZE_REQUIRED,
    &INCOMPLETE,
    &ENTITY_TOO_LARGE,
    &URI_TOO_LONG,
    &UNSUPPORTED_FORMAT,
    &SIZE_TOO_BIG,
    &RETRY_LATER,
    &ALREADY_EXISTS,
    &SERVER_WINS,
    &DEVICE_FULL,
    &UNKNOWN_GRAMMAR,
    &BAD_SCRIPT,
    &SOFT_DELETE_CONFLICT,
    &SIZE_MISMATCH,
    &PERMISSION_DENIED,
    &PARTIAL_NOT_ACCEPTED,
    &NOT_EMPTY,
    &MOVE_FAILED,
    &FAILED,
    &NOT_IMPLEMENTED,
    &BAD_GATEWAY,
    &SERVICE_UNAVAILABLE,
    &GATEWAY_TIMEOUT,
    &DTD_NOT_SUPPORTED,
    &PROCESSING_ERROR,
    &ATOMIC_FAILED,
    &REFRESH_REQUIRED,
    &RESERVED,
    &DATA_STORE_FAILURE,
    &SERVER_FAILURE,
    &SYNCHRONISATION_FAILED,
    &PROTOCOL_NOT_SUPPORTED,
    &ALREADY_CANCELLED,
    &ROLLBACK_FAILED,
    &RESPONSE_TOO_LARGE,
];

/// The statuses that Windows documents for its client.
///
/// Source: [OMADM] common status codes.
pub static DOCUMENTED: [&Code; 18] = [
    &OK,
    &ACCEPTED,
    &AUTHENTICATED,
    &CANCELLED,
    &NOT_EXECUTED,
    &ROLLED_BACK,
    &BAD_REQUEST,
    &INVALID_CREDENTIALS,
    &FORBIDDEN,
    &NOT_FOUND,
    &NOT_ALLOWED,
    &NOT_SUPPORTED,
    &UNSUPPORTED_FORMAT,
    &ALREADY_EXISTS,
    &PERMISSION_DENIED,
    &FAILED,
    &ATOMIC_FAILED,
    &ROLLBACK_FAILED,
];
