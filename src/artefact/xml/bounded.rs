//! The bytes that the parser gets to see: no more than the bound of any tag or text.

use crate::artefact::LONGEST;
use crate::artefact::trouble::feeds;
use std::io::{self, BufRead, Read};

/// Hands bytes to the parser, but no more than [`LONGEST`] of one tag or text.
///
/// Of a longer text it keeps the rest back up to the next tag, so that parsing can go on there.
pub(super) struct Bounded<'i> {
    input: &'i mut dyn BufRead,
    /// What the tag or text may still take.
    left: usize,
    overran: bool,
    /// Line feeds in what was kept back.
    kept_back: u64,
}

impl<'i> Bounded<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, left: LONGEST, overran: false, kept_back: 0 }
    }

    /// Whether something was kept back of the tag or text that was read last.
    pub(super) fn overran(&self) -> bool {
        self.overran
    }

    /// Gets ready for the next tag or text; tells how many line feeds were kept back of the last.
    pub(super) fn release(&mut self) -> u64 {
        self.left = LONGEST;
        self.overran = false;
        std::mem::take(&mut self.kept_back)
    }

    /// Goes on at the bound: keeps back what is left of a text. Tells whether there is anything to
    /// hand out.
    fn extend(&mut self) -> io::Result<bool> {
        if self.overran {
            // What is this long and does not end at a tag is itself a tag: handing out nothing ends
            // it.
            return Ok(false);
        }
        // The bound may fall into a character, which is then handed out whole.
        let rest = self.input.fill_buf()?.iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
        self.left = if rest > 0 { rest } else { LONGEST };
        if rest == 0 {
            self.overran = true;
            self.keep_back()?;
        }
        Ok(true)
    }

    fn keep_back(&mut self) -> io::Result<()> {
        loop {
            let available = self.input.fill_buf()?;
            let end = available.iter().position(|byte| *byte == b'<');
            let count = end.unwrap_or(available.len());
            self.kept_back += feeds(available.get(..count).unwrap_or_default());
            self.input.consume(count);
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
        if self.left == 0 && !self.extend()? {
            return Ok(&[]);
        }
        let available = self.input.fill_buf()?;
        Ok(available.get(..self.left).unwrap_or(available))
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.input.consume(count);
    }
}
