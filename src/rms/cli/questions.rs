//! `rms expiring`, `rms lint`: what ends, and what is wrong.

use super::acting::Server;
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Verdict};
use crate::finding::{Finding, Level};
use crate::output::ListOptions;
use crate::rms::ops::questions;
use crate::rms::view::EndingView;
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::ops::ControlFlow;

/// What ends soon, and what does it take away?
///
/// Licenses, leases and the licenses behind them, deferred revocations. IMPACT are the tokens that are served right before and right
/// behind the end, all other things equal.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms expiring\n  licctl rms expiring --within 365d --feature CAD\n  licctl rms expiring --expired --fail-on warning"
)]
pub(super) struct ExpiringArguments {
    /// How far to look ahead
    #[arg(long, value_name = "SPAN", default_value = "30d")]
    within: Span,
    /// What has ended already, too
    #[arg(long)]
    expired: bool,
    /// Only features of this name
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::features))]
    feature: Option<String>,
    /// Exit 1 when there is something of this level or worse: what ends is a warning, what has ended an error
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// What is wrong with the licenses, or soon will be?
///
/// Exclusive licenses that hide others, aggregates unlike each other, licenses that have ended, records that contradict themselves.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms lint\n  licctl rms lint --fail-on warning --filter 'class!=\"license.expiring\"'"
)]
pub(super) struct LintArguments {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn verdict(worst: Option<Level>, fail_on: Option<Level>) -> Verdict {
    match (worst, fail_on) {
        (Some(worst), Some(level)) if worst <= level => Verdict::No,
        _ => Verdict::Yes,
    }
}

pub(super) fn worse(worst: Option<Level>, level: Level) -> Level {
    worst.map_or(level, |worst| worst.min(level))
}

pub(super) fn expiring(arguments: &ExpiringArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    let now = session.now;
    let from = if arguments.expired { Timestamp::MIN } else { now };
    let period = (from, now.plus_ms(arguments.within.ms()));
    let mut worst = None;
    session.list::<EndingView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        questions::expiring(read, name, now, period, &mut |served, ending| {
            if arguments.feature.as_ref().is_some_and(|feature| *feature != served.key.name) {
                return Ok(ControlFlow::Continue(()));
            }
            let level = if ending.at < now { Level::Error } else { Level::Warning };
            worst = Some(worse(worst, level));
            sink.row(&EndingView::new(served, &ending))
        })
    })?;
    Ok(verdict(worst, arguments.fail_on))
}

pub(super) fn lint(arguments: &LintArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    let mut worst = None;
    session.list::<Finding>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        questions::lint(read, name, now, &mut |finding| {
            worst = Some(worse(worst, finding.severity));
            sink.row(&finding)
        })
    })?;
    Ok(verdict(worst, Some(arguments.fail_on)))
}
