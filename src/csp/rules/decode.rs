//! Any number that a tool shows for a failure, and what it says: `licctl csp status decode`.
//!
//! The rows are those of `catalog::codes`; how the answer is printed is left to `view`.

use crate::catalog::{Code, Native};
use crate::csp::catalog::code_named;
use crate::csp::catalog::codes::{
    self, INTUNE_BASE, Portal, hresult, intune, intune_dcmo, is_status, number, of_intune, status,
    status_of,
};

/// What a text was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A status of OMA DM: `405`, `Syncml(405)`.
    Syncml,
    /// A result of device capability management: `DCMO(1201)`.
    Dcmo,
    /// What Intune made of one of them, by its notation.
    Intune(Notation),
    Hresult(Notation),
    /// The symbol of a code.
    Symbol,
}

/// How a 32-bit number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Hexadecimal,
    Signed,
    Unsigned,
}

impl Form {
    /// The word of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Syncml => "syncml",
            Self::Dcmo => "dcmo",
            Self::Intune(Notation::Hexadecimal) => "intune-hex",
            Self::Intune(Notation::Signed) => "intune-signed",
            Self::Intune(Notation::Unsigned) => "intune-unsigned",
            Self::Hresult(Notation::Hexadecimal) => "hresult-hex",
            Self::Hresult(Notation::Signed) => "hresult-signed",
            Self::Hresult(Notation::Unsigned) => "hresult-unsigned",
            Self::Symbol => "symbol",
        }
    }
}

/// An HRESULT in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// The top bit.
    pub failure: bool,
    /// Bits 16 to 26.
    pub facility: u32,
    /// The low word.
    pub code: u32,
}

impl Split {
    /// Takes an HRESULT apart.
    ///
    /// Source: [WINERROR] winerror.h, `HRESULT_FACILITY` and `HRESULT_CODE`.
    #[must_use]
    pub const fn of(number: u32) -> Self {
        Self {
            failure: number >> 31 == 1,
            facility: (number >> 16) & 0x07FF,
            code: number & 0xFFFF,
        }
    }
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// As given.
    pub input: String,
    pub form: Form,
    /// The status that the device answered with.
    pub status: Option<u16>,
    /// The number of Windows behind it.
    pub hresult: Option<u32>,
    /// The number that Intune shows.
    pub intune: Option<u32>,
    /// `None`: no table has it.
    pub symbol: Option<&'static str>,
    pub meaning: String,
    /// Empty when not known.
    pub remedy: &'static str,
    /// Of a number that no table has.
    pub split: Option<Split>,
}

impl Decoded {
    /// Whether a table has it.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.symbol.is_some()
    }

    fn new(input: &str, form: Form) -> Self {
        Self {
            input: input.to_owned(),
            form,
            status: None,
            hresult: None,
            intune: None,
            symbol: None,
            meaning: String::new(),
            remedy: "",
            split: None,
        }
    }

    fn telling(self, code: &'static Code) -> Self {
        Self {
            symbol: Some(code.symbol),
            meaning: code.meaning.to_owned(),
            remedy: code.remedy,
            ..self
        }
    }
}

/// Reads a code in any of its disguises.
///
/// - `text`: `405`, `Syncml(405)`, `DCMO(1201)`, a 32-bit number as hexadecimal with `0x`, as unsigned or as signed decimal, or a
///   symbol; case and white space around it do not matter.
/// - A number is a status in the ranges 100-599 and 1000-1999, one of Intune when its high word is 0x87D1, else an HRESULT.
/// - Returns `None` for a text that is none of these; a number that no table has is decoded as far as it goes.
///
/// Source: [INTUNE] troubleshooting of company resource access; [REPPRO] response status codes.
#[must_use]
pub fn decode(text: &str) -> Option<Decoded> {
    let trimmed = text.trim();
    if let Some(inner) = wrapped(trimmed, "Syncml") {
        return inner.parse().ok().map(|status| of_status(text, Form::Syncml, status));
    }
    if let Some(inner) = wrapped(trimmed, "DCMO") {
        return inner.parse().ok().and_then(|result| of_dcmo(text, Form::Dcmo, result));
    }
    match read_number(trimmed) {
        Some((value, notation)) => Some(of_number(text, value, notation)),
        None => code_named(trimmed).map(|code| of_code(text, code)),
    }
}

