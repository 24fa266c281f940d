//! What TAB offers: stored names. Nothing on a locked or missing store, never an error.

use super::API;
use crate::kms::catalog::methods::{PRODUCT, SERVICE, ServiceMethod};
use crate::kms::catalog::slmgr::OPTIONS;
use crate::kms::{ops, store};
use crate::session;
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// CMIDs that begin with what was typed.
pub(super) fn cmids(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let found = session::peek(|read| store::units::cmids_from(read, typed, session::OFFERED));
    found.into_iter().map(CompletionCandidate::new).collect()
}

/// Machines whose name begins with what was typed.
pub(super) fn machines(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer_instances(&API, typed)
}

/// Editions whose name begins with what was typed, any case.
pub(super) fn editions(typed: &OsStr) -> Vec<CompletionCandidate> {
    let known = session::peek(|read| Ok(vec![store::editions::all(read)?]));
    let known = known.into_iter().next().unwrap_or_default();
    session::offer(typed, known.all().iter().map(|edition| edition.name))
}

/// Methods of both classes whose name begins with what was typed, any case.
pub(super) fn methods(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut names: Vec<&str> = SERVICE.iter().chain(&PRODUCT).map(ServiceMethod::word).collect();
    names.sort_unstable();
    names.dedup();
    session::offer(typed, names.into_iter())
}

/// Options of slmgr that begin with what was typed.
pub(super) fn slmgr(typed: &OsStr) -> Vec<CompletionCandidate> {
    let words: Vec<String> = OPTIONS.iter().map(|row| format!("/{}", row.word)).collect();
    session::offer(typed, words.iter().map(String::as_str))
}

/// IDs of snapshots that begin with what was typed.
pub(super) fn snapshots(typed: &OsStr) -> Vec<CompletionCandidate> {
    let ids = session::peek(|read| {
        let stored = store::snapshots::all(read)?;
        Ok(stored.iter().map(ops::snapshots::id).collect::<Vec<String>>())
    });
    session::offer(typed, ids.iter().map(String::as_str).take(session::OFFERED))
}
