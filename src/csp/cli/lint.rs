//! `csp lint`: documents judged before they are deployed.

use crate::artefact::files::{Found, find, read_text};
use crate::artefact::{Kind, Notes, told};
use crate::csp::catalog::lint;
use crate::csp::import::cover::cover;
use crate::csp::import::{intune, package, syncml};
use crate::csp::model::version::OsVersion;
use crate::csp::ops;
use crate::csp::report::lint::{Lint, Target};
use crate::csp::store;
use crate::csp::view::OffenceView;
use crate::error::{Complaint, Complaints, Outcome, Place, Stop, Usage, Verdict, Warning};
use crate::finding::{Finding, Level};
use crate::gate::policy::{Judge, Seen, Waived};
use crate::gate::{self, Form, Report, Rule};
use crate::output::{ListOptions, Progress};
use crate::session::Session;
use crate::wording::many;
use clap_complete::ArgValueCompleter;
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::rc::Rc;

/// Check documents before they are deployed: SyncML, Fleet and Intune profiles, provisioning packages
///
/// Without a target only what is wrong everywhere is told. Exit 1 when there is a finding of `--fail-on` or worse, 3 when a file
/// cannot be read as what it is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp lint profile.json\n  licctl csp lint profiles/ --os-version 10.0.22000.1100 --edition Pro\n  licctl csp lint profile.xml --device NB-017 --fail-on warning -o json\n  licctl csp lint profiles/ --as sarif --into lint.sarif"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Take the files for this kind, whatever they look like
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The version of Windows that they are meant for
    #[arg(long, value_name = "VERSION")]
    os_version: Option<OsVersion>,
    /// The edition of Windows that they are meant for
    #[arg(long, value_name = "EDITION", add = ArgValueCompleter::new(super::complete::editions))]
    edition: Option<String>,
    /// The stored device that they are meant for
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::devices))]
    device: Option<String>,
    #[command(flatten)]
    gate: gate::Options,
    /// Write the findings in a form that CI reads
    #[arg(
        long = "as",
        value_name = "FORM",
        value_parser = gate::of_files(),
        conflicts_with_all = ["filter", "sort", "limit", "columns", "since", "no_headers", "bom"]
    )]
    form: Option<Form>,
    #[command(flatten)]
    list: ListOptions,
}

/// How a kind of document is read.
#[derive(Clone, Copy)]
pub(super) enum Written {
    Message,
    Intune,
    Package,
}

/// The kinds that are judged and applied.
pub(super) static KINDS: [(&Kind, Written); 4] = [
    (&syncml::REQUEST, Written::Message),
    (&syncml::FLEET_PROFILE, Written::Message),
    (&intune::KIND, Written::Intune),
    (&package::KIND, Written::Package),
];

/// The kind that the user named. Usage error when there is none of that name.
pub(super) fn named_kind(name: &str) -> Outcome<Written> {
    let short = |kind: &Kind| kind.name.split_once('.').map_or(kind.name, |(_, short)| short);
    let found = KINDS.iter().find(|(kind, _)| kind.name == name || short(kind) == name);
    found.map(|(_, written)| *written).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|(kind, _)| kind.name).collect();
        Usage::new(format!("`--kind {name}` is no kind of document"))
            .hinted(format!("there is {}", names.join(", ")))
            .into()
    })
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    gate::alone(arguments.form, session)?;
    let policy = arguments.gate.policy()?;
    let target = target(arguments, session)?;
    let files = find(&arguments.paths)?;
    let kind = arguments.kind.as_deref().map(named_kind).transpose()?;
    let total = files.iter().map(|file| file.size).sum();
    let progress = Rc::new(session.progress(total, "judging"));
    let mut work = Work {
        files,
        kind,
        target,
        progress,
        complaints: Complaints::default(),
        warnings: Vec::new(),
    };
    let judge = policy.judge(session.now);
    let mut counts = Counts::default();
    let waived = if let Some(form) = arguments.form {
        let mut findings = Vec::new();
        let waived = work.judge(judge, &mut |finding| {
            counts.add(finding.severity);
            findings.push(finding);
            Ok(())
        })?;
        let report = Report {
            command: "csp lint",
            domains: &[super::API.name],
            findings: &findings,
            waived: &waived,
            fail_on: arguments.gate.level(&policy),
            now: session.now,
            rules: &rules(),
        };
        arguments.gate.write(&report, form, session)?;
        waived
    } else {
        let mut waived = Vec::new();
        session.printer.list::<OffenceView>(&arguments.list, |sink| {
            waived = work.judge(judge, &mut |finding| {
                counts.add(finding.severity);
                let _: ControlFlow<()> = sink.row(&OffenceView(finding))?;
                Ok(())
            })?;
            Ok(())
        })?;
        waived
    };
    let Work { complaints, warnings, .. } = work;
    for warning in warnings {
        session.printer.warn(warning);
    }
    if !complaints.is_empty() {
        return Err(complaints.into());
    }
    session.printer.note(&counts.to_string());
    gate::tell(&waived, session);
    let failed = counts.from(arguments.gate.level(&policy)) > 0;
    Ok(if failed { Verdict::No } else { Verdict::Yes })
}

