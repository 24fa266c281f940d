//! `vsphere license label …`: labels of licenses.

use super::acting::{Vcenter, label};
use super::licenses::void;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::model::key::masked;
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::ops::licenses as ops;
use crate::vsphere::ops::query::as_shown;
use crate::vsphere::ops::resolve::key_named;
use crate::vsphere::rules::info;
use crate::vsphere::store;
use crate::vsphere::view::LabelView;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set labels of a license; an empty value removes one (`UpdateLicenseLabel`)
    #[command(
        after_help = "Example:\n  licctl vsphere license label set …-ENTP1 team=infra po=4711 --vcenter hq"
    )]
    Set {
        /// Key, its end in whole groups, or `@label=value`
        #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
        key: String,
        /// Labels
        #[arg(required = true, value_name = "LABEL=VALUE", value_parser = label)]
        labels: Vec<KeyValue>,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// Remove labels of a license (`RemoveLicenseLabel`)
    #[command(
        after_help = "Example:\n  licctl vsphere license label remove …-ENTP1 po --vcenter hq"
    )]
    Remove {
        /// Key, its end in whole groups, or `@label=value`
        #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
        key: String,
        /// Labels
        #[arg(required = true, value_name = "LABEL")]
        labels: Vec<String>,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// List labels
    #[command(after_help = "Example:\n  licctl vsphere license label list --filter 'key=team'")]
    List {
        /// Only of this license: key, its end in whole groups, or `@label=value`
        #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
        key: Option<String>,
        #[command(flatten)]
        vcenter: Vcenter,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Set { key, labels, vcenter } => {
            let scene = vcenter.scene(session)?;
            let key = session.write(|tx, _| {
                let key = key_named(tx.reading(), &scene, key)?;
                for label in labels {
                    ops::set_label(tx, &scene, &key, &label.key, &label.value)?;
                }
                Ok(key)
            })?;
            void(session, &format!("set labels of license `{}`", masked(&key)))
        }
        Command::Remove { key, labels, vcenter } => {
            let scene = vcenter.scene(session)?;
            let key = session.write(|tx, _| {
                let key = key_named(tx.reading(), &scene, key)?;
                for label in labels {
                    ops::remove_label(tx, &scene, &key, label)?;
                }
                Ok(key)
            })?;
            void(session, &format!("removed labels of license `{}`", masked(&key)))
        }
        Command::List { key, vcenter, list } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            session.list::<LabelView>(list, |read, _, sink| {
                let shown = match key {
                    Some(key) => {
                        let key = key_named(read, &scene, key)?;
                        vec![ops::show(read, &scene, &key)?.1]
                    }
                    None => {
                        let held = store::licenses::all(read, scene.vcenter.id)?;
                        let held = as_shown(read, &scene, held)?;
                        let shown = held
                            .iter()
                            .map(|(license, taken)| info::license(license, *taken, scene.now));
                        shown.collect()
                    }
                };
                for label in shown.iter().flat_map(|info| LabelView::of(info, secrets)) {
                    if sink.row(&label)?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
            Ok(Verdict::Yes)
        }
    }
}
