//! What TAB offers: stored names and the words of the catalog. Nothing on a locked or missing store, never an error.

use super::API;
use crate::session;
use crate::store::Read;
use crate::vsphere::catalog::methods::{METHODS, word};
use crate::vsphere::store;
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// Instances whose name begins with what was typed.
pub(super) fn vcenters(typed: &OsStr) -> Vec<CompletionCandidate> {
    session::offer_instances(&API, typed)
}

/// The first instance: a completion does not see the flag.
fn only(read: &mut dyn Read) -> crate::error::Outcome<Option<i64>> {
    let names = crate::store::named::from(read, API.instance.table, "", 1)?;
    match names.first() {
        Some(name) => Ok(store::vcenters::find(read, name)?.map(|vcenter| vcenter.id)),
        None => Ok(None),
    }
}

/// Names and ids of entities that begin with what was typed.
pub(super) fn entities(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = session::peek(|read| match only(read)? {
        Some(vcenter) => store::entities::names_from(read, vcenter, &typed, session::OFFERED),
        None => Ok(Vec::new()),
    });
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// Keys of the inventory by their ends, as far as they may be seen.
pub(super) fn keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_uppercase();
    let found = session::peek(|read| match only(read)? {
        Some(vcenter) => store::licenses::all(read, vcenter),
        None => Ok(Vec::new()),
    });
    let ends = found.into_iter().map(|(license, _)| {
        let end = license.key.shown().trim_start_matches(['*', '-']).to_owned();
        (end, license.name)
    });
    ends.filter(|(end, _)| end.starts_with(&typed))
        .take(session::OFFERED)
        .map(|(end, name)| CompletionCandidate::new(end).help(Some(name.into())))
        .collect()
}

/// Methods whose name begins with what was typed, any case.
pub(super) fn methods(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let names = METHODS.iter().map(|method| word(method));
    names
        .filter(|name| name.to_lowercase().starts_with(&typed))
        .map(CompletionCandidate::new)
        .collect()
}
