//! `kms snapshot …`: what was imported of machines.

use super::acting::administrator;
use crate::error::{Outcome, Stop, Verdict};
use crate::kms::ops::snapshots;
use crate::kms::store;
use crate::kms::view::{MachineView, SnapshotDetailView, SnapshotView};
use crate::output::ListOptions;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the snapshots
    #[command(
        after_help = "Examples:\n  licctl kms snapshot list\n  licctl kms snapshot list --filter 'machine=kms03' -o name"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show all that a snapshot holds
    #[command(after_help = "Example:\n  licctl kms snapshot show cfc131ea -o json --jq .service")]
    Show {
        /// Its ID, or the first characters
        #[arg(value_name = "ID", add = ArgValueCompleter::new(super::complete::snapshots))]
        id: String,
    },
    /// Make the machine of the model what a snapshot shows; it is made when there is none
    ///
    /// What was modelled before is replaced. The evidence stays as it is.
    #[command(after_help = "Example:\n  licctl kms snapshot adopt cfc131ea")]
    Adopt {
        /// Its ID, or the first characters
        #[arg(value_name = "ID", add = ArgValueCompleter::new(super::complete::snapshots))]
        id: String,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => session.list::<SnapshotView>(list, |read, _, sink| {
            let stored = store::snapshots::all(read)?;
            sink.rows::<SnapshotView>(stored.iter().map(SnapshotView::from))
        })?,
        Command::Show { id } => {
            let secrets = session.printer.look.secrets;
            let view = session.read(|read, _| {
                let (stored, body) = snapshots::find(read, id)?;
                let body = serde_json::from_str(&body.body).map_err(|_| {
                    Stop::Fault(anyhow::anyhow!("the store is damaged: a snapshot is no JSON"))
                })?;
                Ok(SnapshotDetailView::new(&stored, &body, secrets))
            })?;
            session.show(&view)?;
        }
        Command::Adopt { id } => {
            let scene = administrator(session);
            let (held, stored) = session.write(|tx, _| snapshots::adopt(tx, &scene, id))?;
            let sentence = format!(
                "adopted snapshot {} as `{}`",
                snapshots::id(&stored),
                held.state.machine.name
            );
            let view = MachineView::new(&held, &[], session.now);
            session.warn_all(held.warnings);
            session.tell(&view, &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}
