//! `licctl apply`: a state of the estate, declared in a file, and the store brought to it.
//!
//! What a file does not mention stays as it is. Everything is one change; a second run finds nothing to do. The domains say by the
//! rows of `desired` what can be declared.

mod bring;
mod declare;
mod read;
#[cfg(test)]
mod tests;
mod view;

use crate::apis;
use crate::artefact::files::read_text;
use crate::desired::{Effects, Form};
use crate::error::{Complaint, Outcome, Place, Stop, Verdict, Warning};
use crate::output::{Format, ListOptions};
use crate::session::{self, Session};
use crate::store::{Change, Intent};
use anyhow::Context;
use bring::{Bringer, Done, Written};
use clap::builder::PossibleValuesParser;
use declare::{Entry, Reference};
use schemars::Schema;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use view::{AppliedView, EmittedObject, EmittedView, ObjectView, PropertyView};

/// The longest declaration, in bytes.
const LONGEST: u64 = 256 << 20;

/// The longest secret, in bytes.
const LONGEST_SECRET: u64 = 4096;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl apply estate.toml --dry-run        # the plan: each object before and after\n  licctl apply estate.toml                  # one change; `licctl undo` takes it back\n  licctl apply estate.toml --check          # exit 1 when anything would change\n  licctl apply estate.toml --emit powershell\n  licctl apply estate.toml --emit shell     # for Sentinel RMS: its reservation files\n  licctl apply --properties                 # what can be declared\n\n`licctl help declaring` tells how such a file is written."
)]
pub(crate) struct Arguments {
    /// The declaration, TOML or JSON; `-` is the standard input
    #[arg(value_name = "FILE", required_unless_present = "properties", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Store nothing; exit 1 when anything would change
    #[arg(long)]
    check: bool,
    /// Print what would bring the real systems there, and store nothing
    #[arg(long, value_name = "FORM", value_parser = words(), conflicts_with = "check")]
    emit: Option<String>,
    /// List every table and property that can be declared
    #[arg(long, conflicts_with_all = ["file", "check", "emit"])]
    properties: bool,
    #[command(flatten)]
    list: ListOptions,
}

/// The tools that the domains write for.
fn forms() -> Vec<&'static Form> {
    let mut forms: Vec<&Form> =
        apis::APIS.iter().flat_map(|api| api.desired.forms.iter().copied()).collect();
    forms.sort_unstable_by_key(|form| form.word);
    forms.dedup();
    forms
}

/// The words of `--emit`.
fn words() -> PossibleValuesParser {
    PossibleValuesParser::new(forms().into_iter().map(|form| form.word))
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    view::shapes()
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let Some(path) = &arguments.file else {
        session.printer.rows::<PropertyView>(&arguments.list, PropertyView::all())?;
        return Ok(Verdict::Yes);
    };
    let entries = declared(path)?;
    conceal(&entries, session);
    if arguments.check {
        session.printer.rehearse();
    }
    let rehearses = arguments.check || arguments.emit.is_some();
    let change = session.change();
    let change = if rehearses { Change { intent: Intent::Rehearse, ..change } } else { change };
    let file = path.display().to_string();
    let mut bringer = Bringer {
        file: &file,
        now: session.now,
        seed: session.seed,
        form: arguments
            .emit
            .as_ref()
            .and_then(|word| forms().into_iter().find(|form| form.word == word)),
        effects: Effects { secrets: session.printer.look.secrets, ..Effects::default() },
        done: Vec::new(),
        written: Vec::new(),
    };
    let (store, _) = session.store();
    let (told, _) = store.write(&change, |tx| {
        bringer.all(tx, &entries)?;
        let told = AppliedView::new(bringer.file, &bringer.done);
        if told.changed {
            tx.summary(format!("applied {}: {}", bringer.file, told.sentence()));
        }
        Ok(told)
    })?;
    let Bringer { form, effects, done, written, .. } = bringer;
    // An object that is made and then set may be warned of twice.
    let mut told_of = BTreeSet::new();
    let is_new = |warning: &Warning| told_of.insert((warning.code, warning.message.clone()));
    session.warn_all(effects.warnings.into_iter().filter(is_new).collect());
    if let Some(form) = form {
        emit(session, form, &done, written)?;
        return Ok(Verdict::Yes);
    }
    tell(arguments, session, &told)?;
    Ok(if arguments.check && told.changed { Verdict::No } else { Verdict::Yes })
}

