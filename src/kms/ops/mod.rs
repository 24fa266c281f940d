//! One function per API method, and the domain's side of an import: load, rule, save.

pub mod activation;
mod adopt;
mod behind;
pub mod cache;
pub mod call;
mod clients;
pub mod desired;
pub mod dns;
pub mod editions;
pub mod expected;
pub mod faults;
pub mod hosts;
pub mod intake;
mod licenses;
pub mod machines;
pub mod ospp;
pub mod plan;
pub mod products;
pub mod questions;
pub mod records;
pub mod requests;
#[cfg(test)]
mod scratch;
mod shown;
pub mod slmgr;
pub mod snapshots;
#[cfg(test)]
mod splits;
