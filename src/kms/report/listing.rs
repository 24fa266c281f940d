//! A million contacts in little memory: names behind each other, products and hosts by number.
//!
//! Which contacts belong here, and in what order, is left to `stale`.

use super::Pool;
use super::lapse::{Contact, Effect};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// Values that repeat, each kept once and told by its number; as few as a store has hosts or products.
#[derive(Debug)]
pub struct Numbered<T> {
    values: Vec<T>,
    numbers: HashMap<T, u16>,
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    /// The number of `value`, which is new or known.
    pub fn number<Q>(&mut self, value: &Q) -> u16
    where
        T: Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + Hash + ?Sized,
    {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u16::try_from(self.values.len()).unwrap_or(u16::MAX);
        self.values.push(value.to_owned());
        self.numbers.insert(value.to_owned(), number);
        number
    }

    #[must_use]
    pub fn value(&self, number: u16) -> Option<&T> {
        self.values.get(usize::from(number))
    }
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: HashMap::new() }
    }
}

/// The newest contact of a client and product.
#[derive(Debug)]
pub struct Entry {
    pub cmid: Uuid,
    pub contact: Contact,
    name_start: u32,
    name_length: u32,
    activation: u16,
    /// Number of its host among [`Listing::hosts`].
    host: u16,
    pub pool: Pool,
    pub effect: Effect,
    /// The same label has a newer row under another CMID.
    pub superseded: bool,
}

/// What a new entry is made of.
#[derive(Debug)]
pub struct Draft<'a> {
    pub cmid: Uuid,
    pub name: &'a str,
    pub activation: Uuid,
    pub pool: Pool,
    pub host: u16,
    pub contact: Contact,
    pub effect: Effect,
}

/// The contacts: 48 bytes and the name each.
#[derive(Debug, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    pub hosts: Numbered<String>,
    activations: Numbered<Uuid>,
    names: String,
}

impl Listing {
    /// Adds a contact at the end.
    pub fn push(&mut self, draft: &Draft) {
        // The products of one machine come behind each other and mostly under one name, which is kept once.
        let before = self.entries.last().filter(|before| self.name(before) == draft.name);
        let shared = before.map(|before| before.name_start);
        let name_start = shared.unwrap_or(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        if shared.is_none() {
            self.names.push_str(draft.name);
        }
        self.entries.push(Entry {
            cmid: draft.cmid,
            contact: draft.contact,
            name_start,
            name_length: u32::try_from(draft.name.len()).unwrap_or(u32::MAX),
            activation: self.activations.number(&draft.activation),
            host: draft.host,
            pool: draft.pool,
            effect: draft.effect,
            superseded: false,
        });
    }

    #[must_use]
    pub fn name(&self, entry: &Entry) -> &str {
        let [start, length] = [entry.name_start, entry.name_length]
            .map(|part| usize::try_from(part).unwrap_or_default());
        self.names.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    #[must_use]
    pub fn host(&self, entry: &Entry) -> &str {
        self.hosts.value(entry.host).map(String::as_str).unwrap_or_default()
    }

    #[must_use]
    pub fn activation(&self, entry: &Entry) -> Uuid {
        self.activations.value(entry.activation).copied().unwrap_or_default()
    }

    /// Keeps what `lists` says and orders it by `key`, then by CMID and product.
    pub fn arrange<K: Ord>(&mut self, lists: impl Fn(&Entry) -> bool, key: impl Fn(&Entry) -> K) {
        self.entries.retain(lists);
        let activations = &self.activations;
        self.entries.sort_unstable_by_key(|entry| {
            (key(entry), entry.cmid, activations.value(entry.activation).copied())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::lapse::{Contact, Effect};
    use super::super::minilog::{NOW, OFFICE, WINDOWS, at, cmid};
    use super::{Draft, Listing, Numbered};

    #[test]
    fn a_value_keeps_its_number() {
        let mut hosts: Numbered<String> = Numbered::default();
        assert_eq!(["kms01", "kms02", "kms01"].map(|host| hosts.number(host)), [0, 1, 0]);
        assert_eq!(hosts.value(1).map(String::as_str), Some("kms02"));
        assert_eq!(hosts.value(2), None);
    }

    #[test]
    fn entries_give_back_what_was_put_in_after_they_are_arranged() {
        let mut listing = Listing::default();
        for (n, name, activation, minutes) in [
            (1, "pc-1.corp.example", WINDOWS, 30),
            (1, "pc-1.corp.example", OFFICE, 40),
            (2, "", OFFICE, 10),
            (3, "ärzte-1", WINDOWS, 20),
        ] {
            let host = listing.hosts.number("kms01");
            let contact = Contact { at: at(NOW), status: 2, minutes };
            let (cmid, pool, effect) = (cmid(n), Pool::Windows, Effect::Refused);
            listing.push(&Draft { cmid, name, activation, pool, host, contact, effect });
        }
        listing.arrange(|_| true, |entry| entry.contact.minutes);
        let read: Vec<_> = listing
            .entries
            .iter()
            .map(|entry| (listing.name(entry), listing.host(entry), listing.activation(entry)))
            .collect();
        assert_eq!(
            read,
            [
                ("", "kms01", OFFICE),
                ("ärzte-1", "kms01", WINDOWS),
                ("pc-1.corp.example", "kms01", WINDOWS),
                ("pc-1.corp.example", "kms01", OFFICE)
            ]
        );
    }
}
