//! `csp import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Bring in what devices and their management tell of them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp import managedDevices.json\n  licctl csp import SyncMLStream.xml --device NB-017\n  Get-CimInstance -Namespace root\\cimv2\\mdm\\dmmap MDM_WindowsLicensing | ConvertTo-Json | licctl csp import - --device NB-017"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The device that the files belong to, whatever they say
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::devices))]
    device: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let hints = Hints { instance: arguments.device.clone(), ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
