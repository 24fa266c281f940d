//! Check-outs, pools, revocations, named users, and what a node comes to.

use super::*;

fn checkout(user: &str, days: i64) -> CheckOut {
    CheckOut { client: request(user, 1).client, units: 1, days, selectors: 0, remote: false }
}

#[test]
fn a_check_out_ends_with_the_license_at_the_latest_and_comes_back_by_itself() {
    let commuter =
        "numLicenses=5 isCommuter=1 commuterMaxCheckoutDays=30 deathTime=2026-06-20T23:59:59Z";
    let mut bench = Bench::new("2026-06-01T00:00:00Z", &[license("AAAA", commuter)]);
    let take = |bench: &mut Bench, wanted: &CheckOut| {
        let done = bench.write(|tx, now| commuter::check_out(tx, "default", &cad(), wanted, now));
        done.map(|done| {
            let codes: Vec<&str> = done.warnings.iter().map(|warning| warning.code).collect();
            (Timestamp::from_s(done.session.due.unwrap() - 1).unwrap().to_string(), codes)
        })
        .map_err(symbol)
    };
    assert_eq!(
        take(&mut bench, &checkout("ann", 10)),
        Ok(("2026-06-11T00:00:00Z".to_owned(), vec![]))
    );
    assert_eq!(
        take(&mut bench, &checkout("bob", 30)),
        Ok(("2026-06-20T23:59:59Z".to_owned(), vec!["W_CLIPPED"]))
    );
    assert_eq!(take(&mut bench, &checkout("cat", 31)), Err("SNTL_VALUE_OUT_OF_RANGE"));
    assert_eq!(take(&mut bench, &checkout("ann", 1)), Err("SNTL_CLIENT_ALREADY_EXIST"));
    assert_eq!((bench.counts().commuted, bench.counts().used), (2, 2));
    bench.at("2026-06-11T00:00:00Z");
    assert_eq!(bench.counts().commuted, 2);
    bench.at("2026-06-11T00:00:01Z");
    assert_eq!((bench.counts().commuted, bench.counts().used), (1, 1));
    bench.audit();
}

#[test]
fn a_remote_check_out_is_extended_and_not_checked_in() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5 isCommuter=1")]);
    let remote = CheckOut { remote: true, ..checkout("ann", 2) };
    bench.write(|tx, now| commuter::check_out(tx, "default", &cad(), &remote, now)).unwrap();
    bench
        .write(|tx, now| commuter::check_out(tx, "default", &cad(), &checkout("bob", 2), now))
        .unwrap();
    let back = |bench: &mut Bench, user: &str| {
        let client = request(user, 1).client;
        let done = bench.write(|tx, now| commuter::check_in(tx, "default", &cad(), &client, now));
        done.map(|session| session.units).map_err(symbol)
    };
    assert_eq!(back(&mut bench, "ann"), Err("SNTL_REMOTE_CHECKOUT"));
    assert_eq!(back(&mut bench, "bob"), Ok(1));
    assert_eq!(back(&mut bench, "bob"), Err("SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST"));
    let extended =
        bench.write(|tx, now| commuter::extend(tx, "default", &cad(), (&remote.client, 3), now));
    assert_eq!(extended.unwrap().session.due, Some(at("2026-06-06T08:00:01Z").s()));
    assert_eq!(bench.usage(), [8, 8, 9]);
}

#[test]
fn a_license_that_does_not_allow_check_outs_gives_none() {
    let take = |bench: &mut Bench| {
        bench
            .write(|tx, now| commuter::check_out(tx, "default", &cad(), &checkout("ann", 1), now))
            .map(|_| ())
            .map_err(symbol)
    };
    let mut plain = Bench::new(DAY, &[license("AAAA", "numLicenses=5")]);
    assert_eq!(take(&mut plain), Err("SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE"));
    let off = Settings { commuter_allowed: Some(false), ..Settings::default() };
    let mut barred = Bench::new(DAY, &[license("AAAA", "numLicenses=5 isCommuter=1")]).set(&off);
    assert_eq!(take(&mut barred), Err("SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED"));
    let mut full = Bench::new(DAY, &[license("AAAA", "numLicenses=1 isCommuter=1")]);
    full.login("bob", 1).unwrap();
    assert_eq!(take(&mut full), Err("SNTL_COMMUTER_INSUFFICIENTUNITS"));
    let locked =
        "numLicenses=5 isCommuter=1 localRequestLockCritFlag=1 localRequestLockCritRequired=4";
    assert_eq!(
        take(&mut Bench::new(DAY, &[license("AAAA", locked)])),
        Err("SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND")
    );
}

