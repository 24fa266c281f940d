//! Test bed: a log of requests row by row, and mini log L1 of the specification.
//!
//! The log turns itself into what the store streams, units, and rows in either order, and asks the reports at [`NOW`].

use super::churn::{self, Churn};
use super::duplicates::{Candidates, Duplicates};
use super::outlook::Outlook;
use super::shared::Shared;
use super::stale::{self, Stale};
use super::threshold::{self, Threshold};
use super::{Coverage, Period, Pool, Row, Unit, Valid, WINDOW, label_hash};
use crate::clock::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The time at which L1 is asked.
pub(crate) const NOW: &str = "2025-03-31T00:00:00Z";

/// The Windows product of L1, N 25.
pub(crate) const WINDOWS: Uuid = Uuid::from_u128(0x2de6_7392_b7a7_462a_b1ca_108d_d189_f588);

/// The Office product of L1, N 5.
pub(crate) const OFFICE: Uuid = Uuid::from_u128(0xd450_596f_894d_49e0_966a_fd39_ed4c_4c64);

/// A product that no table knows.
pub(crate) const STRANGER: Uuid = Uuid::from_u128(0x0bad_0bad_0bad_4bad_8bad_0bad_0bad_0bad);

/// The time that `text` names, RFC 3339.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// `cN` of L1: `00000000-0000-4000-8000-00000000000N`.
pub(crate) fn cmid(n: u64) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(n))
}

/// One stored 12290.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) record: u64,
    pub(crate) time: Timestamp,
    pub(crate) hresult: u32,
    pub(crate) required: u32,
    pub(crate) name: String,
    pub(crate) cmid: Uuid,
    pub(crate) virtual_machine: bool,
    pub(crate) status: u8,
    pub(crate) minutes: u32,
    pub(crate) activation: Uuid,
    pub(crate) pool: Pool,
    pub(crate) host: String,
}

/// Rows of one or more hosts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(pub(crate) Vec<Entry>);

impl Log {
    /// Mini log L1 of the specification, section 6.8.
    pub(crate) fn l1() -> Self {
        const REFUSED: u32 = 0xC004_F042;
        let rows = [
            ("03-01T08:00", 0, "pc-001.corp.example", 1, 0, 2, 43000, WINDOWS),
            ("03-01T08:05", 0, "pc-001", 1, 0, 5, 0, OFFICE),
            ("03-02T09:00", 0, "clone-a", 2, 0, 2, 43100, WINDOWS),
            ("03-02T09:30", 0, "clone-b", 2, 0, 2, 43090, WINDOWS),
            ("03-02T11:00", 0, "clone-a", 2, 0, 2, 42980, WINDOWS),
            ("03-03T10:00", 0, "old-name", 3, 0, 2, 43000, WINDOWS),
            ("03-05T10:00", 0, "new-name", 3, 0, 2, 40120, WINDOWS),
            ("03-06T10:00", REFUSED, "pc-009", 4, 0, 2, 43000, WINDOWS),
            ("03-08T08:00", 0, "PC-001", 1, 0, 1, 249_120, WINDOWS),
            ("03-10T07:00", 0, "vdi-7", 5, 1, 2, 43190, WINDOWS),
            ("03-12T07:00", 0, "vdi-7", 6, 1, 2, 43190, WINDOWS),
            ("03-14T07:00", 0, "vdi-7", 7, 1, 2, 43190, WINDOWS),
        ];
        let mut log = Self::default();
        for (time, hresult, name, n, vm, status, minutes, product) in rows {
            let entry = log.ask(&format!("2025-{time}:00Z"), name, n);
            (entry.hresult, entry.virtual_machine, entry.status, entry.minutes) =
                (hresult, vm == 1, status, minutes);
            if product == OFFICE {
                (entry.activation, entry.pool, entry.required) = (OFFICE, Pool::Office15, 5);
            }
        }
        log
    }

    /// Clients that renewed yesterday: `old` known since February, `new` since last week.
    pub(crate) fn site(old: u64, new: u64) -> Self {
        let mut log = Self::default();
        for n in 1..=old + new {
            let first = if n <= old { "2025-02-01T00:00:00Z" } else { "2025-03-24T00:00:00Z" };
            log.ask(first, &format!("pc-{n}"), n);
            log.ask("2025-03-30T00:00:00Z", &format!("pc-{n}"), n);
        }
        log
    }

    /// Appends a valid Windows request to host `kms01` by a licensed physical client; the caller changes what differs.
    pub(crate) fn ask(&mut self, time: &str, name: &str, n: u64) -> &mut Entry {
        let record = u64::try_from(self.0.len()).unwrap() + 1;
        self.0.push(Entry {
            record,
            time: at(time),
            hresult: 0,
            required: 25,
            name: name.to_owned(),
            cmid: cmid(n),
            virtual_machine: false,
            status: 1,
            minutes: 249_120,
            activation: WINDOWS,
            pool: Pool::Windows,
            host: "kms01".to_owned(),
        });
        self.0.last_mut().unwrap()
    }

