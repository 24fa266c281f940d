//! Answers of devices as facts.

use super::Filed;
use crate::csp::import::facts::{CspVersion, Facts, Said};

const ROOTS: [&str; 2] =
    ["./Vendor/MSFT/WindowsLicensing", "./Device/Vendor/MSFT/WindowsLicensing"];

/// Facts with one answer, which was taken.
fn with(loc_uri: &str, format: Option<&str>, data: &str) -> Facts {
    let mut facts = Facts::default();
    assert_eq!(facts.set(loc_uri, format, data), Ok(Filed::Taken), "{loc_uri}");
    facts
}

fn wrong(loc_uri: &str, data: &str) -> String {
    let mut facts = Facts::default();
    let message = facts.set(loc_uri, None, data).unwrap_err();
    assert!(facts.is_empty(), "{facts:?}");
    message
}

#[test]
fn every_node_that_answers_a_get_is_filed_under_both_roots() {
    for root in ROOTS {
        let set = |path: &str, data: &str| with(&format!("{root}/{path}"), Some("int"), data);
        assert_eq!(set("Edition", "48").edition, Some(48));
        assert_eq!(set("edition", " 4\n").edition, Some(4));
        assert_eq!(set("Status", "3").status, Some(3));
        let kind = set("LicenseKeyType", " Whatever ").license_key_type;
        assert_eq!(kind.as_deref(), Some(" Whatever "), "kept verbatim");
        assert_eq!(set("SMode/Status", "2").smode.status, Some(Said::Value(2)));
        let policy = set("SMode/SwitchingPolicy", "1").smode.switching_policy;
        assert_eq!(policy, Some(Said::Value(1)));
        let service = "DeviceLicensingService";
        let licensing = |leaf: &str, data: &str| set(&format!("{service}/{leaf}"), data).licensing;
        assert_eq!(licensing("LicenseType", "1").license_type, Some(1));
        assert_eq!(licensing("DeviceLicensingStatus", "-1").status, Some(-1));
        let code = "-2147024891";
        assert_eq!(licensing("DeviceLicensingLastError", code).last_error, Some(-2_147_024_891));
        let text = licensing("DeviceLicensingLastErrorDescription", "").last_error_description;
        assert_eq!(text.as_deref(), Some(""));
        let setting =
            |leaf: &str, data: &str| set(&format!("Subscriptions/{leaf}"), data).subscriptions;
        assert_eq!(setting("SubscriptionType", "0").kind, Some(0));
        assert_eq!(setting("SubscriptionStatus", "9").status, Some(9));
        assert_eq!(setting("SubscriptionLastError", "5").last_error, Some(5));
        let text = setting("SubscriptionLastErrorDescription", "why").last_error_description;
        assert_eq!(text.as_deref(), Some("why"));
    }
}

#[test]
fn context_nodes_are_filed() {
    let info = |path: &str, data: &str| with(path, Some("chr"), data).info;
    assert_eq!(info("./DevInfo/DevId", "urn:uuid:1").dev_id.as_deref(), Some("urn:uuid:1"));
    assert_eq!(info("./DevInfo/Man", " Contoso ").manufacturer.as_deref(), Some("Contoso"));
    assert_eq!(info("./DevInfo/Mod", "X1").model.as_deref(), Some("X1"));
    assert_eq!(info("./DevInfo/DmV", "1.3").dm_version.as_deref(), Some("1.3"));
    assert_eq!(info("./DevInfo/Lang", "de-DE").language.as_deref(), Some("de-DE"));
    assert_eq!(info("./DevDetail/HwV", "h").hardware_version.as_deref(), Some("h"));
    assert_eq!(info("./DevDetail/FwV", "f").firmware_version.as_deref(), Some("f"));
    assert_eq!(info("./DevDetail/OEM", "o").oem.as_deref(), Some("o"));
    assert_eq!(info("./DevInfo/Man", "").manufacturer, None, "nothing is said");
    let version = with("./DevDetail/SwV", None, "10.0.19045.3803").os_version.unwrap();
    assert_eq!(version.to_string(), "10.0.19045.3803");
    for root in ["./Vendor/MSFT", "./Device/Vendor/MSFT"] {
        let path = |path: &str| format!("{root}/DeviceStatus/OS/{path}");
        assert_eq!(with(&path("Edition"), Some("chr"), "121").edition, Some(121));
        assert_eq!(with(&path("Edition"), Some("chr"), "professional").edition, Some(48));
        assert_eq!(with(&path("Mode"), None, "1").mode, Some(1));
        let list = format!(
            "<DeviceManageability><CSP Node='{root}/WindowsLicensing' Version='1.3'/></DeviceManageability>"
        );
        let node = format!("{root}/DeviceManageability/Capabilities/CSPVersions");
        let version = with(&node, Some("xml"), &list).csp_version;
        assert_eq!(version, Some(CspVersion { major: 1, minor: 3 }));
    }
}

