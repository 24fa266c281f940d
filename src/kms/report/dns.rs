//! Does DNS send the clients where the hosts are? The records held against the hosts that are known.

use crate::finding::{Finding, Level};
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::catalog::skus::Pool;
use crate::kms::rules::srv::{Data, LABELS, Record, Srv};
use std::collections::{BTreeMap, BTreeSet};

/// A machine that the store knows.
#[derive(Debug, Clone)]
pub struct Known {
    pub name: String,
    /// It is an active KMS host.
    pub active: bool,
    /// On which it listens.
    pub port: u32,
    /// `KeyManagementServiceDnsPublishing`.
    pub publishes: bool,
}

/// What the store knows beside the records.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    pub machines: Vec<Known>,
    /// By pool: clients that count at present, and the counts that they need.
    pub clients: BTreeMap<Pool, (u32, BTreeSet<u32>)>,
    /// Whether some client does not care for priority and weight: one of Vista or 2008, or one that remembers its host.
    pub careless: bool,
}

/// A finding with the record that it is about.
#[derive(Debug, Clone)]
pub struct Found<'r> {
    pub finding: Finding,
    pub record: Option<&'r Record>,
}

/// A check: its class, how bad it is, and what to do.
struct Check {
    class: &'static str,
    level: Level,
    remedy: &'static str,
}

const fn check(class: &'static str, level: Level, remedy: &'static str) -> Check {
    Check { class, level, remedy }
}

static MISSING: Check =
    check("D01", Level::Error, "`licctl kms dns-plan` prints the records of the stored hosts");
static LOOKALIKE: Check = check("D02", Level::Error, "the label is `_vlmcs._tcp`");
static TARGET: Check =
    check("D03", Level::Error, "name the host in full, with a final dot in a zone file");
static NO_ADDRESS: Check = check("D04", Level::Error, "add an A or AAAA record");
static ALIAS: Check = check("D05", Level::Warning, "name the host itself, not its alias");
static WRONG_PORT: Check = check("D06", Level::Error, "correct the record, or the listening port");
static OTHER_PORT: Check = check("D07", Level::Info, "");
static NO_HOST: Check = check("D08", Level::Error, "remove the record, or activate the host");
static STRANGER: Check =
    check("D09", Level::Warning, "remove the record, or import what the host shows");
static UNPUBLISHED: Check =
    check("D10", Level::Error, "publish it: the events 12293 of the host say why it fails");
static STATIC: Check = check("D11", Level::Info, "");
static TWICE: Check = check("D12", Level::Warning, "remove one of them");
static TOO_MANY: Check =
    check("D13", Level::Warning, "fewer hosts, or priorities that keep clients together");
static LONG_LIFE: Check = check("D14", Level::Info, "");
static IGNORED: Check = check("D15", Level::Info, "turn host caching off where the order matters");

/// Labels that are taken for that of KMS; the last one stands in published procedures.
static LOOKALIKES: [&str; 4] = ["_vlmcs._udp", "vlmcs._tcp", "_vlmcs.tcp", "_vmlcs._tcp"];

/// The longest life of a record that lets a change through within a day, seconds.
const DAY: u32 = 86_400;

impl Check {
    fn of<'r>(&self, record: &'r Record, message: String) -> Found<'r> {
        let srv = if let Data::Srv(srv) = &record.data { Some(srv) } else { None };
        let target = srv.map_or("", |srv| srv.target.as_str());
        let mut found = self.about(if target.is_empty() { &record.owner } else { target }, message);
        found.finding = found.finding.with("owner", record.owner.as_str()).with("target", target);
        found.finding = found.finding.with("line", record.line);
        Found { record: Some(record), ..found }
    }

    fn about<'r>(&self, object: &str, message: String) -> Found<'r> {
        let finding = Finding::new("kms", self.class, self.level, object, message);
        Found { finding: finding.remedy(self.remedy), record: None }
    }
}

/// A record of a KMS host with its domain.
struct Host<'r> {
    record: &'r Record,
    srv: &'r Srv,
    domain: &'r str,
    known: Option<&'r Known>,
}

