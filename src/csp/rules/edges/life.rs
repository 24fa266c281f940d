//! The clock, imported states, and the controls of the model.

use super::super::control::{self, Controls, ModeChange};
use super::super::fixture::*;
use super::super::{fold, subscriptions, upgrade};
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::device::{Device, licensing_status, upgrade_status};

const POLICY: &str = "SMode/SwitchingPolicy";

#[test]
fn an_upgrade_is_in_progress_in_the_same_message() {
    let mut rig = Rig::new(pc());
    assert_eq!(rig.upgrade("00:00:00", EDU), "202");
    assert_eq!(rig.get("00:00:00", "Status"), "2");
}

#[test]
fn the_clock_of_changes_goes_forward_alone() {
    let mut rig = Rig::new(Device { mode: 1, ..pc() });
    assert_eq!(rig.add("00:10:00", POLICY, "1"), "200");
    assert_eq!(rig.get("00:09:59", POLICY), "1");
    let answer = rig.ask("00:09:59", Verb::Replace, POLICY, "0");
    let refusal = answer.refusal.unwrap();
    assert_eq!((answer.status, refusal.code.symbol), (500, "E_CLOCK_BACKWARDS"));
    assert!(answer.device.is_none() && answer.hresult.is_none());
    for refused in [
        upgrade::reboot(&rig.device, at("00:09:59")).map(drop),
        subscriptions::sign_in(&rig.device, at("00:09:59")).map(drop),
        control::set(&rig.device, &Controls::default(), at("00:09:59")).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code.symbol, "E_CLOCK_BACKWARDS");
    }
    // Asking whether a key would do is no change.
    let answer = rig.exec("00:09:59", "CheckApplicability", EDU);
    assert_eq!(answer, "200");
}

#[test]
fn an_upgrade_that_nobody_looked_at_for_a_year_is_done() {
    let mut rig = Rig::new(pc());
    rig.upgrade("00:00:00", EDU);
    assert_eq!(fold::fold(&rig.device, at("00:00:00").plus_days(365)).edition, 121);
    let earlier = at("00:00:00").plus_ms(-1000);
    assert_eq!(fold::fold(&rig.device, earlier).status, upgrade_status::IN_PROGRESS);
}

/// An answer leaves the device that it was given as it is.
#[test]
fn a_rehearsal_changes_nothing() {
    let rig = Rig::new(pc());
    let mut other = Rig::new(rig.device.clone());
    assert_eq!(other.upgrade("00:00:00", EDU), "202");
    assert_eq!(rig.device.status, upgrade_status::UNKNOWN);
}

#[test]
fn a_restart_at_the_very_end_of_changepk_completes_the_upgrade() {
    let mut rig = Rig::new(pc());
    rig.upgrade("00:00:00", EDU);
    let device = upgrade::reboot(&rig.device, at("00:01:00")).unwrap();
    assert_eq!((device.status, device.edition), (3, 121));
}

#[test]
fn an_imported_upgrade_stands_still_until_a_restart() {
    for (status, after) in [(1, 3), (2, 0), (3, 3), (4, 4), (9, 9)] {
        let device = Device { status, ..pc() };
        assert_eq!(fold::fold(&device, at("12:00:00")).status, status);
        assert_eq!(upgrade::reboot(&device, at("12:00:00")).unwrap().status, after, "{status}");
    }
    let mut rig = Rig::new(Device { status: 1, ..pc() });
    assert_eq!(rig.upgrade("00:00:00", EDU), "500 0x8600000F");
}

#[test]
fn an_imported_licensing_operation_blocks_others() {
    let mut device = licensed();
    device.subscriptions.status = licensing_status::VERIFYING_ACCOUNT;
    let mut rig = Rig::new(device);
    let node = "DeviceLicensingService/LicenseType";
    assert_eq!(rig.set("12:00:00", node, "1"), "500 0x8600000F");
}

#[test]
fn only_the_factory_image_brings_s_mode_back() {
    let set = |device: &Device, mode: ModeChange| {
        let controls = Controls { mode: Some(mode), ..Controls::default() };
        control::set(device, &controls, at("00:00:00"))
    };
    let refused = set(&pc(), ModeChange::Enter).unwrap_err();
    assert_eq!(refused.code.symbol, "E_FACTORY_IMAGE");
    assert!(set(&s_mode(), ModeChange::Enter).unwrap().in_s_mode());
    let mut rig = Rig::new(s_mode());
    rig.exec("00:00:00", "SMode/SwitchFromSMode", "");
    let left = set(&rig.device, ModeChange::Leave).unwrap();
    assert_eq!((left.mode, left.smode.status), (0, Some(0)));
    let back = set(&left, ModeChange::FactoryImage).unwrap();
    assert_eq!((back.mode, back.smode.status), (1, None));
}

#[test]
fn controls_set_what_they_name_alone() {
    let controls = Controls {
        changepk: Some(10),
        smode: Some(20),
        license_step: Some(0),
        insider: Some(true),
        ..Controls::default()
    };
    let set = control::set(&pc(), &controls, at("00:00:00")).unwrap();
    let timings = (set.timings.changepk, set.timings.smode, set.timings.license_step);
    assert_eq!(timings, (10, 20, 0));
    assert_eq!(Device { timings: pc().timings, insider: false, ..set.clone() }, pc());
    let mut rig = Rig::new(set);
    rig.upgrade("00:00:00", ENT);
    assert_eq!(rig.state("00:00:10"), ("3".to_owned(), "4".to_owned()));
}

#[test]
fn a_fault_is_a_failure_that_the_tables_have() {
    for known in [0x8007_0005, 0x8600_000F, 0xC004_F069] {
        assert_eq!(control::fault_flaw(known), None, "0x{known:08X}");
    }
    // A success, a small number, a code of another product.
    for wrong in [0x0600_0007, 5, 0x8123_0000] {
        assert!(control::fault_flaw(wrong).is_some(), "0x{wrong:08X}");
    }
}

#[test]
fn a_name_of_a_device_is_a_word_without_slash() {
    for right in ["PC-01", "a", &"x".repeat(63), "Büro 1"] {
        assert_eq!(control::name_flaw(right), None, "{right}");
    }
    for wrong in ["", &"x".repeat(64), "a/b", " a", "a\n", EDU] {
        let flaw = control::name_flaw(wrong).unwrap();
        assert!(!flaw.contains("DDDDD"), "{flaw}");
    }
}
