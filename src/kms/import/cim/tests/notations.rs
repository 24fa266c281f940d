//! What holds for every notation alike, and what each has of its own.

use super::super::{csv, json, list};
use super::{PRODUCT, READERS, SERVICE, in_every_notation, kind_of, read};
use crate::error::Place;
use serde_json::{Value, json};

#[test]
fn the_same_objects_are_the_same_snapshot_in_every_notation() {
    let members = &SERVICE;
    for (reader, text) in in_every_notation("pc-017", members) {
        let said = read(reader, &text);
        let snapshot = said.only();
        assert_eq!(snapshot.machine.as_deref(), Some("pc-017"));
        let service = snapshot.service.as_ref().unwrap();
        assert_eq!(
            Value::Object(service.known.clone()),
            json!({
                "ClientMachineID": "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11",
                "KeyManagementServiceCurrentCount": 4_294_967_295_u32,
                "KeyManagementServiceHostCaching": true,
                "KeyManagementServiceMachine": "kms01.corp.example",
                "KeyManagementServicePort": 1688,
                "OA3xOriginalProductKey": null,
                "VLActivationInterval": 120,
                "Version": "10.0.22621.2506",
            }),
            "{text}"
        );
        assert_eq!(Value::Object(service.extra.clone()), json!({"NewInLaterBuilds": "x y"}));
        assert!(said.notes.warnings.is_empty());
    }
    for (reader, text) in in_every_notation("pc-017", &PRODUCT) {
        let said = read(reader, &text);
        let products = &said.only().products;
        assert_eq!(products[0].known["TrustedTime"], "2025-03-09T07:05:12Z", "{text}");
        assert_eq!(products[0].known["LicenseStatus"], 1);
        assert!(products[0].extra.is_empty());
    }
}

#[test]
fn each_notation_is_told_from_the_others_and_from_strangers() {
    let notations = in_every_notation("pc-017", &SERVICE).into_iter();
    let products = in_every_notation("pc-017", &PRODUCT).into_iter();
    for (notation, (kind, _)) in notations.chain(products).zip(READERS.iter().cycle()) {
        assert_eq!(kind_of(&notation.1), [kind.name], "{}", notation.1);
    }
    for stranger in [
        "",
        "[]",
        r#"{"Id":12290,"RecordId":5,"MachineName":"kms01","Properties":[{"Value":"0x0"}],"Message":"ClientMachineID ApplicationID"}"#,
        "\"Message\",\"Id\",\"RecordId\",\"TimeCreated\"\n",
        "a : b\nc : d\n",
        "[Strings]\nL_MsgCmid=\"Client Machine ID (CMID): \"\n",
        "Name: Windows(R)\nDescription: x\n",
    ] {
        assert_eq!(kind_of(stranger), [""; 0], "{stranger}");
    }
}

#[test]
fn a_date_in_milliseconds_is_read_as_utc() {
    let text = r#"{"ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","LicenseStatus":1,"TrustedTime":"\/Date(1741503900000)\/"}"#;
    let said = read(json::read, text);
    assert_eq!(said.only().products[0].known["TrustedTime"], "2025-03-09T07:05:00Z");
}

#[test]
fn what_cim_adds_to_every_object_is_ignored() {
    let text = r#"{"CimClass":{"CimSuperClassName":null},"CimInstanceProperties":["Caption"],"CimSystemProperties":{"ServerName":"X"},
        "PSComputerName":null,"__GENUS":2,"__SERVER":"PC-017","Properties":[],"Scope":{},"ClientMachineID":"","Version":"6.1.7601.1"}"#;
    let said = read(json::read, text);
    assert_eq!(said.only().machine.as_deref(), Some("PC-017"));
    let service = said.only().service.as_ref().unwrap();
    assert!(service.extra.is_empty());
    assert_eq!(
        Value::Object(service.known.clone()),
        json!({"ClientMachineID": null, "Version": "6.1.7601.1"})
    );
}

#[test]
fn objects_are_put_together_by_machine() {
    let text = r#"[
        {"PSComputerName":"A","ClientMachineID":"","Version":"1"},
        {"PSComputerName":"b","ClientMachineID":"","Version":"2"},
        {"PSComputerName":"a","ID":"2de67392-b7a7-462a-b1ca-108dd189f588","ApplicationID":"","LicenseStatus":1},
        {"PSComputerName":"a","ID":"3de67392-b7a7-462a-b1ca-108dd189f588","ApplicationID":"","LicenseStatus":0},
        {"PSComputerName":"a","ID":"2de67392-b7a7-462a-b1ca-108dd189f588","ApplicationID":"","LicenseStatus":5},
        {"PSComputerName":"B","ClientMachineID":"","Version":"3"},
        {"PSComputerName":"localhost","ClientMachineID":"","Version":"4"}
    ]"#;
    let said = read(json::read, text);
    let shape = said.snapshots.iter().map(|(place, snapshot)| {
        (*place, snapshot.machine.as_deref(), snapshot.service.is_some(), snapshot.products.len())
    });
    let shape: Vec<_> = shape.collect();
    assert_eq!(
        shape,
        [
            (Place::Line(2), Some("A"), true, 2),
            (Place::Line(3), Some("b"), true, 0),
            (Place::Line(6), Some("a"), false, 1),
            (Place::Line(7), Some("B"), true, 0),
            (Place::Line(8), None, true, 0),
        ]
    );
}

