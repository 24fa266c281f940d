//! One function per API method, and the domain's side of an import: load, rule, save.

pub mod annotate;
pub mod call;
pub mod desired;
pub mod held;
pub mod history;
pub mod hosts;
pub mod intake;
pub mod licenses;
pub mod migrate;
pub mod outlook;
pub mod plan;
pub mod questions;
pub mod reports;
pub mod servers;
pub mod visits;
