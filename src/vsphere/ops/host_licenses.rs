//! What a host says of its own license. vCenter is the authority: whatever is changed on the host is overridden.

use super::{Scene, assignments as assigning, entities as recounting};
use crate::error::{Outcome, Refusal, Usage, Warning};
use crate::store::{Flow, Read, Tx};
use crate::vsphere::catalog::codes::NOT_SUPPORTED;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::{Connection, Entity};
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::License;
use crate::vsphere::rules::{assign, expiry};
use crate::vsphere::store::{assignments, entities, keys, licenses};

/// What a host says beside what its vCenter says.
#[derive(Debug)]
pub struct HostLicense {
    pub entity: Entity,
    /// What the host says; `None`: not known.
    pub host: Option<Key>,
    /// Its license, when the inventory has it.
    pub host_license: Option<License>,
    /// What the vCenter assigned; `None`: the evaluation.
    pub assigned: Option<License>,
}

impl HostLicense {
    /// Whether both say the same; `None` when the host says nothing.
    #[must_use]
    pub fn matches(&self) -> Option<bool> {
        let host = self.host.as_ref()?;
        Some(match &self.assigned {
            Some(license) => license.key.number() == host.number(),
            None => host.is_evaluation(),
        })
    }
}

/// Sets the license on the host itself, past its vCenter, as `vim-cmd vimsvc/license --set` does.
///
/// Refuses with `NOT_SUPPORTED` since 9.0, where a managed host takes no such change.
///
/// Source: [ARTICLE] comment 2; that hosts of 9.x refuse: assumed from a public tool that re-licenses them.
pub fn set(
    tx: &mut dyn Tx,
    scene: &Scene,
    host: &str,
    key: &str,
) -> Outcome<(HostLicense, Warning)> {
    let mut entity = host_of(tx.reading(), scene, host)?;
    if entity.product_version.as_deref().and_then(expiry::major).is_some_and(|major| major >= 9) {
        let message = format!(
            "{} has version {} and is managed: it takes no license past its vCenter",
            entity.called(),
            entity.product_version.as_deref().unwrap_or_default()
        );
        return Err(Refusal::new(&NOT_SUPPORTED, message)
            .hinted("`licctl vsphere assign KEY HOST` assigns it in the vCenter")
            .of("LicenseManager.UpdateLicense")
            .into());
    }
    if super::resolve::resolve(tx.reading(), scene, key)?.is_none() {
        return Err(assign::unknown_key(key).of("LicenseManager.UpdateLicense").into());
    }
    entity.host_key = Some(Key::given(key));
    let (entity, _) = entities::save(tx, scene.vcenter.id, &entity)?;
    let shown = entity.host_key.as_ref().map(|key| key.shown().to_owned()).unwrap_or_default();
    tx.call(
        "LicenseManager.UpdateLicense",
        &format!("host={}, licenseKey={shown}", entity.entity_id),
    );
    let message = format!(
        "{} is managed by `{}`, which overrides what is set on the host",
        entity.called(),
        scene.vcenter.name
    );
    let warning = Warning::new("WILL_BE_OVERRIDDEN", message).at(entity.entity_id.as_str());
    Ok((beside(tx.reading(), scene, entity)?, warning))
}

fn host_of(read: &mut dyn Read, scene: &Scene, entity_id: &str) -> Outcome<Entity> {
    let entity = assigning::known(read, scene, entity_id)?;
    if entity.kind == EntityKind::Host {
        return Ok(entity);
    }
    Err(Usage::new(format!("`{entity_id}` is a {}, no host", entity.kind.word())).into())
}

/// The id of a host, as it is stored.
///
/// Refuses as the API does of unknown entities. Usage error when the entity is no host.
pub fn host_id(read: &mut dyn Read, scene: &Scene, entity_id: &str) -> Outcome<String> {
    host_of(read, scene, entity_id).map(|host| host.entity_id)
}

fn beside(read: &mut dyn Read, scene: &Scene, entity: Entity) -> Outcome<HostLicense> {
    let held = assignments::of_entity(read, scene.vcenter.id, entity.id)?.into_iter().next();
    let assigned = match held {
        Some(held) => licenses::load(read, scene.vcenter.id, held.license)?,
        None => None,
    };
    let host_license = match &entity.host_key {
        Some(key) => match keys::reveal(read, key)?.full() {
            Some(full) => licenses::find(read, scene.vcenter.id, full)?,
            None => None,
        },
        None => None,
    };
    let (mut host, mut assigned) = (entity.host_key.clone(), assigned);
    if scene.secrets {
        if let Some(key) = &mut host {
            *key = keys::reveal(read, key)?;
        }
        if let Some(license) = &mut assigned {
            license.key = keys::reveal(read, &license.key)?;
        }
    }
    Ok(HostLicense { entity, host, host_license, assigned })
}

/// What hosts say beside what their vCenter says.
///
/// - `host`: only this one; `None`: all that say anything.
pub fn show(read: &mut dyn Read, scene: &Scene, host: Option<&str>) -> Outcome<Vec<HostLicense>> {
    let hosts = match host {
        Some(host) => vec![host_of(read, scene, host)?],
        None => telling(read, scene)?,
    };
    hosts.into_iter().map(|host| beside(read, scene, host)).collect()
}

fn telling(read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<Entity>> {
    let mut hosts = Vec::new();
    entities::each(read, scene.vcenter.id, &mut |entity| {
        if entity.kind == EntityKind::Host && entity.host_key.is_some() {
            hosts.push(entity);
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(hosts)
}

/// The hosts that say another license than their vCenter.
pub fn drift(read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<HostLicense>> {
    let hosts = show(read, scene, None)?;
    Ok(hosts.into_iter().filter(|host| host.matches() == Some(false)).collect())
}

/// Lets the vCenter override what hosts say, and counts their cost anew, as a reconnection does. Disconnected hosts are passed over.
///
/// - `hosts`: entityIds; empty: all that say anything.
pub fn sync(
    tx: &mut dyn Tx,
    scene: &Scene,
    hosts: &[String],
) -> Outcome<(Vec<HostLicense>, Vec<Warning>)> {
    let chosen = if hosts.is_empty() {
        telling(tx.reading(), scene)?
    } else {
        hosts.iter().map(|host| host_of(tx.reading(), scene, host)).collect::<Outcome<_>>()?
    };
    let (mut synced, mut warnings) = (Vec::new(), Vec::new());
    for entity in chosen {
        if entity.connection == Connection::Disconnected {
            let message = format!("{} is disconnected and was passed over", entity.called());
            warnings.push(Warning::new("DISCONNECTED", message).at(entity.entity_id.as_str()));
            continue;
        }
        let told = beside(tx.reading(), scene, entity)?;
        let key = told.assigned.map_or_else(Key::evaluation, |license| license.key);
        let entity = Entity { host_key: Some(key), ..told.entity };
        let (entity, _) = entities::save(tx, scene.vcenter.id, &entity)?;
        warnings.extend(recounting::recount(tx, scene, &entity)?);
        synced.push(beside(tx.reading(), scene, entity)?);
    }
    Ok((synced, warnings))
}