#[test]
fn subscriptions_are_gathered_by_their_id() {
    let mut facts = Facts::default();
    let below = |path: &str| format!("{}/Subscriptions{path}", ROOTS[0]);
    assert_eq!(facts.set(&below("/b%2F/Status"), None, "1"), Ok(Filed::Foreign));
    facts.set(&below("/E3/Name"), Some("chr"), "Windows Enterprise E3").unwrap();
    facts.set(&below("/e3/Status"), Some("int"), "1").unwrap();
    facts.set(&below("/A5"), Some("node"), "Name/Status").unwrap();
    let names = "E3/F%203/SubscriptionType/DisableSubscription/RemoveSubscription";
    facts.set(&below(""), Some("node"), names).unwrap();
    let items: Vec<_> = facts.subscriptions.items().collect();
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["A5", "E3", "F 3"]);
    assert_eq!(
        (items[1].name.as_deref(), items[1].status),
        (Some("Windows Enterprise E3"), Some(1))
    );
    assert_eq!((items[0].name.as_deref(), items[0].status), (None, None));
}

#[test]
fn what_is_not_found_is_said_of_nodes_that_come_and_go() {
    let mut facts = Facts::default();
    let below = |path: &str| format!("{}/{path}", ROOTS[1]);
    assert_eq!(facts.absent(&below("SMode/Status")), Filed::Taken);
    assert_eq!(facts.absent(&below("SMode/SwitchingPolicy")), Filed::Taken);
    assert_eq!(facts.smode.status, Some(Said::Absent));
    assert_eq!(facts.smode.switching_policy.map(Said::value), Some(None));
    for other in ["Edition", "DeviceLicensingService/LicenseType", "Nothing", "Status"] {
        assert_eq!(facts.absent(&below(other)), Filed::Foreign);
    }
    facts.set(&below("SMode/Status"), None, "0").unwrap();
    assert_eq!(facts.smode.status.map(Said::value), Some(Some(0)));
}

#[test]
fn values_that_no_type_can_hold_are_told_with_what_is_allowed() {
    let below = |path: &str| format!("{}/{path}", ROOTS[0]);
    for (path, data, message) in [
        (
            "Edition",
            "-1",
            "`Edition` is `-1`; allowed is the number of an edition, 0 to 2147483647",
        ),
        (
            "Edition",
            "4294967295",
            "`Edition` is `4294967295`; allowed is the number of an edition, 0 to 2147483647",
        ),
        ("Edition", "", "`Edition` is ``; allowed is the number of an edition"),
        (
            "Status",
            "soon",
            "`Status` is `soon`; allowed is a whole number, -2147483648 to 2147483647",
        ),
        ("SMode/SwitchingPolicy", "2", "`SwitchingPolicy` is `2`; allowed are 0 and 1"),
        ("DeviceLicensingService/LicenseType", "-1", "`LicenseType` is `-1`; allowed are 0 and 1"),
        ("Subscriptions/SubscriptionType", "7", "`SubscriptionType` is `7`; allowed are 0 and 1"),
        (
            "Status",
            "AAAAA-BBBBB-CCCCC-DDDDD-EDU01",
            "`Status` is `*****-*****-*****-*****-EDU01`; allowed is a whole number, -2147483648 to 2147483647",
        ),
    ] {
        assert_eq!(wrong(&below(path), data), message);
    }
    assert_eq!(wrong("./DevDetail/SwV", "11"), "`SwV` is `11`; write `10.0.26100.1`");
    assert!(wrong("./Vendor/MSFT/DeviceStatus/OS/Mode", "2").contains("allowed are 0 and 1"));
    assert!(wrong("./Vendor/MSFT/DeviceStatus/OS/Edition", "Deluxe").contains("`Deluxe`"));
    assert!(wrong(&below("LicenseKeyType"), &"x".repeat(100_000)).contains("longer than"));
    assert!(wrong(&below("Subscriptions/%00/Name"), "x").contains("SubscriptionId"));
}

#[test]
fn a_leaf_is_never_answered_as_a_node() {
    let mut facts = Facts::default();
    let address = format!("{}/Edition", ROOTS[0]);
    for format in ["node", "null", "Node"] {
        let message = facts.set(&address, Some(format), "48").unwrap_err();
        assert_eq!(message, format!("`Edition` is answered as `{format}`, which holds no value"));
    }
    for format in [None, Some(""), Some("chr"), Some("int")] {
        assert_eq!(facts.set(&address, format, "48"), Ok(Filed::Taken));
    }
}

#[test]
fn answers_of_other_providers_say_nothing() {
    let mut facts = Facts::default();
    for address in [
        "./Vendor/MSFT/Policy/Config/x",
        "./User/Vendor/MSFT/WindowsLicensing/Edition",
        "./Vendor/MSFT/WindowsLicensing",
        "./Vendor/MSFT/WindowsLicensing/SMode",
        "./Vendor/MSFT/WindowsLicensing/ChangeProductKey",
        "./Vendor/MSFT/WindowsLicensing/Subscriptions/DisableSubscription",
        "",
    ] {
        assert_eq!(facts.set(address, None, "48"), Ok(Filed::Foreign), "{address}");
    }
    assert!(facts.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_answer_makes_it_panic(path in "[a-zA-Z%/{}. 0-9]{0,40}", format in "[a-z]{0,5}", data in "\\PC{0,40}") {
        for root in ["./", "./Vendor/MSFT/WindowsLicensing/", "./Vendor/MSFT/WindowsLicensing/Subscriptions/"] {
            let mut facts = Facts::default();
            let address = format!("{root}{path}");
            let _ = facts.set(&address, Some(&format), &data);
            facts.absent(&address);
        }
    }
}
