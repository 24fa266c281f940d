//! Upgrades of the edition and changes of the key.

use super::super::answer::{Consent, Origin};
use super::super::control::Fault;
use super::super::fixture::*;
use super::super::{fold, upgrade};
use super::{under, with_fault};
use crate::csp::catalog::nodes::Verb;
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::keys::KeyCatalog;

const UPGRADE: &str = "UpgradeEditionWithProductKey";

fn pair(status: &str, edition: &str) -> (String, String) {
    (status.to_owned(), edition.to_owned())
}

/// PC-01 with an upgrade to Education asked for at midnight.
fn upgrading() -> Rig {
    let mut rig = Rig::new(pc());
    assert_eq!(rig.upgrade("00:00:00", EDU), "202");
    rig
}

#[test]
fn an_upgrade_with_restart_ends_two_hours_after_changepk() {
    let mut rig = upgrading();
    for (time, status, edition) in [
        ("00:00:59", "2", "48"),
        ("00:01:00", "1", "48"),
        ("02:00:59", "1", "48"),
        ("02:01:00", "3", "121"),
    ] {
        assert_eq!(rig.state(time), pair(status, edition), "{time}");
    }
    let restart = rig.device.pending_upgrade.as_ref().unwrap().restart.unwrap();
    assert_eq!((restart.reminder_at, restart.automatic_at), (at("01:51:00"), at("02:01:00")));
    let done = fold::fold(&rig.device, at("02:01:00"));
    assert_eq!(done.base_edition, 121);
    assert_eq!(done.installed_key.as_ref().unwrap().last5, "EDU01");
    assert_eq!(done.pending_upgrade, None);
}

#[test]
fn a_restart_by_hand_completes_the_upgrade_at_once() {
    let mut rig = upgrading();
    rig.device = upgrade::reboot(&rig.device, at("00:30:00")).unwrap();
    assert_eq!(rig.state("00:30:00"), pair("3", "121"));
    assert_eq!(rig.told("03:00:00"), ["00:01:00 newEditionAvailable", "00:30:00 upgradeSucceeded"]);
}

#[test]
fn a_restart_while_changepk_runs_makes_the_upgrade_fail() {
    let mut rig = upgrading();
    rig.device = upgrade::reboot(&rig.device, at("00:00:30")).unwrap();
    assert_eq!(rig.state("03:00:00"), pair("0", "48"));
    assert_eq!(rig.device.last_upgrade_error, -2_147_467_260);
    assert_eq!(rig.told("03:00:00"), Vec::<String>::new());
}

#[test]
fn pro_to_enterprise_needs_no_restart_since_1607() {
    let mut rig = Rig::new(pc());
    assert_eq!(rig.upgrade("00:00:00", ENT), "202");
    assert_eq!(rig.state("00:00:59"), pair("2", "48"));
    assert_eq!(rig.state("00:01:00"), pair("3", "4"));
    assert_eq!(rig.state("12:00:00"), pair("3", "4"));
    assert_eq!(rig.told("12:00:00"), Vec::<String>::new());
}

#[test]
fn pro_to_enterprise_restarts_before_1607() {
    let mut rig = under(PathPolicy::Deployment, device("PC-01", "10.0.10586.1", 48));
    assert_eq!(rig.upgrade("00:00:00", ENT), "202");
    assert_eq!(rig.state("00:01:00"), pair("1", "48"));
    assert_eq!(rig.state("02:00:59"), pair("1", "48"));
    assert_eq!(rig.state("02:01:00"), pair("3", "4"));
}

#[test]
fn a_key_of_the_own_edition_is_changed_silently() {
    for mut rig in [Rig::new(pc()), under(PathPolicy::Csp, pc())] {
        assert_eq!(rig.upgrade("00:00:00", PRO), "200");
        assert_eq!(rig.state("00:00:00"), pair("3", "48"));
        let key = rig.device.installed_key.as_ref().unwrap();
        assert_eq!((key.last5.as_str(), key.catalog_id.as_str()), ("PRO01", "pro"));
        assert_eq!(rig.told("03:00:00"), Vec::<String>::new());
    }
}

