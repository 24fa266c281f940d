//! `rms diff`: two captures of a License Manager, compared by the rules of its licenses.

use super::acting::Server;
use super::files;
use super::import::ahead;
use super::which::Which;
use crate::artefact::Notes;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::import::Options;
use crate::rms::import::encoding::Encoding;
use crate::rms::import::local::Local;
use crate::rms::ops::difference::{self, Capture};
use crate::rms::report::difference::Extent;
use crate::rms::view::DifferenceView;
use crate::session::Session;
use std::ops::ControlFlow;
use std::path::Path;

/// What differs between two captures: which tokens, licenses and elements? Exit 1 when something does
///
/// A capture is a file that can be imported (answers as XML, listings of lsmon, decoded licenses, JSON), or `now`: how the License
/// Manager stands in the store. Licenses are the same by their hash. Of captures of two kinds what both tell is compared. What changes by
/// itself, as the days that are left of a trial, counts only with `--all`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms diff monday.xml friday.xml\n  licctl rms diff lsmon.txt --server lic01 --utc-offset +02:00\n  licctl rms diff before.xml now --feature 'CAD*' -o json"
)]
pub(super) struct DiffArguments {
    /// The older capture: a file, or `now`
    #[arg(value_name = "A", value_hint = clap::ValueHint::FilePath)]
    before: String,
    /// The newer capture
    #[arg(value_name = "B", default_value = "now", value_hint = clap::ValueHint::FilePath)]
    after: String,
    /// What changes by itself, too: what is left of trials, counters
    #[arg(long)]
    all: bool,
    /// By how much the local times of listings are ahead of UTC: `+02:00`; default: by `--tz`
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    /// How the files are encoded, when neither a mark nor a declaration tells
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// How the present is called.
const NOW: &str = "now";

impl DiffArguments {
    fn options<'z>(&self, session: &'z Session) -> Outcome<Options<'z>> {
        let encoding = match &self.encoding {
            None => None,
            Some(name) => Some(Encoding::named(name).ok_or_else(|| {
                Usage::new(format!("`--encoding {name}` is none that is read here"))
            })?),
        };
        let zone = session.zone.as_ref().map_or(Local::Untold, Local::Of);
        let told = self.utc_offset.as_deref().map(ahead).transpose()?;
        Ok(Options { encoding, local: told.map_or(zone, Local::Ahead), ..Options::default() })
    }

    fn capture(&self, word: &str, session: &mut Session) -> Outcome<Capture> {
        if word == NOW {
            let name = self.server.name(session)?;
            return session.read(|read, now| Capture::present(read, &name, now));
        }
        let (mut capture, mut notes) = (Capture::default(), Notes::default());
        let path = Path::new(word);
        files::told(path, self.options(session)?, &mut notes, &mut |_, record| {
            capture.take(record);
            Ok(())
        })?;
        if !notes.complaints.is_empty() {
            return Err(Stop::from(notes.complaints).within(word));
        }
        Ok(capture)
    }
}

pub(super) fn diff(arguments: &DiffArguments, session: &mut Session) -> Outcome<Verdict> {
    let picked = arguments.which.picked()?;
    let before = arguments.capture(&arguments.before, session)?;
    let after = arguments.capture(&arguments.after, session)?;
    let extent = if arguments.all { Extent::All } else { Extent::Lasting };
    let now = session.now;
    let mut differs = false;
    session.printer.list::<DifferenceView>(&arguments.list, |sink| {
        difference::each(&before, &after, extent, now, &mut |key, found| {
            if !picked.has(key) {
                return Ok(ControlFlow::Continue(()));
            }
            differs = true;
            for view in DifferenceView::of(key, &found) {
                if sink.row(&view)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    })?;
    Ok(if differs { Verdict::No } else { Verdict::Yes })
}
