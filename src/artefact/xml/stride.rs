//! The frequent way through a document: a text and the tag behind it, both whole in what the input has at hand.
//!
//! Everything else is left to the parser: references, comments, instructions, and whatever the end of a piece cuts. Both ways read the
//! same; a property test holds them against each other.

use super::scan;

/// A text and the tag behind it.
#[derive(Debug)]
pub(super) struct Stride<'b> {
    /// As it stands there, with the line ends of the file.
    pub(super) text: &'b str,
    /// Line feeds of the text, and whether it has carriage returns.
    pub(super) text_feeds: u64,
    pub(super) returns: bool,
    /// The tag with its brackets, and its line feeds.
    pub(super) tag: &'b str,
    pub(super) tag_feeds: u64,
    pub(super) kind: Kind<'b>,
}

/// What a tag is.
#[derive(Debug)]
pub(super) enum Kind<'b> {
    /// Without brackets; whether it ends the element as well.
    Open { content: &'b str, empty: bool },
    /// The name of the innermost element, which ends here.
    Ends(&'b str),
    /// The name of another tag, with its prefix.
    Close(&'b str),
}

/// Takes the text and the tag with which the rest of a document begins; `None` when that is not what it begins with.
///
/// - `innermost`: the name of the element that is open; most ending tags are its.
pub(super) fn stride<'b>(rest: &'b str, innermost: Option<&str>) -> Option<Stride<'b>> {
    let scan::Text { length, feeds: text_feeds, returns } = scan::text(rest.as_bytes())?;
    let (text, behind) = rest.split_at_checked(length)?;
    let bytes = behind.as_bytes();
    let (kind, end, tag_feeds) = match bytes {
        [b'<', b'/', name @ ..] => {
            let own = innermost.filter(|own| {
                name.starts_with(own.as_bytes()) && name.get(own.len()) == Some(&b'>')
            });
            match own {
                Some(own) => (Kind::Ends(behind.get(2..own.len() + 2)?), own.len() + 2, 0),
                None => {
                    let (end, feeds) = closing_bracket(bytes)?;
                    (Kind::Close(trimmed(behind.get(2..end)?)), end, feeds)
                }
            }
        }
        [b'<', first, ..] if starts_name(*first) => {
            let (end, feeds) = bracket(bytes)?;
            let inside = behind.get(1..end)?;
            let (content, empty) = match inside.strip_suffix('/') {
                Some(content) => (content, true),
                None => (inside, false),
            };
            (Kind::Open { content, empty }, end, feeds)
        }
        _ => return None,
    };
    let tag = behind.get(..=end)?;
    Some(Stride { text, text_feeds, returns, tag, tag_feeds, kind })
}

/// Length of the name at the beginning of a tag.
pub(super) fn name_length(content: &str) -> usize {
    content.bytes().position(is_blank).unwrap_or(content.len())
}

/// A name without the white space behind it.
fn trimmed(name: &str) -> &str {
    let length = name.bytes().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    name.get(..length).unwrap_or_default()
}

/// White space of XML.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a byte may begin the name of an element; the parser judges everything else.
fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

/// Where the bracket of an ending tag stands, and the line feeds before it; `None` when the tag holds more than a name, which the
/// parser judges.
fn closing_bracket(bytes: &[u8]) -> Option<(usize, u64)> {
    let mut feeds = 0;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'>' => return Some((at, feeds)),
            b'\n' => feeds += 1,
            b'"' | b'\'' | b'<' | b'=' => return None,
            _ => {}
        }
    }
    None
}

/// Where the bracket of a beginning tag stands, and the line feeds before it; a bracket within quotes is none.
fn bracket(bytes: &[u8]) -> Option<(usize, u64)> {
    let (mut feeds, mut quote) = (0, None);
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match (byte, quote) {
            (b'>', None) => return Some((at, feeds)),
            (b'"' | b'\'', None) => quote = Some(*byte),
            (b'"' | b'\'', Some(open)) if open == *byte => quote = None,
            (b'\n', _) => feeds += 1,
            _ => {}
        }
    }
    None
}
