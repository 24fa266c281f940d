//! `kms machine …`: the machines themselves.

use super::API;
use super::acting::{Target, Who, administrator, tell};
use crate::error::{Outcome, Verdict};
use crate::kms::catalog::skus::Pool;
use crate::kms::ops::machines::{self, Held, NewMachine};
use crate::kms::store::instances;
use crate::kms::store::pools::Clients;
use crate::kms::view::{MachineDetailView, MachineView, ReturnView};
use crate::output::ListOptions;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

/// What a machine that is made anew runs, when nobody says it.
const NEWEST: &str = "10.0.26100.1";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the machines: made here, or met in what was imported
    #[command(
        after_help = "Examples:\n  licctl kms machine list\n  licctl kms machine list --filter 'role~host*' -o name"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a machine to rehearse on
    #[command(
        after_help = "Examples:\n  licctl kms machine add ws-1 --product 'Windows 10 Professional'\n  licctl kms machine add old --version 6.0.6002.18005 --vm\n  licctl kms machine add ws-2 --clone-of ws-0931     # the same CMID: a cloned image\n  licctl kms machine add kms1 --product 'Windows Server 2016 ServerStandard' --serves all"
    )]
    Add(AddArguments),
    /// Show one machine with its products and what it keeps as a host
    #[command(after_help = "Example:\n  licctl kms machine show kms03 -o json")]
    Show(Named),
    /// Remove a machine and what the model keeps of it; imported evidence stays
    #[command(after_help = "Example:\n  licctl kms machine remove ws-0931")]
    Remove {
        /// Its name
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
        name: String,
    },
    /// Restart a machine: a pending rearm takes effect
    #[command(
        after_help = "Example:\n  licctl kms service rearm --machine ws-0931 && licctl kms machine reboot ws-0931"
    )]
    Reboot(Named),
    /// Rearm and restart in one step, as `sysprep /generalize` does
    ///
    /// With `SkipRearm` the CMID stays, which is how clones with one CMID come about.
    #[command(after_help = "Example:\n  licctl kms machine generalize ws-0931")]
    Generalize {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The machine; default: `LICCTL_KMS_MACHINE`, else the only one
    #[arg(value_name = "NAME", conflicts_with = "machine", add = ArgValueCompleter::new(super::complete::machines))]
    name: Option<String>,
    #[command(flatten)]
    target: Target,
}

impl Named {
    fn name(&self, session: &mut Session) -> Outcome<String> {
        match &self.name {
            Some(name) => session.instance(&API, Some(name)),
            None => self.target.name(session),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Its name; what follows the first dot is its DNS suffix
    #[arg(value_name = "NAME")]
    name: String,
    /// Version of its licensing service: 6.0 to 6.3 and 10.0 select the profile
    #[arg(long, value_name = "VERSION", default_value = NEWEST)]
    version: String,
    /// It is a virtual machine
    #[arg(long)]
    vm: bool,
    /// Its `SkipRearm` value is 1: rearming does nothing
    #[arg(long)]
    skip_rearm: bool,
    /// Give it the CMID of this machine
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    clone_of: Option<String>,
    /// An edition, with its KMS client setup key; repeatable
    #[arg(long = "product", value_name = "GUID|NAME", add = ArgValueCompleter::new(super::complete::editions))]
    products: Vec<String>,
    /// Its products have KMS host keys instead, and serve these editions; `all`: every one of their application
    #[arg(long, value_name = "GUID|all", requires = "products", add = ArgValueCompleter::new(super::complete::editions))]
    serves: Vec<String>,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => {
            session.list::<MachineView>(list, |read, now, sink| {
                for instance in instances::all(read)? {
                    let held = Held::of(read, &instance, now)?;
                    let pools = held.pools(read, Clients::Of(Pool::Windows))?;
                    if sink.row(&MachineView::new(&held, &pools, now))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Command::Add(arguments) => add(arguments, session)?,
        Command::Show(named) => {
            let name = named.name(session)?;
            let (view, warnings) = session.read(|read, now| {
                let held = Held::load(read, &name, now)?;
                let pools = held.pools(read, Clients::All)?;
                let view = MachineDetailView::new(&held, &pools, now);
                Ok((view, held.warnings))
            })?;
            for warning in warnings {
                session.warn(warning);
            }
            session.show(&view)?;
        }
        Command::Remove { name } => {
            let name = session.instance(&API, Some(name))?;
            session.write(|tx, _| machines::remove(tx, &name))?;
            session.tell(&ReturnView::default(), &format!("removed `{name}`"))?;
        }
        Command::Reboot(named) => {
            let (name, scene) = (named.name(session)?, administrator(session));
            session.write(|tx, _| machines::reboot(tx, &scene, &name))?;
            session.tell(&ReturnView::default(), &format!("restarted `{name}`"))?;
        }
        Command::Generalize { named, who } => {
            let (name, scene) = (named.name(session)?, who.scene(session));
            let ended = session.write(|tx, _| machines::generalize(tx, &scene, &name))?;
            return tell(session, ended, &format!("rearmed and restarted `{name}`"));
        }
    }
    Ok(Verdict::Yes)
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let new = NewMachine {
        name: arguments.name.clone(),
        version: arguments.version.clone(),
        virtual_machine: arguments.vm,
        skip_rearm: arguments.skip_rearm,
        clone_of: arguments.clone_of.clone(),
        products: arguments.products.clone(),
        serves: arguments.serves.clone(),
    };
    let scene = administrator(session);
    let held = session.write(|tx, _| machines::add(tx, &scene, &new))?;
    let view = MachineView::new(&held, &[], session.now);
    let sentence = format!(
        "added `{}`, version {}, profile {}",
        held.state.machine.name,
        held.state.machine.version,
        held.state.machine.profile().word()
    );
    for warning in held.warnings {
        session.warn(warning);
    }
    session.tell(&view, &sentence)
}
