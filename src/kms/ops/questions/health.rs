//! Whether the hosts are well: H01 to H10.

use super::{Evidence, counters, skew};
use crate::clock::{Span, Timestamp};
use crate::error::Outcome;
use crate::finding::Finding;
use crate::kms::ops::hosts::{self, Shown};
use crate::kms::report::Unit;
use crate::kms::report::counters::Comparison;
use crate::kms::report::health::Health;
use crate::kms::store::questions::Result as Results;
use crate::kms::store::{clients, questions, units};
use crate::store::{Flow, Read};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// H01 to H10 of every host.
pub fn health(read: &mut dyn Read, evidence: &Evidence, window: Span) -> Outcome<Vec<Finding>> {
    let mut health = begun(read, evidence, window)?;
    skew::skew(read, evidence, evidence.period(window), &mut |skewed| {
        if skewed.finding().is_some() {
            health.refusable(&skewed.host);
        }
        Ok(())
    })?;
    let comparisons = counters::counters(read, evidence, None)?;
    let results = questions::results(read, &evidence.scope, evidence.period(window))?;
    finish(read, evidence, health, (&comparisons, &results))
}

/// How many clients asked each host in the window.
pub fn clients(
    read: &mut dyn Read,
    evidence: &Evidence,
    window: Span,
) -> Outcome<BTreeMap<String, u64>> {
    Ok(begun(read, evidence, window)?.clients())
}

/// The health of the hosts as far as their clients tell it.
fn begun(read: &mut dyn Read, evidence: &Evidence, window: Span) -> Outcome<Health> {
    let mut health = Health::new(evidence.period(window));
    let scope = evidence.scope.host;
    clients::each_unit_by_host(read, &evidence.names, evidence.now, &mut |host, unit| {
        if scope.is_none_or(|scope| scope == host) {
            take(&mut health, evidence.names.host(host)?, unit);
        }
        Ok(())
    })?;
    Ok(health)
}

/// Counts a unit of a host among its clients.
pub(super) fn take(health: &mut Health, host: &str, unit: &Unit<'_>) {
    health.client(unit.cmid, host, unit.last, unit.valid.as_ref().map(|valid| valid.last));
}

/// Adds what is not told by the clients: coverage, results of requests in its period, events, snapshots.
pub(super) fn finish(
    read: &mut dyn Read,
    evidence: &Evidence,
    mut health: Health,
    (comparisons, results): (&[Comparison], &[Results]),
) -> Outcome<Vec<Finding>> {
    for covered in units::coverage(read, &evidence.names, &evidence.scope, evidence.now)? {
        health.covered(&covered);
    }
    for result in results {
        let host = evidence.names.host(result.host)?;
        health.requests(host, result.hresult, result.rows, result.last);
    }
    for compared in comparisons {
        if let Some(growth) = compared.growth() {
            health.growth(&compared.host, growth);
        }
    }
    events(read, evidence, &mut health)?;
    let in_scope =
        |machine: &&Shown| evidence.scope.host.is_none() || machine.host == evidence.scope.host;
    let machines = hosts::newest(evidence.in_model.clone(), &evidence.shown);
    for machine in machines.iter().filter(in_scope) {
        for (name, status) in machine.host_products() {
            health.product(&machine.name, &name, status);
        }
    }
    Ok(health.finish())
}

/// Takes every event but the requests; those that are no KMS events however old they are.
fn events(read: &mut dyn Read, evidence: &Evidence, health: &mut Health) -> Outcome<()> {
    let span = (Timestamp::MIN, evidence.now);
    questions::each_event(read, &evidence.names, &evidence.scope, span, &mut |event| {
        let fields: Json = serde_json::from_str(event.fields).unwrap_or_default();
        let hresult = hosts::number(&fields, "HResult");
        let domain = fields.get("Domain").and_then(Json::as_str);
        let (host, time) = (event.host, event.time);
        if fields.get("Suspicious").and_then(Json::as_bool) == Some(true) {
            health.suspicious(host, time);
            return Ok(Flow::Continue(()));
        }
        match (event.id, hresult, domain) {
            (12288 | 12289, Some(hresult), _) => health.client_event(host, event.id, hresult, time),
            (12291 | 12292, Some(hresult), _) => health.failure(host, event.id, hresult, time),
            (12293, Some(hresult), Some(domain)) => {
                health.publication(host, domain, Some(hresult), time);
            }
            (12294, _, Some(domain)) => health.publication(host, domain, None, time),
            _ => {}
        }
        Ok(Flow::Continue(()))
    })
}
