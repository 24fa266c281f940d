//! The methods of LicenseManager.

use super::resolve::{edition, resolve};
use super::{Scene, assignments as assigning, linked, query, vcenters};
use crate::error::{Outcome, Refusal};
use crate::store::{Put, Read, Tx};
use crate::vsphere::catalog::codes::{INVALID_ARGUMENT, NOT_IMPLEMENTED};
use crate::vsphere::catalog::methods;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::key::{self, Key, masked};
use crate::vsphere::model::license::{License, LicenseInfo};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::rules::assign::{licenses as is_for, slot};
use crate::vsphere::rules::{decode, features, info, inventory, units};
use crate::vsphere::store::{assignments, catalogue, entities, licenses};

/// `AddLicense`: adds a license, or sets the labels of one that is there. A key that cannot be decoded is no fault.
///
/// Refuses with `NOT_IMPLEMENTED` on a host.
pub fn add(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    labels: &[KeyValue],
) -> Outcome<LicenseInfo> {
    let method = methods::ADD_LICENSE.name;
    if scene.vcenter.api_type == ApiType::HostAgent {
        let message = "the requested operation is not implemented by the server: a host has no inventory to add to";
        return Err(Refusal::new(&NOT_IMPLEMENTED, message)
            .hinted("`licctl vsphere license add` sets the license of a host by UpdateLicense")
            .of(method)
            .into());
    }
    let Some(license) = resolve(tx.reading(), scene, given)? else {
        return Ok(decode::undecoded(scene.vcenter.api_type, given));
    };
    let labels = inventory::set_labels(&license.labels, labels).map_err(|stop| stop.of(method))?;
    let (license, put) = licenses::save(tx, scene.vcenter.id, &License { labels, ..license })?;
    if put != Put::Unchanged {
        linked::copy(tx, &scene.vcenter, &license)?;
        tx.call(method, &format!("licenseKey={}", license.key.shown()));
    }
    shown(tx.reading(), scene, &license)
}

/// A license of the inventory as the API shows it, with what is taken of it.
pub(super) fn shown(read: &mut dyn Read, scene: &Scene, license: &License) -> Outcome<LicenseInfo> {
    let taken = licenses::taken(read, scene.vcenter.id, license.id)?;
    let mut license = license.clone();
    query::show(read, scene, &mut license)?;
    Ok(info::license(&license, taken, scene.now))
}

/// `DecodeLicense`: tells what a key is; nothing changes.
pub fn decode(read: &mut dyn Read, scene: &Scene, given: &str) -> Outcome<LicenseInfo> {
    Ok(match resolve(read, scene, given)? {
        Some(mut license) => {
            query::show(read, scene, &mut license)?;
            info::decoded(&license, scene.now)
        }
        None => decode::undecoded(scene.vcenter.api_type, given),
    })
}

/// `RemoveLicense`: removes a license that nothing holds; everything else stays as it is, without a fault.
pub fn remove(tx: &mut dyn Tx, scene: &Scene, given: &str) -> Outcome<bool> {
    let vcenter = scene.vcenter.id;
    let Some(license) = licenses::find(tx.reading(), vcenter, given)? else { return Ok(false) };
    let taken = licenses::taken(tx.reading(), vcenter, license.id)?;
    if !inventory::is_removable(&license, taken.assignments) {
        return Ok(false);
    }
    linked::remove(tx, &scene.vcenter, &license.key)?;
    licenses::remove(tx, vcenter, license.id)?;
    tx.call(methods::REMOVE_LICENSE.name, &format!("licenseKey={}", license.key.shown()));
    Ok(true)
}

/// How a person wants a license removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removing {
    /// Unassign whatever holds it first.
    pub force: bool,
    /// A license that is not there is removed already.
    pub ignore_missing: bool,
}

/// What became of a license that was to be removed.
#[derive(Debug)]
pub struct Removed {
    pub license: Option<License>,
    /// The entities that were unassigned for it.
    pub unassigned: Vec<String>,
}

