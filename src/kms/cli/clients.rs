//! `kms client …`: the clients that the logs know.

use crate::error::{Outcome, Usage, Verdict};
use crate::kms::store::names::Names;
use crate::kms::store::units::{Scope, each_unit, units_of};
use crate::kms::view::{ClientView, ClientsView};
use crate::output::ListOptions;
use crate::session::Session;
use clap::Subcommand;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List every client by name and product
    #[command(
        after_help = "Examples:\n  licctl kms client list --filter 'lastSeen<-14d'\n  licctl kms client list -o name | sort -u"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show all that the logs know of one client
    #[command(
        after_help = "Example:\n  licctl kms client show 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11"
    )]
    Show {
        /// Its ClientMachineID
        #[arg(value_name = "CMID", add = clap_complete::ArgValueCompleter::new(super::complete::cmids))]
        cmid: String,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => session.list::<ClientView>(list, |read, now, sink| {
            let names = Names::load(read)?;
            each_unit(read, &names, &Scope::default(), now, &mut |unit| {
                sink.row(&ClientView::from(unit))
            })
        })?,
        Command::Show { cmid } => {
            let id = Uuid::try_parse(cmid.trim_matches(['{', '}'])).map_err(|_| {
                Usage::new(format!("`{cmid}` is no ClientMachineID"))
                    .hinted("it is a GUID; `licctl kms client list` shows them")
            })?;
            let found = session.read(|read, _| {
                let names = Names::load(read)?;
                let mut found = Vec::new();
                units_of(read, &names, id, &mut |unit| {
                    found.push(ClientView::from(unit));
                    Ok(())
                })?;
                Ok(found)
            })?;
            if found.is_empty() {
                return Err(Usage::new(format!(
                    "no log knows a client with the ClientMachineID {id}"
                ))
                .hinted("`licctl kms client list` shows them")
                .into());
            }
            session.show(&ClientsView::new(id, found))?;
        }
    }
    Ok(Verdict::Yes)
}
