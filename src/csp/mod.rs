//! The `WindowsLicensing` configuration service provider of Windows: OMA-DM nodes, SyncML, DDF.
//!
//! Implements every node that its page and its DDF state, and the client's side of a SyncML session as far as one message and its
//! answer go. Left out: enrolment, the wire, WBXML, and anything that installs a key on a real device.

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

pub use cli::API;
