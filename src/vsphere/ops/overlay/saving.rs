//! Writing an instance after the last file: what differs, with the costs that follow from all of them.

use super::{Held, Overlay};
use crate::error::Outcome;
use crate::store::Tx;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::vcenter::LeftOut;
use crate::vsphere::ops::linked;
use crate::vsphere::rules::units;
use crate::vsphere::store::{assignments, entities, licenses, vcenters};
use std::collections::{HashMap, HashSet};

impl Overlay {
    /// Writes what differs.
    pub(in crate::vsphere::ops) fn store(mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.count(tx)?;
        self.note_left_out();
        if self.vcenter.id == 0 || self.renamed {
            (self.vcenter.id, _) = vcenters::save(tx, &self.vcenter)?;
        }
        let vcenter = self.vcenter.id;
        let mut changed: Vec<usize> =
            self.changed.iter().filter(|at| !self.dropped.contains(at)).copied().collect();
        changed.sort_unstable();
        for at in changed {
            if let Some(license) = self.licenses.get_mut(at) {
                *license = licenses::save(tx, vcenter, license)?.0;
                linked::copy(tx, &self.vcenter, license)?;
            }
        }
        for id in std::mem::take(&mut self.order) {
            if let Some(held) = self.entities.remove(&id).filter(|held| held.changed) {
                self.entity(tx, held)?;
            }
        }
        let mut dropped: Vec<usize> = self.dropped.iter().copied().collect();
        dropped.sort_unstable();
        for at in dropped {
            if let Some(license) = self.licenses.get(at).filter(|license| license.id != 0) {
                linked::remove(tx, &self.vcenter, &license.key)?;
                licenses::remove(tx, vcenter, license.id)?;
            }
        }
        Ok(())
    }

    /// Keeps what could not be placed: beside what was told before, or alone when files brought the whole inventory.
    fn note_left_out(&mut self) {
        let mut left_out = std::mem::take(&mut self.left_out);
        if !self.replaced {
            left_out.extend(self.vcenter.left_out.iter().map(|held| held.shown.clone()));
        }
        // A later file may have brought what the key belongs to.
        left_out.retain(|shown| shown.is_empty() || self.by_end(shown).is_none());
        let left_out: Vec<LeftOut> = left_out.into_iter().map(|shown| LeftOut { shown }).collect();
        if left_out != self.vcenter.left_out {
            self.vcenter.left_out = left_out;
            self.renamed = true;
        }
    }

    /// Writes one entity with what it holds, or removes it.
    fn entity(&self, tx: &mut dyn Tx, mut held: Held) -> Outcome<()> {
        let vcenter = self.vcenter.id;
        if held.gone {
            for old in assignments::of_entity(tx.reading(), vcenter, held.entity.id)? {
                assignments::remove(tx, vcenter, old.license, old.entity)?;
            }
            entities::remove(tx, vcenter, held.entity.id)?;
            return Ok(());
        }
        held.entity.assigned = u32::try_from(held.holds.len()).unwrap_or(u32::MAX);
        let before = held.entity.id;
        let (entity, _) = entities::save(tx, vcenter, &held.entity)?;
        let place = |at: usize| self.licenses.get(at).map(|license| license.id);
        let wanted: Vec<i64> = held.holds.iter().filter_map(|(at, _)| place(*at)).collect();
        // A new entity has none yet.
        let stored = match before {
            0 => Vec::new(),
            _ => assignments::of_entity(tx.reading(), vcenter, entity.id)?,
        };
        for old in stored {
            if !wanted.contains(&old.license) {
                assignments::remove(tx, vcenter, old.license, old.entity)?;
            }
        }
        for (license, (_, assignment)) in wanted.into_iter().zip(held.holds) {
            let row = Assignment { license, entity: entity.id, ..assignment };
            assignments::save(tx, vcenter, &row)?;
        }
        Ok(())
    }

    /// Counts the costs anew: processors may have been told after the assignments, and hosts after their clusters.
    fn count(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.release(tx)?;
        let read = tx.reading();
        let mut clusters: HashSet<String> = HashSet::new();
        let mut members: HashMap<String, Vec<Entity>> = HashMap::new();
        for held in self.entities.values().filter(|held| held.changed) {
            clusters.extend(held.entity.parent.clone());
            if held.entity.kind == EntityKind::Cluster {
                clusters.insert(held.entity.entity_id.clone());
            }
        }
        for id in clusters {
            let known = match self.entities.get(&id) {
                Some(held) => Some(held.clone()),
                None => self.stored(read, &id)?,
            };
            let Some(cluster) = known.filter(|held| !held.holds.is_empty()) else { continue };
            let list = members.entry(id).or_default();
            if self.vcenter.id != 0 {
                let stored = entities::members(read, self.vcenter.id, &cluster.entity.entity_id)?;
                let entities = &self.entities;
                list.extend(
                    stored.into_iter().filter(|host| !entities.contains_key(&host.entity_id)),
                );
            }
            self.keep(cluster);
        }
        for held in self.entities.values().filter(|held| !held.gone) {
            if let Some(list) = held.entity.parent.as_ref().and_then(|id| members.get_mut(id)) {
                list.push(held.entity.clone());
            }
        }
        let licenses = &self.licenses;
        for held in self.entities.values_mut() {
            let hosts = members.get(&held.entity.entity_id).map(Vec::as_slice).unwrap_or_default();
            let mut differs = false;
            for (at, row) in &mut held.holds {
                let unit = licenses.get(*at).map_or("", |license| license.cost_unit.as_str());
                let cost = units::cost(unit, &held.entity, hosts).or(row.cost);
                differs |= cost != row.cost;
                row.cost = cost;
            }
            held.changed |= differs;
        }
        Ok(())
    }

    /// Takes licenses that go away from the entities that hold them.
    fn release(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let dropped: Vec<usize> = self.dropped.iter().copied().collect();
        for at in dropped {
            let Some(license) = self.licenses.get(at).filter(|license| license.id != 0) else {
                continue;
            };
            let rows = assignments::of_license(tx.reading(), self.vcenter.id, license.id)?;
            for row in rows {
                if let Some(entity) = entities::load(tx.reading(), self.vcenter.id, row.entity)?
                    && !self.entities.contains_key(&entity.entity_id)
                {
                    let held = self.loaded(tx.reading(), entity)?;
                    self.keep(held);
                }
            }
            for held in self.entities.values_mut() {
                let before = held.holds.len();
                held.holds.retain(|(place, _)| *place != at);
                held.changed |= held.holds.len() != before;
            }
        }
        Ok(())
    }
}
