//! `vsphere import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  govc license.ls -json | licctl vsphere import - --vcenter vc1\n  licctl vsphere import assigned.json"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The vCenter that the files belong to, when they name none
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::vcenters))]
    vcenter: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let hints = Hints { instance: arguments.vcenter.clone(), ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
