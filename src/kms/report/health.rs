//! Whether the hosts are well: H01 to H10, from their logs, their snapshots and what their clients show.
//!
//! An accumulator of counts by host; codes that clients and hosts report are counted together.

mod judged;

use super::listing::{NONE, Numbered};
use super::{Coverage, Period};
use crate::clock::Timestamp;
use crate::finding::Finding;
use judged::{failures, histogram, products, strangers, traffic};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is counted of one host.
#[derive(Debug, Default)]
struct Host {
    covered: Option<Coverage>,
    /// Clients with a valid request in the period.
    active: u64,
    /// Clients with any request in the period.
    clients: u64,
    /// Requests and failed ones in the period.
    requests: u64,
    failed: u64,
    /// Failed and all requests between the two newest snapshots.
    growth: Option<(u64, u64)>,
    /// Failures to start: event, code, newest time.
    failures: BTreeMap<(u32, u32), (u64, Timestamp)>,
    /// The newest attempt to publish in each domain: when, and the code of a failure.
    published: BTreeMap<String, (Timestamp, Option<u32>)>,
    /// Host products that are not licensed: name, status.
    unlicensed: BTreeSet<(String, u32)>,
    suspicious: u64,
    suspicious_since: Option<Timestamp>,
    /// Clients whose clock the host refuses.
    refusable: u64,
}

/// Requests that ended with one code.
#[derive(Debug, Default)]
struct Ended {
    /// By event ID.
    events: BTreeMap<u32, u64>,
    hosts: BTreeSet<String>,
    last: Option<Timestamp>,
}

/// The accumulator.
#[derive(Debug)]
pub struct Health {
    period: Period,
    hosts: BTreeMap<String, Host>,
    codes: BTreeMap<u32, Ended>,
    cmid: Uuid,
    /// Hosts that clients asked.
    names: Numbered<String>,
    /// Those of them that the current client asked in the period, and whether one of the requests was valid.
    asked: Vec<(u16, bool)>,
}

