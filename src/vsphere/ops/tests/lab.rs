//! The worked estate: a vCenter with five hosts, six keys, and a clock; a small generator for random runs.

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Change, Intent, Store, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::import::catalogue::read;
use crate::vsphere::model::entity::Processors;
use crate::vsphere::ops::assignments::{self, Wanted};
use crate::vsphere::ops::entities::{self, Facts};
use crate::vsphere::ops::licenses;
use crate::vsphere::ops::vcenters::{self, NewVcenter};
use crate::vsphere::ops::{Scene, catalogue};
use crate::vsphere::rules::features::named;
use crate::vsphere::store::TABLES;

pub(super) const UUID: &str = "11111111-2222-3333-4444-555555555555";

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

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn key(number: usize) -> String {
    format!("AAAAA-AAAAA-AAAAA-AAAAA-AAAA{number}")
}

/// A vCenter with five hosts, and a clock.
pub(super) struct Lab {
    pub(super) store: Store,
    pub(super) now: Timestamp,
}

impl Lab {
    pub(super) fn new() -> Self {
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

    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx, Timestamp) -> Outcome<T>,
    ) -> Outcome<T> {
        let change = Change { command: "test".to_owned(), now: self.now, intent: Intent::Store };
        let now = self.now;
        self.store.write(&change, |tx| work(tx, now)).map(|(answer, _)| answer)
    }

    pub(super) fn act<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx, &Scene) -> Outcome<T>,
    ) -> Outcome<T> {
        self.act_in("vc1", work)
    }

    pub(super) fn act_in<T>(
        &mut self,
        vcenter: &str,
        work: impl FnOnce(&mut dyn Tx, &Scene) -> Outcome<T>,
    ) -> Outcome<T> {
        self.write(|tx, now| {
            let scene = vcenters::scene(tx.reading(), vcenter, now)?;
            work(tx, &scene)
        })
    }

    pub(super) fn add(&mut self, number: usize) {
        self.act(|tx, scene| licenses::add(tx, scene, &key(number), &[])).unwrap();
    }

    /// Assigns a key; the new `used`, or the fault.
    pub(super) fn assign(&mut self, number: usize, entity: &str) -> Result<i32, &'static str> {
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

    pub(super) fn used(&mut self, number: usize) -> Option<i32> {
        let shown = self.act(|tx, scene| licenses::show(tx.reading(), scene, &key(number)));
        shown.unwrap().1.used
    }

    pub(super) fn set_cpu(&mut self, entity: &str, packages: &[u32]) -> usize {
        let facts = Facts { processors: Some(cpu(packages)), ..Facts::default() };
        self.act(|tx, scene| entities::set(tx, scene, entity, &facts)).unwrap().warnings.len()
    }
}

pub(super) fn cpu(packages: &[u32]) -> Processors {
    Processors { packages: packages.to_vec(), ..Processors::default() }
}
/// A small generator, so that a run can be told by its number.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}
