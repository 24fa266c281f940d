//! SyncML documents as XML: full messages, bodies without a header, and bare commands, as a stream of their parts.
//!
//! Elements are known by their local names; which namespace they are in, in which order they stand, and whether a command has a `CmdID`
//! is told and not judged. One command is held at a time, an Atomic or Sequence with all that it holds. WBXML is not read. Streams of
//! several documents are left to `stream`.

mod draft;
#[cfg(test)]
pub(crate) mod examples;
mod grammar;
mod kinds;
mod scope;
#[cfg(test)]
mod tests;

pub use kinds::{FLEET_PROFILE, REQUEST, RESPONSE, STREAM, is_wbxml};

use crate::artefact::Notes;
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::xml::{Document, Turn};
use crate::csp::import::cover::cover;
use crate::csp::model::message::Part;
use crate::error::{Outcome, Place};
use draft::{Done, Draft, Flaw};
use std::io::BufRead;

const SEVERAL: &str = "another SyncML document begins in the same file";
const IMPORT: &str = "`licctl csp import` reads streams of several documents";

/// Takes the parts of a document. They are lent: the room of one command is that of the next.
pub type Each<'a> = dyn FnMut(&Part) -> Outcome<()> + 'a;

/// Reads one document.
///
/// Hands out [`Part::End`] only when the document is complete and nothing was complained of: what was done with the parts before must
/// be undone without it.
pub fn read(input: &mut dyn BufRead, notes: &mut Notes, each: &mut Each<'_>) -> Outcome<()> {
    let done = read_parts(input, notes, each);
    cover(notes);
    done
}

fn read_parts(input: &mut dyn BufRead, notes: &mut Notes, each: &mut Each<'_>) -> Outcome<()> {
    let before = notes.complaints.count();
    let mut reading = Reading::new(input, each);
    let mut on = Next::Piece;
    while on == Next::Piece && !reading.ended {
        on = match reading.step() {
            Ok(()) => Next::Piece,
            Err(Wrong::Document(trouble)) => {
                // The commands behind it stay readable.
                reading.draft.spoiled = true;
                trouble.settle(notes)?
            }
            Err(Wrong::Several(line)) => {
                notes.complain_with(Place::Line(line), SEVERAL, IMPORT);
                Next::Stop
            }
            Err(Wrong::Stop(stop)) => return Err(stop),
        };
    }
    if notes.complaints.count() > before {
        return Ok(());
    }
    if !reading.draft.is_whole() {
        notes.complain(Place::Whole, "there is no SyncML document");
        return Ok(());
    }
    reading.end_body()?;
    (reading.each)(&Part::End)
}

/// What a salvaged document was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Salvaged {
    Whole,
    /// It breaks off, or is broken, at this line of it: why. What was complete before was handed out.
    Broken {
        line: u64,
        why: String,
    },
}

/// Reads what can be read of a document, up to the last complete item; never hands out [`Part::End`].
pub(super) fn salvage(input: &mut dyn BufRead, each: &mut Each<'_>) -> Outcome<Salvaged> {
    let mut reading = Reading::new(input, each);
    while !reading.ended {
        let trouble = match reading.step() {
            Ok(()) => continue,
            Err(Wrong::Stop(stop)) => return Err(stop),
            Err(Wrong::Document(trouble)) => trouble,
            Err(Wrong::Several(line)) => Trouble::End(Place::Line(line), SEVERAL.to_owned()),
        };
        if let Some(command) = reading.draft.salvage() {
            (reading.each)(&Part::Command(command))?;
        }
        return match trouble {
            Trouble::Skip(Place::Line(line), why) | Trouble::End(Place::Line(line), why) => {
                Ok(Salvaged::Broken { line, why })
            }
            Trouble::Skip(_, why) | Trouble::End(_, why) => Ok(Salvaged::Broken { line: 1, why }),
            Trouble::Fault(error) => {
                Err(anyhow::Error::new(error).context("reading the file").into())
            }
        };
    }
    reading.end_body()?;
    Ok(Salvaged::Whole)
}

