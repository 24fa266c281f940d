//! A server with what belongs to it, as a call finds it and leaves it.

use super::issued::LicenseId;
use super::pack::{KeyPack, KeyPackId};
use super::server::Server;
use crate::clock::Timestamp;

/// An entry of a server's event list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub id: u32,
    /// What it was about, as a phrase.
    pub text: String,
}

/// A server with its key packs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub server: Server,
    /// In the order of their numbers.
    pub packs: Vec<KeyPack>,
}

impl Held {
    /// The pack of that number.
    #[must_use]
    pub fn pack(&self, id: KeyPackId) -> Option<&KeyPack> {
        self.packs.iter().find(|pack| pack.id == id)
    }

    /// Takes the next number for a pack; none is given twice.
    pub fn next_id(&mut self) -> KeyPackId {
        let id = self.server.next_key_pack;
        self.server.next_key_pack = KeyPackId(id.0.saturating_add(1));
        id
    }

    /// Takes the next number for an issued license; none is given twice.
    pub fn next_license(&mut self) -> LicenseId {
        let id = self.server.next_license;
        self.server.next_license = LicenseId(id.0.saturating_add(1));
        id
    }

    /// Counts `more` licenses of a pack as issued, or with a negative number as given back.
    pub fn count_issued(&mut self, id: KeyPackId, more: i64) {
        let Some(pack) = self.packs.iter_mut().find(|pack| pack.id == id) else { return };
        let issued = i64::from(pack.issued).saturating_add(more).max(0);
        pack.issued = u32::try_from(issued).unwrap_or(u32::MAX);
        if !pack.is_unlimited() {
            pack.available = pack.total.saturating_sub(pack.issued);
        }
    }

    /// Puts a pack in, in the place of the one of its number if there is one.
    pub fn put(&mut self, pack: KeyPack) {
        match self.packs.binary_search_by_key(&pack.id, |held| held.id) {
            Ok(at) => {
                if let Some(held) = self.packs.get_mut(at) {
                    *held = pack;
                }
            }
            Err(at) => self.packs.insert(at, pack),
        }
    }

    /// Takes a pack out.
    pub fn take(&mut self, id: KeyPackId) {
        self.packs.retain(|pack| pack.id != id);
    }
}
