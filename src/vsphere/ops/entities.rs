//! Entities: what is licensed, made for a rehearsal or met in an artefact. A change of what a cost is counted from counts it anew.

use super::{Scene, assignments as assigning};
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Warning};
use crate::store::{Read, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::{Connection, Entity, Processors};
use crate::vsphere::model::license::License;
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::rules::{expiry, info, units};
use crate::vsphere::store::{assignments, entities, licenses};

/// The entity that a person means, as an entityId: the id itself, a reference, `vc` or `.`, a path, a display name. What is none
/// of these is handed to the API as it is.
///
/// Usage error when a path or a name has several.
pub fn named(read: &mut dyn Read, scene: &Scene, text: &str) -> Outcome<String> {
    let vcenter = scene.vcenter.id;
    let bare = text.split_once(':').filter(|(kind, _)| is_type(kind)).map_or(text, |(_, id)| id);
    if entities::find(read, vcenter, bare)?.is_some() {
        return Ok(bare.to_owned());
    }
    if matches!(text, "vc" | ".") || scene.vcenter.is_own(bare) {
        return Ok(scene.vcenter.own_entity().to_owned());
    }
    let at_path =
        if text.contains('/') { entities::at_path(read, vcenter, text)? } else { Vec::new() };
    let found = if at_path.is_empty() { entities::called(read, vcenter, text)? } else { at_path };
    match found.as_slice() {
        [] => Ok(bare.to_owned()),
        [only] => Ok(only.entity_id.clone()),
        several => {
            let ids: Vec<&str> = several.iter().map(|held| held.entity_id.as_str()).collect();
            Err(Usage::new(format!("{} entities are called `{text}`", several.len()))
                .hinted(format!("give one of the ids {}", ids.join(", ")))
                .into())
        }
    }
}

/// Whether a word is a type of the API, as `HostSystem` before an id.
fn is_type(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// What may be said of an entity; `None`: nothing.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub name: Option<String>,
    pub parent: Option<String>,
    pub path: Option<String>,
    pub version: Option<String>,
    pub processors: Option<Processors>,
    pub vms_started: Option<u32>,
    pub vms_starting: Option<u32>,
    pub vcpus: Option<u32>,
    pub vsan_micro_tib: Option<u64>,
    pub model: Option<String>,
    pub connection: Option<Connection>,
    /// Every feature in use.
    pub in_use: Option<Vec<KeyValue>>,
    pub evaluation_start: Option<Timestamp>,
    pub evaluation_days: Option<u32>,
    pub cost: Option<u32>,
}

impl Facts {
    fn put(&self, entity: &mut Entity, now: Timestamp) {
        let set = |held: &mut Option<String>, said: &Option<String>| {
            if said.is_some() {
                held.clone_from(said);
            }
        };
        set(&mut entity.name, &self.name);
        set(&mut entity.parent, &self.parent);
        set(&mut entity.path, &self.path);
        set(&mut entity.product_version, &self.version);
        set(&mut entity.model, &self.model);
        if let Some(processors) = &self.processors {
            entity.processors.clone_from(processors);
        }
        let resources = &mut entity.resources;
        resources.vms_started = self.vms_started.or(resources.vms_started);
        resources.vms_starting = self.vms_starting.or(resources.vms_starting);
        resources.vcpus = self.vcpus.or(resources.vcpus);
        resources.vsan_micro_tib = self.vsan_micro_tib.or(resources.vsan_micro_tib);
        if let Some(connection) = self.connection
            && connection != entity.connection
        {
            entity.connection = connection;
            entity.disconnected = (connection == Connection::Disconnected).then_some(now);
        }
        if let Some(in_use) = &self.in_use {
            entity.in_use.clone_from(in_use);
        }
        entity.cost = self.cost.or(entity.cost);
        self.evaluate(entity);
    }

    fn evaluate(&self, entity: &mut Entity) {
        let start = self
            .evaluation_start
            .or_else(|| entity.evaluation.and_then(|evaluation| evaluation.start));
        if self.evaluation_start.is_none() && self.evaluation_days.is_none() {
            return;
        }
        if let Some(start) = start {
            let days = self
                .evaluation_days
                .map_or_else(|| expiry::days(entity.product_version.as_deref()), i64::from);
            entity.evaluation = Some(expiry::evaluation(start, days));
        }
    }
}

/// An entity that was made or changed.
#[derive(Debug)]
pub struct Changed {
    pub entity: Entity,
    pub warnings: Vec<Warning>,
}

/// Makes an entity. Hosts begin with their evaluation, and have the version of their vCenter unless it is said.
///
/// Usage error when the id is taken or none, or the parent is no cluster.
pub fn add(
    tx: &mut dyn Tx,
    scene: &Scene,
    entity_id: &str,
    kind: EntityKind,
    facts: &Facts,
) -> Outcome<Changed> {
    if entity_id.trim().is_empty() || scene.vcenter.is_own(entity_id) || kind == EntityKind::Vcenter
    {
        let message =
            "an entity needs an id of its own; the vCenter itself is there from the beginning";
        return Err(Usage::new(message).into());
    }
    if entities::find(tx.reading(), scene.vcenter.id, entity_id)?.is_some() {
        return Err(Usage::new(format!("there is an entity `{entity_id}` already"))
            .hinted("`licctl vsphere entity set` changes it")
            .into());
    }
    let mut entity = Entity::new(entity_id, kind);
    if kind == EntityKind::Host {
        let version = facts.version.clone();
        let version = version.unwrap_or_else(|| expiry::major_minor(&scene.vcenter.version));
        entity.evaluation = Some(expiry::evaluation(scene.now, expiry::days(Some(&version))));
        entity.product_version = Some(version);
    }
    let changed = change(tx, scene, entity, facts)?;
    tx.call("entity.add", &format!("entityId={entity_id}, kind={}", kind.word()));
    Ok(changed)
}

/// Says more of an entity; what it costs is counted anew at once, which may use more than there is.
///
/// Refuses as the API does of unknown entities. Usage error when the parent is no cluster.
pub fn set(tx: &mut dyn Tx, scene: &Scene, entity_id: &str, facts: &Facts) -> Outcome<Changed> {
    let entity = assigning::known(tx.reading(), scene, entity_id)?;
    change(tx, scene, entity, facts)
}

fn change(tx: &mut dyn Tx, scene: &Scene, mut entity: Entity, facts: &Facts) -> Outcome<Changed> {
    let vcenter = scene.vcenter.id;
    if let Some(parent) = &facts.parent {
        let found = entities::find(tx.reading(), vcenter, parent)?;
        if found.is_none_or(|found| found.kind != EntityKind::Cluster) {
            return Err(Usage::new(format!(
                "`{parent}` is no cluster of `{}`",
                scene.vcenter.name
            ))
            .hinted("`licctl vsphere entity add ID --kind cluster` makes one")
            .into());
        }
    }
    let before = entity.parent.clone();
    facts.put(&mut entity, scene.now);
    let (entity, _) = entities::save(tx, vcenter, &entity)?;
    let mut warnings = recount(tx, scene, &entity)?;
    let clusters = [before, entity.parent.clone()];
    let mut counted: Vec<&String> = clusters.iter().flatten().collect();
    counted.dedup();
    for cluster in counted {
        if let Some(cluster) = entities::find(tx.reading(), vcenter, cluster)? {
            warnings.extend(recount(tx, scene, &cluster)?);
        }
    }
    Ok(Changed { entity, warnings })
}

/// Counts what an entity costs anew; tells of licenses that are over-used then.
pub(super) fn recount(tx: &mut dyn Tx, scene: &Scene, entity: &Entity) -> Outcome<Vec<Warning>> {
    let vcenter = scene.vcenter.id;
    let members = assigning::members(tx.reading(), vcenter, entity)?;
    let mut warnings = Vec::new();
    for held in assignments::of_entity(tx.reading(), vcenter, entity.id)? {
        let Some(license) = licenses::load(tx.reading(), vcenter, held.license)? else { continue };
        let cost = units::cost(&license.cost_unit, entity, &members).or(held.reported_cost);
        if cost == held.cost {
            continue;
        }
        assignments::save(tx, vcenter, &Assignment { cost, ..held })?;
        warnings.extend(over_used(tx.reading(), scene, &license)?);
    }
    Ok(warnings)
}

fn over_used(read: &mut dyn Read, scene: &Scene, license: &License) -> Outcome<Option<Warning>> {
    let taken = licenses::taken(read, scene.vcenter.id, license.id)?;
    let free = info::free(license, taken);
    Ok(free.filter(|free| *free < 0).map(|free| {
        let message = format!(
            "license `{}` is over-used: {} of {}, {} too many",
            license.key.shown(),
            i64::from(license.total) - free,
            license.total,
            -free
        );
        Warning::new("OVERUSED", message)
    }))
}

/// Removes an entity; the units that it took are free again, the licenses stay.
///
/// Refuses as the API does of unknown entities. Usage error for the instance itself.
pub fn remove(tx: &mut dyn Tx, scene: &Scene, entity_id: &str) -> Outcome<Entity> {
    let vcenter = scene.vcenter.id;
    let entity = assigning::known(tx.reading(), scene, entity_id)?;
    if scene.vcenter.is_own(&entity.entity_id) {
        return Err(Usage::new(format!("`{}` is the vcenter itself", entity.called()))
            .hinted(format!(
                "`licctl vsphere vcenter remove {}` removes all of it",
                scene.vcenter.name
            ))
            .into());
    }
    for held in assignments::of_entity(tx.reading(), vcenter, entity.id)? {
        assignments::remove(tx, vcenter, held.license, held.entity)?;
    }
    entities::remove(tx, vcenter, entity.id)?;
    if let Some(parent) = &entity.parent
        && let Some(cluster) = entities::find(tx.reading(), vcenter, parent)?
    {
        recount(tx, scene, &cluster)?;
    }
    tx.call("entity.remove", &format!("entityId={}", entity.entity_id));
    Ok(entity)
}

/// An entity with the license of its own product.
pub fn show(
    read: &mut dyn Read,
    scene: &Scene,
    entity_id: &str,
) -> Outcome<(Entity, Option<License>)> {
    let entity = assigning::known(read, scene, entity_id)?;
    let held = assignments::of_entity(read, scene.vcenter.id, entity.id)?.into_iter().next();
    let license = match held {
        Some(held) => licenses::load(read, scene.vcenter.id, held.license)?,
        None => None,
    };
    Ok((entity, license))
}
