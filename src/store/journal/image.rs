//! Rows as the history keeps them: JSON arrays in the order of the table's columns.

use crate::error::{Outcome, Stop};
use crate::store::document::quoted;
use crate::store::sqlite::Engine;
use crate::store::{Flow, Row, Table, Value};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A row of the history, values as JSON arrays in the order of the table's columns.
pub(super) struct Image {
    pub(super) key: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// What the row is called, when a column of its own says so.
    pub(super) label: Option<String>,
}

/// What a row is called.
pub(super) fn label(table: &Table, row: &[Value<'_>]) -> Option<String> {
    let at = table.columns.iter().position(|column| *column == table.label)?;
    Some(match row.get(at)? {
        Value::Text(text) => (*text).to_owned(),
        other => {
            let mut label = String::new();
            written(other, &mut label);
            label
        }
    })
}

/// What a row of the history is called.
pub(super) fn kept_label(table: &Table, text: &str) -> Option<String> {
    let row = decode(text).ok()?;
    label(table, &row.iter().map(Kept::value).collect::<Vec<_>>())
}

pub(super) fn encode(values: &[Value<'_>]) -> String {
    let room = |value: &Value<'_>| match value {
        // A part in JSON has a quotation mark to be escaped in every eighth place or so.
        Value::Text(text) => text.len() + text.len() / 4 + 4,
        Value::Blob(bytes) => 2 * bytes.len() + 16,
        Value::Null | Value::Int(_) => 12,
    };
    let mut row = String::with_capacity(values.iter().map(room).sum());
    row.push('[');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            row.push(',');
        }
        written(value, &mut row);
    }
    row.push(']');
    row
}

/// Appends a value as JSON.
fn written(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        // Writing into memory cannot fail.
        Value::Int(number) => _ = write!(out, "{number}"),
        Value::Text(text) => quoted(text, out),
        Value::Blob(bytes) => {
            out.push_str("{\"hex\":\"");
            for byte in *bytes {
                let _ = write!(out, "{byte:02x}");
            }
            out.push_str("\"}");
        }
    }
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
