//! `UpdateAssignedLicense`: in which order it is checked, and what it refuses with.

use super::{expiry, features, units};
use crate::clock::Timestamp;
use crate::error::{Refusal, Warning};
use crate::finding::Value;
use crate::vsphere::catalog::codes::{
    INVALID_ARGUMENT, LICENSE_ASSIGNMENT_FAILED, LICENSE_DOWNGRADE_DISALLOWED,
    LICENSE_ENTITY_NOT_FOUND, LICENSE_EXPIRED, LICENSE_KEY_ENTITY_MISMATCH, NOT_ENOUGH_LICENSES,
};
use crate::vsphere::catalog::enumerations::INVENTORY_NOT_MANAGEABLE;
use crate::vsphere::catalog::products::{EntityKind, Family, family_of};
use crate::vsphere::model::catalogue::Edition;
use crate::vsphere::model::entity::{Connection, Entity};
use crate::vsphere::model::key::{PLACEHOLDER, masked};
use crate::vsphere::model::license::{License, Origin};
use crate::vsphere::model::vcenter::FaultStyle;
use features::Levels;

/// Everything that an assignment depends on.
#[derive(Debug)]
pub struct Case<'c> {
    pub license: &'c License,
    /// What the catalogue says of its edition.
    pub edition: Option<&'c Edition>,
    pub entity: &'c Entity,
    /// The hosts of a cluster.
    pub members: &'c [Entity],
    /// Units of the license that are free; `None`: unlimited.
    pub free: Option<i64>,
    /// Units that the entity takes of this license already.
    pub held: Option<i64>,
    /// For a vCenter: the hosts of its inventory.
    pub hosts: &'c [HostEdition],
    /// For a host: the edition of its vCenter's license.
    pub managing: Option<&'c Edition>,
    pub now: Timestamp,
    pub levels: Levels,
}

/// A host of an inventory, as far as its vCenter's edition cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEdition {
    /// Empty: on evaluation.
    pub edition_key: String,
    pub connection: Connection,
}

/// What an accepted assignment costs and licenses.
#[derive(Debug)]
pub struct Accepted {
    /// Units; `None` when they cannot be known.
    pub cost: Option<i64>,
    pub slot: String,
    pub warnings: Vec<Warning>,
}

/// The refusal of an entity that nobody knows.
#[must_use]
pub fn unknown_entity(entity_id: &str, style: FaultStyle) -> Refusal {
    let message = format!("there is no entity `{entity_id}`");
    let hint = "`licctl vsphere entity list` shows the entities";
    match style {
        FaultStyle::Documented => Refusal::new(&LICENSE_ENTITY_NOT_FOUND, message)
            .hinted(hint)
            .with("entityId", entity_id),
        FaultStyle::Observed => Refusal::new(&INVALID_ARGUMENT, message)
            .hinted(hint)
            .with("invalidProperty", "entityId"),
    }
}

/// The refusal of a key that nobody can resolve.
#[must_use]
pub fn unknown_key(key: &str) -> Refusal {
    let shown = masked(key);
    let (why, hint) = if shown == PLACEHOLDER {
        (
            "stands for an entitlement and is no key",
            "an entitlement is assigned where it was bought",
        )
    } else {
        ("is of no known license", "describe it first: `licctl vsphere catalogue import FILE`")
    };
    let message = format!("a specified parameter was not correct: licenseKey, `{shown}` {why}");
    Refusal::new(&INVALID_ARGUMENT, message)
        .hinted(hint)
        .with("invalidProperty", "licenseKey")
        .with("licenseKey", shown)
}

/// Checks the assignment of the evaluation license.
///
/// Refuses with `LICENSE_EXPIRED` when the evaluation is over, or was never one.
pub fn evaluate(entity: &Entity, now: Timestamp) -> Result<(), Refusal> {
    match &entity.evaluation {
        Some(evaluation) if !expiry::is_over(evaluation.end, now) => Ok(()),
        held => {
            let when = held.map_or_else(String::new, |held| format!(" on {}", held.end.date()));
            let key = crate::vsphere::model::key::EVALUATION;
            let message = format!("the evaluation of {} expired{when}", entity.called());
            Err(Refusal::new(&LICENSE_EXPIRED, message)
                .with("licenseKey", key)
                .with("entityId", entity.entity_id.as_str()))
        }
    }
}

