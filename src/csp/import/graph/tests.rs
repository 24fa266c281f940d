//! Exports of Intune in every shape.

use super::{KIND, read};
use crate::artefact::{Fit, Sample};
use crate::csp::import::facts::Facts;
use crate::csp::import::testing::{Seen, cut_everywhere, decoded, seen, utf16};
use crate::csp::import::{Options, facts};
use crate::csp::model::device::JoinType;
use crate::error::Place;
use serde_json::{Value, json};

fn seen_in(bytes: &[u8]) -> Seen {
    seen(|notes, each| read(&mut decoded(bytes), &Options::default(), notes, each))
}

fn device(name: &str) -> Value {
    json!({
        "id": "2f1c0d5a-0000-4000-8000-000000000001",
        "deviceName": name,
        "azureADDeviceId": "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11",
        "operatingSystem": "Windows",
        "osVersion": "10.0.22631.3447",
        "joinType": "azureADJoined",
        "skuFamily": "Enterprise",
        "skuNumber": 4,
        "lastSyncDateTime": "2025-03-09T07:05:12.3205976Z",
        "deviceActionResults": [{"actionName": "x", "value": [1, 2]}],
        "hardwareInformation": {
            "operatingSystemEdition": "Professional",
            "osBuildNumber": null,
            "deviceLicensingStatus": "deviceLicenseRefreshSucceed",
            "deviceLicensingLastErrorCode": 0,
            "deviceLicensingLastErrorDescription": null,
        },
    })
}

/// What is said of a device of which some members are as given; null takes one away.
#[expect(clippy::needless_pass_by_value, reason = "the values are made where they are used")]
fn with(changes: Value) -> Seen {
    let mut row = device("PC-01");
    for (name, value) in changes.as_object().unwrap() {
        match name.strip_prefix("hardwareInformation.") {
            Some(inner) => row["hardwareInformation"][inner] = value.clone(),
            None => row[name] = value.clone(),
        }
    }
    seen_in(row.to_string().as_bytes())
}

#[test]
fn a_device_is_read_with_its_name_version_edition_join_and_licensing() {
    let said = seen_in(device("PC-01").to_string().as_bytes());
    assert!(said.warnings.is_empty(), "{said:?}");
    let facts = said.only();
    assert_eq!(facts.device.as_deref(), Some("PC-01"));
    assert_eq!(facts.os_version.unwrap().to_string(), "10.0.22631.3447");
    assert_eq!((facts.edition, facts.join), (Some(4), Some(JoinType::Entra)));
    assert_eq!(facts.licensing.status, Some(9));
    assert_eq!(facts.as_of.unwrap().to_string(), "2025-03-09T07:05:12.320Z");
    assert_eq!((facts.status, facts.mode, &facts.license_key_type), (None, None, &None));
}

#[test]
fn every_shape_and_encoding_of_an_export_is_the_same() {
    let (one, two) = (device("PC-01"), device("PC-02"));
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let wrapped = json!({"@odata.context": "https://x/$metadata#deviceManagement/managedDevices",
        "@odata.count": 2, "value": [one, two]});
    let powershell = json!({"value": [one, two], "Count": 2});
    let mut told = Vec::new();
    for text in [
        json!([one, two]).to_string(),
        pretty(&json!([one, two])),
        wrapped.to_string(),
        pretty(&wrapped),
        pretty(&powershell),
        format!("{one}\n{two}\n"),
        json!([{"value": [one]}, {"value": [two]}]).to_string(),
    ] {
        for bytes in
            [text.clone().into_bytes(), utf16(&text), [b"\xEF\xBB\xBF", text.as_bytes()].concat()]
        {
            let said = seen_in(&bytes);
            assert!(said.complaints.is_empty() && said.warnings.is_empty(), "{said:?}");
            told.push(said.devices.into_iter().map(|(_, facts)| facts).collect::<Vec<Facts>>());
        }
    }
    assert_eq!(told[0].len(), 2);
    told.dedup();
    assert_eq!(told.len(), 1);
}

#[test]
fn the_spelling_of_the_powershell_sdk_is_read_too() {
    let text = r#"[{"DeviceName":"PC-01","OSVersion":"10.0.22631.3447","OperatingSystem":"Windows",
        "JoinType":"hybridAzureADJoined","SkuNumber":48,"LastSyncDateTime":"\/Date(1741503912441)\/",
        "HardwareInformation":{"DeviceLicensingStatus":"10","DeviceLicensingLastErrorCode":5}}]"#;
    let said = seen_in(text.as_bytes());
    let facts = said.only();
    assert_eq!((facts.edition, facts.join), (Some(48), Some(JoinType::Hybrid)));
    assert_eq!((facts.licensing.status, facts.licensing.last_error), (Some(10), Some(5)));
    assert_eq!(facts.as_of.unwrap().ms(), 1_741_503_912_441);
}

