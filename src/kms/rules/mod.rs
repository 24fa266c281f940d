//! What the service answers. Pure: state in, state or refusal out; time and chance are arguments.
//!
//! A method call is `checks::method`, `checks::arguments`, then `call`. A request is `client::request`, `host::account`,
//! `client::take`. Properties are read through `read`.

pub mod address;
pub mod arguments;
pub mod cache;
pub mod call;
pub mod checks;
pub mod client;
pub mod front;
pub mod host;
pub mod keys;
pub mod ledger;
pub mod life;
pub mod lookup;
pub mod plan;
pub mod product;
pub mod read;
mod readers;
pub mod rearm;
pub mod roles;
mod runs;
pub mod service;
pub mod srv;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod random;
#[cfg(test)]
mod worked;
