//! The settings of a session host: its mode, and the list of license servers that it asks.

use super::typed::Given;
use crate::catalog::Code;
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{
    WBEM_E_ALREADY_EXISTS, WBEM_E_ILLEGAL_NULL, WBEM_E_INVALID_METHOD_PARAMETERS,
    WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_FOUND, WBEM_E_TYPE_MISMATCH,
    WBEM_E_VALUE_OUT_OF_RANGE,
};
use crate::tslicense::catalog::enumerations::{MODE_PER_DEVICE, MODE_PER_USER};
use crate::tslicense::catalog::methods::{Act, HostAct, WmiMethod};
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::{Host, Layer};
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

#[cfg(test)]
mod tests {
    use super::{Change, apply, change};
    use crate::tslicense::catalog::methods::{Act, HostAct, of};
    use crate::tslicense::model::{Host, Licensing};
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
