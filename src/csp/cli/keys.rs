//! `csp key …`, `csp upgrade|change-key|check-key`: product keys, which are read from files and never stored.

use super::acting::{Acted, Device, answered, scene, secret_text, settle};
use super::emit::Emit;
use crate::artefact::files::read_text;
use crate::csp::catalog::nodes::{self, Node, Verb};
use crate::csp::import::catalog;
use crate::csp::model::key::ProductKey;
use crate::csp::ops;
use crate::csp::rules::address;
use crate::csp::store;
use crate::csp::view::{ActionView, KeyEntryView, RemovedView};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use crate::wording::many;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The catalogue that tells which edition a key is for
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Catalog(Catalog),
    /// Which entry of the catalogue knows a key; exit 1 when none does
    #[command(after_help = "Example:\n  licctl csp key match --key-file key.txt")]
    Match {
        #[command(flatten)]
        key: Key,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Catalog {
    /// Load entries from a file
    #[command(after_help = "Example:\n  licctl csp key catalog load keys.json")]
    Load {
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
    /// List the entries
    #[command(
        after_help = "Examples:\n  licctl csp key catalog list\n  licctl csp key catalog list --filter 'editionName=Education' -o json"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Remove an entry
    #[command(
        after_help = "Examples:\n  licctl csp key catalog remove campus-edu\n  licctl csp key catalog remove campus-edu --dry-run"
    )]
    Remove {
        #[arg(value_name = "ID", add = ArgValueCompleter::new(super::complete::keys))]
        id: String,
    },
}

/// A product key, and where it is read from.
#[derive(Debug, clap::Args)]
pub(super) struct Key {
    /// Read the product key from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, required_unless_present = "key", conflicts_with = "key")]
    key_file: Option<PathBuf>,
    /// The product key itself; shells keep it in their history
    #[arg(long, value_name = "KEY", hide_short_help = true)]
    key: Option<String>,
}

impl Key {
    fn text(&self) -> Outcome<String> {
        match (&self.key_file, &self.key) {
            (Some(path), _) => secret_text(path),
            (None, Some(key)) => Ok(key.clone()),
            (None, None) => Err(Usage::new("no product key was given").into()),
        }
    }
}

/// A key, and the device that it is for.
#[derive(Debug, clap::Args)]
pub(super) struct KeyArguments {
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    emit: Emit,
    #[command(flatten)]
    device: Device,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Catalog(Catalog::Load { file }) => load(file, session)?,
        Command::Catalog(Catalog::List { list }) => {
            session.list::<KeyEntryView>(list, |read, _, sink| {
                let catalog = store::keys::load(read)?;
                sink.rows::<KeyEntryView>(catalog.entries().iter().map(KeyEntryView::from))
            })?;
        }
        Command::Catalog(Catalog::Remove { id }) => {
            let removed = session.write(|tx, _| ops::keys::remove(tx, id))?;
            let sentence = format!("removed `{removed}` from the key catalogue");
            session.tell(&RemovedView::new(&removed), &sentence)?;
        }
        Command::Match { key } => return matched(key, session),
    }
    Ok(Verdict::Yes)
}

fn load(file: &Path, session: &mut Session) -> Outcome<()> {
    let entries = read_text(file, Rc::new(|_| ()), |_, input| catalog::read(input))?;
    let loaded = session.write(|tx, _| ops::keys::load(tx, &entries));
    let loaded = loaded.map_err(|stop| stop.within(&file.display().to_string()))?;
    let ops::keys::Loaded { added, changed, unchanged } = loaded;
    if session.printer.format == Format::Table && session.printer.jq.is_none() {
        let end = if session.rehearses() { " (dry run: nothing was stored)" } else { "" };
        let text = format!(
            "{} added, {changed} changed, {unchanged} unchanged{end}",
            many(added, "entry")
        );
        session.printer.note(&text);
        return Ok(());
    }
    session
        .printer
        .rows::<KeyEntryView>(&ListOptions::default(), entries.iter().map(KeyEntryView::from))
}

fn matched(key: &Key, session: &mut Session) -> Outcome<Verdict> {
    let text = key.text()?;
    let key = ProductKey::new(&text).map_err(|flaw| {
        Usage::new(format!("this is no product key: {flaw}")).hinted(flaw.remedy())
    })?;
    let found = session.read(|read, _| ops::keys::find(read, &key))?;
    let views = found.iter().map(KeyEntryView::from);
    session.printer.rows::<KeyEntryView>(&ListOptions::default(), views)?;
    if found.is_none() {
        let text = format!("no entry of the catalogue knows {}", key.masked());
        session.printer.note(&text);
    }
    Ok(if found.is_some() { Verdict::Yes } else { Verdict::No })
}

/// `csp upgrade`.
pub(super) fn upgrade(arguments: &KeyArguments, session: &mut Session) -> Outcome<Verdict> {
    exec(arguments, &nodes::UPGRADE_EDITION_WITH_PRODUCT_KEY, session)
}

/// `csp change-key`.
pub(super) fn change(arguments: &KeyArguments, session: &mut Session) -> Outcome<Verdict> {
    exec(arguments, &nodes::CHANGE_PRODUCT_KEY, session)
}

fn exec(arguments: &KeyArguments, node: &Node, session: &mut Session) -> Outcome<Verdict> {
    let (uri, key) = (address::expand(node.path), arguments.key.text()?);
    if let Some(written) = arguments.emit.write(session, (Verb::Exec, &uri), Some(&key))? {
        return Ok(written);
    }
    let (device, scene) = (arguments.device.name(session)?, scene(session));
    let request = ops::nodes::request(Verb::Exec, &uri, Some(&key));
    let answer = session.write(|tx, _| ops::nodes::act(tx, &device, &request, &scene))?;
    let view = ActionView::new(&uri, Verb::Exec.word(), &answer);
    let Acted { status, .. } = settle(answer, Verb::Exec)?;
    session.tell(&view, &format!("{status} {}", node.name()))?;
    Ok(Verdict::Yes)
}

/// `csp check-key`: a FALSE is an answer, and exit status 1.
pub(super) fn check(arguments: &KeyArguments, session: &mut Session) -> Outcome<Verdict> {
    let uri = address::expand(nodes::CHECK_APPLICABILITY.path);
    let key = arguments.key.text()?;
    if let Some(written) = arguments.emit.write(session, (Verb::Exec, &uri), Some(&key))? {
        return Ok(written);
    }
    let (device, scene) = (arguments.device.name(session)?, scene(session));
    let request = ops::nodes::request(Verb::Exec, &uri, Some(&key));
    let answer = session.write(|tx, _| ops::nodes::act(tx, &device, &request, &scene))?;
    let view = ActionView::new(&uri, Verb::Exec.word(), &answer).applicable(&answer);
    let Some(refusal) = answer.refusal else {
        session.tell(&view, "TRUE")?;
        return Ok(Verdict::Yes);
    };
    let refusal = answered(refusal, answer.status, Verb::Exec);
    // A build without the node has no answer at all.
    if answer.status != 500 {
        return Err(refusal.into());
    }
    session.tell(&view, &format!("FALSE: {}", refusal.message))?;
    // Machines find it in the answer.
    if let Some(hint) = refusal.hint.filter(|_| session.printer.format == Format::Table) {
        session.printer.note(&format!("hint: {hint}"));
    }
    Ok(Verdict::No)
}
