//! Which licenses are over-used or expiring, who evaluates, and what else is wrong.

use super::status::{Expected, expected, is_mismatch};
use super::{Estate, Held};
use crate::clock::Span;
use crate::finding::{Finding, Level};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::rules::assign::same_major;
use crate::vsphere::rules::features::{self, Levels};
use crate::vsphere::rules::standing::AssetStatus;
use crate::vsphere::rules::{expiry, info};
use crate::wording::many;
use std::collections::{BTreeMap, BTreeSet};

/// What an audit is asked.
#[derive(Debug, Clone)]
pub struct Audit {
    /// How far ahead an expiry is told.
    pub within: Span,
    pub expected: Expected,
}

impl Default for Audit {
    /// The vendor tells of an expiry 90 days ahead.
    fn default() -> Self {
        Self { within: Span::days(90), expected: Expected::default() }
    }
}

/// Everything that is wrong with an estate, worst first.
#[must_use]
pub fn audit(estate: &Estate, ask: &Audit) -> Vec<Finding> {
    let held = estate.held();
    let mut found = Vec::new();
    for (license, taken) in &estate.licenses {
        of_license(estate, license, *taken, ask, &mut found);
    }
    let wanted = expected(estate, &held, &ask.expected);
    for one in &held {
        of_entity(estate, one, &mut found);
        if is_mismatch(one, wanted.get(&one.entity.id)) {
            let edition = one.license().map(|license| license.edition_key.as_str());
            let wanted = wanted.get(&one.entity.id).cloned().unwrap_or_default();
            let message = format!("edition `{}`, expected `{wanted}`", edition.unwrap_or_default());
            found.push(
                entity(estate, "EDITION_MISMATCH", Level::Warning, one.entity, &message)
                    .with("expectedEdition", wanted)
                    .remedy(format!("licctl vsphere assign KEY {}", one.entity.entity_id)),
            );
        }
    }
    mixed(estate, &held, &mut found);
    left_out(estate, &mut found);
    found.sort_by(|left, right| {
        let key = |finding: &Finding| (finding.severity, finding.class, finding.object.clone());
        key(left).cmp(&key(right))
    });
    found
}

fn entity(
    estate: &Estate,
    class: &'static str,
    level: Level,
    entity: &Entity,
    message: &str,
) -> Finding {
    Finding::new("vsphere", class, level, entity.entity_id.as_str(), message)
        .within(estate.vcenter.as_str())
        .with("licenseKey", nothing())
        .with("entityId", entity.entity_id.as_str())
        .with("entityDisplayName", entity.name.clone())
}

fn license(
    estate: &Estate,
    class: &'static str,
    level: Level,
    license: &License,
    message: &str,
) -> Finding {
    Finding::new("vsphere", class, level, license.key.shown(), message)
        .within(estate.vcenter.as_str())
        .with("licenseKey", license.key.shown())
        .with("entityId", nothing())
        .with("entityDisplayName", nothing())
}

/// The member of a finding that does not concern this kind of object.
fn nothing() -> crate::finding::Value {
    crate::finding::Value::Null
}

fn of_license(
    estate: &Estate,
    held: &License,
    taken: Taken,
    ask: &Audit,
    found: &mut Vec<Finding>,
) {
    if held.is_evaluation() {
        return;
    }
    let (used, total) = (info::used(held, taken).unwrap_or(0), i64::from(held.total));
    if total > 0 && used > total {
        let message = format!("{used} of {total}, {} too many", used - total);
        found.push(
            license(estate, "OVERUSED", Level::Error, held, &message)
                .with("used", used)
                .with("total", total)
                .with("excess", used - total)
                .remedy("licctl vsphere plan --all --reassign"),
        );
    }
    expiring(estate, held, used, ask, found);
    if used == 0 && taken.assignments == 0 {
        let message = match held.total {
            0 => "assigned to nothing".to_owned(),
            total => format!("{total} of {total} free"),
        };
        found.push(
            license(estate, "UNUSED_KEY", Level::Info, held, &message)
                .with("total", total)
                .remedy("licctl vsphere reclaim"),
        );
    }
    let nameless = held.edition_key.is_empty() && held.name.is_empty();
    // An entitlement has no key that could be described.
    if taken.assignments > 0 && nameless && !held.key.is_placeholder() {
        let message = match taken.assignments {
            1 => "one assignment holds a license of which nothing is known".to_owned(),
            several => format!("{several} assignments hold a license of which nothing is known"),
        };
        found.push(
            license(estate, "DANGLING", Level::Error, held, &message)
                .remedy("licctl vsphere catalogue import FILE"),
        );
    }
    let reported = held.reported_used.map(i64::from);
    if let Some(reported) = reported
        .filter(|reported| taken.assignments > 0 && taken.unknown == 0 && *reported != taken.units)
    {
        let message = format!("reported as {reported} used, its assignments cost {}", taken.units);
        found.push(
            license(estate, "USED_MISMATCH", Level::Info, held, &message)
                .with("reportedUsed", reported)
                .with("used", taken.units)
                .remedy("licctl vsphere import FILE"),
        );
    }
}