/// What stands in the brackets behind a word, in any case.
fn wrapped<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    head.trim().eq_ignore_ascii_case(word).then(|| inner.trim())
}

/// A 32-bit number and how it is written; `None` for a text that is none.
fn read_number(text: &str) -> Option<(u32, Notation)> {
    let digits = |text: &str| text.starts_with(|first: char| first.is_ascii_hexdigit());
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let value = digits(hex).then(|| u32::from_str_radix(hex, 16).ok()).flatten()?;
        return Some((value, Notation::Hexadecimal));
    }
    if text.starts_with('-') {
        return text.parse::<i32>().ok().map(|value| (value.cast_unsigned(), Notation::Signed));
    }
    let value = digits(text).then(|| text.parse().ok()).flatten()?;
    Some((value, Notation::Unsigned))
}

fn of_number(input: &str, value: u32, notation: Notation) -> Decoded {
    if let Some(value) = u16::try_from(value).ok().filter(|value| is_status(*value)) {
        return of_status(input, Form::Syncml, value);
    }
    if value >> 16 != INTUNE_BASE >> 16 {
        return of_hresult(input, Form::Hresult(notation), value);
    }
    let form = Form::Intune(notation);
    match of_intune(value) {
        Some(Portal::Status(status)) => of_status(input, form, status),
        Some(Portal::Dcmo(result)) if let Some(decoded) = of_dcmo(input, form, result) => decoded,
        _ => Decoded { hresult: None, intune: Some(value), ..of_hresult(input, form, value) },
    }
}

fn of_status(input: &str, form: Form, value: u16) -> Decoded {
    let decoded =
        Decoded { status: Some(value), intune: Some(intune(value)), ..Decoded::new(input, form) };
    if let Some(code) = status(value) {
        return decoded.telling(code);
    }
    if (1000..=1999).contains(&value) {
        let symbol = Some("Application-specific");
        return Decoded { symbol, meaning: application_class(value).to_owned(), ..decoded };
    }
    let meaning = match value {
        HEALTH_FIRST..=HEALTH_LAST => HEALTH.to_owned(),
        100..=599 => format!("status {value} is in no table; {}", class(value)),
        _ => format!("status {value} is in no table, and in no range of statuses"),
    };
    Decoded { meaning, ..decoded }
}

/// Numbers that some viewers show among statuses.
///
/// Source: [VIEWER].
const HEALTH_FIRST: u16 = 600;
const HEALTH_LAST: u16 = 699;
const HEALTH: &str = "no status of OMA DM: such numbers belong to the HealthAttestation CSP";

/// What the hundreds of a status say.
///
/// Source: [REPPRO] response status codes.
const fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "its class says that the work goes on",
        2 => "its class says that the command was completed",
        3 => "its class says that the target is elsewhere",
        4 => "its class says that the sender made a mistake",
        _ => "its class says that the recipient failed",
    }
}

/// What the hundreds of a status that an application defines say.
///
/// Source: [REPPRO] response status codes; the classes beside those five: none is published.
const fn application_class(status: u16) -> &'static str {
    match status / 100 {
        11 => "a status that an application defines: informational",
        12 => "a status that an application defines: successful",
        13 => "a status that an application defines: the target is elsewhere",
        14 => "a status that an application defines: the sender made a mistake",
        15 => "a status that an application defines: the recipient failed",
        _ => "a status that an application defines",
    }
}

