//! A million contacts in little memory: labels behind each other; products, hosts and the domains of the names by number.
//!
//! Which contacts belong here, and in what order, is left to `stale`.

use super::Pool;
use super::lapse::{Contact, Effect};
use std::borrow::{Borrow, Cow};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// No value has this number.
pub const NONE: u16 = u16::MAX;

/// Values that repeat, each kept once and told by its number; as few as a store has hosts or products.
#[derive(Debug)]
pub struct Numbered<T> {
    values: Vec<T>,
    numbers: HashMap<T, u16>,
    /// Of the value that was asked for last: most come several times in a row.
    last: u16,
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    /// The number of `value`, which is new or known; `None` when there are 65,535 others.
    pub fn number<Q>(&mut self, value: &Q) -> Option<u16>
    where
        T: Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + Hash + ?Sized,
    {
        if self.value(self.last).is_some_and(|last| last.borrow() == value) {
            return Some(self.last);
        }
        let number = match self.numbers.get(value) {
            Some(number) => *number,
            None => {
                let next = u16::try_from(self.values.len()).ok();
                let number = next.filter(|number| *number != NONE)?;
                self.values.push(value.to_owned());
                self.numbers.insert(value.to_owned(), number);
                number
            }
        };
        self.last = number;
        Some(number)
    }

    #[must_use]
    pub fn value(&self, number: u16) -> Option<&T> {
        self.values.get(usize::from(number))
    }
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: HashMap::new(), last: 0 }
    }
}

/// The newest contact of a client and product.
#[derive(Debug)]
pub struct Entry {
    pub cmid: Uuid,
    pub contact: Contact,
    label_start: u32,
    label_length: u32,
    /// Numbers of its product, of its host, and of what stands behind the label.
    product: u16,
    host: u16,
    domain: u16,
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
    /// Its number among [`Listing::hosts`].
    pub host: u16,
    pub contact: Contact,
    pub effect: Effect,
}

/// The contacts: 48 bytes and the label each.
#[derive(Debug, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    pub hosts: Numbered<String>,
    products: Numbered<(Uuid, Pool)>,
    /// Few domains have many clients. Each with the dot in front of it; those beyond 65,535 stay with their labels.
    domains: Numbered<String>,
    labels: String,
}

impl Listing {
    /// Adds a contact at the end.
    pub fn push(&mut self, draft: &Draft) {
        let dot = draft.name.find('.').unwrap_or(draft.name.len());
        let (label, domain) = draft.name.split_at(dot);
        let (label, domain) = match self.domains.number(domain) {
            Some(number) => (label, number),
            None => (draft.name, NONE),
        };
        // The products of one machine come behind each other and mostly under one name, which is kept once.
        let before = self.entries.last().filter(|before| self.label(before) == label);
        let shared = before.map(|before| before.label_start);
        let label_start = shared.unwrap_or(u32::try_from(self.labels.len()).unwrap_or(u32::MAX));
        if shared.is_none() {
            self.labels.push_str(label);
        }
        self.entries.push(Entry {
            cmid: draft.cmid,
            contact: draft.contact,
            label_start,
            label_length: u32::try_from(label.len()).unwrap_or(u32::MAX),
            product: self.products.number(&(draft.activation, draft.pool)).unwrap_or(NONE),
            host: draft.host,
            domain,
            effect: draft.effect,
            superseded: false,
        });
    }

    fn label(&self, entry: &Entry) -> &str {
        let [start, length] = [entry.label_start, entry.label_length]
            .map(|part| usize::try_from(part).unwrap_or_default());
        self.labels.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    /// The name as it was logged.
    #[must_use]
    pub fn name(&self, entry: &Entry) -> Cow<'_, str> {
        match self.domains.value(entry.domain).map(String::as_str) {
            None | Some("") => Cow::Borrowed(self.label(entry)),
            Some(domain) => Cow::Owned([self.label(entry), domain].concat()),
        }
    }

    #[must_use]
    pub fn host(&self, entry: &Entry) -> &str {
        self.hosts.value(entry.host).map(String::as_str).unwrap_or_default()
    }

    /// Its activation ID and pool.
    #[must_use]
    pub fn product(&self, entry: &Entry) -> (Uuid, Pool) {
        self.products.value(entry.product).copied().unwrap_or((Uuid::nil(), Pool::Unknown))
    }

    /// Keeps what `lists` says and orders it by `key`, then by CMID and product.
    pub fn arrange<K: Ord>(&mut self, lists: impl Fn(&Entry) -> bool, key: impl Fn(&Entry) -> K) {
        self.entries.retain(lists);
        self.entries.sort_by_cached_key(&key);
        // Few share their key, so that the other two are seldom looked at.
        let products = &self.products;
        for equal in self.entries.chunk_by_mut(|one, next| key(one) == key(next)) {
            equal.sort_by_key(|entry| (entry.cmid, products.value(entry.product).copied()));
        }
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
        assert_eq!(["kms01", "kms02", "kms01"].map(|host| hosts.number(host)), [0, 1, 0].map(Some));
        assert_eq!(hosts.value(1).map(String::as_str), Some("kms02"));
        assert_eq!(hosts.value(2), None);
    }

    #[test]
    fn more_domains_than_have_numbers_are_told_all_the_same() {
        let mut listing = Listing::default();
        let host = listing.hosts.number("kms01").unwrap();
        let contact = Contact { at: at(NOW), status: 2, minutes: 0 };
        let names: Vec<String> =
            (0..=u32::from(super::NONE) + 1).map(|n| format!("pc.d{n}")).collect();
        for name in &names {
            let (cmid, activation) = (cmid(1), WINDOWS);
            let (pool, effect) = (Pool::Windows, Effect::Refused);
            listing.push(&Draft { cmid, name, activation, pool, host, contact, effect });
        }
        assert!(
            listing.entries.iter().zip(&names).all(|(entry, name)| listing.name(entry) == *name)
        );
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
            let host = listing.hosts.number("kms01").unwrap();
            let contact = Contact { at: at(NOW), status: 2, minutes };
            let (cmid, pool, effect) = (cmid(n), Pool::Windows, Effect::Refused);
            listing.push(&Draft { cmid, name, activation, pool, host, contact, effect });
        }
        listing.arrange(|_| true, |entry| entry.contact.minutes);
        let read: Vec<_> = listing
            .entries
            .iter()
            .map(|entry| (listing.name(entry), listing.host(entry), listing.product(entry).0))
            .collect();
        let read: Vec<_> =
            read.iter().map(|(name, host, id)| (name.as_ref(), *host, *id)).collect();
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
