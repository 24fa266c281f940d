//! Two vCenters of one group share keys, labels and capacity.

use super::lab::{Dice, Lab, cpu, key};
use crate::error::{Outcome, Stop};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::vcenter::Settings;
use crate::vsphere::ops::assignments::{self, Wanted};
use crate::vsphere::ops::entities::{self, Facts};
use crate::vsphere::ops::licenses::{self, Removing};
use crate::vsphere::ops::vcenters::{self, NewVcenter};
use crate::vsphere::rules::info;
use std::collections::BTreeMap;

/// A second vCenter of the same group with one host, and what a call on it comes to.
fn linked() -> Lab {
    let mut lab = Lab::new();
    let group = Some("sso".to_owned());
    let changes = vcenters::Changes { linked: group.clone(), ..vcenters::Changes::default() };
    lab.add(1);
    lab.act(|tx, scene| vcenters::set(tx, scene, &changes)).unwrap();
    lab.write(|tx, now| {
        let settings = Settings { linked: group, ..Settings::default() };
        let new = NewVcenter { name: "vc2".to_owned(), settings, ..NewVcenter::default() };
        vcenters::add(tx, &new, 1, now)
    })
    .unwrap();
    let facts = Facts { processors: Some(cpu(&[48, 48])), ..Facts::default() };
    lab.act_in("vc2", |tx, scene| entities::add(tx, scene, "host-11", EntityKind::Host, &facts))
        .unwrap();
    lab
}

fn symbol<T>(answer: Outcome<T>) -> Result<T, &'static str> {
    answer.map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal.code.symbol,
        other => panic!("{other:?}"),
    })
}

#[test]
fn linked_vcenters_share_keys_labels_and_capacity() {
    let mut lab = linked();
    let assign = |lab: &mut Lab, vcenter: &str, host: &str| {
        let key = key(1);
        let wanted = Wanted { entity_id: host, key: &key, display_name: "" };
        symbol(lab.act_in(vcenter, |tx, scene| assignments::update(tx, scene, &wanted)))
            .map(|assigned| assigned.info.used.unwrap())
    };
    assert_eq!(assign(&mut lab, "vc2", "host-11"), Ok(4), "the key was there when it joined");
    assert_eq!(assign(&mut lab, "vc1", "host-11"), Ok(6));
    assert_eq!(assign(&mut lab, "vc1", "host-12"), Ok(10));
    assert_eq!(assign(&mut lab, "vc1", "host-13"), Err("NotEnoughLicenses"));
    lab.act_in("vc2", |tx, scene| licenses::set_label(tx, scene, &key(1), "team", "infra"))
        .unwrap();
    let shown = lab.act(|tx, scene| licenses::show(tx.reading(), scene, &key(1))).unwrap().1;
    assert_eq!((shown.labels.len(), shown.used), (1, Some(10)));
    for host in ["host-11", "host-12"] {
        lab.act(|tx, scene| assignments::remove(tx, scene, host)).unwrap();
    }
    let remove = |lab: &mut Lab, force| {
        let how = Removing { force, ignore_missing: false };
        symbol(lab.act(|tx, scene| licenses::remove_and_look(tx, scene, &key(1), how)))
    };
    assert_eq!(remove(&mut lab, false).unwrap_err(), "notRemoved", "a host of vc2 holds it");
    assert_eq!(remove(&mut lab, true).unwrap().unassigned, ["host-11"]);
    let gone = lab.act_in("vc2", |tx, scene| licenses::show(tx.reading(), scene, &key(1)));
    assert_eq!(symbol(gone).unwrap_err(), "notFound");
}

/// The keys of an inventory with their `used`.
fn told(lab: &mut Lab, vcenter: &str) -> Vec<(String, Option<i32>)> {
    lab.act_in(vcenter, |tx, scene| {
        let held = crate::vsphere::store::licenses::all(tx.reading(), scene.vcenter.id)?;
        let mut told: Vec<_> = held
            .into_iter()
            .map(|(license, taken)| info::license(&license, taken, scene.now))
            .map(|info| (info.license_key.shown().to_owned(), info.used))
            .collect();
        told.sort();
        Ok(told)
    })
    .unwrap()
}

/// What the assignments of both vCenters cost, by key.
fn sums(lab: &mut Lab) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for vcenter in ["vc1", "vc2"] {
        lab.act_in(vcenter, |tx, scene| {
            crate::vsphere::ops::query::query(tx.reading(), scene, None, &mut |answered| {
                if let (Some(license), Some(held)) = (&answered.license, &answered.held) {
                    let key = license.key.shown().to_owned();
                    *sums.entry(key).or_default() += held.cost.unwrap();
                }
                Ok(crate::store::Flow::Continue(()))
            })
        })
        .unwrap();
    }
    sums
}

#[test]
fn linked_vcenters_tell_the_same_sum_after_any_run_of_calls() {
    for run in 0..8_u64 {
        let (mut lab, mut dice) = (linked(), Dice(run));
        let hosts =
            [("vc2", "host-11"), ("vc1", "host-11"), ("vc1", "host-12"), ("vc1", "host-15")];
        for _ in 0..30 {
            let number = [1, 2, 4][dice.roll(3)];
            let (vcenter, host) = hosts[dice.roll(4)];
            let key = key(number);
            match dice.roll(6) {
                0..=2 => {
                    let wanted = Wanted { entity_id: host, key: &key, display_name: "" };
                    let _ = symbol(
                        lab.act_in(vcenter, |tx, scene| assignments::update(tx, scene, &wanted)),
                    );
                }
                3 => {
                    lab.act_in(vcenter, |tx, scene| assignments::remove(tx, scene, host)).unwrap();
                }
                4 => {
                    lab.act_in(vcenter, |tx, scene| licenses::remove(tx, scene, &key)).unwrap();
                }
                _ => {
                    lab.act_in(vcenter, |tx, scene| licenses::add(tx, scene, &key, &[])).unwrap();
                }
            }
            let (here, there, sums) =
                (told(&mut lab, "vc1"), told(&mut lab, "vc2"), sums(&mut lab));
            assert_eq!(here, there, "run {run}");
            for (key, used) in here.iter().filter_map(|(key, used)| Some((key, (*used)?))) {
                assert_eq!(i64::from(used), sums.get(key).copied().unwrap_or(0), "run {run}");
            }
        }
    }
}
