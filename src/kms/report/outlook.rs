//! The answers of `threshold`: the verdict on one required count in one pool, its figures, notes and finding.
//!
//! How a pool with rows comes to its verdicts is left to `standing`.

use super::Pool;
use super::projection::Verdict;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::kms::catalog::skus::{REQUIRED_CLIENT, REQUIRED_SERVER};
use std::fmt;

/// `KeyManagementServiceCurrentCount` of a host whose cache is full: twice 5 and twice 25.
///
/// Source: [KMSGEN] the host keeps twice the number that activation needs.
const FULL: [u32; 2] = [2 * REQUIRED_SERVER, 2 * REQUIRED_CLIENT];

/// What the answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Rows,
    Snapshot,
    Nothing,
}

impl Origin {
    /// The word of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Snapshot => "snapshot",
            Self::Nothing => "none",
        }
    }
}

/// Something to know about an answer; printed as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A snapshot shows 50 or 10.
    CacheFull,
    /// The verdict would be this one without the phantoms.
    WithoutPhantoms { count: u64, verdict: Verdict },
    /// The verdict would be this one if every cloned machine had a CMID of its own.
    DuplicatesFixed { count: u64, verdict: Verdict },
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CacheFull => out.write_str("cache full: more clients do not raise it"),
            Self::WithoutPhantoms { count, verdict } => {
                write!(
                    out,
                    "without phantoms the count is {count} and the verdict `{}`",
                    verdict.word()
                )
            }
            Self::DuplicatesFixed { count, verdict } => {
                write!(
                    out,
                    "with duplicates fixed the count is {count} and the verdict `{}`",
                    verdict.word()
                )
            }
        }
    }
}

/// What becomes of one required count in one pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    pub pool: Pool,
    /// `RequiredClientCount`.
    pub required: u32,
    pub source: Origin,
    /// Clients that the host counts; `None` when nothing is known.
    pub count: Option<u64>,
    pub verdict: Verdict,
    /// When the count first is on the other side of the required one.
    pub date: Option<Timestamp>,
    pub notes: Vec<Note>,
    /// `None` without rows.
    pub figures: Option<Figures>,
}

/// What only rows can tell of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub limit: u64,
    pub active: u64,
    pub virtual_machines: u64,
    pub silent: u64,
    pub kept: u64,
    pub arrivals_per_day: f64,
    /// The covered interval is too short to tell new clients from old ones.
    pub arrivals_unknown: bool,
    pub phantoms: u64,
    pub wasted: u64,
    pub without_phantoms: u64,
    pub if_duplicates_fixed: u64,
    /// The covered interval is shorter than the window: there may be more clients.
    pub lower_bound: bool,
}

impl Outlook {
    /// Judges a pool without rows by the count that a snapshot shows, if there is one.
    #[must_use]
    pub fn without_rows(pool: Pool, count: Option<u32>, required: u32) -> Self {
        Self {
            pool,
            required,
            source: if count.is_some() { Origin::Snapshot } else { Origin::Nothing },
            count: count.map(u64::from),
            verdict: match count {
                Some(count) if count >= required => Verdict::Reached,
                Some(_) => Verdict::NotReached,
                None => Verdict::Unknown,
            },
            date: None,
            notes: count
                .filter(|count| FULL.contains(count))
                .map(|_| Note::CacheFull)
                .into_iter()
                .collect(),
            figures: None,
        }
    }

    /// The finding of a verdict that needs someone's attention; `None` for the others.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        let (class, remedy) = BAD
            .iter()
            .find(|(verdict, ..)| *verdict == self.verdict)
            .map(|(_, class, remedy)| (*class, *remedy))?;
        let (pool, required, count) =
            (self.pool.word(), self.required, self.count.unwrap_or_default());
        let fate = match self.date {
            Some(date) => format!("falls below {required} on {}", date.date()),
            None if self.figures.is_some() => format!("is not expected to reach {required}"),
            None => format!("is below {required}"),
        };
        let object = format!("{pool} (N {required})");
        let mut finding = Finding::new(
            "kms",
            class,
            Level::Error,
            object,
            format!("the count of pool {pool} is {count} and {fate}"),
        )
        .with("pool", pool)
        .with("RequiredClientCount", required)
        .with("count", self.count)
        .with("verdict", self.verdict.word())
        .with("date", self.date.map(|date| date.to_string()))
        .with("source", self.source.word())
        .with("notes", self.notes.iter().map(Note::to_string).collect::<Vec<_>>())
        .due(self.date)
        .remedy(remedy);
        if let Some(figures) = &self.figures {
            finding = figures.add_to(finding);
        }
        Some(finding)
    }
}

/// The verdicts that are findings, with class and remedy.
static BAD: [(Verdict, &str, &str); 3] = [
    (
        Verdict::WillFall,
        "threshold.will-fall",
        "let the silent clients contact the host, or add clients, before the date; activated clients stay so for 180 days after their last renewal",
    ),
    (Verdict::WillNotReach, "threshold.will-not-reach", ADD_CLIENTS),
    (Verdict::NotReached, "threshold.not-reached", ADD_CLIENTS),
];

