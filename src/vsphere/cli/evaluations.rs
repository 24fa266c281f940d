//! `vsphere evaluation …`: what is left of evaluations.

use super::acting::{Vcenter, instant};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::ops::entities::{self, named};
use crate::vsphere::ops::vcenters;
use crate::vsphere::store;
use crate::vsphere::view::EvaluationView;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the evaluation of the vCenter and of every entity that has one
    #[command(after_help = "Example:\n  licctl vsphere evaluation show")]
    Show {
        /// Only of this entity: id, name, path, or `vc`
        #[arg(value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
        entity: Option<String>,
        #[command(flatten)]
        vcenter: Vcenter,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Set when an evaluation began, and how long it lasts
    #[command(
        after_help = "Example:\n  licctl vsphere evaluation set hq-esx01 --start 2026-12-01T00:00:00Z --vcenter hq"
    )]
    Set {
        /// Entity: id, name, path, or `vc`; default: the vCenter
        #[arg(value_name = "ENTITY", default_value = "vc", add = ArgValueCompleter::new(super::complete::entities))]
        entity: String,
        /// When it began
        #[arg(long, value_name = "RFC3339", value_parser = instant)]
        start: Timestamp,
        /// How many days it lasts; default: 60, or 90 since 9.0
        #[arg(long, value_name = "N")]
        days: Option<u32>,
        #[command(flatten)]
        vcenter: Vcenter,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Show { entity, vcenter, list } => {
            let scene = vcenter.scene(session)?;
            session.list::<EvaluationView>(list, |read, now, sink| {
                let entities = match entity {
                    Some(entity) => {
                        let entity = named(read, &scene, entity)?;
                        vec![entities::show(read, &scene, &entity)?.0]
                    }
                    None => store::entities::all(read, scene.vcenter.id)?,
                };
                for entity in entities.iter().filter(|entity| entity.evaluation.is_some()) {
                    if sink.row(&EvaluationView::new(entity, now))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Command::Set { entity, start, days, vcenter } => {
            let scene = vcenter.scene(session)?;
            let entity = session.write(|tx, _| {
                let entity = named(tx.reading(), &scene, entity)?;
                let (entity, _) = entities::show(tx.reading(), &scene, &entity)?;
                vcenters::set_evaluation(tx, &scene, &entity, *start, *days)
            })?;
            let view = EvaluationView::new(&entity, session.now);
            let sentence = format!("set the evaluation of `{}`", entity.called());
            session.tell(&view, &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}
