//! What a host says of its license beside what its vCenter says.

use super::{key_cell, name_of};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::ops::host_licenses::HostLicense;
use schemars::JsonSchema;
use serde::Serialize;

/// Both keys of a host.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostLicenseView {
    entity_id: String,
    entity_display_name: Option<String>,
    /// What the host says; null: not known.
    host_key: Option<String>,
    host_edition: Option<String>,
    /// What the vCenter assigned.
    assigned_key: String,
    assigned_edition: Option<String>,
    /// Null: the host says nothing.
    #[serde(rename = "match")]
    matches: Option<bool>,
}

impl HostLicenseView {
    #[must_use]
    pub fn new(told: &HostLicense, secrets: bool) -> Self {
        let evaluation = crate::vsphere::model::key::EVALUATION;
        Self {
            entity_id: told.entity.entity_id.clone(),
            entity_display_name: name_of(&told.entity),
            host_key: told.host.as_ref().map(|key| key.text(secrets).to_owned()),
            host_edition: told.host_license.as_ref().map(|license| license.edition_key.clone()),
            assigned_key: told
                .assigned
                .as_ref()
                .map_or(evaluation, |license| license.key.text(secrets))
                .to_owned(),
            assigned_edition: told.assigned.as_ref().map(|license| license.edition_key.clone()),
            matches: told.matches(),
        }
    }
}

impl View for HostLicenseView {
    const SCHEMA: &'static str = "licctl.vsphere.hostlicense/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("HOSTKEY", "hostKey", Fit::ElideHead),
        column("ASSIGNED", "assignedKey", Fit::ElideHead),
        column("MATCH", "match", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let matches = match self.matches {
            Some(true) => Cell::toned("yes", Tone::Good),
            Some(false) => Cell::toned("no", Tone::Bad),
            None => Cell::toned("-", Tone::Faint),
        };
        vec![
            self.entity_id.clone().into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            key_cell(self.host_key.as_deref(), look),
            key_cell(Some(&self.assigned_key), look),
            matches,
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}
