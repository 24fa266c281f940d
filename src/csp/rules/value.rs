//! Whether data fits a node: its format, its number, the numbers that it allows, the XML of a license. Devices and the linter judge
//! by the same rules; the words of a refusal or a finding are left to them.

use crate::catalog::Named;
use crate::csp::catalog::nodes::{Allowed, Format, Node};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Reads the data of an `int` node: `-?[0-9]{1,10}` within 32 bits with a sign, white space around it cut.
#[must_use]
pub fn integer(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let shaped =
        (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    shaped.then(|| text.parse().ok()).flatten()
}

/// Whether a node takes data that are declared in a format.
///
/// Source: [DDF2] `DFFormat`; [CSP] the example of `UpgradeEditionWithLicense`, an `xml` node, declares `chr`. A `null` node that takes
/// `chr` without data: assumed.
#[must_use]
pub fn takes_format(node: &Node, declared: &str, data: &str) -> bool {
    let as_text = node.format == Format::Xml || (node.format == Format::Null && data.is_empty());
    declared == node.format.word() || (declared == Format::Chr.word() && as_text)
}

/// The numbers that a node allows; `None`: all of its format.
#[must_use]
pub fn allowed(node: &Node) -> Option<&'static [Named]> {
    match node.allowed {
        Allowed::Enumeration(values) => Some(values),
        Allowed::Unsaid | Allowed::Any => None,
    }
}

/// Whether a number is one of those that are allowed.
#[must_use]
pub fn is_among(values: &[Named], number: i32) -> bool {
    values.iter().any(|row| u32::try_from(number) == Ok(row.value))
}

/// The allowed numbers with their words: `0 (NoRestriction) or 1 (UserBlocked)`.
#[must_use]
pub fn alternatives(values: &[Named]) -> String {
    let listed: Vec<String> =
        values.iter().map(|row| format!("{} ({})", row.value, row.name)).collect();
    listed.join(" or ")
}

/// Why a text is not one well-formed XML element, as the end of a sentence; `None` when it is.
#[must_use]
pub fn document_flaw(text: &str) -> Option<String> {
    match roots(text.trim()) {
        Ok(1) => None,
        Ok(0) => Some("it holds no whole element".to_owned()),
        Ok(_) => Some("it holds several elements beside each other".to_owned()),
        Err(why) => Some(why),
    }
}

/// Counts the elements at the top; text beside them is a flaw.
fn roots(text: &str) -> Result<usize, String> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(_) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Event::Empty(_) => roots += usize::from(depth == 0),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && text.trim().is_empty() => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if depth == 0 => {
                return Err("text stands outside of its element".to_owned());
            }
            // Elements that are still open at the end make it none.
            Event::Eof => return Ok(if depth == 0 { roots } else { 0 }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::catalog::nodes::{
        EDITION, SWITCH_FROM_SMODE, SWITCHING_POLICY, UPGRADE_EDITION_WITH_LICENSE,
    };

    #[test]
    fn a_number_has_a_sign_ten_digits_and_32_bits_at_most() {
        for (text, number) in [
            ("1", Some(1)),
            (" 1\n", Some(1)),
            ("01", Some(1)),
            ("-2147483648", Some(i32::MIN)),
            ("2147483648", None),
            ("4294967296", None),
            ("00000000001", None),
            ("+1", None),
            ("--1", None),
            ("1.0", None),
            ("0x1", None),
            ("", None),
        ] {
            assert_eq!(integer(text), number, "{text:?}");
        }
    }

    #[test]
    fn text_is_tolerated_for_xml_and_for_a_node_without_data() {
        for (node, declared, data, taken) in [
            (&SWITCHING_POLICY, "int", "1", true),
            (&SWITCHING_POLICY, "chr", "1", false),
            (&SWITCHING_POLICY, "INT", "1", false),
            (&UPGRADE_EDITION_WITH_LICENSE, "xml", "<a/>", true),
            (&UPGRADE_EDITION_WITH_LICENSE, "chr", "<a/>", true),
            (&SWITCH_FROM_SMODE, "chr", "", true),
            (&SWITCH_FROM_SMODE, "chr", "x", false),
        ] {
            assert_eq!(takes_format(node, declared, data), taken, "{} {declared}", node.path);
        }
    }

    #[test]
    fn only_an_enumeration_limits_its_numbers() {
        assert!(allowed(&EDITION).is_none());
        let values = allowed(&SWITCHING_POLICY).unwrap();
        assert_eq!(
            [-1, 0, 1, 2].map(|number| is_among(values, number)),
            [false, true, true, false]
        );
        assert_eq!(alternatives(values), "0 (NoRestriction) or 1 (UserBlocked)");
    }

    #[test]
    fn a_license_is_one_element_and_nothing_beside_it() {
        for text in ["<License/>", "\n<License><a>1</a></License> ", "<?xml version=\"1.0\"?><a/>"]
        {
            assert_eq!(document_flaw(text), None, "{text}");
        }
        for text in ["", "text", "<a>", "<a></b>", "<a/><b/>", "text<a/>", "<a/>&amp;", "<a"] {
            assert!(document_flaw(text).is_some(), "{text}");
        }
    }
}