/// Removes a license and looks whether it is gone, as every careful client does.
///
/// Refuses with `NOT_FOUND`, or with `NOT_REMOVED` naming the entities that hold it.
pub fn remove_and_look(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    how: Removing,
) -> Outcome<Removed> {
    let (vcenter, method) = (scene.vcenter.id, methods::REMOVE_LICENSE.name);
    let Some(license) = licenses::find(tx.reading(), vcenter, given)? else {
        if how.ignore_missing {
            return Ok(Removed { license: None, unassigned: Vec::new() });
        }
        return Err(inventory::not_found(given).of(method).into());
    };
    let holders = linked::holders(tx.reading(), &scene.vcenter, &license)?;
    let mut unassigned = Vec::new();
    if how.force && !license.key.is_evaluation() {
        for (member, entity) in &holders {
            let scene = Scene { vcenter: member.clone(), ..scene.clone() };
            assigning::remove(tx, &scene, &entity.entity_id)?;
            unassigned.push(entity.entity_id.clone());
        }
    }
    if !remove(tx, scene, given)? {
        let names: Vec<String> = holders
            .iter()
            .map(|(member, entity)| {
                if member.id == vcenter {
                    entity.called().to_owned()
                } else {
                    format!("{} of {}", entity.called(), member.name)
                }
            })
            .collect();
        return Err(inventory::not_removed(&license, &names).of(method).into());
    }
    Ok(Removed { license: Some(license), unassigned })
}

/// `UpdateLicense`: on a host its license; on a vCenter as if every other license were removed and this one added.
///
/// Refuses as [`add`] and [`set_label`].
pub fn update(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    labels: &[KeyValue],
) -> Outcome<LicenseInfo> {
    let Some(license) = resolve(tx.reading(), scene, given)? else {
        return Ok(decode::undecoded(scene.vcenter.api_type, given));
    };
    if scene.vcenter.api_type == ApiType::HostAgent {
        return update_host(tx, scene, given, &license);
    }
    for (other, _) in licenses::all(tx.reading(), scene.vcenter.id)? {
        let other = crate::vsphere::store::keys::reveal(tx.reading(), &other.key)?;
        if let Some(full) = other.full().filter(|full| *full != given) {
            remove(tx, scene, full)?;
        }
    }
    add(tx, scene, given, &[])?;
    for label in labels {
        set_label(tx, scene, given, &label.key, &label.value)?;
    }
    tx.call(methods::UPDATE_LICENSE.name, &format!("licenseKey={}", license.key.shown()));
    let held = licenses::find(tx.reading(), scene.vcenter.id, given)?.unwrap_or(license);
    shown(tx.reading(), scene, &held)
}

/// Replaces the licenses of a stand-alone host by one; labels are ignored there.
fn update_host(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    license: &License,
) -> Outcome<LicenseInfo> {
    let vcenter = scene.vcenter.id;
    let known = edition(tx.reading(), license)?;
    if !license.key.is_evaluation() && !is_for(license, known.as_ref(), EntityKind::Host) {
        return Ok(decode::undecoded(ApiType::HostAgent, given));
    }
    let mut own = vcenters::own_entity(tx.reading(), &scene.vcenter)?;
    for held in assignments::of_entity(tx.reading(), vcenter, own.id)? {
        assignments::remove(tx, vcenter, held.license, held.entity)?;
    }
    for (other, _) in licenses::all(tx.reading(), vcenter)? {
        if other.key.shown() != license.key.shown() || other.id != license.id {
            licenses::remove(tx, vcenter, other.id)?;
        }
    }
    let (license, _) = licenses::save(tx, vcenter, license)?;
    own.assigned = u32::from(!license.key.is_evaluation());
    if own.assigned > 0 {
        let held = Assignment {
            license: license.id,
            entity: own.id,
            slot: slot(&license, &own),
            cost: units::cost(&license.cost_unit, &own, &[]),
            reported_cost: None,
            since: scene.now,
            properties: Vec::new(),
        };
        assignments::save(tx, vcenter, &held)?;
    }
    entities::save(tx, vcenter, &own)?;
    tx.call(methods::UPDATE_LICENSE.name, &format!("licenseKey={}", license.key.shown()));
    shown(tx.reading(), scene, &license)
}

/// The licenses that `UpdateLicense` would drop on a vCenter.
pub fn dropped_by_update(read: &mut dyn Read, scene: &Scene, given: &str) -> Outcome<Vec<Key>> {
    if scene.vcenter.api_type == ApiType::HostAgent {
        return Ok(Vec::new());
    }
    let number = crate::vsphere::store::keys::number(read, given)?;
    let held = licenses::all(read, scene.vcenter.id)?;
    Ok(held
        .into_iter()
        .filter(|(license, taken)| inventory::is_removable(license, taken.assignments))
        .filter(|(license, _)| license.key.number() != number)
        .map(|(license, _)| license.key)
        .collect())
}

