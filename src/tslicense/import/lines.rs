//! A text line by line: bounded, whatever ends its lines.

use crate::artefact::LONGEST;
use crate::error::{Outcome, Stop};
use std::collections::VecDeque;
use std::io::{BufRead, Read as _};

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
    use super::{Line, Lines};

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
    }
}
