//! What TAB offers: stored names. Nothing on a locked or missing store, never an error.

use crate::kms::catalog::methods::{PRODUCT, SERVICE, ServiceMethod};
use crate::kms::catalog::skus;
use crate::kms::store;
use crate::session;
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// How many names are offered.
const OFFERED: usize = 200;

/// CMIDs that begin with what was typed.
pub(super) fn cmids(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let found = session::peek(|read| store::units::cmids_from(read, typed, OFFERED));
    found.into_iter().map(CompletionCandidate::new).collect()
}

/// Machines whose name begins with what was typed.
pub(super) fn machines(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let names = session::peek(store::machine_names);
    let fitting = names.into_iter().filter(|name| name.to_lowercase().starts_with(&typed));
    fitting.take(OFFERED).map(CompletionCandidate::new).collect()
}

/// Editions whose name begins with what was typed, any case.
pub(super) fn editions(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let fitting = skus::SKUS.iter().filter(|sku| sku.name.to_lowercase().starts_with(&typed));
    fitting.map(|sku| CompletionCandidate::new(sku.name)).collect()
}

/// Methods of both classes whose name begins with what was typed, any case.
pub(super) fn methods(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let mut names: Vec<&str> = SERVICE
        .iter()
        .chain(&PRODUCT)
        .map(ServiceMethod::word)
        .filter(|word| word.to_lowercase().starts_with(&typed))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(CompletionCandidate::new).collect()
}
