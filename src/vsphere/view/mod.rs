//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod assignments;
mod calls;
mod catalogue;
mod cores;
mod entities;
mod findings;
mod hosts;
mod licenses;
mod plan;
mod questions;
mod typed;
mod vcenters;

pub use assignments::{AssignedView, AssignmentView, HolderView, HoldingView, StandingView};
pub use calls::{CallView, FeatureView, VoidView};
pub use catalogue::{CatalogueKeyView, CatalogueView};
pub use cores::{ClusterView, CoresView, HostCoresView, TotalView};
pub use entities::{EntityView, EvaluationView};
pub use findings::AuditView;
pub use hosts::HostLicenseView;
pub use licenses::{LabelView, LicenseView};
pub use plan::{MoveView, PlanView, UnplacedView, UsedView};
pub use questions::{ReclaimView, StatusView};
pub use typed::TypedView;
pub use vcenters::{PropertiesView, VcenterView};

use crate::output::{Cell, Look, View};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::{EVALUATION, PLACEHOLDER, veiled};
use crate::vsphere::model::value::{KeyAnyValue, KeyValue};
use crate::vsphere::wire::{keys, plain};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::Value as Json;

/// Every JSON shape with its schema.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (VcenterView::SCHEMA, schema_for!(VcenterView)),
        (PropertiesView::SCHEMA, schema_for!(PropertiesView)),
        (LicenseView::SCHEMA, schema_for!(LicenseView)),
        (LabelView::SCHEMA, schema_for!(LabelView)),
        (HoldingView::SCHEMA, schema_for!(HoldingView)),
        (AssignmentView::SCHEMA, schema_for!(AssignmentView)),
        (AssignedView::SCHEMA, schema_for!(AssignedView)),
        (StandingView::SCHEMA, schema_for!(StandingView)),
        (EntityView::SCHEMA, schema_for!(EntityView)),
        (EvaluationView::SCHEMA, schema_for!(EvaluationView)),
        (CatalogueView::SCHEMA, schema_for!(CatalogueView)),
        (CatalogueKeyView::SCHEMA, schema_for!(CatalogueKeyView)),
        (HostLicenseView::SCHEMA, schema_for!(HostLicenseView)),
        (FeatureView::SCHEMA, schema_for!(FeatureView)),
        (StatusView::SCHEMA, schema_for!(StatusView)),
        (CoresView::SCHEMA, schema_for!(CoresView)),
        (HostCoresView::SCHEMA, schema_for!(HostCoresView)),
        (ReclaimView::SCHEMA, schema_for!(ReclaimView)),
        (PlanView::SCHEMA, schema_for!(PlanView)),
        (MoveView::SCHEMA, schema_for!(MoveView)),
        (UsedView::SCHEMA, schema_for!(UsedView)),
        (CallView::SCHEMA, schema_for!(CallView)),
        (TypedView::SCHEMA, schema_for!(TypedView)),
        (VoidView::SCHEMA, schema_for!(VoidView)),
    ]
}

/// `KeyValue`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PairView {
    pub key: String,
    pub value: String,
}

impl From<&KeyValue> for PairView {
    fn from(pair: &KeyValue) -> Self {
        Self { key: pair.key.clone(), value: pair.value.clone() }
    }
}

/// `KeyAnyValue`: the value is of any type.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PropertyView {
    pub key: String,
    pub value: Json,
}

/// The properties of a data object, as the API's JSON has them.
fn properties(held: &[KeyAnyValue], secrets: bool) -> Vec<PropertyView> {
    let Json::Array(items) = plain::properties(held, keys(secrets)) else { return Vec::new() };
    let value = |item: &Json| item.get("value").cloned().unwrap_or(Json::Null);
    held.iter()
        .zip(&items)
        .map(|(held, item)| PropertyView { key: held.key.clone(), value: value(item) })
        .collect()
}

fn pairs(held: &[KeyValue]) -> Vec<PairView> {
    held.iter().map(PairView::from).collect()
}

/// The narrowest screen on which masks of keys leave enough room for what stands beside them.
const ROOMY: usize = 120;

fn is_narrow(look: &Look) -> bool {
    look.width.is_some_and(|width| width < ROOMY)
}

/// A key in a table, `-` when there is none. On a narrow screen a masked one stands without its mask, as all begin with it.
fn key_cell(key: Option<&str>, look: &Look) -> Cell {
    const MASK: &str = "*****-*****-*****-";
    let Some(key) = key else { return "-".into() };
    let narrow = is_narrow(look);
    let open = key == EVALUATION || key == PLACEHOLDER;
    match key.strip_prefix(MASK) {
        Some(told) if narrow => format!("…{told}").into(),
        None if narrow && open => format!("…{}", key.get(MASK.len()..).unwrap_or(key)).into(),
        _ => key.to_owned().into(),
    }
}

/// The same on a screen that is as wide as it takes: a single object has a line for each of its members.
fn wide(look: &Look) -> Look {
    Look { width: None, ..look.clone() }
}

/// The display name of an entity as everybody may see it.
fn name_of(entity: &Entity) -> Option<String> {
    entity.name.as_deref().map(|name| veiled(name).into_owned())
}

/// A number in a table, `-` when there is none.
fn number(value: Option<i64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Days or hours that are left, as people count them.
fn left(end: Option<crate::clock::Timestamp>, now: crate::clock::Timestamp) -> String {
    match end.map(|end| end.since(now)) {
        None => "-".to_owned(),
        Some(ms) if ms <= 0 => "0 h".to_owned(),
        Some(ms) => match ms / 3_600_000 {
            hours if hours < 72 => format!("{hours} h"),
            hours => format!("{} d", hours / 24),
        },
    }
}