/// Checks an assignment, in the order of the API: expiry, product and version, the editions of vCenter and hosts, features,
/// capacity.
///
/// Refuses with `LICENSE_EXPIRED`, `LICENSE_KEY_ENTITY_MISMATCH`, `LICENSE_ASSIGNMENT_FAILED`, `LICENSE_DOWNGRADE_DISALLOWED`,
/// `NOT_ENOUGH_LICENSES`.
///
/// Source: [REFERENCE] `UpdateAssignedLicense`; the order is assumed: what can be mended least is told first.
pub fn assign(case: &Case<'_>) -> Result<Accepted, Refusal> {
    let mut warnings = Vec::new();
    alive(case)?;
    fits(case)?;
    manageable(case, &mut warnings)?;
    covered(case, &mut warnings)?;
    let cost = units::cost(&case.license.cost_unit, case.entity, case.members);
    capacity(case, cost)?;
    if cost.is_none() {
        let entity = case.entity.called();
        let message = match case.license.cost_unit.as_str() {
            "" => format!(
                "the unit of {} is not known, and nothing was counted for {entity}",
                called(case.license)
            ),
            unit => {
                format!("what {entity} costs in `{unit}` is not known, and nothing was counted")
            }
        };
        warnings.push(Warning::new("UNKNOWN_COST", message).at(case.entity.entity_id.as_str()));
    }
    Ok(Accepted { cost, slot: slot(case.license, case.entity), warnings })
}

/// The license as sentences name it.
fn called(license: &License) -> String {
    match license.name.as_str() {
        "" => format!("license {}", license.key.short()),
        name => format!("{name} ({})", license.key.short()),
    }
}

fn refused(case: &Case<'_>, code: &'static crate::catalog::Code, message: String) -> Refusal {
    Refusal::new(code, message)
        .with("licenseKey", case.license.key.shown())
        .with("entityId", case.entity.entity_id.as_str())
}

fn alive(case: &Case<'_>) -> Result<(), Refusal> {
    match case.license.expires() {
        Some(end) if expiry::is_over(end, case.now) => {
            let message = format!("{} expired on {}", called(case.license), end.date());
            Err(refused(case, &LICENSE_EXPIRED, message))
        }
        _ => Ok(()),
    }
}

/// The family that a license belongs to.
#[must_use]
pub fn family(license: &License) -> Option<&'static Family> {
    family_of(&license.edition_key, license.product_name())
}

/// Whether a license is for an entity: by the catalogue, else by its family. A license that tells nothing is not checked.
#[must_use]
pub fn licenses(license: &License, edition: Option<&Edition>, kind: EntityKind) -> bool {
    match edition.and_then(|edition| edition.entity_kinds.as_ref()) {
        Some(kinds) => kinds.contains(&kind),
        None => family(license).is_none_or(|family| family.fits.contains(&kind)),
    }
}

/// Whether the major versions of license and entity are the same; an unknown one is not checked.
#[must_use]
pub fn same_major(license: &License, entity: &Entity) -> bool {
    if family(license).is_some_and(|family| !family.versioned) {
        return true;
    }
    let of = |version: Option<&str>| version.and_then(expiry::major);
    match (of(license.product_version()), of(entity.product_version.as_deref())) {
        (Some(license), Some(entity)) => license == entity,
        _ => true,
    }
}

fn fits(case: &Case<'_>) -> Result<(), Refusal> {
    let (license, entity) = (case.license, case.entity);
    if !licenses(license, case.edition, entity.kind) {
        let message = format!(
            "{} of edition `{}` is not for a {}, and {} is one",
            called(license),
            license.edition_key,
            entity.kind.word(),
            entity.called()
        );
        return Err(refused(case, &LICENSE_KEY_ENTITY_MISMATCH, message));
    }
    if !same_major(license, entity) {
        let message = format!(
            "{} is for version {}, {} has version {}",
            called(license),
            license.product_version().unwrap_or_default(),
            entity.called(),
            entity.product_version.as_deref().unwrap_or_default()
        );
        return Err(refused(case, &LICENSE_KEY_ENTITY_MISMATCH, message));
    }
    Ok(())
}

