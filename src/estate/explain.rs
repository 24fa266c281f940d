//! `licctl explain CODE`: every reading of a native code, in every domain.

use crate::apis;
use crate::catalog::{Code, Native, Severity};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, View, column, nearest};
use crate::session::Session;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl explain 0xC004F038\n  licctl explain -- -1073418184\n  licctl explain SL_E_VL_NOT_ENOUGH_COUNT\n  licctl explain 'DCMO(1201)'              # as Intune shows it"
)]
pub(crate) struct Arguments {
    /// A number (hexadecimal, unsigned or signed decimal) or a symbol
    #[arg(value_name = "CODE", allow_hyphen_values = true)]
    code: String,
}

/// One reading of a code.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CodeView {
    domain: &'static str,
    symbol: &'static str,
    /// The number as the API sends it; null for a fault that has only a name.
    code: Option<u32>,
    /// The number as people look it up; null for a status, which is always written in decimal.
    hex: Option<String>,
    severity: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
    /// The document that says so, and how far.
    source: String,
}

impl CodeView {
    fn new(domain: &'static str, code: &'static Code) -> Self {
        let number = code.native.number();
        Self {
            domain,
            symbol: code.symbol,
            code: number,
            hex: match code.native {
                Native::SyncmlStatus(_) | Native::Sntl(_) => None,
                _ => number.map(|number| format!("0x{number:08X}")),
            },
            severity: match code.severity {
                Severity::Success => "success",
                Severity::Information => "information",
                Severity::Failure => "failure",
            },
            meaning: code.meaning,
            cause: code.cause,
            remedy: code.remedy,
            source: crate::manual::source(&code.source),
        }
    }
}

impl View for CodeView {
    const SCHEMA: &'static str = "licctl.code/1";
    const COLUMNS: &'static [Column] = &[
        column("CODE", "hex", Fit::Keep),
        column("SYMBOL", "symbol", Fit::Keep),
        column("DOMAIN", "domain", Fit::Spare),
        column("MEANING", "meaning", Fit::Wrap),
        column("CAUSE", "cause", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            match (&self.hex, self.code) {
                (Some(hex), _) => hex.clone(),
                (None, Some(status)) => status.to_string(),
                (None, None) => self.symbol.to_owned(),
            }
            .into(),
            self.symbol.into(),
            self.domain.into(),
            self.meaning.into(),
            self.cause.into(),
            self.remedy.into(),
        ]
    }

    fn name(&self) -> String {
        self.symbol.to_owned()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let columns = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let source = ("SOURCE".to_owned(), Cell::from(self.source.clone()));
        columns
            .zip(self.cells(look))
            .filter(|(_, cell)| !cell.text.is_empty())
            .chain([source])
            .collect()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(CodeView::SCHEMA, schema_for!(CodeView))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let wanted = &arguments.code;
    let numbers = numbers(wanted);
    let mut found = known(wanted, &numbers);
    // What other tools made of a code: its own domain knows how to read that.
    for api in apis::APIS {
        let code = (api.disguised)(wanted);
        let code = code.filter(|code| !found.iter().any(|(_, known)| std::ptr::eq(*known, *code)));
        found.extend(code.map(|code| (api.name, code)));
    }
    if found.is_empty() {
        // An error of Windows by its own number: an HRESULT carries it in facility 7.
        let small = numbers.iter().filter(|number| **number <= 0xFFFF);
        found = known(wanted, &small.map(|number| 0x8007_0000 | number).collect::<Vec<_>>());
    }
    if let [(domain, code)] = found.as_slice() {
        session.show(&CodeView::new(domain, code))?;
        return Ok(Verdict::Yes);
    }
    if found.is_empty() {
        return unknown(
            wanted,
            &numbers,
            &codes().map(|(_, code)| code.symbol.to_owned()).collect::<Vec<_>>(),
        );
    }
    session.printer.rows::<CodeView>(
        &ListOptions::default(),
        found.into_iter().map(|(domain, code)| CodeView::new(domain, code)),
    )?;
    Ok(Verdict::Yes)
}

fn codes() -> impl Iterator<Item = (&'static str, &'static Code)> {
    apis::APIS.iter().flat_map(|api| api.catalog.codes().map(move |code| (api.name, code)))
}

/// The codes of a symbol or of one of some numbers, each once a domain.
fn known(symbol: &str, numbers: &[u32]) -> Vec<(&'static str, &'static Code)> {
    let matches = |code: &Code| {
        code.symbol.eq_ignore_ascii_case(symbol)
            || code.native.number().is_some_and(|number| numbers.contains(&number))
    };
    let mut found: Vec<(&'static str, &'static Code)> = Vec::new();
    for (domain, code) in codes().filter(|(_, code)| matches(code)) {
        if !found.iter().any(|(known, other)| *known == domain && other.symbol == code.symbol) {
            found.push((domain, code));
        }
    }
    found
}

/// The numbers that a text can stand for: bare digits are decimal, but may be hexadecimal without its mark.
fn numbers(text: &str) -> Vec<u32> {
    let hex = |text: &str| u32::from_str_radix(text, 16).ok();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return hex(digits).into_iter().collect();
    }
    let unsigned = text.parse::<u32>().ok();
    let signed = text.parse::<i32>().ok().filter(|number| *number < 0).map(i32::cast_unsigned);
    let bare = (text.len() == 8).then(|| hex(text)).flatten();
    unsigned.into_iter().chain(signed).chain(bare).collect()
}

fn unknown(wanted: &str, numbers: &[u32], symbols: &[String]) -> Outcome<Verdict> {
    let Some(number) = numbers.first() else {
        let near = nearest(wanted, symbols);
        let usage = Usage::new(format!("`{wanted}` is no number and no symbol of a known code"));
        let hint = if near.is_empty() {
            "write it as `0xC004F038`, `3221549112`, `-1073418184` or by its symbol".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return Err(usage.hinted(hint).into());
    };
    let severity = if number >> 31 == 1 { "failure" } else { "success or information" };
    let facility = (number >> 16) & 0x7FF;
    let message = format!(
        "0x{number:08X} is in no table; read as an HRESULT it is a {severity} of facility {facility}, code {}",
        number & 0xFFFF
    );
    Err(crate::error::Refusal::new(&UNKNOWN, message).of("explain").into())
}

static TOOL: crate::catalog::Document =
    crate::catalog::Document { id: "LICCTL", title: "licctl, manual page", edition: "" };

/// What `explain` answers when no table has the code.
static UNKNOWN: Code = Code {
    symbol: "unknown-code",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "No domain has a code of this number.",
    cause: "",
    remedy: "",
    source: crate::catalog::stated(&TOOL, "explain"),
};

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn a_code_is_read_in_every_notation_that_tools_print() {
        for text in ["0xC004F038", "C004F038", "3221549112", "-1073418184", "0xc004f038"] {
            assert!(numbers(text).contains(&0xC004_F038), "{text}");
        }
        assert!(numbers("0xC004F0381").is_empty());
    }
}
