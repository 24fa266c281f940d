//! `migrate …`: all licenses of a server onto another one.

use super::acting::named;
use super::questions::verdict;
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::model::KeyPackId;
use crate::tslicense::ops::migrate::{self, Asked};
use crate::tslicense::report::verification::Fate;
use crate::tslicense::view::{StepView, VerifiedView};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the steps, and remember what both servers own now
    #[command(
        after_help = "Example:\n  licctl tslicense migrate plan --from ls01.corp.contoso.example --to ls03.corp.contoso.example"
    )]
    Plan(Arguments),
    /// Do the steps that are ready, in the store
    #[command(
        after_help = "Example:\n  licctl tslicense migrate run --from ls01.corp.contoso.example --to ls03.corp.contoso.example --dry-run"
    )]
    Run(Arguments),
    /// Compare both servers with what they were when the migration was planned
    ///
    /// Licenses that are still on the old server too are double, those that are on neither are lost.
    #[command(
        after_help = "Example:\n  licctl tslicense migrate verify --from ls01.corp.contoso.example --to ls03.corp.contoso.example"
    )]
    Verify {
        #[command(flatten)]
        arguments: Pair,
        /// Exit 1 when there is a finding of this level or worse
        #[arg(long, value_name = "LEVEL", default_value = "error")]
        fail_on: Level,
        #[command(flatten)]
        list: ListOptions,
    },
}

#[derive(Debug, Args)]
pub(super) struct Pair {
    /// The license server that has the licenses
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    from: String,
    /// The license server that gets them
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    to: String,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pair: Pair,
    /// Only this key pack; repeatable
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(super::complete::packs))]
    pack: Vec<u32>,
    /// How packs of an unknown program are imported
    #[arg(long, value_name = "PROGRAM", value_parser = PossibleValuesParser::new(Program::ALL.map(Program::word)))]
    method: Option<String>,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let (pair, rest) = match command {
        Command::Plan(arguments) | Command::Run(arguments) => (&arguments.pair, Some(arguments)),
        Command::Verify { arguments, .. } => (arguments, None),
    };
    let (from, to) = (named(session, Some(&pair.from))?, named(session, Some(&pair.to))?);
    let packs: Vec<KeyPackId> =
        rest.iter().flat_map(|arguments| arguments.pack.iter().copied().map(KeyPackId)).collect();
    let program = rest.and_then(|arguments| Program::named(arguments.method.as_deref()?));
    let asked = Asked { from: &from, to: &to, packs: &packs, program };
    match command {
        Command::Plan(arguments) => {
            let steps = session.write(|tx, now| migrate::plan(tx, &asked, now))?;
            session.printer.rows::<StepView>(&arguments.list, StepView::all(&steps))?;
        }
        Command::Run(arguments) => {
            let (steps, warnings) = session.write(|tx, now| migrate::run(tx, &asked, now))?;
            session.warn_all(warnings);
            session.printer.rows::<StepView>(&arguments.list, StepView::all(&steps))?;
        }
        Command::Verify { fail_on, list, .. } => {
            let lines = session.read(|read, now| migrate::verify(read, &asked, now))?;
            session.printer.rows::<VerifiedView>(list, lines.iter().map(VerifiedView::from))?;
            let bad = lines.iter().any(|line| line.fate != Fate::Ok);
            return Ok(verdict(Some(*fail_on), bad.then_some(Level::Error)));
        }
    }
    Ok(Verdict::Yes)
}
