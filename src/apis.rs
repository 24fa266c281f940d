//! The one list of the domains. A new one is a folder and a line here.

use crate::api::Api;
use crate::store::Tables;

/// Every API that this build implements, in the order of help and status.
pub static APIS: &[&Api] = &[
    &crate::kms::API,
    &crate::csp::API,
    &crate::tslicense::API,
    &crate::vsphere::API,
    &crate::rms::API,
];

/// The domain of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Api> {
    APIS.iter().find(|api| api.name == name).copied()
}

/// The tables of every domain.
#[must_use]
pub fn tables() -> Vec<&'static Tables> {
    APIS.iter().map(|api| api.tables).collect()
}
