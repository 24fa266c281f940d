//! `vsphere vcenter …`: the instances themselves.

use super::acting::{Vcenter, instant, processors, scene_of};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Flow;
use crate::vsphere::model::entity::Processors;
use crate::vsphere::model::vcenter::{
    self as model, ApiType, EmptyEntity, FaultStyle, Profile, Resolve,
};
use crate::vsphere::ops::vcenters::{self, Changes, NewVcenter};
use crate::vsphere::store;
use crate::vsphere::view::{PropertiesView, VcenterView, VoidView};
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the instances: made here, or met in what was imported
    #[command(after_help = "Example:\n  licctl vsphere vcenter list")]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a vCenter, or a stand-alone host, to rehearse on
    #[command(
        after_help = "Examples:\n  licctl vsphere vcenter add vc1 --version 8.0.3\n  licctl vsphere vcenter add esx-lab --api-type HostAgent --cpu 2x16"
    )]
    Add(AddArguments),
    /// Show one instance
    #[command(after_help = "Example:\n  licctl vsphere vcenter show hq")]
    Show(Named),
    /// Set how the model of an instance behaves
    #[command(
        after_help = "Examples:\n  licctl vsphere vcenter set --resolve any           # take any well-formed key\n  licctl vsphere vcenter set --fault-style observed\n  licctl vsphere vcenter set plant --linked sso        # share the inventory of that group"
    )]
    Set(SetArguments),
    /// Remove an instance with everything that it holds
    #[command(after_help = "Example:\n  licctl vsphere vcenter remove hq --dry-run")]
    Remove {
        /// Its name
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(super::complete::vcenters))]
        name: String,
    },
    /// Show the eight properties of LicenseManager
    #[command(after_help = "Example:\n  licctl vsphere vcenter properties -o json")]
    Properties {
        #[command(flatten)]
        vcenter: Vcenter,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The vCenter; default: `LICCTL_VSPHERE_VCENTER`, else the only one
    #[arg(value_name = "NAME", conflicts_with = "vcenter", add = ArgValueCompleter::new(super::complete::vcenters))]
    name: Option<String>,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Its version; default: 8.0.3
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Its instanceUuid, which is its entityId; default: a random one
    #[arg(long, value_name = "UUID")]
    uuid: Option<String>,
    /// A vCenter, or a stand-alone host
    #[arg(long, value_name = "TYPE", value_parser = PossibleValuesParser::new(ApiType::ALL.map(ApiType::word)))]
    api_type: Option<String>,
    /// When its evaluation began; default: now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    evaluation_start: Option<Timestamp>,
    /// Processors of a stand-alone host: `2x16`, or the cores of each package: `16,15`
    #[arg(long, value_name = "CPU", value_parser = processors)]
    cpu: Option<Processors>,
    /// Whose evaluation license it shows: that of a real one, or of the simulator
    #[arg(long, value_name = "PROFILE", value_parser = PossibleValuesParser::new(Profile::ALL.map(Profile::word)))]
    profile: Option<String>,
    #[command(flatten)]
    behaviour: Behaviour,
}

#[derive(Debug, clap::Args)]
pub(super) struct SetArguments {
    #[command(flatten)]
    named: Named,
    /// Its version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    #[command(flatten)]
    behaviour: Behaviour,
}

/// What the sources disagree on.
#[derive(Debug, clap::Args)]
struct Behaviour {
    /// What an empty entityId means
    #[arg(long, value_name = "CHOICE", value_parser = PossibleValuesParser::new(EmptyEntity::ALL.map(EmptyEntity::word)))]
    empty_entity: Option<String>,
    /// Which fault tells of an unknown entity: as the reference has it, or as it was seen in the field
    #[arg(long, value_name = "CHOICE", value_parser = PossibleValuesParser::new(FaultStyle::ALL.map(FaultStyle::word)))]
    fault_style: Option<String>,
    /// Which keys are taken: those that the catalogue knows, or any
    #[arg(long, value_name = "CHOICE", value_parser = PossibleValuesParser::new(Resolve::ALL.map(Resolve::word)))]
    resolve: Option<String>,
    /// The group of vCenters with which it shares its inventory; empty: none
    #[arg(long, value_name = "GROUP")]
    linked: Option<String>,
}

