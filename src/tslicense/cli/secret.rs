//! Purchase numbers among the words of a command line, as far as they can be told from other words.

use crate::catalog::{Direction, Kind, Mask};
use crate::tslicense::catalog::methods::CLASSES;

/// The flag of license numbers: eight digits, which many a count has too.
const LICENSE_NUMBER: &str = "license-number";

/// How a word is masked when it looks like a purchase number; JSON that holds some is hidden whole.
pub(super) fn mask(flag: &str, word: &str) -> Option<Mask> {
    if is_number(word) || (flag == LICENSE_NUMBER && is_license_number(word)) {
        return Some(Mask::TwoAndTwo);
    }
    let object = word.contains('{') && parameters().any(|name| word.contains(name));
    object.then_some(Mask::Whole)
}

/// The names of the parameters that take purchase numbers.
fn parameters() -> impl Iterator<Item = &'static str> {
    let rows = CLASSES.iter().flat_map(|(_, table)| table.iter());
    rows.flat_map(|row| row.method.parameters.iter())
        .filter(|row| row.direction == Direction::In && matches!(row.kind, Kind::Secret(_)))
        .map(|row| row.name)
}

/// Whether a word has the look of a license number: 8 digits, in groups or not.
fn is_license_number(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() == 8
        && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether a word has the look of an authorization number (15 capitals and digits), license code (25) or key pack ID (35), with at
/// least one digit and one capital, or of one of them in groups.
///
/// Agreement numbers look like any number of seven digits: the commands that take one hide it themselves.
fn is_number(word: &str) -> bool {
    let bare: String = word.chars().filter(|letter| *letter != '-').collect();
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let capitals = bare.bytes().filter(u8::is_ascii_uppercase).count();
    let mixed = digits > 0 && capitals > 0 && digits + capitals == bare.len();
    match bare.len() {
        15 | 25 | 35 => mixed,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::mask;
    use crate::catalog::Mask;

    #[test]
    fn purchase_numbers_are_told_from_other_words() {
        for word in
            ["TEST0AUTH000001", "AAAAABBBBBCCCCCDDDDD12345", "AAAAA-BBBBB-CCCCC-DDDDD-12345"]
        {
            assert_eq!(mask("", word), Some(Mask::TwoAndTwo), "{word}");
        }
        for word in ["12345678", "1234-5678"] {
            assert_eq!(mask("license-number", word), Some(Mask::TwoAndTwo), "{word}");
            assert_eq!((mask("count", word), mask("", word)), (None, None), "{word}");
        }
        for word in ["2026-03-01", "import-open", "ls-a.corp.example", "1234567", "keypack"] {
            assert_eq!(mask("", word), None, "{word}");
        }
        assert_eq!(mask("", r#"{"sLicenseNumber":"1"}"#), Some(Mask::Whole));
    }
}
