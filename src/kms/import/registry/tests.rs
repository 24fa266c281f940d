//! Exports as `reg export` writes them, and what people make of them.

use super::{KIND, Whose, of, read};
use crate::artefact::text::Text;
use crate::artefact::{Fit, Notes, Sample, text};
use crate::error::Place;
use crate::kms::catalog::Profile;
use crate::kms::catalog::registry::{KEY, KEY_V60};
use crate::kms::export::plan::{Form, write};
use crate::kms::import::{Options, Record, Snapshot};
use crate::kms::model::{ActivationType, DomainName, HostName, Minutes, Port};
use crate::kms::rules::plan::{Change, Owner, Setting};
use serde_json::{Value as Json, json};
use uuid::uuid;

const WINDOWS: &str = "55c92734-d682-4d71-983e-d6ec3f16059f";
const DESKTOP: &str = "2de67392-b7a7-462a-b1ca-108dd189f588";

fn said(bytes: &[u8]) -> (Option<Snapshot>, Notes) {
    let (mut found, mut notes) = (None, Notes::default());
    let mut each = |_: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("no snapshot") };
        found = Some(*snapshot);
        Ok(())
    };
    let mut input = Text::new(bytes, text::form(bytes));
    read(&mut input, &Options::default(), &mut notes, &mut each).unwrap();
    (found, notes)
}

fn export(values: &str) -> String {
    format!("Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n{values}\r\n")
}

fn service(values: &str) -> (Snapshot, Vec<&'static str>) {
    let (found, notes) = said(export(values).as_bytes());
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    (found.unwrap(), notes.warnings.iter().map(|warning| warning.code).collect())
}

#[test]
fn each_setting_is_the_property_that_shows_it() {
    let list = "corp.example, 10, 100\0lab.example\0\0";
    let list: Vec<String> =
        list.encode_utf16().flat_map(u16::to_le_bytes).map(|byte| format!("{byte:02x}")).collect();
    let (head, tail) = list.split_at(20);
    let values = format!(
        "\"KeyManagementServiceName\"=\"kms1.corp.example\"\r\n\"KeyManagementServicePort\"=dword:00000698\r\n\
         \"VLRenewalInterval\"=dword:0000000a\r\n\"DisableDnsPublishing\"=dword:00000001\r\n\"EnableKmsLowPriority\"=dword:00000000\r\n\
         \"SkipRearm\"=dword:00000001\r\n\"VLActivationType\"=dword:00000002\r\n\"BackupProductKeyDefault\"=\"AAAAA-BBBBB-CCCCC-DDDDD-EEEEE\"\r\n\
         \"DnsDomainPublishList\"=hex(7):{},\\\r\n  {}\r\n",
        head.join(","),
        tail.join(",")
    );
    let (snapshot, warnings) = service(&values);
    let service = snapshot.service.unwrap();
    assert_eq!(
        Json::Object(service.known),
        json!({
            "KeyManagementServiceMachine": "kms1.corp.example", "KeyManagementServicePort": 1688,
            "VLRenewalInterval": 10, "KeyManagementServiceDnsPublishing": false, "KeyManagementServiceLowPriority": false,
        })
    );
    assert_eq!(
        Json::Object(service.extra),
        json!({
            "SkipRearm": 1, "VLActivationType": 2,
            "DnsDomainPublishList": [
                {"domain": "corp.example", "priority": 10, "weight": 100},
                {"domain": "lab.example", "priority": 0, "weight": 0},
            ],
        })
    );
    assert_eq!(warnings, ["registry-type"]);
    assert!(snapshot.products.is_empty());
}

#[test]
fn overrides_of_products_stand_below_their_application() {
    let key = KEY.to_uppercase();
    let text = format!(
        "Windows Registry Editor Version 5.00\n\n[{key}\\{WINDOWS}\\{DESKTOP}]\n\"KeyManagementServiceName\"=\"kms2\"\n\n\
         [{key}\\{WINDOWS}]\n\"KeyManagementServicePort\"=\"1700\"\n\n[{key}\\Policies]\n\"KeyManagementServiceName\"=\"no\"\n"
    );
    let (snapshot, _) = said(text.as_bytes());
    let snapshot = snapshot.unwrap();
    assert_eq!(
        Json::Object(snapshot.products[0].known.clone()),
        json!({"ID": DESKTOP, "ApplicationID": WINDOWS, "KeyManagementServiceMachine": "kms2"})
    );
    let service = snapshot.service.unwrap();
    assert!(service.known.is_empty());
    assert_eq!(service.extra["applications"][WINDOWS]["KeyManagementServicePort"], 1700);
}

