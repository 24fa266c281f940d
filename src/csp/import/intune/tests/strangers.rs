//! Files and members that are no profiles, cut files, hostile files.

use super::{SAMPLE, TEMPLATE, one, seen};

#[test]
fn profiles_of_other_types_are_passed_over() {
    let other =
        r##"{"@odata.type":"#microsoft.graph.windows10GeneralConfiguration","displayName":"x"}"##;
    let seen = seen(&format!("{{\"value\":[{other},\n{SAMPLE},\n{other}]}}"));
    assert_eq!((seen.profiles.len(), seen.complaints.len()), (1, 0));
    assert_eq!(seen.warnings, ["other-profile line 1: profiles of other types are passed over"]);
    assert_eq!(self::seen(other).complaints.len(), 0);
}

#[test]
fn what_is_no_profile_is_told_with_its_line() {
    let none = "no profile of type `windows10CustomConfiguration` or `editionUpgradeConfiguration`";
    let untyped = "the object has no `@odata.type` and holds no profiles";
    for (text, told) in [
        ("", format!(": {none}")),
        ("[]", format!(": {none}")),
        ("{\"value\":[\n]}", format!(": {none}")),
        ("[\n{\"a\":1}]", format!("line 2: {untyped}")),
        ("{\"value\":1}", format!("line 1: {untyped}")),
        ("[\n1]", "line 2: expected a profile, found a scalar".to_owned()),
        ("{\"value\":\n[1,]}", "line 2: no valid JSON: expected value".to_owned()),
    ] {
        assert_eq!(seen(text).complaints, [told], "{text}");
    }
}

#[test]
fn settings_that_are_none_are_told_and_the_others_read() {
    let text = SAMPLE
        .replace("\"omaSettings\":[", "\"omaSettings\":[1,\n{\"value\":2},")
        .replace("EDU01\"}", "EDU01\"},\n{\"omaUri\":7}");
    let seen = seen(&text);
    assert_eq!(seen.profiles[0].settings.len(), 2);
    assert_eq!(
        seen.complaints,
        [
            "line 1: an OMA setting is no object",
            "line 2: the OMA setting has no `omaUri`",
            "line 5: the OMA setting has no `omaUri`"
        ]
    );
    let values = self::seen(
        &SAMPLE.replace("\"value\":1", "\"value\":[1]").replace("\"AAAAA", "{},\"x\":\"AAAAA"),
    );
    assert_eq!(values.profiles[0].settings, []);
    let told = "the `value` of an OMA setting is a list or an object";
    assert_eq!(values.complaints, [format!("line 2: {told}"), format!("line 3: {told}")]);
    let key = self::seen(&TEMPLATE.replace("\"AAAAA-BBBBB-CCCCC-DDDDD-EDU01\"", "7"));
    assert_eq!(key.complaints, ["line 6: `productKey` is no text"]);
    let list = r#"{"@odata.type":"windows10CustomConfiguration","omaSettings":{}}"#;
    assert_eq!(self::seen(list).complaints, ["line 1: `omaSettings` is no list"]);
    let none = r#"{"@odata.type":"windows10CustomConfiguration","omaSettings":null}"#;
    assert!(one(none).settings.is_empty());
}

#[test]
fn a_file_that_is_cut_holds_no_profile_and_never_shows_a_key() {
    let text = format!("[{SAMPLE},\n{TEMPLATE}]");
    for cut in 0..text.len() {
        let found = seen(&text[..cut]);
        assert!(found.profiles.len() < 2 || cut == text.len() - 1, "{cut}");
        assert!(!found.complaints.is_empty(), "{cut}");
        assert!(!format!("{:?}{:?}", found.complaints, found.warnings).contains("AAAAA"), "{cut}");
        let found = seen(&text[cut..]);
        assert!(!format!("{:?}{:?}", found.complaints, found.warnings).contains("DDDDD"), "{cut}");
    }
}

#[test]
fn hostile_files_are_refused_without_being_followed() {
    let deep = format!("{}{SAMPLE}{}", "{\"value\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(seen(&deep).complaints, ["line 1: the element is nested deeper than 64 levels"]);
    let many = format!("{{\"value\":[{}0]}}", "0,".repeat(1_000_000));
    assert_eq!(seen(&many).complaints, ["line 1: the element holds more than 1000000 values"]);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(17 * 1024 * 1024));
    assert_eq!(seen(&long).complaints, ["line 1: the element is longer than 16777216 bytes"]);
}
