//! The objects of a file, put together by the machine that they are of.
//!
//! One machine at one time is one snapshot, in whatever order its objects stand. They are therefore held until the file ends;
//! their number is bounded.

use crate::artefact::{HELD, Notes};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Properties, Record, Snapshot};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// How many values a file may hold in all: those of some 50,000 products, or of 100,000 services.
const MOST_VALUES: usize = 4_000_000;

/// What objects take in memory.
#[derive(Debug, Default, Clone, Copy)]
struct Weight {
    values: usize,
    /// Of names and texts.
    bytes: usize,
}

impl Weight {
    fn add(&mut self, properties: &Properties) {
        for (name, value) in properties.known.iter().chain(&properties.extra) {
            self.bytes += name.len();
            self.add_value(value);
        }
    }

    fn add_value(&mut self, value: &Value) {
        self.values += 1;
        match value {
            Value::String(text) => self.bytes += text.len(),
            Value::Array(items) => items.iter().for_each(|item| self.add_value(item)),
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                self.bytes += name.len();
                self.add_value(member);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn is_too_much(self) -> bool {
        self.values > MOST_VALUES || u64::try_from(self.bytes).is_ok_and(|bytes| bytes > HELD)
    }
}

/// The snapshots of a file.
#[derive(Debug, Default)]
pub(in crate::kms::import) struct Machines {
    open: Vec<Open>,
    /// The newest snapshot of each machine, by its name in lower case.
    newest: HashMap<Option<String>, usize>,
    held: Weight,
    /// Where the object stood that was one too many.
    full: Option<Place>,
}

#[derive(Debug)]
struct Open {
    /// Where its first object stands.
    place: Place,
    snapshot: Snapshot,
    /// IDs of its products.
    ids: HashSet<String>,
}

impl Machines {
    /// Adds an object to the snapshot of its machine.
    ///
    /// A second service object, or a product that is there already, begins another snapshot: the artefact holds several machines
    /// without naming them, or one machine at several times.
    pub(in crate::kms::import) fn add(
        &mut self,
        place: Place,
        machine: Option<String>,
        service: Option<Properties>,
        product: Option<Properties>,
    ) {
        for part in service.iter().chain(&product) {
            self.held.add(part);
        }
        if self.held.is_too_much() {
            self.full.get_or_insert(place);
            return;
        }
        let id = product.as_ref().and_then(|product| product.known.get("ID"));
        let id = id.and_then(Value::as_str).map(str::to_owned);
        let fits = |open: &&mut Open| {
            (service.is_none() || open.snapshot.service.is_none())
                && id.as_ref().is_none_or(|id| !open.ids.contains(id))
        };
        let name = machine.as_deref().map(str::to_lowercase);
        let newest = self.newest.get(&name).copied();
        if let Some(open) = newest.and_then(|at| self.open.get_mut(at)).filter(fits) {
            open.snapshot.products.extend(product);
            open.ids.extend(id);
            if service.is_some() {
                open.snapshot.service = service;
            }
            return;
        }
        self.newest.insert(name, self.open.len());
        let products = product.into_iter().collect();
        let snapshot = Snapshot { machine, service, products };
        self.open.push(Open { place, snapshot, ids: id.into_iter().collect() });
    }

    pub(in crate::kms::import) fn is_empty(&self) -> bool {
        self.open.is_empty() && !self.is_full()
    }

    /// Whether another object would be one too many.
    pub(in crate::kms::import) fn is_full(&self) -> bool {
        self.full.is_some()
    }

    /// Hands the snapshots on, in the order in which they began.
    pub(in crate::kms::import) fn finish(
        self,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) -> Outcome<()> {
        if let Some(place) = self.full {
            notes.complain_with(
                place,
                format!("the file holds more than {MOST_VALUES} values or {HELD} bytes of text"),
                "split it by machine",
            );
        }
        for open in self.open {
            each(open.place, Record::Snapshot(Box::new(open.snapshot)))?;
        }
        Ok(())
    }
}
