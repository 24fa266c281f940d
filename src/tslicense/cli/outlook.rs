//! `forecast`, `diagnose` and `upgrade-check`.

use super::acting::named;
use super::questions::verdict;
use crate::error::{Outcome, Verdict};
use crate::finding::{Finding, Level};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use crate::tslicense::ops::{outlook, servers};
use crate::tslicense::report::forecast::Reach;
use crate::tslicense::report::upgrade;
use crate::tslicense::view::{DiagnosisView, FactView, UpgradeView};
use clap::Args;
use clap_complete::ArgValueCompleter;

/// What every one of these questions takes.
#[derive(Debug, Args)]
pub(super) struct Scoped {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense forecast\n  licctl tslicense forecast --server ls01.corp.contoso.example --horizon 365 --window 90"
)]
pub(super) struct ForecastArguments {
    /// Only this license server; default: all of them
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
    /// How many days ahead
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    horizon: u32,
    /// How many days back the trend is drawn from
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    window: u32,
    #[command(flatten)]
    scoped: Scoped,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense diagnose\n  licctl tslicense diagnose --host rdsh01.corp.contoso.example --fail-on error"
)]
pub(super) struct DiagnoseArguments {
    /// Only this session host; default: all of them
    #[arg(long, value_name = "HOST", add = ArgValueCompleter::new(super::complete::hosts))]
    host: Option<String>,
    #[command(flatten)]
    scoped: Scoped,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense upgrade-check --host rdsh01.corp.contoso.example --to 2022\n  licctl tslicense upgrade-check --host rdsh01.corp.contoso.example --to 2025 --demand 120"
)]
pub(super) struct UpgradeArguments {
    /// The session host
    #[arg(long, value_name = "HOST", add = ArgValueCompleter::new(super::complete::hosts))]
    host: String,
    /// The release that it moves to
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(super::complete::releases))]
    to: String,
    /// Licenses that will be asked for; default: as many as its license servers have issued of older versions
    #[arg(long, value_name = "N")]
    demand: Option<u64>,
    #[command(flatten)]
    scoped: Scoped,
}

fn worst(findings: &[Finding]) -> Option<Level> {
    findings.iter().map(|finding| finding.severity).min()
}

pub(super) fn forecast(arguments: &ForecastArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = match &arguments.server {
        None => None,
        Some(name) => Some(named(session, Some(name))?),
    };
    let (horizon, window) = (arguments.horizon, arguments.window);
    let found = session.read(|read, now| {
        outlook::forecast(read, name.as_deref(), &Reach { now, horizon, window })
    })?;
    let scoped = &arguments.scoped;
    session.printer.rows::<FactView>(&scoped.list, found.iter().map(FactView::from))?;
    Ok(verdict(scoped.fail_on, worst(&found)))
}

pub(super) fn diagnose(arguments: &DiagnoseArguments, session: &mut Session) -> Outcome<Verdict> {
    let host = arguments.host.as_deref();
    let found = session.read(|read, now| outlook::diagnose(read, host, now))?;
    let scoped = &arguments.scoped;
    session.printer.rows::<DiagnosisView>(&scoped.list, found.iter().map(DiagnosisView::from))?;
    Ok(verdict(scoped.fail_on, worst(&found)))
}

pub(super) fn upgrade(arguments: &UpgradeArguments, session: &mut Session) -> Outcome<Verdict> {
    let to = servers::os(&arguments.to)?.tier();
    let asked = (to, arguments.demand);
    let answer = session.read(|read, now| outlook::upgrade(read, &arguments.host, asked, now))?;
    let scoped = &arguments.scoped;
    let found = &answer.findings;
    session.printer.rows::<UpgradeView>(&scoped.list, found.iter().map(UpgradeView::from))?;
    let table = session.printer.format == Format::Table && session.printer.jq.is_none();
    if let Some(missing) = answer.missing.filter(|_| table) {
        session.printer.artefact(&format!("{}\n", upgrade::shopping(missing, to)))?;
    }
    Ok(verdict(scoped.fail_on, worst(found)))
}