fn manageable(case: &Case<'_>, warnings: &mut Vec<Warning>) -> Result<(), Refusal> {
    let failed = |message: String| {
        Err(refused(case, &LICENSE_ASSIGNMENT_FAILED, message)
            .with("reason", INVENTORY_NOT_MANAGEABLE))
    };
    match (case.entity.kind, case.edition, case.managing) {
        (EntityKind::Vcenter, Some(edition), _) => {
            let bars = |host: &&HostEdition| bars(edition, &host.edition_key);
            let barred: Vec<&HostEdition> = case.hosts.iter().filter(bars).collect();
            let connected = barred.iter().find(|host| host.connection == Connection::Connected);
            if let Some(host) = connected {
                return failed(format!(
                    "{} does not manage hosts of edition `{}`, and the inventory has some",
                    called(case.license),
                    host.edition_key
                ));
            }
            if let Some(host) = barred.first() {
                let message = format!(
                    "{} will not manage the disconnected hosts of edition `{}`",
                    called(case.license),
                    host.edition_key
                );
                warnings.push(Warning::new("HOST_NOT_MANAGEABLE", message));
            }
            let hosts = u32::try_from(case.hosts.len()).unwrap_or(u32::MAX);
            match edition.max_hosts {
                Some(most) if hosts > most => failed(format!(
                    "{} manages {most} hosts, the inventory has {hosts}",
                    called(case.license)
                )),
                _ => Ok(()),
            }
        }
        (EntityKind::Host, _, Some(managing)) if bars(managing, &case.license.edition_key) => {
            failed(format!(
                "the vCenter's edition `{}` does not manage hosts of edition `{}`",
                managing.edition_key, case.license.edition_key
            ))
        }
        _ => Ok(()),
    }
}

fn bars(edition: &Edition, host: &str) -> bool {
    !host.is_empty() && edition.disallowed_host_editions.iter().any(|head| host.starts_with(head))
}

fn covered(case: &Case<'_>, warnings: &mut Vec<Warning>) -> Result<(), Refusal> {
    let (license, entity) = (case.license, case.entity);
    let missing = features::missing(&license.properties, &entity.in_use, case.levels);
    if missing.is_empty() {
        return Ok(());
    }
    if license.origin == Origin::Import && !features::are_known(&license.properties) {
        let message = format!(
            "the features of {} are not known: what {} uses was not compared",
            called(license),
            entity.called()
        );
        warnings.push(Warning::new("FEATURES_UNKNOWN", message).at(entity.entity_id.as_str()));
        return Ok(());
    }
    let keys: Vec<&str> = missing.iter().map(|feature| feature.key.as_str()).collect();
    let message =
        format!("{} lacks {}, which {} uses", called(license), keys.join(", "), entity.called());
    let features = missing.iter().map(|feature| {
        let members = [("key", feature.key.as_str()), ("value", feature.value.as_str())];
        members.into_iter().collect::<Value>()
    });
    Err(refused(case, &LICENSE_DOWNGRADE_DISALLOWED, message)
        .with("edition", license.edition_key.as_str())
        .with_value("features", features.collect::<Value>()))
}

fn capacity(case: &Case<'_>, cost: Option<i64>) -> Result<(), Refusal> {
    let enforced = units::Unit::read(&case.license.cost_unit).is_none_or(units::Unit::is_enforced);
    let (Some(free), Some(cost), true) = (case.free, cost, enforced) else {
        return Ok(());
    };
    // Whoever holds the license already may keep it, also while it is over-used.
    if case.held.is_some() || cost <= free {
        return Ok(());
    }
    let message = format!(
        "{} has {free} of {} units free, {} needs {cost}",
        called(case.license),
        case.license.total,
        case.entity.called()
    );
    let hint = format!(
        "assign a license with at least {cost} free units, or free some: `licctl vsphere assignment list --license {}`",
        case.license.key.short()
    );
    Err(refused(case, &NOT_ENOUGH_LICENSES, message)
        .hinted(hint)
        .with_value("required", cost)
        .with_value("free", free))
}

/// The slot of an entity that a license fills: of each it holds one.
///
/// A license for the entity's own kind fills that of the entity's product; any other that of its own product.
#[must_use]
pub fn slot(license: &License, entity: &Entity) -> String {
    let own = entity
        .kind
        .product()
        .filter(|_| family(license).is_none_or(|family| family.fits.contains(&entity.kind)));
    let product = own.or_else(|| license.product_name());
    product.or_else(|| family(license).map(|family| family.product)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
