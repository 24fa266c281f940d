//! `kms error …`: what the catalog knows of codes.

use crate::catalog::{Code, Native, Severity, stated};
use crate::error::{Outcome, Refusal, Usage, Verdict};
use crate::kms::catalog::documents::SDK;
use crate::kms::catalog::families::{FAMILIES, Family, facility, severity};
use crate::kms::catalog::{CATALOG, code, code_named};
use crate::kms::view::ErrorView;
use crate::output::{ListOptions, nearest};
use crate::session::Session;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;

/// Explain a code of the API; `licctl explain` does so for every domain
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    after_help = "Examples:\n  licctl kms error 0xC004F038\n  licctl kms error list --family vl"
)]
pub(super) struct ErrorArguments {
    /// A number (hexadecimal, unsigned or signed decimal) or a symbol
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    code: Option<String>,
    #[command(subcommand)]
    command: Option<ErrorCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ErrorCommand {
    /// List the codes
    #[command(
        after_help = "Example:\n  licctl kms error list --family rearm --columns CODE,SYMBOL,MEANING"
    )]
    List {
        /// Only codes of this family
        #[arg(long, value_name = "FAMILY", value_parser = PossibleValuesParser::new(FAMILIES.each_ref().map(|family| family.word)))]
        family: Option<String>,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn error(arguments: &ErrorArguments, session: &mut Session) -> Outcome<Verdict> {
    match (&arguments.command, &arguments.code) {
        (Some(ErrorCommand::List { family, list }), _) => {
            let family = family.as_deref().and_then(Family::named);
            let mut codes: Vec<&'static Code> = CATALOG
                .codes()
                .filter(|code| family.is_none_or(|family| family.holds(code)))
                .collect();
            codes.sort_by_key(|code| (code.native.number(), code.symbol));
            codes.dedup_by_key(|code| (code.native.number(), code.symbol));
            session.printer.rows::<ErrorView>(list, codes.into_iter().map(ErrorView::from))?;
        }
        (None, Some(text)) => session.show(&ErrorView::from(explained(text)?))?,
        (None, None) => {
            return Err(Usage::new("no code was given")
                .hinted("`licctl kms error list` shows them")
                .into());
        }
    }
    Ok(Verdict::Yes)
}

/// The code of a number in any notation, or of a symbol.
///
/// Refuses a number that is in no table, with what its bits say; usage error for what is no number and no symbol.
fn explained(text: &str) -> Outcome<&'static Code> {
    if let Some(code) = code_named(text) {
        return Ok(code);
    }
    let numbers = numbers(text);
    if let Some(code) = numbers.iter().find_map(|number| code(*number)) {
        return Ok(code);
    }
    let Some(number) = numbers.first().copied() else {
        let symbols: Vec<String> = CATALOG.codes().map(|code| code.symbol.to_owned()).collect();
        let near = nearest(text, &symbols);
        let usage = Usage::new(format!("`{text}` is no number and no symbol of a known code"));
        let usage = if near.is_empty() {
            usage.hinted("write it as `0xC004F038`, 3221549112, -1073418184 or by its symbol")
        } else {
            usage.hinted(format!("did you mean {}?", near.join(", ")))
        };
        return Err(usage.into());
    };
    let kind = match severity(number) {
        Severity::Failure => "a failure",
        Severity::Information | Severity::Success => "success or information",
    };
    let message = format!(
        "unknown code 0x{number:08X}: read as an HRESULT it is {kind} of facility {}, code {}",
        facility(number),
        number & 0xFFFF
    );
    Err(Refusal::new(&UNKNOWN, message).of("kms error").into())
}

/// The number of a code in any notation, in a table or not. Usage error for what is no number and no symbol.
pub(super) fn number(text: &str) -> Outcome<u32> {
    if let Some(number) = numbers(text).first() {
        return Ok(*number);
    }
    let number = explained(text)?.native.number();
    number.ok_or_else(|| Usage::new(format!("`{text}` has no number")).into())
}

/// What is answered when no table has the code.
static UNKNOWN: Code = Code {
    symbol: "unknown-code",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "No table of KMS has a code of this number.",
    cause: "",
    remedy: "",
    source: stated(&SDK, "slerror.h"),
};

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

#[cfg(test)]
mod tests {
    use super::explained;
    use crate::error::Stop;

    #[test]
    fn a_code_is_explained_in_every_notation() {
        for text in
            ["-1073418184", "3221549112", "0xC004F038", "c004f038", "sl_e_vl_not_enough_count"]
        {
            assert_eq!(explained(text).unwrap().symbol, "SL_E_VL_NOT_ENOUGH_COUNT", "{text}");
        }
        let Err(Stop::Refused(refusal)) = explained("0xDEADBEEF") else { panic!() };
        assert_eq!(
            refusal.message,
            "unknown code 0xDEADBEEF: read as an HRESULT it is a failure of facility 1709, code 48879"
        );
        assert_eq!(explained("SL_E_NOTHING").unwrap_err().status(), 2);
    }
}
