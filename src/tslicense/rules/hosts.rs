//! The settings of a session host: its mode, and the list of license servers that it asks.

use super::typed::Given;
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{
    WBEM_E_ALREADY_EXISTS, WBEM_E_ILLEGAL_NULL, WBEM_E_INVALID_METHOD_PARAMETERS,
    WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_AVAILABLE, WBEM_E_NOT_FOUND,
    WBEM_E_TYPE_MISMATCH, WBEM_E_VALUE_OUT_OF_RANGE,
};
use crate::tslicense::catalog::enumerations::{
    MODE_PER_DEVICE, MODE_PER_USER, REACH_2008, REACH_2008_R2, REACH_LOWER_VERSION, REACH_NONE,
    REACH_NOT_IN_GROUP, REACH_UNKNOWN, REACH_VALID,
};
use crate::tslicense::catalog::methods::{Act, HostAct, WmiMethod};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::{Host, Layer, Server};
use crate::tslicense::rules::shapes::server_name;

/// What a method changes of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Mode(u32),
    Set(Vec<String>),
    Add(String),
    Remove(String),
    Empty,
    Primary(String),
}

/// The arguments of a method, each of the type of its parameter: what WMI checks before the provider is asked.
///
/// Refuses with `WBEM_E_INVALID_METHOD_PARAMETERS`, `WBEM_E_ILLEGAL_NULL`, `WBEM_E_TYPE_MISMATCH`, `WBEM_E_VALUE_OUT_OF_RANGE`.
pub fn change(
    method: &'static WmiMethod,
    given: &[(String, Given)],
) -> Result<Option<Change>, Refusal> {
    let Act::Host(act) = method.act else { return Ok(None) };
    if act.asks() {
        return Ok(None);
    }
    let row = method.given().next().map(|row| row.name);
    let refuse = |code: &'static Code, name: &str, message: String| {
        Err(Refusal::new(code, message).with("parameter", name).of(method.method.name))
    };
    if let Some((name, _)) = given.iter().find(|(name, _)| Some(name.as_str()) != row) {
        let message = format!("`{name}` is no parameter of `{}`", method.word());
        return refuse(&WBEM_E_INVALID_METHOD_PARAMETERS, name, message);
    }
    let Some(name) = row else { return Ok(Some(Change::Empty)) };
    let value = match given.first() {
        None => {
            let message = format!("`{name}` is missing");
            return refuse(&WBEM_E_INVALID_METHOD_PARAMETERS, name, message);
        }
        Some((_, Given::Null)) => {
            return refuse(&WBEM_E_ILLEGAL_NULL, name, format!("`{name}` is null"));
        }
        Some((_, value)) => value,
    };
    Ok(Some(match (act, value) {
        (HostAct::ChangeMode, Given::Number(number)) => match u32::try_from(*number) {
            Ok(mode) => Change::Mode(mode),
            Err(_) => {
                let message = format!("`{name}` is outside 0 to 4294967295");
                return refuse(&WBEM_E_VALUE_OUT_OF_RANGE, name, message);
            }
        },
        (HostAct::SetServers, Given::Texts(names)) => Change::Set(names.clone()),
        (HostAct::AddServer, Given::Text(server)) => Change::Add(server.clone()),
        (HostAct::RemoveServer, Given::Text(server)) => Change::Remove(server.clone()),
        (HostAct::SetPrimary, Given::Text(server)) => Change::Primary(server.clone()),
        (act, _) => {
            let wanted = match act {
                HostAct::ChangeMode => "a number",
                HostAct::SetServers => "a list of texts",
                _ => "a text",
            };
            return refuse(&WBEM_E_TYPE_MISMATCH, name, format!("`{name}` takes {wanted}"));
        }
    }))
}

/// Checks the names of a change alone, for a call that is written down and not made.
///
/// Refuses with `WBEM_E_INVALID_PARAMETER`.
pub fn shaped(change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Set(names) => names.iter().try_for_each(|name| named(name, "SpecifiedLSList")),
        Change::Add(name) | Change::Remove(name) | Change::Primary(name) => named(name, LISTED),
        Change::Mode(_) | Change::Empty => Ok(()),
    }
}

