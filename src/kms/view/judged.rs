//! Answers that are findings: the health of hosts, the settings of machines.

use crate::clock::Timestamp;
use crate::finding::{Detail, Finding, Level, Value};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// The tone of a level.
pub(super) fn toned(level: Level) -> Cell {
    let tone = match level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Warning,
        Level::Info => Tone::Plain,
    };
    Cell::toned(level.word(), tone)
}

/// H01 to H10.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthView<'a> {
    /// `H01` to `H10`.
    class: &'static str,
    severity: Level,
    /// Empty when several machines show it.
    host: &'a str,
    /// The host, or the code of H08.
    object: &'a str,
    message: &'a str,
    since: Option<Timestamp>,
    detail: &'a Detail,
    remedy: &'a str,
}

impl<'a> From<&'a Finding> for HealthView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            class: finding.class,
            severity: finding.severity,
            host: &finding.instance,
            object: &finding.object,
            message: &finding.message,
            since: finding.since,
            detail: &finding.detail,
            remedy: &finding.remedy,
        }
    }
}

impl View for HealthView<'_> {
    const SCHEMA: &'static str = "licctl.kms.health/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "class", Fit::Keep),
        column("LEVEL", "severity", Fit::Keep),
        column("HOST", "host", Fit::Elide),
        column("SINCE", "since", Fit::Spare),
        column("FINDING", "message", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Wrap),
    ];
    const TIME: Option<&'static str> = Some("since");

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.class.into(),
            toned(self.severity),
            if self.host.is_empty() { "-" } else { self.host }.into(),
            self.since.map_or_else(|| "-".to_owned(), Timestamp::date).into(),
            self.message.into(),
            self.remedy.into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.class, self.object)
    }
}

/// P01 to P12.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView<'a> {
    /// `P01` to `P12`.
    class: &'static str,
    severity: Level,
    machine: &'a str,
    /// The property, by the API's name.
    property: &'a str,
    value: Value,
    /// What it should be; null when no single value is meant.
    expected: Value,
    message: &'a str,
    /// When the snapshot was taken that shows it; null for a modelled machine.
    since: Option<Timestamp>,
    remedy: &'a str,
}

impl<'a> From<&'a Finding> for PolicyView<'a> {
    fn from(finding: &'a Finding) -> Self {
        let member = |name: &str| finding.detail.get(name).unwrap_or_default();
        Self {
            class: finding.class,
            severity: finding.severity,
            machine: &finding.object,
            property: finding.detail.text("property").unwrap_or_default(),
            value: member("value"),
            expected: member("expected"),
            message: &finding.message,
            since: finding.since,
            remedy: &finding.remedy,
        }
    }
}

/// A value without the quotation marks of JSON.
fn bare(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl View for PolicyView<'_> {
    const SCHEMA: &'static str = "licctl.kms.policy/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "class", Fit::Keep),
        column("LEVEL", "severity", Fit::Keep),
        column("MACHINE", "machine", Fit::Elide),
        column("PROPERTY", "property", Fit::Elide),
        column("VALUE", "value", Fit::Keep),
        column("EXPECTED", "expected", Fit::Keep),
    ];
    const TIME: Option<&'static str> = Some("since");

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.class.into(),
            toned(self.severity),
            self.machine.into(),
            self.property.into(),
            bare(&self.value).into(),
            bare(&self.expected).into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.class, self.machine)
    }
}
