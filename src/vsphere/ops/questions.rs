//! What `check`, `status` and the reports ask: an estate as it is in one moment.

use super::query::as_shown;
use super::{Scene, veil};
use crate::api::{Question, Summary};
use crate::chart::Chart;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::finding::{Found, hand_over};
use crate::store::{Flow, Read};
use crate::vsphere::import::policy::rules;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::License;
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::report::Estate;
use crate::vsphere::report::audit::{Audit, audit};
use crate::vsphere::report::charts::Charts;
use crate::vsphere::report::status::Expected;
use crate::vsphere::rules::expiry;
use crate::vsphere::store::{assignments, entities, licenses, vcenters};

/// Everything that an instance holds, without a key in any text.
pub fn estate(read: &mut dyn Read, vcenter: &Vcenter, now: Timestamp) -> Outcome<Estate> {
    let mut estate = stored(read, vcenter, now)?;
    estate.licenses.iter_mut().for_each(|(license, _)| veil::license(license));
    estate.entities.iter_mut().for_each(Entity::veil);
    Ok(estate)
}

fn stored(read: &mut dyn Read, vcenter: &Vcenter, now: Timestamp) -> Outcome<Estate> {
    Ok(Estate {
        vcenter: vcenter.name.clone(),
        now,
        licenses: licenses::all(read, vcenter.id)?,
        entities: entities::all(read, vcenter.id)?,
        assignments: assignments::all(read, vcenter.id)?,
        left_out: vcenter.left_out.clone(),
    })
}

/// The estate of a scene, as it may be shown.
pub fn estate_of(read: &mut dyn Read, scene: &Scene) -> Outcome<Estate> {
    if !scene.secrets {
        return estate(read, &scene.vcenter, scene.now);
    }
    let mut estate = stored(read, &scene.vcenter, scene.now)?;
    estate.licenses = as_shown(read, scene, estate.licenses)?;
    Ok(estate)
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
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    let ask = Audit { expected: expected_by(question)?, ..Audit::default() };
    for vcenter in asked(read, question)? {
        let estate = estate(read, &vcenter, question.now)?;
        hand_over(found, audit(&estate, &ask))?;
    }
    Ok(())
}

/// Which editions the policy expects; those of the clusters themselves without one.
fn expected_by(question: &Question) -> Outcome<Expected> {
    let Some(policy) = &question.policy else { return Ok(Expected::default()) };
    let rules = rules(&policy.text).map_err(|wrong| Stop::from(wrong).within(&policy.file))?;
    Ok(Expected { rules, edition: None })
}

/// What the report draws: the use of each license, the standing of the hosts, and what ends when.
pub fn charts(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Chart>> {
    let mut charts = Charts::new(question.now);
    for vcenter in asked(read, question)? {
        let estate = estate(read, &vcenter, question.now)?;
        charts.take(&estate, vcenter.settings.linked.as_deref());
    }
    Ok(charts.finish())
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
            None => "all licensed, nothing expires soon".to_owned(),
            Some(worst) => format!("{same} {}", worst.class),
        };
        lines.push(Summary {
            domain: "vsphere",
            instance: vcenter.name.clone(),
            object: "licensed entities".to_owned(),
            used: Some(licensed),
            capacity: Some(all),
            worst: worst.map(|worst| worst.severity),
            message,
            due: found
                .iter()
                .filter_map(|finding| finding.due)
                .filter(|due| *due > question.now)
                .min(),
            trend: Vec::new(),
        });
    }
    Ok(lines)
}