/// Changes a setting of a host.
///
/// Refuses with `WBEM_E_INVALID_PARAMETER`, `WBEM_E_INVALID_OPERATION`, `WBEM_E_ALREADY_EXISTS`, `WBEM_E_NOT_FOUND`.
///
/// Source: REF, error codes: `WBEM_E_INVALID_OPERATION` also when a policy governs the setting; the rest assumed.
pub fn apply(host: &Host, change: &Change) -> Result<(Host, Vec<Warning>), Refusal> {
    let mut after = host.clone();
    let mut warnings = Vec::new();
    let servers = &mut after.own.servers;
    match change {
        Change::Mode(mode) => {
            choosable(host, *mode)?;
            after.own.mode = Some(*mode);
            return Ok((after, warnings));
        }
        Change::Set(names) => {
            for (at, name) in names.iter().enumerate() {
                named(name, "SpecifiedLSList")?;
                if names.iter().take(at).any(|known| is_same(known, name)) {
                    let message = format!("`{name}` stands twice in the list");
                    return Err(Refusal::new(&WBEM_E_INVALID_PARAMETER, message)
                        .with("parameter", "SpecifiedLSList"));
                }
            }
            servers.clone_from(names);
        }
        Change::Add(name) => {
            named(name, LISTED)?;
            if servers.iter().any(|known| is_same(known.trim(), name)) {
                let message = format!("`{name}` is in the list of `{}` already", host.name);
                return Err(Refusal::new(&WBEM_E_ALREADY_EXISTS, message).with("parameter", LISTED));
            }
            servers.push(name.clone());
        }
        Change::Remove(name) => {
            let before = servers.len();
            servers.retain(|known| !is_same(known.trim(), name));
            if servers.len() == before {
                let message = format!("`{name}` is not in the list of `{}`", host.name);
                return Err(Refusal::new(&WBEM_E_NOT_FOUND, message)
                    .with("parameter", LISTED)
                    .hinted(format!("`licctl tslicense host show {}` shows it", host.name)));
            }
        }
        Change::Empty => servers.clear(),
        Change::Primary(name) => {
            named(name, LISTED)?;
            servers.retain(|known| !is_same(known.trim(), name));
            servers.insert(0, name.clone());
        }
    }
    let layer = host.servers().1;
    if layer != Layer::Server {
        warnings.push(Warning::new(
            "POLICY_OVERRIDES",
            format!("`{}` goes by the list of its {}, not by its own", host.name, layer.word()),
        ));
    }
    Ok((after, warnings))
}

const LISTED: &str = "LicenseServerName";

fn named(name: &str, parameter: &'static str) -> Result<(), Refusal> {
    server_name(name, &mut Vec::new()).map_err(|refusal| refusal.with("parameter", parameter))
}

/// A mode that can be chosen, on a host whose mode no policy governs.
fn choosable(host: &Host, mode: u32) -> Result<(), Refusal> {
    if ![MODE_PER_DEVICE, MODE_PER_USER].contains(&mode) {
        let message = format!("mode {mode} cannot be chosen; 2 (per device) and 4 (per user) can");
        return Err(
            Refusal::new(&WBEM_E_INVALID_PARAMETER, message).with("parameter", "LicensingType")
        );
    }
    if host.policy_source() == 1 {
        let message = format!("a group policy governs the mode of `{}`", host.name);
        return Err(Refusal::new(&WBEM_E_INVALID_OPERATION, message)
            .hinted("change the policy, or take it off the host"));
    }
    Ok(())
}

/// What a method that asks hands back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Days(i64),
    Servers(Vec<String>),
    Connectivity(u32),
}

