//! The answers of the questions.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::report::audit::{Line, State};
use schemars::JsonSchema;
use serde::Serialize;

/// One kind of licenses of one version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// `device`, `user`, `suite`.
    r#type: &'static str,
    version: String,
    installed: u64,
    issued: u64,
    available: u64,
    /// Of the issued ones, served by newer licenses.
    covered_by_newer: u64,
    short: u64,
    /// `ok`, `tight`, `covered`, `short`, `expired`.
    state: &'static str,
    licctl: Shares,
    #[serde(skip)]
    tone: Tone,
}

/// What a figure is made of.
#[derive(Debug, Serialize, JsonSchema)]
struct Shares {
    /// The part of the issued ones that are temporary licenses.
    temporary: u64,
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        Self {
            r#type: line.kind.word(),
            version: line.version(),
            installed: line.owned,
            issued: line.used,
            available: line.available,
            covered_by_newer: line.covered,
            short: line.short,
            state: line.state.word(),
            licctl: Shares { temporary: line.temporary },
            tone: match line.state {
                State::Ok => Tone::Good,
                State::Covered => Tone::Plain,
                State::Tight | State::Expired => Tone::Warning,
                State::Short => Tone::Bad,
            },
        }
    }
}

impl View for LineView {
    const SCHEMA: &'static str = "licctl.tslicense.audit/1";
    const COLUMNS: &'static [Column] = &[
        column("TYPE", "type", Fit::Keep),
        column("VERSION", "version", Fit::Keep),
        column("INSTALLED", "installed", Fit::Number),
        column("ISSUED", "issued", Fit::Number),
        column("AVAILABLE", "available", Fit::Number),
        column("COVERED-BY-NEWER", "coveredByNewer", Fit::Number),
        column("SHORT", "short", Fit::Number),
        column("STATE", "state", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.r#type.into(),
            self.version.clone().into(),
            self.installed.to_string().into(),
            self.issued.to_string().into(),
            self.available.to_string().into(),
            self.covered_by_newer.to_string().into(),
            self.short.to_string().into(),
            Cell::toned(self.state, self.tone),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.r#type, self.version)
    }
}
