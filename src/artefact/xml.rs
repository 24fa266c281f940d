//! XML read element by element, by local names: bounded in depth and in the length of tags and
//! texts.
//!
//! Refuses document types, or passes over them where a kind of file always has one; in both cases no
//! entity but the five predefined ones exists, and only those and character references are expanded. Several roots in one file are read one behind the other. What
//! the elements mean is left to the readers of the domains.

mod bounded;
mod doctype;
mod leaf;
mod names;
mod past;
pub(super) mod scan;
mod stride;
mod tag;
#[cfg(test)]
mod tests;

use super::trouble::{Trouble, excerpt};
use super::{DEEPEST, LONGEST};
use crate::error::Place;
pub use leaf::{Leaf, Likely};
pub use tag::Tag;

use bounded::Bounded;
use doctype::Doctype;
use names::Names;
use past::Behind;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};
use std::ops::Range;
use stride::Name;

/// A stream of elements.
pub struct Document<'i> {
    reader: Reader<Bounded<'i>>,
    buffer: Vec<u8>,
    /// The tag that was read last, without brackets, and the name with which it begins.
    tag: String,
    name: Name,
    /// Where that tag stands in what the reader has ahead, when it went past the parser; else empty.
    tag_ahead: Range<usize>,
    /// Character data since the last tag.
    text: String,
    /// Where all of it stands in what the reader has ahead, when it went past the parser; else empty.
    text_ahead: Range<usize>,
    /// Whether some of it was written as CDATA.
    cdata: bool,
    /// Whether it surely holds no control character.
    clean: bool,
    /// Line of the first XML declaration or processing instruction.
    instruction: Option<u64>,
    depth: usize,
    names: Names,
    behind: Behind,
    /// The element that began last ends at once.
    empty: bool,
    /// The line on which the event in the buffer begins.
    line: u64,
    /// Line feeds of the tag that was read last past the parser.
    passed: u64,
    doctype: Doctype,
}

/// The beginning or the end of an element; an empty element has both.
#[derive(Debug)]
pub enum Piece<'d> {
    Open(Tag<'d>),
    Close {
        /// Without its prefix.
        name: &'d str,
        /// The character data between this tag and the one before it: the whole text of an element
        /// without children.
        text: &'d str,
        /// As in [`Tag::depth`].
        depth: usize,
    },
}

/// What a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Open,
    Close,
}

