//! XML read element by element, by local names: bounded in depth and in the length of tags and texts.
//!
//! Refuses document types, so that no entity but the five predefined ones exists; expands only those and character references.
//! Several roots in one file are read one behind the other. What the elements mean is left to the readers of the domains.

use super::trouble::{Trouble, excerpt};
use super::{DEEPEST, LONGEST};
use crate::error::Place;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::QName;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read};

/// A stream of elements.
pub struct Document<'i> {
    reader: Reader<Bounded<'i>>,
    buffer: Vec<u8>,
    /// The tag that was read last, without brackets, and the length of its name.
    tag: String,
    name: usize,
    /// Character data since the last tag.
    text: String,
    depth: usize,
}

/// The beginning or the end of an element; an empty element has both.
#[derive(Debug)]
pub enum Piece<'d> {
    Open(Tag<'d>),
    Close {
        /// Without its prefix.
        name: &'d str,
        /// The character data between this tag and the one before it: the whole text of an element without children.
        text: &'d str,
        /// As in [`Tag::depth`].
        depth: usize,
    },
}

/// The beginning of an element.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'d> {
    /// Without its prefix.
    pub name: &'d str,
    /// How many elements it stands in, itself included: 1 for a root.
    pub depth: usize,
    /// Where the tag ends, counted from 1.
    pub line: u64,
    content: &'d str,
    /// Length of the name with its prefix, at the beginning of `content`.
    prefixed: usize,
}

impl<'d> Tag<'d> {
    /// The value of the attribute with this local name; an error says why the attributes cannot be read.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'d, str>>, String> {
        for attribute in Attributes::new(self.content, self.prefixed).with_checks(false) {
            let attribute =
                attribute.map_err(|error| format!("`<{}>`: {error}", excerpt(self.name)))?;
            if attribute.key.local_name().as_ref() == name {
                return match attribute.value {
                    Cow::Borrowed(value) => unescape(value).map(Some),
                    Cow::Owned(value) => {
                        unescape(&value).map(|value| Some(Cow::Owned(value.into_owned())))
                    }
                }
                .map_err(|error| {
                    format!("attribute `{name}` of `<{}>`: {error}", excerpt(self.name))
                });
            }
        }
        Ok(None)
    }
}

