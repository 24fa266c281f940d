//! `vsphere assignment …`, `assign`, `unassign`, `evaluate`: who holds which license.

use super::acting::{Compatible, Resolving, Several, Vcenter, Vcenters};
use crate::error::{Outcome, Verdict};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use crate::store::{Flow, Read};
use crate::vsphere::ops::Scene;
use crate::vsphere::ops::assignments::{self as ops, Wanted};
use crate::vsphere::ops::entities::named;
use crate::vsphere::ops::query::{Answered, query};
use crate::vsphere::ops::resolve::key_named;
use crate::vsphere::rules::standing::standing;
use crate::vsphere::store;
use crate::vsphere::view::{AssignedView, AssignmentView, StandingView, TypedView};
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List who holds which license, the vCenter first (`QueryAssignedLicenses`)
    ///
    /// The JSON has a full copy of its license in every assignment, as the API answers; `license holders` has each license once.
    #[command(
        after_help = "Examples:\n  licctl vsphere assignment list\n  licctl vsphere assignment list hq-esx01 -o json --vcenter hq\n  licctl vsphere assignment list --all-vcenters -o jsonl\n  licctl vsphere assignment list --filter 'assetStatus!=LICENSED'"
    )]
    List(ListArguments),
    /// Show the assignments of one entity, with its features in use and its evaluation
    #[command(after_help = "Example:\n  licctl vsphere assignment show hq-esx01 --vcenter hq")]
    Show {
        /// Entity: id, name, path, or `vc`
        #[arg(value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
        entity: String,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// Assign a license to entities; the same as `assign`
    Set(AssignArguments),
    /// Take the licenses of entities away; the same as `unassign`
    Remove(UnassignArguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    /// Only of this entity: id, name, path, or `vc`
    #[arg(value_name = "ENTITY", conflicts_with = "empty_entity", add = ArgValueCompleter::new(super::complete::entities))]
    entity: Option<String>,
    /// Only of this license: key, its end in whole groups, or `@label=value`
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
    license: Option<String>,
    /// Send an empty entityId instead of none
    #[arg(long)]
    empty_entity: bool,
    /// Objects with the type of every value, as VI/JSON has them
    #[arg(long)]
    typed: bool,
    #[command(flatten)]
    vcenters: Vcenters,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere assign …-ENTP1 hq-esx01 hq-esx02 --vcenter hq\n  licctl vsphere assign @team=production hq-esx02 --vcenter hq\n  licctl vsphere assign …-ENTP1 hq-esx03 --dry-run --vcenter hq"
)]
pub(super) struct AssignArguments {
    /// Key, its end in whole groups, or `@label=value`
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
    key: String,
    /// Entities: ids, names, paths, or `vc`
    #[arg(required = true, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    entities: Vec<String>,
    /// Display name that the entities get
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    several: Several,
    #[command(flatten)]
    resolving: Resolving,
    #[command(flatten)]
    compatible: Compatible,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl vsphere unassign hq-esx01 --vcenter hq")]
pub(super) struct UnassignArguments {
    /// Entities: ids, names, paths, or `vc`
    #[arg(required = true, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    entities: Vec<String>,
    #[command(flatten)]
    several: Several,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl vsphere evaluate hq-esx01 --vcenter hq")]
pub(super) struct EvaluateArguments {
    #[command(flatten)]
    unassign: UnassignArguments,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List(arguments) => list(arguments, session),
        Command::Show { entity, vcenter } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            let mut views = session.read(|read, _| {
                let entity = named(read, &scene, entity)?;
                let mut views = Vec::new();
                query(read, &scene, Some(&entity), &mut |answered| {
                    views.push(AssignmentView::new(&answered, secrets));
                    Ok(Flow::Continue(()))
                })?;
                Ok(views)
            })?;
            match (views.pop(), views.is_empty()) {
                (Some(only), true) => session.show(&only)?,
                (last, _) => {
                    views.extend(last);
                    session.printer.list::<AssignmentView>(&ListOptions::default(), |sink| {
                        for view in &views {
                            if sink.row(view)?.is_break() {
                                break;
                            }
                        }
                        Ok(())
                    })?;
                }
            }
            Ok(Verdict::Yes)
        }
        Command::Set(arguments) => assign(arguments, session),
        Command::Remove(arguments) => unassign(arguments, session),
    }
}

