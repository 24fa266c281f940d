//! `--replace`: what the files of an import do not tell of is taken away, as far as they brought its section.

use super::{Held, Overlay};
use crate::error::Outcome;
use crate::store::{Flow, Read};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::ops::linked;
use crate::vsphere::store::entities;

/// Which sections the files brought.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sections {
    pub(super) licenses: bool,
    pub(super) assignments: bool,
    pub(super) hosts: bool,
}

/// How many entries were taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::vsphere::ops) struct Removed {
    pub(in crate::vsphere::ops) licenses: u64,
    pub(in crate::vsphere::ops) assignments: u64,
    pub(in crate::vsphere::ops) hosts: u64,
}

impl Overlay {
    /// Marks what no file told of so far; what a later file tells of stays. The evaluation license is never taken away.
    pub(in crate::vsphere::ops) fn replace(&mut self, read: &mut dyn Read) -> Outcome<Removed> {
        let mut removed = Removed::default();
        if self.vcenter.id == 0 {
            return Ok(removed);
        }
        if self.sections.licenses {
            self.replaced = true;
            for (at, license) in self.licenses.iter().enumerate() {
                let untold = license.id != 0 && !self.told.contains(&at);
                // The inventory is that of the whole group: what another member gives out stays.
                if untold && linked::is_held_elsewhere(read, &self.vcenter, license)? {
                    continue;
                }
                if untold && !license.key.is_evaluation() && self.dropped.insert(at) {
                    removed.licenses += 1;
                }
            }
        }
        if !self.sections.assignments && !self.sections.hosts {
            return Ok(removed);
        }
        let mut untold = Vec::new();
        entities::each(read, self.vcenter.id, &mut |entity| {
            if !self.entities.contains_key(&entity.entity_id) {
                untold.push(entity);
            }
            Ok(Flow::Continue(()))
        })?;
        for entity in untold {
            let held = self.loaded(read, entity)?;
            if held.entity.assigned > 0 || held.entity.kind == EntityKind::Host {
                self.keep(held);
            }
        }
        let sections = self.sections;
        for held in self.entities.values_mut() {
            emptied(held, sections, &mut removed);
        }
        Ok(removed)
    }
}

fn emptied(held: &mut Held, sections: Sections, removed: &mut Removed) {
    if held.entity.id == 0 || held.gone {
        return;
    }
    let host = held.entity.kind == EntityKind::Host;
    if sections.hosts && host && !held.told.met && !held.told.assigned {
        held.gone = true;
        held.changed = true;
        removed.hosts += 1;
        return;
    }
    if sections.assignments && !held.told.assigned && !held.holds.is_empty() {
        removed.assignments += u64::try_from(held.holds.len()).unwrap_or(u64::MAX);
        held.holds.clear();
        held.entity.told = false;
        held.changed = true;
    }
}
