//! Labels that come with ever new CMIDs: re-imaged machines, rearm loops, desktops that do not persist.
//!
//! Also the phantoms that such labels leave in the count, for `threshold`. A CMID takes part while it is active: while it has a
//! valid row of the label in the window. One CMID under several labels is the question of `duplicates`.

use super::projection::{Crowd, Stay};
use super::{Period, Pool, Unit, label};
use crate::clock::{Span, Timestamp};
use crate::finding::{Finding, Level};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use uuid::Uuid;

/// The phantoms of one pool: active CMIDs beyond the first of their label. 16 bytes for each CMID and label.
#[derive(Debug, Default)]
pub struct Phantoms(Vec<(u64, Stay)>);

impl Phantoms {
    /// Adds an active CMID under a label; each pair once.
    pub fn add(&mut self, label: u64, stay: Stay) {
        self.0.push((label, stay));
    }

    /// The phantoms by the day on which they leave: of each label every CMID but the one that stays longest.
    #[must_use]
    pub fn crowd(mut self) -> Crowd {
        self.0.sort_unstable();
        let mut crowd = Crowd::default();
        for label in self.0.chunk_by(|one, next| one.0 == next.0) {
            label.iter().rev().skip(1).for_each(|(_, stay)| crowd.add(*stay));
        }
        crowd
    }
}

/// What `churn` is asked.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub period: Period,
    /// Only this pool.
    pub pool: Option<Pool>,
    /// Fewest CMIDs of a label that is listed.
    pub minimum: u64,
}

impl Parameters {
    /// Every pool, labels with three CMIDs or more.
    #[must_use]
    pub fn new(now: Timestamp, window: Span) -> Self {
        Self { period: Period::ending(now, window), pool: None, minimum: 3 }
    }
}

/// A label with many CMIDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Churned {
    pub label: String,
    pub pool: Pool,
    pub cmids: u64,
    /// First and last valid row of these CMIDs under this label; the first may lie before the window.
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Churned {
    /// How many of the CMIDs stand for no machine of their own.
    #[must_use]
    pub fn phantoms(&self) -> u64 {
        self.cmids.saturating_sub(1)
    }

    /// The finding of this label.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let pool = self.pool.word();
        let message = format!(
            "`{}` asked with {} CMIDs in pool {pool}; {} of them count for no machine",
            self.label,
            self.cmids,
            self.phantoms()
        );
        Finding::new("kms", "churn.phantoms", Level::Info, format!("{} ({pool})", self.label), message)
            .with("ClientName", self.label.as_str())
            .with("pool", pool)
            .with("cmids", self.cmids)
            .with("first", self.first.to_string())
            .with("last", self.last.to_string())
            .with("phantoms", self.phantoms())
            .since(Some(self.first))
            .remedy("keep the CMID when the machine is reset, or expect the count to fall 30 days after the resets end")
    }
}

/// The answer of `churn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Most CMIDs first, then by pool and label.
    pub labels: Vec<Churned>,
    /// Phantoms of each pool, those of labels below the minimum included.
    pub phantoms: BTreeMap<Pool, u64>,
}

impl Answer {
    /// One finding for each listed label.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.labels.iter().map(Churned::finding)
    }

    /// One finding for each pool with listed labels: for those who judge the whole, since a site of desktops that do not persist
    /// has hundreds of them.
    #[must_use]
    pub fn by_pool(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (pool, phantoms) in &self.phantoms {
            let labels: Vec<&Churned> =
                self.labels.iter().filter(|churned| churned.pool == *pool).collect();
            let Some(most) = labels.first() else { continue };
            if let [only] = labels.as_slice() {
                findings.push(only.finding());
                continue;
            }
            let message = format!(
                "{} names asked with many CMIDs in pool {}, the most `{}` with {}; {phantoms} CMIDs count for no machine",
                labels.len(),
                pool.word(),
                most.label,
                most.cmids
            );
            let names: Vec<&str> =
                labels.iter().take(20).map(|churned| churned.label.as_str()).collect();
            let finding = Finding::new("kms", "churn.phantoms", Level::Info, pool.word(), message)
                .with("pool", pool.word())
                .with("names", names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .with("labels", u64::try_from(labels.len()).unwrap_or(u64::MAX))
                .with("phantoms", *phantoms)
                .since(labels.iter().map(|churned| churned.first).min())
                .remedy("`licctl kms churn` lists them; keep the CMID when a machine is reset, or expect the count to fall");
            findings.push(finding);
        }
        findings
    }
}

