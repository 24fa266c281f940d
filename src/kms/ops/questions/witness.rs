//! Whether what clients logged of their requests agrees with the logs of the hosts.

use super::Evidence;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::kms::ops::hosts::number;
use crate::kms::report::Period;
use crate::kms::report::skew::difference;
use crate::kms::report::witness::{Asked, Told, Witness};
use crate::kms::store::questions::{self, Event};
use crate::kms::store::units::{self, Scope};
use crate::store::{Flow, Read};
use serde_json::Value as Json;
use uuid::Uuid;

/// The event of a client that sent a request.
const SENT: u32 = 12288;

/// What the logs of clients and those of hosts do not agree on. Without any log of a client nothing more is read.
pub fn findings(read: &mut dyn Read, evidence: &Evidence, period: Period) -> Outcome<Vec<Finding>> {
    let (mut witness, span) = (Witness::default(), (period.start, period.now));
    questions::each_event(read, &evidence.names, &evidence.scope, span, &mut |event| {
        if event.id == SENT {
            take(&mut witness, event);
        }
        Ok(Flow::Continue(()))
    })?;
    if witness.is_empty() {
        return Ok(Vec::new());
    }
    questions::each_witnessed(read, &evidence.names, span, &mut |row| {
        if let Some(minute) = minute(row.client_time, row.time) {
            let asked = Asked { cmid: row.cmid, activation: row.activation, minute };
            witness.logged(asked, &row.told, row.host);
        }
    })?;
    let covered = units::coverage(read, &evidence.names, &Scope::default(), evidence.now)?;
    Ok(witness.finish(&covered, period))
}

/// The minute that a client's clock showed, since 1970; `None` when the text is no time.
fn minute(client_time: &str, logged: Timestamp) -> Option<i64> {
    let seconds = logged.s().checked_add(difference(client_time, logged)?)?;
    Some(seconds.div_euclid(60))
}

/// Takes what a client logged; a client time that is none tells no request.
fn take(witness: &mut Witness, event: &Event<'_>) {
    let fields: Json = serde_json::from_str(event.fields).unwrap_or_default();
    let text = |member: &str| fields.get(member).and_then(Json::as_str);
    let guid = |member: &str| text(member).and_then(|text| Uuid::try_parse(text).ok());
    let read = || {
        let asked = Asked {
            cmid: guid("ClientMachineID")?,
            activation: guid("ActivationID")?,
            minute: minute(text("ClientTime")?, event.time)?,
        };
        let told = Told {
            client: event.host.to_owned(),
            status: u8::try_from(number(&fields, "LicenseStatus")?).ok()?,
            minutes: number(&fields, "GracePeriodRemaining")?,
            virtual_machine: fields.get("IsVirtualMachine")?.as_bool()?,
            required: number(&fields, "RequiredClientCount"),
        };
        Some((asked, told))
    };
    if let Some((asked, told)) = read() {
        let reached = number(&fields, "HResult") == Some(0);
        witness.sent(asked, told, event.time, (text("Target").unwrap_or_default(), reached));
    }
}
