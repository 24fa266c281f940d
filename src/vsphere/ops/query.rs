//! `QueryAssignedLicenses`: the assignments as the API answers them, and each license once with who holds it.

use super::assignments::supported;
use super::{Scene, licenses as managing, vcenters, veil};
use crate::error::Outcome;
use crate::store::{Flow, Read};
use crate::vsphere::catalog::methods;
use crate::vsphere::model::assignment::{Assignment, LicenseAssignment};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::EVALUATION;
use crate::vsphere::model::license::{License, LicenseInfo, Taken};
use crate::vsphere::model::vcenter::EmptyEntity;
use crate::vsphere::rules::standing::{Standing, standing};
use crate::vsphere::rules::{info, inventory};
use crate::vsphere::store::{assignments, entities, keys, licenses};
use std::collections::HashMap;

/// One answer of `QueryAssignedLicenses`, with what it was made from.
#[derive(Debug)]
pub struct Answered {
    pub entity: Entity,
    /// `None`: the entity is on evaluation.
    pub license: Option<License>,
    pub held: Option<Assignment>,
    pub taken: Taken,
    pub standing: Standing,
    pub assignment: LicenseAssignment,
}

/// `QueryAssignedLicenses`: hands out the assignments of one entity, or of all: the vCenter first, then as they came. Every answer
/// has a full copy of its license. An unknown entity has none.
///
/// Refuses with `NOT_SUPPORTED` on a stand-alone host.
pub fn query(
    read: &mut dyn Read,
    scene: &Scene,
    entity_id: Option<&str>,
    found: &mut dyn FnMut(Answered) -> Outcome<Flow>,
) -> Outcome<()> {
    supported(scene, methods::QUERY_ASSIGNED_LICENSES.name)?;
    let vcenter = scene.vcenter.id;
    match entity_id {
        Some("") if scene.vcenter.settings.empty_entity == EmptyEntity::None => Ok(()),
        None | Some("") => {
            let mut held = assignments::all(read, vcenter)?;
            for held in &mut held {
                show_held(read, scene, held)?;
            }
            let mut held = held.into_iter().peekable();
            let inventory = Inventory::load(read, scene)?;
            entities::each(read, vcenter, &mut |entity| {
                let mut own = Vec::new();
                while let Some(next) = held.next_if(|held| held.entity == entity.id) {
                    own.push(next);
                }
                inventory.answer(&entity, own, scene, found)
            })
        }
        Some(id) => {
            let entity = if scene.vcenter.is_own(id) {
                Some(vcenters::own_entity(read, &scene.vcenter)?)
            } else {
                entities::find(read, vcenter, id)?
            };
            let Some(entity) = entity else { return Ok(()) };
            let mut held = assignments::of_entity(read, vcenter, entity.id)?;
            for held in &mut held {
                show_held(read, scene, held)?;
            }
            let inventory = Inventory::held(read, scene, &held)?;
            inventory.answer(&entity, held, scene, found).map(|_| ())
        }
    }
}

/// The inventory, held while its assignments stream.
struct Inventory {
    licenses: HashMap<i64, (License, Taken)>,
    evaluation: License,
}

impl Inventory {
    fn load(read: &mut dyn Read, scene: &Scene) -> Outcome<Self> {
        let held = licenses::all(read, scene.vcenter.id)?;
        Self::of(read, scene, held)
    }

    /// The part of the inventory that one entity holds: what everybody else holds takes long to count.
    fn held(read: &mut dyn Read, scene: &Scene, rows: &[Assignment]) -> Outcome<Self> {
        let vcenter = scene.vcenter.id;
        let mut held = Vec::new();
        for row in rows {
            if let Some(license) = licenses::load(read, vcenter, row.license)? {
                held.push((license, licenses::taken(read, vcenter, row.license)?));
            }
        }
        if held.is_empty() {
            let evaluation = licenses::find(read, vcenter, EVALUATION)?;
            held.extend(evaluation.map(|license| (license, Taken::default())));
        }
        Self::of(read, scene, held)
    }

