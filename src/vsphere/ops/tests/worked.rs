//! The worked estate from its first key to its last, and random runs against a plain map.

use super::lab::{Dice, Lab, UUID, at, key};
use crate::error::Stop;
use crate::vsphere::ops::assignments;
use crate::vsphere::ops::licenses::{self, Removing};
use crate::vsphere::rules::standing::AssetStatus;
use std::collections::BTreeMap;

#[test]
fn the_worked_estate_comes_out_as_it_was_worked_out() {
    let mut lab = Lab::new();
    for number in 1..=4 {
        lab.add(number);
        assert_eq!(lab.used(number), Some(0));
    }
    let used: Vec<_> = (1..=4).map(|host| lab.assign(1, &format!("host-1{host}"))).collect();
    assert_eq!(used, [Ok(2), Ok(6), Ok(8), Ok(10)]);
    assert_eq!(lab.assign(1, "host-15"), Err("NotEnoughLicenses"));
    assert_eq!(lab.assign(4, "host-12"), Ok(96));
    assert_eq!(lab.used(1), Some(6));
    assert_eq!(lab.assign(1, "host-15"), Ok(10));
    assert_eq!(lab.assign(2, "host-12"), Err("LicenseDowngradeDisallowed"));
    assert_eq!(lab.assign(3, "host-11"), Err("LicenseKeyEntityMismatch"));
    assert_eq!(lab.assign(1, UUID), Err("LicenseKeyEntityMismatch"));
    assert_eq!(lab.assign(3, &UUID.to_uppercase()), Ok(1));
    assert_eq!(lab.assign(5, "host-11"), Err("LicenseKeyEntityMismatch"));
    assert_eq!(lab.assign(6, "host-11"), Err("LicenseExpired"));
    for absent in [5, 6] {
        let shown = lab.act(|tx, scene| licenses::show(tx.reading(), scene, &key(absent)));
        assert!(matches!(shown, Err(Stop::Refused(refusal)) if refusal.code.symbol == "notFound"));
    }
    let how = Removing { force: false, ignore_missing: false };
    let kept = lab.act(|tx, scene| licenses::remove_and_look(tx, scene, &key(1), how));
    assert!(matches!(kept, Err(Stop::Refused(refusal)) if refusal.code.symbol == "notRemoved"));
    assert_eq!(lab.assign(4, "nosuch"), Err("LicenseEntityNotFound"));
    assert_eq!(
        lab.assign(9, "nosuch"),
        Err("LicenseEntityNotFound"),
        "the entity is checked first"
    );
    assert_eq!(lab.assign(9, "host-11"), Err("InvalidArgument"));
}

#[test]
fn a_host_evaluates_grows_and_over_uses_as_it_was_worked_out() {
    let mut lab = Lab::new();
    (1..=4).for_each(|number| lab.add(number));
    for host in ["host-11", "host-13", "host-14", "host-15"] {
        lab.assign(1, host).unwrap();
    }
    lab.assign(4, "host-12").unwrap();
    lab.act(|tx, scene| assignments::remove(tx, scene, "host-11")).unwrap();
    assert_eq!(lab.used(1), Some(8));
    let (now, later) = (lab.now, at("2027-02-01T00:00:00Z"));
    let status = |lab: &mut Lab, now| {
        lab.now = now;
        let mut found = None;
        lab.act(|tx, scene| {
            crate::vsphere::ops::query::query(
                tx.reading(),
                scene,
                Some("host-11"),
                &mut |answered| {
                    found = Some(answered.standing.status);
                    Ok(crate::store::Flow::Continue(()))
                },
            )
        })
        .unwrap();
        found
    };
    assert_eq!(status(&mut lab, now), Some(AssetStatus::Evaluation));
    assert_eq!(status(&mut lab, later), Some(AssetStatus::ExpiredEvaluation));
    let over = lab.act(|tx, scene| assignments::evaluate(tx, scene, "host-13"));
    assert!(matches!(over, Err(Stop::Refused(refusal)) if refusal.code.symbol == "LicenseExpired"));
    lab.now = now;
    assert_eq!(lab.set_cpu("host-14", &[40, 40]), 0);
    assert_eq!(lab.used(1), Some(10));
    assert_eq!(lab.set_cpu("host-13", &[64, 64]), 1, "over-used, with a warning");
    assert_eq!(lab.used(1), Some(12));
    assert_eq!(lab.assign(1, "host-13"), Ok(12), "the same again changes nothing");
    assert_eq!(lab.assign(4, "host-13"), Ok(224));
    assert_eq!(lab.used(1), Some(8));
    assert_eq!(lab.assign(4, "host-11"), Ok(256));
    assert_eq!(lab.assign(4, "host-15"), Err("NotEnoughLicenses"));
}

#[test]
fn used_is_the_sum_of_what_is_assigned_after_any_run_of_calls() {
    for run in 0..12_u64 {
        let (mut lab, mut dice) = (Lab::new(), Dice(run));
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        (1..=4).for_each(|number| lab.add(number));
        let mut packages: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (host, cores) in [
            ("host-11", vec![16; 2]),
            ("host-12", vec![48; 2]),
            ("host-13", vec![64]),
            ("host-14", vec![20; 2]),
            ("host-15", vec![8; 4]),
        ] {
            packages.insert(host.to_owned(), cores);
        }
        for _ in 0..40 {
            let host = format!("host-1{}", dice.roll(5) + 1);
            match dice.roll(5) {
                0..=2 => {
                    let number = [1, 2, 4][dice.roll(3)];
                    if lab.assign(number, &host).is_ok() {
                        held.insert(host, number);
                    }
                }
                3 => {
                    lab.act(|tx, scene| assignments::remove(tx, scene, &host)).unwrap();
                    held.remove(&host);
                }
                _ => {
                    let cores = vec![u32::try_from(dice.roll(70) + 1).unwrap(); dice.roll(4) + 1];
                    lab.set_cpu(&host, &cores);
                    packages.insert(host, cores);
                }
            }
            for number in [1, 2, 4] {
                let cost = |host: &String| -> u32 {
                    let cores = packages[host].iter();
                    if number == 4 {
                        cores.map(|cores| *cores.max(&16)).sum()
                    } else {
                        cores.map(|cores| cores.div_ceil(32)).sum()
                    }
                };
                let sum: u32 = held
                    .iter()
                    .filter(|(_, with)| **with == number)
                    .map(|(host, _)| cost(host))
                    .sum();
                assert_eq!(lab.used(number), i32::try_from(sum).ok(), "run {run}, key {number}");
            }
        }
    }
}