    /// The units up to `now`, in the order of CMID, activation and name.
    pub(crate) fn units(&self, now: Timestamp) -> Vec<Unit<'_>> {
        let mut groups: BTreeMap<(Uuid, Uuid, &str), Vec<&Entry>> = BTreeMap::new();
        for entry in self.ordered(now) {
            groups.entry((entry.cmid, entry.activation, &entry.name)).or_default().push(entry);
        }
        groups.into_values().map(|group| unit(&group)).collect()
    }

    /// Every row up to `now` in the order of pool, CMID, time and record.
    pub(crate) fn by_client(&self, now: Timestamp) -> Vec<Row<'_>> {
        let mut rows = self.ordered(now);
        rows.sort_by_key(|entry| (entry.pool, entry.cmid));
        rows.into_iter().map(row).collect()
    }

    /// Every row up to `now` in the order of time and record.
    pub(crate) fn by_time(&self, now: Timestamp) -> Vec<Row<'_>> {
        self.ordered(now).into_iter().map(row).collect()
    }

    fn ordered(&self, now: Timestamp) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.0.iter().filter(|entry| entry.time <= now).collect();
        entries.sort_by_key(|entry| (entry.time, entry.record));
        entries
    }
}

impl Log {
    /// Asks `threshold`, each pool wasting as many names as `duplicates` says.
    pub(crate) fn threshold(&self, parameters: threshold::Parameters) -> threshold::Answer {
        let mut threshold = Threshold::new(parameters);
        self.units(at(NOW)).iter().for_each(|unit| threshold.take(unit));
        threshold.finish(&self.duplicates().1)
    }

    /// Asks `stale`, with the replay when it is strict.
    pub(crate) fn stale(&self, parameters: stale::Parameters) -> stale::Answer {
        let strict = parameters.strict;
        let mut stale = Stale::new(parameters);
        self.units(at(NOW)).iter().for_each(|unit| stale.take(unit));
        if !strict {
            return stale.finish();
        }
        let mut replay = stale.replay();
        self.by_time(at(NOW)).iter().for_each(|row| replay.take(row));
        replay.finish()
    }

    /// Asks `duplicates`: every class, and the wasted names of each pool.
    pub(crate) fn duplicates(&self) -> (Vec<Shared>, BTreeMap<Pool, u64>) {
        let period = Period::ending(at(NOW), WINDOW);
        let mut candidates = Candidates::new(period);
        self.units(at(NOW)).iter().for_each(|unit| candidates.take(unit));
        let candidates: BTreeSet<(Pool, Uuid)> = candidates.finish().into_iter().collect();
        let mut duplicates = Duplicates::new(period);
        let rows = self.by_client(at(NOW));
        let rows = rows.iter().filter(|row| candidates.contains(&(row.pool, row.cmid)));
        let mut found: Vec<Shared> = rows.filter_map(|row| duplicates.take(row)).collect();
        let (last, wasted) = duplicates.finish();
        found.extend(last);
        (found, wasted)
    }

    /// Asks `churn` for labels with at least `minimum` CMIDs.
    pub(crate) fn churn(&self, minimum: u64) -> churn::Answer {
        let mut churn =
            Churn::new(churn::Parameters { minimum, ..churn::Parameters::new(at(NOW), WINDOW) });
        self.units(at(NOW)).iter().for_each(|unit| churn.take(unit));
        churn.finish()
    }
}

/// A threshold asked of a host whose log covers 60 days.
pub(crate) fn seen_for_60_days() -> threshold::Parameters {
    threshold::Parameters {
        coverage: covered("2025-01-30T00:00:00Z", NOW),
        ..threshold::Parameters::new(at(NOW))
    }
}

/// The one outlook of an answer that has just one.
pub(crate) fn only(answer: threshold::Answer) -> Outlook {
    let [outlook] = <[Outlook; 1]>::try_from(answer.outlooks).unwrap();
    outlook
}

/// The coverage of one host from `first` to `last`.
pub(crate) fn covered(first: &str, last: &str) -> Vec<Coverage> {
    vec![Coverage { host: "kms01".to_owned(), first: at(first), last: at(last), rows: 1 }]
}

fn row(entry: &Entry) -> Row<'_> {
    Row {
        pool: entry.pool,
        cmid: entry.cmid,
        name: &entry.name,
        time: entry.time,
        activation: entry.activation,
        valid: entry.hresult == 0,
        virtual_machine: entry.virtual_machine,
        status: entry.status,
        minutes: entry.minutes,
        required: entry.required,
    }
}

/// The unit of rows that share CMID, activation and name, oldest first.
fn unit<'a>(rows: &[&'a Entry]) -> Unit<'a> {
    let valid: Vec<&Entry> = rows.iter().copied().filter(|entry| entry.hresult == 0).collect();
    Unit {
        cmid: rows[0].cmid,
        name: &rows[0].name,
        label: label_hash(&rows[0].name),
        activation: rows[0].activation,
        pool: rows[0].pool,
        rows: u64::try_from(rows.len()).unwrap(),
        first: rows[0].time,
        last: rows[rows.len() - 1].time,
        required: rows.iter().map(|entry| entry.required).max().unwrap(),
        valid: valid.first().zip(valid.last()).map(|(first, newest)| Valid {
            first: first.time,
            last: newest.time,
            status: newest.status,
            minutes: newest.minutes,
            virtual_machine: newest.virtual_machine,
            host: &newest.host,
        }),
    }
}
