//! Sentinel RMS: the licenseInfo query, the license table behind it, and the tokens that are issued of it.
//!
//! Implements the query in both versions with every element of its page and its siblings, the table with its rules of combining, the
//! matching of locks and sites, and the life of tokens: sharing, holding, queues, reservations, check-outs, trials, grace, pools.
//! Left out: license codes, which are never read, kept or shown; the wire; capacities and overdrafts.

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
