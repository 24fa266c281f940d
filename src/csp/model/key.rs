//! A product key in clear, as long as a command needs it. Nothing stores one: a device keeps a [`KeyTrace`].

mod hidden;

pub use hidden::hide_keys;

use super::device::KeyTrace;
use crate::catalog::Mask;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;

/// Five groups of five letters or digits, upper case, joined by hyphens: 29 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct ProductKey(String);

/// Why a text is no product key. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFlaw {
    /// It would be one if its dashes were the ASCII hyphen.
    ForeignDashes,
    /// It would be one if its groups were separated.
    NoDashes,
    /// Any other shape; its length in characters.
    Shape(usize),
}

impl KeyFlaw {
    /// What to do, as it is typed or written.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::ForeignDashes => "write the four dashes as ASCII hyphens (`-`, U+002D)",
            Self::NoDashes | Self::Shape(_) => "give all 29 characters with the four dashes",
        }
    }
}

impl fmt::Display for KeyFlaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignDashes => out.write_str("its dashes are not ASCII hyphens"),
            Self::NoDashes => out.write_str("its groups are not separated by dashes"),
            Self::Shape(KEY_LENGTH) => {
                out.write_str("its 29 characters are not five groups of five letters or digits")
            }
            Self::Shape(length) => write!(out, "it has {length} characters instead of 29"),
        }
    }
}

/// Characters of a key with its four dashes.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`, Important.
pub const KEY_LENGTH: usize = 29;

/// Characters that word processors put where a hyphen was typed.
const FOREIGN_DASHES: [char; 9] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '\u{FE63}',
    '\u{FF0D}',
];

impl ProductKey {
    /// Reads a key, in any case, with white space around it.
    pub fn new(text: &str) -> Result<Self, KeyFlaw> {
        let key = text.trim();
        if is_shaped(key) {
            return Ok(Self(key.to_ascii_uppercase()));
        }
        let length = key.chars().count();
        let hyphened = key.replace(FOREIGN_DASHES, "-");
        if is_shaped(&hyphened) {
            Err(KeyFlaw::ForeignDashes)
        } else if length == 25 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Err(KeyFlaw::NoDashes)
        } else {
            Err(KeyFlaw::Shape(length))
        }
    }

    /// The key itself. For what is compared and hashed, and for artefacts whose reader asked for secrets; never for messages.
    #[must_use]
    pub fn clear(&self) -> &str {
        &self.0
    }

    /// Whether it is what the examples of the documentation have in the place of a key.
    ///
    /// Source: [CSP] the samples of the page.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        self.0.split('-').all(|group| group == "XXXXX")
    }

    /// The last group.
    #[must_use]
    pub fn last_five(&self) -> &str {
        self.0.rsplit('-').next().unwrap_or_default()
    }

    /// `*****-*****-*****-*****-EDU01`.
    #[must_use]
    pub fn masked(&self) -> String {
        Mask::LastFive.apply(&self.0)
    }

    /// SHA-256 of the 29 characters.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// HMAC-SHA256 of the 29 characters under the salt of a store.
    #[must_use]
    pub fn hmac(&self, salt: &[u8; 32]) -> [u8; 32] {
        // HMAC fills a key that is shorter than a block with zeros: doing it here leaves no length that could be wrong.
        let mut block = [0; 64];
        block.iter_mut().zip(salt).for_each(|(byte, salt)| *byte = *salt);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(self.0.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// What a device keeps of it.
    #[must_use]
    pub fn trace(&self, catalog_id: &str, salt: &[u8; 32]) -> KeyTrace {
        KeyTrace {
            last5: self.last_five().to_owned(),
            catalog_id: catalog_id.to_owned(),
            hmac: self.hmac(salt),
        }
    }
}

impl fmt::Debug for ProductKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("ProductKey").field(&self.masked()).finish()
    }
}

/// Five groups of five letters or digits, in any case, joined by hyphens.
fn is_shaped(text: &str) -> bool {
    text.len() == KEY_LENGTH
        && text.split('-').count() == 5
        && text
            .split('-')
            .all(|group| group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDU: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_key_is_trimmed_and_upper_cased() {
        for text in [EDU, "aaaaa-bbbbb-ccccc-ddddd-edu01", " AAAAA-BBBBB-CCCCC-DDDDD-EDU01\n"] {
            assert_eq!(ProductKey::new(text).unwrap().clear(), EDU);
        }
    }

    #[test]
    fn a_text_that_is_no_key_tells_why() {
        let cases = [
            ("AAAAA\u{2013}BBBBB\u{2013}CCCCC\u{2013}DDDDD\u{2013}EDU01", KeyFlaw::ForeignDashes),
            ("AAAAABBBBBCCCCCDDDDDEDU01", KeyFlaw::NoDashes),
            ("AAAAA-BBBBB-CCCCC-DDDDD-EDU012", KeyFlaw::Shape(30)),
            ("AAAAAA-BBBB-CCCCC-DDDDD-EDU01", KeyFlaw::Shape(29)),
            ("AAAAA-BBBBB-CCCCC-DDDDD-ÉDU01", KeyFlaw::Shape(29)),
            ("", KeyFlaw::Shape(0)),
        ];
        for (text, flaw) in cases {
            assert_eq!(ProductKey::new(text), Err(flaw), "{text}");
        }
        assert_eq!(KeyFlaw::Shape(30).to_string(), "it has 30 characters instead of 29");
    }

    #[test]
    fn the_digest_of_a_key_is_that_of_its_29_characters() {
        let digest = ProductKey::new("aaaaa-bbbbb-ccccc-ddddd-edu01").unwrap().sha256();
        assert_eq!(
            hex(&digest),
            "727b7931612d6fc70b6857d9f6922f425f0fb9fa703d61984d669ed5d479a433"
        );
    }

    #[test]
    fn the_mark_of_a_key_is_the_hmac_under_the_salt() {
        let key = ProductKey::new(EDU).unwrap();
        let salt = [0x0b; 32];
        let mut whole = Hmac::<Sha256>::new_from_slice(&salt).unwrap();
        whole.update(EDU.as_bytes());
        let expected: [u8; 32] = whole.finalize().into_bytes().into();
        assert_eq!(key.hmac(&salt), expected);
        assert_ne!(key.hmac(&salt), key.hmac(&[0x0c; 32]));
        let trace = key.trace("edu", &salt);
        assert_eq!((trace.last5.as_str(), trace.catalog_id.as_str()), ("EDU01", "edu"));
    }

    #[test]
    fn debug_output_shows_no_more_than_the_last_group() {
        let shown = format!("{:?}", ProductKey::new(EDU).unwrap());
        assert!(shown.contains("EDU01"));
        assert!(["AAAAA", "BBBBB", "CCCCC", "DDDDD"].iter().all(|group| !shown.contains(group)));
    }
}