#[test]
fn devices_of_other_systems_are_skipped_and_counted() {
    let mut rows = vec![device("PC-01")];
    for system in ["iOS", "Android", "macOS", "ChromeOS", "Linux", "iPadOS"] {
        let mut row = device("x");
        row["operatingSystem"] = json!(system);
        // What is skipped is not judged.
        row["skuNumber"] = json!("none");
        row["deviceName"] = json!("a/b");
        rows.push(row);
    }
    let said = seen_in(Value::from(rows).to_string().as_bytes());
    assert_eq!((said.devices.len(), said.skipped.len()), (1, 6));
    assert!(said.complaints.is_empty(), "{said:?}");
    assert_eq!(
        said.skipped[0],
        (Place::Line(1), "operatingSystem `iOS` is not Windows".to_owned())
    );
}

#[test]
fn one_ios_device_alone_is_one_skipped_and_no_complaint() {
    let said = with(json!({"operatingSystem": "iOS", "osVersion": "17.4.1"}));
    assert_eq!((said.skipped.len(), said.devices.len(), said.complaints.len()), (1, 0, 0));
}

#[test]
fn without_a_system_the_version_tells() {
    assert_eq!(with(json!({"operatingSystem": null})).only().edition, Some(4));
    for version in ["17.4.1", "10.0.1", "14", "10.0.9600.1", "11.0.22000.1", ""] {
        let said = with(json!({"operatingSystem": "", "osVersion": version}));
        assert_eq!(said.skipped.len(), 1, "{version}");
    }
}

#[test]
fn join_types_are_those_of_the_directory() {
    for (name, join) in [
        ("azureADJoined", JoinType::Entra),
        ("AzureAdJoined", JoinType::Entra),
        ("hybridAzureADJoined", JoinType::Hybrid),
        ("azureADRegistered", JoinType::EntraRegistered),
        ("unknown", JoinType::None),
    ] {
        assert_eq!(with(json!({"joinType": name})).only().join, Some(join), "{name}");
    }
    assert_eq!(with(json!({"joinType": null})).only().join, None);
    let said = with(json!({"joinType": "unknownFutureValue"}));
    assert_eq!(said.only().join, None);
    assert_eq!(
        said.warnings,
        ["unknown-value `joinType` is `unknownFutureValue`, which is not known"]
    );
}

#[test]
fn the_edition_is_the_sku_or_else_the_name() {
    let edition = |sku: Value, name: Value| {
        with(json!({"skuNumber": sku, "hardwareInformation.operatingSystemEdition": name}))
    };
    assert_eq!(edition(json!(48), json!("Education")).only().edition, Some(48));
    assert_eq!(edition(json!(0), json!("Education")).only().edition, Some(121));
    assert_eq!(edition(json!(-1), json!("education")).only().edition, Some(121));
    assert_eq!(edition(json!(null), json!("ENTERPRISE")).only().edition, Some(4));
    assert_eq!(edition(json!(74), json!("")).only().edition, Some(74), "a number without a name");
    assert_eq!(edition(json!(0), json!(null)).only().edition, None);
    assert_eq!(with(json!({"skuNumber": 0, "hardwareInformation": null})).only().edition, None);
    let said = edition(json!(0), json!("Deluxe"));
    assert_eq!(said.only().edition, None);
    assert_eq!(
        said.warnings,
        ["unknown-value `operatingSystemEdition` is `Deluxe`, which is no EditionID"]
    );
    assert_eq!(
        edition(json!(4_294_967_295_u32), json!(null)).complaints,
        [
            "line 1: row 1: `skuNumber` is `4294967295`; allowed is the number of an edition, 0 to 2147483647"
        ]
    );
}

#[test]
fn a_licensing_status_is_a_name_or_a_number() {
    let status = |value: Value| with(json!({"hardwareInformation.deviceLicensingStatus": value}));
    for (value, number) in [
        (json!("licenseRefreshStarted"), 0),
        (json!("DeviceLicenseRefreshFailed"), 10),
        (json!("verifyingMirosoftAccountIdentity"), 5),
        (json!("verifyingMicrosoftAccountIdentity"), 5),
        (json!("mirosoftAccountVerificationFailed"), 6),
        (json!("unknownFutureValue"), 14),
        (json!(13), 13),
        (json!("13"), 13),
        // Graph writes the number of a member that it has no name for.
        (json!("25"), 25),
        (json!("-2"), -2),
    ] {
        assert_eq!(status(value.clone()).only().licensing.status, Some(number), "{value}");
    }
    let said = status(json!("somethingNew"));
    assert_eq!(said.only().licensing.status, None);
    assert_eq!(
        said.warnings,
        ["unknown-value `deviceLicensingStatus` is `somethingNew`, which is not known"]
    );
    assert_eq!(status(json!(["x"])).complaints.len(), 1);
}

#[test]
fn the_values_that_graph_fills_in_say_nothing() {
    let licensing = |status: Value, code: Value, text: Value| {
        let said = with(json!({
            "hardwareInformation.deviceLicensingStatus": status,
            "hardwareInformation.deviceLicensingLastErrorCode": code,
            "hardwareInformation.deviceLicensingLastErrorDescription": text,
        }));
        said.only().licensing.clone()
    };
    let silent = facts::Licensing::default();
    assert_eq!(licensing(json!("unknown"), json!(0), json!(null)), silent);
    assert_eq!(licensing(json!(-1), json!(0), json!("")), silent);
    assert_eq!(licensing(json!(null), json!(null), json!(null)), silent);
    let failed = licensing(json!("unknown"), json!(2_147_483_647), json!("no"));
    assert_eq!((failed.status, failed.last_error), (Some(-1), Some(i32::MAX)));
    assert_eq!(failed.last_error_description.as_deref(), Some("no"));
}

