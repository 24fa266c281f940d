//! Answers of `get_info`: `sentinelInfo` documents, one behind the other as looping scripts write them.
//!
//! Licenses are read, features with their counters, clients, and what a License Manager tells of itself and of its pool; answers to
//! other queries are counted and left out.

mod answers;
mod before;
mod draft;

use super::documents::Documents;
use super::{Each, Options, Record, Taken, Told};
use crate::artefact::trouble::{Trouble, excerpt};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::catalog::Kind as FieldKind;
use crate::error::{Outcome, Place};
use crate::rms::catalog::queries::INFO_ROOT;
use crate::rms::catalog::server::{
    BUILD_ID, HOST_NAME, IP_ADDRESS, LOCALE, MAJOR_VERSION, MINOR_VERSION, OS_FAMILY, POINT_ID,
    SERVER_FIELDS, VENDOR_LICENSE_MANAGER_ID,
};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::server::ServerInfo;
pub(super) use answers::Answer;
use before::Before;
use draft::Draft;
pub(super) use draft::{finished, replaced, unknown};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.sentinelinfo",
    title: "answers of a Sentinel RMS query as XML (`sentinelInfo`), one or many in one file",
    binary: true,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    // A document type names the root before it begins; a script may hold a document in quotes.
    let begins = |(at, _): (usize, &str)| {
        let before = sample.text.get(..at).unwrap_or_default();
        before.rsplit_once('<').is_some_and(|(front, prefix)| {
            let line = front.rsplit('\n').next().unwrap_or_default().trim_end();
            (prefix.is_empty() || prefix.ends_with(':')) && (line.is_empty() || line.ends_with('>'))
        })
    };
    if sample.text.match_indices(INFO_ROOT).take(64).any(begins) { Fit::Yes(9) } else { Fit::No }
}

/// Reads a stream of documents. A document that is cut off or not well-formed is complained of, and the next one is read.
pub fn read(
    input: &mut dyn BufRead,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut documents = Documents::new(input);
    let (mut found, mut last, mut before) = (0_u64, None, Before::default());
    loop {
        match documents.advance() {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                Trouble::from(error).settle(notes)?;
                break;
            }
        }
        let (first, number) = (documents.passed(), found + 1);
        let last_told = std::mem::take(&mut last);
        let mut reading =
            Reading { options, first, number, last: last_told, ..Reading::new(notes, &mut before) };
        reading.document(&mut Document::new(&mut documents), each)?;
        found += reading.roots;
        last = reading.last;
    }
    if found == 0 && notes.complaints.is_empty() {
        notes.complain(Place::Whole, format!("the file holds no `{INFO_ROOT}`"));
    }
    Ok(())
}

/// How deep elements may be nested, how long names may be, in bytes, and how many attributes an element may have.
const DEEPEST: usize = 16;
const LONGEST_NAME: usize = 256;
const MOST_ATTRIBUTES: usize = 64;

/// What is being read.
enum Within {
    Nothing,
    License(Box<Draft>),
    Server(Box<Told>),
    Client(Box<Answer>),
    Pool(Box<Answer>),
    /// An answer to another query, or what nobody knows.
    Other,
}

struct Reading<'n> {
    notes: &'n mut Notes,
    options: Options<'n>,
    /// Lines before the document.
    first: u64,
    /// Which document of the stream it is, counted from 1.
    number: u64,
    roots: u64,
    depth: usize,
    within: Within,
    /// Whether what is being read has a flaw that was complained of.
    bad: bool,
    /// The feature that was told last.
    last: Option<FeatureKey>,
    before: &'n mut Before,
}

impl<'n> Reading<'n> {
    fn new(notes: &'n mut Notes, before: &'n mut Before) -> Self {
        Self {
            notes,
            before,
            options: Options::default(),
            first: 0,
            number: 1,
            roots: 0,
            depth: 0,
            within: Within::Nothing,
            bad: false,
            last: None,
        }
    }

    fn place(&self, line: u64) -> Place {
        Place::Line(self.first + line)
    }

