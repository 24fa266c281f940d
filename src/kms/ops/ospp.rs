//! What ospp.vbs shows of the Office products of a machine.

use super::machines::Held;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::export::slmgr::{Listed, Shown, status};
use crate::kms::store::pools::Clients;
use crate::store::Read;
use jiff::tz::TimeZone;

/// The lines of `/dstatus` or `/dstatusall`.
pub fn show(
    read: &mut dyn Read,
    machine: &str,
    listed: Listed,
    now: Timestamp,
) -> Outcome<(Vec<String>, Held)> {
    let held = Held::load(read, machine, now)?;
    let pools = held.pools(read, Clients::All)?;
    let zone = TimeZone::UTC;
    let shown = Shown { state: &held.state, pools: &pools, now, zone: &zone, secrets: false };
    Ok((status(&shown, listed), held))
}
