//! The clients of an import and their numbers, remembered so that each is looked up in the store once.

use crate::error::{Outcome, Stop};
use crate::kms::store::names;
use crate::store::Tx;
use std::collections::HashMap;
use uuid::Uuid;

/// Clients by CMID; one CMID may have several names. Kept small: there may be a million of them.
#[derive(Debug, Default)]
pub(super) struct Clients {
    first: HashMap<Uuid, u32>,
    known: Vec<Client>,
    /// The names of all, one after the other.
    names: String,
    /// New clients that the store does not have yet.
    pending: Vec<(i64, Uuid, Box<str>)>,
    /// The number of the next new client; unknown after a batch, in which others may have made some.
    next: Option<i64>,
    /// The newest client that this import knows of. When the store has a newer one, somebody else made it.
    newest: i64,
    /// Whether the store holds no client but those of this import: then nothing needs to be looked up.
    fresh: Option<bool>,
}

#[derive(Debug)]
struct Client {
    start: u32,
    length: u32,
    /// The place of the next name of the same CMID; `NONE` for the last one.
    next: u32,
    number: i64,
}

const NONE: u32 = u32::MAX;

impl Clients {
    /// The store's number for a client under a name.
    pub(super) fn number(&mut self, tx: &mut dyn Tx, cmid: &Uuid, name: &str) -> Outcome<i64> {
        let mut last = NONE;
        let mut at = self.first.get(cmid).copied().unwrap_or(NONE);
        while let Some(client) = self.at(at) {
            if self.name(client) == name {
                return Ok(client.number);
            }
            last = at;
            at = client.next;
        }
        let number = self.find_or_make(tx, cmid, name)?;
        let place = u32::try_from(self.known.len())
            .map_err(|_| Stop::bug("too many clients in one import"))?;
        let start = u32::try_from(self.names.len())
            .map_err(|_| Stop::bug("too many client names in one import"))?;
        let length =
            u32::try_from(name.len()).map_err(|_| Stop::bug("a client name is too long"))?;
        self.names.push_str(name);
        self.known.push(Client { start, length, next: NONE, number });
        match usize::try_from(last).ok().and_then(|last| self.known.get_mut(last)) {
            Some(last) => last.next = place,
            None => {
                self.first.insert(*cmid, place);
            }
        }
        Ok(number)
    }

    /// Writes the new clients; before any row that refers to them.
    pub(super) fn flush(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        names::add_clients(tx, &self.pending)?;
        self.pending.clear();
        self.next = None;
        Ok(())
    }

    fn at(&self, place: u32) -> Option<&Client> {
        self.known.get(usize::try_from(place).ok()?)
    }

    fn name(&self, client: &Client) -> &str {
        let (start, length) = (
            usize::try_from(client.start).unwrap_or(0),
            usize::try_from(client.length).unwrap_or(0),
        );
        self.names.get(start..start + length).unwrap_or_default()
    }

    fn find_or_make(&mut self, tx: &mut dyn Tx, cmid: &Uuid, name: &str) -> Outcome<i64> {
        let next = match self.next {
            Some(next) => next,
            None => {
                let newest = names::newest_client(tx)?;
                self.fresh = Some(self.fresh.unwrap_or(true) && newest == self.newest);
                newest + 1
            }
        };
        self.next = Some(next);
        if self.fresh != Some(true)
            && let Some(number) = names::find_client(tx, cmid, name)?
        {
            return Ok(number);
        }
        self.next = Some(next + 1);
        self.newest = next;
        self.pending.push((next, *cmid, name.into()));
        Ok(next)
    }
}
