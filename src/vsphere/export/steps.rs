//! Steps of a plan as the tools take them that administrators have already: govc in a shell, `PowerCLI`, Ansible.
//!
//! Keys stand as variables unless they are shown in full: the script then says which variable is which key.

use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::value::KeyValue;
use std::fmt::Write as _;

/// Who makes the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Govc,
    Powercli,
    Ansible,
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub enum Step<'s> {
    /// `UpdateAssignedLicense`.
    Assign { entity: &'s Entity, key: &'s Key },
    /// `RemoveLicense`.
    Remove { key: &'s Key },
    /// `AddLicense`, and `UpdateLicenseLabel` for each label.
    Add { key: &'s Key, labels: &'s [KeyValue] },
}

impl<'s> Step<'s> {
    fn key(self) -> &'s Key {
        match self {
            Self::Assign { key, .. } | Self::Remove { key } | Self::Add { key, .. } => key,
        }
    }
}

/// Writes the steps in their order.
///
/// - `secrets`: whether keys stand in the script, as far as they are known.
#[must_use]
pub fn write(tool: Tool, steps: &[Step<'_>], secrets: bool) -> String {
    let mut names = Names { secrets, hidden: Vec::new() };
    let mut body = String::new();
    for step in steps {
        let key = names.of(step.key());
        body.push_str(&match tool {
            Tool::Govc => govc(*step, &key),
            Tool::Powercli => powercli(*step, &key),
            Tool::Ansible => ansible(*step, &key),
        });
    }
    let head = match tool {
        Tool::Govc => names.govc_head(),
        Tool::Powercli => names.powercli_head(),
        Tool::Ansible => names.ansible_head(),
    };
    head + &body
}

/// How a key stands in a script.
enum Word {
    Clear(String),
    Variable(String),
}

/// The variables that stand for keys, in the order of their first use.
struct Names<'s> {
    secrets: bool,
    hidden: Vec<&'s Key>,
}

impl<'s> Names<'s> {
    fn of(&mut self, key: &'s Key) -> Word {
        if let Some(full) = key.full().filter(|_| self.secrets || key.is_evaluation()) {
            return Word::Clear(full.to_owned());
        }
        let place = self.hidden.iter().position(|held| *held == key).unwrap_or_else(|| {
            self.hidden.push(key);
            self.hidden.len() - 1
        });
        Word::Variable(format!("K{}", place + 1))
    }

    /// The variables with what may be seen of their keys.
    fn variables(&self) -> impl Iterator<Item = (String, &str)> {
        (1..).zip(&self.hidden).map(|(number, key): (u32, _)| (format!("K{number}"), key.shown()))
    }

    fn govc_head(&self) -> String {
        let mut text = "#!/bin/sh\nset -eu\n".to_owned();
        for (name, shown) in self.variables() {
            let _ = writeln!(text, "# {name} is {shown}\n: \"${{{name}:?is not set}}\"");
        }
        text
    }

    fn powercli_head(&self) -> String {
        let mut text = String::new();
        let parameters: Vec<String> = self
            .variables()
            .map(|(name, shown)| {
                format!("  # {shown}\n  [Parameter(Mandatory = $true)] [string] ${name}")
            })
            .collect();
        if !parameters.is_empty() {
            let _ = writeln!(text, "param(\n{}\n)", parameters.join(",\n"));
        }
        text + "$ErrorActionPreference = 'Stop'\n$lm = Get-View LicenseManager\n$lam = Get-View $lm.LicenseAssignmentManager\n"
    }

    fn ansible_head(&self) -> String {
        let mut text = "---\n".to_owned();
        for (name, shown) in self.variables() {
            let _ = writeln!(text, "# {name} is {shown}");
        }
        text
    }
}

