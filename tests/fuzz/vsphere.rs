//! The readers of vsphere: no message repeats a license key, and what comes out of a reader holds together.

use super::noisy;
use licctl::api::Source;
use licctl::artefact::{Notes, text};
use licctl::vsphere::import::record::Said;
use licctl::vsphere::import::{KINDS, Options, READERS};

const KEY: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";

/// Hands noisy files to the reader of a kind, decoded as they would be.
fn fuzz(kind: &'static str, seed: String) {
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(&seed, bytes);
        let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
        let mut notes = Notes::default();
        let mut decoded = text::Text::new(file.as_slice(), text::form(&file));
        let source = Source::Text(&mut decoded);
        // A reader may refuse; it may not panic.
        let _ = (reader.read)(source, &Options::default(), &mut notes, &mut |_, record| {
            if let Said::Host(host) = record.said
                && let Some(held) = host.processors
            {
                assert!(held.packages.iter().all(|cores| *cores > 0));
            }
            Ok(())
        });
        for complaint in notes.complaints.kept {
            assert!(!complaint.message.contains(KEY), "{}", complaint.message);
        }
        for warning in notes.warnings {
            assert!(!warning.message.contains(KEY), "{}", warning.message);
        }
    });
}

fn license() -> String {
    format!(
        r#"{{"licenseKey":"{KEY}","editionKey":"e","name":"n","total":10,"used":4,"costUnit":"cpuPackage:32core","properties":[{{"key":"feature","value":{{"key":"dvs","value":"D"}}}},{{"key":"expirationHours","value":1439}}],"labels":[{{"key":"a","value":"b"}}]}}"#
    )
}

#[test]
fn govc_json() {
    let license = license();
    fuzz(
        "vsphere.govc-json",
        format!(
            r#"[{license},{{"entityId":"host-1","scope":"u","assignedLicense":{license}}},{{"hostSystems":[{{"name":"a","summary":{{"hardware":{{"numCpuPkgs":2,"numCpuCores":31}}}}}}]}}]"#
        ),
    );
}

#[test]
fn vijson() {
    fuzz(
        "vsphere.vijson",
        format!(
            r#"[{{"_typeName":"LicenseManagerLicenseInfo","licenseKey":"{KEY}","editionKey":"e","name":"n","total":8,"costUnit":"","properties":[{{"_typeName":"KeyAnyValue","key":"x","value":{{"_typeName":"long","_value":1439}}}}]}}]"#
        ),
    );
}

#[test]
fn vcf_operations() {
    fuzz(
        "vsphere.vcf-operations",
        r#"{"assets":[{"assetUri":"urn:vri:com.vmware.license.asset:host-1-11111111-2222-3333-4444-555555555555","assetName":"a","assetStatus":"LICENSED","clusterName":"c","assetCostUnits":[{"costUnitId":"cpuCore:16core","usage":31.5,"defaultCostUnit":true,"licenseExpirationDate":1830211200000}]}]}"#.to_owned(),
    );
}

#[test]
fn powercli_json() {
    fuzz(
        "vsphere.powercli-json",
        format!(
            r#"{{"Licenses":[{{"LicenseKey":"{KEY}","EditionKey":"e","Total":1,"Properties":[{{"Key":"expirationDate","Value":"\/Date(1830211200000)\/"}}]}}],"Client":{{"ServiceUrl":"https://vc1/sdk"}}}}"#
        ),
    );
}

#[test]
fn pyvmomi_json() {
    fuzz(
        "vsphere.pyvmomi-json",
        format!(
            "[{}]",
            license().replacen('{', "{\"_vimtype\":\"vim.LicenseManager.LicenseInfo\",", 1)
        ),
    );
}

#[test]
fn vim25_xml() {
    fuzz(
        "vsphere.xml",
        format!(
            "<ObjectContent><obj type=\"LicenseManager\">LicenseManager</obj><propSet><name>licenses</name><val xsi:type=\"ArrayOfLicenseManagerLicenseInfo\"><LicenseManagerLicenseInfo><licenseKey>{KEY}</licenseKey><total>1</total><properties><key>x</key><value xsi:type=\"xsd:long\">7</value></properties></LicenseManagerLicenseInfo></val></propSet></ObjectContent>"
        ),
    );
}

#[test]
fn govc_trace() {
    fuzz(
        "vsphere.govc-trace",
        format!(
            "HTTP/1.1 200 OK\n\n<?xml version=\"1.0\"?>\n<Envelope><Body><AddLicenseResponse xmlns=\"urn:vim25\"><returnval><licenseKey>{KEY}</licenseKey><total>1</total></returnval></AddLicenseResponse></Body></Envelope>\n"
        ),
    );
}

#[test]
fn govc_table() {
    fuzz(
        "vsphere.govc-table",
        format!(
            "Key:                           Edition:  Used:  Total:\n{KEY}  e         0      1\n"
        ),
    );
}

#[test]
fn vim_cmd() {
    fuzz(
        "vsphere.vim-cmd",
        format!(
            "   serial: {KEY}\n   vmodl key: e\n   total: 1\n   used:  0\n   Properties:\n     [feature] = vsmp:0 (\"Unlimited virtual SMP\")\n"
        ),
    );
}

#[test]
fn csv() {
    fuzz(
        "vsphere.csv",
        format!(
            "Name,Key,Labels,Cost Unit,Total,Used,Expiration Date,Features,VI SDK UUID\nn,{KEY},a=b,cpuPackage,8,2,31/12/2027,x,u1\n"
        ),
    );
}

#[test]
fn pyvmomi() {
    fuzz(
        "vsphere.pyvmomi",
        format!(
            "(vim.LicenseManager.LicenseInfo) {{\n   licenseKey = '{KEY}',\n   total = 10L,\n   used = <unset>,\n   properties = (vmodl.KeyAnyValue) []\n}}\n"
        ),
    );
}

#[test]
fn catalogue() {
    fuzz(
        "vsphere.catalogue",
        format!(
            r#"{{"catalogueVersion":1,"keys":[{{"licenseKey":"{KEY}","editionKey":"e","total":1}}]}}"#
        ),
    );
}

#[test]
fn every_reader_has_a_target() {
    let source = include_str!("vsphere.rs");
    for kind in KINDS {
        assert!(source.contains(&format!("\"{}\"", kind.name)), "{}", kind.name);
    }
}
