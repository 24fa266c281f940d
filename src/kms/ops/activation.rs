//! `Activate` of a product: a KMS client asks its host, every other key is looked up in the ledger. Nothing is contacted.

use super::call::{Called, Ended};
use super::machines::{Held, Scene};
use super::{faults, products, requests};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::model::{Discovered, PartialKey, Port, Product, Role, State};
use crate::kms::rules::call::{self, Context};
use crate::kms::rules::checks::{self, Class};
use crate::kms::rules::lookup::{self, Lookup};
use crate::kms::rules::srv::{Record, Srv, order};
use crate::kms::rules::{client, ledger, roles};
use crate::kms::store::{dns, instances, marks};
use crate::store::{Read, Tx};

/// Activates the product that is named, else the primary Windows product.
///
/// A KMS client takes its host among the stored machines: the one it was told, the one it remembers, or those that publish in its
/// domain. What a host counts is kept, even when the client is not activated.
///
/// Refuses with the codes of the method's row.
pub fn activate(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    named: Option<&str>,
) -> Outcome<Ended<(Called, Product)>> {
    let held = Held::load(tx, machine, scene.now)?;
    let product = products::meant(&held.state, named, scene.now)?.clone();
    let method = checks::method(Class::Product, held.state.machine.profile(), "Activate")?;
    let context = Context {
        now: scene.now,
        caller: scene.caller,
        fault: None,
        key: None,
        examine: super::licenses::examine,
    };
    call::before_activation(&held.state, &product, method, &context)?;
    tx.call(method.method.name, &format!("ID={}", product.id));
    tx.summary(format!("Activate `{}` on {}", product.name, held.state.machine.name));
    if let Some(refusal) = faults::raise(tx, held.id(), method)? {
        return Ok(Ended::Refused(Box::new(refusal)));
    }
    let (state, refusal) = if product.is_kms_client() {
        by_kms(tx, &held.state, &product, scene)
            .map_err(|stop| named_refusal(stop, method.method.name))?
    } else {
        let state = by_key(tx, &held.state, &product)
            .map_err(|stop| named_refusal(stop, method.method.name))?;
        (state, None)
    };
    held.save(tx, &state, scene.now)?;
    Ok(match refusal {
        Some(refusal) => Ended::Refused(Box::new(refusal.of(method.method.name))),
        None => {
            let called = Called {
                state,
                pending_restart: false,
                calls: vec![(method.word(), Some(product.id))],
                warnings: held.warnings,
            };
            Ended::Done((called, product))
        }
    })
}

/// The refusal with the method that refused.
fn named_refusal(stop: Stop, api: &str) -> Stop {
    match stop {
        Stop::Refused(refusal) => refusal.of(api).into(),
        other => other,
    }
}

/// A host, MAK or retail key: the ledger counts it.
fn by_key(tx: &mut dyn Tx, state: &State, product: &Product) -> Outcome<State> {
    // Keys whose letters nobody told cannot be told from each other: they are not counted.
    let told = product.key.as_ref().filter(|key| **key != PartialKey::untold());
    let lines = match told {
        Some(partial) => marks::ledger(tx, partial, product.id)?,
        None => Vec::new(),
    };
    let done = ledger::activate(state, product, &lines)?;
    if let Some(entry) = done.entry.as_ref().filter(|_| told.is_some()) {
        marks::save_ledger(tx, entry)?;
    }
    Ok(done.state)
}

/// The client asks its host; the state comes with the refusal that is kept.
fn by_kms(
    tx: &mut dyn Tx,
    state: &State,
    product: &Product,
    scene: &Scene,
) -> Outcome<(State, Option<Refusal>)> {
    let now = scene.now;
    let (state, host) = host_of(tx, state, product, scene)?;
    let product = products::by_id(&state, product.id)?.clone();
    let request = client::request(&state, &product, now);
    let done = requests::ask(tx, &host, &request, now)?;
    match done.answer {
        Ok(reply) => {
            let taken = client::take(&state, &product, &reply, request.required, now);
            Ok((taken.state, taken.refusal))
        }
        // Nobody logged it: nothing is kept.
        Err(refusal) if done.event.is_none() => Err(refusal.into()),
        Err(refusal) => Ok((state, Some(refusal))),
    }
}

