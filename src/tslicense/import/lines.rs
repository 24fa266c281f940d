//! A text line by line: bounded, whatever ends its lines.

use crate::artefact::LONGEST;
use crate::error::{Outcome, Stop};
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// The lines of a text, whatever ends them.
pub(super) fn of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('\r'))
}

/// Whether the first line of a stream ends in a carriage return alone.
pub(super) fn end_in_returns(input: &mut dyn BufRead) -> io::Result<bool> {
    let piece = input.fill_buf()?;
    let end = piece.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let behind = end.and_then(|at| Some((piece.get(at)?, piece.get(at + 1)?)));
    Ok(behind.is_some_and(|(end, next)| *end == b'\r' && *next != b'\n'))
}

/// A stream with line feeds in the place of carriage returns.
pub(super) struct Feeds<'i> {
    input: &'i mut dyn BufRead,
    piece: Vec<u8>,
    at: usize,
}

impl<'i> Feeds<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, piece: Vec::new(), at: 0 }
    }
}

impl BufRead for Feeds<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.piece.len() {
            let bytes = self.input.fill_buf()?;
            self.piece.clear();
            self.piece.extend(bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }));
            self.at = 0;
            let taken = self.piece.len();
            self.input.consume(taken);
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.piece.len());
    }
}

impl Read for Feeds<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The lines of a stream, without their ends.
pub(super) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    number: u64,
    /// Lines that ended in a carriage return alone.
    ahead: VecDeque<String>,
}

/// A line, or that it is too long, which ends the stream.
pub(super) enum Line {
    Text(u64, String),
    TooLong(u64),
    End,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, number: 0, ahead: VecDeque::new() }
    }

    /// Faults when the bytes cannot be had.
    pub(super) fn next(&mut self) -> Outcome<Line> {
        if self.ahead.is_empty() {
            let mut bytes = Vec::new();
            let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
            let read =
                (&mut *self.input).take(limit).read_until(b'\n', &mut bytes).map_err(|error| {
                    Stop::Fault(anyhow::Error::new(error).context("reading the file"))
                })?;
            if read == 0 {
                return Ok(Line::End);
            }
            if read == LONGEST && !bytes.ends_with(b"\n") {
                return Ok(Line::TooLong(self.number + 1));
            }
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches('\n');
            let text = text.strip_suffix('\r').unwrap_or(text);
            self.ahead.extend(text.split('\r').map(str::to_owned));
        }
        self.number += 1;
        Ok(self.ahead.pop_front().map_or(Line::End, |text| Line::Text(self.number, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Feeds, Line, Lines, end_in_returns, of};
    use std::io::Read as _;

    #[test]
    fn lines_end_as_any_system_ends_them() {
        let mut input = "a\r\nb\rc\n\nd".as_bytes();
        let mut lines = Lines::new(&mut input);
        let mut found = Vec::new();
        while let Line::Text(number, text) = lines.next().unwrap() {
            found.push((number, text));
        }
        let expected = [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")];
        assert_eq!(found, expected.map(|(number, text)| (number, text.to_owned())));
        assert_eq!(of("a\r\nb\rc\n\nd").collect::<Vec<_>>(), ["a", "b", "c", "", "d"]);
    }

    #[test]
    fn carriage_returns_alone_become_line_feeds() {
        for (text, alone) in
            [("a\rb\r", true), ("a\r\nb", false), ("a\nb\rc", false), ("a\r", false)]
        {
            assert_eq!(end_in_returns(&mut text.as_bytes()).unwrap(), alone, "{text:?}");
        }
        let (mut bytes, mut text) = ("a\rb\r".as_bytes(), String::new());
        Feeds::new(&mut bytes).read_to_string(&mut text).unwrap();
        assert_eq!(text, "a\nb\n");
    }
}
