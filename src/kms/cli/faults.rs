//! `kms fault …`: errors on order, to rehearse how scripts handle them.

use super::acting::Target;
use crate::error::{Outcome, Verdict};
use crate::kms::ops::faults;
use crate::kms::view::{FaultView, ReturnView};
use crate::output::ListOptions;
use crate::session::Session;
use crate::wording::many;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let the next calls of a method raise a code
    #[command(
        after_help = "Examples:\n  licctl kms fault set RefreshLicenseStatus 0x80041010\n  licctl kms fault set Activate SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED --times 3 --machine kms03"
    )]
    Set {
        /// The method, without its class
        #[arg(value_name = "METHOD", add = ArgValueCompleter::new(super::complete::methods))]
        method: String,
        /// A failure: `0xC004F039`, 3221549113, -1073418183, or a symbol
        #[arg(value_name = "CODE", allow_negative_numbers = true)]
        code: String,
        /// How many calls raise it
        #[arg(long, value_name = "N", default_value_t = 1)]
        times: u32,
        #[command(flatten)]
        target: Target,
    },
    /// List the faults that wait
    #[command(after_help = "Example:\n  licctl kms fault list --machine kms03")]
    List {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Remove the fault of a method, or all
    #[command(after_help = "Example:\n  licctl kms fault clear Activate")]
    Clear {
        /// The method; default: every one
        #[arg(value_name = "METHOD", add = ArgValueCompleter::new(super::complete::methods))]
        method: Option<String>,
        #[command(flatten)]
        target: Target,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Set { method, code, times, target } => {
            let name = target.name(session)?;
            let fault =
                session.write(|tx, now| faults::set(tx, &name, (method, code), *times, now))?;
            let view = FaultView::from(&fault);
            let calls =
                if *times == 1 { "next call".to_owned() } else { format!("next {times} calls") };
            let sentence = format!(
                "set the {calls} of `{}` on `{name}` to raise 0x{:08X}",
                fault.method, fault.code
            );
            session.tell(&view, &sentence)?;
        }
        Command::List { target, list } => {
            let name = target.name(session)?;
            session.list::<FaultView>(list, |read, now, sink| {
                sink.rows::<FaultView>(faults::list(read, &name, now)?.iter().map(FaultView::from))
            })?;
        }
        Command::Clear { method, target } => {
            let name = target.name(session)?;
            let removed =
                session.write(|tx, now| faults::clear(tx, &name, method.as_deref(), now))?;
            let sentence = format!("removed {} from `{name}`", many(removed, "fault"));
            session.tell(&ReturnView::default(), &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}
