//! Whether the settings of machines are what they should be: intervals, ports, caching, and what a wrong state gives away.
//!
//! Machines come as they are now, from the model or their newest snapshot; expected values are given, or nobody expects anything.

use super::label;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level, Value};
use crate::kms::catalog::service::{
    ACTIVATION_INTERVAL, DEFAULT_PORT, LONGEST_INTERVAL, RENEWAL_INTERVAL, SHORTEST_INTERVAL,
};
use std::collections::BTreeMap;

/// What settings should be; `None`: nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expected {
    /// Minutes.
    pub activation: Option<u32>,
    pub renewal: Option<u32>,
    pub port: Option<u32>,
    pub caching: Option<bool>,
}

impl Expected {
    /// What the class has when nobody changes it.
    pub const USUAL: Self = Self {
        activation: Some(ACTIVATION_INTERVAL),
        renewal: Some(RENEWAL_INTERVAL),
        port: Some(DEFAULT_PORT),
        caching: Some(true),
    };
}

/// A machine as far as the policy looks at it; `None`: not shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub machine: String,
    /// When the state was taken; `None` for the model.
    pub taken: Option<Timestamp>,
    pub active_host: bool,
    /// Minutes.
    pub activation: Option<u32>,
    pub renewal: Option<u32>,
    pub caching: Option<bool>,
    /// `KeyManagementServiceListeningPort` of an active host, else `KeyManagementServicePort`.
    pub port: Option<u32>,
    /// `KeyManagementServiceMachine`.
    pub told_host: Option<String>,
    /// The host that DNS named.
    pub found_host: Option<String>,
    pub rearm_count: Option<u32>,
    pub cache_refresh: Option<u32>,
}

impl Settings {
    fn port_property(&self) -> &'static str {
        if self.active_host {
            "KeyManagementServiceListeningPort"
        } else {
            "KeyManagementServicePort"
        }
    }

    /// A finding about one of the properties.
    fn finding(
        &self,
        (class, level): (&'static str, Level),
        property: &str,
        value: impl Into<Value>,
        message: String,
    ) -> Finding {
        Finding::new("kms", class, level, &self.machine, message)
            .within(&self.machine)
            .with("property", property)
            .with("value", value)
            .since(self.taken)
    }
}

/// Half of the time for which a host counts a client, minutes: with longer renewals one missed contact drops it.
const HALF_LIFE: u32 = LONGEST_INTERVAL / 2;

