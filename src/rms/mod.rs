//! Sentinel RMS: the licenseInfo query and the license table behind it.
//!
//! Implements the query in both versions with every element of its page, the table with its rules of combining, and the matching
//! of locks and sites. Left out: license codes, which are never read, kept or shown; the wire; and what issues tokens.

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
