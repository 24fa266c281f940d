//! Product keys in texts that come from outside: told by their form alone, and masked but for the last group.
//!
//! An address, a name or a tag may hold one where none belongs. It must not come into the store, and no message may repeat it.

use super::FOREIGN_DASHES;
use std::borrow::Cow;
use std::ops::Range;

/// Characters of the number of a character reference, zeros before it included, and the semicolon.
const LONGEST_NUMBER: usize = 16;

/// Characters of a group, and groups of a key.
const GROUP: usize = 5;
const GROUPS: usize = 5;

/// The text with every product key in it masked: five or more groups of five letters or digits, with dashes between them.
///
/// A key is told under whatever an address or XML may write it in: percent-escapes, however often escaped again, and character
/// references; a dash is also one that a word processor puts in its place.
#[must_use]
pub fn hide_keys(text: &str) -> Cow<'_, str> {
    // Most texts hold none, which is seen at a glance.
    if text.len() < super::KEY_LENGTH || !text.bytes().fold(false, |any, byte| any | is_mark(byte))
    {
        return Cow::Borrowed(text);
    }
    if text.bytes().filter(|byte| is_mark(*byte)).count() < GROUPS - 1 {
        return Cow::Borrowed(text);
    }
    let letters = letters(text);
    let mut masked = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some((begin, count)) = key(&letters, at) {
        let end = begin + count * (GROUP + 1) - 1;
        let place = |at: usize| letters.get(at).map_or(text.len(), |letter| letter.place.start);
        masked.push_str(text.get(kept..place(begin)).unwrap_or_default());
        masked.push_str(&"*****-".repeat(count - 1));
        let last = letters.get(end - GROUP..end).unwrap_or_default();
        masked.extend(last.iter().map(|letter| letter.means));
        kept = letters.get(end - 1).map_or(text.len(), |letter| letter.place.end);
        at = end;
    }
    if masked.is_empty() {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Whether a byte is a dash, or may begin one.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'-' | b'%' | b'&' | 0xE2 | 0xEF)
}

/// A character, and where it stands as it is written.
struct Letter {
    means: char,
    place: Range<usize>,
}

/// The characters of a text, whatever they are written in.
fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let escaped = match rest.as_bytes() {
            [b'%', ..] => percent(rest),
            [b'&', ..] => reference(rest),
            _ => None,
        };
        let plain = || rest.chars().next().map(|letter| (letter, letter.len_utf8()));
        let Some((means, length)) = escaped.or_else(plain) else { break };
        letters.push(Letter { means, place: at..at + length });
        at += length;
    }
    letters
}

/// A percent-escaped character with which a text begins, and how long it is written: `%2D`, `%252D`, `%E2%80%93`.
fn percent(text: &str) -> Option<(char, usize)> {
    let (first, mut length) = escaped_byte(text)?;
    let mut bytes = [first, 0, 0, 0];
    let count = match first {
        0..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    for byte in bytes.iter_mut().take(count).skip(1) {
        let (next, more) = escaped_byte(text.get(length..)?)?;
        *byte = next;
        length += more;
    }
    let letter = str::from_utf8(bytes.get(..count)?).ok()?.chars().next()?;
    Some((letter, length))
}

/// An escaped byte; the percent sign before it may be escaped itself, any number of times.
fn escaped_byte(text: &str) -> Option<(u8, usize)> {
    let byte = |at: usize| {
        let digits =
            text.get(at..at + 2).filter(|two| two.bytes().all(|one| one.is_ascii_hexdigit()));
        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())
    };
    let mut at = 1;
    let mut found = text.starts_with('%').then(|| byte(at)).flatten()?;
    while found == b'%'
        && let Some(inner) = byte(at + 2)
    {
        (found, at) = (inner, at + 2);
    }
    Some((found, at + 2))
}

/// A character reference with which a text begins, and how long it is: `&#45;`, `&#x2D;`; its `&` may be written `&amp;`.
fn reference(text: &str) -> Option<(char, usize)> {
    let mut rest = text.strip_prefix('&')?;
    while let Some(inner) = rest.strip_prefix("amp;") {
        rest = inner;
    }
    let number = rest.strip_prefix('#')?;
    let length = number.bytes().take(LONGEST_NUMBER).position(|byte| byte == b';')?;
    let (number, behind) = (number.get(..length)?, number.get(length + 1..)?);
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    Some((char::from_u32(code.ok()?)?, text.len() - behind.len()))
}

