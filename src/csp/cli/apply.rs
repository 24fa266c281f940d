//! `csp apply`: a document runs on a modelled device.

use super::acting::{Device, scene};
use super::lint::{KINDS, Written, named_kind};
use crate::artefact::files::read_text;
use crate::artefact::{Fit, Notes, Sample, told};
use crate::csp::export::response::{End, Layout, Response};
use crate::csp::import::cover::cover;
use crate::csp::import::{intune, package, syncml};
use crate::csp::model::answer::Told;
use crate::csp::model::profile::Profile;
use crate::csp::ops::Scene;
use crate::csp::ops::apply::{self, How};
use crate::csp::rules::answer::{Consent, Origin};
use crate::csp::rules::session::Mode;
use crate::csp::view::{ApplyView, StatusView};
use crate::error::{Complaint, Outcome, Place, Stop, Usage, Verdict, Warning};
use crate::output::{Format, ListOptions, Progress, Sink};
use crate::session::Session;
use crate::store::Tx;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::rc::Rc;

/// Run a document on a device: a SyncML message, an Intune profile, a provisioning package
///
/// Prints what each item was answered; exit 1 when one was refused, and what was carried out is kept. A document that cannot be
/// read as a whole changes nothing: exit 3.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp apply message.xml --device NB-017\n  licctl csp apply message.xml --format syncml --pretty\n  licctl csp apply profile.json --as-intune --dry-run\n  licctl csp apply customizations.xml --as-package --consent"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// The document; `-`: the standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// Take the file for this kind, whatever it looks like
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Print the response as the device sends it
    #[arg(long, value_name = "FORM", value_parser = clap::builder::PossibleValuesParser::new(["syncml"]))]
    format: Option<String>,
    /// Lay the response out for people
    #[arg(long, requires = "format")]
    pretty: bool,
    /// Run each command as if alone, outside of its Atomic; both outcomes are shown
    #[arg(long)]
    split: bool,
    /// Send what Intune sends for this profile
    #[arg(long, conflicts_with_all = ["format", "split", "as_package"])]
    as_intune: bool,
    /// Install this provisioning package
    #[arg(long, conflicts_with_all = ["format", "split"])]
    as_package: bool,
    /// The user agrees to the package
    #[arg(long, requires = "as_package")]
    consent: bool,
    #[command(flatten)]
    device: Device,
    #[command(flatten)]
    list: ListOptions,
}

/// Answers that are held until the document is known to be whole; of a longer one they are shown as they come. So many fit into the
/// 512 KiB that a device takes as one message.
const HELD: usize = 4_000;

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let device = arguments.device.name(session)?;
    if arguments.as_intune || arguments.as_package {
        return profile(arguments, &device, session);
    }
    let document = session.printer.format == Format::Json || session.printer.jq.is_some();
    match (&arguments.format, document) {
        (None, false) => table(arguments, &device, session),
        _ => response(arguments, &device, session),
    }
}

/// Runs the message of a file; `each` is told of every answer.
fn message(
    arguments: &Arguments,
    (device, scene, progress): (&str, &Scene, &Rc<Progress>),
    tx: &mut dyn Tx,
    each: &mut apply::Each<'_>,
) -> Outcome<()> {
    let mode = if arguments.split { Mode::Split } else { Mode::Whole };
    let how = How { mode, origin: Origin::Management };
    let bar = Rc::clone(progress);
    read_text(&arguments.file, Rc::new(move |bytes| bar.more(bytes)), |sample, input| {
        kind(arguments, sample)?;
        let mut notes = Notes::default();
        let mut feed =
            |part: &mut dyn FnMut(&_) -> Outcome<()>| syncml::read(&mut *input, &mut notes, part);
        apply::message(tx, device, scene, how, (&mut feed, each))?;
        whole(notes)
    })
}

fn progress(arguments: &Arguments, session: &Session) -> Rc<Progress> {
    let size = std::fs::metadata(&arguments.file).map_or(0, |data| data.len());
    Rc::new(session.progress(size, "running"))
}

/// A document with complaints is run by nobody.
fn whole(notes: Notes) -> Outcome<()> {
    if notes.complaints.is_empty() { Ok(()) } else { Err(notes.complaints.into()) }
}

/// Makes sure that a file is a message.
fn kind(arguments: &Arguments, sample: &Sample<'_>) -> Outcome<()> {
    if syncml::is_wbxml(sample.bytes) {
        let message =
            "E_WBXML: the file is WBXML, the binary form of SyncML; only its XML form is read";
        return Err(Complaint::new(Place::Whole, message).into());
    }
    let written = match &arguments.kind {
        Some(name) => named_kind(name)?,
        // Nothing is more of a message than what surely is one.
        None if matches!((syncml::REQUEST.sniff)(sample), Fit::Yes(_)) => Written::Message,
        None => match told(sample, KINDS.iter().copied()) {
            Ok((_, written)) => written,
            // What looks like no document at all is told by the reader, with the line.
            Err(_) => Written::Message,
        },
    };
    let flag = match written {
        Written::Message => return Ok(()),
        Written::Intune => "--as-intune",
        Written::Package => "--as-package",
    };
    Err(Usage::new("the file is no SyncML message").hinted(format!("give `{flag}`")).into())
}

