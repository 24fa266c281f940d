//! `kms request simulate`: what a host would answer, without a network.

use super::API;
use super::acting::administrator;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::ops::requests::{self, Simulation};
use crate::kms::view::SimulatedView;
use crate::output::ListOptions;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Send a host a modelled request: it counts and logs it as a real one would
    ///
    /// The client itself is not changed; `kms product activate` does that. Exit 1 when a client is not activated by the answer;
    /// what the host counted is kept.
    #[command(
        after_help = "Examples:\n  licctl kms request simulate --host kms03 --client ws-0931\n  licctl kms request simulate --host kms03 --client pc --activation-id 'Windows 10 Professional' --count 25\n  licctl kms request simulate --host kms03 --client ws-0931 --client-time 2026-03-31T05:00:00Z -o json"
    )]
    Simulate(SimulateArguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct SimulateArguments {
    /// The machine that is asked
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: String,
    /// Who asks: a stored machine, or any other name together with `--activation-id`
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    client: String,
    /// The product; default: the primary Windows product of the client
    #[arg(long, value_name = "GUID|NAME", add = ArgValueCompleter::new(super::complete::editions))]
    activation_id: Option<String>,
    /// RequiredClientCount; default: that of the product
    #[arg(long, value_name = "N")]
    n: Option<u32>,
    /// What the client's clock says; default: the host's
    #[arg(long, value_name = "RFC3339")]
    client_time: Option<String>,
    /// LicenseStatus of the client, 0 to 6
    #[arg(long, value_name = "S")]
    lic_status: Option<u32>,
    /// Ask so often; a client that is no stored machine is then so many, numbered from 1
    #[arg(long, value_name = "K", default_value_t = 1)]
    count: u32,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let Command::Simulate(arguments) = command;
    let client_time = arguments
        .client_time
        .as_deref()
        .map(|text| {
            Timestamp::parse(text)
                .ok_or_else(|| Usage::new(format!("`--client-time {text}` is no RFC 3339 time")))
        })
        .transpose()?;
    let asked = Simulation {
        host: session.instance(&API, Some(&arguments.host))?,
        client: arguments.client.clone(),
        product: arguments.activation_id.clone(),
        required: arguments.n,
        client_time,
        status: arguments.lic_status,
        count: arguments.count,
    };
    let scene = administrator(session);
    let (answers, warning) = session.write(|tx, _| requests::simulate(tx, &scene, &asked))?;
    if let Some(warning) = warning {
        session.warn(warning);
    }
    session
        .printer
        .rows::<SimulatedView>(&arguments.list, answers.iter().map(SimulatedView::from))?;
    let refused = answers.iter().any(|answer| answer.refusal.is_some());
    Ok(if refused { Verdict::No } else { Verdict::Yes })
}
