//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod evidence;
mod questions;

pub use evidence::{ClientView, ClientsView, Guid, RequestView};
pub use questions::{LapseView, OutlookView, SharedView};

use schemars::{Schema, schema_for};

use crate::output::View;

/// Every JSON shape with its schema.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (RequestView::SCHEMA, schema_for!(RequestView)),
        (ClientView::SCHEMA, schema_for!(ClientView)),
        (ClientsView::SCHEMA, schema_for!(ClientsView)),
        (OutlookView::SCHEMA, schema_for!(OutlookView)),
        (LapseView::SCHEMA, schema_for!(LapseView)),
        (SharedView::SCHEMA, schema_for!(SharedView)),
    ]
}

/// The name of a product for people: that of the table, else its activation ID.
fn product(activation: uuid::Uuid) -> String {
    crate::kms::catalog::skus::lookup(activation)
        .map_or_else(|| activation.to_string(), |sku| sku.name.to_owned())
}
