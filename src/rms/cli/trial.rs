//! `rms trial …`, `rms grace …`: what is left of trials and grace periods.

use super::acting::Server;
use super::sessions::Feature;
use crate::clock::Span;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::rms::ops::{grace, trials};
use crate::rms::view::{GraceView, TrialView};
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Trial {
    /// Show what is left of the trials of each feature, over all of its trial licenses
    #[command(after_help = "Example:\n  licctl rms trial show")]
    Show {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Grace {
    /// Show the grace licenses that requests left on machines
    #[command(after_help = "Example:\n  licctl rms grace show")]
    Show {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Use a feature on a machine while no License Manager can be reached
    #[command(after_help = "Example:\n  licctl rms grace use CAD 7.0 --host ws17 --for 8h")]
    Use {
        #[command(flatten)]
        feature: Feature,
        /// The machine
        #[arg(long, value_name = "NAME")]
        host: String,
        /// For how long
        #[arg(long = "for", value_name = "SPAN", default_value = "1h")]
        length: Span,
        #[command(flatten)]
        server: Server,
    },
    /// Give a machine its days and hours back, as a request on the network does
    #[command(after_help = "Example:\n  licctl rms grace reset CAD 7.0 --host ws17")]
    Reset {
        #[command(flatten)]
        feature: Feature,
        /// The machine
        #[arg(long, value_name = "NAME")]
        host: String,
        #[command(flatten)]
        server: Server,
    },
}

pub(super) fn trial(command: &Trial, session: &mut Session) -> Outcome<Verdict> {
    let Trial::Show { server, list } = command;
    let name = server.name_if_any(session)?;
    session.list::<TrialView>(list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        trials::each(read, name, now, &mut |served, left| sink.row(&TrialView::new(served, left)))
    })?;
    Ok(Verdict::Yes)
}

pub(super) fn grace(command: &Grace, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Grace::Show { server, list } => {
            let name = server.name_if_any(session)?;
            session.list::<GraceView>(list, |read, now, sink| {
                let Some(name) = &name else { return Ok(()) };
                for (key, grace) in grace::all(read, name)? {
                    if sink.row(&GraceView::new(&key, &grace, now))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Grace::Use { feature, host, length, server } => {
            let (name, key) = (server.name(session)?, feature.key());
            let seconds = length.ms() / 1000;
            let used = session
                .write(|tx, now| grace::use_offline(tx, &name, &key, (host, seconds), now))?;
            let view = GraceView::new(&key, &used, session.now);
            session.tell(&view, &format!("`{host}` used `{key}` without the network"))?;
        }
        Grace::Reset { feature, host, server } => {
            let (name, key) = (server.name(session)?, feature.key());
            let reset = session.write(|tx, now| grace::reset(tx, &name, &key, host, now))?;
            let view = GraceView::new(&key, &reset, session.now);
            session.tell(&view, &format!("`{host}` has its grace period of `{key}` in full"))?;
        }
    }
    Ok(Verdict::Yes)
}
