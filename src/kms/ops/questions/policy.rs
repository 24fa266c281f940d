//! Whether the settings of machines are what they should be.

use super::Evidence;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::ops::dns;
use crate::kms::ops::hosts::{self, Shown};
use crate::kms::report::policy::{Expected, Settings, judge};
use crate::kms::store::evidence::Origin;
use crate::kms::store::modelled::Which;
use crate::kms::store::questions;
use crate::store::Read;
use serde_json::Value as Json;

/// P01 to P12 of every machine in its newest state, or of the one that is named.
///
/// All machines are looked at in any case: hosts are compared with each other, clients with their hosts.
pub fn findings(
    read: &mut dyn Read,
    evidence: &Evidence,
    named: Option<&str>,
    expected: &Expected,
) -> Outcome<Vec<Finding>> {
    let mut in_model = hosts::in_model(read, &evidence.names, Which::All, evidence.now)?;
    if evidence.scope.origin == Some(Origin::Imported) {
        in_model.clear();
    }
    let machines = hosts::newest(in_model, &evidence.shown);
    let settings: Vec<Settings> =
        machines.iter().map(|machine| settings(machine, evidence)).collect();
    let found = settings.iter().any(|machine| machine.found_host.is_some());
    let published = found
        || !questions::published(read, evidence.now)?.is_empty()
        || !dns::named_hosts(read, evidence.now)?.is_empty();
    let mut findings = judge(&settings, expected, published);
    findings.retain(|finding| named.is_none_or(|named| finding.object.eq_ignore_ascii_case(named)));
    Ok(findings)
}

fn settings(machine: &Shown, evidence: &Evidence) -> Settings {
    let number = |name: &str| {
        let found = machine.objects().find_map(|object| hosts::number(object, name));
        found.filter(|number| *number != NOT_APPLICABLE)
    };
    let text = |name: &str| {
        let mut found = machine.objects().filter_map(|object| object.get(name)?.as_str());
        found.find(|text| !text.is_empty()).map(str::to_owned)
    };
    let active_host = machine.is_host();
    let port =
        if active_host { "KeyManagementServiceListeningPort" } else { "KeyManagementServicePort" };
    let caching = "KeyManagementServiceHostCaching";
    Settings {
        machine: machine.name.clone(),
        taken: (machine.taken != evidence.now).then_some(machine.taken),
        active_host,
        activation: number("VLActivationInterval"),
        renewal: number("VLRenewalInterval"),
        caching: machine.objects().find_map(|object| object.get(caching).and_then(Json::as_bool)),
        port: number(port),
        told_host: text("KeyManagementServiceMachine"),
        found_host: text("DiscoveredKeyManagementServiceMachineName"),
        rearm_count: number("RemainingWindowsReArmCount"),
        cache_refresh: number("PolicyCacheRefreshRequired"),
    }
}
