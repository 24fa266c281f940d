//! What a catalogue file may say, and what refuses it.

use super::read;
use crate::error::Stop;
use std::fmt::Write as _;

fn complaints(text: &str) -> Vec<String> {
    match read(&mut text.as_bytes()) {
        Err(Stop::BadArtefact(complaints)) => {
            complaints.kept.into_iter().map(|complaint| complaint.message).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_is_known_by_itself_or_by_its_digest() {
    let text = r#"{"catalogueVersion": 1, "keys": [
        {"licenseKey": "aaaaaaaaaaaaaaaaaaaaaaaa1", "editionKey": "e", "total": 0, "expirationDate": null},
        {"sha256": "1bda1d4b31f15bfb0a5bbfd3fac1df04e9fbb4bc7d5f0d2d8ea6de4a20f20000", "editionKey": "e", "total": 4}]}"#;
    let (file, notes) = read(&mut text.as_bytes()).unwrap();
    assert_eq!(file.keys[0].key.as_ref().unwrap().full(), Some("AAAAA-AAAAA-AAAAA-AAAAA-AAAA1"));
    assert_eq!((file.keys[0].sha256.len(), file.keys[1].total), (64, 4));
    assert!(file.keys[1].key.is_none() && notes.warnings.is_empty());
}

#[test]
fn a_wrong_type_refuses_the_file_and_names_the_member() {
    let text = r#"{"catalogueVersion": 1, "editions": [{"editionKey": 1, "name": "n"}],
        "keys": [{"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1", "editionKey": "e", "total": "10"},
                 {"licenseKey": "junk", "editionKey": "e", "total": -1},
                 {"editionKey": "e", "total": 1}]}"#;
    let told = complaints(text);
    assert_eq!(
        told,
        [
            "`editions[0].editionKey` is not a text; put it in quotes",
            "`keys[0].total` is not a whole number",
            "`keys[1].total` is not a number from 0 to 2147483647",
            "`keys[1].licenseKey` is not a key of five groups of five of `0-9A-Z`",
            "`keys[2]` is not an entry with `licenseKey` or `sha256`: it has neither",
        ]
    );
}

#[test]
fn what_is_no_json_is_told_with_its_line() {
    assert!(complaints("{\n\"editions\": [").first().unwrap().starts_with("this is no JSON"));
    assert_eq!(complaints("[]").len(), 1);
}

#[test]
fn a_catalogue_in_yaml_says_what_the_same_in_json_says() {
    let json = r#"{"catalogueVersion": 1,
        "editions": [{"editionKey": "esx.a", "name": "A", "productVersion": "8.0", "costUnit": "cpuPackage:32core", "rank": 50,
                      "features": {"dvs": "Switch", "drs": "DRS"}, "entityKinds": ["host"], "maxHosts": null, "colour": [1, {"a": null}]}],
        "keys": [{"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1", "editionKey": "esx.a", "total": 10, "expirationDate": null, "labels": {"po": "4711"}}]}"#;
    let yaml = "\
# what we own
catalogueVersion: 1
editions:
  - editionKey: esx.a
    name: A
    productVersion: '8.0'
    costUnit: cpuPackage:32core
    rank: 50
    features:
      dvs: Switch
      drs: DRS
    entityKinds: [host]
    maxHosts:
    colour: [1, {a: null}]
keys:
  - licenseKey: AAAAA-AAAAA-AAAAA-AAAAA-AAAA1
    editionKey: esx.a
    total: 10
    expirationDate: ~
    labels: {po: \"4711\"}
";
    let (one, _) = read(&mut json.as_bytes()).unwrap();
    let (other, notes) = read(&mut yaml.as_bytes()).unwrap();
    assert_eq!((one.editions, one.keys), (other.editions, other.keys));
    assert_eq!(notes.warnings.len(), 1, "the colour is told");
}

#[test]
fn a_version_that_yaml_takes_for_a_number_is_to_be_quoted() {
    let text = "catalogueVersion: 1\neditions:\n- {editionKey: e, name: n, productVersion: 8.10}\n";
    let told = complaints(text);
    assert_eq!(told, ["`editions[0].productVersion` is not a text; put it in quotes"]);
}

#[test]
fn yaml_that_is_none_is_told_with_its_line_and_shows_no_key() {
    let key = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";
    for text in [
        format!("catalogueVersion: 1\nkeys:\n  - {key}: [\n"),
        format!("catalogueVersion: 1\n{key}: 1\n{key}: 2\n"),
        format!("catalogueVersion: 1\nkeys: &a [*a, {key}\n"),
    ] {
        let told = complaints(&text).remove(0);
        assert!(told.starts_with("this is no YAML") && !told.contains(key), "{told}");
    }
}

#[test]
fn aliases_that_would_fill_the_memory_are_refused() {
    let mut text = "catalogueVersion: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let last = at - 1;
        let nine = vec![format!("*a{last}"); 9].join(", ");
        writeln!(text, "a{at}: &a{at} [{nine}]").unwrap();
    }
    assert!(complaints(&text)[0].starts_with("this is no YAML"));
}

#[test]
fn an_unknown_member_is_told_once_and_kept() {
    let text = r#"{"catalogueVersion": 1, "editions": [{"editionKey": "a", "name": "n", "colour": 1}, {"editionKey": "b", "name": "n", "colour": 2}]}"#;
    let (file, notes) = read(&mut text.as_bytes()).unwrap();
    assert_eq!((file.editions.len(), notes.warnings.len()), (2, 1));
    assert_eq!(file.editions[1].other.as_deref(), Some(r#"{"colour":2}"#));
}
