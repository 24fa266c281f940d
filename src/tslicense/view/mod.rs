//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod calls;
mod hosts;
mod licenses;
mod migrate;
mod outlook;
mod packs;
mod questions;
mod reports;
mod servers;

pub use calls::{CallView, EventView, command};
pub use hosts::{HostAskedView, HostCallView, HostView};
pub use licenses::{ConnectionView, IssuedView, PlanView, UserView};
pub use migrate::{StepView, VerifiedView};
pub use outlook::{DiagnosisView, FactView, UpgradeView};
pub use packs::{KeyPackView, Purchased};
pub use questions::LineView;
pub use reports::{
    DeviceEntryView, FailedEntryView, FailedSummaryView, FetchView, ReportCallView, ReportView,
    SummaryEntryView, UserEntryView,
};
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
        (HostView::SCHEMA, schema_for!(HostView)),
        (HostCallView::SCHEMA, schema_for!(HostCallView)),
        (HostAskedView::SCHEMA, schema_for!(HostAskedView)),
        (FactView::SCHEMA, schema_for!(FactView<'_>)),
        (DiagnosisView::SCHEMA, schema_for!(DiagnosisView<'_>)),
        (UpgradeView::SCHEMA, schema_for!(UpgradeView<'_>)),
        (StepView::SCHEMA, schema_for!(StepView<'_>)),
        (VerifiedView::SCHEMA, schema_for!(VerifiedView)),
        (ReportView::SCHEMA, schema_for!(ReportView)),
        (UserEntryView::SCHEMA, schema_for!(UserEntryView)),
        (DeviceEntryView::SCHEMA, schema_for!(DeviceEntryView)),
        (FailedEntryView::SCHEMA, schema_for!(FailedEntryView)),
        (FailedSummaryView::SCHEMA, schema_for!(FailedSummaryView)),
        (SummaryEntryView::SCHEMA, schema_for!(SummaryEntryView)),
        (ReportCallView::SCHEMA, schema_for!(ReportCallView)),
        (FetchView::SCHEMA, schema_for!(FetchView)),
        (ConnectionView::SCHEMA, schema_for!(ConnectionView)),
    ]
}
