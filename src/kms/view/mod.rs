//! What the domain shows: the JSON contract and its tables. Members that the API has keep the API's spelling.

mod calls;
mod counted;
mod dns;
mod evidence;
mod facts;
mod judged;
mod logged;
mod machines;
mod pages;
mod properties;
mod questions;
mod snapshots;

pub use calls::{EntryView, FaultView, ReturnView, SimulatedView};
pub use counted::{BucketView, ChurnView, CounterView};
pub use dns::{DnsCheckView, DnsFindingView, TryView};
pub use evidence::{ClientView, ClientsView, Guid, RequestView};
pub use facts::{ErrorView, LearnedView, SkuView};
pub use judged::{HealthView, PolicyView};
pub use logged::{CoverageView, DigestView, SkewView, StrangerView};
pub use machines::{MachineDetailView, MachineView, ProductView};
pub use pages::{PageView, PlanView};
pub use properties::{ProductDetailView, PropertyView, ServiceView};
pub use questions::{LapseView, OutlookView, SharedView};
pub use snapshots::{SnapshotDetailView, SnapshotView};

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
        (ChurnView::SCHEMA, schema_for!(ChurnView)),
        (BucketView::SCHEMA, schema_for!(BucketView)),
        (PolicyView::SCHEMA, schema_for!(PolicyView)),
        (HealthView::SCHEMA, schema_for!(HealthView)),
        (CounterView::SCHEMA, schema_for!(CounterView)),
        (CoverageView::SCHEMA, schema_for!(CoverageView)),
        (SkewView::SCHEMA, schema_for!(SkewView)),
        (StrangerView::SCHEMA, schema_for!(StrangerView)),
        (DigestView::SCHEMA, schema_for!(DigestView)),
        (SkuView::SCHEMA, schema_for!(SkuView)),
        (LearnedView::SCHEMA, schema_for!(LearnedView)),
        (ErrorView::SCHEMA, schema_for!(ErrorView)),
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
        (PageView::SCHEMA, schema_for!(PageView)),
        (DnsCheckView::SCHEMA, schema_for!(DnsCheckView)),
        (DnsFindingView::SCHEMA, schema_for!(DnsFindingView)),
        (TryView::SCHEMA, schema_for!(TryView)),
        (PlanView::SCHEMA, schema_for!(PlanView)),
        (SnapshotView::SCHEMA, schema_for!(SnapshotView)),
        (SnapshotDetailView::SCHEMA, schema_for!(SnapshotDetailView)),
    ]
}
