//! Addresses, access, what an interior node lists, what stands beside the CSP.

use super::super::address::ROOT_URI;
use super::super::answer::Answer;
use super::super::fixture::*;
use super::super::{read as reading, subscriptions};
use super::{read, text};
use crate::csp::catalog::nodes::{Format, Verb};
use crate::csp::model::device::{Device, SubscriptionKind};
use proptest::prelude::*;

const POLICY: &str = "SMode/SwitchingPolicy";

#[test]
fn an_address_is_found_in_every_spelling_and_echoed_as_asked() {
    for uri in [
        "./Device/Vendor/MSFT/WindowsLicensing/Edition",
        "./vendor/msft/windowslicensing/EDITION",
        "./Vendor/MSFT/WindowsLicensing/Editi%6Fn",
        "\n  ./Vendor/MSFT/WindowsLicensing/Edition \n",
    ] {
        let answer = read(pc(), uri);
        assert_eq!((answer.status, text(&answer).as_str()), (200, "48"), "{uri}");
        assert_eq!(answer.results[0].source, uri.trim());
        assert_eq!(answer.results[0].format, Format::Int);
    }
}

#[test]
fn an_address_that_means_nothing_tells_why() {
    for (uri, expected) in [
        ("/Vendor/MSFT/WindowsLicensing/Edition", "400"),
        ("Vendor/MSFT/WindowsLicensing/Edition", "404 0x86000002"),
        ("./User/Vendor/MSFT/WindowsLicensing/Edition", "404 0x86000002"),
        ("./Vendor/MSFT/WindowsLicensing/Edition/", "404 0x86000002"),
        ("./Vendor/MSFT/WindowsLicensing/Edition?prop=ACL", "406 0x86000013"),
    ] {
        let answer = read(pc(), uri);
        assert_eq!(shown(&answer), expected, "{uri}");
        assert!(answer.results.is_empty() && answer.device.is_none());
    }
}

#[test]
fn the_root_names_what_the_build_has() {
    let common = "UpgradeEditionWithProductKey/Edition/Status/UpgradeEditionWithLicense/LicenseKeyType/CheckApplicability";
    let later = "UpgradeEditionWithProductKey/ChangeProductKey/Edition/Status/UpgradeEditionWithLicense/LicenseKeyType/CheckApplicability/Subscriptions/SMode";
    for (version, names) in [
        ("10.0.10586.0", common.to_owned()),
        ("10.0.19045.1", later.to_owned()),
        ("10.0.22621.1", format!("{later}/DeviceLicensingService")),
    ] {
        let answer = read(device("PC-01", version, 48), ROOT_URI);
        assert_eq!(text(&answer), names);
        assert_eq!(answer.results[0].format, Format::Node);
    }
    let empty = read(pc(), &format!("{ROOT_URI}/Subscriptions"));
    assert_eq!((empty.status, text(&empty).as_str()), (200, ""));
}

#[test]
fn a_verb_that_the_node_does_not_take_is_405() {
    let mut rig = Rig::new(pc());
    for (verb, node, data) in [
        (Verb::Get, "UpgradeEditionWithProductKey", ""),
        (Verb::Replace, "Edition", "4"),
        (Verb::Exec, "Status", ""),
        (Verb::Add, "Subscriptions/ABC", ""),
        (Verb::Delete, ".", ""),
        (Verb::Replace, "ChangeProductKey", PRO),
        (Verb::Replace, "./DevInfo/DevId", "x"),
        (Verb::Exec, "./Vendor/MSFT/DeviceStatus/OS/Mode", ""),
    ] {
        assert_eq!(shown(&rig.ask("00:00:00", verb, node, data)), "405 0x86000011", "{node}");
    }
    let refusal = rig.ask("00:00:00", Verb::Replace, "ChangeProductKey", PRO).refusal.unwrap();
    assert_eq!((refusal.api.as_str(), refusal.answered), ("Replace", Some(405)));
    assert_eq!(
        refusal.detail,
        [("LocURI", format!("{ROOT_URI}/ChangeProductKey")), ("intune", "0x87D10195".to_owned()),]
    );
    let copy = rig.ask("00:00:00", Verb::Copy, "Edition", "");
    assert_eq!(shown(&copy), "406");
}

#[test]
fn a_node_that_the_build_or_the_edition_lacks_is_404() {
    let mut early = Rig::new(device("PC-01", "10.0.14393.1", 48));
    assert_eq!(early.exec("00:00:00", "ChangeProductKey", PRO), "404 0x86000002");
    assert_eq!(
        shown(&read(device("PC-01", "10.0.17134.1", 48), &format!("{ROOT_URI}/SMode"))),
        "404 0x86000002"
    );
    let windows_se = device("PC-01", "10.0.22621.1", 0xCB);
    assert_eq!(shown(&read(windows_se.clone(), &format!("{ROOT_URI}/Edition"))), "404 0x86000002");
    assert_eq!(shown(&read(windows_se.clone(), ROOT_URI)), "404 0x86000002");
    assert_eq!(text(&read(windows_se, "./Vendor/MSFT/DeviceStatus/OS/Edition")), "203");
}