/// What a result of device capability management says; `None` for a number that is none.
fn of_dcmo(input: &str, form: Form, result: u16) -> Option<Decoded> {
    let shown = intune_dcmo(result)?;
    let decoded =
        Decoded { status: Some(result), intune: Some(shown), ..Decoded::new(input, form) };
    Some(match hresult(shown) {
        Some(code) => decoded.telling(code),
        None => Decoded {
            meaning: format!(
                "DCMO({result}), a result of device capability management, is in no table"
            ),
            ..decoded
        },
    })
}

fn of_hresult(input: &str, form: Form, value: u32) -> Decoded {
    let decoded = Decoded { hresult: Some(value), ..Decoded::new(input, form) };
    let Some(code) = hresult(value) else {
        if (u32::from(HEALTH_FIRST)..=u32::from(HEALTH_LAST)).contains(&value) {
            return Decoded { meaning: HEALTH.to_owned(), ..decoded };
        }
        let split = Split::of(value);
        let kind = if split.failure { "failure" } else { "success or information" };
        let Split { facility, code, .. } = split;
        let meaning =
            format!("0x{value:08X} is in no table: {kind} of facility {facility}, code {code}");
        return Decoded { split: Some(split), meaning, ..decoded };
    };
    let answered = codes::HRESULTS.iter().any(|row| std::ptr::eq(row.code, code));
    let status = answered.then(|| status_of(value));
    Decoded { status, intune: status.map(intune), ..decoded.telling(code) }
}

