//! What TAB offers: stored names. Nothing on a locked or missing store, never an error.

use super::API;
use crate::session;
use crate::tslicense::catalog::methods::{CLASSES, WmiMethod};
use crate::tslicense::catalog::versions::{Os, VERSIONS};
use crate::tslicense::store::{hosts, packs, servers};
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// Servers whose name begins with what was typed.
pub(super) fn servers(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer_instances(&API, typed)
}

/// Session hosts.
pub(super) fn hosts(typed: &OsStr) -> Vec<CompletionCandidate> {
    let names = session::peek(|read| {
        Ok(hosts::all(read)?.into_iter().map(|(_, host)| host.name).collect())
    });
    session::offer(typed, names.iter().map(String::as_str))
}

/// Numbers of key packs, of every server.
pub(super) fn packs(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut ids = session::peek(|read| {
        let mut ids = Vec::new();
        for (id, _) in servers::all(read)? {
            ids.extend(packs::of(read, id)?.into_iter().map(|pack| pack.id.0));
        }
        Ok(ids)
    });
    ids.sort_unstable();
    ids.dedup();
    let words: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    session::offer(typed, words.iter().map(String::as_str))
}

/// Classes that have methods.
pub(super) fn classes(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, CLASSES.iter().map(|(class, _)| *class))
}

/// Methods of every class.
pub(super) fn methods(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, CLASSES.iter().flat_map(|(_, table)| table.iter().map(WmiMethod::word)))
}

/// Product versions by their year.
pub(super) fn versions(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, VERSIONS.iter().flat_map(|row| row.words.iter().copied()))
}

/// Releases of Windows Server.
pub(super) fn releases(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer(typed, Os::ALL.into_iter().map(Os::word))
}
