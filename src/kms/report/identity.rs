//! Evidence that contradicts itself about who is who: two machines under one name, one client of two hosts, machines that were
//! installed anew.
//!
//! One CMID under several names is the question of `duplicates`; here several CMIDs stand under one name.

use super::listing::Numbered;
use super::{Period, Unit};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hasher};
use uuid::Uuid;

/// A name by its number: the full one, lower case. Two machines of two domains are two machines.
fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name.to_lowercase().as_bytes());
    hasher.finish()
}

/// When one CMID had a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    name: u64,
    first: Timestamp,
    last: Timestamp,
}

/// Two machines that use one name in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub name: String,
    /// The CMIDs, in their order.
    pub cmids: Vec<Uuid>,
    /// When the second one first came between.
    pub since: Timestamp,
}

impl Twin {
    #[must_use]
    pub fn finding(&self) -> Finding {
        let message = format!(
            "{} machines use the name `{}` in turn: none of their CMIDs took the place of another",
            self.cmids.len(),
            self.name
        );
        let cmids: Vec<String> = self.cmids.iter().map(Uuid::to_string).collect();
        Finding::new("kms", "evidence.two-machines", Level::Warning, &self.name, message)
            .with("ClientName", self.name.as_str())
            .with("ClientMachineID", cmids)
            .since(Some(self.since))
            .remedy("find the second machine, or the second installation on the same one, and rename it")
    }
}

/// The accumulator of names: 24 bytes for each CMID and name. Names alone are told in a second pass, over those that matter.
#[derive(Debug)]
pub struct Names {
    period: Period,
    cmid: Uuid,
    current: Vec<Held>,
    all: Vec<Held>,
}

impl Names {
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, cmid: Uuid::nil(), current: Vec::new(), all: Vec::new() }
    }

    /// Takes the next unit, in the order of CMID.
    pub fn take(&mut self, unit: &Unit) {
        if unit.cmid != self.cmid {
            self.settle();
            self.cmid = unit.cmid;
        }
        if !unit.name.is_empty() && self.period.holds(unit.last) {
            let first = unit.first.max(self.period.start);
            self.current.push(Held { name: hash(unit.name), first, last: unit.last });
        }
    }

    /// Puts the products and hosts of the current CMID together.
    fn settle(&mut self) {
        self.current.sort_unstable();
        for same in self.current.chunk_by(|one, next| one.name == next.name) {
            let Some(first) = same.first() else { continue };
            let last = same.iter().map(|held| held.last).max().unwrap_or(first.last);
            self.all.push(Held { last, ..*first });
        }
        self.current.clear();
    }

    /// The names that several CMIDs had at one time.
    #[must_use]
    pub fn finish(mut self) -> Suspects {
        self.settle();
        self.all.sort_unstable();
        let mut names = HashMap::new();
        for held in self.all.chunk_by(|one, next| one.name == next.name) {
            let mut until: Option<Timestamp> = None;
            for one in held {
                // In the order of the first request: one that begins before another has ended came between.
                if until.is_some_and(|until| one.first < until) {
                    names.entry(one.name).or_insert(one.first);
                }
                until = until.max(Some(one.last));
            }
        }
        Suspects { period: self.period, names, found: HashMap::new() }
    }
}

/// The second pass: the names as text, and their CMIDs.
#[derive(Debug)]
pub struct Suspects {
    period: Period,
    names: HashMap<u64, Timestamp>,
    found: HashMap<u64, (String, BTreeSet<Uuid>)>,
}

impl Suspects {
    /// Whether a second pass is of any use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn take(&mut self, unit: &Unit) {
        let name = hash(unit.name);
        if self.names.contains_key(&name) && self.period.holds(unit.last) {
            let entry = self
                .found
                .entry(name)
                .or_insert_with(|| (unit.name.to_lowercase(), BTreeSet::new()));
            entry.1.insert(unit.cmid);
        }
    }

    /// The twins in the order of their names.
    #[must_use]
    pub fn finish(self) -> Vec<Twin> {
        let mut twins: Vec<Twin> = self
            .found
            .into_iter()
            .filter_map(|(hash, (name, cmids))| {
                let since = *self.names.get(&hash)?;
                Some(Twin { name, cmids: cmids.into_iter().collect(), since })
            })
            .collect();
        twins.sort_by(|one, other| one.name.cmp(&other.name));
        twins
    }
}

