//! The usage log of a License Manager, as it is written out again.

use super::server;
use crate::error::Outcome;
use crate::rms::model::usage::UsageRecord;
use crate::rms::store::usage::{self, Wanted};
use crate::store::{Flow, Read};

/// Hands out every record in the order in which they were logged; none when nothing was ever logged.
pub fn in_order(
    read: &mut dyn Read,
    name: &str,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    let (_, server) = server(read, name)?;
    match usage::known_manager(read, &server.name)? {
        Some(manager) => usage::in_order(read, manager, &Wanted::default(), found),
        None => Ok(()),
    }
}
