//! Leaving S mode, and who may.

use super::super::control::Fault;
use super::super::fixture::*;
use super::super::smode;
use super::{under, with_fault};
use crate::csp::catalog::nodes::Verb;
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::Device;

#[test]
fn s_mode_is_left_in_five_minutes_and_for_good() {
    let mut rig = Rig::new(s_mode());
    assert_eq!(rig.get("00:00:00", "SMode/Status"), "404 0x86000002");
    assert_eq!(rig.get("00:00:00", "SMode/SwitchingPolicy"), "404 0x86000002");
    assert_eq!(rig.add("00:00:00", "SMode/SwitchingPolicy", "1"), "200");
    assert_eq!(rig.get("00:00:00", "SMode/SwitchingPolicy"), "1");
    assert_eq!(rig.get("00:00:00", "SMode/Status"), "404 0x86000002");
    assert_eq!(rig.add("00:00:00", "SMode/SwitchingPolicy", "1"), "418 0x800700B7");
    let blocked = smode::user_switch(&rig.device, at("00:00:00")).unwrap_err();
    assert_eq!(blocked.code.symbol, "E_USER_BLOCKED");
    assert_eq!(rig.exec("00:00:00", "SMode/SwitchFromSMode", ""), "202");
    assert_eq!(rig.get("00:00:00", "SMode/Status"), "1");
    assert_eq!(rig.exec("00:01:00", "SMode/SwitchFromSMode", ""), "202");
    assert_eq!(rig.get("00:04:59", "SMode/Status"), "1");
    assert_eq!(rig.get("00:05:00", "SMode/Status"), "0");
    assert_eq!(rig.get("00:05:00", "./Vendor/MSFT/DeviceStatus/OS/Mode"), "0");
    assert_eq!(rig.get("00:05:00", "Edition"), "48");
    assert_eq!(rig.get("00:05:00", "SMode/SwitchingPolicy"), "404 0x86000002");
    assert_eq!(rig.exec("00:06:00", "SMode/SwitchFromSMode", ""), "200");
    assert_eq!(rig.get("00:06:00", "SMode/Status"), "3");
    assert_eq!(rig.add("00:06:00", "SMode/SwitchingPolicy", "0"), "500 0x8600000F");
    assert_eq!(rig.set("00:06:00", "SMode/SwitchingPolicy", "0"), "500 0x8600000F");
}

#[test]
fn a_failed_switch_can_be_asked_for_again() {
    let mut rig = with_fault(&s_mode(), Fault::SMode, 0x8007_0005);
    assert_eq!(rig.exec("00:00:00", "SMode/SwitchFromSMode", ""), "202");
    assert_eq!(rig.get("00:05:00", "SMode/Status"), "4");
    assert_eq!(rig.get("00:05:00", "./Vendor/MSFT/DeviceStatus/OS/Mode"), "1");
    assert_eq!(rig.exec("00:06:00", "SMode/SwitchFromSMode", ""), "202");
    assert_eq!(rig.get("00:06:00", "SMode/Status"), "1");
    assert_eq!(rig.get("00:11:00", "SMode/Status"), "0");
}

#[test]
fn the_policy_is_set_and_deleted_in_s_mode_alone() {
    let mut rig = Rig::new(s_mode());
    assert_eq!(rig.set("00:00:00", "SMode/SwitchingPolicy", "1"), "404 0x86000002");
    assert_eq!(
        shown(&rig.ask("00:00:00", Verb::Delete, "SMode/SwitchingPolicy", "")),
        "404 0x86000002"
    );
    assert_eq!(rig.add("00:00:00", "SMode/SwitchingPolicy", "0"), "200");
    assert_eq!(rig.set("00:00:00", "SMode/SwitchingPolicy", "1"), "200");
    assert_eq!(rig.get("00:00:00", "SMode/SwitchingPolicy"), "1");
    assert_eq!(shown(&rig.ask("00:00:00", Verb::Delete, "SMode/SwitchingPolicy", "")), "200");
    assert_eq!(rig.get("00:00:00", "SMode/SwitchingPolicy"), "404 0x86000002");
}

#[test]
fn the_user_leaves_s_mode_in_the_store_when_nothing_forbids_it() {
    let mut rig = Rig::new(s_mode());
    rig.add("00:00:00", "SMode/SwitchingPolicy", "0");
    rig.device = smode::user_switch(&rig.device, at("00:00:00")).unwrap();
    assert!(!rig.device.in_s_mode());
    assert_eq!(rig.get("00:00:00", "SMode/Status"), "404 0x86000002");
    assert!(smode::user_switch(&rig.device, at("00:00:00")).is_err());
}

#[test]
fn editions_and_keys_stay_in_s_mode() {
    let mut rig = under(PathPolicy::Deployment, s_mode());
    assert_eq!(rig.upgrade("00:00:00", EDU), "500 0x8600000F");
    assert_eq!(rig.exec("00:00:00", "ChangeProductKey", PRO), "500 0x8600000F");
    assert_eq!(rig.exec("00:00:00", "CheckApplicability", EDU), "200");
}

#[test]
fn a_build_before_1809_has_no_s_mode_nodes() {
    let mut rig = Rig::new(Device { mode: 1, ..device("S-01", "10.0.17134.1", 48) });
    for node in ["SMode", "SMode/Status", "SMode/SwitchingPolicy"] {
        assert_eq!(rig.get("00:00:00", node), "404 0x86000002");
    }
    assert_eq!(rig.exec("00:00:00", "SMode/SwitchFromSMode", ""), "404 0x86000002");
}