    fn document(&mut self, document: &mut Document<'_>, each: &mut Each<'_>) -> Outcome<()> {
        loop {
            self.leaves(document);
            let piece = match document.next() {
                Ok(None) => return Ok(()),
                Ok(Some(piece)) => piece,
                Err(Trouble::Skip(place, message)) => {
                    self.skip(place, message);
                    continue;
                }
                Err(Trouble::End(place, message)) => {
                    let place = self.moved(place);
                    let message = format!("document {}: {message}", self.number);
                    self.notes.complain(place, message);
                    return Ok(());
                }
                Err(fault @ Trouble::Fault(_)) => {
                    fault.settle(self.notes)?;
                    return Ok(());
                }
            };
            match piece {
                Piece::Open(tag) => {
                    let place = self.place(tag.line);
                    if let Some(begun) = self.begun(&tag)
                        && let Within::License(draft) = &mut self.within
                    {
                        let text = document.text();
                        self.bad |= !draft.open(begun, text, place, self.notes);
                    }
                }
                Piece::Close { depth: 2, .. } => self.end(each)?,
                Piece::Close { depth, name, text } if depth > 2 => {
                    let line = self.first;
                    match &mut self.within {
                        Within::License(draft) => {
                            self.bad |= !draft.close(depth, text, self.notes);
                        }
                        Within::Server(told) if depth == 3 => {
                            if let Err(why) = take(told, name, text) {
                                self.notes.complain(Place::Line(line + 1), why);
                                self.bad = true;
                            }
                        }
                        Within::Client(answer) if depth == 3 => {
                            if let Err(why) = answer.of_client(name, text) {
                                self.notes.complain(Place::Line(line + 1), why);
                                self.bad = true;
                            }
                        }
                        Within::Pool(answer) if depth == 3 => answer.member(),
                        Within::Pool(answer) if depth == 4 => answer.of_member(name, text),
                        _ => {}
                    }
                }
                Piece::Close { .. } => self.depth = 0,
            }
        }
    }

    /// Takes the elements of a license that are leaves, which most are.
    fn leaves(&mut self, document: &mut Document<'_>) {
        let Within::License(draft) = &mut self.within else { return };
        while draft.is_between()
            && let Some(leaf) = document.leaf(self.before.likely(draft.after))
        {
            let place = Place::Line(self.first + leaf.line);
            if let Some(why) = beyond_name(leaf.name) {
                self.notes.complain(place, why);
                self.bad = true;
            }
            self.bad |= !draft.leaf(&leaf, place, self.before, self.notes);
        }
    }

    fn moved(&self, place: Place) -> Place {
        match place {
            Place::Line(line) => self.place(line),
            other => other,
        }
    }

    /// Text between documents is what scripts print; inside one it makes the record unusable.
    fn skip(&mut self, place: Place, message: String) {
        let place = self.moved(place);
        if self.depth == 0 && !self.options.strict {
            self.notes.warn("W_JUNK_TEXT", place, message);
        } else {
            self.notes.complain(place, message);
            self.bad = true;
        }
    }

    /// Takes a beginning tag; what of it the license needs when it is below one.
    fn begun(&mut self, tag: &Tag<'_>) -> Option<draft::Begun> {
        self.depth = tag.depth;
        if let Some(why) = beyond(tag) {
            self.notes.complain(self.place(tag.line), why);
            self.bad = true;
        }
        match tag.depth {
            1 => self.root(tag),
            2 => {
                let line = self.first + tag.line;
                self.bad = false;
                self.within = match tag.name {
                    "feature" => Within::License(Box::new(Draft::new(line))),
                    "server" => Within::Server(Box::default()),
                    "client" => Within::Client(Box::default()),
                    "serverPool" => Within::Pool(Box::default()),
                    name => {
                        let message = format!("`{}` is read and not kept", excerpt(name));
                        self.notes.warn("W_NOT_KEPT", Place::Line(line), message);
                        Within::Other
                    }
                };
            }
            _ => {
                if let Within::License(draft) = &self.within {
                    return Some(draft::Begun::of(tag, draft.after, self.before));
                }
            }
        }
        None
    }

