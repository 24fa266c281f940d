//! One function per API method, and the domain's side of an import: load, rule, save.

pub mod apply;
pub mod cover;
pub mod desired;
pub mod devices;
pub mod intake;
pub mod keys;
mod merge;
pub mod nodes;
pub mod questions;

use crate::clock::Timestamp;

/// When a command acts, and with which chance.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub now: Timestamp,
    pub seed: u64,
}
