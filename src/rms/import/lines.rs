//! Text line by line: bounded, with the ends of lines of every system.

use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::{LONGEST, Notes};
use crate::error::{Outcome, Place};
use std::io::BufRead;

/// A text that is read line by line.
pub(super) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    line: Vec<u8>,
    text: String,
    number: u64,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, line: Vec::new(), text: String::new(), number: 0 }
    }

    /// The number of the line that was read last, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that can be read, without its end; what is wrong with those before it is complained of. `None` where nothing more
    /// can be read.
    pub(super) fn settled(&mut self, notes: &mut Notes) -> Outcome<Option<String>> {
        loop {
            match self.next() {
                Ok(line) => return Ok(line.map(str::to_owned)),
                Err(trouble) => {
                    if trouble.settle(notes)? == Next::Stop {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// The next line without its end; a longer one than is held is passed over and told.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Trouble> {
        self.line.clear();
        let (mut ended, mut long, mut any) = (false, false, false);
        while !ended {
            let piece = self.input.fill_buf()?;
            if piece.is_empty() {
                break;
            }
            any = true;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let part = piece.get(..end.unwrap_or(piece.len())).unwrap_or_default();
            if self.line.len() + part.len() > LONGEST {
                long = true;
            } else {
                self.line.extend_from_slice(part);
            }
            ended = end.is_some();
            let count = part.len() + usize::from(ended);
            self.input.consume(count);
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if long {
            let message = format!("a line is longer than {LONGEST} bytes");
            return Err(Trouble::Skip(Place::Line(self.number), message));
        }
        self.text.clear();
        self.text.push_str(&String::from_utf8_lossy(&self.line));
        Ok(Some(self.text.trim_end_matches(['\r', '\0'])))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_end_as_every_system_ends_them() {
        let mut input = "a\r\nb\n\nc".as_bytes();
        let mut lines = Lines::new(&mut input);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push(line.to_owned());
        }
        assert_eq!(
            (found, lines.number()),
            (vec!["a".into(), "b".into(), String::new(), "c".into()], 4)
        );
    }

    #[test]
    fn a_line_without_an_end_is_passed_over() {
        let text = format!("a\n{}\nb\n", "x".repeat(super::LONGEST + 1));
        let mut input = text.as_bytes();
        let mut lines = Lines::new(&mut input);
        assert_eq!(lines.next().unwrap(), Some("a"));
        assert!(lines.next().is_err());
        assert_eq!(lines.next().unwrap(), Some("b"));
    }
}
