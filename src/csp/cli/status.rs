//! `csp status decode`: a code in any disguise.

use crate::csp::rules::decode;
use crate::csp::view::CodeView;
use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What a code means, however it is written; exit 1 when nobody knows it
    #[command(
        after_help = "Examples:\n  licctl csp status decode 405\n  licctl csp status decode -2016345707\n  licctl csp status decode 0x87D10195\n  licctl csp status decode 'Syncml(405)'"
    )]
    Decode {
        /// A status, an HRESULT, or what Intune makes of them; decimal, signed or hexadecimal
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let Command::Decode { value } = command;
    let decoded = decode::decode(value).ok_or_else(|| {
        Usage::new(format!("`{value}` is no code")).hinted(
            "a status such as `405`, an HRESULT such as `0x86000011`, or what Intune shows of one",
        )
    })?;
    session.show(&CodeView::from(&decoded))?;
    Ok(if decoded.symbol.is_some() { Verdict::Yes } else { Verdict::No })
}