#[test]
fn another_key_is_refused_while_an_upgrade_is_on_its_way() {
    let mut rig = upgrading();
    let before = rig.device.clone();
    assert_eq!(rig.upgrade("00:10:00", ENT), "500 0x8600000F");
    assert_eq!(rig.exec("00:10:00", "ChangeProductKey", PRO), "500 0x8600000F");
    assert_eq!(rig.device, before);
}

#[test]
fn the_same_key_again_changes_nothing() {
    let mut rig = upgrading();
    assert_eq!(rig.upgrade("00:10:00", EDU), "202");
    assert_eq!(rig.state("02:00:59"), pair("1", "48"));
    assert_eq!(rig.state("02:01:00"), pair("3", "121"));
}

#[test]
fn a_downgrade_is_done_by_hand_alone() {
    let mut rig = under(PathPolicy::Deployment, device("PC-01", "10.0.19045.3803", 121));
    let answer = rig.ask("00:00:00", Verb::Exec, UPGRADE, PRO);
    assert_eq!(shown(&answer), "500 0xC004F069");
    assert!(hint(&answer).contains("downgrades it, which MDM does not"), "{}", hint(&answer));
}

#[test]
fn home_becomes_pro_by_hand_alone() {
    let mut rig = under(PathPolicy::Deployment, device("PC-01", "10.0.19045.3803", 101));
    let answer = rig.ask("00:00:00", Verb::Exec, UPGRADE, PRO);
    assert_eq!(shown(&answer), "500 0xC004F069");
    let hint = hint(&answer);
    assert!(hint.contains("Pro Education, Education") && hint.contains("by hand"), "{hint}");
}

#[test]
fn intune_takes_home_to_enterprise() {
    let mut rig = under(PathPolicy::Intune, device("PC-01", "10.0.19045.3803", 101));
    assert_eq!(rig.upgrade("00:00:00", ENT), "202");
    assert_eq!(rig.state("00:01:00"), pair("1", "101"));
    assert_eq!(rig.state("02:01:00"), pair("3", "4"));
}

#[test]
fn which_paths_there_are_is_a_matter_of_the_policy() {
    let refused = under(PathPolicy::Csp, pc()).ask("00:00:00", Verb::Exec, UPGRADE, PED);
    assert_eq!(shown(&refused), "500 0xC004F069");
    assert_eq!(
        hint(&refused),
        "by MDM Pro reaches Education, Enterprise; \
         Pro Education is reached under the path policies deployment, intune, union"
    );
    let mut rig = Rig::new(pc());
    assert_eq!(rig.upgrade("00:00:00", PED), "202");
    assert_eq!(rig.state("00:01:00"), pair("3", "164"));
}

#[test]
fn an_n_edition_becomes_an_n_edition_alone() {
    let mut rig = under(PathPolicy::Deployment, device("PC-01", "10.0.19045.3803", 49));
    assert_eq!(rig.upgrade("00:00:00", EDU), "500 0xC004F069");
    assert_eq!(rig.upgrade("00:00:00", EDN), "202");
    assert_eq!(rig.state("02:01:00"), pair("3", "122"));
}

#[test]
fn under_the_page_of_the_csp_every_upgrade_restarts_and_the_user_is_told() {
    let mut rig = under(PathPolicy::Csp, pc());
    assert_eq!(rig.upgrade("00:00:00", ENT), "202");
    assert_eq!(rig.state("00:00:59"), pair("2", "48"));
    assert_eq!(rig.state("00:01:00"), pair("1", "48"));
    assert_eq!(rig.state("02:01:00"), pair("3", "4"));
    let told =
        ["00:01:00 newEditionAvailable", "01:51:00 restartReminder", "02:01:00 upgradeSucceeded"];
    assert_eq!(rig.told("00:00:59"), Vec::<String>::new());
    assert_eq!(rig.told("01:51:00"), told[..2]);
    assert_eq!(rig.told("03:00:00"), told);
}

