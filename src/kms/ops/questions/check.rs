//! What `licctl check` finds in this domain: every question, asked in as few passes as they allow.

use super::{Evidence, ThresholdAsk, counters, coverage, health, policy, repeated, skew, witness};
use crate::api::Question;
use crate::catalog::Kind;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::finding::{Finding, Found, Level, hand_over};
use crate::kms::catalog::{product, service};
use crate::kms::ops::expected::expected;
use crate::kms::ops::{dns, hosts};
use crate::kms::report::coverage::DISORDER;
use crate::kms::report::health::Health;
use crate::kms::report::identity::{Faces, Names as NamesHeld, SharedClients, Twin, renewed};
use crate::kms::report::moment::Moments;
use crate::kms::report::outlook::Outlook;
use crate::kms::report::policy::Expected;
use crate::kms::report::shared::Class;
use crate::kms::report::skew::HEALTHY;
use crate::kms::report::{Period, Unit, churn, duplicates, label, label_hash, stale, threshold};
use crate::kms::store::names::Names;
use crate::kms::store::units::{self, Scope};
use crate::kms::store::{clients, order, questions};
use crate::store::Read;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What `licctl check` finds in this domain.
///
/// A host counts its own requests alone, so each host is judged against its own threshold; a client may renew with any host, so
/// silence, clones and identities are judged over all of them. Values that nobody stated are expected of nobody: P03, P08 and P09
/// are those of `kms policy`, and of a policy file with a table `kms`.
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    let expected = expected_by(question)?;
    let names = Names::load(read)?;
    let named = question.instance.as_deref();
    if let Some(name) = named.filter(|name| names.host_id(name).is_none()) {
        // A machine without evidence may stand in the model.
        let evidence = Evidence::load(read, None, question.now)?;
        return hand_over(found, policy::findings(read, &evidence, Some(name), &expected)?);
    }
    let evidence = Evidence::load(read, named, question.now)?;
    let window = ThresholdAsk::default().window;
    let mut clients = Clients::new(read, &evidence, evidence.period(window))?;
    let mut health = Health::new(evidence.period(window));
    let mut shared = SharedClients::new(evidence.period(window));
    let mut outlooks = HostOutlooks::new(read, &evidence, named)?;
    let apart = &mut |host, unit: &Unit<'_>| {
        let Some(name) = outlooks.take(&evidence, host, unit)? else { return Ok(()) };
        health::take(&mut health, name, unit);
        shared.take(unit.cmid, name, unit.valid.as_ref().map(|valid| valid.last));
        Ok(())
    };
    let merged = &mut |unit: &Unit<'_>| clients.take(unit);
    let Evidence { names: known, scope, now, .. } = &evidence;
    clients::each_unit_both_ways(read, known, scope, *now, (apart, merged))?;
    clients.finish(read, &evidence, found)?;
    for (host, outlook) in outlooks.finish(&evidence)? {
        hand_over(found, outlook.finding().map(|finding| finding.within(host)))?;
    }
    hand_over(found, shared.findings())?;
    let comparisons = counters::counters(read, &evidence, None)?;
    for compared in &comparisons {
        hand_over(found, compared.findings())?;
    }
    // One reading of the requests tells where those stand that the skew asks for.
    let ask = order::Ask { period: evidence.period(window), apart_s: DISORDER, clocks_s: HEALTHY };
    let told = order::told(read, &evidence.scope, &ask)?;
    let clocks = (evidence.period(window), &told.clocks);
    let answer = skew::skew_of(read, &evidence, clocks, &mut |skewed| match skewed.finding() {
        Some(finding) => {
            health.refusable(&skewed.host);
            found.take(finding)
        }
        None => Ok(()),
    })?;
    hand_over(found, answer.hosts(&health.clients(), evidence.period(window)))?;
    hand_over(found, health::finish(read, &evidence, health, (&comparisons, &told.results))?)?;
    hand_over(found, policy::findings(read, &evidence, named, &expected)?)?;
    hand_over(found, dns::findings(read, named, question.now)?)?;
    hand_over(found, coverage::clocks(read, &evidence, &told.steps_back)?)?;
    hand_over(found, contradictions(&evidence, &told.contradictions)?)?;
    hand_over(found, witness::findings(read, &evidence, evidence.period(window))?)
}

/// What the policy expects of settings; nothing without one.
fn expected_by(question: &Question) -> Outcome<Expected> {
    match &question.policy {
        None => Ok(Expected::default()),
        Some(policy) => {
            expected(&policy.text).map_err(|complaints| Stop::from(complaints).within(&policy.file))
        }
    }
}

