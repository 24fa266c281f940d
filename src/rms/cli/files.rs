//! A file that a command names, read by the reader of its kind.

use crate::api::Source;
use crate::artefact::files::{Found, Opened, Seekable};
use crate::artefact::text::{Text, form};
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Stop};
use crate::rms::import::{Each, Options, READERS};
use anyhow::Context;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// The most of a file that is looked at as a whole.
const MOST: u64 = 16 * 1024 * 1024;

fn opened(path: &Path) -> Outcome<(String, Opened)> {
    let name = path.display().to_string();
    let found =
        Found { path: path.to_owned(), name: name.clone(), folder: None, named: true, size: 0 };
    let opened = Opened::open(&found, Rc::new(|_| ()))?;
    Ok((name, opened))
}

/// Hands out the records of a file; `-` is the standard input.
pub(super) fn records(
    path: &Path,
    kind: &Kind,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let reader = READERS.iter().find(|reader| reader.kind.name == kind.name);
    let reader = reader.ok_or_else(|| Stop::bug("a kind has no reader"))?;
    let (name, mut opened) = opened(path)?;
    let read = if kind.binary {
        (reader.read)(Source::Bytes(&mut Seekable(&mut opened)), options, notes, each)
    } else {
        let head = opened.head()?;
        let mut text = Text::new(&mut opened, form(&head));
        (reader.read)(Source::Text(&mut text), options, notes, each)
    };
    read.map_err(|stop| stop.within(&name))
}

/// The bytes of a small file, as they are.
pub(super) fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    let (name, mut opened) = opened(path)?;
    let mut bytes = Vec::new();
    Seekable(&mut opened)
        .take(MOST)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading {name}"))?;
    Ok(bytes)
}
