//! The frequent way through a document: a text and the tag behind it, both whole in what the input has at hand.
//!
//! Everything else is left to the parser: references, comments, instructions, and whatever the end of a piece cuts. Both ways read the
//! same; a property test holds them against each other.

use super::scan;
use std::ops::Range;

/// A text and the tag behind it, as places in what the input has at hand.
#[derive(Debug)]
pub(super) struct Stride {
    /// The text, with which it begins; with the line ends of the file.
    pub(super) text: scan::Text,
    /// What stands between the brackets, without the slashes.
    pub(super) inside: Range<usize>,
    pub(super) name: Name,
    /// Behind the tag.
    pub(super) end: usize,
    /// Line feeds of the tag.
    pub(super) feeds: u64,
    pub(super) kind: Kind,
}

/// A name with which a tag begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// With its prefix.
    pub(super) length: usize,
    /// Of the prefix with its colon; 0 when it has none.
    pub(super) prefix: usize,
}

impl Name {
    /// The name that these bytes are.
    pub(super) fn whole(bytes: &[u8]) -> Self {
        let colon = bytes.iter().position(|byte| *byte == b':');
        Self { length: bytes.len(), prefix: colon.map_or(0, |colon| colon + 1) }
    }
}

/// What a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open {
        empty: bool,
    },
    /// The innermost element ends, as its name says.
    Ends,
    /// An ending tag of another name than the innermost element's.
    Close,
}

/// Takes the text and the tag with which the rest of a document begins; `None` when that is not what it begins with.
///
/// - `innermost`: the element that is open; most ending tags are its.
#[inline]
pub(super) fn stride(rest: &[u8], innermost: Option<(&[u8], Name)>) -> Option<Stride> {
    let text = match rest {
        [b'<', ..] => scan::Text { clean: true, ..scan::Text::default() },
        _ => scan::text(rest)?,
    };
    match rest.get(text.length..)? {
        [b'<', b'/', ..] => ending(rest, text, innermost),
        [b'<', first, ..] if starts_name(*first) => beginning(rest, text),
        _ => None,
    }
}

#[inline]
fn beginning(rest: &[u8], text: scan::Text) -> Option<Stride> {
    let begin = text.length + 1;
    let name = name(rest.get(begin..)?);
    let behind = begin + name.length;
    let tag = |end, empty| Stride {
        text,
        inside: begin..behind,
        name,
        end,
        feeds: 0,
        kind: Kind::Open { empty },
    };
    match rest.get(behind..)? {
        [b'>', ..] => Some(tag(behind + 1, false)),
        [b'/', b'>', ..] => Some(tag(behind + 2, true)),
        attributes => {
            let end = behind + bracket(attributes)?;
            let feeds = scan::feeds(rest.get(behind..end)?);
            let empty = rest.get(end - 1) == Some(&b'/');
            let inside = begin..if empty { end - 1 } else { end };
            // What no name holds may stand in one all the same: the parser takes all up to white space.
            let name = match attributes {
                [byte, ..] if is_blank(*byte) => name,
                _ => Name::whole(unspaced(rest.get(inside.clone())?)),
            };
            Some(Stride { inside, name, feeds, ..tag(end + 1, empty) })
        }
    }
}

#[inline]
fn ending(rest: &[u8], text: scan::Text, innermost: Option<(&[u8], Name)>) -> Option<Stride> {
    let begin = text.length + 2;
    if let Some((own, name)) = innermost {
        let behind = begin + own.len();
        if rest.get(behind) == Some(&b'>') && rest.get(begin..behind) == Some(own) {
            let inside = begin..behind;
            return Some(Stride {
                text,
                inside,
                name,
                end: behind + 1,
                feeds: 0,
                kind: Kind::Ends,
            });
        }
    }
    let (bracket, feeds) = closing_bracket(rest.get(begin..)?)?;
    let own = trimmed(rest.get(begin..begin + bracket)?);
    Some(Stride {
        text,
        inside: begin..begin + own.len(),
        name: Name::whole(own),
        end: begin + bracket + 1,
        feeds,
        kind: Kind::Close,
    })
}

/// The name with which a text begins, as far as it holds what a name surely may.
#[inline]
fn name(bytes: &[u8]) -> Name {
    let length = plain(bytes);
    if bytes.get(length) != Some(&b':') {
        return Name { length, prefix: 0 };
    }
    let prefix = length + 1;
    Name { length: prefix + plain(bytes.get(prefix..).unwrap_or_default()), prefix }
}

/// How many bytes there are before the first that a name might not hold, or that ends a prefix.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_plain(*byte)).unwrap_or(bytes.len())
}

#[inline]
fn is_plain(byte: u8) -> bool {
    PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain)
}

/// The bytes that a name surely may hold: looked up, since every byte of every name is asked for.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut rest = plain.as_mut_slice();
    let mut byte = 0_u8;
    while let Some((first, others)) = rest.split_first_mut() {
        *first =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii();
        byte = byte.wrapping_add(1);
        rest = others;
    }
    plain
};

/// What stands before the first white space.
fn unspaced(content: &[u8]) -> &[u8] {
    let length = content.iter().position(|byte| is_blank(*byte)).unwrap_or(content.len());
    content.get(..length).unwrap_or_default()
}

/// A name without the white space behind it.
fn trimmed(name: &[u8]) -> &[u8] {
    let length = name.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    name.get(..length).unwrap_or_default()
}

/// White space of XML.
#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a byte may begin the name of an element; the parser judges everything else.
#[inline]
pub(super) fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

/// Where the bracket of an ending tag stands, and the line feeds before it; `None` when the tag holds more than a name, which the
/// parser judges.
fn closing_bracket(bytes: &[u8]) -> Option<(usize, u64)> {
    let mut feeds = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'>' => return Some((at, feeds)),
            b'\n' => feeds += 1,
            b'"' | b'\'' | b'<' | b'=' => return None,
            _ => {}
        }
    }
    None
}

/// Where the bracket of a beginning tag stands; a bracket within quotes is none.
fn bracket(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += scan::mark(bytes.get(at..)?)?;
        let quote = match bytes.get(at)? {
            b'>' => return Some(at),
            quote => *quote,
        };
        at += 1;
        at += scan::byte(bytes.get(at..)?, quote)? + 1;
    }
}
