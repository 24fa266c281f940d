//! Sessions: heartbeats, sharing, holding, queues, reservations, sites.

use super::*;

#[test]
fn a_heartbeat_may_come_to_the_last_second_and_not_after_it() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=3 keyLifeTime=300")]);
    let key = bench.login("ann", 1).unwrap().key;
    bench.at("2026-06-01T08:05:00Z");
    assert_eq!(bench.states(), [("ann".to_owned(), State::Running)]);
    bench.at("2026-06-01T08:05:01Z");
    assert_eq!(bench.states(), [("ann".to_owned(), State::Reclaimed)]);
    assert_eq!(bench.counts().used, 0);
    assert_eq!(bench.refresh(key, None), Err("SNTL_LICENSETERMINATED"));
    // A question only looked; the next call keeps what time did.
    bench.login("bob", 1).unwrap();
    assert_eq!(bench.usage(), [0, 2, 0]);
    bench.audit();
}

#[test]
fn tokens_are_issued_up_to_the_hard_limit_with_the_alerts_of_each() {
    let mut bench =
        Bench::new(DAY, &[license("AAAA", "numLicenses=3 softNumLicenses=2 isAdditive=0")]);
    let alerts = |bench: &mut Bench, user: &str| -> Vec<&'static str> {
        bench.ask(&request(user, 1)).unwrap().alerts.iter().map(|alert| alert.word()).collect()
    };
    assert_eq!(alerts(&mut bench, "ann"), ["appstart"]);
    assert_eq!(alerts(&mut bench, "bob"), ["appstart"]);
    assert_eq!(alerts(&mut bench, "cat"), ["appstart", "softlimit", "hardlimit"]);
    let denied = bench.ask(&request("dan", 1)).unwrap_err();
    assert_eq!(denied.code.symbol, NONE_LEFT);
    assert!(denied.detail.contains(&("alert", "denied".to_owned())));
    assert_eq!(bench.logout(2, None), Ok(1));
    assert_eq!(bench.login("dan", 2).unwrap_err(), "SNTL_INSUFFICIENTUNITS");
    assert!(bench.login("dan", 1).is_ok());
    assert_eq!(bench.usage(), [0, 0, 0, 1, 2, 1, 0]);
    bench.audit();
}

#[test]
fn an_unlimited_license_never_runs_out_and_has_no_hard_limit_to_reach() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=2097150")]);
    let granted = bench.ask(&request("ann", 3_000_000)).unwrap();
    assert_eq!(granted.alerts.len(), 1);
    assert!(bench.login("bob", 4_294_967_294).is_ok());
    assert_eq!(bench.total(), None);
}

#[test]
fn three_share_a_token_and_it_is_free_when_the_last_of_them_leaves() {
    let mut bench = Bench::new(
        DAY,
        &[license("AAAA", "numLicenses=2 sharingCrit=1 sharingLimit=3 isAdditive=0")],
    );
    let shares: Vec<Option<u32>> = (0..6).map(|_| bench.login("ann", 1).unwrap().shares).collect();
    assert_eq!(shares, [None, Some(1), Some(1), None, Some(4), Some(4)]);
    assert_eq!(bench.login("ann", 1).unwrap_err(), NONE_LEFT);
    assert_eq!(bench.counts().used, 2);
    assert_eq!((bench.logout(1, None), bench.logout(4, None)), (Ok(0), Ok(0)));
    assert_eq!((bench.logout(2, None), bench.counts().used), (Ok(0), 2));
    assert_eq!((bench.logout(3, None), bench.counts().used), (Ok(1), 1));
    assert_eq!(bench.refresh(1, None), Err("SNTL_LOGIN_SESSION_NOT_FOUND"));
    bench.audit();
}

#[test]
fn the_client_that_took_a_shared_token_may_miss_its_heartbeat_alone() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=2 sharingCrit=1 isAdditive=0")]);
    bench.login("ann", 1).unwrap();
    bench.login("ann", 1).unwrap();
    bench.at("2026-06-01T08:04:00Z");
    bench.refresh(2, None).unwrap();
    bench.at("2026-06-01T08:06:00Z");
    assert_eq!(bench.refresh(1, None), Err("SNTL_LICENSETERMINATED"));
    assert_eq!(bench.counts().used, 1);
    assert_eq!(bench.logout(2, None), Ok(1));
    assert_eq!(bench.refresh(1, None), Err("SNTL_LICENSETERMINATED"));
    bench.audit();
}