/// Checks the records.
///
/// - `zones`: those of which the data is whole, lower case.
#[must_use]
pub fn run<'r>(records: &'r [Record], zones: &[String], estate: &'r Estate) -> Vec<Found<'r>> {
    let hosts: Vec<Host<'r>> = records
        .iter()
        .filter_map(|record| {
            let (srv, domain) = record.kms()?;
            Some(Host { record, srv, domain, known: known(&srv.target, &estate.machines) })
        })
        .collect();
    let mut found = Vec::new();
    if hosts.is_empty() {
        found.push(MISSING.about(LABELS, format!("there is no `{LABELS}` record")));
    }
    for record in records.iter().filter(|record| matches!(record.data, Data::Srv(_))) {
        let owner = record.owner.to_lowercase();
        let label = LOOKALIKES.iter().find(|label| {
            owner.strip_prefix(**label).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if let Some(label) = label {
            found.push(LOOKALIKE.of(record, format!("no client looks for `{label}`")));
        }
    }
    let names = Names::of(records);
    for host in &hosts {
        target(host, zones, &names, &mut found);
        port(host, &mut found);
    }
    stored(&hosts, estate, &mut found);
    together(&hosts, estate, &mut found);
    found.sort_by_key(|found| (found.finding.severity, found.finding.class));
    found
}

/// Names of the data that have addresses, and those that are aliases; lower case.
struct Names {
    addresses: BTreeSet<String>,
    aliases: BTreeSet<String>,
}

impl Names {
    fn of(records: &[Record]) -> Self {
        let named = |wanted: &Data| {
            let records = records.iter().filter(|record| record.data == *wanted);
            records.map(|record| record.owner.to_lowercase()).collect()
        };
        Self { addresses: named(&Data::Address), aliases: named(&Data::Alias) }
    }
}

fn target<'r>(host: &Host<'r>, zones: &[String], names: &Names, found: &mut Vec<Found<'r>>) {
    let (record, target) = (host.record, host.srv.target.as_str());
    let lower = target.to_lowercase();
    let domain = host.domain.to_lowercase();
    let literal = target.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    let doubled = !domain.is_empty() && lower.ends_with(&format!("{domain}.{domain}"));
    if literal || target == "." || doubled {
        let what = match (literal, doubled) {
            (true, _) => "is an address, not a name",
            (_, true) => "ends in its zone twice: its final dot is missing",
            _ => "says that there is no such service",
        };
        found.push(TARGET.of(record, format!("the target `{target}` {what}")));
        return;
    }
    if names.aliases.contains(&lower) {
        found.push(ALIAS.of(record, format!("the target `{target}` is an alias")));
        return;
    }
    let within = |zone: &String| lower == *zone || lower.ends_with(&format!(".{zone}"));
    if zones.iter().any(within) && !names.addresses.contains(&lower) {
        found.push(NO_ADDRESS.of(record, format!("the target `{target}` has no address")));
    }
}

fn port<'r>(host: &Host<'r>, found: &mut Vec<Found<'r>>) {
    let (record, port) = (host.record, u32::from(host.srv.port));
    let target = &host.srv.target;
    match host.known {
        Some(known) if !known.active => {
            found.push(NO_HOST.of(record, format!("`{}` is no active KMS host", known.name)));
        }
        Some(known) if known.port != port => {
            let message =
                format!("the record says port {port}, `{}` listens on {}", known.name, known.port);
            found.push(WRONG_PORT.of(record, message));
        }
        Some(_) => {}
        None => {
            found.push(STRANGER.of(record, format!("`{target}` is not known")));
            if port != DEFAULT_PORT {
                found.push(OTHER_PORT.of(record, format!("port {port} is not {DEFAULT_PORT}")));
            }
        }
    }
}

