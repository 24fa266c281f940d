//! `licctl report --html FILE`: the estate as one page that needs nothing else: no network, no script.

mod draw;
mod highlights;
mod page;

use super::Scope;
use crate::api::{Question, Summary};
use crate::artefact::write;
use crate::chart::Chart;
use crate::error::{Outcome, Usage, Verdict};
use crate::finding::Finding;
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::session::Session;
use crate::wording::many;
use highlights::Highlights;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl report --html estate.html\n  licctl report --html - --domain kms > kms.html\n  licctl report --html estate.html --title \"Contoso, March\""
)]
pub(crate) struct Arguments {
    /// The file to make; `-`: the standard output
    #[arg(long, value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    html: PathBuf,
    /// The heading of the page
    #[arg(long, value_name = "TEXT", default_value = "The licences of the estate")]
    title: String,
    #[command(flatten)]
    scope: Scope,
}

/// What was written.
#[derive(Debug, Serialize, JsonSchema)]
struct ReportView {
    file: String,
    /// Bytes of the page.
    size: usize,
    charts: usize,
    findings: u64,
}

impl View for ReportView {
    const SCHEMA: &'static str = "licctl.report/1";
    const COLUMNS: &'static [Column] = &[
        column("FILE", "file", Fit::Elide),
        column("SIZE", "size", Fit::Number),
        column("CHARTS", "charts", Fit::Number),
        column("FINDINGS", "findings", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.file.clone().into(),
            self.size.to_string().into(),
            self.charts.to_string().into(),
            self.findings.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.file.clone()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(ReportView::SCHEMA, schema_for!(ReportView))]
}

/// What a domain has to show, beside its findings.
struct Shown {
    name: &'static str,
    title: &'static str,
    lines: Vec<Summary>,
    charts: Vec<Chart>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    arguments.scope.known(session)?;
    let question =
        Question { now: session.now, instance: arguments.scope.instance.clone(), policy: None };
    let apis: Vec<_> = arguments.scope.apis().collect();
    let progress = session.progress(u64::try_from(apis.len()).unwrap_or(0), "looking");
    let (shown, highlights) = session.read(|read, now| {
        let mut shown = Vec::new();
        let mut highlights = Highlights::new(now);
        for api in apis {
            progress.say(api.name);
            let lines = (api.summary)(read, &question)?;
            let charts = (api.charts)(read, &question)?;
            let before = highlights.findings();
            (api.findings)(read, &question, &mut |finding: Finding| {
                highlights.take(&finding);
                Ok(())
            })?;
            for line in &lines {
                highlights.line(line);
            }
            progress.more(1);
            let found = highlights.findings() > before;
            if found || !lines.is_empty() || !charts.is_empty() {
                shown.push(Shown { name: api.name, title: api.title, lines, charts });
            }
        }
        Ok((shown, highlights))
    })?;
    drop(progress);
    if shown.is_empty() {
        let hint = "`licctl import PATH` brings something in";
        return Err(Usage::new("the store has nothing to report").hinted(hint).into());
    }
    let findings = highlights.findings();
    let page = page::Page::new(&arguments.title, session.now, shown, highlights);
    let charts = page.charts();
    let text = page.text()?;
    if arguments.html == Path::new("-") {
        session.printer.artefact(&text)?;
        return Ok(Verdict::Yes);
    }
    if !session.rehearses() {
        write::whole(&arguments.html, text.as_bytes())?;
    }
    let view = ReportView {
        file: arguments.html.display().to_string(),
        size: text.len(),
        charts,
        findings,
    };
    let sentence = format!(
        "wrote {}: {}, {}, {} kB",
        view.file,
        many(charts, "chart"),
        many(findings, "finding"),
        text.len().div_ceil(1000)
    );
    session.tell(&view, &sentence)?;
    Ok(Verdict::Yes)
}
