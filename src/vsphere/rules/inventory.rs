//! The inventory of licenses: labels, and what may be removed.

use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::vsphere::catalog::codes::{INVALID_ARGUMENT, NOT_FOUND, NOT_REMOVED};
use crate::vsphere::catalog::products::{ESX, HOST_EVALUATION, POOL_EVALUATION};
use crate::vsphere::catalog::properties::{
    EVALUATION_TEXT, EXPIRATION_DATE, PRODUCT_NAME, PRODUCT_VERSION,
};
use crate::vsphere::model::key::Key;
use crate::vsphere::model::key::masked;
use crate::vsphere::model::license::{License, Origin};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue};
use crate::vsphere::model::vcenter::ApiType;
use crate::wording::many;

/// Sets one label: in its place when the key is there, else at the end; an empty value removes it.
///
/// Refuses with `INVALID_ARGUMENT` when the key of the label is empty.
///
/// Source: [GOVMOMI] license.label.set for the empty value; upper and lower case differ.
pub fn set_label(labels: &[KeyValue], key: &str, value: &str) -> Result<Vec<KeyValue>, Refusal> {
    if key.is_empty() {
        return Err(Refusal::new(
            &INVALID_ARGUMENT,
            "a specified parameter was not correct: labelKey is empty",
        )
        .with("invalidProperty", "labelKey"));
    }
    if value.is_empty() {
        return Ok(without_label(labels, key));
    }
    let mut labels = labels.to_vec();
    match labels.iter_mut().find(|label| label.key == key) {
        Some(label) => value.clone_into(&mut label.value),
        None => labels.push(KeyValue::new(key, value)),
    }
    Ok(labels)
}

/// The labels without one; the order of the others stays.
#[must_use]
pub fn without_label(labels: &[KeyValue], key: &str) -> Vec<KeyValue> {
    labels.iter().filter(|label| label.key != key).cloned().collect()
}

/// Sets several labels in their order; of a repeated key the last value wins.
///
/// Refuses as [`set_label`].
pub fn set_labels(labels: &[KeyValue], set: &[KeyValue]) -> Result<Vec<KeyValue>, Refusal> {
    set.iter()
        .try_fold(labels.to_vec(), |labels, label| set_label(&labels, &label.key, &label.value))
}

/// The refusal of a label method whose key is not in the inventory.
#[must_use]
pub fn unknown_license(key: &str) -> Refusal {
    let shown = masked(key);
    let message = format!(
        "a specified parameter was not correct: licenseKey, the inventory has no `{shown}`"
    );
    Refusal::new(&INVALID_ARGUMENT, message)
        .with("invalidProperty", "licenseKey")
        .with("licenseKey", shown)
}

/// The evaluation license of an instance: bare in the pool of a vCenter, with its expiry on a host.
///
/// - `end`: when the evaluation of the instance itself ends.
///
/// Source: [DUMPS] pool entries have no properties; hosts show product, sentence and expiry.
#[must_use]
pub fn evaluation_license(api_type: ApiType, version: &str, end: Option<Timestamp>) -> License {
    let (shown, mut properties) = match api_type {
        ApiType::VirtualCenter => (&POOL_EVALUATION, Vec::new()),
        ApiType::HostAgent => (
            &HOST_EVALUATION,
            vec![
                KeyAnyValue::text(PRODUCT_NAME, ESX),
                KeyAnyValue::text(
                    PRODUCT_VERSION,
                    &crate::vsphere::rules::expiry::major_minor(version),
                ),
                KeyAnyValue::text(
                    EVALUATION_TEXT,
                    "License has not been set, evaluation Period in effect.",
                ),
            ],
        ),
    };
    if let (ApiType::HostAgent, Some(end)) = (api_type, end) {
        properties.push(KeyAnyValue::new(EXPIRATION_DATE, AnyValue::Instant(end.to_string())));
    }
    License {
        id: 0,
        key: Key::evaluation(),
        edition_key: shown.edition_key.to_owned(),
        name: shown.name.to_owned(),
        total: 0,
        cost_unit: shown.cost_unit.to_owned(),
        reported_used: None,
        origin: Origin::Builtin,
        properties,
        labels: Vec::new(),
    }
}