fn list(arguments: &ListArguments, session: &mut Session) -> Outcome<Verdict> {
    let (scenes, secrets) = (arguments.vcenters.scenes(session)?, session.printer.look.secrets);
    if arguments.typed {
        session.list::<TypedView>(&arguments.list, |read, _, sink| {
            scenes.iter().try_for_each(|scene| {
                arguments.each(read, scene, &mut |answered| {
                    sink.row(&TypedView::assignment(&answered.assignment, secrets))
                })
            })
        })?;
        return Ok(Verdict::Yes);
    }
    session.list::<AssignmentView>(&arguments.list, |read, _, sink| {
        scenes.iter().try_for_each(|scene| {
            arguments.each(read, scene, &mut |answered| {
                sink.row(&AssignmentView::new(answered, secrets))
            })
        })
    })?;
    Ok(Verdict::Yes)
}

impl ListArguments {
    /// Hands out the assignments that are wanted.
    fn each(
        &self,
        read: &mut dyn Read,
        scene: &Scene,
        found: &mut dyn FnMut(&Answered) -> Outcome<Flow>,
    ) -> Outcome<()> {
        let entity = match &self.entity {
            Some(entity) => Some(named(read, scene, entity)?),
            None => self.empty_entity.then(String::new),
        };
        let license = match &self.license {
            Some(key) => {
                let key = key_named(read, scene, key)?;
                Some(store::licenses::find(read, scene.vcenter.id, &key)?.map(|found| found.id))
            }
            None => None,
        };
        query(read, scene, entity.as_deref(), &mut |answered| {
            let wanted = license.is_none_or(|license| {
                license.is_some() && answered.license.as_ref().map(|held| held.id) == license
            });
            if !wanted {
                return Ok(Flow::Continue(()));
            }
            found(&answered)
        })
    }
}

/// `vsphere assign`.
pub(super) fn assign(arguments: &AssignArguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.compatible.put(arguments.vcenter.scene(session)?);
    let scene = arguments.resolving.put(scene);
    let secrets = session.printer.look.secrets;
    let done = session.write(|tx, _| {
        let key = key_named(tx.reading(), &scene, &arguments.key)?;
        arguments.several.each(&arguments.entities, |entity| {
            let entity = named(tx.reading(), &scene, entity)?;
            let display_name = arguments.name.as_deref().unwrap_or_default();
            ops::update(tx, &scene, &Wanted { entity_id: &entity, key: &key, display_name })
        })
    })?;
    for assigned in &done.done {
        session.warn_all(assigned.warnings.clone());
    }
    // One entity is a single thing to a program; to people it is a row, as several are.
    if let ([_], [only], Format::Json) =
        (arguments.entities.as_slice(), done.done.as_slice(), session.printer.format)
    {
        session.show(&AssignedView::new(only, secrets))?;
        return Ok(done.verdict(session));
    }
    done.show(session, |assigned| AssignedView::new(assigned, secrets))
}

/// `vsphere unassign`.
pub(super) fn unassign(arguments: &UnassignArguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.vcenter.scene(session)?;
    let done = session.write(|tx, _| {
        arguments.several.each(&arguments.entities, |entity| {
            let entity = named(tx.reading(), &scene, entity)?;
            ops::remove(tx, &scene, &entity)
        })
    })?;
    let now = session.now;
    done.show(session, |entity| StandingView::new(entity, standing(entity, None, now), now))
}

/// `vsphere evaluate`.
pub(super) fn evaluate(arguments: &EvaluateArguments, session: &mut Session) -> Outcome<Verdict> {
    let arguments = &arguments.unassign;
    let scene = arguments.vcenter.scene(session)?;
    let done = session.write(|tx, _| {
        arguments.several.each(&arguments.entities, |entity| {
            let entity = named(tx.reading(), &scene, entity)?;
            ops::evaluate(tx, &scene, &entity).map(|assigned| assigned.entity)
        })
    })?;
    let now = session.now;
    done.show(session, |entity| StandingView::new(entity, standing(entity, None, now), now))
}
