//! Assignments: as the API answers, with a full copy of the license in each; and each license once with who holds it.

use super::{LicenseView, PropertyView, key_cell, left, name_of, number, properties, wide};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::ops::assignments::Assigned;
use crate::vsphere::ops::query::{Answered, Holding};
use crate::vsphere::rules::info;
use crate::vsphere::rules::standing::{AssetStatus, Standing};
use schemars::JsonSchema;
use serde::Serialize;

/// `LicenseAssignmentManagerLicenseAssignment`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentView {
    entity_id: String,
    /// Absent for the vCenter itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_display_name: Option<String>,
    assigned_license: LicenseView,
    properties: Vec<PropertyView>,
    /// `LICENSED`, `EXPIRED_LICENSE`, `EVALUATION`, `EXPIRED_EVALUATION`, `UNKNOWN`.
    asset_status: &'static str,
    /// Units that the entity takes; null: not known.
    entity_cost: Option<i64>,
    cost_unit: String,
    /// When the license or the evaluation ends; null: never, or not known.
    expires: Option<Timestamp>,
}

impl AssignmentView {
    #[must_use]
    pub fn new(answered: &Answered, secrets: bool) -> Self {
        let told = &answered.assignment;
        let license = match &answered.license {
            Some(license) => {
                LicenseView::of(license, answered.taken, &told.assigned_license, secrets)
            }
            None => LicenseView::answer(&told.assigned_license, secrets),
        };
        Self {
            entity_id: told.entity_id.clone(),
            scope: told.scope.clone(),
            entity_display_name: told.entity_display_name.clone(),
            properties: properties(&told.properties, secrets),
            asset_status: answered.standing.status.word(),
            entity_cost: answered.held.as_ref().and_then(|held| held.cost),
            cost_unit: told.assigned_license.cost_unit.clone(),
            expires: answered.standing.end,
            assigned_license: license,
        }
    }
}

/// The tone of a status.
fn tone(word: &str) -> Tone {
    match word {
        word if word == AssetStatus::Licensed.word() => Tone::Good,
        word if word == AssetStatus::Evaluation.word() => Tone::Warning,
        word if word == AssetStatus::Unknown.word() => Tone::Faint,
        _ => Tone::Bad,
    }
}

impl View for AssignmentView {
    const SCHEMA: &'static str = "licctl.vsphere.assignment/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("SCOPE", "scope", Fit::Spare),
        column("EDITION", "assignedLicense.editionKey", Fit::Elide),
        column("KEY", "assignedLicense.licenseKey", Fit::Keep),
        column("COST", "entityCost", Fit::Number),
        column("UNIT", "costUnit", Fit::Spare),
        column("STATUS", "assetStatus", Fit::Keep),
        column("LEFT", "expires", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.entity_id.clone().into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            self.scope.clone().unwrap_or_default().into(),
            self.assigned_license.edition().to_owned().into(),
            key_cell(Some(self.assigned_license.key()), look),
            number(self.entity_cost).into(),
            self.cost_unit.clone().into(),
            Cell::toned(self.asset_status, tone(self.asset_status)),
            left(self.expires, look.now).into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(&wide(look))).collect();
        for property in &self.properties {
            let text = property.value.as_str().map(str::to_owned);
            let text = text.unwrap_or_else(|| property.value.to_string());
            lines.push((property.key.clone(), text.into()));
        }
        lines
    }
}

/// An assignment that was made, with what it leaves of the license.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignedView {
    entity_id: String,
    entity_display_name: Option<String>,
    license_key: String,
    /// Units that the entity takes; null: not known, or on evaluation.
    entity_cost: Option<i64>,
    /// Absent: unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<i32>,
    total: i32,
    free: Option<i64>,
    cost_unit: String,
}

impl AssignedView {
    #[must_use]
    pub fn new(assigned: &Assigned, secrets: bool) -> Self {
        let info = &assigned.info;
        Self {
            entity_id: assigned.entity.entity_id.clone(),
            entity_display_name: name_of(&assigned.entity),
            license_key: info.license_key.text(secrets).to_owned(),
            entity_cost: assigned.cost,
            used: info.used,
            total: info.total,
            free: info::free(&assigned.license, assigned.taken),
            cost_unit: info.cost_unit.clone(),
        }
    }
}

