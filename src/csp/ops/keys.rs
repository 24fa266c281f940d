//! The key catalogue: what is loaded must not contradict what is there.

use crate::csp::model::key::ProductKey;
use crate::csp::model::keys::{KeyCatalog, KeyEntry};
use crate::csp::store::keys;
use crate::error::{Complaint, Complaints, Outcome, Place, Usage};
use crate::store::{Put, Read, Tx};

/// What became of the entries of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// Loads entries: those of a known id replace it.
///
/// Complains with `E_CATALOG_AMBIGUOUS` of entries that claim the same keys for different editions.
pub fn load(tx: &mut dyn Tx, entries: &[KeyEntry]) -> Outcome<Loaded> {
    let held = keys::load(tx.reading())?;
    let replaced = |id: &str| entries.iter().any(|entry| entry.id.eq_ignore_ascii_case(id));
    let kept = held.entries().iter().filter(|entry| !replaced(&entry.id));
    let together: Vec<KeyEntry> = kept.chain(entries).cloned().collect();
    KeyCatalog::new(together).map_err(|conflicts| {
        let mut complaints = Complaints::default();
        for conflict in conflicts {
            let message = format!("E_CATALOG_AMBIGUOUS: {conflict}");
            complaints.push(
                Complaint::new(Place::Whole, message)
                    .remedied("leave one of the two out, or tell them apart by `sha256`"),
            );
        }
        complaints
    })?;
    let mut loaded = Loaded::default();
    for entry in entries {
        // An id that differs in case alone is the same entry.
        if let Some(known) = held
            .entries()
            .iter()
            .find(|known| known.id != entry.id && known.id.eq_ignore_ascii_case(&entry.id))
        {
            keys::remove(tx, &known.id)?;
        }
        match keys::save(tx, entry)? {
            Put::Added => loaded.added += 1,
            Put::Changed => loaded.changed += 1,
            Put::Unchanged => loaded.unchanged += 1,
        }
    }
    Ok(loaded)
}

/// Removes an entry; devices keep what they know of their keys.
///
/// Usage error when there is none of that id.
pub fn remove(tx: &mut dyn Tx, id: &str) -> Outcome<String> {
    let held = keys::load(tx.reading())?;
    let found = held.entries().iter().find(|entry| entry.id.eq_ignore_ascii_case(id));
    let Some(found) = found else {
        return Err(Usage::new(format!("the key catalogue has no entry `{id}`"))
            .hinted("`licctl csp key catalog list` shows them")
            .into());
    };
    keys::remove(tx, &found.id)?;
    Ok(found.id.clone())
}

/// The entry that knows a key; `None` when no entry does.
pub fn find(read: &mut dyn Read, key: &ProductKey) -> Outcome<Option<KeyEntry>> {
    Ok(keys::load(read)?.find(key).cloned())
}
