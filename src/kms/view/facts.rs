//! What the catalog knows: products by their Activation ID, codes.

use super::Guid;
use crate::catalog::{Code, Severity};
use crate::kms::catalog::skus::Sku;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// A product edition that is activated through KMS.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkuView {
    #[serde(rename = "ActivationID")]
    activation_id: Guid,
    name: &'static str,
    /// `windows`, `office14` or `office15+`: the clients of one pool share one count.
    pool: &'static str,
    #[serde(rename = "ApplicationID")]
    application_id: Option<Guid>,
    /// The count that it needs; what a request asks for wins over it.
    #[serde(rename = "RequiredClientCount")]
    required_client_count: u32,
    /// The document that says so, and how far.
    source: String,
}

impl From<&'static Sku> for SkuView {
    fn from(sku: &'static Sku) -> Self {
        Self {
            activation_id: Guid(sku.activation),
            name: sku.name,
            pool: sku.pool.word(),
            application_id: sku.pool.application().map(Guid),
            required_client_count: sku.required,
            source: crate::manual::source(&sku.source),
        }
    }
}

impl View for SkuView {
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
