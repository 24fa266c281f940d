//! The bytes that the parser gets to see: no more than the bound of any record.

use crate::artefact::LONGEST;
use std::fmt;
use std::io::{self, BufRead, Read};

/// Ends any record whatever state the parser is in: the blank keeps a quote in front of it from
/// pairing with the next one.
const CLOSE: &[u8] = b" \"\n";

/// Hands bytes to the parser, but no more than [`LONGEST`] within one record: then it ends the
/// record.
pub(super) struct Bounded<'i> {
    input: &'i mut dyn BufRead,
    /// Bytes since the table last asked for a record.
    taken: usize,
    /// What is left of [`CLOSE`], once a record is too long.
    closing: Option<&'static [u8]>,
    /// Whether the parser met the end of the input.
    over: bool,
}

impl fmt::Debug for Bounded<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Bounded").field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken >= LONGEST {
            return self.closing.get_or_insert(CLOSE).read(out);
        }
        let limit = out.len().min(LONGEST - self.taken);
        let count = self.input.read(out.get_mut(..limit).unwrap_or_default())?;
        self.taken += count;
        self.over = count == 0;
        Ok(count)
    }
}

/// Where in a field of a record that is passed over the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Start,
    Plain,
    Quoted,
    /// Behind a quote that ends the quoted part unless another quote follows.
    BehindQuote,
}

impl<'i> Bounded<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, taken: 0, closing: None, over: false }
    }

    /// Gets ready for the next record; tells whether the last one was ended before its end.
    pub(super) fn release(&mut self) -> bool {
        self.taken = 0;
        self.closing.take().is_some()
    }

    /// Whether the end of the input, rather than that of a line, ended the last record.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Passes over the input up to the end of the line that ends the record, and tells how many
    /// lines that were.
    pub(super) fn pass_record(&mut self, delimiter: u8, mut field: Field) -> io::Result<u64> {
        let mut lines = 0;
        loop {
            let available = self.input.fill_buf()?;
            let end = available.iter().position(|byte| {
                lines += u64::from(*byte == b'\n');
                field = match (field, *byte) {
                    (Field::Quoted, b'"') => Field::BehindQuote,
                    (Field::Quoted, _) | (Field::BehindQuote | Field::Start, b'"') => Field::Quoted,
                    (_, byte) if byte == delimiter => Field::Start,
                    _ => Field::Plain,
                };
                *byte == b'\n' && field != Field::Quoted
            });
            let count = end.map_or(available.len(), |at| at + 1);
            self.input.consume(count);
            if end.is_some() || count == 0 {
                return Ok(lines);
            }
        }
    }
}