/// The accumulator: 24 bytes for each active CMID and label, and the text of labels that come back.
#[derive(Debug)]
pub struct Churn {
    parameters: Parameters,
    cmid: Uuid,
    mentions: Vec<Mention>,
    /// The labels of the mentions, behind each other.
    text: String,
    pools: BTreeMap<Pool, Sightings>,
}

/// A label of the current CMID.
#[derive(Debug)]
struct Mention {
    pool: Pool,
    label: u64,
    first: Timestamp,
    last: Timestamp,
    text: Range<usize>,
}

impl Churn {
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        Self {
            parameters,
            cmid: Uuid::nil(),
            mentions: Vec::new(),
            text: String::new(),
            pools: BTreeMap::new(),
        }
    }

    /// Takes the next unit, in the order of CMID.
    pub fn take(&mut self, unit: &Unit) {
        if unit.cmid != self.cmid {
            self.settle();
            self.cmid = unit.cmid;
        }
        if self.parameters.pool.is_some_and(|pool| pool != unit.pool) {
            return;
        }
        let Some(valid) =
            unit.valid.as_ref().filter(|valid| self.parameters.period.holds(valid.last))
        else {
            return;
        };
        let (Some(name), Some(hash)) = (label(unit.name), unit.label) else {
            return;
        };
        let start = self.text.len();
        self.text.push_str(&name);
        let text = start..self.text.len();
        self.mentions.push(Mention {
            pool: unit.pool,
            label: hash,
            first: valid.first,
            last: valid.last,
            text,
        });
    }

    /// Counts the current CMID once under each of its labels.
    fn settle(&mut self) {
        self.mentions.sort_unstable_by_key(|mention| (mention.pool, mention.label));
        for same in
            self.mentions.chunk_by(|one, next| (one.pool, one.label) == (next.pool, next.label))
        {
            let times = same
                .iter()
                .map(|mention| mention.first)
                .min()
                .zip(same.iter().map(|mention| mention.last).max());
            let (Some(mention), Some((first, last))) = (same.first(), times) else {
                continue;
            };
            let pool = self.pools.entry(mention.pool).or_default();
            pool.seen.push(Seen { label: mention.label, first, last });
            // A label seen for the first time may stay the only one of its kind: most do, and need no text.
            if pool.marks.mark(mention.label) || self.parameters.minimum < 2 {
                let text = self.text.get(mention.text.clone()).unwrap_or_default();
                pool.texts.entry(mention.label).or_insert_with(|| text.into());
            }
        }
        self.mentions.clear();
        self.text.clear();
    }

    /// Lists the labels with many CMIDs and counts the phantoms.
    #[must_use]
    pub fn finish(mut self) -> Answer {
        self.settle();
        let (mut labels, mut phantoms) = (Vec::new(), BTreeMap::new());
        for (pool, mut sightings) in self.pools {
            sightings.seen.sort_unstable_by_key(|seen| seen.label);
            let mut beyond = 0;
            for same in sightings.seen.chunk_by(|one, next| one.label == next.label) {
                let cmids = u64::try_from(same.len()).unwrap_or(u64::MAX);
                beyond += cmids.saturating_sub(1);
                let times = same
                    .iter()
                    .map(|seen| seen.first)
                    .min()
                    .zip(same.iter().map(|seen| seen.last).max());
                let (Some(seen), Some((first, last))) = (same.first(), times) else {
                    continue;
                };
                if cmids >= self.parameters.minimum {
                    let label = sightings.texts.remove(&seen.label).unwrap_or_default().into();
                    labels.push(Churned { label, pool, cmids, first, last });
                }
            }
            phantoms.insert(pool, beyond);
        }
        labels.sort_unstable_by(|one, other| {
            other
                .cmids
                .cmp(&one.cmids)
                .then_with(|| (one.pool, &one.label).cmp(&(other.pool, &other.label)))
        });
        Answer { labels, phantoms }
    }
}

/// The labels of one pool.
#[derive(Debug, Default)]
struct Sightings {
    seen: Vec<Seen>,
    marks: Marks,
    texts: HashMap<u64, Box<str>>,
}

