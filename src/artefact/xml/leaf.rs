//! Elements that are taken in one go: without attributes and children, holding at most one line of plain text, whole in what the
//! input has at hand. Most of a record is such elements.

use super::past::Behind;
use super::stride::{Name, is_blank, plain, starts_name};
use super::{DEEPEST, Document, scan};
use std::ops::Range;

/// What the next leaf probably is; empty where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Likely<'l> {
    /// Its name, which is then not looked for its end.
    pub name: &'l str,
    /// A leaf of that name as it was [`written`](Leaf::written): the same once more is not looked at any closer.
    pub written: &'l str,
}

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
    /// The whole element, from its first tag to its last.
    pub written: &'d str,
    /// It is written as the likely one was.
    pub again: bool,
}

/// The places of a leaf in what the input has at hand.
struct Places {
    /// Line feeds before it.
    feeds: u64,
    whole: Range<usize>,
    name: Range<usize>,
    text: Range<usize>,
    /// The name with which it ends.
    close: Range<usize>,
    again: bool,
}

impl Document<'_> {
    /// Takes the next element when it is a leaf, as its two tags would have been by [`Document::next`]; white space before it is
    /// passed over. `None` leaves everything as it is: `next` tells what comes.
    #[inline]
    pub fn leaf(&mut self, likely: Likely<'_>) -> Option<Leaf<'_>> {
        // Outside of the root, at the bound and behind what the parser read the long way is the only one.
        if self.behind != Behind::Stride || self.empty || self.depth == 0 || self.depth >= DEEPEST {
            return None;
        }
        let (at, ahead) = self.reader.get_mut().ahead();
        let Places { feeds, whole, name, text, close, again } = leaf(ahead, likely)?;
        let moved = |range: &Range<usize>| at + range.start..at + range.end;
        self.line += self.passed + feeds;
        self.passed = 0;
        if !self.text.is_empty() {
            self.text.clear();
        }
        (self.cdata, self.clean) = (false, true);
        (self.tag_ahead, self.text_ahead) = (moved(&close), moved(&text));
        self.name = Name { length: close.len(), prefix: 0 };
        self.reader.get_mut().skip_to(at + whole.end);
        let part = |range: &Range<usize>| self.reader.get_ref().part(moved(range));
        let (written, name, text) = (part(&whole), part(&name), part(&text));
        Some(Leaf { name, text, depth: self.depth + 1, line: self.line, written, again })
    }
}

/// Finds the leaf with which the rest of a document begins.
#[inline]
fn leaf(rest: &[u8], likely: Likely<'_>) -> Option<Places> {
    let (mut begin, mut feeds) = (0, 0);
    while let Some(byte) = rest.get(begin).filter(|byte| is_blank(**byte)) {
        feeds += u64::from(*byte == b'\n');
        begin += 1;
    }
    let element = rest.get(begin..)?;
    let (written, likely) = (likely.written.as_bytes(), likely.name.as_bytes());
    if element.starts_with(written)
        && let Some(text) = written.len().checked_sub(2 * likely.len() + TAGS)
    {
        return Some(Places::new((begin, feeds), (likely.len(), text), true));
    }
    let [b'<', inside @ ..] = element else { return None };
    let is_likely = inside.starts_with(likely) && inside.get(likely.len()) == Some(&b'>');
    let name = if is_likely { likely.len() } else { plain(inside) };
    if !inside.first().is_some_and(|first| starts_name(*first)) || inside.get(name) != Some(&b'>') {
        return None;
    }
    let text = scan::line(inside.get(name + 1..)?)?;
    let places = Places::new((begin, feeds), (name, text), false);
    let ends = rest.get(places.text.end..places.close.start) == Some(b"</")
        && rest.get(places.close.clone()) == inside.get(..name)
        && rest.get(places.close.end) == Some(&b'>');
    ends.then_some(places)
}

/// What a leaf is written with beside its name, twice, and its text.
const TAGS: usize = "<></>".len();

impl Places {
    /// - `begin`, `feeds`: where the leaf begins, and the line feeds before it.
    /// - `name`, `text`: how long they are.
    #[inline]
    fn new((begin, feeds): (usize, u64), (name, text): (usize, usize), again: bool) -> Self {
        let whole = begin..begin + 2 * name + text + TAGS;
        let (name, close) = (begin + 1..begin + 1 + name, whole.end - 1 - name..whole.end - 1);
        Self { feeds, text: name.end + 1..close.start - 2, whole, name, close, again }
    }
}
