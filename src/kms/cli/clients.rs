//! `kms client …`: the clients that the logs know, and the client side of a machine, whose settings stand in `settings`.

use super::settings;
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
        after_help = "Example:\n  licctl kms client show cf627e43-cea6-4ede-aa47-99f6bc0f0392"
    )]
    Show {
        /// Its ClientMachineID
        #[arg(value_name = "CMID", add = clap_complete::ArgValueCompleter::new(super::complete::cmids))]
        cmid: String,
    },
    /// Tell a machine its KMS host (`SetKeyManagementServiceMachine`, …Port)
    SetHost(settings::SetHost),
    /// Let a machine find its host by itself again (`ClearKeyManagementServiceMachine`, …Port)
    #[command(after_help = "Example:\n  licctl kms client clear-host --machine pl-03")]
    ClearHost(settings::Of),
    /// Tell a machine in which DNS domain to look for hosts (`SetKeyManagementServiceLookupDomain`)
    SetDomain(settings::SetDomain),
    /// Let a machine look in its own DNS domain again (`ClearKeyManagementServiceLookupDomain`)
    #[command(after_help = "Example:\n  licctl kms client clear-domain --machine pl-03")]
    ClearDomain(settings::Of),
    /// Whether a machine remembers the host that answered last (`DisableKeyManagementServiceHostCaching`)
    SetCaching(settings::SetCaching),
    /// By what a machine may be activated (`SetVLActivationTypeEnabled`, Clear…)
    SetActivationType(settings::SetType),
}

/// A ClientMachineID as typed, with braces or without. Usage error for what is none.
pub(super) fn cmid(text: &str) -> Outcome<Uuid> {
    Uuid::try_parse(text.trim_matches(['{', '}'])).map_err(|_| {
        Usage::new(format!("`{text}` is no ClientMachineID"))
            .hinted("it is a GUID; `licctl kms client list` shows them")
            .into()
    })
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::SetHost(arguments) => return settings::set_host(arguments, session),
        Command::ClearHost(of) => return settings::clear_host(of, session),
        Command::SetDomain(arguments) => return settings::set_domain(arguments, session),
        Command::ClearDomain(of) => return settings::clear_domain(of, session),
        Command::SetCaching(arguments) => return settings::set_caching(arguments, session),
        Command::SetActivationType(arguments) => return settings::set_type(arguments, session),
        Command::List { list } => session.list::<ClientView>(list, |read, now, sink| {
            let names = Names::load(read)?;
            each_unit(read, &names, &Scope::default(), now, &mut |unit| {
                sink.row(&ClientView::new(unit, names.editions()))
            })
        })?,
        Command::Show { cmid } => {
            let id = self::cmid(cmid)?;
            let names = session.read(|read, _| Names::load(read))?;
            let found = session.read(|read, _| {
                let mut found = Vec::new();
                units_of(read, &names, id, &mut |unit| {
                    found.push(ClientView::new(unit, names.editions()));
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
