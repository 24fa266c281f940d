//! What a license says of its use: virtual machines, the clock, leases, trials, grace.

use super::*;

#[test]
fn a_node_has_as_many_tokens_as_the_license_gives_it() {
    let locked = "numLicenses=10 isNodeLocked=3 clLockInfo=0x1a2b3c4d(2#)_0x99887766";
    let mut bench = Bench::new(DAY, &[license("AAAA", locked)]);
    let mut from = |id: &str| {
        let mut request = request("ann", 1);
        request.client.host_id = id.to_owned();
        bench.ask(&request).map(|_| ()).map_err(|refusal| refusal.code.symbol)
    };
    assert_eq!((from("0x1A2B3C4D"), from("0x1a2b3c4d")), (Ok(()), Ok(())));
    assert_eq!(from("0x1A2B3C4D"), Err(NONE_LEFT));
    for _ in 0..5 {
        assert_eq!(from("0x99887766"), Ok(()));
    }
    assert_eq!(from("0x1"), Err("SNTL_APP_NODE_LOCKED"));
    assert_eq!(from(""), Err("SNTL_APP_NODE_LOCKED"));
}

#[test]
fn a_virtual_machine_and_a_clock_are_looked_at_where_the_license_says_so() {
    let mut bench =
        Bench::new(DAY, &[license("AAAA", "numLicenses=10 vmDetection=1 checkTimeTamper=0")]);
    assert!(bench.login("ann", 1).is_ok());
    let on_vm = Settings { is_virtual_machine: Some(true), ..Settings::default() };
    let mut bench = bench.set(&on_vm);
    assert_eq!(bench.login("ann", 1).unwrap_err(), "SNTL_VIRTUAL_MACHINE_IS_DETECTED");
    // More than a day behind what the License Manager has seen.
    bench.at("2026-05-31T07:59:59Z");
    assert_eq!(bench.login("ann", 1).unwrap_err(), "SNTL_CLK_TAMP_FOUND");
}

#[test]
fn a_lease_that_ended_is_synchronized_and_not_renewed() {
    let lease = "numLicenses=5 licSource=1 birthTime=2026-02-01T08:00:00Z deathTime=2026-05-02T08:00:00Z \
                 activationBirthTime=2026-01-31T10:00:00Z activationExpiryTime=2027-01-30T10:00:00Z";
    let mut bench = Bench::new("2026-05-03T00:00:00Z", &[license("AAAA", lease)]);
    let refused = bench.ask(&request("ann", 1)).unwrap_err();
    assert_eq!(refused.code.symbol, "SNTL_LICENSE_EXPIRED");
    assert!(
        refused.message.contains("the license itself runs to 2027-01-30"),
        "{}",
        refused.message
    );
}

#[test]
fn a_trial_of_days_is_over_at_midnight() {
    let trial = "licType=1 numLicenses=5 trialDays=30 isAdditive=1";
    let mut bench = Bench::new("2026-03-10T09:00:00Z", &[license("AAAA", trial)]);
    let first = bench.login("ann", 1).unwrap();
    bench.logout(first.key, None).unwrap();
    assert!(bench.at("2026-04-08T23:59:59Z").login("ann", 1).is_ok());
    let over = bench.at("2026-04-09T00:00:00Z").login("bob", 1);
    assert_eq!(over.unwrap_err(), "SNTL_TRIAL_LIC_EXHAUSTED");
}

#[test]
fn a_trial_of_hours_counts_the_use_of_every_session() {
    let trial = "licType=1 numLicenses=5 trialSeconds=7200 keyLifeTime=100000";
    let mut bench = Bench::new("2026-03-10T08:00:00Z", &[license("AAAA", trial)]);
    bench.login("ann", 1).unwrap();
    bench.at("2026-03-10T08:30:00Z").login("bob", 1).unwrap();
    bench.at("2026-03-10T09:00:00Z").logout(1, None).unwrap();
    bench.at("2026-03-10T09:15:00Z").logout(2, None).unwrap();
    assert!(bench.at("2026-03-11T08:00:00Z").login("cat", 1).is_ok());
    bench.at("2026-03-11T08:15:00Z");
    assert_eq!(bench.refresh(3, None), Err("SNTL_TRIAL_LIC_EXHAUSTED"));
    assert_eq!(bench.login("dan", 1).unwrap_err(), "SNTL_TRIAL_LIC_EXHAUSTED");
}

