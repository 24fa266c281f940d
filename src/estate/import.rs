//! `licctl import`: finds files, tells each one's kind, hands it to its domain; all as one change.

use crate::api::{About, Api, Brought, Counts, Hints, Intake, Source};
use crate::apis;
use crate::artefact::files::{Found, Opened, Seekable, Unreadable, survey};
use crate::artefact::text::Doubt;
use crate::artefact::{Fit, Kind, Sample, text, told};
use crate::clock::Timestamp;
use crate::error::{Complaint, Complaints, Outcome, Place, Stop, Usage, Verdict, Warning};
use crate::output::{Cell, Column, Fit as Width, Look, Progress, View, column};
use crate::session::Session;
use crate::store::Tx;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::PathBuf;
use std::rc::Rc;

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
#[derive(Debug, Clone, Default, clap::Args)]
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

/// One file of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ImportView {
    file: String,
    /// Of the whole file, hexadecimal.
    sha256: String,
    domain: &'static str,
    kind: &'static str,
    /// The instances that it speaks of.
    instances: Vec<String>,
    /// What became of its records, by kind of record.
    sections: BTreeMap<&'static str, Counts>,
    skipped: Vec<SkippedView>,
    warnings: Vec<WarningView>,
    detail: Map<String, Json>,
}

/// A record that was left out.
#[derive(Debug, Serialize, JsonSchema)]
struct SkippedView {
    place: String,
    reason: String,
}

/// Something odd in a file.
#[derive(Debug, Serialize, JsonSchema)]
struct WarningView {
    code: &'static str,
    message: String,
    place: String,
}

