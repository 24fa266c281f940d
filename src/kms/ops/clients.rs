//! The clients of an import and their numbers, remembered so that each is looked up in the store once.

use crate::error::{Outcome, Stop};
use crate::kms::store::names;
use crate::store::Tx;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use uuid::Uuid;

/// Clients by CMID and name. Kept small, since there may be millions: of each a digest of 96 bits and the number, 17 bytes, of
/// which two clients among ten million share one by a chance of 1 in 10^15.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// What the digests are made with; another one each time, so that no log is made to have equal ones.
    seeds: [RandomState; 2],
    known: HashMap<[u8; 12], u32>,
    /// New clients that the store does not have yet.
    pending: Vec<(i64, Uuid, Box<str>)>,
    /// The number of the next new client; unknown after a batch, in which others may have made some.
    next: Option<i64>,
    /// The newest client that this import knows of. When the store has a newer one, somebody else made it.
    newest: i64,
    /// Whether the store holds no client but those of this import: then nothing needs to be looked up.
    fresh: Option<bool>,
}

impl Clients {
    /// The store's number for a client under a name.
    pub(super) fn number(&mut self, tx: &mut dyn Tx, cmid: &Uuid, name: &str) -> Outcome<i64> {
        let digest = self.digest(cmid, name);
        if let Some(number) = self.known.get(&digest) {
            return Ok(i64::from(*number));
        }
        let number = self.find_or_make(tx, cmid, name)?;
        let kept = u32::try_from(number).map_err(|_| Stop::bug("too many clients in one store"))?;
        self.known.insert(digest, kept);
        Ok(number)
    }

    fn digest(&self, cmid: &Uuid, name: &str) -> [u8; 12] {
        let [one, other] =
            self.seeds.each_ref().map(|seed| seed.hash_one((cmid, name)).to_le_bytes());
        let mut digest = [0; 12];
        for (to, from) in digest.iter_mut().zip(one.into_iter().chain(other)) {
            *to = from;
        }
        digest
    }

    /// Writes the new clients; before any row that refers to them.
    pub(super) fn flush(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        names::add_clients(tx, &self.pending)?;
        self.pending.clear();
        self.next = None;
        Ok(())
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
