//! Formats and values: CSP005, CSP006, CSP029, CSP032.

use super::offence::{At, Sheet, excerpt};
use crate::catalog::Named;
use crate::csp::catalog::lint::{LICENSE_XML, WRONG_FORMAT, WRONG_VALUE};
use crate::csp::catalog::nodes::{Allowed, Format, Node, NodeId};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Reads the data of an `int` node: white space around it is cut, `-?[0-9]{1,10}`, 32 bits with a sign.
pub(super) fn integer(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let legal =
        (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if legal { text.parse().ok() } else { None }
}

/// Judges `Meta/Format`; whether it is right.
///
/// An `xml` node takes `chr` too, as the published example has it; a `null` node takes `chr` without data.
pub(super) fn format(
    node: &Node,
    written: &str,
    data: &str,
    at: At<'_>,
    sheet: &mut Sheet,
) -> bool {
    let written = written.trim();
    let right = written == node.format.word()
        || (written == Format::Chr.word()
            && (node.format == Format::Xml || (node.format == Format::Null && data.is_empty())));
    if !right {
        let message = format!(
            "`{}` has the format `{}`, not `{}`",
            node.path,
            node.format.word(),
            excerpt(written)
        );
        let finding = sheet
            .offence(&WRONG_FORMAT, at, &message)
            .with("expected", node.format.word())
            .remedy(format!("write the format `{}`", node.format.word()));
        sheet.push(finding);
    }
    right
}

/// Judges a value against the values that the DDF allows.
///
/// `fits`: the format was right; a value in a wrong format is judged only as far as it can be read.
pub(super) fn allowed(node: &Node, data: &str, fits: bool, at: At<'_>, sheet: &mut Sheet) {
    let Allowed::Enumeration(values) = node.allowed else { return };
    let number = integer(data);
    if number.is_none() && !fits {
        return;
    }
    let known =
        |value: &Named| number.and_then(|number| u32::try_from(number).ok()) == Some(value.value);
    if values.iter().any(known) {
        return;
    }
    let list = values.iter().map(|value| format!("{} ({})", value.value, value.name));
    let list = list.collect::<Vec<_>>().join(" or ");
    let message = match data.trim() {
        "" => format!("`{}` needs a value, {list}", node.path),
        _ => format!("`{}` takes {list}, not `{}`", node.path, excerpt(data)),
    };
    sheet.report(&WRONG_VALUE, at, &message);
}

/// Whether a text is one element, with whatever stands inside it.
fn is_xml(text: &str) -> bool {
    let mut reader = Reader::from_str(text.trim());
    let (mut depth, mut roots) = (0_u64, 0_u64);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                roots += u64::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(_)) => roots += u64::from(depth == 0),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(text)) if depth == 0 && text.trim().is_empty() => {}
            Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) if depth == 0 => {
                return false;
            }
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Judges the value of `UpgradeEditionWithLicense`, once unescaped.
pub(super) fn license(node: &Node, data: &str, nested: bool, at: At<'_>, sheet: &mut Sheet) {
    if node.id != NodeId::UpgradeEditionWithLicense {
        return;
    }
    let message = if nested {
        "the license stands in Data as elements; it must be escaped"
    } else if data.trim().is_empty() {
        "the license is empty"
    } else if is_xml(data) {
        return;
    } else {
        "the license is no well-formed XML once it is unescaped"
    };
    sheet.report(&LICENSE_XML, at, message);
}
