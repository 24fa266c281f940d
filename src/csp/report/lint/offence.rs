//! Findings of the linter as they are collected: in the order of lines, and without a product key in clear.

use crate::csp::catalog::lint::Rule;
use crate::csp::model::key::hide_keys;
use crate::error::Outcome;
use crate::finding::{FilePlace, Finding, Level};
use std::borrow::Cow;

/// Where an offence stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    /// Counted from 1; `None` for the file as a whole.
    pub(super) line: Option<u64>,
    /// The address as written; empty when the offence has none.
    pub(super) object: &'a str,
}

impl<'a> At<'a> {
    /// Something that concerns no single address.
    pub(super) fn line(line: u64) -> Self {
        At { line: Some(line), object: "" }
    }

    pub(super) fn address(line: u64, object: &'a str) -> Self {
        At { line: Some(line), object: object.trim() }
    }

    /// The same address, another line.
    pub(super) fn on(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// How many findings there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub errors: u64,
    pub warnings: u64,
    pub infos: u64,
    /// Findings of CSP001, which are among the errors.
    pub unreadable: u64,
}

impl Tally {
    pub(super) fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Info => self.infos += 1,
        }
    }
}

/// The findings of one part of a file.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) file: String,
    found: Vec<Finding>,
}

impl Sheet {
    /// Makes a finding of `rule`, for more to be said of it.
    pub(super) fn offence(&self, rule: &Rule, at: At<'_>, message: &str) -> Finding {
        let object = if at.object.is_empty() { &self.file } else { at.object };
        Finding {
            severity: rule.level,
            place: Some(FilePlace { file: self.file.clone(), line: at.line }),
            ..Finding::new("csp", rule.id, rule.level, hide_keys(object), hide_keys(message))
                .remedy(rule.remedy)
        }
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    pub(super) fn report(&mut self, rule: &Rule, at: At<'_>, message: &str) {
        let finding = self.offence(rule, at, message);
        self.push(finding);
    }

    /// Hands out what was collected, in the order of lines and of rules on one line, and counts it.
    pub(super) fn hand_out(
        &mut self,
        tally: &mut Tally,
        each: &mut dyn FnMut(Finding) -> Outcome<()>,
    ) -> Outcome<()> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort_by_key(|finding| {
            (finding.place.as_ref().and_then(|place| place.line), finding.class)
        });
        for finding in self.found.drain(..) {
            tally.add(finding.severity);
            each(finding)?;
        }
        Ok(())
    }
}

/// A value for a message: trimmed, at most 40 characters.
pub(super) fn excerpt(value: &str) -> Cow<'_, str> {
    const LONGEST: usize = 40;
    let hidden = hide_keys(value.trim());
    match hidden.char_indices().nth(LONGEST) {
        None => hidden,
        Some((end, _)) => Cow::Owned(format!("{}…", hidden.get(..end).unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_value_is_cut_after_its_key_is_masked() {
        let long = format!("{}AAAAA-BBBBB-CCCCC-DDDDD-EDU01", "x".repeat(20));
        assert_eq!(excerpt(&long), format!("{}*****-*****-*****-**…", "x".repeat(20)));
    }
}
