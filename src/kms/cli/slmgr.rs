//! `kms slmgr …`: the command line of slmgr, with its texts.

use super::API;
use super::acting::Who;
use crate::error::{Outcome, Refusal, Stop, Verdict};
use crate::kms::ops::call::Ended;
use crate::kms::ops::slmgr;
use crate::kms::rules::front::{Asked, asked};
use crate::kms::view::PageView;
use crate::output::Format;
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use jiff::tz::TimeZone;

/// The command line of slmgr.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms slmgr /dlv\n  licctl kms slmgr kms03 /sri 43200     # the machine in front, as slmgr has it\n  licctl kms slmgr /skms kms01.corp.contoso.example:1688 --machine ws-0931\n  licctl kms slmgr /dlv all | licctl kms import - --machine copy --culture en-US --tz UTC"
)]
pub(super) struct Arguments {
    /// Words as slmgr takes them: an option with its arguments, the name of a machine in front; `--` in front of `-dlv`
    #[arg(value_name = "WORD", required = true, num_args = 1.., add = ArgValueCompleter::new(super::complete::slmgr))]
    words: Vec<String>,
    /// The machine; default: the one in front of the option, `LICCTL_KMS_MACHINE`, else the only one
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    machine: Option<String>,
    #[command(flatten)]
    who: Who,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let asked = asked(&arguments.words)?;
    let name = session.instance(&API, asked.machine.or(arguments.machine.as_deref()))?;
    let mut lines = Vec::new();
    let refusal = if slmgr::shows(&asked) {
        show(session, &name, &asked, &mut lines)
    } else {
        act(arguments, session, &name, (&asked, &mut lines))
    }?;
    match refusal {
        None => page(session, lines)?,
        // Machines read the error object; people and scripts of slmgr read its line.
        Some(refusal) if !plain(session) => return Err(Stop::Refused(refusal)),
        Some(refusal) => {
            lines.push(format!("Error: {} {}", refusal.code.native, refusal.message));
            page(session, lines)?;
            if let Some(hint) = &refusal.hint {
                session.printer.note(&format!("hint: {hint}"));
            }
            return Ok(Verdict::No);
        }
    }
    Ok(Verdict::Yes)
}

/// Whether the answer is text.
fn plain(session: &Session) -> bool {
    session.printer.format == Format::Table && session.printer.jq.is_none()
}

fn show(
    session: &mut Session,
    name: &str,
    asked: &Asked<'_>,
    lines: &mut Vec<String>,
) -> Outcome<Option<Box<Refusal>>> {
    let zone = session.zone.clone().unwrap_or(TimeZone::UTC);
    let secrets = session.printer.look.secrets;
    let shown = session.read(|read, now| slmgr::show(read, name, asked, now, (&zone, secrets)));
    match shown {
        Ok((page, held)) => {
            session.warn_all(held.warnings);
            lines.extend(page);
            Ok(None)
        }
        Err(Stop::Refused(refusal)) => Ok(Some(refusal)),
        Err(other) => Err(other),
    }
}

fn act(
    arguments: &Arguments,
    session: &mut Session,
    name: &str,
    (asked, lines): (&Asked<'_>, &mut Vec<String>),
) -> Outcome<Option<Box<Refusal>>> {
    let scene = arguments.who.scene(session);
    match session.write(|tx, _| slmgr::act(tx, &scene, name, asked, lines)) {
        Ok(Ended::Done(called)) => {
            session.warn_all(called.warnings);
            Ok(None)
        }
        Ok(Ended::Refused(refusal)) | Err(Stop::Refused(refusal)) => Ok(Some(refusal)),
        Err(other) => Err(other),
    }
}

/// Prints the lines as the script does, to machines as an object.
pub(super) fn page(session: &mut Session, lines: Vec<String>) -> Outcome<()> {
    if !plain(session) {
        return session.show(&PageView::new(lines));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    session.printer.artefact(&text)?;
    if session.rehearses() {
        session.printer.note("dry run: nothing was stored");
    }
    Ok(())
}