#[test]
fn wrappers_and_hashtables_are_searched_and_lend_their_machine_name() {
    for text in [
        r#"{"value":[{"ClientMachineID":"","PSComputerName":"a"},{"ApplicationID":"","LicenseStatus":1,"PSComputerName":"a"}],"Count":2}"#,
        r#"{"PSComputerName":"a","Service":{"ClientMachineID":""},"Products":[{"ApplicationID":"","LicenseStatus":1}]}"#,
        "{\"PSComputerName\":\"a\",\"ClientMachineID\":\"\"}\n{\"PSComputerName\":\"a\",\"ApplicationID\":\"\",\"LicenseStatus\":1}\n",
    ] {
        let said = read(json::read, text);
        let snapshot = said.only();
        assert_eq!(
            (snapshot.machine.as_deref(), snapshot.products.len()),
            (Some("a"), 1),
            "{text}"
        );
        assert!(snapshot.service.is_some());
    }
}

#[test]
fn an_object_that_mixes_both_classes_gives_both() {
    let text = r#"{"KeyManagementServiceHostCaching":true,"ApplicationID":"","LicenseStatus":1,"VLRenewalInterval":10080,
        "KeyManagementServiceCurrentCount":"N/A","Strange":1}"#;
    let said = read(json::read, text);
    let snapshot = said.only();
    let service = snapshot.service.as_ref().unwrap();
    assert_eq!(service.known["VLRenewalInterval"], 10080);
    assert_eq!(service.known["KeyManagementServiceCurrentCount"], u32::MAX);
    assert_eq!(service.extra["Strange"], 1);
    assert_eq!(snapshot.products[0].known["VLRenewalInterval"], 10080);
    assert_eq!(snapshot.products[0].known["LicenseStatus"], 1);
    assert!(!service.known.contains_key("LicenseStatus"));
}

#[test]
fn an_excel_friendly_table_with_type_line_is_read() {
    let text = "#TYPE Microsoft.Management.Infrastructure.CimInstance\r\n\"ClientMachineID\";\"Version\";\"KeyManagementServiceMachine\"\r\n\
        \"\";\"10.0.1\";\"kms?.corp.example\"\r\n";
    assert_eq!(kind_of(text), ["kms.cim-csv"]);
    let said = read(csv::read, text);
    assert_eq!(said.known("Version"), "10.0.1");
    assert_eq!(said.notes.warnings[0].code, "lossy-encoding");
    assert_eq!(said.notes.warnings[0].place, "line 3");
}

#[test]
fn a_redirected_wmic_list_is_one_service_object_even_with_doubled_lines() {
    let members: Vec<String> =
        SERVICE.iter().map(|(name, value)| format!("{name}={value}")).collect();
    for end in ["\r\r\n", "\r\n\r\n", "\r\n"] {
        let text = format!("{end}{end}{}{end}{end}{end}{}", members.join(end), members.join(end));
        let said = read(list::read_wmic, &text);
        assert_eq!(said.complaints(), []);
        assert_eq!(said.snapshots.len(), 2, "{end:?}");
        assert_eq!(said.snapshots[0].1, said.snapshots[1].1);
        assert_eq!(said.snapshots[0].1.service.as_ref().unwrap().known.len(), 8);
    }
}

#[test]
fn service_and_product_lists_one_behind_the_other_are_two_objects() {
    for by in ["\r\n\r\n", "\r\n\r\n\r\n\r\n"] {
        let service: Vec<String> =
            SERVICE.iter().map(|(name, value)| format!("{name:<33}: {value}")).collect();
        let product: Vec<String> =
            PRODUCT.iter().map(|(name, value)| format!("{name:<33}: {value}")).collect();
        let said =
            read(list::read_format_list, &[service.join("\r\n"), product.join("\r\n")].join(by));
        assert_eq!(
            (said.only().products.len(), said.only().service.as_ref().unwrap().known.len()),
            (1, 8)
        );
    }
}

#[test]
fn wrapped_values_of_format_list_are_joined() {
    let text = "ApplicationID : 55c92734-d682-4d71-983e-d6ec3f16059f\r\n\
                LicenseStatus : 1\r\n\
                ProductKeyURL : https://activation.example/aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\
                \x20               bbbbbbbbbb\r\n\
                \x20               cc?x=y : z\r\n\
                Description   : Windows(R) Operating System,\r\n\
                \x20               VOLUME_KMSCLIENT channel\r\n";
    let said = read(list::read_format_list, text);
    let known = &said.only().products[0].known;
    assert_eq!(
        known["ProductKeyURL"],
        "https://activation.example/aaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbcc?x=y : z"
    );
    assert_eq!(known["Description"], "Windows(R) Operating System, VOLUME_KMSCLIENT channel");
}
