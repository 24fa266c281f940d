//! `licctl completions SHELL`, `licctl man DIR`.

use crate::error::{Outcome, Verdict};
use crate::manual;
use crate::session::Session;
use anyhow::Context;
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  source <(licctl completions bash)                              # this session\n  licctl completions fish > ~/.config/fish/completions/licctl.fish"
)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArguments {
    /// The folder to write into
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    folder: PathBuf,
}

pub(super) fn script(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let script = manual::completion(arguments.shell)?;
    session.printer.artefact(&script)?;
    Ok(Verdict::Yes)
}

pub(super) fn man(arguments: &ManArguments, session: &mut Session) -> Outcome<Verdict> {
    std::fs::create_dir_all(&arguments.folder)
        .with_context(|| format!("making {}", arguments.folder.display()))?;
    for (name, page) in manual::pages()? {
        crate::artefact::write::whole(&arguments.folder.join(&name), page.as_bytes())?;
        session.printer.note(&name);
    }
    Ok(Verdict::Yes)
}
