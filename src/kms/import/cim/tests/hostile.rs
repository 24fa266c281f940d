//! What is refused, and that no product key comes through.

use super::super::{csv, json, list};
use super::{READERS, Reader, SERVICE, in_every_notation, kind_of, read, read_bytes};
use crate::artefact::{LONGEST, Sample};
use crate::error::Place;
use serde_json::Value;

#[test]
fn an_original_product_key_is_null_and_appears_nowhere() {
    let key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
    let mut members = SERVICE;
    members[6].1 = key;
    members[5].1 = key;
    for (reader, text) in in_every_notation("pc-017", &members) {
        let said = read(reader, &text);
        let service = said.only().service.as_ref().unwrap();
        assert_eq!(service.known["OA3xOriginalProductKey"], Value::Null);
        assert!(service.extra.is_empty(), "the unknown property is dropped");
        let codes: Vec<&str> = said.notes.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["redacted", "redacted"]);
        assert!(!format!("{:?}{:?}", said.snapshots, said.notes).contains("BBBBB"));
    }
    let said = read(
        json::read,
        &r#"{"ClientMachineID":"","OA3xOriginalProductKey":"no form at all"}"#.replace('\'', "\""),
    );
    assert_eq!(said.known("OA3xOriginalProductKey"), &Value::Null);
    assert!(!format!("{:?}{:?}", said.snapshots, said.notes).contains("form"));
}

#[test]
fn a_value_of_a_wrong_type_is_complained_of_with_its_line_and_the_others_are_read() {
    let text = "[\n{\n\"ClientMachineID\":\"\",\n\"VLActivationInterval\":\"soon\",\n\"KeyManagementServiceDnsPublishing\":3\n},\n\
        {\"ClientMachineID\":\"\",\"Version\":\"1\"},\n{\"a\":1},\n{\"ClientMachineID\":tru}]";
    let said = read(json::read, text);
    let complaints = said.complaints();
    assert_eq!(complaints.len(), 4);
    assert_eq!(
        complaints[0],
        (
            Place::Line(4),
            "`VLActivationInterval` is `soon`; allowed is a whole number, -1 to 4294967295"
        )
    );
    assert_eq!(
        complaints[1],
        (
            Place::Line(5),
            "`KeyManagementServiceDnsPublishing` is `3`; allowed is `true` or `false`"
        )
    );
    assert_eq!(complaints[2].0, Place::Line(8));
    assert!(complaints[2].1.starts_with("the object is of neither class"));
    assert_eq!(complaints[3], (Place::Line(9), "no valid JSON: expected ident"));
    assert_eq!(said.snapshots.len(), 1);
}

#[test]
fn a_wmic_row_with_a_comma_in_a_value_is_a_bad_record() {
    let text = "\r\r\nNode,ApplicationID,Description,LicenseStatus\r\r\nPC1,,Windows,1\r\r\nPC2,,Windows, KMS,1\r\r\nPC3,,Windows,0\r\r\n";
    assert_eq!(kind_of(text), ["kms.wmic-csv"]);
    let said = read(csv::read, text);
    assert_eq!(
        said.complaints().iter().map(|(_, message)| *message).collect::<Vec<_>>(),
        ["field count 5, header 4"]
    );
    let machines: Vec<_> =
        said.snapshots.iter().map(|(_, snapshot)| snapshot.machine.as_deref()).collect();
    assert_eq!(machines, [Some("PC1"), Some("PC3")]);
}

#[test]
fn a_stray_line_spoils_its_object_only() {
    let text = "ClientMachineID=\nVersion=1\nERROR:\n\n\nClientMachineID=\nVersion=2\n";
    let said = read(list::read_wmic, text);
    assert_eq!(said.complaints(), [(Place::Line(3), "the line is not `Name=Value`")]);
    assert_eq!(said.snapshots.len(), 1);
    assert_eq!(said.snapshots[0].1.service.as_ref().unwrap().known["Version"], "2");
}

#[test]
fn a_file_without_an_object_is_refused() {
    for (_, reader) in READERS {
        for text in ["", "\n\n"] {
            assert_eq!(read(reader, text).notes.complaints.count(), 1);
        }
    }
    assert_eq!(read(json::read, "[]").notes.complaints.count(), 1);
    assert_eq!(read(json::read, "null").notes.complaints.count(), 1);
    assert_eq!(read(csv::read, "a,b\n1,2\n").notes.complaints.count(), 1);
    assert_eq!(read(csv::read, "ApplicationID,LicenseStatus\n").notes.complaints.count(), 1);
}

#[test]
fn a_file_cut_at_any_byte_is_read_or_refused() {
    for (reader, text) in in_every_notation("pc-017", &SERVICE) {
        for cut in 0..text.len() {
            let said = read_bytes(reader, &text.as_bytes()[..cut]);
            let silent = said.snapshots.is_empty() && said.notes.complaints.is_empty();
            assert!(!silent, "cut at {cut}: neither a record nor a complaint");
        }
    }
}

#[test]
fn hostile_files_are_refused_without_being_held() {
    let deep = format!("{{\"ClientMachineID\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{\"ClientMachineID\":[{}1]}}", "1,".repeat(1_100_000));
    for text in [deep, wide] {
        let said = read(json::read, &text);
        assert_eq!((said.snapshots.len(), said.notes.complaints.count()), (0, 1));
    }
    let long = "x".repeat(10 * LONGEST);
    let cases: [(Reader, &str); 3] = [
        (list::read_wmic, "ClientMachineID=\nVersion="),
        (list::read_format_list, "ClientMachineID : \nVersion : "),
        (csv::read, "ClientMachineID,Version\n,"),
    ];
    for (reader, before) in cases {
        let said = read(reader, &format!("{before}{long}\n"));
        let messages = said.complaints();
        assert_eq!((said.snapshots.len(), messages.is_empty()), (0, false));
        assert!(messages.iter().all(|(_, message)| message.len() < 500));
    }
    let names: Vec<String> = (0..2_000).map(|number| format!("p{number}=1")).collect();
    let said = read(list::read_wmic, &format!("ClientMachineID=\n{}", names.join("\n")));
    assert!(said.notes.complaints.count() >= 1);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_product_key_comes_through_wherever_it_stands(
        key in "[A-Z0-9]{5}(-[A-Z0-9]{5}){4}",
        around in "[a-z ]{0,6}",
        at in 0..SERVICE.len(),
        lower in proptest::bool::ANY,
    ) {
        let key = if lower { key.to_lowercase() } else { key };
        let value = format!("{around}{key}{around}");
        let mut members = SERVICE;
        members[at].1 = &value;
        let mut texts = in_every_notation("pc-017", &members);
        texts.extend(in_every_notation(&value, &SERVICE));
        members = SERVICE;
        members[5].0 = &value;
        texts.extend(in_every_notation("pc-017", &members));
        for (reader, text) in texts {
            let said = read(reader, &text);
            let everything = format!("{:?}{:?}", said.snapshots, said.notes);
            proptest::prop_assert!(!everything.contains(&key[6..17]), "{everything}");
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(text in "\\PC{0,200}") {
        for (kind, reader) in READERS {
            read(reader, &text);
            (kind.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text: &text });
        }
    }
}
