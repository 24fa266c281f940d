//! Licenses: the data object of the wire, and what the inventory keeps.

use super::key::Key;
use super::value::{AnyValue, KeyAnyValue, KeyValue, each_pair, each_text, find};
use crate::clock::Timestamp;
use crate::vsphere::catalog::properties;

/// `LicenseManagerLicenseInfo`, in the order of the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenseInfo {
    pub license_key: Key,
    pub edition_key: String,
    pub name: String,
    /// Units; 0 is unlimited.
    pub total: i32,
    /// Units taken; unset for the evaluation license and in answers of `DecodeLicense`.
    pub used: Option<i32>,
    pub cost_unit: String,
    pub properties: Vec<KeyAnyValue>,
    pub labels: Vec<KeyValue>,
}

impl LicenseInfo {
    /// A license of which nothing but the key is known.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self {
            license_key: Key::given(key),
            edition_key: String::new(),
            name: String::new(),
            total: 0,
            used: None,
            cost_unit: String::new(),
            properties: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// Whether the answer holds no license: a key that could not be decoded.
    #[must_use]
    pub fn is_undecoded(&self) -> bool {
        self.license_key.is_empty() || find(&self.properties, properties::DIAGNOSTIC).is_some()
    }
}

/// Where a license of the inventory comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The evaluation license of the instance.
    Builtin,
    /// Resolved by the catalogue.
    Catalogue,
    /// As an artefact showed it.
    Import,
    /// An entitlement file of 9.x, without a key.
    Entitlement,
    /// Taken on trust: nothing but the key is known.
    Any,
}

impl Origin {
    pub const ALL: [Self; 5] =
        [Self::Builtin, Self::Catalogue, Self::Import, Self::Entitlement, Self::Any];

    /// The word of JSON and of the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Catalogue => "catalogue",
            Self::Import => "import",
            Self::Entitlement => "entitlement",
            Self::Any => "any",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// A license of the inventory.
#[derive(Debug, Clone, PartialEq)]
pub struct License {
    /// Its place in the inventory, from 1; 0 until it is stored.
    pub id: i64,
    pub key: Key,
    pub edition_key: String,
    pub name: String,
    pub total: i32,
    pub cost_unit: String,
    /// What an artefact said of it.
    pub reported_used: Option<i32>,
    pub origin: Origin,
    /// As they were resolved or imported, without what follows from the clock.
    pub properties: Vec<KeyAnyValue>,
    pub labels: Vec<KeyValue>,
}

impl License {
    /// Whether it is an evaluation license: its key, or its edition.
    ///
    /// Source: [GOVMOMI] issue 4128: editions `eval`, `vcEval`, `vsan.eval` and others.
    #[must_use]
    pub fn is_evaluation(&self) -> bool {
        self.key.is_evaluation() || is_evaluation_edition(&self.edition_key)
    }

    /// The product that it is for.
    #[must_use]
    pub fn product_name(&self) -> Option<&str> {
        find(&self.properties, properties::PRODUCT_NAME).and_then(AnyValue::as_text)
    }

    #[must_use]
    pub fn product_version(&self) -> Option<&str> {
        find(&self.properties, properties::PRODUCT_VERSION).and_then(AnyValue::as_text)
    }

    /// When it expires; `None`: never, or not known.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        find(&self.properties, properties::EXPIRATION_DATE)
            .and_then(AnyValue::as_text)
            .and_then(Timestamp::parse)
    }

    /// Hands out every text that people may have written: the name, the labels, those of the properties.
    pub fn each_text<E>(
        &mut self,
        found: &mut dyn FnMut(&mut String) -> Result<(), E>,
    ) -> Result<(), E> {
        found(&mut self.name)?;
        each_pair(&mut self.labels, found)?;
        each_text(&mut self.properties, found)
    }

    /// Whether its capacity is unlimited.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.total == 0
    }
}

/// Whether an edition key says evaluation.
#[must_use]
pub fn is_evaluation_edition(edition_key: &str) -> bool {
    let mut parts = edition_key.as_bytes().split(|byte| *byte == b'.');
    edition_key.ends_with("Eval") || parts.any(|part| part == b"eval")
}

/// What is taken of a license: the sum of its assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Sum of the known costs.
    pub units: i64,
    /// Assignments.
    pub assignments: i64,
    /// Assignments whose cost is not known.
    pub unknown: i64,
}

impl Taken {
    /// What is taken together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            units: self.units + other.units,
            assignments: self.assignments + other.assignments,
            unknown: self.unknown + other.unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_evaluation_edition;

    #[test]
    fn an_evaluation_is_told_by_its_edition_wherever_the_word_stands() {
        for edition in ["eval", "vcEval", "vsan.eval", "esx.eval.entitlement.cpuCoreMin"] {
            assert!(is_evaluation_edition(edition), "{edition}");
        }
        for edition in ["", "vc.standard.instance", "esx.evaluator.cpuPackage"] {
            assert!(!is_evaluation_edition(edition), "{edition}");
        }
    }
}
