//! The notation of one value: `"Name"="text"`, `dword:…`, `hex(7):…`, `-`.

use crate::kms::catalog::registry::Form;

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(u32),
    Lines(Vec<String>),
    /// Bytes of another type.
    Other,
    /// It is taken away.
    Gone,
}

impl Value {
    /// Reads what stands behind the name; `None` when it is no value.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "-" {
            return Some(Self::Gone);
        }
        if text.starts_with('"') {
            let (text, rest) = quoted(text)?;
            return rest.trim().is_empty().then_some(Self::Text(text));
        }
        let (kind, digits) = text.split_once(':')?;
        match kind.trim().to_ascii_lowercase().as_str() {
            "dword" => u32::from_str_radix(digits.trim(), 16).ok().map(Self::Number),
            "hex(1)" | "hex(2)" => {
                let text = wide(&bytes(digits)?)?;
                Some(Self::Text(text.trim_end_matches('\0').to_owned()))
            }
            "hex(4)" => {
                let bytes: [u8; 4] = bytes(digits)?.try_into().ok()?;
                Some(Self::Number(u32::from_le_bytes(bytes)))
            }
            "hex(7)" => {
                let text = wide(&bytes(digits)?)?;
                let lines = text.split('\0').map(str::trim).filter(|line| !line.is_empty());
                Some(Self::Lines(lines.map(str::to_owned).collect()))
            }
            kind if kind.starts_with("hex") => bytes(digits).map(|_| Self::Other),
            _ => None,
        }
    }

    /// The type that it has; `None` when it has none, or one that no row asks for.
    pub(super) fn form(&self) -> Option<Form> {
        match self {
            Self::Text(_) => Some(Form::Text),
            Self::Number(_) => Some(Form::Number),
            Self::Lines(_) => Some(Form::Lines),
            Self::Other | Self::Gone => None,
        }
    }

    /// As a number, also where it is written as a text.
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Gone => Some(0),
            Self::Lines(_) | Self::Other => None,
        }
    }

    /// As a text; `None` for one that is not there.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Lines(lines) => Some(lines.join(" ")),
            Self::Other | Self::Gone => None,
        }
    }

    /// As lines.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Self::Lines(lines) => lines.clone(),
            Self::Text(text) => text.lines().map(str::to_owned).collect(),
            Self::Number(_) | Self::Other | Self::Gone => Vec::new(),
        }
    }
}

/// Whether a line goes on in the next one: bytes alone do, behind a backslash.
pub(super) fn goes_on(line: &str) -> bool {
    let bytes = line.rsplit_once('=').is_some_and(|(_, value)| {
        value.trim_start().get(..3).is_some_and(|head| head.eq_ignore_ascii_case("hex"))
    });
    bytes && line.ends_with('\\')
}

/// The name of a line, and what stands behind its `=`.
pub(super) fn named(line: &str) -> Option<(String, &str)> {
    let (name, rest) = quoted(line)?;
    Some((name, rest.trim_start().strip_prefix('=')?))
}

/// A text in quotes, with `\\` and `\"` for what they stand for, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((inner, text.get(at + 2..)?)),
            '\\' => inner.push(letters.next()?.1),
            _ => inner.push(letter),
        }
    }
    None
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let parts = digits.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| u8::from_str_radix(part, 16).ok().filter(|_| part.len() <= 2)).collect()
}

/// UTF-16LE.
fn wide(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [low, high] => Some(u16::from_le_bytes([*low, *high])),
        _ => None,
    });
    let units: Vec<u16> = units.collect::<Option<_>>()?;
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::{Value, goes_on, named};

    #[test]
    fn each_notation_is_read() {
        for (text, expected) in [
            ("\"a\\\\b \\\"c\\\"\"", Some(Value::Text("a\\b \"c\"".to_owned()))),
            ("dword:00000698", Some(Value::Number(1688))),
            ("hex(4):98,06,00,00", Some(Value::Number(1688))),
            ("hex(1):61,00,00,00", Some(Value::Text("a".to_owned()))),
            (
                "hex(7):61,00,00,00,62,00,00,00,00,00",
                Some(Value::Lines(vec!["a".to_owned(), "b".to_owned()])),
            ),
            ("hex:01,02", Some(Value::Other)),
            ("hex(b):01,02", Some(Value::Other)),
            ("-", Some(Value::Gone)),
            ("dword:xyz", None),
            ("dword:100000000", None),
            ("\"open", None),
            ("\"a\" b", None),
            ("hex(7):61", None),
            ("hex:zz", None),
            ("number:1", None),
            ("", None),
        ] {
            assert_eq!(Value::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_may_hold_what_its_quotes_protect() {
        assert_eq!(named("\"a=\\\"b\\\"\"=dword:1"), Some(("a=\"b\"".to_owned(), "dword:1")));
        assert_eq!(named("@=\"x\""), None);
        assert_eq!(named("\"a\""), None);
        assert!(goes_on("\"a\"=hex(7):61,00,\\"));
        assert!(!goes_on("\"a\"=\"C:\\\\\""));
        assert!(!goes_on("\"a\"=\"b\\"));
    }
}
