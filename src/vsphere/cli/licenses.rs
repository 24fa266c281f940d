//! `vsphere license …`: the inventory.

use super::acting::{Compatible, Resolving, Several, Vcenter, keys, label};
use super::labels;
use crate::error::{Outcome, Usage, Verdict, Warning};
use crate::output::{ListOptions, View};
use crate::session::Session;
use crate::store::{Flow, Read};
use crate::vsphere::model::key::{Key, normalised};
use crate::vsphere::model::license::{License, LicenseInfo, Taken};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::ops::licenses::{self as ops, Removed, Removing};
use crate::vsphere::ops::resolve::key_named;
use crate::vsphere::ops::{Scene, query};
use crate::vsphere::rules::{decode, expiry, features, info, pattern};
use crate::vsphere::store;
use crate::vsphere::view::{HoldingView, LicenseView, TypedView, VoidView};
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the inventory, the evaluation license first
    #[command(
        after_help = "Examples:\n  licctl vsphere license list\n  licctl vsphere license list --filter 'free<0'\n  licctl vsphere license list --feature dvs --usable"
    )]
    List(ListArguments),
    /// Show one license with its features
    #[command(after_help = "Example:\n  licctl vsphere license show …-ENTP1 --vcenter hq")]
    Show {
        /// Key, its end in whole groups, or `@label=value`
        #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
        key: String,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// Tell what keys are, without adding them (`DecodeLicense`)
    #[command(after_help = "Example:\n  licctl vsphere license decode KEY")]
    Decode(DecodeArguments),
    /// Add licenses to the inventory (`AddLicense`); on a stand-alone host set its license (`UpdateLicense`)
    #[command(
        after_help = "Examples:\n  licctl vsphere license add --key-file keys.txt\n  licctl vsphere license add KEY --label team=production"
    )]
    Add(AddArguments),
    /// Remove licenses from the inventory, and look whether they are gone (`RemoveLicense`)
    #[command(
        after_help = "Examples:\n  licctl vsphere license remove …-STND2 --vcenter hq\n  licctl vsphere license remove …-ENTP1 --force --vcenter hq     # unassigns whatever holds it"
    )]
    Remove(RemoveArguments),
    /// Set the license of a host; on a vCenter replace the whole inventory (`UpdateLicense`)
    #[command(after_help = "Example:\n  licctl vsphere license update KEY --vcenter lab-esx01")]
    Update(UpdateArguments),
    /// Labels of licenses
    #[command(subcommand)]
    Label(labels::Command),
    /// List each license once, with the entities that hold it
    Holders {
        #[command(flatten)]
        vcenter: Vcenter,
        #[command(flatten)]
        list: ListOptions,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    /// Only licenses with this feature, at this level or above: `serialuri:2`
    #[arg(long, value_name = "FEATURE")]
    feature: Option<String>,
    /// Only licenses with this label
    #[arg(long, value_name = "LABEL[=VALUE]")]
    label: Option<String>,
    /// Only editions that match: `esx.*`
    #[arg(long, value_name = "PATTERN")]
    edition: Option<String>,
    /// Only licenses that have not expired and have free units
    #[arg(long)]
    usable: bool,
    /// Whether evaluation licenses are listed
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    evaluation: bool,
    /// Objects with the type of every value, as VI/JSON has them
    #[arg(long)]
    typed: bool,
    #[command(flatten)]
    compatible: Compatible,
    #[command(flatten)]
    vcenter: Vcenter,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, clap::Args)]
