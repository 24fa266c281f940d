//! What an instance holds, streamed for artefacts: each license once, and the assignments with their licenses by place.

use super::query::{as_shown, show_held};
use super::{Scene, catalogue, vcenters};
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Read};
use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::model::assignment::{Assignment, LicenseAssignment};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::{LicenseInfo, Taken};
use crate::vsphere::model::value::EvaluationInfo;
use crate::vsphere::rules::{expiry, info, inventory};
use crate::vsphere::store::{assignments, entities, keys, licenses};
use std::collections::HashMap;

/// The inventory of an instance, as the API shows it.
#[derive(Debug)]
pub struct Inventory {
    /// In the order of the inventory.
    pub licenses: Vec<LicenseInfo>,
    /// The evaluation license that is shown where an entity has none; it may be one that the inventory does not list.
    pub evaluation: LicenseInfo,
    /// Places of the licenses by their numbers.
    places: HashMap<i64, usize>,
}

/// Reads the inventory.
pub fn inventory(read: &mut dyn Read, scene: &Scene) -> Outcome<Inventory> {
    let held = licenses::all(read, scene.vcenter.id)?;
    let held = as_shown(read, scene, held)?;
    let places = held.iter().enumerate().map(|(at, (license, _))| (license.id, at)).collect();
    let shown = held.iter().map(|(license, taken)| info::license(license, *taken, scene.now));
    let licenses: Vec<LicenseInfo> = shown.collect();
    let listed = licenses.iter().find(|info| info.license_key.is_evaluation()).cloned();
    let evaluation = listed.unwrap_or_else(|| {
        let made =
            inventory::evaluation_license(scene.vcenter.api_type, &scene.vcenter.version, None);
        info::license(&made, Taken::default(), scene.now)
    });
    Ok(Inventory { licenses, evaluation, places })
}

/// One assignment; its `assigned_license` has key and unit alone.
#[derive(Debug)]
pub struct Listed<'l> {
    pub entity: &'l Entity,
    /// The license in full, and its place in the inventory; of an evaluation that is not listed, one behind it.
    pub license: &'l LicenseInfo,
    pub place: usize,
    pub held: Option<&'l Assignment>,
    pub assignment: LicenseAssignment,
}

impl Listed<'_> {
    /// The assignment with its copy of the license.
    #[must_use]
    pub fn whole(&self) -> LicenseAssignment {
        LicenseAssignment { assigned_license: self.license.clone(), ..self.assignment.clone() }
    }
}

/// Hands out the assignments of every entity as the API answers them: the vCenter first, then as they came; an entity without a
/// license shows its evaluation. Entities of which no assignment is known are left out.
pub fn each(
    read: &mut dyn Read,
    scene: &Scene,
    inventory: &Inventory,
    found: &mut dyn FnMut(Listed<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let vcenter = &scene.vcenter;
    let mut rows = assignments::all(read, vcenter.id)?;
    // Before the entities stream.
    for row in &mut rows {
        show_held(read, scene, row)?;
    }
    let mut rows = rows.into_iter().peekable();
    let scope = vcenter.uuid.as_deref();
    entities::each(read, vcenter.id, &mut |mut entity| {
        if !scene.secrets {
            entity.veil();
        }
        let mut any = false;
        while let Some(row) = rows.next_if(|row| row.entity == entity.id) {
            any = true;
            let place = inventory.places.get(&row.license).copied().unwrap_or(usize::MAX);
            let license = inventory.licenses.get(place).ok_or_else(|| damaged(&entity))?;
            let assignment = info::assignment(&entity, Some(&row), bare(license), scope, scene.now);
            found(Listed { entity: &entity, license, place, held: Some(&row), assignment })?;
        }
        if !any && entity.told {
            let license = &inventory.evaluation;
            let assignment = info::assignment(&entity, None, bare(license), scope, scene.now);
            let place = inventory.licenses.len();
            found(Listed { entity: &entity, license, place, held: None, assignment })?;
        }
        Ok(Flow::Continue(()))
    })
}

fn bare(license: &LicenseInfo) -> LicenseInfo {
    let mut bare = LicenseInfo::of_key("");
    bare.license_key = Key::none();
    bare.cost_unit.clone_from(&license.cost_unit);
    bare
}

fn damaged(entity: &Entity) -> Stop {
    Stop::Fault(anyhow::anyhow!(
        "the store is damaged: `{}` holds a license that no inventory has",
        entity.entity_id
    ))
}

/// The hosts and clusters of an instance.
pub fn entities(read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<Entity>> {
    let mut all = entities::all(read, scene.vcenter.id)?;
    for entity in &mut all {
        match &entity.host_key {
            _ if !scene.secrets => entity.veil(),
            Some(key) => entity.host_key = Some(keys::reveal(read, key)?),
            None => {}
        }
    }
    Ok(all)
}

/// What is left of the evaluation of the instance itself.
pub fn evaluation(read: &mut dyn Read, scene: &Scene) -> Outcome<EvaluationInfo> {
    let own = vcenters::own_entity(read, &scene.vcenter)?;
    let version = own.product_version.as_deref();
    Ok(own.evaluation.map(|left| expiry::told(&left, scene.now, version)).unwrap_or_default())
}

/// The catalogue of the user.
pub fn catalogue(read: &mut dyn Read, scene: &Scene) -> Outcome<CatalogueFile> {
    catalogue::all(read, scene.secrets)
}
