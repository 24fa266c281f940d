//! Processes that are killed, and processes that race: what was committed stays, nothing is half there, nobody is lost.

use crate::support::{User, csv_log};
use std::process::{Child, Stdio};
use std::time::Duration;

fn rows(user: &User) -> i64 {
    let info = user.json(&["store", "info"]);
    info["tables"].as_array().unwrap().iter().find(|table| table["name"] == "kms_requests").unwrap()
        ["rows"]
        .as_i64()
        .unwrap()
}

fn seen(user: &User) -> usize {
    user.ok(&["kms", "event", "list", "-o", "name"]).lines().count()
}

fn start(user: &User, words: &[&str]) -> Child {
    user.licctl(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_killed_import_is_whole_or_absent() {
    let user = User::new();
    user.write("small.csv", csv_log(1, 10));
    user.ok(&["import", "small.csv", "--instance", "kms01"]);
    // Enough rows for several batches, so that some are in the file when the process dies.
    user.write("large.csv", csv_log(1000, 260_000));
    let mut killed = 0;
    for attempt in 0..12_u64 {
        let mut child = start(&user, &["import", "large.csv", "--instance", "kms02"]);
        std::thread::sleep(Duration::from_millis(60 + attempt * 170));
        let _ = child.kill();
        let status = child.wait().unwrap();
        let visible = seen(&user);
        if status.success() {
            assert_eq!(visible, 260_010);
            break;
        }
        killed += 1;
        assert_eq!(visible, 10, "killed after {} ms", 60 + attempt * 170);
    }
    assert!(killed > 0, "no import was killed");
    // The next writer sweeps what the dead ones left, and takes nothing that was committed.
    user.write("other.csv", csv_log(500, 1));
    user.ok(&["import", "other.csv", "--instance", "kms01"]);
    let visible = i64::try_from(seen(&user)).unwrap();
    assert_eq!(rows(&user), visible);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged() {
    let user = User::new();
    let mut acknowledged = 0;
    for round in 0..25_u32 {
        let name = format!("log-{round}.csv");
        user.write(&name, csv_log(round * 10, 10));
        let mut child = start(&user, &["import", &name, "--instance", "kms01"]);
        std::thread::sleep(Duration::from_millis(u64::from(round % 9) * 4));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            acknowledged += 10;
        }
        if user.store().exists() {
            let answer = user.run(&["kms", "event", "list", "-o", "name"]);
            // Killed before the first commit there may be a file without a layout; that is told, and the next writer makes it one.
            if answer.status == 0 {
                let visible = answer.out.lines().count();
                assert!(
                    visible >= acknowledged && visible.is_multiple_of(10),
                    "{visible} of {acknowledged}"
                );
            }
        }
    }
    user.write("last.csv", csv_log(9000, 10));
    user.ok(&["import", "last.csv", "--instance", "kms01"]);
    assert!(seen(&user) >= acknowledged + 10);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn sixteen_writers_at_once_all_take_effect() {
    let user = User::new();
    for writer in 0..16_u32 {
        user.write(&format!("log-{writer}.csv"), csv_log(writer * 100, 20));
    }
    let children: Vec<(u32, Child)> = (0..16)
        .map(|writer| {
            (writer, start(&user, &["import", &format!("log-{writer}.csv"), "--instance", "kms01"]))
        })
        .collect();
    for (writer, mut child) in children {
        assert!(child.wait().unwrap().success(), "writer {writer}");
    }
    assert_eq!(seen(&user), 320);
    assert_eq!(user.json(&["log"])["items"].as_array().unwrap().len(), 16);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn of_two_upgrades_at_once_one_begins_and_the_other_sees_it() {
    let user = User::new();
    user.write(
        "keys.json",
        r#"{"schema": 1, "keys": [
        {"id": "edu", "match": {"glob": "*-EDU01"}, "edition": "Education"},
        {"id": "ent", "match": {"glob": "*-ENT01"}, "edition": "Enterprise"}]}"#,
    );
    user.ok(&["csp", "key", "catalog", "load", "keys.json"]);
    for name in ["EDU01", "ENT01"] {
        user.write(name, format!("AAAAA-BBBBB-CCCCC-DDDDD-{name}"));
    }
    let upgrade = |name: &str| {
        let words = ["csp", "upgrade", "--key-file", name, "--device", "PC-01", "-o", "json"];
        user.licctl(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for (first, second, refused) in [("EDU01", "ENT01", true), ("EDU01", "EDU01", false)] {
        user.ok(&["csp", "device", "add", "PC-01"]);
        let both = [upgrade(first), upgrade(second)];
        let answers = both.map(|child| child.wait_with_output().unwrap());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let begun: Vec<_> = answers.iter().filter(|answer| answer.status.success()).collect();
        assert_eq!(begun.len(), if refused { 1 } else { 2 }, "{answers:?}");
        assert!(begun.iter().all(|answer| text(&answer.stdout).contains("\"Status\": 202")));
        for other in answers.iter().filter(|answer| !answer.status.success()) {
            assert!(text(&other.stderr).contains("0x8600000F"), "{}", text(&other.stderr));
        }
        assert_eq!(user.json(&["csp", "device", "show", "PC-01"])["Status"], 2);
        user.ok(&["csp", "device", "remove", "PC-01"]);
    }
}

/// Tokens of the feature `CAD` that are in use, and requests that were refused.
fn tokens(user: &User) -> (i64, i64) {
    let told = user.json(&["rms", "capacity"]);
    let number = |member: &str| told["items"][0][member].as_i64().unwrap();
    (number("used"), number("denied"))
}

#[test]
fn of_sixteen_clients_at_once_as_many_get_a_token_as_there_are() {
    let user = User::new();
    user.write("cad.json", r#"{"featureName":"CAD","licenseHash":"AAAA000000000000","numLicenses":5,"keyLifeTime":86400}"#);
    user.ok(&["rms", "server", "add", "lic01"]);
    user.ok(&["rms", "license", "add", "--json", "cad.json"]);
    let children: Vec<Child> = (0..16)
        .map(|number| {
            let (name, host) = (format!("user{number}"), format!("ws{number}"));
            start(&user, &["rms", "session", "login", "CAD", "--user", &name, "--host", &host])
        })
        .collect();
    let granted = children
        .into_iter()
        .filter_map(|mut child| child.wait().ok())
        .filter(std::process::ExitStatus::success);
    assert_eq!(granted.count(), 5);
    assert_eq!(tokens(&user), (5, 11));
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn a_killed_replay_leaves_no_token_in_use() {
    let user = User::new();
    user.write(
        "cad.json",
        r#"{"featureName":"CAD","licenseHash":"AAAA000000000000","numLicenses":5}"#,
    );
    user.ok(&["rms", "server", "add", "lic01"]);
    user.ok(&["rms", "license", "add", "--json", "cad.json"]);
    let line = |at: u64| {
        let user = at % 50;
        let time = 1_780_300_805 + at;
        format!("2 0 - Mon Jun 01 08:00:05 2026 {time} CAD v 0 1 0 user{user} ws 9.5.0 1 -\n")
    };
    user.write("lservsta", (0..20_000).map(line).collect::<String>());
    let mut child = start(&user, &["rms", "session", "replay", "lservsta"]);
    std::thread::sleep(std::time::Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    let (used, denied) = tokens(&user);
    assert!((used, denied) == (0, 0) || used == 5, "{used} {denied}");
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn readers_and_small_writers_get_their_turn_beside_a_large_import() {
    let user = User::new();
    user.write("small.csv", csv_log(1, 10));
    user.ok(&["import", "small.csv", "--instance", "kms01"]);
    user.write("large.csv", csv_log(1000, 300_000));
    let mut import = start(&user, &["import", "large.csv", "--instance", "kms02"]);
    let (mut reads, mut queued) = (0, None);
    while import.try_wait().unwrap().is_none() {
        let visible = seen(&user);
        // The queued import may be first.
        assert!([10, 11, 300_010, 300_011].contains(&visible), "{visible}");
        reads += 1;
        if queued.is_none() {
            // Another import waits for its turn instead of failing.
            user.write("third.csv", csv_log(500, 1));
            queued = Some(start(&user, &["import", "third.csv", "--instance", "kms01"]));
        }
    }
    assert!(queued.unwrap().wait().unwrap().success());
    assert!(import.wait().unwrap().success());
    // A reader that had to wait for the end of the import would be the only one.
    assert!(reads > 1, "{reads}");
    assert_eq!(seen(&user), 300_011);
}