/// What the clients of all hosts together show: silence, clones, churn, and who is who.
struct Clients {
    stale: stale::Stale,
    candidates: duplicates::Candidates,
    churned: churn::Churn,
    names: NamesHeld,
    faces: BTreeMap<String, Faces>,
    differing: Vec<Finding>,
    /// The label of each machine with a snapshot and the CMID that the newest one shows, by the hash of the label.
    newest: HashMap<u64, (String, Uuid, Timestamp)>,
    /// Of several, that of the largest CMID.
    anew: BTreeMap<String, (Uuid, Finding)>,
}

impl Clients {
    fn new(read: &mut dyn Read, evidence: &Evidence, period: Period) -> Outcome<Self> {
        let window = ThresholdAsk::default().window;
        let (faces, differing) = faces(read, evidence)?;
        let newest = faces
            .iter()
            .filter_map(|(machine, faces)| {
                let (cmid, taken) = faces.newest()?;
                Some((label_hash(machine)?, (label(machine)?.into_owned(), cmid, taken)))
            })
            .collect();
        let parameters = stale::Parameters::new(evidence.now, evidence.renewal());
        Ok(Self {
            stale: stale::Stale::new(parameters).knowing(repeated(read)?),
            candidates: duplicates::Candidates::new(period),
            churned: churn::Churn::new(churn::Parameters::new(evidence.now, window)),
            names: NamesHeld::new(period),
            faces,
            differing,
            newest,
            anew: BTreeMap::new(),
        })
    }

    fn take(&mut self, unit: &Unit<'_>) {
        self.stale.take(unit);
        self.candidates.take(unit);
        // A name that one client has alone neither comes with ever new CMIDs nor stands for two machines.
        if self.stale.is_repeated(unit) {
            self.churned.take(unit);
            self.names.take(unit);
        }
        // Logs that show another CMID than the newest snapshot, and later.
        if let Some((machine, cmid, taken)) = unit.label.and_then(|hash| self.newest.get(&hash))
            && *cmid != unit.cmid
            && unit.first > *taken
            && label(unit.name).as_deref() == Some(machine)
        {
            let known = self.anew.get(machine);
            if known.is_none_or(|(known, _)| *known <= unit.cmid) {
                let finding = renewed(unit.name, unit.cmid, unit.first);
                self.anew.insert(machine.clone(), (unit.cmid, finding));
            }
        }
    }

    fn finish(
        self,
        read: &mut dyn Read,
        evidence: &Evidence,
        found: &mut Found<'_>,
    ) -> Outcome<()> {
        let window = ThresholdAsk::default().window;
        evidence.shared(read, window, self.candidates, &mut |shared| {
            if shared.class == Class::Duplicate { found.take(shared.finding()) } else { Ok(()) }
        })?;
        found.take_series(Box::new(self.stale.finish()))?;
        hand_over(found, self.churned.finish().by_pool())?;
        let mut suspects = self.names.finish();
        if !suspects.is_empty() {
            evidence.each_unit_of_all(read, &mut |unit| suspects.take(unit))?;
        }
        hand_over(found, suspects.finish().iter().map(Twin::finding))?;
        let faces = self.faces.iter().filter_map(|(machine, faces)| faces.finding(machine));
        hand_over(found, faces)?;
        hand_over(found, self.anew.into_values().map(|(_, finding)| finding))?;
        hand_over(found, self.differing)
    }
}

/// The CMIDs that the snapshots of each machine show, and where those of one moment differ.
fn faces(
    read: &mut dyn Read,
    evidence: &Evidence,
) -> Outcome<(BTreeMap<String, Faces>, Vec<Finding>)> {
    let mut faces: BTreeMap<String, Faces> = BTreeMap::new();
    let mut moments = Moments::default();
    questions::each_snapshot(read, &evidence.scope, evidence.now, &mut |snapshot| {
        let (service, products) = hosts::objects(snapshot)?;
        let machine = evidence.names.host(snapshot.host)?;
        moments.begin(machine, snapshot.taken);
        for (object, properties) in service.iter().map(|service| ("", service)).chain(
            products.iter().filter_map(|product| Some((product.get("ID")?.as_str()?, product))),
        ) {
            tell(&mut moments, object, properties);
        }
        let cmid = service.as_ref().and_then(|service| service.get("ClientMachineID")?.as_str());
        if let Some(cmid) = cmid.and_then(|text| Uuid::try_parse(text).ok()) {
            faces.entry(machine.to_owned()).or_default().take(cmid, snapshot.taken);
        }
        Ok(())
    })?;
    Ok((faces, moments.finish()))
}

