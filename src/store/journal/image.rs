//! Rows as the history keeps them: JSON arrays in the order of the table's columns.

use crate::error::{Outcome, Stop};
use crate::store::sqlite::Engine;
use crate::store::{Flow, Row, Table, Value};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A row of the history, values as JSON arrays in the order of the table's columns.
pub(super) struct Image {
    pub(super) key: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Image {
    pub(super) fn label(&self, table: &Table) -> String {
        let values =
            self.after.as_deref().or(self.before.as_deref()).and_then(|text| named(table, text));
        let label =
            values.and_then(|values| values.into_iter().find(|(column, _)| column == table.label));
        match label {
            Some((_, Json::String(text))) => text,
            Some((_, other)) => other.to_string(),
            None => self.key.clone(),
        }
    }
}

pub(super) fn encode(values: &[Value<'_>]) -> String {
    let row: Vec<Json> = values
        .iter()
        .map(|value| match value {
            Value::Null => Json::Null,
            Value::Int(number) => Json::from(*number),
            Value::Text(text) => Json::from(*text),
            Value::Blob(bytes) => {
                let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
                serde_json::json!({ "hex": hex })
            }
        })
        .collect();
    Json::from(row).to_string()
}

/// A value as the history keeps it, owned.
pub(super) enum Kept {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Kept {
    pub(super) fn of(json: Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Number(number) => Self::Int(number.as_i64()?),
            Json::String(text) => Self::Text(text),
            Json::Object(object) => {
                let hex = object.get("hex")?.as_str()?;
                let digits: Option<Vec<u32>> =
                    hex.chars().map(|digit| digit.to_digit(16)).collect();
                let bytes = digits?
                    .chunks(2)
                    .map(|pair| match pair {
                        [high, low] => u8::try_from(high * 16 + low).ok(),
                        _ => None,
                    })
                    .collect::<Option<Vec<u8>>>()?;
                Self::Blob(bytes)
            }
            _ => return None,
        })
    }

    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

pub(super) fn decode(text: &str) -> Outcome<Vec<Kept>> {
    let damaged =
        || Stop::Fault(anyhow::anyhow!("the store is damaged: a row of the history is unreadable"));
    let row: Vec<Json> = serde_json::from_str(text).map_err(|_| damaged())?;
    row.into_iter().map(|value| Kept::of(value).ok_or_else(damaged)).collect()
}

pub(super) fn named(table: &Table, text: &str) -> Option<Vec<(String, Json)>> {
    let row: Vec<Json> = serde_json::from_str(text).ok()?;
    Some(table.columns.iter().map(|column| (*column).to_owned()).zip(row).collect())
}

pub(super) fn load(
    engine: &mut dyn Engine,
    sql: &str,
    key: &[Value<'_>],
    table: &Table,
) -> Outcome<Option<String>> {
    let mut found = None;
    engine.each(sql, key, &mut |row| {
        found = Some(encode_row(row, table.columns.len())?);
        Ok(Flow::Break(()))
    })?;
    Ok(found)
}

fn encode_row(row: &dyn Row, width: usize) -> Outcome<String> {
    let values = (0..width).map(|column| row.any(column)).collect::<Outcome<Vec<_>>>()?;
    Ok(encode(&values))
}
