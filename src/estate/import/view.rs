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
    /// The instances that it speaks of, and how many more there are than are named.
    pub(super) instances: Vec<String>,
    pub(super) more: u64,
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
            several(&self.instances, self.more).into(),
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
fn several(names: &[String], more: u64) -> String {
    match names {
        [one, two, three, rest @ ..] if !rest.is_empty() || more > 0 => {
            let more = u64::try_from(rest.len()).unwrap_or(u64::MAX).saturating_add(more);
            format!("{one}, {two}, {three} and {more} more")
        }
        few => few.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::several;
    use crate::api::Spoken;

    #[test]
    fn a_file_of_many_devices_names_three_and_counts_the_rest() {
        let told = |count: u32| {
            let mut spoken = Spoken::default();
            for number in 0..count {
                spoken.of(&format!("t{number}"));
                // Several records may be of one device.
                spoken.of(&format!("t{}", number / 2));
            }
            let (names, more) = spoken.told();
            assert_eq!(names.len(), usize::try_from(count.min(1000)).unwrap());
            several(&names, more)
        };
        assert_eq!(told(2), "t0, t1");
        assert_eq!(told(3), "t0, t1, t2");
        assert_eq!(told(4), "t0, t1, t2 and 1 more");
        assert_eq!(told(1_500), "t0, t1, t2 and 1497 more");
    }
}
