//! Data objects with the type of every value, as VI/JSON sends them.

use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::wire::{keys, typed};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// `LicenseManagerLicenseInfo` or `LicenseAssignmentManagerLicenseAssignment`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TypedView {
    /// The members of the API's object, `_typeName` first.
    #[serde(flatten)]
    members: Json,
}

impl TypedView {
    #[must_use]
    pub fn license(info: &LicenseInfo, secrets: bool) -> Self {
        Self { members: typed::license(info, keys(secrets)) }
    }

    #[must_use]
    pub fn assignment(held: &LicenseAssignment, secrets: bool) -> Self {
        Self { members: typed::assignment(held, keys(secrets)) }
    }

    fn text(&self, name: &str) -> String {
        let licensed = self.members.get("assignedLicense").and_then(|held| held.get(name));
        let held = self.members.get(name).or(licensed).and_then(Json::as_str);
        held.unwrap_or_default().to_owned()
    }
}

impl View for TypedView {
    const SCHEMA: &'static str = "licctl.vsphere.typed/1";
    const COLUMNS: &'static [Column] = &[
        column("TYPE", "_typeName", Fit::Elide),
        column("ENTITY", "entityId", Fit::Elide),
        column("KEY", "licenseKey", Fit::Keep),
        column("EDITION", "editionKey", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let names = ["_typeName", "entityId", "licenseKey", "editionKey"];
        names.map(|name| self.text(name).into()).to_vec()
    }

    fn name(&self) -> String {
        let entity = self.text("entityId");
        if entity.is_empty() { self.text("licenseKey") } else { entity }
    }
}
