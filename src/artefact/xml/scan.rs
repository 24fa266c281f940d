//! Bytes looked for and counted eight at a time: most texts are too short for anything cleverer.

/// The lowest bit of every byte.
const LOW: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Character data up to a tag or a reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// Bytes before the `<` or `&`.
    pub(super) length: usize,
    pub(super) feeds: u64,
    /// Whether there is a carriage return, of which a reader sees no more than line feeds.
    pub(super) returns: bool,
    /// Whether there surely is no control character.
    pub(super) clean: bool,
}

/// Passes over character data; `None` when no tag and no reference ends it.
pub(super) fn text(bytes: &[u8]) -> Option<Text> {
    // Most is of one line: nothing in it is to be counted.
    if let Some(length) = line(bytes) {
        return Some(Text { length, clean: true, ..Text::default() });
    }
    // Elements that stand on lines of their own.
    if let [b'\n', b'<', ..] = bytes {
        return Some(Text { length: 1, feeds: 1, ..Text::default() });
    }
    let mut text = Text::default();
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let end = first(word, b'<') | first(word, b'&');
        // All bits below the lowest that is set; all bits when none is.
        let before = (end & end.wrapping_neg()).wrapping_sub(1);
        text.feeds += u64::from((every(word, b'\n') & before).count_ones());
        text.returns |= first(word, b'\r') & before != 0;
        if end != 0 {
            text.length += usize::try_from(end.trailing_zeros() / 8).unwrap_or_default();
            return Some(text);
        }
        text.length += 8;
    }
    for byte in rest {
        match byte {
            b'<' | b'&' => return Some(text),
            b'\n' => text.feeds += 1,
            b'\r' => text.returns = true,
            _ => {}
        }
        text.length += 1;
    }
    None
}

/// How long character data is that a tag or a reference ends; `None` when it has control characters, line ends among them, or begins
/// the last bytes.
#[inline]
pub(super) fn line(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let end = first(word, b'<') | first(word, b'&');
        // The lowest bit that is set is that of a control character.
        let control = word.wrapping_sub(LOW.wrapping_mul(u64::from(b' '))) & !word & HIGH;
        if end | control != 0 {
            let at = end.trailing_zeros();
            let length = number * 8 + usize::try_from(at / 8).ok()?;
            return (at < control.trailing_zeros()).then_some(length);
        }
    }
    None
}

/// Where the first `>` or quote stands.
pub(super) fn mark(bytes: &[u8]) -> Option<usize> {
    position(
        bytes,
        |word| first(word, b'>') | first(word, b'"') | first(word, b'\''),
        |byte| matches!(byte, b'>' | b'"' | b'\''),
    )
}

/// Where the first of these bytes stands.
pub(super) fn byte(bytes: &[u8], wanted: u8) -> Option<usize> {
    position(bytes, |word| first(word, wanted), |byte| byte == wanted)
}

/// Where the first quote, backslash or line feed stands: the bytes that mean something in a string of JSON.
pub(in crate::artefact) fn in_string(bytes: &[u8]) -> Option<usize> {
    position(
        bytes,
        |word| first(word, b'"') | first(word, b'\\') | first(word, b'\n'),
        |byte| matches!(byte, b'"' | b'\\' | b'\n'),
    )
}

/// How many blanks come first.
pub(in crate::artefact) fn blanks(bytes: &[u8]) -> usize {
    let others = |word| word ^ LOW.wrapping_mul(u64::from(b' '));
    position(bytes, others, |byte| byte != b' ').unwrap_or(bytes.len())
}

/// The first byte that is marked, in eight at a time and in the rest.
fn position(
    bytes: &[u8],
    marks: impl Fn(u64) -> u64,
    is_marked: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let found = marks(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(number * 8 + usize::try_from(found.trailing_zeros() / 8).ok()?);
        }
    }
    let behind = rest.iter().position(|byte| is_marked(*byte))?;
    Some(words.len() * 8 + behind)
}

/// How many line feeds there are.
pub(super) fn feeds(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let in_words =
        words.iter().map(|word| u64::from(every(u64::from_le_bytes(*word), b'\n').count_ones()));
    in_words.sum::<u64>() + rest.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}

/// The highest bit of the first byte that equals this one, and perhaps of some behind it.
fn first(word: u64, byte: u8) -> u64 {
    let word = word ^ LOW.wrapping_mul(u64::from(byte));
    word.wrapping_sub(LOW) & !word & HIGH
}

/// The highest bit of every byte that equals this one: no carry goes from one byte to the next.
fn every(word: u64, byte: u8) -> u64 {
    let word = word ^ LOW.wrapping_mul(u64::from(byte));
    !(((word & !HIGH) + !HIGH) | word | !HIGH)
}

#[cfg(test)]
mod tests {
    use super::{Text, blanks, byte, feeds, in_string, mark, text};
    use proptest::prelude::*;

    fn plain(bytes: &[u8]) -> Option<Text> {
        let length = bytes.iter().position(|byte| matches!(byte, b'<' | b'&'))?;
        let text = &bytes[..length];
        Some(Text { length, feeds: feeds(text), returns: text.contains(&b'\r'), clean: false })
    }

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_find_what_one_at_a_time_does(
            bytes in prop::collection::vec(prop::sample::select(b"<&\n\r\x0b\x0c\x8a\x8d=;'\">?\0\xffxxxxxxxxxxxxxxx".to_vec()), 0..60)
        ) {
            let count: u64 = bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum();
            prop_assert_eq!(feeds(&bytes), count);
            let read = text(&bytes);
            let visible = |text: &Text| bytes[..text.length].iter().all(|byte| *byte >= b' ');
            prop_assert!(read.is_none_or(|text| !text.clean || visible(&text)));
            prop_assert_eq!(read.map(|text| Text { clean: false, ..text }), plain(&bytes));
            let position = |wanted: &[u8]| bytes.iter().position(|byte| wanted.contains(byte));
            prop_assert_eq!(mark(&bytes), position(b">\"'"));
            prop_assert_eq!(byte(&bytes, b'='), position(b"="));
            prop_assert_eq!(in_string(&bytes), position(b"\"\\\n"));
            let indented = [b"              ", bytes.as_slice()].concat();
            let behind = bytes.iter().take_while(|byte| **byte == b' ').count();
            prop_assert_eq!(blanks(&indented), 14 + behind);
        }
    }
}