impl View for ImportView {
    const SCHEMA: &'static str = "licctl.import/1";
    const COLUMNS: &'static [Column] = &[
        column("FILE", "file", Width::ElideHead),
        column("KIND", "kind", Width::Keep),
        column("INSTANCE", "instances", Width::Elide),
        column("NEW", "sections", Width::Number),
        column("KNOWN", "sections", Width::Number),
        column("SKIPPED", "skipped", Width::Number),
        column("WARNINGS", "warnings", Width::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let sum =
            |pick: fn(&Counts) -> u64| self.sections.values().map(pick).sum::<u64>().to_string();
        vec![
            self.file.clone().into(),
            self.kind.into(),
            several(&self.instances).into(),
            sum(|counts| counts.added + counts.changed).into(),
            sum(|counts| counts.unchanged).into(),
            sum(|counts| counts.skipped).into(),
            self.warnings.len().to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.file.clone()
    }
}

/// The first names, and how many more there are.
fn several(names: &[String]) -> String {
    match names {
        [one, two, three, _, ..] => format!("{one}, {two}, {three} and {} more", names.len() - 3),
        few => few.join(", "),
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

/// A file whose kind is known.
struct Known {
    found: Found,
    kind: &'static Kind,
    api: &'static Api,
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
    let views = gather(paths, among, options, hints, session)?;
    session.printer.rows::<ImportView>(&crate::output::ListOptions::default(), &views)
}

/// As [`import_paths`], without printing the files.
pub(super) fn gather(
    paths: &[PathBuf],
    among: &[&'static Api],
    options: &Options,
    hints: Hints,
    session: &mut Session,
) -> Outcome<Vec<ImportView>> {
    let hints = Hints {
        now: Some(session.now),
        culture: options.culture.clone(),
        zone: session.zone.clone(),
        taken_at: taken_at(options)?,
        replace: options.replace,
        ..hints
    };
    let started = std::time::Instant::now();
    let kinds: Vec<(&'static Kind, &'static Api)> =
        among.iter().flat_map(|api| api.kinds.iter().map(move |kind| (*kind, *api))).collect();
    let files = recognise(readable(paths, options, session)?, &kinds, options, session)?;
    let total = files.iter().map(|file| file.found.size).sum();
    let progress = Rc::new(session.progress(total, "reading"));
    let (views, number) = session.import(|tx| {
        let mut work = Work {
            tx,
            hints: &hints,
            kinds: &kinds,
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
                Err(Stop::BadArtefact(bad)) => work.refused(bad),
                Err(other) => return Err(other),
            }
        }
        if !work.complaints.is_empty() {
            return Err(work.complaints.into());
        }
        for (_, intake) in &mut work.intakes {
            intake.finish(work.tx)?;
        }
        work.tx.summary(summary(&views));
        Ok(views)
    })?;
    closing(&views, number, started.elapsed().as_secs_f64(), session);
    Ok(views)
}

/// The files at and below the paths. Faults when an entry of a folder cannot be read, unless what is bad is to be left out.
fn readable(paths: &[PathBuf], options: &Options, session: &mut Session) -> Outcome<Vec<Found>> {
    let mut files = survey(paths)?;
    if options.skip_bad {
        for Unreadable { name, why } in files.unreadable.drain(..) {
            session.warn(Warning::new("unreadable", why).at(name));
        }
    }
    files.all().map_err(|stop| match stop {
        Stop::Fault(error) => {
            let hint = "nothing was stored; `--skip-bad` leaves out what cannot be read";
            Stop::Fault(error.context(hint))
        }
        other => other,
    })
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
    let files =
        if views.len() == 1 { "1 file".to_owned() } else { format!("{} files", views.len()) };
    format!("{files}, {records} new record{}", if records == 1 { "" } else { "s" })
}

fn closing(views: &[ImportView], number: Option<i64>, seconds: f64, session: &mut Session) {
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
    let stored = match number {
        Some(number) => format!("change {number}"),
        None if session.rehearses() => "dry run: nothing was stored".to_owned(),
        None => "nothing new".to_owned(),
    };
    session.printer.note(&format!("imported {} in {seconds:.1} s ({stored})", summary(views)));
}

/// Tells the kind of each file, or what came closest.
fn recognise(
    found: Vec<Found>,
    kinds: &[(&'static Kind, &'static Api)],
    options: &Options,
    session: &mut Session,
) -> Outcome<Vec<Known>> {
    let forced = options.kind.as_deref().map(|name| named_kind(name, kinds)).transpose()?;
    let (mut known, mut complaints) = (Vec::new(), Complaints::default());
    for file in found {
        if let Some((kind, api)) = forced {
            known.push(Known { found: file, kind, api });
            continue;
        }
        if file.name == "-" {
            // The standard input is read once: its kind is told when it is opened.
            known.push(Known {
                found: file,
                kind: &UNTOLD,
                api: kinds.first().ok_or_else(|| Stop::bug("no domain"))?.1,
            });
            continue;
        }
        let head = Opened::open(&file, Rc::new(|_| ()))?.head()?;
        match tell(&file, &head, kinds) {
            Ok((kind, api)) => known.push(Known { found: file, kind, api }),
            Err(why) if file.named => {
                complaints.push(
                    Complaint { file: file.name, ..Complaint::new(Place::Whole, why) }
                        .remedied("`--kind` forces a kind"),
                );
            }
            Err(why) => session.warn(Warning::new("unrecognised", why).at(file.name)),
        }
    }
    if complaints.is_empty() { Ok(known) } else { Err(complaints.into()) }
}

/// Stands for a kind until the standard input is opened.
static UNTOLD: Kind = Kind { name: "", title: "", binary: false, sniff: |_| Fit::No };

fn named_kind(
    name: &str,
    kinds: &[(&'static Kind, &'static Api)],
) -> Outcome<(&'static Kind, &'static Api)> {
    let found = kinds
        .iter()
        .find(|(kind, _)| kind.name == name || kind.name.split('.').nth(1) == Some(name));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = kinds.iter().map(|(kind, _)| kind.name).collect();
        Usage::new(format!("`--kind {name}` is no kind of artefact"))
            .hinted(format!("there is {}", names.join(", ")))
            .into()
    })
}

fn tell(
    found: &Found,
    head: &[u8],
    kinds: &[(&'static Kind, &'static Api)],
) -> Result<(&'static Kind, &'static Api), String> {
    let decoded = text::sample(head).unwrap_or_default();
    let name =
        found.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sample = Sample { name: &name, bytes: head, text: &decoded };
    told(&sample, kinds.iter().copied())
}

/// The import under way.
struct Work<'a> {
    tx: &'a mut dyn Tx,
    hints: &'a Hints,
    kinds: &'a [(&'static Kind, &'static Api)],
    intakes: Vec<(&'static str, Box<dyn Intake>)>,
    complaints: Complaints,
    progress: Rc<Progress>,
    number: i64,
}

/// A file with what is known of it after reading.
struct ReadFile {
    name: String,
    sha256: String,
    kind: &'static Kind,
    domain: &'static str,
}

impl Work<'_> {
    fn refused(&mut self, bad: Complaints) {
        self.complaints.more += bad.more;
        for complaint in bad.kept {
            self.complaints.push(complaint);
        }
    }

    fn file(&mut self, file: &Known) -> Outcome<(Brought, ReadFile)> {
        let bar = Rc::clone(&self.progress);
        self.progress.say(&file.found.name);
        let mut opened = Opened::open(&file.found, Rc::new(move |bytes| bar.more(bytes)))?;
        let (kind, api) = kind_of(file, self.kinds, &mut opened)?;
        self.number += 1;
        let about = about(&file.found, self.number);
        let (streamed, brought) = self.read(kind, api, &about, &mut opened);
        let brought = brought?;
        let sha256 = opened.sha256(streamed)?;
        self.tx.file(about.number, &about.name, kind.name, &sha256)?;
        Ok((brought, ReadFile { name: about.name, sha256, kind, domain: api.name }))
    }

