//! `rms import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::rms::ops::intake::{REPLACE, STRICT};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::collections::BTreeMap;
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
    /// Make the License Manager equal to the file: what the file does not hold goes
    #[arg(long)]
    replace: bool,
    /// Refuse text between documents, numbers without a name, malformed subnets
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let mut texts = BTreeMap::new();
    for (flag, given) in [(REPLACE, arguments.replace), (STRICT, arguments.strict)] {
        if given {
            texts.insert(flag, String::new());
        }
    }
    let hints = Hints { instance: arguments.server.clone(), texts, ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
