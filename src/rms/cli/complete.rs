//! What TAB offers: stored names and the words of the catalog. Nothing on a locked or missing store, never an error.

use super::API;
use crate::rms::catalog::codes::CODES;
use crate::rms::store::{features, licenses, servers};
use crate::session::{self, OFFERED};
use clap_complete::CompletionCandidate;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::ops::ControlFlow;

/// License Managers whose name begins with what was typed.
pub(super) fn servers(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer_instances(&API, typed)
}

/// Features whose name begins with what was typed.
pub(super) fn features(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = session::peek(|read| {
        let mut names = BTreeSet::new();
        for (server, _) in servers::all(read)? {
            features::from(read, server, &typed, &mut |name| {
                names.insert(name.to_owned());
                Ok(if names.len() < OFFERED {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })?;
        }
        Ok(names.into_iter().collect())
    });
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// Hashes that begin with what was typed.
pub(super) fn hashes(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_ascii_uppercase();
    let found = session::peek(|read| {
        let mut found = Vec::new();
        for (server, _) in servers::all(read)? {
            found.extend(licenses::hashes_from(read, server, &typed, OFFERED)?);
        }
        Ok(found)
    });
    found.into_iter().map(CompletionCandidate::new).collect()
}

/// Symbols of codes that begin with what was typed, any case.
pub(super) fn symbols(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_ascii_uppercase();
    CODES
        .iter()
        .filter(|code| code.symbol.starts_with(typed.as_str()))
        .map(|code| CompletionCandidate::new(code.symbol))
        .collect()
}
