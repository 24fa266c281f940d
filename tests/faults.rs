//! The n-th call of the store fails, n = 0, 1, 2 … until none does: the state is old or new, never between. And files that are
//! cut at every byte.

use crate::support::{Answer, User, csv_log, licctl};
use licctl::api::{About, Hints, Source};
use licctl::apis;
use licctl::clock::Timestamp;
use licctl::error::{Outcome, Stop};
use licctl::store::sqlite::{Engine, Purpose, Sqlite};
use licctl::store::testing::Faulty;
use licctl::store::{Change, Extent, Intent, SecretRows, Store};
use std::path::{Path, PathBuf};

fn change() -> Change {
    Change {
        command: "test".to_owned(),
        now: Timestamp::parse(crate::support::NOW).unwrap(),
        intent: Intent::Store,
    }
}

fn healthy(path: &Path) -> Store {
    Store::at(path.to_owned(), true, apis::tables())
}

/// A store whose engine fails after `calls` calls.
fn failing(path: &Path, calls: u64) -> Store {
    healthy(path).opened_by(move |path, purpose, _: Extent| {
        let path = path.expect("a file");
        let inner: Box<dyn Engine> = match purpose {
            Purpose::Read => Box::new(Sqlite::open_read(path)?),
            Purpose::Write => Box::new(Sqlite::open_write(path)?),
        };
        Ok(Box::new(Faulty::new(inner, calls)))
    })
}

/// Imports a small log, as the command does.
fn import(store: &mut Store, text: &str) -> Outcome<Option<i64>> {
    let api = apis::find("kms").unwrap();
    let kind = api.kinds.iter().find(|kind| kind.name == "kms.event-csv").unwrap();
    let about = About {
        name: "log.csv".to_owned(),
        number: 1,
        folder: Some("kms01".to_owned()),
        size: 0,
        modified: None,
    };
    store
        .import(&change(), |tx| {
            let mut intake = (api.intake)(&Hints::default());
            let brought = intake.file(kind, &about, Source::Text(&mut text.as_bytes()), tx)?;
            if !brought.notes.complaints.is_empty() {
                return Err(brought.notes.complaints.into());
            }
            intake.finish(tx)
        })
        .map(|((), number)| number)
}

/// Everything that the store holds, as text.
fn state(path: &Path) -> String {
    let mut text = Vec::new();
    healthy(path).export(&mut text, SecretRows::Taken).unwrap();
    String::from_utf8(text).unwrap()
}

fn prepared(user: &User) -> PathBuf {
    let path = user.store();
    import(&mut healthy(&path), &csv_log(1, 5)).unwrap();
    path
}

#[test]
fn an_import_that_fails_anywhere_leaves_the_store_as_it_was() {
    let user = User::new();
    let path = prepared(&user);
    let before = state(&path);
    let log = csv_log(3, 8);
    let mut failures = 0;
    for calls in 0.. {
        match import(&mut failing(&path, calls), &log) {
            Err(Stop::Fault(_)) => {
                failures += 1;
                assert_eq!(state(&path), before, "after {calls} calls");
            }
            Err(other) => panic!("after {calls} calls: {other:?}"),
            Ok(number) => {
                assert_eq!(number, Some(2));
                break;
            }
        }
        assert!(calls < 500, "it never succeeds");
    }
    assert!(failures > 10, "only {failures} places can fail");
    assert!(healthy(&path).check().unwrap().is_empty());
    assert_ne!(state(&path), before);
}

#[test]
fn an_undo_that_fails_anywhere_leaves_the_store_as_it_was() {
    let user = User::new();
    let path = prepared(&user);
    let before = state(&path);
    for calls in 0.. {
        match failing(&path, calls).undo(&change(), None) {
            Err(Stop::Fault(_)) => assert_eq!(state(&path), before, "after {calls} calls"),
            Err(other) => panic!("after {calls} calls: {other:?}"),
            Ok(_) => break,
        }
        assert!(calls < 500, "it never succeeds");
    }
    assert!(healthy(&path).check().unwrap().is_empty());
}

#[test]
fn a_reader_that_fails_anywhere_says_so() {
    let user = User::new();
    let path = prepared(&user);
    for calls in 0..2 {
        assert!(
            failing(&path, calls)
                .read(|read| read
                    .all("select name from kms_hosts", &[], |row| row.text(0).map(str::to_owned)))
                .is_err()
        );
    }
}

#[test]
fn a_log_cut_at_every_byte_never_panics_and_never_stores_half_of_it() {
    let user = User::new();
    let log = csv_log(1, 4);
    let whole = log.len();
    for cut in 0..=whole {
        let path = user.path(&format!("cut-{cut}.db"));
        let before = path.exists();
        let outcome = import(&mut healthy(&path), &log[..cut]);
        assert!(!before);
        if let Err(stop) = outcome {
            assert_eq!(stop.status(), 3, "cut at {cut}: {stop:?}");
            let rows = healthy(&path)
                .info()
                .unwrap()
                .tables
                .iter()
                .find(|table| table.name == "kms_requests")
                .unwrap()
                .rows;
            assert_eq!(rows, 0, "cut at {cut}");
        }
        for suffix in ["", "-import"] {
            let _ = std::fs::remove_file(user.path(&format!("cut-{cut}.db{suffix}")));
        }
    }
}

