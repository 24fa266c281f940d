//! `vsphere_license` resources of Terraform, with the blocks that take over what is there. Assignments cannot be expressed.

use crate::vsphere::model::key::Key;
use crate::vsphere::model::value::KeyValue;
use std::fmt::Write as _;

/// Writes licenses with their labels.
///
/// - `assignments`: how many there are, which the resources cannot carry.
/// - `secrets`: whether keys stand in the file, as far as they are known; else they are variables.
#[must_use]
pub fn write(licenses: &[(&Key, &[KeyValue])], assignments: usize, secrets: bool) -> String {
    let (mut variables, mut resources) = (String::new(), String::new());
    for (number, (key, labels)) in (1..).zip(licenses) {
        let number: u32 = number;
        let value = match key.full().filter(|_| secrets) {
            Some(full) => quoted(full),
            None => {
                let shown = key.shown();
                let _ = write!(
                    variables,
                    "# K{number} is {shown}\nvariable \"K{number}\" {{\n  type      = string\n  sensitive = true\n}}\n\n"
                );
                format!("var.K{number}")
            }
        };
        let _ = write!(
            resources,
            "import {{\n  to = vsphere_license.l{number}\n  id = {value}\n}}\n\nresource \"vsphere_license\" \"l{number}\" {{\n  license_key = {value}\n"
        );
        if !labels.is_empty() {
            resources.push_str("  labels = {\n");
            for label in *labels {
                let _ =
                    writeln!(resources, "    {} = {}", quoted(&label.key), quoted(&label.value));
            }
            resources.push_str("  }\n");
        }
        resources.push_str("}\n\n");
    }
    let mut out = variables + &resources;
    if assignments > 0 {
        let _ = writeln!(
            out,
            "# Not part of this file are assignments ({assignments}): the provider has no resource for them."
        );
    }
    out
}

/// A string of HCL, without templates.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::{quoted, write};
    use crate::vsphere::model::key::Key;
    use crate::vsphere::model::value::KeyValue;

    #[test]
    fn keys_are_variables_unless_they_are_shown_and_assignments_are_told_of() {
        let key = Key::given("AAAAA-AAAAA-AAAAA-AAAAA-AAAA1");
        let labels = [KeyValue::new("team", "infra")];
        let hidden = write(&[(&key, &labels)], 3, false);
        assert!(!hidden.contains("AAAAA-AAAAA-AAAAA"), "{hidden}");
        assert!(
            hidden.contains("license_key = var.K1")
                && hidden.contains("# K1 is *****-*****-*****-AAAAA-AAAA1")
        );
        assert!(hidden.contains("assignments (3)"));
        let open = write(&[(&key, &labels)], 0, true);
        assert!(
            open.contains("license_key = \"AAAAA-AAAAA-AAAAA-AAAAA-AAAA1\"")
                && !open.contains("var.")
        );
        assert!(open.contains("\"team\" = \"infra\""));
    }

    #[test]
    fn a_text_never_leaves_its_quotes_nor_becomes_a_template() {
        assert_eq!(quoted("a\"b\\${x}%{y}\n"), "\"a\\\"b\\\\$${x}%%{y}\\n\"");
    }
}
