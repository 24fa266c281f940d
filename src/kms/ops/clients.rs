//! The clients of an import and their numbers, remembered so that each is looked up in the store once.

use crate::error::Outcome;
use crate::kms::store::names;
use crate::store::Tx;
use std::collections::HashMap;
use uuid::Uuid;

/// Clients by CMID; one CMID may have several names.
#[derive(Debug, Default)]
pub(super) struct Clients {
    first: HashMap<Uuid, usize>,
    known: Vec<Client>,
}

#[derive(Debug)]
struct Client {
    name: Box<str>,
    number: i64,
    /// The next name of the same CMID.
    next: Option<usize>,
}

impl Clients {
    /// The store's number for a client under a name.
    pub(super) fn number(&mut self, tx: &mut dyn Tx, cmid: &Uuid, name: &str) -> Outcome<i64> {
        let mut last = None;
        let mut at = self.first.get(cmid).copied();
        while let Some(place) = at {
            let Some(client) = self.known.get(place) else {
                break;
            };
            if &*client.name == name {
                return Ok(client.number);
            }
            last = Some(place);
            at = client.next;
        }
        let number = names::client(tx, cmid, name)?;
        let place = self.known.len();
        self.known.push(Client {
            name: name.into(),
            number,
            next: None,
        });
        match last.and_then(|last| self.known.get_mut(last)) {
            Some(last) => last.next = Some(place),
            None => {
                self.first.insert(*cmid, place);
            }
        }
        Ok(number)
    }
}
