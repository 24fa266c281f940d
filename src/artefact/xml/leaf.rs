//! Elements that are taken in one go: without attributes and children, holding at most one line of plain text, whole in what the
//! input has at hand. Most of a record is such elements.

use super::past::Behind;
use super::stride::{Name, is_blank, plain, starts_name};
use super::{DEEPEST, Document, scan};
use std::ops::Range;

/// An element that holds nothing but a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'d> {
    pub name: &'d str,
    /// Without control characters.
    pub text: &'d str,
    /// How many elements it stands in, itself included.
    pub depth: usize,
    /// Where it begins and ends, counted from 1.
    pub line: u64,
}

/// The places of a leaf in what the input has at hand.
struct Places {
    /// Line feeds before it.
    feeds: u64,
    name: Range<usize>,
    text: Range<usize>,
    /// The name with which it ends.
    close: Range<usize>,
    end: usize,
}

impl Document<'_> {
    /// Takes the next element when it is a leaf, as its two tags would have been by [`Document::next`]; white space before it is
    /// passed over. `None` leaves everything as it is: `next` tells what comes.
    ///
    /// - `likely`: the name that it probably has, which is then not looked for its end; empty when none is.
    #[inline]
    pub fn leaf(&mut self, likely: &str) -> Option<Leaf<'_>> {
        // Outside of the root, at the bound and behind what the parser read the long way is the only one.
        if self.behind != Behind::Stride || self.empty || self.depth == 0 || self.depth >= DEEPEST {
            return None;
        }
        let (at, ahead) = self.reader.get_mut().ahead();
        let Places { feeds, name, text, close, end } = leaf(ahead, likely.as_bytes())?;
        let moved = |range: &Range<usize>| at + range.start..at + range.end;
        self.line += self.passed + feeds;
        self.passed = 0;
        if !self.text.is_empty() {
            self.text.clear();
        }
        (self.cdata, self.clean) = (false, true);
        (self.tag_ahead, self.text_ahead) = (moved(&close), moved(&text));
        self.name = Name { length: close.len(), prefix: 0 };
        self.reader.get_mut().skip_to(at + end);
        let input = self.reader.get_ref();
        let (name, text) = (input.part(moved(&name)), input.part(moved(&text)));
        Some(Leaf { name, text, depth: self.depth + 1, line: self.line })
    }
}

/// Finds the leaf with which the rest of a document begins.
#[inline]
fn leaf(rest: &[u8], likely: &[u8]) -> Option<Places> {
    let (mut begin, mut feeds) = (0, 0);
    while let Some(byte) = rest.get(begin).filter(|byte| is_blank(**byte)) {
        feeds += u64::from(*byte == b'\n');
        begin += 1;
    }
    let [b'<', inside @ ..] = rest.get(begin..)? else { return None };
    let is_likely = inside.starts_with(likely) && inside.get(likely.len()) == Some(&b'>');
    let length = if is_likely { likely.len() } else { plain(inside) };
    let name = begin + 1..begin + 1 + length;
    if !inside.first().is_some_and(|first| starts_name(*first)) || rest.get(name.end) != Some(&b'>')
    {
        return None;
    }
    let text = name.end + 1..name.end + 1 + scan::line(rest.get(name.end + 1..)?)?;
    let close = text.end + 2..text.end + 2 + name.len();
    let ends = rest.get(text.end..close.start) == Some(b"</")
        && rest.get(close.clone()) == rest.get(name.clone())
        && rest.get(close.end) == Some(&b'>');
    ends.then(|| Places { feeds, end: close.end + 1, name, text, close })
}