#[test]
fn the_first_request_of_a_repository_license_checks_it_out() {
    let repository = "numLicenses=5 isStandalone=2 deathTime=2026-06-20T23:59:59Z";
    let mut bench = Bench::new(DAY, &[license("AAAA", repository)]);
    let session = bench.login("ann", 1).unwrap();
    assert_eq!((session.state, bench.counts().commuted), (State::Commuted, 1));
    bench.at("2026-06-10T00:00:00Z");
    assert_eq!(bench.counts().used, 1);
    let done = bench
        .write(|tx, now| commuter::check_in(tx, "default", &cad(), &request("ann", 1).client, now));
    assert_eq!(done.map(|_| ()).map_err(symbol), Ok(()));
    assert_eq!(bench.counts().used, 0);
}

#[test]
fn a_pool_without_its_majority_serves_nobody_and_ends_sessions_that_refresh() {
    let redundant = "numLicenses=20 isRedundant=1 majorityRule=1 numServers=5 keyLifeTime=100000";
    let mut bench = Bench::new(DAY, &[license("AAAA", redundant)]);
    let names: Vec<String> = (1..=5).map(|at| format!("lic{at}")).collect();
    let step = |bench: &mut Bench, step: pools::Step| {
        bench.write(|tx, _| pools::change(tx, "default", &step)).unwrap();
    };
    step(&mut bench, pools::Step::Set(names, false));
    let key = bench.login("ann", 8).unwrap().key;
    for name in ["lic1", "lic2"] {
        step(&mut bench, pools::Step::Fail(name.to_owned()));
    }
    assert!(bench.login("bob", 1).is_ok());
    step(&mut bench, pools::Step::Fail("lic3".to_owned()));
    assert_eq!(bench.login("cat", 1).unwrap_err(), "SNTL_MAJORITY_RULE_FAILURE");
    assert_eq!(bench.refresh(key, None), Err("SNTL_MAJORITY_RULE_FAILURE"));
    assert_eq!(bench.counts().used, 1);
    let now = bench.now;
    let asked = bench.store.read(|read| {
        pools::can_lose(
            read,
            "default",
            pools::Loss { names: &[], count: 1, half: None },
            None,
            now,
        )
    });
    let standing = asked.unwrap().remove(0);
    assert_eq!((standing.tolerance.now.up, standing.tolerance.now.needed), (2, 3));
}

#[test]
fn a_deferred_revocation_takes_the_license_at_its_second() {
    let mut bench =
        Bench::new("2026-06-01T09:00:00Z", &[license("AAAA", "numLicenses=5 isCommuter=1")]);
    let named = licenses::Named::Hash("AAAA".repeat(4));
    let defer = |bench: &mut Bench, days| {
        let how = revoke::How::Later(days);
        let done = bench.write(|tx, now| revoke::revoke(tx, "default", &named, how, now));
        done.map(|done| (done.code.symbol, done.planned)).map_err(symbol)
    };
    for days in [0, 31] {
        assert_eq!(defer(&mut bench, days), Err("SNTL_VALUE_OUT_OF_RANGE"));
    }
    assert_eq!(defer(&mut bench, 7), Ok(("SNTL_DEFERRED_REVOCATION_SUCCESS", Some(1_780_909_200))));
    assert_eq!(defer(&mut bench, 7), Err("SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE"));
    let out =
        bench.write(|tx, now| commuter::check_out(tx, "default", &cad(), &checkout("ann", 1), now));
    assert_eq!(
        out.map(|_| ()).map_err(symbol),
        Err("SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION")
    );
    assert!(bench.at("2026-06-08T08:59:59Z").login("ann", 1).is_ok());
    assert_eq!(
        bench.at("2026-06-08T09:00:00Z").login("bob", 1).unwrap_err(),
        "SNTL_NO_SUCH_FEATURE"
    );
    let again =
        bench.write(|tx, now| licenses::add(tx, "default", license("AAAA", "numLicenses=5"), now));
    assert_eq!(again.map(|_| ()).map_err(symbol), Err("SNTL_LICENSE_ALREADY_REVOKED"));
}

