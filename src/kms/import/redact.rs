//! Product keys in what is read: told by their form alone, so that they are dropped wherever they stand.
//!
//! A key is never kept, shown or put into a message; what the reader puts in its place is left to the reader.

use crate::artefact::Notes;
use crate::error::Place;
use serde_json::Value;

/// The warning that says so.
pub(super) const CODE: &str = "redacted";

/// Letters of a group of a key, and groups of a key.
const LETTERS: usize = 5;
const GROUPS: usize = 5;

/// Whether `text` holds five groups of five letters or digits with dashes between them, in any case and with any dash.
///
/// What stands around the groups does not matter, and white space counts for nothing: wrapped output has it within a key.
#[must_use]
pub(in crate::kms) fn holds_key(text: &str) -> bool {
    // Full groups so far, each ended by a dash; letters of the present group.
    let (mut groups, mut letters) = (0, 0);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        if letter.is_ascii_alphanumeric() {
            letters += 1;
            if groups + 1 >= GROUPS && letters >= LETTERS {
                return true;
            }
        } else if is_dash(letter) {
            groups = match letters {
                LETTERS => (groups + 1).min(GROUPS - 1),
                0..LETTERS => 0,
                // The end of a longer word may be the first group.
                _ => 1,
            };
            letters = 0;
        } else {
            (groups, letters) = (0, 0);
        }
    }
    false
}

/// The hyphens and dashes that word processors and consoles put for `-`.
fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}')
}

/// Whether a string or a member name anywhere in `value` holds a key.
#[must_use]
pub(super) fn value_holds_key(value: &Value) -> bool {
    match value {
        Value::String(text) => holds_key(text),
        Value::Array(items) => items.iter().any(value_holds_key),
        Value::Object(members) => {
            members.iter().any(|(name, member)| holds_key(name) || value_holds_key(member))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Says that the property `name` held a key; the name is left out when the key stands there.
pub(super) fn warn(notes: &mut Notes, place: Place, name: &str) {
    let what = if holds_key(name) { "a property".to_owned() } else { format!("`{name}`") };
    notes.warn(CODE, place, format!("{what} held a product key, which is not imported"));
}

#[cfg(test)]
mod tests {
    use super::{holds_key, value_holds_key};
    use serde_json::json;

    #[test]
    fn a_key_is_told_by_its_form_wherever_it_stands() {
        for text in [
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
            "aaaaa-11111-ccccc-22222-eeeee",
            "key=AAAAA-BBBBB-CCCCC-DDDDD-EEEEE;",
            "xAAAAA-BBBBB-CCCCC-DDDDD-EEEEEx",
            "QQQQQ-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
            "AAAAA-BBBBB-\r\n  CCCCC-DDDDD-EEEEE",
            "AAAAA - BBBBB - CCCCC - DDDDD - EEEEE",
            "the key AAAAA-BB BBB-CCCCC-DDDDD-EEEEE of",
            "AAAAA\u{2013}BBBBB\u{2013}CCCCC\u{2013}DDDDD\u{2013}EEEEE",
        ] {
            assert!(holds_key(text), "{text}");
        }
    }

    #[test]
    fn what_the_licensing_service_shows_otherwise_is_no_key() {
        for text in [
            "",
            "ABCDE",
            "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11",
            "00000-00000-000-000000-00-0000-00000.0000-0000000",
            "00330-80000-00000-AA123",
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEE",
            "AAAAA-BBBB-CCCCC-DDDDD-EEEEE",
            "AAAAA-BBBBB CCCCC-DDDDD-EEEEE",
            "AAAAA--BBBBB-CCCCC-DDDDD-EEEEE",
            "000000000000000000000000000000000000000000000000000000000000000",
            "Windows(R) Operating System, VOLUME_KMSCLIENT channel",
        ] {
            assert!(!holds_key(text), "{text}");
        }
    }

    #[test]
    fn a_key_is_found_at_any_depth_and_in_member_names() {
        assert!(value_holds_key(&json!({"a": [1, {"b": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"}]})));
        assert!(value_holds_key(&json!([{"AAAAA-BBBBB-CCCCC-DDDDD-EEEEE": null}])));
        assert!(!value_holds_key(&json!({"a": [1, true, null, "b"]})));
    }
}
