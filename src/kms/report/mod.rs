//! The questions: pure functions over what the store streams, one file a question.
//!
//! Every report is an accumulator: made with its parameters, fed with [`Unit`]s in the order of their CMID (the units of one
//! CMID stand together, in any order among themselves), then finished. What only single requests can tell is asked of
//! [`Row`]s in a second stream, of as few clients as possible. Memory holds hashes of labels and days, never rows.

pub mod churn;
pub mod clones;
pub mod counted;
pub mod counters;
pub mod coverage;
pub mod dns;
pub mod duplicates;
#[cfg(test)]
mod examples;
pub mod health;
pub mod holders;
pub mod identity;
pub mod lapse;
pub mod listing;
#[cfg(test)]
pub(crate) mod minilog;
pub mod moment;
#[cfg(test)]
mod naive;
pub mod outlook;
pub mod policy;
pub mod projection;
pub mod replay;
pub mod shared;
pub mod skew;
pub mod stale;
pub mod standing;
pub mod threshold;
pub mod trend;
pub mod witness;

pub use crate::kms::catalog::skus::Pool;
pub use crate::kms::rules::cache::LIFE as WINDOW;

use crate::clock::{Span, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use uuid::Uuid;

/// All requests of one client under one name for one product, up to the report's `now`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit<'a> {
    pub cmid: Uuid,
    /// Client name as logged; may be empty.
    pub name: &'a str,
    /// The hash of its label, as [`label_hash`] makes it; every question asks for it.
    pub label: Option<u64>,
    pub activation: Uuid,
    pub pool: Pool,
    pub rows: u64,
    /// First and last row, valid or not.
    pub first: Timestamp,
    pub last: Timestamp,
    /// Largest `RequiredClientCount` of any row.
    pub required: u32,
    /// The valid rows; `None` when there is none.
    pub valid: Option<Valid<'a>>,
}

/// The valid rows of a unit (`HResult` 0): the first by time, and the newest in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Valid<'a> {
    pub first: Timestamp,
    pub last: Timestamp,
    /// `LicenseStatus`, minutes, VM flag and host of the newest valid row.
    pub status: u8,
    pub minutes: u32,
    pub virtual_machine: bool,
    pub host: &'a str,
}

/// One request: for `duplicates` the rows of one CMID and pool together, for [`replay`] all of them; in the order of time and
/// record.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    pub pool: Pool,
    pub cmid: Uuid,
    pub name: &'a str,
    pub time: Timestamp,
    pub activation: Uuid,
    /// `HResult` 0.
    pub valid: bool,
    pub virtual_machine: bool,
    pub status: u8,
    pub minutes: u32,
    /// `RequiredClientCount`.
    pub required: u32,
}

/// What is known of the logs of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    pub host: String,
    pub first: Timestamp,
    pub last: Timestamp,
    pub rows: u64,
}

/// The time a report looks at: from `start` to `now`, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub start: Timestamp,
    pub now: Timestamp,
}

impl Period {
    /// The `window` that ends at `now`.
    #[must_use]
    pub fn ending(now: Timestamp, window: Span) -> Self {
        Self { start: now.plus_ms(window.ms().saturating_neg()), now }
    }

    #[must_use]
    pub fn holds(self, at: Timestamp) -> bool {
        (self.start..=self.now).contains(&at)
    }
}

/// The shortest covered interval of any host, in milliseconds; 0 when no log was imported.
///
/// The shortest and not the sum: a client that is missing or seems new may have spoken to the host whose log is short.
#[must_use]
pub fn covered_ms(coverage: &[Coverage]) -> i64 {
    coverage.iter().map(|host| host.last.since(host.first)).min().unwrap_or_default()
}

/// The hosts that DNS data or snapshots name but whose log was never imported: clients may have renewed there.
///
/// - Compared by label, since a log names a host in full where a snapshot may not. Returned as named, each label once.
#[must_use]
pub fn hosts_without_log<'a>(
    named: impl IntoIterator<Item = &'a str>,
    coverage: &[Coverage],
) -> Vec<&'a str> {
    let mut known: BTreeSet<String> =
        coverage.iter().filter_map(|host| label(&host.host).map(Cow::into_owned)).collect();
    named
        .into_iter()
        .filter(|host| label(host).is_some_and(|label| known.insert(label.into_owned())))
        .collect()
}

/// The label of a client: its name up to the first dot, lower case; `None` for an empty name.
#[must_use]
pub fn label(name: &str) -> Option<Cow<'_, str>> {
    // Byte by byte: names are short, and there may be a million of them.
    let end = name.bytes().position(|byte| byte == b'.');
    let label = name.get(..end.unwrap_or(name.len())).filter(|label| !label.is_empty())?;
    let folded = label.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    Some(if folded { Cow::Borrowed(label) } else { Cow::Owned(label.to_lowercase()) })
}

/// The label of a client as a number, so that a million labels are held in eight bytes each.
///
/// Equal for equal labels within one process; among a million labels two differing ones are equal with a chance of 3 in 10^8.
#[must_use]
pub fn label_hash(name: &str) -> Option<u64> {
    label(name).map(|label| {
        let mut hasher = DefaultHasher::new();
        hasher.write(label.as_bytes());
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::{
        Coverage, Period, WINDOW, covered_ms, hosts_without_log, label, label_hash, minilog,
    };
    use crate::clock::Timestamp;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_label_is_the_first_part_of_the_name_in_lower_case() {
        let cases = [
            ("pc-001.corp.example", Some("pc-001")),
            ("PC-001", Some("pc-001")),
            ("ÄRZTE-1.klinik.example", Some("ärzte-1")),
            ("", None),
            (".corp.example", None),
        ];
        for (name, expected) in cases {
            assert_eq!(label(name).as_deref(), expected, "{name}");
        }
        assert_eq!(label_hash("PC-001"), label_hash("pc-001.corp.example"));
        assert_ne!(label_hash("pc-001"), label_hash("pc-002"));
        assert_eq!(label_hash(""), None);
    }

    #[test]
    fn both_ends_of_the_window_count() {
        let period = Period::ending(at("2025-03-31T00:00:00Z"), WINDOW);
        assert!(period.holds(at("2025-03-01T00:00:00Z")));
        assert!(!period.holds(at("2025-02-28T23:59:59Z")));
        assert!(period.holds(at("2025-03-31T00:00:00Z")));
        assert!(!period.holds(at("2025-03-31T00:00:00.001Z")));
    }

    #[test]
    fn the_host_with_the_shortest_log_bounds_what_is_known() {
        let host = |name: &str, first: &str| Coverage {
            host: name.to_owned(),
            first: at(first),
            last: at("2025-03-31T00:00:00Z"),
            rows: 2,
        };
        let day = 86_400_000;
        assert_eq!(covered_ms(&[host("kms01", "2025-01-30T00:00:00Z")]), 60 * day);
        let both = [host("kms01", "2025-01-30T00:00:00Z"), host("kms02", "2025-03-30T00:00:00Z")];
        assert_eq!(covered_ms(&both), day);
        assert_eq!(covered_ms(&[]), 0);
    }

    #[test]
    fn a_host_whose_log_is_missing_is_named_once() {
        let coverage = minilog::covered("2025-03-01T00:00:00Z", minilog::NOW);
        let named = ["KMS01.corp.example", "kms02.corp.example", "kms02", "kms03"];
        assert_eq!(hosts_without_log(named, &coverage), ["kms02.corp.example", "kms03"]);
    }
}
