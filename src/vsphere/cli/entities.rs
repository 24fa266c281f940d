//! `vsphere entity …`: hosts, clusters, solutions, and what their cost is counted from.

use super::acting::{Vcenter, instant, processors, tebibytes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::{Connection, Processors};
use crate::vsphere::ops::entities::{self, Facts, named};
use crate::vsphere::rules::features;
use crate::vsphere::store;
use crate::vsphere::view::{EntityView, VoidView};
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use std::collections::HashMap;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List what is licensed, the vCenter first
    #[command(
        after_help = "Example:\n  licctl vsphere entity list --filter 'kind=host && assetStatus=EVALUATION'"
    )]
    List {
        #[command(flatten)]
        vcenter: Vcenter,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Add a host, a cluster or a solution; hosts begin with their evaluation
    #[command(
        after_help = "Examples:\n  licctl vsphere entity add host-11 --kind host --name esx01 --cpu 2x16\n  licctl vsphere entity add domain-c29 --kind cluster --name test\n  licctl vsphere entity add host-12 --name esx02 --cpu 2x48 --parent domain-c28 --feature dvs"
    )]
    Add(AddArguments),
    /// Show one entity
    #[command(after_help = "Example:\n  licctl vsphere entity show hq-esx01 --vcenter hq")]
    Show {
        /// Entity: id, name, path, or `vc`
        #[arg(value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
        entity: String,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// Say more of an entity; what it costs is counted anew
    #[command(
        after_help = "Example:\n  licctl vsphere entity set hq-esx04 --cpu 2x40 --vcenter hq"
    )]
    Set(SetArguments),
    /// Remove entities; their units are free again
    #[command(
        after_help = "Example:\n  licctl vsphere entity remove hq-esx09 --dry-run --vcenter hq"
    )]
    Remove {
        /// Entities: ids, names, or paths
        #[arg(required = true, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
        entities: Vec<String>,
        #[command(flatten)]
        vcenter: Vcenter,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Its entityId: the value of a reference, as `host-11` or `domain-c28`; for a solution any text
    #[arg(value_name = "ID")]
    entity: String,
    /// What it is
    #[arg(long, value_name = "KIND", default_value = "host", value_parser = PossibleValuesParser::new(["host", "cluster", "solution"]))]
    kind: String,
    #[command(flatten)]
    facts: FactArguments,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
pub(super) struct SetArguments {
    /// Entity: id, name, path, or `vc`
    #[arg(value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    entity: String,
    #[command(flatten)]
    facts: FactArguments,
    #[command(flatten)]
    vcenter: Vcenter,
}

/// What may be said of an entity.
#[derive(Debug, clap::Args)]
struct FactArguments {
    /// Its display name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The cluster that it is in
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(super::complete::entities))]
    parent: Option<String>,
    /// Its inventory path
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Its version; default for a host: that of the vCenter
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Processors: `4x8`, or the cores of each package: `16,15`
    #[arg(long, value_name = "CPU", value_parser = processors)]
    cpu: Option<Processors>,
    /// Virtual machines that run
    #[arg(long, value_name = "N")]
    vm_started: Option<u32>,
    /// Virtual machines that start
    #[arg(long, value_name = "N", hide_short_help = true)]
    vm_starting: Option<u32>,
    /// Virtual CPUs of the machines that run
    #[arg(long, value_name = "N", hide_short_help = true)]
    vcpu: Option<u32>,
    /// Raw capacity that vSAN claims, in TiB
    #[arg(long, value_name = "TIB", value_parser = tebibytes)]
    vsan_tib: Option<u64>,
    /// Hardware model
    #[arg(long, value_name = "MODEL", hide_short_help = true)]
    model: Option<String>,
    /// Whether its vCenter reaches it
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new([Connection::Connected.word(), Connection::Disconnected.word()]))]
    connection: Option<String>,
    /// A feature that it uses, as `dvs`; repeatable, all of them together; empty: none
    #[arg(long = "feature", value_name = "FEATURE")]
    features: Vec<String>,
    /// When its evaluation began; default: now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    evaluation_start: Option<Timestamp>,
    /// How many days it evaluates; default: 60, or 90 since 9.0
    #[arg(long, value_name = "N", hide_short_help = true)]
    evaluation_days: Option<u32>,
    /// Units that a solution takes
    #[arg(long, value_name = "N", hide_short_help = true)]
    cost: Option<u32>,
}

