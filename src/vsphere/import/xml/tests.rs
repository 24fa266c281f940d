//! XML: SOAP answers, and objects that govc saved.

use super::{KIND, read};
use crate::artefact::{Fit, Sample};
use crate::vsphere::import::Options;
use crate::vsphere::import::record::{Said, Which};
use crate::vsphere::import::testing::{all_of, records_of};
use crate::vsphere::model::value::{AnyValue, Width};

const LICENSE: &str = "<licenseKey>AAAAA-AAAAA-AAAAA-AAAAA-AAAA1</licenseKey><editionKey>e</editionKey><name>n</name><total>10</total><used>4</used><costUnit>cpuPackage:32core</costUnit><properties><key>feature</key><value xsi:type=\"KeyValue\"><key>dvs</key><value>vSphere Distributed Switch</value></value></properties><properties><key>expirationHours</key><value _XMLSchema-instance:type=\"xsd:long\">1439</value></properties><labels><key>team</key><value>infra</value></labels>";

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )
}

fn licenses(text: &str) -> Vec<crate::vsphere::model::license::LicenseInfo> {
    let (found, notes) = records_of(read, text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    found
        .into_iter()
        .map(|said| match said {
            Said::License(said) => said.info,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn every_document_that_holds_licenses_is_read() {
    let properties = format!(
        "<RetrievePropertiesExResponse xmlns=\"urn:vim25\"><returnval><objects><obj type=\"LicenseManager\">LicenseManager</obj><propSet><name>licenses</name><val xsi:type=\"ArrayOfLicenseManagerLicenseInfo\"><LicenseManagerLicenseInfo>{LICENSE}</LicenseManagerLicenseInfo></val></propSet></objects></returnval></RetrievePropertiesExResponse>"
    );
    let fetched = format!(
        "<FetchResponse xmlns=\"urn:vim25\"><returnval xsi:type=\"ArrayOfLicenseManagerLicenseInfo\"><LicenseManagerLicenseInfo>{LICENSE}</LicenseManagerLicenseInfo></returnval></FetchResponse>"
    );
    let added = format!(
        "<AddLicenseResponse xmlns=\"urn:vim25\"><returnval>{LICENSE}</returnval></AddLicenseResponse>"
    );
    let update = format!(
        "<ObjectUpdate><kind>enter</kind><obj type=\"LicenseManager\">LicenseManager</obj><changeSet><name>licenses</name><op>assign</op><val><LicenseManagerLicenseInfo>{LICENSE}</LicenseManagerLicenseInfo></val></changeSet></ObjectUpdate>"
    );
    for text in [envelope(&properties), envelope(&fetched), envelope(&added), update] {
        let [info] = licenses(&text).try_into().unwrap();
        assert_eq!((info.total, info.used, info.labels.len()), (10, Some(4), 1), "{text}");
        assert_eq!(info.properties[1].value, AnyValue::Whole(Width::Long, 1439));
    }
}

#[test]
fn several_roots_in_a_row_are_read() {
    let one = format!("<LicenseManagerLicenseInfo>{LICENSE}</LicenseManagerLicenseInfo>\n");
    assert_eq!(licenses(&one.repeat(3)).len(), 3);
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "", bytes: text.as_bytes(), text });
    assert_eq!(fit(&one), Fit::Yes(7));
    assert!(matches!(fit("<html><head><title>LicenseManager</title>"), Fit::Near(_)));
    assert_eq!(fit("<html/>"), Fit::No);
}

#[test]
fn assignments_name_their_vcenter() {
    let text = envelope(&format!(
        "<QueryAssignedLicensesResponse xmlns=\"urn:vim25\"><returnval><entityId>host-11</entityId><scope>u1</scope><entityDisplayName>esx01</entityDisplayName><assignedLicense>{LICENSE}</assignedLicense><properties><key>entityCost</key><value xsi:type=\"xsd:int\">2</value></properties></returnval></QueryAssignedLicensesResponse>"
    ));
    let (found, _) = all_of(read, &text, &Options::default());
    assert_eq!(found[0].of.uuid.as_deref(), Some("u1"));
    let Said::Assignment(held) = &found[0].said else { panic!("{found:?}") };
    assert!(matches!(&held.license, Which::Said(said) if said.info.total == 10));
    assert_eq!(held.properties[0].value, AnyValue::Whole(Width::Int, 2));
}

#[test]
fn an_answer_that_holds_no_license_keeps_its_diagnosis() {
    let text = envelope(
        "<AddLicenseResponse xmlns=\"urn:vim25\"><returnval><licenseKey/><editionKey/><name/><total>0</total><costUnit/><properties><key>lc_error</key><value xsi:type=\"xsd:int\">-1</value></properties><properties><key>localizedDiagnostic</key><value xsi:type=\"LocalizableMessage\"><key>k</key><arg><key>diagnostic</key><value xsi:type=\"xsd:string\">unknownError</value></arg><message>m</message></value></properties><properties><key>Localized</key><value xsi:type=\"ArrayOfKeyAnyValue\"/></properties></returnval></AddLicenseResponse>",
    );
    let [info] = licenses(&text).try_into().unwrap();
    assert!(info.license_key.is_empty());
    assert!(matches!(&info.properties[1].value, AnyValue::Message(held) if held.arg.len() == 1));
    assert_eq!(info.properties[2].value, AnyValue::AnyPairs(Vec::new()));
}

#[test]
fn hosts_clusters_and_the_instance_are_read_from_a_saved_inventory() {
    let text = "<ObjectContent><obj type=\"HostSystem\">host-21</obj><propSet><name>name</name><val xsi:type=\"xsd:string\">esx01</val></propSet><propSet><name>parent</name><val type=\"ClusterComputeResource\" xsi:type=\"ManagedObjectReference\">domain-c28</val></propSet><propSet><name>hardware</name><val xsi:type=\"HostHardwareInfo\"><cpuInfo><numCpuPackages>2</numCpuPackages><numCpuCores>4</numCpuCores><numCpuThreads>8</numCpuThreads></cpuInfo><cpuPkg><index>0</index><threadId>0</threadId><threadId>1</threadId><threadId>2</threadId><threadId>3</threadId></cpuPkg><cpuPkg><index>1</index><threadId>4</threadId><threadId>5</threadId><threadId>6</threadId><threadId>7</threadId></cpuPkg></val></propSet><propSet><name>vm</name><val><ManagedObjectReference>vm-1</ManagedObjectReference></val></propSet></ObjectContent><ObjectContent><obj type=\"ClusterComputeResource\">domain-c28</obj><propSet><name>name</name><val>prod</val></propSet></ObjectContent><ObjectContent><obj type=\"ServiceInstance\">ServiceInstance</obj><propSet><name>content</name><val xsi:type=\"ServiceContent\"><about><version>8.0.3</version><apiType>VirtualCenter</apiType><instanceUuid>u1</instanceUuid></about></val></propSet></ObjectContent>";
    let (found, notes) = records_of(read, text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    let [Said::Host(host), Said::Cluster { id, name }, Said::About(about)] = found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(host.processors.as_ref().unwrap().packages, [2, 2]);
    assert_eq!(host.cluster.as_deref(), Some("domain-c28"));
    assert_eq!((id.as_str(), name.as_str()), ("domain-c28", "prod"));
    assert_eq!(about.uuid.as_deref(), Some("u1"));
}

#[test]
fn a_value_of_an_unknown_type_is_kept_as_it_is() {
    let text = format!("<LicenseManagerLicenseInfo>{}</LicenseManagerLicenseInfo>", LICENSE.replace("<labels>", "<properties><key>x</key><value xsi:type=\"FooBar\"><a b=\"1\">t</a></value></properties><labels>"));
    let [info] = licenses(&text).try_into().unwrap();
    assert_eq!(
        info.properties[2].value,
        AnyValue::Opaque("FooBar".to_owned(), "<a b=\"1\">t</a>".to_owned())
    );
}

#[test]
fn what_is_no_xml_or_has_a_document_type_is_refused() {
    let whole = format!("<LicenseManagerLicenseInfo>{LICENSE}</LicenseManagerLicenseInfo>");
    let (_, notes) = records_of(read, &format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{whole}"));
    assert!(!notes.complaints.is_empty());
    for end in 1..whole.len() {
        let (_, notes) = records_of(read, &whole[..end]);
        assert!(!notes.complaints.is_empty(), "{end}");
    }
    for (from, to) in
        [("<total>10", "<total>2147483648"), ("<total>10", "<total>many"), ("1439", "x")]
    {
        let (found, notes) = records_of(read, &whole.replace(from, to));
        assert!(found.is_empty() && notes.complaints.count() == 1, "{to}");
    }
}

#[test]
fn a_key_that_stands_in_the_place_of_a_name_is_not_quoted() {
    for damaged in ["<KEY</licenseKey>", "<DHKEY>", "</KEY>", "<KEY><b></KEY>"] {
        let text = envelope(&LICENSE.replace("<name>", &damaged.replace("KEY", KEY)));
        let (_, notes) = records_of(read, &text);
        let told: Vec<_> =
            notes.complaints.kept.iter().map(|complaint| complaint.message.as_str()).collect();
        assert!(!told.is_empty() && !told.concat().contains(KEY), "{damaged}: {told:?}");
    }
}

const KEY: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";
