//! What a shell is offered at TAB out of the store. Nothing here fails or waits: on any trouble there is nothing to offer.

use super::open_store;
use super::settings::{Settings, named_file};
use crate::api::Api;
use crate::error::Outcome;
use crate::store::{Read, named};
use clap_complete::CompletionCandidate;
use std::ffi::OsStr;

/// How many names a completion offers.
pub const OFFERED: usize = 200;

/// The stored instances of a domain whose name begins with what was typed, for a completion.
#[must_use]
pub fn offer_instances(api: &Api, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = peek(|read| named::from(read, api.instance.table, &typed, OFFERED));
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// Words that begin with what was typed, any case, for a completion.
#[must_use]
pub fn offer<'w>(typed: &OsStr, words: impl Iterator<Item = &'w str>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    words
        .filter(|word| word.to_lowercase().starts_with(&typed))
        .map(|word| CompletionCandidate::new(word.to_owned()))
        .collect()
}

/// Reads the store for a completion: nothing on any trouble, and nothing waits.
pub fn peek<T>(work: impl FnOnce(&mut dyn Read) -> Outcome<Vec<T>>) -> Vec<T> {
    let named = || Settings::read(named_file().as_deref())?.value("store", None, Ok);
    let Ok(store) = named().and_then(|named| open_store(named.as_deref())) else {
        return Vec::new();
    };
    if store.path().is_none_or(|path| !path.exists()) {
        return Vec::new();
    }
    store.impatient().read(work).unwrap_or_default()
}
