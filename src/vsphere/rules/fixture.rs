//! The worked estate, for the tests of the rules.

use super::{decode, expiry};
use crate::clock::Timestamp;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::License;
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::rules::features;

pub(crate) struct Fixture {
    pub(crate) now: Timestamp,
    pub(crate) k1: License,
    pub(crate) k2: License,
    pub(crate) k3: License,
    pub(crate) k4: License,
    pub(crate) k5: License,
    pub(crate) k6: License,
}

fn license(number: u32, edition: &str, unit: &str, total: i32) -> (KeyEntry, Edition) {
    let features =
        |keys: &[&str]| -> Vec<KeyValue> { keys.iter().map(|key| features::named(key)).collect() };
    let vcenter = edition.starts_with("vc");
    let edition_row = Edition {
        edition_key: edition.to_owned(),
        product_version: if number == 5 { "7.0" } else { "8.0" }.to_owned(),
        name: edition.to_owned(),
        product_name: if vcenter { "VMware VirtualCenter Server" } else { "VMware ESX Server" }
            .to_owned(),
        cost_unit: unit.to_owned(),
        features: match number {
            2 => features(&["vmotion", "das"]),
            _ if vcenter => Vec::new(),
            _ => features(&["dvs", "drs", "vmotion", "das"]),
        },
        ..Edition::default()
    };
    let expires = match number {
        4 => Some("2027-03-31T00:00:00Z"),
        6 => Some("2027-01-01T00:00:00Z"),
        _ => None,
    };
    let entry = KeyEntry {
        sha256: String::new(),
        key: None,
        edition_key: edition.to_owned(),
        product_version: None,
        total,
        expires: expires.and_then(Timestamp::parse),
        labels: Vec::new(),
        name: None,
        cost_unit: None,
        features: None,
        other: None,
    };
    (entry, edition_row)
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let made = |number: u32, edition: &str, unit: &str, total: i32| {
            let (entry, edition) = license(number, edition, unit, total);
            let key = Key::given(&format!("AAAAA-AAAAA-AAAAA-AAAAA-AAAA{number}"));
            decode::resolved(key, &entry, Some(&edition))
        };
        let plus = "esx.enterprisePlus.cpuPackageCoreLimited";
        Self {
            now: Timestamp::parse("2027-01-15T12:00:00Z").unwrap(),
            k1: made(1, plus, "cpuPackage:32core", 10),
            k2: made(2, "esx.standard.cpuPackageCoreLimited", "cpuPackage:32core", 4),
            k3: made(3, "vc.standard.instance", "server", 1),
            k4: made(4, "esx.standard.cpuCoreMin", "cpuCore:16core", 256),
            k5: made(5, plus, "cpuPackage:32core", 8),
            k6: made(6, plus, "cpuPackage:32core", 8),
        }
    }
}

fn entity(id: &str, kind: EntityKind) -> Entity {
    let start = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
    let mut entity = Entity::new(id, kind);
    entity.product_version = Some("8.0".to_owned());
    entity.evaluation = Some(expiry::evaluation(start, 60));
    entity
}

pub(crate) fn host(id: &str, packages: &[u32], in_use: &[&str]) -> Entity {
    let mut host = entity(id, EntityKind::Host);
    host.processors.packages = packages.to_vec();
    host.in_use = in_use.iter().map(|key| features::named(key)).collect();
    host
}

pub(crate) fn vcenter() -> Entity {
    entity("11111111-2222-3333-4444-555555555555", EntityKind::Vcenter)
}
