//! Lists of licenses and assignments as JSON, in the shape of the tool that is to read them.

use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::wire::{keys, plain, typed};
use serde_json::Value as Json;

/// The shape of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Plain values; `used` is left out when it is 0, and an empty result is `null`.
    Govc,
    /// Every value with its type.
    Typed,
    /// Plain values; `used` is there whenever it is set.
    Plain,
}

/// Writes licenses.
#[must_use]
pub fn licenses(infos: &[LicenseInfo], shape: Shape, secrets: bool) -> String {
    let one = |info: &LicenseInfo| match shape {
        Shape::Typed => typed::license(info, keys(secrets)),
        Shape::Plain => plain::license(info, keys(secrets)),
        Shape::Govc => without_zero(plain::license(info, keys(secrets))),
    };
    printed(&infos.iter().map(one).collect::<Vec<_>>(), shape)
}

/// Writes assignments.
#[must_use]
pub fn assignments(held: &[LicenseAssignment], shape: Shape, secrets: bool) -> String {
    let one = |held: &LicenseAssignment| match shape {
        Shape::Typed => typed::assignment(held, keys(secrets)),
        Shape::Plain => plain::assignment(held, keys(secrets)),
        Shape::Govc => {
            let mut json = plain::assignment(held, keys(secrets));
            if let Some(license) = json.get_mut("assignedLicense") {
                *license = without_zero(license.take());
            }
            json
        }
    };
    printed(&held.iter().map(one).collect::<Vec<_>>(), shape)
}

fn without_zero(mut license: Json) -> Json {
    if let Some(members) = license.as_object_mut() {
        let empty =
            |value: &Json| value.as_array().is_some_and(Vec::is_empty) || value == &Json::from(0);
        for name in ["used", "properties", "labels"] {
            if members.get(name).is_some_and(empty) {
                // The order of the other members stays.
                members.shift_remove(name);
            }
        }
    }
    license
}

fn printed(items: &[Json], shape: Shape) -> String {
    if items.is_empty() && shape == Shape::Govc {
        return "null\n".to_owned();
    }
    // Values of this kind always print.
    let mut text = serde_json::to_string_pretty(items).unwrap_or_default();
    text.push('\n');
    text
}
