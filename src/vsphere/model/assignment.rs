//! Assignments: which entity holds which license.

use super::license::LicenseInfo;
use super::value::KeyAnyValue;
use crate::clock::Timestamp;

/// `LicenseAssignmentManagerLicenseAssignment`, in the order of the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenseAssignment {
    pub entity_id: String,
    /// The instanceUuid of the managing vCenter; unset for the vCenter itself.
    pub scope: Option<String>,
    pub entity_display_name: Option<String>,
    pub assigned_license: LicenseInfo,
    pub properties: Vec<KeyAnyValue>,
}

/// What the model keeps of an assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Number of the license in its inventory.
    pub license: i64,
    /// Number of the entity in its instance.
    pub entity: i64,
    /// The product that it licenses: of one slot an entity holds one license.
    pub slot: String,
    /// Units; `None` when they cannot be known.
    pub cost: Option<i64>,
    /// What an artefact said it costs.
    pub reported_cost: Option<i64>,
    pub since: Timestamp,
    /// As an artefact showed them, but for those that the model makes.
    pub properties: Vec<KeyAnyValue>,
}
