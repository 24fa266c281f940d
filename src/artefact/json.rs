//! JSON read element by element: the members of an array, or values one behind the other, as JSON
//! lines have them.
//!
//! The splitter holds one element at a time, bounds its size and depth before anything parses it,
//! and goes on behind one that does not parse. What an element means is left to the readers of the
//! domains; `lenient` has the values that they read it into.

use super::trouble::{Trouble, feeds};
use super::xml::scan;
use super::{DEEPEST, LONGEST};
use crate::error::Place;
use std::fmt;
use std::io::BufRead;

/// The elements of a stream.
pub struct Elements<'i> {
    input: &'i mut dyn BufRead,
    element: Vec<u8>,
    /// The longest element, in bytes.
    longest: usize,
    /// Line feeds read so far.
    feeds: u64,
    place: Between,
}

/// Where in the stream the next element is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    /// Outside of any array.
    Values,
    /// Behind the `[` of an array.
    Start,
    /// Behind an element of an array.
    Behind,
    /// Behind a comma of an array.
    Comma,
}

/// One element, as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'e> {
    pub text: &'e str,
    /// Where it begins, counted from 1.
    pub line: u64,
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Elements")
            .field("feeds", &self.feeds)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl<'i> Elements<'i> {
    pub fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, element: Vec::new(), longest: LONGEST, feeds: 0, place: Between::Values }
    }

    /// Sets how long an element may be, in bytes; unless it is set, [`LONGEST`].
    #[must_use]
    pub fn bounded(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// Splits off the next element. An array at the outermost level is a list of elements, not an
    /// element.
    #[expect(
        clippy::should_implement_trait,
        reason = "what it hands out borrows from it, which `Iterator` cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Element<'_>>, Trouble> {
        loop {
            let Some(byte) = self.visible()? else {
                return if self.place == Between::Values {
                    Ok(None)
                } else {
                    Err(Trouble::End(self.here(), "the file ends inside an array".to_owned()))
                };
            };
            self.place = match (self.place, byte) {
                (Between::Values, b'[') => Between::Start,
                (Between::Start | Between::Behind, b']') => Between::Values,
                (Between::Behind, b',') => Between::Comma,
                (Between::Behind, _) => return Err(self.stray(byte, "`,` or `]`")),
                (_, b']' | b'}' | b',' | b':') => return Err(self.stray(byte, "a value")),
                _ => break,
            };
            self.input.consume(1);
        }
        let line = self.feeds + 1;
        self.split(line)?;
        if self.place != Between::Values {
            self.place = Between::Behind;
        }
        match std::str::from_utf8(&self.element) {
            Ok(text) => Ok(Some(Element { text, line })),
            Err(_) => {
                Err(Trouble::Skip(Place::Line(line), "the element is not valid UTF-8".to_owned()))
            }
        }
    }

    /// The next byte that is not white space, left in the input.
    fn visible(&mut self) -> Result<Option<u8>, Trouble> {
        loop {
            let available = self.input.fill_buf()?;
            let blank = available.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.feeds += feeds(available.get(..blank).unwrap_or_default());
            let found = available.get(blank).copied();
            let end = available.is_empty();
            self.input.consume(blank);
            if found.is_some() || end {
                return Ok(found);
            }
        }
    }

    /// Takes the element that begins here.
    fn split(&mut self, line: u64) -> Result<(), Trouble> {
        self.element.clear();
        let mut scan = Scan::default();
        let mut long = false;
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                if scan.state == State::Scalar && scan.depth == 0 {
                    break;
                }
                self.feeds += scan.feeds;
                return Err(Trouble::End(
                    Place::Line(line),
                    "the file ends inside an element".to_owned(),
                ));
            }
            let end = scan.end(available, &mut self.element);
            let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            if self.element.len() > self.longest {
                long = true;
                self.element.clear();
            }
            let count = part.len();
            self.input.consume(count);
            if end.is_some() {
                break;
            }
        }
        self.feeds += scan.feeds;
        let wrong = match (long, scan.deepest > DEEPEST) {
            (false, false) => return Ok(()),
            (true, _) => format!("the element is longer than {} bytes", self.longest),
            (false, true) => format!("the element is nested deeper than {DEEPEST} levels"),
        };
        if self.place != Between::Values {
            self.place = Between::Behind;
        }
        Err(Trouble::Skip(Place::Line(line), wrong))
    }

    fn here(&self) -> Place {
        Place::Line(self.feeds + 1)
    }

    fn stray(&self, byte: u8, wanted: &str) -> Trouble {
        Trouble::End(
            self.here(),
            format!("expected {wanted}, found `{}`", char::from(byte).escape_default()),
        )
    }
}

