//! Takes the wrapper off a list: of an outermost `{"…": …, "value": [ rows ], "…": …}` only the array comes through, so that its
//! rows can be split off one by one however many there are.
//!
//! Line feeds come through too, for places. Anything that is no such wrapper comes through as it stands.

mod scan;

use crate::artefact::trouble::excerpt;
use crate::error::Complaints;
use scan::{Event, Scan};
use serde_json::{Map, Value};
use std::io::{self, BufRead, Read};

/// How much of an object may stand in front of its list, and how much behind it, in bytes.
const AROUND: usize = 64 * 1024;

/// The member in which Graph and PowerShell wrap a list.
pub(super) const WRAPPED: &str = "value";

/// The member by which Graph says that more pages follow.
pub(super) const NEXT_PAGE: &str = "@odata.nextLink";

pub(super) struct Unwrapped<'i> {
    input: &'i mut dyn BufRead,
    mode: Mode,
    scan: Scan,
    /// What was read last; only its allocation outlives a refill.
    piece: Vec<u8>,
    /// What is handed out: `ready[at..]`.
    ready: Vec<u8>,
    at: usize,
    /// What stands around the list of the present object; all of it, as long as no list was met.
    around: Vec<u8>,
    /// Line feeds read so far, and those in front of the present object.
    feeds: u64,
    begin: u64,
    found: Found,
}

/// What the wrappers of a file say.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Line of the last wrapper, counted from 1, when it tells of another page.
    pub(super) next_page: Option<u64>,
    /// Lines of wrappers that are no JSON, and why; the first [`Complaints::KEPT`].
    pub(super) wrong: Vec<(u64, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Between outermost values.
    Outside,
    /// In an outermost object that may turn out to be a wrapper.
    Undecided,
    /// In an outermost object that is none.
    Plain,
    List,
    /// Behind the list of a wrapper.
    Behind,
    /// There are outermost values that are no objects: everything comes through.
    Through,
}

impl<'i> Unwrapped<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            mode: Mode::Outside,
            scan: Scan::default(),
            piece: Vec::new(),
            ready: Vec::new(),
            at: 0,
            around: Vec::new(),
            feeds: 0,
            begin: 0,
            found: Found::default(),
        }
    }

    /// What the wrappers said, once everything is read.
    pub(super) fn finish(self) -> Found {
        self.found
    }

    /// Reads until something can be handed out, or the input ends.
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() && self.mode != Mode::Through {
            self.piece.clear();
            let available = self.input.fill_buf()?;
            let count = available.len().min(AROUND);
            self.piece.extend_from_slice(available.get(..count).unwrap_or_default());
            self.input.consume(count);
            if count == 0 {
                self.end();
                return Ok(());
            }
            let piece = std::mem::take(&mut self.piece);
            let mut taken = 0;
            while taken < piece.len() && self.mode != Mode::Through {
                taken += self.take(piece.get(taken..).unwrap_or_default());
            }
            self.ready.extend_from_slice(piece.get(taken..).unwrap_or_default());
            self.piece = piece;
        }
        Ok(())
    }

    /// The input ends: an object that was held back comes through, for the reader to complain of.
    fn end(&mut self) {
        match self.mode {
            Mode::Undecided => {
                self.ready.append(&mut self.around);
                self.mode = Mode::Plain;
            }
            Mode::Behind => {
                self.close();
                self.mode = Mode::Outside;
            }
            Mode::Outside | Mode::Plain | Mode::List | Mode::Through => {}
        }
    }

    /// Takes bytes up to the next change of mode; tells how many.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let (count, event) = match self.mode {
            Mode::Outside => self.outside(bytes),
            _ => self.scan.run(bytes),
        };
        let part = bytes.get(..count).unwrap_or_default();
        match self.mode {
            Mode::Outside | Mode::Plain | Mode::List => self.ready.extend_from_slice(part),
            Mode::Undecided => self.around.extend_from_slice(part),
            Mode::Behind => {
                self.hand_on_feeds(part);
                let room = (2 * AROUND).saturating_sub(self.around.len());
                self.around.extend_from_slice(part.get(..room).unwrap_or(part));
            }
            Mode::Through => {}
        }
        self.feeds += feeds(part);
        self.mode = match (self.mode, event) {
            (Mode::Undecided, Event::ListBegins) => self.open(),
            (Mode::Undecided, Event::None) if self.around.len() > AROUND => self.give_up(),
            (Mode::Undecided, Event::ObjectEnds) => {
                self.give_up();
                Mode::Outside
            }
            (Mode::List, Event::ListEnds) => Mode::Behind,
            (Mode::Behind, Event::ObjectEnds) => {
                self.close();
                Mode::Outside
            }
            (Mode::Plain, Event::ObjectEnds) => Mode::Outside,
            (mode, _) => mode,
        };
        count
    }

    /// Passes over white space; begins an object, or gives up on anything else.
    fn outside(&mut self, bytes: &[u8]) -> (usize, Event) {
        let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank > 0 {
            return (blank, Event::None);
        }
        if bytes.first() != Some(&b'{') {
            self.mode = Mode::Through;
            return (0, Event::None);
        }
        self.begin = self.feeds;
        self.around.clear();
        self.scan = Scan::default();
        self.mode = Mode::Undecided;
        self.scan.run(bytes.get(..1).unwrap_or_default())
    }

    /// The list of a wrapper begins: what was held back stays here, but for its line feeds.
    fn open(&mut self) -> Mode {
        let held = std::mem::take(&mut self.around);
        self.hand_on_feeds(&held);
        self.ready.push(b'[');
        self.around.extend_from_slice(held.strip_suffix(b"[").unwrap_or(&held));
        self.around.extend_from_slice(b"null");
        Mode::List
    }

    /// The object is no wrapper: what was held back comes through.
    fn give_up(&mut self) -> Mode {
        self.ready.append(&mut self.around);
        Mode::Plain
    }

    /// A wrapper is complete, or the input ends within it: reads what it says beside its list.
    fn close(&mut self) {
        let line = self.begin + 1;
        let around = std::mem::take(&mut self.around);
        let wrong = if around.len() >= 2 * AROUND {
            format!("more than {AROUND} bytes stand around `{WRAPPED}`")
        } else {
            match serde_json::from_slice::<Map<String, Value>>(&around) {
                Ok(members) => {
                    let more = members.get(NEXT_PAGE).is_some_and(|link| !link.is_null());
                    self.found.next_page = more.then_some(line);
                    return;
                }
                Err(error) => {
                    format!("what stands around `{WRAPPED}`: {}", excerpt(&super::reason(&error)))
                }
            }
        };
        if self.found.wrong.len() < Complaints::KEPT {
            self.found.wrong.push((line, wrong));
        }
    }

    fn hand_on_feeds(&mut self, bytes: &[u8]) {
        self.ready.extend(bytes.iter().filter(|byte| **byte == b'\n'));
    }
}