/// Clients that several hosts count: one client at a time, and a number for each set of hosts.
#[derive(Debug)]
pub struct SharedClients {
    period: Period,
    cmid: Uuid,
    hosts: Numbered<String>,
    /// Those of the client at hand.
    current: Vec<u16>,
    sets: BTreeMap<BTreeSet<String>, u64>,
}

impl SharedClients {
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self {
            period,
            cmid: Uuid::nil(),
            hosts: Numbered::default(),
            current: Vec::new(),
            sets: BTreeMap::new(),
        }
    }

    /// Takes the newest valid request of a client at a host, in the order of CMID.
    pub fn take(&mut self, cmid: Uuid, host: &str, valid: Option<Timestamp>) {
        if cmid != self.cmid {
            self.settle();
            self.cmid = cmid;
        }
        if valid.is_some_and(|valid| self.period.holds(valid))
            && let Some(host) = self.hosts.number(host)
            && !self.current.contains(&host)
        {
            self.current.push(host);
        }
    }

    fn settle(&mut self) {
        if self.current.len() > 1 {
            let hosts = self.current.iter().filter_map(|host| self.hosts.value(*host).cloned());
            *self.sets.entry(hosts.collect()).or_default() += 1;
        }
        self.current.clear();
    }

    /// One finding for each set of hosts.
    #[must_use]
    pub fn findings(mut self) -> Vec<Finding> {
        self.settle();
        let finding = |(hosts, clients): (BTreeSet<String>, u64)| {
            let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
            let plural = if clients == 1 { " is" } else { "s are" };
            let message = format!(
                "{clients} client{plural} counted by {} hosts at once: {}",
                names.len(),
                names.join(", ")
            );
            Finding::new("kms", "evidence.two-hosts", Level::Info, names.join(", "), message)
                .with("clients", clients)
                .with("hosts", names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .remedy("each host counts for itself: what both count is one client of the estate")
        };
        self.sets.into_iter().map(finding).collect()
    }
}

/// The CMIDs that the snapshots of one machine showed, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faces(Vec<(Uuid, Timestamp)>);

impl Faces {
    /// Takes the CMID of the next snapshot.
    pub fn take(&mut self, cmid: Uuid, taken: Timestamp) {
        if self.0.last().is_none_or(|(last, _)| *last != cmid) {
            self.0.push((cmid, taken));
        }
    }

    /// The newest CMID and the first snapshot that showed it after another one.
    #[must_use]
    pub fn newest(&self) -> Option<(Uuid, Timestamp)> {
        self.0.last().copied()
    }

    /// What the changes mean: a machine that was installed anew, or two machines when an older CMID came back.
    #[must_use]
    pub fn finding(&self, machine: &str) -> Option<Finding> {
        let (newest, since) = self.newest().filter(|_| self.0.len() > 1)?;
        let distinct: BTreeSet<Uuid> = self.0.iter().map(|(cmid, _)| *cmid).collect();
        if distinct.len() < self.0.len() {
            let twin =
                Twin { name: machine.to_owned(), cmids: distinct.into_iter().collect(), since };
            return Some(twin.finding().within(machine));
        }
        Some(renewed(machine, newest, since))
    }
}

