//! DNS held against what the store knows, and what should stand in it.

use super::machines::Held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Warning};
use crate::finding::Finding;
use crate::kms::catalog::Profile;
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Port, Product, Role};
use crate::kms::report::WINDOW;
use crate::kms::report::dns::{Estate, Known, known, run};
use crate::kms::rules::roles;
use crate::kms::rules::srv::{LABELS, Record};
use crate::kms::store::names::Names;
use crate::kms::store::units::{Scope, each_unit};
use crate::kms::store::{dns, instances};
use crate::store::{Flow, Read};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The time to live of the records that a host publishes itself, seconds.
///
/// Source: [DNSDOC].
pub(super) const TTL: u32 = 3600;

/// What is wrong with the DNS data that was imported; nothing when there is none.
///
/// - `named`: only what concerns this machine.
pub fn findings(read: &mut dyn Read, named: Option<&str>, now: Timestamp) -> Outcome<Vec<Finding>> {
    let data = dns::known(read, now)?;
    if data.taken.is_none() {
        return Ok(Vec::new());
    }
    let estate = estate(read, now)?;
    let found = run(&data.records, &data.zones, &estate);
    let concerns = |finding: &Finding| {
        named.is_none_or(|named| {
            known(&finding.object, &estate.machines)
                .is_some_and(|machine| machine.name.eq_ignore_ascii_case(named))
        })
    };
    Ok(found.into_iter().map(|found| found.finding).filter(concerns).collect())
}

/// The machines that the imported DNS data names as hosts.
pub fn named_hosts(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<String>> {
    let data = dns::known(read, now)?;
    let records = data.records.iter().filter_map(Record::kms);
    let mut names: Vec<String> = records.map(|(srv, _)| srv.target.clone()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// What the store knows of hosts and clients at `now`.
pub fn estate(read: &mut dyn Read, now: Timestamp) -> Outcome<Estate> {
    let mut estate = Estate { clients: clients(read, now)?, ..Estate::default() };
    let mut clients = 0_u32;
    for instance in instances::all(read)? {
        let held = Held::of(read, &instance, now)?;
        let service = &held.state.machine.service;
        let role = roles::role(&held.state.products, now);
        if held.state.products.iter().any(Product::is_kms_client) {
            clients += 1;
            estate.careless |= held.state.machine.profile() == Profile::V60 || service.host_caching;
        }
        estate.machines.push(Known {
            name: instance.name,
            active: role == Role::HostActive,
            port: service.listening_port.map_or(DEFAULT_PORT, Port::number),
            publishes: service.dns_publishing,
        });
    }
    // A client that nobody described remembers its host, as Windows does unless it is told otherwise.
    estate.careless |= clients == 0;
    Ok(estate)
}

/// By pool: the clients that asked within the window, and the counts that they need.
fn clients(read: &mut dyn Read, now: Timestamp) -> Outcome<BTreeMap<Pool, (u32, BTreeSet<u32>)>> {
    let names = Names::load(read)?;
    let mut found: BTreeMap<Pool, (u32, BTreeSet<u32>)> = BTreeMap::new();
    // The units of one client stand together.
    let mut counted: BTreeSet<(Pool, Uuid)> = BTreeSet::new();
    each_unit(read, &names, &Scope::default(), now, &mut |unit| {
        counted.retain(|(_, cmid)| *cmid == unit.cmid);
        let active = unit.valid.as_ref().is_some_and(|valid| now.since(valid.last) <= WINDOW.ms());
        if active {
            let (count, required) = found.entry(unit.pool).or_default();
            *count += u32::from(counted.insert((unit.pool, unit.cmid)));
            if unit.required > 0 {
                required.insert(unit.required);
            }
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// The lines that a zone should hold for the stored hosts, with what each must publish; comments are those of a zone file.
///
/// - `domain`: the zone, without a final dot.
pub fn records(
    read: &mut dyn Read,
    domain: &str,
    now: Timestamp,
) -> Outcome<(Vec<String>, Vec<Warning>)> {
    let domain = domain.trim_end_matches('.');
    let (mut lines, mut lists, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for known in estate(read, now)?.machines.iter().filter(|known| known.active) {
        let (name, own) = known.name.split_once('.').map_or_else(
            || (format!("{}.{domain}", known.name), domain),
            |(_, own)| (known.name.clone(), own),
        );
        if !known.publishes {
            let message =
                format!("`{}` does not publish: its record must be kept by hand", known.name);
            warnings.push(Warning::new("not-published", message));
        }
        lines.push(format!("{LABELS}.{domain}. {TTL} IN SRV 0 0 {} {name}.", known.port));
        if !own.eq_ignore_ascii_case(domain) && known.publishes {
            lists.push(format!("; {}: DnsDomainPublishList (REG_MULTI_SZ) = {domain}", known.name));
        }
    }
    lines.extend(lists);
    Ok((lines, warnings))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch};
    use super::{estate, records};
    use crate::artefact::{Notes, Sample};
    use crate::kms::import::dns;
    use crate::kms::report::dns::run;

    #[test]
    fn the_records_that_are_printed_are_those_that_the_check_finds_right() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        scratch.add_host("kms2.lab.example", "10.0.20348.1");
        scratch.add_host("kms3", "10.0.20348.1");
        scratch.add("ws-1.corp.example", Some(DESKTOP));
        scratch.call(
            "kms1.corp.example",
            "SetKeyManagementServiceListeningPort",
            &[("PortNumber", "1700")],
        );
        let now = scratch.now;
        let (lines, warnings) = scratch.read(|read| records(read, "corp.example.", now));
        assert_eq!(
            lines,
            [
                "_vlmcs._tcp.corp.example. 3600 IN SRV 0 0 1700 kms1.corp.example.",
                "_vlmcs._tcp.corp.example. 3600 IN SRV 0 0 1688 kms2.lab.example.",
                "_vlmcs._tcp.corp.example. 3600 IN SRV 0 0 1688 kms3.corp.example.",
                "; kms2.lab.example: DnsDomainPublishList (REG_MULTI_SZ) = corp.example",
            ]
        );
        assert!(warnings.is_empty());
        let text = lines.join("\n");
        let form = dns::form(&Sample { name: "x", bytes: text.as_bytes(), text: &text }).unwrap();
        let mut notes = Notes::default();
        let found = dns::read(form, &mut text.as_bytes(), None, &mut notes).unwrap();
        let estate = scratch.read(|read| estate(read, now));
        assert!(estate.careless, "the client remembers its host");
        assert_eq!(run(&found.records, &found.zones, &estate).len(), 0);
        scratch.call(
            "kms3",
            "DisableKeyManagementServiceDnsPublishing",
            &[("DisablePublishing", "true")],
        );
        let (_, warnings) = scratch.read(|read| records(read, "corp.example", now));
        assert_eq!(warnings[0].code, "not-published");
    }
}
