//! `rms status-code`: what a status code means; statusInfo of the API.

use crate::error::{Outcome, Refusal, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::catalog::codes::{CODES, SNTL_UNKNOWN_STATUS, named, numbered};
use crate::rms::catalog::methods::STATUS_INFO;
use crate::rms::view::CodeView;
use crate::session::Session;
use clap_complete::ArgValueCompleter;

/// Tell what a status code means
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms status-code 210139\n  licctl rms status-code SNTL_NO_MORE_LICENSES\n  licctl rms status-code --list"
)]
pub(super) struct Arguments {
    /// A number or a symbol, old ones too
    #[arg(value_name = "CODE|NAME", required_unless_present = "list", conflicts_with = "list", add = ArgValueCompleter::new(super::complete::symbols))]
    code: Option<String>,
    /// Every code that is known
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    options: ListOptions,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let Some(wanted) = &arguments.code else {
        session.printer.list::<CodeView>(&arguments.options, |sink| {
            for code in CODES {
                if sink.row(&CodeView::from(code))?.is_break() {
                    break;
                }
            }
            Ok(())
        })?;
        return Ok(Verdict::Yes);
    };
    let found = match wanted.parse() {
        Ok(number) => numbered(number),
        Err(_) if wanted.starts_with(|letter: char| letter.is_ascii_alphabetic()) => named(wanted),
        Err(_) => {
            return Err(Usage::new(format!("`{wanted}` is no status code"))
                .hinted("a decimal number, or a symbol such as `SNTL_NO_MORE_LICENSES`")
                .into());
        }
    };
    let code = found.ok_or_else(|| {
        Refusal::new(&SNTL_UNKNOWN_STATUS, format!("`{wanted}` is not in the table"))
            .of(STATUS_INFO.name)
            .hinted("`licctl rms status-code --list` shows what is known")
    })?;
    session.show(&CodeView::from(code))?;
    Ok(Verdict::Yes)
}
