//! Migrations: the steps of a plan, and what became of the licenses.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::catalog::enumerations::{PRODUCT_TYPE, word};
use crate::tslicense::catalog::versions;
use crate::tslicense::report::migration::{State, Step};
use crate::tslicense::report::verification::{Fate, Verified};
use schemars::JsonSchema;
use serde::Serialize;

/// A step of a migration.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepView<'a> {
    /// Counted from 1.
    step: usize,
    /// The machine on which it is done.
    machine: &'a str,
    /// What is called there; purchase numbers are masked.
    action: &'a str,
    /// `ready`, `blocked`, `skipped`, `done`.
    state: &'static str,
    /// Why it is blocked or skipped.
    reason: Option<&'a str>,
}

impl<'a> StepView<'a> {
    /// The steps in their order.
    pub fn all(steps: &'a [Step]) -> impl Iterator<Item = Self> {
        (1..).zip(steps).map(|(number, step)| {
            let (state, reason) = match &step.state {
                State::Ready => ("ready", None),
                State::Blocked(why) => ("blocked", Some(why.as_str())),
                State::Skipped(why) => ("skipped", Some(why.as_str())),
                State::Done => ("done", None),
            };
            Self { step: number, machine: &step.machine, action: &step.words, state, reason }
        })
    }
}

impl View for StepView<'_> {
    const SCHEMA: &'static str = "licctl.tslicense.step/1";
    const COLUMNS: &'static [Column] = &[
        column("STEP", "step", Fit::Number),
        column("MACHINE", "machine", Fit::Elide),
        column("ACTION", "action", Fit::Wrap),
        column("STATE", "state", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.state {
            "blocked" => Tone::Warning,
            "done" => Tone::Good,
            _ => Tone::Plain,
        };
        let state = match self.reason {
            Some(reason) => format!("{}: {reason}", self.state),
            None => self.state.to_owned(),
        };
        vec![
            self.step.to_string().into(),
            self.machine.into(),
            self.action.into(),
            Cell::toned(state, tone),
        ]
    }

    fn name(&self) -> String {
        self.step.to_string()
    }
}

/// What became of the licenses of one version and product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedView {
    /// `per device`, `per user`.
    r#type: String,
    version: String,
    /// How many were to be moved.
    moved: u64,
    /// How many more the new server owns than before.
    on_target: i64,
    /// How many more the old server owns than before.
    on_source: i64,
    /// `ok`, `double`, `lost`; `open` when they are where they were.
    state: &'static str,
    #[serde(skip)]
    tone: Tone,
}

impl From<&Verified> for VerifiedView {
    fn from(line: &Verified) -> Self {
        let share = &line.share;
        let product = word(&PRODUCT_TYPE, share.product);
        Self {
            r#type: product.map_or_else(|| share.product.to_string(), ToOwned::to_owned),
            version: versions::short(share.version),
            moved: share.moved,
            on_target: line.target,
            on_source: line.source,
            state: line.fate.word(),
            tone: match line.fate {
                Fate::Ok => Tone::Good,
                Fate::Double | Fate::Lost => Tone::Bad,
                Fate::Open => Tone::Warning,
            },
        }
    }
}

impl View for VerifiedView {
    const SCHEMA: &'static str = "licctl.tslicense.verified/1";
    const COLUMNS: &'static [Column] = &[
        column("TYPE", "type", Fit::Keep),
        column("VERSION", "version", Fit::Keep),
        column("MOVED", "moved", Fit::Number),
        column("ON-TARGET", "onTarget", Fit::Number),
        column("ON-SOURCE", "onSource", Fit::Number),
        column("STATE", "state", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.r#type.clone().into(),
            self.version.clone().into(),
            self.moved.to_string().into(),
            format!("{:+}", self.on_target).into(),
            format!("{:+}", self.on_source).into(),
            Cell::toned(self.state, self.tone),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.r#type, self.version)
    }
}
