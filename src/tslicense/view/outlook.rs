//! Answers that are findings: dated facts, what is wrong with a host, what an upgrade meets.

use crate::clock::Timestamp;
use crate::finding::{Detail, Finding, Level};
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

/// A dated fact.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactView<'a> {
    /// Null when there is no trend to date it by.
    date: Option<Timestamp>,
    /// `PACK_EXPIRES`, `TEMP_REFUSED`, `TEMP_PERMANENT`, `GRACE_ENDS`, `RUN_OUT`, `NO_TREND`.
    kind: &'static str,
    severity: Level,
    /// Empty for a session host.
    server: &'a str,
    object: &'a str,
    message: &'a str,
    detail: &'a Detail,
    remedy: &'a str,
}

impl<'a> From<&'a Finding> for FactView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            date: finding.due,
            kind: finding.class,
            severity: finding.severity,
            server: &finding.instance,
            object: &finding.object,
            message: &finding.message,
            detail: &finding.detail,
            remedy: &finding.remedy,
        }
    }
}

impl View for FactView<'_> {
    const SCHEMA: &'static str = "licctl.tslicense.forecast/1";
    const COLUMNS: &'static [Column] = &[
        column("DATE", "date", Fit::Keep),
        column("KIND", "kind", Fit::Keep),
        column("SERVER", "server", Fit::Elide),
        column("FACT", "message", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.date.map_or_else(|| "-".to_owned(), Timestamp::date).into(),
            Cell::toned(self.kind, toned(self.severity).tone),
            if self.server.is_empty() { "-" } else { self.server }.into(),
            self.message.into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.kind, self.object)
    }
}

/// What is wrong with a session host.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosisView<'a> {
    /// `LS_UNREACHABLE`.
    id: &'static str,
    severity: Level,
    /// The session host; of `MIXED_MODES` the license server.
    host: &'a str,
    message: &'a str,
    /// The license server, where it concerns one.
    server: Option<&'a str>,
    /// When it becomes a failure.
    due: Option<Timestamp>,
    remedy: &'a str,
}

impl<'a> From<&'a Finding> for DiagnosisView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: finding.class,
            severity: finding.severity,
            host: &finding.object,
            message: &finding.message,
            server: finding.detail.text("server"),
            due: finding.due,
            remedy: &finding.remedy,
        }
    }
}

impl View for DiagnosisView<'_> {
    const SCHEMA: &'static str = "licctl.tslicense.diagnosis/1";
    const COLUMNS: &'static [Column] = &[
        column("LEVEL", "severity", Fit::Keep),
        column("ID", "id", Fit::Keep),
        column("FINDING", "message", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![toned(self.severity), self.id.into(), self.message.into(), self.remedy.into()]
    }

    fn name(&self) -> String {
        format!("{} {}", self.id, self.host)
    }
}

/// What an upgrade of a session host meets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeView<'a> {
    /// `NOT_ENOUGH_CALS`.
    id: &'static str,
    severity: Level,
    host: &'a str,
    message: &'a str,
    /// `demand`, `available`, `missing`, `freed`.
    detail: &'a Detail,
    remedy: &'a str,
}

impl<'a> From<&'a Finding> for UpgradeView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: finding.class,
            severity: finding.severity,
            host: &finding.object,
            message: &finding.message,
            detail: &finding.detail,
            remedy: &finding.remedy,
        }
    }
}

impl View for UpgradeView<'_> {
    const SCHEMA: &'static str = "licctl.tslicense.upgrade/1";
    const COLUMNS: &'static [Column] = DiagnosisView::COLUMNS;

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![toned(self.severity), self.id.into(), self.message.into(), self.remedy.into()]
    }

    fn name(&self) -> String {
        self.id.to_owned()
    }
}
