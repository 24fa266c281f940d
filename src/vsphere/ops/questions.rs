//! What `check`, `status` and the reports ask: an estate as it is in one moment.

use super::Scene;
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::store::{Flow, Read};
use crate::vsphere::model::license::License;
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::report::Estate;
use crate::vsphere::report::audit::{Audit, audit};
use crate::vsphere::rules::expiry;
use crate::vsphere::store::{assignments, entities, licenses, vcenters};

/// Everything that an instance holds.
pub fn estate(read: &mut dyn Read, vcenter: &Vcenter, now: Timestamp) -> Outcome<Estate> {
    Ok(Estate {
        vcenter: vcenter.name.clone(),
        now,
        licenses: licenses::all(read, vcenter.id)?,
        entities: entities::all(read, vcenter.id)?,
        assignments: assignments::all(read, vcenter.id)?,
    })
}

/// The estate of a scene.
pub fn estate_of(read: &mut dyn Read, scene: &Scene) -> Outcome<Estate> {
    estate(read, &scene.vcenter, scene.now)
}

fn asked(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Vcenter>> {
    if let Some(name) = &question.instance {
        return Ok(vcenters::find(read, name)?.into_iter().collect());
    }
    let mut found = Vec::new();
    vcenters::each(read, &mut |vcenter| {
        found.push(vcenter);
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// What is wrong with the stored instances, or will be.
pub fn findings(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Finding>> {
    let mut found = Vec::new();
    for vcenter in asked(read, question)? {
        let estate = estate(read, &vcenter, question.now)?;
        found.extend(audit(&estate, &Audit::default()));
    }
    Ok(found)
}

/// One line for each instance: its hosts and how many of them are licensed.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let mut lines = Vec::new();
    for vcenter in asked(read, question)? {
        let estate = estate(read, &vcenter, question.now)?;
        let found = audit(&estate, &Audit::default());
        let held = estate.held();
        let counted = held.iter().filter(|held| held.entity.kind.product().is_some());
        let (mut all, mut licensed) = (0_u64, 0_u64);
        for held in counted {
            let expired = held.license().and_then(License::expires);
            let valid = expired.is_none_or(|end| !expiry::is_over(end, question.now));
            all += 1;
            licensed += u64::from(held.license().is_some() && valid);
        }
        let worst = found.first();
        let same = worst
            .map_or(0, |worst| found.iter().filter(|finding| finding.class == worst.class).count());
        let message = match worst {
            None => "every entity is licensed, nothing expires soon".to_owned(),
            Some(worst) if same == 1 => {
                format!("{} {}: {}", worst.class, worst.object, worst.message)
            }
            Some(worst) => format!("{} {}", same, worst.class),
        };
        lines.push(Summary {
            domain: "vsphere",
            instance: vcenter.name.clone(),
            object: format!("entities licensed, version {}", vcenter.version),
            used: Some(licensed),
            capacity: Some(all),
            worst: worst.map(|worst| worst.severity),
            message,
            due: found
                .iter()
                .filter_map(|finding| finding.due)
                .filter(|due| *due > question.now)
                .min(),
        });
    }
    Ok(lines)
}
