//! The text of an element, read by the element's row.

use crate::artefact::trouble::excerpt;
use crate::catalog::Kind;
use crate::clock::Timestamp;
use crate::rms::catalog::elements::{DEATH_TIME, Element, Form};
use crate::rms::model::license::Value;
use crate::rms::rules::locks::selector;
use crate::rms::rules::validity::is_never;

/// What is odd about a text that was read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// A number without digits: the element counts as missing.
    EmptyNumber,
    /// A mask in hexadecimal digits.
    HexMask,
    /// A time as RFC 3339.
    IsoTime,
}

impl Odd {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::EmptyNumber => "W_EMPTY_NUMBER",
            Self::HexMask => "W_HEX_MASK",
            Self::IsoTime => "W_ISO_TIME",
        }
    }

    pub(super) fn message(self, element: &Element) -> String {
        let name = element.name();
        match self {
            Self::EmptyNumber => format!("`{name}` is empty and counts as missing"),
            Self::HexMask => format!("`{name}` is written in hexadecimal digits"),
            Self::IsoTime => format!("`{name}` is written as a date, not as seconds"),
        }
    }
}

/// Whether every character may stand in an XML document.
pub(super) fn is_legal(text: &str) -> bool {
    let control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n');
    !text.bytes().any(control) && (text.is_ascii() || !text.contains(['\u{fffe}', '\u{ffff}']))
}

/// A text without the white space of XML around it; most has none.
fn trimmed(text: &str) -> &str {
    let blank = |byte: Option<&u8>| byte.is_some_and(|byte| *byte <= b' ');
    if blank(text.as_bytes().first()) || blank(text.as_bytes().last()) {
        return text.trim_matches([' ', '\t', '\r', '\n']);
    }
    text
}

/// What a text was read as; a value of `None` counts as missing.
pub(super) type Read = (Option<Value>, Option<Odd>);

/// Reads a text. An error says what is wrong.
pub(super) fn read(element: &Element, text: &str) -> Result<Read, String> {
    value(element, text).map_err(|why| {
        let why = if is_legal(text) { why.as_str() } else { ILLEGAL };
        format!("`{}`: {why}", element.name())
    })
}

const ILLEGAL: &str = "a control character cannot stand in it";

fn value(element: &Element, text: &str) -> Result<Read, String> {
    // What is a number, a hash or a time holds no such character anyway.
    if matches!(element.form, Form::Untrimmed | Form::Text) && !is_legal(text) {
        return Err(ILLEGAL.to_owned());
    }
    let whole = |text: &str| Ok((Some(Value::Text(text.to_owned())), None));
    match element.form {
        // Most elements are numbers without blanks, and most numbers fit.
        Form::Number | Form::Limit | Form::Choice | Form::Mask | Form::Version | Form::Signed
            if let Some(number) =
                unsigned(text).filter(|number| range(element).contains(number)) =>
        {
            Ok((Some(Value::Number(number)), None))
        }
        Form::Untrimmed => whole(text),
        Form::Text => whole(trimmed(text)),
        Form::Hash => hash(trimmed(text)).map(|hash| (Some(Value::Text(hash)), None)),
        _ if trimmed(text).is_empty() => Ok((None, Some(Odd::EmptyNumber))),
        Form::Time => time(element, trimmed(text)),
        Form::Mask => mask(element, trimmed(text)),
        Form::Signed => ranged(element, signed(trimmed(text))?),
        Form::Number | Form::Limit | Form::Choice | Form::Version => {
            let text = trimmed(text);
            ranged(element, unsigned(text).ok_or_else(|| no_number(text))?)
        }
    }
}

/// The numbers that an element may hold. Unnamed numbers of an enumeration are kept.
pub(in crate::rms) fn range(element: &Element) -> std::ops::RangeInclusive<i64> {
    let most = i64::from(u32::MAX) - 1;
    match (element.form, element.field.kind) {
        (Form::Signed, _) => -1..=i64::from(i32::MAX),
        (Form::Time, _) => -1..=LAST,
        (_, Kind::U32 { min, max }) => i64::from(min)..=i64::from(max),
        _ => 0..=most,
    }
}

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

fn ranged(element: &Element, number: i64) -> Result<Read, String> {
    let range = range(element);
    if range.contains(&number) {
        return Ok((Some(Value::Number(number)), None));
    }
    let unit = element.field.unit.to_string();
    let unit = if unit.is_empty() { unit } else { format!(" {unit}") };
    Err(format!("{number} is out of range: {} to {}{unit}", range.start(), range.end()))
}

fn no_number(text: &str) -> String {
    format!("`{}` is no whole number", excerpt(text))
}

/// The number that digits are.
fn unsigned(text: &str) -> Option<i64> {
    let mut number = 0_i64;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // So many digits that no number holds them are out of every range.
        number = number.saturating_mul(10).saturating_add(i64::from(digit));
    }
    (!text.is_empty()).then_some(number)
}

