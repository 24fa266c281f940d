//! What is written is read back by the reader of slmgr's texts: every property that the text shows, for machines of any kind.

use super::{Listed, Shown, expiry, filled, information, said, status};
use crate::artefact::{Fit, Notes, Sample};
use crate::clock::Timestamp;
use crate::error::Place;
use crate::kms::catalog::skus;
use crate::kms::catalog::slmgr::{Detail, Does, OPTIONS};
use crate::kms::import::slmgr::labels::english;
use crate::kms::import::slmgr::{self, KIND};
use crate::kms::import::{Options, Properties, Record, Snapshot, ospp};
use crate::kms::model::{
    ActivationType, ChannelWord, Counters, Discovered, DomainName, Edition, HostName, HostPool,
    KeyTarget, License, LicenseStatus, Machine, Minutes, PartialKey, Port, PropertyValue, State,
};
use crate::kms::rules::read::{self, Property};
use crate::kms::rules::{keys, life};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::Value as Json;
use uuid::{Uuid, uuid};

const DESKTOP: Uuid = uuid!("2de67392-b7a7-462a-b1ca-108dd189f588");
const OFFICE: Uuid = uuid!("d450596f-894d-49e0-966a-fd39ed4c4c64");
const HOST: Uuid = uuid!("8c1c5410-9f39-4805-8c9d-63a07706358f");

fn now() -> Timestamp {
    Timestamp::parse("2025-03-09T07:05:12Z").unwrap()
}

fn machine(version: &str) -> State {
    let cmid = uuid!("6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11");
    State { machine: Machine::new(1, "pc", version, cmid), products: Vec::new() }
}

fn with(state: &State, activation: Uuid, channel: &str) -> State {
    let target = KeyTarget {
        activation,
        channel: ChannelWord::new(channel).unwrap(),
        edition: Edition::listed(activation),
    };
    keys::install(state, Some(&target), PartialKey::new("ABCDE").unwrap(), now()).unwrap()
}

fn text(state: &State, pools: &[HostPool], detail: Detail) -> String {
    let zone = TimeZone::UTC;
    let shown = Shown { state, pools, now: now(), zone: &zone, secrets: false };
    let products: Vec<_> = state.products.iter().collect();
    information(&shown, &products, detail).join("\n") + "\n"
}

/// What the reader makes of a text, which it knows for what it is.
fn read_back(text: &str) -> (Snapshot, Vec<&'static str>) {
    let sample = Sample { name: "x", bytes: text.as_bytes(), text };
    assert!(matches!((KIND.sniff)(&sample), Fit::Yes(_)), "{text}");
    let options = Options {
        culture: Some("en-US".to_owned()),
        zone: Some(TimeZone::UTC),
        ..Options::default()
    };
    let (mut snapshots, mut notes) = (Vec::new(), Notes::default());
    let mut each = |_: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("no snapshot") };
        snapshots.push(*snapshot);
        Ok(())
    };
    slmgr::read(&mut text.as_bytes(), &options, &mut notes, &mut each).unwrap();
    assert!(notes.complaints.is_empty(), "{:?}\n{text}", notes.complaints);
    assert_eq!(snapshots.len(), 1, "{text}");
    let warnings = notes.warnings.iter().map(|warning| warning.code).collect();
    (snapshots.remove(0), warnings)
}

fn json(value: &PropertyValue) -> Json {
    match value {
        PropertyValue::Null => Json::Null,
        PropertyValue::U32(number) => Json::from(*number),
        PropertyValue::Bool(flag) => Json::from(*flag),
        PropertyValue::Text(text) => Json::from(text.as_str()),
        PropertyValue::Time(at) => Json::from(at.whole_second().to_string()),
    }
}

/// Each property that was read is the one that the object has; how many there were.
fn same(read: &Properties, object: &[Property], text: &str) -> usize {
    for (name, value) in &read.known {
        let (_, expected) = object.iter().find(|(field, _)| field.name == name).unwrap();
        let expected = match (name.as_str(), json(expected)) {
            // An address stands in brackets, as its port follows.
            ("KeyManagementServiceMachine", Json::String(name)) if name.contains(':') => {
                Json::from(format!("[{name}]"))
            }
            (_, expected) => expected,
        };
        assert_eq!(*value, expected, "{name} in\n{text}");
    }
    read.known.len()
}

fn counters() -> Counters {
    Counters { total: 412, failed: 3, by_status: [0, 355, 49, 2, 0, 6] }
}

