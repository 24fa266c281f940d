//! `rms import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::rms::ops::intake::STRICT;
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Bring in what License Managers answered
///
/// Licenses merge by their hash: what a record leaves out stays as it is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms import answers.xml --server lic01\n  licctl rms import answers.xml --server lic01 --replace\n  ssh lic01 rms-dump | licctl rms import - --server lic01"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The License Manager that the files belong to, whatever they say
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
    /// Refuse text between documents, numbers without a name, malformed subnets
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let texts = arguments.strict.then(|| (STRICT, String::new())).into_iter().collect();
    let hints = Hints { instance: arguments.server.clone(), texts, ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
