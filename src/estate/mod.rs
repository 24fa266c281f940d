//! The cross-domain commands, one file each. They know the domains only through [`crate::apis`].

mod check;
mod completions;
mod explain;
mod help;
mod history;
mod import;
mod schema;
mod settings;
mod status;
mod upkeep;

pub use import::{Options as ImportOptions, import_paths};

use crate::apis;
use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use clap::Subcommand;
use schemars::Schema;

/// The commands that are no domain's own.
#[derive(Debug, Subcommand)]
pub(crate) enum Estate {
    /// Bring in artefacts of any domain: files, whole folders, `-`
    Import(import::Arguments),
    /// Show the estate on one screen
    Status(status::Arguments),
    /// List what is wrong or will be; the gate for CI
    Check(check::Arguments),
    /// Explain a native code: its meaning, cause and remedy
    Explain(explain::Arguments),
    /// Show the history of the store
    Log(history::LogArguments),
    /// Take a change back
    Undo(history::UndoArguments),
    /// Look after the store itself
    #[command(subcommand)]
    Store(upkeep::Command),
    /// Show the settings in force
    #[command(subcommand)]
    Config(settings::Command),
    /// Print the JSON Schema of a JSON shape
    Schema(schema::Arguments),
    /// Print the script that lets a shell complete commands and stored names
    Completions(completions::Arguments),
    /// Write the man pages into a folder
    #[command(hide = true)]
    Man(completions::ManArguments),
    /// Tell more about a topic
    Help(help::Arguments),
}

impl Estate {
    pub(crate) fn run(self, session: &mut Session) -> Outcome<Verdict> {
        match self {
            Self::Import(arguments) => import::run(&arguments, session),
            Self::Status(arguments) => status::run(&arguments, session),
            Self::Check(arguments) => check::run(&arguments, session),
            Self::Explain(arguments) => explain::run(&arguments, session),
            Self::Log(arguments) => history::log(&arguments, session),
            Self::Undo(arguments) => history::undo(&arguments, session),
            Self::Store(command) => upkeep::run(&command, session),
            Self::Config(command) => settings::run(&command, session),
            Self::Schema(arguments) => schema::run(&arguments, session),
            Self::Completions(arguments) => completions::script(&arguments, session),
            Self::Man(arguments) => completions::man(&arguments, session),
            Self::Help(arguments) => help::run(&arguments, session),
        }
    }
}

/// Which part of the estate a command looks at.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Scope {
    /// Only this domain
    #[arg(long, value_name = "NAME", value_parser = domains())]
    domain: Option<String>,
    /// Only this instance: a machine, device, server or vCenter
    #[arg(long, value_name = "NAME")]
    instance: Option<String>,
}

fn domains() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        apis::APIS.iter().map(|api| api.name).collect::<Vec<_>>(),
    )
}

impl Scope {
    /// The domains in it.
    fn apis(&self) -> impl Iterator<Item = &'static crate::api::Api> + use<> {
        let domain = self.domain.clone();
        apis::APIS
            .iter()
            .copied()
            .filter(move |api| domain.as_deref().is_none_or(|name| api.name == name))
    }

    /// Usage error when it names an instance that no domain in it has.
    fn known(&self, session: &mut Session) -> Outcome<()> {
        let Some(instance) = &self.instance else {
            return Ok(());
        };
        let mut names = Vec::new();
        for api in self.apis() {
            names.extend(session.read(|read, _| (api.instances)(read))?);
        }
        if names.iter().any(|name| name.eq_ignore_ascii_case(instance)) {
            return Ok(());
        }
        let near = crate::output::nearest(instance, &names);
        let hint = if near.is_empty() {
            "`licctl status` lists the instances".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Err(Usage::new(format!("no domain has an instance `{instance}`")).hinted(hint).into())
    }
}

/// The JSON shapes of the cross-domain commands.
pub(crate) fn shapes() -> Vec<(&'static str, Schema)> {
    [
        import::shapes(),
        status::shapes(),
        check::shapes(),
        explain::shapes(),
        history::shapes(),
        upkeep::shapes(),
        settings::shapes(),
        crate::manual::shapes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
