//! A stream in which scripts put one XML document behind the other, taken apart at the XML declarations.
//!
//! A document that was cut off then ends where the next one begins, and does not swallow it.

use memchr::{memchr, memchr_iter};
use std::io::{self, BufRead, Read};

/// What begins a document: the declaration, and a blank behind it.
const MARK: &[u8] = b"<?xml";

/// The documents of a stream; reads one after the other as if each were a file of its own.
pub(super) struct Documents<'i> {
    input: &'i mut dyn BufRead,
    held: Vec<u8>,
    /// What of `held` was handed out, and up to where it may be.
    at: usize,
    end: usize,
    /// Whether the next document begins at `end`.
    gate: bool,
    /// Whether `input` has no more.
    dry: bool,
    /// Line feeds that were handed out or passed over.
    feeds: u64,
}

impl<'i> Documents<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        // The gate stands before the first document.
        Self { input, held: Vec::new(), at: 0, end: 0, gate: true, dry: false, feeds: 0 }
    }

    /// Goes to the next document, over what is left of this one. False when there is none.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        loop {
            let left = self.fill_buf()?.len();
            if left == 0 {
                break;
            }
            self.consume(left);
        }
        if !self.gate {
            return Ok(false);
        }
        self.gate = false;
        // What begins here is no end of what begins here.
        self.look(self.at + 1)?;
        Ok(self.end > self.at)
    }

    /// How many lines there are before the place that is read next.
    pub(super) fn passed(&self) -> u64 {
        self.feeds
    }

    /// Looks for the next document behind `from` and sets how far may be handed out.
    fn look(&mut self, from: usize) -> io::Result<()> {
        let mut from = from;
        loop {
            if let Some(found) = mark(&self.held, from) {
                self.end = found;
                self.gate = true;
                return Ok(());
            }
            // A mark may be cut by the end of what is held.
            let safe =
                if self.dry { self.held.len() } else { self.held.len().saturating_sub(MARK.len()) };
            self.end = safe.max(self.at);
            if self.end > self.at || self.dry {
                return Ok(());
            }
            let first = from.saturating_sub(self.at);
            self.more()?;
            from = self.at + first;
        }
    }

    /// Takes the next piece of the input behind what is held.
    fn more(&mut self) -> io::Result<()> {
        self.held.drain(..self.at);
        self.at = 0;
        let piece = self.input.fill_buf()?;
        let count = piece.len();
        self.held.extend_from_slice(piece);
        self.input.consume(count);
        self.dry = count == 0;
        Ok(())
    }
}

/// Where the next document begins in `bytes`, at `from` or behind it.
fn mark(bytes: &[u8], from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let rest = bytes.get(from..)?;
        // The rarest letter of the mark leads to it.
        let found = from + memchr(b'?', rest)?;
        let begins = found.checked_sub(1).filter(|begins| *begins >= from);
        let whole = begins.and_then(|begins| Some((begins, bytes.get(begins..begins + 6)?)));
        if let Some((begins, whole)) = whole
            && whole.starts_with(MARK)
            && whole.last().is_some_and(u8::is_ascii_whitespace)
        {
            return Some(begins);
        }
        from = found + 1;
    }
}

impl Read for Documents<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Documents<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.end && !self.gate {
            self.look(self.at)?;
        }
        Ok(self.held.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        let next = (self.at + count).min(self.end);
        let passed = self.held.get(self.at..next).unwrap_or_default();
        self.feeds += u64::try_from(memchr_iter(b'\n', passed).count()).unwrap_or(u64::MAX);
        self.at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::Documents;
    use std::io::{BufReader, Read};

    /// The documents with the line each begins on, read in bits of every size.
    fn parts(text: &str) -> Vec<(u64, String)> {
        let read = |bit: usize| {
            let mut input = BufReader::with_capacity(bit, text.as_bytes());
            let mut documents = Documents::new(&mut input);
            let mut found = Vec::new();
            while documents.advance().unwrap() {
                let (line, mut part) = (documents.passed(), String::new());
                documents.read_to_string(&mut part).unwrap();
                found.push((line, part));
            }
            found
        };
        let whole = read(4096);
        for bit in 1..20 {
            assert_eq!(read(bit), whole, "{bit}");
        }
        whole
    }

    #[test]
    fn a_stream_is_cut_where_the_next_declaration_begins() {
        let one = "<?xml version='1.0'?>\n<a/>\n";
        let two = "<?xml version='1.0'?><b><c?xml";
        let found = parts(&format!("{one}{two}{one}"));
        let expected: Vec<(u64, String)> =
            vec![(0, one.to_owned()), (2, two.to_owned()), (2, one.to_owned())];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_stands_before_the_first_declaration_is_a_part_of_its_own() {
        assert_eq!(parts("\n<?xml ?>"), [(0, "\n".to_owned()), (1, "<?xml ?>".to_owned())]);
        assert_eq!(parts("<a/>"), [(0, "<a/>".to_owned())]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn what_only_looks_like_a_declaration_cuts_nothing() {
        for text in ["<a><?xml-stylesheet ?></a>", "<a>?xml <?xm</a>", "<?xml", "<a>??<?</a>"] {
            assert_eq!(parts(text), [(0, text.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_part_that_is_not_read_to_its_end_is_passed_over() {
        let mut input = "<?xml ?><a>\n</a><?xml ?><b/>".as_bytes();
        let mut documents = Documents::new(&mut input);
        assert!(documents.advance().unwrap());
        assert!(documents.advance().unwrap());
        assert_eq!(documents.passed(), 1);
        let mut rest = String::new();
        documents.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "<?xml ?><b/>");
        assert!(!documents.advance().unwrap());
    }
}
