//! A bare `&` made into one that XML allows: `A&B` becomes `A&amp;B`. References, CDATA and comments stay as they are.

use std::io::{self, BufRead, Read};

/// The longest reference that is looked for: `&#x10FFFF;`.
const LONGEST: usize = 10;

/// Where a stretch begins that is passed on to the letter, and where it ends.
static VERBATIM: [(&[u8], &[u8]); 2] = [(b"<![CDATA[", b"]]>"), (b"<!--", b"-->")];

/// A text whose bare ampersands are escaped as it is read.
pub(super) struct Repaired<R> {
    inner: R,
    /// Read and not looked at yet.
    raw: Vec<u8>,
    /// Ready, and how much of it was handed out.
    out: Vec<u8>,
    at: usize,
    dry: bool,
    /// What ends the stretch that is passed on as it is.
    until: Option<&'static [u8]>,
}

impl<R: BufRead> Repaired<R> {
    pub(super) fn new(inner: R) -> Self {
        let (raw, out) = (Vec::new(), Vec::new());
        Self { inner, raw, out, at: 0, dry: false, until: None }
    }

    /// Makes the next piece ready; nothing is ready at the end of the text alone.
    fn more(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.is_empty() && !(self.dry && self.raw.is_empty()) {
            let piece = self.inner.fill_buf()?;
            let count = piece.len();
            self.raw.extend_from_slice(piece);
            self.inner.consume(count);
            self.dry = count == 0;
            self.work();
        }
        Ok(())
    }

    fn work(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.raw.get(at..).filter(|rest| !rest.is_empty()) {
            // What decides may stand in bytes that are still to come.
            if !self.dry && rest.len() < LONGEST {
                break;
            }
            if let Some(end) = self.until {
                if rest.starts_with(end) {
                    self.until = None;
                }
            } else if let Some((_, end)) =
                VERBATIM.iter().find(|(begin, _)| rest.starts_with(begin))
            {
                self.until = Some(end);
            } else if rest.first() == Some(&b'&') && !is_reference(rest) {
                self.out.extend_from_slice(b"&amp;");
                at += 1;
                continue;
            }
            let next =
                rest.iter().skip(1).position(|byte| matches!(byte, b'&' | b'<' | b']' | b'-'));
            // The last bytes are looked at again when there are more.
            let most = if self.dry { rest.len() } else { rest.len() + 1 - LONGEST };
            let count = next.map_or(most, |next| (next + 1).min(most));
            self.out.extend_from_slice(rest.get(..count).unwrap_or_default());
            at += count;
        }
        self.raw.drain(..at);
    }
}

/// Whether a reference begins here: `&amp;`, `&#13;`.
fn is_reference(rest: &[u8]) -> bool {
    let body = rest.get(1..).unwrap_or_default();
    let end = body.iter().take(LONGEST - 1).position(|byte| *byte == b';');
    let Some(body) = end.and_then(|end| body.get(..end)) else { return false };
    let is = |digit: fn(&u8) -> bool, text: &[u8]| !text.is_empty() && text.iter().all(digit);
    match body {
        [b'#', b'x', rest @ ..] => is(u8::is_ascii_hexdigit, rest),
        [b'#', rest @ ..] => is(u8::is_ascii_digit, rest),
        _ => is(u8::is_ascii_alphabetic, body),
    }
}

impl<R: BufRead> Read for Repaired<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Repaired<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.out.len() {
            self.more()?;
        }
        Ok(self.out.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.out.len());
    }
}

#[cfg(test)]
mod tests {
    use super::Repaired;
    use std::io::{BufReader, Read};

    fn repaired(text: &str) -> String {
        let read = |bit: usize| {
            let mut found = String::new();
            let input = BufReader::with_capacity(bit, text.as_bytes());
            Repaired::new(input).read_to_string(&mut found).unwrap();
            found
        };
        let whole = read(4096);
        for bit in 1..24 {
            assert_eq!(read(bit), whole, "{bit}");
        }
        whole
    }

    #[test]
    fn an_ampersand_that_begins_no_reference_is_escaped() {
        for (text, expected) in [
            ("<v>A&B</v>", "<v>A&amp;B</v>"),
            ("<v>A & B &amp; C</v>", "<v>A &amp; B &amp; C</v>"),
            ("<v>&#13;&#x1F;&#;&lt;&&</v>&", "<v>&#13;&#x1F;&amp;#;&lt;&amp;&amp;</v>&amp;"),
            ("<v><![CDATA[A&B]]>A&B</v>", "<v><![CDATA[A&B]]>A&amp;B</v>"),
            ("<!-- A&B -->&x<v>--&</v>", "<!-- A&B -->&amp;x<v>--&amp;</v>"),
            ("", ""),
            ("no ampersand at all", "no ampersand at all"),
        ] {
            assert_eq!(repaired(text), expected, "{text}");
        }
    }
}