#[test]
fn a_store_of_an_older_layout_is_taken_forward_after_a_backup() {
    let user = User::new();
    let path = user.store();
    {
        let mut engine = Sqlite::open_write(&path).unwrap();
        let first = licctl::store::schema::STEPS.first().unwrap();
        engine.script(first.sql).unwrap();
        engine
            .script(&format!(
                "pragma application_id = {}; pragma user_version = 1;",
                licctl::store::schema::APPLICATION_ID
            ))
            .unwrap();
    }
    let answer = user.run(&["status"]);
    assert_eq!(answer.status, 4, "a reader does not migrate: {}", answer.err);
    assert!(answer.err.contains("older"), "{}", answer.err);
    import(&mut healthy(&path), &csv_log(1, 2)).unwrap();
    assert!(user.path("store.v1.backup").exists());
    assert_eq!(user.run(&["status"]).status, 0);
    assert_eq!(layout(&path), layout_of_new(&user));
}

#[test]
fn the_version_is_told_whatever_the_settings_are() {
    let user = User::new();
    user.write("licctl.toml", "[kms");
    let plain = format!("licctl {}\n", licctl::cli::VERSION);
    for flag in ["--version", "-V"] {
        let answer = Answer::of(&user.clean(licctl()).arg(flag).output().unwrap());
        assert_eq!(
            (answer.status, answer.out.as_str(), answer.err.as_str()),
            (0, plain.as_str(), "")
        );
    }
    std::fs::remove_file(user.path("licctl.toml")).unwrap();
    let mut command = user.clean(licctl());
    let answer =
        Answer::of(&command.arg("--version").env("LICCTL_OUTPUT", "json").output().unwrap());
    let document: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(document["version"], licctl::cli::VERSION);
}

#[test]
fn licenses_of_an_older_store_are_found_by_their_hashes_once_it_is_taken_forward() {
    let user = User::new();
    let license = |version: &str, hash: &str| {
        format!(
            "<sentinelInfo><feature><featureName>CAD</featureName><featureVersion>{version}</featureVersion>\
             <numLicenses>5</numLicenses><licenseHash>{hash}</licenseHash></feature></sentinelInfo>"
        )
    };
    for (name, version, hash) in
        [("first.xml", "1.0", "AAAA000000000000"), ("second.xml", "2.0", "BBBB000000000000")]
    {
        user.write(name, license(version, hash));
        user.ok(&["rms", "import", name, "--server", "lic01"]);
    }
    let new = layout(&user.store());
    // As layout 10 had it.
    Sqlite::open_write(&user.store())
        .unwrap()
        .script(
            "drop table rms_hashes; create index rms_loaded_hash on rms_loaded(server, hash); pragma user_version = 10;",
        )
        .unwrap();
    user.write("third.xml", license("3.0", "CCCC000000000000"));
    user.ok(&["rms", "import", "third.xml", "--server", "lic01"]);
    assert!(user.path("store.v10.backup").exists());
    assert_eq!(layout(&user.store()), new);
    for (version, hash) in [("1.0", "AAAA000000000000"), ("3.0", "CCCC000000000000")] {
        let query = ["rms", "query", "licenseInfo", "--feature", "CAD", "--version", version];
        let query = [&query[..], &["--hash", hash, "--server", "lic01", "-o", "json"]].concat();
        assert!(user.ok(&query).contains(hash), "{hash}");
    }
}

#[test]
fn the_units_of_an_older_store_are_what_its_requests_add_up_to_once_it_is_taken_forward() {
    let user = User::new();
    for (host, from) in [("kms01", 1), ("kms02", 20)] {
        let log = csv_log(from, 40);
        // Everybody asks again a month later; one is refused then, another both times.
        let (_, requests) = log.split_once('\n').unwrap();
        let log = format!("{log}{}", requests.replace("2026-03-", "2026-04-"))
            .replace("2026-04-01T01:00:00Z,1,\"0x0,", "2026-04-01T01:00:00Z,1,\"0xC004F042,")
            .replace("Z,59,\"0x0,", "Z,59,\"0xC004F042,");
        user.write("log.csv", log);
        user.ok(&["kms", "import", "log.csv", "--machine", host]);
    }
    let new = layout(&user.store());
    let answer = user.ok(&["kms", "threshold", "--now", "2026-04-04T00:00:00Z", "-o", "json"]);
    // As layout 12 had it.
    Sqlite::open_write(&user.store())
        .unwrap()
        .script(
            "create table kms_units(client integer not null references kms_clients, sku integer not null references kms_skus, \
             host integer not null references kms_hosts, rows integer not null, first_ms integer not null, \
             last_ms integer not null, required integer not null, valid_first_ms integer, valid_last_ms integer, \
             valid_record integer, valid_status integer, valid_minutes integer, valid_virtual_machine integer, \
             primary key(client, sku, host)) strict, without rowid; \
             create temp view every as select *, time_s * 1000 + ms as at from kms_requests; \
             insert into kms_units select a.client, a.sku, a.host, count(*), min(a.at), max(a.at), max(a.required), \
             (select min(at) from every v where v.hresult = 0 and (v.client, v.sku, v.host) = (a.client, a.sku, a.host)), \
             n.at, n.record, n.status, n.minutes, n.virtual_machine from every a left join \
             (select client, sku, host, max(at) as at, record, status, minutes, virtual_machine from every where hresult = 0 \
             group by 1, 2, 3) n on (n.client, n.sku, n.host) = (a.client, a.sku, a.host) group by 1, 2, 3; \
             drop view every; drop table kms_totals; drop table kms_sequences; pragma user_version = 12;",
        )
        .unwrap();
    user.write("more.csv", csv_log(100, 1));
    user.ok(&["kms", "import", "more.csv", "--machine", "kms01"]);
    assert!(user.path("store.v12.backup").exists());
    assert_eq!(layout(&user.store()), new);
    user.ok(&["store", "check"]);
    user.ok(&["undo"]);
    user.ok(&["store", "check"]);
    let again = user.ok(&["kms", "threshold", "--now", "2026-04-04T00:00:00Z", "-o", "json"]);
    assert_eq!(again, answer);
}

