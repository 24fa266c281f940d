//! The example files: every kind of artefact has one, and each is read without a complaint.

use crate::support::{User, root};
use licctl::kms::import::KINDS;
use std::collections::BTreeSet;

/// Both folders, with what the local times in the second one need.
const WORDS: [&str; 7] = [
    "kms",
    "import",
    "examples/contoso/kms",
    "examples/contoso-forms",
    "--culture=en-US",
    "--tz=UTC",
    "-ojson",
];

#[test]
fn every_kind_of_kms_artefact_has_an_example_that_is_read() {
    let user = User::new();
    let output = user.licctl(&WORDS).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = answer["items"].as_array().unwrap();
    let read: BTreeSet<&str> = files.iter().map(|file| file["kind"].as_str().unwrap()).collect();
    let kinds: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(kinds.difference(&read).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(files.iter().all(|file| file["skipped"] == serde_json::json!([])));
    // No example gives away a key, not even one that no product has.
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("CLNT1-CLNT1"), "{text}");
}

#[test]
fn requests_that_are_told_in_two_forms_are_stored_once() {
    let user = User::new();
    for (words, new) in [("kms02/requests.jsonl", 24), ("kms02/get-eventlog.csv", 0)] {
        let path = format!("examples/contoso-forms/kms/{words}");
        let words = ["kms", "import", &path, "--culture=en-US", "--tz=UTC", "-ojson"];
        let output = user.licctl(&words).current_dir(root()).output().unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let requests = &answer["items"][0]["sections"]["requests"];
        assert_eq!(requests["added"], new, "{answer}");
    }
}