impl Health {
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self {
            period,
            hosts: BTreeMap::new(),
            codes: BTreeMap::new(),
            cmid: Uuid::nil(),
            names: Numbered::default(),
            asked: Vec::new(),
        }
    }

    /// The period whose requests and events are judged.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    fn host(&mut self, name: &str) -> &mut Host {
        if !self.hosts.contains_key(name) {
            self.hosts.insert(name.to_owned(), Host::default());
        }
        self.hosts.entry(name.to_owned()).or_default()
    }

    /// Takes what the log of a host covers.
    pub fn covered(&mut self, coverage: &Coverage) {
        self.host(&coverage.host).covered = Some(coverage.clone());
    }

    /// Takes a client of one host, in the order of CMID: its newest request in all, and the newest valid one.
    pub fn client(&mut self, cmid: Uuid, host: &str, last: Timestamp, valid: Option<Timestamp>) {
        if cmid != self.cmid {
            self.settle();
            self.cmid = cmid;
        }
        if self.period.holds(last) {
            let counts = valid.is_some_and(|valid| self.period.holds(valid));
            let host = self.names.number(host).unwrap_or(NONE);
            match self.asked.iter_mut().find(|(known, _)| *known == host) {
                Some((_, known)) => *known |= counts,
                None => self.asked.push((host, counts)),
            }
        }
    }

    fn settle(&mut self) {
        for (host, counts) in self.asked.drain(..) {
            let Some(name) = self.names.value(host) else { continue };
            if !self.hosts.contains_key(name) {
                self.hosts.insert(name.clone(), Host::default());
            }
            if let Some(host) = self.hosts.get_mut(name) {
                host.clients += 1;
                host.active += u64::from(counts);
            }
        }
    }

    /// Takes how many requests of the period ended with a code.
    pub fn requests(&mut self, host: &str, hresult: u32, rows: u64, last: Timestamp) {
        let counted = self.host(host);
        counted.requests += rows;
        if hresult != 0 {
            counted.failed += rows;
            self.ended(host, 12290, hresult, (rows, last));
        }
    }

    /// Takes a request or an answer that a client logged in the period.
    pub fn client_event(&mut self, host: &str, event: u32, hresult: u32, time: Timestamp) {
        if hresult != 0 && self.period.holds(time) {
            self.ended(host, event, hresult, (1, time));
        }
    }

    fn ended(&mut self, host: &str, event: u32, hresult: u32, (rows, last): (u64, Timestamp)) {
        let ended = self.codes.entry(hresult).or_default();
        *ended.events.entry(event).or_default() += rows;
        ended.hosts.insert(host.to_owned());
        ended.last = ended.last.max(Some(last));
    }

    /// Takes a 12291 or 12292.
    pub fn failure(&mut self, host: &str, event: u32, hresult: u32, time: Timestamp) {
        if self.period.holds(time) {
            let failures = &mut self.host(host).failures;
            let failed = failures.entry((event, hresult)).or_insert((0, time));
            *failed = (failed.0 + 1, failed.1.max(time));
        }
    }

    /// Takes a 12293, or with no code a 12294, in the order of time.
    pub fn publication(&mut self, host: &str, domain: &str, failed: Option<u32>, time: Timestamp) {
        self.host(host).published.insert(domain.to_lowercase(), (time, failed));
    }

    /// Takes a record that is none of the KMS events, however old.
    pub fn suspicious(&mut self, host: &str, time: Timestamp) {
        let host = self.host(host);
        host.suspicious += 1;
        host.suspicious_since = Some(host.suspicious_since.map_or(time, |since| since.min(time)));
    }

    /// Takes a host product as the newest state shows it.
    pub fn product(&mut self, host: &str, name: &str, status: u32) {
        if status != 1 {
            self.host(host).unlicensed.insert((name.to_owned(), status));
        }
    }

    /// Takes how failed and total requests grew between two snapshots; of several pools each.
    pub fn growth(&mut self, host: &str, (failed, total): (u64, u64)) {
        let grown = self.host(host).growth.get_or_insert((0, 0));
        *grown = (grown.0 + failed, grown.1 + total);
    }

    /// Takes a client whose clock the host refuses.
    pub fn refusable(&mut self, host: &str) {
        self.host(host).refusable += 1;
    }

    /// How many clients asked each host in the period.
    #[must_use]
    pub fn clients(&mut self) -> BTreeMap<String, u64> {
        self.settle();
        self.hosts.iter().map(|(name, host)| (name.clone(), host.clients)).collect()
    }

    /// H01 to H10, in their order, each in the order of the hosts.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        self.settle();
        let mut findings = Vec::new();
        for (name, host) in &self.hosts {
            failures(name, host, &mut findings);
            traffic(name, host, self.period, &mut findings);
            products(name, host, &mut findings);
            strangers(name, host, &mut findings);
        }
        findings.extend(self.codes.iter().map(|(hresult, ended)| histogram(*hresult, ended)));
        findings.sort_by(|one, other| (one.class, &one.object).cmp(&(other.class, &other.object)));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{Log, NOW, at, cmid};
    use super::super::{Coverage, Period, WINDOW};
    use super::Health;
    use crate::finding::{Finding, Level};

    const FAILED: u32 = 0xC004_F015;

    fn health() -> Health {
        Health::new(Period::ending(at(NOW), WINDOW))
    }

    fn coverage(first: &str, last: &str) -> Coverage {
        Coverage { host: "kms01".to_owned(), first: at(first), last: at(last), rows: 12 }
    }

    /// Health as it is fed with mini log L1.
    fn l1() -> Vec<Finding> {
        let (log, mut health) = (Log::l1(), health());
        health.covered(&coverage("2025-03-01T08:00:00Z", "2025-03-14T07:00:00Z"));
        for unit in log.units(at(NOW)) {
            health.client(unit.cmid, "kms01", unit.last, unit.valid.map(|valid| valid.last));
        }
        for entry in &log.0 {
            health.requests("kms01", entry.hresult, 1, entry.time);
        }
        health.finish()
    }

    fn told(findings: &[Finding]) -> Vec<(&str, Level, &str)> {
        findings.iter().map(|found| (found.class, found.severity, found.message.as_str())).collect()
    }

    #[test]
    fn the_mini_log_shows_a_short_and_silent_log_and_one_refused_request() {
        let expected = [
            ("H04", Level::Warning, "1 of 12 requests to `kms01` failed: 8.3 %"),
            (
                "H05",
                Level::Warning,
                "the log of `kms01` covers 13 days, less than the 30 days that the host counts",
            ),
            (
                "H06",
                Level::Warning,
                "no request reached `kms01` for 17 days, though 6 clients are active",
            ),
            (
                "H08",
                Level::Info,
                "1 request on `kms01` ended with 0xC004F042 SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH",
            ),
        ];
        assert_eq!(told(&l1()), expected);
    }

    #[test]
    fn a_service_that_did_not_start_is_an_error_as_long_as_it_lies_in_the_window() {
        let mut health = health();
        for time in ["2025-02-01T00:00:00Z", "2025-03-10T00:00:00Z", "2025-03-20T00:00:00Z"] {
            health.failure("kms01", 12291, FAILED, at(time));
        }
        health.failure("kms01", 12292, 0x8007_0005, at("2025-03-20T00:00:00Z"));
        let findings = health.finish();
        assert_eq!(
            told(&findings)[0],
            (
                "H01",
                Level::Error,
                "the key management service did not start on `kms01`: 0xC004F015 SL_E_PRODUCT_SKU_NOT_INSTALLED, 2 times, last on 2025-03-20"
            )
        );
        assert_eq!(findings[1].class, "H02");
    }

    #[test]
    fn a_failed_publication_is_mended_by_a_later_one_in_the_same_domain() {
        let mut health = health();
        for (domain, failed, time) in [
            ("corp.example", Some(0x8007_232D), "2025-03-10T00:00:00Z"),
            ("lab.example", Some(0x8007_232D), "2025-03-10T00:00:00Z"),
            ("CORP.example", None, "2025-03-11T00:00:00Z"),
        ] {
            health.publication("kms01", domain, failed, at(time));
        }
        let findings = health.finish();
        assert_eq!(
            told(&findings),
            [(
                "H03",
                Level::Error,
                "`kms01` did not publish itself in the domain `lab.example`: 0x8007232D DNS_ERROR_RCODE_REFUSED"
            )]
        );
    }

    #[test]
    fn failures_are_judged_by_snapshots_and_by_rows_and_five_percent_are_well() {
        let judged = |growth: (u64, u64), failed: u64| {
            let mut health = health();
            health.growth("kms01", growth);
            health.requests("kms01", 0, 100 - failed, at(NOW));
            health.requests("kms01", 0xC004_F042, failed, at(NOW));
            let findings = health.finish();
            let sources = findings.iter().filter(|found| found.class == "H04");
            sources.map(|found| found.detail.text("source").unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(judged((5, 100), 5), [""; 0]);
        assert_eq!(judged((6, 100), 5), ["snapshots"]);
        assert_eq!(judged((5, 100), 6), ["rows"]);
    }

    #[test]
    fn a_host_with_one_client_may_be_silent() {
        let judged = |clients: u64, last: &str| {
            let mut health = health();
            health.covered(&coverage("2025-01-01T00:00:00Z", last));
            (1..=clients).for_each(|n| health.client(cmid(n), "kms01", at(last), Some(at(last))));
            health.finish().len()
        };
        assert_eq!(judged(2, "2025-03-29T23:59:59Z"), 1);
        assert_eq!(judged(2, "2025-03-30T00:00:00Z"), 0);
        assert_eq!(judged(1, "2025-03-20T00:00:00Z"), 0);
    }

    #[test]
    fn a_host_product_that_is_not_licensed_a_stranger_and_a_wrong_clock_are_told() {
        let mut health = health();
        health.product("kms01", "Windows Server 2022", 5);
        health.product("kms01", "Office 2021", 1);
        health.suspicious("kms01", at("2024-01-01T00:00:00Z"));
        health.refusable("kms02");
        let findings = health.finish();
        let classes: Vec<_> = findings.iter().map(|found| (found.class, found.severity)).collect();
        assert_eq!(
            classes,
            [("H07", Level::Error), ("H09", Level::Error), ("H10", Level::Warning)]
        );
        assert_eq!(findings[1].since, Some(at("2024-01-01T00:00:00Z")));
    }

    #[test]
    fn codes_of_clients_and_hosts_are_counted_together() {
        let mut health = health();
        health.requests("kms01", 0xC004_F06C, 3, at(NOW));
        for event in [12288, 12289] {
            health.client_event("pc-1", event, 0xC004_F06C, at(NOW));
        }
        health.client_event("pc-1", 12288, 0, at(NOW));
        health.client_event("pc-1", 12288, 0xC004_F06C, at("2024-01-01T00:00:00Z"));
        let findings = health.finish();
        let histogram = findings.iter().find(|found| found.class == "H08").unwrap();
        assert_eq!(histogram.detail.get("rows"), Some(5.into()));
        assert_eq!(
            ["event12290", "event12288"].map(|event| histogram.detail.get(event).unwrap()),
            [3, 1].map(crate::finding::Value::from)
        );
        assert!(histogram.message.contains("2 machines") && !histogram.remedy.is_empty());
    }
}
