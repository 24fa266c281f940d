//! Answers to the queries beside licenseInfo.

use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::model::info::Info;
use crate::rms::model::license::Value;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

/// A query and its version.
#[derive(Debug, Serialize, JsonSchema)]
struct Asked {
    query: &'static str,
    version: &'static str,
}

/// An answer: the query, and the elements by the names of the API.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherInfoView {
    query: Asked,
    sentinel_info: Map<String, Json>,
}

impl OtherInfoView {
    #[must_use]
    pub fn new(query: &'static str, version: QueryVersion, info: Info) -> Self {
        let several = info.around.is_some();
        let mut records = info.records.into_iter().map(|members| {
            let members = members.into_iter().map(|(name, value)| (name.to_owned(), sent(value)));
            Json::Object(members.collect())
        });
        let records = if several {
            Json::Array(records.collect())
        } else {
            records.next().unwrap_or(Json::Null)
        };
        let held = Map::from_iter([(info.record.to_owned(), records)]);
        let sentinel_info = match info.around {
            Some(around) => Map::from_iter([(around.to_owned(), Json::Object(held))]),
            None => held,
        };
        Self { query: Asked { query, version: version.word() }, sentinel_info }
    }
}

fn sent(value: Value) -> Json {
    match value {
        Value::Number(number) => Json::from(number),
        Value::Text(text) => Json::from(text),
    }
}

impl View for OtherInfoView {
    const SCHEMA: &'static str = "licctl.rms.other-info/1";
    const COLUMNS: &'static [Column] = &[column("QUERY", "query", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.query.query.into()]
    }

    fn name(&self) -> String {
        self.query.query.to_owned()
    }
}

/// An element of an answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MemberView {
    element: &'static str,
    value: String,
}

impl MemberView {
    /// The elements of an answer, record after record.
    pub fn of(info: &Info) -> impl Iterator<Item = Self> + '_ {
        info.records.iter().flatten().map(|(element, value)| Self {
            element,
            value: match value {
                Value::Number(number) => number.to_string(),
                Value::Text(text) => text.clone(),
            },
        })
    }
}

impl View for MemberView {
    const SCHEMA: &'static str = "licctl.rms.info-element/1";
    const COLUMNS: &'static [Column] =
        &[column("ELEMENT", "element", Fit::Keep), column("VALUE", "value", Fit::Wrap)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.element.into(), self.value.clone().into()]
    }

    fn name(&self) -> String {
        self.element.to_owned()
    }
}
