//! The methods of `LicenseAssignmentManager`.

use super::resolve::{edition, resolve};
use super::{Scene, linked, vcenters};
use crate::error::{Outcome, Refusal, Warning};
use crate::store::{Read, Tx};
use crate::vsphere::catalog::codes::NOT_SUPPORTED;
use crate::vsphere::catalog::methods;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::catalogue::Edition;
use crate::vsphere::model::entity::{Connection, Entity};
use crate::vsphere::model::key::{self, Key};
use crate::vsphere::model::license::{License, LicenseInfo, Taken};
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::rules::assign::{self, Accepted, Case, HostEdition};
use crate::vsphere::rules::info;
use crate::vsphere::store::{assignments, entities, licenses};

/// The entity of that id: exactly, but for the UUID of the instance, whose case does not matter.
///
/// Refuses with `LICENSE_ENTITY_NOT_FOUND`, or as the instance tells of unknown entities.
pub(super) fn known(read: &mut dyn Read, scene: &Scene, entity_id: &str) -> Outcome<Entity> {
    if scene.vcenter.is_own(entity_id) {
        return vcenters::own_entity(read, &scene.vcenter);
    }
    let found = entities::find(read, scene.vcenter.id, entity_id)?;
    let style = scene.vcenter.settings.fault_style;
    found.ok_or_else(|| assign::unknown_entity(entity_id, style).into())
}

/// A stand-alone host has no `LicenseAssignmentManager`.
pub(super) fn supported(scene: &Scene, method: &str) -> Result<(), Refusal> {
    if scene.vcenter.api_type == ApiType::VirtualCenter {
        return Ok(());
    }
    let message = format!(
        "`{}` is a stand-alone host: its licenseAssignmentManager is unset",
        scene.vcenter.name
    );
    Err(Refusal::new(&NOT_SUPPORTED, message)
        .hinted("`licctl vsphere license add` sets the license of a host")
        .of(method))
}

/// An assignment that was made.
#[derive(Debug)]
pub struct Assigned {
    pub entity: Entity,
    pub license: License,
    pub taken: Taken,
    /// Units that the entity takes; `None`: not known, or on evaluation.
    pub cost: Option<i64>,
    /// The license as the API returns it, with the new `used`.
    pub info: LicenseInfo,
    pub warnings: Vec<Warning>,
}

/// What `UpdateAssignedLicense` is given.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    pub entity_id: &'w str,
    pub key: &'w str,
    /// Empty: the name stays.
    pub display_name: &'w str,
}

/// `UpdateAssignedLicense`: assigns a license, adding it to the inventory when it is not there.
///
/// Refuses with `LICENSE_ENTITY_NOT_FOUND`, `INVALID_ARGUMENT`, and as the rules of assignment do. Nothing is written then.
pub fn update(tx: &mut dyn Tx, scene: &Scene, wanted: &Wanted<'_>) -> Outcome<Assigned> {
    let method = methods::UPDATE_ASSIGNED_LICENSE.name;
    supported(scene, method)?;
    let entity = known(tx.reading(), scene, wanted.entity_id).map_err(|stop| of(stop, method))?;
    let Some(license) = resolve(tx.reading(), scene, wanted.key)? else {
        return Err(assign::unknown_key(wanted.key).of(method).into());
    };
    let entity = match wanted.display_name {
        "" => entity,
        name => Entity { name: Some(name.to_owned()), ..entity },
    };
    let accepted = if license.key.is_evaluation() {
        assign::evaluate(&entity, scene.now).map_err(|refusal| refusal.of(method))?;
        None
    } else {
        Some(judge(tx.reading(), scene, &license, &entity, method)?)
    };
    let (entity, license, cost) = occupy(tx, scene, entity, license, accepted.as_ref())?;
    tx.call(method, &format!("entity={}, licenseKey={}", entity.entity_id, license.key.shown()));
    let taken = licenses::taken(tx.reading(), scene.vcenter.id, license.id)?;
    Ok(Assigned {
        info: info::license(&license, taken, scene.now),
        warnings: accepted.map(|accepted| accepted.warnings).unwrap_or_default(),
        entity,
        license,
        taken,
        cost,
    })
}

/// Names the method in a refusal.
pub(super) fn of(stop: crate::error::Stop, method: &str) -> crate::error::Stop {
    match stop {
        crate::error::Stop::Refused(refusal) => refusal.of(method).into(),
        other => other,
    }
}

fn judge(
    read: &mut dyn Read,
    scene: &Scene,
    license: &License,
    entity: &Entity,
    method: &str,
) -> Outcome<Accepted> {
    let vcenter = scene.vcenter.id;
    let own_edition = edition(read, license)?;
    let members = members(read, vcenter, entity)?;
    let held = match license.id {
        0 => None,
        id => assignments::of_entity(read, vcenter, entity.id)?
            .into_iter()
            .find(|held| held.license == id)
            .map(|held| held.cost.unwrap_or(0)),
    };
    let taken = match license.id {
        0 => Taken::default(),
        id => licenses::taken(read, vcenter, id)?,
    };
    let limits = own_edition.as_ref().is_some_and(|edition| {
        edition.max_hosts.is_some() || !edition.disallowed_host_editions.is_empty()
    });
    let hosts: Vec<HostEdition> = if entity.kind == EntityKind::Vcenter && limits {
        assignments::host_editions(read, vcenter)?
    } else {
        Vec::new()
    };
    let managing = managing_edition(read, scene, entity)?;
    let case = Case {
        license,
        edition: own_edition.as_ref(),
        entity,
        members: &members,
        free: info::free(license, taken),
        held,
        hosts: &hosts,
        managing: managing.as_ref(),
        now: scene.now,
        levels: scene.levels,
    };
    assign::assign(&case).map_err(|refusal| refusal.of(method).into())
}

