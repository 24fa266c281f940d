//! What files say of entities, and of the licenses that they hold.

use super::{Held, Overlay, Reading, Told, ending};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::Read;
use crate::vsphere::catalog::products::{EntityKind, family_of};
use crate::vsphere::catalog::properties::{EVALUATION, IN_USE_FEATURES, PRODUCT_VERSION};
use crate::vsphere::import::record::{AssignmentSaid, HostSaid, Part, Which};
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::License;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue, find};
use crate::vsphere::rules::{assign, expiry, features, info, units};
use crate::vsphere::store::entities;

/// What an id tells of its kind: references of hosts and clusters have their own heads.
pub(super) fn kind_of(entity_id: &str) -> EntityKind {
    match entity_id {
        id if id.starts_with("host-") || id == "ha-host" => EntityKind::Host,
        id if id.starts_with("domain-c") => EntityKind::Cluster,
        _ => EntityKind::Solution,
    }
}

impl Overlay {
    /// Takes what a file says of an assignment, and of the license that it copies.
    pub(in crate::vsphere::ops) fn assignment(
        &mut self,
        read: &mut dyn Read,
        told: &AssignmentSaid,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        self.sections.assignments = true;
        let called = told.entity_id.as_deref().or(told.name.as_deref());
        let Some(at) = self.which(&told.license, called, reading) else {
            return Ok(Told::Skipped);
        };
        let kind = self.licenses.get(at).and_then(kind_for);
        let Some((mut held, known)) =
            self.named(read, (told.entity_id.as_deref(), told.name.as_deref()), kind, reading)?
        else {
            return Ok(Told::Skipped);
        };
        let before = held.clone();
        held.told.assigned = true;
        self.describe(&mut held, told, at, reading);
        if let Some(license) = self.licenses.get(at) {
            match self.keyed(&held, told) {
                Some(place) => {
                    let row = held.holds.iter_mut().find(|(held, _)| *held == place);
                    let cost = info::reported_cost(&told.properties);
                    if let (Some((_, row)), Some(cost)) = (row, cost) {
                        row.reported_cost = (row.cost != Some(cost)).then_some(cost);
                    }
                }
                None => hold(&mut held, at, license, &told.properties, reading.now),
            }
        }
        let own = self.vcenter.is_own(&held.entity.entity_id);
        if let (true, "", Some(version)) =
            (own, self.vcenter.version.as_str(), &held.entity.product_version)
        {
            version.clone_into(&mut self.vcenter.version);
            self.renamed = true;
        }
        Ok(self.settled(held, &before, known))
    }

    /// The place of the key that an entity holds, when a file tells of an entitlement without saying what it is: an inventory that
    /// knows no keys takes none away.
    fn keyed(&self, held: &Held, told: &AssignmentSaid) -> Option<usize> {
        let Which::Said(said) = &told.license else { return None };
        let nameless = said.info.license_key.is_placeholder() && said.lacks.has(Part::EditionKey);
        let own = held.entity.kind.product()?;
        let (place, _) = held.holds.iter().find(|(_, row)| nameless && row.slot == own)?;
        let key = self.licenses.get(*place).map(|license| &license.key)?;
        (!key.is_placeholder()).then_some(*place)
    }

