//! `rms expiring`: what ends, and what it takes away.

use super::acting::Server;
use super::which::Which;
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::ListOptions;
use crate::rms::model::session::State;
use crate::rms::ops::{capacity, questions, sessions};
use crate::rms::view::EndingView;
use crate::session::Session;
use std::ops::ControlFlow;

/// What ends soon, and what does it take away?
///
/// Licenses, leases and the licenses behind them, deferred revocations, the days of trials, check-outs. IMPACT are the tokens that are served right before
/// and right behind the end, all other things equal; HOLDERS the tokens in use now, or who has a check-out.
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
    #[command(flatten)]
    which: Which,
    /// Exit 1 when there is something of this level or worse: what ends is a warning, what has ended an error
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
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
    let picked = arguments.which.picked()?;
    let mut worst = None;
    session.list::<EndingView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        let counts = capacity::in_use(read, name, now)?;
        questions::expiring(read, name, now, period, &mut |served, ending| {
            if !picked.has(&served.key) {
                return Ok(ControlFlow::Continue(()));
            }
            let level = if ending.at < now { Level::Error } else { Level::Warning };
            worst = Some(worse(worst, level));
            let used = counts.get(&served.id).map_or(0, |counts| counts.used);
            let view = EndingView::new(served, &ending, used);
            sink.row(&view.of_application(picked.application(&served.key)))
        })?;
        if counts.values().all(|counts| counts.commuted == 0) {
            return Ok(());
        }
        sessions::each(read, name, now, &mut |token| {
            let due = token.session.due.filter(|_| token.session.state == State::Commuted);
            let ends = due.and_then(|due| Timestamp::from_s(due - 1));
            let Some(ends) = ends.filter(|ends| (period.0..=period.1).contains(ends)) else {
                return Ok(ControlFlow::Continue(()));
            };
            if !picked.has(&token.key) {
                return Ok(ControlFlow::Continue(()));
            }
            worst = Some(worse(worst, Level::Warning));
            let view = EndingView::checked_out(&token.key, &token.session, ends, now);
            sink.row(&view.of_application(picked.application(&token.key)))
        })
    })?;
    Ok(verdict(worst, arguments.fail_on))
}