#[test]
fn the_page_of_the_csp_lists_four_editions_whose_own_key_is_taken() {
    let pro_education = || device("PC-01", "10.0.19045.3803", 164);
    let mut rig = under(PathPolicy::Csp, pro_education());
    let answer = rig.ask("00:00:00", Verb::Exec, UPGRADE, PED);
    assert_eq!(shown(&answer), "500 0xC004F069");
    assert!(hint(&answer).contains("ChangeProductKey"));
    assert_eq!(under(PathPolicy::Deployment, pro_education()).upgrade("00:00:00", PED), "200");
}

#[test]
fn an_injected_fault_fails_the_upgrade_when_changepk_ends_and_fires_once() {
    let mut rig = with_fault(&pc(), Fault::Changepk, 0x8007_0005);
    assert_eq!(rig.upgrade("00:00:00", EDU), "202");
    assert_eq!(rig.state("00:00:59"), pair("2", "48"));
    assert_eq!(rig.state("00:01:00"), pair("0", "48"));
    assert_eq!(fold::fold(&rig.device, at("00:01:00")).last_upgrade_error, -2_147_024_891);
    assert_eq!(rig.upgrade("00:02:00", EDU), "202");
    assert_eq!(rig.state("03:00:00"), pair("3", "121"));
}

#[test]
fn an_injected_fault_fails_the_change_of_the_key_at_once() {
    let mut rig = with_fault(&pc(), Fault::Changepk, 0x8007_0005);
    assert_eq!(rig.upgrade("00:00:00", PRO), "425 0x80070005");
    assert_eq!(rig.state("00:00:00"), pair("0", "48"));
    assert_eq!(rig.device.installed_key, None);
    assert_eq!(rig.upgrade("00:00:00", PRO), "200");
}

#[test]
fn a_package_tells_of_the_restart_first_and_reminds_half_a_minute_before() {
    let mut rig = Rig::package(pc());
    assert_eq!(rig.upgrade("00:00:00", EDU), "202");
    assert_eq!(rig.state("02:01:00"), pair("3", "121"));
    let told = [
        "00:00:00 restartToCompletePackage",
        "02:00:30 restartReminder",
        "02:01:00 upgradeSucceeded",
    ];
    assert_eq!(rig.told("00:30:00"), told[..1]);
    assert_eq!(rig.told("03:00:00"), told);
}

#[test]
fn a_package_does_nothing_without_the_consent_of_the_user() {
    let mut rig = Rig::new(pc());
    rig.origin = Origin::Package(Consent::Withheld);
    let answer = rig.ask("00:00:00", Verb::Exec, UPGRADE, EDU);
    assert_eq!((answer.status, answer.refusal.unwrap().code.symbol), (215, "E_CONSENT"));
    assert_eq!(rig.state("03:00:00"), pair("4", "48"));
}

#[test]
fn notifications_are_those_of_the_latest_upgrade() {
    let mut rig = under(PathPolicy::Csp, pc());
    rig.upgrade("00:00:00", ENT);
    assert_eq!(rig.upgrade("04:00:00", EDU), "202");
    assert_eq!(rig.told("04:00:00"), Vec::<String>::new());
    assert_eq!(rig.told("04:01:00"), ["04:01:00 newEditionAvailable"]);
}

