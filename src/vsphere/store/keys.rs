//! License keys as secrets: each stands once, and rows hold its number beside what may be shown.

use crate::error::Outcome;
use crate::store::{Read, Tx, secrets};
use crate::vsphere::model::key::Key;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue};

/// What the keys are filed under.
const KIND: &str = "vsphere.key";

/// Files a key, unless its row has its number already or it is none.
pub fn keep(tx: &mut dyn Tx, key: &Key) -> Outcome<Key> {
    match key.full().filter(|full| !full.is_empty() && key.number().is_none()) {
        Some(full) => Ok(key.clone().numbered(secrets::keep(tx, KIND, full)?)),
        None => Ok(key.clone()),
    }
}

/// The number of a key; `None` when no row can hold it.
pub fn number(read: &mut dyn Read, key: &str) -> Outcome<Option<i64>> {
    secrets::number(read, KIND, key)
}

/// The key in full, when it was not left out of the export that the store was made from.
pub fn reveal(read: &mut dyn Read, key: &Key) -> Outcome<Key> {
    match key.number().filter(|_| key.full().is_none()) {
        Some(number) => Ok(key.clone().revealed(secrets::reveal(read, number)?)),
        None => Ok(key.clone()),
    }
}

/// Files the keys of licenses that are embedded in properties.
pub fn keep_embedded(tx: &mut dyn Tx, properties: &[KeyAnyValue]) -> Outcome<Vec<KeyAnyValue>> {
    properties
        .iter()
        .map(|held| {
            let value = match &held.value {
                AnyValue::License(info) => {
                    let mut info = info.clone();
                    info.license_key = keep(tx, &info.license_key)?;
                    info.properties = keep_embedded(tx, &info.properties)?;
                    AnyValue::License(info)
                }
                AnyValue::AnyPairs(inner) => AnyValue::AnyPairs(keep_embedded(tx, inner)?),
                other => other.clone(),
            };
            Ok(KeyAnyValue::new(&held.key, value))
        })
        .collect()
}

/// Reads the keys of embedded licenses back in full.
pub fn reveal_embedded(read: &mut dyn Read, properties: &mut [KeyAnyValue]) -> Outcome<()> {
    for held in properties {
        match &mut held.value {
            AnyValue::License(info) => {
                info.license_key = reveal(read, &info.license_key)?;
                reveal_embedded(read, &mut info.properties)?;
            }
            AnyValue::AnyPairs(inner) => reveal_embedded(read, inner)?,
            _ => {}
        }
    }
    Ok(())
}
