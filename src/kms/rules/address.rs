//! How a client is told its host: the methods that set name, port and lookup domain, of the service and of a product alike, and
//! `NAME[:PORT]` as slmgr reads it.

use super::checks::invalid;
use crate::error::{Outcome, Refusal, Usage};
use crate::kms::catalog::Profile;
use crate::kms::model::{DomainName, HostChoice, HostName, Port};

/// `SetKeyManagementServiceMachine`, of the service and of a product. The port stays.
///
/// Refuses with `E_INVALIDARG` when the name is empty, longer than 255 characters, or holds white space or a bare colon.
pub fn set_host(choice: &HostChoice, name: &str) -> Result<HostChoice, Refusal> {
    let host = HostName::new(name).ok_or_else(|| {
        invalid(format!(
            "MachineName is `{name}`; 1 to {} characters without white space, and colons in brackets alone, are allowed",
            HostName::MAX
        ))
    })?;
    Ok(HostChoice { name: Some(host), ..choice.clone() })
}

/// `ClearKeyManagementServiceMachine`, of the service and of a product. The port stays.
#[must_use]
pub fn clear_host(choice: &HostChoice) -> HostChoice {
    HostChoice { name: None, ..choice.clone() }
}

/// `SetKeyManagementServicePort`, of the service and of a product.
///
/// Refuses with `E_INVALIDARG` outside `1..=65535`.
pub fn set_port(choice: &HostChoice, number: u32) -> Result<HostChoice, Refusal> {
    Ok(HostChoice { port: Some(port(number)?), ..choice.clone() })
}

/// `ClearKeyManagementServicePort`, of the service and of a product.
#[must_use]
pub fn clear_port(choice: &HostChoice) -> HostChoice {
    HostChoice { port: None, ..choice.clone() }
}

/// `SetKeyManagementServiceLookupDomain`, of the service and of a product.
///
/// Refuses with `E_INVALIDARG` when the text is no domain name.
pub fn set_lookup_domain(choice: &HostChoice, domain: &str) -> Result<HostChoice, Refusal> {
    let domain = DomainName::new(domain)
        .ok_or_else(|| invalid(format!("LookupDomain is `{domain}`, which is no DNS domain")))?;
    Ok(HostChoice { lookup_domain: Some(domain), ..choice.clone() })
}

/// `ClearKeyManagementServiceLookupDomain`, of the service and of a product.
#[must_use]
pub fn clear_lookup_domain(choice: &HostChoice) -> HostChoice {
    HostChoice { lookup_domain: None, ..choice.clone() }
}

/// A port that a method sets.
pub(super) fn port(number: u32) -> Result<Port, Refusal> {
    Port::new(number)
        .ok_or_else(|| invalid(format!("PortNumber is {number}; 1 to {} are allowed", u16::MAX)))
}

/// What `NAME[:PORT]` asks for, as slmgr reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostText<'t> {
    /// A name without a port takes the port away.
    Name(&'t str),
    NameAndPort(&'t str, &'t str),
    /// `:PORT` leaves the name.
    Port(&'t str),
}

/// Splits `NAME[:PORT]`; what stands in the parts is judged by the methods that take them.
///
/// Usage error for two or more colons outside brackets: slmgr would split an address at its first colon.
///
/// Source: [SLMGR] `/skms`.
pub fn host_text(text: &str) -> Result<HostText<'_>, Usage> {
    let (name, rest) = match text.find(']').filter(|_| text.starts_with('[')) {
        Some(end) => text.split_at_checked(end + 1).unwrap_or((text, "")),
        None => text.find(':').and_then(|at| text.split_at_checked(at)).unwrap_or((text, "")),
    };
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Ok(HostText::Name(name)),
        Some(port) if !port.contains(':') && name.is_empty() => Ok(HostText::Port(port)),
        Some(port) if !port.contains(':') => Ok(HostText::NameAndPort(name, port)),
        _ => Err(Usage::new(format!("`{text}` is neither a name nor an address with a port"))
            .hinted("write an IPv6 address in brackets: `[2001:db8::5]:1688`")),
    }
}

/// A method and its parameters, as text.
pub type PlannedCall<'t> = (&'static str, Vec<(&'static str, &'t str)>);