#[test]
fn change_product_key_never_restarts() {
    let mut rig = Rig::new(pc());
    assert_eq!(rig.exec("00:00:00", "ChangeProductKey", PRO), "200");
    assert_eq!(rig.state("00:00:00"), pair("4", "48"));
    assert_eq!(rig.exec("00:00:00", "ChangeProductKey", EDU), "500 0xC004F069");
    assert_eq!(rig.exec("00:00:00", "ChangeProductKey", ENT), "202");
    assert_eq!(rig.exec("00:00:10", "ChangeProductKey", ENT), "202");
    assert_eq!(rig.exec("00:00:10", "ChangeProductKey", PRO), "500 0x8600000F");
    assert_eq!(rig.state("00:00:59"), pair("4", "48"));
    assert_eq!(rig.state("00:01:00"), pair("4", "4"));
    let done = fold::fold(&rig.device, at("00:01:00"));
    assert_eq!(done.installed_key.as_ref().unwrap().last5, "ENT01");
    let mut old = under(PathPolicy::Deployment, device("PC-01", "10.0.14393.1", 48));
    assert_eq!(old.exec("00:00:00", "ChangeProductKey", PRO), "404 0x86000002");
}

#[test]
fn a_change_of_the_key_fails_by_fault_and_by_restart() {
    let mut rig = with_fault(&pc(), Fault::Changepk, 0x8007_0005);
    assert_eq!(rig.exec("00:00:00", "ChangeProductKey", ENT), "202");
    assert_eq!(rig.state("00:01:00"), pair("4", "48"));
    assert_eq!(fold::fold(&rig.device, at("00:01:00")).last_upgrade_error, -2_147_024_891);
    assert_eq!(rig.exec("00:02:00", "ChangeProductKey", ENT), "202");
    rig.device = upgrade::reboot(&rig.device, at("00:02:30")).unwrap();
    assert_eq!(rig.state("03:00:00"), pair("4", "48"));
    assert_eq!(rig.device.last_upgrade_error, -2_147_467_260);
}

#[test]
fn check_applicability_is_true_for_an_edition_upgrade_alone() {
    let mut rig = Rig::new(pc());
    let before = rig.device.clone();
    for (key, expected) in
        [(EDU, "200"), (PRO, "500 0xC004F069"), ("AAAAABBBBBCCCCCDDDDDEDU01", "500 0x80070057")]
    {
        assert_eq!(rig.exec("00:00:00", "CheckApplicability", key), expected, "{key}");
    }
    let own = rig.ask("00:00:00", Verb::Exec, "CheckApplicability", PRO);
    assert!(own.refusal.unwrap().message.contains("change its key"));
    assert_eq!(rig.device, before);
    let mut bare = Rig { keys: KeyCatalog::default(), ..Rig::new(pc()) };
    assert_eq!(bare.exec("00:00:00", "CheckApplicability", EDU), "500 0xC004F050");
    let mut enterprise = under(PathPolicy::Deployment, device("PC-01", "10.0.19045.3803", 4));
    assert_eq!(enterprise.exec("00:00:00", "CheckApplicability", PRO), "500 0xC004F069");
    // It asks, and so it is bound to no order.
    let mut upgrading = upgrading();
    assert_eq!(upgrading.exec("00:10:00", "CheckApplicability", ENT), "200");
}

#[test]
fn mobile_is_upgraded_with_a_license_and_desktops_are_not() {
    const NODE: &str = "UpgradeEditionWithLicense";
    let mobile = || device("M-01", "10.0.15254.1", 104);
    let mut rig = Rig::new(mobile());
    assert_eq!(rig.exec("00:00:00", NODE, ""), "415 0x86000018");
    for broken in ["no xml", "<a>", "<a></b>", "<a/><b/>", "&lt;a/&gt;"] {
        assert_eq!(rig.exec("00:00:00", NODE, broken), "415 0x86000018", "{broken}");
    }
    assert_eq!(rig.exec("00:00:00", NODE, "<?xml version=\"1.0\"?><a><b/>text</a>"), "202");
    assert_eq!(rig.exec("00:00:10", NODE, "<a/>"), "202");
    assert_eq!(rig.state("00:00:59"), pair("2", "104"));
    assert_eq!(rig.state("00:01:00"), pair("3", "133"));
    assert_eq!(rig.told("03:00:00"), Vec::<String>::new());
    assert_eq!(Rig::new(pc()).exec("00:00:00", NODE, "<a/>"), "500 0xC004F069");
}