#[test]
fn a_log_in_order_is_judged_the_same_whether_that_is_known_or_not() {
    let user = User::new();
    let later = |text: String| text.replace("2026-03-", "2026-04-");
    let rows = |text: &str| -> Vec<String> { text.lines().skip(1).map(str::to_owned).collect() };
    let log = |rows: &[String]| format!("TimeCreated,RecordId,Info\n{}\n", rows.join("\n"));
    let (march, april) = (rows(&csv_log(1, 300)), rows(&later(csv_log(301, 300))));
    let backwards: Vec<String> = march.iter().chain(&april).rev().cloned().collect();
    let stepped: Vec<String> = april.iter().cloned().chain(rows(&csv_log(601, 60))).collect();
    let files = [
        ("onward", log(&march), log(&april)),
        ("later first", log(&april), log(&march)),
        ("backwards", log(&backwards), log(&[])),
        ("stepped back", log(&stepped), log(&march)),
        ("twice", log(&march), log(&rows(&csv_log(1, 600)))),
    ];
    for (host, first, second) in files {
        for (name, text) in [("first.csv", first), ("second.csv", second)] {
            user.write(name, text);
            user.run(&["kms", "import", name, "--machine", host]);
        }
    }
    let known = |user: &User| -> Vec<String> {
        healthy(&user.store())
            .read(|read| {
                let sql = "select h.name || ' ' || first_record || '-' || last_record from kms_sequences s \
                     join kms_hosts h on h.id = s.host order by h.name";
                read.all(sql, &[], |row| row.text(0).map(str::to_owned))
            })
            .unwrap()
    };
    let in_order = ["backwards 1-600", "later first 1-600", "onward 1-600", "twice 1-600"];
    assert_eq!(known(&user), in_order);
    let answers = |user: &User| -> Vec<String> {
        let at = ["2026-02-01", "2026-03-20", "2026-04-25", "2026-05-10", "2026-07-01"];
        let check = |day: &str| {
            let now = format!("{day}T00:00:00Z");
            user.run(&["check", "--domain", "kms", "--now", &now, "-o", "json"]).out
        };
        at.into_iter().map(check).collect()
    };
    let told = answers(&user);
    assert!(told[2].contains("stepped back"), "{}", told[2]);
    user.ok(&["store", "check"]);
    // As layout 13 had it, and then as if nothing were known.
    let script = |sql: &str| Sqlite::open_write(&user.store()).unwrap().script(sql).unwrap();
    script("drop table kms_sequences; pragma user_version = 13;");
    user.write("other.csv", csv_log(1, 1));
    user.ok(&["kms", "import", "other.csv", "--machine", "other"]);
    assert_eq!(
        known(&user),
        [&["backwards 1-600", "later first 1-600", "onward 1-600", "other 1-1"], &in_order[3..]]
            .concat()
    );
    user.ok(&["undo"]);
    assert_eq!(known(&user), in_order, "what was taken back is forgotten");
    assert_eq!(answers(&user), told);
    script("delete from kms_sequences");
    assert_eq!(answers(&user), told);
    script(
        "insert into kms_sequences select id, 1, 0, 9, 0 from kms_hosts where name = 'stepped back'",
    );
    assert_eq!(user.run(&["store", "check"]).status, 1);
}

/// The statements that made a store's tables.
fn layout(path: &Path) -> Vec<String> {
    healthy(path)
        .read(|read| {
            read.all("select coalesce(sql, '') from sqlite_schema order by name", &[], |row| {
                row.text(0).map(str::to_owned)
            })
        })
        .unwrap()
}

fn layout_of_new(user: &User) -> Vec<String> {
    let path = user.path("new.db");
    import(&mut healthy(&path), &csv_log(1, 2)).unwrap();
    layout(&path)
}
