//! Usage logs that are run again, sessions that are asked about, captures that are read whole.

use super::{Bench, DAY, at, cad, license};
use crate::error::Outcome;
use crate::rms::catalog::queries::{Query, QueryVersion};
use crate::rms::model::license::{FeatureKey, Value};
use crate::rms::model::session::State;
use crate::rms::model::usage::UsageRecord;
use crate::rms::ops::info::{About, answer};
use crate::rms::ops::replay::{Replay, Replayed};
use crate::rms::ops::sessions;
use std::collections::BTreeMap;

/// A record of a log: seconds behind the first one, what happened, and who.
fn record(after: i64, transaction: i64, user: &str) -> UsageRecord {
    UsageRecord {
        time: at(DAY).s() + after,
        feature: cad(),
        transaction,
        units: Some(1),
        in_use: Some(0),
        key_life: None,
        user: user.to_owned(),
        host: format!("ws-{user}"),
        manager: "9.5.0".to_owned(),
        comment: String::new(),
        levels: [2, 0],
    }
}

fn replayed(bench: &mut Bench, log: &[UsageRecord]) -> Outcome<BTreeMap<FeatureKey, Replayed>> {
    bench.write(|tx, _| {
        let mut replay = Replay::begin(tx, "default")?;
        for record in log {
            replay.take(tx, record)?;
        }
        replay.end(tx)
    })
}

#[test]
fn a_log_that_is_run_again_with_fewer_tokens_tells_who_would_have_been_refused() {
    // Hours lie between the records: nobody is taken a token away for want of a heartbeat.
    let log = [
        record(0, 0, "ann"),
        record(3_600, 0, "bob"),
        record(7_200, 0, "cat"),
        record(7_300, 1, "dan"),
        record(10_000, 2, "ann"),
        record(10_100, 0, "eve"),
        record(20_000, 2, "cat"),
        record(20_000, 2, "bob"),
    ];
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=2 isAdditive=0 keyLifeTime=300")]);
    let found = replayed(&mut bench, &log).unwrap().remove(&cad()).unwrap();
    assert_eq!((found.requests, found.granted, found.denied, found.denied_then), (5, 3, 2, 1));
    assert_eq!((found.peak, found.peak_at), (2, Some(at(DAY).s() + 3_600)));
    assert_eq!(found.reasons, BTreeMap::from([("SNTL_NOLICENSESAVAILABLE", 2)]));
    // Eve's session is not ended by the log: it lives on by its heartbeats.
    bench.at("2026-06-01T13:33:20Z");
    assert_eq!(bench.states(), [("eve".to_owned(), State::Running)]);
    bench.at("2026-06-01T13:38:21Z");
    assert_eq!(bench.counts().used, 0);
    bench.audit();
}

#[test]
fn a_log_with_more_clients_at_once_than_wait_in_memory_counts_each_of_them() {
    let clients = 700;
    let name = |at: i64| format!("user{at}");
    let logins = (0..clients).map(|at| record(at, 0, &name(at)));
    let logouts = (0..clients).map(|at| record(clients + at, 2, &name(at)));
    let log: Vec<UsageRecord> = logins.chain(logouts).collect();
    let seats = "numLicenses=650 isAdditive=0";
    for (part, left) in [(clients, 650), (clients + 10, 640), (2 * clients, 0)] {
        let mut bench = Bench::new(DAY, &[license("A", seats)]);
        let taken: Vec<UsageRecord> = log.iter().take(part.try_into().unwrap()).cloned().collect();
        let found = replayed(&mut bench, &taken).unwrap().remove(&cad()).unwrap();
        assert_eq!((found.granted, found.denied, found.peak), (650, 50, 650));
        bench.pass(part);
        assert_eq!((bench.counts().used, bench.states().len()), (left, left.try_into().unwrap()));
        bench.audit();
    }
}