/// One CMID under one label.
#[derive(Debug)]
struct Seen {
    label: u64,
    first: Timestamp,
    last: Timestamp,
}

/// Which labels were seen before, with a few false alarms: 4 MiB of bits, set by hash.
#[derive(Debug)]
struct Marks(Vec<u64>);

impl Marks {
    const WORDS: usize = 1 << 19;

    /// Marks a label; `false` when it is certain that it was not marked before.
    fn mark(&mut self, label: u64) -> bool {
        // The upper 19 bits choose the word, the next 6 the bit.
        let word = usize::try_from(label >> 45).ok().and_then(|word| self.0.get_mut(word));
        let bit = 1_u64 << ((label >> 39) & 63);
        word.is_none_or(|word| {
            let before = *word & bit != 0;
            *word |= bit;
            before
        })
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self(vec![0; Self::WORDS])
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::minilog::{Log, at, cmid};
    use super::Churned;
    use std::collections::BTreeMap;

    #[test]
    fn the_mini_log_has_one_desktop_that_does_not_persist() {
        let expected = Churned {
            label: "vdi-7".to_owned(),
            pool: Pool::Windows,
            cmids: 3,
            first: at("2025-03-10T07:00:00Z"),
            last: at("2025-03-14T07:00:00Z"),
        };
        let answer = Log::l1().churn(3);
        assert_eq!(answer.labels, [expected]);
        assert_eq!(answer.labels[0].phantoms(), 2);
        assert_eq!(answer.phantoms, BTreeMap::from([(Pool::Windows, 2), (Pool::Office15, 0)]));
        let finding = answer.findings().next().unwrap();
        assert_eq!(finding.class, "churn.phantoms");
        assert_eq!(
            finding.message,
            "`vdi-7` asked with 3 CMIDs in pool windows; 2 of them count for no machine"
        );
    }

    #[test]
    fn labels_below_the_minimum_are_not_listed_but_their_phantoms_count() {
        let answer = Log::l1().churn(4);
        assert_eq!(answer.labels, []);
        assert_eq!(answer.phantoms[&Pool::Windows], 2);
    }

    #[test]
    fn a_machine_with_two_products_of_one_pool_is_one_cmid() {
        let mut log = Log::default();
        for (n, product) in [(1, 1), (1, 2), (2, 1)] {
            log.ask("2025-03-20T08:00:00Z", "pc-1.corp.example", n).activation = cmid(product);
        }
        let answer = log.churn(2);
        assert_eq!(answer.labels.iter().map(|label| label.cmids).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn cmids_that_left_the_window_or_were_refused_are_no_phantoms() {
        let mut log = Log::default();
        log.ask("2025-03-20T08:00:00Z", "pc-1", 1);
        log.ask("2025-02-20T08:00:00Z", "pc-1", 2);
        log.ask("2025-03-21T08:00:00Z", "pc-1", 3).hresult = 0xC004_F042;
        assert_eq!(log.churn(2).labels, []);
        assert_eq!(log.churn(1).labels[0].label, "pc-1");
    }

    #[test]
    fn a_site_of_desktops_that_do_not_persist_is_one_finding_a_pool() {
        let mut log = Log::default();
        for (name, cmids) in [("vdi-1", 1..=3_u64), ("vdi-2", 4..=7), ("pc-1", 8..=9)] {
            for n in cmids {
                log.ask("2025-03-20T08:00:00Z", name, n);
            }
        }
        let findings = log.churn(3).by_pool();
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "2 names asked with many CMIDs in pool windows, the most `vdi-2` with 4; 6 CMIDs count for no machine"
        );
        assert_eq!(Log::l1().churn(3).by_pool(), Log::l1().churn(3).findings().collect::<Vec<_>>());
        assert_eq!(Log::l1().churn(4).by_pool(), []);
    }

    #[test]
    fn the_most_churned_label_stands_first() {
        let mut log = Log::default();
        for (name, cmids) in [("b", 1..=3_u64), ("a", 4..=6), ("c", 7..=10)] {
            for n in cmids {
                log.ask("2025-03-20T08:00:00Z", name, n);
            }
        }
        let order: Vec<String> = log.churn(3).labels.into_iter().map(|label| label.label).collect();
        assert_eq!(order, ["c", "a", "b"]);
    }
}
