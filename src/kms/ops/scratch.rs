//! A store in memory for the tests of the operations.

use super::call::{Called, Ended};
use super::editions;
use super::machines::{self, Held, NewMachine, Scene};
use super::{activation, products};
use crate::apis;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::kms::model::{Editions, HostPool, PartialKey, PropertyValue};
use crate::kms::rules::checks::Caller;
use crate::kms::rules::read::{self, Members};
use crate::kms::store::evidence::{NewSnapshot, add_snapshots};
use crate::kms::store::pools::Clients;
use crate::kms::store::{instances, names};
use crate::store::{Change, Intent, Read, Store, Tx};
use serde_json::json;

pub(super) const DESKTOP: &str = "Windows 10 Professional";
pub(super) const SERVER: &str = "Windows Server 2016 ServerStandard";

/// A store and a clock.
pub(super) struct Scratch {
    pub(super) store: Store,
    pub(super) now: Timestamp,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self {
            store: Store::scratch(apis::tables()),
            now: Timestamp::parse("2026-03-31T00:00:00Z").unwrap(),
        }
    }

    pub(super) fn scene(&self) -> Scene {
        Scene { now: self.now, caller: Caller::Administrator, seed: 1 }
    }

    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx, &Scene) -> Outcome<T>,
    ) -> Outcome<T> {
        let scene = self.scene();
        let change = Change { command: "test".to_owned(), now: self.now, intent: Intent::Store };
        self.store.write(&change, |tx| work(tx, &scene)).map(|(answer, _)| answer)
    }

    pub(super) fn read<T>(&mut self, work: impl FnOnce(&mut dyn Read) -> Outcome<T>) -> T {
        self.store.read(work).unwrap()
    }

    /// Takes the newest change back.
    pub(super) fn undo(&mut self) {
        let change = Change { command: "undo".to_owned(), now: self.now, intent: Intent::Store };
        self.store.undo(&change, None).unwrap();
    }

    pub(super) fn add(&mut self, name: &str, product: Option<&str>) -> Held {
        let new = NewMachine {
            name: name.to_owned(),
            version: "10.0.22621.1".to_owned(),
            products: product.into_iter().map(str::to_owned).collect(),
            ..NewMachine::default()
        };
        self.write(|tx, scene| machines::add(tx, scene, &new)).unwrap()
    }

    /// An active host for all of Windows.
    pub(super) fn add_host(&mut self, name: &str, version: &str) {
        let new = NewMachine {
            name: name.to_owned(),
            version: version.to_owned(),
            products: vec![SERVER.to_owned()],
            serves: vec!["all".to_owned()],
            ..NewMachine::default()
        };
        self.write(|tx, scene| machines::add(tx, scene, &new)).unwrap();
        assert_eq!(self.activate(name), "");
    }

    /// A host of which a snapshot alone is known, with the count that it told.
    pub(super) fn import_host(&mut self, name: &str, count: u32, taken: Timestamp) {
        let body = json!({
            "service": {"Version": "10.0.20348.1", "KeyManagementServiceTotalRequests": 900,
                "KeyManagementServiceCurrentCount": count, "IsKeyManagementServiceMachine": 1},
            "products": [],
        });
        self.write(|tx, _| {
            let row = NewSnapshot {
                host: names::host(tx, name)?,
                taken,
                sha256: [1; 32],
                kind: "kms.cim-json",
                body: body.to_string(),
                file: 1,
            };
            instances::make(tx, name)?;
            add_snapshots(tx, &[row], &mut |_, _| {})
        })
        .unwrap();
    }

    pub(super) fn install(&mut self, machine: &str, partial: &str, channel: &str) {
        let target = {
            let known = Editions::default();
            editions::target(editions::edition(SERVER, &known).unwrap(), channel, &known).unwrap()
        };
        let key = products::NewKey {
            partial: PartialKey::new(partial),
            target: Some(target),
            serves: None,
        };
        let ended = self.write(|tx, scene| products::install_key(tx, scene, machine, key));
        assert_eq!(symbol(ended), "");
    }

    /// Calls a method of the service; the symbol of its refusal, or "".
    pub(super) fn call(&mut self, machine: &str, word: &str, given: &[(&str, &str)]) -> String {
        let ended =
            self.write(|tx, scene| super::call::call(tx, scene, (machine, None), word, given));
        symbol(ended)
    }

    pub(super) fn activate(&mut self, machine: &str) -> String {
        symbol(self.write(|tx, scene| activation::activate(tx, scene, machine, None)))
    }

    pub(super) fn held(&mut self, machine: &str) -> (Held, Vec<HostPool>) {
        let now = self.now;
        self.read(|read| {
            let held = Held::load(read, machine, now)?;
            let pools = held.pools(read, Clients::All)?;
            Ok((held, pools))
        })
    }

    /// A property of the service.
    pub(super) fn shows(&mut self, machine: &str, property: &str) -> PropertyValue {
        let (held, pools) = self.held(machine);
        let shown = read::service(&held.state, &pools, Members::All, self.now);
        shown.into_iter().find(|(field, _)| field.name == property).unwrap().1
    }

    pub(super) fn number(&mut self, machine: &str, property: &str) -> u32 {
        match self.shows(machine, property) {
            PropertyValue::U32(number) => number,
            other => panic!("{property} is {other:?}"),
        }
    }
}

/// The symbol of a refusal, "usage" for wrong usage, "" when it was done.
pub(super) fn symbol<T>(ended: Outcome<Ended<T>>) -> String {
    match ended.and_then(Ended::answer) {
        Ok(_) => String::new(),
        Err(Stop::Refused(refusal)) => refusal.code.symbol.to_owned(),
        Err(Stop::Usage(_)) => "usage".to_owned(),
        Err(other) => panic!("{other:?}"),
    }
}

/// What calls brought about.
pub(super) fn done(ended: Outcome<Ended<Called>>) -> Called {
    ended.and_then(Ended::answer).unwrap()
}
