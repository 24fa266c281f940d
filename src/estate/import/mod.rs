//! `licctl import`: finds files, tells each one's kind, hands it to its domain; all as one change.

mod kinds;
mod reading;
mod view;

use crate::api::{Api, Hints};
use crate::apis;
use crate::artefact::Kind;
use crate::artefact::files::{Found, Unreadable, survey};
use crate::clock::Timestamp;
use crate::error::{Complaints, Outcome, Stop, Usage, Verdict, Warning};
use crate::output::View;
use crate::session::Session;
use crate::wording::many;
use kinds::recognise;
use reading::Work;
use schemars::{Schema, schema_for};
use std::path::PathBuf;
use std::rc::Rc;
pub(crate) use view::ImportView;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl import examples/contoso\n  licctl import --dry-run 'Key Management Service.evtx'\n  wevtutil qe \"Key Management Service\" | licctl import -"
)]
pub(crate) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// The instance that the files belong to, when they name none
    #[arg(long, value_name = "NAME")]
    instance: Option<String>,
}

// The options of every import. A doc comment would become the title of each command that has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct Options {
    /// Take the files for this kind, whatever they look like
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Store the good records of files that have bad ones, and leave out what cannot be read in a folder
    #[arg(long)]
    pub skip_bad: bool,
    /// Culture in which dates without a standard form are written: `en-US`
    #[arg(long, value_name = "NAME")]
    pub culture: Option<String>,
    /// When the state that the files show was taken; default: when the file was written
    #[arg(long, value_name = "RFC3339")]
    pub taken_at: Option<String>,
    /// Make each instance equal to what the files say of it, rather than merge that into it
    #[arg(long)]
    pub replace: bool,
}

impl Options {
    /// Usage error when one is given and there are no `files`: it would say nothing.
    pub(super) fn of_files(&self, files: bool) -> Outcome<()> {
        if files || *self == Self::default() {
            return Ok(());
        }
        let message = "`--kind`, `--skip-bad`, `--culture`, `--taken-at` and `--replace` are about files, and none is named";
        Err(Usage::new(message).hinted("name the files, or leave these options out").into())
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(ImportView::SCHEMA, schema_for!(ImportView))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let hints = Hints { instance: arguments.instance.clone(), ..Hints::default() };
    import_paths(&arguments.paths, apis::APIS, &arguments.options, hints, session)?;
    if session.printer.format == crate::output::Format::Table
        && session.printer.jq.is_none()
        && !session.rehearses()
        && session.printer.look.talk > crate::output::Talk::Quiet
    {
        session.printer.artefact("\n")?;
        super::status::show(&super::Scope::default(), session)?;
    }
    Ok(Verdict::Yes)
}

/// Imports `paths` for the domains of `among`, as one change, and prints what each file brought.
///
/// Complains of every bad record of every file; nothing is stored then, unless `--skip-bad` leaves the bad ones out.
pub fn import_paths(
    paths: &[PathBuf],
    among: &[&'static Api],
    options: &Options,
    hints: Hints,
    session: &mut Session,
) -> Outcome<()> {
    let started = std::time::Instant::now();
    let (views, number) = gather(paths, among, options, hints, session)?;
    let stored = match number {
        Some(number) => format!("change {number}"),
        None if session.rehearses() => "dry run: nothing was stored".to_owned(),
        None => "nothing new".to_owned(),
    };
    let seconds = started.elapsed().as_secs_f64();
    session.printer.note(&format!("imported {} in {seconds:.1} s ({stored})", summary(&views)));
    session.printer.rows::<ImportView>(&crate::output::ListOptions::default(), &views)
}

/// As [`import_paths`], telling nothing but warnings; the number of the change, when there is one, comes with what each file brought.
pub(super) fn gather(
    paths: &[PathBuf],
    among: &[&'static Api],
    options: &Options,
    hints: Hints,
    session: &mut Session,
) -> Outcome<(Vec<ImportView>, Option<i64>)> {
    let hints = Hints {
        now: Some(session.now),
        culture: options.culture.clone(),
        zone: session.zone.clone(),
        taken_at: taken_at(options)?,
        replace: options.replace,
        ..hints
    };
    let kinds: Vec<(&'static Kind, &'static Api)> =
        among.iter().flat_map(|api| api.kinds.iter().map(move |kind| (*kind, *api))).collect();
    let files = recognise(readable(paths, options, session)?, &kinds, options, session)?;
    let total = files.iter().map(|file| file.found.size).sum();
    let progress = Rc::new(session.progress(total, "reading"));
    let (views, number) = session.import(|tx| {
        let mut work = Work {
            tx,
            hints: &hints,
            intakes: Vec::new(),
            complaints: Complaints::default(),
            progress,
            number: 0,
        };
        let mut views = Vec::with_capacity(files.len());
        for file in &files {
            match work.file(file) {
                Ok((brought, file)) => {
                    views.push(file.view(brought, options.skip_bad, &mut work.complaints));
                }
                // The file is refused as a whole; what is wrong with the others is told too.
                Err(Stop::BadArtefact(bad)) => {
                    work.complaints.add(bad.within(&file.found.name));
                }
                Err(other) => return Err(other),
            }
        }
        if !work.complaints.is_empty() {
            return Err(work.complaints.into());
        }
        for (_, intake) in &mut work.intakes {
            intake.finish(work.tx)?;
            for (number, later) in intake.late() {
                // Files are numbered from 1, in the order of their views.
                let at = usize::try_from(number - 1).ok();
                if let Some(view) = at.and_then(|at| views.get_mut(at)) {
                    view.add(later);
                }
            }
        }
        work.tx.summary(summary(&views));
        Ok(views)
    })?;
    warned(&views, session);
    Ok((views, number))
}

/// The files at and below the paths. Faults when an entry of a folder cannot be read, unless what is bad is to be left out.
fn readable(paths: &[PathBuf], options: &Options, session: &mut Session) -> Outcome<Vec<Found>> {
    let mut files = survey(paths)?;
    if options.skip_bad {
        for Unreadable { name, why } in files.unreadable.drain(..) {
            session.warn(Warning::new("unreadable", why).at(name));
        }
    }
    let remedy = "`--skip-bad` leaves out what cannot be read; nothing was stored";
    files.all().map_err(|stop| stop.remedied(remedy))
}

fn taken_at(options: &Options) -> Outcome<Option<Timestamp>> {
    let Some(text) = &options.taken_at else {
        return Ok(None);
    };
    let at = Timestamp::parse(text)
        .ok_or_else(|| Usage::new(format!("`--taken-at {text}` is no RFC 3339 time")))?;
    Ok(Some(at))
}

fn summary(views: &[ImportView]) -> String {
    let records: u64 = views
        .iter()
        .flat_map(|view| view.sections.values())
        .map(|counts| counts.added + counts.changed)
        .sum();
    format!("{}, {}", many(views.len(), "file"), many(records, "new record"))
}

fn warned(views: &[ImportView], session: &mut Session) {
    for view in views {
        for warning in view.warnings.iter().take(3) {
            let place = if warning.place.is_empty() {
                view.file.clone()
            } else {
                format!("{}, {}", view.file, warning.place)
            };
            if session.printer.format == crate::output::Format::Table {
                session.printer.note(&format!("warning: {place}: {}", warning.message));
            }
        }
    }
}
