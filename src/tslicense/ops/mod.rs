//! One function per API method, and the domain's side of an import: load, rule, save.

pub mod annotate;
pub mod call;
pub mod held;
pub mod intake;
pub mod licenses;
pub mod plan;
pub mod questions;
pub mod servers;
