//! Linked mode: vCenters of one group share their inventory. Each keeps a copy, as real ones replicate theirs; what is used of a
//! license is the sum over the group.

use crate::error::Outcome;
use crate::store::{Read, Tx};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::License;
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::store::{assignments, entities, licenses, vcenters};

/// Writes a license into the inventories of the other vCenters of a group.
pub(super) fn copy(tx: &mut dyn Tx, vcenter: &Vcenter, license: &License) -> Outcome<()> {
    if license.is_evaluation() || vcenter.settings.linked.is_none() {
        return Ok(());
    }
    for other in vcenters::linked(tx.reading(), vcenter.id)? {
        put(tx, other, license)?;
    }
    Ok(())
}

/// Writes a license into an inventory: in the place of the one with that key, else as a new one.
fn put(tx: &mut dyn Tx, vcenter: i64, license: &License) -> Outcome<()> {
    let held = find(tx.reading(), vcenter, &license.key)?;
    let id = held.map_or(0, |held| held.id);
    licenses::save(tx, vcenter, &License { id, ..license.clone() })?;
    Ok(())
}

fn find(read: &mut dyn Read, vcenter: i64, key: &Key) -> Outcome<Option<License>> {
    key.number().map_or(Ok(None), |number| licenses::with_key(read, vcenter, number))
}

/// Who holds a license, in all vCenters of a group: that of `vcenter` first.
pub(super) fn holders(
    read: &mut dyn Read,
    vcenter: &Vcenter,
    license: &License,
) -> Outcome<Vec<(Vcenter, Entity)>> {
    let mut members = vec![(vcenter.clone(), license.id)];
    for other in vcenters::linked(read, vcenter.id)? {
        let held = find(read, other, &license.key)?;
        if let (Some(other), Some(held)) = (vcenters::load(read, other)?, held) {
            members.push((other, held.id));
        }
    }
    let mut holders = Vec::new();
    for (member, license) in members {
        for held in assignments::of_license(read, member.id, license)? {
            let entity = entities::load(read, member.id, held.entity)?;
            holders.extend(entity.map(|entity| (member.clone(), entity)));
        }
    }
    Ok(holders)
}

/// Whether an entity of another vCenter of the group holds a license.
pub(super) fn is_held_elsewhere(
    read: &mut dyn Read,
    vcenter: &Vcenter,
    license: &License,
) -> Outcome<bool> {
    for other in vcenters::linked(read, vcenter.id)? {
        if let Some(held) = find(read, other, &license.key)?
            && assignments::taken(read, other, held.id)?.assignments > 0
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes a license from the inventories of the other vCenters of a group.
pub(super) fn remove(tx: &mut dyn Tx, vcenter: &Vcenter, key: &Key) -> Outcome<()> {
    for other in vcenters::linked(tx.reading(), vcenter.id)? {
        if let Some(held) = find(tx.reading(), other, key)? {
            licenses::remove(tx, other, held.id)?;
        }
    }
    Ok(())
}

/// Makes one inventory of those of a group: what one has all get; of a key that several have, what the first says stays.
pub(super) fn join(tx: &mut dyn Tx, vcenter: &Vcenter) -> Outcome<()> {
    let mut members = vcenters::linked(tx.reading(), vcenter.id)?;
    members.push(vcenter.id);
    for from in &members {
        for (license, _) in licenses::all(tx.reading(), *from)? {
            if license.is_evaluation() {
                continue;
            }
            for to in members.iter().filter(|to| *to != from) {
                if find(tx.reading(), *to, &license.key)?.is_none() {
                    put(tx, *to, &license)?;
                }
            }
        }
    }
    Ok(())
}
