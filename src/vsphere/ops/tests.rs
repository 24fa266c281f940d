//! The worked estate from its first key to its last, and random runs against a plain map.

use super::assignments::{self, Wanted};
use super::entities::{self, Facts};
use super::licenses::{self, Removing};
use super::vcenters::{self, NewVcenter};
use super::{Scene, catalogue};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Change, Intent, Store, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::import::catalogue::read;
use crate::vsphere::model::entity::Processors;
use crate::vsphere::model::vcenter::Settings;
use crate::vsphere::report::plan::{Ask, Hosts, plan};
use crate::vsphere::rules::features::named;
use crate::vsphere::rules::info;
use crate::vsphere::rules::standing::AssetStatus;
use crate::vsphere::store::TABLES;
use std::collections::BTreeMap;

const UUID: &str = "11111111-2222-3333-4444-555555555555";

const CATALOGUE: &str = r#"{"catalogueVersion": 1,
  "editions": [
    {"editionKey": "esx.enterprisePlus.cpuPackageCoreLimited", "name": "vSphere 8 Enterprise Plus", "productName": "VMware ESX Server", "productVersion": "8.0", "costUnit": "cpuPackage:32core", "features": {"dvs": "D", "drs": "R", "vmotion": "M", "das": "H"}},
    {"editionKey": "esx.enterprisePlus.cpuPackageCoreLimited", "name": "vSphere 7 Enterprise Plus", "productName": "VMware ESX Server", "productVersion": "7.0", "costUnit": "cpuPackage:32core", "features": {"dvs": "D"}},
    {"editionKey": "esx.standard.cpuPackageCoreLimited", "name": "vSphere 8 Standard", "productName": "VMware ESX Server", "productVersion": "8.0", "costUnit": "cpuPackage:32core", "features": {"vmotion": "M", "das": "H"}},
    {"editionKey": "esx.standard.cpuCoreMin", "name": "vSphere 8 Standard", "productName": "VMware ESX Server", "productVersion": "8.0", "costUnit": "cpuCore:16core", "features": {"dvs": "D"}},
    {"editionKey": "vc.standard.instance", "name": "vCenter Server 8 Standard", "productName": "VMware VirtualCenter Server", "productVersion": "8.0", "costUnit": "server"}],
  "keys": [
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1", "editionKey": "esx.enterprisePlus.cpuPackageCoreLimited", "productVersion": "8.0", "total": 10},
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA2", "editionKey": "esx.standard.cpuPackageCoreLimited", "total": 4},
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA3", "editionKey": "vc.standard.instance", "total": 1},
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA4", "editionKey": "esx.standard.cpuCoreMin", "total": 256, "expirationDate": "2027-03-31T00:00:00Z"},
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA5", "editionKey": "esx.enterprisePlus.cpuPackageCoreLimited", "productVersion": "7.0", "total": 8},
    {"licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA6", "editionKey": "esx.enterprisePlus.cpuPackageCoreLimited", "productVersion": "8.0", "total": 8, "expirationDate": "2027-01-01T00:00:00Z"}]}"#;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn key(number: usize) -> String {
    format!("AAAAA-AAAAA-AAAAA-AAAAA-AAAA{number}")
}

/// A vCenter with five hosts, and a clock.
struct Lab {
    store: Store,
    now: Timestamp,
}

impl Lab {
    fn new() -> Self {
        let mut lab =
            Self { store: Store::scratch(vec![&TABLES]), now: at("2027-01-15T12:00:00Z") };
        let start = Some(at("2026-12-01T00:00:00Z"));
        let (file, _) = read(&mut CATALOGUE.as_bytes()).unwrap();
        lab.write(|tx, now| {
            catalogue::load(tx, &file)?;
            let new = NewVcenter {
                name: "vc1".to_owned(),
                uuid: Some(UUID.to_owned()),
                evaluation_start: start,
                ..NewVcenter::default()
            };
            vcenters::add(tx, &new, 1, now)
        })
        .unwrap();
        let hosts: [&[u32]; 5] = [&[16, 16], &[48, 48], &[64], &[20, 20], &[8, 8, 8, 8]];
        for (number, packages) in hosts.into_iter().enumerate() {
            let facts = Facts {
                name: Some(format!("esx0{}", number + 1)),
                processors: Some(cpu(packages)),
                in_use: (number == 1).then(|| vec![named("dvs")]),
                evaluation_start: start,
                ..Facts::default()
            };
            let id = format!("host-1{}", number + 1);
            lab.act(|tx, scene| entities::add(tx, scene, &id, EntityKind::Host, &facts)).unwrap();
        }
        lab
    }

    fn write<T>(&mut self, work: impl FnOnce(&mut dyn Tx, Timestamp) -> Outcome<T>) -> Outcome<T> {
        let change = Change { command: "test".to_owned(), now: self.now, intent: Intent::Store };
        let now = self.now;
        self.store.write(&change, |tx| work(tx, now)).map(|(answer, _)| answer)
    }

