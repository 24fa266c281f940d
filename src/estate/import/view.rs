//! What an import shows of each file.

use crate::api::{Brought, Counts};
use crate::error::Warning;
use crate::output::{Cell, Column, Fit as Width, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// One file of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ImportView {
    pub(super) file: String,
    /// Of the whole file, hexadecimal.
    pub(super) sha256: String,
    pub(super) domain: &'static str,
    pub(super) kind: &'static str,
    /// The instances that it speaks of.
    pub(super) instances: Vec<String>,
    /// What became of its records, by kind of record.
    pub(super) sections: BTreeMap<&'static str, Counts>,
    pub(super) skipped: Vec<SkippedView>,
    pub(super) warnings: Vec<WarningView>,
    pub(super) detail: Map<String, Json>,
}

/// A record that was left out.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SkippedView {
    pub(super) place: String,
    pub(super) reason: String,
}

/// Something odd in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WarningView {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) place: String,
}

impl ImportView {
    /// Adds what became of records that waited for later files.
    pub(super) fn add(&mut self, later: Brought) {
        for (section, counts) in later.sections {
            self.sections.entry(section).or_default().add(counts);
        }
        self.warnings.extend(later.notes.warnings.into_iter().map(WarningView::from));
        self.detail.extend(later.detail);
    }
}

impl From<Warning> for WarningView {
    fn from(warning: Warning) -> Self {
        Self { code: warning.code, message: warning.message, place: warning.place }
    }
}

impl View for ImportView {
    const SCHEMA: &'static str = "licctl.import/1";
    const COLUMNS: &'static [Column] = &[
        column("FILE", "file", Width::ElideHead),
        column("KIND", "kind", Width::Keep),
        column("INSTANCE", "instances", Width::Elide),
        column("NEW", "sections", Width::Number),
        column("KNOWN", "sections", Width::Number),
        column("SKIPPED", "skipped", Width::Number),
        column("WARNINGS", "warnings", Width::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let sum =
            |pick: fn(&Counts) -> u64| self.sections.values().map(pick).sum::<u64>().to_string();
        vec![
            self.file.clone().into(),
            self.kind.into(),
            several(&self.instances).into(),
            sum(|counts| counts.added + counts.changed).into(),
            sum(|counts| counts.unchanged).into(),
            sum(|counts| counts.skipped).into(),
            self.warnings.len().to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.file.clone()
    }
}

/// The first names, and how many more there are.
fn several(names: &[String]) -> String {
    match names {
        [one, two, three, _, ..] => format!("{one}, {two}, {three} and {} more", names.len() - 3),
        few => few.join(", "),
    }
}
