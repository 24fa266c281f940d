//! The questions about devices and their documents, each over what it is given: pure.

pub mod ddf;
pub mod findings;
pub mod lint;