impl Behaviour {
    fn changes(&self, version: Option<&str>) -> Changes {
        Changes {
            version: version.map(str::to_owned),
            empty_entity: self.empty_entity.as_deref().and_then(EmptyEntity::named),
            fault_style: self.fault_style.as_deref().and_then(FaultStyle::named),
            resolve: self.resolve.as_deref().and_then(Resolve::named),
            linked: self.linked.clone(),
        }
    }

    fn settings(&self) -> model::Settings {
        let changes = self.changes(None);
        model::Settings {
            empty_entity: changes.empty_entity.unwrap_or_default(),
            fault_style: changes.fault_style.unwrap_or_default(),
            resolve: changes.resolve.unwrap_or_default(),
            linked: changes.linked.filter(|group| !group.trim().is_empty()),
        }
    }
}

impl Named {
    fn scene(&self, session: &mut Session) -> Outcome<crate::vsphere::ops::Scene> {
        match &self.name {
            Some(name) => scene_of(Some(name), session),
            None => self.vcenter.scene(session),
        }
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => {
            let held = session.read(|read, _| {
                let mut held = Vec::new();
                store::vcenters::each(read, &mut |vcenter| {
                    held.push(vcenter);
                    Ok(Flow::Continue(()))
                })?;
                Ok(held)
            })?;
            session.list::<VcenterView>(list, |read, _, sink| {
                for vcenter in &held {
                    let counts = store::vcenters::counts(read, vcenter.id)?;
                    if sink.row(&VcenterView::new(vcenter, counts))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Command::Add(arguments) => add(arguments, session)?,
        Command::Show(named) => {
            let scene = named.scene(session)?;
            let counts = session.read(|read, _| store::vcenters::counts(read, scene.vcenter.id))?;
            session.show(&VcenterView::new(&scene.vcenter, counts))?;
        }
        Command::Set(arguments) => {
            let scene = arguments.named.scene(session)?;
            let changes = arguments.behaviour.changes(arguments.version.as_deref());
            let (vcenter, counts) = session.write(|tx, _| {
                let vcenter = vcenters::set(tx, &scene, &changes)?;
                let counts = store::vcenters::counts(tx.reading(), vcenter.id)?;
                Ok((vcenter, counts))
            })?;
            let sentence = format!("set `{}`", vcenter.name);
            session.tell(&VcenterView::new(&vcenter, counts), &sentence)?;
        }
        Command::Remove { name } => {
            let scene = scene_of(Some(name), session)?;
            let name = session.write(|tx, _| vcenters::remove(tx, &scene))?;
            session
                .tell(&VoidView {}, &format!("removed `{name}` with everything that it held"))?;
        }
        Command::Properties { vcenter } => {
            let scene = vcenter.scene(session)?;
            let secrets = session.printer.look.secrets;
            let held = session.read(|read, _| vcenters::properties(read, &scene))?;
            session.show(&PropertiesView::new(&held, secrets))?;
        }
    }
    Ok(Verdict::Yes)
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let new = NewVcenter {
        name: arguments.name.clone(),
        version: arguments.version.clone(),
        uuid: arguments.uuid.clone(),
        api_type: arguments.api_type.as_deref().and_then(ApiType::named).unwrap_or_default(),
        evaluation_start: arguments.evaluation_start,
        processors: arguments.cpu.clone().unwrap_or_default(),
        settings: arguments.behaviour.settings(),
        profile: arguments.profile.as_deref().and_then(Profile::named).unwrap_or_default(),
    };
    let seed = session.seed;
    let (vcenter, counts) = session.write(|tx, now| {
        let vcenter = vcenters::add(tx, &new, seed, now)?;
        let counts = store::vcenters::counts(tx.reading(), vcenter.id)?;
        Ok((vcenter, counts))
    })?;
    let sentence = format!(
        "added {} `{}`, version {}, entity {}",
        vcenter.api_type.word(),
        vcenter.name,
        vcenter.version,
        vcenter.own_entity()
    );
    session.tell(&VcenterView::new(&vcenter, counts), &sentence)
}
