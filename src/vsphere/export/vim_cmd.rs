//! The text of `vim-cmd vimsvc/license --show`, as the shell of a host prints it.

use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::AnyValue;
use std::fmt::Write as _;

/// Writes a report of licenses.
#[must_use]
pub fn write(infos: &[LicenseInfo], secrets: bool) -> String {
    let mut out =
        "[200] Sending request for installed licenses...[200] Complete, result is:\n".to_owned();
    for info in infos {
        let _ = writeln!(out, "   serial: {}", one_line(info.license_key.text(secrets)));
        let _ = writeln!(out, "   vmodl key: {}", one_line(&info.edition_key));
        let _ = writeln!(out, "   name: {}", one_line(&info.name));
        let _ = writeln!(out, "   total: {}", info.total);
        let _ = writeln!(out, "   used:  {}", info.used.unwrap_or(0));
        let _ = writeln!(out, "   unit: {}", one_line(&info.cost_unit));
        out.push_str("   Properties:\n");
        for property in &info.properties {
            let _ =
                writeln!(out, "     [{}] = {}", one_line(&property.key), shown(&property.value));
        }
    }
    out.push_str("\n[200] End of report.\n");
    out
}

/// A value as the shell prints it; of most types it cannot.
fn shown(value: &AnyValue) -> String {
    match value {
        AnyValue::Text(text) | AnyValue::Instant(text) | AnyValue::Binary(text) => one_line(text),
        AnyValue::Boolean(flag) => flag.to_string(),
        AnyValue::Whole(_, number) => number.to_string(),
        AnyValue::Real(number, _) => number.to_string(),
        AnyValue::Pair(pair) => format!("{} (\"{}\")", one_line(&pair.key), one_line(&pair.value)),
        _ => "<Not supported type for value: 0x0>".to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::vsphere::import::READERS;
    use crate::vsphere::import::record::Said;
    use crate::vsphere::import::testing::records_of;
    use crate::vsphere::model::license::LicenseInfo;
    use crate::vsphere::model::value::{AnyValue, KeyAnyValue};

    #[test]
    fn what_the_shell_can_print_reads_back_as_it_was() {
        let info = LicenseInfo {
            edition_key: "esx.standard.cpuPackage".to_owned(),
            name: "vSphere 8 Standard".to_owned(),
            total: 10,
            used: Some(4),
            cost_unit: "cpuPackage".to_owned(),
            properties: vec![
                KeyAnyValue::text("ProductName", "VMware ESX Server"),
                KeyAnyValue::long("expirationHours", 1439),
                KeyAnyValue::new(
                    "expirationDate",
                    AnyValue::Instant("2027-12-31T00:00:00Z".to_owned()),
                ),
                KeyAnyValue::pair("feature", "vsmp:0", "Unlimited virtual SMP"),
            ],
            ..LicenseInfo::of_key("AAAAA-AAAAA-AAAAA-AAAAA-AAAA1")
        };
        let text = write(&[info.clone(), info.clone()], true);
        let reader = READERS.iter().find(|reader| reader.kind.name == "vsphere.vim-cmd").unwrap();
        let (found, notes) = records_of(reader.read, &text);
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        assert_eq!(found.len(), 2);
        for said in found {
            assert!(matches!(said, Said::HostView(None, view) if view.info == info));
        }
    }
}
