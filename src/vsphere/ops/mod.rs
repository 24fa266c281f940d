//! One function per API method, and what surrounds them: load, rule, save.

pub mod assignments;
pub mod call;
pub mod catalogue;
pub mod desired;
pub mod entities;
pub mod host_licenses;
pub mod intake;
pub mod licenses;
mod linked;
pub mod listing;
mod overlay;
pub mod plan;
pub mod query;
pub mod questions;
pub mod resolve;
pub mod vcenters;
pub mod veil;

use crate::clock::Timestamp;
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::rules::features::Levels;

/// Where and when a method is called.
#[derive(Debug, Clone)]
pub struct Scene {
    pub vcenter: Vcenter,
    pub now: Timestamp,
    pub levels: Levels,
    /// Whether keys are read in full, to be shown.
    pub secrets: bool,
    /// Whether what another instance knows of a key counts.
    pub learned: bool,
}

#[cfg(test)]
mod tests;