    /// The place of the license that is meant.
    fn which(
        &mut self,
        which: &Which,
        entity: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> Option<usize> {
        match which {
            Which::Said(said) => self.put(said, reading, entity).map(|(at, _)| at),
            Which::Named(name) => {
                let found = self.by_name(name);
                if found.is_none() {
                    let message = format!("no license or several are called `{name}`");
                    reading.warn("UNKNOWN_LICENSE", message);
                }
                found
            }
        }
    }

    /// The entity of an id, else of a name; whether it was known before. `None` when a name is of several.
    pub(super) fn named(
        &mut self,
        read: &mut dyn Read,
        (id, name): (Option<&str>, Option<&str>),
        kind: Option<EntityKind>,
        reading: &mut Reading<'_>,
    ) -> Outcome<Option<(Held, bool)>> {
        let held = match (id, name) {
            (Some(id), name) => self.held(read, id, name)?,
            (None, Some(name)) => match self.ids_of(read, name)?.as_slice() {
                [] if kind == Some(EntityKind::Vcenter) => {
                    let own = self.vcenter.own_entity().to_owned();
                    self.held(read, &own, None)?
                }
                [] => {
                    let mut held = self.held(read, name, None)?;
                    if held.entity.id == 0 && !held.changed {
                        held.entity.kind = kind.unwrap_or(EntityKind::Host);
                        held.entity.name = Some(name.to_owned());
                    }
                    held
                }
                [only] => self.held(read, only, None)?,
                several => {
                    let message = format!("`{name}` names {} entities", several.len());
                    reading.warn("AMBIGUOUS_NAME", message);
                    return Ok(None);
                }
            },
            (None, None) => return Ok(None),
        };
        let known = held.entity.id != 0 || held.changed;
        Ok(Some((held, known)))
    }

    /// The entityIds of a display name, under way and stored.
    pub(super) fn ids_of(&self, read: &mut dyn Read, name: &str) -> Outcome<Vec<String>> {
        let mut ids = self.names.get(name).cloned().unwrap_or_default();
        ids.retain(|id| self.entities.contains_key(id));
        if self.vcenter.id != 0 {
            for entity in entities::called(read, self.vcenter.id, name)? {
                if !self.entities.contains_key(&entity.entity_id) {
                    ids.push(entity.entity_id);
                }
            }
        }
        Ok(ids)
    }

    /// What an assignment says of its entity.
    fn describe(
        &self,
        held: &mut Held,
        told: &AssignmentSaid,
        at: usize,
        reading: &mut Reading<'_>,
    ) {
        let entity = &mut held.entity;
        entity.told = true;
        if told.name.is_some() {
            entity.name.clone_from(&told.name);
        }
        if let Some(version) = find(&told.properties, PRODUCT_VERSION).and_then(AnyValue::as_text) {
            entity.product_version = Some(version.to_owned());
        }
        let in_use: Vec<KeyValue> = told
            .properties
            .iter()
            .filter(|held| held.key == IN_USE_FEATURES)
            .flat_map(|held| used(&held.value))
            .collect();
        if !in_use.is_empty() {
            entity.in_use = in_use;
        }
        let called = entity.entity_id.clone();
        match (find(&told.properties, EVALUATION), self.licenses.get(at)) {
            (Some(AnyValue::Evaluation(left)), _) => {
                evaluate(entity, &left.properties, &called, reading);
            }
            (_, Some(license)) if license.key.is_evaluation() => {
                if let Which::Said(said) = &told.license {
                    evaluate(entity, &said.info.properties, &called, reading);
                }
            }
            _ => {}
        }
    }

    /// Takes what a file says of a host.
    pub(in crate::vsphere::ops) fn host(
        &mut self,
        read: &mut dyn Read,
        said: &HostSaid,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        self.sections.hosts = true;
        let kind = Some(EntityKind::Host);
        let Some((mut held, known)) =
            self.named(read, (said.entity_id.as_deref(), said.name.as_deref()), kind, reading)?
        else {
            return Ok(Told::Skipped);
        };
        let before = held.clone();
        held.told.met = true;
        if !known {
            held.entity.kind = EntityKind::Host;
            held.entity.told = false;
        }
        let cluster = match &said.cluster {
            Some(name) => Some(self.cluster_of(read, name)?),
            None => None,
        };
        shape(&mut held.entity, said, cluster.as_ref());
        for text in said.licenses.iter().flatten() {
            let called = held.entity.called().to_owned();
            let Some(at) = self.which(&Which::of(text), Some(&called), reading) else { continue };
            held.entity.told = true;
            held.told.assigned = true;
            if let Some(license) = self.licenses.get(at) {
                hold(&mut held, at, license, &[], reading.now);
            }
        }
        if said.licenses.as_ref().is_some_and(|licenses| !licenses.is_empty()) {
            self.sections.assignments = true;
        }
        Ok(self.settled(held, &before, known))
    }

    /// The id of a cluster that a file names by id or by name; the text itself when nobody knows it.
    fn cluster_of(&self, read: &mut dyn Read, name: &str) -> Outcome<String> {
        if name.starts_with("domain-c") {
            return Ok(name.to_owned());
        }
        let ids = self.ids_of(read, name)?;
        let cluster = ids.into_iter().find(|id| kind_of(id) == EntityKind::Cluster);
        Ok(cluster.unwrap_or_else(|| name.to_owned()))
    }

    /// Takes what a file says of a cluster.
    pub(in crate::vsphere::ops) fn cluster(
        &mut self,
        read: &mut dyn Read,
        id: &str,
        name: &str,
    ) -> Outcome<Told> {
        let mut held = self.held(read, id, None)?;
        let known = held.entity.id != 0 || held.changed;
        let before = held.clone();
        if !known {
            held.entity.kind = EntityKind::Cluster;
            held.entity.told = false;
        }
        held.entity.name = Some(name.to_owned());
        held.told.met = true;
        Ok(self.settled(held, &before, known))
    }
}

/// The kind of entity that a license is first of all for.
pub(super) fn kind_for(license: &License) -> Option<EntityKind> {
    let family = family_of(&license.edition_key, license.product_name())?;
    family.fits.first().copied()
}

/// What a host is said to be, over what is known of it.
fn shape(entity: &mut Entity, said: &HostSaid, cluster: Option<&String>) {
    fn put<T: Clone>(to: &mut Option<T>, from: Option<&T>) {
        if let Some(from) = from {
            *to = Some(from.clone());
        }
    }
    put(&mut entity.name, said.name.as_ref());
    put(&mut entity.parent, cluster);
    put(&mut entity.path, said.path.as_ref());
    if let Some(version) = &said.version {
        // `8.0.3` of a host does not contradict the `8.0` of its assignment.
        let known = entity.product_version.as_deref();
        let told = expiry::major_minor(version);
        if known.is_none_or(|known| expiry::major_minor(known) != told) {
            entity.product_version = Some(told);
        }
    }
    put(&mut entity.model, said.model.as_ref());
    if let Some(processors) = &said.processors {
        // Sums tell nothing of packages that are known one by one.
        let (known, told) = (&entity.processors, processors);
        let less = known.cores().is_some()
            && known.number() == told.number()
            && (told.cores().is_none() || told.shared_out && known.cores() == told.cores());
        if !less {
            entity.processors = processors.clone();
        }
    }
    if let Some(state) = said.connection {
        entity.connection = state;
    }
    let (to, from) = (&mut entity.resources, said.resources);
    put(&mut to.vms_started, from.vms_started.as_ref());
    put(&mut to.vms_starting, from.vms_starting.as_ref());
    put(&mut to.vcpus, from.vcpus.as_ref());
    put(&mut to.vsan_micro_tib, from.vsan_micro_tib.as_ref());
}

/// The features in use that a value names, in any of its forms.
fn used(value: &AnyValue) -> Vec<KeyValue> {
    match value {
        AnyValue::Pair(pair) => vec![pair.clone()],
        AnyValue::Pairs(pairs) => pairs.clone(),
        AnyValue::AnyPairs(pairs) => pairs
            .iter()
            .map(|pair| match pair.value.as_text() {
                Some(text) => KeyValue::new(&pair.key, text),
                None => features::named(&pair.key),
            })
            .collect(),
        AnyValue::Text(key) => vec![features::named(key)],
        AnyValue::Texts(keys) => keys.iter().map(|key| features::named(key)).collect(),
        _ => Vec::new(),
    }
}

/// Takes the end of an evaluation that properties state, or that follows from what is left.
pub(super) fn evaluate(
    entity: &mut Entity,
    properties: &[KeyAnyValue],
    called: &str,
    reading: &mut Reading<'_>,
) {
    let end = expiry::stated(properties).or_else(|| {
        let (end, _) = expiry::derived(properties, reading.now)?;
        let message = format!("the end of the evaluation of `{called}` was derived from the hours that were left: {end}");
        reading.warn("EXPIRY_DERIVED", message);
        Some(end)
    });
    if let Some(end) = end {
        entity.evaluation = Some(ending(entity.evaluation, end));
    }
    let start = find(properties, "startDate").and_then(AnyValue::as_text);
    if let (Some(start), Some(held)) =
        (start.and_then(Timestamp::parse), entity.evaluation.as_mut())
    {
        held.start = Some(start);
    }
}

/// Puts a license into its slot; the evaluation empties the entity's own.
pub(super) fn hold(
    held: &mut Held,
    at: usize,
    license: &License,
    told: &[KeyAnyValue],
    now: Timestamp,
) {
    let slot = assign::slot(license, &held.entity);
    if license.key.is_evaluation() {
        held.holds.retain(|(_, held)| held.slot != slot);
        return;
    }
    let before = held.holds.iter().find(|(place, _)| *place == at).map(|(_, held)| held.clone());
    let lossy = told.is_empty();
    let reported = info::reported_cost(told)
        .or_else(|| before.as_ref().filter(|_| lossy).and_then(|before| before.reported_cost));
    // A cost that follows from the processors is no news.
    let reported = match &before {
        Some(before) if before.reported_cost.is_none() && reported == before.cost => None,
        _ => reported,
    };
    let kept = match &before {
        Some(before) if lossy => before.properties.clone(),
        _ => told.iter().filter(|property| !info::is_made(&property.key)).cloned().collect(),
    };
    let known = before.as_ref().and_then(|before| before.cost);
    let assignment = Assignment {
        license: license.id,
        entity: held.entity.id,
        cost: units::cost(&license.cost_unit, &held.entity, &[]).or(known).or(reported),
        reported_cost: reported,
        since: before.map_or(now, |before| before.since),
        slot: slot.clone(),
        properties: kept,
    };
    held.holds.retain(|(place, held)| *place != at && held.slot != slot);
    held.holds.push((at, assignment));
}
