//! What the catalog knows: products by their Activation ID, codes.

use super::Guid;
use crate::catalog::{Code, Severity};
use crate::kms::model::Listed;
use crate::kms::ops::editions::Learned;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// A product edition that is activated through KMS.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkuView<'a> {
    #[serde(rename = "ActivationID")]
    activation_id: Guid,
    name: &'a str,
    /// `windows`, `office14` or `office15+`: the clients of one pool share one count.
    pool: &'static str,
    #[serde(rename = "ApplicationID")]
    application_id: Option<Guid>,
    /// The count that it needs; what a request asks for wins over it.
    #[serde(rename = "RequiredClientCount")]
    required_client_count: u32,
    /// The document that says so, and how far; or that it was imported.
    source: String,
}

impl<'a> From<Listed<'a>> for SkuView<'a> {
    fn from(listed: Listed<'a>) -> Self {
        Self {
            activation_id: Guid(listed.activation),
            name: listed.name,
            pool: listed.pool.word(),
            application_id: listed.pool.application().map(Guid),
            required_client_count: listed.required,
            source: listed.source.map_or_else(|| "imported".to_owned(), crate::manual::source),
        }
    }
}

impl View for SkuView<'_> {
    const SCHEMA: &'static str = "licctl.kms.sku/1";
    const COLUMNS: &'static [Column] = &[
        column("ACTIVATION ID", "ActivationID", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("POOL", "pool", Fit::Keep),
        column("N", "RequiredClientCount", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.activation_id.0.to_string().into(),
            self.name.into(),
            self.pool.into(),
            self.required_client_count.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.activation_id.0.to_string()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let columns = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let source = ("SOURCE".to_owned(), Cell::from(self.source.clone()));
        columns.zip(self.cells(look)).chain([source]).collect()
    }
}

/// What became of a list of editions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LearnedView {
    added: u64,
    changed: u64,
    /// Known already, from a list or from the built-in table.
    unchanged: u64,
}

impl From<&Learned> for LearnedView {
    fn from(learned: &Learned) -> Self {
        let Learned { added, changed, unchanged } = *learned;
        Self { added, changed, unchanged }
    }
}

impl View for LearnedView {
    const SCHEMA: &'static str = "licctl.kms.sku.import/1";
    const COLUMNS: &'static [Column] = &[
        column("NEW", "added", Fit::Number),
        column("CHANGED", "changed", Fit::Number),
        column("KNOWN", "unchanged", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        [self.added, self.changed, self.unchanged].map(|count| count.to_string().into()).into()
    }

    fn name(&self) -> String {
        self.added.to_string()
    }
}

/// A code that the API answers with.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    symbol: &'static str,
    /// The number as the API sends it.
    code: Option<u32>,
    hex: Option<String>,
    /// `success`, `information` or `failure`.
    severity: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
    source: String,
}

impl From<&'static Code> for ErrorView {
    fn from(code: &'static Code) -> Self {
        let number = code.native.number();
        Self {
            symbol: code.symbol,
            code: number,
            hex: number.map(|number| format!("0x{number:08X}")),
            severity: match code.severity {
                Severity::Success => "success",
                Severity::Information => "information",
                Severity::Failure => "failure",
            },
            meaning: code.meaning,
            cause: code.cause,
            remedy: code.remedy,
            source: crate::manual::source(&code.source),
        }
    }
}

impl View for ErrorView {
    const SCHEMA: &'static str = "licctl.kms.code/1";
    const COLUMNS: &'static [Column] = &[
        column("CODE", "hex", Fit::Keep),
        column("SYMBOL", "symbol", Fit::Keep),
        column("MEANING", "meaning", Fit::Wrap),
        column("CAUSE", "cause", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.hex.clone().unwrap_or_default().into(),
            self.symbol.into(),
            self.meaning.into(),
            self.cause.into(),
            self.remedy.into(),
        ]
    }

    fn name(&self) -> String {
        self.symbol.to_owned()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let columns = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let source = ("SOURCE".to_owned(), Cell::from(self.source.clone()));
        let told = columns.zip(self.cells(look)).filter(|(_, cell)| !cell.text.is_empty());
        told.chain([source]).collect()
    }
}
