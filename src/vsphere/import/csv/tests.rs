//! Tables as PowerCLI, RVTools, the vSphere Client and the portal write them.

use super::{amount, read};
use crate::vsphere::import::record::{AssignmentSaid, LicenseSaid, Part, Said, Which};
use crate::vsphere::import::testing::{all_of, records_of};
use crate::vsphere::import::{DayOrder, Options};
use crate::vsphere::model::value::{AnyValue, find};

const KEY: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";

fn one(text: &str) -> LicenseSaid {
    let (found, notes) = records_of(read, text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    let [Said::License(said)] = found.as_slice() else { panic!("{found:?}") };
    (**said).clone()
}

fn assigned(text: &str) -> Vec<AssignmentSaid> {
    let (found, notes) = records_of(read, text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    found
        .into_iter()
        .map(|said| match said {
            Said::Assignment(held) => *held,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn export_csv_of_both_powershells_is_read_and_its_lists_are_not_taken() {
    let rows = format!(
        "LicenseKey,EditionKey,Name,Total,Used,CostUnit,Properties,Labels\n{KEY},e,\"n, m\",10,4,cpuPackage:32core,VMware.Vim.KeyAnyValue[],VMware.Vim.KeyValue[]\n"
    );
    for text in [
        rows.clone(),
        format!("#TYPE VMware.Vim.LicenseManagerLicenseInfo\r\n{}", rows.replace('\n', "\r\n")),
    ] {
        let said = one(&text);
        assert_eq!(
            (said.info.name.as_str(), said.info.total, said.info.used),
            ("n, m", 10, Some(4))
        );
        assert!(said.info.labels.is_empty() && said.lacks.has(Part::Labels));
        assert!(!said.lacks.has(Part::EditionKey));
    }
}

#[test]
fn a_table_with_semicolons_is_read_by_its_titles() {
    let said =
        one(&format!("Name;Key;Cost Unit;Total;Used\nvSphere 8 Standard;{KEY};cpuPackage;8;2\n"));
    assert_eq!((said.info.cost_unit.as_str(), said.info.total), ("cpuPackage", 8));
    assert!(said.lacks.has(Part::EditionKey));
}

#[test]
fn the_sheet_of_rvtools_names_its_vcenter_and_keeps_its_note() {
    let text = format!(
        "Name,Key,Labels,Cost Unit,Total,Used,Expiration Date,Features,VI SDK Server,VI SDK UUID\nn,{KEY},bought 2026,cpuPackage,8,2,31-12-2027,\"vSphere HA, vSphere vMotion\",vc1.corp.local,u1\nEvaluation,00000-00000-00000-00000-00000,,,0,0,Never,,vc1.corp.local,u1\n"
    );
    let (found, _) = all_of(read, &text, &Options::default());
    assert_eq!(found[0].of.uuid.as_deref(), Some("u1"));
    assert_eq!(found[0].of.name.as_deref(), Some("vc1.corp.local"));
    let Said::License(said) = &found[0].said else { panic!() };
    assert_eq!(said.info.labels[0].key, "rvtools.labels");
    assert_eq!(said.info.properties.len(), 3);
    let expires = find(&said.info.properties, "expirationDate").and_then(AnyValue::as_text);
    assert_eq!(expires, Some("2027-12-31T00:00:00Z"));
    let Said::License(evaluation) = &found[1].said else { panic!() };
    assert!(evaluation.info.used.is_none() && evaluation.lacks.has(Part::Used));
}

#[test]
fn an_ambiguous_date_is_complained_of_and_the_row_kept_for_those_who_skip_bad() {
    let text = format!("Name,Key,Total,Used,Expiration Date\nn,{KEY},8,2,03/04/2027\n");
    let (found, notes) = records_of(read, &text);
    assert_eq!(found.len(), 1);
    assert!(notes.complaints.kept[0].message.starts_with("DATE_AMBIGUOUS"));
    let options = Options { order: DayOrder::named("dmy") };
    let (found, notes) = all_of(read, &text, &options);
    assert!(notes.complaints.is_empty());
    assert!(matches!(&found[0].said, Said::License(said) if said.info.properties.len() == 1));
    let (found, notes) = records_of(read, &text.replace("03/04/2027", "soon"));
    assert!(found.is_empty() && notes.complaints.count() == 1);
}

#[test]
fn reports_of_assignments_name_entities_by_id_or_by_name() {
    let [held] = assigned(&format!("EntityDisplayName,Name,LicenseKey,EditionKey,ProductName,ProductVersion,EntityId,Scope\nesx01,vSphere 8,{KEY},e,VMware ESX Server,8.0,host-21,u1\n")).try_into().unwrap();
    assert_eq!((held.entity_id.as_deref(), held.name.as_deref()), (Some("host-21"), Some("esx01")));
    let [held] = assigned("Type,Entity,LicenseName,LicenseUsage,LicenseExpiry,LicenseKeyId\nESXi,esx01,vSphere 8 Standard,4,Never,esx.standard.cpuPackage\n").try_into().unwrap();
    assert_eq!(held.license, Which::Named("vSphere 8 Standard".to_owned()));
}

#[test]
fn hosts_bring_their_processors_and_what_is_assigned_to_them() {
    let text = format!(
        "Host,Datacenter,Cluster,CPU Model,# CPU,Cores per CPU,# Cores,Assigned License(s),ESX Version,Model,Object ID,VI SDK Server,VI SDK UUID\nesx01,DC,prod,Xeon,2,16,32,{KEY},VMware ESXi 8.0.3 build-24022510,R750,host-21,vc1,u1\n"
    );
    let (found, _) = records_of(read, &text);
    let [Said::Host(host)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(host.processors.as_ref().unwrap().packages, [16, 16]);
    assert_eq!(host.version.as_deref(), Some("8.0.3"));
    assert_eq!(host.licenses.as_deref(), Some([KEY.to_owned()].as_slice()));
    let cores = "CLUSTER,VMHOST,NUM_CPU_SOCKETS,NUM_CPU_CORES_PER_SOCKET,FOUNDATION_LICENSE_CORE_COUNT\nprod,esx01,2,24,48\nTotal,-,-,-,48\n";
    let (found, notes) = records_of(read, cores);
    assert!(notes.complaints.is_empty());
    assert!(
        matches!(found.as_slice(), [Said::Host(host)] if host.processors.as_ref().unwrap().packages == [24, 24]),
        "{found:?}"
    );
    let (found, _) = records_of(read, &format!("Name,LicenseKey\nesx01,{KEY}\n"));
    assert!(
        matches!(found.as_slice(), [Said::Host(host)] if host.name.as_deref() == Some("esx01"))
    );
}

#[test]
fn of_a_usage_report_the_newest_snapshot_counts_and_the_signature_does_not() {
    let text = format!(
        "License Key,Product Edition,Cost Unit,License Key Expiration Date,Asset ID,Usage,Capacity,vCenter Servers,Timestamp\n{KEY},n,cpuPackage,Never,host-21,2,10,vc1,2026-01-02T00:00:00Z\n{KEY},n,cpuPackage,Never,host-21,4,10,vc1,2026-01-03T00:00:00Z\n{KEY},n,cpuPackage,Never,host-22,1,10,vc1,2026-01-01T00:00:00Z\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\nqFZxZmb2\n"
    );
    let held = assigned(&text);
    assert_eq!(held.len(), 2);
    let costs: Vec<Option<i64>> = held
        .iter()
        .map(|held| crate::vsphere::rules::info::reported_cost(&held.properties))
        .collect();
    assert_eq!(costs, [Some(4), Some(1)]);
}

#[test]
fn what_was_bought_teaches_the_catalogue() {
    let text = format!(
        "Account Name,Account Number,Product,License Key,Quantity,Notes,Support Level,License Coverage End Date,Order Number\nC,1,VMware vSphere 8 Standard,{KEY},12,,Production,2027-12-31,4711\n"
    );
    let (found, notes) = records_of(read, &text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    let [Said::Catalogue(file)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (file.keys[0].total, file.keys[0].name.as_deref()),
        (12, Some("VMware vSphere 8 Standard"))
    );
}

#[test]
fn amounts_stand_in_the_words_of_the_client() {
    assert_eq!(amount("4 CPUs (up to 32 cores)"), Ok((4, Some("cpuPackage:32core".to_owned()))));
    assert_eq!(amount("1 Instances"), Ok((1, Some("server".to_owned()))));
    assert_eq!(amount("8 CPUs"), Ok((8, Some("cpuPackage".to_owned()))));
    assert_eq!(amount("Unlimited"), Ok((0, None)));
    assert_eq!(amount("2147483648"), Err("exceeds int32"));
    for wrong in ["", "x", "4x", "-1"] {
        assert!(amount(wrong).is_err(), "{wrong}");
    }
}
