//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod apply;
mod devices;
mod editions;
mod keys;
mod nodes;
mod tools;

pub use apply::{ApplyView, StatusView};
pub use devices::{DeviceView, RemovedView, StateView};
pub use editions::{EditionView, PathView};
pub use keys::KeyEntryView;
pub use nodes::{ActionView, NodeView, TreeView};
pub use tools::{CodeView, DdfNodeView, DifferenceView, OffenceView};

use crate::csp::catalog::enumerations;
use crate::csp::catalog::nodes::Node;
use crate::output::View;
use schemars::{Schema, schema_for};

/// The name of a number that a node holds; nothing for plain numbers.
fn meaning(node: &Node, number: i32) -> String {
    enumerations::meaning(node, number).unwrap_or_default()
}

/// Every JSON shape with its schema.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (DeviceView::SCHEMA, schema_for!(DeviceView)),
        (StateView::SCHEMA, schema_for!(StateView)),
        (RemovedView::SCHEMA, schema_for!(RemovedView)),
        (NodeView::SCHEMA, schema_for!(NodeView)),
        (ActionView::SCHEMA, schema_for!(ActionView)),
        (TreeView::SCHEMA, schema_for!(TreeView)),
        (StatusView::SCHEMA, schema_for!(StatusView)),
        (ApplyView::SCHEMA, schema_for!(ApplyView)),
        (EditionView::SCHEMA, schema_for!(EditionView)),
        (PathView::SCHEMA, schema_for!(PathView)),
        (KeyEntryView::SCHEMA, schema_for!(KeyEntryView)),
        (CodeView::SCHEMA, schema_for!(CodeView)),
        (DifferenceView::SCHEMA, schema_for!(DifferenceView)),
        (DdfNodeView::SCHEMA, schema_for!(DdfNodeView)),
    ]
}