fn of_code(input: &str, code: &'static Code) -> Decoded {
    match (code.native, number(code)) {
        (Native::Hresult(value), _) if value >> 16 == INTUNE_BASE >> 16 => {
            Decoded { intune: Some(value), ..Decoded::new(input, Form::Symbol).telling(code) }
        }
        (Native::Hresult(value), _) => of_hresult(input, Form::Symbol, value),
        (_, Some(value)) => of_status(input, Form::Symbol, value),
        _ => Decoded::new(input, Form::Symbol).telling(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decoded {
        decode(text).unwrap()
    }

    fn numbers(text: &str) -> (&'static str, Option<u16>, Option<u32>, Option<u32>) {
        let Decoded { form, status, hresult, intune, .. } = read(text);
        (form.word(), status, hresult, intune)
    }

    #[test]
    fn every_disguise_of_a_code_is_read() {
        let intune = Some(0x87D1_0195);
        for (text, told) in [
            ("405", ("syncml", Some(405), None, intune)),
            ("Syncml(405)", ("syncml", Some(405), None, intune)),
            (" SYNCML ( 405 ) ", ("syncml", Some(405), None, intune)),
            ("0x87D10195", ("intune-hex", Some(405), None, intune)),
            ("0X87d10195", ("intune-hex", Some(405), None, intune)),
            ("2278621589", ("intune-unsigned", Some(405), None, intune)),
            ("-2016345707", ("intune-signed", Some(405), None, intune)),
            ("0x86000011", ("hresult-hex", Some(405), Some(0x8600_0011), intune)),
            ("-2046820335", ("hresult-signed", Some(405), Some(0x8600_0011), intune)),
            ("2248146961", ("hresult-unsigned", Some(405), Some(0x8600_0011), intune)),
            ("0x06000007", ("hresult-hex", Some(216), Some(0x0600_0007), Some(0x87D1_00D8))),
            ("DCMO(1201)", ("dcmo", Some(1201), None, Some(0x87D1_07D1))),
            ("0x87D107D1", ("intune-hex", Some(1201), None, Some(0x87D1_07D1))),
            ("-2016344112", ("intune-signed", Some(1200), None, Some(0x87D1_07D0))),
            ("1201", ("syncml", Some(1201), None, Some(0x87D1_04B1))),
            ("-2147024463", ("hresult-signed", Some(500), Some(0x8007_01B1), Some(0x87D1_01F4))),
            ("cfgmgr_e_nodenotfound", ("symbol", Some(404), Some(0x8600_0002), Some(0x87D1_0194))),
        ] {
            assert_eq!(numbers(text), told, "{text}");
            assert!(read(text).is_known(), "{text}");
            assert_eq!(read(text).input, text);
        }
    }

    #[test]
    fn the_sample_of_a_custom_profile_that_sets_a_key_reads_as_documented() {
        let decoded = read("-2016345707");
        assert_eq!(decoded.symbol, Some("Command not allowed"));
        assert_eq!(decoded.meaning, "the node's access type does not hold this verb");
        assert_eq!(decoded.remedy, "use the verb the node has; a custom profile cannot Exec");
        assert_eq!(decoded.split, None);
    }

    #[test]
    fn a_status_and_what_intune_made_of_it_say_the_same() {
        let (plain, portal) = (read("405"), read("2278621589"));
        assert_eq!(
            (plain.symbol, plain.meaning, plain.remedy),
            (portal.symbol, portal.meaning, portal.remedy)
        );
    }

    #[test]
    fn results_of_device_capability_management_are_named() {
        assert_eq!(read("0x87D107D1").symbol, Some("DCMO(1201)"));
        assert_eq!(read("-2016344011").symbol, Some("DCMO(1401)"));
        assert_eq!(numbers("DCMO(1250)"), ("dcmo", Some(1250), None, Some(0x87D1_0802)));
        assert!(!read("DCMO(1250)").is_known());
        assert!(decode("DCMO(1199)").is_none() && decode("DCMO(1300)").is_none());
    }

    #[test]
    fn codes_of_the_portal_and_of_local_management_stand_for_no_status() {
        assert_eq!(numbers("-2016281112"), ("intune-signed", None, None, Some(0x87D1_FDE8)));
        assert_eq!(read("0x87D1FDE9").symbol, Some("Not applicable"));
        assert_eq!(numbers("Remediation failed"), ("symbol", None, None, Some(0x87D1_FDE8)));
        let local = ("hresult-unsigned", None, Some(0x8001_0106), None);
        assert_eq!(numbers("2147549446"), local);
        assert_eq!(read("2147549446").symbol, Some("RPC_E_CHANGED_MODE"));
        assert_eq!(numbers("E_CONSENT"), ("symbol", None, None, None));
    }

    #[test]
    fn an_unknown_number_is_taken_apart() {
        let decoded = read("0x80072EE7");
        assert!(!decoded.is_known());
        assert_eq!(decoded.split, Some(Split { failure: true, facility: 7, code: 0x2EE7 }));
        assert_eq!(decoded.meaning, "0x80072EE7 is in no table: failure of facility 7, code 12007");
        assert_eq!((decoded.status, decoded.intune), (None, None));
        let portal = read("0x87D13B64");
        assert_eq!((portal.hresult, portal.intune), (None, Some(0x87D1_3B64)));
        assert_eq!(portal.split, Some(Split { failure: true, facility: 0x7D1, code: 0x3B64 }));
    }

    #[test]
    fn a_status_without_a_row_is_told_by_its_class() {
        let unknown = read("450");
        assert!(!unknown.is_known());
        assert_eq!((unknown.status, unknown.intune), (Some(450), Some(0x87D1_01C2)));
        assert!(unknown.meaning.contains("the sender made a mistake"), "{}", unknown.meaning);
        assert!(read("1500").meaning.ends_with("the recipient failed"));
        assert!(read("1900").is_known());
        assert!(!read("Syncml(9)").is_known());
        for text in ["650", "Syncml(650)"] {
            assert!(!read(text).is_known());
            assert!(read(text).meaning.contains("HealthAttestation"));
        }
    }

    #[test]
    fn a_text_that_is_no_code_is_no_code() {
        for text in [
            "",
            "0x",
            "0x123456789",
            "4294967296",
            "-2147483649",
            "+405",
            "Syncml()",
            "Syncml(-1)",
            "Syncml(405",
            "Foo(405)",
            "4 05",
            "NO_SUCH_SYMBOL",
            "-",
            "0x-1",
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