#[test]
fn a_revocation_at_once_needs_tokens_that_nobody_uses() {
    let named = licenses::Named::Hash("AAAA".repeat(4));
    let revoke = |bench: &mut Bench, units| {
        let how = revoke::How::Now(units);
        bench
            .write(|tx, now| revoke::revoke(tx, "default", &named, how, now))
            .map(|_| ())
            .map_err(symbol)
    };
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5")]);
    bench.login("ann", 2).unwrap();
    assert_eq!(revoke(&mut bench, Some(6)), Err("SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES"));
    assert_eq!(revoke(&mut bench, None), Err("SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT"));
    assert_eq!(revoke(&mut bench, Some(3)), Ok(()));
    assert_eq!(bench.total(), Some(2));
    let mut endless = Bench::new(DAY, &[license("AAAA", "numLicenses=2097150")]);
    assert_eq!(revoke(&mut endless, Some(1)), Err("SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ"));
    endless.login("ann", 1).unwrap();
    assert_eq!(revoke(&mut endless, None), Err("SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE"));
    let mut trial = Bench::new(DAY, &[license("AAAA", "licType=1 trialDays=3")]);
    assert_eq!(revoke(&mut trial, None), Err("SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED"));
}

#[test]
fn a_license_with_named_users_serves_these_alone() {
    let cloud = "numLicenses=5 isAdditive=3 userAccountLimit=2 licenseVersion=270532608";
    let mut bench = Bench::new(DAY, &[license("AAAA", cloud)]);
    let named = licenses::Named::Hash("AAAA".repeat(4));
    let add = |bench: &mut Bench, user: &str| {
        bench.write(|tx, _| revoke::add_user(tx, "default", &named, user)).map_err(symbol)
    };
    assert_eq!(bench.login("ann", 1).unwrap_err(), "SNTL_USER_NOT_ALLOWED");
    assert_eq!((add(&mut bench, "ann"), add(&mut bench, "bob")), (Ok(()), Ok(())));
    assert_eq!(add(&mut bench, "cat"), Err("SNTL_VALUE_OUT_OF_RANGE"));
    assert_eq!(add(&mut bench, "bob"), Ok(()));
    assert!(bench.login("ann", 1).is_ok());
    assert_eq!(bench.login("cat", 1).unwrap_err(), "SNTL_USER_NOT_ALLOWED");
}

#[test]
fn what_a_request_lacks_is_told_before_the_license_manager_is_asked() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5")]);
    assert_eq!(bench.login("ann", 0).unwrap_err(), "SNTL_VALUE_OUT_OF_RANGE");
    assert_eq!(bench.login(&"a".repeat(32), 1).unwrap_err(), "SNTL_EXCEEDS_MAX_SIZE");
    let asked = |bench: &mut Bench, name: &str| {
        let key = FeatureKey { name: name.to_owned(), version: String::new() };
        let done = bench
            .write(|tx, now| sessions::login(tx, "default", &key, (&request("ann", 1), 0), now));
        done.map(|_| ()).map_err(symbol)
    };
    assert_eq!(asked(&mut bench, &"f".repeat(25)), Err("SNTL_EXCEEDS_MAX_SIZE"));
    assert_eq!(asked(&mut bench, ""), Err("SNTL_APP_UNNAMED"));
    assert_eq!(asked(&mut bench, "cam"), Err("SNTL_NO_SUCH_FEATURE"));
    bench.write(|tx, _| servers::run(tx, "default", false)).unwrap();
    assert_eq!(bench.login("ann", 1).unwrap_err(), "SNTL_NO_SERVER_RUNNING");
}

#[test]
fn a_node_that_shrinks_keeps_its_sessions_and_gives_no_more() {
    let both = [
        license("AAAA", "numLicenses=3 isAdditive=0"),
        license("BBBB", "numLicenses=2 isAdditive=0 deathTime=2026-06-01T08:01:00Z"),
    ];
    let mut bench = Bench::new(DAY, &both);
    for user in ["ann", "bob", "cat", "dan", "eve"] {
        bench.login(user, 1).unwrap();
    }
    bench.at("2026-06-01T08:02:00Z");
    assert_eq!((bench.total(), bench.counts().used), (Some(3), 5));
    assert_eq!(bench.login("fay", 1).unwrap_err(), NONE_LEFT);
    assert!(bench.refresh(1, None).is_ok());
    assert_eq!(bench.refresh(1, Some(2)), Err("SNTL_LICENSE_UPGRADE_DENIED"));
    let removed = bench.write(|tx, now| {
        licenses::remove(tx, "default", &licenses::Named::Hash("AAAA".repeat(4)), now)
    });
    assert_eq!(removed.map(|_| ()).map_err(symbol), Err("SNTL_LICENSE_IN_USE"));
}