fn expiring(estate: &Estate, held: &License, used: i64, ask: &Audit, found: &mut Vec<Finding>) {
    let Some(end) = held.expires() else { return };
    let left = expiry::days_left(end, estate.now);
    if expiry::is_over(end, estate.now) {
        let level = if used > 0 { Level::Error } else { Level::Info };
        let message = format!("expired on {}, {} in use", end.date(), many(used, "unit"));
        found.push(
            license(estate, "EXPIRED_LICENSE", level, held, &message)
                .with("daysLeft", left)
                .due(Some(end))
                .remedy("licctl vsphere plan"),
        );
    } else if end <= estate.now.plus_ms(ask.within.ms()) {
        let message = format!("{}, {} left", end.date(), many(left, "day"));
        found.push(
            license(estate, "EXPIRING", Level::Warning, held, &message)
                .with("daysLeft", left)
                .due(Some(end))
                .remedy(format!(
                    "renew it, or move its holders: licctl vsphere plan --valid-until {}",
                    end.date()
                )),
        );
    }
}

fn of_entity(estate: &Estate, held: &Held<'_>, found: &mut Vec<Finding>) {
    let subject = held.entity;
    let left = held
        .standing
        .end
        .map(|end| expiry::left(end, estate.now, subject.product_version.as_deref()).hours);
    let on_evaluation = |class, level, message: &str| {
        entity(estate, class, level, subject, message)
            .with("expirationHours", left)
            .due(held.standing.end)
            .remedy(match subject.kind {
                EntityKind::Host => "licctl vsphere plan".to_owned(),
                EntityKind::Vcenter => "licctl vsphere assign KEY vc".to_owned(),
                _ => format!("licctl vsphere assign KEY {}", subject.entity_id),
            })
    };
    let hours = left.map_or_else(|| "evaluation".to_owned(), |hours| format!("{hours} h left"));
    match held.standing.status {
        AssetStatus::Evaluation => {
            found.push(on_evaluation("EVALUATION", Level::Warning, &hours));
        }
        AssetStatus::ExpiredEvaluation => {
            found.push(on_evaluation("EXPIRED_EVALUATION", Level::Error, "the evaluation is over"));
        }
        AssetStatus::Unknown if subject.kind == EntityKind::Host && !subject.told => {
            let message = "no assignment is known";
            found.push(
                entity(estate, "UNKNOWN_ASSET", Level::Info, subject, message)
                    .remedy("licctl vsphere import FILE"),
            );
        }
        _ => {}
    }
    drifted(estate, held, found);
    of_assignments(estate, held, found);
    if subject.kind == EntityKind::Host && subject.processors.packages.is_empty() {
        let message = "its processors are not known: what it costs cannot be counted";
        found.push(
            entity(estate, "INCOMPLETE", Level::Warning, subject, message)
                .remedy(format!("licctl vsphere entity set {} --cpu 2x16", subject.entity_id)),
        );
    }
}

