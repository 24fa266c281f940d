//! The table `vsphere` of a policy file: which edition the hosts of a cluster should have. The rest of a policy is left to the gate.
//!
//! Nothing unknown is passed over: a policy that is half understood would let pass what it should stop.

use crate::error::{Complaint, Complaints, Place};
use crate::vsphere::report::status::Rule;
use toml::de::{DeTable, DeValue};

/// The rules of the table `vsphere`; none when there is no such table.
///
/// Complains of what is no TOML, of unknown keys, of values that a key cannot have.
pub fn rules(text: &str) -> Result<Vec<Rule>, Complaints> {
    let mut complaints = Complaints::default();
    let mut complain = |at: usize, message: String| {
        let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let line = u64::try_from(before).unwrap_or_default() + 1;
        complaints.push(Complaint::new(Place::Line(line), message));
    };
    let mut rules = Vec::new();
    match DeTable::parse(text) {
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            complain(
                at,
                format!("no TOML: {}", error.message().lines().collect::<Vec<_>>().join(", ")),
            );
        }
        Ok(table) => match table.get_ref().get("vsphere").map(|held| (held.span(), held.get_ref()))
        {
            None => {}
            Some((_, DeValue::Table(vsphere))) => {
                for (key, value) in vsphere {
                    match (key.get_ref().as_ref(), value.get_ref()) {
                        ("rules", DeValue::Array(entries)) => {
                            for entry in entries {
                                let at = entry.span().start;
                                match entry.get_ref() {
                                    DeValue::Table(entry) => match rule(entry) {
                                        Ok(rule) => rules.push(rule),
                                        Err(wrong) => complain(at, wrong),
                                    },
                                    _ => complain(
                                        at,
                                        "a rule of `vsphere.rules` is no table".to_owned(),
                                    ),
                                }
                            }
                        }
                        ("rules", _) => complain(
                            value.span().start,
                            "`vsphere.rules` is no list of tables".to_owned(),
                        ),
                        (other, _) => complain(
                            key.span().start,
                            format!("`vsphere.{other}` is no key of a policy, allowed is `rules`"),
                        ),
                    }
                }
            }
            Some((span, _)) => complain(span.start, "`vsphere` is no table".to_owned()),
        },
    }
    if complaints.is_empty() { Ok(rules) } else { Err(complaints) }
}

/// Reads one rule; an error is what is wrong with it.
fn rule(entry: &DeTable<'_>) -> Result<Rule, String> {
    let mut rule = Rule::default();
    for (key, value) in entry {
        let name = key.get_ref().as_ref();
        let pattern = value.get_ref().as_str().filter(|pattern| !pattern.is_empty());
        let pattern = pattern.map(str::to_owned).ok_or_else(|| {
            format!("`{name}` of a rule takes a pattern, as `esx.enterprisePlus.*`")
        });
        match name {
            "cluster" => rule.cluster = Some(pattern?),
            "host" => rule.host = Some(pattern?),
            "edition" => rule.edition = pattern?,
            other => {
                return Err(format!(
                    "`{other}` is no key of a rule, allowed are `cluster`, `host` and `edition`"
                ));
            }
        }
    }
    if rule.edition.is_empty() {
        return Err("a rule needs `edition`, as `edition = \"esx.enterprisePlus.*\"`".to_owned());
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::rules;

    fn complaints(text: &str) -> Vec<String> {
        let complaints = rules(text).unwrap_err();
        complaints.kept.iter().map(|wrong| format!("{}: {}", wrong.place, wrong.message)).collect()
    }

    #[test]
    fn rules_stand_in_their_order_and_the_rest_is_left_to_others() {
        let text = "fail-on = \"error\"\n[kms]\nrenewal = 1\n\
            [[vsphere.rules]]\ncluster = \"prod-*\"\nedition = \"esx.enterprisePlus.*\"\n\
            [[vsphere.rules]]\nhost = \"esx0?\"\nedition = \"esx.standard.*\"\n";
        let read = rules(text).unwrap();
        assert_eq!(read[0].cluster.as_deref(), Some("prod-*"));
        assert_eq!(
            (read[1].host.as_deref(), read[1].edition.as_str()),
            (Some("esx0?"), "esx.standard.*")
        );
        assert!(rules("[csp]\nx = 1").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(
            complaints("[[vsphere.rules]]\ncluster = \"a\"\n[[vsphere.rules]]\neditions = \"b\"\n"),
            [
                "line 1: a rule needs `edition`, as `edition = \"esx.enterprisePlus.*\"`",
                "line 3: `editions` is no key of a rule, allowed are `cluster`, `host` and `edition`",
            ]
        );
        assert_eq!(
            complaints("[[vsphere.rules]]\nedition = 1\n"),
            ["line 1: `edition` of a rule takes a pattern, as `esx.enterprisePlus.*`"]
        );
        assert_eq!(complaints("vsphere = 1"), ["line 1: `vsphere` is no table"]);
        assert_eq!(
            complaints("[vsphere]\nrules = 1"),
            ["line 2: `vsphere.rules` is no list of tables"]
        );
        assert_eq!(
            complaints("[vsphere]\nrule = 1"),
            ["line 2: `vsphere.rule` is no key of a policy, allowed is `rules`"]
        );
    }
}