#[test]
fn units_are_given_back_in_parts_and_the_last_ends_the_session() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5")]);
    let key = bench.login("ann", 3).unwrap().key;
    assert_eq!(bench.logout(key, Some(4)), Err("SNTL_VALUE_OUT_OF_RANGE"));
    assert_eq!(bench.logout(key, Some(2)), Ok(2));
    assert_eq!(bench.refresh(key, Some(5)).unwrap().units, 5);
    assert_eq!(bench.logout(key, Some(5)), Ok(5));
    assert_eq!(bench.logout(key, None), Err("SNTL_LOGIN_SESSION_NOT_FOUND"));
    assert_eq!(bench.usage(), [0, 2]);
}

#[test]
fn a_session_that_an_administrator_ended_is_told_so() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5")]);
    let key = bench.login("ann", 1).unwrap().key;
    let whose = |user: &str| sessions::Whose { user: Some(user.to_owned()), ..Default::default() };
    let ended = bench.write(|tx, now| sessions::terminate(tx, "default", &whose("ann"), now));
    assert_eq!(ended.unwrap().len(), 1);
    assert_eq!(bench.refresh(key, None), Err("SNTL_USER_SESSION_TERMINATED"));
    assert_eq!(bench.counts().used, 0);
    let none = bench.write(|tx, now| sessions::terminate(tx, "default", &whose("ann"), now));
    assert_eq!(none.map(|_| ()).map_err(symbol), Err("SNTL_NO_SUCH_CLIENT"));
}

#[test]
fn refused_requests_are_counted_where_the_capacity_is_told() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=1")]);
    bench.login("ann", 1).unwrap();
    bench.login("bob", 1).unwrap_err();
    let now = bench.now;
    let mut told = Vec::new();
    let all = capacity::Asked { extent: capacity::Extent::All, since: now.plus_days(-1), near: 90 };
    let asked = bench.store.read(|read| {
        capacity::each(read, "default", all, now, &mut |one| {
            told.push((one.state.word(), one.denied));
            Ok(Flow::Continue(()))
        })
    });
    asked.unwrap();
    assert_eq!(told, [("EXHAUSTED", 1)]);
}

#[test]
fn a_feature_answers_with_what_its_node_comes_to() {
    use crate::rms::catalog::queries::{Query, QueryVersion};
    use crate::rms::model::query::FeatureScope;
    use crate::rms::ops::info::{About, answer};
    let both = [
        license("AAAA", "numLicenses=10 softNumLicenses=8 isAdditive=0"),
        license("BBBB", "numLicenses=5 softNumLicenses=5 isAdditive=0"),
    ];
    let mut bench = Bench::new(DAY, &both);
    bench.login("ann", 2).unwrap();
    let scope = FeatureScope { index: Some(0), ..FeatureScope::default() };
    let mut about = About { feature: Some(scope), client: Some(0), ..About::default() };
    let now = bench.now;
    let mut ask = |query, about: &About| {
        let asked = bench
            .store
            .read(|read| answer(read, "default", (query, QueryVersion::V1_0), about, now));
        let record = asked.map(|info| info.records.into_iter().next().unwrap()).map_err(symbol)?;
        Ok(record.into_iter().collect::<std::collections::BTreeMap<_, _>>())
    };
    let feature = ask(Query::FeatureInfo, &about).unwrap();
    assert_eq!(feature["numLicenses"], Value::Number(15));
    assert_eq!(feature["softNumLicenses"], Value::Number(13));
    assert_eq!(feature["licFromFreePool"], Value::Number(2));
    assert_eq!(feature["commuterKeysLeft"], Value::Number(13));
    assert!(!feature.contains_key("licenseHash") && !feature.contains_key("licenseState"));
    let client = ask(Query::ClientInfo, &about).unwrap();
    assert_eq!(client["userName"], Value::Text("ann".to_owned()));
    // An inverted boolean: 1 is not held.
    assert_eq!((&client["isHolding"], &client["numUnits"]), (&Value::Number(1), &Value::Number(2)));
    about.client = Some(1);
    assert_eq!(ask(Query::ClientInfo, &about), Err("SNTL_NO_MORE_CLIENTS"));
    assert_eq!(ask(Query::ServerPoolInfo, &about), Err("SNTL_NON_REDUNDANT_SRVR"));
    assert_eq!(ask(Query::TrialInfo, &about), Err("SNTL_NO_TRIAL_INFO"));
    let status = ask(Query::StatusInfo, &About { status: Some(210_139), ..About::default() });
    assert_eq!(
        status.unwrap()["statusMessage"],
        Value::Text("end of the license enumeration".to_owned())
    );
    let unknown = ask(Query::StatusInfo, &About { status: Some(210_046), ..About::default() });
    assert_eq!(unknown, Err("SNTL_UNKNOWN_STATUS"));
}