/// Finds the end of one element without parsing it.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    deepest: usize,
    state: State,
    /// Line feeds met.
    feeds: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In front of the first byte.
    #[default]
    Start,
    /// Among the brackets, commas and scalars of an object or array.
    Inside,
    /// In a number or word that is the whole element.
    Scalar,
    String,
    /// Behind a backslash of a string.
    Escape,
}

/// White space of at least so many bytes is an indentation, which may be most of what PowerShell writes: of it only the ends of
/// lines are kept, or one blank.
const INDENTATION: usize = 8;

impl Scan {
    /// The offset behind the last byte of the element; `None` when it goes on beyond `bytes`.
    ///
    /// Appends the element to `kept`, without its indentation.
    fn end(&mut self, bytes: &[u8], kept: &mut Vec<u8>) -> Option<usize> {
        let (mut from, mut rest) = (0, bytes.iter());
        let end = loop {
            if self.state == State::String {
                // Most bytes of a string change nothing, so they are passed over before one is looked at.
                let Some(skipped) = scan::in_string(rest.as_slice()) else { break None };
                rest = rest.as_slice().get(skipped..).unwrap_or_default().iter();
            }
            let front = rest.as_slice();
            let Some(byte) = rest.next() else { break None };
            if self.state == State::Inside && is_blank(*byte) {
                let (run, feeds) = blanks(front);
                self.feeds += feeds;
                rest = front.get(run..).unwrap_or_default().iter();
                if run >= INDENTATION {
                    let at = bytes.len() - front.len();
                    kept.extend_from_slice(bytes.get(from..at).unwrap_or_default());
                    if feeds == 0 {
                        kept.push(b' ');
                    }
                    (0..feeds).for_each(|_| kept.push(b'\n'));
                    from = at + run;
                }
            } else if self.state == State::Inside
                && *byte == b'"'
                && let Some(behind) = plain_string(rest.as_slice())
            {
                rest = behind.iter();
            } else if self.step(*byte) {
                // The byte behind a scalar is not part of it.
                let behind = usize::from(self.state != State::Scalar);
                break Some(bytes.len() - front.len() + behind);
            }
        };
        kept.extend_from_slice(bytes.get(from..end.unwrap_or(bytes.len())).unwrap_or_default());
        end
    }

