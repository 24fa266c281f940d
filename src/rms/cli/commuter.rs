//! `rms commuter …`: tokens that are checked out.

use super::acting::Server;
use super::sessions::{Feature, Who};
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::rms::model::session::State;
use crate::rms::ops::{commuted, commuter, sessions};
use crate::rms::rules::commuter::CheckOut;
use crate::rms::view::CheckOutView;
use crate::session::Session;
use clap::Subcommand;
use std::ops::ControlFlow;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a token out for some days; it never outlives the license
    #[command(
        after_help = "Example:\n  licctl rms commuter checkout CAD 7.0 --user ann --host ws17 --days 10"
    )]
    Checkout {
        #[command(flatten)]
        feature: Feature,
        #[command(flatten)]
        who: Who,
        /// Units that are checked out
        #[arg(long, value_name = "N", default_value = "1")]
        units: u64,
        /// For how long; 0: until the license ends
        #[arg(long, value_name = "DAYS", default_value = "0")]
        days: u32,
        /// For a client that is not on the network: it cannot be checked in, only extended
        #[arg(long)]
        remote: bool,
        /// Install the authorization on this machine, too: a license of `no-net`, which goes with the check-in
        #[arg(long, conflicts_with = "remote")]
        install: bool,
        #[command(flatten)]
        server: Server,
    },
    /// Bring a token back
    #[command(
        after_help = "Example:\n  licctl rms commuter checkin CAD 7.0 --user ann --host ws17"
    )]
    Checkin {
        #[command(flatten)]
        feature: Feature,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        server: Server,
    },
    /// Extend a remote check-out
    #[command(
        after_help = "Example:\n  licctl rms commuter extend CAD 7.0 --user ann --host ws17 --days 5"
    )]
    Extend {
        #[command(flatten)]
        feature: Feature,
        #[command(flatten)]
        who: Who,
        /// By how much
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
        days: u32,
        #[command(flatten)]
        server: Server,
    },
    /// List the check-outs, feature by feature
    #[command(after_help = "Example:\n  licctl rms commuter list")]
    List {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Checkout { feature, who, units, days, remote, install, server } => {
            let (name, key) = (server.name(session)?, feature.key());
            let wanted = CheckOut {
                client: who.identity(),
                units: *units,
                days: i64::from(*days),
                selectors: who.selectors()?,
                remote: *remote,
            };
            let done = session.write(|tx, now| {
                let done = commuter::check_out(tx, &name, &key, &wanted, now)?;
                if *install {
                    commuted::install(tx, &name, &key, &done.session, now)?;
                }
                Ok(done)
            })?;
            session.warn_all(done.warnings);
            let view = CheckOutView::new(&key, &done.session);
            session.tell(&view, &format!("checked `{key}` out until {}", view.ends()))?;
        }
        Command::Checkin { feature, who, server } => {
            let (name, key, client) = (server.name(session)?, feature.key(), who.identity());
            let done = session.write(|tx, now| {
                let done = commuter::check_in(tx, &name, &key, &client, now)?;
                commuted::uninstall(tx, &name, &key, &done)?;
                Ok(done)
            })?;
            session.tell(&CheckOutView::new(&key, &done), &format!("checked `{key}` in"))?;
        }
        Command::Extend { feature, who, days, server } => {
            let (name, key, client) = (server.name(session)?, feature.key(), who.identity());
            let days = i64::from(*days);
            let done =
                session.write(|tx, now| commuter::extend(tx, &name, &key, (&client, days), now))?;
            session.warn_all(done.warnings);
            let view = CheckOutView::new(&key, &done.session);
            session.tell(&view, &format!("`{key}` is checked out until {}", view.ends()))?;
        }
        Command::List { server, list } => {
            let name = server.name_if_any(session)?;
            session.list::<CheckOutView>(list, |read, now, sink| {
                let Some(name) = &name else { return Ok(()) };
                sessions::each(read, name, now, &mut |token| {
                    if token.session.state == State::Commuted {
                        return sink.row(&CheckOutView::new(&token.key, &token.session));
                    }
                    Ok(ControlFlow::Continue(()))
                })
            })?;
        }
    }
    Ok(Verdict::Yes)
}
