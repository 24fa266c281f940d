//! Device-based and user-based subscriptions.

use super::super::control::Fault;
use super::super::fixture::*;
use super::super::fold;
use super::super::subscriptions::{self, SignIn};
use super::with_fault;
use crate::csp::model::device::{Device, JoinType, SubscriptionKind};

const LICENSE_TYPE: &str = "DeviceLicensingService/LicenseType";
const LICENSING: &str = "DeviceLicensingService/DeviceLicensingStatus";
const LICENSING_ERROR: &str = "DeviceLicensingService/DeviceLicensingLastError";
const LICENSING_TEXT: &str = "DeviceLicensingService/DeviceLicensingLastErrorDescription";

/// D-01 with its license asked for at midnight.
fn acquiring(device: Device) -> Rig {
    let mut rig = Rig::new(device);
    assert_eq!(rig.set("00:00:00", LICENSE_TYPE, "1"), "200");
    rig
}

#[test]
fn a_device_license_is_acquired_in_three_steps() {
    let mut rig = acquiring(licensed());
    for (time, status) in [
        ("00:00:00", "0"),
        ("00:00:04", "0"),
        ("00:00:05", "3"),
        ("00:00:10", "7"),
        ("00:00:14", "7"),
        ("00:00:15", "9"),
    ] {
        assert_eq!(rig.get(time, LICENSING), status, "{time}");
    }
    assert_eq!(rig.get("00:00:00", LICENSE_TYPE), "1");
    assert_eq!(rig.get("00:00:14", "Edition"), "48");
    assert_eq!(rig.get("00:00:15", "Edition"), "4");
    assert_eq!(rig.get("00:00:15", "Subscriptions"), "ENT-DEV");
    assert_eq!(rig.get("00:00:15", "Subscriptions/ENT-DEV/Status"), "1");
    assert_eq!(rig.get("00:00:15", "Subscriptions/ent-dev/Name"), "Name of ENT-DEV");
    assert_eq!(rig.get("00:00:15", LICENSING_ERROR), "0");
    assert_eq!(fold::fold(&rig.device, at("00:00:15")).base_edition, 48);
}

#[test]
fn a_device_that_is_not_joined_stops_at_once() {
    let mut rig = acquiring(Device { join: JoinType::None, ..licensed() });
    assert_eq!(rig.get("00:00:00", LICENSING), "2");
    assert_eq!(rig.get("00:00:00", LICENSING_ERROR), "-2147023728");
    assert_ne!(rig.get("00:00:00", LICENSING_TEXT), "");
    assert_eq!(rig.get("00:00:00", LICENSE_TYPE), "1");
}

#[test]
fn without_an_entitlement_the_refresh_fails_at_its_end() {
    let mut rig = acquiring(Device { entitlements: Vec::new(), ..licensed() });
    for (time, status) in
        [("00:00:00", "0"), ("00:00:05", "3"), ("00:00:10", "7"), ("00:00:15", "10")]
    {
        assert_eq!(rig.get(time, LICENSING), status, "{time}");
    }
    assert_eq!(rig.get("00:00:15", LICENSING_ERROR), "-2147023728");
}

#[test]
fn an_entitlement_that_lifts_the_edition_nowhere_is_refused() {
    let mut rig = acquiring(Device {
        entitlements: vec![entitlement(SubscriptionKind::Device, "EDU-DEV", 121)],
        ..licensed()
    });
    assert_eq!(rig.get("00:00:15", LICENSING), "10");
    assert_eq!(rig.get("00:00:15", LICENSING_ERROR), "-1073418135");
    assert_eq!(rig.get("00:00:15", "Edition"), "48");
}

#[test]
fn an_injected_fault_fails_the_license_at_its_end() {
    let mut rig = with_fault(&licensed(), Fault::License, 0x8007_0005);
    assert_eq!(rig.set("00:00:00", LICENSE_TYPE, "1"), "200");
    assert_eq!(rig.get("00:00:14", LICENSING), "7");
    assert_eq!(rig.get("00:00:15", LICENSING), "10");
    assert_eq!(rig.get("00:00:15", LICENSING_ERROR), "-2147024891");
    assert_eq!(rig.get("00:00:15", "Subscriptions"), "");
}

#[test]
fn a_removed_license_leaves_the_base_edition() {
    let mut rig = acquiring(licensed());
    assert_eq!(rig.set("00:01:00", LICENSE_TYPE, "0"), "200");
    assert_eq!(rig.get("00:01:04", LICENSING), "11");
    assert_eq!(rig.get("00:01:04", "Edition"), "4");
    assert_eq!(rig.get("00:01:05", LICENSING), "12");
    assert_eq!(rig.get("00:01:05", "Edition"), "48");
    assert_eq!(rig.get("00:01:05", "Subscriptions"), "");
    assert_eq!(rig.set("00:02:00", LICENSE_TYPE, "0"), "200");
    assert_eq!(rig.get("00:02:00", LICENSING), "12");
}

#[test]
fn a_license_that_is_there_is_refreshed() {
    let mut rig = acquiring(licensed());
    assert_eq!(rig.set("00:01:00", LICENSE_TYPE, "1"), "200");
    assert_eq!(rig.get("00:01:00", LICENSING), "8");
    assert_eq!(rig.get("00:01:04", LICENSING), "8");
    assert_eq!(rig.get("00:01:05", LICENSING), "9");
}