fn signed(text: &str) -> Result<i64, String> {
    match text.strip_prefix('-') {
        Some(rest) => unsigned(rest).map(|number| -number),
        None => unsigned(text),
    }
    .ok_or_else(|| no_number(text))
}

fn mask(element: &Element, text: &str) -> Result<Read, String> {
    if text.starts_with("0x") || text.starts_with("0X") {
        let mask = selector(text).ok_or_else(|| no_number(text))?;
        return Ok((Some(Value::Number(i64::from(mask))), Some(Odd::HexMask)));
    }
    ranged(element, unsigned(text).ok_or_else(|| no_number(text))?)
}

fn time(element: &Element, text: &str) -> Result<Read, String> {
    let no_seconds = match signed(text) {
        // Three numbers stand for "never", and one of them is written.
        Ok(seconds) if element.at == DEATH_TIME.at && is_never(seconds) => {
            return Ok((Some(Value::Number(0)), None));
        }
        Ok(seconds) => return ranged(element, seconds),
        Err(why) => why,
    };
    let moment = Timestamp::parse(text).ok_or(no_seconds)?;
    Ok((Some(Value::Number(moment.s())), Some(Odd::IsoTime)))
}

fn hash(text: &str) -> Result<String, String> {
    let hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex || text.is_empty() {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(format!("`{}` is no hash: 16 hexadecimal digits", excerpt(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Odd, read};
    use crate::rms::catalog::elements::named;
    use crate::rms::model::license::Value;

    fn number(element: &str, text: &str) -> Result<i64, String> {
        match read(named(element).unwrap(), text)?.0 {
            Some(Value::Number(number)) => Ok(number),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_are_decimal_digits_alone() {
        assert_eq!(number("numLicenses", " 0005 "), Ok(5));
        for wrong in ["1,000", "1e3", "+5", "-5", "5.0", "0x5", "five"] {
            let why = number("numLicenses", wrong).unwrap_err();
            assert_eq!(why, format!("`numLicenses`: `{wrong}` is no whole number"));
        }
    }

    #[test]
    fn a_number_out_of_range_is_told_with_its_range() {
        assert_eq!(number("numLicenses", "4294967294"), Ok(4_294_967_294));
        assert_eq!(
            number("numLicenses", "4294967295").unwrap_err(),
            "`numLicenses`: 4294967295 is out of range: 0 to 4294967294 licenses"
        );
        assert!(number("numLicenses", "99999999999999999999").is_err());
        assert_eq!(number("licenseVersion", "4294967295"), Ok(4_294_967_295));
        assert!(number("numServers", "12").is_err());
        assert_eq!(number("gracePeriodCalendarDays", "180"), Ok(180));
        assert!(number("gracePeriodCalendarDays", "181").is_err());
        // A number without a name is kept.
        assert_eq!(number("isAdditive", "7"), Ok(7));
    }

    #[test]
    fn only_times_and_the_precedence_may_be_negative() {
        assert_eq!(number("licensePrecedence", "-1"), Ok(-1));
        assert!(number("licensePrecedence", "-2").is_err());
        assert!(number("licensePrecedence", "--1").is_err());
        for never in ["0", "-1", "4294967295"] {
            assert_eq!(number("deathTime", never), Ok(0));
        }
        assert_eq!(number("birthTime", "-1"), Ok(-1));
        assert!(number("deathTime", "-2").is_err());
    }

    #[test]
    fn a_time_may_be_written_as_a_date() {
        let element = named("activationExpiryTime").unwrap();
        let (value, odd) = read(element, "2027-01-30T10:00:00Z").unwrap();
        assert_eq!((value, odd), (Some(Value::Number(1_801_303_200)), Some(Odd::IsoTime)));
    }

    #[test]
    fn a_mask_may_be_written_in_hexadecimal_digits() {
        let element = named("lockingCrit").unwrap();
        assert_eq!(read(element, "0x2014"), Ok((Some(Value::Number(8212)), Some(Odd::HexMask))));
        assert_eq!(read(element, "8212"), Ok((Some(Value::Number(8212)), None)));
        assert!(read(element, "0xZZ").is_err());
    }

    #[test]
    fn an_empty_number_counts_as_missing_and_an_empty_text_as_empty() {
        let empty = |name: &str| read(named(name).unwrap(), " ").unwrap();
        assert_eq!(empty("numLicenses"), (None, Some(Odd::EmptyNumber)));
        assert_eq!(empty("featureVersion"), (Some(Value::Text(String::new())), None));
        assert_eq!(empty("vendorInfo"), (Some(Value::Text(" ".to_owned())), None));
    }

    #[test]
    fn a_hash_has_16_hexadecimal_digits() {
        let element = named("licenseHash").unwrap();
        let upper = Value::Text("D3C802D6979EA395".to_owned());
        assert_eq!(read(element, " d3c802d6979ea395\n").unwrap().0, Some(upper));
        assert!(read(element, "D3C802D6979EA39").is_err());
        assert!(read(element, "G3C802D6979EA395").is_err());
    }
}