    /// Takes a byte, and tells whether the element ends with it or, when it is a scalar, before it.
    fn step(&mut self, byte: u8) -> bool {
        match (self.state, byte) {
            (State::Inside | State::Start, b'"') => self.state = State::String,
            (State::Inside | State::Start, b'{' | b'[') => {
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
                self.state = State::Inside;
            }
            (State::Inside, b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            (State::Inside, _) => {}
            (State::String, b'"') if self.depth == 0 => return true,
            (State::String, b'"') => self.state = State::Inside,
            (State::String, b'\\') => self.state = State::Escape,
            (State::String | State::Escape, _) => {
                self.feeds += u64::from(byte == b'\n');
                self.state = State::String;
            }
            (State::Scalar, b',' | b']' | b'}') => return true,
            (State::Scalar, _) if is_blank(byte) => return true,
            (State::Start | State::Scalar, _) => self.state = State::Scalar,
        }
        false
    }
}

/// The white space of JSON.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// What stands behind a string that ends here without an escape, as most do.
fn plain_string(bytes: &[u8]) -> Option<&[u8]> {
    match bytes.split_at_checked(scan::in_string(bytes)?)?.1 {
        [b'"', behind @ ..] => Some(behind),
        _ => None,
    }
}

/// How many bytes of white space come first, and how many lines end in them.
fn blanks(bytes: &[u8]) -> (usize, u64) {
    // Most are an indentation behind the end of a line.
    let (mut at, mut feeds) = if bytes.starts_with(b"\r\n") { (2, 1) } else { (0, 0) };
    loop {
        at += scan::blanks(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'\n') => feeds += 1,
            Some(byte) if is_blank(*byte) => {}
            _ => return (at, feeds),
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Elements;
    use crate::artefact::trouble::Trouble;
    use crate::artefact::{DEEPEST, LONGEST};
    use crate::error::Place;
    use std::io::BufReader;

    /// The elements with their lines, the places left out, and what ended the stream early.
    fn split(text: &str) -> (Vec<(u64, String)>, Vec<Place>, Option<String>) {
        // A tiny buffer puts every boundary between two reads somewhere.
        let mut input = BufReader::with_capacity(3, text.as_bytes());
        let mut elements = Elements::new(&mut input);
        let (mut found, mut left_out) = (Vec::new(), Vec::new());
        loop {
            match elements.next() {
                Ok(Some(element)) => found.push((element.line, element.text.to_owned())),
                Ok(None) => return (found, left_out, None),
                Err(Trouble::Skip(place, _)) => left_out.push(place),
                Err(Trouble::End(_, message)) => return (found, left_out, Some(message)),
                Err(Trouble::Fault(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn arrays_and_values_one_behind_the_other_hold_the_same_elements() {
        let object = r#"{"a":"]},[{\"\\","b":[1,{}]}"#;
        for text in [
            format!("[{object},\n{object}]"),
            format!("{object}\n{object}"),
            format!("[{object}]\n [ {object} ]"),
            format!("[]{object}\r\n[{object}]"),
        ] {
            let (found, left_out, end) = split(&text);
            assert_eq!(
                found.iter().map(|(_, element)| element.as_str()).collect::<Vec<_>>(),
                [object, object],
                "{text}"
            );
            assert_eq!(
                (found[1].0, left_out.len(), end),
                (if text.contains('\n') { 2 } else { 1 }, 0, None)
            );
        }
    }

    #[test]
    fn an_indentation_is_left_out_and_the_lines_and_texts_are_kept() {
        let text = "{\r\n            \"a          b\" :         [1,\n\n\t     2,         3],\r\n \"c\":  \" \\\"  \"\r\n}";
        let kept = "{\n\"a          b\" : [1,\n\n2, 3],\r\n \"c\":  \" \\\"  \"\r\n}";
        let mut whole = text.as_bytes();
        assert_eq!(Elements::new(&mut whole).next().unwrap().unwrap().text, kept);
    }

    #[test]
    fn scalars_are_elements_too() {
        let (found, _, end) = split("[1, \"a,]\", null]true");
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!((texts, end), (vec!["1", "\"a,]\"", "null", "true"], None));
    }

    #[test]
    fn a_stream_that_is_no_json_ends_with_what_was_expected() {
        for (text, message) in [
            ("[1 2]", "expected `,` or `]`, found `2`"),
            ("[,1]", "expected a value, found `,`"),
            ("}", "expected a value, found `}`"),
            ("[1,", "the file ends inside an array"),
            ("{\"a\":", "the file ends inside an element"),
            ("\"a", "the file ends inside an element"),
        ] {
            assert_eq!(split(text).2.as_deref(), Some(message), "{text}");
        }
    }

    #[test]
    fn an_element_beyond_the_bounds_is_left_out_and_the_next_one_found() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(2 * LONGEST));
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        let (found, left_out, end) = split(&format!("[{{}},\n{long},\n{deep},\n{{}}]"));
        assert_eq!(found, [(1, "{}".to_owned()), (4, "{}".to_owned())]);
        assert_eq!((left_out, end), (vec![Place::Line(2), Place::Line(3)], None));
        let (found, _, _) =
            split(&format!("{{\"a\":{}{}}}", "[".repeat(DEEPEST - 1), "]".repeat(DEEPEST - 1)));
        assert_eq!(found.len(), 1);
    }
}