impl View for AssignedView {
    const SCHEMA: &'static str = "licctl.vsphere.assigned/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("KEY", "licenseKey", Fit::ElideHead),
        column("COST", "entityCost", Fit::Number),
        column("USED", "used", Fit::Number),
        column("TOTAL", "total", Fit::Number),
        column("FREE", "free", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.entity_id.clone().into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            self.license_key.clone().into(),
            number(self.entity_cost).into(),
            number(self.used.map(i64::from)).into(),
            if self.total == 0 { "unlimited".to_owned() } else { self.total.to_string() }.into(),
            number(self.free).into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

/// How an entity stands after its license was taken away.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandingView {
    entity_id: String,
    entity_display_name: Option<String>,
    /// `LICENSED`, `EXPIRED_LICENSE`, `EVALUATION`, `EXPIRED_EVALUATION`, `UNKNOWN`.
    asset_status: &'static str,
    /// Whole hours left; null: never ends, or not known.
    expiration_hours: Option<i64>,
    expiration_minutes: Option<i64>,
}

impl StandingView {
    #[must_use]
    pub fn new(entity: &Entity, standing: Standing, now: Timestamp) -> Self {
        let version = entity.product_version.as_deref();
        let left = standing.end.map(|end| crate::vsphere::rules::expiry::left(end, now, version));
        Self {
            entity_id: entity.entity_id.clone(),
            entity_display_name: name_of(entity),
            asset_status: standing.status.word(),
            expiration_hours: left.map(|left| left.hours),
            expiration_minutes: left.map(|left| left.minutes),
        }
    }
}

impl View for StandingView {
    const SCHEMA: &'static str = "licctl.vsphere.standing/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("STATUS", "assetStatus", Fit::Keep),
        column("LEFT", "expirationHours", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let left = match (self.expiration_hours, self.expiration_minutes) {
            (Some(hours), Some(minutes)) if minutes < 60 => format!("{hours} h {minutes} min"),
            (Some(hours), _) => format!("{hours} h"),
            _ => "-".to_owned(),
        };
        vec![
            self.entity_id.clone().into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            Cell::toned(self.asset_status, tone(self.asset_status)),
            left.into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

/// Who holds a license.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HolderView {
    #[serde(rename = "entityId")]
    id: String,
    #[serde(rename = "entityDisplayName")]
    name: Option<String>,
    /// Null: not known.
    #[serde(rename = "entityCost")]
    cost: Option<i64>,
}

/// One license with everybody who holds it: the assignments without their repeated licenses.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoldingView {
    assigned_license: LicenseView,
    entities: Vec<HolderView>,
}

impl HoldingView {
    #[must_use]
    pub fn new(holding: &Holding, secrets: bool) -> Self {
        let holder = |(entity, cost): &(Entity, Option<i64>)| HolderView {
            id: entity.entity_id.clone(),
            name: entity.name.clone(),
            cost: *cost,
        };
        Self {
            assigned_license: LicenseView::answer(&holding.info, secrets),
            entities: holding.holders.iter().map(holder).collect(),
        }
    }
}

impl View for HoldingView {
    const SCHEMA: &'static str = "licctl.vsphere.holding/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "assignedLicense.licenseKey", Fit::Keep),
        column("NAME", "assignedLicense.name", Fit::Elide),
        column("USED", "assignedLicense.used", Fit::Number),
        column("TOTAL", "assignedLicense.total", Fit::Number),
        column("ENTITIES", "entities", Fit::Wrap),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let license = self.assigned_license.cells(look);
        let at = |place: usize| license.get(place).cloned().unwrap_or_else(|| Cell::from(""));
        let called = |holder: &HolderView| match (&holder.name, holder.cost) {
            (Some(name), Some(cost)) => format!("{name} ({cost})"),
            (Some(name), None) => name.clone(),
            (None, _) => holder.id.clone(),
        };
        let entities: Vec<String> = self.entities.iter().map(called).collect();
        vec![at(0), at(2), at(5), at(4), entities.join(", ").into()]
    }

    fn name(&self) -> String {
        self.assigned_license.key().to_owned()
    }
}