/// The calls that `client set-host` makes, in their order; all of them or none take effect.
///
/// Machines of Vista and 2008 have no method for the port: there a name alone leaves it.
///
/// Source: [SLMGR] `/skms`; no port clears the port.
pub fn host_calls(text: &str, profile: Profile) -> Outcome<Vec<PlannedCall<'_>>> {
    const NAME: &str = "SetKeyManagementServiceMachine";
    const PORT: &str = "SetKeyManagementServicePort";
    let set_name = |name| (NAME, vec![("MachineName", name)]);
    let set_port = |port| (PORT, vec![("PortNumber", port)]);
    Ok(match host_text(text)? {
        HostText::Name(name) if profile == Profile::V60 => vec![set_name(name)],
        HostText::Name(name) => vec![set_name(name), ("ClearKeyManagementServicePort", Vec::new())],
        HostText::NameAndPort(name, port) => vec![set_name(name), set_port(port)],
        HostText::Port(port) => vec![set_port(port)],
    })
}

/// The calls that take the host away again: its name and its port.
///
/// Machines of Vista and 2008 have no method for the port.
#[must_use]
pub fn clearing_calls<'t>(profile: Profile) -> Vec<PlannedCall<'t>> {
    let name = ("ClearKeyManagementServiceMachine", Vec::new());
    let port = ("ClearKeyManagementServicePort", Vec::new());
    if profile == Profile::V60 { vec![name] } else { vec![name, port] }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        V10, answer, call, context, desktop, machine, service_of, start, value,
    };
    use super::*;
    use crate::kms::model::{PropertyValue, State};

    /// What `client set-host TEXT` does to a V10 machine.
    fn set(state: &State, text: &str) -> Outcome<State> {
        let mut state = state.clone();
        for (method, given) in host_calls(text, Profile::V10)? {
            state = call(&state, method, &given, &context(start()))?.state;
        }
        Ok(state)
    }

    /// Name and port, 0 when there is none.
    fn held(state: &State) -> (&str, u32) {
        let host = &state.machine.service.host;
        let name = host.name.as_ref().map_or("", |name| name.as_str());
        (name, host.port.map_or(0, crate::kms::model::address::Port::number))
    }

    #[test]
    fn a_name_without_a_port_clears_the_port_and_a_port_alone_leaves_the_name() {
        let mut state = machine(1, "pc1", V10);
        for (text, name, port) in [
            ("kms1:1700", "kms1", 1700),
            ("kms2", "kms2", 0),
            (":1701", "kms2", 1701),
            ("[2001:db8::5]:1688", "2001:db8::5", 1688),
            ("[2001:db8::6]", "2001:db8::6", 0),
        ] {
            state = set(&state, text).unwrap();
            assert_eq!(held(&state), (name, port), "{text}");
        }
        assert_eq!(state.machine.service.host.name.unwrap().bracketed(), "[2001:db8::6]");
    }

    #[test]
    fn a_text_that_is_no_host_changes_nothing() {
        let state = machine(1, "pc1", V10);
        let long = "a".repeat(256);
        for (text, expected) in [
            ("", "E_INVALIDARG"),
            ("a b", "E_INVALIDARG"),
            (long.as_str(), "E_INVALIDARG"),
            ("kms1:0", "E_INVALIDARG"),
            ("kms1:65536", "E_INVALIDARG"),
            ("kms1:http", "E_INVALIDARG"),
            ("kms1:", "E_INVALIDARG"),
            ("[]:1688", "E_INVALIDARG"),
            ("2001:db8::5", "usage"),
            ("kms1:1688:1688", "usage"),
            ("[::1]x", "usage"),
        ] {
            assert_eq!(answer(&set(&state, text)), expected, "{text}");
        }
    }

    #[test]
    fn a_machine_of_vista_has_no_method_for_the_port() {
        let calls = host_calls("kms1", Profile::V60).unwrap();
        assert_eq!(calls, [("SetKeyManagementServiceMachine", vec![("MachineName", "kms1")])]);
        assert_eq!(host_calls("kms1", Profile::V61).unwrap().len(), 2);
    }

    #[test]
    fn clearing_the_host_twice_is_no_error() {
        let now = context(start());
        let set =
            call(&desktop(1), "SetKeyManagementServiceMachine", &[("MachineName", "kms1")], &now);
        let mut state = set.unwrap().state;
        assert_eq!(
            value(&service_of(&state, start()), "KeyManagementServiceMachine"),
            PropertyValue::Text("kms1".into())
        );
        for _ in 0..2 {
            state = call(&state, "ClearKeyManagementServiceMachine", &[], &now).unwrap().state;
            assert_eq!(
                value(&service_of(&state, start()), "KeyManagementServiceMachine"),
                PropertyValue::Null
            );
        }
    }
}
