//! The rows of one CMID, judged: is it one machine, a renamed one, or several clones of one image?
//!
//! Why a rename cannot reset the state: a rearm would give a new CMID.

use super::shared::{Class, Evidence, Named, Shared};
use super::{Pool, Row};
use crate::clock::Timestamp;
use crate::kms::catalog::enumerations::{LicenseStatus, VALIDITY_MINUTES};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How many minutes a machine's remaining time may be off before it must be another machine's: 120.
///
/// Source: assumed; a retry interval by default, room for clocks that differ.
const TOLERANCE: i64 = 120;

/// The rows of one CMID in one pool.
#[derive(Debug)]
pub struct Group {
    pub pool: Pool,
    pub cmid: Uuid,
    names: Vec<Named>,
    /// Spelled name to its place in `names`.
    places: HashMap<String, usize>,
    labels: BTreeSet<u64>,
    /// How often the label was another than in the row before.
    changes: u64,
    /// Label and VM flag of the row before.
    before: Option<(u64, bool)>,
    /// The newest row of each product: what one machine shows next follows from its own product's last state.
    latest: HashMap<Uuid, Shown>,
    /// What spoke for two machines where the label changed.
    evidence: BTreeSet<Evidence>,
}

/// What a row shows of the machine that sent it.
#[derive(Debug)]
struct Shown {
    label: u64,
    time: Timestamp,
    valid: bool,
    status: u8,
    minutes: u32,
}

impl Group {
    /// The rows of the CMID and pool of `row`, before the first of them.
    #[must_use]
    pub fn new(row: &Row) -> Self {
        Self {
            pool: row.pool,
            cmid: row.cmid,
            names: Vec::new(),
            places: HashMap::new(),
            labels: BTreeSet::new(),
            changes: 0,
            before: None,
            latest: HashMap::new(),
            evidence: BTreeSet::new(),
        }
    }

    /// Takes the next row, in the order of time and record; `label` is the hash of its label.
    pub fn add(&mut self, row: &Row, label: u64) {
        if let Some(named) = self.places.get(row.name).and_then(|place| self.names.get_mut(*place))
        {
            named.rows += 1;
            named.last = row.time;
        } else {
            self.places.insert(row.name.to_owned(), self.names.len());
            self.names.push(Named {
                name: row.name.to_owned(),
                rows: 1,
                first: row.time,
                last: row.time,
            });
        }
        self.compare(row, label);
        self.labels.insert(label);
        self.before = Some((label, row.virtual_machine));
        let Row { time, valid, status, minutes, .. } = *row;
        self.latest.insert(row.activation, Shown { label, time, valid, status, minutes });
    }

    /// Gathers what speaks for another machine where the label is another than before.
    fn compare(&mut self, row: &Row, label: u64) {
        if let Some((_, virtual_machine)) =
            self.before.as_ref().filter(|(before, _)| *before != label)
        {
            self.changes += 1;
            if *virtual_machine != row.virtual_machine {
                self.evidence.insert(Evidence::VmDiffers);
            }
        }
        let Some(shown) = self.latest.get(&row.activation).filter(|shown| shown.label != label)
        else {
            return;
        };
        let change = [shown.status, row.status].map(u32::from);
        if change == [LicenseStatus::Licensed, LicenseStatus::OobGrace].map(LicenseStatus::number) {
            self.evidence.insert(Evidence::StatusRegressed);
        }
        if !shown.leads_to(row) {
            self.evidence.insert(Evidence::Minutes);
        }
    }

    /// Classifies the rows; `None` for one name.
    ///
    /// Source: [CNT], [KMSGEN] for clones that share a CMID. The tests that tell them from renames: assumed.
    #[must_use]
    pub fn judge(self) -> Option<Shared> {
        let labels = u64::try_from(self.labels.len()).unwrap_or(u64::MAX);
        let (class, evidence) = match (labels, self.changes) {
            (0 | 1, _) if self.names.len() < 2 => return None,
            (0 | 1, _) => (Class::Alias, Vec::new()),
            (2, 0 | 1) if self.evidence.is_empty() => (Class::Rename, Vec::new()),
            (2, 0 | 1) => (Class::Duplicate, self.evidence.into_iter().collect()),
            (2, _) => (Class::Duplicate, vec![Evidence::Interleaved]),
            _ => (Class::Duplicate, vec![Evidence::ThreeOrMore]),
        };
        let first = self.names.iter().map(|named| named.first).min()?;
        let last = self.names.iter().map(|named| named.last).max()?;
        Some(Shared {
            class,
            pool: self.pool,
            cmid: self.cmid,
            two_domains: class == Class::Alias && two_domains(&self.names),
            names: self.names,
            wasted: if class == Class::Duplicate { labels.saturating_sub(1) } else { 0 },
            first,
            last,
            evidence,
        })
    }
}

impl Shown {
    /// Whether one machine can show `row` after this one: its time runs down, or is granted anew.
    fn leads_to(&self, row: &Row) -> bool {
        let elapsed = row.time.minutes_since(self.time);
        let near =
            |from: i64| (i64::from(row.minutes) - (from - elapsed).max(0)).abs() <= TOLERANCE;
        near(i64::from(self.minutes)) || self.valid && near(i64::from(VALIDITY_MINUTES))
    }
}