#[test]
fn a_new_leader_knows_how_many_tokens_were_issued_before_it_and_takes_over_what_is_renewed() {
    let redundant = "numLicenses=20 isRedundant=1 numServers=2 keyLifeTime=300";
    let mut bench = Bench::new(DAY, &[license("AAAA", redundant)]);
    let names = ["lic1", "lic2"].map(str::to_owned).to_vec();
    let step = |bench: &mut Bench, step: pools::Step| {
        bench.write(|tx, _| pools::change(tx, "default", &step)).unwrap();
    };
    let ledger = |bench: &mut Bench| {
        let now = bench.now;
        let asked = bench.store.read(|read| {
            pools::can_lose(
                read,
                "default",
                pools::Loss { names: &[], count: 1, half: None },
                None,
                now,
            )
        });
        let issued = asked.unwrap().remove(0).issued;
        (issued.by_leader, issued.before, 20 - issued.by_leader - issued.before)
    };
    step(&mut bench, pools::Step::Set(names, false));
    bench.login("early", 1).unwrap();
    bench.at("2026-06-01T08:02:00Z");
    for user in 0..7 {
        bench.login(&format!("user{user}"), 1).unwrap();
    }
    assert_eq!(ledger(&mut bench), (8, 0, 12));
    step(&mut bench, pools::Step::Fail("lic1".to_owned()));
    assert_eq!(ledger(&mut bench), (0, 8, 12));
    bench.at("2026-06-01T08:04:00Z");
    bench.refresh(2, None).unwrap();
    assert_eq!(ledger(&mut bench), (1, 7, 12));
    bench.login("new", 1).unwrap();
    assert_eq!(ledger(&mut bench), (2, 7, 11));
    // The first client never renews.
    bench.at("2026-06-01T08:05:01Z");
    assert_eq!(ledger(&mut bench), (2, 6, 12));
    bench.audit();
}

#[test]
fn a_check_out_that_is_installed_is_a_license_of_the_client_until_it_is_checked_in() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=5 isCommuter=1")]);
    let done = bench.write(|tx, now| {
        let done = commuter::check_out(tx, "default", &cad(), &checkout("ann", 10), now)?;
        commuted::install(tx, "default", &cad(), &done.session, now)
    });
    let installed = done.unwrap().elements;
    let number = |name: &str| installed.number(named(name).unwrap());
    assert_eq!(installed.text(named("commutedFromServer").unwrap()), "default");
    assert_eq!((number("numLicenses"), number("isCommuter")), (1, 0));
    assert_eq!(number("birthTime"), at(DAY).s());
    assert_eq!(number("deathTime"), at("2026-06-11T08:00:00Z").s());
    let remove = |bench: &mut Bench| {
        let first = licenses::Named::At(0, 0);
        bench
            .write(|tx, now| licenses::remove(tx, "no-net", &first, now))
            .map(|_| ())
            .map_err(symbol)
    };
    assert_eq!(remove(&mut bench), Err("SNTL_LICENSE_DELETION_NOT_ALLOWED"));
    let back = bench.write(|tx, now| {
        let done = commuter::check_in(tx, "default", &cad(), &request("ann", 1).client, now)?;
        commuted::uninstall(tx, "default", &cad(), &done)
    });
    assert!(back.unwrap());
    assert_eq!(remove(&mut bench), Err("SNTL_NO_MORE_FEATURES"));
}
