//! The facts of the licenseInfo query and of the license table behind it: one file a table, as rows.
//!
//! What is answered with them is left to `rules`, what a license holds to `model`.

pub mod alerts;
pub mod codes;
pub mod counters;
pub mod documents;
pub mod elements;
pub mod enumerations;
pub mod locks;
pub mod methods;
pub mod queries;
pub mod server;
pub mod transactions;
pub mod versions;

use crate::catalog::Catalog;

/// Everything that the documents say of the API, for `explain`, the manual and the tests.
pub static CATALOG: Catalog = Catalog {
    documents: &documents::DOCUMENTS,
    fields: &[&elements::FIELDS, &server::SERVER_FIELDS, &counters::COUNTERS],
    codes: &[&codes::CODES, &codes::NUMBERLESS_CODES],
    methods: &[&methods::METHODS],
};

#[cfg(test)]
mod tests;
