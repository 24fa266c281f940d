//! Readers: bytes to records. They know no store and no file system.

pub mod catalogue;
pub mod govc;

use crate::artefact::Kind;

/// Every kind that the domain's import reads.
pub static KINDS: &[&Kind] = &[&govc::KIND];
