//! Taking changes back: what nothing depends on goes, what something depends on stays, and an undo can be undone.

use crate::support::{User, csv_log};

fn seen(user: &User) -> usize {
    user.ok(&["kms", "event", "list", "-o", "name"]).lines().count()
}

#[test]
fn an_import_is_one_change_and_goes_as_one() {
    let user = User::new();
    user.write("a/one.csv", csv_log(1, 10));
    user.write("a/two.csv", csv_log(100, 10));
    user.ok(&["import", "a", "--instance", "kms01"]);
    let before = user.ok(&["kms", "threshold", "-o", "json"]);
    assert_eq!(seen(&user), 20);
    user.ok(&["undo"]);
    assert_eq!(seen(&user), 0);
    assert_eq!(user.json(&["kms", "client", "list"])["items"].as_array().unwrap().len(), 0);
    assert_eq!(user.run(&["store", "check"]).status, 0);
    user.ok(&["undo", "2"]);
    assert_eq!(user.ok(&["kms", "threshold", "-o", "json"]), before);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn an_import_that_a_later_one_met_again_is_not_taken_back_under_it() {
    let user = User::new();
    user.write("week1.csv", csv_log(1, 10));
    user.write("weeks.csv", csv_log(5, 10));
    user.ok(&["import", "week1.csv", "--instance", "kms01"]);
    user.ok(&["import", "weeks.csv", "--instance", "kms01"]);
    let answer = user.run(&["undo", "1"]);
    assert_eq!(answer.status, 1);
    assert!(
        answer.err.contains("change 2") && answer.err.contains("licctl undo 2"),
        "{}",
        answer.err
    );
    assert_eq!(seen(&user), 14);
    user.ok(&["undo", "2"]);
    user.ok(&["undo", "1"]);
    assert_eq!(seen(&user), 0);
}

#[test]
fn rows_that_an_undo_hid_come_with_the_next_import_of_the_same_log() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 10));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    user.ok(&["undo"]);
    let again = user.json(&["import", "log.csv", "--instance", "kms01"]);
    assert_eq!(again["items"][0]["sections"]["requests"]["added"], 10);
    assert_eq!(seen(&user), 10);
    // The first import cannot come back beside the second: its rows are the second's now.
    assert_eq!(user.run(&["undo", "2"]).status, 1);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn what_was_taken_back_twice_or_never_done_is_told() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 10));
    assert_eq!(user.run(&["undo"]).status, 4, "there is no store yet");
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    user.ok(&["undo", "1"]);
    let answer = user.run(&["undo", "1"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("taken back by change 2"), "{}", answer.err);
    assert_eq!(user.run(&["undo", "77"]).status, 2);
}

#[test]
fn a_rehearsal_gives_the_same_answer_and_stores_nothing() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 10));
    let rehearsed = user.json(&["import", "log.csv", "--instance", "kms01", "--dry-run"]);
    assert_eq!(rehearsed["dryRun"], true);
    assert!(!user.store().exists(), "a rehearsal leaves no file");
    let real = user.json(&["import", "log.csv", "--instance", "kms01"]);
    assert_eq!(rehearsed["items"], real["items"]);
    user.write("more.csv", csv_log(100, 10));
    user.ok(&["import", "more.csv", "--instance", "kms01", "--dry-run"]);
    assert_eq!(seen(&user), 10);
    user.ok(&["undo", "--dry-run"]);
    assert_eq!(seen(&user), 10);
}

#[test]
fn the_order_and_the_split_of_imports_do_not_matter() {
    let whole = User::new();
    whole.write("all.csv", csv_log(1, 60));
    whole.ok(&["import", "all.csv", "--instance", "kms01"]);
    let expected = whole.ok(&["kms", "client", "list", "-o", "json"]);
    for order in [[1_u32, 21, 41], [41, 1, 21], [21, 41, 1]] {
        let user = User::new();
        for from in order {
            let name = format!("{from}.csv");
            // Each piece overlaps the next one.
            user.write(
                &name,
                csv_log(from, 20.min(61 - from) + 3.min(41_u32.saturating_sub(from))),
            );
            user.ok(&["import", &name, "--instance", "kms01"]);
        }
        assert_eq!(user.ok(&["kms", "client", "list", "-o", "json"]), expected, "{order:?}");
        let again = user.json(&["import", "1.csv", "--instance", "kms01"]);
        assert_eq!(again["items"][0]["sections"]["requests"]["added"], 0);
    }
}

#[test]
fn forgotten_history_is_gone_for_good_and_says_so() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 10));
    user.ok(&["import", "log.csv", "--instance", "kms01", "--now", "2025-01-01T00:00:00Z"]);
    user.ok(&["undo", "--now", "2025-01-02T00:00:00Z"]);
    assert_eq!(user.run(&["log", "prune", "--older-than", "30d"]).status, 2, "it asks");
    user.ok(&["log", "prune", "--older-than", "30d", "--yes"]);
    let info = user.json(&["store", "info"]);
    let rows = info["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|table| table["name"] == "kms_requests")
        .unwrap()["rows"]
        .clone();
    assert_eq!(rows, 0);
    assert_eq!(user.run(&["undo", "1"]).status, 2);
}

#[test]
fn an_import_that_brings_nothing_new_is_no_change_and_the_next_one_is() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 10));
    user.write("more.csv", csv_log(100, 10));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    for _ in 0..3 {
        user.ok(&["import", "log.csv", "--instance", "kms01"]);
    }
    user.ok(&["import", "more.csv", "--instance", "kms01"]);
    let changes = user.json(&["log"]);
    assert_eq!(changes["items"].as_array().unwrap().len(), 2);
    assert_eq!(seen(&user), 20);
}

#[test]
fn dns_data_says_the_same_whatever_came_first_and_goes_with_its_import() {
    let zone = "$ORIGIN corp.example.\n$TTL 1h\n@ IN SOA dc01 root ( 1 900 600 86400 3600 )\n\
         _vlmcs._tcp IN SRV 0 0 1688 kms1\n_vlmcs._tcp IN SRV 0 0 1700 kms1\nkms1 IN A 192.0.2.1\n";
    let dig =
        ";; ANSWER SECTION:\n_vlmcs._tcp.corp.example. 3590 IN SRV 0 0 1688 kms1.corp.example.\n";
    let told = |first: &[(&str, &str)]| {
        let user = User::new();
        user.write("zone.txt", zone);
        user.write("dig.txt", dig);
        for (file, taken) in first {
            user.ok(&["kms", "import", file, "--taken-at", taken]);
        }
        let answer = user.run(&["kms", "dns-check", "-o", "json"]).out;
        for _ in first {
            user.ok(&["undo"]);
        }
        assert_eq!(user.run(&["kms", "dns-check"]).status, 2, "nothing is left");
        answer
    };
    let (day, next) = ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    for [early, late] in [[day, day], [day, next], [next, day]] {
        let one = told(&[("zone.txt", early), ("dig.txt", late)]);
        assert_eq!(one, told(&[("dig.txt", late), ("zone.txt", early)]));
        let records = serde_json::from_str::<serde_json::Value>(&one).unwrap();
        let hosts = records["records"].as_array().unwrap().iter();
        let hosts = hosts.filter(|record| record["type"] == "SRV").count();
        assert_eq!(hosts, if early == day && late == next { 1 } else { 2 });
    }
}
