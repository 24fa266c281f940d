//! The edge cases: of addresses and access, of formats and values, of the clock and the controls.

mod address;
mod life;
mod value;

use super::answer::Answer;
use super::fixture::{Rig, shown};
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::device::Device;

/// A Get of a whole address at midnight.
fn read(device: Device, uri: &str) -> Answer {
    Rig::new(device).send("00:00:00", Verb::Get, uri, (None, None))
}

/// What a Get answers: its data, else the refusal.
fn text(answer: &Answer) -> String {
    answer.results.first().and_then(|item| item.data.clone()).unwrap_or_else(|| shown(answer))
}
