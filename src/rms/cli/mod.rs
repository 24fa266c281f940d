//! Arguments to operations to views; one file a noun.

mod acting;
mod capacity;
mod commuter;
mod complete;
mod decode;
mod difference;
mod environment;
mod export;
mod features;
mod files;
mod import;
mod licenses;
mod lint;
mod pool;
mod query;
mod questions;
mod replay;
mod reservations;
mod servers;
mod sessions;
mod status;
mod trial;
mod which;

use super::rules::secrecy::holds_code;
use super::{catalog, import as readers, ops, store, view};
use crate::api::{Api, Instance};
use crate::catalog::Mask;
use crate::deferred::Deferred;
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use clap::{ArgMatches, FromArgMatches, Subcommand};

/// The domain, as the spine knows it.
pub static API: Api = Api {
    name: "rms",
    title: "Sentinel RMS licences (licenseInfo)",
    instance: Instance {
        flag: "server",
        environment: "LICCTL_RMS_SERVER",
        table: store::servers::SERVERS.name,
    },
    catalog: &catalog::CATALOG,
    tables: &store::TABLES,
    command: Command::augment_subcommands,
    run,
    kinds: readers::KINDS,
    intake: ops::intake::start,
    findings: ops::questions::findings,
    charts: ops::charts::charts,
    summary: ops::questions::summary,
    desired: &ops::desired::DESIRED,
    secret,
    disguised: |_| None,
    shapes: view::shapes,
    manual: include_str!("../manual.md"),
};

/// A license code, with or without the remark behind it.
fn secret(_: &str, word: &str) -> Option<Mask> {
    holds_code(word).then_some(Mask::Whole)
}

#[derive(Debug, Subcommand)]
enum Command {
    Query(Deferred<query::Arguments>),
    /// License Managers: made to rehearse on, or imported
    #[command(subcommand)]
    Server(Deferred<servers::Command>),
    /// Features, and the right that is served for each
    #[command(subcommand)]
    Feature(Deferred<features::Command>),
    /// Licenses of the table
    #[command(subcommand)]
    License(Deferred<licenses::Command>),
    /// Tokens: asked for, renewed, given back
    #[command(subcommand)]
    Session(Deferred<sessions::Command>),
    /// Clients that wait for tokens
    #[command(subcommand)]
    Queue(Deferred<sessions::Queue>),
    /// Tokens that are checked out
    #[command(subcommand)]
    Commuter(Deferred<commuter::Command>),
    /// What is left of trials
    #[command(subcommand)]
    Trial(Deferred<trial::Trial>),
    /// Features used while no License Manager can be reached
    #[command(subcommand)]
    Grace(Deferred<trial::Grace>),
    /// Tokens that are set apart for groups
    #[command(subcommand)]
    Reservation(Deferred<reservations::Command>),
    /// Redundant License Managers
    #[command(subcommand)]
    Pool(Deferred<pool::Command>),
    Capacity(Deferred<capacity::CapacityArguments>),
    Expiring(Deferred<questions::ExpiringArguments>),
    Holders(Deferred<capacity::HolderArguments>),
    Denials(Deferred<capacity::DenialArguments>),
    Usage(Deferred<capacity::UsageArguments>),
    Diff(Deferred<difference::DiffArguments>),
    Lint(Deferred<lint::LintArguments>),
    Import(Deferred<import::Arguments>),
    Export(Deferred<export::Arguments>),
    StatusCode(Deferred<status::Arguments>),
    /// What encoded numbers and codes say
    #[command(subcommand)]
    Decode(Deferred<decode::Command>),
    /// What environment variables of clients say
    #[command(subcommand)]
    Env(Deferred<environment::Command>),
}

fn run(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    match Command::from_arg_matches(matches).map_err(|error| Stop::bug(&error.to_string()))? {
        Command::Query(arguments) => query::run(&arguments, session),
        Command::Server(command) => servers::run(&command.0, session),
        Command::Feature(command) => features::run(&command.0, session),
        Command::License(command) => licenses::run(&command.0, session),
        Command::Session(command) => sessions::run(&command.0, session),
        Command::Queue(command) => sessions::queue(&command.0, session),
        Command::Commuter(command) => commuter::run(&command.0, session),
        Command::Trial(command) => trial::trial(&command.0, session),
        Command::Grace(command) => trial::grace(&command.0, session),
        Command::Reservation(command) => reservations::run(&command.0, session),
        Command::Pool(command) => pool::run(&command.0, session),
        Command::Capacity(arguments) => capacity::capacity(&arguments, session),
        Command::Holders(arguments) => capacity::holders(&arguments, session),
        Command::Denials(arguments) => capacity::denials(&arguments, session),
        Command::Usage(arguments) => capacity::usage(&arguments, session),
        Command::Expiring(arguments) => questions::expiring(&arguments, session),
        Command::Diff(arguments) => difference::diff(&arguments, session),
        Command::Lint(arguments) => lint::lint(&arguments, session),
        Command::Import(arguments) => import::run(&arguments, session),
        Command::Export(arguments) => export::run(&arguments, session),
        Command::StatusCode(arguments) => status::run(&arguments, session),
        Command::Decode(command) => decode::run(&command.0, session),
        Command::Env(command) => environment::run(&command.0, session),
    }
}
