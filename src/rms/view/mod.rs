//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod features;
mod licenses;
mod questions;
mod servers;
mod tools;

pub use features::FeatureView;
pub use licenses::{AddedView, ElementView, InfoView, LicenseView, element_lines};
pub use questions::EndingView;
pub use servers::{RemovedView, ServerView};
pub use tools::{CheckView, CodeView, LockCodeView, LockMaskView, VersionView};

use crate::clock::Timestamp;
use crate::output::View;
use schemars::{Schema, schema_for};

/// Every JSON shape with its schema.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (ServerView::SCHEMA, schema_for!(ServerView)),
        (RemovedView::SCHEMA, schema_for!(RemovedView)),
        (FeatureView::SCHEMA, schema_for!(FeatureView)),
        (LicenseView::SCHEMA, schema_for!(LicenseView)),
        (InfoView::SCHEMA, schema_for!(InfoView)),
        (ElementView::SCHEMA, schema_for!(ElementView)),
        (AddedView::SCHEMA, schema_for!(AddedView)),
        (EndingView::SCHEMA, schema_for!(EndingView)),
        (CheckView::SCHEMA, schema_for!(CheckView)),
        (CodeView::SCHEMA, schema_for!(CodeView)),
        (VersionView::SCHEMA, schema_for!(VersionView)),
        (LockMaskView::SCHEMA, schema_for!(LockMaskView)),
        (LockCodeView::SCHEMA, schema_for!(LockCodeView)),
    ]
}

/// Seconds since 1970 as a moment.
fn moment(seconds: Option<i64>) -> Option<Timestamp> {
    seconds.and_then(Timestamp::from_s)
}
