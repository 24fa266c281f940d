//! Outputs in other languages: with their labels, without, and with those of another language.

use super::samples::{CLIENT_DLV, FRENCH_HOST, GERMAN, GERMAN_INI, SPANISH_INI};
use super::{say, say_with};
use serde_json::{Value, json};

#[test]
fn a_german_text_without_its_labels_gives_its_numbers() {
    let said = say(GERMAN);
    assert_eq!(
        Value::Object(said.service().clone()),
        json!({
            "Version": "10.0.22621.2506",
            "ClientMachineID": "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11",
            "DiscoveredKeyManagementServiceMachineName": "kms01.corp.example",
            "DiscoveredKeyManagementServiceMachinePort": 1688,
            "VLActivationInterval": 120,
            "VLRenewalInterval": 10080,
        })
    );
    let product = said.product();
    assert_eq!(product["ID"], "2de67392-b7a7-462a-b1ca-108dd189f588");
    assert_eq!(product["ApplicationID"], "55c92734-d682-4d71-983e-d6ec3f16059f");
    assert_eq!(product["GracePeriodRemaining"], 250_001);
    assert!(!product.contains_key("LicenseStatus"), "the status stays unknown");
    assert_eq!(said.warnings(), ["host-origin-unknown", "labels-unknown"]);
}

#[test]
fn a_french_host_without_its_labels_gives_counters_count_and_port() {
    for text in [
        FRENCH_HOST.to_owned(),
        FRENCH_HOST.replace("    ", "   "),
        FRENCH_HOST.replace('\n', "\r\n\r\n"),
    ] {
        let said = say(&text);
        let (product, service) = (said.product(), said.service());
        assert_eq!(product["KeyManagementServiceTotalRequests"], 412);
        assert_eq!(product["KeyManagementServiceNotificationRequests"], 6);
        assert_eq!(product["KeyManagementServiceCurrentCount"], 31);
        assert_eq!(product["IsKeyManagementServiceMachine"], 1);
        assert_eq!(service["KeyManagementServiceListeningPort"], 1689);
        for unknown in [
            "KeyManagementServiceDnsPublishing",
            "KeyManagementServiceLowPriority",
            "VLActivationInterval",
        ] {
            assert!(!service.contains_key(unknown), "{unknown}");
        }
    }
}

#[test]
fn the_labels_of_a_language_are_read_from_its_ini() {
    let said = say_with(GERMAN, GERMAN_INI);
    let english = say(CLIENT_DLV);
    for (name, value) in said.product() {
        assert_eq!(&english.product()[name], value, "{name}");
    }
    assert_eq!(said.product()["LicenseStatus"], 1);
    assert_eq!(said.service()["KeyManagementServiceHostCaching"], true);
    assert_eq!(said.warnings(), ["date-unknown"]);

    let text = "Nombre: Windows(R)\nDescripción: x\nEstado de la licencia: período inicial\nQuedan 9 día(s), es decir 12960 minuto(s)\n";
    let said = say_with(text, SPANISH_INI);
    assert_eq!(
        Value::Object(said.product().clone()),
        json!({
            "Name": "Windows(R)", "Description": "x", "LicenseStatus": 2, "GracePeriodRemaining": 12960,
        })
    );
    let said = say_with("Windows(R):\n    El equipo quedó en orden para siempre.\n", SPANISH_INI);
    assert_eq!(said.product()["GracePeriodRemaining"], 0);
}

#[test]
fn labels_of_another_language_do_not_match() {
    let said = say_with(GERMAN, SPANISH_INI);
    assert_eq!(said.service()["VLRenewalInterval"], 10080);
    assert_eq!(said.warnings(), ["labels-do-not-match", "host-origin-unknown", "labels-unknown"]);
    assert!(said.notes.warnings[0].message.starts_with("labels do not match"));
    let said = say_with(CLIENT_DLV, GERMAN_INI.replace("L_Msg", "L_Other").as_str());
    assert_eq!(said.product()["LicenseStatus"], 1, "what the file leaves out is English");
}