    fn root(&mut self, tag: &Tag<'_>) {
        self.roots += 1;
        let place = self.place(tag.line);
        if tag.name != INFO_ROOT {
            let message = format!("the root is `{}`, not `{INFO_ROOT}`", excerpt(tag.name));
            self.notes.complain(place, message);
        }
        let declares = tag.attribute("xmlns").is_ok_and(|found| found.is_some());
        if !tag.prefix().is_empty() || declares {
            let message = "the document has a namespace; its names are read without it";
            self.notes.warn("W_NAMESPACE", place, message);
        }
    }

    /// Hands on what was read.
    fn end(&mut self, each: &mut Each<'_>) -> Outcome<()> {
        let within = std::mem::replace(&mut self.within, Within::Nothing);
        if self.bad {
            return Ok(());
        }
        match within {
            Within::Nothing => Ok(()),
            Within::Other => each(self.place(1), Record::Skipped),
            Within::Server(told) => each(self.place(1), Record::Server(told)),
            Within::Client(answer) => {
                let client = answer.client(self.last.as_ref());
                each(self.place(1), Record::Client(Box::new(client)))
            }
            Within::Pool(answer) => {
                for member in answer.members() {
                    each(self.place(1), Record::Pool(member))?;
                }
                Ok(())
            }
            Within::License(draft) => {
                let place = Place::Line(draft.line);
                let told = draft.is_license();
                let whole = self.options.record.map_or(told, |taken| taken == Taken::License);
                let Some(license) = draft.finish(self.options, self.notes) else { return Ok(()) };
                if self.last.as_ref().is_none_or(|last| !license.is_of(last)) {
                    self.last = Some(license.feature());
                }
                if whole {
                    return each(place, Record::License(Box::new(license)));
                }
                match answers::feature(&license) {
                    Ok(facts) => each(place, Record::Feature(Box::new(facts))),
                    Err(why) => {
                        self.notes.complain(place, why);
                        Ok(())
                    }
                }
            }
        }
    }
}

/// What no answer of the API comes near to: such XML was made to harm its reader.
fn beyond(tag: &Tag<'_>) -> Option<String> {
    if tag.depth > DEEPEST {
        return Some(format!("elements are nested more than {DEEPEST} deep"));
    }
    let many = tag.has_attributes() && tag.attributes().nth(MOST_ATTRIBUTES).is_some();
    let many = many.then(|| format!("an element has more than {MOST_ATTRIBUTES} attributes"));
    beyond_name(tag.name).or(many)
}

fn beyond_name(name: &str) -> Option<String> {
    let long = name.len() > LONGEST_NAME;
    long.then(|| format!("a name is longer than {LONGEST_NAME} bytes"))
}

/// Takes an element of a serverInfo answer; one that no row has is left out.
fn take(told: &mut Told, name: &str, text: &str) -> Result<(), String> {
    if name == HOST_NAME.name {
        told.name = Some(text.trim().to_owned()).filter(|name| !name.is_empty());
    }
    server_element(&mut told.info, name, text)
}

/// Reads an element of a serverInfo answer.
pub(super) fn server_element(info: &mut ServerInfo, name: &str, text: &str) -> Result<(), String> {
    let Some(field) = SERVER_FIELDS.iter().find(|field| field.name == name) else { return Ok(()) };
    let text = text.trim();
    if matches!(field.kind, FieldKind::U32 { .. }) {
        let number = match text {
            "" => None,
            text => Some(
                text.parse::<u32>()
                    .map_err(|_| format!("`{name}`: `{}` is no whole number", excerpt(text)))?,
            ),
        };
        let slots = [
            (&MAJOR_VERSION, &mut info.major_version),
            (&MINOR_VERSION, &mut info.minor_version),
            (&POINT_ID, &mut info.point_id),
            (&BUILD_ID, &mut info.build_id),
        ];
        for (row, slot) in slots {
            if row.name == name {
                *slot = number;
            }
        }
        return Ok(());
    }
    let slots = [
        (&LOCALE, &mut info.locale),
        (&VENDOR_LICENSE_MANAGER_ID, &mut info.vendor_license_manager_id),
        (&OS_FAMILY, &mut info.os_family),
        (&IP_ADDRESS, &mut info.ip_address),
        (&HOST_NAME, &mut info.host_name),
    ];
    for (row, slot) in slots {
        if row.name == name {
            text.clone_into(slot);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