pub(super) struct DecodeArguments {
    /// Keys
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// Read keys from this file, one a line; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// Only licenses with this feature
    #[arg(long, value_name = "FEATURE")]
    feature: Option<String>,
    #[command(flatten)]
    resolving: Resolving,
    #[command(flatten)]
    compatible: Compatible,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Keys; a file keeps them out of the shell's history
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// Read keys from this file, one a line; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// Label of each license; repeatable
    #[arg(long = "label", value_name = "LABEL=VALUE", value_parser = label)]
    labels: Vec<KeyValue>,
    #[command(flatten)]
    resolving: Resolving,
    #[command(flatten)]
    several: Several,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
pub(super) struct RemoveArguments {
    /// Keys, their ends in whole groups, or `@label=value`
    #[arg(required = true, value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
    keys: Vec<String>,
    /// Unassign whatever holds them first
    #[arg(long)]
    force: bool,
    /// A license that is not there is removed already
    #[arg(long)]
    ignore_missing: bool,
    #[command(flatten)]
    several: Several,
    #[command(flatten)]
    vcenter: Vcenter,
}

#[derive(Debug, clap::Args)]
pub(super) struct UpdateArguments {
    /// Key, its end in whole groups, or `@label=value`
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
    key: String,
    /// Label of the license; repeatable
    #[arg(long = "label", value_name = "LABEL=VALUE", value_parser = label)]
    labels: Vec<KeyValue>,
    /// Drop the unassigned licenses of a vCenter
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    resolving: Resolving,
    #[command(flatten)]
    vcenter: Vcenter,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List(arguments) => list(arguments, session),
        Command::Show { key, vcenter } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            let view = session.read(|read, _| {
                let key = key_named(read, &scene, key)?;
                let (license, info) = ops::show(read, &scene, &key)?;
                let taken = store::licenses::taken(read, scene.vcenter.id, license.id)?;
                Ok(LicenseView::of(&license, taken, &info, secrets))
            })?;
            session.show(&view)?;
            Ok(Verdict::Yes)
        }
        Command::Decode(arguments) => decode(arguments, session),
        Command::Add(arguments) => add(arguments, session),
        Command::Remove(arguments) => remove(arguments, session),
        Command::Update(arguments) => update(arguments, session),
        Command::Label(command) => labels::run(command, session),
        Command::Holders { vcenter, list } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            session.list::<HoldingView>(list, |read, _, sink| {
                for holding in query::holdings(read, &scene)? {
                    if sink.row(&HoldingView::new(&holding, secrets))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
            Ok(Verdict::Yes)
        }
    }
}

fn list(arguments: &ListArguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.compatible.put(arguments.vcenter.scene(session)?);
    let secrets = session.printer.look.secrets;
    if arguments.typed {
        session.list::<TypedView>(&arguments.list, |read, _, sink| {
            arguments.each(read, &scene, &mut |license, taken| {
                let shown = info::license(license, taken, scene.now);
                sink.row(&TypedView::license(&shown, secrets))
            })
        })?;
        return Ok(Verdict::Yes);
    }
    session.list::<LicenseView>(&arguments.list, |read, _, sink| {
        arguments.each(read, &scene, &mut |license, taken| {
            let shown = info::license(license, taken, scene.now);
            sink.row(&LicenseView::of(license, taken, &shown, secrets))
        })
    })?;
    Ok(Verdict::Yes)
}

impl ListArguments {
    /// Hands out the licenses that are wanted.
    fn each(
        &self,
        read: &mut dyn Read,
        scene: &Scene,
        found: &mut dyn FnMut(&License, Taken) -> Outcome<Flow>,
    ) -> Outcome<()> {
        let mut held = store::licenses::all(read, scene.vcenter.id)?;
        held.retain(|(license, taken)| {
            let usable = info::free(license, *taken).is_none_or(|free| free > 0)
                && license.expires().is_none_or(|end| !expiry::is_over(end, scene.now));
            self.wants(license, scene) && (usable || !self.usable)
        });
        for (license, taken) in query::as_shown(read, scene, held)? {
            if found(&license, taken)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn wants(&self, license: &License, scene: &Scene) -> bool {
        let labelled = self.label.as_deref().is_none_or(|wanted| {
            let (key, value) = match wanted.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (wanted, None),
            };
            let mut held = license.labels.iter();
            held.any(|label| label.key == key && value.is_none_or(|value| label.value == value))
        });
        labelled
            && (self.evaluation || !license.is_evaluation())
            && self
                .edition
                .as_deref()
                .is_none_or(|pattern| pattern::fits(pattern, &license.edition_key))
            && self
                .feature
                .as_deref()
                .is_none_or(|wanted| features::has(&license.properties, wanted, scene.levels))
    }
}

/// A key as a person typed it; what is none goes to the API as it is.
fn typed(text: &str) -> String {
    normalised(text).unwrap_or_else(|| text.trim().to_owned())
}

fn decode(arguments: &DecodeArguments, session: &mut Session) -> Outcome<Verdict> {
    let given = keys(&arguments.keys, arguments.key_file.as_deref())?;
    let scene = arguments.compatible.put(arguments.vcenter.scene(session)?);
    let scene = arguments.resolving.put(scene);
    let secrets = session.printer.look.secrets;
    let answers: Vec<LicenseInfo> = session.read(|read, _| {
        let mut answers = Vec::new();
        for key in &given {
            let key = typed(key);
            let answer = ops::decode(read, &scene, &key)?;
            decode::examine(&answer, &ops::named(&key))
                .map_err(|refusal| refusal.of("LicenseManager.DecodeLicense"))?;
            answers.push(answer);
        }
        Ok(answers)
    })?;
    session.printer.list::<LicenseView>(&ListOptions::default(), |sink| {
        let wanted = arguments.feature.as_deref();
        for answer in answers.iter().filter(|answer| {
            wanted.is_none_or(|wanted| features::has(&answer.properties, wanted, scene.levels))
        }) {
            if sink.row(&LicenseView::answer(answer, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<Verdict> {
    let given = keys(&arguments.keys, arguments.key_file.as_deref())?;
    let scene = arguments.resolving.put(arguments.vcenter.scene(session)?);
    let of_host = scene.vcenter.api_type == ApiType::HostAgent;
    if of_host && given.len() > 1 {
        return Err(Usage::new("a host has one license; several keys were given").into());
    }
    let secrets = session.printer.look.secrets;
    let done = session.write(|tx, _| {
        arguments.several.each(&given, |key| {
            let key = typed(key);
            let (answer, method) = if of_host {
                let answer = ops::update(tx, &scene, &key, &arguments.labels)?;
                (answer, "LicenseManager.UpdateLicense")
            } else {
                let answer = ops::add(tx, &scene, &key, &arguments.labels)?;
                (answer, "LicenseManager.AddLicense")
            };
            decode::examine(&answer, &ops::named(&key)).map_err(|refusal| refusal.of(method))?;
            Ok(answer)
        })
    })?;
    for answer in &done.done {
        let view = LicenseView::answer(answer, secrets);
        if view.expired(session.now) {
            let message =
                format!("license `{}` has expired: it can be listed, not assigned", view.name());
            session.warn(Warning::new("EXPIRED_LICENSE", message));
        }
    }
    done.show(session, |answer| LicenseView::answer(answer, secrets))
}

fn remove(arguments: &RemoveArguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.vcenter.scene(session)?;
    let how = Removing { force: arguments.force, ignore_missing: arguments.ignore_missing };
    let secrets = session.printer.look.secrets;
    let done = session.write(|tx, _| {
        arguments.several.each(&arguments.keys, |key| {
            let key = key_named(tx.reading(), &scene, key)?;
            ops::remove_and_look(tx, &scene, &key, how)
        })
    })?;
    for Removed { license, unassigned } in &done.done {
        let Some(license) = license else { continue };
        let entities = match unassigned.as_slice() {
            [] => String::new(),
            several => format!(", unassigned {}", several.join(", ")),
        };
        session.printer.note(&format!("removed license `{}`{entities}", license.key.shown()));
    }
    let verdict = done.verdict(session);
    if session.printer.format == crate::output::Format::Table && session.printer.jq.is_none() {
        return Ok(verdict);
    }
    session.printer.list::<LicenseView>(&ListOptions::default(), |sink| {
        for license in done.done.iter().filter_map(|done| done.license.as_ref()) {
            let shown = info::license(license, Taken::default(), scene.now);
            if sink.row(&LicenseView::answer(&shown, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(verdict)
}

fn update(arguments: &UpdateArguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.resolving.put(arguments.vcenter.scene(session)?);
    let secrets = session.printer.look.secrets;
    let (key, dropped) = session.read(|read, _| {
        let key = key_named(read, &scene, &arguments.key)?;
        let dropped = ops::dropped_by_update(read, &scene, &key)?;
        Ok((key, dropped))
    })?;
    if !dropped.is_empty() && !arguments.yes {
        let names: Vec<&str> = dropped.iter().map(Key::shown).collect();
        return Err(Usage::new(format!(
            "UpdateLicense drops every unassigned license of a vCenter: {}",
            names.join(", ")
        ))
        .hinted("give `--yes` to do it; `licctl vsphere license add` adds one beside them")
        .into());
    }
    let answer = session.write(|tx, _| {
        let answer = ops::update(tx, &scene, &key, &arguments.labels)?;
        decode::examine(&answer, &ops::named(&key))
            .map_err(|refusal| refusal.of("LicenseManager.UpdateLicense"))?;
        Ok(answer)
    })?;
    let view = LicenseView::answer(&answer, secrets);
    let sentence = format!("updated license `{}`", view.name());
    session.tell(&view, &sentence)?;
    Ok(Verdict::Yes)
}

/// Says that a method returned nothing.
pub(super) fn void(session: &mut Session, sentence: &str) -> Outcome<Verdict> {
    session.tell(&VoidView {}, sentence)?;
    Ok(Verdict::Yes)
}
