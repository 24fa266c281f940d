//! Pseudonyms: names and CMIDs replaced so that the questions answer the same, for support cases.
//!
//! The same name has the same pseudonym in every export of one store, and another one in another store. Upper case stays, as
//! far as it tells two spellings apart.

use crate::kms::report::skew;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write as _;
use uuid::{Builder, Uuid};

/// The pseudonyms of one store.
#[derive(Clone)]
pub struct Pseudonyms {
    key: Hmac<Sha256>,
}

/// What is replaced; each kind has pseudonyms of its own.
#[derive(Debug, Clone, Copy)]
enum What {
    Label,
    Suffix,
    Cmid,
}

impl Pseudonyms {
    /// - `salt`: of the store.
    #[must_use]
    pub fn new(salt: &[u8; 32]) -> Option<Self> {
        Hmac::<Sha256>::new_from_slice(salt).ok().map(|key| Self { key })
    }

    /// The first 16 bytes of the keyed digest of `text`.
    fn digest(&self, what: What, text: &[u8]) -> [u8; 16] {
        let mut digest = self.key.clone();
        let word: &[u8] = match what {
            What::Label => b"kms.redact.label:",
            What::Suffix => b"kms.redact.suffix:",
            What::Cmid => b"kms.redact.cmid:",
        };
        digest.update(word);
        digest.update(text);
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest.finalize().into_bytes()).for_each(|(byte, from)| *byte = from);
        bytes
    }

    /// `bytes` bytes of the digest of a text without regard to case, in hexadecimal digits.
    fn word(&self, what: What, text: &str, bytes: usize) -> String {
        let mut word = String::with_capacity(2 * bytes);
        for byte in self.digest(what, text.to_lowercase().as_bytes()).into_iter().take(bytes) {
            // Writing into a text cannot fail.
            let _ = write!(word, "{byte:02x}");
        }
        word
    }

    /// The pseudonym of a machine: its label and its domain each for itself, so that equal labels stay equal.
    ///
    /// `x` and 14 digits, as long as a `NetBIOS` name may be; a domain becomes one below `invalid`.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        let (label, suffix) =
            name.split_once('.').map_or((name, None), |(label, suffix)| (label, Some(suffix)));
        let mut shown = String::new();
        if !label.is_empty() {
            shown = format!("x{}", self.word(What::Label, label, 7));
            if label.chars().any(char::is_uppercase) {
                shown.make_ascii_uppercase();
            }
        }
        if let Some(suffix) = suffix {
            shown.push('.');
            shown.push_str(&self.domain(suffix));
        }
        shown
    }

    /// The pseudonym of a DNS domain.
    #[must_use]
    pub fn domain(&self, domain: &str) -> String {
        format!("d{}.invalid", self.word(What::Suffix, domain.trim_end_matches('.'), 4))
    }

    /// The pseudonym of `server:port`; the port stays.
    #[must_use]
    pub fn target(&self, target: &str) -> String {
        match target.rsplit_once(':') {
            Some((server, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{}:{port}", self.name(server))
            }
            _ => self.name(target),
        }
    }

    /// The pseudonym of a CMID, a random GUID like the CMID itself.
    #[must_use]
    pub fn cmid(&self, cmid: Uuid) -> Uuid {
        Builder::from_random_bytes(self.digest(What::Cmid, cmid.as_bytes())).into_uuid()
    }
}

/// A client time; text that is no time may hold anything and is left out.
#[must_use]
pub fn client_time(text: &str) -> &str {
    skew::difference(text, crate::clock::Timestamp::MIN).map_or("", |_| text)
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Pseudonyms")
    }
}

#[cfg(test)]
mod tests {
    use super::{Pseudonyms, client_time};
    use crate::kms::report::label;
    use uuid::Uuid;

    fn pseudonyms(salt: u8) -> Pseudonyms {
        Pseudonyms::new(&[salt; 32]).unwrap()
    }

    #[test]
    fn the_same_name_has_the_same_pseudonym_and_another_one_in_another_store() {
        let (one, other) = (pseudonyms(1), pseudonyms(2));
        let name = one.name("pc-017.corp.example");
        assert_eq!(name, one.name("pc-017.corp.example"));
        assert_ne!(name, other.name("pc-017.corp.example"));
        assert_ne!(name, one.name("pc-018.corp.example"));
        assert!(!name.contains("pc-017") && !name.contains("corp"), "{name}");
        assert_eq!(one.name(""), "");
    }

    #[test]
    fn spellings_of_one_name_stay_spellings_of_one_name() {
        let made = pseudonyms(1);
        let [full, short, upper] =
            ["pc-1.corp.example", "pc-1", "PC-1"].map(|name| made.name(name));
        assert_eq!(label(&full), label(&short));
        assert_eq!(label(&short), label(&upper));
        assert!(full != short && short != upper);
        let other = made.name("pc-1.lab.example");
        assert!(label(&other) == label(&full) && other != full);
        assert!(full.ends_with(".invalid") && short.len() == 15);
    }

    #[test]
    fn a_host_is_the_same_as_the_target_of_its_clients() {
        let made = pseudonyms(1);
        let host = made.name("kms01.corp.example");
        assert_eq!(made.target("kms01.corp.example:1688"), format!("{host}:1688"));
        assert_eq!(made.target("kms01.corp.example"), host);
        assert!(host.ends_with(&made.domain("corp.example")));
        assert!(!made.target("[2001:db8::5]:1688").contains("db8"));
    }

    #[test]
    fn a_cmid_becomes_another_random_guid() {
        let made = pseudonyms(1);
        let cmid = Uuid::from_u128(7);
        let shown = made.cmid(cmid);
        assert_eq!((shown, shown.get_version_num()), (made.cmid(cmid), 4));
        assert_ne!(shown, made.cmid(Uuid::from_u128(8)));
    }

    #[test]
    fn what_is_no_client_time_is_left_out() {
        assert_eq!(client_time("2025/3/9 7:05"), "2025/3/9 7:05");
        assert_eq!(client_time("secret of pc-017"), "");
    }
}
