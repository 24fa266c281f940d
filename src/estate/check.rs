//! `licctl check`: every domain's findings in one list; the gate for CI.

use super::Scope;
use crate::api::{Hints, Question};
use crate::apis;
use crate::error::{Outcome, Verdict};
use crate::finding::{Finding, Level};
use crate::output::{Cell, Column, Fit, ListOptions, Look, View, column};
use crate::session::Session;
use schemars::{Schema, schema_for};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl check                          exit 1 when there is an error\n  licctl check --fail-on warning -o json\n  licctl check examples/contoso         judge files without storing them"
)]
pub(crate) struct Arguments {
    /// Judge these files in a scratch store, touching no stored one
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    scope: Scope,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    #[command(flatten)]
    import: super::import::Options,
    #[command(flatten)]
    list: ListOptions,
}

impl View for Finding {
    const SCHEMA: &'static str = "licctl.finding/1";
    const COLUMNS: &'static [Column] = &[
        column("LEVEL", "severity", Fit::Keep),
        column("CLASS", "class", Fit::Keep),
        column("INSTANCE", "instance", Fit::Elide),
        column("OBJECT", "object", Fit::Elide),
        column("DUE", "due", Fit::Keep),
        column("FINDING", "message", Fit::Wrap),
    ];
    const TIME: Option<&'static str> = Some("since");

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            super::status::level(Some(self.severity)),
            format!("{}.{}", self.domain, self.class).into(),
            self.instance.clone().into(),
            self.object.clone().into(),
            self.due.map_or_else(|| "-".to_owned(), crate::clock::Timestamp::date).into(),
            self.message.clone().into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}.{}", self.domain, self.class)
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(Finding::SCHEMA, schema_for!(Finding))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    if !arguments.paths.is_empty() {
        session.use_scratch();
        super::import::gather(
            &arguments.paths,
            apis::APIS,
            &arguments.import,
            Hints::default(),
            session,
        )?;
    }
    arguments.scope.known(session)?;
    let question = Question { now: session.now, instance: arguments.scope.instance.clone() };
    let mut findings = Vec::new();
    for api in arguments.scope.apis() {
        findings.extend(session.read(|read, _| (api.findings)(read, &question))?);
    }
    findings.sort_by(|left, right| {
        left.severity.cmp(&right.severity).then_with(|| left.due.cmp(&right.due))
    });
    let count = |level| findings.iter().filter(|finding| finding.severity == level).count();
    let (errors, warnings, infos) =
        (count(Level::Error), count(Level::Warning), count(Level::Info));
    session.printer.rows::<Finding>(&arguments.list, &findings)?;
    session.printer.note(&format!("{errors} errors, {warnings} warnings, {infos} notes"));
    let failed = findings.iter().any(|finding| finding.severity <= arguments.fail_on);
    Ok(if failed { Verdict::No } else { Verdict::Yes })
}