    fn act<T>(&mut self, work: impl FnOnce(&mut dyn Tx, &Scene) -> Outcome<T>) -> Outcome<T> {
        self.act_in("vc1", work)
    }

    fn act_in<T>(
        &mut self,
        vcenter: &str,
        work: impl FnOnce(&mut dyn Tx, &Scene) -> Outcome<T>,
    ) -> Outcome<T> {
        self.write(|tx, now| {
            let scene = vcenters::scene(tx.reading(), vcenter, now)?;
            work(tx, &scene)
        })
    }

    fn add(&mut self, number: usize) {
        self.act(|tx, scene| licenses::add(tx, scene, &key(number), &[])).unwrap();
    }

    /// Assigns a key; the new `used`, or the fault.
    fn assign(&mut self, number: usize, entity: &str) -> Result<i32, &'static str> {
        let answer = self.act(|tx, scene| {
            assignments::update(
                tx,
                scene,
                &Wanted { entity_id: entity, key: &key(number), display_name: "" },
            )
        });
        match answer {
            Ok(assigned) => Ok(assigned.info.used.unwrap()),
            Err(Stop::Refused(refusal)) => Err(refusal.code.symbol),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn used(&mut self, number: usize) -> Option<i32> {
        let shown = self.act(|tx, scene| licenses::show(tx.reading(), scene, &key(number)));
        shown.unwrap().1.used
    }

    fn set_cpu(&mut self, entity: &str, packages: &[u32]) -> usize {
        let facts = Facts { processors: Some(cpu(packages)), ..Facts::default() };
        self.act(|tx, scene| entities::set(tx, scene, entity, &facts)).unwrap().warnings.len()
    }
}

fn cpu(packages: &[u32]) -> Processors {
    Processors { packages: packages.to_vec(), ..Processors::default() }
}

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
            super::query::query(tx.reading(), scene, Some("host-11"), &mut |answered| {
                found = Some(answered.standing.status);
                Ok(crate::store::Flow::Continue(()))
            })
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

/// A small generator, so that a run can be told by its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
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
            super::query::query(tx.reading(), scene, None, &mut |answered| {
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

#[test]
fn a_plan_is_made_step_by_step_and_undone_as_one() {
    let mut lab = Lab::new();
    (1..=4).for_each(|number| lab.add(number));
    let ask = |now| Ask {
        hosts: Hosts::Unlicensed,
        licenses: None,
        edition: None,
        valid_until: now,
        reassign: false,
    };
    let made = lab.act(|tx, scene| {
        let estate = super::questions::estate_of(tx.reading(), scene)?;
        let facts = super::plan::facts(tx.reading(), scene, &estate)?;
        let plan = plan(&estate, &facts, &ask(scene.now));
        assert!(plan.optimal && plan.unplaced.is_empty());
        super::plan::apply(tx, scene, &plan).map(|made| made.len())
    });
    assert_eq!(made.unwrap(), 5);
    assert_eq!((lab.used(1), lab.used(2)), (Some(10), Some(4)));
    let undo = Change { command: "undo".to_owned(), now: lab.now, intent: Intent::Store };
    lab.store.undo(&undo, None).unwrap();
    assert_eq!((lab.used(1), lab.used(2)), (Some(0), Some(0)));
}

#[test]
fn an_undo_brings_a_removed_key_back_and_never_takes_a_license_from_its_holder() {
    let mut lab = Lab::new();
    lab.add(1);
    let change =
        |lab: &Lab| Change { command: "undo".to_owned(), now: lab.now, intent: Intent::Store };
    let how = Removing { force: false, ignore_missing: false };
    lab.act(|tx, scene| licenses::remove_and_look(tx, scene, &key(1), how)).unwrap();
    let change_of = change(&lab);
    lab.store.undo(&change_of, None).unwrap();
    assert_eq!(lab.used(1), Some(0), "the key is known again");
    lab.assign(1, "host-11").unwrap();
    // Change 7 added the license, after the vCenter and its five hosts.
    let refused = lab.store.undo(&change_of, Some(7)).unwrap_err();
    assert!(
        matches!(&refused, Stop::Refused(refusal) if refusal.message.contains("came after")),
        "{refused:?}"
    );
    let refused = lab.store.undo(&change_of, Some(2)).unwrap_err();
    assert!(matches!(refused, Stop::Refused(_)), "the host holds a license");
    lab.store.undo(&change_of, None).unwrap();
    assert_eq!(lab.used(1), Some(0));
}

#[test]
fn no_row_and_no_entry_of_the_history_holds_a_whole_key() {
    let mut lab = Lab::new();
    lab.add(1);
    lab.assign(1, "host-11").unwrap();
    let texts = lab.store.read(crate::vsphere::store::texts).unwrap();
    assert!(texts.iter().any(|text| text.contains("*****-*****-*****-AAAAA-AAAA1")));
    assert!(!texts.iter().any(|text| text.contains(&key(1))));
}
