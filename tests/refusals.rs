//! What commands refuse rather than do harm with it: targets, names and options that cannot be meant.

use crate::support::{User, csv_log};

#[test]
fn no_answer_takes_the_place_of_a_store() {
    let user = User::new();
    user.write("good.csv", csv_log(1, 5));
    user.ok(&["import", "good.csv", "--instance", "kms01"]);
    user.ok(&["store", "backup", "old.db"]);
    let before = user.ok(&["store", "export"]);
    let store = user.store().display().to_string();
    for target in [store.as_str(), "old.db"] {
        for words in
            [&["report", "--html", target][..], &["check", "--as", "sarif", "--into", target]]
        {
            let answer = user.run(words);
            assert_eq!(answer.status, 2, "{words:?}: {}", answer.err);
            assert!(answer.err.contains("is a database"), "{words:?}: {}", answer.err);
        }
    }
    user.write("notes.md", "dear diary");
    for (target, why) in [("notes.md", "no backup"), (store.as_str(), "the store itself")] {
        let answer = user.run(&["store", "backup", target]);
        assert_eq!((answer.status, answer.err.contains(why)), (2, true), "{}", answer.err);
    }
    assert_eq!(std::fs::read(user.path("notes.md")).unwrap(), b"dear diary");
    user.ok(&["store", "backup", "old.db"]);
    assert_eq!(user.ok(&["store", "export"]), before);
}

#[test]
fn a_name_does_not_steer_the_terminal() {
    let user = User::new();
    let name = "ev\u{1b}[31mil\u{7}\nline";
    let added = user.ok(&["kms", "machine", "add", name]);
    let listed = user.ok(&["kms", "machine", "list", "-o", "name"]);
    let undone = user.ok(&["undo", "--dry-run"]);
    for text in [&added, &listed, &undone] {
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
    assert_eq!(listed.lines().count(), 1, "{listed:?}");
}

#[test]
fn the_present_is_no_name_of_a_snapshot_and_no_setting_is_empty() {
    let user = User::new();
    user.ok(&["kms", "machine", "add", "m1"]);
    let answer = user.run(&["snapshot", "save", "now"]);
    assert_eq!((answer.status, answer.err.contains("the present")), (2, true), "{}", answer.err);
    let answer = user.run(&["config", "set", "store", ""]);
    assert_eq!((answer.status, answer.err.contains("config unset")), (2, true), "{}", answer.err);
}

#[test]
fn records_are_written_for_a_domain_that_dns_can_hold() {
    for domain in ["", "a b", "corp..example", "x-.example"] {
        let answer = User::new().run(&["kms", "dns-plan", "--domain", domain]);
        assert_eq!((answer.status, answer.err.contains("labels")), (2, true), "{}", answer.err);
    }
}

#[test]
fn options_of_files_want_files() {
    let user = User::new();
    user.ok(&["kms", "machine", "add", "m1"]);
    user.ok(&["snapshot", "save", "monday"]);
    for words in [
        &["check", "--skip-bad"][..],
        &["check", "--kind", "kms.event-csv"],
        &["diff", "monday", "--replace"],
        &["diff", "monday", "now", "--culture", "en-US"],
    ] {
        let answer = user.run(words);
        assert_eq!(
            (answer.status, answer.err.contains("about files")),
            (2, true),
            "{words:?}: {}",
            answer.err
        );
    }
}
