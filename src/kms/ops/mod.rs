//! One function per API method, and the domain's side of an import: load, rule, save.

mod clients;
pub mod hosts;
pub mod intake;
pub mod questions;