#[test]
fn a_request_that_was_refused_then_and_is_granted_now_is_given_back_at_once() {
    let log = [record(0, 0, "ann"), record(10, 1, "bob"), record(20, 0, "cat")];
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=2 isAdditive=0")]);
    let found = replayed(&mut bench, &log).unwrap().remove(&cad()).unwrap();
    assert_eq!((found.granted, found.denied, found.denied_then), (3, 0, 1));
    assert_eq!(bench.counts().used, 2);
}

#[test]
fn a_start_of_the_license_manager_gives_everything_back_and_encrypted_records_are_left_out() {
    let encrypted = UsageRecord { units: None, ..record(5, 0, "bob") };
    let log = [record(0, 0, "ann"), encrypted, record(10, -1, ""), record(20, 0, "cat")];
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=1 isAdditive=0")]);
    let found = replayed(&mut bench, &log).unwrap().remove(&cad()).unwrap();
    assert_eq!((found.requests, found.granted, found.denied), (2, 2, 0));
}

#[test]
fn a_feature_that_is_not_there_refuses_every_request_by_its_code() {
    let other = FeatureKey { name: "CAM".to_owned(), version: String::new() };
    let log = [UsageRecord { feature: other.clone(), ..record(0, 0, "ann") }];
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=1")]);
    let found = replayed(&mut bench, &log).unwrap().remove(&other).unwrap();
    assert_eq!((found.denied, found.total), (1, None));
    assert_eq!(found.reasons, BTreeMap::from([("SNTL_NO_SUCH_FEATURE", 1)]));
}

#[test]
fn a_session_tells_how_long_its_token_lives_without_a_heartbeat() {
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=3 isAdditive=0 keyLifeTime=300")]);
    bench.login("ann", 1).unwrap();
    bench.login("bob", 2).unwrap();
    bench.pass(60);
    let now = bench.now;
    let told = bench.store.read(|read| {
        let about = About { key: Some(1), ..About::default() };
        answer(read, "default", (Query::SessionInfo, QueryVersion::V1_1), &about, now)
    });
    let told = told.unwrap();
    assert!(told.is_root);
    let members: BTreeMap<&str, Value> = told.records[0].iter().cloned().collect();
    assert_eq!(members["keyTimeLeftInSecs"], Value::Number(240));
    assert_eq!(members["tokensInUse"], Value::Number(3));
    let unknown = bench.store.read(|read| sessions::show(read, "default", 9, now).map(|_| ()));
    assert_eq!(super::symbol(unknown.unwrap_err()), "SNTL_LOGIN_SESSION_NOT_FOUND");
    let shown = bench.store.read(|read| sessions::show(read, "default", 2, now)).unwrap();
    assert_eq!((shown.session.client.user.as_str(), shown.session.units), ("bob", 2));
}

#[test]
fn a_client_is_told_as_the_sample_of_the_page_tells_one() {
    let mut bench = Bench::new(DAY, &[license("A", "numLicenses=3 isAdditive=0 keyLifeTime=300")]);
    bench.login("ann", 1).unwrap();
    let now = bench.now;
    let told = bench.store.read(|read| {
        let feature =
            crate::rms::rules::request::feature(&crate::rms::model::query::FeatureText {
                index: Some("0".to_owned()),
                ..Default::default()
            })?;
        let about = About { feature: Some(feature), client: Some(0), ..About::default() };
        answer(read, "default", (Query::ClientInfo, QueryVersion::V1_1), &about, now)
    });
    let told = told.unwrap();
    let names: Vec<&str> = told.records[0].iter().map(|(name, _)| *name).collect();
    assert_eq!(names[17..], ["startTime", "endTime", "clientVendorUsageData", "vendorUsageData"]);
    let members: BTreeMap<&str, Value> = told.records[0].iter().cloned().collect();
    let start = at(DAY).s();
    for (name, number) in [
        ("isHolding", 1),
        ("isSharing", 0),
        ("sharedClientCount", 0),
        ("isCommuted", 0),
        ("startTime", start),
        ("endTime", start + 300),
    ] {
        assert_eq!(members[name], Value::Number(number), "{name}");
    }
}
