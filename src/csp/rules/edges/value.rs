//! Formats, values and keys.

use super::super::address::ROOT_URI;
use super::super::fixture::*;
use crate::csp::catalog::nodes::{NODES, Verb};
use crate::csp::model::keys::{KeyCatalog, KeyUse, KeyUses, Window};
use proptest::prelude::*;

const POLICY: &str = "SMode/SwitchingPolicy";

#[test]
fn a_number_is_read_as_the_format_has_it() {
    let add = |format: Option<&str>, data: Option<&str>| {
        let mut rig = Rig::new(s_mode());
        let uri = format!("{ROOT_URI}/{POLICY}");
        let answer = rig.send("00:00:00", Verb::Add, &uri, (format, data));
        (shown(&answer), rig.get("00:00:00", POLICY))
    };
    for (format, data) in [
        (Some("chr"), "1"),
        (Some("INT"), "1"),
        (None, "0x1"),
        (None, "1.0"),
        (None, ""),
        (None, "4294967296"),
        (None, "2147483648"),
        (None, "+1"),
        (None, "00000000001"),
    ] {
        let (answer, value) = add(format, Some(data));
        assert_eq!(answer, "415 0x86000001", "{format:?} {data}");
        assert_eq!(value, "404 0x86000002");
    }
    assert_eq!(add(None, None).0, "415 0x86000001");
    for data in ["1", " 1 ", "01", "\n1"] {
        assert_eq!(add(None, Some(data)), ("200".to_owned(), "1".to_owned()));
        assert_eq!(add(Some(" int "), Some(data)), ("200".to_owned(), "1".to_owned()));
    }
    let mut rig = Rig::new(s_mode());
    for data in ["2", "-1"] {
        let answer = rig.ask("00:00:00", Verb::Add, POLICY, data);
        assert_eq!(shown(&answer), "500 0x80070057");
        let message = answer.refusal.unwrap().message;
        assert!(message.contains("0 (NoRestriction) or 1 (UserBlocked)"), "{message}");
    }
}

#[test]
fn the_remedy_of_a_wrong_value_speaks_of_what_the_node_takes() {
    let mut rig = Rig::new(s_mode());
    for (typed, data, remedy) in [
        (POLICY, "2", "give one of the allowed numbers"),
        (POLICY, "0x1", "give decimal digits: `1`, not `0x1`, `1.0` or nothing"),
    ] {
        assert_eq!(hint(&rig.ask("00:00:00", Verb::Add, typed, data)), remedy);
    }
    for (key, remedy) in [
        ("AAAAA-BBBBB-CCCCC-DDDDD-EDU011", "give all 29 characters with the four dashes"),
        (
            "AAAAA\u{2013}BBBBB\u{2013}CCCCC\u{2013}DDDDD\u{2013}EDU01",
            "write the four dashes as ASCII hyphens (`-`, U+002D)",
        ),
        ("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX", "put a product key in its place"),
    ] {
        let answer = rig.ask("00:00:00", Verb::Exec, "CheckApplicability", key);
        assert_eq!((answer.status, hint(&answer).as_str()), (500, remedy));
    }
    let answer =
        rig.send("00:00:00", Verb::Add, &format!("{ROOT_URI}/{POLICY}"), (Some("chr"), Some("1")));
    assert_eq!(hint(&answer), "declare the format `int`, or none");
}

#[test]
fn a_null_node_takes_no_data() {
    let exec = |format: Option<&str>, data: Option<&str>| {
        let uri = format!("{ROOT_URI}/SMode/SwitchFromSMode");
        shown(&Rig::new(s_mode()).send("00:00:00", Verb::Exec, &uri, (format, data)))
    };
    for (format, data) in
        [(Some("null"), None), (None, None), (Some("chr"), Some("")), (Some("null"), Some(""))]
    {
        assert_eq!(exec(format, data), "202", "{format:?}");
    }
    for (format, data) in [
        (Some("chr"), Some("x")),
        (Some("null"), Some("x")),
        (None, Some("x")),
        (Some("int"), None),
    ] {
        assert_eq!(exec(format, data), "415 0x86000001", "{format:?}");
    }
}

