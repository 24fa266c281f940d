//! Licensing of `VMware` vSphere since version 4: the vim25 managed objects `LicenseManager` and `LicenseAssignmentManager`.
//!
//! Implements the current properties and methods of both, with every field of their data objects. Left out: the members that are
//! deprecated since 4.0, which refuse; and the decoding of keys, for which the user's catalogue stands in.

pub mod catalog;
pub mod cli;
pub mod export;
pub mod import;
pub mod model;
pub mod ops;
pub mod report;
pub mod rules;
pub mod store;
pub mod view;
pub mod wire;

pub use cli::API;