/// The hosts that a cluster's cost is counted from.
pub(super) fn members(read: &mut dyn Read, vcenter: i64, entity: &Entity) -> Outcome<Vec<Entity>> {
    match entity.kind {
        EntityKind::Cluster => entities::members(read, vcenter, &entity.entity_id),
        _ => Ok(Vec::new()),
    }
}

/// The edition that the vCenter of a host is licensed with.
fn managing_edition(
    read: &mut dyn Read,
    scene: &Scene,
    entity: &Entity,
) -> Outcome<Option<Edition>> {
    if entity.kind != EntityKind::Host {
        return Ok(None);
    }
    let own = vcenters::own_entity(read, &scene.vcenter)?;
    let Some(held) = assignments::of_entity(read, scene.vcenter.id, own.id)?.into_iter().next()
    else {
        return Ok(None);
    };
    match licenses::load(read, scene.vcenter.id, held.license)? {
        Some(license) => edition(read, &license),
        None => Ok(None),
    }
}

/// Puts a license into the slot of an entity; without `accepted` the evaluation, which empties the entity's own slot.
fn occupy(
    tx: &mut dyn Tx,
    scene: &Scene,
    mut entity: Entity,
    license: License,
    accepted: Option<&Accepted>,
) -> Outcome<(Entity, License, Option<i64>)> {
    let vcenter = scene.vcenter.id;
    let license = match license.id {
        0 => {
            let (license, _) = licenses::save(tx, vcenter, &license)?;
            linked::copy(tx, &scene.vcenter, &license)?;
            license
        }
        _ => license,
    };
    let slot = match accepted {
        Some(accepted) => accepted.slot.clone(),
        None => entity.kind.product().unwrap_or_default().to_owned(),
    };
    let held = assignments::of_entity(tx.reading(), vcenter, entity.id)?;
    let same = accepted.is_some()
        && held.iter().any(|held| held.license == license.id && held.slot == slot);
    let mut cost = accepted.and_then(|accepted| accepted.cost);
    let mut left = held.len();
    if same {
        cost = held.iter().find(|held| held.license == license.id).and_then(|held| held.cost);
    } else {
        for old in held
            .iter()
            .filter(|held| held.slot == slot || held.license == license.id || slot.is_empty())
        {
            assignments::remove(tx, vcenter, old.license, old.entity)?;
            left -= 1;
        }
        if accepted.is_some() {
            let new = Assignment {
                license: license.id,
                entity: entity.id,
                slot,
                cost,
                reported_cost: None,
                since: scene.now,
                properties: Vec::new(),
            };
            assignments::save(tx, vcenter, &new)?;
            left += 1;
        }
    }
    entity.assigned = u32::try_from(left).unwrap_or(u32::MAX);
    entity.told = true;
    push(&mut entity, &license);
    let (entity, _) = entities::save(tx, vcenter, &entity)?;
    Ok((entity, license, cost))
}

/// A connected host whose own license is known takes over what its vCenter says; a disconnected one keeps what it has.
///
/// Source: [ARTICLE] comment 2: vCenter is the authority; [AUTHORITY] the host keeps the key.
fn push(entity: &mut Entity, license: &License) {
    let connected = entity.connection == Connection::Connected;
    if entity.kind == EntityKind::Host && connected && entity.host_key.is_some() {
        entity.host_key = Some(license.key.clone());
    }
}

/// `RemoveAssignedLicense`: takes every license of an entity away; it is on evaluation then. An entity without one stays as it is.
///
/// Refuses with `LICENSE_ENTITY_NOT_FOUND`.
pub fn remove(tx: &mut dyn Tx, scene: &Scene, entity_id: &str) -> Outcome<Entity> {
    let method = methods::REMOVE_ASSIGNED_LICENSE.name;
    supported(scene, method)?;
    let mut entity = known(tx.reading(), scene, entity_id).map_err(|stop| of(stop, method))?;
    let held = assignments::of_entity(tx.reading(), scene.vcenter.id, entity.id)?;
    if held.is_empty() {
        return Ok(entity);
    }
    for old in &held {
        assignments::remove(tx, scene.vcenter.id, old.license, old.entity)?;
    }
    entity.assigned = 0;
    if entity.connection == Connection::Connected && entity.host_key.is_some() {
        entity.host_key = Some(Key::evaluation());
    }
    let (entity, _) = entities::save(tx, scene.vcenter.id, &entity)?;
    tx.call(method, &format!("entityId={}", entity.entity_id));
    Ok(entity)
}

/// Switches an entity back to its evaluation: `UpdateAssignedLicense` with the evaluation key.
///
/// Refuses as [`update`]; with `LICENSE_EXPIRED` when the evaluation is over.
pub fn evaluate(tx: &mut dyn Tx, scene: &Scene, entity_id: &str) -> Outcome<Assigned> {
    update(tx, scene, &Wanted { entity_id, key: key::EVALUATION, display_name: "" })
}
