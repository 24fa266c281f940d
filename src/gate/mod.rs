//! What CI and monitoring read of findings: the forms that `--as` names, and the policy by which an estate judges its findings.
//!
//! Writers are pure: a [`Report`] in, text out, as it streams: an estate may have a million findings. What is found is left to the
//! domains, printing to `output`; the options that the commands share stand in `options`.

mod github;
mod junit;
pub(crate) mod nagios;
mod openmetrics;
mod options;
pub mod policy;
mod sarif;
#[cfg(test)]
mod tests;

pub(crate) use options::{Options, alone, tell};

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Findings, Level};
use crate::store::Flow;
use crate::wording::many;
use anyhow::Context;
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use policy::Waived;
use std::io::Write;

/// A form of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// `JUnit` XML, for the test pages of CI servers
    Junit,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// A metrics page, for Prometheus and its textfile collector
    Openmetrics,
    /// One line with performance data; exit 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN
    Nagios,
}

/// The forms in which findings about files make sense: monitoring watches an estate, not documents.
const OF_FILES: [Form; 3] = [Form::Junit, Form::Sarif, Form::Github];

/// Takes the forms for findings about files alone.
pub(crate) fn of_files() -> impl TypedValueParser<Value = Form> {
    let words = OF_FILES.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(words).try_map(|word| Form::from_str(&word, false))
}

/// What a class of findings is about, where a domain has rows of them.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// As in [`Finding::class`].
    pub class: &'static str,
    /// One sentence.
    pub finding: &'static str,
    pub remedy: &'static str,
}

/// Everything that a writer tells.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The command without the program's name: `check`, `csp lint`.
    pub command: &'a str,
    /// The domains that were looked at, also those where nothing was found.
    pub domains: &'a [&'static str],
    /// In the order in which they are to be shown.
    pub findings: &'a dyn Findings,
    /// What the policy took out of the findings.
    pub waived: &'a [Waived],
    /// The level from which on a finding is a failure.
    pub fail_on: Level,
    pub now: Timestamp,
    pub rules: &'a [Rule],
}

impl Report<'_> {
    /// Writes the findings in another tool's form; ends with a line end.
    pub fn write(&self, form: Form, out: &mut dyn Write) -> Outcome<()> {
        match form {
            Form::Junit => junit::write(self, out),
            Form::Sarif => sarif::write(self, out),
            Form::Github => github::write(self, out),
            Form::Openmetrics => openmetrics::write(self, out),
            Form::Nagios => nagios::write(self, out),
        }
    }

    /// Writes the findings for the page that GitHub shows of a step, Markdown.
    pub fn step_summary(&self, out: &mut dyn Write) -> Outcome<()> {
        github::summary(self, out)
    }

    /// Hands out every finding, in the order in which they are to be shown.
    fn each(&self, each: &mut dyn FnMut(&Finding) -> Outcome<()>) -> Outcome<()> {
        self.findings.each(&mut |finding| {
            each(finding)?;
            Ok(Flow::Continue(()))
        })
    }

    /// Whether anything found is a failure.
    #[must_use]
    pub fn fails(&self) -> bool {
        let failing = Level::ALL.into_iter().filter(|level| *level <= self.fail_on);
        failing.map(|level| self.count(level)).sum::<u64>() > 0
    }

    fn failure(&self, finding: &Finding) -> bool {
        finding.severity <= self.fail_on
    }

    fn count(&self, level: Level) -> u64 {
        self.findings.tally().of(level)
    }

    /// `2 errors, 1 warning, 0 notes`.
    #[must_use]
    pub fn counted(&self) -> String {
        let told = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "note")];
        told.map(|(level, word)| many(self.count(level), word)).join(", ")
    }
}

/// Adds text to what is written.
fn put(out: &mut dyn Write, text: &str) -> Outcome<()> {
    Ok(out.write_all(text.as_bytes()).context("writing the answer")?)
}

/// The class with its domain, the word under which other tools know it: `kms.threshold.will-fall`.
fn id(finding: &Finding) -> String {
    format!("{}.{}", finding.domain, finding.class)
}

/// Where the finding is, for people: `kms01: windows (N 25)`, `profile.xml: ./Vendor/MSFT/…`.
fn whereabouts(finding: &Finding) -> String {
    let file = finding.place.as_ref().map(|place| place.file.as_str());
    let parts = [finding.instance.as_str(), file.unwrap_or_default(), finding.object.as_str()];
    let mut told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.dedup();
    told.join(": ")
}

/// Message, remedy and dates, one a line.
fn lines(finding: &Finding) -> Vec<String> {
    let mut lines = vec![finding.message.clone()];
    if !finding.remedy.is_empty() {
        lines.push(format!("remedy: {}", finding.remedy));
    }
    lines.extend(finding.since.map(|since| format!("since: {since}")));
    lines.extend(finding.due.map(|due| format!("due: {due}")));
    lines
}
