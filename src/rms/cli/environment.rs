//! `rms env …`: what environment variables of clients say.

use crate::error::{Outcome, Refusal, Usage, Verdict, Warning};
use crate::output::ListOptions;
use crate::rms::catalog::codes::SNTL_BAD_HOSTNAME;
use crate::rms::import::hosts::{Separator, hosts, is_host};
use crate::rms::view::HostView;
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take the value of `LSHOST` or `LSFORCEHOST` apart: which License Managers a client asks, in which order
    ///
    /// Hosts are parted by `~`; kits before 8 part them by `:`. `LSHOST` is tried first, and the network after it; `LSFORCEHOST` alone.
    #[command(
        after_help = "Examples:\n  licctl rms env check \"$LSHOST\"\n  licctl rms env check lic01~lic02.example.org"
    )]
    Check {
        /// The value
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let Command::Check { value, list } = command;
    let (separator, found) = hosts(value);
    if found.is_empty() {
        return Err(Usage::new("the value names no host").hinted("`lic01~lic02`").into());
    }
    if let Some(wrong) = found.iter().find(|word| !is_host(word)) {
        let message = format!("`{wrong}` is no host name and no address");
        return Err(Refusal::new(&SNTL_BAD_HOSTNAME, message)
            .hinted("hosts are parted by `~`: `lic01~lic02`")
            .into());
    }
    if separator == Separator::Colon {
        let message = "hosts are parted by `:`, which kits from 8 on do not: they take `~`";
        session.warn_all(vec![Warning::new("W_OLD_SEPARATOR", message)]);
    }
    session.printer.list::<HostView>(list, |sink| {
        sink.rows((1..).zip(&found).map(|(at, host)| HostView::new(at, host, separator.text())))
    })?;
    Ok(Verdict::Yes)
}
