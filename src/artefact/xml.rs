//! XML read element by element, by local names: bounded in depth and in the length of tags and
//! texts.
//!
//! Refuses document types, or passes over them where a kind of file always has one; in both cases no
//! entity but the five predefined ones exists, and only those and character references are expanded. Several roots in one file are read one behind the other. What
//! the elements mean is left to the readers of the domains.

mod bounded;
mod doctype;
mod tag;

use super::trouble::{Trouble, excerpt, feeds};
use super::{DEEPEST, LONGEST};
use crate::error::Place;
pub use tag::Tag;

use bounded::Bounded;
use doctype::Doctype;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};
use tag::local;

/// A stream of elements.
pub struct Document<'i> {
    reader: Reader<Bounded<'i>>,
    buffer: Vec<u8>,
    /// The tag that was read last, without brackets, and the length of its name.
    tag: String,
    name: usize,
    /// Character data since the last tag.
    text: String,
    /// Whether some of it was written as CDATA.
    cdata: bool,
    /// Line of the first XML declaration or processing instruction.
    instruction: Option<u64>,
    depth: usize,
    /// The line on which the event in the buffer begins.
    line: u64,
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

impl<'i> Document<'i> {
    pub fn new(input: &'i mut dyn BufRead) -> Self {
        let mut reader = Reader::from_reader(Bounded::new(input));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            tag: String::new(),
            name: 0,
            text: String::new(),
            cdata: false,
            instruction: None,
            depth: 0,
            line: 1,
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
        self.text.clear();
        self.cdata = false;
        loop {
            match self.step()? {
                Step::Inside => {}
                Step::Tag { open } => {
                    self.nest(open)?;
                    return Ok(Some(self.shown(open)));
                }
                Step::End => return Ok(None),
            }
        }
    }

    /// The character data between the tag that was read last and the one before it, also where that
    /// tag opens an element: mixed content.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
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

    /// The line of the first XML declaration or processing instruction up to here.
    #[must_use]
    pub fn instruction(&self) -> Option<u64> {
        self.instruction
    }

