//! `kms service …` and `kms call`: the one object of `SoftwareLicensingService`, and every method by its own name.

use super::acting::{Acting, Target, show_object};
use crate::catalog::Direction;
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::catalog::methods::{PRODUCT, SERVICE};
use crate::kms::ops::call;
use crate::kms::ops::machines::Held;
use crate::kms::rules::read::{self, Members};
use crate::kms::store::pools::Clients;
use crate::kms::view::ServiceView;

use crate::session::Session;
use clap::{Arg, ArgMatches, FromArgMatches, Subcommand};
use clap_complete::ArgValueCompleter;
use serde_json::Value as Json;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the properties of the service
    #[command(
        after_help = "Examples:\n  licctl kms service show\n  licctl kms service show --machine kms03 -o json --jq .KeyManagementServiceCurrentCount"
    )]
    Show {
        /// Every property, null where the profile has none
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Call any method by its own name
    Call(CallArguments),
    /// Bring the license status up to date (`RefreshLicenseStatus`)
    #[command(after_help = "Example:\n  licctl kms service refresh --machine ws-0931")]
    Refresh(Acting),
    /// Rearm Windows; the effect comes with the restart (`ReArmWindows`)
    #[command(
        after_help = "Example:\n  licctl kms service rearm --machine ws-0931 && licctl kms machine reboot ws-0931"
    )]
    Rearm(Acting),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms service call SetVLRenewalInterval --RenewalInterval 10080\n  licctl kms call SetKeyManagementServiceMachine --params '{\"MachineName\": \"kms03\"}' --machine ws-0931\n  licctl kms call ReArmSku --activation-id 2de67392-b7a7-462a-b1ca-108dd189f588 --machine ws-0931"
)]
pub(super) struct CallArguments {
    /// The method, without its class
    #[arg(value_name = "METHOD", add = ArgValueCompleter::new(super::complete::methods))]
    method: String,
    /// The parameters as a JSON object, by name
    #[arg(long, value_name = "JSON")]
    params: Option<String>,
    /// Call the method of this product instead of that of the service
    #[arg(long, value_name = "GUID|NAME")]
    activation_id: Option<String>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    parameters: Parameters,
}

/// The parameters of all methods, each an option of its own name: `--RenewalInterval 60`.
#[derive(Debug, Default)]
struct Parameters(Vec<(String, String)>);

/// The name of every parameter that a method takes, once.
fn names() -> Vec<&'static str> {
    let rows = SERVICE.iter().chain(&PRODUCT);
    let taken = rows.flat_map(|row| row.method.parameters.iter());
    let mut names: Vec<&'static str> = taken
        .filter(|parameter| parameter.direction == Direction::In)
        .map(|parameter| parameter.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl FromArgMatches for Parameters {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Self::default();
        given.update_from_arg_matches(matches)?;
        Ok(given)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let given = names().into_iter().filter_map(|name| {
            let text = matches.get_one::<String>(name)?;
            Some((name.to_owned(), text.clone()))
        });
        self.0.extend(given);
        Ok(())
    }
}

impl clap::Args for Parameters {
    fn augment_args(command: clap::Command) -> clap::Command {
        let option = |name: &'static str| {
            Arg::new(name)
                .long(name)
                .value_name("VALUE")
                .allow_negative_numbers(true)
                .help_heading("Parameters of the methods")
                .hide_short_help(true)
        };
        command.args(names().into_iter().map(option))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl CallArguments {
    /// Every parameter, from the options and from the JSON.
    fn given(&self) -> Outcome<Vec<(String, String)>> {
        let mut given = self.parameters.0.clone();
        let Some(text) = &self.params else {
            return Ok(given);
        };
        // What was typed may hold a key: it is not repeated.
        let wrong = || Usage::new("`--params` is no JSON object of texts, numbers and booleans");
        let json: Json = serde_json::from_str(text).map_err(|_| wrong())?;
        for (name, value) in json.as_object().ok_or_else(wrong)? {
            let value = match value {
                Json::String(text) => text.clone(),
                Json::Number(number) => number.to_string(),
                Json::Bool(flag) => flag.to_string(),
                Json::Null | Json::Array(_) | Json::Object(_) => return Err(wrong().into()),
            };
            given.push((name.clone(), value));
        }
        Ok(given)
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Show { all, target } => show(*all, target, session),
        Command::Call(arguments) => call(arguments, session),
        Command::Refresh(acting) => acting.call(
            session,
            |name| format!("refreshed the license status of `{name}`"),
            |tx, scene, name| call::call(tx, scene, (name, None), "RefreshLicenseStatus", &[]),
        ),
        Command::Rearm(acting) => acting.call(
            session,
            |name| format!("rearmed `{name}`; `licctl kms machine reboot` completes it"),
            |tx, scene, name| call::call(tx, scene, (name, None), "ReArmWindows", &[]),
        ),
    }
}

fn show(all: bool, target: &Target, session: &mut Session) -> Outcome<Verdict> {
    let name = target.name(session)?;
    let members = if all { Members::All } else { Members::OfProfile };
    let (view, warnings) = session.read(|read, now| {
        let held = Held::load(read, &name, now)?;
        let pools = held.pools(read, Clients::All)?;
        let properties = read::service(&held.state, &pools, members, now);
        Ok((ServiceView::new(&name, properties), held.warnings))
    })?;
    for warning in warnings {
        session.warn(warning);
    }
    show_object(session, &view, view.lines())?;
    Ok(Verdict::Yes)
}

/// `kms service call`, and `kms call`.
pub(super) fn call(arguments: &CallArguments, session: &mut Session) -> Outcome<Verdict> {
    let given = arguments.given()?;
    let given: Vec<(&str, &str)> =
        given.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (method, of) = (arguments.method.as_str(), arguments.activation_id.as_deref());
    arguments.acting.call(
        session,
        |name| format!("called `{method}` on `{name}`"),
        |tx, scene, name| call::call(tx, scene, (name, of), method, &given),
    )
}
