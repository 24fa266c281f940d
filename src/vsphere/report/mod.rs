//! The questions of an administrator: pure, over an estate that the store handed out.

pub mod audit;
pub mod charts;
pub mod cores;
pub mod plan;
pub mod reclaim;
pub mod status;

use crate::clock::Timestamp;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::model::vcenter::LeftOut;
use crate::vsphere::rules::standing::{Standing, standing};
use std::collections::HashMap;

/// One instance with everything that it holds.
#[derive(Debug)]
pub struct Estate {
    /// Name of the instance.
    pub vcenter: String,
    pub now: Timestamp,
    pub licenses: Vec<(License, Taken)>,
    pub entities: Vec<Entity>,
    /// In the order of the entities, the own product of each first.
    pub assignments: Vec<Assignment>,
    /// What imports could not place.
    pub left_out: Vec<LeftOut>,
}

/// An entity with what it holds.
#[derive(Debug)]
pub struct Held<'e> {
    pub entity: &'e Entity,
    /// Every license that it holds, that of its own product first.
    pub licenses: Vec<(&'e License, &'e Assignment)>,
    pub standing: Standing,
}

impl Held<'_> {
    /// The license of its own product, when that is no evaluation.
    #[must_use]
    pub fn license(&self) -> Option<&License> {
        let first = self.licenses.first().map(|(license, _)| *license);
        first.filter(|license| !license.is_evaluation())
    }
}

impl Estate {
    /// Every entity with what it holds, in their order.
    #[must_use]
    pub fn held(&self) -> Vec<Held<'_>> {
        let licenses: HashMap<i64, &License> =
            self.licenses.iter().map(|(license, _)| (license.id, license)).collect();
        let mut by_entity: HashMap<i64, Vec<(&License, &Assignment)>> = HashMap::new();
        for held in &self.assignments {
            if let Some(license) = licenses.get(&held.license) {
                by_entity.entry(held.entity).or_default().push((*license, held));
            }
        }
        let held = self.entities.iter().map(|entity| {
            let licenses = by_entity.remove(&entity.id).unwrap_or_default();
            let first = licenses.first().map(|(license, _)| *license);
            Held { entity, standing: standing(entity, first, self.now), licenses }
        });
        held.collect()
    }

    /// What the clusters are called, by their ids.
    #[must_use]
    pub fn clusters(&self) -> HashMap<&str, &str> {
        let clusters = self.entities.iter().filter(|entity| entity.kind == EntityKind::Cluster);
        clusters.map(|cluster| (cluster.entity_id.as_str(), cluster.called())).collect()
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::Estate;
    use crate::vsphere::model::assignment::Assignment;
    use crate::vsphere::model::entity::Entity;
    use crate::vsphere::model::license::{License, Taken};
    use crate::vsphere::rules::assign::slot;
    use crate::vsphere::rules::fixture::{Fixture, host, vcenter};
    use crate::vsphere::rules::units;

    /// The worked estate after its hosts grew: K1 is over-used, host-11 evaluates.
    pub(crate) fn estate() -> Estate {
        let rows = Fixture::new();
        let mut licenses: Vec<License> =
            vec![rows.k1.clone(), rows.k2.clone(), rows.k3.clone(), rows.k4.clone()];
        for (at, license) in licenses.iter_mut().enumerate() {
            license.id = i64::try_from(at).unwrap() + 2;
        }
        let mut entities = vec![
            vcenter(),
            host("host-11", &[16, 16], &[]),
            host("host-12", &[48, 48], &["dvs"]),
            host("host-13", &[64, 64], &[]),
            host("host-14", &[40, 40], &[]),
            host("host-15", &[8, 8, 8, 8], &[]),
        ];
        for (at, entity) in entities.iter_mut().enumerate() {
            entity.id = i64::try_from(at).unwrap() + 1;
        }
        let holds = [(1, 4), (3, 5), (4, 2), (5, 2), (6, 2)];
        let assignments: Vec<Assignment> = holds
            .into_iter()
            .map(|(entity, license)| {
                let entity: &Entity = entities.iter().find(|held| held.id == entity).unwrap();
                let license = licenses.iter().find(|held| held.id == license).unwrap();
                Assignment {
                    license: license.id,
                    entity: entity.id,
                    slot: slot(license, entity),
                    cost: units::cost(&license.cost_unit, entity, &[]),
                    reported_cost: None,
                    since: rows.now,
                    properties: Vec::new(),
                }
            })
            .collect();
        let licenses = licenses.into_iter().map(|license| {
            let held = assignments.iter().filter(|held| held.license == license.id);
            let taken = held.fold(Taken::default(), |taken, held| Taken {
                units: taken.units + held.cost.unwrap_or(0),
                assignments: taken.assignments + 1,
                unknown: taken.unknown + i64::from(held.cost.is_none()),
            });
            (license, taken)
        });
        let licenses = licenses.collect();
        Estate {
            vcenter: "vc1".to_owned(),
            now: rows.now,
            licenses,
            entities,
            assignments,
            left_out: Vec::new(),
        }
    }
}