/// What does not go together in an entity and the licenses that it holds.
fn of_assignments(estate: &Estate, held: &Held<'_>, found: &mut Vec<Finding>) {
    let subject = held.entity;
    for (license, assignment) in &held.licenses {
        if !same_major(license, subject) {
            let message = format!(
                "license for {}, entity of {}",
                license.product_version().unwrap_or_default(),
                subject.product_version.as_deref().unwrap_or_default()
            );
            found.push(
                entity(estate, "VERSION_MISMATCH", Level::Warning, subject, &message)
                    .with("licenseKey", license.key.shown())
                    .remedy(format!("licctl vsphere assign KEY {}", subject.entity_id)),
            );
        }
        let missing = features::missing(&license.properties, &subject.in_use, Levels::Meant);
        let own = assignment.slot == subject.kind.product().unwrap_or_default();
        if own && !missing.is_empty() && features::are_known(&license.properties) {
            let keys: Vec<&str> = missing.iter().map(|feature| feature.key.as_str()).collect();
            let message = format!("uses {}, which its license lacks", keys.join(", "));
            found.push(
                entity(estate, "FEATURE_NOT_LICENSED", Level::Warning, subject, &message)
                    .with("licenseKey", license.key.shown())
                    .remedy(format!("licctl vsphere assign KEY {}", subject.entity_id)),
            );
        }
        if let (Some(reported), Some(cost)) = (assignment.reported_cost, assignment.cost)
            && reported != cost
        {
            let message = format!("reported to cost {reported}, counted {cost}");
            found.push(
                entity(estate, "COST_MISMATCH", Level::Info, subject, &message)
                    .with("licenseKey", license.key.shown())
                    .remedy(format!("licctl vsphere entity set {} --cpu 2x16", subject.entity_id)),
            );
        }
    }
}

fn drifted(estate: &Estate, held: &Held<'_>, found: &mut Vec<Finding>) {
    let Some(host) = &held.entity.host_key else { return };
    let same = match held.licenses.first() {
        Some((license, _)) => license.key.number() == host.number(),
        None => host.is_evaluation(),
    };
    if !same {
        let message = format!("the host says `{}`, its vCenter another license", host.short());
        found.push(
            entity(estate, "HOST_DRIFT", Level::Warning, held.entity, &message)
                .remedy(format!("licctl vsphere sync {}", held.entity.entity_id)),
        );
    }
}

/// Clusters whose hosts have several editions; evaluation is none, nor is one that nobody told.
fn mixed(estate: &Estate, held: &[Held<'_>], found: &mut Vec<Finding>) {
    let mut editions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for host in held {
        let license = host.license().filter(|license| !license.edition_key.is_empty());
        if let (Some(parent), Some(license)) = (&host.entity.parent, license) {
            editions.entry(parent).or_default().insert(&license.edition_key);
        }
    }
    for (cluster, editions) in editions.into_iter().filter(|(_, editions)| editions.len() > 1) {
        let known = estate.entities.iter().find(|entity| entity.entity_id == cluster);
        let names: Vec<&str> = editions.into_iter().collect();
        let message = format!("its hosts have the editions {}", names.join(", "));
        let subject = known.cloned().unwrap_or_else(|| Entity::new(cluster, EntityKind::Cluster));
        found.push(
            entity(estate, "MIXED_EDITIONS", Level::Warning, &subject, &message)
                .remedy(format!("licctl vsphere plan --cluster {cluster} --reassign")),
        );
    }
}

/// Licenses that imports showed and that are not in the inventory, because nothing told which they are.
fn left_out(estate: &Estate, found: &mut Vec<Finding>) {
    for held in &estate.left_out {
        let (class, object, message, remedy) = match held.shown.as_str() {
            "" => (
                "EMPTY_KEY",
                estate.vcenter.as_str(),
                "an import showed a license without a key, which was left out",
                "licctl vsphere license list",
            ),
            shown => (
                "MASKED_KEY",
                shown,
                "an import showed the end of a key that no license has, or several",
                "licctl vsphere import FILE --replace",
            ),
        };
        let key = if held.shown.is_empty() { nothing() } else { held.shown.as_str().into() };
        found.push(
            Finding::new("vsphere", class, Level::Info, object, message)
                .within(estate.vcenter.as_str())
                .with("licenseKey", key)
                .with("entityId", nothing())
                .with("entityDisplayName", nothing())
                .remedy(remedy),
        );
    }
}

#[cfg(test)]
mod tests;
