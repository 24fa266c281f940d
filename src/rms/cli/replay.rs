//! `rms session replay`: a usage log run against the licenses as they are.

use super::acting::Server;
use super::files;
use crate::artefact::Notes;
use crate::error::{Outcome, Stop, Verdict, Warning};
use crate::output::ListOptions;
use crate::rms::import::{Options, Record, usagelog};
use crate::rms::ops::replay::Replay;
use crate::rms::view::ReplayView;
use crate::session::Session;
use std::path::{Path, PathBuf};

/// Run a usage log against the licenses as they are: who would get tokens, and who would be refused?
///
/// Every request of the log is made again, at its time, and given back when the log says so; what was refused then and is granted now is
/// given back at once. The log begins with nothing in use: sessions of the License Manager make way for its own. Add or remove licenses first to see what that would change; `--dry-run` stores nothing. REFUSED counts the
/// requests that are refused now, THEN those that were refused when the log was written.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms session replay lservsta --server lic01 --dry-run\n  licctl rms session replay lservsta --dry-run -o json --jq '.items[] | select(.denied > .deniedThen)'"
)]
pub(super) struct ReplayArguments {
    /// A usage log (`lservsta`); `-`: the standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn replay(arguments: &ReplayArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name(session)?;
    let mut warnings = Vec::new();
    session.write_list::<ReplayView>(&arguments.list, |tx, sink| {
        let mut replay = Replay::begin(tx, &name)?;
        read(&arguments.file, &mut |record| match record {
            Record::Usage(record) => replay.take(tx, &record),
            _ => Ok(()),
        })?;
        if replay.encrypted > 0 {
            let message = format!("{} records are encrypted and left out", replay.encrypted);
            warnings.push(Warning::new("W_ENCRYPTED", message));
        }
        for (key, found) in replay.end(tx)? {
            if sink.row(&ReplayView::new(&key, &found))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    session.warn_all(warnings);
    Ok(Verdict::Yes)
}

/// Hands out the records of a log; one that is not in order is refused whole.
fn read(path: &Path, each: &mut dyn FnMut(Record) -> Outcome<()>) -> Outcome<()> {
    let mut notes = Notes::default();
    let options = Options::default();
    files::records(path, &usagelog::KIND, options, &mut notes, &mut |_, record| each(record))?;
    if notes.complaints.is_empty() {
        return Ok(());
    }
    Err(Stop::from(notes.complaints).within(&path.display().to_string()))
}
