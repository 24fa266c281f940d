//! The `CmdID`s of one message: told apart exactly, kept as runs of numbers, as most messages count from 1.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is known of the identifiers seen so far. Grows with the gaps between the numbers, not with the numbers.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// First number of a run to its last.
    runs: BTreeMap<u64, u64>,
    /// Hashes of identifiers that are no plain number.
    words: HashSet<u64>,
}

impl Identifiers {
    /// Takes one in; `false` when it was there already.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        match number(id) {
            Some(number) => self.insert_number(number),
            None => {
                let mut hasher = DefaultHasher::new();
                id.hash(&mut hasher);
                self.words.insert(hasher.finish())
            }
        }
    }

    fn insert_number(&mut self, number: u64) -> bool {
        let next = number.saturating_add(1);
        match self.runs.range_mut(..=number).next_back() {
            Some((_, end)) if *end >= number => return false,
            Some((_, end)) if end.checked_add(1) == Some(number) => {
                *end = number;
                let Some(joined) = self.runs.remove(&next) else { return true };
                if let Some((_, end)) = self.runs.range_mut(..=number).next_back() {
                    *end = joined;
                }
            }
            _ => {
                let end = self.runs.remove(&next).unwrap_or(number);
                self.runs.insert(number, end);
            }
        }
        true
    }
}

/// The number that a text writes, when it writes it in the only usual way: `01` and `1` are two identifiers.
fn number(id: &str) -> Option<u64> {
    let usual = id.bytes().all(|byte| byte.is_ascii_digit()) && (id == "0" || !id.starts_with('0'));
    if usual { id.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::Identifiers;

    #[test]
    fn an_identifier_is_new_once() {
        let mut seen = Identifiers::default();
        for id in ["1", "3", "2", "01", "a1f3c2", "18446744073709551615", "18446744073709551616"] {
            assert!(seen.insert(id), "{id}");
        }
        for id in ["2", "1", "3", "01", "a1f3c2", "18446744073709551615", "18446744073709551616"] {
            assert!(!seen.insert(id), "{id}");
        }
        assert!(seen.insert("4"));
    }

    #[test]
    fn numbers_in_any_order_end_as_one_run() {
        let mut seen = Identifiers::default();
        let mut id = 0_u64;
        for _ in 0..1000 {
            id = (id + 389) % 1000;
            assert!(seen.insert(&id.to_string()));
        }
        assert_eq!(seen.runs.into_iter().collect::<Vec<_>>(), [(0, 999)]);
    }
}
