//! The values of facts: numbers and texts brought to their types, or what is wrong with them.

use crate::artefact::trouble::excerpt;
use crate::csp::catalog::editions;
use crate::csp::model::key::hide_keys;

/// The longest text of a fact, in characters.
pub(in crate::csp::import) const TEXT: usize = 4_096;

/// A value for a message: short, without control characters and without product keys.
pub(in crate::csp::import) fn shown(value: &str) -> String {
    // Masked before it is cut: half a key is no longer told by its form.
    let head: String = value.chars().take(1_000).collect();
    let masked = hide_keys(&head);
    format!("`{}`", excerpt(&masked).escape_debug())
}

/// A text as it is kept; an error says that it is too long.
pub(in crate::csp::import) fn text(name: &str, value: &str) -> Result<String, String> {
    if value.chars().nth(TEXT).is_some() {
        return Err(format!("`{name}` is longer than {TEXT} characters"));
    }
    Ok(hide_keys(value).into_owned())
}

/// A signed 32-bit decimal.
pub(in crate::csp::import) fn number(name: &str, value: &str) -> Result<i32, String> {
    whole(value).and_then(|number| i32::try_from(number).ok()).ok_or_else(|| {
        format!(
            "`{name}` is {}; allowed is a whole number, {} to {}",
            shown(value),
            i32::MIN,
            i32::MAX
        )
    })
}

/// A whole number in decimal digits.
pub(in crate::csp::import) fn whole(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    value.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The number of an edition, read as the signed and as the unsigned number.
///
/// Beyond the positive signed numbers only a published one is an edition: `PRODUCT_UNLICENSED`.
pub(in crate::csp::import) fn edition(name: &str, value: i64) -> Result<u32, String> {
    let unsigned = u32::try_from(value).map(u32::cast_signed);
    let id = i32::try_from(value).or(unsigned).ok();
    let known = |id: &i32| *id >= 0 || editions::edition(*id).is_some();
    id.filter(known).map(i32::cast_unsigned).ok_or_else(|| {
        format!("`{name}` is `{value}`; allowed is the number of an edition, 0 to {}", i32::MAX)
    })
}

/// The number of the edition that the registry calls `EditionID`, in any case.
pub(in crate::csp::import) fn edition_named(edition_id: &str) -> Option<u32> {
    let is = |row: &&editions::Edition| {
        row.edition_id.is_some_and(|name| name.eq_ignore_ascii_case(edition_id))
    };
    editions::EDITIONS.iter().find(is).map(editions::Edition::number)
}

#[cfg(test)]
mod tests {
    use super::{edition, number, shown, text};

    #[test]
    fn an_edition_is_a_number_of_get_product_info() {
        for (value, read) in [
            (0, 0),
            (48, 48),
            (i64::from(i32::MAX), 0x7FFF_FFFF),
            (0xABCD_ABCD, 0xABCD_ABCD),
            (-1_412_584_499, 0xABCD_ABCD),
        ] {
            assert_eq!(edition("Edition", value), Ok(read));
        }
        for wrong in [-1, 4_294_967_295, 4_294_967_344, i64::MIN, i64::MAX, 2_147_483_648] {
            assert!(edition("Edition", wrong).unwrap_err().contains(&wrong.to_string()));
        }
    }

    #[test]
    fn a_number_is_signed_and_has_32_bits() {
        for (text, read) in [("0", 0), ("-1", -1), ("-2147483648", i32::MIN), ("007", 7)] {
            assert_eq!(number("Status", text), Ok(read));
        }
        for wrong in
            ["", "-", "+1", "1.0", "2147483648", "-2147483649", "0x1", "one", "1 2", "1e3", "--1"]
        {
            let message = number("Status", wrong).unwrap_err();
            assert!(message.starts_with(&format!("`Status` is `{wrong}`")), "{message}");
        }
    }

    #[test]
    fn a_text_is_kept_whole_or_refused() {
        assert_eq!(text("Name", " as it is\n"), Ok(" as it is\n".to_owned()));
        assert!(text("Name", &"ä".repeat(4_096)).is_ok());
        assert!(text("Name", &"ä".repeat(4_097)).unwrap_err().starts_with("`Name` is longer"));
    }

    #[test]
    fn no_message_and_no_text_shows_a_product_key() {
        let key = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
        assert_eq!(shown(key), "`*****-*****-*****-*****-EDU01`");
        assert_eq!(text("Name", key).unwrap(), "*****-*****-*****-*****-EDU01");
        assert!(!shown(&format!("{}{key}", "x ".repeat(34))).contains("BBBBB"));
        assert!(shown(&"x\u{1b}".repeat(1_000_000)).chars().count() < 1_000);
    }
}