#[test]
fn fifty_clients_of_one_machine_share_one_token_without_a_limit() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=2 sharingCrit=2 isAdditive=0")]);
    let of = |user: usize, host: &str| {
        let mut request = request(&format!("user{user}"), 1);
        request.client.host = host.to_owned();
        request
    };
    for user in 0..50 {
        bench.ask(&of(user, "h1")).unwrap();
    }
    assert_eq!(bench.counts().used, 1);
    bench.ask(&of(0, "h2")).unwrap();
    assert_eq!(bench.counts().used, 2);
}

#[test]
fn a_held_token_is_for_the_very_client_that_gave_it_back() {
    let mut bench = Bench::new(
        "2026-06-01T09:00:00Z",
        &[license("AAAA", "numLicenses=1 holdingCrit=2 holdTime=600 keyLifeTime=100000")],
    );
    let key = bench.login("ann", 1).unwrap().key;
    assert_eq!(bench.logout(key, None), Ok(0));
    assert_eq!(bench.at("2026-06-01T09:05:00Z").login("bob", 1).unwrap_err(), NONE_LEFT);
    assert_eq!(bench.at("2026-06-01T09:06:00Z").login("ann", 1).unwrap().key, key);
    bench.at("2026-06-01T09:10:00Z").logout(key, None).unwrap();
    assert_eq!(bench.counts().held, 1);
    assert_eq!(bench.at("2026-06-01T09:12:00Z").login("ann", 2).unwrap_err(), NONE_LEFT);
    let mut elsewhere = request("ann", 1);
    elsewhere.client.host = "other".to_owned();
    let refused = bench.at("2026-06-01T09:13:00Z").ask(&elsewhere).unwrap_err();
    assert_eq!(refused.code.symbol, NONE_LEFT);
    assert_eq!(bench.at("2026-06-01T09:19:59Z").login("bob", 1).unwrap_err(), NONE_LEFT);
    assert!(bench.at("2026-06-01T09:20:00Z").login("bob", 1).is_ok());
    assert_eq!(bench.counts().held, 0);
    bench.audit();
}

#[test]
fn who_waits_is_served_in_turn_and_nobody_overtakes() {
    let settings = Settings { queue_max: Some(2), ..Settings::default() };
    let mut bench =
        Bench::new(DAY, &[license("AAAA", "numLicenses=2 isAdditive=0 keyLifeTime=100000")])
            .set(&settings);
    let (ann, bob) = (bench.login("ann", 1).unwrap().key, bench.login("bob", 1).unwrap().key);
    let cat = bench.queue("cat", 1, Queueing::GetOrQueue).unwrap().key;
    let dan = bench.queue("dan", 2, Queueing::Queue).unwrap().key;
    assert_eq!(bench.queue("eve", 1, Queueing::Queue).unwrap_err(), "SNTL_NOMORE_QUEUE_RESOURCES");
    let queue = |bench: &mut Bench| {
        let counts = bench.counts();
        (counts.queued, counts.lacking())
    };
    assert_eq!(queue(&mut bench), (2, 3));
    assert_eq!(bench.refresh(cat, None), Err("SNTL_QUEUED_HANDLE"));
    bench.logout(ann, None).unwrap();
    assert_eq!(queue(&mut bench), (2, 2));
    assert_eq!(bench.refresh(cat, None).unwrap().state, State::Running);
    assert_eq!(queue(&mut bench), (1, 2));
    bench.logout(bob, None).unwrap();
    assert_eq!(queue(&mut bench), (1, 1));
    assert_eq!(bench.login("fay", 1).unwrap_err(), NONE_LEFT);
    bench.logout(cat, None).unwrap();
    assert_eq!(queue(&mut bench), (1, 0));
    assert_eq!(bench.refresh(dan, None).unwrap().units, 2);
    assert_eq!(bench.counts().used, 2);
    assert_eq!(bench.usage(), [0, 0, 3, 3, 4, 2, 6, 2, 1, 2, 6]);
    bench.audit();
}

