//! The cross-domain commands, one file each. They know the domains only through [`crate::apis`].

mod apply;
mod changes;
mod check;
mod completions;
mod diff;
mod doctor;
mod explain;
mod help;
mod history;
mod import;
mod report;
mod schema;
mod settings;
mod snapshot;
mod status;
mod upkeep;

pub use import::{Options as ImportOptions, import_paths};

use crate::apis;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::session::Session;
use crate::store::moments::{Part, Wanted};
use crate::store::named;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
use schemars::Schema;

/// A command that is no domain's own. Its arguments are put together when the command or its help is wanted.
pub(crate) struct Row {
    name: &'static str,
    about: &'static str,
    hidden: bool,
    /// Whether it cannot do without valid settings.
    settled: bool,
    augment: fn(Command) -> Command,
    run: fn(&ArgMatches, &mut Session) -> Outcome<Verdict>,
}

/// Every cross-domain command, in the order of the help.
pub(crate) static COMMANDS: &[Row] = &[
    Row {
        name: "import",
        about: "Bring in artefacts of any domain: files, whole folders, `-`",
        hidden: false,
        settled: true,
        augment: import::Arguments::augment_args,
        run: |words, session| import::run(&parsed(words)?, session),
    },
    Row {
        name: "status",
        about: "Show the estate on one screen",
        hidden: false,
        settled: true,
        augment: status::Arguments::augment_args,
        run: |words, session| status::run(&parsed(words)?, session),
    },
    Row {
        name: "check",
        about: "List what is wrong or will be; the gate for CI",
        hidden: false,
        settled: true,
        augment: check::Arguments::augment_args,
        run: |words, session| check::run(&parsed(words)?, session),
    },
    Row {
        name: "report",
        about: "Write the estate as one page: charts, dates, findings",
        hidden: false,
        settled: true,
        augment: report::Arguments::augment_args,
        run: |words, session| report::run(&parsed(words)?, session),
    },
    Row {
        name: "explain",
        about: "Explain a native code: its meaning, cause and remedy",
        hidden: false,
        settled: false,
        augment: explain::Arguments::augment_args,
        run: |words, session| explain::run(&parsed(words)?, session),
    },
    Row {
        name: "log",
        about: "Show the history of the store",
        hidden: false,
        settled: true,
        augment: history::LogArguments::augment_args,
        run: |words, session| history::log(&parsed(words)?, session),
    },
    Row {
        name: "undo",
        about: "Take a change back",
        hidden: false,
        settled: true,
        augment: history::UndoArguments::augment_args,
        run: |words, session| history::undo(&parsed(words)?, session),
    },
    Row {
        name: "snapshot",
        about: "Keep how the estate is under a name",
        hidden: false,
        settled: true,
        augment: |command| several(snapshot::Command::augment_subcommands(command)),
        run: |words, session| snapshot::run(&parsed(words)?, session),
    },
    Row {
        name: "diff",
        about: "Compare two moments: snapshots, files, or how it is now",
        hidden: false,
        settled: true,
        augment: diff::Arguments::augment_args,
        run: |words, session| diff::run(&parsed(words)?, session),
    },
    Row {
        name: "apply",
        about: "Bring the estate to a declared state",
        hidden: false,
        settled: true,
        augment: apply::Arguments::augment_args,
        run: |words, session| apply::run(&parsed(words)?, session),
    },
    Row {
        name: "store",
        about: "Look after the store itself",
        hidden: false,
        settled: true,
        augment: |command| several(upkeep::Command::augment_subcommands(command)),
        run: |words, session| upkeep::run(&parsed(words)?, session),
    },
    Row {
        name: "config",
        about: "Show and change settings",
        hidden: false,
        settled: false,
        augment: |command| several(settings::Command::augment_subcommands(command)),
        run: |words, session| settings::run(&parsed(words)?, session),
    },
    Row {
        name: "doctor",
        about: "Look whether all is well with the store, its file and the settings",
        hidden: false,
        settled: false,
        augment: doctor::Arguments::augment_args,
        run: |words, session| doctor::run(&parsed(words)?, session),
    },
    Row {
        name: "schema",
        about: "Print the JSON Schema of a JSON shape",
        hidden: false,
        settled: false,
        augment: schema::Arguments::augment_args,
        run: |words, session| schema::run(&parsed(words)?, session),
    },
    Row {
        name: "completions",
        about: "Print the script that lets a shell complete commands and stored names",
        hidden: false,
        settled: false,
        augment: completions::Arguments::augment_args,
        run: |words, session| completions::script(&parsed(words)?, session),
    },
    Row {
        name: "man",
        about: "Write the man pages into a folder",
        hidden: true,
        settled: false,
        augment: completions::ManArguments::augment_args,
        run: |words, session| completions::man(&parsed(words)?, session),
    },
    Row {
        name: "help",
        about: "Tell more about a topic",
        hidden: false,
        settled: false,
        augment: help::Arguments::augment_args,
        run: |words, session| help::run(&parsed(words)?, session),
    },
];

fn parsed<T: FromArgMatches>(words: &ArgMatches) -> Outcome<T> {
    T::from_arg_matches(words).map_err(|error| Stop::bug(&error.to_string()))
}

fn several(command: Command) -> Command {
    command.subcommand_required(true).arg_required_else_help(true).disable_help_subcommand(true)
}

/// The cross-domain commands, their arguments deferred.
pub(crate) fn commands() -> impl Iterator<Item = Command> {
    COMMANDS
        .iter()
        .map(|row| Command::new(row.name).about(row.about).hide(row.hidden).defer(row.augment))
}

/// The names of the cross-domain commands.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|row| row.name)
}

/// Whether a command cannot do without valid settings: those that mend them, and those that ask nothing of the store, can.
pub(crate) fn is_settled(name: &str) -> bool {
    COMMANDS.iter().find(|row| row.name == name).is_none_or(|row| row.settled)
}

/// What went wrong, with its causes, in one line: of a text that shows where, only what it says.
fn in_a_line(stop: &Stop) -> String {
    let told = match stop {
        Stop::Fault(_) => stop.fault().unwrap_or_default().0,
        other => crate::gate::nagios::reason(other),
    };
    let lines: Vec<&str> = told.lines().collect();
    match lines.as_slice() {
        [first, _, .., last] => format!("{first}: {last}"),
        _ => told,
    }
}

/// Runs a cross-domain command by name.
pub(crate) fn run(name: &str, words: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    let row = COMMANDS.iter().find(|row| row.name == name);
    row.map_or_else(
        || Err(Stop::bug(&format!("no command `{name}`"))),
        |row| (row.run)(words, session),
    )
}

// Which part of the estate a command looks at. A doc comment would become the title of each command that has it.
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
    /// As the store asks for objects.
    fn wanted(&self) -> Wanted<'_> {
        Wanted { domain: self.domain.as_deref(), instance: self.instance.as_deref() }
    }

    /// What a moment may hold: every domain. A scope chooses among it.
    fn parts() -> Vec<Part> {
        apis::APIS
            .iter()
            .map(|api| Part { domain: api.name, tables: api.tables, instances: api.instance.table })
            .collect()
    }

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
            names.extend(session.read(|read, _| named::all(read, api.instance.table))?);
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
        snapshot::shapes(),
        diff::shapes(),
        apply::shapes(),
        report::shapes(),
        doctor::shapes(),
        crate::manual::shapes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
