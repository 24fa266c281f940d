//! `tslicense import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Bring in what license servers show
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  Get-CimInstance Win32_TSLicenseKeyPack -ComputerName ls-a | ConvertTo-Json > keypacks.json\n  licctl tslicense import keypacks.json --server ls-a.corp.example\n  licctl tslicense import issued.csv --culture de-DE --tz Europe/Berlin"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The license server that the files belong to, whatever they say
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let hints = Hints { instance: arguments.server.clone(), ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