/// Adds how far the line was read: a message is often one line from end to end.
fn located(trouble: Trouble, column: u64) -> Trouble {
    let located = |why: String| match column {
        0 => why,
        _ => format!("{why} (read up to column {column})"),
    };
    match trouble {
        Trouble::Skip(place, why) => Trouble::Skip(place, located(why)),
        Trouble::End(place, why) => Trouble::End(place, located(why)),
        fault @ Trouble::Fault(_) => fault,
    }
}

/// Why a step did not come to its end.
enum Wrong {
    Document(Trouble),
    /// A second document begins at this line.
    Several(u64),
    /// From the taker of the parts.
    Stop(crate::error::Stop),
}

impl From<crate::error::Stop> for Wrong {
    fn from(stop: crate::error::Stop) -> Self {
        Self::Stop(stop)
    }
}

struct Reading<'i, 'e, 'f> {
    document: Document<'i>,
    draft: Draft,
    each: &'e mut Each<'f>,
    /// A `Final` of which it is not known yet whether something follows.
    last: Option<u64>,
    /// The instruction was handed out.
    instructed: bool,
    /// Nothing is left to read.
    ended: bool,
}

impl<'i, 'e, 'f> Reading<'i, 'e, 'f> {
    fn new(input: &'i mut dyn BufRead, each: &'e mut Each<'f>) -> Self {
        Self {
            document: Document::new(input),
            draft: Draft::default(),
            each,
            last: None,
            instructed: false,
            ended: false,
        }
    }

    /// Reads up to the next tag and hands out what it completes.
    fn step(&mut self) -> Result<(), Wrong> {
        let done = match self.document.advance() {
            Ok(None) => {
                self.ended = true;
                return Ok(());
            }
            Ok(Some(Turn::Open)) => {
                let tag = self.document.tag();
                let line = tag.line;
                // What is wrong with a beginning tag makes the document another than SyncML.
                let done = self.draft.open(&tag).map_err(|flaw| match flaw {
                    Flaw::Several => Wrong::Several(line),
                    Flaw::Ill(why) => Wrong::Document(Trouble::End(Place::Line(line), why)),
                })?;
                if self.draft.is_within_text() {
                    self.draft.gather(self.document.text(), self.document.is_cdata());
                }
                done
            }
            Ok(Some(Turn::Close)) => {
                let line = self.document.line();
                let done = self.draft.close(&self.document);
                done.map_err(|why| Wrong::Document(Trouble::Skip(Place::Line(line), why)))?
            }
            Err(trouble) => {
                return Err(Wrong::Document(located(trouble, self.document.column())));
            }
        };
        Ok(self.deliver(done)?)
    }

    fn deliver(&mut self, done: Done) -> Outcome<()> {
        let part = match done {
            Done::Nothing | Done::Root => return Ok(()),
            Done::Body => return self.end_body(),
            Done::Final { line } => {
                self.not_last()?;
                self.last = Some(line);
                return Ok(());
            }
            Done::Start(form) => {
                let namespace = self.draft.namespace.take();
                (self.each)(&Part::Start { form, namespace, line: self.draft.root_line })?;
                return self.instruct();
            }
            Done::Header(header) => Part::Header(header),
            Done::Command(command) => {
                self.not_last()?;
                Part::Command(command)
            }
        };
        self.instruct()?;
        (self.each)(&part)?;
        if let Part::Command(command) = part {
            self.draft.recycle(command);
        }
        Ok(())
    }

    /// Tells of the first XML declaration or processing instruction.
    fn instruct(&mut self) -> Outcome<()> {
        match self.document.instruction() {
            Some(line) if !self.instructed => {
                self.instructed = true;
                (self.each)(&Part::Instruction { line })
            }
            _ => Ok(()),
        }
    }

    /// Something follows the `Final` that was read last.
    fn not_last(&mut self) -> Outcome<()> {
        match self.last.take() {
            Some(line) => (self.each)(&Part::Final { line, last: false }),
            None => Ok(()),
        }
    }

    fn end_body(&mut self) -> Outcome<()> {
        match self.last.take() {
            Some(line) => (self.each)(&Part::Final { line, last: true }),
            None => Ok(()),
        }
    }
}
