//! What the report draws of vCenters: what is used of each license, how the hosts stand, and what is left as licenses end.
//!
//! Keys stand masked, whatever the command shows: a page is passed on.

use super::Estate;
use crate::chart::{Bar, Body, Chart, Line, Series, Stack};
use crate::clock::Timestamp;
use crate::finding::Level;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::rules::standing::AssetStatus;
use crate::vsphere::rules::{expiry, info};
use std::collections::{BTreeMap, BTreeSet};

/// How far ahead the charts look, weeks.
const WEEKS: usize = 52;

/// How many units have a chart of their own.
const UNITS: usize = 4;

/// How far ahead the vendor tells of an expiry, days.
const NEAR: i64 = 90;

/// The accumulator: fed with one instance after the other.
#[derive(Debug)]
pub struct Charts {
    now: Timestamp,
    /// Instances that were taken.
    instances: usize,
    /// Groups in linked mode of which one member was taken: the others show the same licenses.
    groups: BTreeSet<String>,
    keys: Vec<Key>,
    hosts: BTreeMap<usize, u64>,
    units: BTreeMap<String, Unit>,
    /// Licenses and evaluations that end in each week.
    weeks: Vec<[u64; 2]>,
}

/// One license as a bar.
#[derive(Debug)]
struct Key {
    instance: String,
    bar: Bar,
}

/// What there is of one cost unit.
#[derive(Debug, Default)]
struct Unit {
    used: u64,
    /// Units that are valid now.
    total: u64,
    /// Units that end, in the order of time.
    ends: BTreeMap<Timestamp, u64>,
}

/// The standings of hosts, the good one first, with what each weighs.
const STANDINGS: [(AssetStatus, &str, Option<Level>); 5] = [
    (AssetStatus::Licensed, "licensed", None),
    (AssetStatus::Evaluation, "on evaluation", Some(Level::Warning)),
    (AssetStatus::ExpiredLicense, "license expired", Some(Level::Error)),
    (AssetStatus::ExpiredEvaluation, "evaluation over", Some(Level::Error)),
    (AssetStatus::Unknown, "not known", Some(Level::Info)),
];

impl Charts {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            instances: 0,
            groups: BTreeSet::new(),
            keys: Vec::new(),
            hosts: BTreeMap::new(),
            units: BTreeMap::new(),
            weeks: vec![[0; 2]; WEEKS],
        }
    }

    /// - `group`: vCenters in linked mode share their licenses.
    pub fn take(&mut self, estate: &Estate, group: Option<&str>) {
        self.instances += 1;
        if group.is_none_or(|group| self.groups.insert(group.to_owned())) {
            for (license, taken) in &estate.licenses {
                self.license(&estate.vcenter, license, *taken);
            }
        }
        for held in estate.held() {
            let status = held.standing.status;
            if held.entity.kind == EntityKind::Host
                && let Some(at) = STANDINGS.iter().position(|(known, ..)| *known == status)
            {
                *self.hosts.entry(at).or_default() += 1;
            }
            if let (AssetStatus::Evaluation, Some(end)) = (status, held.standing.end) {
                self.ends(end, 1);
            }
        }
    }

    fn license(&mut self, instance: &str, license: &License, taken: Taken) {
        if license.is_evaluation() {
            return;
        }
        let used = u64::try_from(info::used(license, taken).unwrap_or(0)).unwrap_or(0);
        let total = u64::try_from(license.total).unwrap_or(0);
        let end = license.expires();
        let over = end.is_some_and(|end| expiry::is_over(end, self.now));
        let near = end.is_some_and(|end| end <= self.now.plus_days(NEAR));
        let level = match () {
            () if total > 0 && used > total || over && used > 0 => Some(Level::Error),
            () if over => Some(Level::Info),
            () if near => Some(Level::Warning),
            () => None,
        };
        let told = match end {
            Some(end) if over => format!(", expired {}", end.date()),
            Some(end) if near => format!(", until {}", end.date()),
            _ => String::new(),
        };
        let (name, unit) = (&license.name, &license.cost_unit);
        let words = [name.as_str(), unit.as_str()];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let label = format!("{} {}{told}", license.key.short(), words.join(", "));
        let bar = Bar { label, used, of: (total > 0).then_some(total), level };
        self.keys.push(Key { instance: instance.to_owned(), bar });
        if over {
            return;
        }
        if let Some(end) = end {
            self.ends(end, 0);
        }
        // Without a limit nothing runs short.
        if total > 0 {
            let held = self.units.entry(license.cost_unit.clone()).or_default();
            held.used += used;
            held.total += total;
            if let Some(end) = end {
                *held.ends.entry(end).or_default() += total;
            }
        }
    }

    fn ends(&mut self, end: Timestamp, part: usize) {
        let week = usize::try_from(end.days_since(self.now).div_euclid(7)).ok();
        let held = week.and_then(|week| self.weeks.get_mut(week));
        if let Some(count) = held.and_then(|parts| parts.get_mut(part)) {
            *count += 1;
        }
    }

    /// The charts; none of what is not there.
    #[must_use]
    pub fn finish(self) -> Vec<Chart> {
        let (several, now) = (self.instances > 1, self.now);
        let mut charts = Vec::new();
        charts.extend(by_key(self.keys, several));
        charts.extend(standings(&self.hosts));
        charts.extend(weekly(now, self.weeks));
        let until = now.plus_days(i64::try_from(WEEKS).unwrap_or(0) * 7);
        let mut outlooks: Vec<(u64, Chart)> = self
            .units
            .into_iter()
            .filter_map(|(unit, held)| outlook(&unit, held, now, until))
            .collect();
        // Units that will be short of the most come first.
        outlooks.sort_by_key(|(short, _)| std::cmp::Reverse(*short));
        charts.extend(outlooks.into_iter().take(UNITS).map(|(_, chart)| chart));
        charts
    }
}