const ADD_CLIENTS: &str = "point more clients at one host, give cloned machines CMIDs of their own, or activate by Active Directory or MAK";

impl Figures {
    fn add_to(&self, finding: Finding) -> Finding {
        finding
            .with("limit", self.limit)
            .with("active", self.active)
            .with("virtual", self.virtual_machines)
            .with("silent", self.silent)
            .with("arrivalsPerDay", self.arrivals_per_day)
            .with("arrivalsUnknown", self.arrivals_unknown)
            .with("countWithoutPhantoms", self.without_phantoms)
            .with("countIfDuplicatesFixed", self.if_duplicates_fixed)
            .with("lowerBound", self.lower_bound)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::minilog::{Log, at, seen_for_60_days};
    use super::super::projection::Verdict;
    use super::super::threshold::{Answer, Parameters};
    use super::{Note, Origin};
    use std::collections::BTreeMap;

    fn snapshot(pool: Pool, count: u32, required: Option<u32>) -> Answer {
        let counts = BTreeMap::from([(pool, count)]);
        Log::default().threshold(Parameters { required, counts, ..seen_for_60_days() })
    }

    #[test]
    fn without_rows_a_snapshot_is_compared_with_the_usual_counts() {
        let judged = |pool, count, required| -> Vec<(u32, Verdict, usize)> {
            let outlooks = snapshot(pool, count, required).outlooks;
            assert!(outlooks.iter().all(|one| one.figures.is_none() && one.date.is_none()));
            outlooks.iter().map(|one| (one.required, one.verdict, one.notes.len())).collect()
        };
        let windows = Pool::Windows;
        assert_eq!(
            judged(windows, 12, None),
            [(5, Verdict::Reached, 0), (25, Verdict::NotReached, 0)]
        );
        assert_eq!(judged(windows, 50, Some(25)), [(25, Verdict::Reached, 1)]);
        assert_eq!(judged(windows, 10, Some(25)), [(25, Verdict::NotReached, 1)]);
        assert_eq!(judged(windows, 0, Some(5)), [(5, Verdict::NotReached, 0)]);
        assert_eq!(judged(windows, u32::MAX, Some(5)), [(5, Verdict::Unknown, 0)]);
        assert_eq!(judged(Pool::Office15, 7, None), [(5, Verdict::Reached, 0)]);
    }

    #[test]
    fn neither_rows_nor_a_snapshot_is_unknown_and_no_finding() {
        let answer = Log::default().threshold(seen_for_60_days());
        let verdicts: Vec<_> =
            answer.outlooks.iter().map(|one| (one.required, one.verdict, one.source)).collect();
        assert_eq!(
            verdicts,
            [(5, Verdict::Unknown, Origin::Nothing), (25, Verdict::Unknown, Origin::Nothing)]
        );
        assert_eq!(answer.findings().count(), 0);
    }

    #[test]
    fn a_snapshot_counts_only_for_a_pool_without_rows() {
        let counts = BTreeMap::from([(Pool::Windows, 40), (Pool::Office15, 4)]);
        let answer = Log::site(26, 0).threshold(Parameters { counts, ..seen_for_60_days() });
        let sources: Vec<_> =
            answer.outlooks.iter().map(|one| (one.pool, one.source, one.count)).collect();
        assert_eq!(
            sources,
            [(Pool::Windows, Origin::Rows, Some(26)), (Pool::Office15, Origin::Snapshot, Some(4))]
        );
        let finding = answer.findings().next().unwrap();
        assert_eq!(
            (finding.class, &finding.object[..]),
            ("threshold.not-reached", "office15+ (N 5)")
        );
        assert_eq!(finding.message, "the count of pool office15+ is 4 and is below 5");
    }

    #[test]
    fn a_fall_is_an_error_that_is_due_on_its_day() {
        let mut log = Log::site(24, 0);
        log.ask("2025-03-11T00:00:00Z", "pc-25", 25);
        let finding = log.threshold(seen_for_60_days()).findings().next().unwrap();
        assert_eq!((finding.class, finding.severity.word()), ("threshold.will-fall", "error"));
        assert_eq!(
            finding.message,
            "the count of pool windows is 25 and falls below 25 on 2025-04-11"
        );
        assert_eq!(finding.due, Some(at("2025-04-11T00:00:00Z")));
        assert_eq!(finding.detail.get("RequiredClientCount"), Some(25.into()));
        assert_eq!(finding.detail.get("silent"), Some(1.into()));
    }

    #[test]
    fn notes_are_sentences() {
        let note = Note::DuplicatesFixed { count: 25, verdict: Verdict::Reached };
        assert_eq!(
            note.to_string(),
            "with duplicates fixed the count is 25 and the verdict `reached`"
        );
        assert_eq!(Note::CacheFull.to_string(), "cache full: more clients do not raise it");
    }
}