fn two_domains(names: &[Named]) -> bool {
    let domains = names
        .iter()
        .filter_map(|named| named.name.split_once('.'))
        .map(|(_, domain)| domain.to_lowercase());
    domains.filter(|domain| !domain.is_empty()).collect::<BTreeSet<_>>().len() > 1
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::minilog::{Log, OFFICE, cmid};
    use super::super::shared::{Class, Evidence, Shared};

    /// Two requests of one CMID, a day apart; the second is what the first machine would send.
    fn pair(one: &str, other: &str) -> Log {
        let mut log = Log::default();
        for (time, name, minutes) in
            [("2025-03-20T08:00:00Z", one, 43_000), ("2025-03-21T08:00:00Z", other, 41_560)]
        {
            let entry = log.ask(time, name, 1);
            (entry.status, entry.minutes) = (2, minutes);
        }
        log
    }

    fn only(log: &Log) -> Shared {
        let (mut found, wasted) = log.duplicates();
        assert_eq!(found.len(), 1);
        assert_eq!(wasted.values().sum::<u64>(), found[0].wasted);
        found.remove(0)
    }

    fn judged(log: &Log) -> (Class, u64, Vec<Evidence>) {
        let shared = only(log);
        (shared.class, shared.wasted, shared.evidence)
    }

    #[test]
    fn one_spelling_is_nothing_and_two_spellings_are_an_alias() {
        assert_eq!(pair("pc1", "pc1").duplicates().0, []);
        let alias = only(&pair("pc1.a.example", "PC1"));
        assert_eq!((alias.class, alias.wasted, alias.two_domains), (Class::Alias, 0, false));
        assert!(only(&pair("pc1.a.example", "pc1.b.example")).two_domains);
        assert!(!only(&pair("pc1.a.example", "PC1.A.EXAMPLE")).two_domains);
    }

    #[test]
    fn a_consistent_change_of_name_is_a_rename() {
        assert_eq!(judged(&pair("a", "b")), (Class::Rename, 0, vec![]));
    }

    #[test]
    fn a_label_that_returns_after_another_is_a_clone() {
        let mut log = pair("a", "b");
        log.ask("2025-03-22T08:00:00Z", "A.corp.example", 1);
        assert_eq!(judged(&log), (Class::Duplicate, 1, vec![Evidence::Interleaved]));
    }

    #[test]
    fn thirty_labels_waste_twenty_nine() {
        let mut log = Log::default();
        for n in 0..30 {
            log.ask("2025-03-20T08:00:00Z", &format!("lab-{n}"), 1);
        }
        assert_eq!(judged(&log), (Class::Duplicate, 29, vec![Evidence::ThreeOrMore]));
        let finding = only(&log).finding();
        assert_eq!(
            finding.message,
            "one CMID is shared by `lab-0`, `lab-1`, `lab-2` and 27 more; the count misses 29"
        );
        assert_eq!((finding.class, finding.severity.word()), ("duplicates.duplicate", "error"));
        assert_eq!(finding.detail.get("names").unwrap()[29]["ClientName"], "lab-29");
    }

    #[test]
    fn a_physical_machine_that_becomes_a_virtual_one_is_another() {
        let mut log = pair("a", "b");
        log.0[1].virtual_machine = true;
        assert_eq!(judged(&log), (Class::Duplicate, 1, vec![Evidence::VmDiffers]));
    }

    #[test]
    fn a_licensed_machine_does_not_go_back_to_its_first_grace() {
        let mut log = pair("a", "b");
        log.0[0].status = 1;
        assert_eq!(judged(&log), (Class::Duplicate, 1, vec![Evidence::StatusRegressed]));
    }

    #[test]
    fn minutes_may_be_off_by_two_hours_and_not_more() {
        let minutes = |minutes: u32, first_valid: bool| {
            let mut log = pair("a", "b");
            log.0[1].minutes = minutes;
            log.0[0].hresult = if first_valid { 0 } else { 0xC004_F042 };
            judged(&log).2
        };
        for near in [41_440, 41_680, 257_640, 257_880] {
            assert_eq!(minutes(near, true), [], "{near}");
        }
        for far in [41_439, 41_681, 257_639, 257_881, 0] {
            assert_eq!(minutes(far, true), [Evidence::Minutes], "{far}");
        }
        // A refused request activates nobody.
        assert_eq!(minutes(257_760, false), [Evidence::Minutes]);
    }

    #[test]
    fn time_that_ran_out_stays_at_nought() {
        let mut log = pair("a", "b");
        (log.0[0].minutes, log.0[1].minutes) = (60, 0);
        assert_eq!(judged(&log).0, Class::Rename);
    }

    #[test]
    fn each_product_is_compared_with_its_own_past() {
        let mut log = pair("a", "b");
        let visio = log.ask("2025-03-21T09:00:00Z", "b", 1);
        (visio.activation, visio.status, visio.minutes) = (cmid(99), 5, 0);
        assert_eq!(judged(&log).0, Class::Rename);
    }

    #[test]
    fn windows_and_office_of_one_machine_are_no_finding() {
        let mut log = pair("pc1", "pc1");
        (log.0[1].activation, log.0[1].pool) = (OFFICE, Pool::Office15);
        assert_eq!(log.duplicates().0, []);
        // Nor are two spellings, one in each pool.
        log.0[1].name = "PC1.corp.example".to_owned();
        assert_eq!(log.duplicates().0, []);
    }

    #[test]
    fn rows_without_a_name_or_outside_the_window_are_skipped() {
        assert_eq!(pair("a", "").duplicates().0, []);
        let mut log = pair("a", "b");
        log.0[0].time = log.0[0].time.plus_days(-30);
        assert_eq!(log.duplicates().0, []);
    }
}
