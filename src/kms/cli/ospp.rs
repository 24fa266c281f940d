//! `kms ospp`: the text of ospp.vbs, the script of Office.

use super::acting::Target;
use super::slmgr::page;
use crate::error::{Outcome, Verdict};
use crate::kms::export::slmgr::Listed;
use crate::kms::ops::ospp;
use crate::session::Session;
use clap::builder::PossibleValuesParser;

/// The Office products of a machine, as ospp.vbs prints them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms ospp --machine ws-0931\n  licctl kms ospp /dstatusall | licctl kms import - --machine copy"
)]
pub(super) struct Arguments {
    /// `/dstatus`: the products with a key; `/dstatusall`: every one
    #[arg(value_name = "OPTION", default_value = SHORT, value_parser = PossibleValuesParser::new([SHORT, LONG]))]
    option: String,
    #[command(flatten)]
    target: Target,
}

const SHORT: &str = "/dstatus";
const LONG: &str = "/dstatusall";

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.target.name(session)?;
    let listed = if arguments.option == LONG { Listed::All } else { Listed::WithKey };
    let (lines, held) = session.read(|read, now| ospp::show(read, &name, listed, now))?;
    session.warn_all(held.warnings);
    page(session, lines)?;
    Ok(Verdict::Yes)
}
