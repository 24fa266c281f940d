//! What TAB offers: stored names. Nothing on a locked or missing store, never an error.

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