fn chart(title: String, note: &str, body: Body) -> Chart {
    Chart { domain: "vsphere", title, note: note.to_owned(), body }
}

/// One bar a license: what is wrong first, then by the share that is used.
fn by_key(mut keys: Vec<Key>, several: bool) -> Option<Chart> {
    if keys.is_empty() {
        return None;
    }
    let share = |bar: &Bar| bar.of.map_or(0, |of| bar.used.saturating_mul(1000) / of.max(1));
    keys.sort_by_key(|key| {
        (key.bar.level.is_none(), key.bar.level, std::cmp::Reverse(share(&key.bar)))
    });
    let bars = keys.into_iter().map(|Key { instance, bar }| {
        if several { Bar { label: format!("{instance}: {}", bar.label), ..bar } } else { bar }
    });
    let note = "Units that are assigned of those that each license holds; one without a limit shows no share.";
    Some(chart("Use of each license".to_owned(), note, Body::Bars(bars.collect())))
}

/// How many hosts are licensed, evaluate, or neither.
fn standings(hosts: &BTreeMap<usize, u64>) -> Option<Chart> {
    let all: u64 = hosts.values().sum();
    let bars: Vec<Bar> = hosts
        .iter()
        .filter_map(|(at, count)| {
            let (_, words, level) = STANDINGS.get(*at)?;
            Some(Bar { label: (*words).to_owned(), used: *count, of: Some(all), level: *level })
        })
        .collect();
    let note =
        "A host whose license or evaluation ends is disconnected; its running machines go on.";
    (all > 0).then(|| chart("Hosts by their license".to_owned(), note, Body::Bars(bars)))
}

/// What ends, week by week.
fn weekly(now: Timestamp, weeks: Vec<[u64; 2]>) -> Option<Chart> {
    if weeks.iter().flatten().all(|count| *count == 0) {
        return None;
    }
    let days = weeks
        .into_iter()
        .enumerate()
        .map(|(at, parts)| (now.plus_days(i64::try_from(at * 7).unwrap_or(0)), parts.to_vec()));
    let body = Body::Stack(Stack {
        parts: vec!["licenses".to_owned(), "evaluations".to_owned()],
        days: days.collect(),
    });
    let note = "Licenses that expire and evaluations that run out in each of the next 52 weeks.";
    Some(chart("What ends when".to_owned(), note, body))
}

