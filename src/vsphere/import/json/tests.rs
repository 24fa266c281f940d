//! JSON as govc, PowerCLI, pyvmomi and VI/JSON write it.

use super::{GOVC, POWERCLI, PYVMOMI, VIJSON, asset, read};
use crate::api::Source;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::vsphere::import::Options;
use crate::vsphere::import::record::{Part, Said, Which};
use crate::vsphere::import::testing::{all_of, records_of};
use crate::vsphere::model::value::{AnyValue, Width};

const LICENSE: &str = r#"{"licenseKey": "K", "editionKey": "e", "name": "n", "total": 2, "costUnit": "server", "properties": [], "labels": []}"#;

const VIEW: &str = r#"{"Source": null, "SourceAvailable": false, "LicensedEdition": "", "Licenses": [
  {"LicenseKey": "00000-00000-00000-00000-00000", "EditionKey": "eval", "Name": "Product Evaluation", "Total": 0, "Used": null, "CostUnit": "", "Properties": null, "Labels": null},
  {"LicenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1", "EditionKey": "e", "Name": "n", "Total": 2, "Used": 1, "CostUnit": "server",
   "Properties": [{"Key": "expirationDate", "Value": "\/Date(1830211200000)\/", "DynamicType": null},
                  {"Key": "feature", "Value": {"Key": "dvs", "Value": "vSphere Distributed Switch", "DynamicType": null}}], "Labels": []}],
  "LicenseAssignmentManager": {"Type": "LicenseAssignmentManager", "Value": "LicenseAssignmentManager"},
  "Evaluation": {"Properties": [{"Key": "expirationHours", "Value": 10}]}, "MoRef": {"Type": "LicenseManager", "Value": "LicenseManager"},
  "Client": {"ServiceUrl": "https://vc1.corp.local/sdk"}}"#;

fn fit(kind: &Kind, text: &str) -> Fit {
    (kind.sniff)(&Sample { name: "", bytes: text.as_bytes(), text })
}

