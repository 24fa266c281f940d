//! Windows volume activation: the WMI class `SoftwareLicensingService`, and `SoftwareLicensingProduct` as far as a KMS host's
//! accounting needs it.
//!
//! Implements the class as its Vista/2008 edition states it (18 properties, 11 methods) and its later members by version profile.
//! Left out, and refused: the activation protocol between client and host, product keys beyond their last five characters, and
//! anything that activates real software.

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