/// The units that stay valid beside those in use, and how many will be missing; `None` when nothing ends.
fn outlook(unit: &str, held: Unit, now: Timestamp, until: Timestamp) -> Option<(u64, Chart)> {
    let mut left = held.total;
    let mut points = vec![(now, left)];
    for (end, units) in held.ends.into_iter().filter(|(end, _)| *end <= until) {
        points.push((end.plus_ms(-1), left));
        left = left.saturating_sub(units);
        points.push((end, left));
    }
    if points.len() == 1 {
        return None;
    }
    points.push((until, left));
    let name = if unit.is_empty() { "no known unit" } else { unit };
    let body = Body::Series(Series {
        lines: vec![Line { name: "valid".to_owned(), points }],
        limits: vec![("in use".to_owned(), held.used)],
    });
    let note = "Units of all licenses with a limit that have not expired; where they fall below the dashed line, hosts have to be moved or licenses renewed.";
    Some((held.used.saturating_sub(left), chart(format!("Units to come: {name}"), note, body)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vsphere::report::fixture::estate;

    fn charts(group: Option<&str>, times: usize) -> Vec<Chart> {
        let estate = estate();
        let mut charts = Charts::new(estate.now);
        for _ in 0..times {
            charts.take(&estate, group);
        }
        charts.finish()
    }

    fn titled<'c>(charts: &'c [Chart], title: &str) -> &'c Body {
        &charts.iter().find(|chart| chart.title == title).unwrap().body
    }

    #[test]
    fn an_overused_license_comes_first_and_no_key_is_whole() {
        let charts = charts(None, 1);
        let Body::Bars(bars) = titled(&charts, "Use of each license") else { panic!() };
        let told: Vec<_> = bars.iter().map(|bar| (bar.used, bar.of, bar.level)).collect();
        assert_eq!(
            told,
            [
                (12, Some(10), Some(Level::Error)),
                (96, Some(256), Some(Level::Warning)),
                (1, Some(1), None),
                (0, Some(4), None),
            ]
        );
        assert_eq!(
            bars[0].label,
            "…-AAAA1 esx.enterprisePlus.cpuPackageCoreLimited, cpuPackage:32core"
        );
        assert!(bars[1].label.ends_with(", until 2027-03-31"), "{}", bars[1].label);
    }

    #[test]
    fn hosts_are_counted_by_their_standing() {
        let charts = charts(None, 1);
        let Body::Bars(bars) = titled(&charts, "Hosts by their license") else { panic!() };
        let told: Vec<_> = bars.iter().map(|bar| (bar.label.as_str(), bar.used, bar.of)).collect();
        assert_eq!(told, [("licensed", 4, Some(5)), ("on evaluation", 1, Some(5))]);
    }

    #[test]
    fn units_fall_when_their_license_expires_and_the_rest_is_what_is_missing() {
        let charts = charts(None, 1);
        let Body::Series(series) = titled(&charts, "Units to come: cpuCore:16core") else {
            panic!()
        };
        let values: Vec<u64> = series.lines[0].points.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, [256, 256, 0, 0]);
        assert_eq!(series.limits, [("in use".to_owned(), 96)]);
        let others = charts.iter().filter(|chart| chart.title.starts_with("Units to come"));
        assert_eq!(others.count(), 1, "nothing else expires");
    }

    #[test]
    fn what_ends_stands_in_its_week() {
        let charts = charts(None, 1);
        let Body::Stack(stack) = titled(&charts, "What ends when") else { panic!() };
        // 74 days to the end of a license, 14 to that of an evaluation.
        assert_eq!((stack.days[10].1[0], stack.days[2].1[1]), (1, 1));
        assert_eq!(stack.days.iter().flat_map(|(_, parts)| parts).sum::<u64>(), 2);
    }

    #[test]
    fn linked_vcenters_show_their_shared_licenses_once() {
        for (group, bars) in [(None, 8), (Some("sso"), 4)] {
            let charts = charts(group, 2);
            let Body::Bars(shown) = titled(&charts, "Use of each license") else { panic!() };
            assert_eq!(shown.len(), bars);
            assert!(shown[0].label.starts_with("vc1: "), "{}", shown[0].label);
        }
    }

    #[test]
    fn an_empty_estate_draws_nothing() {
        assert!(Charts::new(estate().now).finish().is_empty());
    }
}
