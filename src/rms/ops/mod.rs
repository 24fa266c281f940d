//! One function per API call, and the domain's side of an import: load, rule, save.

pub mod features;
pub mod intake;
pub mod licenses;
pub mod query;
pub mod questions;
pub mod servers;

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