/// The rules of the linter, as other tools show them.
fn rules() -> Vec<Rule> {
    let rule =
        |rule: &&lint::Rule| Rule { class: rule.id, finding: rule.finding, remedy: rule.remedy };
    lint::RULES.iter().map(rule).collect()
}

/// How many findings there are of each level, after the policy.
#[derive(Default)]
struct Counts {
    errors: u64,
    warnings: u64,
    infos: u64,
}

impl Counts {
    fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Info => self.infos += 1,
        }
    }

    /// How many are of the level or worse.
    fn from(&self, level: Level) -> u64 {
        let Self { errors, warnings, infos } = self;
        match level {
            Level::Error => *errors,
            Level::Warning => errors + warnings,
            Level::Info => errors + warnings + infos,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { errors, warnings, infos } = self;
        let told = [(errors, "error"), (warnings, "warning"), (infos, "note")];
        write!(out, "{}", told.map(|(count, word)| many(*count, word)).join(", "))
    }
}

/// The documents to judge, and what is wrong with them as documents.
struct Work {
    files: Vec<Found>,
    kind: Option<Written>,
    target: Target,
    progress: Rc<Progress>,
    complaints: Complaints,
    /// What the readers found odd.
    warnings: Vec<Warning>,
}

impl Work {
    /// Hands out what is found in all files, after the policy; what the policy waives is returned.
    fn judge(
        &mut self,
        mut policy: Judge<'_>,
        each: &mut dyn FnMut(Finding) -> Outcome<()>,
    ) -> Outcome<Vec<Waived>> {
        let mut lint = Lint::new(&self.target, "");
        for file in &self.files {
            lint.file(&file.name);
            let read = |finding| match policy.judge(finding) {
                Some(finding) => each(finding),
                None => Ok(()),
            };
            let notes = judge(file, self.kind, &mut lint, &self.progress, &mut { read })?;
            for complaint in notes.complaints.kept {
                self.complaints.push(complaint);
            }
            let placed = |warning: Warning| {
                let place = format!("{}, {}", file.name, warning.place);
                Warning { place, ..warning }
            };
            self.warnings.extend(notes.warnings.into_iter().map(placed));
        }
        let (own, waived) = policy.finish(Seen::Part);
        own.into_iter().try_for_each(each)?;
        Ok(waived)
    }
}

/// Judges one file; what makes it no document is both a finding and a complaint.
fn judge(
    file: &Found,
    kind: Option<Written>,
    lint: &mut Lint<'_>,
    progress: &Rc<Progress>,
    each: &mut dyn FnMut(Finding) -> Outcome<()>,
) -> Outcome<Notes> {
    let bar = Rc::clone(progress);
    let tick = Rc::new(move |bytes| bar.more(bytes));
    let mut notes = Notes::default();
    let read = read_text(&file.path, tick, |sample, input| {
        let written = match kind {
            Some(written) => written,
            None => {
                told(sample, KINDS.iter().copied())
                    .map_err(|why| Complaint::new(Place::Whole, why))?
                    .1
            }
        };
        match written {
            Written::Message => {
                syncml::read(input, &mut notes, &mut |part| lint.message(part, each))
            }
            Written::Intune => {
                intune::read(input, &mut notes, &mut |profile| lint.profile(&profile, each))
            }
            Written::Package => {
                package::read(input, &mut notes, &mut |profile| lint.profile(&profile, each))
            }
        }
    });
    match read {
        Ok(()) => {}
        Err(Stop::BadArtefact(more)) => {
            more.kept.into_iter().for_each(|one| notes.complaints.push(one));
        }
        Err(other) => return Err(other),
    }
    cover(&mut notes);
    for complaint in &mut notes.complaints.kept {
        complaint.file.clone_from(&file.name);
        lint.complaint(complaint, each)?;
    }
    Ok(notes)
}

fn target(arguments: &Arguments, session: &mut Session) -> Outcome<Target> {
    let mut target = match &arguments.device {
        // Judging files needs no store; when there is one, its key catalogue helps.
        None if session.has_store() => {
            Target { keys: session.read(|read, _| store::keys::load(read))?, ..Target::default() }
        }
        None => Target::default(),
        Some(name) => {
            let name = session.instance(&super::API, Some(name))?;
            session.read(|read, now| ops::devices::target(read, &name, now))?
        }
    };
    if let Some(version) = arguments.os_version {
        target.version = Some(version);
    }
    if let Some(edition) = &arguments.edition {
        target.edition = Some(super::editions::edition(edition)?);
    }
    Ok(target)
}
