//! `csp lint`: documents judged before they are deployed.

use crate::artefact::files::{Found, find, read_text};
use crate::artefact::{Kind, Notes, told};
use crate::csp::import::{intune, package, syncml};
use crate::csp::model::version::OsVersion;
use crate::csp::ops;
use crate::csp::report::lint::{Lint, Tally, Target};
use crate::csp::store;
use crate::csp::view::OffenceView;
use crate::error::{Complaint, Complaints, Outcome, Place, Stop, Usage, Verdict};
use crate::finding::{Finding, Level};
use crate::output::{ListOptions, Progress};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::rc::Rc;

/// Check documents before they are deployed: SyncML, Fleet and Intune profiles, provisioning packages
///
/// Without a target only what is wrong everywhere is told. Exit 1 when there is a finding of `--fail-on` or worse, 3 when a file
/// cannot be read as what it is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp lint profile.json\n  licctl csp lint profiles/ --os-version 10.0.22000.1100 --edition Pro\n  licctl csp lint profile.xml --device PC-01 --fail-on warning -o json"
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
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
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
    let target = target(arguments, session)?;
    let files = find(&arguments.paths)?;
    let kind = arguments.kind.as_deref().map(named_kind).transpose()?;
    let total = files.iter().map(|file| file.size).sum();
    let progress = Rc::new(session.progress(total, "judging"));
    let mut complaints = Complaints::default();
    let mut tally = Tally::default();
    session.printer.list::<OffenceView>(&arguments.list, |sink| {
        let mut lint = Lint::new(&target, "");
        for file in &files {
            let mut each = |finding: Finding| {
                let _: ControlFlow<()> = sink.row(&OffenceView(finding))?;
                Ok(())
            };
            lint.file(&file.name);
            judge(file, kind, &mut lint, (&progress, &mut complaints), &mut each)?;
        }
        tally = lint.finish();
        Ok(())
    })?;
    drop(progress);
    if !complaints.is_empty() {
        return Err(complaints.into());
    }
    let Tally { errors, warnings, infos, .. } = tally;
    session.printer.note(&format!("{errors} errors, {warnings} warnings, {infos} notes"));
    let failed = match arguments.fail_on {
        Level::Error => errors,
        Level::Warning => errors + warnings,
        Level::Info => errors + warnings + infos,
    };
    Ok(if failed > 0 { Verdict::No } else { Verdict::Yes })
}

/// Judges one file; what makes it no document is both a finding and a complaint.
fn judge(
    file: &Found,
    kind: Option<Written>,
    lint: &mut Lint<'_>,
    (progress, complaints): (&Rc<Progress>, &mut Complaints),
    each: &mut dyn FnMut(Finding) -> Outcome<()>,
) -> Outcome<()> {
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
                syncml::read(input, &mut notes, &mut |part| lint.message(&part, each))
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
    for complaint in notes.complaints.kept {
        let complaint = Complaint { file: file.name.clone(), ..complaint };
        lint.complaint(&complaint, each)?;
        complaints.push(complaint);
    }
    Ok(())
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
