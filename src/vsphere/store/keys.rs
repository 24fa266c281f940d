//! License keys as secrets: each stands once, and rows hold its number beside what may be shown.

use crate::error::{Outcome, Stop};
use crate::store::{Read, Tx, secrets};
use crate::vsphere::model::key::{Key, masked, replaced};
use crate::vsphere::model::value::{AnyValue, KeyAnyValue};
use std::borrow::Cow;

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

/// Around the place of a key in a stored text stand two characters for private use; between them the number of the secret, and what
/// may be seen of the key. Where a text has such a character itself, a place without a number stands for it.
const OPENS: char = '\u{f3f0}';
const CLOSES: char = '\u{f3f1}';

/// Files the keys within a text that somebody wrote: rows and journal hold their places alone.
pub(super) fn keep_text(tx: &mut dyn Tx, text: &mut String) -> Outcome<()> {
    if text.contains([OPENS, CLOSES]) {
        let place = |letter: char| match letter {
            OPENS => format!("{OPENS}:o{CLOSES}"),
            CLOSES => format!("{OPENS}:c{CLOSES}"),
            other => other.to_string(),
        };
        *text = text.chars().map(place).collect();
    }
    let kept = replaced(text, &mut |key| {
        let number = secrets::keep(tx, KIND, key)?;
        Ok::<_, Stop>(format!("{OPENS}{number}:{}{CLOSES}", masked(key)))
    })?;
    if let Cow::Owned(kept) = kept {
        *text = kept;
    }
    Ok(())
}

/// Puts the keys back into a text; one that was left out of the export that the store was made from stays masked.
pub(super) fn read_text(read: &mut dyn Read, text: &mut String) -> Outcome<()> {
    if !text.contains(OPENS) {
        return Ok(());
    }
    let mut whole = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once(OPENS) {
        whole.push_str(before);
        let (place, after) = behind.split_once(CLOSES).unwrap_or((behind, ""));
        match place.split_once(':').unwrap_or((place, "")) {
            ("", "o") => whole.push(OPENS),
            ("", _) => whole.push(CLOSES),
            (number, shown) => {
                let full = match number.parse() {
                    Ok(number) => secrets::reveal(read, number)?,
                    Err(_) => None,
                };
                whole.push_str(full.as_deref().unwrap_or(shown));
            }
        }
        rest = after;
    }
    whole.push_str(rest);
    *text = whole;
    Ok(())
}

/// Files the keys of licenses that are embedded in properties.
pub fn keep_embedded(tx: &mut dyn Tx, properties: &[KeyAnyValue]) -> Outcome<Vec<KeyAnyValue>> {
    let mut kept = properties.to_vec();
    embedded(&mut kept, &mut |key| {
        *key = keep(tx, key)?;
        Ok(())
    })?;
    Ok(kept)
}

/// Reads the keys of embedded licenses back in full.
pub fn reveal_embedded(read: &mut dyn Read, properties: &mut [KeyAnyValue]) -> Outcome<()> {
    embedded(properties, &mut |key| {
        *key = reveal(read, key)?;
        Ok(())
    })
}

/// Goes to the key of every license that is embedded in properties, however deep.
fn embedded(
    properties: &mut [KeyAnyValue],
    found: &mut dyn FnMut(&mut Key) -> Outcome<()>,
) -> Outcome<()> {
    for held in properties {
        match &mut held.value {
            AnyValue::License(info) => {
                found(&mut info.license_key)?;
                embedded(&mut info.properties, found)?;
            }
            AnyValue::AnyPairs(inner) => embedded(inner, found)?,
            AnyValue::Evaluation(info) => embedded(&mut info.properties, found)?,
            AnyValue::Message(message) => embedded(&mut message.arg, found)?,
            _ => {}
        }
    }
    Ok(())
}
