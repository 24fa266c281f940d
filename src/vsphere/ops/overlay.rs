//! An instance under way in an import: what is stored, with what files said laid over it.

use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::store::{Put, Read, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::catalog::properties::{EVALUATION, IN_USE_FEATURES, PRODUCT_VERSION};
use crate::vsphere::model::assignment::{Assignment, LicenseAssignment};
use crate::vsphere::model::entity::{Entity, Evaluation};
use crate::vsphere::model::key::{EVALUATION as EVALUATION_KEY, ending};
use crate::vsphere::model::license::{License, LicenseInfo, Origin};
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue, find};
use crate::vsphere::model::vcenter::{ApiType, Settings, Vcenter};
use crate::vsphere::rules::{assign, expiry, features, info, inventory, units};
use crate::vsphere::store::{assignments, entities, keys, licenses, vcenters};
use std::collections::HashMap;

/// Where a record stands, when it is read, and what its reader has to say.
pub(super) struct Reading<'n> {
    pub(super) place: Place,
    pub(super) now: Timestamp,
    /// No assignment tells what is used, so that an absent `used` is 0.
    pub(super) alone: bool,
    pub(super) notes: &'n mut Notes,
}

impl Reading<'_> {
    fn warn(&mut self, code: &'static str, message: String) {
        self.notes.warn(code, self.place, message);
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Taken(Put),
    /// It names no license that could be stored.
    Skipped,
}

/// An instance with what is known of it so far.
pub(super) struct Overlay {
    pub(super) vcenter: Vcenter,
    /// Whether the row of the instance differs from what is stored.
    renamed: bool,
    licenses: Vec<License>,
    /// Places of the licenses by their whole key; evaluation licenses share one.
    places: HashMap<String, Vec<usize>>,
    /// Places of the licenses that differ from what is stored.
    changed: Vec<usize>,
    entities: HashMap<String, Held>,
    /// entityIds in the order in which they came.
    order: Vec<String>,
}

/// An entity with what it holds: the place of each license, and the assignment.
#[derive(Clone, PartialEq)]
struct Held {
    entity: Entity,
    holds: Vec<(usize, Assignment)>,
    changed: bool,
}

