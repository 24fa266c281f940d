//! Arguments to operations to views; one file a noun.

mod acting;
mod capacity;
mod commuter;
mod complete;
mod decode;
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
mod reservations;
mod servers;
mod sessions;
mod status;
mod trial;

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

/// Letters and digits that a license code has before its `#` at least.
const SHORTEST_CODE: usize = 24;

/// A license code as far as one can be told: a long row of letters, digits and a few signs that a `#` ends, with or without the
/// remark behind it.
fn secret(word: &str) -> Option<Mask> {
    let (code, _) = word.split_once('#')?;
    let sign = |letter: char| letter.is_ascii_alphanumeric() || " *+,:$-".contains(letter);
    let letters = code.chars().filter(char::is_ascii_alphanumeric).count();
    let digit = code.chars().any(|letter| letter.is_ascii_digit());
    (digit && letters >= SHORTEST_CODE && code.chars().all(sign)).then_some(Mask::Whole)
}

#[derive(Debug, Subcommand)]
enum Command {
    Query(query::Arguments),
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
    Capacity(capacity::CapacityArguments),
    Expiring(questions::ExpiringArguments),
    Holders(capacity::HolderArguments),
    Denials(capacity::DenialArguments),
    Usage(capacity::UsageArguments),
    Lint(lint::LintArguments),
    Import(import::Arguments),
    Export(export::Arguments),
    StatusCode(status::Arguments),
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
        Command::Lint(arguments) => lint::lint(&arguments, session),
        Command::Import(arguments) => import::run(&arguments, session),
        Command::Export(arguments) => export::run(&arguments, session),
        Command::StatusCode(arguments) => status::run(&arguments, session),
        Command::Decode(command) => decode::run(&command.0, session),
        Command::Env(command) => environment::run(&command.0, session),
    }
}

#[cfg(test)]
mod tests {
    use super::secret;
    use crate::catalog::Mask;

    #[test]
    fn what_looks_like_a_license_code_is_hidden_whole() {
        let code = "1B2A 3C4D5E6F 7A8B9C0D,1E2F3A4B5C6D7E8F # \"CAD\" version \"7.0\"";
        assert_eq!(secret(code), Some(Mask::Whole));
        assert_eq!(secret("*1AB2CD3EF4AB5CD6EF7AB8CD9EF#"), Some(Mask::Whole));
        for plain in [
            "D3C802D6979EA395",
            "2014-*1AB2CD3EF4AB5CD6EF7AB8CD9EF0AB1CD2",
            "0x8ef38b91(20#)",
            "a comment with # in it and no code before it whatsoever",
            "",
        ] {
            assert_eq!(secret(plain), None, "{plain}");
        }
    }
}