    fn of(read: &mut dyn Read, scene: &Scene, held: Vec<(License, Taken)>) -> Outcome<Self> {
        let held = as_shown(read, scene, held)?;
        let evaluation = held.iter().find(|(license, _)| license.key.is_evaluation());
        let evaluation = evaluation.map_or_else(
            || inventory::evaluation_license(scene.vcenter.api_type, &scene.vcenter.version, None),
            |(license, _)| license.clone(),
        );
        let licenses = held.into_iter().map(|(license, taken)| (license.id, (license, taken)));
        Ok(Self { licenses: licenses.collect(), evaluation })
    }

    fn answer(
        &self,
        entity: &Entity,
        held: Vec<Assignment>,
        scene: &Scene,
        found: &mut dyn FnMut(Answered) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        let scope = scene.vcenter.uuid.as_deref();
        let mut entity = entity.clone();
        if !scene.secrets {
            entity.veil();
        }
        let entity = &entity;
        if held.is_empty() {
            let shown = info::license(&self.evaluation, Taken::default(), scene.now);
            return found(Answered {
                entity: entity.clone(),
                license: None,
                held: None,
                taken: Taken::default(),
                standing: standing(entity, None, scene.now),
                assignment: info::assignment(entity, None, shown, scope, scene.now),
            });
        }
        for held in held {
            let Some((license, taken)) = self.licenses.get(&held.license) else {
                return Err(damaged(entity));
            };
            let shown = info::license(license, *taken, scene.now);
            let flow = found(Answered {
                entity: entity.clone(),
                license: Some(license.clone()),
                taken: *taken,
                standing: standing(entity, Some(license), scene.now),
                assignment: info::assignment(entity, Some(&held), shown, scope, scene.now),
                held: Some(held),
            })?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(Flow::Continue(()))
    }
}

/// The licenses as they may be shown: with their keys in full when secrets are, else without one in any text.
pub fn as_shown(
    read: &mut dyn Read,
    scene: &Scene,
    mut held: Vec<(License, Taken)>,
) -> Outcome<Vec<(License, Taken)>> {
    for (license, _) in &mut held {
        show(read, scene, license)?;
    }
    Ok(held)
}

/// Makes one license what may be shown of it.
pub(super) fn show(read: &mut dyn Read, scene: &Scene, license: &mut License) -> Outcome<()> {
    if scene.secrets {
        license.key = keys::reveal(read, &license.key)?;
        return keys::reveal_embedded(read, &mut license.properties);
    }
    veil::license(license);
    Ok(())
}

/// Makes an assignment what may be shown of it.
pub(super) fn show_held(read: &mut dyn Read, scene: &Scene, held: &mut Assignment) -> Outcome<()> {
    if scene.secrets {
        return keys::reveal_embedded(read, &mut held.properties);
    }
    veil::properties(&mut held.properties);
    Ok(())
}

fn damaged(entity: &Entity) -> crate::error::Stop {
    crate::error::Stop::Fault(anyhow::anyhow!(
        "the store is damaged: `{}` holds a license that no inventory has",
        entity.entity_id
    ))
}

/// One license with the entities that hold it: the answer of `QueryAssignedLicenses` without its repetitions.
#[derive(Debug)]
pub struct Holding {
    pub license: License,
    pub info: LicenseInfo,
    pub holders: Vec<(Entity, Option<i64>)>,
}

/// Every license of an inventory once, with who holds it.
///
/// Refuses as [`query`].
pub fn holdings(read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<Holding>> {
    let mut holders: HashMap<i64, Vec<(Entity, Option<i64>)>> = HashMap::new();
    query(read, scene, None, &mut |answered| {
        if let Some(held) = answered.held {
            holders.entry(held.license).or_default().push((answered.entity, held.cost));
        }
        Ok(Flow::Continue(()))
    })?;
    let mut all = Vec::new();
    let all_licenses = licenses::all(read, scene.vcenter.id)?;
    for (license, _) in as_shown(read, scene, all_licenses)? {
        let info = managing::shown(read, scene, &license)?;
        let holders = holders.remove(&license.id).unwrap_or_default();
        all.push(Holding { license, info, holders });
    }
    Ok(all)
}
