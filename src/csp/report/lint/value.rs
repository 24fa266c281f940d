//! Formats and values: CSP005, CSP006, CSP029, CSP032.

use super::offence::{At, Sheet, excerpt};
use crate::csp::catalog::lint::{LICENSE_XML, WRONG_FORMAT, WRONG_VALUE};
use crate::csp::catalog::nodes::{Node, NodeId};
use crate::csp::rules::value;

/// Judges `Meta/Format`; whether it is right.
pub(super) fn format(
    node: &Node,
    written: &str,
    data: &str,
    at: At<'_>,
    sheet: &mut Sheet,
) -> bool {
    let written = written.trim();
    let right = value::takes_format(node, written, data);
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
    let Some(values) = value::allowed(node) else { return };
    let number = value::integer(data);
    if number.is_none() && !fits || number.is_some_and(|number| value::is_among(values, number)) {
        return;
    }
    let list = value::alternatives(values);
    let message = match data.trim() {
        "" => format!("`{}` needs a value, {list}", node.path),
        _ => format!("`{}` takes {list}, not `{}`", node.path, excerpt(data)),
    };
    sheet.report(&WRONG_VALUE, at, &message);
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
    } else if value::document_flaw(data).is_none() {
        return;
    } else {
        "the license is no well-formed XML once it is unescaped"
    };
    sheet.report(&LICENSE_XML, at, message);
}
