//! English outputs: every property, every way in which copies differ, every status.

use super::samples::{CLIENT_DLV, HOST_DLI};
use super::{fit, say, say_bytes};
use crate::artefact::Fit;
use crate::error::Place;
use crate::kms::import::Options;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

#[test]
fn the_output_of_a_host_gives_its_counters_to_the_product_and_to_the_service() {
    let said = say(HOST_DLI);
    let numbers = json!({
        "IsKeyManagementServiceMachine": 1,
        "KeyManagementServiceCurrentCount": 31,
        "KeyManagementServiceTotalRequests": 412,
        "KeyManagementServiceFailedRequests": 3,
        "KeyManagementServiceUnlicensedRequests": 0,
        "KeyManagementServiceLicensedRequests": 355,
        "KeyManagementServiceOOBGraceRequests": 49,
        "KeyManagementServiceOOTGraceRequests": 2,
        "KeyManagementServiceNonGenuineGraceRequests": 0,
        "KeyManagementServiceNotificationRequests": 6,
    });
    let mut product = numbers.as_object().unwrap().clone();
    product.extend(
        json!({
            "Name": "Windows(R), ServerStandard edition",
            "Description": "Windows(R) Operating System, VOLUME_KMS_WS22 channel",
            "PartialProductKey": "ABCDE", "LicenseStatus": 1, "GracePeriodRemaining": 0,
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    let mut service = numbers.as_object().unwrap().clone();
    service.extend(
        json!({
            "KeyManagementServiceListeningPort": 1688,
            "KeyManagementServiceDnsPublishing": true,
            "KeyManagementServiceLowPriority": false,
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    assert_eq!(said.product(), &product);
    assert_eq!(said.service(), &service);
    assert_eq!(said.warnings(), [""; 0]);
    assert_eq!(said.snapshots[0].0, Place::Line(1));
}

#[test]
fn the_output_of_a_client_gives_every_property() {
    let said = say(CLIENT_DLV);
    assert_eq!(
        Value::Object(said.product().clone()),
        json!({
            "Name": "Windows(R), Professional edition",
            "Description": "Windows(R) Operating System, VOLUME_KMSCLIENT channel",
            "ID": "2de67392-b7a7-462a-b1ca-108dd189f588",
            "ApplicationID": "55c92734-d682-4d71-983e-d6ec3f16059f",
            "ProductKeyID": "00000-00000-000-000000-00-0000-00000.0000-0000000",
            "ProductKeyChannel": "Volume:GVLK",
            "OfflineInstallationId": "0".repeat(63),
            "PartialProductKey": "ABCDE",
            "LicenseStatus": 1,
            "GracePeriodRemaining": 250_001,
            "RemainingSkuReArmCount": 1001,
            "TrustedTime": null,
            "VLActivationTypeEnabled": 0,
            "KeyManagementServiceMachine": null,
            "DiscoveredKeyManagementServiceMachineName": "kms01.corp.example",
            "DiscoveredKeyManagementServiceMachinePort": 1688,
            "DiscoveredKeyManagementServiceMachineIpAddress": "192.0.2.10",
            "KeyManagementServiceProductKeyID": "00000-00000-000-000000-00-0000-00000.0000-0000000",
            "VLActivationInterval": 120,
            "VLRenewalInterval": 10080,
        })
    );
    let service = said.service();
    assert_eq!(service["Version"], "10.0.22621.2506");
    assert_eq!(service["ClientMachineID"], "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11");
    assert_eq!(service["KeyManagementServiceHostCaching"], true);
    assert_eq!(service["RemainingWindowsReArmCount"], 1001);
    assert_eq!(service["VLRenewalInterval"], 10080, "mirrored");
    assert_eq!(said.warnings(), ["date-unknown"]);
}

#[test]
fn a_date_is_read_with_the_culture_and_the_zone_of_the_machine() {
    let options = Options {
        culture: Some("en-US".to_owned()),
        zone: Some(TimeZone::UTC),
        ..Options::default()
    };
    let said = say_bytes(CLIENT_DLV.as_bytes(), &options);
    assert_eq!(said.product()["TrustedTime"], "2025-03-09T07:05:12Z");
    assert_eq!(said.warnings(), [""; 0]);
}

#[test]
fn copies_of_an_output_say_the_same_as_the_output() {
    let clean = say(CLIENT_DLV).snapshots[0].1.clone();
    let rule = "---------------------------";
    let each_line = |change: fn(&str) -> String| CLIENT_DLV.lines().map(change).collect::<String>();
    for (what, text) in [
        ("three blanks", CLIENT_DLV.replace("    ", "   ")),
        ("no indent", CLIENT_DLV.replace("    ", "")),
        ("trailing blanks", each_line(|line| format!("{line:<120}\r\n"))),
        ("blank line after every line", each_line(|line| format!("{line}\n\n"))),
        ("all three", each_line(|line| format!("{}  \r\n\r\n", line.replace("    ", "   ")))),
        ("CR CR LF", each_line(|line| format!("{line}\r\r\n"))),
        ("lone CR", each_line(|line| format!("{line}\r"))),
        (
            "banner",
            format!(
                "Microsoft (R) Windows Script Host Version 5.812\nCopyright (C) Microsoft Corporation. All rights reserved.\n\n{CLIENT_DLV}"
            ),
        ),
        (
            "message box",
            format!(
                "{rule}\r\nWindows Script Host\r\n{rule}\r\n{CLIENT_DLV}\r\n{rule}\r\nOK   \r\n{rule}\r\n"
            ),
        ),
        ("prompts", format!("C:\\>cscript //nologo slmgr.vbs /dlv\n{CLIENT_DLV}\nC:\\>")),
    ] {
        let said = say(&text);
        assert_eq!(said.complaints(), [], "{what}");
        assert_eq!(said.snapshots[0].1, clean, "{what}");
    }
}

#[test]
fn what_a_console_of_80_columns_cut_is_joined() {
    let long = "https://activation.example/".to_owned() + &"segment/".repeat(20);
    let text = HOST_DLI
        .replace(
            "Licensed\n\n",
            "Additional grace period (KMS license expired or hardware out of tolerance)\n\n",
        )
        .replace("Partial Product", &format!("Use License URL: {long}\nPartial Product"))
        .replace("tolerance: 2\n", "tolerance: 212\n");
    let cut = text.lines().flat_map(|line| {
        let letters: Vec<char> = line.chars().collect();
        let pieces: Vec<String> = letters.chunks(80).map(|piece| piece.iter().collect()).collect();
        if pieces.is_empty() { vec![String::new()] } else { pieces }
    });
    let cut: Vec<String> = cut.collect();
    let said = say(&cut.join("\r\n"));
    assert_eq!(said.product()["UseLicenseURL"], long);
    assert_eq!(said.product()["LicenseStatus"], 3);
    assert_eq!(said.product()["KeyManagementServiceOOTGraceRequests"], 212);
    assert_eq!(said.only(), say(&text).only());
}

#[test]
fn the_days_behind_the_minutes_depend_on_the_edition_and_do_not_matter() {
    for days in [169, 170] {
        let line = format!("Volume activation expiration: 243720 minute(s) ({days} day(s))");
        let said = say(&format!("Name: Windows(R)\nLicense Status: Licensed\n{line}\n"));
        assert_eq!(said.product()["GracePeriodRemaining"], 243_720);
    }
}

#[test]
fn every_license_status_is_read() {
    for (words, status) in [
        ("Unlicensed", json!(0)),
        ("Licensed", json!(1)),
        ("Initial grace period", json!(2)),
        ("Additional grace period (KMS license expired or hardware out of tolerance)", json!(3)),
        ("Non-genuine grace period.", json!(4)),
        ("Notification", json!(5)),
        ("Extended grace period", json!(6)),
        ("Unknown", json!(null)),
    ] {
        let said = say(&format!("Name: x\nPartial Product Key: ABCDE\nLicense Status: {words}\n"));
        assert_eq!(said.product()["LicenseStatus"], status, "{words}");
    }
    let said = say(
        "Name: x\nThis license is not in use.\nLicense Status: Notification\nNotification Reason: 0xC004F009 (grace time expired).\n",
    );
    assert_eq!(said.product()["LicenseStatusReason"], 0xC004_F009_u32);
    assert_eq!(said.product()["PartialProductKey"], Value::Null);
}

#[test]
fn a_registered_host_is_read_and_its_default_port_is_not_set() {
    let dns = "KMS machine name from DNS: kms01.corp.example:1688";
    for (line, name, port) in [
        (
            "Registered KMS machine name: kms02.corp.example:1688",
            json!("kms02.corp.example"),
            json!(0),
        ),
        (
            "Registered KMS machine name: kms02.corp.example:1700",
            json!("kms02.corp.example"),
            json!(1700),
        ),
        ("Registered KMS machine name: [2001:db8::1]:1700", json!("[2001:db8::1]"), json!(1700)),
    ] {
        let said = say(&CLIENT_DLV.replace(dns, line));
        assert_eq!(said.product()["KeyManagementServiceMachine"], name);
        assert_eq!(said.product()["KeyManagementServicePort"], port);
        assert!(!said.product().contains_key("DiscoveredKeyManagementServiceMachineName"));
    }
    let none = CLIENT_DLV
        .replace(dns, "DNS auto-discovery: KMS name not available")
        .replace("address: 192.0.2.10", "address: not available");
    let said = say(&none);
    assert_eq!(said.product()["DiscoveredKeyManagementServiceMachineName"], Value::Null);
    assert_eq!(said.product()["DiscoveredKeyManagementServiceMachinePort"], 0);
    assert_eq!(said.product()["DiscoveredKeyManagementServiceMachineIpAddress"], Value::Null);
}

#[test]
fn the_numbers_of_the_first_edition_are_those_of_the_service() {
    let text = format!("Software licensing service version: 6.0.6002.18005\n\n{HOST_DLI}");
    let said = say(&text);
    assert_eq!(said.service()["KeyManagementServiceCurrentCount"], 31);
    assert_eq!(said.service()["IsKeyManagementServiceMachine"], 1);
    assert!(!said.product().contains_key("KeyManagementServiceCurrentCount"));
    assert_eq!(said.product()["LicenseStatus"], 1);
}

#[test]
fn an_output_of_all_products_gives_each_and_the_service_those_of_windows() {
    let office = "Name: Office 16, Office16ProPlusVL_KMS_Client edition\nDescription: Office 16, VOLUME_KMSCLIENT channel\n\
        Activation ID: d450596f-894d-49e0-966a-fd39ed4c4c64\nApplication ID: 0ff1ce16-a989-479d-af46-f275c6370663\n\
        Partial Product Key: FGHIJ\nLicense Status: Initial grace period\nTime remaining: 12960 minute(s) (9 day(s))\n\
        Remaining App rearm count: 5\nRemaining SKU rearm count: 6\n\
        Please use slmgr.vbs /ato to activate and update KMS client information in order to update values.\n\n\
        Key Management Service is enabled on this machine\n    Current count: 7\n\n";
    let (version, client) = CLIENT_DLV.split_once("\n\n").unwrap();
    let said = say(&format!("{version}\n\n{office}{client}"));
    let products = &said.only().products;
    assert_eq!(products.len(), 2);
    assert_eq!(products[0].known["ApplicationID"], "0ff1ce15-a989-479d-af46-f275c6370663");
    assert_eq!(products[0].known["GracePeriodRemaining"], 12960);
    assert_eq!(products[0].known["RemainingAppReArmCount"], 5);
    assert_eq!(products[0].known["KeyManagementServiceCurrentCount"], 7);
    assert_eq!(products[1].known["VLRenewalInterval"], 10080);
    assert!(!said.service().contains_key("KeyManagementServiceCurrentCount"));
    assert_eq!(said.service()["VLRenewalInterval"], 10080);
    assert!(said.warnings().contains(&"office-application"));
}

#[test]
fn two_outputs_one_behind_the_other_are_two_snapshots() {
    let said = say(&format!("{CLIENT_DLV}{}", CLIENT_DLV.replace("Licensed", "Notification")));
    let status = |at: usize| &said.snapshots[at].1.products[0].known["LicenseStatus"];
    assert_eq!((said.snapshots.len(), status(0), status(1)), (2, &json!(1), &json!(5)));
}

#[test]
fn other_ways_to_activate_are_read() {
    let text = "Name: Windows(R), ServerDatacenter edition\nDescription: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n\
        License Status: Licensed\nGuest IAID: Not Available\n\nMost recent activation information:\nAutomatic VM Activation client information\n\
        \x20   Host machine name: hv01.corp.example\n    Activation time: Not Available\n    Host Digital PID2: 00000-00000\n\n\
        AD Activation client information\n    Activation Object name: All\n    AO DN: CN=All,DC=corp,DC=example\n\
        \x20   AO extended PID: 1-2\n    AO activation ID: 2de67392-b7a7-462a-b1ca-108dd189f588\n\n\
        Token-based Activation information\n    License ID (ILID): {x}\n    Version ID (ILvID): 3\n    Grant Number: 0\n    Certificate Thumbprint: \n";
    let said = say(text);
    let product = said.product();
    assert_eq!(product["IAID"], Value::Null);
    assert_eq!(product["AutomaticVMActivationHostMachineName"], "hv01.corp.example");
    assert_eq!(product["AutomaticVMActivationLastActivationTime"], Value::Null);
    assert_eq!(product["ADActivationObjectDN"], "CN=All,DC=corp,DC=example");
    assert_eq!(product["TokenActivationILVID"], 3);
    assert_eq!(product["TokenActivationCertificateThumbprint"], Value::Null);
}

#[test]
fn the_expiry_of_each_status_is_read() {
    let title = "Windows(R), Professional edition:";
    for (sentence, status, minutes) in [
        ("Unlicensed", 0, None),
        ("Volume activation will expire 9/5/2025 7:05:12 AM", 1, None),
        ("Timebased activation will expire 9/5/2025", 1, None),
        ("The machine is permanently activated.", 1, Some(0)),
        ("This system was activated for good", 1, Some(0)),
        ("Initial grace period ends 9/5/2025", 2, None),
        ("Additional grace period ends 9/5/2025", 3, None),
        ("Non-genuine grace period ends 9/5/2025", 4, None),
        ("Windows is in Notification mode", 5, None),
        ("Extended grace period ends 9/5/2025", 6, None),
    ] {
        let text = format!("{title}\r\n    {sentence}\r\n\r\n");
        assert!(matches!(fit(&text), Fit::Yes(_)), "{sentence}");
        let said = say(&text);
        assert_eq!(said.product()["Name"], "Windows(R), Professional edition");
        assert_eq!(said.product()["LicenseStatus"], status, "{sentence}");
        assert_eq!(
            said.product().get("GracePeriodRemaining"),
            minutes.map(|minutes| json!(minutes)).as_ref(),
            "{sentence}"
        );
        assert_eq!(said.warnings().len(), usize::from(sentence.contains("2025")));
    }
    let options = Options {
        culture: Some("en-US".to_owned()),
        zone: Some(TimeZone::UTC),
        ..Options::default()
    };
    let text = format!("{title}\n    Volume activation will expire 9/5/2025 7:05:12 AM\n");
    let said = say_bytes(text.as_bytes(), &options);
    assert_eq!(said.only().products[0].extra["endDate"], "2025-09-05T07:05:12Z");
    assert_eq!(say(&format!("{title}\n    Nicht lizenziert\n")).snapshots.len(), 0);
}
