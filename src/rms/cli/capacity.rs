//! `rms capacity`, `rms holders`, `rms denials`, `rms usage`: who has what, and who did not get it.

use super::acting::Server;
use super::questions::{verdict, worse};
use super::which::Which;
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Verdict, Warning};
use crate::finding::Level;
use crate::output::ListOptions;
use crate::rms::ops::capacity::{Asked, Extent};
use crate::rms::ops::{capacity, servers, sessions};
use crate::rms::store::usage::Wanted;
use crate::rms::view::{CapacityView, DenialView, HolderView, UsageView};
use crate::session::Session;
use std::ops::ControlFlow;

/// How far back refused requests count, in milliseconds, when nobody says.
const DENIED_WITHIN: i64 = 86_400_000;

/// Which features are exhausted, near their limits, or refused somebody?
///
/// The state is the first that holds: `EXPIRED`, nothing serves; `EXHAUSTED`, every token is in use; `OVER_SOFT` and `NEAR_SOFT`, by
/// the soft limit; `NEAR_HARD`, by the hard one where there is no soft one; else `OK`. `DENIED` stands beside it when requests were
/// refused: in the last 24 hours, or in what `--since` says. Where an alert configuration was imported, `TOLD BY` says by which ways an
/// administrator is told of it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms capacity\n  licctl rms capacity --near 0.8 --fail-on warning\n  licctl rms capacity --feature 'CAD*' --group applications.txt\n  licctl rms capacity --filter 'state!=OK' -o name"
)]
pub(super) struct CapacityArguments {
    /// From which part of a limit on it is near
    #[arg(long, value_name = "PART", default_value = "0.9", value_parser = part)]
    near: u64,
    #[command(flatten)]
    which: Which,
    /// Exit 1 when a feature is in a state of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// Reads `0.9` as percent.
fn part(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no part of a limit; write 0.01 to 1");
    let part: f64 = text.parse().map_err(|_| wrong())?;
    (1..=100_u32)
        .find(|percent| (f64::from(*percent) - part * 100.0).abs() < 0.000_001)
        .map(u64::from)
        .ok_or_else(wrong)
}

/// Who holds tokens, waits for them, or has checked them out, and until when?
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms holders\n  licctl rms holders --feature CAD --idle 8h"
)]
pub(super) struct HolderArguments {
    /// Only what is older
    #[arg(long, value_name = "SPAN")]
    idle: Option<Span>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// Which requests were refused?
///
/// From usage logs that were imported, and from the model.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms denials\n  licctl rms denials --since 30d --feature CAD"
)]
pub(super) struct DenialArguments {
    #[command(flatten)]
    which: Which,
    /// Exit 1 when a request was refused, at the level of a warning
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// How were features used?
///
/// Requests, refusals, the most units at once, and how long they were held; from usage logs that were imported, and from the model.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms usage\n  licctl rms usage --since 365d -o json --jq '.items[].users'"
)]
pub(super) struct UsageArguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// Which records are meant. `--since` narrows what is read, not only what is shown.
fn wanted(feature: Option<&str>, list: &ListOptions, now: Timestamp) -> Wanted {
    Wanted {
        feature: feature.map(str::to_owned),
        since: list.since.map(|since| now.plus_ms(-since.ms()).s()),
        until: Some(now.s()),
    }
}

pub(super) fn capacity(arguments: &CapacityArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    // The rows have no time of their own: `--since` is how far back refused requests are counted.
    let back = arguments.list.since.map_or(DENIED_WITHIN, Span::ms);
    let since = session.now.plus_ms(-back);
    let list = ListOptions { since: None, ..arguments.list.clone() };
    let picked = arguments.which.picked()?;
    let asked = Asked { extent: Extent::All, since, near: arguments.near };
    if let Some(name) = &name
        && !session.read(|read, _| servers::show(read, name))?.server.running
    {
        let message = format!(
            "the License Manager `{name}` is stopped and serves nobody; `licctl rms server start {name}` starts it"
        );
        session.warn(Warning::new("W_STOPPED", message));
    }
    let mut worst = None;
    session.list::<CapacityView>(&list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        capacity::each(read, name, asked, now, &mut |one| {
            if !picked.has(&one.key) {
                return Ok(ControlFlow::Continue(()));
            }
            if let Some(level) = one.level() {
                worst = Some(worse(worst, level));
            }
            sink.row(&CapacityView::from(&one).of_application(picked.application(&one.key)))
        })
    })?;
    Ok(verdict(worst, arguments.fail_on))
}

pub(super) fn holders(arguments: &HolderArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    let picked = arguments.which.picked()?;
    let idle = arguments.idle.map(|idle| session.now.plus_ms(-idle.ms()).s());
    session.list::<HolderView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        let unknown = if idle.is_some() { Vec::new() } else { capacity::unattributed(read, name)? };
        sessions::each(read, name, now, &mut |token| {
            let young = idle.is_some_and(|idle| token.session.start > idle);
            if !picked.has(&token.key) || young {
                return Ok(ControlFlow::Continue(()));
            }
            match HolderView::new(&token.key, &token.session) {
                Some(view) => sink.row(&view.of_application(picked.application(&token.key))),
                None => Ok(ControlFlow::Continue(())),
            }
        })?;
        for (key, units) in unknown.iter().filter(|(key, _)| picked.has(key)) {
            let view = HolderView::unattributed(key, *units);
            if sink.row(&view.of_application(picked.application(key)))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}

pub(super) fn denials(arguments: &DenialArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    let picked = arguments.which.picked()?;
    let mut worst = None;
    session.list::<DenialView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        let wanted = wanted(picked.name(), &arguments.list, now);
        capacity::denials(read, name, &wanted, &mut |record| {
            if !picked.has(&record.feature) {
                return Ok(ControlFlow::Continue(()));
            }
            worst = Some(Level::Warning);
            let application = picked.application(&record.feature);
            sink.row(&DenialView::from(&record).of_application(application))
        })
    })?;
    Ok(verdict(worst, arguments.fail_on))
}

pub(super) fn usage(arguments: &UsageArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name_if_any(session)?;
    let picked = arguments.which.picked()?;
    // What a feature comes to has no time of its own.
    let list = ListOptions { since: None, ..arguments.list.clone() };
    session.list::<UsageView>(&list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        let wanted = wanted(picked.name(), &arguments.list, now);
        capacity::usage(read, name, &wanted, &mut |usage| {
            if !picked.has(&usage.key) {
                return Ok(ControlFlow::Continue(()));
            }
            sink.row(&UsageView::from(&usage).of_application(picked.application(&usage.key)))
        })
    })?;
    Ok(Verdict::Yes)
}