#[test]
fn both_lists_both_spellings_and_a_collected_property_are_read() {
    let (found, notes) = records_of(read, &format!("[{LICENSE}]"));
    assert!(matches!(found.as_slice(), [Said::License(said)] if said.info.total == 2));
    assert!(notes.complaints.is_empty());
    let old = format!(
        r#"[{{"EntityId": "host-1", "Scope": "u", "AssignedLicense": {LICENSE}, "Properties": null}}]"#
    );
    let (found, _) = all_of(read, &old, &Options::default());
    assert!(matches!(&found[0].said, Said::Assignment(_)));
    assert_eq!(found[0].of.uuid.as_deref(), Some("u"));
    let collected =
        format!(r#"[{{"name": "licenses", "op": "assign", "val": {{"_value": [{LICENSE}]}}}}]"#);
    assert_eq!(records_of(read, &collected).0.len(), 1);
}

#[test]
fn hosts_are_read_as_they_come_in_one_list_or_one_behind_the_other() {
    let info = r#"{"hostSystems": [{"self": {"type": "HostSystem", "value": "host-21"}, "parent": {"type": "ClusterComputeResource", "value": "domain-c28"}, "name": "esx01",
        "summary": {"hardware": {"model": "R750", "numCpuPkgs": 2, "numCpuCores": 32, "numCpuThreads": 64}, "config": {"product": {"version": "8.0.3"}}, "runtime": {"connectionState": "connected"}}}]}"#;
    let (found, _) = records_of(read, info);
    let [Said::Host(host)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(host.processors.as_ref().unwrap().packages, [16, 16]);
    assert_eq!(
        (host.cluster.as_deref(), host.model.as_deref()),
        (Some("domain-c28"), Some("R750"))
    );
    let stream = r#"{"kind":"enter","obj":{"type":"HostSystem","value":"host-21"},"changeSet":[{"name":"name","op":"assign","val":"esx01"},{"name":"summary.hardware.numCpuPkgs","op":"assign","val":2}]}
{"kind":"enter","obj":{"type":"HostSystem","value":"host-22"},"changeSet":[{"name":"name","op":"assign","val":"esx02"}]}"#;
    let (found, _) = records_of(read, stream);
    assert!(matches!(&found[1], Said::Host(host) if host.name.as_deref() == Some("esx02")));
    let (found, _) = records_of(read, r#"["HostSystem:host-21", "/DC0/host/C1/esx01"]"#);
    assert!(matches!(&found[1], Said::Host(host) if host.name.as_deref() == Some("esx01")));
}

#[test]
fn what_govc_tells_of_the_instance_names_it() {
    let text = r#"{"about": {"name": "VMware vCenter Server", "version": "8.0.3", "apiType": "VirtualCenter", "instanceUuid": "u1", "licenseProductName": "x"}}"#;
    let (found, _) = all_of(read, text, &Options::default());
    assert!(
        matches!(&found[0].said, Said::About(about) if about.version.as_deref() == Some("8.0.3"))
    );
    assert_eq!(found[0].of.uuid.as_deref(), Some("u1"));
    assert_eq!(fit(&GOVC, text), Fit::Yes(7));
}

#[test]
fn what_powershell_writes_is_read_with_its_instants_and_its_nulls() {
    let (found, notes) = records_of(read, VIEW);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    let [Said::License(evaluation), Said::License(one), Said::Evaluation(left)] = found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(evaluation.info.used, None);
    let values: Vec<&AnyValue> = one.info.properties.iter().map(|held| &held.value).collect();
    assert_eq!(*values[0], AnyValue::Instant("2027-12-31T00:00:00Z".to_owned()));
    assert!(matches!(values[1], AnyValue::Pair(pair) if pair.key == "dvs"));
    assert_eq!(left.properties[0].value, AnyValue::Whole(Width::Long, 10));
    assert_eq!(fit(&POWERCLI, VIEW), Fit::Yes(7));
}

#[test]
fn several_views_that_nothing_tells_apart_are_wrong_usage() {
    let text = format!("[{VIEW}, {}]", VIEW.replace("vc1.", "vc2."));
    let mut input = text.as_bytes();
    let answer =
        read(Source::Text(&mut input), &Options::default(), &mut Notes::default(), &mut |_, _| {
            Ok(())
        });
    let Err(crate::error::Stop::Usage(usage)) = answer else { panic!("{answer:?}") };
    assert!(usage.message.contains("vc1.corp.local") && usage.message.contains("vc2.corp.local"));
}

#[test]
fn lists_that_powershell_cut_off_are_not_taken_for_empty_ones() {
    let text = r#"[{"LicenseKey": "K", "EditionKey": "e", "Name": "n", "Total": 2, "Used": 1, "CostUnit": "server", "Properties": "VMware.Vim.KeyAnyValue VMware.Vim.KeyAnyValue", "Labels": ""}]"#;
    let (found, notes) = records_of(read, text);
    let [Said::License(said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.lacks.has(Part::Properties) && said.lacks.has(Part::Labels));
    assert_eq!(said.info.total, 2);
    assert_eq!(notes.warnings[0].code, "JSON_TRUNCATED");
}

#[test]
fn what_pyvmomi_adds_to_its_objects_is_no_part_of_them() {
    let text = r#"[{"_vimtype": "vim.LicenseManager.LicenseInfo", "dynamicType": null, "dynamicProperty": [], "licenseKey": "K", "editionKey": "e", "name": "n", "total": 2, "used": null, "costUnit": "server",
        "properties": [{"_vimtype": "vmodl.KeyAnyValue", "dynamicType": null, "dynamicProperty": [], "key": "feature", "value": {"_vimtype": "vim.KeyValue", "dynamicType": null, "dynamicProperty": [], "key": "dvs", "value": "D"}}], "labels": []}]"#;
    let (found, _) = records_of(read, text);
    let [Said::License(said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(matches!(&said.info.properties[0].value, AnyValue::Pair(pair) if pair.key == "dvs"));
    assert_eq!((fit(&PYVMOMI, text), fit(&GOVC, text)), (Fit::Yes(7), Fit::No));
}

#[test]
fn typed_answers_keep_every_type() {
    let text = r#"[{"_typeName": "LicenseManagerLicenseInfo", "licenseKey": "K", "editionKey": "e", "name": "n", "total": 2, "costUnit": "server",
        "properties": [{"_typeName": "KeyAnyValue", "key": "x", "value": {"_typeName": "short", "_value": 7}}]}]"#;
    let (found, _) = records_of(read, text);
    assert!(
        matches!(&found[0], Said::License(said) if said.info.properties[0].value == AnyValue::Whole(Width::Short, 7))
    );
    assert_eq!((fit(&VIJSON, text), fit(&GOVC, text)), (Fit::Yes(7), Fit::No));
    let evaluation = r#"{"_typeName": "LicenseManagerEvaluationInfo", "properties": [{"_typeName": "KeyAnyValue", "key": "expirationHours", "value": {"_typeName": "long", "_value": 9}}]}"#;
    assert!(
        matches!(&records_of(read, evaluation).0[0], Said::Evaluation(info) if info.properties.len() == 1)
    );
    assert_eq!(fit(&VIJSON, evaluation), Fit::Yes(7));
}

