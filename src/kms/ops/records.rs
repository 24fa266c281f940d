//! What must change in DNS so that the records of a host are what the model says.

use super::machines::{Held, missing};
use super::plan::Planned;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Warning};
use crate::kms::model::{Port, Role};
use crate::kms::ops::dns::TTL;
use crate::kms::rules::roles;
use crate::kms::rules::srv::{LABELS, Record, Srv};
use crate::kms::store::{dns, instances};
use crate::store::Read;

/// Compares the DNS data that was imported with a modelled host, and writes what differs for `nsupdate`.
///
/// A record with another port is replaced; those of a machine that is no active host are deleted; priorities and weights stay as
/// they are. A host that publishes gets a record in the domain of its own name.
///
/// Usage error when there is no such machine, or its name has no domain while it must have a record.
pub fn plan(read: &mut dyn Read, machine: &str, now: Timestamp) -> Outcome<Planned> {
    let instance = instances::find(read, machine)?.ok_or_else(|| missing(machine))?;
    let held = Held::of(read, &instance, now)?;
    let name = instance.name;
    let data = dns::known(read, now)?;
    let mut warnings = Vec::new();
    if data.taken.is_none() {
        let message = "no DNS data was imported; it is compared with an empty zone";
        warnings.push(Warning::new("no-dns-data", message));
    }
    let service = &held.state.machine.service;
    let port = service.listening_port.unwrap_or(Port::DEFAULT).number();
    let active = roles::role(&held.state.products, now) == Role::HostActive;
    let own = name.split_once('.').map(|(_, domain)| domain.to_lowercase());
    if active && service.dns_publishing && own.is_none() {
        return Err(Usage::new(format!("the name of `{name}` has no DNS domain"))
            .hinted("`licctl kms dns-plan --domain DOMAIN` prints the records of any zone")
            .into());
    }
    let (mut lines, mut stands) = (Vec::new(), false);
    for (srv, domain) in data.records.iter().filter_map(Record::kms) {
        if !is_of(&srv.target, &name) {
            continue;
        }
        if active && u32::from(srv.port) == port {
            stands |= own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(domain));
            continue;
        }
        lines.push(deleted(srv, domain));
        if active {
            stands |= own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(domain));
            lines.push(added(domain, srv.priority, srv.weight, port, &srv.target));
        }
    }
    if let (true, Some(domain)) = (active && service.dns_publishing && !stands, own) {
        lines.push(added(&domain, 0, 0, port, &name));
    }
    if !lines.is_empty() {
        lines.push("send".to_owned());
    }
    Ok(Planned { machine: name, lines, warnings })
}

/// Whether a target names a machine: in full, or by the first label when the machine has no domain.
fn is_of(target: &str, machine: &str) -> bool {
    let bare = target.trim_end_matches('.');
    let label = bare.split('.').next().unwrap_or_default();
    bare.eq_ignore_ascii_case(machine)
        || (!machine.contains('.') && label.eq_ignore_ascii_case(machine))
}

fn deleted(srv: &Srv, domain: &str) -> String {
    let Srv { priority, weight, port, target } = srv;
    let target = target.trim_end_matches('.');
    format!("update delete {LABELS}.{domain}. SRV {priority} {weight} {port} {target}.")
}

fn added(domain: &str, priority: u16, weight: u16, port: u32, target: &str) -> String {
    let target = target.trim_end_matches('.');
    format!("update add {LABELS}.{domain}. {TTL} SRV {priority} {weight} {port} {target}.")
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch};
    use super::plan;
    use crate::clock::Timestamp;
    use crate::kms::rules::srv::{Data, Record, Said, Srv};
    use crate::kms::store::dns::{NewData, add};

    fn say(scratch: &mut Scratch, taken: Timestamp, port: u16, target: &str) {
        let srv = Srv { priority: 5, weight: 7, port, target: target.to_owned() };
        let owner = "_vlmcs._tcp.corp.example".to_owned();
        let said = Said::Record(Record { owner, ttl: None, data: Data::Srv(srv), line: 1 });
        let data = NewData { taken, source: [0; 32], said: vec![said], file: 1 };
        scratch.write(|tx, _| add(tx, &data, &mut |_, _| {})).unwrap();
    }

    fn lines(scratch: &mut Scratch, machine: &str) -> Vec<String> {
        let now = scratch.now;
        scratch.read(|read| plan(read, machine, now)).lines
    }

    #[test]
    fn a_host_without_a_record_gets_one_and_a_wrong_port_is_replaced() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        let add = "update add _vlmcs._tcp.corp.example. 3600 SRV 0 0 1688 kms1.corp.example.";
        assert_eq!(lines(&mut scratch, "kms1.corp.example"), [add, "send"]);
        let now = scratch.now;
        say(&mut scratch, now.plus_days(-2), 1700, "kms1.corp.example");
        assert_eq!(
            lines(&mut scratch, "kms1.corp.example"),
            [
                "update delete _vlmcs._tcp.corp.example. SRV 5 7 1700 kms1.corp.example.",
                "update add _vlmcs._tcp.corp.example. 3600 SRV 5 7 1688 kms1.corp.example.",
                "send"
            ]
        );
        say(&mut scratch, now.plus_days(-1), 1688, "KMS1.corp.example");
        assert_eq!(lines(&mut scratch, "kms1.corp.example"), [""; 0]);
    }

    #[test]
    fn the_record_of_a_machine_that_is_no_host_is_deleted() {
        let mut scratch = Scratch::new();
        scratch.add("ws-1", Some(DESKTOP));
        let now = scratch.now;
        assert_eq!(lines(&mut scratch, "ws-1"), [""; 0]);
        say(&mut scratch, now, 1688, "ws-1.corp.example");
        assert_eq!(
            lines(&mut scratch, "ws-1"),
            ["update delete _vlmcs._tcp.corp.example. SRV 5 7 1688 ws-1.corp.example.", "send"]
        );
        scratch.add_host("kms1", "10.0.20348.1");
        let refused = scratch.read(|read| Ok(plan(read, "kms1", now)));
        assert_eq!(refused.unwrap_err().status(), 2);
    }
}
