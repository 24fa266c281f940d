//! `rms lint`: what is wrong with what is stored, or with a file before it goes to a License Manager.

use super::acting::Server;
use super::files;
use super::questions::{verdict, worse};
use super::which::{Picked, Which};
use crate::artefact::Notes;
use crate::error::{Outcome, Place, Usage, Verdict};
use crate::finding::{Finding, Level};
use crate::output::ListOptions;
use crate::rms::import::{Options, Record, lservrc, reservation};
use crate::rms::model::group::Group;
use crate::rms::ops::{questions, reservations};
use crate::rms::report::files::{codes, groups, marks, told};
use crate::session::Session;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What is wrong with the licenses, or soon will be?
///
/// `store`: exclusive licenses that hide others, aggregates unlike each other, licenses that have ended, records that contradict
/// themselves. `lservrc FILE`: what a License Manager may misread in a file of license codes; no code is shown. `reservation FILE`: groups
/// that overlap, that ask for more tokens than there are, or that shut somebody out.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms lint\n  licctl rms lint --fail-on warning --filter 'class!=\"license.expiring\"'\n  licctl rms lint lservrc lservrc\n  licctl rms lint reservation lsreserv --server lic01"
)]
pub(super) struct LintArguments {
    /// What to look at
    #[arg(value_name = "WHAT", default_value = "store")]
    what: What,
    /// The file, for `lservrc` and `reservation`; `-`: the standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    judged: Judged,
}

/// How findings are listed and judged.
#[derive(Debug, clap::Args)]
pub(super) struct Judged {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The licenses of a License Manager
    Store,
    /// A file of license codes
    Lservrc,
    /// A group reservation file
    Reservation,
}

pub(super) fn lint(arguments: &LintArguments, session: &mut Session) -> Outcome<Verdict> {
    let judged = &arguments.judged;
    match (arguments.what, &arguments.file) {
        (What::Store, None) => stored(&arguments.which.picked()?, judged, session),
        (What::Store, Some(_)) => Err(Usage::new("`store` takes no file").into()),
        (What::Lservrc, Some(path)) => listed(&lint_codes(path)?, judged, session),
        (What::Reservation, Some(path)) => lint_groups(path, judged, session),
        (What::Lservrc | What::Reservation, None) => Err(Usage::new("no file is named")
            .hinted("`licctl rms lint lservrc FILE`, or `reservation FILE`")
            .into()),
    }
}

fn stored(picked: &Picked, judged: &Judged, session: &mut Session) -> Outcome<Verdict> {
    let name = judged.server.name_if_any(session)?;
    let mut worst = None;
    session.list::<Finding>(&judged.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        questions::lint(read, name, now, &mut |key, finding| {
            if !picked.has(key) {
                return Ok(ControlFlow::Continue(()));
            }
            worst = Some(worse(worst, finding.severity));
            match picked.application(key) {
                Some(application) => sink.row(&finding.with("application", application)),
                None => sink.row(&finding),
            }
        })
    })?;
    Ok(verdict(worst, Some(judged.fail_on)))
}

fn listed(found: &[Finding], judged: &Judged, session: &mut Session) -> Outcome<Verdict> {
    let worst = found.iter().map(|finding| finding.severity).min();
    session.printer.list::<Finding>(&judged.list, |sink| sink.rows::<Finding>(found))?;
    Ok(verdict(worst, Some(judged.fail_on)))
}

fn lint_codes(path: &Path) -> Outcome<Vec<Finding>> {
    let file = path.display().to_string();
    let bytes = files::bytes(path)?;
    let (mut remarks, mut notes) = (Vec::new(), Notes::default());
    let mut input = bytes.as_slice();
    lservrc::walk(&mut input, &mut notes, &mut |remark, _| {
        remarks.push(remark);
        Ok(())
    })?;
    let mut found = marks(&file, &bytes);
    // Bytes beyond ASCII are told once, by the marks.
    notes.warnings.clear();
    found.extend(told(&file, "lservrc.code", &notes));
    found.extend(codes(&file, &remarks));
    Ok(found)
}

/// `rms lint reservation FILE`, `rms reservation lint FILE`.
pub(super) fn lint_groups(path: &Path, judged: &Judged, session: &mut Session) -> Outcome<Verdict> {
    let file = path.display().to_string();
    let (found, notes) = read_groups(path)?;
    let features = match judged.server.name_if_any(session)? {
        Some(name) => {
            let wanted: Vec<Group> = found.iter().map(|(_, group)| group.clone()).collect();
            Some(session.read(|read, now| reservations::limits(read, &name, &wanted, now))?)
        }
        None => None,
    };
    let mut findings = told(&file, "E_BAD_RESERVATION", &notes);
    findings.extend(groups(&file, &found, features.as_deref()));
    listed(&findings, judged, session)
}

/// The groups of a reservation file with their lines; what is no group is in the notes.
pub(super) fn read_groups(path: &Path) -> Outcome<(Vec<(u64, Group)>, Notes)> {
    let (mut found, mut notes) = (Vec::new(), Notes::default());
    let (kind, options) = (&reservation::KIND, Options::default());
    files::records(path, kind, options, &mut notes, &mut |place, record| {
        if let (Place::Line(line), Record::Reservation(told)) = (place, record)
            && let Some(group) = told.group()
        {
            found.push((line, group));
        }
        Ok(())
    })?;
    Ok((found, notes))
}