/// The evaluation license as the simulator shows it.
///
/// Source: [GOVMOMI] vcsim, licenseManager: its name, product and two features.
#[must_use]
pub fn simulated(license: License, product: &str, version: &str) -> License {
    let feature = |key: &str| {
        let named = crate::vsphere::rules::features::named(key);
        KeyAnyValue::pair(crate::vsphere::catalog::properties::FEATURE, &named.key, &named.value)
    };
    let version = crate::vsphere::rules::expiry::major_minor(version);
    License {
        name: HOST_EVALUATION.name.to_owned(),
        properties: vec![
            KeyAnyValue::text(PRODUCT_NAME, product),
            KeyAnyValue::text(PRODUCT_VERSION, &version),
            feature("serialuri:2"),
            feature("dvs"),
        ],
        ..license
    }
}

/// Whether `RemoveLicense` removes a license: not the evaluation license, and none that is assigned.
///
/// Source: [GOVMOMI] issue 2213 for the evaluation license; assigned ones: assumed, the vendor's clients look beforehand.
#[must_use]
pub fn is_removable(license: &License, assignments: i64) -> bool {
    !license.key.is_evaluation() && assignments == 0
}

/// Why a license is still there after `RemoveLicense`.
///
/// - `holders`: what the entities that hold it are called.
#[must_use]
pub fn not_removed(license: &License, holders: &[String]) -> Refusal {
    let shown = license.key.shown();
    if license.key.is_evaluation() {
        return Refusal::new(&NOT_REMOVED, "the evaluation license cannot be removed")
            .hinted(
                "it stays in every inventory; an expiring evaluation ends with an assigned license",
            )
            .with("licenseKey", shown);
    }
    let count = holders.len();
    let named: Vec<&str> = holders.iter().take(5).map(String::as_str).collect();
    let more = if count > named.len() { ", …" } else { "" };
    let message = format!(
        "license `{shown}` is assigned to {}: {}{more}",
        many(count, "entity"),
        named.join(", ")
    );
    Refusal::new(&NOT_REMOVED, message)
        .hinted("assign them another, `licctl vsphere unassign` them, or give `--force`")
        .with("licenseKey", shown)
        .with("entities", holders.join(", "))
}

/// The refusal of a key that is not in the inventory.
#[must_use]
pub fn not_found(key: &str) -> Refusal {
    let shown = masked(key);
    Refusal::new(&NOT_FOUND, format!("the inventory has no license `{shown}`"))
        .hinted("`licctl vsphere license list` shows the inventory")
        .with("licenseKey", shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Vec<KeyValue> {
        pairs.iter().map(|(key, value)| KeyValue::new(key, value)).collect()
    }

    #[test]
    fn an_empty_value_removes_the_label_that_it_names_and_no_other() {
        let held = labels(&[("team", "a"), ("team2", "b")]);
        assert_eq!(set_label(&held, "team", "").unwrap(), labels(&[("team2", "b")]));
        assert_eq!(set_label(&held, "nosuch", "").unwrap(), held);
    }

    #[test]
    fn a_label_keeps_its_place_and_its_case() {
        let held = labels(&[("a", "1"), ("b", "2")]);
        assert_eq!(set_label(&held, "a", "3").unwrap(), labels(&[("a", "3"), ("b", "2")]));
        let both = set_labels(&[], &labels(&[("Team", "1"), ("team", "2")])).unwrap();
        assert_eq!(both.len(), 2);
        let repeated = set_labels(&[], &labels(&[("a", "1"), ("b", "2"), ("a", "3")])).unwrap();
        assert_eq!(repeated, labels(&[("a", "3"), ("b", "2")]));
    }

    #[test]
    fn a_label_without_a_key_is_refused() {
        let refusal = set_label(&[], "", "x").unwrap_err();
        assert!(refusal.detail.contains(&("invalidProperty", "labelKey".to_owned())));
    }
}
