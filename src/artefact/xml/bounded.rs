//! The bytes that the parser gets to see: no more than the bound of any tag or text.

use super::scan;
use crate::artefact::LONGEST;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// How much is taken from the input in one go: it stays in the cache of a processor.
const PIECE: usize = 64 * 1024;

/// Hands bytes to the parser, but no more than [`LONGEST`] of one tag or text.
///
/// Of a longer text it keeps the rest back up to the next tag, so that parsing can go on there.
pub(super) struct Bounded<'i> {
    input: &'i mut dyn BufRead,
    /// Text of the input, checked to be UTF-8; `ahead[at..]` is not handed out yet.
    ahead: String,
    at: usize,
    /// Characters of the line that is open where `ahead` begins.
    column: u64,
    /// What the tag or text may still take.
    left: usize,
    overran: bool,
    /// Line feeds in what was kept back.
    kept_back: u64,
}

impl<'i> Bounded<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            ahead: String::new(),
            at: 0,
            column: 0,
            left: LONGEST,
            overran: false,
            kept_back: 0,
        }
    }

    /// How many characters of the line are behind.
    pub(super) fn column(&self) -> u64 {
        column(self.column, self.ahead.get(..self.at).unwrap_or(&self.ahead))
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

    /// What comes next, and where it stands, taken from the input when nothing is ahead: never more than a tag or a text may take.
    ///
    /// Empty at the end of the input, before bytes that are no UTF-8, and when reading fails: then the parser fails as well.
    #[inline]
    pub(super) fn ahead(&mut self) -> (usize, &[u8]) {
        const { assert!(PIECE <= LONGEST) };
        if self.at >= self.ahead.len() && self.available().is_err() {
            return (self.at, &[]);
        }
        (self.at, self.ahead.as_bytes().get(self.at..).unwrap_or_default())
    }

    /// Passes over what was ahead without the parser, up to this place.
    #[inline]
    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    /// A part of what was ahead, until more is taken from the input.
    #[inline]
    pub(super) fn part(&self, range: Range<usize>) -> &str {
        self.ahead.get(range).unwrap_or_default()
    }

    /// What the input has, whatever the bound.
    fn available(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.ahead.len() {
            self.column = column(self.column, &self.ahead);
            self.ahead.clear();
            self.at = 0;
            let bytes = self.input.fill_buf()?;
            let bytes = bytes.get(..PIECE).unwrap_or(bytes);
            let text = match std::str::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                    std::str::from_utf8(valid).unwrap_or_default()
                }
            };
            self.ahead.push_str(text);
            self.input.consume(self.ahead.len());
        }
        match self.ahead.as_bytes().get(self.at..) {
            Some(rest) if !rest.is_empty() => Ok(rest),
            // A character that the end of a piece cuts, or bytes that are no UTF-8.
            _ => self.input.fill_buf(),
        }
    }

    fn pass(&mut self, count: usize) {
        if self.at < self.ahead.len() {
            self.at += count;
        } else {
            self.input.consume(count);
        }
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
        let rest = self.available()?.iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
        self.left = if rest > 0 { rest } else { LONGEST };
        if rest == 0 {
            self.overran = true;
            self.keep_back()?;
        }
        Ok(true)
    }

    fn keep_back(&mut self) -> io::Result<()> {
        loop {
            let available = self.available()?;
            let end = available.iter().position(|byte| *byte == b'<');
            let count = end.unwrap_or(available.len());
            let kept_back = scan::feeds(available.get(..count).unwrap_or_default());
            self.kept_back += kept_back;
            self.pass(count);
            if end.is_some() || count == 0 {
                return Ok(());
            }
        }
    }
}

/// How many characters of the last line of a text there are, when `before` stand in front of the text.
fn column(before: u64, text: &str) -> u64 {
    let (before, line) = match text.rsplit_once('\n') {
        Some((_, line)) => (0, line),
        None => (before, text),
    };
    before.saturating_add(u64::try_from(line.chars().count()).unwrap_or(u64::MAX))
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
        let left = self.left;
        let available = self.available()?;
        Ok(available.get(..left).unwrap_or(available))
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.pass(count);
    }
}