    /// Reads one event; gathers its text or takes its tag.
    fn step(&mut self) -> Result<Step, Trouble> {
        // Counted once an event is done with, in one go: a tag is then told by the line it begins
        // on.
        self.line += feeds(&self.buffer) + self.reader.get_mut().release();
        self.buffer.clear();
        let place = Place::Line(self.line);
        let event = self.reader.read_event_into(&mut self.buffer);
        let part = match event {
            Ok(Event::Text(_)) if self.reader.get_ref().overran() => return Err(too_long(place)),
            _ if self.reader.get_ref().overran() => {
                let message = format!("a tag is longer than {LONGEST} bytes");
                return Err(Trouble::End(place, message));
            }
            Err(error) => return Err(broken(place, &error)),
            Ok(Event::Start(tag)) => {
                self.tag.clear();
                self.tag.push_str(&tag);
                self.name = tag.name().as_ref().len();
                return Ok(Step::Tag { open: true });
            }
            Ok(Event::End(tag)) => {
                self.tag.clear();
                self.tag.push_str(tag.name().as_ref());
                self.name = self.tag.len();
                return Ok(Step::Tag { open: false });
            }
            Ok(Event::Text(text)) => text.xml10_content(),
            Ok(Event::CData(text)) => {
                self.cdata = true;
                text.xml10_content()
            }
            Ok(Event::Decl(_) | Event::PI(_)) => {
                self.instruction.get_or_insert(self.line);
                return Ok(Step::Inside);
            }
            Ok(Event::GeneralRef(reference)) => {
                resolved(&reference).map_err(|why| Trouble::Skip(place, why))?
            }
            Ok(Event::DocType(declared)) => {
                self.doctype.judge(place, self.depth, &declared)?;
                return Ok(Step::Inside);
            }
            Ok(Event::Eof) if self.depth > 0 => {
                return Err(Trouble::End(place, "the file ends inside an element".to_owned()));
            }
            Ok(Event::Eof) => return Ok(Step::End),
            Ok(_) => return Ok(Step::Inside),
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

    fn shown(&self, open: bool) -> Piece<'_> {
        let name = local(self.tag.get(..self.name).unwrap_or_default());
        if open {
            Piece::Open(Tag {
                name,
                depth: self.depth,
                line: self.line,
                content: &self.tag,
                prefixed: self.name,
            })
        } else {
            Piece::Close { name, text: &self.text, depth: self.depth + 1 }
        }
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

#[cfg(test)]
mod tests {
    use super::{Document, Piece};
    use crate::artefact::trouble::Trouble;
    use crate::artefact::{DEEPEST, LONGEST};
    use std::io::BufReader;

    /// The pieces as `name@line` and `/name=text`, and what was wrong; a `!` marks what ended the
    /// stream.
    fn pieces(text: &str) -> Vec<String> {
        let mut input = BufReader::with_capacity(7, text.as_bytes());
        gathered(Document::new(&mut input))
    }

    /// As [`pieces`], of a file that may have a document type; the input comes in bits of this size.
    fn pieces_behind_doctype(text: &str, bit: usize) -> Vec<String> {
        let mut input = BufReader::with_capacity(bit, text.as_bytes());
        gathered(Document::new(&mut input).passing_doctype())
    }

    fn gathered(mut document: Document<'_>) -> Vec<String> {
        let mut found = Vec::new();
        loop {
            let piece = match document.next() {
                Ok(None) => return found,
                Ok(Some(Piece::Open(tag))) => {
                    let id = tag.attribute("id").unwrap_or_else(|why| Some(why.into()));
                    format!("{}{}", tag.name, id.map(|id| format!(" {id}")).unwrap_or_default())
                }
                Ok(Some(Piece::Close { name, text, .. })) => format!("/{name}={text}"),
                Err(Trouble::Skip(place, message)) => format!("{place}: {message}"),
                Err(Trouble::End(place, message)) => {
                    found.push(format!("! {place}: {message}"));
                    return found;
                }
                Err(Trouble::Fault(error)) => panic!("{error}"),
            };
            found.push(piece);
        }
    }

    #[test]
    fn elements_are_told_by_their_local_names_and_texts() {
        let text = "<?xml version='1.0'?><!-- c --><p:a xmlns:p='x' p:id='1 &lt; &#50;'>x<b/>&amp;&#x41;<![CDATA[<&]]></p:a>\n<c id=\"\"/>";
        assert_eq!(pieces(text), ["a 1 < 2", "b", "/b=", "/a=&A<&", "c ", "/c="]);
    }

    #[test]
    fn mixed_content_cdata_and_instructions_are_told_for_those_who_care() {
        let text = "\n<?p?><a>x<![CDATA[y]]><b>z</b></a>";
        let mut input = text.as_bytes();
        let mut document = Document::new(&mut input);
        let mut found = Vec::new();
        while document.next().unwrap().is_some() {
            found.push(format!("{}:{}", document.text(), document.is_cdata()));
        }
        assert_eq!(found, [":false", "xy:true", "z:false", ":false"]);
        assert_eq!((document.instruction(), document.line()), (Some(2), 2));
    }

    #[test]
    fn attributes_are_read_with_their_prefixes_and_must_be_well_formed() {
        let read = |text: &str| {
            let mut input = text.as_bytes();
            let mut document = Document::new(&mut input);
            let Ok(Some(Piece::Open(tag))) = document.next() else { panic!("no tag") };
            let attributes: Vec<String> = tag
                .attributes()
                .map(|read| read.map_or_else(|why| why, |(name, value)| format!("{name}={value}")))
                .collect();
            format!("{} {} {}", tag.prefix(), tag.name, attributes.join(" "))
        };
        assert_eq!(read("<p:a xmlns:p='x' b='&lt;'/>"), "p a xmlns:p=x b=<");
        assert_eq!(read("<a/>"), " a ");
        assert!(read("<a b='1' b='2'/>").contains("duplicate"), "{}", read("<a b='1' b='2'/>"));
        assert!(read("<a b=1/>").contains("must be enclosed"));
        assert!(read("<a b='&x;'/>").contains("attribute `b` of `<a>`"));
    }

    #[test]
    fn document_types_are_refused_before_any_entity_is_defined() {
        let text = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
        assert_eq!(pieces(text), ["! line 1: document types (`<!DOCTYPE`) are refused"]);
        let endless = format!("<!DOCTYPE a [{}", "<!ENTITY x 'y'>".repeat(LONGEST));
        assert!(pieces(&endless)[0].starts_with('!'));
    }

    #[test]
    fn a_document_type_is_passed_over_where_the_kind_of_file_has_one() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE a PUBLIC \" -//X//DTD [1]>//EN\"\n  \"http://x.example/a.dtd\"\n  \
                    [<?v ']>'?><!-- ]> --><!ELEMENT a (b*)><!ATTLIST a b CDATA ']>'><!NOTATION n SYSTEM '>'>]>\n<a><b>&amp;</b></a>";
        for bit in 1..40 {
            assert_eq!(pieces_behind_doctype(text, bit), ["a", "b", "/b=&", "/a="], "{bit}");
        }
        assert_eq!(pieces(text), ["! line 2: document types (`<!DOCTYPE`) are refused"]);
        let later = pieces_behind_doctype("<!DOCTYPE a [\n\n]>\n<a>\n</b>", 7);
        assert!(later[1].starts_with("! line 5: "), "{later:?}");
    }

    #[test]
    fn a_document_type_that_is_passed_over_defines_no_entity() {
        let refused = ["! line 1: document types that declare entities are refused"];
        for declared in [
            "<!DOCTYPE a [<!ENTITY x 'y'>]>",
            "<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>",
            "<!DOCTYPE a [<?p?><!ENTITY x SYSTEM \"http://x.example/\">]>",
        ] {
            assert_eq!(pieces_behind_doctype(&format!("{declared}<a>&x;</a>"), 7), refused);
        }
        let found = pieces_behind_doctype("<!DOCTYPE a SYSTEM 'x.dtd'><a>&x;</a>", 7);
        assert_eq!(found, ["a", "line 1: the entity `&x;` is not defined", "/a="]);
        let endless = format!("<!DOCTYPE a [{}", "<!ELEMENT x (y)>".repeat(LONGEST));
        assert!(pieces_behind_doctype(&endless, 4096)[0].starts_with('!'));
    }

    #[test]
    fn a_document_type_stands_before_the_root_alone() {
        let message = "! line 1: a document type (`<!DOCTYPE`) stands inside an element";
        assert_eq!(pieces_behind_doctype("<a><!DOCTYPE a></a>", 7), ["a", message]);
    }

    #[test]
    fn a_document_type_that_is_cut_or_garbled_ends_the_file_and_does_no_harm() {
        let text = "<!DOCTYPE a [<!NOTATIO x '>'><!ENT><!><?><!-->-->]><a/>";
        for cut in 0..=text.len() {
            for bit in 1..12 {
                pieces_behind_doctype(&text[..cut], bit);
            }
        }
    }

    #[test]
    fn an_entity_that_is_not_defined_spoils_one_text() {
        let found = pieces("<a><b>x&y;z</b>\n<b>&#0;</b><c/></a>");
        let wrong = "line 1: the entity `&y;` is not defined";
        assert_eq!(found[..4], ["a", "b", wrong, "/b=z"]);
        assert_eq!(
            found[5..],
            ["line 2: the entity `&#0;` is not defined", "/b=", "c", "/c=", "/a="]
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_left_out_and_the_next_element_read() {
        let found = pieces(&format!("<a>\n<b>{}</b><c>y</c></a>", "x\n".repeat(5 * LONGEST)));
        let message = format!("line 2: the text of an element is longer than {LONGEST} bytes");
        assert_eq!(found, ["a", "b", message.as_str(), "/b=", "c", "/c=y", "/a="]);
        let found = pieces(&format!("<a>{}</a>\n<b", "x\n".repeat(5 * LONGEST)));
        assert!(found[3].starts_with(&format!("! line {}: ", 2 + 5 * LONGEST)), "{found:?}");
        for long in ["ä", "x語", "xx語", "xxx語"] {
            let found = pieces(&format!("<a><b>{}</b><c/></a>", long.repeat(LONGEST)));
            assert_eq!((found.len(), found[4].as_str()), (7, "c"), "{long}");
        }
        let found = pieces(&format!("<a>{}</a>", "&amp;".repeat(LONGEST + 1)));
        assert!(found[1].contains("longer than"), "{found:?}");
    }

    #[test]
    fn a_tag_that_is_too_long_ends_the_file() {
        for text in ["<a b='", "<!--", "<![CDATA[", "<a ", "<?p ", "<a><b c='<"] {
            let found = pieces(&format!("{text}{}", "x".repeat(3 * LONGEST)));
            assert!(found.last().unwrap().starts_with('!'), "{found:?}");
        }
    }

    #[test]
    fn nesting_is_followed_to_a_bound() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert_eq!(pieces(&nested(DEEPEST)).len(), 2 * DEEPEST);
        assert_eq!(
            pieces(&nested(100_000)).last().unwrap(),
            "! line 1: elements are nested deeper than 64 levels"
        );
    }

    #[test]
    fn what_is_not_well_formed_ends_the_file_with_its_line() {
        for (text, message) in [
            (
                "<a>\n<b></a>",
                "! line 2: ill-formed document: expected `</b>`, but `</a>` was found",
            ),
            ("<a>\n", "! line 2: the file ends inside an element"),
            ("</a>", "! line 1: ill-formed document: close tag `</a>` does not match any open tag"),
        ] {
            assert_eq!(pieces(text).last().unwrap(), message);
        }
        assert_eq!(pieces("x<a/>"), ["line 1: `x` stands outside of any element", "a", "/a="]);
        assert_eq!(
            pieces("<a id=1/>")[0],
            "a `<a>`: position 5: attribute value must be enclosed in `\"` or `'`"
        );
    }
}