fn table(arguments: &Arguments, device: &str, session: &mut Session) -> Outcome<Verdict> {
    let (scene, progress) = (scene(session), progress(arguments, session));
    let (mut held, mut refused) = (Some(Vec::new()), false);
    session.write_list::<StatusView<'_>>(&arguments.list, |tx, sink| {
        message(arguments, (device, &scene, &progress), tx, &mut |told, whole| {
            let Some(view) = shown(told, whole, &mut refused) else { return Ok(()) };
            match &mut held {
                Some(rows) if rows.len() < HELD => rows.push(view.into_owned()),
                _ => {
                    rows(sink, held.take())?;
                    let _: ControlFlow<()> = sink.row(&view)?;
                }
            }
            Ok(())
        })?;
        rows(sink, held.take())
    })?;
    rehearsed(session);
    Ok(if refused { Verdict::No } else { Verdict::Yes })
}

fn rows(sink: &mut Sink<'_>, held: Option<Vec<StatusView<'_>>>) -> Outcome<()> {
    sink.rows::<StatusView<'_>>(held.unwrap_or_default())
}

/// One answer as it is shown; that of the header only when it refuses the message.
fn shown<'m>(told: Told<'m>, whole: Option<u16>, refused: &mut bool) -> Option<StatusView<'m>> {
    match told {
        Told::Answer(answer) => {
            *refused |= !answer.reply.is_success();
            Some(StatusView::new(answer, whole))
        }
        Told::Receipt(receipt) if receipt.status >= 400 => {
            *refused = true;
            Some(StatusView::header(receipt))
        }
        Told::Receipt(_) => None,
    }
}

fn response(arguments: &Arguments, device: &str, session: &mut Session) -> Outcome<Verdict> {
    let sender = session.read(|read, _| apply::sender(read, device))?;
    let (scene, progress) = (scene(session), progress(arguments, session));
    let layout = if arguments.pretty { Layout::Pretty } else { Layout::Compact };
    let mut text = String::new();
    let mut writer = Response::new(&mut text, sender, layout);
    let (mut statuses, mut refused) = (Vec::new(), false);
    session.write(|tx, _| {
        message(arguments, (device, &scene, &progress), tx, &mut |told, whole| {
            writer.tell(&told).map_err(unwritten)?;
            statuses.extend(shown(told, whole, &mut refused).map(StatusView::into_owned));
            Ok(())
        })
    })?;
    let end = writer.finish().map_err(unwritten)?;
    if arguments.format.is_none() {
        let response = (end != End::Unwanted).then_some(text);
        session.show(&ApplyView { response, statuses })?;
    } else {
        for status in &statuses {
            session.printer.note(&status.line());
        }
        if end != End::Unwanted {
            session.printer.artefact(&format!("{}\n", text.trim_end()))?;
        }
        if end == End::Aborted {
            session
                .printer
                .note("the response was longer than MaxMsgSize: Alert 1223 stands in its place");
        }
        rehearsed(session);
    }
    Ok(if refused { Verdict::No } else { Verdict::Yes })
}

/// Says beside an answer that cannot say so itself that nothing was stored.
fn rehearsed(session: &mut Session) {
    if session.rehearses() {
        session.printer.note("dry run: nothing was stored");
    }
}

fn unwritten(_: std::fmt::Error) -> Stop {
    Stop::bug("a response could not be written into memory")
}

fn profile(arguments: &Arguments, device: &str, session: &mut Session) -> Outcome<Verdict> {
    let consent = if arguments.consent { Consent::Given } else { Consent::Withheld };
    let origin = if arguments.as_package { Origin::Package(consent) } else { Origin::Management };
    let (profiles, warnings) = read_text(&arguments.file, Rc::new(|_| ()), |_, input| {
        profiles(arguments.as_package, input)
    })?;
    for warning in warnings {
        let place = format!("{}, {}", arguments.file.display(), warning.place);
        session.printer.warn(Warning { place, ..warning });
    }
    let scene = scene(session);
    let (mut statuses, mut refused) = (Vec::new(), false);
    session.write(|tx: &mut dyn Tx, _| {
        for profile in &profiles {
            apply::profile(tx, device, &scene, (profile, origin), &mut |told, whole| {
                statuses.extend(shown(told, whole, &mut refused).map(StatusView::into_owned));
                Ok(())
            })?;
        }
        Ok(())
    })?;
    if session.printer.format == Format::Json || session.printer.jq.is_some() {
        session.show(&ApplyView { response: None, statuses })?;
    } else {
        session
            .printer
            .list::<StatusView<'_>>(&arguments.list, |sink| rows(sink, Some(statuses)))?;
        rehearsed(session);
    }
    Ok(if refused { Verdict::No } else { Verdict::Yes })
}

/// The profiles of a file, and what is odd about it.
fn profiles(package: bool, input: &mut dyn BufRead) -> Outcome<(Vec<Profile>, Vec<Warning>)> {
    let (mut notes, mut found) = (Notes::default(), Vec::new());
    let mut each = |profile| {
        found.push(profile);
        Ok(())
    };
    if package {
        package::read(input, &mut notes, &mut each)?;
    } else {
        intune::read(input, &mut notes, &mut each)?;
    }
    cover(&mut notes);
    let warnings = std::mem::take(&mut notes.warnings);
    whole(notes)?;
    if found.is_empty() {
        let what = if package { "no provisioning package" } else { "no profile of Intune" };
        return Err(Complaint::new(Place::Whole, format!("the file holds {what}")).into());
    }
    Ok((found, warnings))
}
