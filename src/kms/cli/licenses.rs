//! `kms license …`: licence files, of which digest, size and time are kept.

use super::acting::Acting;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::kms::ops::call;
use crate::session::Session;
use anyhow::Context;
use clap::Subcommand;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest licence file that is read, bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Install a licence file (`InstallLicense`)
    #[command(
        after_help = "Example:\n  licctl kms license install pkeyconfig.xrm-ms --machine ws-0931"
    )]
    Install(One),
    /// Install a licence package (`InstallLicensePackage`)
    #[command(
        after_help = "Example:\n  licctl kms license install-package office.xrm-ms --machine ws-0931"
    )]
    InstallPackage(One),
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The file; `-`: the standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let (one, method, parameter) = match command {
        Command::Install(one) => (one, "InstallLicense", "License"),
        Command::InstallPackage(one) => (one, "InstallLicensePackage", "LicensePackage"),
    };
    let text = text(&one.file)?;
    let given = [(parameter, text.as_str())];
    one.acting.call(
        session,
        |name| format!("installed {} on `{name}`", one.file.display()),
        |tx, scene, name| call::call(tx, scene, (name, None), method, &given),
    )
}

fn text(path: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("reading {}", path.display())).map_err(Stop::Fault)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > LARGEST) {
        let message = format!("{} is larger than {LARGEST} bytes", path.display());
        return Err(Usage::new(message).into());
    }
    Ok(crate::artefact::text::whole(&bytes))
}
