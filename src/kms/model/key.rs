//! Product keys without product keys: channel, last five characters, activations per machine.
//!
//! No type of this crate holds a whole product key.

use crate::kms::catalog::enumerations::{Channel, KeyChannel};
use crate::kms::catalog::skus;
use std::fmt;
use uuid::Uuid;

/// The last five characters of a product key: letters and digits, upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartialKey(String);

impl PartialKey {
    /// Takes five letters or digits.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let legal = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        legal.then(|| Self(text.to_ascii_uppercase()))
    }

    /// What a product shows that was made with its setup key installed, whose letters nobody told.
    #[must_use]
    pub fn untold() -> Self {
        Self("XXXXX".to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartialKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// `ProductKeyChannel`: through what kind of sale or agreement a key came; one of the words of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChannelWord(&'static str);

/// What a Description says of a product with a key of the channel, for the channels that can be installed.
///
/// Source: [SLMGR] tests of Description.
static DESCRIPTIONS: [(&str, &str); 4] = [
    ("Volume:GVLK", "VOLUME_KMSCLIENT"),
    ("Volume:CSVLK", "VOLUME_KMS"),
    ("Volume:MAK", "VOLUME_MAK"),
    ("Retail", "RETAIL"),
];

impl ChannelWord {
    /// Reads a word of `ProductKeyChannel`, in any case.
    #[must_use]
    pub fn new(word: &str) -> Option<Self> {
        KeyChannel::named(word).map(|row| Self(row.word))
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// How products with such a key are activated.
    #[must_use]
    pub fn kind(self) -> Channel {
        Channel::of_key(self.0)
    }

    /// The word that Description carries; `None` for channels that no key can be installed of.
    #[must_use]
    pub fn description(self) -> Option<&'static str> {
        DESCRIPTIONS.iter().find(|(word, _)| *word == self.0).map(|(_, description)| *description)
    }
}

impl fmt::Display for ChannelWord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// What is known of an edition beyond its Activation ID: from the catalog, or from a list that the user imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub application: Uuid,
    pub name: String,
    /// `RequiredClientCount` of its KMS clients.
    pub required: u32,
}

impl Edition {
    /// The edition that the catalog knows under an Activation ID.
    #[must_use]
    pub fn listed(activation: Uuid) -> Option<Self> {
        let sku = skus::lookup(activation)?;
        Some(Self {
            application: sku.pool.application()?,
            name: sku.name.to_owned(),
            required: sku.required,
        })
    }
}

/// What a key is for. A real service reads it out of the key; here the user says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTarget {
    pub activation: Uuid,
    pub channel: ChannelWord,
    /// `None` when no list knows the Activation ID.
    pub edition: Option<Edition>,
}

/// How often one machine was activated with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub partial: PartialKey,
    /// Activation ID of the product that the key belongs to.
    pub activation: Uuid,
    /// The machine's id.
    pub machine: i64,
    /// Activations so far.
    pub times: u32,
}

#[cfg(test)]
mod tests {
    use super::{Channel, ChannelWord, KeyChannel, PartialKey};
    use crate::kms::catalog::enumerations::KEY_CHANNELS;

    #[test]
    fn every_channel_that_can_be_installed_tells_its_kind_in_the_description() {
        for row in &KEY_CHANNELS {
            let word = ChannelWord::new(&row.word.to_uppercase()).unwrap();
            assert_eq!(word.description().is_some(), row.installable, "{word}");
            if let Some(description) = word.description() {
                assert_eq!(Channel::of_description(description), word.kind(), "{word}");
            }
        }
        assert!(KeyChannel::named("Volume").is_none() && ChannelWord::new("Volume").is_none());
    }

    #[test]
    fn a_partial_key_has_five_letters_or_digits() {
        assert_eq!(PartialKey::new("abc12").unwrap().as_str(), "ABC12");
        for wrong in ["", "ABCD", "ABCDEF", "ABC-1", "ÄBCD"] {
            assert_eq!(PartialKey::new(wrong), None);
        }
    }
}