/// The name and value of both intervals.
fn intervals(settings: &Settings) -> [(&'static str, Option<u32>); 2] {
    [("VLActivationInterval", settings.activation), ("VLRenewalInterval", settings.renewal)]
}

/// P01 to P12 of every machine, in their order, each in the order of the machines.
///
/// - `published`: whether SRV records are known to exist.
#[must_use]
pub fn judge(machines: &[Settings], expected: &Expected, published: bool) -> Vec<Finding> {
    let hosts: BTreeMap<String, &Settings> = machines
        .iter()
        .filter(|machine| machine.active_host)
        .filter_map(|machine| Some((label(&machine.machine)?.into_owned(), machine)))
        .collect();
    let mut findings = Vec::new();
    for machine in machines {
        ranges(machine, &mut findings);
        differences(machine, expected, &mut findings);
        if !machine.active_host {
            stale_response(machine, &hosts, &mut findings);
            static_host(machine, published, &mut findings);
        }
        states(machine, &mut findings);
    }
    hosts_differ(&hosts, expected, &mut findings);
    findings.sort_by(|one, other| (one.class, &one.object).cmp(&(other.class, &other.object)));
    findings
}

/// P01, P02, P04, P05.
fn ranges(machine: &Settings, findings: &mut Vec<Finding>) {
    for ((property, value), class) in intervals(machine).into_iter().zip(["P01", "P02"]) {
        let Some(value) = value else { continue };
        if !(SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&value) {
            let message = format!(
                "{property} of `{}` is {value}, allowed are {SHORTEST_INTERVAL} to {LONGEST_INTERVAL} minutes",
                machine.machine
            );
            let range = format!("{SHORTEST_INTERVAL}..{LONGEST_INTERVAL}");
            findings.push(
                machine
                    .finding((class, Level::Error), property, value, message)
                    .with("expected", range)
                    .remedy("set an allowed interval: `licctl kms host set-interval`, or the registry value of that name"),
            );
        }
    }
    let Some(renewal) = machine.renewal else { return };
    if let Some(activation) = machine.activation.filter(|activation| *activation > renewal) {
        let message = format!(
            "`{}` asks every {activation} minutes before it is activated, but every {renewal} afterwards",
            machine.machine
        );
        findings.push(
            machine
                .finding(("P04", Level::Warning), "VLActivationInterval", activation, message)
                .with("expected", format!("<= {renewal}"))
                .remedy("let unactivated clients ask at least as often as activated ones"),
        );
    }
    if renewal > HALF_LIFE {
        let what = if renewal >= LONGEST_INTERVAL {
            "every client leaves the count between two contacts"
        } else {
            "one missed contact drops a client from the count"
        };
        let message =
            format!("VLRenewalInterval of `{}` is {renewal} minutes: {what}", machine.machine);
        findings.push(
            machine
                .finding(("P05", Level::Warning), "VLRenewalInterval", renewal, message)
                .with("expected", format!("<= {HALF_LIFE}"))
                .remedy("a host counts a client for 30 days after its last request: renew twice in that time at least"),
        );
    }
}

/// P03, P08, P09.
fn differences(machine: &Settings, expected: &Expected, findings: &mut Vec<Finding>) {
    for ((property, value), wanted) in
        intervals(machine).into_iter().zip([expected.activation, expected.renewal])
    {
        if let Some((value, wanted)) = value.zip(wanted).filter(|(value, wanted)| value != wanted) {
            let message =
                format!("{property} of `{}` is {value}, expected is {wanted}", machine.machine);
            findings.push(
                machine
                    .finding(("P03", Level::Error), property, value, message)
                    .with("expected", wanted),
            );
        }
    }
    if let Some((value, wanted)) =
        machine.caching.zip(expected.caching).filter(|(value, wanted)| value != wanted)
    {
        let property = "KeyManagementServiceHostCaching";
        let message =
            format!("{property} of `{}` is {value}, expected is {wanted}", machine.machine);
        findings.push(
            machine
                .finding(("P08", Level::Warning), property, value, message)
                .with("expected", wanted),
        );
    }
    // 0: not set.
    let port = machine.port.map(|port| if port == 0 { DEFAULT_PORT } else { port });
    if let Some((value, wanted)) = port.zip(expected.port).filter(|(value, wanted)| value != wanted)
    {
        let property = machine.port_property();
        let message =
            format!("{property} of `{}` is {value}, expected is {wanted}", machine.machine);
        findings.push(
            machine
                .finding(("P09", Level::Error), property, value, message)
                .with("expected", wanted),
        );
    }
}

/// P07.
fn stale_response(
    machine: &Settings,
    hosts: &BTreeMap<String, &Settings>,
    findings: &mut Vec<Finding>,
) {
    let named = machine.told_host.as_deref().or(machine.found_host.as_deref());
    let host = named.and_then(label).and_then(|label| hosts.get(label.as_ref()));
    let Some(host) = host else { return };
    for ((property, own), (_, theirs)) in intervals(machine).into_iter().zip(intervals(host)) {
        if let Some((own, theirs)) = own.zip(theirs).filter(|(own, theirs)| own != theirs) {
            let message = format!(
                "{property} of `{}` is {own}, its host `{}` has {theirs}: the client has not renewed since",
                machine.machine, host.machine
            );
            findings.push(
                machine
                    .finding(("P07", Level::Info), property, own, message)
                    .with("expected", theirs)
                    .with("host", host.machine.as_str()),
            );
        }
    }
}

/// P10.
fn static_host(machine: &Settings, published: bool, findings: &mut Vec<Finding>) {
    let Some(host) = machine.told_host.as_deref().filter(|_| published) else { return };
    let message = format!(
        "`{}` is told to use `{host}`, though hosts publish themselves in DNS",
        machine.machine
    );
    findings.push(
        machine
            .finding(("P10", Level::Info), "KeyManagementServiceMachine", host, message)
            .remedy("`licctl kms client clear-host` rehearses the change; `slmgr /ckms` makes it"),
    );
}

/// P11, P12.
fn states(machine: &Settings, findings: &mut Vec<Finding>) {
    if machine.rearm_count == Some(0) {
        let message = format!("`{}` cannot be rearmed any more", machine.machine);
        findings.push(
            machine
                .finding(("P11", Level::Warning), "RemainingWindowsReArmCount", 0, message)
                .with("expected", "> 0")
                .remedy("a KMS activation grants one rearm; images are best made from a machine that has some left"),
        );
    }
    if machine.cache_refresh == Some(1) {
        let message = format!("the policy cache of `{}` is not refreshed", machine.machine);
        findings.push(
            machine
                .finding(("P12", Level::Info), "PolicyCacheRefreshRequired", 1, message)
                .with("expected", 0)
                .remedy("`RefreshLicenseStatus` refreshes it"),
        );
    }
}

/// P06, of the intervals of which nobody says what they should be: P03 finds every host that differs from an expected one.
fn hosts_differ(
    hosts: &BTreeMap<String, &Settings>,
    expected: &Expected,
    findings: &mut Vec<Finding>,
) {
    let unsaid = [expected.activation, expected.renewal].map(|expected| expected.is_none());
    for (at, _) in unsaid.into_iter().enumerate().filter(|(_, unsaid)| *unsaid) {
        let mut values: BTreeMap<u32, Vec<&Settings>> = BTreeMap::new();
        let mut property = "";
        for host in hosts.values() {
            if let Some((name, Some(value))) = intervals(host).get(at) {
                property = name;
                values.entry(*value).or_default().push(host);
            }
        }
        // Those that differ from most are the ones to look at; of equal many those with the larger value.
        let most =
            values.iter().max_by_key(|(value, hosts)| (hosts.len(), std::cmp::Reverse(**value)));
        let Some((most, among)) = most.map(|(value, hosts)| (*value, hosts.first().copied()))
        else {
            continue;
        };
        for (value, hosts) in &values {
            for host in hosts.iter().filter(|_| *value != most) {
                let other = among.map(|host| host.machine.as_str()).unwrap_or_default();
                let message = format!(
                    "{property} of the host `{}` is {value}, that of `{other}` is {most}",
                    host.machine
                );
                findings.push(
                    host.finding(("P06", Level::Warning), property, *value, message)
                        .with("expected", most)
                        .remedy("give all hosts the same intervals: a client takes those of the host that it reaches"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected, Settings, judge};
    use crate::finding::Level;

    fn machine(name: &str) -> Settings {
        Settings {
            machine: name.to_owned(),
            activation: Some(120),
            renewal: Some(10_080),
            caching: Some(true),
            port: Some(0),
            rearm_count: Some(3),
            cache_refresh: Some(0),
            ..Settings::default()
        }
    }

    fn host(name: &str) -> Settings {
        Settings { active_host: true, ..machine(name) }
    }

    fn found(machines: &[Settings]) -> Vec<(&'static str, Level, String)> {
        let findings = judge(machines, &Expected::USUAL, false);
        findings.into_iter().map(|found| (found.class, found.severity, found.object)).collect()
    }

    fn classes(machine: Settings) -> Vec<&'static str> {
        found(&[machine]).into_iter().map(|(class, _, _)| class).collect()
    }

    /// A port of 0 is the usual one.
    #[test]
    fn a_machine_of_defaults_has_no_findings() {
        assert_eq!(found(&[machine("pc"), host("kms1")]), []);
    }

    #[test]
    fn intervals_out_of_range_are_found_even_where_nothing_is_expected() {
        for (activation, renewal, expected) in [
            (15, 43_200, vec!["P05"]),
            (14, 10_080, vec!["P01"]),
            (120, 10, vec!["P02", "P04"]),
            (43_201, 43_201, vec!["P01", "P02", "P05"]),
            (120, 21_600, vec![]),
            (120, 21_601, vec!["P05"]),
            (10_080, 120, vec!["P04"]),
        ] {
            let settings =
                Settings { activation: Some(activation), renewal: Some(renewal), ..machine("pc") };
            let findings = judge(&[settings], &Expected::default(), false);
            let classes: Vec<_> = findings.iter().map(|found| found.class).collect();
            assert_eq!(classes, expected, "{activation} {renewal}");
        }
    }

    #[test]
    fn a_renewal_of_thirty_days_lets_every_client_leave_the_count() {
        let settings = Settings { renewal: Some(43_200), ..host("kms1") };
        let findings = judge(&[settings], &Expected::default(), false);
        assert_eq!(
            findings[0].message,
            "VLRenewalInterval of `kms1` is 43200 minutes: every client leaves the count between two contacts"
        );
    }

    #[test]
    fn what_differs_from_the_expected_is_found() {
        assert_eq!(classes(Settings { activation: Some(60), ..machine("pc") }), ["P03"]);
        assert_eq!(classes(Settings { caching: Some(false), ..machine("pc") }), ["P08"]);
        assert_eq!(classes(Settings { port: Some(1689), ..host("kms1") }), ["P09"]);
        assert_eq!(
            classes(Settings { rearm_count: Some(0), cache_refresh: Some(1), ..machine("pc") }),
            ["P11", "P12"]
        );
        let nothing_shown = Settings { machine: "pc".to_owned(), ..Settings::default() };
        assert_eq!(classes(nothing_shown), [""; 0]);
    }

    #[test]
    fn a_host_that_differs_from_the_others_is_found() {
        let odd = Settings { renewal: Some(5040), ..host("kms3") };
        let findings = judge(&[host("kms1"), host("kms2"), odd], &Expected::default(), false);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "VLRenewalInterval of the host `kms3` is 5040, that of `kms1` is 10080"
        );
        assert_eq!((findings[0].class, findings[0].severity), ("P06", Level::Warning));
    }

    #[test]
    fn a_host_that_differs_from_the_expected_is_told_so_once() {
        let odd = Settings { activation: Some(240), renewal: Some(5040), ..host("kms3") };
        let hosts = [host("kms1"), host("kms2"), odd];
        let of = |expected| {
            let findings = judge(&hosts, &expected, false);
            findings.into_iter().map(|found| found.class).collect::<Vec<_>>()
        };
        assert_eq!(of(Expected::USUAL), ["P03", "P03"]);
        assert_eq!(of(Expected { activation: Some(120), ..Expected::default() }), ["P03", "P06"]);
    }

    #[test]
    fn a_client_with_other_intervals_than_its_host_has_not_renewed_since() {
        let host = Settings { renewal: Some(5040), ..host("kms1.corp.example") };
        let told = Settings { told_host: Some("KMS1".to_owned()), ..machine("pc1") };
        let found_host =
            Settings { found_host: Some("kms1.corp.example".to_owned()), ..machine("pc2") };
        let elsewhere = Settings { told_host: Some("kms9".to_owned()), ..machine("pc3") };
        let findings = judge(&[host, told, found_host, elsewhere], &Expected::default(), false);
        let objects: Vec<_> =
            findings.iter().map(|found| (found.class, &found.object[..])).collect();
        assert_eq!(objects, [("P07", "pc1"), ("P07", "pc2")]);
    }

    #[test]
    fn a_host_that_was_told_is_worth_a_note_only_where_dns_names_one() {
        let told = [Settings { told_host: Some("kms1".to_owned()), ..machine("pc1") }];
        assert_eq!(judge(&told, &Expected::default(), false), []);
        assert_eq!(judge(&told, &Expected::default(), true)[0].class, "P10");
    }
}
