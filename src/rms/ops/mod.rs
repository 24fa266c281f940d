//! One function per API call, and the domain's side of an import: load, rule, save.

pub mod capacity;
pub mod charts;
pub mod commuted;
pub mod commuter;
pub mod desired;
pub mod desk;
pub mod difference;
pub mod features;
pub mod grace;
pub mod info;
pub mod intake;
pub mod licenses;
pub mod log;
pub mod pools;
pub mod query;
pub mod questions;
pub mod replay;
pub mod reservations;
pub mod revoke;
pub mod servers;
pub mod sessions;
pub mod trials;
pub mod usage;

use crate::error::{Outcome, Stop, Usage};
use crate::rms::model::server::Server;
use crate::rms::store;
use crate::store::Read;

/// The License Manager of that name as it is stored, and its row's number.
///
/// Usage error when there is none.
fn server(read: &mut dyn Read, name: &str) -> Outcome<(i64, Server)> {
    store::servers::find(read, name)?.ok_or_else(|| {
        Usage::new(format!("there is no server `{name}`"))
            .hinted("`licctl rms server list` shows them")
            .into()
    })
}

/// The same end, with the call of the API that it is the end of.
fn of(stop: Stop, api: &str) -> Stop {
    match stop {
        Stop::Refused(refusal) => Stop::from(refusal.of(api)),
        other => other,
    }
}

#[cfg(test)]
mod random;
#[cfg(test)]
mod worked;