impl FactArguments {
    fn facts(&self) -> Facts {
        let in_use = self.features.iter().filter(|key| !key.is_empty());
        Facts {
            name: self.name.clone(),
            parent: self.parent.clone(),
            path: self.path.clone(),
            version: self.version.clone(),
            processors: self.cpu.clone(),
            vms_started: self.vm_started,
            vms_starting: self.vm_starting,
            vcpus: self.vcpu,
            vsan_micro_tib: self.vsan_tib,
            model: self.model.clone(),
            connection: self.connection.as_deref().and_then(Connection::named),
            in_use: (!self.features.is_empty())
                .then(|| in_use.map(|key| features::named(key)).collect()),
            evaluation_start: self.evaluation_start,
            evaluation_days: self.evaluation_days,
            cost: self.cost,
        }
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { vcenter, list } => return self::list(vcenter, list, session),
        Command::Add(arguments) => {
            let scene = arguments.vcenter.scene(session)?;
            let kind = EntityKind::named(&arguments.kind).unwrap_or(EntityKind::Host);
            let facts = arguments.facts.facts();
            let changed = session
                .write(|tx, _| entities::add(tx, &scene, &arguments.entity, kind, &facts))?;
            session.warn_all(changed.warnings);
            let sentence = format!("added {} `{}`", kind.word(), arguments.entity);
            let view = EntityView::new(&changed.entity, None, session.now, false);
            session.tell(&view, &sentence)?;
        }
        Command::Show { entity, vcenter } => show(entity, vcenter, session)?,
        Command::Set(arguments) => {
            let scene = arguments.vcenter.scene(session)?;
            let facts = arguments.facts.facts();
            let (changed, license) = session.write(|tx, _| {
                let entity = named(tx.reading(), &scene, &arguments.entity)?;
                let changed = entities::set(tx, &scene, &entity, &facts)?;
                let (_, license) = entities::show(tx.reading(), &scene, &entity)?;
                Ok((changed, license))
            })?;
            session.warn_all(changed.warnings);
            let mut entity = changed.entity;
            if !session.printer.look.secrets {
                entity.veil();
            }
            let sentence = format!("set `{}`", entity.called());
            let view = EntityView::new(&entity, license.as_ref(), session.now, false);
            session.tell(&view, &sentence)?;
        }
        Command::Remove { entities, vcenter } => {
            let scene = vcenter.scene(session)?;
            let names = session.write(|tx, _| {
                let mut names = Vec::new();
                for entity in entities {
                    let entity = named(tx.reading(), &scene, entity)?;
                    names.push(entities::remove(tx, &scene, &entity)?.called().to_owned());
                }
                Ok(names)
            })?;
            session.tell(&VoidView {}, &format!("removed {}", names.join(", ")))?;
        }
    }
    Ok(Verdict::Yes)
}

fn show(entity: &str, vcenter: &Vcenter, session: &mut Session) -> Outcome<()> {
    let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
    let view = session.read(|read, now| {
        let entity = named(read, &scene, entity)?;
        let (mut entity, license) = entities::show(read, &scene, &entity)?;
        if !secrets {
            entity.veil();
        }
        let license = match license {
            Some(mut license) if secrets => {
                license.key = store::keys::reveal(read, &license.key)?;
                Some(license)
            }
            license => license,
        };
        Ok(EntityView::new(&entity, license.as_ref(), now, secrets))
    })?;
    session.show(&view)
}

fn list(vcenter: &Vcenter, list: &ListOptions, session: &mut Session) -> Outcome<Verdict> {
    let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
    session.list::<EntityView>(list, |read, now, sink| {
        let mut licenses = HashMap::new();
        for (mut license, _) in store::licenses::all(read, scene.vcenter.id)? {
            if secrets {
                license.key = store::keys::reveal(read, &license.key)?;
            }
            licenses.insert(license.id, license);
        }
        let mut held = HashMap::new();
        for assignment in store::assignments::all(read, scene.vcenter.id)? {
            // The entity's own product comes first.
            held.entry(assignment.entity).or_insert(assignment.license);
        }
        store::entities::each(read, scene.vcenter.id, &mut |mut entity| {
            if !secrets {
                entity.veil();
            }
            let license = held.get(&entity.id).and_then(|license| licenses.get(license));
            let flow = sink.row(&EntityView::new(&entity, license, now, secrets))?;
            Ok(if flow.is_break() {
                crate::store::Flow::Break(())
            } else {
                crate::store::Flow::Continue(())
            })
        })
    })?;
    Ok(Verdict::Yes)
}