/// Where the next key begins, from a character on, and how many groups it has.
fn key(letters: &[Letter], from: usize) -> Option<(usize, usize)> {
    (from..letters.len()).find_map(|begin| {
        // A key has a dash behind its first group: only there is it worth looking.
        letters.get(begin + GROUP).filter(|letter| is_dash(letter.means))?;
        let count = groups(letters.get(begin..)?);
        (count >= GROUPS).then_some((begin, count))
    })
}

fn is_dash(letter: char) -> bool {
    letter == '-' || FOREIGN_DASHES.contains(&letter)
}

/// How many groups with dashes between them the characters begin with.
fn groups(letters: &[Letter]) -> usize {
    let is_group = |at: usize| {
        let group = letters.get(at..at + GROUP);
        group.is_some_and(|group| group.iter().all(|letter| letter.means.is_ascii_alphanumeric()))
    };
    let mut count = 0;
    while is_group(count * (GROUP + 1)) {
        count += 1;
        if !letters.get(count * (GROUP + 1) - 1).is_some_and(|letter| is_dash(letter.means)) {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::hide_keys;

    #[test]
    fn a_key_is_masked_wherever_it_stands() {
        for (text, shown) in [
            ("AAAAA-BBBBB-CCCCC-DDDDD-EDU01", "*****-*****-*****-*****-EDU01"),
            ("ä key=aaaaa-11111-ccccc-22222-edu01;", "ä key=*****-*****-*****-*****-edu01;"),
            (
                "AAAAA-BBBBB-CCCCC-DDDDD-EDU01 AAAAA-BBBBB-CCCCC-DDDDD-EDU02",
                "*****-*****-*****-*****-EDU01 *****-*****-*****-*****-EDU02",
            ),
            ("<KAAAAA-BBBBB-CCCCC-DDDDD-EDU01>", "<K*****-*****-*****-*****-EDU01>"),
            ("QQQQQ-AAAAA-BBBBB-CCCCC-DDDDD-EDU01", "*****-*****-*****-*****-*****-EDU01"),
        ] {
            assert_eq!(hide_keys(text), shown);
        }
    }

    #[test]
    fn a_key_is_masked_in_whatever_an_address_or_xml_writes_it() {
        for text in [
            "AAAAA%2DBBBBB%2dCCCCC-DDDDD%2DEDU01",
            "AAAAA%252DBBBBB%25252dCCCCC%2DDDDDD%2DEDU01",
            "%41AAAA-BBBB%42-CCCCC-DDDDD-%45DU0%31",
            "AAAAA&#45;BBBBB&#x2d;CCCCC&#X2D;DDDDD&#0045;EDU01",
            "AAAAA&amp;#45;BBBBB&amp;amp;#45;CCCCC-DDDDD-EDU01",
            "AAAAA\u{2013}BBBBB\u{2010}CCCCC\u{FF0D}DDDDD\u{2212}EDU01",
            "AAAAA%E2%80%93BBBBB%e2%80%93CCCCC%25E2%2580%2593DDDDD&#8211;EDU01",
        ] {
            let text = format!("./ü/{text}/x");
            assert_eq!(hide_keys(&text), "./ü/*****-*****-*****-*****-EDU01/x", "{text}");
        }
        for text in [
            "%2D%2D%2D%2D%2D%2D%2D%2D%2D%2D%2D",
            "AAAAA%2BBBBBB%2BCCCCC%2BDDDDD%2BEDU01",
            "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%",
            "%E2%80&#99999999999;&#;&amp;&amp;%2&%E2%80%9",
            "&#45&#45&#45&#45&#45&#45&#45&#45&#45&#45",
        ] {
            assert_eq!(hide_keys(text), text);
        }
    }

    #[test]
    fn what_has_another_form_is_left_alone() {
        for text in [
            "",
            "-",
            "urn:uuid:11111111-2222-4333-8444-555555555555",
            "AAAAA-BBBBB-CCCCC-DDDDD-EDU0",
            "AAAAA-BBBBB-CCCCC-DDDDDEEDU01",
            "AAAAA-BBBBB-CCCCCC-DDDDD-EDU01",
            "ÄÄAAA-BBBBB-CCCCC-DDDDD-EDU0",
            "AAAAA-BBBBB-CC.CC-DDDDD-EDU01",
        ] {
            assert_eq!(hide_keys(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_masked_has_no_key(text in "([A-C1]{5}|[A-C1ä-]|%2[d5]|&#?|45;|–){0,40}") {
            let once = hide_keys(&text).into_owned();
            proptest::prop_assert_eq!(hide_keys(&once), once.as_str());
        }
    }
}
