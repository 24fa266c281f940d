//! How the header of a message is taken.

use super::{number, refuse};
use crate::csp::catalog::codes_status as codes;
use crate::csp::model::answer::{Envelope, Receipt, Reply};
use crate::csp::model::key::hide_keys;
use crate::csp::model::message::{Header, Text};

/// What `VerDTD` may say; a Windows client takes the older one too.
///
/// Source: [MS-MDM] `VerDTD`; 1.1: [CAPTURE], a message in the namespace of SyncML 1.1 is answered.
static VERSIONS: [&str; 2] = ["1.1", "1.2"];

/// What `VerProto` may say.
///
/// Source: [MS-MDM] `VerProto`; DM/1.1 as for [`VERSIONS`].
static PROTOCOLS: [&str; 2] = ["DM/1.1", "DM/1.2"];

/// The longest `SessionID`, in characters.
///
/// Source: [MS-MDM] `SessionID`: at most four bytes.
const SESSION_LENGTH: usize = 4;

/// Of documents that have none: session 1, message 1.
pub(super) fn made_up() -> Receipt {
    Receipt {
        envelope: None,
        message: "1".to_owned(),
        status: number(&codes::OK),
        reason: String::new(),
        no_response: false,
    }
}

/// Checks a header. An empty one is that of a document for local use, which has none.
pub(super) fn receive(header: &Header) -> Receipt {
    let said = [&header.version, &header.protocol, &header.session, &header.message];
    if said.iter().all(|text| text.is_none()) && header.source.is_none() {
        return Receipt { no_response: header.no_response, ..made_up() };
    }
    let (session, message) = (trimmed(header.session.as_ref()), trimmed(header.message.as_ref()));
    let count = message.parse::<u32>().ok().filter(|count| *count >= 1);
    let Reply { status, reason, .. } = check(header, session, message, count);
    let next = u64::from(count.unwrap_or_default()) + 1;
    // What is repeated of a header repeats no product key.
    let repeated = |text: &str| hide_keys(text).into_owned();
    let target = repeated(trimmed(header.source.as_ref()));
    Receipt {
        envelope: Some(Envelope { session: repeated(session), message: next, target }),
        message: repeated(message),
        status,
        reason,
        no_response: header.no_response,
    }
}

fn check(header: &Header, session: &str, message: &str, count: Option<u32>) -> Reply {
    let version = trimmed(header.version.as_ref());
    if !VERSIONS.contains(&version) {
        let reason = format!("`VerDTD` is `{version}`; allowed are {}", listed(&VERSIONS));
        return refuse(&codes::DTD_NOT_SUPPORTED, reason);
    }
    let protocol = trimmed(header.protocol.as_ref());
    if !PROTOCOLS.contains(&protocol) {
        let reason = format!("`VerProto` is `{protocol}`; allowed are {}", listed(&PROTOCOLS));
        return refuse(&codes::PROTOCOL_NOT_SUPPORTED, reason);
    }
    if !(1..=SESSION_LENGTH).contains(&session.chars().count()) {
        let reason =
            format!("`SessionID` is `{session}`; allowed are 1 to {SESSION_LENGTH} characters");
        return refuse(&codes::BAD_REQUEST, reason);
    }
    if count.is_none() {
        let reason = format!("`MsgID` is `{message}`; allowed are whole numbers from 1");
        return refuse(&codes::BAD_REQUEST, reason);
    }
    Reply::status(number(&codes::OK))
}

fn trimmed(text: Option<&Text>) -> &str {
    text.map_or("", |text| text.text.trim())
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and ")
}