#[test]
fn license_type_is_zero_or_one_and_waits_for_what_runs() {
    let mut rig = acquiring(licensed());
    assert_eq!(rig.set("00:00:07", LICENSE_TYPE, "0"), "500 0x8600000F");
    assert_eq!(rig.set("00:01:00", LICENSE_TYPE, "2"), "500 0x80070057");
    let mut early = Rig::new(device("D-01", "10.0.22000.1100", 48));
    assert_eq!(early.set("00:00:00", LICENSE_TYPE, "1"), "404 0x86000002");
    let mut patched = Rig::new(device("D-01", "10.0.22000.1165", 48));
    assert_eq!(patched.set("00:00:00", LICENSE_TYPE, "1"), "200");
}

#[test]
fn a_user_based_subscription_comes_with_the_sign_in_and_goes_when_it_is_removed() {
    let mut rig = Rig::new(insider());
    let settings = "SubscriptionType/SubscriptionStatus/SubscriptionLastError/SubscriptionLastErrorDescription/DisableSubscription/RemoveSubscription";
    assert_eq!(rig.get("00:00:00", "Subscriptions"), settings);
    assert_eq!(rig.get("00:00:00", "Subscriptions/SubscriptionType"), "0");
    let (device, done) = subscriptions::sign_in(&rig.device, at("00:00:00")).unwrap();
    assert_eq!(done, SignIn::Activated("EDU-U".to_owned()));
    rig.device = device;
    assert_eq!(rig.get("00:00:00", "Subscriptions/EDU-U/Status"), "1");
    assert_eq!(rig.get("00:00:00", "Edition"), "121");
    assert_eq!(rig.get("00:00:00", "Subscriptions"), format!("EDU-U/{settings}"));
    assert_eq!(rig.exec("00:01:00", "Subscriptions/RemoveSubscription", ""), "200");
    assert_eq!(rig.get("00:01:00", "Subscriptions"), settings);
    assert_eq!(rig.get("00:01:00", "Edition"), "164");
    assert_eq!(rig.get("00:01:00", "Subscriptions/SubscriptionType"), "0");
    assert_eq!(rig.get("00:01:00", "Subscriptions/SubscriptionStatus"), "12");
    assert_eq!(rig.set("00:02:00", "Subscriptions/DisableSubscription", "1"), "200");
    assert_eq!(rig.get("00:02:00", "Subscriptions/DisableSubscription"), "405 0x86000011");
    let (after, done) = subscriptions::sign_in(&rig.device, at("00:03:00")).unwrap();
    assert!(matches!(done, SignIn::Nothing(_)));
    assert_eq!(after.edition, 164);
    assert_eq!(rig.set("00:03:00", "Subscriptions/SubscriptionType", "1"), "500 0x8600000F");
    assert_eq!(rig.set("00:04:00", "Subscriptions/DisableSubscription", "0"), "200");
    assert_eq!(rig.set("00:04:00", "Subscriptions/SubscriptionType", "1"), "200");
    assert_eq!(rig.get("00:04:14", "Subscriptions/SubscriptionStatus"), "7");
    assert_eq!(rig.get("00:04:15", "Subscriptions/SubscriptionStatus"), "10");
    assert_eq!(rig.get("00:04:15", "Subscriptions/SubscriptionLastError"), "-2147023728");
}

#[test]
fn the_settings_of_subscriptions_are_for_insiders() {
    let mut rig = Rig::new(Device { insider: false, ..insider() });
    assert_eq!(rig.get("00:00:00", "Subscriptions"), "");
    assert_eq!(rig.get("00:00:00", "Subscriptions/SubscriptionType"), "404 0x86000002");
    assert_eq!(rig.exec("00:00:00", "Subscriptions/RemoveSubscription", ""), "404 0x86000002");
    assert_eq!(rig.set("00:00:00", "Subscriptions/DisableSubscription", "1"), "404 0x86000002");
    rig.device = subscriptions::sign_in(&rig.device, at("00:00:00")).unwrap().0;
    assert_eq!(rig.get("00:00:00", "Subscriptions/EDU-U/Name"), "Name of EDU-U");
}

#[test]
fn disabling_subscriptions_removes_what_is_there() {
    let mut rig = Rig::new(insider());
    rig.device = subscriptions::sign_in(&rig.device, at("00:00:00")).unwrap().0;
    assert_eq!(rig.set("00:01:00", "Subscriptions/DisableSubscription", "1"), "200");
    assert_eq!(rig.get("00:01:00", "Edition"), "164");
    assert_eq!(rig.get("00:01:00", "Subscriptions/EDU-U"), "404 0x86000002");
}

#[test]
fn a_fault_in_removing_a_subscription_leaves_it() {
    let signed_in = subscriptions::sign_in(&insider(), at("00:00:00")).unwrap().0;
    let mut rig = with_fault(&signed_in, Fault::License, 0x8007_0005);
    assert_eq!(rig.exec("00:00:00", "Subscriptions/RemoveSubscription", ""), "425 0x80070005");
    assert_eq!(rig.get("00:00:00", "Subscriptions/SubscriptionStatus"), "13");
    assert_eq!(rig.get("00:00:00", "Edition"), "121");
    assert_eq!(rig.exec("00:00:00", "Subscriptions/RemoveSubscription", ""), "200");
}