impl Overlay {
    /// A stored instance; its keys are read back, so that those of files can be compared.
    pub(super) fn of(read: &mut dyn Read, vcenter: Vcenter) -> Outcome<Self> {
        let mut held = Vec::new();
        for (mut license, _) in licenses::all(read, vcenter.id)? {
            license.key = keys::reveal(read, &license.key)?;
            keys::reveal_embedded(read, &mut license.properties)?;
            held.push(license);
        }
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, license) in held.iter().enumerate() {
            if let Some(full) = license.key.full() {
                places.entry(full.to_owned()).or_default().push(at);
            }
        }
        Ok(Self {
            vcenter,
            renamed: false,
            places,
            licenses: held,
            changed: Vec::new(),
            entities: HashMap::new(),
            order: Vec::new(),
        })
    }

    /// An instance that is made for a file: nothing is known of its own license or evaluation.
    pub(super) fn made(name: &str, uuid: Option<&str>) -> Self {
        let vcenter = Vcenter {
            id: 0,
            name: name.to_owned(),
            // A list of licenses alone tells no instanceUuid: the name stands for it until a file does.
            uuid: Some(uuid.unwrap_or(name).to_owned()),
            api_type: ApiType::VirtualCenter,
            version: String::new(),
            settings: Settings::default(),
        };
        let mut own = Entity::new(vcenter.own_entity(), EntityKind::Vcenter);
        own.name = Some(name.to_owned());
        own.told = false;
        let evaluation = inventory::evaluation_license(vcenter.api_type, &vcenter.version, None);
        let id = own.entity_id.clone();
        Self {
            vcenter,
            renamed: false,
            places: HashMap::from([(EVALUATION_KEY.to_owned(), vec![0])]),
            licenses: vec![evaluation],
            changed: vec![0],
            entities: HashMap::from([(
                id.clone(),
                Held { entity: own, holds: Vec::new(), changed: true },
            )]),
            order: vec![id],
        }
    }

    /// Whether no file has told the instanceUuid yet.
    pub(super) fn is_nameless(&self) -> bool {
        self.vcenter.uuid.as_deref() == Some(self.vcenter.name.as_str())
    }

    /// Takes the instanceUuid that a file tells of an instance that had none.
    pub(super) fn adopt(&mut self, read: &mut dyn Read, uuid: &str) -> Outcome<()> {
        let old = self.vcenter.own_entity().to_owned();
        let mut own = self.held(read, &old)?;
        self.entities.remove(&old);
        self.order.retain(|id| *id != old);
        uuid.clone_into(&mut own.entity.entity_id);
        own.changed = true;
        self.entities.insert(uuid.to_owned(), own);
        self.order.insert(0, uuid.to_owned());
        self.vcenter.uuid = Some(uuid.to_owned());
        self.renamed = true;
        Ok(())
    }

    /// Takes what a file says of a license.
    pub(super) fn license(&mut self, told: &LicenseInfo, reading: &mut Reading<'_>) -> Told {
        self.put(told, reading).map_or(Told::Skipped, |(_, put)| Told::Taken(put))
    }

    /// The place of a license, and what became of it; `None` when it cannot be told which it is.
    fn put(&mut self, told: &LicenseInfo, reading: &mut Reading<'_>) -> Option<(usize, Put)> {
        let key = told.license_key.full().unwrap_or_default();
        if key.is_empty() {
            reading.warn("EMPTY_KEY", "a license without a key was left out".to_owned());
            return None;
        }
        let at = if key.contains('*') {
            let found = self.by_end(key);
            if found.is_none() {
                let message = format!(
                    "`{}` is masked, and fits no license or several",
                    told.license_key.shown()
                );
                reading.warn("MASKED_KEY", message);
            }
            Some(found?)
        } else {
            self.places.get(key).and_then(|places| {
                let fits = |at: &&usize| {
                    self.licenses.get(**at).is_some_and(|held| {
                        held.edition_key == told.edition_key || !held.key.is_evaluation()
                    })
                };
                places.iter().find(fits).copied()
            })
        };
        let before = at.and_then(|at| self.licenses.get(at));
        let license = merged(before, told, reading);
        match at {
            None => {
                let at = self.licenses.len();
                self.places.entry(key.to_owned()).or_default().push(at);
                self.licenses.push(license);
                self.changed.push(at);
                Some((at, Put::Added))
            }
            Some(at) if before == Some(&license) => Some((at, Put::Unchanged)),
            Some(at) => {
                if let Some(held) = self.licenses.get_mut(at) {
                    *held = license;
                }
                self.changed.push(at);
                Some((at, Put::Changed))
            }
        }
    }

    /// The only license that a masked key can be.
    fn by_end(&self, masked: &str) -> Option<usize> {
        let end = ending(masked)?;
        let fits = |license: &License| license.key.full().is_some_and(|full| full.ends_with(&end));
        let mut found = self.licenses.iter().enumerate().filter(|(_, license)| fits(license));
        let only = found.next()?;
        found.next().is_none().then_some(only.0)
    }

    /// Takes what a file says of an assignment, and of the license that it copies.
    pub(super) fn assignment(
        &mut self,
        read: &mut dyn Read,
        told: &LicenseAssignment,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        let of_file = self.licenses.len();
        let Some((at, put)) = self.put(&told.assigned_license, reading) else {
            return Ok(Told::Skipped);
        };
        if put == Put::Changed && of_file == self.licenses.len() {
            self.conflict(at, told, reading);
        }
        let mut held = self.held(read, &told.entity_id)?;
        let (before, known) = (held.clone(), held.entity.id != 0 || held.changed);
        describe(&mut held.entity, told, reading);
        if let Some(license) = self.licenses.get(at) {
            hold(&mut held, at, license, told, reading.now);
        }
        let put = match (known, held == before) {
            (false, _) => Put::Added,
            (true, true) => Put::Unchanged,
            (true, false) => Put::Changed,
        };
        held.changed |= put != Put::Unchanged;
        if let (true, "", Some(version)) = (
            self.vcenter.is_own(&held.entity.entity_id),
            self.vcenter.version.as_str(),
            &held.entity.product_version,
        ) {
            version.clone_into(&mut self.vcenter.version);
            self.renamed = true;
        }
        self.entities.insert(held.entity.entity_id.clone(), held);
        Ok(Told::Taken(put))
    }

    /// Copies of one license that differ within a change: the last one wins.
    fn conflict(&self, at: usize, told: &LicenseAssignment, reading: &mut Reading<'_>) {
        let copies = self.changed.iter().filter(|changed| **changed == at).count();
        if copies > 1 {
            let license = &told.assigned_license;
            let message = format!(
                "the copy of `{}` at `{}` differs from the one before (used {}); the last one counts",
                license.license_key.shown(),
                told.entity_id,
                license.used.map_or_else(|| "unset".to_owned(), |used| used.to_string())
            );
            reading.warn("LICENCE_CONFLICT", message);
        }
    }

    /// An entity as it is under way, as it is stored, or a new one.
    fn held(&mut self, read: &mut dyn Read, entity_id: &str) -> Outcome<Held> {
        let id = if self.vcenter.is_own(entity_id) { self.vcenter.own_entity() } else { entity_id };
        if let Some(held) = self.entities.get(id) {
            return Ok(held.clone());
        }
        self.order.push(id.to_owned());
        let stored = match self.vcenter.id {
            0 => None,
            vcenter => entities::find(read, vcenter, id)?,
        };
        let Some(entity) = stored else {
            return Ok(Held {
                entity: Entity::new(id, kind_of(id)),
                holds: Vec::new(),
                changed: false,
            });
        };
        let mut holds = Vec::new();
        for mut assignment in assignments::of_entity(read, self.vcenter.id, entity.id)? {
            keys::reveal_embedded(read, &mut assignment.properties)?;
            let place = self.licenses.iter().position(|license| license.id == assignment.license);
            holds.extend(place.map(|place| (place, assignment)));
        }
        Ok(Held { entity, holds, changed: false })
    }

    /// Writes what differs.
    pub(super) fn store(mut self, tx: &mut dyn Tx) -> Outcome<()> {
        if self.vcenter.id == 0 || self.renamed {
            (self.vcenter.id, _) = vcenters::save(tx, &self.vcenter)?;
        }
        let vcenter = self.vcenter.id;
        self.changed.sort_unstable();
        self.changed.dedup();
        for at in self.changed {
            if let Some(license) = self.licenses.get_mut(at) {
                *license = licenses::save(tx, vcenter, license)?.0;
            }
        }
        for id in &self.order {
            let Some(mut held) = self.entities.remove(id).filter(|held| held.changed) else {
                continue;
            };
            held.entity.assigned = u32::try_from(held.holds.len()).unwrap_or(u32::MAX);
            let (entity, _) = entities::save(tx, vcenter, &held.entity)?;
            let place = |at: usize| self.licenses.get(at).map(|license| license.id);
            let wanted: Vec<i64> = held.holds.iter().filter_map(|(at, _)| place(*at)).collect();
            for old in assignments::of_entity(tx.reading(), vcenter, entity.id)? {
                if !wanted.contains(&old.license) {
                    assignments::remove(tx, vcenter, old.license, old.entity)?;
                }
            }
            for (license, (_, assignment)) in wanted.into_iter().zip(held.holds) {
                let row = Assignment { license, entity: entity.id, ..assignment };
                assignments::save(tx, vcenter, &row)?;
            }
        }
        Ok(())
    }
}