/// Reads a declaration; secrets that it refers to are looked for beside it.
fn declared(path: &Path) -> Outcome<Vec<Entry>> {
    let text = read_text(path, Rc::new(|_| ()), |_, input| {
        let mut text = String::new();
        let read = input.take(LONGEST + 1).read_to_string(&mut text);
        let size = read.with_context(|| format!("reading {}", path.display()))?;
        if u64::try_from(size).is_ok_and(|size| size > LONGEST) {
            return Err(Complaint::new(Place::Whole, "a declaration has 256 MiB at most").into());
        }
        Ok(text)
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut fetch = |reference: Reference<'_>| secret(reference, &folder);
    let members = read::read(&text);
    let entries = members.and_then(|members| declare::declare(&members, apis::APIS, &mut fetch));
    entries.map_err(|complaints| Stop::from(complaints).within(&path.display().to_string()))
}

/// What a reference leads to; a secret without the end of its line.
fn secret(reference: Reference<'_>, folder: &Path) -> Result<String, String> {
    let text = match reference {
        Reference::Environment(name) => session::variable(name)
            .ok_or_else(|| format!("the environment has no variable `{name}`"))?,
        Reference::File(name) => text_of(&folder.join(name), LONGEST_SECRET)?,
        Reference::Document(name) => return text_of(&folder.join(name), LONGEST),
    };
    let text = text.trim();
    if text.is_empty() { Err("there is no secret in it".to_owned()) } else { Ok(text.to_owned()) }
}

/// The text of a file that a declaration names.
fn text_of(path: &Path, longest: u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(longest).read_to_end(&mut bytes));
    read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(crate::artefact::text::whole(&bytes))
}

/// Hides the secrets of a declaration in errors.
fn conceal(entries: &[Entry], session: &mut Session) {
    for entry in entries {
        for (secret, shown) in &entry.secrets {
            session.conceal(secret, shown);
        }
        conceal(&entry.parts, session);
    }
}

fn tell(arguments: &Arguments, session: &mut Session, told: &AppliedView) -> Outcome<()> {
    if session.printer.format == Format::Json || session.printer.jq.is_some() {
        return session.show(told);
    }
    session.printer.rows::<ObjectView>(&arguments.list, &told.objects)?;
    let rehearsed = session.rehearses() || arguments.check;
    let suffix = if rehearsed { " (dry run: nothing was stored)" } else { "" };
    session.printer.note(&format!("{}{suffix}", told.sentence()));
    Ok(())
}

fn emit(
    session: &mut Session,
    form: &'static Form,
    done: &[Done<'_>],
    written: Vec<Written>,
) -> Outcome<()> {
    for api in apis::APIS.iter().filter(|api| !api.desired.forms.contains(&form)) {
        let left = done.iter().filter(|done| done.entry.domain == api.name && done.is_changed());
        let left = left.count();
        if left > 0 {
            let message =
                format!("{} has no form {}; objects left out: {left}", api.name, form.word);
            session.warn(Warning::new("left-out", message));
        }
    }
    let objects = written.into_iter().filter_map(|Written { at, lines }| {
        let entry = done.get(at)?.entry;
        let (instance, name) = (entry.instance.clone(), entry.label.clone());
        Some(EmittedObject { domain: entry.domain, instance, name, lines })
    });
    let view = EmittedView { form: form.word.to_owned(), objects: objects.collect() };
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        return session.show(&view);
    }
    if view.objects.is_empty() {
        session.printer.artefact("")?;
        let differs = done.iter().any(Done::is_changed);
        session.printer.note(if differs {
            "nothing of what differs can be written down in this form"
        } else {
            "nothing differs"
        });
        return Ok(());
    }
    session.printer.artefact(&view.script(form.remark))
}
