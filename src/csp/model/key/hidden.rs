//! Product keys in texts that come from outside: told by their form alone, and masked but for the last group.
//!
//! An address, a name or a tag may hold one where none belongs. It must not come into the store, and no message may repeat it.

use crate::catalog::Mask;
use std::borrow::Cow;
use std::ops::Range;

/// Characters of a group, and groups of a key.
const GROUP: usize = 5;
const GROUPS: usize = 5;

/// The text with every product key in it masked: five or more groups of five letters or digits, with dashes between them.
#[must_use]
pub fn hide_keys(text: &str) -> Cow<'_, str> {
    // Most texts hold none, which is seen at a glance.
    if !text.as_bytes().contains(&b'-') {
        return Cow::Borrowed(text);
    }
    let mut masked = String::new();
    let mut kept = 0;
    while let Some(key) = text.get(kept..).and_then(key) {
        let (begin, end) = (kept + key.start, kept + key.end);
        masked.push_str(text.get(kept..begin).unwrap_or_default());
        masked.push_str(&Mask::LastFive.apply(text.get(begin..end).unwrap_or_default()));
        kept = end;
    }
    if masked.is_empty() {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Where the first key stands.
fn key(text: &str) -> Option<Range<usize>> {
    // A key has a dash behind its first group: only there is it worth looking.
    let dashes = text.bytes().enumerate().filter(|(_, byte)| *byte == b'-');
    dashes.filter_map(|(at, _)| at.checked_sub(GROUP)).find_map(|begin| {
        let count = groups(text.as_bytes().get(begin..)?);
        (count >= GROUPS).then(|| begin..begin + count * (GROUP + 1) - 1)
    })
}

/// How many groups with dashes between them the bytes begin with.
fn groups(bytes: &[u8]) -> usize {
    let is_group = |at: usize| {
        bytes.get(at..at + GROUP).is_some_and(|group| group.iter().all(u8::is_ascii_alphanumeric))
    };
    let mut count = 0;
    while is_group(count * (GROUP + 1)) {
        count += 1;
        if bytes.get(count * (GROUP + 1) - 1) != Some(&b'-') {
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
        fn no_text_makes_it_panic_and_what_is_masked_has_no_key(text in "[A-C1ä-]{0,80}") {
            let once = hide_keys(&text).into_owned();
            proptest::prop_assert_eq!(hide_keys(&once), once.as_str());
        }
    }
}
