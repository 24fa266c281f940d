//! `kms import`: `licctl import` that knows one domain, plus its own flags.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms import 'Key Management Service.evtx'\n  licctl kms import dlv-de.txt --slmgr-ini slmgr.ini --machine ws-0931\n  licctl kms import events.csv --culture en-US --tz America/New_York"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The machine that the files belong to, whatever they say
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// slmgr.ini of the language in which slmgr texts are written
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    slmgr_ini: Option<PathBuf>,
    /// The zone to which relative names of a zone file belong, where neither the file nor its name says it
    #[arg(long, value_name = "DOMAIN")]
    dns_origin: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let mut texts = BTreeMap::new();
    if let Some(path) = &arguments.slmgr_ini {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        texts.insert("slmgr-ini", crate::artefact::text::whole(&bytes));
    }
    if let Some(origin) = &arguments.dns_origin {
        texts.insert("dns-origin", origin.clone());
    }
    let hints = Hints { instance: arguments.machine.clone(), texts, ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