fn pool(state: &State) -> Vec<HostPool> {
    vec![HostPool {
        pool: state.products[0].pool(),
        counters: counters(),
        cache: crate::kms::model::Cache::default(),
        adopted_count: Some(31),
    }]
}

#[test]
fn the_page_of_a_host_is_that_of_slmgr() {
    let mut state = with(&machine("10.0.20348.1"), HOST, "Volume:CSVLK");
    let product = &mut state.products[0];
    product.name = "Windows(R), ServerStandard edition".to_owned();
    product.description = "Windows(R) Operating System, VOLUME_KMS_WS22 channel".to_owned();
    product.license = life::activated_for_good();
    assert_eq!(
        text(&state, &pool(&state), Detail::Short),
        "Name: Windows(R), ServerStandard edition
Description: Windows(R) Operating System, VOLUME_KMS_WS22 channel
Partial Product Key: ABCDE
License Status: Licensed

Key Management Service is enabled on this machine
    Current count: 31
    Listening on Port: 1688
    DNS publishing enabled
    KMS priority: Normal

Key Management Service cumulative requests received from clients
    Total requests received: 412
    Failed requests received: 3
    Requests with License Status Unlicensed: 0
    Requests with License Status Licensed: 355
    Requests with License Status Initial grace period: 49
    Requests with License Status License expired or Hardware out of tolerance: 2
    Requests with License Status Non-genuine grace period: 0
    Requests with License Status Notification: 6

"
    );
}

#[test]
fn the_page_of_a_client_is_that_of_slmgr() {
    let mut state = with(&machine("10.0.22621.2506"), DESKTOP, "Volume:GVLK");
    let product = &mut state.products[0];
    product.license = life::activated_by_kms(now());
    product.host.discovered = Some(Discovered {
        name: "kms01.corp.example".to_owned(),
        port: 1688,
        address: Some("192.0.2.10".to_owned()),
    });
    assert_eq!(
        text(&state, &[], Detail::Long),
        "Software licensing service version: 10.0.22621.2506

Name: Windows 10 Professional
Description: Windows(R) Operating System, VOLUME_KMSCLIENT channel
Activation ID: 2de67392-b7a7-462a-b1ca-108dd189f588
Application ID: 55c92734-d682-4d71-983e-d6ec3f16059f
Extended PID: 
Product Key Channel: Volume:GVLK
Partial Product Key: ABCDE
License Status: Licensed
Volume activation expiration: 259200 minute(s) (180 day(s))
Remaining Windows rearm count: 1001
Remaining SKU rearm count: 1001
Trusted time: 3/9/2025 7:05:12 AM
Configured Activation Type: All

Most recent activation information:
Key Management Service client information
    Client Machine ID (CMID): 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11
    KMS machine name from DNS: kms01.corp.example:1688
    KMS machine IP address: 192.0.2.10
    KMS machine extended PID: 
    Activation interval: 120 minutes
    Renewal interval: 10080 minutes
    KMS host caching is enabled

"
    );
}

#[test]
fn a_name_that_an_artefact_brought_ends_no_line() {
    let mut state = with(&machine("10.0.22621.2506"), DESKTOP, "Volume:GVLK");
    state.products[0].name = "x\nLicense Status: Licensed\u{1b}[2J".to_owned();
    let page = text(&state, &[], Detail::Short);
    assert!(page.starts_with("Name: x License Status: Licensed [2J\n"), "{page}");
    assert_eq!(read_back(&page).0.products[0].known["LicenseStatus"], 2);
}

#[test]
fn every_text_that_the_front_prints_is_one_of_the_labels() {
    for row in &OPTIONS {
        let Does::Calls(setter) = row.does else { continue };
        for resource in setter.answers.iter().copied().chain(setter.refused) {
            assert!(english(resource).is_some(), "{resource}");
        }
    }
    assert_eq!(
        said("L_MsgKmsNameSet", "kms1:1700"),
        "Key Management Service machine name set to kms1:1700 successfully."
    );
    assert_eq!(said("L_MsgRearm_1", ""), "Command completed successfully.");
    let twice = filled("L_MsgActivating", &[("PRODUCTNAME", "x"), ("PRODUCTID", "y")]);
    assert_eq!(twice, "Activating x (y) ...");
}

