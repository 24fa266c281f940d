//! A plan as a `.reg` file: the values below the key of the licensing service. The service must be restarted to see them.

use super::Written;
use crate::kms::catalog::Profile;
use crate::kms::catalog::registry::{Form, VALUES, key};
use crate::kms::model::{ActivationType, Port};
use crate::kms::rules::plan::{Change, Owner, Setting};

/// The first line of every such file.
pub(super) const HEADING: &str = "Windows Registry Editor Version 5.00";

/// What becomes of a value: set to a text or a number, or taken away.
enum Becomes {
    Text(String),
    Number(u32),
    Gone,
}

pub(super) fn write(changes: &[Change], profile: Profile) -> Written {
    let mut lines = vec![HEADING.to_owned()];
    let mut present = None;
    for change in changes {
        if present != Some(change.of) {
            lines.push(String::new());
            lines.push(format!("[{}{}]", key(profile), below(change.of)));
            present = Some(change.of);
        }
        for (property, becomes) in values(&change.setting) {
            lines.extend(line(property, &becomes));
        }
    }
    Written { lines, left: Vec::new() }
}

/// The key of a product, below that of the service.
fn below(of: Option<Owner>) -> String {
    of.map_or_else(String::new, |of| format!("\\{}\\{}", of.application, of.id))
}

/// The line of the value that shows as a property.
fn line(property: &str, becomes: &Becomes) -> Option<String> {
    let row = VALUES.iter().find(|row| row.property == Some(property))?;
    let name = row.field.name;
    Some(match (becomes, row.form) {
        (Becomes::Gone, _) => format!("\"{name}\"=-"),
        (Becomes::Number(number), Form::Number) if row.inverted => {
            format!("\"{name}\"=dword:{:08x}", u32::from(*number == 0))
        }
        (Becomes::Number(number), Form::Number) => format!("\"{name}\"=dword:{number:08x}"),
        (Becomes::Number(number), Form::Text | Form::Lines) => format!("\"{name}\"=\"{number}\""),
        (Becomes::Text(text), _) => {
            format!("\"{name}\"=\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
        }
    })
}

/// The properties that a setting changes, with what becomes of their values. A port is a text in the registry.
fn values(setting: &Setting) -> Vec<(&'static str, Becomes)> {
    const NAME: &str = "KeyManagementServiceMachine";
    const PORT: &str = "KeyManagementServicePort";
    let port =
        |port: Option<Port>| port.map_or(Becomes::Gone, |port| Becomes::Number(port.number()));
    let flag = |property, on: bool| vec![(property, Becomes::Number(u32::from(on)))];
    match setting {
        Setting::Host { name, port: number } => {
            vec![(NAME, Becomes::Text(name.bracketed())), (PORT, port(*number))]
        }
        Setting::HostPort(number) => vec![(PORT, port(Some(*number)))],
        Setting::NoHost => vec![(NAME, Becomes::Gone), (PORT, Becomes::Gone)],
        Setting::LookupDomain(domain) => {
            let becomes = domain.as_ref().map(|domain| Becomes::Text(domain.to_string()));
            vec![("KeyManagementServiceLookupDomain", becomes.unwrap_or(Becomes::Gone))]
        }
        Setting::ActivationInterval(minutes) => {
            vec![("VLActivationInterval", Becomes::Number(minutes.number()))]
        }
        Setting::RenewalInterval(minutes) => {
            vec![("VLRenewalInterval", Becomes::Number(minutes.number()))]
        }
        Setting::ListeningPort(number) => {
            vec![("KeyManagementServiceListeningPort", port(*number))]
        }
        Setting::DnsPublishing(on) => flag("KeyManagementServiceDnsPublishing", *on),
        Setting::LowPriority(low) => flag("KeyManagementServiceLowPriority", *low),
        Setting::HostCaching(on) => flag("KeyManagementServiceHostCaching", *on),
        Setting::ActivationType(kind) => vec![(
            "VLActivationTypeEnabled",
            kind.map_or(Becomes::Gone, |kind| Becomes::Number(ActivationType::number(kind))),
        )],
    }
}
