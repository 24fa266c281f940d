//! Entities and their evaluations.

use super::{key_cell, number, wide};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::License;
use crate::vsphere::rules::expiry;
use crate::vsphere::rules::standing::standing;
use schemars::JsonSchema;
use serde::Serialize;

/// What is licensed, with what its cost is counted from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntityView {
    entity_id: String,
    /// `vcenter`, `host`, `cluster`, `solution`.
    kind: &'static str,
    entity_display_name: Option<String>,
    parent: Option<String>,
    path: Option<String>,
    product_version: Option<String>,
    /// Cores of each CPU package; empty: not known.
    packages: Vec<u32>,
    num_cpu_packages: Option<u32>,
    num_cpu_cores: Option<u32>,
    num_vms_started: Option<u32>,
    num_vms_starting: Option<u32>,
    /// Raw capacity that vSAN claims, in TiB, as it was given.
    vsan_capacity: Option<String>,
    model: Option<String>,
    connection_state: &'static str,
    in_use_features: Vec<String>,
    /// Key of the license that it is assigned; null: its evaluation.
    license_key: Option<String>,
    edition_key: Option<String>,
    asset_status: &'static str,
}

impl EntityView {
    #[must_use]
    pub fn new(entity: &Entity, license: Option<&License>, now: Timestamp, secrets: bool) -> Self {
        let resources = entity.resources;
        Self {
            entity_id: entity.entity_id.clone(),
            kind: entity.kind.word(),
            entity_display_name: entity.name.clone(),
            parent: entity.parent.clone(),
            path: entity.path.clone(),
            product_version: entity.product_version.clone(),
            packages: entity.processors.packages.clone(),
            num_cpu_packages: entity.processors.number(),
            num_cpu_cores: entity.processors.cores(),
            num_vms_started: resources.vms_started,
            num_vms_starting: resources.vms_starting,
            vsan_capacity: resources.vsan_micro_tib.map(tebibytes),
            model: entity.model.clone(),
            connection_state: entity.connection.word(),
            in_use_features: entity.in_use.iter().map(|feature| feature.key.clone()).collect(),
            license_key: license.map(|license| license.key.text(secrets).to_owned()),
            edition_key: license.map(|license| license.edition_key.clone()),
            asset_status: standing(entity, license, now).status.word(),
        }
    }
}

/// Millionths of a TiB as a decimal number without trailing zeros.
fn tebibytes(micro: u64) -> String {
    let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2x16`, or `16,15` when packages differ.
fn cpu(packages: &[u32], count: Option<u32>) -> String {
    match packages.split_first() {
        Some((first, rest)) if rest.iter().all(|cores| cores == first) => {
            format!("{}x{first}", packages.len())
        }
        Some(_) => packages.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        None => count.map_or_else(|| "-".to_owned(), |count| format!("{count}x?")),
    }
}

impl View for EntityView {
    const SCHEMA: &'static str = "licctl.vsphere.entity/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("KIND", "kind", Fit::Keep),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("PARENT", "parent", Fit::Spare),
        column("VERSION", "productVersion", Fit::Keep),
        column("CPU", "packages", Fit::Keep),
        column("CORES", "numCpuCores", Fit::Number),
        column("LICENSE", "licenseKey", Fit::Keep),
        column("STATUS", "assetStatus", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.entity_id.clone().into(),
            self.kind.into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            self.parent.clone().unwrap_or_default().into(),
            self.product_version.clone().unwrap_or_default().into(),
            cpu(&self.packages, self.num_cpu_packages).into(),
            number(self.num_cpu_cores.map(i64::from)).into(),
            key_cell(self.license_key.as_deref(), look),
            self.asset_status.into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(&wide(look))).collect();
        let mut add = |head: &str, text: Option<String>| {
            lines.extend(text.map(|text| (head.to_owned(), Cell::from(text))));
        };
        add("PATH", self.path.clone());
        add("MODEL", self.model.clone());
        add("CONNECTION", Some(self.connection_state.to_owned()));
        add("VMS STARTED", self.num_vms_started.map(|count| count.to_string()));
        add("VSAN TIB", self.vsan_capacity.clone());
        let in_use = self.in_use_features.join(", ");
        add("IN USE", (!in_use.is_empty()).then_some(in_use));
        lines
    }
}

/// The evaluation of an entity.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationView {
    entity_id: String,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    expiration_hours: Option<i64>,
    expiration_minutes: Option<i64>,
    /// `running`, `expired`, `none`.
    state: &'static str,
}

impl EvaluationView {
    #[must_use]
    pub fn new(entity: &Entity, now: Timestamp) -> Self {
        let version = entity.product_version.as_deref();
        let end = entity.evaluation.map(|evaluation| evaluation.end);
        let left = end.map(|end| expiry::left(end, now, version));
        Self {
            entity_id: entity.entity_id.clone(),
            start: entity.evaluation.and_then(|evaluation| evaluation.start),
            end,
            expiration_hours: left.map(|left| left.hours),
            expiration_minutes: left.map(|left| left.minutes),
            state: match end {
                None => "none",
                Some(end) if expiry::is_over(end, now) => "expired",
                Some(_) => "running",
            },
        }
    }
}

impl View for EvaluationView {
    const SCHEMA: &'static str = "licctl.vsphere.evaluation/1";
    const COLUMNS: &'static [Column] = &[
        column("ENTITY", "entityId", Fit::Elide),
        column("START", "start", Fit::Keep),
        column("END", "end", Fit::Keep),
        column("HOURS", "expirationHours", Fit::Number),
        column("MINUTES", "expirationMinutes", Fit::Number),
        column("STATE", "state", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.state == "expired" { Tone::Bad } else { Tone::Plain };
        vec![
            self.entity_id.clone().into(),
            look.time_or_dash(self.start).into(),
            look.time_or_dash(self.end).into(),
            number(self.expiration_hours).into(),
            number(self.expiration_minutes).into(),
            Cell::toned(self.state, tone),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{cpu, tebibytes};

    #[test]
    fn processors_and_capacities_are_written_as_people_write_them() {
        assert_eq!(cpu(&[16, 16], None), "2x16");
        assert_eq!(cpu(&[16, 15], None), "16,15");
        assert_eq!(cpu(&[], Some(2)), "2x?");
        assert_eq!(cpu(&[], None), "-");
        assert_eq!(tebibytes(310_200_000), "310.2");
        assert_eq!(tebibytes(12_000_000), "12");
    }
}