impl<'i> Document<'i> {
    pub fn new(input: &'i mut dyn BufRead) -> Self {
        let mut reader =
            Reader::from_reader(Bounded { input, left: LONGEST, overran: false, feeds: 0 });
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            tag: String::new(),
            name: 0,
            text: String::new(),
            depth: 0,
        }
    }

    /// Reads up to the end of the next tag. Comments and processing instructions are passed over.
    pub fn next(&mut self) -> Result<Option<Piece<'_>>, Trouble> {
        self.text.clear();
        let open = loop {
            self.buffer.clear();
            self.reader.get_mut().left = LONGEST;
            let event = self.reader.read_event_into(&mut self.buffer);
            let place = Place::Line(self.reader.get_ref().feeds + 1);
            let overran = std::mem::take(&mut self.reader.get_mut().overran);
            let part = match event {
                Ok(Event::Text(_)) if overran => return Err(too_long(place)),
                _ if overran => {
                    return Err(Trouble::End(
                        place,
                        format!("a tag is longer than {LONGEST} bytes"),
                    ));
                }
                Err(error) => return Err(broken(place, &error)),
                Ok(Event::Start(tag)) => {
                    self.tag.clear();
                    self.tag.push_str(&tag);
                    self.name = tag.name().as_ref().len();
                    break true;
                }
                Ok(Event::End(tag)) => {
                    self.tag.clear();
                    self.tag.push_str(tag.name().as_ref());
                    self.name = self.tag.len();
                    break false;
                }
                Ok(Event::Text(text)) => text.xml10_content(),
                Ok(Event::CData(text)) => text.xml10_content(),
                Ok(Event::GeneralRef(reference)) => {
                    resolved(&reference).map_err(|why| Trouble::Skip(place, why))?
                }
                Ok(Event::DocType(_)) => {
                    return Err(Trouble::End(
                        place,
                        "document types (`<!DOCTYPE`) are refused".to_owned(),
                    ));
                }
                Ok(Event::Eof) if self.depth > 0 => {
                    return Err(Trouble::End(place, "the file ends inside an element".to_owned()));
                }
                Ok(Event::Eof) => return Ok(None),
                Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => continue,
            };
            // A byte order mark stands where files were put one behind the other.
            if self.depth == 0
                && !part
                    .trim_matches(|letter: char| letter == '\u{feff}' || letter.is_whitespace())
                    .is_empty()
            {
                return Err(Trouble::Skip(
                    place,
                    format!("`{}` stands outside of any element", excerpt(part.trim())),
                ));
            }
            if self.text.len() + part.len() > LONGEST {
                return Err(too_long(place));
            }
            self.text.push_str(&part);
        };
        self.step(open)?;
        Ok(Some(self.piece(open)))
    }

    /// Keeps the depth, and keeps it bounded.
    fn step(&mut self, open: bool) -> Result<(), Trouble> {
        self.depth = if open { self.depth + 1 } else { self.depth.saturating_sub(1) };
        if self.depth > DEEPEST {
            let place = Place::Line(self.reader.get_ref().feeds + 1);
            return Err(Trouble::End(
                place,
                format!("elements are nested deeper than {DEEPEST} levels"),
            ));
        }
        Ok(())
    }

    fn piece(&self, open: bool) -> Piece<'_> {
        let name = QName(self.tag.get(..self.name).unwrap_or_default()).local_name().into_inner();
        if open {
            let line = self.reader.get_ref().feeds + 1;
            Piece::Open(Tag {
                name,
                depth: self.depth,
                line,
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
            .field("feeds", &self.reader.get_ref().feeds)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
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

/// Hands bytes to the parser, but no more than [`LONGEST`] of one tag or text.
///
/// Of a longer text it keeps the rest back up to the next tag, so that parsing can go on there.
struct Bounded<'i> {
    input: &'i mut dyn BufRead,
    /// What the tag or text may still take.
    left: usize,
    overran: bool,
    /// Line feeds handed out or kept back.
    feeds: u64,
}

impl Bounded<'_> {
    fn take(&mut self, count: usize) {
        let taken = self.input.fill_buf().unwrap_or_default();
        let feeds = taken.iter().take(count).filter(|byte| **byte == b'\n').count();
        self.feeds += u64::try_from(feeds).unwrap_or_default();
        self.input.consume(count);
    }

    fn keep_back(&mut self) -> io::Result<()> {
        loop {
            let available = self.input.fill_buf()?;
            let end = available.iter().position(|byte| *byte == b'<');
            let count = end.unwrap_or(available.len());
            self.take(count);
            if end.is_some() || count == 0 {
                return Ok(());
            }
        }
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            if self.overran {
                // What is this long and does not end at a tag is itself a tag: handing out nothing ends it.
                return Ok(&[]);
            }
            // The bound may fall into a character, which is then handed out whole.
            let rest =
                self.input.fill_buf()?.iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
            self.left = if rest > 0 { rest } else { LONGEST };
            if rest == 0 {
                self.overran = true;
                self.keep_back()?;
            }
        }
        let available = self.input.fill_buf()?;
        Ok(available.get(..self.left).unwrap_or(available))
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.take(count);
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Piece};
    use crate::artefact::trouble::Trouble;
    use crate::artefact::{DEEPEST, LONGEST};
    use std::io::BufReader;

    /// The pieces as `name@line` and `/name=text`, and what was wrong; a `!` marks what ended the stream.
    fn pieces(text: &str) -> Vec<String> {
        let mut input = BufReader::with_capacity(7, text.as_bytes());
        let mut document = Document::new(&mut input);
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
    fn document_types_are_refused_before_any_entity_is_defined() {
        let text = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
        assert_eq!(pieces(text), ["! line 1: document types (`<!DOCTYPE`) are refused"]);
        let endless = format!("<!DOCTYPE a [{}", "<!ENTITY x 'y'>".repeat(LONGEST));
        assert!(pieces(&endless)[0].starts_with('!'));
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
        let message = format!(
            "line {}: the text of an element is longer than {LONGEST} bytes",
            2 + 5 * LONGEST
        );
        assert_eq!(found, ["a", "b", message.as_str(), "/b=", "c", "/c=y", "/a="]);
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
