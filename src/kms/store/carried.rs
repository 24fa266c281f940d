//! Carried properties of a machine and its products: what an artefact showed and the model gives no meaning.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::model::{Carried, PropertyValue, State};
use crate::store::{Read, Row, Table, Tx, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Carried properties, of the service and of products.
pub static CARRIED: Table = Table {
    name: "kms_carried",
    key: 3,
    columns: &["machine", "object", "name", "kind", "value"],
    object: "carried property",
    label: "name",
    parent: Some("kms_machines"),
};

/// The object that a carried property belongs to, as its key column: empty for the service.
fn object(of: Option<&Uuid>) -> &[u8] {
    of.map_or(&[], |id| id.as_bytes())
}

/// Writes the carried properties of a machine: what differs is written, what vanished is removed.
pub(super) fn save(tx: &mut dyn Tx, state: &State) -> Outcome<()> {
    let id = state.machine.id;
    let own = std::iter::once((None, &state.machine.service.carried));
    let of_products = state.products.iter().map(|product| (Some(product.id), &product.carried));
    let wanted: BTreeMap<(Option<Uuid>, &str), &PropertyValue> = own
        .chain(of_products)
        .flat_map(|(of, carried)| carried.iter().map(move |(name, value)| ((of, name), value)))
        .collect();
    let held = tx.reading().all(
        "select object, name from kms_carried where machine = ?1",
        &[id.into()],
        |row| Ok((owner(row, 0)?, row.text(1)?.to_owned())),
    )?;
    for (of, name) in &held {
        if !wanted.contains_key(&(*of, name.as_str())) {
            let key = [id.into(), Value::Blob(object(of.as_ref())), name.into()];
            tx.remove(&CARRIED, &key)?;
        }
    }
    for ((of, name), value) in &wanted {
        let (kind, text) = written(value);
        let row = [
            id.into(),
            Value::Blob(object(of.as_ref())),
            (*name).into(),
            kind.into(),
            text.as_ref().into(),
        ];
        tx.put(&CARRIED, &row)?;
    }
    Ok(())
}

/// A carried value as its kind and its text.
fn written(value: &PropertyValue) -> (&'static str, Option<String>) {
    match value {
        PropertyValue::Null => ("null", None),
        PropertyValue::U32(number) => ("number", Some(number.to_string())),
        PropertyValue::Bool(flag) => ("flag", Some(flag.to_string())),
        PropertyValue::Text(text) => ("text", Some(text.clone())),
        PropertyValue::Time(at) => ("time", Some(at.ms().to_string())),
    }
}

fn value(row: &dyn Row, kind: usize, text: usize) -> Outcome<PropertyValue> {
    let held = row.text_or_null(text)?;
    let value = match (row.text(kind)?, held) {
        ("null", None) => Some(PropertyValue::Null),
        ("number", Some(text)) => text.parse().ok().map(PropertyValue::U32),
        ("flag", Some(text)) => text.parse().ok().map(PropertyValue::Bool),
        ("text", Some(text)) => Some(PropertyValue::Text(text.to_owned())),
        ("time", Some(text)) => {
            text.parse().ok().and_then(Timestamp::from_ms).map(PropertyValue::Time)
        }
        _ => None,
    };
    value.ok_or_else(|| row.wrong(text, held.unwrap_or("null")))
}

fn owner(row: &dyn Row, column: usize) -> Outcome<Option<Uuid>> {
    if row.blob(column)?.is_empty() { Ok(None) } else { row.guid(column).map(Some) }
}

/// The carried properties of a machine, by the product that they belong to; `None` for the service.
pub(super) fn load(read: &mut dyn Read, id: i64) -> Outcome<BTreeMap<Option<Uuid>, Carried>> {
    let sql = "select object, name, kind, value from kms_carried where machine = ?1";
    let rows = read.all(sql, &[id.into()], |row| {
        let name = row.text(1)?;
        if !Carried::takes(name) {
            return Err(row.wrong(1, name));
        }
        Ok((owner(row, 0)?, name.to_owned(), value(row, 2, 3)?))
    })?;
    let mut carried: BTreeMap<Option<Uuid>, Carried> = BTreeMap::new();
    for (of, name, value) in rows {
        carried.entry(of).or_default().put(&name, value);
    }
    Ok(carried)
}
