//! What stands in one cell: units in the words of the vSphere Client, features by their names, text that a spreadsheet was kept from.

use crate::vsphere::catalog::features::FEATURES;
use crate::vsphere::model::value::{AnyValue, KeyValue};

/// A feature of which a table tells the name alone; a known name has its key.
pub(super) fn feature(text: &str) -> AnyValue {
    let known = FEATURES.iter().find(|feature| feature.name == text);
    let key = known.map_or(text, |feature| feature.key);
    AnyValue::Pair(KeyValue::new(key, text))
}

/// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula.
pub(super) fn undefused(text: &str) -> &str {
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| rest.starts_with(['=', '+', '-', '@', '\''])).unwrap_or(text)
}

/// What a row says of units.
#[derive(Default)]
pub(super) struct Amounts {
    pub(super) total: Option<i32>,
    pub(super) used: Option<i32>,
    pub(super) unit: Option<String>,
}

pub(super) fn is_unlimited(text: &str) -> bool {
    text.eq_ignore_ascii_case("unlimited")
}

/// A number of units, bare or in the words of the vSphere Client: `4 CPUs (up to 32 cores)`.
pub(super) fn amount(text: &str) -> Result<(i32, Option<String>), &'static str> {
    if is_unlimited(text) {
        return Ok((0, None));
    }
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if digits.is_empty() || !(rest.is_empty() || rest.starts_with(' ')) {
        return Err("is no number");
    }
    let number = digits.parse().map_err(|_| "exceeds int32")?;
    Ok((number, unit(rest.trim())))
}

/// The cost unit in the words of the vSphere Client.
fn unit(words: &str) -> Option<String> {
    let lower = words.to_lowercase();
    let within = lower
        .split_once("(up to ")
        .and_then(|(_, rest)| rest.split_once(" cores"))
        .map(|(cores, _)| cores);
    let base = lower.split([' ', '(']).next().unwrap_or_default();
    match (base, within) {
        ("cpus" | "cpu", Some(cores)) => Some(format!("cpuPackage:{cores}core")),
        ("cpus" | "cpu", None) => Some("cpuPackage".to_owned()),
        ("instances" | "instance", _) => Some("server".to_owned()),
        ("cores" | "core", _) => Some("cpuCore".to_owned()),
        ("vms" | "vm", _) => Some("vm".to_owned()),
        _ => None,
    }
}