/// `UpdateLicenseLabel`: sets one label; an empty value removes it.
///
/// Refuses with `INVALID_ARGUMENT` when the inventory has no such license, or the label no key.
pub fn set_label(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    label: &str,
    value: &str,
) -> Outcome<()> {
    let method = methods::UPDATE_LICENSE_LABEL.name;
    relabel(tx, scene, given, method, |held| inventory::set_label(held, label, value))
}

/// `RemoveLicenseLabel`: removes one label; an absent one is no fault.
///
/// Refuses with `INVALID_ARGUMENT` when the inventory has no such license.
pub fn remove_label(tx: &mut dyn Tx, scene: &Scene, given: &str, label: &str) -> Outcome<()> {
    let method = methods::REMOVE_LICENSE_LABEL.name;
    relabel(tx, scene, given, method, |held| Ok(inventory::without_label(held, label)))
}

fn relabel(
    tx: &mut dyn Tx,
    scene: &Scene,
    given: &str,
    method: &str,
    rule: impl FnOnce(&[KeyValue]) -> Result<Vec<KeyValue>, Refusal>,
) -> Outcome<()> {
    let Some(license) = licenses::find(tx.reading(), scene.vcenter.id, given)? else {
        return Err(inventory::unknown_license(given).of(method).into());
    };
    let labels = rule(&license.labels).map_err(|refusal| refusal.of(method))?;
    let (license, put) = licenses::save(tx, scene.vcenter.id, &License { labels, ..license })?;
    if put != Put::Unchanged {
        linked::copy(tx, &scene.vcenter, &license)?;
        tx.call(method, &format!("licenseKey={}", license.key.shown()));
    }
    Ok(())
}

/// The license of that key as the API shows it.
///
/// Refuses with `NOT_FOUND`.
pub fn show(read: &mut dyn Read, scene: &Scene, given: &str) -> Outcome<(License, LicenseInfo)> {
    let Some(license) = licenses::find(read, scene.vcenter.id, given)? else {
        return Err(inventory::not_found(given).of("LicenseManager.licenses").into());
    };
    let info = shown(read, scene, &license)?;
    Ok((license, info))
}

/// `CheckLicenseFeature`: whether the license of a host, or of the instance itself, has a feature. An evaluation has them all.
///
/// - `host`: entityId; `None`: the instance.
///
/// Refuses with `INVALID_ARGUMENT` when nobody knows the feature or the host.
pub fn check_feature(
    read: &mut dyn Read,
    scene: &Scene,
    host: Option<&str>,
    feature: &str,
) -> Outcome<bool> {
    let method = methods::CHECK_LICENSE_FEATURE.name;
    let entity = match host {
        Some(id) => assigning::known(read, scene, id).map_err(|stop| match stop {
            crate::error::Stop::Refused(refusal) => refusal.of(method).into(),
            other => other,
        })?,
        None => vcenters::own_entity(read, &scene.vcenter)?,
    };
    let held = licenses::all(read, scene.vcenter.id)?;
    let bare = feature.split(':').next().unwrap_or(feature);
    let of_feature = |key: &str| key.split(':').next() == Some(bare);
    let in_inventory = held.iter().any(|(license, _)| {
        license.properties.iter().any(|property| match &property.value {
            crate::vsphere::model::value::AnyValue::Pair(pair) => of_feature(&pair.key),
            _ => false,
        })
    });
    let in_catalogue = catalogue::editions(read)?.iter().any(|edition| {
        edition.features.iter().chain(&edition.addons).any(|held| of_feature(&held.key))
    });
    if !in_inventory && !in_catalogue && crate::vsphere::catalog::features::name(feature).is_none()
    {
        let message =
            format!("a specified parameter was not correct: featureKey, nobody knows `{feature}`");
        return Err(Refusal::new(&INVALID_ARGUMENT, message)
            .with("invalidProperty", "featureKey")
            .of(method)
            .into());
    }
    let assigned = assignments::of_entity(read, scene.vcenter.id, entity.id)?;
    if assigned.is_empty() {
        return Ok(entity.evaluation.is_some_and(|left| left.end > scene.now));
    }
    Ok(assigned.iter().any(|assigned| {
        held.iter()
            .filter(|(license, _)| license.id == assigned.license)
            .any(|(license, _)| features::has(&license.properties, feature, scene.levels))
    }))
}

/// A key as messages name it.
#[must_use]
pub fn named(given: &str) -> Key {
    if given == key::EVALUATION { Key::evaluation() } else { Key::filed(None, &masked(given)) }
}
