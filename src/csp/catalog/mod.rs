//! The facts of the `WindowsLicensing` CSP and of the protocol around it: one file a table, as rows.
//!
//! What a device answers with them is left to `rules`, what it can hold to `model`.

pub mod codes;
pub mod codes_hresult;
pub mod codes_intune;
pub mod codes_status;
pub mod context;
pub mod conversion;
pub mod ddf;
pub mod documents;
pub mod editions;
pub mod enumerations;
pub mod intune;
pub mod lint;
pub mod methods;
pub mod nodes;
pub mod paths;
pub mod releases;

use crate::catalog::{Catalog, Code};

/// Everything that the documents say of the API, for `explain`, the manual and the tests.
pub static CATALOG: Catalog = Catalog {
    documents: &documents::DOCUMENTS,
    fields: &[&nodes::FIELDS, &context::CONTEXT_FIELDS],
    codes: &[
        &codes::STATUSES,
        &codes::HRESULT_CODES,
        &codes::LOCAL_MANAGEMENT,
        &codes::PORTAL,
        &codes::RESULTS,
        &codes::OWN,
    ],
    methods: &[&methods::VERB_METHODS, &methods::OWN_METHODS],
};

/// Finds a code by its symbol; ASCII case does not matter.
#[must_use]
pub fn code_named(symbol: &str) -> Option<&'static Code> {
    CATALOG.codes().find(|code| code.symbol.eq_ignore_ascii_case(symbol))
}

#[cfg(test)]
mod tests;
