//! A file of messages, cut into its messages.

use crate::artefact::trouble::Trouble;
use crate::error::Place;
use std::io::{BufRead, Read};

/// The longest message: 16 MiB, 32 times what a device accepts.
const MESSAGE: usize = 16 * 1024 * 1024;

/// What stands in the comment that the viewer puts before the closing tag which it adds to a message that was cut.
///
/// Source: [VIEWER] `MainWindow`.
const CUT: &str = "closing SyncML tag added";

/// One message.
#[derive(Debug)]
pub(super) struct Message<'s> {
    /// From its `SyncML` tag to the end of it, or to where the viewer found it cut.
    pub(super) text: &'s str,
    /// On which it begins, counted from 1.
    pub(super) line: u64,
    pub(super) truncated: bool,
    /// The text of the comment before it: the local date and time, as the viewer wrote them. Empty when there is none.
    pub(super) comment: &'s str,
}

/// Cuts a stream into messages, one in memory at a time.
pub(super) struct Splitter<'i> {
    input: &'i mut dyn BufRead,
    /// What was read and is not done with; always up to the end of a tag.
    text: Vec<u8>,
    shown: String,
    /// Bytes of `text` that belong to the message handed out last.
    done: usize,
    /// The line on which `text` begins.
    line: u64,
    comment: String,
    /// The file is at its end.
    ended: bool,
}

impl<'i> Splitter<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            text: Vec::new(),
            shown: String::new(),
            done: 0,
            line: 1,
            comment: String::new(),
            ended: false,
        }
    }

    /// The next message.
    pub(super) fn next(&mut self) -> Result<Option<Message<'_>>, Trouble> {
        self.drop_front(self.done);
        self.done = 0;
        if !self.seek()? {
            return Ok(None);
        }
        let end = self.fill()?;
        self.done = end;
        let bytes = self.text.get(..end).unwrap_or_default();
        self.shown.clear();
        self.shown.push_str(&String::from_utf8_lossy(bytes));
        let cut = self
            .shown
            .rfind(CUT)
            .and_then(|at| self.shown.get(..at).and_then(|before| before.rfind("<!--")));
        let text = self.shown.get(..cut.unwrap_or(self.shown.len())).unwrap_or_default();
        Ok(Some(Message {
            text,
            line: self.line,
            truncated: cut.is_some(),
            comment: &self.comment,
        }))
    }

    /// Passes over everything before the next message; keeps the comment before it.
    fn seek(&mut self) -> Result<bool, Trouble> {
        self.comment.clear();
        loop {
            if self.text.is_empty() && !self.more()? {
                return Ok(false);
            }
            let tag = self.text.iter().rposition(|byte| *byte == b'<').unwrap_or(self.text.len());
            if self.text.get(tag..).is_some_and(opens) {
                self.drop_front(tag);
                return Ok(true);
            }
            let shown = String::from_utf8_lossy(&self.text);
            if let Some(comment) = shown.trim().strip_prefix("<!--") {
                let comment = comment.trim_end_matches('>').trim_matches('-').trim();
                // The viewer marks sessions by comments of its own.
                if !comment.starts_with("OmaDm") {
                    comment.clone_into(&mut self.comment);
                }
            }
            let length = self.text.len();
            self.drop_front(length);
        }
    }

    /// Reads up to the end of the message that `text` begins with; tells where it ends.
    fn fill(&mut self) -> Result<usize, Trouble> {
        let mut inside = Inside::default();
        let mut from = 0;
        loop {
            let piece = self.text.get(from..).unwrap_or_default();
            inside.pass(piece);
            let tag = piece.iter().rposition(|byte| *byte == b'<').unwrap_or(piece.len());
            let last = piece.get(tag..).unwrap_or_default();
            if !inside.cdata && from > 0 && opens(last) {
                // The message before has no end; what begins here is the next one.
                return Ok(from + tag);
            }
            let whole = closes(last) || from == 0 && last.ends_with(b"/>");
            if whole && !inside.cdata {
                return Ok(self.text.len());
            }
            if self.text.len() > MESSAGE {
                let place = Place::Line(self.line);
                let length = self.text.len();
                self.drop_front(length);
                let why = format!("the message is longer than {MESSAGE} bytes");
                return Err(Trouble::Skip(place, why));
            }
            from = self.text.len();
            if !self.more()? {
                return Ok(self.text.len());
            }
        }
    }

    /// Reads on to the end of the next tag, no further than the bound.
    fn more(&mut self) -> Result<bool, Trouble> {
        if self.ended {
            return Ok(false);
        }
        let room = u64::try_from(MESSAGE).unwrap_or(u64::MAX);
        let read = (&mut *self.input).take(room).read_until(b'>', &mut self.text)?;
        self.ended = read == 0;
        Ok(read > 0)
    }

    fn drop_front(&mut self, count: usize) {
        let dropped = self.text.drain(..count.min(self.text.len()));
        self.line += dropped.map(|byte| u64::from(byte == b'\n')).sum::<u64>();
    }
}

/// Whether the end of a message may be meant by what looks like it.
#[derive(Debug, Default)]
struct Inside {
    cdata: bool,
}

impl Inside {
    /// Passes over a piece that ends with a tag.
    fn pass(&mut self, piece: &[u8]) {
        let find = |mark: &[u8]| piece.windows(mark.len()).rposition(|window| window == mark);
        let (open, close) = (find(b"<![CDATA["), find(b"]]>"));
        self.cdata = match (open, close) {
            (Some(open), Some(close)) => open > close,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // The comment of the viewer stands where the text breaks off, also inside of CDATA.
            (None, None) => self.cdata && find(CUT.as_bytes()).is_none(),
        };
    }
}

/// Whether a tag begins a message.
fn opens(tag: &[u8]) -> bool {
    let rest = tag.strip_prefix(b"<").map(local).and_then(|name| name.strip_prefix(b"SyncML"));
    matches!(rest, Some([b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/', ..]))
}

/// Whether a tag ends a message.
fn closes(tag: &[u8]) -> bool {
    let rest = tag.strip_prefix(b"</").map(local).and_then(|name| name.strip_prefix(b"SyncML"));
    matches!(rest, Some([b' ' | b'\t' | b'\r' | b'\n' | b'>', ..]))
}

/// A tag without the prefix of its name.
fn local(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"_-.".contains(byte));
    match end.and_then(|end| tag.split_at_checked(end)) {
        Some((_, [b':', rest @ ..])) => rest,
        _ => tag,
    }
}