#[test]
fn the_sentence_of_each_status_reads_back_as_the_status() {
    for (number, version) in [
        (0, "10.0.1.1"),
        (1, "6.1.1.1"),
        (2, "6.0.1.1"),
        (3, "6.2.1.1"),
        (4, "6.3.1.1"),
        (5, "10.0.1.1"),
        (6, "10.0.1.1"),
    ] {
        for minutes in [0, 1439] {
            let mut state = with(&machine(version), DESKTOP, "Volume:GVLK");
            let status = LicenseStatus::from_number(number).unwrap();
            let deadline = (minutes > 0).then(|| now().plus_minutes(minutes));
            state.products[0].license = License { status, reason: 0, deadline };
            let zone = TimeZone::UTC;
            let shown =
                Shown { state: &state, pools: &[], now: now(), zone: &zone, secrets: false };
            let lines = expiry(&shown, &[&state.products[0]]);
            let (snapshot, _) = read_back(&(lines.join("\n") + "\n"));
            let product = &snapshot.products[0];
            assert_eq!(product.known["LicenseStatus"], number, "{lines:?}");
            assert_eq!(product.known["Name"], "Windows 10 Professional");
            let ends = product.extra.get("endDate");
            if minutes > 0 && !matches!(number, 0 | 5) {
                assert_eq!(ends.unwrap(), &Json::from(now().plus_minutes(minutes).to_string()));
            }
            if number == 1 && minutes == 0 {
                assert_eq!(product.known["GracePeriodRemaining"], 0);
            }
        }
    }
}

prop_compose! {
    fn any_state()(
        version in prop::sample::select(vec!["6.0.6002.1", "6.1.7601.1", "6.2.9200.1", "6.3.9600.1", "10.0.22621.1"]),
        kinds in prop::sample::subsequence(vec![(DESKTOP, "Volume:GVLK"), (OFFICE, "Volume:GVLK"), (HOST, "Volume:CSVLK"), (HOST, "Volume:MAK"), (HOST, "Retail")], 1..=3),
        licenses in prop::collection::vec((0_u32..=6, 0_i64..300_000, prop::sample::select(vec![0xC004_F009_u32, 0xC004_F200, 0xC004_F00F, 0])), 3),
        host in prop::option::of((prop::sample::select(vec!["kms1", "kms1.corp.example", "192.0.2.1", "2001:db8::5"]), prop::option::of(1_u32..=65_535))),
        discovered in prop::option::of((0_u32..=65_535, prop::option::of(Just("2001:db8::9".to_owned())))),
        domain in prop::option::of(Just("corp.example")),
        intervals in (15_u32..=43_200, 15_u32..=43_200),
        flags in prop::array::uniform3(any::<bool>()),
        listening in prop::option::of(1_u32..=65_535),
        kind in 0_u32..=3,
    ) -> State {
        let mut state = machine(version);
        for (activation, channel) in kinds {
            state = with(&state, activation, channel);
        }
        let service = &mut state.machine.service;
        // A port that is set to the usual one is printed like one that is not set.
        let port = |number| Port::new(number).filter(|port| port.number() != 1688);
        if let Some((name, number)) = host {
            service.host.name = HostName::stored(name);
            service.host.port = number.and_then(port);
        }
        service.host.discovered = discovered.map(|(port, address)| Discovered { name: "kms9".to_owned(), port, address });
        service.host.lookup_domain = domain.and_then(DomainName::new);
        service.activation_interval = Minutes::new(intervals.0).unwrap();
        service.renewal_interval = Minutes::new(intervals.1).unwrap();
        service.host_caching = flags[0];
        service.dns_publishing = flags[1];
        service.low_priority = flags[2];
        service.listening_port = listening.and_then(Port::new);
        service.activation_type = ActivationType::new(kind);
        for (product, (status, minutes, reason)) in state.products.iter_mut().zip(licenses) {
            product.license = License {
                status: LicenseStatus::from_number(status).unwrap(),
                reason,
                deadline: (minutes > 0).then(|| now().plus_minutes(minutes)),
            };
        }
        state
    }
}

/// The Office products of a machine as ospp.vbs shows them.
fn office(state: &State, listed: Listed) -> String {
    let zone = TimeZone::UTC;
    let shown = Shown { state, pools: &[], now: now(), zone: &zone, secrets: false };
    status(&shown, listed).join("\r\n") + "\r\n"
}

