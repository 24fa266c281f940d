//! `licctl check`: every domain's findings in one list; the gate for CI.

use super::Scope;
use crate::api::{Hints, PolicyFile, Question};
use crate::apis;
use crate::error::{Outcome, Usage, Verdict};
use crate::finding::{Finding, Gathering, Kept, Series, Take};
use crate::gate::policy::{Judge, Seen, Waived};
use crate::gate::{self, Form, Report, nagios};
use crate::output::{Cell, Column, Fit, ListOptions, Look, Spelled, View, column};
use crate::session::Session;
use schemars::{Schema, schema_for};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl check                          # exit 1 when there is an error\n  licctl check --fail-on warning -o json\n  licctl check examples/contoso         # judge files without storing them\n  licctl check --policy policy.toml --as junit --into report.xml\n  licctl check --as nagios              # exit 0, 1, 2 or 3, as plug-ins do"
)]
pub(crate) struct Arguments {
    /// Judge these files in a scratch store, touching no stored one
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    gate: gate::Options,
    /// Write the findings in a form that CI or monitoring reads
    #[arg(
        long = "as",
        value_name = "FORM",
        conflicts_with_all = ["filter", "sort", "limit", "columns", "since", "no_headers", "bom"]
    )]
    form: Option<Form>,
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
        column("DUE", "due", Fit::Seldom),
        column("FINDING", "message", Fit::Wrap),
    ];
    const TIME: Option<&'static str> = Some("since");
    const SPELLED: Option<Spelled> = Some(("class", |finding| {
        let word = |member: &str| finding.get(member)?.as_str();
        let domain = word("domain")?;
        Some((domain, format!("{domain}.{}", word("class")?)))
    }));

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            super::status::level(Some(self.severity)),
            format!("{}.{}", self.domain, self.class).into(),
            self.instance.clone().into(),
            shown(&self.object).into(),
            self.due.map(crate::clock::Timestamp::date).unwrap_or_default().into(),
            self.message.clone().into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}.{}", self.domain, self.class)
    }
}

/// An object as a narrow column shows it: of a masked key, which all begin alike, only what tells it from others.
fn shown(object: &str) -> String {
    let told = object.trim_start_matches("*****-");
    if told.len() == object.len() { told.to_owned() } else { format!("…{told}") }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(Finding::SCHEMA, schema_for!(Finding))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    gate::alone(arguments.form, session)?;
    if arguments.form == Some(Form::Nagios) {
        if arguments.gate.fail_on.is_some() {
            let message =
                "`--as nagios` has levels of its own: an error is CRITICAL, a warning WARNING";
            return Err(Usage::new(message).hinted("a policy can change severities").into());
        }
        if arguments.paths.is_empty() && !session.has_store() {
            let hint = "`licctl import PATH` brings something in";
            return Err(Usage::new("the store is empty").hinted(hint).into());
        }
    }
    arguments.import.of_files(!arguments.paths.is_empty())?;
    // A policy that is wrong is told before the work.
    let policy = arguments.gate.policy()?;
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
    let question = Question {
        now: session.now,
        instance: arguments.scope.instance.clone(),
        policy: (!policy.file.is_empty())
            .then(|| PolicyFile { file: policy.file.clone(), text: policy.text.clone() }),
    };
    let (findings, waived) = gathered(arguments, &question, policy.judge(session.now), session)?;
    let domains: Vec<&str> = arguments.scope.apis().map(|api| api.name).collect();
    let report = Report {
        command: "check",
        domains: &domains,
        findings: &findings,
        waived: &waived,
        fail_on: arguments.gate.level(&policy),
        now: session.now,
        rules: &[],
    };
    answer(arguments, &report, session)
}

/// What every domain finds, as the policy judges it, and what the policy waives.
fn gathered(
    arguments: &Arguments,
    question: &Question,
    judge: Judge<'_>,
    session: &mut Session,
) -> Outcome<(Kept, Vec<Waived>)> {
    let mut judged = Judged { judge, findings: Gathering::default() };
    let apis: Vec<_> = arguments.scope.apis().collect();
    let progress = session.progress(u64::try_from(apis.len()).unwrap_or(0), "looking");
    for api in apis {
        progress.say(api.name);
        session.read(|read, _| (api.findings)(read, question, &mut judged))?;
        progress.more(1);
    }
    let Judged { judge, mut findings } = judged;
    let (own, waived) = judge.finish(arguments.seen());
    own.into_iter().try_for_each(|finding| findings.take(finding))?;
    Ok((findings.finish()?, waived))
}

/// Findings, as a policy judges them.
struct Judged<'p> {
    judge: Judge<'p>,
    findings: Gathering,
}

impl Take for Judged<'_> {
    fn take(&mut self, finding: Finding) -> Outcome<()> {
        self.judge.judge(finding).map_or(Ok(()), |finding| self.findings.take(finding))
    }

    fn take_series(&mut self, series: Box<dyn Series>) -> Outcome<()> {
        if self.judge.is_content() {
            return self.findings.take_series(series);
        }
        series.each(&mut |finding| self.take(finding))
    }
}

impl Arguments {
    fn seen(&self) -> Seen {
        let Scope { domain, instance } = &self.scope;
        let whole = self.paths.is_empty() && domain.is_none() && instance.is_none();
        if whole { Seen::Everything } else { Seen::Part }
    }
}

fn answer(arguments: &Arguments, report: &Report<'_>, session: &mut Session) -> Outcome<Verdict> {
    match arguments.form {
        Some(form) => arguments.gate.write(report, form, session)?,
        None => session.printer.list::<Finding>(&arguments.list, |sink| {
            report.findings.each(&mut |finding| sink.row(finding))
        })?,
    }
    if arguments.form == Some(Form::Nagios) {
        return Ok(Verdict::Own(nagios::status(report)));
    }
    session.printer.note(&report.counted());
    gate::tell(report.waived, session);
    Ok(if report.fails() { Verdict::No } else { Verdict::Yes })
}