#[test]
fn a_trial_that_cannot_be_used_says_why() {
    let told = |given: &str| {
        let given = format!("licType=1 numLicenses=5 trialDays=30 {given}");
        Bench::new(DAY, &[license("AAAA", &given)]).login("ann", 1).map(|_| ()).unwrap_err()
    };
    assert_eq!(told("licensePrecedence=0"), "SNTL_TRIAL_LIC_NOT_ACTIVATED");
    assert_eq!(told("deathTime=2026-05-01T00:00:00Z"), "SNTL_TRIAL_LIC_DATE_RESTRICTED");
    assert_eq!(told("birthTime=2026-07-01T00:00:00Z"), "SNTL_TRIAL_LIC_DATE_RESTRICTED");
    assert_eq!(told("trialCurrentStatus=2"), "SNTL_TRIAL_LIC_EXHAUSTED");
}

#[test]
fn the_precedence_of_trials_decides_which_serves() {
    let trial = |hash, seats, precedence| {
        let given = format!(
            "licType=1 trialDays=30 isAdditive=0 numLicenses={seats} licensePrecedence={precedence}"
        );
        license(hash, &given)
    };
    let mut bench = Bench::new(DAY, &[trial("AAAA", 10, 5), trial("BBBB", 3, 9)]);
    assert_eq!(bench.total(), Some(3));
    let low = licenses::Named::Hash("AAAA".repeat(4));
    let set = |bench: &mut Bench, named: &licenses::Named, precedence| {
        bench
            .write(|tx, _| revoke::set_precedence(tx, "default", named, precedence))
            .map(|_| ())
            .map_err(symbol)
    };
    assert_eq!(set(&mut bench, &low, -1), Ok(()));
    assert_eq!(bench.total(), Some(10));
    assert_eq!(set(&mut bench, &low, -2), Err("SNTL_VALUE_OUT_OF_RANGE"));
    bench
        .write(|tx, now| licenses::add(tx, "default", license("CCCC", "numLicenses=1"), now))
        .unwrap();
    assert_eq!(bench.total(), Some(10));
    set(&mut bench, &low, 5).unwrap();
    assert_eq!(bench.total(), Some(1));
    let normal = licenses::Named::Hash("CCCC".repeat(4));
    assert_eq!(set(&mut bench, &normal, 5), Err("SNTL_NON_TRIAL_LICENSE"));
}

#[test]
fn a_grace_period_begins_without_the_network_and_ends_on_it() {
    let grace =
        "numLicenses=5 gracePeriodFlag=1 gracePeriodCalendarDays=5 gracePeriodElapsedHours=10";
    let mut bench = Bench::new("2026-05-30T09:00:00Z", &[license("AAAA", grace)]);
    let offline = |bench: &mut Bench, host: &str, hours: i64| {
        let used = bench
            .write(|tx, now| grace::use_offline(tx, "default", &cad(), (host, hours * 3_600), now));
        used.map(|grace| grace.used / 3_600).map_err(symbol)
    };
    bench.login("ann", 1).unwrap();
    assert_eq!(offline(&mut bench, "ws-ann", 1), Err("SNTL_NO_SUCH_FEATURE"));
    let stop = |bench: &mut Bench, running| {
        bench.write(|tx, _| servers::run(tx, "default", running)).unwrap();
    };
    stop(&mut bench, false);
    assert_eq!(offline(&mut bench, "never", 1), Err("SNTL_NO_SUCH_FEATURE"));
    assert_eq!(offline(bench.at("2026-06-01T09:00:00Z"), "ws-ann", 8), Ok(8));
    assert_eq!(offline(bench.at("2026-06-06T09:00:00Z"), "ws-ann", 1), Err("SNTL_GRACE_EXPIRED"));
    stop(&mut bench, true);
    bench.at("2026-06-07T09:00:00Z").login("ann", 1).unwrap();
    stop(&mut bench, false);
    assert_eq!(offline(&mut bench, "ws-ann", 10), Ok(10));
    assert_eq!(offline(&mut bench, "ws-ann", 1), Err("SNTL_GRACE_HOURS_EXHAUSTED"));
}
