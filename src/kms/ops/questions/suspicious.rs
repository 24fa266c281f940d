//! Records that stand where only the key management service writes and are none of its events.

use super::Evidence;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::store::questions;
use crate::store::{Flow, Read};
use serde_json::Value as Json;

/// A stranger in the log; what it holds was never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    pub host: String,
    pub record: Option<u64>,
    pub time: Timestamp,
    /// Event ID.
    pub id: u32,
    /// Bytes of its binary part, or of its text when it has none.
    pub size: u64,
    /// Of the same, in hexadecimal digits.
    pub sha256: String,
}

/// Hands out every stranger, host by host in the order of time.
pub fn strangers(
    read: &mut dyn Read,
    evidence: &Evidence,
    each: &mut dyn FnMut(Stranger) -> Outcome<Flow>,
) -> Outcome<()> {
    let span = (Timestamp::MIN, evidence.now);
    questions::each_event(read, &evidence.names, &evidence.scope, span, &mut |event| {
        let fields: Json = serde_json::from_str(event.fields).unwrap_or_default();
        if fields.get("Suspicious").and_then(Json::as_bool) != Some(true) {
            return Ok(Flow::Continue(()));
        }
        each(Stranger {
            host: event.host.to_owned(),
            record: event.record,
            time: event.time,
            id: event.id,
            size: fields.get("Size").and_then(Json::as_u64).unwrap_or_default(),
            sha256: fields.get("Sha256").and_then(Json::as_str).unwrap_or_default().to_owned(),
        })
    })
}