/// The stored hosts held against the records.
fn stored<'r>(hosts: &[Host<'r>], estate: &'r Estate, found: &mut Vec<Found<'r>>) {
    for machine in estate.machines.iter().filter(|machine| machine.active) {
        let mut own = hosts
            .iter()
            .filter(|host| host.known.is_some_and(|known| std::ptr::eq(known, machine)));
        match (own.next(), machine.publishes) {
            (None, true) => {
                let message = format!("`{}` publishes, and no record names it", machine.name);
                found.push(UNPUBLISHED.about(&machine.name, message));
            }
            (Some(host), false) => {
                let message =
                    format!("`{}` does not publish: the record is a static one", machine.name);
                found.push(STATIC.of(host.record, message));
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}

/// What only several records show.
fn together<'r>(hosts: &[Host<'r>], estate: &Estate, found: &mut Vec<Found<'r>>) {
    let mut seen = BTreeSet::new();
    let mut ranks = BTreeSet::new();
    let mut targets = BTreeSet::new();
    for host in hosts {
        let (owner, target) = (host.record.owner.to_lowercase(), host.srv.target.to_lowercase());
        if !seen.insert((owner, target.clone(), host.srv.port)) {
            let message = format!("`{}` is named twice with one port", host.srv.target);
            found.push(TWICE.of(host.record, message));
        }
        if host.record.ttl.is_some_and(|ttl| ttl > DAY) {
            let ttl = host.record.ttl.unwrap_or(DAY);
            found.push(
                LONG_LIFE.of(host.record, format!("the record lives {ttl} s, longer than a day")),
            );
        }
        ranks.insert((host.srv.priority, host.srv.weight));
        targets.insert(target);
    }
    if ranks.len() > 1 && estate.careless {
        let message = "some clients do not look at priority and weight: those of Vista and 2008, and those that remember their host";
        found.push(IGNORED.about(LABELS, message.to_owned()));
    }
    let count = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    if count < 2 {
        return;
    }
    for (pool, (active, required)) in &estate.clients {
        let share = active / count;
        if let Some(required) = required.iter().find(|required| share < **required) {
            let message = format!(
                "{active} clients of pool {} over {count} hosts are {share} each, fewer than {required}",
                pool.word()
            );
            found.push(TOO_MANY.about(pool.word(), message));
        }
    }
}

/// The machine that a target names: by its full name, else by its first label when that is the one of one machine alone.
#[must_use]
pub fn known<'k>(target: &str, machines: &'k [Known]) -> Option<&'k Known> {
    let bare = target.trim_end_matches('.');
    if let Some(found) = machines.iter().find(|known| known.name.eq_ignore_ascii_case(bare)) {
        return Some(found);
    }
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let wanted = label(bare);
    let mut alike = machines.iter().filter(|known| label(&known.name) == wanted);
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Estate, Known, known, run};
    use crate::kms::catalog::skus::Pool;
    use crate::kms::rules::srv::{Data, Record, Srv};
    use std::collections::{BTreeMap, BTreeSet};

    fn host(name: &str) -> Known {
        Known { name: name.to_owned(), active: true, port: 1688, publishes: true }
    }

    fn estate(machines: Vec<Known>) -> Estate {
        Estate { machines, ..Estate::default() }
    }

    fn srv(owner: &str, target: &str, port: u16) -> Record {
        let srv = Srv { priority: 0, weight: 0, port, target: target.to_owned() };
        Record { owner: owner.to_owned(), ttl: Some(3600), data: Data::Srv(srv), line: 1 }
    }

    fn address(owner: &str) -> Record {
        Record { owner: owner.to_owned(), ttl: None, data: Data::Address, line: 2 }
    }

    fn classes(records: &[Record], estate: &Estate) -> Vec<&'static str> {
        let zones = ["corp.example".to_owned()];
        run(records, &zones, estate).iter().map(|found| found.finding.class).collect()
    }

    const OWNER: &str = "_vlmcs._tcp.corp.example";
    const KMS1: &str = "kms1.corp.example";

    #[test]
    fn a_host_with_its_record_and_its_address_is_no_finding() {
        let records = [srv(OWNER, KMS1, 1688), address("KMS1.corp.example")];
        assert_eq!(classes(&records, &estate(vec![host(KMS1)])), [""; 0]);
        assert_eq!(classes(&records, &estate(vec![host("kms1")])), [""; 0]);
    }

    /// D01 to D12, D14; each case breaks one rule.
    #[test]
    fn each_rule_finds_what_breaks_it() {
        let own = || vec![host(KMS1)];
        let silent = Known { publishes: false, ..host(KMS1) };
        let client = Known { active: false, ..host(KMS1) };
        let whole = |record: Record| vec![record, address(KMS1)];
        let alias = Record { data: Data::Alias, ..address(KMS1) };
        let long = Record { ttl: Some(86_401), ..srv(OWNER, KMS1, 1688) };
        let cases: Vec<(Vec<Record>, Vec<Known>, Vec<&str>)> = vec![
            (vec![], vec![], vec!["D01"]),
            (vec![srv("_vmlcs._tcp.corp.example", KMS1, 1688)], vec![], vec!["D01", "D02"]),
            (vec![srv("_VLMCS._udp", KMS1, 1688)], vec![], vec!["D01", "D02"]),
            (vec![srv(OWNER, "192.0.2.1", 1688)], vec![], vec!["D03", "D09"]),
            (vec![srv(OWNER, ".", 1688)], vec![], vec!["D03", "D09"]),
            (vec![srv(OWNER, "kms1.corp.example.corp.example", 1688)], vec![], vec!["D03", "D09"]),
            (vec![srv(OWNER, KMS1, 1688)], own(), vec!["D04"]),
            (vec![srv(OWNER, KMS1, 1688), alias], own(), vec!["D05"]),
            (whole(srv(OWNER, KMS1, 1700)), own(), vec!["D06"]),
            (vec![srv(OWNER, "kms9.lab.example", 1700)], vec![], vec!["D09", "D07"]),
            (whole(srv(OWNER, KMS1, 1688)), vec![client], vec!["D08"]),
            (whole(srv(OWNER, KMS1, 1688)), vec![host(KMS1), host("kms2")], vec!["D10"]),
            (whole(srv(OWNER, KMS1, 1688)), vec![silent], vec!["D11"]),
            (whole(long), own(), vec!["D14"]),
        ];
        for (records, machines, expected) in cases {
            assert_eq!(classes(&records, &estate(machines)), expected, "{records:?}");
        }
        let shorter = Record { ttl: Some(60), ..srv(OWNER, "KMS1.corp.example", 1688) };
        let twice = [srv(OWNER, KMS1, 1688), shorter, address(KMS1)];
        assert_eq!(classes(&twice, &estate(own())), ["D12"]);
    }

    #[test]
    fn clients_that_are_spread_over_too_many_hosts_reach_no_threshold() {
        let records = [srv(OWNER, "kms1.a", 1688), srv(OWNER, "kms2.a", 1688)];
        for (active, required, expected) in [(30, 25, 1), (50, 25, 0), (30, 5, 0), (9, 5, 1)] {
            let clients = BTreeMap::from([(Pool::Windows, (active, BTreeSet::from([required])))]);
            let estate = Estate { clients, ..estate(vec![host("kms1.a"), host("kms2.a")]) };
            let found = run(&records, &[], &estate);
            assert_eq!(found.len(), expected, "{active} {required}");
            assert_eq!(
                run(&records[..1], &[], &estate)
                    .iter()
                    .filter(|one| one.finding.class == "D13")
                    .count(),
                0
            );
        }
    }

    #[test]
    fn priorities_that_some_clients_do_not_look_at_are_told() {
        let mut records = vec![srv(OWNER, "kms1.a", 1688), srv(OWNER, "kms2.a", 1688)];
        if let Data::Srv(srv) = &mut records[1].data {
            srv.priority = 10;
        }
        let hosts = || vec![host("kms1.a"), host("kms2.a")];
        assert_eq!(classes(&records, &estate(hosts())), [""; 0]);
        let careless = Estate { careless: true, ..estate(hosts()) };
        assert_eq!(classes(&records, &careless), ["D15"]);
    }

    #[test]
    fn a_first_label_names_a_machine_when_it_is_the_one_of_one_alone() {
        let machines = [host("kms1"), host("kms2.corp.example"), host("kms3.a"), host("kms3.b")];
        let name = |target: &str| known(target, &machines).map(|known| known.name.as_str());
        assert_eq!(name("KMS1.corp.example."), Some("kms1"));
        assert_eq!(name("kms2"), Some("kms2.corp.example"));
        assert_eq!(name("kms2.lab.example"), Some("kms2.corp.example"));
        assert_eq!(name("kms3"), None);
        assert_eq!(name("kms3.a"), Some("kms3.a"));
    }
}
