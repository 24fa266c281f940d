//! What every command on a device takes, and how an answer becomes the end of a command.

use super::API;
use crate::catalog::Native;
use crate::csp::catalog::codes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::ops::Scene;
use crate::csp::rules::answer::Answer;
use crate::error::{Outcome, Refusal};
use crate::session::Session;
use anyhow::Context;
use clap_complete::ArgValueCompleter;
use std::io::Read as _;
use std::path::Path;

/// Which device is meant.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Device {
    /// The device; default: `LICCTL_CSP_DEVICE`, else the only one
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::devices))]
    device: Option<String>,
}

impl Device {
    /// The device that is meant, as it was first written.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub(super) fn name(&self, session: &mut Session) -> Outcome<String> {
        session.instance(&API, self.device.as_deref())
    }
}

/// The clock and the chance of the command.
pub(super) fn scene(session: &Session) -> Scene {
    Scene { now: session.now, seed: session.seed }
}

/// A command that the device carried out.
pub(super) struct Acted {
    /// `202 Accepted for processing`.
    pub(super) status: String,
}

/// Turns a refusal into the end of the command; what an answer stored is stored by then.
pub(super) fn settle(answer: Answer, verb: Verb) -> Outcome<Acted> {
    match answer.refusal {
        Some(refusal) => Err(answered(refusal, answer.status, verb).into()),
        None => Ok(Acted { status: shown(answer.status) }),
    }
}

/// The refusal with what the protocol answers in front of its code.
pub(super) fn answered(refusal: Refusal, status: u16, verb: Verb) -> Refusal {
    let refusal = refusal.of(verb.word());
    if refusal.code.native == Native::Tool {
        return refusal;
    }
    Refusal { answered: Some(u32::from(status)), ..refusal }
}

/// A status with its words.
pub(super) fn shown(status: u16) -> String {
    codes::status(status)
        .map_or_else(|| status.to_string(), |code| format!("{status} {}", code.symbol))
}

/// The text of a file that holds a secret; `-` is the standard input. What is read is a line or a licence, not more than 1 MiB.
pub(super) fn secret_text(path: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let reading = || format!("reading {}", path.display());
    let limit = u64::try_from(crate::artefact::LONGEST).unwrap_or(u64::MAX);
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).with_context(reading)?;
    } else {
        let file = std::fs::File::open(path).with_context(reading)?;
        file.take(limit).read_to_end(&mut bytes).with_context(reading)?;
    }
    Ok(crate::artefact::text::whole(&bytes).trim_end_matches(['\r', '\n']).to_owned())
}

/// Hands an artefact over: to the standard output, or whole into a file.
pub(super) fn hand_over(session: &mut Session, bytes: &[u8], into: Option<&Path>) -> Outcome<()> {
    let Some(path) = into else {
        return session.printer.artefact(&String::from_utf8_lossy(bytes));
    };
    if session.rehearses() {
        session.printer.note(&format!("dry run: {} was not written", path.display()));
        return Ok(());
    }
    crate::artefact::write::whole(path, bytes)?;
    session.printer.note(&format!("wrote {}", path.display()));
    Ok(())
}
