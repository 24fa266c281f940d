//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod calls;
mod evidence;
mod machines;
mod properties;
mod questions;

pub use calls::{EntryView, FaultView, ReturnView, SimulatedView};
pub use evidence::{ClientView, ClientsView, Guid, RequestView};
pub use machines::{MachineDetailView, MachineView, ProductView};
pub use properties::{ProductDetailView, PropertyView, ServiceView};
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
        (MachineView::SCHEMA, schema_for!(MachineView)),
        (MachineDetailView::SCHEMA, schema_for!(MachineDetailView)),
        (ServiceView::SCHEMA, schema_for!(ServiceView)),
        (PropertyView::SCHEMA, schema_for!(PropertyView)),
        (ProductView::SCHEMA, schema_for!(ProductView)),
        (ProductDetailView::SCHEMA, schema_for!(ProductDetailView)),
        (ReturnView::SCHEMA, schema_for!(ReturnView)),
        (FaultView::SCHEMA, schema_for!(FaultView)),
        (EntryView::SCHEMA, schema_for!(EntryView)),
        (SimulatedView::SCHEMA, schema_for!(SimulatedView)),
    ]
}

/// The name of a product for people: that of the table, else its activation ID.
fn product(activation: uuid::Uuid) -> String {
    crate::kms::catalog::skus::lookup(activation)
        .map_or_else(|| activation.to_string(), |sku| sku.name.to_owned())
}
