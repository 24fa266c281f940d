//! Objects of the MDM bridge and of the operating system, as PowerShell writes them.

use crate::artefact::{Fit, Kind, LONGEST, Sample};
use crate::csp::import::testing::{Seen, cut_everywhere, decoded, seen, utf16};
use crate::csp::import::{Options, os, wmi};
use crate::error::Place;
use serde_json::{Value, json};

fn seen_in(bytes: &[u8]) -> Seen {
    let said = seen(|notes, each| wmi::read(&mut decoded(bytes), &Options::default(), notes, each));
    let again = seen(|notes, each| os::read(&mut decoded(bytes), &Options::default(), notes, each));
    assert_eq!(said, again, "both kinds take every class");
    said
}

/// As Windows PowerShell 5.1 shows it.
#[expect(clippy::needless_pass_by_value, reason = "the values are made where they are used")]
fn licensing(computer: Value) -> Value {
    json!({
        "Edition": 48,
        "InstanceID": "WindowsLicensing",
        "LicenseKeyType": "ProductKey",
        "ParentID": "./Vendor/MSFT",
        "Status": 4,
        "PSComputerName": computer,
        "CimClass": {"CimSuperClassName": null, "CimClassProperties": ["Edition", {"OperatingSystemSKU": 9}]},
        "CimInstanceProperties": [{"Name": "Edition", "Value": 48}, "Status = 4"],
        "CimSystemProperties": {"Namespace": "root/cimv2/mdm/dmmap", "ClassName": "MDM_WindowsLicensing"},
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the values are made where they are used")]
fn subscription(id: &str, computer: Value) -> Value {
    json!({
        "InstanceID": id,
        "ParentID": "./Vendor/MSFT/WindowsLicensing/Subscriptions",
        "Name": "Windows Enterprise E3",
        "Status": 1,
        "PSComputerName": computer,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the values are made where they are used")]
fn system(name: &str, computer: Value) -> Value {
    json!({"CSName": name, "Version": "10.0.26100", "OperatingSystemSKU": 4, "BuildNumber": "26100",
        "PSComputerName": computer, "Status": "OK"})
}

#[test]
fn the_bridge_tells_edition_status_and_license_key_type() {
    for parent in ["./Vendor/MSFT", "./Vendor/MSFT/", "./Device/Vendor/MSFT", "./vendor/msft"] {
        let mut object = licensing(json!("PC-01"));
        object["ParentID"] = json!(parent);
        let said = seen_in(object.to_string().as_bytes());
        let facts = said.only();
        assert_eq!(facts.device.as_deref(), Some("PC-01"));
        assert_eq!((facts.edition, facts.status), (Some(48), Some(4)));
        assert_eq!(facts.license_key_type.as_deref(), Some("ProductKey"));
        assert_eq!((facts.smode.status, facts.licensing.status), (None, None), "not in the class");
    }
}

#[test]
fn subscriptions_are_told_by_the_address_they_stand_at() {
    for parent in [
        "./Vendor/MSFT/WindowsLicensing/Subscriptions",
        "./Vendor/MSFT/WindowsLicensing/Subscriptions/",
    ] {
        let mut object = subscription("4e", json!("PC-01"));
        object["ParentID"] = json!(parent);
        let said = seen_in(object.to_string().as_bytes());
        let items: Vec<_> = said.only().subscriptions.items().collect();
        assert_eq!((items[0].id.as_str(), items[0].status), ("4e", Some(1)));
        assert_eq!(items[0].name.as_deref(), Some("Windows Enterprise E3"));
        assert_eq!(said.only().status, None, "the status is the subscription's");
    }
}

#[test]
fn the_operating_system_tells_edition_and_version() {
    let said = seen_in(system("PC-01", json!(null)).to_string().as_bytes());
    let facts = said.only();
    assert_eq!(facts.device.as_deref(), Some("PC-01"));
    assert_eq!(facts.edition, Some(4));
    assert_eq!(facts.os_version.unwrap().to_string(), "10.0.26100.0");
    assert_eq!((facts.status, facts.mode), (None, None));
    let said = seen_in(system("PC-01", json!("pc-01.corp.example")).to_string().as_bytes());
    assert_eq!(said.only().device.as_deref(), Some("pc-01.corp.example"));
    let mut unlicensed = system("PC-01", json!(null));
    unlicensed["OperatingSystemSKU"] = json!(0xABCD_ABCD_u32);
    assert_eq!(seen_in(unlicensed.to_string().as_bytes()).only().edition, Some(0xABCD_ABCD));
}

#[test]
fn objects_of_powershell_5_and_7_in_every_wrapper_and_encoding_are_the_same() {
    let objects = json!([
        licensing(json!("PC-01")),
        subscription("4e", json!("PC-01")),
        system("PC-01", json!("PC-01"))
    ]);
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let wrapped = json!({"value": objects, "Count": 3});
    // Windows PowerShell pads what stands behind a colon.
    let padded = pretty(&objects).replace("\": ", "\":  ");
    let lines = objects.as_array().unwrap().iter().map(ToString::to_string);
    let mut told = Vec::new();
    for text in [
        objects.to_string(),
        pretty(&objects),
        padded,
        wrapped.to_string(),
        pretty(&wrapped),
        lines.collect::<Vec<_>>().join("\n"),
        json!({"a": objects[0], "b": [objects[1], objects[2]]}).to_string(),
        json!([{"PSComputerName": "PC-01", "x": {"value": objects, "Count": 3}}]).to_string(),
    ] {
        for bytes in [text.clone().into_bytes(), utf16(&text)] {
            let said = seen_in(&bytes);
            assert!(said.complaints.is_empty() && said.warnings.is_empty(), "{said:?}");
            told.push(said.devices.into_iter().map(|(_, facts)| facts).collect::<Vec<_>>());
        }
    }
    assert_eq!(told[0].len(), 3);
    told.dedup();
    assert_eq!(told.len(), 1);
}

#[test]
fn a_local_query_in_utf_16_names_no_device() {
    for computer in [json!(null), json!("localhost"), json!("."), json!(""), json!("::1")] {
        let said = seen_in(&utf16(&licensing(computer).to_string()));
        assert_eq!((said.only().device.as_deref(), said.only().edition), (None, Some(48)));
    }
}

#[test]
fn two_objects_that_name_no_device_are_of_two_devices() {
    let text = json!([licensing(json!(null)), licensing(json!(null)), licensing(json!("PC-02"))]);
    let said = seen_in(text.to_string().as_bytes());
    assert_eq!(said.devices.len(), 2);
    assert_eq!(said.complaints.len(), 1);
    assert!(
        said.complaints[0].starts_with("line 1: row 2: a second object of its class"),
        "{said:?}"
    );
    let text = json!([
        licensing(json!(null)),
        subscription("a", json!(null)),
        subscription("b", json!(null))
    ]);
    assert_eq!(seen_in(text.to_string().as_bytes()).devices.len(), 3);
}

#[test]
fn a_computer_that_its_surroundings_name_is_the_objects() {
    let text = json!({"PSComputerName": "PC-07", "Licensing": licensing(json!(null))});
    assert_eq!(seen_in(text.to_string().as_bytes()).only().device.as_deref(), Some("PC-07"));
    let text = json!({"PSComputerName": "PC-07", "Licensing": licensing(json!("PC-08"))});
    assert_eq!(seen_in(text.to_string().as_bytes()).only().device.as_deref(), Some("PC-08"));
}

#[test]
fn what_was_selected_without_keys_is_known_by_its_properties() {
    let text = r#"{"Edition":121,"Status":3,"LicenseKeyType":"ProductKey"}"#;
    assert_eq!(seen_in(text.as_bytes()).only().edition, Some(121));
    let text = r#"{"edition":"121","status":"3","licensekeytype":null}"#;
    let said = seen_in(text.as_bytes());
    assert_eq!((said.only().edition, said.only().status), (Some(121), Some(3)));
    assert_eq!(said.only().license_key_type, None);
}

#[test]
fn an_edition_that_is_none_names_its_row_and_the_others_are_read() {
    let mut rows = vec![licensing(json!("PC-01"))];
    for edition in [json!(-1), json!(4_294_967_295_u32), json!("Pro"), json!(4.5)] {
        let mut row = licensing(json!("PC-02"));
        row["Edition"] = edition;
        rows.push(row);
    }
    let text = rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(",\n");
    let said = seen_in(format!("[\n{text}]").as_bytes());
    assert_eq!(said.devices.len(), 1);
    let allowed = "allowed is the number of an edition, 0 to 2147483647";
    assert_eq!(
        said.complaints,
        [
            format!("line 3: row 2: `Edition` is `-1`; {allowed}"),
            format!("line 4: row 3: `Edition` is `4294967295`; {allowed}"),
            "line 5: row 4: `Edition` is `Pro`; allowed is a whole number".to_owned(),
            "line 6: row 5: `Edition` is `4.5`; allowed is a whole number".to_owned(),
        ]
    );
}

#[test]
fn values_that_no_type_can_hold_are_refused() {
    for (name, value) in [
        ("Status", json!(2_147_483_648_u32)),
        ("Status", json!([1])),
        ("LicenseKeyType", json!(1)),
        ("PSComputerName", json!("a/b")),
    ] {
        let mut row = licensing(json!("PC-01"));
        row[name] = value;
        let said = seen_in(row.to_string().as_bytes());
        assert_eq!((said.devices.len(), said.complaints.len()), (0, 1), "{name}");
    }
    let mut row = system("PC-01", json!(null));
    (row["Version"], row["CSName"]) = (json!("11"), json!("x".repeat(64)));
    assert_eq!(seen_in(row.to_string().as_bytes()).complaints.len(), 2);
    for id in [json!(""), json!("a/b")] {
        let mut row = subscription("x", json!("PC-01"));
        row["InstanceID"] = id;
        assert_eq!(seen_in(row.to_string().as_bytes()).complaints.len(), 1);
    }
}

#[test]
fn objects_of_other_classes_of_the_bridge_are_skipped_and_strangers_refused() {
    let other = json!({"InstanceID": "Policy", "ParentID": "./Vendor/MSFT"});
    let text = format!("[{},{other},\n{{\"a\":{{\"b\":[1]}}}}]", licensing(json!("PC-01")));
    let said = seen_in(text.as_bytes());
    assert_eq!((said.devices.len(), said.skipped.len()), (1, 1));
    assert_eq!(said.skipped[0].0, Place::Line(1));
    assert_eq!(said.complaints.len(), 1);
    assert!(said.complaints[0].starts_with("line 2: row 3: the object is of no class"), "{said:?}");
}

#[test]
fn no_product_key_comes_through() {
    let key = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
    for name in ["Edition", "Status", "LicenseKeyType", "PSComputerName", "InstanceID", "ParentID"]
    {
        let mut row = licensing(json!("PC-01"));
        row[name] = json!(key);
        let mut item = subscription("4e", json!("PC-01"));
        item[name] = json!(key);
        let said = seen_in(json!([row, item]).to_string().as_bytes());
        assert!(!format!("{said:?}").contains("BBBBB"), "{said:?}");
    }
}

#[test]
fn files_that_are_cut_hold_no_object_that_was_not_written() {
    let objects = [
        licensing(json!("PC-01")),
        subscription("4e", json!("PC-01")),
        system("PC-02", json!(null)),
    ];
    for text in [json!(objects).to_string(), json!({"value": objects, "Count": 3}).to_string()] {
        cut_everywhere(text.as_bytes(), &|part, notes, each| {
            wmi::read(&mut decoded(part), &Options::default(), notes, each)
        });
    }
}

#[test]
fn hostile_files_are_refused_without_being_held() {
    let deep = format!("{{\"Edition\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("{}1{}", "{\"a\":".repeat(60), "}".repeat(60));
    let long = format!("{{\"OperatingSystemSKU\":\"{}\"}}", "1".repeat(10 * LONGEST));
    for text in [deep, nested, long] {
        let said = seen_in(text.as_bytes());
        assert_eq!((said.devices.len(), said.complaints.len()), (0, 1));
        assert!(said.complaints[0].len() < 500);
    }
}

#[test]
fn objects_are_known_by_their_content_and_none_is_taken_for_the_volume_licensing_classes() {
    let fits = |text: &str| {
        let sample = Sample { name: "x", bytes: text.as_bytes(), text };
        [&wmi::KIND, &os::KIND].map(|kind: &Kind| (kind.sniff)(&sample))
    };
    assert_eq!(fits(&licensing(json!(null)).to_string())[0], Fit::Yes(8));
    assert_eq!(fits(&json!([subscription("x", json!(null))]).to_string())[0], Fit::Yes(8));
    let system = system("PC-01", json!(null)).to_string();
    assert_eq!(fits(&system), [Fit::No, Fit::Yes(7)]);
    // What the two volume licensing classes show, which another domain reads.
    for text in [
        r#"{"ID":"x","ApplicationID":"y","LicenseStatus":1,"Name":"Windows","PSComputerName":"pc"}"#,
        r#"{"ClientMachineID":"x","KeyManagementServiceHostCaching":true,"Version":"10.0.26100"}"#,
        "[]",
        "Edition : 48\nStatus : 4\nLicenseKeyType : x",
    ] {
        assert_eq!(fits(text), [Fit::No, Fit::No], "{text}");
    }
    let both = format!("[{system},{{\"ApplicationID\":\"y\",\"LicenseStatus\":1}}]");
    assert_eq!(fits(&both)[1], Fit::Yes(7), "weaker than the reader that takes such a file");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(text in "\\PC{0,200}|[\\[{](\"(Edition|ParentID|InstanceID|OperatingSystemSKU|value)\":[\\[{\"1,}\\]]{0,6}){0,5}") {
        seen_in(text.as_bytes());
        for kind in [&wmi::KIND, &os::KIND] {
            (kind.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text: &text });
        }
    }
}
