//! Arguments to operations to views; one file a noun.

mod acting;
mod assignments;
mod calls;
mod catalogue;
mod complete;
mod cores;
mod entities;
mod evaluations;
mod expected;
mod export;
mod hosts;
mod import;
mod labels;
mod licenses;
mod plan;
mod questions;
mod vcenters;

use super::{catalog, import as readers, model, ops, store, view};
use crate::api::{Api, Instance};
use crate::catalog::Native;
use crate::deferred::Deferred;
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use clap::{ArgMatches, FromArgMatches, Subcommand};

/// The domain, as the spine knows it.
pub static API: Api = Api {
    name: "vsphere",
    title: "VMware vSphere licensing (LicenseManager, LicenseAssignmentManager)",
    instance: Instance {
        flag: "vcenter",
        environment: "LICCTL_VSPHERE_VCENTER",
        table: store::vcenters::VCENTERS.name,
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
    secret: |_, word| model::key::secret(word),
    disguised: catalog::codes::of_class,
    shapes: view::shapes,
    manual: include_str!("../manual.md"),
};

#[derive(Debug, Subcommand)]
enum Command {
    /// Which licenses are over-used or expiring, and what else is wrong?
    Audit(Deferred<questions::AuditArguments>),
    /// Which hosts run on evaluation, or on another edition than expected?
    Status(Deferred<questions::StatusArguments>),
    /// How many units does a move to licenses by cores need?
    Cores(Deferred<cores::Arguments>),
    /// What is unassigned, or could be taken back?
    Reclaim(Deferred<questions::ReclaimArguments>),
    /// On which licenses, the fewest of them, could hosts go?
    Plan(Deferred<plan::Arguments>),
    /// Bring in what vCenters and their tools tell of licenses
    Import(Deferred<import::Arguments>),
    /// Write licenses or assignments as the real tools do
    Export(Deferred<export::Arguments>),
    /// vCenters and stand-alone hosts
    #[command(subcommand)]
    Vcenter(Deferred<vcenters::Command>),
    /// The inventory of licenses
    #[command(subcommand)]
    License(Deferred<licenses::Command>),
    /// Which entity holds which license
    #[command(subcommand)]
    Assignment(Deferred<assignments::Command>),
    /// Assign a license to entities
    Assign(Deferred<assignments::AssignArguments>),
    /// Take the licenses of entities away
    Unassign(Deferred<assignments::UnassignArguments>),
    /// Switch entities back to their evaluation
    Evaluate(Deferred<assignments::EvaluateArguments>),
    /// Hosts, clusters and solutions
    #[command(subcommand)]
    Entity(Deferred<entities::Command>),
    /// What keys and editions are
    #[command(subcommand)]
    Catalogue(Deferred<catalogue::Command>),
    /// Evaluation of the vCenter and of its entities
    #[command(subcommand)]
    Evaluation(Deferred<evaluations::Command>),
    /// What hosts themselves say of their license
    #[command(subcommand)]
    HostLicense(Deferred<hosts::Command>),
    /// Which hosts say another license than their vCenter?
    Drift(Deferred<hosts::DriftArguments>),
    /// Let the vCenter override what hosts say
    Sync(Deferred<hosts::SyncArguments>),
    /// Does the license of a host have a feature?
    CheckFeature(Deferred<calls::FeatureArguments>),
    /// Call any method by its own name
    Call(Deferred<calls::CallArguments>),
}

fn run(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    let command =
        Command::from_arg_matches(matches).map_err(|error| Stop::bug(&error.to_string()))?;
    let answer = answered(command, session).map_err(classed);
    if session.printer.look.secrets { answer } else { answer.map_err(ops::veil::stop) }
}

/// A refusal with the class of its fault, by which clients of the API know it.
fn classed(mut stop: Stop) -> Stop {
    if let Stop::Refused(refusal) = &mut stop
        && let Native::VimFault(class) = refusal.code.native
        && class.contains(".fault.")
    {
        refusal.detail.push(("faultClass", class.to_owned()));
    }
    stop
}

fn answered(command: Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Audit(arguments) => questions::audit(&arguments, session),
        Command::Status(arguments) => questions::status(&arguments, session),
        Command::Cores(arguments) => cores::run(&arguments, session),
        Command::Reclaim(arguments) => questions::reclaim(&arguments, session),
        Command::Plan(arguments) => plan::run(&arguments, session),
        Command::Import(arguments) => import::run(&arguments, session),
        Command::Export(arguments) => export::run(&arguments, session),
        Command::Vcenter(command) => vcenters::run(&command.0, session),
        Command::License(command) => licenses::run(&command.0, session),
        Command::Assignment(command) => assignments::run(&command.0, session),
        Command::Assign(arguments) => assignments::assign(&arguments, session),
        Command::Unassign(arguments) => assignments::unassign(&arguments, session),
        Command::Evaluate(arguments) => assignments::evaluate(&arguments, session),
        Command::Entity(command) => entities::run(&command.0, session),
        Command::Catalogue(command) => catalogue::run(&command.0, session),
        Command::Evaluation(command) => evaluations::run(&command.0, session),
        Command::HostLicense(command) => hosts::run(&command.0, session),
        Command::Drift(arguments) => hosts::drift(&arguments, session),
        Command::Sync(arguments) => hosts::sync(&arguments, session),
        Command::CheckFeature(arguments) => calls::check_feature(&arguments, session),
        Command::Call(arguments) => calls::call(&arguments, session),
    }
}
