//! The parts that stand in JSON columns.

use crate::clock::Timestamp;
use crate::store::document::{Plain, Stored, stored, stored_words};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::entity::{Connection, Entity, Evaluation, Processors, Resources};
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::Origin;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue};
use crate::vsphere::model::vcenter::{EmptyEntity, FaultStyle, LeftOut, Resolve, Settings};
use crate::vsphere::wire::typed;
use serde_json::Value as Json;

stored_words!(Connection, EmptyEntity, EntityKind, FaultStyle, Origin, Resolve);

stored! {
    Settings { empty_entity, fault_style, resolve, linked }
    LeftOut { shown }
    KeyValue { key, value }
    Evaluation { start, end }
    Processors { packages, count, shared_out }
    Resources { vms_started, vms_starting, vcpus, vsan_micro_tib }
    Detail {
        product_version, processors, resources, model, connection, disconnected, in_use, evaluation, cost, host_key, told,
    }
    Held { reported_cost, since, properties }
    EditionFacts { features, addons, entity_kinds, disallowed_host_editions, max_hosts, other }
    KeyFacts { expires, labels, name, cost_unit, features, other }
}

/// A key is its number and what may be seen of it, never itself.
impl Stored for Key {
    fn json(&self) -> Json {
        Json::from(vec![self.number().json(), Json::from(self.shown())])
    }
    fn held(json: &Json) -> Option<Self> {
        let [number, shown] = json.as_array()?.as_slice() else { return None };
        Some(Self::filed(Option::held(number)?, shown.as_str()?))
    }
}

/// Properties with the type of every value.
pub(super) struct Properties(pub(super) Vec<KeyAnyValue>);

impl Stored for Properties {
    fn json(&self) -> Json {
        typed::properties(&self.0, &Stored::json)
    }
    fn held(json: &Json) -> Option<Self> {
        typed::read_list(Some(json), &Key::held).map(Self)
    }
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        text.list(property).map(Self)
    }
}

fn property(text: &mut Plain<'_>) -> Option<KeyAnyValue> {
    text.needs(r#"{"_typeName":"KeyAnyValue","key":"#)?;
    let key = text.text()?.into_owned();
    text.needs(r#","value":"#)?;
    let value = value(text)?;
    text.needs("}")?;
    Some(KeyAnyValue { key, value })
}

/// Most values are texts or pairs.
fn value(text: &mut Plain<'_>) -> Option<AnyValue> {
    let value = if text.takes(r#"{"_typeName":"string","_value":"#) {
        AnyValue::Text(text.text()?.into_owned())
    } else if text.takes(r#"{"_typeName":"KeyValue","key":"#) {
        let key = text.text()?.into_owned();
        text.needs(r#","value":"#)?;
        AnyValue::Pair(KeyValue { key, value: text.text()?.into_owned() })
    } else {
        return typed::read_value(&text.json()?, &Key::held);
    };
    text.needs("}")?;
    Some(value)
}

/// What is kept of an entity beside its names.
pub(super) struct Detail {
    product_version: Option<String>,
    processors: Processors,
    resources: Resources,
    model: Option<String>,
    connection: Connection,
    disconnected: Option<Timestamp>,
    in_use: Vec<KeyValue>,
    evaluation: Option<Evaluation>,
    cost: Option<u32>,
    host_key: Option<Key>,
    told: bool,
}

impl Detail {
    pub(super) fn of(entity: &Entity) -> Self {
        Self {
            product_version: entity.product_version.clone(),
            processors: entity.processors.clone(),
            resources: entity.resources,
            model: entity.model.clone(),
            connection: entity.connection,
            disconnected: entity.disconnected,
            in_use: entity.in_use.clone(),
            evaluation: entity.evaluation,
            cost: entity.cost,
            host_key: entity.host_key.clone(),
            told: entity.told,
        }
    }

    pub(super) fn put(self, entity: &mut Entity) {
        entity.product_version = self.product_version;
        entity.processors = self.processors;
        entity.resources = self.resources;
        entity.model = self.model;
        entity.connection = self.connection;
        entity.disconnected = self.disconnected;
        entity.in_use = self.in_use;
        entity.evaluation = self.evaluation;
        entity.cost = self.cost;
        entity.host_key = self.host_key;
        entity.told = self.told;
    }
}

/// What is kept of an assignment beside its cost.
pub(super) struct Held {
    pub(super) reported_cost: Option<i64>,
    pub(super) since: Timestamp,
    pub(super) properties: Properties,
}

/// What is kept of an edition beside its columns.
pub(super) struct EditionFacts {
    features: Vec<KeyValue>,
    addons: Vec<KeyValue>,
    entity_kinds: Option<Vec<EntityKind>>,
    disallowed_host_editions: Vec<String>,
    max_hosts: Option<u32>,
    other: Option<String>,
}

impl EditionFacts {
    pub(super) fn of(edition: &Edition) -> Self {
        Self {
            features: edition.features.clone(),
            addons: edition.addons.clone(),
            entity_kinds: edition.entity_kinds.clone(),
            disallowed_host_editions: edition.disallowed_host_editions.clone(),
            max_hosts: edition.max_hosts,
            other: edition.other.clone(),
        }
    }

    pub(super) fn put(self, edition: &mut Edition) {
        edition.features = self.features;
        edition.addons = self.addons;
        edition.entity_kinds = self.entity_kinds;
        edition.disallowed_host_editions = self.disallowed_host_editions;
        edition.max_hosts = self.max_hosts;
        edition.other = self.other;
    }
}

/// What is kept of a key of the catalogue beside its columns.
pub(super) struct KeyFacts {
    expires: Option<Timestamp>,
    labels: Vec<KeyValue>,
    name: Option<String>,
    cost_unit: Option<String>,
    features: Option<Vec<KeyValue>>,
    other: Option<String>,
}

impl KeyFacts {
    pub(super) fn of(entry: &KeyEntry) -> Self {
        Self {
            expires: entry.expires,
            labels: entry.labels.clone(),
            name: entry.name.clone(),
            cost_unit: entry.cost_unit.clone(),
            features: entry.features.clone(),
            other: entry.other.clone(),
        }
    }

    pub(super) fn put(self, entry: &mut KeyEntry) {
        entry.expires = self.expires;
        entry.labels = self.labels;
        entry.name = self.name;
        entry.cost_unit = self.cost_unit;
        entry.features = self.features;
        entry.other = self.other;
    }
}