/// The finding of a machine that has another CMID since.
#[must_use]
pub fn renewed(machine: &str, cmid: Uuid, since: Timestamp) -> Finding {
    let message = format!(
        "`{machine}` has another CMID since {}: it was installed anew or rearmed",
        since.date()
    );
    Finding::new("kms", "evidence.re-imaged", Level::Info, machine, message)
        .within(machine)
        .with("ClientMachineID", cmid.to_string())
        .since(Some(since))
        .remedy("its older CMID counts until it was silent for 30 days; a snapshot from before no longer shows this machine")
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{Log, NOW, at, cmid};
    use super::super::{Period, WINDOW};
    use super::{Faces, Names, SharedClients, Twin, renewed};

    fn period() -> Period {
        Period::ending(at(NOW), WINDOW)
    }

    fn twins(log: &Log) -> Vec<Twin> {
        let mut names = Names::new(period());
        let units = log.units(at(NOW));
        for unit in &units {
            names.take(unit);
        }
        let mut suspects = names.finish();
        for unit in &units {
            suspects.take(unit);
        }
        suspects.finish()
    }

    #[test]
    fn the_desktop_that_is_made_anew_each_time_is_one_machine() {
        assert_eq!(twins(&Log::l1()), []);
    }

    #[test]
    fn two_machines_that_use_one_name_in_turn_are_told_apart_from_one_that_was_made_anew() {
        let mut log = Log::default();
        log.ask("2025-03-10T08:00:00Z", "pc-1.corp.example", 1);
        log.ask("2025-03-11T08:00:00Z", "PC-1.corp.example", 2);
        log.ask("2025-03-12T08:00:00Z", "pc-1.corp.example", 1);
        // One after the other, and in another domain.
        log.ask("2025-03-10T08:00:00Z", "pc-2.corp.example", 3);
        log.ask("2025-03-11T08:00:00Z", "pc-2.corp.example", 4);
        log.ask("2025-03-10T12:00:00Z", "pc-1.lab.example", 5);
        // Without a name, and before the window.
        log.ask("2025-03-10T08:00:00Z", "", 6);
        log.ask("2025-03-10T08:00:00Z", "", 7);
        log.ask("2025-01-10T08:00:00Z", "pc-2.corp.example", 4);
        let expected = Twin {
            name: "pc-1.corp.example".to_owned(),
            cmids: vec![cmid(1), cmid(2)],
            since: at("2025-03-11T08:00:00Z"),
        };
        assert_eq!(twins(&log)[0], expected);
        let pc_2 = twins(&log).into_iter().nth(1).unwrap();
        assert_eq!(pc_2.cmids, [cmid(3), cmid(4)], "its CMID of January is back");
        assert_eq!(twins(&log).len(), 2);
        assert_eq!(
            expected.finding().message,
            "2 machines use the name `pc-1.corp.example` in turn: none of their CMIDs took the place of another"
        );
    }

    #[test]
    fn a_client_that_asks_two_hosts_is_counted_by_both() {
        let mut shared = SharedClients::new(period());
        let recent = Some(at("2025-03-30T00:00:00Z"));
        for (n, host, valid) in [
            (1, "kms01", recent),
            (1, "kms02", recent),
            (2, "kms01", recent),
            (2, "kms02", Some(at("2025-01-30T00:00:00Z"))),
            (3, "kms01", recent),
            (3, "kms01", recent),
            (3, "kms02", None),
            (4, "kms02", recent),
            (4, "kms01", recent),
        ] {
            shared.take(cmid(n), host, valid);
        }
        let findings = shared.findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "2 clients are counted by 2 hosts at once: kms01, kms02");
    }

    #[test]
    fn a_machine_whose_snapshots_change_their_cmid_was_installed_anew() {
        let mut faces = Faces::default();
        for (n, day) in [(1, 1), (1, 2), (2, 3), (2, 4)] {
            faces.take(cmid(n), at("2025-03-01T00:00:00Z").plus_days(day));
        }
        let finding = faces.finding("ws-1").unwrap();
        assert_eq!(finding, renewed("ws-1", cmid(2), at("2025-03-04T00:00:00Z")));
        assert_eq!(
            finding.message,
            "`ws-1` has another CMID since 2025-03-04: it was installed anew or rearmed"
        );
        faces.take(cmid(1), at("2025-03-09T00:00:00Z"));
        assert_eq!(faces.finding("ws-1").unwrap().class, "evidence.two-machines");
        let mut same = Faces::default();
        same.take(cmid(1), at(NOW));
        assert_eq!(same.finding("ws-1"), None);
    }
}
