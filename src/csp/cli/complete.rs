//! What TAB offers: stored names and the words of the catalog. Nothing on a locked or missing store, never an error.

use super::API;
use crate::csp::catalog::editions::{EDITIONS, Edition};
use crate::csp::catalog::nodes::NODES;
use crate::csp::store;
use crate::session;
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// Devices whose name begins with what was typed.
pub(super) fn devices(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer_instances(&API, typed)
}

/// Editions whose name begins with what was typed, any case.
pub(super) fn editions(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, EDITIONS.iter().map(Edition::title))
}

/// Nodes whose path begins with what was typed, any case.
pub(super) fn nodes(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, NODES.iter().map(|node| node.path).filter(|path| !path.is_empty()))
}

/// Entries of the key catalogue whose id begins with what was typed.
pub(super) fn keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let ids = session::peek(|read| {
        let catalog = store::keys::load(read)?;
        Ok(catalog.entries().iter().map(|entry| entry.id.clone()).collect())
    });
    session::offer(typed, ids.iter().map(String::as_str))
}
