//! What a catalogue file may say, and what refuses it.

use super::read;
use crate::error::Stop;

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
            "`editions[0].editionKey` is not a text",
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
fn an_unknown_member_is_told_once() {
    let text = r#"{"catalogueVersion": 1, "editions": [{"editionKey": "a", "name": "n", "colour": 1}, {"editionKey": "b", "name": "n", "colour": 2}]}"#;
    let (file, notes) = read(&mut text.as_bytes()).unwrap();
    assert_eq!((file.editions.len(), notes.warnings.len()), (2, 1));
}
