//! What is printed as a page of text, as machines get it.

use crate::kms::ops::plan::Planned;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// What slmgr and ospp.vbs print.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PageView {
    /// 0: a failure is an error, not a value.
    #[serde(rename = "ReturnValue")]
    return_value: u32,
    /// Without line ends.
    lines: Vec<String>,
}

impl PageView {
    #[must_use]
    pub fn new(lines: Vec<String>) -> Self {
        Self { return_value: 0, lines }
    }
}

impl View for PageView {
    const SCHEMA: &'static str = "licctl.kms.slmgr/1";
    const COLUMNS: &'static [Column] =
        &[column("RETURNVALUE", "ReturnValue", Fit::Number), column("LINES", "lines", Fit::Elide)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.return_value.to_string().into(), self.lines.join("\n").into()]
    }

    fn name(&self) -> String {
        self.return_value.to_string()
    }
}

/// What must be set on a real machine, as a tool takes it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanView {
    machine: String,
    /// `slmgr`, `cim`, `oslicense`, `reg`, `dns`.
    form: &'static str,
    /// Without line ends; none when nothing differs.
    lines: Vec<String>,
}

impl PlanView {
    #[must_use]
    pub fn new(planned: Planned, form: &'static str) -> Self {
        Self { machine: planned.machine, form, lines: planned.lines }
    }
}

impl View for PlanView {
    const SCHEMA: &'static str = "licctl.kms.plan/1";
    const COLUMNS: &'static [Column] = &[
        column("MACHINE", "machine", Fit::Elide),
        column("FORM", "form", Fit::Keep),
        column("LINES", "lines", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.machine.clone().into(), self.form.into(), self.lines.join("\n").into()]
    }

    fn name(&self) -> String {
        self.machine.clone()
    }
}
