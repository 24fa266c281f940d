//! The findings of one vCenter: the members of every finding, and a table that tells keys from entities.

use super::{is_narrow, key_cell};
use crate::finding::{Finding, Level};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::model::vcenter::is_uuid;
use schemars::JsonSchema;
use serde::Serialize;

/// A finding of `audit`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct AuditView<'f>(pub &'f Finding);

impl AuditView<'_> {
    fn told(&self, member: &str) -> Option<&str> {
        self.0.detail.text(member)
    }

    /// On a narrow screen the vCenter stands under the word by which commands know it, rather than under its instanceUuid.
    fn entity(&self, look: &Look) -> &str {
        match self.told("entityId") {
            Some(id) if is_narrow(look) && is_uuid(id) => "vc",
            told => told.unwrap_or_default(),
        }
    }
}

impl View for AuditView<'_> {
    const SCHEMA: &'static str = Finding::SCHEMA;
    const COLUMNS: &'static [Column] = &[
        column("SEVERITY", "severity", Fit::Keep),
        column("CLASS", "class", Fit::Keep),
        column("KEY", "detail.licenseKey", Fit::Seldom),
        column("ENTITY", "detail.entityId", Fit::Keep),
        column("DETAIL", "message", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Spare),
    ];
    const TIME: Option<&'static str> = Finding::TIME;

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = match self.0.severity {
            Level::Error => Tone::Bad,
            Level::Warning => Tone::Warning,
            Level::Info => Tone::Faint,
        };
        let key = self.told("licenseKey");
        vec![
            Cell::toned(self.0.severity.word(), tone),
            self.0.class.into(),
            key.map_or_else(|| "".into(), |key| key_cell(Some(key), look)),
            self.entity(look).into(),
            self.0.message.clone().into(),
            self.0.remedy.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.0.name()
    }
}
