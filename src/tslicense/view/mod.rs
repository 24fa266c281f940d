//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod calls;
mod licenses;
mod packs;
mod questions;
mod servers;

pub use calls::{CallView, EventView, command};
pub use licenses::{ConnectionView, IssuedView, PlanView, UserView};
pub use packs::{KeyPackView, Purchased};
pub use questions::LineView;
pub use servers::ServerView;

use crate::output::View;
use schemars::{Schema, schema_for};

/// Every JSON shape with its schema.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (KeyPackView::SCHEMA, schema_for!(KeyPackView)),
        (CallView::SCHEMA, schema_for!(CallView)),
        (ServerView::SCHEMA, schema_for!(ServerView)),
        (EventView::SCHEMA, schema_for!(EventView)),
        (LineView::SCHEMA, schema_for!(LineView)),
        (IssuedView::SCHEMA, schema_for!(IssuedView)),
        (UserView::SCHEMA, schema_for!(UserView)),
        (PlanView::SCHEMA, schema_for!(PlanView)),
        (ConnectionView::SCHEMA, schema_for!(ConnectionView)),
    ]
}