#[test]
fn what_is_kept_for_a_client_that_does_not_come_is_free_again() {
    let settings = Settings { queue_max: Some(2), ..Settings::default() };
    let mut bench =
        Bench::new(DAY, &[license("AAAA", "numLicenses=1 keyLifeTime=100000")]).set(&settings);
    let ann = bench.login("ann", 1).unwrap().key;
    let bob = bench.queue("bob", 1, Queueing::GetOrQueue).unwrap().key;
    bench.logout(ann, None).unwrap();
    bench.at("2026-06-01T08:01:00Z");
    assert_eq!(bench.states(), [("bob".to_owned(), State::Granted)]);
    bench.at("2026-06-01T08:01:01Z");
    assert!(bench.login("cat", 1).is_ok());
    assert_eq!(bench.refresh(bob, None), Err("SNTL_LOGIN_SESSION_NOT_FOUND"));
    assert_eq!(bench.usage(), [0, 3, 2, 7, 0]);
}

#[test]
fn a_request_that_may_wait_and_need_not_is_granted_at_once() {
    let settings = Settings { queue_max: Some(2), ..Settings::default() };
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=1")]).set(&settings);
    assert_eq!(bench.queue("ann", 1, Queueing::GetOrQueue).unwrap().state, State::Running);
    assert_eq!(bench.usage(), [5]);
}

fn group(name: &str, tokens: u64, members: &str) -> Group {
    let members: Vec<String> = members.split_whitespace().map(str::to_owned).collect();
    Group {
        feature: "cad".to_owned(),
        version: None,
        name: name.to_owned(),
        tokens,
        members: reservations::members(&members),
    }
}

#[test]
fn members_draw_from_their_reserve_and_others_from_the_rest() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=10")]);
    let groups = [group("eng", 4, "ann bob"), group("qa", 3, "cat")];
    bench.write(|tx, _| reservations::set(tx, "default", &groups)).unwrap();
    for _ in 0..3 {
        bench.login("dan", 1).unwrap();
    }
    assert_eq!(bench.login("dan", 1).unwrap_err(), NONE_LEFT);
    for _ in 0..4 {
        assert_eq!(bench.login("ann", 1).unwrap().group, "eng");
    }
    assert_eq!(bench.login("ann", 1).unwrap_err(), NONE_LEFT);
    assert_eq!(bench.counts().all_drawn(), 4);
    bench.audit();
}

#[test]
fn reservations_above_the_hard_limit_leave_nothing_for_others() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=10")]);
    let wanted = [group("eng", 8, "ann"), group("qa", 5, "cat")];
    let mut codes = Vec::new();
    for group in wanted {
        let warned = bench.write(|tx, now| reservations::put(tx, "default", group, now)).unwrap();
        codes.extend(warned.into_iter().map(|warning| warning.code));
    }
    assert_eq!(codes, ["W_RESERVATION_CLIPPED"]);
    assert_eq!(bench.login("dan", 1).unwrap_err(), NONE_LEFT);
    assert!(bench.login("cat", 2).is_ok());
    assert_eq!(bench.login("cat", 1).unwrap_err(), NONE_LEFT);
    assert!(bench.login("ann", 8).is_ok());
}

#[test]
fn a_client_that_a_group_shuts_out_is_excluded() {
    let mut bench = Bench::new(DAY, &[license("AAAA", "numLicenses=10")]);
    let groups = [group("banned", 0, "eve")];
    bench.write(|tx, _| reservations::set(tx, "default", &groups)).unwrap();
    assert_eq!(bench.login("eve", 1).unwrap_err(), "SNTL_USER_EXCLUDED");
}

#[test]
fn a_client_outside_of_the_site_gets_nothing() {
    let site = "numLicenses=10 numSubnets=2 siteLicenseInfo=10.1.*.*_192.168.7.*";
    let mut bench = Bench::new(DAY, &[license("AAAA", site)]);
    let mut from = |address: &str| {
        let mut request = request("ann", 1);
        request.client.address = Some(address.parse().unwrap());
        bench.ask(&request).map(|_| ()).map_err(|refusal| {
            assert!(refusal.detail.contains(&("reason", "site".to_owned())));
            refusal.code.symbol
        })
    };
    assert_eq!(from("10.1.9.4"), Ok(()));
    assert_eq!(from("192.168.7.250"), Ok(()));
    assert_eq!(from("192.168.70.2"), Err("SNTL_NO_LICENSE_GIVEN"));
    assert_eq!(from("fe80::1"), Err("SNTL_NO_LICENSE_GIVEN"));
}