/// What the reader of ospp.vbs makes of its text.
fn office_read_back(text: &str) -> (Vec<Properties>, Notes) {
    let (mut products, mut notes) = (Vec::new(), Notes::default());
    let mut each = |_: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("no snapshot") };
        products.extend(snapshot.products);
        Ok(())
    };
    ospp::read(&mut text.as_bytes(), &Options::default(), &mut notes, &mut each).unwrap();
    (products, notes)
}

#[test]
fn a_machine_without_office_shows_no_licence() {
    let state = with(&machine("10.0.22621.1"), DESKTOP, "Volume:GVLK");
    let text = office(&state, Listed::All);
    assert!(text.contains("<No installed product keys detected>"), "{text}");
    assert_eq!(office_read_back(&text).1.complaints.count(), 1);
}

#[test]
fn a_product_without_a_key_is_shown_by_the_long_list_alone() {
    let mut state = with(&machine("10.0.22621.1"), OFFICE, "Volume:GVLK");
    state.products[0].key = None;
    let read = |listed| office_read_back(&office(&state, listed)).0.len();
    assert_eq!((read(Listed::WithKey), read(Listed::All)), (0, 1));
}

proptest! {
    #[test]
    fn every_property_that_ospp_shows_reads_back(state in any_state()) {
        let page = office(&state, Listed::All);
        let shown: Vec<_> = state.products.iter().filter(|held| held.id == OFFICE).collect();
        let (products, notes) = office_read_back(&page);
        prop_assert_eq!(notes.complaints.count(), u64::from(shown.is_empty()), "{:?}\n{}", notes, page);
        prop_assert!(notes.warnings.is_empty(), "{:?}\n{}", notes, page);
        prop_assert_eq!(products.len(), shown.len());
        for (read_back, held) in products.iter().zip(shown) {
            let (object, mut read) = (read::product(&state, held, &[], now()), read_back.clone());
            // The reader takes the brackets off that an address stands in.
            let name = read.known.remove("KeyManagementServiceMachine").unwrap_or(Json::Null);
            let told = object.iter().find(|(field, _)| field.name == "KeyManagementServiceMachine");
            prop_assert_eq!(name, told.map_or(Json::Null, |(_, told)| json(told)));
            prop_assert!(same(&read, &object, &page) >= 6, "{}", page);
            prop_assert_eq!(&read.known["ApplicationID"], &skus::OFFICE_15.to_string());
        }
    }

    /// The numbers of Vista's host stand in its service; a page without a version does not say that it is of Vista.
    #[test]
    fn every_property_that_a_page_shows_reads_back(state in any_state(), long in any::<bool>(), counted in any::<bool>()) {
        let detail = if long { Detail::Long } else { Detail::Short };
        let pools = if counted { pool(&state) } else { Vec::new() };
        let page = text(&state, &pools, detail);
        let (snapshot, warnings) = read_back(&page);
        prop_assert_eq!(warnings, Vec::<&str>::new(), "{}", page);
        prop_assert_eq!(snapshot.products.len(), state.products.len());
        for (read, held) in snapshot.products.iter().zip(&state.products) {
            let object = read::product(&state, held, &pools, now());
            let least = if long { 6 } else { 4 };
            prop_assert!(same(read, &object, &page) >= least, "{}", page);
            prop_assert_eq!(&read.known["PartialProductKey"], "ABCDE");
            let office = held.application == skus::OFFICE_15;
            prop_assert_eq!(office, held.id == OFFICE);
        }
        let Some(read) = snapshot.service else { return Ok(()) };
        let service = &state.machine.service;
        for (name, expected) in [
            ("Version", Json::from(state.machine.version.as_str())),
            ("ClientMachineID", Json::from(service.client_machine_id.to_string())),
            ("RemainingWindowsReArmCount", Json::from(service.rearm_count)),
            ("KeyManagementServiceHostCaching", Json::from(service.host_caching)),
            ("KeyManagementServiceDnsPublishing", Json::from(service.dns_publishing)),
            ("KeyManagementServiceLowPriority", Json::from(service.low_priority)),
            ("KeyManagementServiceListeningPort", Json::from(service.listening_port.unwrap_or(Port::DEFAULT).number())),
        ] {
            let shown = read.known.get(name);
            prop_assert!(shown.is_none_or(|shown| *shown == expected), "{}\n{}", name, page);
        }
        let host = page.contains("Current count:");
        prop_assert_eq!(read.known.contains_key("KeyManagementServiceDnsPublishing"), host);
    }
}