fn feeds(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

impl Read for Unwrapped<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Unwrapped<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.ready.len() {
            self.refill()?;
            if self.ready.is_empty() && self.mode == Mode::Through {
                return self.input.fill_buf();
            }
        }
        Ok(self.ready.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.ready.len() {
            self.at += amount;
        } else if self.mode == Mode::Through {
            self.input.consume(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unwrapped;
    use std::io::{BufReader, Read};

    /// What comes through without blanks, whether another page is told of, and what is wrong.
    fn through(text: &str) -> (String, Option<u64>, Vec<(u64, String)>) {
        let mut seen = Vec::new();
        for size in [1, 3, 7, 100_000] {
            let mut input = BufReader::with_capacity(size, text.as_bytes());
            let mut unwrapped = Unwrapped::new(&mut input);
            let mut out = String::new();
            unwrapped.read_to_string(&mut out).unwrap();
            assert_eq!(out.matches('\n').count(), text.matches('\n').count(), "{text}");
            let found = unwrapped.finish();
            seen.push((out, found.next_page, found.wrong));
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }

    #[test]
    fn of_a_wrapper_only_the_list_comes_through() {
        for (text, list) in [
            (r#"{"value":[{"a":1},{"b":[2]}],"Count":2}"#, r#"[{"a":1},{"b":[2]}]"#),
            (r#"{"@odata.context":"x{[","value" : [ ]}"#, "[ ]"),
            (r#"{"x":{"value":[9]},"y":["value"],"value":["]\"}"]}"#, r#"["]\"}"]"#),
        ] {
            assert_eq!(through(text), (list.to_owned(), None, vec![]), "{text}");
        }
        let lines = "{\n\"x\":1,\n\"value\":[\n1\n],\n\"y\":2}\n{\"value\":[2]}\n";
        assert_eq!(through(lines).0, "\n\n[\n1\n]\n\n[2]\n");
    }

    #[test]
    fn what_is_no_wrapper_comes_through_as_it_stands() {
        for text in [
            "",
            "  \n",
            r#"{"a":1}"#,
            r#"{"value":1,"b":[{"value":[1]}]}"#,
            r#"{"value":null} {"a":"value\":["}"#,
            r#"[{"value":[1]},{"value":[2]}]"#,
            "x{\"value\":[1]}",
            "{\"a\":\"value\",\"b\":[1]}",
            "}{",
            "{\"a\":",
        ] {
            assert_eq!(through(text), (text.to_owned(), None, vec![]), "{text}");
        }
        let long = format!("{{\"a\":\"{}\",\"value\":[1]}} {{\"value\":[2]}}", "x".repeat(100_000));
        assert!(through(&long).0.ends_with("\"value\":[1]} [2]"));
    }

    #[test]
    fn only_the_last_page_tells_whether_the_file_is_whole() {
        let more = r#"{"@odata.nextLink":"https://x","value":[1]}"#;
        let last = r#"{"value":[2],"@odata.nextLink":null}"#;
        assert_eq!(through(more).1, Some(1));
        assert_eq!(through(&format!("{more}\n{last}")).1, None);
        assert_eq!(through(&format!("{last}\n{more}")).1, Some(2));
    }

    #[test]
    fn a_wrapper_that_is_no_json_is_wrong() {
        for (text, why) in [
            (r#"{"value":[1]"#, "what stands around `value`: EOF while parsing an object"),
            (r#"{x,"value":[1]}"#, "what stands around `value`: key must be a string"),
            (r#"{"value":[1]]}"#, "what stands around `value`: expected `,` or `}`"),
        ] {
            assert_eq!(through(&format!("\n{text}")).2, [(2, why.to_owned())], "{text}");
        }
        let long = format!("{{\"value\":[1],\"x\":\"{}\"}}", "x".repeat(1_000_000));
        assert_eq!(through(&long).2[0].1, "more than 65536 bytes stand around `value`");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\",:a\\\\ \n]{0,60}|(\\{\"value\":\\[[\\[\\]{}\",:a\\\\ \n]{0,60})") {
            through(&text);
        }
    }
}
