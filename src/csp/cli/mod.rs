//! Arguments to operations to views; one file a noun.

mod acting;
mod apply;
mod complete;
mod ddf;
mod devices;
mod editions;
mod emit;
mod export;
mod import;
mod keys;
mod lint;
mod nodes;
mod smode;
mod status;

use super::{catalog, import as readers, model, ops, store, view};
use crate::api::{Api, Instance};
use crate::catalog::Mask;
use crate::csp::catalog::code_named;
use crate::csp::rules::decode::decode;
use crate::deferred::Deferred;
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use clap::{ArgMatches, FromArgMatches, Subcommand};

/// The domain, as the spine knows it.
pub static API: Api = Api {
    name: "csp",
    title: "Windows licensing over MDM (WindowsLicensing CSP)",
    instance: Instance {
        flag: "device",
        environment: "LICCTL_CSP_DEVICE",
        table: store::devices::DEVICES.name,
    },
    catalog: &catalog::CATALOG,
    tables: &store::TABLES,
    command: Command::augment_subcommands,
    run,
    kinds: readers::KINDS,
    intake: ops::intake::start,
    findings: ops::questions::findings,
    charts: ops::questions::charts,
    summary: ops::questions::summary,
    desired: &ops::desired::DESIRED,
    secret,
    disguised: |text| decode(text)?.symbol.and_then(code_named),
    shapes: view::shapes,
    manual: include_str!("../manual.md"),
};

/// A Windows product key.
fn secret(_: &str, word: &str) -> Option<Mask> {
    model::key::ProductKey::new(word).is_ok().then_some(Mask::LastFive)
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Devices: made to rehearse on, or imported
    #[command(subcommand)]
    Device(Deferred<devices::Command>),
    Tree(Deferred<nodes::TreeArguments>),
    Get(Deferred<nodes::GetArguments>),
    Set(Deferred<nodes::SetArguments>),
    Add(Deferred<nodes::AddArguments>),
    Delete(Deferred<nodes::DeleteArguments>),
    Exec(Deferred<nodes::ExecArguments>),
    /// Upgrade the edition with a product key
    #[command(after_help = "Example:\n  licctl csp upgrade --key-file key.txt --device NB-017")]
    Upgrade(Deferred<keys::KeyArguments>),
    /// Install a product key; never restarts
    #[command(after_help = "Example:\n  licctl csp change-key --key-file key.txt")]
    ChangeKey(Deferred<keys::KeyArguments>),
    /// Can a product key upgrade this device? Exit 1 when not
    #[command(after_help = "Example:\n  licctl csp check-key --key-file key.txt")]
    CheckKey(Deferred<keys::KeyArguments>),
    /// Leaving S mode, and who may
    #[command(subcommand)]
    Smode(Deferred<smode::Command>),
    Apply(Deferred<apply::Arguments>),
    Lint(Deferred<lint::Arguments>),
    Ddf(Deferred<ddf::Arguments>),
    /// Which edition can become which, by every published table
    #[command(subcommand)]
    Path(Deferred<editions::PathCommand>),
    /// Editions as GetProductInfo numbers them
    #[command(subcommand)]
    Edition(Deferred<editions::EditionCommand>),
    /// The catalogue of product keys, which holds none
    #[command(subcommand)]
    Key(Deferred<keys::Command>),
    /// Codes of OMA-DM, of Windows and of Intune
    #[command(subcommand)]
    Status(Deferred<status::Command>),
    Import(Deferred<import::Arguments>),
    Export(Deferred<export::Arguments>),
}

fn run(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    let command =
        Command::from_arg_matches(matches).map_err(|error| Stop::bug(&error.to_string()))?;
    // What is wrong with a document or an address is told with a quotation of it, and that may be a key.
    dispatch(&command, session).map_err(ops::cover::covered)
}

fn dispatch(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Device(command) => devices::run(&command.0, session),
        Command::Tree(arguments) => nodes::tree(arguments, session),
        Command::Get(arguments) => nodes::get(arguments, session),
        Command::Set(arguments) => nodes::set(arguments, session),
        Command::Add(arguments) => nodes::add(arguments, session),
        Command::Delete(arguments) => nodes::delete(arguments, session),
        Command::Exec(arguments) => nodes::exec(arguments, session),
        Command::Upgrade(arguments) => keys::upgrade(arguments, session),
        Command::ChangeKey(arguments) => keys::change(arguments, session),
        Command::CheckKey(arguments) => keys::check(arguments, session),
        Command::Smode(command) => smode::run(&command.0, session),
        Command::Apply(arguments) => apply::run(arguments, session),
        Command::Lint(arguments) => lint::run(arguments, session),
        Command::Ddf(arguments) => ddf::run(arguments, session),
        Command::Path(command) => editions::run_path(&command.0, session),
        Command::Edition(command) => editions::run_edition(&command.0, session),
        Command::Key(command) => keys::run(&command.0, session),
        Command::Status(command) => status::run(&command.0, session),
        Command::Import(arguments) => import::run(arguments, session),
        Command::Export(arguments) => export::run(arguments, session),
    }
}
