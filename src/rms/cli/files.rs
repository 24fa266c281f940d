//! A file that a command names, read by the reader of its kind.

use crate::api::Source;
use crate::artefact::files::{Found, Opened, read_text};
use crate::artefact::text::{Text, form, sample};
use crate::artefact::{self, Kind, Notes, Sample};
use crate::error::{Complaint, Outcome, Place, Stop};
use crate::rms::import::echoid;
use crate::rms::import::{Each, KINDS, Options, Reader};
use anyhow::Context;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// The most of a file that is looked at as a whole.
const MOST: u64 = 16 * 1024 * 1024;

/// Hands out the records of a file whose kind its content tells; `-` is the standard input.
///
/// Complains of a file that no reader knows.
pub(super) fn told(
    path: &Path,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let found = Found::at(path)?;
    let head = opened(&found)?.head()?;
    let text = sample(&head).unwrap_or_default();
    let sample = Sample { name: &found.name, bytes: &head, text: &text };
    match artefact::told(&sample, KINDS.iter().map(|kind| (*kind, ()))) {
        Ok((kind, ())) => records_of(&found, kind, options, notes, each),
        Err(why) => Err(Stop::from(Complaint::new(Place::Whole, why)).within(&found.name)),
    }
}

/// Hands out the records of a file of a kind; `-` is the standard input.
pub(super) fn records(
    path: &Path,
    kind: &Kind,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    records_of(&Found::at(path)?, kind, options, notes, each)
}

fn records_of(
    found: &Found,
    kind: &Kind,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let reader = Reader::of(kind).ok_or_else(|| Stop::bug("a kind has no reader"))?;
    let mut opened = opened(found)?;
    let read = if kind.binary {
        reader.read(Source::Bytes(&mut opened), options, notes, each)
    } else {
        let head = opened.head()?;
        let mut text = Text::new(&mut opened, form(&head));
        reader.read(Source::Text(&mut text), options, notes, each)
    };
    read.map_err(|stop| stop.within(&found.name))
}

fn opened(found: &Found) -> Outcome<Opened> {
    Opened::open(found, Rc::new(|_| ()))
}

/// The locking codes that echoid printed on a machine.
///
/// Complains of a file without one.
pub(super) fn echoid(path: &Path) -> Outcome<Vec<String>> {
    let text = read_text(path, Rc::new(|_| ()), |_, input| {
        let mut text = String::new();
        input.take(MOST).read_to_string(&mut text).context("reading the file")?;
        Ok(text)
    })?;
    let codes: Vec<String> = echoid::codes(&text).into_iter().map(str::to_owned).collect();
    if codes.is_empty() {
        let complaint = Complaint::new(Place::Whole, "no line begins with a locking code")
            .remedied("save what echoid prints on the machine");
        return Err(Stop::from(complaint).within(&path.display().to_string()));
    }
    Ok(codes)
}

/// The bytes of a small file, as they are.
pub(super) fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    let found = Found::at(path)?;
    let mut bytes = Vec::new();
    opened(&found)?
        .take(MOST)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading {}", found.name))?;
    Ok(bytes)
}