/// A word that a POSIX shell takes as it is.
fn shell(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A string of `PowerShell`; typographic quotation marks end one too.
fn powershell(text: &str) -> String {
    let doubled = text.chars().flat_map(|letter| {
        let times = if matches!(letter, '\'' | '\u{2018}'..='\u{201b}') { 2 } else { 1 };
        std::iter::repeat_n(letter, times)
    });
    format!("'{}'", doubled.collect::<String>())
}

/// A string of YAML that no template engine looks into.
fn yaml(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    if text.contains("{{") || text.contains("{%") { format!("!unsafe {quoted}") } else { quoted }
}

fn govc(step: Step<'_>, key: &Word) -> String {
    let key = match key {
        Word::Clear(key) => shell(key),
        Word::Variable(name) => format!("\"${name}\""),
    };
    let entity = match step {
        Step::Assign { entity, .. } => entity,
        Step::Remove { .. } => return format!("govc license.remove {key}\n"),
        Step::Add { labels, .. } => {
            let mut text = format!("govc license.add {key}\n");
            for label in labels {
                let (name, value) = (shell(&label.key), shell(&label.value));
                let _ = writeln!(text, "govc license.label.set {key} {name} {value}");
            }
            return text;
        }
    };
    let path = shell(entity.path.as_deref().unwrap_or_else(|| entity.called()));
    match entity.kind {
        EntityKind::Vcenter => format!("govc license.assign {key}\n"),
        EntityKind::Host => format!("govc license.assign -host {path} {key}\n"),
        EntityKind::Cluster => format!("govc license.assign -cluster {path} {key}\n"),
        EntityKind::Solution => format!(
            "# govc cannot name a solution: assign the license of {} in another way\n",
            one_line(entity.called())
        ),
    }
}

fn powercli(step: Step<'_>, key: &Word) -> String {
    let key = match key {
        Word::Clear(key) => powershell(key),
        Word::Variable(name) => format!("${name}"),
    };
    match step {
        Step::Remove { .. } => format!("$lm.RemoveLicense({key})\n"),
        Step::Add { labels, .. } => {
            let mut text = format!("$null = $lm.AddLicense({key}, $null)\n");
            for label in labels {
                let (name, value) = (powershell(&label.key), powershell(&label.value));
                let _ = writeln!(text, "$lm.UpdateLicenseLabel({key}, {name}, {value})");
            }
            text
        }
        Step::Assign { entity, .. } => {
            let id = powershell(&entity.entity_id);
            let name = one_line(entity.called());
            format!("$null = $lam.UpdateAssignedLicense({id}, {key}, $null)  # {name}\n")
        }
    }
}

fn ansible(step: Step<'_>, key: &Word) -> String {
    let (key, told) = match key {
        Word::Clear(key) => (yaml(key), "the license".to_owned()),
        Word::Variable(name) => (format!("\"{{{{ {name} }}}}\""), name.clone()),
    };
    let (name, place, state) = match step {
        Step::Remove { .. } => (format!("remove {told}"), String::new(), "absent"),
        Step::Add { labels, .. } => {
            let lines = labels
                .iter()
                .map(|label| format!("      {}: {}\n", yaml(&label.key), yaml(&label.value)));
            let lines: String = lines.collect();
            let head = if labels.is_empty() { "" } else { "    labels:\n" };
            (format!("add {told}"), format!("{head}{lines}"), "present")
        }
        Step::Assign { entity, .. } => {
            let called = yaml(entity.called());
            let place = match entity.kind {
                EntityKind::Host => format!("    esxi_hostname: {called}\n"),
                EntityKind::Cluster => format!(
                    "    cluster_name: {called}\n    datacenter: \"{{{{ datacenter }}}}\"\n"
                ),
                EntityKind::Vcenter | EntityKind::Solution => String::new(),
            };
            (format!("assign {told} to {}", one_line(entity.called())), place, "present")
        }
    };
    format!(
        "- name: {}\n  community.vmware.vcenter_license:\n    hostname: \"{{{{ vcenter_hostname }}}}\"\n    username: \"{{{{ vcenter_username }}}}\"\n    password: \"{{{{ vcenter_password }}}}\"\n    license: {key}\n{place}    state: {state}\n",
        yaml(&name)
    )
}

/// A name in a comment: never more than one line.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Step, Tool, write};
    use crate::vsphere::catalog::products::EntityKind;
    use crate::vsphere::model::entity::Entity;
    use crate::vsphere::model::key::Key;

    const K1: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";
    const K2: &str = "BBBBB-AAAAA-AAAAA-AAAAA-AAAA2";

    fn host(name: &str) -> Entity {
        let mut host = Entity::new("host-11", EntityKind::Host);
        host.name = Some(name.to_owned());
        host
    }

    #[test]
    fn keys_stand_as_variables_of_which_the_head_tells() {
        let (one, other, host) = (Key::given(K1), Key::given(K2), host("esx01"));
        let steps = [
            Step::Assign { entity: &host, key: &one },
            Step::Assign { entity: &host, key: &one },
            Step::Remove { key: &other },
        ];
        let script = write(Tool::Govc, &steps, false);
        assert!(!script.contains(K1) && !script.contains(K2), "{script}");
        assert!(
            script.contains("# K1 is *****-*****-*****-AAAAA-AAAA1\n: \"${K1:?is not set}\"\n")
        );
        assert!(script.ends_with(
            "govc license.assign -host esx01 \"$K1\"\ngovc license.assign -host esx01 \"$K1\"\ngovc license.remove \"$K2\"\n"
        ));
        for tool in [Tool::Powercli, Tool::Ansible] {
            let script = write(tool, &steps, false);
            assert!(!script.contains("AAAAA-AAAAA-AAAAA"), "{script}");
            assert!(write(tool, &steps, true).contains(K1));
        }
    }

    #[test]
    fn names_never_leave_their_quotes() {
        let key = Key::given(K1);
        let hostile = host("esx'; rm -rf / #\n\u{2019}{{ x }}");
        let steps = [Step::Assign { entity: &hostile, key: &key }];
        let govc = write(Tool::Govc, &steps, false);
        assert!(govc.contains("-host 'esx'\\''; rm -rf / #\n\u{2019}{{ x }}' \"$K1\""), "{govc}");
        let ansible = write(Tool::Ansible, &steps, false);
        assert!(ansible.contains("esxi_hostname: !unsafe \"esx'; rm -rf / #\\n"), "{ansible}");
        let mut quoted = host("n");
        quoted.entity_id = "h'\u{2019}".to_owned();
        let steps = [Step::Assign { entity: &quoted, key: &key }];
        let powercli = write(Tool::Powercli, &steps, false);
        assert!(powercli.contains("('h''\u{2019}\u{2019}', $K1, $null)  # n\n"), "{powercli}");
    }
}