#[test]
fn a_node_that_comes_and_goes_tells_why_it_is_not_there() {
    let told = |answer: &Answer| answer.refusal.as_ref().map(|no| no.message.clone()).unwrap();
    let mut rig = Rig::new(s_mode());
    for (verb, typed, why) in [
        (
            Verb::Get,
            "SMode/Status",
            "no SwitchFromSMode request was made, so there is no `SMode/Status`",
        ),
        (
            Verb::Get,
            "SMode/SwitchingPolicy",
            "`SMode/SwitchingPolicy` was never added, or it was deleted",
        ),
        (
            Verb::Delete,
            "SMode/SwitchingPolicy",
            "`SMode/SwitchingPolicy` was never added, or it was deleted",
        ),
        (Verb::Get, "Subscriptions/ABC/Name", "the device has no subscription `ABC`"),
    ] {
        let answer = rig.ask("00:00:00", verb, typed, "");
        assert_eq!((shown(&answer).as_str(), told(&answer).as_str()), ("404 0x86000002", why));
        assert!(!hint(&answer).is_empty());
    }
    let out = Rig::new(pc()).ask("00:00:00", Verb::Get, "SMode/SwitchingPolicy", "");
    assert_eq!(told(&out), "only a device in S mode has a `SMode/SwitchingPolicy`");
}

#[test]
fn an_insider_reads_the_settings_of_subscriptions_but_not_what_is_write_only() {
    let insider = Device { insider: true, ..device("PC-01", "10.0.26200.1", 48) };
    let mut rig = Rig::new(insider);
    assert_eq!(rig.get("00:00:00", "Subscriptions/SubscriptionType"), "0");
    assert_eq!(rig.get("00:00:00", "Subscriptions/DisableSubscription"), "405 0x86000011");
}

#[test]
fn a_subscription_id_is_escaped_in_names_and_holds_no_slash() {
    for wrong in ["", "A B/ü", "*", " A", "SubscriptionType", "removesubscription", EDU] {
        let flaw = subscriptions::id_flaw(wrong).unwrap();
        assert!(!flaw.contains("DDDDD"), "{flaw}");
    }
    assert_eq!(subscriptions::id_flaw("A B"), None);
    let mut user = insider();
    user.entitlements = vec![entitlement(SubscriptionKind::User, "A B", 121)];
    let mut rig = Rig::new(subscriptions::sign_in(&user, at("00:00:00")).unwrap().0);
    assert!(rig.get("00:00:00", "Subscriptions").starts_with("A%20B/"));
    assert_eq!(rig.get("00:00:00", "Subscriptions/A%20B/Name"), "Name of A B");
    assert_eq!(rig.get("00:00:00", "Subscriptions/A%20B"), "Status/Name");
    assert_eq!(rig.get("00:00:00", "Subscriptions/Other/Name"), "404 0x86000002");
}

#[test]
fn a_subtree_is_listed_depth_first() {
    let mut rig = Rig::new(licensed());
    rig.set("00:00:00", "DeviceLicensingService/LicenseType", "1");
    let uri = "./Device/Vendor/MSFT/WindowsLicensing/Subscriptions?list=StructData";
    let answer = rig.send("00:01:00", Verb::Get, uri, (None, None));
    let root = "./Device/Vendor/MSFT/WindowsLicensing/Subscriptions";
    let listed: Vec<(String, Option<String>)> =
        answer.results.iter().map(|item| (item.source.clone(), item.data.clone())).collect();
    assert_eq!(
        listed,
        [
            (root.to_owned(), Some("ENT-DEV".to_owned())),
            (format!("{root}/ENT-DEV"), Some("Status/Name".to_owned())),
            (format!("{root}/ENT-DEV/Status"), Some("1".to_owned())),
            (format!("{root}/ENT-DEV/Name"), Some("Name of ENT-DEV".to_owned())),
        ]
    );
    let uri = "./Vendor/MSFT/WindowsLicensing?list=Struct";
    let answer = rig.send("00:01:00", Verb::Get, uri, (None, None));
    assert!(answer.results.iter().all(|item| item.data.is_none()));
    let sources: Vec<&str> =
        answer.results.iter().filter_map(|item| item.source.strip_prefix(ROOT_URI)).collect();
    assert_eq!(
        sources,
        [
            "",
            "/Edition",
            "/Status",
            "/LicenseKeyType",
            "/Subscriptions",
            "/Subscriptions/ENT-DEV",
            "/Subscriptions/ENT-DEV/Status",
            "/Subscriptions/ENT-DEV/Name",
            "/SMode",
            "/DeviceLicensingService",
            "/DeviceLicensingService/LicenseType",
            "/DeviceLicensingService/DeviceLicensingStatus",
            "/DeviceLicensingService/DeviceLicensingLastError",
            "/DeviceLicensingService/DeviceLicensingLastErrorDescription",
        ]
    );
}

