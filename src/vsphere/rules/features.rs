//! Features: whether a license has one, and which of those in use it lacks.

use crate::vsphere::catalog::features;
use crate::vsphere::catalog::properties::{ADDON, FEATURE};
use crate::vsphere::model::value::{KeyAnyValue, KeyValue, pairs};

/// How a level that a license does not name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Levels {
    /// "Unlimited" satisfies any level.
    #[default]
    Meant,
    /// As govc compares them: no level is level 0.
    Literal,
}

/// Splits a feature key into name and level: what follows the colon is a level only when it is a number.
fn split(key: &str) -> (&str, u64) {
    match key.split_once(':').and_then(|(name, level)| Some((name, level.parse().ok()?))) {
        Some(found) => found,
        None => (key, 0),
    }
}

/// Whether a license has a feature, at the asked level or above.
///
/// Source: [GOVMOMI] license.HasFeature; that "Unlimited" satisfies any level is assumed.
#[must_use]
pub fn has(properties: &[KeyAnyValue], asked: &str, levels: Levels) -> bool {
    let (name, level) = split(asked);
    pairs(properties, FEATURE).chain(pairs(properties, ADDON)).any(|held| {
        let (held_name, held_level) = split(&held.key);
        let unlimited =
            levels == Levels::Meant && held_level == 0 && held.value.starts_with("Unlimited");
        held_name == name && (held_level >= level || unlimited)
    })
}

/// Whether a license names any feature at all; what a lossy artefact brought does not.
#[must_use]
pub fn are_known(properties: &[KeyAnyValue]) -> bool {
    pairs(properties, FEATURE).chain(pairs(properties, ADDON)).next().is_some()
}

/// The features in use that a license lacks, in the order of use.
#[must_use]
pub fn missing(properties: &[KeyAnyValue], in_use: &[KeyValue], levels: Levels) -> Vec<KeyValue> {
    in_use.iter().filter(|feature| !has(properties, &feature.key, levels)).cloned().collect()
}

/// A feature with the display name that dumps give it, when nobody says another.
#[must_use]
pub fn named(key: &str) -> KeyValue {
    KeyValue::new(key, features::name(key).unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use super::{Levels, has, missing, named};
    use crate::vsphere::model::value::KeyAnyValue;

    fn licensed() -> Vec<KeyAnyValue> {
        vec![
            KeyAnyValue::pair("feature", "vsmp:0", "Unlimited virtual SMP"),
            KeyAnyValue::pair("feature", "serialuri:2", "Remote virtual Serial Port Concentrator"),
            KeyAnyValue::pair("feature", "maxRAM:256g", "Up to 256 GB of memory"),
            KeyAnyValue::pair("addon", "drs", "vSphere DRS"),
        ]
    }

    #[test]
    fn a_level_is_enough_when_it_is_as_high_as_the_asked_one() {
        for (asked, answer) in [
            ("serialuri", true),
            ("serialuri:2", true),
            ("serialuri:3", false),
            ("drs", true),
            ("drs:1", false),
            ("maxRAM:256g", true),
            ("maxRAM", false),
            ("dvs", false),
        ] {
            assert_eq!(has(&licensed(), asked, Levels::Meant), answer, "{asked}");
        }
    }

    #[test]
    fn unlimited_satisfies_any_level_unless_levels_are_taken_literally() {
        assert!(has(&licensed(), "vsmp:4", Levels::Meant));
        assert!(!has(&licensed(), "vsmp:4", Levels::Literal));
    }

    #[test]
    fn what_is_missing_is_told_in_the_order_of_use() {
        let in_use = [named("dvs"), named("drs"), named("ft:4")];
        let missing = missing(&licensed(), &in_use, Levels::Meant);
        let told: Vec<&str> = missing.iter().map(|feature| feature.value.as_str()).collect();
        assert_eq!(told, ["vSphere Distributed Switch", "vSphere FT (up to 4 virtual CPUs)"]);
    }
}