    /// Hands the file to its domain; whether it was read once from start to end.
    fn read(
        &mut self,
        kind: &'static Kind,
        api: &'static Api,
        about: &About,
        opened: &mut Opened,
    ) -> (bool, Outcome<Brought>) {
        let head = match opened.head() {
            Ok(head) => head,
            Err(stop) => return (false, Err(stop)),
        };
        let hints = self.hints;
        let at = self.intakes.iter().position(|(name, _)| *name == api.name).unwrap_or_else(|| {
            self.intakes.push((api.name, (api.intake)(hints)));
            self.intakes.len() - 1
        });
        let Some((_, intake)) = self.intakes.get_mut(at) else {
            return (false, Err(Stop::bug("an intake is gone")));
        };
        if hints.replace && !intake.replaces() {
            let message =
                format!("`{}` is added to what is stored, and never replaces it", kind.name);
            let usage = Usage::new(message)
                .hinted("leave `--replace` out; `licctl undo` takes an import back");
            return (false, Err(usage.into()));
        }
        if kind.binary {
            let mut bytes = BufReader::with_capacity(128 * 1024, Seekable(opened));
            return (false, intake.file(kind, about, Source::Bytes(&mut bytes), self.tx));
        }
        let mut decoded = text::Text::new(opened, text::form(&head));
        let brought = intake.file(kind, about, Source::Text(&mut decoded), self.tx);
        let doubt = decoded.doubt();
        (true, brought.map(|brought| doubted(brought, doubt)))
    }
}

/// What a file brought, with a warning where its letters had to be guessed.
fn doubted(mut brought: Brought, doubt: Option<Doubt>) -> Brought {
    let (code, message) = match doubt {
        None => return brought,
        Some(Doubt::Assumed) => (
            "ENCODING_ASSUMED",
            "there is no byte order mark, and it is no UTF-8: it is read as Windows-1252",
        ),
        Some(Doubt::Broken) => {
            ("ENCODING_BROKEN", "some bytes are no UTF-8: they are read as U+FFFD")
        }
    };
    brought.notes.warn(code, Place::Whole, message);
    brought
}

/// The kind of a file; the standard input's is told now.
fn kind_of(
    file: &Known,
    kinds: &[(&'static Kind, &'static Api)],
    opened: &mut Opened,
) -> Outcome<(&'static Kind, &'static Api)> {
    if !file.kind.name.is_empty() {
        return Ok((file.kind, file.api));
    }
    let head = opened.head()?;
    tell(&file.found, &head, kinds).map_err(|why| {
        Complaint { file: "-".to_owned(), ..Complaint::new(Place::Whole, why) }.into()
    })
}

fn about(found: &Found, number: i64) -> About {
    let modified = std::fs::metadata(&found.path).and_then(|data| data.modified()).ok();
    let modified = modified
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|age| Timestamp::from_s(i64::try_from(age.as_secs()).ok()?));
    let domain = |folder: &String| apis::find(folder).is_some();
    About {
        name: found.name.clone(),
        number,
        folder: found.folder.clone().filter(|folder| !domain(folder)),
        size: found.size,
        modified,
    }
}

impl ReadFile {
    /// The file as it is shown; its bad records are complaints unless they are to be skipped.
    fn view(self, brought: Brought, skip_bad: bool, complaints: &mut Complaints) -> ImportView {
        let mut skipped = Vec::new();
        let bad = brought.notes.complaints;
        let mut sections = brought.sections;
        if skip_bad {
            skipped.extend(bad.kept.iter().map(|bad| SkippedView {
                place: bad.place.to_string(),
                reason: bad.message.clone(),
            }));
            if !bad.is_empty() {
                sections.entry("records").or_default().skipped += bad.count();
            }
        } else {
            complaints.more += bad.more;
            for complaint in bad.kept {
                complaints.push(Complaint { file: self.name.clone(), ..complaint });
            }
        }
        let warnings = brought.notes.warnings.into_iter();
        let warnings = warnings.map(|warning| WarningView {
            code: warning.code,
            message: warning.message,
            place: warning.place,
        });
        ImportView {
            file: self.name,
            sha256: self.sha256,
            domain: self.domain,
            kind: self.kind.name,
            instances: brought.instances,
            sections,
            skipped,
            warnings: warnings.collect(),
            detail: brought.detail,
        }
    }
}