/// An xml node takes `chr`, as the sample on the page of the CSP has it.
#[test]
fn a_license_may_be_declared_as_text() {
    let uri = format!("{ROOT_URI}/UpgradeEditionWithLicense");
    for format in [None, Some("xml"), Some("chr")] {
        let mut rig = Rig::new(device("M-01", "10.0.15254.1", 104));
        let answer = rig.send("00:00:00", Verb::Exec, &uri, (format, Some("<a/>")));
        assert_eq!(shown(&answer), "202");
    }
}

#[test]
fn a_key_is_taken_in_any_case_and_with_ascii_hyphens_alone() {
    for key in ["aaaaa-bbbbb-ccccc-ddddd-edu01", "AAAAA-BBBBB-CCCCC-DDDDD-EDU01\n"] {
        assert_eq!(Rig::new(pc()).upgrade("00:00:00", key), "202");
    }
    let dashes = "AAAAA\u{2013}BBBBB\u{2013}CCCCC\u{2013}DDDDD\u{2013}EDU01";
    let answer = Rig::new(pc()).ask("00:00:00", Verb::Exec, "UpgradeEditionWithProductKey", dashes);
    assert_eq!(shown(&answer), "500 0x80070057");
    assert!(hint(&answer).contains("ASCII hyphens"));
    assert_eq!(Rig::new(pc()).upgrade("00:00:00", &format!("{EDU}2")), "500 0x80070057");
}

#[test]
fn an_entry_serves_the_uses_and_builds_that_it_names() {
    let mut only_check = entry("edu", "*-EDU01", 121);
    only_check.uses = KeyUses::of(Some(&[KeyUse::Check]));
    let mut rig = Rig::new(pc());
    rig.keys = KeyCatalog::new(vec![only_check]).unwrap();
    assert_eq!(rig.upgrade("00:00:00", EDU), "500 0xC004F050");
    assert_eq!(rig.exec("00:00:00", "CheckApplicability", EDU), "200");
    let mut later = entry("edu", "*-EDU01", 121);
    later.builds = Window { min: Some("10.0.22000".parse().unwrap()), max: None };
    rig.keys = KeyCatalog::new(vec![later]).unwrap();
    assert_eq!(rig.upgrade("00:00:00", EDU), "500 0xC004F050");
}

#[test]
fn no_answer_shows_more_of_a_key_than_its_last_group() {
    let groups = ["AAAAA", "BBBBB", "CCCCC", "DDDDD"];
    let long = format!("{EDU}X");
    for key in [EDU, PRO, "AAAAA-BBBBB-CCCCC-DDDDD-XYZ99", long.as_str()] {
        for node in
            ["UpgradeEditionWithProductKey", "ChangeProductKey", "CheckApplicability", POLICY]
        {
            for device in [pc(), s_mode()] {
                let verb = if node == POLICY { Verb::Add } else { Verb::Exec };
                let answer = Rig::new(device).ask("00:00:00", verb, node, key);
                let debug = format!("{answer:?}");
                assert!(groups.iter().all(|group| !debug.contains(group)), "{debug}");
            }
        }
    }
}

proptest! {
    /// Whatever number is written to a settable node, it is taken exactly when its row allows it.
    #[test]
    fn a_number_is_taken_when_its_row_allows_it(number in prop_oneof![-3_i64..4, any::<i64>()]) {
        let mut device = insider();
        device.mode = 1;
        for node in NODES.iter().filter(|node| node.takes(Verb::Replace)) {
            let verb = if node.takes(Verb::Add) { Verb::Add } else { Verb::Replace };
            let answer = Rig::new(device.clone()).ask("00:00:00", verb, node.path, &number.to_string());
            let expected = match number {
                0 | 1 => 200,
                _ if i32::try_from(number).is_ok() => 500,
                _ => 415,
            };
            prop_assert_eq!(answer.status, expected, "{}", node.path);
        }
    }
}
