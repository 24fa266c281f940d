//! Arguments to operations to views; one file a noun.

mod acting;
mod bringing;
mod calls;
mod complete;
mod demand;
mod export;
mod hosts;
mod import;
mod licenses;
mod migrate;
mod outlook;
mod packs;
mod plan;
mod questions;
mod reports;
mod saying;
mod secret;
mod servers;

use super::{catalog, import as readers, ops, store, view};
use crate::api::{Api, Instance};
use crate::deferred::Deferred;
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use clap::{ArgMatches, FromArgMatches, Subcommand};

/// The domain, as the spine knows it.
pub static API: Api = Api {
    name: "tslicense",
    title: "Remote Desktop Services licensing",
    instance: Instance {
        flag: "server",
        environment: "LICCTL_TSLICENSE_SERVER",
        table: store::servers::SERVERS.name,
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
    secret: secret::mask,
    disguised: |_| None,
    shapes: view::shapes,
    manual: include_str!("../manual.md"),
};

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring in what license servers show
    Import(Deferred<import::Arguments>),
    /// Write what is stored as an artefact, or for monitoring
    Export(Deferred<export::Arguments>),
    /// Are there enough licenses, per user and per device, by version?
    Audit(Deferred<questions::AuditArguments>),
    /// When do licenses run out or expire?
    Forecast(Deferred<outlook::ForecastArguments>),
    /// Which devices hold several licenses?
    Duplicates(Deferred<plan::DuplicatesArguments>),
    /// How many licenses may be revoked today, which, and when the rest?
    RevokePlan(Deferred<plan::PlanArguments>),
    /// All licenses of a server onto another one: planned, done, verified
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Migrate(Deferred<migrate::Command>),
    /// What breaks when a session host moves to a newer release?
    UpgradeCheck(Deferred<outlook::UpgradeArguments>),
    /// Why does a session host get no licenses?
    Diagnose(Deferred<outlook::DiagnoseArguments>),
    /// License servers: made to rehearse on, or met in what was imported
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Server(Deferred<servers::Command>),
    /// Key packs, and every method that brings, moves or removes licenses
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Keypack(Deferred<packs::Command>),
    /// Licenses that are issued to devices
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Issued(Deferred<licenses::IssuedCommand>),
    /// Licenses that are issued to users
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    User(Deferred<licenses::UserCommand>),
    /// License usage reports, frozen when they are made
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Report(Deferred<reports::Command>),
    /// Session hosts: their mode, their grace period, the license servers that they ask
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Host(Deferred<hosts::Command>),
    /// Connections as a session host would make them
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Simulate(Deferred<licenses::SimulateCommand>),
    /// Call any method by its own name, as strict as the API
    Call(Deferred<calls::CallArguments>),
    /// The event list of a server
    Events(Deferred<calls::EventArguments>),
}

fn run(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    match Command::from_arg_matches(matches).map_err(|error| Stop::bug(&error.to_string()))? {
        Command::Import(arguments) => import::run(&arguments, session),
        Command::Export(arguments) => export::run(&arguments, session),
        Command::Audit(arguments) => questions::audit(&arguments, session),
        Command::Duplicates(arguments) => plan::duplicates(&arguments, session),
        Command::RevokePlan(arguments) => plan::revoke_plan(&arguments, session),
        Command::Forecast(arguments) => outlook::forecast(&arguments, session),
        Command::UpgradeCheck(arguments) => outlook::upgrade(&arguments, session),
        Command::Diagnose(arguments) => outlook::diagnose(&arguments, session),
        Command::Migrate(command) => migrate::run(&command.0, session),
        Command::Issued(command) => licenses::issued(&command.0, session),
        Command::User(command) => licenses::users(&command.0, session),
        Command::Report(command) => reports::run(&command.0, session),
        Command::Host(command) => hosts::run(&command.0, session),
        Command::Simulate(command) => licenses::simulate(&command.0, session),
        Command::Server(command) => servers::run(&command.0, session),
        Command::Keypack(command) => packs::run(&command.0, session),
        Command::Call(arguments) => calls::call(&arguments, session),
        Command::Events(arguments) => calls::events(&arguments, session),
    }
}