#[test]
fn an_empty_result_is_null_or_an_empty_list() {
    for text in ["null", "[]"] {
        let (found, notes) = records_of(read, text);
        assert!(found.is_empty() && notes.complaints.is_empty());
        assert_eq!(notes.warnings[0].code, "EMPTY_ARTEFACT");
    }
}

#[test]
fn what_does_not_fit_is_complained_of_with_its_line() {
    for text in ["{}", "[1]", "[{\"licenseKey\": \"K\"", r#"[{"licenseKey": 1}]"#] {
        assert_eq!(records_of(read, text).1.complaints.count(), 1, "{text}");
    }
    let (_, notes) = records_of(read, &format!("[\n{}]", LICENSE.replace("2,", "2147483648,")));
    assert_eq!(notes.complaints.kept[0].message, "`total` exceeds int32");
    assert_eq!(notes.complaints.kept[0].place.to_string(), "line 2");
}

#[test]
fn a_file_cut_anywhere_is_complained_of() {
    let whole = format!("[{LICENSE}, {LICENSE}]");
    for end in 1..whole.len() {
        let (_, notes) = records_of(read, &whole[..end]);
        assert!(!notes.complaints.is_empty(), "{end}");
    }
}

#[test]
fn an_asset_uri_holds_the_entity_and_its_vcenter() {
    let uuid = "11111111-2222-3333-4444-555555555555";
    let (id, of) = asset(&format!("urn:vri:com.vmware.license.asset:host-6011-{uuid}"), None);
    assert_eq!((id.as_str(), of.uuid.as_deref()), ("host-6011", Some(uuid)));
    let (id, of) = asset("host-1", Some(""));
    assert!(id == "host-1" && of.is_empty());
}

#[test]
fn other_json_is_none_of_these() {
    for text in [
        r#"[{"id": 1}]"#,
        r#"{"catalogueVersion": 1, "keys": [{"licenseKey": "K", "editionKey": "e"}]}"#,
        r#"{"a": null}"#,
    ] {
        for kind in [&GOVC, &VIJSON, &POWERCLI, &PYVMOMI] {
            assert_eq!(fit(kind, text), Fit::No, "{text}");
        }
    }
}

#[test]
fn an_empty_list_is_what_govc_prints_of_nothing() {
    for text in ["null", "[]\n"] {
        assert_eq!((fit(&GOVC, text), fit(&VIJSON, text)), (Fit::Yes(1), Fit::No), "{text}");
        let (found, notes) = records_of(read, text);
        assert!(found.is_empty() && notes.complaints.is_empty());
        assert_eq!(notes.warnings[0].code, "EMPTY_ARTEFACT");
    }
}

#[test]
fn an_assignment_of_two_hundred_hosts_repeats_its_license() {
    let one = |at: usize| {
        format!(r#"{{"entityId": "host-{at}", "scope": "u", "assignedLicense": {LICENSE}}}"#)
    };
    let text = format!("[{}]", (0..200).map(one).collect::<Vec<_>>().join(","));
    let (found, _) = records_of(read, &text);
    assert_eq!(found.len(), 200);
    assert!(found.iter().all(
        |said| matches!(said, Said::Assignment(held) if matches!(&held.license, Which::Said(_)))
    ));
}