/// The host that a product asks, with the client as finding it made it.
fn host_of(
    tx: &mut dyn Tx,
    state: &State,
    product: &Product,
    scene: &Scene,
) -> Outcome<(State, Held)> {
    let now = scene.now;
    match lookup::lookup(state, product) {
        Lookup::Told { name, port } => {
            let host = answering(tx, name.as_str(), port.number(), now)?;
            let host = host.ok_or_else(|| lookup::unreachable(name.as_str()))?;
            Ok((state.clone(), host))
        }
        Lookup::Remembered(found) => match answering(tx, &found.name, found.port, now)? {
            Some(host) => Ok((state.clone(), host)),
            None => {
                let state = forgotten(state, product);
                let product = products::by_id(&state, product.id)?.clone();
                host_of(tx, &state, &product, scene)
            }
        },
        Lookup::Dns { domain } => {
            let (host, found) = by_dns(tx, state, &domain, scene)?;
            Ok((lookup::remember(state, product, &found), host))
        }
        Lookup::Nowhere => Err(lookup::nowhere(state).into()),
    }
}

/// The host that DNS names: by the records that were imported of the domain, else the first active host that publishes itself there.
///
/// Hosts that do not answer are struck off, one after the other, in the order of the client's chance.
fn by_dns(
    read: &mut dyn Read,
    state: &State,
    domain: &str,
    scene: &Scene,
) -> Outcome<(Held, Discovered)> {
    let domain = domain.trim_end_matches('.');
    let data = dns::known(read, scene.now)?;
    let records = data.records.iter().filter_map(Record::kms);
    let listed: Vec<&Srv> = records
        .filter(|(_, owner)| owner.eq_ignore_ascii_case(domain))
        .map(|(srv, _)| srv)
        .collect();
    if listed.is_empty() {
        let lower = domain.to_lowercase();
        let whole = data.zones.iter().any(|zone| dns::is_within(&lower, zone));
        let host = if whole { None } else { publishing(read, domain, scene.now)? };
        let host = host.ok_or_else(|| lookup::no_records(domain))?;
        let service = &host.state.machine.service;
        let found = Discovered {
            name: host.state.machine.name.clone(),
            port: service.listening_port.unwrap_or(Port::DEFAULT).number(),
            address: None,
        };
        return Ok((host, found));
    }
    let machine = &state.machine;
    // Each client has a chance of its own.
    let own = machine.service.client_machine_id.as_u64_pair().1;
    for srv in order(&listed, machine.profile(), scene.seed ^ own) {
        if let Some(host) = answering(read, &srv.target, u32::from(srv.port), scene.now)? {
            let (name, port) = (srv.target.clone(), u32::from(srv.port));
            return Ok((host, Discovered { name, port, address: None }));
        }
    }
    Err(lookup::none_answers(domain, listed.len()).into())
}

/// The client after the host that it remembered failed.
fn forgotten(state: &State, product: &Product) -> State {
    let mut state = state.clone();
    state.machine.service.host.discovered = None;
    for held in &mut state.products {
        if held.id == product.id {
            held.host.discovered = None;
        }
    }
    state
}

/// The stored machine that answers under a name on a port; `None` when none listens there.
///
/// A name without a domain means a machine of that first label, when there is one alone.
fn answering(read: &mut dyn Read, name: &str, port: u32, now: Timestamp) -> Outcome<Option<Held>> {
    let found = match instances::find(read, name.trim_end_matches('.'))? {
        Some(found) => Some(found),
        None => instances::by_first_label(read, name.trim_end_matches('.'))?,
    };
    let Some(found) = found else {
        return Ok(None);
    };
    let host = Held::of(read, &found, now)?;
    let listens = host.state.machine.service.listening_port.unwrap_or(Port::DEFAULT);
    let wanted = if port == 0 { DEFAULT_PORT } else { port };
    let is_host = roles::role(&host.state.products, now) != Role::Client;
    Ok((is_host && listens.number() == wanted).then_some(host))
}

