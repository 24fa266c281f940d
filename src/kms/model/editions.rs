//! The editions that are known: those of the built-in table, and those that a user imported.

use super::Edition;
use crate::catalog::Source;
use crate::kms::catalog::skus::{self, Pool, SKUS};
use std::collections::BTreeMap;
use uuid::Uuid;

/// An edition that a user told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEdition {
    pub activation: Uuid,
    pub name: String,
    pub pool: Pool,
    /// `RequiredClientCount` of its KMS clients.
    pub required: u32,
}

/// An edition that is known, whoever told of it.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    pub activation: Uuid,
    pub name: &'a str,
    pub pool: Pool,
    pub required: u32,
    /// The document that says so; `None`: a user.
    pub source: Option<&'static Source>,
}

impl<'a> From<&'a OwnEdition> for Listed<'a> {
    fn from(own: &'a OwnEdition) -> Self {
        let OwnEdition { activation, name, pool, required } = own;
        Self { activation: *activation, name, pool: *pool, required: *required, source: None }
    }
}

impl From<&'static skus::Sku> for Listed<'static> {
    fn from(sku: &'static skus::Sku) -> Self {
        let skus::Sku { activation, name, pool, required, source } = sku;
        Self {
            activation: *activation,
            name,
            pool: *pool,
            required: *required,
            source: Some(source),
        }
    }
}

/// Every edition that is known. The built-in table wins where both have an Activation ID.
#[derive(Debug, Clone, Default)]
pub struct Editions {
    own: BTreeMap<Uuid, OwnEdition>,
}

impl Editions {
    #[must_use]
    pub fn new(own: Vec<OwnEdition>) -> Self {
        Self { own: own.into_iter().map(|edition| (edition.activation, edition)).collect() }
    }

    /// The edition of an Activation ID.
    #[must_use]
    pub fn get(&self, activation: Uuid) -> Option<Listed<'_>> {
        let own = || self.own.get(&activation).map(Listed::from);
        skus::lookup(activation).map(Listed::from).or_else(own)
    }

    /// The pool of an Activation ID; `Unknown` for one that nobody told of.
    #[must_use]
    pub fn pool(&self, activation: Uuid) -> Pool {
        self.get(activation).map_or(Pool::Unknown, |edition| edition.pool)
    }

    /// The name of an Activation ID for people: the ID itself when nobody told of it.
    #[must_use]
    pub fn name(&self, activation: Uuid) -> String {
        self.get(activation)
            .map_or_else(|| activation.to_string(), |edition| edition.name.to_owned())
    }

    /// The edition of that name, in any case; of several the one with the lowest Activation ID, the built-in ones first.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Listed<'_>> {
        let built_in = SKUS.iter().map(|sku| -> Listed<'_> { sku.into() });
        let own = self.own.values().map(Listed::from);
        built_in.chain(own).find(|edition| edition.name.eq_ignore_ascii_case(name))
    }

    /// Every edition in the order of the Activation ID.
    #[must_use]
    pub fn all(&self) -> Vec<Listed<'_>> {
        let own = self.own.values().filter(|own| skus::lookup(own.activation).is_none());
        let mut all: Vec<Listed<'_>> = SKUS
            .iter()
            .map(|sku| -> Listed<'_> { sku.into() })
            .chain(own.map(Listed::from))
            .collect();
        all.sort_by_key(|edition| edition.activation);
        all
    }

    /// What the model needs of an edition; `None` when nobody told of it.
    #[must_use]
    pub fn edition(&self, activation: Uuid) -> Option<Edition> {
        let listed = self.get(activation)?;
        Some(Edition {
            application: listed.pool.application()?,
            name: listed.name.to_owned(),
            required: listed.required,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::uuid;

    const OWN: Uuid = uuid!("9caad000-0000-4000-8000-00000000000a");

    fn own(activation: Uuid, name: &str) -> OwnEdition {
        OwnEdition { activation, name: name.to_owned(), pool: Pool::Windows, required: 7 }
    }

    #[test]
    fn what_a_user_told_of_stands_beside_the_built_in_table() {
        let editions = Editions::new(vec![own(OWN, "Windows Server 2031 ServerStandard")]);
        assert_eq!(editions.all().len(), SKUS.len() + 1);
        assert!(editions.all().is_sorted_by_key(|edition| edition.activation));
        assert_eq!(editions.pool(OWN), Pool::Windows);
        assert_eq!(editions.edition(OWN).unwrap().required, 7);
        let named = editions.named("windows server 2031 SERVERSTANDARD").unwrap();
        assert_eq!((named.activation, named.source.is_none()), (OWN, true));
        assert_eq!(Editions::default().pool(OWN), Pool::Unknown);
        assert_eq!(Editions::default().name(OWN), OWN.to_string());
    }

    #[test]
    fn the_built_in_table_wins_over_a_user() {
        let first = &SKUS[0];
        let editions = Editions::new(vec![own(first.activation, "mine")]);
        assert_eq!(editions.name(first.activation), first.name);
        assert_eq!(editions.all().len(), SKUS.len());
    }
}