impl<'i> Document<'i> {
    pub fn new(input: &'i mut dyn BufRead) -> Self {
        let mut reader = Reader::from_reader(Bounded::new(input));
        // Names are compared here, since not every tag comes to the parser.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        Self {
            reader,
            buffer: Vec::new(),
            tag: String::new(),
            name: Name::default(),
            tag_ahead: 0..0,
            text: String::new(),
            text_ahead: 0..0,
            cdata: false,
            clean: true,
            instruction: None,
            depth: 0,
            names: Names::default(),
            behind: Behind::Text,
            empty: false,
            line: 1,
            passed: 0,
            doctype: Doctype::Refused,
        }
    }

    /// Passes over document types instead of refusing them: for kinds of files that always have one.
    ///
    /// What they point to is not fetched, what they declare not looked at; one that declares entities
    /// is refused still.
    #[must_use]
    pub fn passing_doctype(self) -> Self {
        Self { doctype: Doctype::Passed, ..self }
    }

    /// Reads up to the end of the next tag. Comments and processing instructions are passed over.
    #[expect(
        clippy::should_implement_trait,
        reason = "what it hands out borrows from it, which `Iterator` cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Piece<'_>>, Trouble> {
        Ok(self.advance()?.map(|turn| match turn {
            Turn::Open => Piece::Open(self.tag()),
            Turn::Close => {
                Piece::Close { name: self.tag().name, text: self.text(), depth: self.depth + 1 }
            }
        }))
    }

    /// Reads as [`Document::next`] does and hands out nothing but what the tag is: [`Document::tag`]
    /// and [`Document::text`] have the rest, for readers that need not all of it.
    pub fn advance(&mut self) -> Result<Option<Turn>, Trouble> {
        if !self.text.is_empty() {
            self.text.clear();
        }
        (self.text_ahead, self.cdata, self.clean) = (0..0, false, true);
        loop {
            match self.step()? {
                Step::Inside => self.clean = false,
                Step::Tag { open } => {
                    self.nest(open)?;
                    return Ok(Some(if open { Turn::Open } else { Turn::Close }));
                }
                Step::End => return Ok(None),
            }
        }
    }

    /// The tag that was read last; of an ending tag the name counts alone.
    #[must_use]
    #[inline]
    pub fn tag(&self) -> Tag<'_> {
        let content = if self.tag_ahead.is_empty() {
            &self.tag
        } else {
            self.reader.get_ref().part(self.tag_ahead.clone())
        };
        let Name { length, prefix } = self.name;
        let name = content.get(prefix..length).unwrap_or_default();
        Tag { name, depth: self.depth, line: self.line, content, prefixed: length }
    }

    /// The character data between the tag that was read last and the one before it, also where that
    /// tag opens an element: mixed content.
    #[must_use]
    #[inline]
    pub fn text(&self) -> &str {
        if self.text_ahead.is_empty() {
            &self.text
        } else {
            self.reader.get_ref().part(self.text_ahead.clone())
        }
    }

    /// Whether [`Document::text`] surely holds no control character, line ends among them.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.clean
    }

    /// Whether some of [`Document::text`] was written as CDATA.
    #[must_use]
    pub fn is_cdata(&self) -> bool {
        self.cdata
    }

    /// The line on which the tag that was read last begins.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// How many characters of its line are read, the tag that was read last included.
    #[must_use]
    pub fn column(&self) -> u64 {
        self.reader.get_ref().column()
    }

    /// The line of the first XML declaration or processing instruction up to here.
    #[must_use]
    pub fn instruction(&self) -> Option<u64> {
        self.instruction
    }

    /// Reads one event, or a text with the tag behind it; gathers the text or takes the tag.
    #[inline]
    fn step(&mut self) -> Result<Step, Trouble> {
        if self.empty {
            self.empty = false;
            return Ok(Step::Tag { open: false });
        }
        // Counted once a tag is done with: it is told by the line it begins on.
        self.line += self.passed;
        self.passed = 0;
        if self.behind != Behind::Stride {
            self.line += scan::feeds(&self.buffer) + self.reader.get_mut().release();
            self.buffer.clear();
        }
        if self.behind != Behind::Text
            && let Some(step) = self.stride()
        {
            self.behind = Behind::Stride;
            return step;
        }
        self.event()
    }

    /// Reads one event of the parser.
    fn event(&mut self) -> Result<Step, Trouble> {
        let place = Place::Line(self.line);
        self.tag_ahead = 0..0;
        let event = self.reader.read_event_into(&mut self.buffer);
        self.behind = Behind::after(&event);
        let part = match event {
            Ok(Event::Text(_)) if self.reader.get_ref().overran() => return Err(too_long(place)),
            _ if self.reader.get_ref().overran() => {
                let message = format!("a tag is longer than {LONGEST} bytes");
                return Err(Trouble::End(place, message));
            }
            Err(error) => return Err(broken(place, &error)),
            Ok(Event::Start(tag)) => {
                self.name = Name::whole(tag.name().as_ref().as_bytes());
                replace(&mut self.tag, &tag);
                self.names.open(tag.name().as_ref(), self.name);
                return Ok(Step::Tag { open: true });
            }
            Ok(Event::Empty(tag)) => {
                self.name = Name::whole(tag.name().as_ref().as_bytes());
                replace(&mut self.tag, &tag);
                self.empty = true;
                return Ok(Step::Tag { open: true });
            }
            Ok(Event::End(tag)) => {
                self.name = Name::whole(tag.name().as_ref().as_bytes());
                replace(&mut self.tag, tag.name().as_ref());
                self.names.close(place, tag.name().as_ref())?;
                return Ok(Step::Tag { open: false });
            }
            Ok(Event::Text(text)) => text.xml10_content(),
            Ok(Event::CData(text)) => {
                self.cdata = true;
                text.xml10_content()
            }
            Ok(Event::GeneralRef(reference)) => {
                resolved(&reference).map_err(|why| Trouble::Skip(place, why))?
            }
            Ok(Event::Eof) if self.depth > 0 => {
                return Err(Trouble::End(place, "the file ends inside an element".to_owned()));
            }
            Ok(Event::Eof) => return Ok(Step::End),
            Ok(Event::DocType(declared)) => {
                self.doctype.judge(place, self.depth, &declared)?;
                return Ok(Step::Inside);
            }
            Ok(Event::Decl(_) | Event::PI(_)) => {
                self.instruction.get_or_insert(self.line);
                return Ok(Step::Inside);
            }
            Ok(Event::Comment(_)) => return Ok(Step::Inside),
        };
        if self.depth == 0 {
            return outside(place, &part);
        }
        if self.text.len() + part.len() > LONGEST {
            return Err(too_long(place));
        }
        self.text.push_str(&part);
        Ok(Step::Inside)
    }

    /// Keeps the depth, and keeps it bounded.
    #[inline]
    fn nest(&mut self, open: bool) -> Result<(), Trouble> {
        self.depth = if open { self.depth + 1 } else { self.depth.saturating_sub(1) };
        if self.depth > DEEPEST {
            let place = Place::Line(self.line);
            return Err(Trouble::End(
                place,
                format!("elements are nested deeper than {DEEPEST} levels"),
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Document")
            .field("line", &self.line)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

/// What one event came to.
enum Step {
    /// Text, or nothing that counts.
    Inside,
    Tag {
        open: bool,
    },
    End,
}

/// Text outside of any element must be blank. A byte order mark stands where files were put one
/// behind the other.
fn outside(place: Place, part: &str) -> Result<Step, Trouble> {
    let blank = |letter: char| letter == '\u{feff}' || letter.is_whitespace();
    if part.chars().all(blank) {
        return Ok(Step::Inside);
    }
    let message = format!("`{}` stands outside of any element", excerpt(part.trim()));
    Err(Trouble::Skip(place, message))
}

fn replace(text: &mut String, by: &str) {
    text.clear();
    text.push_str(by);
}

fn too_long(place: Place) -> Trouble {
    Trouble::Skip(place, format!("the text of an element is longer than {LONGEST} bytes"))
}

fn broken(place: Place, error: &quick_xml::Error) -> Trouble {
    match error {
        quick_xml::Error::Io(error) => {
            Trouble::Fault(io::Error::new(error.kind(), error.to_string()))
        }
        error => Trouble::End(place, excerpt(&error.to_string()).into_owned()),
    }
}

/// The text of a character reference or of a predefined entity.
fn resolved(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, String> {
    let wrong = || format!("the entity `&{};` is not defined", excerpt(reference));
    match reference.resolve_char_ref() {
        Ok(Some(letter)) => Ok(Cow::Owned(letter.to_string())),
        Ok(None) => resolve_predefined_entity(reference).map(Cow::Borrowed).ok_or_else(wrong),
        Err(_) => Err(wrong()),
    }
}
