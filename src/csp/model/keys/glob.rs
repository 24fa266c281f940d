//! Patterns of product keys, and whether two of them can match the same one.

use crate::catalog::Mask;
use crate::csp::model::key::{KEY_LENGTH, ProductKey};
use std::collections::BTreeSet;
use std::fmt;

/// A pattern of a key: letters, digits and dashes, `?` for one character, `*` for any number.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyGlob(String);

impl KeyGlob {
    /// Reads a pattern, in any case; the error is a message.
    ///
    /// A pattern without a wildcard is a product key, and a product key is never stored: its digest is wanted instead.
    pub fn new(text: &str) -> Result<Self, String> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-?*".contains(&byte);
        if text.is_empty() || !text.bytes().all(legal) {
            return Err("a pattern holds letters, digits, `-`, `?` and `*` alone".to_owned());
        }
        if !text.contains(['?', '*']) {
            return Err(
                "a pattern without `?` or `*` is a key; give its `sha256` instead".to_owned()
            );
        }
        let glob = Self(text.to_ascii_uppercase());
        if glob.meets(&Self("*".to_owned())) {
            Ok(glob)
        } else {
            Err("no key of five groups of five characters has this pattern".to_owned())
        }
    }

    /// The pattern itself, for the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pattern with all but its last five characters hidden, for people.
    #[must_use]
    pub fn masked(&self) -> String {
        Mask::LastFive.apply(&self.0)
    }

    #[must_use]
    pub fn matches(&self, key: &ProductKey) -> bool {
        self.meets(&Self(key.clear().to_owned()))
    }

    /// Length of the longest part without a wildcard: the longer, the stronger.
    pub(super) fn strength(&self) -> usize {
        self.0.split(['?', '*']).map(str::len).max().unwrap_or_default()
    }

    /// Whether there is a text of a key's shape that both patterns match.
    ///
    /// Walks the 29 places with the set of places in both patterns that are reached: 29 × length × length steps at most.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let mut reached = BTreeSet::from([(0, 0)]);
        for place in 0..KEY_LENGTH {
            let mut next = BTreeSet::new();
            for (one, two) in rested(left, right, &reached) {
                let (Some(first), Some(second)) = (left.get(one), right.get(two)) else { continue };
                if fit(*first, *second, place) {
                    next.insert((after(*first, one), after(*second, two)));
                }
            }
            reached = next;
        }
        rested(left, right, &reached).contains(&(left.len(), right.len()))
    }
}

/// The places that are reached when a `*` ends its run, added to those that are.
fn rested(
    left: &[u8],
    right: &[u8],
    reached: &BTreeSet<(usize, usize)>,
) -> BTreeSet<(usize, usize)> {
    let mut all = reached.clone();
    let mut open: Vec<(usize, usize)> = reached.iter().copied().collect();
    while let Some((one, two)) = open.pop() {
        let skips = [
            (left.get(one) == Some(&b'*')).then_some((one + 1, two)),
            (right.get(two) == Some(&b'*')).then_some((one, two + 1)),
        ];
        open.extend(skips.into_iter().flatten().filter(|skip| all.insert(*skip)));
    }
    all
}

/// Whether two letters of patterns can stand for the same character at this place of a key.
fn fit(one: u8, two: u8, place: usize) -> bool {
    let dash = place % 6 == 5;
    let wild = |letter: u8| letter == b'?' || letter == b'*';
    let here = |letter: u8| wild(letter) || (letter == b'-') == dash;
    here(one) && here(two) && (wild(one) || wild(two) || one == two)
}

/// Where a pattern stands after a character: a `*` may take more.
fn after(letter: u8, place: usize) -> usize {
    if letter == b'*' { place } else { place + 1 }
}

impl fmt::Debug for KeyGlob {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("KeyGlob").field(&self.masked()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDU: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

    #[test]
    fn a_pattern_matches_by_place() {
        let cases = [
            ("*", true),
            ("*-EDU01", true),
            ("aaaaa-*", true),
            ("?????-?????-?????-?????-?DU01", true),
            ("*BBBBB*EDU*", true),
            ("*-EDU02", false),
            ("BBBBB*", false),
        ];
        for (pattern, expected) in cases {
            assert_eq!(
                KeyGlob::new(pattern).unwrap().matches(&ProductKey::new(EDU).unwrap()),
                expected,
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_whole_key_is_no_pattern_and_a_pattern_of_no_key_is_refused() {
        for wrong in [EDU, "", "*-ÉDU01", "*-EDU01 ", "?????", "AAAAAA*"] {
            assert!(KeyGlob::new(wrong).is_err(), "{wrong}");
        }
        let message = KeyGlob::new(EDU).unwrap_err();
        assert!(!message.contains("AAAAA"), "{message}");
    }

    #[test]
    fn debug_output_of_a_pattern_shows_its_end_alone() {
        let shown = format!("{:?}", KeyGlob::new("AAAAA-BBBBB-CCCCC-DDDDD-EDU0?").unwrap());
        assert!(!shown.contains("AAAAA") && shown.contains("EDU0?"), "{shown}");
    }
}