#[test]
fn whose_settings_a_key_holds_is_told_by_its_path() {
    let id = uuid!("55c92734-d682-4d71-983e-d6ec3f16059f");
    for (key, expected) in [
        (KEY.to_owned(), Some(Whose::Machine)),
        (KEY_V60.to_lowercase(), Some(Whose::Machine)),
        (format!("{KEY}\\{WINDOWS}"), Some(Whose::Application(id))),
        (format!("{KEY}\\{WINDOWS}\\{WINDOWS}"), Some(Whose::Product(id, id))),
        (format!("{KEY}\\{WINDOWS}\\{WINDOWS}\\x"), None),
        (format!("{KEY}\\Activation"), None),
        (format!("{KEY}Extra"), None),
        ("HKEY_CURRENT_USER".to_owned(), None),
    ] {
        assert_eq!(of(&key), expected, "{key}");
    }
}

#[test]
fn an_export_is_known_by_its_first_line_in_every_encoding() {
    let text = export("\"KeyManagementServiceName\"=\"kms1\"");
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
    assert!(matches!(fit(&text), Fit::Yes(9)));
    assert!(matches!(fit("Windows Registry Editor Version 5.00\n"), Fit::Yes(5)));
    assert!(matches!(fit("[Strings]\n"), Fit::No));
    let wide: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(said(&wide).0, said(text.as_bytes()).0);
}

#[test]
fn a_file_without_a_setting_is_complained_of_and_so_is_a_value_that_is_none() {
    let (found, notes) =
        said(b"Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER]\n\"a\"=\"b\"\n");
    assert!(found.is_none() && notes.complaints.kept[0].message.contains("no setting"));
    for wrong in [
        "\"VLRenewalInterval\"=dword:zz",
        "\"VLRenewalInterval\"=\"often\"",
        "\"KeyManagementServicePort\"=\"x\"",
        "\"EnableKmsLowPriority\"=\"often\"",
    ] {
        let (found, notes) = said(export(wrong).as_bytes());
        assert!(found.is_none(), "{wrong}");
        assert_eq!(notes.complaints.count(), 1, "{wrong}");
        assert_eq!(notes.complaints.kept[0].place, Place::Line(4));
    }
}

#[test]
fn a_plan_for_the_registry_reads_back_as_what_it_sets() {
    let of = Owner {
        application: uuid!("55c92734-d682-4d71-983e-d6ec3f16059f"),
        id: uuid!("2de67392-b7a7-462a-b1ca-108dd189f588"),
    };
    let settings = [
        (
            Setting::Host { name: HostName::stored("kms1").unwrap(), port: Port::new(1700) },
            json!({"KeyManagementServiceMachine": "kms1", "KeyManagementServicePort": 1700}),
        ),
        (
            Setting::NoHost,
            json!({"KeyManagementServiceMachine": null, "KeyManagementServicePort": 0}),
        ),
        (
            Setting::LookupDomain(DomainName::new("corp.example")),
            json!({"KeyManagementServiceLookupDomain": "corp.example"}),
        ),
        (Setting::ActivationInterval(Minutes::MIN), json!({"VLActivationInterval": 15})),
        (
            Setting::ListeningPort(Port::new(1700)),
            json!({"KeyManagementServiceListeningPort": 1700}),
        ),
        (Setting::ListeningPort(None), json!({"KeyManagementServiceListeningPort": 0})),
        (Setting::DnsPublishing(true), json!({"KeyManagementServiceDnsPublishing": true})),
        (Setting::DnsPublishing(false), json!({"KeyManagementServiceDnsPublishing": false})),
        (Setting::LowPriority(true), json!({"KeyManagementServiceLowPriority": true})),
        (Setting::HostCaching(false), json!({"KeyManagementServiceHostCaching": false})),
    ];
    for (setting, expected) in settings {
        let lines = write(&[Change { of: None, setting }], Profile::V10, Form::Registry).lines;
        let (found, notes) = said((lines.join("\r\n") + "\r\n").as_bytes());
        assert!(notes.warnings.is_empty(), "{lines:?} {:?}", notes.warnings);
        assert_eq!(Json::Object(found.unwrap().service.unwrap().known), expected, "{lines:?}");
    }
    let setting = Setting::ActivationType(Some(ActivationType::Kms));
    let lines = write(&[Change { of: Some(of), setting }], Profile::V10, Form::Registry).lines;
    let product = said((lines.join("\n") + "\n").as_bytes()).0.unwrap().products.remove(0);
    assert_eq!(product.known["VLActivationTypeEnabled"], 2);
}