/// The first active host of a DNS domain that publishes itself there.
fn publishing(read: &mut dyn Read, domain: &str, now: Timestamp) -> Outcome<Option<Held>> {
    for instance in instances::of_domain(read, domain.trim_end_matches('.'))? {
        let host = Held::of(read, &instance, now)?;
        let active = roles::role(&host.state.products, now) == Role::HostActive;
        if active && host.state.machine.service.dns_publishing {
            return Ok(Some(host));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{SERVER, Scratch};
    use crate::kms::model::PropertyValue;
    use crate::kms::report::Pool;

    #[test]
    fn the_fifth_server_is_activated_and_the_others_when_they_ask_again() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        let names: Vec<String> = (1..=5).map(|number| format!("s{number}.corp.example")).collect();
        for name in &names {
            scratch.add(name, Some(SERVER));
        }
        let low = "SL_E_VL_NOT_ENOUGH_COUNT";
        let first: Vec<String> = names.iter().map(|name| scratch.activate(name)).collect();
        assert_eq!(first, [low, low, low, low, ""]);
        scratch.now = scratch.now.plus_minutes(120);
        for name in &names[..4] {
            assert_eq!(scratch.activate(name), "");
        }
        let host = "kms1.corp.example";
        for (property, expected) in [
            ("CurrentCount", 5),
            ("TotalRequests", 9),
            ("OOBGraceRequests", 9),
            ("LicensedRequests", 0),
        ] {
            let property = format!("KeyManagementService{property}");
            assert_eq!(scratch.number(host, &property), expected, "{property}");
        }
        assert_eq!(scratch.held(host).1[0].cache.limit, 10);
        let count =
            scratch.read(|read| read.one("select rows from kms_coverage", &[], |row| row.int(0)));
        assert_eq!(count, Some(9));
    }

    /// The host counted it, so the client's question is kept though its answer was no; and one undo takes all of it back.
    #[test]
    fn a_refused_client_was_counted_all_the_same_until_it_is_taken_back() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        scratch.add("pc", Some(SERVER));
        let given = [("MachineName", "kms1")];
        scratch.call("pc", "SetKeyManagementServiceMachine", &given);
        let given = [("RenewalInterval", "600")];
        scratch.call("kms1", "SetVLRenewalInterval", &given);
        assert_eq!(scratch.activate("pc"), "SL_E_VL_NOT_ENOUGH_COUNT");
        assert_eq!(scratch.number("kms1", "KeyManagementServiceTotalRequests"), 1);
        assert_eq!(scratch.number("pc", "VLRenewalInterval"), 600);
        scratch.undo();
        assert_eq!(scratch.number("kms1", "KeyManagementServiceTotalRequests"), 0);
        assert_eq!(scratch.number("pc", "VLRenewalInterval"), 10_080);
        assert!(scratch.held("kms1").1.is_empty());
    }

    #[test]
    fn a_client_finds_no_host_where_none_listens() {
        let mut scratch = Scratch::new();
        scratch.add("pc", Some(SERVER));
        assert_eq!(scratch.activate("pc"), "ERROR_INVALID_NAME");
        scratch.add("pc.corp.example", Some(SERVER));
        assert_eq!(scratch.activate("pc.corp.example"), "DNS_ERROR_RCODE_NAME_ERROR");
        let given = [("MachineName", "nobody")];
        scratch.call("pc", "SetKeyManagementServiceMachine", &given);
        assert_eq!(scratch.activate("pc"), "SL_E_VL_BINDING_SERVICE_UNAVAILABLE");
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        scratch.call("pc", "SetKeyManagementServiceMachine", &[("MachineName", "kms1")]);
        assert_eq!(scratch.activate("pc"), "SL_E_VL_NOT_ENOUGH_COUNT");
        scratch.call(
            "kms1.corp.example",
            "SetKeyManagementServiceListeningPort",
            &[("PortNumber", "1700")],
        );
        assert_eq!(scratch.activate("pc"), "SL_E_VL_BINDING_SERVICE_UNAVAILABLE");
        assert_eq!(scratch.activate("pc.corp.example"), "SL_E_VL_NOT_ENOUGH_COUNT");
        let found = scratch.shows("pc.corp.example", "DiscoveredKeyManagementServiceMachinePort");
        assert_eq!(found, PropertyValue::U32(1700));
    }

    #[test]
    fn a_client_forgets_the_host_that_it_remembered_when_that_one_fails() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        scratch.add("pc.corp.example", Some(SERVER));
        scratch.activate("pc.corp.example");
        scratch.add_host("kms2.corp.example", "10.0.20348.1");
        scratch.write(|tx, _| super::super::machines::remove(tx, "kms1.corp.example")).unwrap();
        assert_eq!(scratch.activate("pc.corp.example"), "SL_E_VL_NOT_ENOUGH_COUNT");
        let found = scratch.shows("pc.corp.example", "DiscoveredKeyManagementServiceMachineName");
        assert_eq!(found, PropertyValue::Text("kms2.corp.example".to_owned()));
    }

    #[test]
    fn the_ledger_counts_machines_and_times_of_a_host_key() {
        let mut scratch = Scratch::new();
        let used_up = "SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED";
        for number in 1..=7 {
            let name = format!("h{number}");
            scratch.add(&name, None);
            scratch.install(&name, "ABCDE", "Volume:CSVLK");
            assert_eq!(scratch.activate(&name), if number < 7 { "" } else { used_up });
        }
        for time in 2..=11 {
            assert_eq!(scratch.activate("h1"), if time < 11 { "" } else { used_up });
        }
    }

    #[test]
    fn keys_whose_letters_nobody_told_are_not_taken_for_one_key() {
        let mut scratch = Scratch::new();
        for number in 1..=8 {
            scratch.add_host(&format!("h{number}"), "10.0.20348.1");
        }
        assert_eq!(
            scratch.held("h8").1.iter().filter(|pool| pool.pool == Pool::Windows).count(),
            0
        );
    }
}