/// What an id tells of its kind: references of hosts and clusters have their own heads.
fn kind_of(entity_id: &str) -> EntityKind {
    match entity_id {
        id if id.starts_with("host-") || id == "ha-host" => EntityKind::Host,
        id if id.starts_with("domain-c") => EntityKind::Cluster,
        _ => EntityKind::Solution,
    }
}

/// A license as a file shows it, over what is known of it.
fn merged(before: Option<&License>, told: &LicenseInfo, reading: &mut Reading<'_>) -> License {
    let key = before.map_or_else(|| told.license_key.clone(), |before| before.key.clone());
    let origin = match () {
        () if key.is_evaluation() => Origin::Builtin,
        () if key.is_placeholder() => Origin::Entitlement,
        () => Origin::Import,
    };
    let mut properties = told.properties.clone();
    if let Some((end, derived)) = expiry::derived(&properties, reading.now) {
        let message = format!(
            "the expiry of `{}` was derived from the hours that were left: {end}",
            key.shown()
        );
        reading.warn("EXPIRY_DERIVED", message);
        properties.push(derived);
    }
    let used = match told.used {
        None if reading.alone && !key.is_evaluation() => Some(0),
        used => used,
    };
    License {
        id: before.map_or(0, |before| before.id),
        edition_key: told.edition_key.clone(),
        name: told.name.clone(),
        total: told.total,
        cost_unit: told.cost_unit.clone(),
        // An absent `used` tells nothing of one that is known.
        reported_used: used.or_else(|| before.and_then(|before| before.reported_used)),
        labels: told.labels.clone(),
        origin,
        properties,
        key,
    }
}

