//! The answers to the questions of an administrator.

use super::{key_cell, left, number};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::report::Held;
use crate::vsphere::report::reclaim::Reclaimable;
use crate::vsphere::rules::expiry;
use schemars::JsonSchema;
use serde::Serialize;

/// How an entity is licensed, and with which edition it should be.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    entity_id: String,
    entity_display_name: Option<String>,
    cluster: Option<String>,
    product_version: Option<String>,
    license_key: Option<String>,
    edition_key: Option<String>,
    asset_status: &'static str,
    entity_cost: Option<i64>,
    #[serde(rename = "CostUnit")]
    cost_unit: Option<String>,
    /// Whole hours until license or evaluation end; null: never.
    expiration_hours: Option<i64>,
    expires: Option<Timestamp>,
    expected_edition: Option<String>,
    mismatch: bool,
}

impl StatusView {
    /// - `cluster`: its display name.
    #[must_use]
    pub fn new(
        held: &Held<'_>,
        cluster: Option<&str>,
        expected: Option<&String>,
        mismatch: bool,
        now: Timestamp,
    ) -> Self {
        let entity = held.entity;
        let first = held.licenses.first();
        let version = entity.product_version.as_deref();
        Self {
            entity_id: entity.entity_id.clone(),
            entity_display_name: entity.name.clone(),
            cluster: cluster.map(str::to_owned),
            product_version: entity.product_version.clone(),
            license_key: first.map(|(license, _)| license.key.text(true).to_owned()),
            edition_key: first.map(|(license, _)| license.edition_key.clone()),
            asset_status: held.standing.status.word(),
            entity_cost: first.and_then(|(_, assignment)| assignment.cost),
            cost_unit: first.map(|(license, _)| license.cost_unit.clone()),
            expiration_hours: held.standing.end.map(|end| expiry::left(end, now, version).hours),
            expires: held.standing.end,
            expected_edition: expected.cloned(),
            mismatch,
        }
    }
}

impl View for StatusView {
    const SCHEMA: &'static str = "licctl.vsphere.status/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("CLUSTER", "cluster", Fit::Spare),
        column("VERSION", "productVersion", Fit::Spare),
        column("LICENSE", "licenseKey", Fit::Keep),
        column("EDITION", "editionKey", Fit::Elide),
        column("STATUS", "assetStatus", Fit::Keep),
        column("COST", "entityCost", Fit::Number),
        column("UNIT", "CostUnit", Fit::Spare),
        column("LEFT", "expires", Fit::Keep),
        column("EXPECTED", "expectedEdition", Fit::Elide),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let tone = if self.mismatch { Tone::Warning } else { Tone::Plain };
        vec![
            self.entity_id.clone().into(),
            text(&self.entity_display_name).into(),
            text(&self.cluster).into(),
            text(&self.product_version).into(),
            key_cell(self.license_key.as_deref(), look),
            Cell::toned(text(&self.edition_key), tone),
            self.asset_status.into(),
            number(self.entity_cost).into(),
            text(&self.cost_unit).into(),
            left(self.expires, look.now).into(),
            Cell::toned(text(&self.expected_edition), tone),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

/// Units that could be taken back.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReclaimView {
    license_key: String,
    name: String,
    cost_unit: String,
    total: i32,
    used: i64,
    /// Units that could be taken back.
    free: i64,
    /// `unassigned`, `free`, `disconnected`, `overCosted`, `expired`.
    reason: &'static str,
    /// Who holds them; null: nobody.
    entity_id: Option<String>,
    expires: Option<Timestamp>,
}

impl From<&Reclaimable<'_>> for ReclaimView {
    fn from(row: &Reclaimable<'_>) -> Self {
        Self {
            license_key: row.license.key.text(true).to_owned(),
            name: row.license.name.clone(),
            cost_unit: row.license.cost_unit.clone(),
            total: row.license.total,
            used: row.used,
            free: row.units,
            reason: row.reason.word(),
            entity_id: row.holder.map(|holder| holder.entity_id.clone()),
            expires: row.license.expires(),
        }
    }
}

impl View for ReclaimView {
    const SCHEMA: &'static str = "licctl.vsphere.reclaim/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "licenseKey", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("UNIT", "costUnit", Fit::Elide),
        column("TOTAL", "total", Fit::Number),
        column("USED", "used", Fit::Number),
        column("FREE", "free", Fit::Number),
        column("REASON", "reason", Fit::Keep),
        column("ENTITY", "entityId", Fit::Spare),
        column("EXPIRES", "expires", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            key_cell(Some(&self.license_key), look),
            self.name.clone().into(),
            self.cost_unit.clone().into(),
            self.total.to_string().into(),
            self.used.to_string().into(),
            self.free.to_string().into(),
            self.reason.into(),
            self.entity_id.clone().unwrap_or_default().into(),
            self.expires.map_or_else(|| "never".to_owned(), Timestamp::date).into(),
        ]
    }

    fn name(&self) -> String {
        self.license_key.clone()
    }
}