#[test]
fn names_of_smode_hold_its_status_before_there_is_one() {
    let mut rig = Rig::new(s_mode());
    assert_eq!(rig.get("00:00:00", "SMode"), "SwitchFromSMode/Status");
    rig.add("00:00:00", POLICY, "1");
    assert_eq!(rig.get("00:00:00", "SMode"), "SwitchingPolicy/SwitchFromSMode/Status");
}

#[test]
fn a_tree_shows_what_can_be_run_beside_what_can_be_read() {
    let tree =
        reading::tree(&pc(), "./Vendor/MSFT/WindowsLicensing", None, at("00:00:00")).unwrap();
    let names: Vec<&str> =
        tree.children.iter().filter_map(|child| child.uri.rsplit('/').next()).collect();
    assert_eq!(names.join("/"), text(&read(pc(), ROOT_URI)));
    assert_eq!(tree.children[2].value.as_deref(), Some("48"));
    assert_eq!(tree.children[0].verbs, [Verb::Exec]);
    let smode = tree.children.last().unwrap();
    assert_eq!(smode.children.len(), 1);
    let flat = reading::tree(&pc(), "./Vendor/MSFT/WindowsLicensing", Some(0), at("00:00:00"));
    assert!(flat.unwrap().children.is_empty());
    let beside = reading::tree(&pc(), "./DevDetail/SwV", None, at("00:00:00")).unwrap();
    assert_eq!(beside.value.as_deref(), Some("10.0.19045.3803"));
    let refused = reading::tree(&pc(), "./DevDetail", None, at("00:00:00")).unwrap_err();
    assert_eq!(refused.code.symbol, "CFGMGR_E_NODENOTFOUND");
    let absent = reading::tree(&pc(), &format!("{ROOT_URI}/SMode/Status"), None, at("00:00:00"));
    assert!(absent.is_err());
}

#[test]
fn csp_versions_name_both_roots_from_20h1_on() {
    let uri = "./Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions";
    let lines = |version: &str| {
        let text = text(&read(device("PC-01", version, 48), uri));
        text.lines().filter(|line| line.contains("<CSP ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("10.0.26200.9278"),
        [
            "      <CSP Node=\"./Device/Vendor/MSFT/WindowsLicensing\" Version=\"1.4\"></CSP>",
            "      <CSP Node=\"./Vendor/MSFT/WindowsLicensing\" Version=\"1.4\"></CSP>",
        ]
    );
    assert_eq!(
        lines("10.0.18363.1"),
        ["      <CSP Node=\"./Vendor/MSFT/WindowsLicensing\" Version=\"1.3\"></CSP>"]
    );
    assert_eq!(lines("10.0.10240.0"), Vec::<String>::new());
    let answer = read(pc(), uri);
    assert_eq!(answer.results[0].format, Format::Xml);
    let text = text(&answer);
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<DeviceManageability Version=\"com.microsoft/1.1/MDM/DeviceManageability\">\n  <Capabilities>\n    <CSPVersions>\n"));
    assert!(text.ends_with("    </CSPVersions>\n  </Capabilities>\n</DeviceManageability>"));
}

#[test]
fn nodes_beside_the_csp_answer_what_the_record_holds() {
    let mut device = pc();
    device.detail.oem = "Maker".to_owned();
    let mut rig = Rig::new(device);
    for (uri, value) in [
        ("./DevInfo/DevId", "urn:uuid:11111111-2222-4333-8444-555555555555"),
        ("./DevInfo/Man", "licctl"),
        ("./DevInfo/Mod", "model"),
        ("./DevInfo/DmV", "1.3"),
        ("./DevInfo/Lang", "en-US"),
        ("./DevDetail/SwV", "10.0.19045.3803"),
        ("./DevDetail/HwV", ""),
        ("./DevDetail/FwV", ""),
        ("./DevDetail/OEM", "Maker"),
        ("./Vendor/MSFT/DeviceStatus/OS/Edition", "48"),
        ("./Device/Vendor/MSFT/DeviceStatus/OS/Mode", "0"),
    ] {
        assert_eq!(rig.get("00:00:00", uri), value, "{uri}");
    }
}

proptest! {
    /// Whatever stands in an address, the answer is one of the four that there are.
    #[test]
    fn any_text_as_an_address_is_answered(tail in "[A-Za-z%/.*?= 0-9ü]{0,40}") {
        for uri in [tail.clone(), format!("./{tail}"), format!("{ROOT_URI}/{tail}")] {
            let answer = read(pc(), &uri);
            prop_assert!([200, 400, 404, 405, 406].contains(&answer.status), "{}", answer.status);
        }
    }
}
