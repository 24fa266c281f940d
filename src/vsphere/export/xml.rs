//! XML of vim25: several roots as `govc … -xml` prints them, and the files of `govc object.save -l`, which a simulator loads.

use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::EvaluationInfo;
use crate::vsphere::wire::keys;
use crate::vsphere::wire::xml::{self, INSTANCE, Writer};

/// One license as `govc license.ls -xml` prints it.
#[must_use]
pub fn license(info: &LicenseInfo, secrets: bool) -> String {
    let mut out = Writer::default();
    xml::license(&mut out, &format!("LicenseManagerLicenseInfo {INSTANCE}"), info, keys(secrets));
    out.text()
}

/// One assignment as `govc license.assigned.ls -xml` prints it.
#[must_use]
pub fn assignment(held: &LicenseAssignment, secrets: bool) -> String {
    let mut out = Writer::default();
    let head = format!("LicenseAssignmentManagerLicenseAssignment {INSTANCE}");
    xml::assignment(&mut out, &head, held, keys(secrets));
    out.text()
}

/// The LicenseManager with its properties, as an object of a saved inventory.
#[must_use]
pub fn license_manager(
    id: &str,
    licenses: &[LicenseInfo],
    evaluation: &EvaluationInfo,
    assigns: bool,
    secrets: bool,
) -> String {
    let mut out = Writer::default();
    out.element(&format!("ObjectContent {INSTANCE} xmlns=\"urn:vim25\""), |out| {
        out.leaf("obj type=\"LicenseManager\"", id);
        property(out, "sourceAvailable", |out| out.leaf("val xsi:type=\"xsd:boolean\"", "false"));
        property(out, "featureInfo", |out| out.empty("val xsi:type=\"ArrayOfLicenseFeatureInfo\""));
        property(out, "licenses", |out| {
            out.element("val xsi:type=\"ArrayOfLicenseManagerLicenseInfo\"", |out| {
                for info in licenses {
                    xml::license(out, "LicenseManagerLicenseInfo", info, keys(secrets));
                }
            });
        });
        if assigns {
            property(out, "licenseAssignmentManager", |out| {
                let head =
                    "val type=\"LicenseAssignmentManager\" xsi:type=\"ManagedObjectReference\"";
                out.leaf(head, "LicenseAssignmentManager");
            });
        }
        property(out, "evaluation", |out| {
            out.element("val xsi:type=\"LicenseManagerEvaluationInfo\"", |out| {
                xml::properties(out, "properties", &evaluation.properties, keys(secrets));
            });
        });
    });
    out.text()
}

fn property(out: &mut Writer, name: &str, value: impl FnOnce(&mut Writer)) {
    out.element("propSet", |out| {
        out.leaf("name", name);
        value(out);
    });
}

/// The LicenseAssignmentManager, which has no properties.
#[must_use]
pub fn assignment_manager() -> String {
    let mut out = Writer::default();
    out.element(&format!("ObjectContent {INSTANCE} xmlns=\"urn:vim25\""), |out| {
        out.leaf("obj type=\"LicenseAssignmentManager\"", "LicenseAssignmentManager");
    });
    out.text()
}

/// The beginning of the answer of `QueryAssignedLicenses`; [`returned`] and [`ANSWERED`] follow.
#[must_use]
pub fn answer() -> String {
    format!("<QueryAssignedLicensesResponse {INSTANCE} xmlns=\"urn:vim25\">\n")
}

/// One assignment of that answer.
#[must_use]
pub fn returned(held: &LicenseAssignment, secrets: bool) -> String {
    let mut out = Writer::default();
    xml::assignment(&mut out, "returnval", held, keys(secrets));
    out.text()
}

/// The end of that answer.
pub const ANSWERED: &str = "</QueryAssignedLicensesResponse>\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vsphere::import::READERS;
    use crate::vsphere::import::record::{Said, Which};
    use crate::vsphere::import::testing::{every_value, records_of};
    use crate::vsphere::model::value::KeyAnyValue;

    fn read(text: &str) -> Vec<Said> {
        let reader = READERS.iter().find(|reader| reader.kind.name == "vsphere.xml").unwrap();
        let (found, notes) = records_of(reader.read, text);
        assert!(notes.complaints.is_empty(), "{:?}\n{text}", notes.complaints);
        found
    }

    #[test]
    fn licenses_of_several_roots_read_back_as_they_were() {
        let text = license(&every_value(), true).repeat(2);
        let found = read(&text);
        assert_eq!(found.len(), 2);
        assert!(
            matches!(&found[1], Said::License(said) if said.info == every_value()),
            "{found:?}"
        );
    }

    #[test]
    fn a_saved_inventory_reads_back_with_licenses_evaluation_and_assignments() {
        let evaluation =
            EvaluationInfo { properties: vec![KeyAnyValue::long("expirationHours", 1439)] };
        let text = license_manager("LicenseManager", &[every_value()], &evaluation, true, true);
        let found = read(&text);
        assert!(matches!(&found[0], Said::License(said) if said.info == every_value()));
        assert!(matches!(&found[1], Said::Evaluation(info) if *info == evaluation));
        let held = LicenseAssignment {
            entity_id: "host-11".to_owned(),
            scope: Some("u".to_owned()),
            entity_display_name: None,
            assigned_license: every_value(),
            properties: vec![KeyAnyValue::int("entityCost", 2)],
        };
        let found = read(&format!("{}{}{ANSWERED}", answer(), returned(&held, true)));
        let [Said::Assignment(said)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(said.properties, held.properties);
        assert!(matches!(&said.license, Which::Said(said) if said.info == every_value()));
        assert!(read(&assignment_manager()).is_empty());
    }
}
