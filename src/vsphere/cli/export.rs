//! `vsphere export`: licenses or assignments as the real tools print them.

use super::acting::Vcenter;
use crate::error::{Outcome, Verdict};
use crate::session::Session;
use crate::store::Flow;
use crate::vsphere::export::list::{self, Shape};
use crate::vsphere::ops::query::{in_full, query};
use crate::vsphere::rules::info;
use crate::vsphere::store;
use clap::ValueEnum;
use std::path::PathBuf;

/// In which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// As `govc license.ls -json` prints: plain values, `used` left out when it is 0.
    GovcJson,
    /// As VI/JSON sends: every value with its type.
    Vijson,
    /// Plain values, `used` whenever it is set.
    Json,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Select {
    Licenses,
    Assignments,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere export --as govc-json\n  licctl vsphere export --as vijson --select=assignments --into assigned.json"
)]
pub(super) struct Arguments {
    /// The shape of the file
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// What is written
    #[arg(long = "select", value_name = "WHAT", default_value = "licenses")]
    what: Select,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
    #[command(flatten)]
    vcenter: Vcenter,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.vcenter.scene(session)?;
    let shape = match arguments.form {
        Form::GovcJson => Shape::Govc,
        Form::Vijson => Shape::Typed,
        Form::Json => Shape::Plain,
    };
    let text = session.read(|read, _| match arguments.what {
        Select::Licenses => {
            let held = store::licenses::all(read, scene.vcenter.id)?;
            let held = in_full(read, &scene, held)?;
            let infos: Vec<_> = held
                .iter()
                .map(|(license, taken)| info::license(license, *taken, scene.now))
                .collect();
            Ok(list::licenses(&infos, shape, scene.secrets))
        }
        Select::Assignments => {
            let mut found = Vec::new();
            query(read, &scene, None, &mut |answered| {
                found.push(answered.assignment);
                Ok(Flow::Continue(()))
            })?;
            Ok(list::assignments(&found, shape, scene.secrets))
        }
    })?;
    if !scene.secrets {
        session.printer.note("keys are masked; `--show-secrets` writes them in full");
    }
    let Some(path) = &arguments.into else {
        session.printer.artefact(&text)?;
        return Ok(Verdict::Yes);
    };
    if session.rehearses() {
        session.printer.note(&format!("dry run: {} was not written", path.display()));
    } else {
        crate::artefact::write::whole(path, text.as_bytes())?;
        session.printer.note(&format!("wrote {}", path.display()));
    }
    Ok(Verdict::Yes)
}
