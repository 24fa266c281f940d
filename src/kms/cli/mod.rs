//! Arguments to operations to views; one file a noun.

mod acting;
mod clients;
mod complete;
mod dns;
mod events;
mod expected;
mod facts;
mod faults;
mod hosts;
mod import;
mod keys;
mod licenses;
mod machines;
mod ospp;
mod plan;
mod products;
mod questions;
mod reports;
mod requests;
mod services;
mod settings;
mod skus;
mod slmgr;
mod snapshots;

use super::{catalog, import as readers, ops, store, view};
use crate::api::{Api, Instance};
use crate::catalog::Mask;
use crate::deferred::Deferred;
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use clap::{ArgMatches, FromArgMatches, Subcommand};

/// The domain, as the spine knows it.
pub static API: Api = Api {
    name: "kms",
    title: "Windows volume activation (KMS)",
    instance: Instance {
        flag: "machine",
        environment: "LICCTL_KMS_MACHINE",
        table: store::MACHINES.name,
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
    disguised: |_| None,
    shapes: view::shapes,
    manual: include_str!("../manual.md"),
};

/// A Windows product key: five groups of five letters or digits; a longer word that holds one, as JSON does, is hidden whole.
fn secret(_: &str, word: &str) -> Option<Mask> {
    let groups: Vec<&str> = word.split('-').collect();
    let key = groups.len() == 5
        && groups.iter().all(|group| {
            group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if key { Some(Mask::LastFive) } else { readers::redact::holds_key(word).then_some(Mask::Whole) }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring in KMS logs and machine states
    Import(Deferred<import::Arguments>),
    /// Will the hosts reach their thresholds, and stay there?
    Threshold(Deferred<questions::ThresholdArguments>),
    /// Who has not renewed, and when do they fall out of activation?
    Stale(Deferred<questions::StaleArguments>),
    /// Which machines are clones of one image?
    Duplicates(Deferred<questions::DuplicatesArguments>),
    /// Which names come with ever new client machine IDs?
    Churn(Deferred<questions::ChurnArguments>),
    /// How many requests when, and of which kind?
    Trend(Deferred<reports::TrendArguments>),
    /// Are the settings of all machines what they should be?
    Policy(Deferred<reports::PolicyArguments>),
    /// Are the hosts well?
    Health(Deferred<reports::HealthArguments>),
    /// Do the counters of the hosts agree with themselves and with the logs?
    Counters(Deferred<reports::CountersArguments>),
    /// Whose clock differs from that of its host?
    Skew(Deferred<reports::SkewArguments>),
    /// Which records in the KMS logs are none of KMS?
    Suspicious(Deferred<reports::SuspiciousArguments>),
    /// Every question in one line
    Summary(Deferred<reports::SummaryArguments>),
    /// Requests in the host logs
    #[command(subcommand)]
    Event(Deferred<events::Command>),
    /// Clients that the logs know, and the client side of a machine
    #[command(subcommand)]
    Client(Deferred<clients::Command>),
    /// Machines: made to rehearse on, or met in what was imported
    #[command(subcommand)]
    Machine(Deferred<machines::Command>),
    /// The licensing service of a machine, and every method by its own name
    #[command(subcommand)]
    Service(Deferred<services::Command>),
    /// Call any method by its own name; the same as `service call`
    Call(Deferred<services::CallArguments>),
    /// The settings of a KMS host, and the clients that it counts
    #[command(subcommand)]
    Host(Deferred<hosts::Command>),
    /// Product keys, of which the last five characters are kept
    #[command(subcommand)]
    Key(Deferred<keys::Command>),
    /// The products of a machine
    #[command(subcommand)]
    Product(Deferred<products::Command>),
    /// Licence files
    #[command(subcommand)]
    License(Deferred<licenses::Command>),
    /// The command line of slmgr, with its texts: `/dli`, `/dlv`, `/xpr`, `/skms`, `/sai`, `/ato` and the others
    ///
    /// What the service refuses is printed as slmgr does, `Error: 0x…`, and the exit status is 1. Keys are not taken: `/ipk` is
    /// `licctl kms key install`.
    Slmgr(Deferred<slmgr::Arguments>),
    /// The Office products of a machine, as ospp.vbs prints them
    Ospp(Deferred<ospp::Arguments>),
    /// Snapshots that were imported: what a tool showed of a machine
    #[command(subcommand)]
    Snapshot(Deferred<snapshots::Command>),
    /// What must be set on a real machine so that it becomes what the model says
    Plan(Deferred<plan::Arguments>),
    /// Do the SRV records of DNS send the clients where the hosts are?
    DnsCheck(Deferred<dns::CheckArguments>),
    /// The SRV records that DNS should hold for the stored hosts
    DnsPlan(Deferred<dns::PlanArguments>),
    /// Modelled requests to a host
    #[command(subcommand)]
    Request(Deferred<requests::Command>),
    /// Errors on order, to rehearse how scripts handle them
    #[command(subcommand)]
    Fault(Deferred<faults::Command>),
    /// Products that are activated through KMS
    #[command(subcommand)]
    Sku(Deferred<skus::Command>),
    /// Codes of the API; `licctl explain` knows those of every domain
    Error(Deferred<facts::ErrorArguments>),
}

fn run(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    match Command::from_arg_matches(matches).map_err(|error| Stop::bug(&error.to_string()))? {
        Command::Import(arguments) => import::run(&arguments, session),
        Command::Threshold(arguments) => questions::threshold(&arguments, session),
        Command::Stale(arguments) => questions::stale(&arguments, session),
        Command::Duplicates(arguments) => questions::duplicates(&arguments, session),
        Command::Churn(arguments) => questions::churn(&arguments, session),
        Command::Trend(arguments) => reports::trend(&arguments, session),
        Command::Policy(arguments) => reports::policy(&arguments, session),
        Command::Health(arguments) => reports::health(&arguments, session),
        Command::Counters(arguments) => reports::counters(&arguments, session),
        Command::Skew(arguments) => reports::skew(&arguments, session),
        Command::Suspicious(arguments) => reports::suspicious(&arguments, session),
        Command::Summary(arguments) => reports::summary(&arguments, session),
        Command::Event(command) => events::run(&command.0, session),
        Command::Client(command) => clients::run(&command.0, session),
        Command::Machine(command) => machines::run(&command.0, session),
        Command::Service(command) => services::run(&command.0, session),
        Command::Call(arguments) => services::call(&arguments, session),
        Command::Host(command) => hosts::run(&command.0, session),
        Command::Key(command) => keys::run(&command.0, session),
        Command::Product(command) => products::run(&command.0, session),
        Command::License(command) => licenses::run(&command.0, session),
        Command::Slmgr(arguments) => slmgr::run(&arguments, session),
        Command::Ospp(arguments) => ospp::run(&arguments, session),
        Command::Snapshot(command) => snapshots::run(&command.0, session),
        Command::Plan(arguments) => plan::run(&arguments, session),
        Command::DnsCheck(arguments) => dns::check(&arguments, session),
        Command::DnsPlan(arguments) => dns::plan(&arguments, session),
        Command::Request(command) => requests::run(&command.0, session),
        Command::Fault(command) => faults::run(&command.0, session),
        Command::Sku(command) => skus::run(&command.0, session),
        Command::Error(arguments) => facts::error(&arguments, session),
    }
}
