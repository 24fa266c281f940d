//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod capacity;
mod difference;
mod features;
mod groups;
mod info;
mod licenses;
mod pool;
mod questions;
mod replay;
mod servers;
mod sessions;
mod tools;
mod trial;

pub use capacity::{CapacityView, DenialView, UsageView};
pub use difference::DifferenceView;
pub use features::FeatureView;
pub use groups::{AccountView, GroupView, LicenseChangeView};
pub use info::{MemberView, OtherInfoView};
pub use licenses::{AddedView, ElementView, InfoView, LicenseView, element_lines};
pub use pool::{LossView, PoolView};
pub use questions::EndingView;
pub use replay::ReplayView;
pub use servers::{RemovedView, ServerView};
pub use sessions::{CheckOutView, HolderView, QueuedView, SessionView};
pub use tools::{
    CheckView, CodeView, HostView, LockCodeView, LockMaskView, MachineCodeView, VersionView,
};
pub use trial::{GraceView, TrialView};

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
        (SessionView::SCHEMA, schema_for!(SessionView)),
        (QueuedView::SCHEMA, schema_for!(QueuedView)),
        (CheckOutView::SCHEMA, schema_for!(CheckOutView)),
        (HolderView::SCHEMA, schema_for!(HolderView)),
        (CapacityView::SCHEMA, schema_for!(CapacityView)),
        (DenialView::SCHEMA, schema_for!(DenialView)),
        (UsageView::SCHEMA, schema_for!(UsageView)),
        (DifferenceView::SCHEMA, schema_for!(DifferenceView)),
        (ReplayView::SCHEMA, schema_for!(ReplayView)),
        (AccountView::SCHEMA, schema_for!(AccountView)),
        (GroupView::SCHEMA, schema_for!(GroupView)),
        (LicenseChangeView::SCHEMA, schema_for!(LicenseChangeView)),
        (LossView::SCHEMA, schema_for!(LossView)),
        (PoolView::SCHEMA, schema_for!(PoolView)),
        (GraceView::SCHEMA, schema_for!(GraceView)),
        (TrialView::SCHEMA, schema_for!(TrialView)),
        (MemberView::SCHEMA, schema_for!(MemberView)),
        (OtherInfoView::SCHEMA, schema_for!(OtherInfoView)),
        (CheckView::SCHEMA, schema_for!(CheckView)),
        (HostView::SCHEMA, schema_for!(HostView)),
        (MachineCodeView::SCHEMA, schema_for!(MachineCodeView)),
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
