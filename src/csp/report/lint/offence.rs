//! Findings of the linter as they are collected: in the order of lines, and without a product key in clear.

use crate::csp::catalog::lint::Rule;
use crate::csp::model::key::{KEY_LENGTH, ProductKey};
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

/// Masks everything that has the shape of a product key: an address or a value may hold one where none belongs.
pub(super) fn hide_keys(text: &str) -> Cow<'_, str> {
    if !text.contains('-') || !text.as_bytes().windows(KEY_LENGTH).any(may_be_key) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let split = rest.split_at_checked(KEY_LENGTH);
        let split = split.filter(|(head, _)| may_be_key(head.as_bytes()));
        match split.and_then(|(head, tail)| Some((ProductKey::new(head).ok()?, tail))) {
            Some((key, tail)) => {
                shown.push_str(&key.masked());
                rest = tail;
            }
            None => {
                shown.push(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
    }
    Cow::Owned(shown)
}

/// Whether hyphens stand where those of a key do; seen at a glance, and rare elsewhere.
fn may_be_key(bytes: &[u8]) -> bool {
    [5, 11, 17, 23].into_iter().all(|at| bytes.get(at) == Some(&b'-'))
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
    use super::{excerpt, hide_keys};

    #[test]
    fn a_key_is_masked_wherever_it_stands_in_a_text() {
        let cases = [
            ("AAAAA-BBBBB-CCCCC-DDDDD-EDU01", "*****-*****-*****-*****-EDU01"),
            ("key: aaaaa-bbbbb-ccccc-ddddd-edu01!", "key: *****-*****-*****-*****-EDU01!"),
            ("ü/AAAAA-BBBBB-CCCCC-DDDDD-EDU01/ü", "ü/*****-*****-*****-*****-EDU01/ü"),
            ("AAAAA-BBBBB-CCCCC-DDDDD-EDU0", "AAAAA-BBBBB-CCCCC-DDDDD-EDU0"),
            ("no key here, only a sentence of words", "no key here, only a sentence of words"),
        ];
        for (text, shown) in cases {
            assert_eq!(hide_keys(text), shown);
        }
    }

    #[test]
    fn a_long_value_is_cut_after_its_key_is_masked() {
        let long = format!("{}AAAAA-BBBBB-CCCCC-DDDDD-EDU01", "x".repeat(20));
        assert_eq!(excerpt(&long), format!("{}*****-*****-*****-**…", "x".repeat(20)));
    }
}