/// The days of grace that are left; 0 when they are over.
///
/// Refuses with `WBEM_E_NOT_AVAILABLE` while no one told when they end.
///
/// Source: the code is assumed: the page has none for a host that cannot say.
pub fn grace(host: &Host, now: Timestamp) -> Result<Asked, Refusal> {
    host.days_left(now).map(Asked::Days).ok_or_else(|| {
        let message = format!("nothing tells when the grace period of `{}` ends", host.name);
        let hint = format!("licctl tslicense host set {} DaysLeft=30", host.name);
        Refusal::new(&WBEM_E_NOT_AVAILABLE, message).hinted(hint)
    })
}

/// How a host reaches a license server: what was imported of it, else what follows from the server as it is known.
///
/// - `server`: `None` when nobody knows it: then nothing is known of the connection.
///
/// Source: REF, `GetTStoLSConnectivityStatus`; which state wins over which is assumed: the first that keeps the host from licenses.
#[must_use]
pub fn connectivity(host: &Host, name: &str, server: Option<&Server>) -> u32 {
    if let Some(status) = host.reach(name) {
        return status;
    }
    let Some(server) = server else { return REACH_UNKNOWN };
    let older = match (server.os, host.os) {
        (Some(server), Some(host)) => server.tier() < host.tier(),
        _ => false,
    };
    if !server.reachable {
        REACH_NONE
    } else if older {
        REACH_LOWER_VERSION
    } else if !server.serves(&host.name) {
        REACH_NOT_IN_GROUP
    } else {
        match server.os {
            None => REACH_UNKNOWN,
            Some(Os::V2008) => REACH_2008,
            Some(Os::V2008R2) => REACH_2008_R2,
            Some(_) => REACH_VALID,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Change, apply, change, connectivity, grace};
    use crate::tslicense::catalog::methods::{Act, HostAct, of};
    use crate::tslicense::catalog::versions::Os;
    use crate::tslicense::model::{Host, Licensing};
    use crate::tslicense::model::{Reach, Server};
    use crate::tslicense::rules::fixture::now;
    use crate::tslicense::rules::typed::Given;

    fn host(servers: &[&str]) -> Host {
        let servers = servers.iter().map(|name| (*name).to_owned()).collect();
        Host { own: Licensing { mode: Some(2), servers }, ..Host::unknown("rdsh-1") }
    }

    fn symbol(host: &Host, change: &Change) -> &'static str {
        apply(host, change).err().map_or("", |refusal| refusal.code.symbol)
    }

    #[test]
    fn a_mode_that_a_policy_governs_is_not_changed() {
        let mut host = host(&[]);
        assert_eq!(apply(&host, &Change::Mode(4)).unwrap().0.mode().0, 4);
        for mode in [0, 1, 3, 5] {
            assert_eq!(symbol(&host, &Change::Mode(mode)), "WBEM_E_INVALID_PARAMETER");
        }
        host.policy.mode = Some(4);
        assert_eq!(symbol(&host, &Change::Mode(2)), "WBEM_E_INVALID_OPERATION");
    }

    #[test]
    fn a_license_server_stands_once_in_the_list() {
        let host = host(&["ls-a.corp.example", "ls-b.corp.example"]);
        let list = |change: &Change| apply(&host, change).unwrap().0.own.servers;
        let text = |name: &str| name.to_owned();
        assert_eq!(list(&Change::Add(text("ls-c"))).len(), 3);
        assert_eq!(symbol(&host, &Change::Add(text("LS-A"))), "WBEM_E_ALREADY_EXISTS");
        assert_eq!(symbol(&host, &Change::Add(text("bad name"))), "WBEM_E_INVALID_PARAMETER");
        assert_eq!(list(&Change::Remove(text("ls-a"))), ["ls-b.corp.example"]);
        assert_eq!(symbol(&host, &Change::Remove(text("ls-c"))), "WBEM_E_NOT_FOUND");
        let primary = list(&Change::Primary(text("ls-b.corp.example")));
        assert_eq!(primary, ["ls-b.corp.example", "ls-a.corp.example"]);
        assert_eq!(list(&Change::Primary(text("ls-c"))).len(), 3);
        assert!(list(&Change::Empty).is_empty());
        let twice = Change::Set(vec![text("ls-a"), text("LS-A")]);
        assert_eq!(symbol(&host, &twice), "WBEM_E_INVALID_PARAMETER");
    }

    #[test]
    fn a_list_that_a_policy_hides_is_changed_with_a_warning() {
        let mut host = host(&[]);
        let add = Change::Add("ls-c".to_owned());
        assert!(apply(&host, &add).unwrap().1.is_empty());
        host.policy.servers = vec!["ls-p".to_owned()];
        assert_eq!(apply(&host, &add).unwrap().1[0].code, "POLICY_OVERRIDES");
    }

    #[test]
    fn the_days_of_grace_are_told_when_something_tells_their_end() {
        let mut host = host(&[]);
        assert_eq!(grace(&host, now()).err().unwrap().code.symbol, "WBEM_E_NOT_AVAILABLE");
        host.grace_ends = Some(now().plus_days(120));
        assert_eq!(grace(&host, now()).ok(), Some(Asked::Days(120)));
        assert_eq!(grace(&host, now().plus_days(120)).ok(), Some(Asked::Days(0)));
    }

    #[test]
    fn the_connectivity_is_what_was_seen_else_what_the_server_is_known_to_be() {
        let mut host = host(&["ls-a.corp.example"]);
        host.os = Some(Os::V2019);
        assert_eq!(connectivity(&host, "ls-a", None), 0);
        let server = |os| Server { os, ..Server::unknown("ls-a.corp.example") };
        for (os, status) in [
            (None, 0),
            (Some(Os::V2022), 11),
            (Some(Os::V2019), 11),
            (Some(Os::V2016), 4),
            (Some(Os::V2008R2), 4),
        ] {
            assert_eq!(connectivity(&host, "ls-a", Some(&server(os))), status, "{os:?}");
        }
        host.os = Some(Os::V2008);
        assert_eq!(connectivity(&host, "ls-a", Some(&server(Some(Os::V2008)))), 2);
        assert_eq!(connectivity(&host, "ls-a", Some(&server(Some(Os::V2008R2)))), 1);
        let away = Server { reachable: false, ..server(Some(Os::V2022)) };
        assert_eq!(connectivity(&host, "ls-a", Some(&away)), 6);
        let mut closed = server(Some(Os::V2022));
        closed.directory.restricts_hosts = true;
        assert_eq!(connectivity(&host, "ls-a", Some(&closed)), 5);
        host.reached = vec![Reach { server: "ls-a.corp.example".to_owned(), status: 8 }];
        assert_eq!(connectivity(&host, "ls-a", Some(&away)), 8);
    }

    #[test]
    fn wmi_answers_arguments_of_another_type() {
        let symbol = |act, given: &[(&str, Given)]| {
            let given: Vec<_> =
                given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            change(of(Act::Host(act)).unwrap(), &given)
                .err()
                .map_or("", |refusal| refusal.code.symbol)
        };
        let mode = |value| symbol(HostAct::ChangeMode, &[("LicensingType", value)]);
        assert_eq!(mode(Given::Number(4)), "");
        assert_eq!(mode(Given::Number(-1)), "WBEM_E_VALUE_OUT_OF_RANGE");
        assert_eq!(mode(Given::Null), "WBEM_E_ILLEGAL_NULL");
        assert_eq!(mode(Given::Text("4".to_owned())), "WBEM_E_TYPE_MISMATCH");
        assert_eq!(symbol(HostAct::ChangeMode, &[]), "WBEM_E_INVALID_METHOD_PARAMETERS");
        let extra = [("Foo", Given::Null)];
        assert_eq!(symbol(HostAct::EmptyServers, &extra), "WBEM_E_INVALID_METHOD_PARAMETERS");
        let list = [("SpecifiedLSList", Given::Texts(vec!["ls-a".to_owned()]))];
        assert_eq!(symbol(HostAct::SetServers, &list), "");
    }
}
