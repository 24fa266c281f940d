//! What the API shows: the data objects made from what the model keeps.

use super::{decode, expiry};
use crate::clock::Timestamp;
use crate::vsphere::catalog::properties::{
    COST_UNIT, ENTITY_COST, EVALUATION, IN_USE_FEATURES, PRODUCT_NAME, PRODUCT_VERSION,
};
use crate::vsphere::model::assignment::{Assignment, LicenseAssignment};
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::{License, LicenseInfo, Taken};
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, find};

/// The units of a license that are taken.
///
/// - Returns the sum of its assignments when every cost is known; else what an artefact reported; else the sum of those known.
///   `None` for an evaluation license, which counts nothing.
#[must_use]
pub fn used(license: &License, taken: Taken) -> Option<i64> {
    if license.key.is_evaluation() {
        return None;
    }
    let reported = license.reported_used.map(i64::from);
    // An inventory that came without its assignments tells more than their absence.
    let untold = taken.unknown > 0 || taken.assignments == 0;
    Some(reported.filter(|_| untold).unwrap_or(taken.units))
}

/// The units that are left; `None`: unlimited, or an evaluation license.
#[must_use]
pub fn free(license: &License, taken: Taken) -> Option<i64> {
    if license.is_unlimited() {
        return None;
    }
    used(license, taken).map(|used| i64::from(license.total) - used)
}

/// `LicenseManagerLicenseInfo` of a license of the inventory.
#[must_use]
pub fn license(license: &License, taken: Taken, now: Timestamp) -> LicenseInfo {
    let used = used(license, taken);
    LicenseInfo {
        license_key: license.key.clone(),
        edition_key: license.edition_key.clone(),
        name: license.name.clone(),
        total: license.total,
        used: used.map(|used| i32::try_from(used).unwrap_or(i32::MAX)),
        cost_unit: license.cost_unit.clone(),
        properties: decode::properties_at(license, now),
        labels: license.labels.clone(),
    }
}

/// The answer of `DecodeLicense`: without labels, and with `used` unset.
///
/// Source: [GOVMOMI] issue 797.
#[must_use]
pub fn decoded(held: &License, now: Timestamp) -> LicenseInfo {
    LicenseInfo { used: None, labels: Vec::new(), ..license(held, Taken::default(), now) }
}

/// `LicenseAssignment` of an entity: with `held` what it holds, without its evaluation.
///
/// - `scope`: instanceUuid of the vCenter; the vCenter itself has none.
#[must_use]
pub fn assignment(
    entity: &Entity,
    held: Option<&Assignment>,
    assigned_license: LicenseInfo,
    scope: Option<&str>,
    now: Timestamp,
) -> LicenseAssignment {
    let mut properties = Vec::new();
    let version = entity.product_version.as_deref();
    if let Some(product) = entity.kind.product() {
        properties.push(KeyAnyValue::text(PRODUCT_NAME, product));
    }
    if let Some(version) = version {
        properties.push(KeyAnyValue::text(PRODUCT_VERSION, version));
    }
    let cost = held.and_then(|held| held.cost.or(held.reported_cost));
    if let Some(cost) = cost.filter(|_| !assigned_license.cost_unit.is_empty()) {
        properties.push(KeyAnyValue::int(ENTITY_COST, cost));
        properties.push(KeyAnyValue::text(COST_UNIT, &assigned_license.cost_unit));
    }
    let in_use = entity.in_use.iter();
    properties
        .extend(in_use.map(|used| KeyAnyValue::pair(IN_USE_FEATURES, &used.key, &used.value)));
    if let Some(evaluation) = &entity.evaluation {
        let told = expiry::told(evaluation, now, version);
        properties.push(KeyAnyValue::new(EVALUATION, AnyValue::Evaluation(told)));
    }
    // What only the artefact knew stands behind what the model makes.
    let kept = held.map(|held| held.properties.as_slice()).unwrap_or_default();
    properties.extend(kept.iter().filter(|kept| !is_made(&kept.key)).cloned());
    LicenseAssignment {
        entity_id: entity.entity_id.clone(),
        scope: scope
            .filter(|scope| !scope.eq_ignore_ascii_case(&entity.entity_id))
            .map(str::to_owned),
        entity_display_name: entity.name.clone(),
        assigned_license,
        properties,
    }
}

/// Whether the model makes the properties of that key itself.
#[must_use]
pub fn is_made(key: &str) -> bool {
    let made = [PRODUCT_NAME, PRODUCT_VERSION, ENTITY_COST, COST_UNIT, IN_USE_FEATURES, EVALUATION];
    made.iter().any(|made| made.eq_ignore_ascii_case(key))
}

/// The cost that an assignment's properties report, in any of the spellings.
#[must_use]
pub fn reported_cost(properties: &[KeyAnyValue]) -> Option<i64> {
    [ENTITY_COST, "EntityCost", "entitycost"]
        .iter()
        .find_map(|key| find(properties, key))
        .and_then(AnyValue::as_whole)
}
