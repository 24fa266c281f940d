//! Text split into lines as Windows tools end them: LF, CRLF, CR CR LF and lone CR, each one line end.
//!
//! Holds one line at a time and no line beyond [`LONGEST`]. What the lines mean is left to the readers.

use crate::artefact::LONGEST;
use crate::artefact::trouble::Trouble;
use crate::error::Place;
use std::io::BufRead;

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) text: String,
}

/// The lines of a stream.
pub(super) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    number: u64,
    /// Empty lines still to be handed out: lone CRs one behind the other.
    empty: u64,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, number: 0, empty: 0 }
    }

    /// Reads the next line; the last one may lack its end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, Trouble> {
        if self.empty > 0 {
            self.empty -= 1;
            self.number += 1;
            return Ok(Some(Line { number: self.number, text: String::new() }));
        }
        let mut bytes = Vec::new();
        let (mut long, mut any) = (false, false);
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                break;
            }
            any = true;
            let end = available.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            long |= bytes.len() + part.len() > LONGEST;
            if !long {
                bytes.extend_from_slice(part);
            }
            let returned = end.and_then(|at| available.get(at)) == Some(&b'\r');
            let used = end.map_or(available.len(), |at| at + 1);
            self.input.consume(used);
            if returned {
                self.empty = self.returns()?;
            }
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        let place = Place::Line(self.number);
        if long {
            return Err(Trouble::Skip(place, format!("the line is longer than {LONGEST} bytes")));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Line { number: self.number, text })),
            Err(_) => Err(Trouble::Skip(place, "the line is not valid UTF-8".to_owned())),
        }
    }

    /// Passes over what belongs to the line end behind a CR, and tells how many further lines it ends.
    fn returns(&mut self) -> Result<u64, Trouble> {
        let mut more = 0;
        loop {
            let next = self.input.fill_buf()?.first().copied();
            match next {
                Some(b'\r') => more += 1,
                Some(b'\n') => more = 0,
                _ => return Ok(more),
            }
            self.input.consume(1);
            if next == Some(b'\n') {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::artefact::LONGEST;
    use crate::artefact::trouble::Trouble;
    use crate::error::Place;
    use std::io::BufReader;

    fn split(text: &[u8]) -> (Vec<(u64, String)>, Vec<Place>) {
        // A tiny buffer puts every boundary between two reads somewhere.
        let mut input = BufReader::with_capacity(2, text);
        let mut lines = Lines::new(&mut input);
        let (mut found, mut left_out) = (Vec::new(), Vec::new());
        loop {
            match lines.next() {
                Ok(Some(line)) => found.push((line.number, line.text)),
                Ok(None) => return (found, left_out),
                Err(Trouble::Skip(place, _)) => left_out.push(place),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    fn texts(text: &str) -> Vec<String> {
        split(text.as_bytes()).0.into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn every_line_end_of_windows_tools_ends_one_line() {
        for text in ["a\n\nb\n", "a\r\n\r\nb\r\n", "a\r\r\n\r\r\nb\r\r\n", "a\r\rb\r", "a\n\nb"] {
            assert_eq!(texts(text), ["a", "", "b"], "{text:?}");
        }
        assert_eq!(texts(""), [""; 0]);
    }

    #[test]
    fn a_line_too_long_or_not_utf_8_is_left_out_and_the_next_one_keeps_its_number() {
        let text = [b"a\n".to_vec(), vec![b'x'; 3 * LONGEST], b"\nb\xFF\r\nc".to_vec()].concat();
        let (found, left_out) = split(&text);
        assert_eq!(found, [(1, "a".to_owned()), (4, "c".to_owned())]);
        assert_eq!(left_out, [Place::Line(2), Place::Line(3)]);
    }
}
