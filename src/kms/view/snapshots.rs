//! Imported snapshots, as they were found.

use crate::catalog::Kind;
use crate::clock::Timestamp;
use crate::kms::catalog::{product, service};
use crate::kms::ops::snapshots::id;
use crate::kms::store::snapshots::Stored;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

/// A snapshot in one line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotView {
    id: String,
    machine: String,
    taken: Timestamp,
    /// The kind of artefact that it came in.
    kind: String,
}

impl From<&Stored> for SnapshotView {
    fn from(of: &Stored) -> Self {
        Self { id: id(of), machine: of.machine.clone(), taken: of.taken, kind: of.kind.clone() }
    }
}

impl View for SnapshotView {
    const SCHEMA: &'static str = "licctl.kms.snapshot/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "id", Fit::Keep),
        column("MACHINE", "machine", Fit::Elide),
        column("TAKEN", "taken", Fit::Keep),
        column("KIND", "kind", Fit::Spare),
    ];
    const TIME: Option<&'static str> = Some("taken");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.id.clone().into(),
            self.machine.clone().into(),
            look.time(self.taken).into(),
            self.kind.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.id.clone()
    }
}

/// A snapshot with all that it shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotDetailView {
    #[serde(flatten)]
    of: SnapshotView,
    /// Properties of `SoftwareLicensingService`; null when the artefact shows none.
    service: Option<Map<String, Json>>,
    /// Properties of each `SoftwareLicensingProduct`.
    products: Vec<Map<String, Json>>,
}

impl SnapshotDetailView {
    /// - `body`: as it is stored; `secrets`: whether the installation ID is shown.
    #[must_use]
    pub fn new(of: &Stored, body: &Json, secrets: bool) -> Self {
        let object = |value: &Json| value.as_object().map(|object| masked(object, secrets));
        let products = body.get("products").and_then(Json::as_array);
        Self {
            of: of.into(),
            service: body.get("service").and_then(object),
            products: products.into_iter().flatten().filter_map(object).collect(),
        }
    }
}

/// An object with its secrets masked.
fn masked(object: &Map<String, Json>, secrets: bool) -> Map<String, Json> {
    let mut object = object.clone();
    for (name, value) in &mut object {
        let field = product::property(name).map(|row| &row.field);
        let field = field.or_else(|| service::property(name).map(|row| &row.field));
        let (Some(Kind::Secret(mask)), Json::String(text)) = (field.map(|row| row.kind), &value)
        else {
            continue;
        };
        if !secrets {
            *value = Json::from(mask.apply(text));
        }
    }
    object
}

/// A value for people: -1 where the API means it, `-` for null.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::Number(number) if number.as_u64() == Some(u64::from(service::NOT_APPLICABLE)) => {
            "-1".to_owned()
        }
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl View for SnapshotDetailView {
    const SCHEMA: &'static str = "licctl.kms.snapshot.detail/1";
    const COLUMNS: &'static [Column] = SnapshotView::COLUMNS;

    fn cells(&self, look: &Look) -> Vec<Cell> {
        self.of.cells(look)
    }

    fn name(&self) -> String {
        self.of.name()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.of.cells(look)).collect();
        for object in self.service.iter().chain(&self.products) {
            lines.push((String::new(), Cell::from("")));
            lines.extend(object.iter().map(|(name, value)| (name.clone(), shown(value).into())));
        }
        lines
    }
}