#[test]
fn a_version_that_is_not_told_is_not_taken_for_one() {
    assert_eq!(with(json!({"osVersion": "0.0.0.0"})).only().os_version, None);
    assert_eq!(with(json!({"osVersion": null})).only().os_version, None);
    let said = with(json!({"osVersion": "Windows 11"}));
    let message =
        "line 1: row 1: `osVersion` is `Windows 11`; allowed is a version, `10.0.26100.1`";
    assert_eq!(said.complaints, [message]);
}

#[test]
fn the_year_one_is_no_time_and_text_is_only_warned_of() {
    let time = |value: &str| with(json!({ "lastSyncDateTime": value }));
    assert_eq!(time("0001-01-01T00:00:00Z").only().as_of, None);
    assert_eq!(time("").only().as_of, None);
    let said = time("yesterday");
    assert_eq!(said.only().as_of, None);
    assert_eq!(said.warnings, ["time-unread `lastSyncDateTime` is `yesterday`, which is no time"]);
}

#[test]
fn a_device_without_a_name_goes_by_its_id() {
    let said = with(json!({"deviceName": ""}));
    let id = "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11";
    assert_eq!(said.only().device.as_deref(), Some(id));
    let said = with(json!({"deviceName": null, "azureADDeviceId": null}));
    assert_eq!(said.complaints, ["line 1: row 1: the device has no `deviceName`"]);
}

#[test]
fn a_bad_row_is_told_with_its_number_and_line_and_the_others_are_read() {
    let mut bad = device("PC-02");
    bad["deviceName"] = json!("a/b");
    bad["skuNumber"] = json!("four");
    let rows = json!([device("PC-01"), bad, device("PC-03")]);
    let said = seen_in(serde_json::to_string_pretty(&rows).unwrap().as_bytes());
    assert_eq!(said.devices.len(), 2);
    let lines = serde_json::to_string_pretty(&rows).unwrap();
    let line_of = |text: &str| 1 + lines.lines().position(|line| line.contains(text)).unwrap();
    let (name, sku) = (line_of("a/b"), line_of("\"four\""));
    assert_eq!(
        said.complaints,
        [
            format!(
                "line {name}: row 2: the device name is `a/b`; allowed are 1 to 63 characters, no `/`"
            ),
            format!("line {sku}: row 2: `skuNumber` is `four`; allowed is a whole number"),
        ]
    );
}

#[test]
fn members_of_any_type_are_read_or_refused() {
    let values =
        [json!(null), json!(1), json!("x"), json!([1]), json!({"a": 1}), json!(true), json!(1.5)];
    for name in super::MEMBERS {
        for value in &values {
            let said = with(json!({ name: value }));
            let handled = said.devices.len() + said.complaints.len() + said.skipped.len();
            assert!(handled > 0, "{name} {value}");
        }
    }
}

#[test]
fn an_export_of_which_pages_are_missing_is_warned_of() {
    let page = json!({"@odata.nextLink": "https://graph.example/next", "value": [device("PC-01")]});
    let said = seen_in(page.to_string().as_bytes());
    assert_eq!(said.only().device.as_deref(), Some("PC-01"));
    assert_eq!(
        said.warnings,
        ["incomplete more pages follow (`@odata.nextLink`) that are not in the file"]
    );
}

#[test]
fn an_export_that_is_cut_holds_no_device_that_was_not_written() {
    let rows = [device("PC-01"), device("PC-02")];
    for text in [json!(rows).to_string(), json!({"@odata.context": "x", "value": rows}).to_string()]
    {
        cut_everywhere(text.as_bytes(), &|part, notes, each| {
            read(&mut decoded(part), &Options::default(), notes, each)
        });
    }
}

#[test]
fn exports_are_known_by_their_content() {
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
    let row = device("PC-01");
    for text in [row.to_string(), json!([row]).to_string(), json!({"value": [row]}).to_string()] {
        assert_eq!(fit(&text), Fit::Yes(8));
    }
    assert_eq!(fit("[{\"DeviceName\":\"x\",\"OSVersion\":\"y\"}]"), Fit::Yes(8));
    assert_eq!(fit("deviceName,osVersion\nx,y\n"), Fit::No);
    let kms = r#"{"ApplicationID":"x","LicenseStatus":1,"PSComputerName":"pc"}"#;
    assert_eq!(fit(kms), Fit::No);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_the_reader_panic(text in "\\PC{0,200}|[\\[{](\"(deviceName|osVersion|value)\":[\\[{\"1,}\\]]{0,6}){0,5}") {
        seen_in(text.as_bytes());
        (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text: &text });
    }
}