/// What an assignment says of its entity.
fn describe(entity: &mut Entity, told: &LicenseAssignment, reading: &mut Reading<'_>) {
    entity.told = true;
    if told.entity_display_name.is_some() {
        entity.name.clone_from(&told.entity_display_name);
    }
    if let Some(version) = find(&told.properties, PRODUCT_VERSION).and_then(AnyValue::as_text) {
        entity.product_version = Some(version.to_owned());
    }
    let in_use: Vec<KeyValue> = told
        .properties
        .iter()
        .filter(|held| held.key == IN_USE_FEATURES)
        .flat_map(|held| match &held.value {
            AnyValue::Pair(pair) => vec![pair.clone()],
            AnyValue::Pairs(pairs) => pairs.clone(),
            AnyValue::Text(key) => vec![features::named(key)],
            AnyValue::Texts(keys) => keys.iter().map(|key| features::named(key)).collect(),
            _ => Vec::new(),
        })
        .collect();
    if !in_use.is_empty() {
        entity.in_use = in_use;
    }
    let of_license = told.assigned_license.license_key.is_evaluation();
    let evaluation = match find(&told.properties, EVALUATION) {
        Some(AnyValue::Evaluation(told)) => Some(told.properties.as_slice()),
        _ => of_license.then_some(told.assigned_license.properties.as_slice()),
    };
    let end = evaluation.and_then(|properties| {
        let stated = expiry::stated(properties);
        stated.or_else(|| {
            let (end, _) = expiry::derived(properties, reading.now)?;
            let message = format!("the end of the evaluation of `{}` was derived from the hours that were left: {end}", entity.entity_id);
            reading.warn("EXPIRY_DERIVED", message);
            Some(end)
        })
    });
    if let Some(end) = end.filter(|end| entity.evaluation.is_none_or(|held| held.end != *end)) {
        let start = entity.evaluation.and_then(|held| held.start);
        entity.evaluation = Some(Evaluation { start, end });
    }
}

/// Puts a license into its slot; the evaluation empties the entity's own.
fn hold(held: &mut Held, at: usize, license: &License, told: &LicenseAssignment, now: Timestamp) {
    let slot = assign::slot(license, &held.entity);
    if license.key.is_evaluation() {
        held.holds.retain(|(_, held)| held.slot != slot);
        return;
    }
    let reported = info::reported_cost(&told.properties);
    let before = held.holds.iter().find(|(place, _)| *place == at).map(|(_, held)| held.clone());
    let kept: Vec<KeyAnyValue> =
        told.properties.iter().filter(|property| !info::is_made(&property.key)).cloned().collect();
    let assignment = Assignment {
        license: license.id,
        entity: held.entity.id,
        cost: units::cost(&license.cost_unit, &held.entity, &[]).or(reported),
        reported_cost: reported,
        since: before.map_or(now, |before| before.since),
        slot: slot.clone(),
        properties: kept,
    };
    held.holds.retain(|(place, held)| *place != at && held.slot != slot);
    held.holds.push((at, assignment));
}
