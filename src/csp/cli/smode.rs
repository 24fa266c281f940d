//! `csp smode …`: leaving S mode, and who may.

use super::acting::{Acted, Device, scene, settle};
use super::emit::Emit;
use super::nodes::{GetArguments, get};
use crate::csp::catalog::nodes::{self, Verb};
use crate::csp::ops;
use crate::csp::rules::address;
use crate::csp::view::ActionView;
use crate::error::{Outcome, Verdict};
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The status of the switch; refused with 404 before the first request
    #[command(
        after_help = "Examples:\n  licctl csp smode status\n  licctl csp smode status --device TB-03 -o json"
    )]
    Status {
        #[command(flatten)]
        device: Device,
    },
    /// Switch out of S mode
    #[command(after_help = "Example:\n  licctl csp smode switch --device TB-03")]
    Switch {
        #[command(flatten)]
        emit: Emit,
        #[command(flatten)]
        device: Device,
    },
    /// Show, set or delete the policy that tells whether the user may leave S mode
    #[command(
        after_help = "Examples:\n  licctl csp smode policy\n  licctl csp smode policy 1\n  licctl csp smode policy delete"
    )]
    Policy {
        /// 0: the user may; 1: only the admin; `delete`
        #[arg(value_name = "0|1|delete", value_parser = clap::builder::PossibleValuesParser::new(["0", "1", "delete"]))]
        policy: Option<String>,
        #[command(flatten)]
        emit: Emit,
        #[command(flatten)]
        device: Device,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Status { device } => {
            get(&GetArguments::of(nodes::SMODE_STATUS.path, device), session)
        }
        Command::Switch { emit, device } => {
            let path = nodes::SWITCH_FROM_SMODE.path;
            match emit.write(session, (Verb::Exec, path), None)? {
                Some(written) => Ok(written),
                None => act(session, device, (Verb::Exec, path), None),
            }
        }
        Command::Policy { policy: None, emit, device } => {
            let path = nodes::SWITCHING_POLICY.path;
            match emit.write(session, (Verb::Get, path), None)? {
                Some(written) => Ok(written),
                None => get(&GetArguments::of(path, device), session),
            }
        }
        Command::Policy { policy: Some(policy), emit, device } => {
            let path = nodes::SWITCHING_POLICY.path;
            // A policy that was never set is added by its first value, on a real device as well.
            let (verb, data, written) = match policy.as_str() {
                "delete" => (Verb::Delete, None, Verb::Delete),
                value => (Verb::Replace, Some(value), Verb::Add),
            };
            match emit.write(session, (written, path), data)? {
                Some(written) => Ok(written),
                None => act(session, device, (verb, path), data),
            }
        }
    }
}

fn act(
    session: &mut Session,
    device: &Device,
    (verb, path): (Verb, &str),
    data: Option<&str>,
) -> Outcome<Verdict> {
    let (device, uri, scene) = (device.name(session)?, address::expand(path), scene(session));
    let (verb, answer) = session.write(|tx, _| {
        let answer = ops::nodes::act(tx, &device, &ops::nodes::request(verb, &uri, data), &scene)?;
        // A policy that was never set is added by its first value.
        if verb == Verb::Replace && answer.status == 404 {
            let request = ops::nodes::request(Verb::Add, &uri, data);
            return Ok((Verb::Add, ops::nodes::act(tx, &device, &request, &scene)?));
        }
        Ok((verb, answer))
    })?;
    let view = ActionView::new(&uri, verb.word(), &answer);
    let Acted { status, .. } = settle(answer, verb)?;
    session.tell(&view, &format!("{status} {}", verb.word()))?;
    Ok(Verdict::Yes)
}