/// Tells the properties of an object that the class has; secrets are never compared, so that no sentence holds one.
fn tell(moments: &mut Moments, object: &str, properties: &Json) {
    for (name, value) in properties.as_object().into_iter().flatten() {
        let field = product::property(name)
            .map(|row| &row.field)
            .or_else(|| service::property(name).map(|row| &row.field));
        if field.is_some_and(|field| !matches!(field.kind, Kind::Secret(_))) {
            match value.as_str() {
                Some(text) => moments.tell(object, name, text),
                None => moments.tell(object, name, &value.to_string()),
            }
        }
    }
}

/// Records that were imported with two contents.
fn contradictions(evidence: &Evidence, told: &[(i64, u64)]) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for &(host, records) in told {
        let host = evidence.names.host(host)?;
        let message = match records {
            1 => format!("1 record of `{host}` was imported with two different contents"),
            several => {
                format!("{several} records of `{host}` were imported with two different contents")
            }
        };
        let remedy = "two hosts of one name wrote them, or a file was changed: `licctl log` shows the imports; take the wrong one \
             back with `licctl undo`";
        let finding = Finding::new("kms", "evidence.contradiction", Level::Warning, host, message);
        findings.push(finding.within(host).with("records", records).remedy(remedy));
    }
    Ok(findings)
}

/// What becomes of each host's counts, while the units of the hosts go by.
struct HostOutlooks {
    hosts: BTreeMap<i64, threshold::Threshold>,
}

impl HostOutlooks {
    /// Of every host, or of the named one alone.
    fn new(read: &mut dyn Read, evidence: &Evidence, named: Option<&str>) -> Outcome<Self> {
        let ask = ThresholdAsk::default();
        let mut hosts = BTreeMap::new();
        for host in units::hosts(read)? {
            if named.is_none_or(|name| {
                evidence.names.host(host).is_ok_and(|known| known.eq_ignore_ascii_case(name))
            }) {
                let scope = Scope { host: Some(host), ..Scope::default() };
                let parameters = evidence.threshold_of(read, &scope, &ask)?;
                let parameters = threshold::Parameters { seen: Vec::new(), ..parameters };
                hosts.insert(host, threshold::Threshold::new(parameters));
            }
        }
        Ok(Self { hosts })
    }

    /// Takes a unit of one host, in the order of CMID. Returns the name of the host when it is one of those looked at.
    fn take<'e>(
        &mut self,
        evidence: &'e Evidence,
        host: i64,
        unit: &Unit<'_>,
    ) -> Outcome<Option<&'e str>> {
        let Some(report) = self.hosts.get_mut(&host) else { return Ok(None) };
        report.take(unit);
        evidence.names.host(host).map(Some)
    }

    /// In the order of hosts and pools. Counts that none of a host's clients needs are left out.
    fn finish(self, evidence: &Evidence) -> Outcome<Vec<(String, Outlook)>> {
        let mut outlooks = Vec::new();
        for (host, report) in self.hosts {
            let name = evidence.names.host(host)?;
            let answer = report.finish(&BTreeMap::new());
            outlooks.extend(
                answer
                    .outlooks
                    .into_iter()
                    .filter(|outlook| outlook.figures.is_some())
                    .map(|outlook| (name.to_owned(), outlook)),
            );
        }
        outlooks.sort_by(|left, right| {
            (&left.0, left.1.pool, left.1.required).cmp(&(&right.0, right.1.pool, right.1.required))
        });
        Ok(outlooks)
    }
}

/// What becomes of each host's counts, in the order of hosts and pools. Counts that none of its clients needs are left out.
///
/// - `each`: told of every unit of these hosts in the same pass, those of one CMID behind each other, with the name of the host.
pub(super) fn host_outlooks(
    read: &mut dyn Read,
    evidence: &Evidence,
    named: Option<&str>,
    each: &mut dyn FnMut(&str, &Unit<'_>) -> Outcome<()>,
) -> Outcome<Vec<(String, Outlook)>> {
    let mut outlooks = HostOutlooks::new(read, evidence, named)?;
    clients::each_unit_by_host(read, &evidence.names, evidence.now, &mut |host, unit| {
        let name = outlooks.take(evidence, host, unit)?;
        name.map_or(Ok(()), |name| each(name, unit))
    })?;
    outlooks.finish(evidence)
}
