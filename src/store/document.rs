//! Parts of an object that are read and written whole, as one JSON column: what a table of their own would only make slower.
//!
//! Every column of every table is parsed at each start, and a part without an identity is never looked for alone. A value that no
//! type of the model can hold does not read back.

use crate::clock::Timestamp;
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A value of a model that can stand in a JSON column.
pub trait Stored: Sized {
    fn json(&self) -> Json;
    /// Appends the text of [`Stored::json`]: most parts are written far more often than they are looked into.
    fn write(&self, out: &mut String) {
        out.push_str(&self.json().to_string());
    }
    /// `None` when the type cannot hold it.
    fn held(json: &Json) -> Option<Self>;
}

/// Bytes of most parts.
const PART: usize = 128;

/// The text of a column.
#[must_use]
pub fn text(value: &impl Stored) -> String {
    let mut text = String::with_capacity(PART);
    value.write(&mut text);
    text
}

/// Appends a text in quotation marks, as JSON has it.
pub(crate) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\')) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let (escaped, behind) = special.split_at(1);
        match escaped {
            "\"" => out.push_str("\\\""),
            "\\" => out.push_str("\\\\"),
            // Control characters are rare enough for the library.
            control => out.push_str(Json::from(control).to_string().trim_matches('"')),
        }
        rest = behind;
    }
    out.push_str(rest);
    out.push('"');
}

/// Appends what prints itself as JSON has it: numbers, and what is true or false.
fn printed(value: impl std::fmt::Display, out: &mut String) {
    // Writing into memory cannot fail.
    let _ = write!(out, "{value}");
}

impl dyn super::Row + '_ {
    /// A part that stands in a JSON column; a fault that names the column when the type cannot hold it.
    pub fn part<T: Stored>(&self, column: usize) -> crate::error::Outcome<T> {
        let text = self.text(column)?;
        let json = serde_json::from_str(text).ok();
        json.and_then(|json| T::held(&json)).ok_or_else(|| self.wrong(column, text))
    }
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Stored for $number {
            fn json(&self) -> Json {
                Json::from(*self)
            }
            fn write(&self, out: &mut String) {
                printed(self, out);
            }
            fn held(json: &Json) -> Option<Self> {
                json.as_i64().and_then(|number| Self::try_from(number).ok())
            }
        }
    )*};
}
number!(i32, i64, u32, u16, u8);

impl Stored for u64 {
    fn json(&self) -> Json {
        Json::from(*self)
    }
    fn write(&self, out: &mut String) {
        printed(self, out);
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_u64()
    }
}

impl Stored for bool {
    fn json(&self) -> Json {
        Json::from(*self)
    }
    fn write(&self, out: &mut String) {
        printed(self, out);
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_bool()
    }
}

impl Stored for String {
    fn json(&self) -> Json {
        Json::from(self.as_str())
    }
    fn write(&self, out: &mut String) {
        quoted(self, out);
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_str().map(str::to_owned)
    }
}

/// Milliseconds since 1970.
impl Stored for Timestamp {
    fn json(&self) -> Json {
        Json::from(self.ms())
    }
    fn write(&self, out: &mut String) {
        printed(self.ms(), out);
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_i64().and_then(Self::from_ms)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn json(&self) -> Json {
        self.as_ref().map_or(Json::Null, Stored::json)
    }
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
    fn held(json: &Json) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::held(json).map(Some) }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn json(&self) -> Json {
        self.iter().map(Stored::json).collect()
    }
    fn write(&self, out: &mut String) {
        out.push('[');
        for (at, value) in self.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            value.write(out);
        }
        out.push(']');
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_array()?.iter().map(T::held).collect()
    }
}

/// Bytes as hexadecimal digits.
impl<const N: usize> Stored for [u8; N] {
    fn json(&self) -> Json {
        Json::from(self.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
    fn held(json: &Json) -> Option<Self> {
        let hex = json.as_str().filter(|hex| hex.len() == 2 * N)?;
        let bytes: Option<Vec<u8>> =
            (0..N).map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect();
        bytes?.try_into().ok()
    }
}

/// Stores a type of a model member by member, under the names of its fields.
macro_rules! stored {
    ($($part:ty { $($field:ident),* $(,)? })*) => {$(
        impl $crate::store::document::Stored for $part {
            fn json(&self) -> serde_json::Value {
                let mut members = serde_json::Map::new();
                $(members.insert(
                    stringify!($field).to_owned(),
                    $crate::store::document::Stored::json(&self.$field),
                );)*
                serde_json::Value::Object(members)
            }
            fn write(&self, out: &mut String) {
                let mut before = '{';
                $(
                    out.push(std::mem::replace(&mut before, ','));
                    out.push_str(concat!("\"", stringify!($field), "\":"));
                    $crate::store::document::Stored::write(&self.$field, out);
                )*
                out.push('}');
            }
            fn held(json: &serde_json::Value) -> Option<Self> {
                // What a row does not have is null: of a part that was written before the field was known.
                Some(Self {
                    $($field: $crate::store::document::Stored::held(
                        json.get(stringify!($field)).unwrap_or(&serde_json::Value::Null),
                    )?,)*
                })
            }
        }
    )*};
}
pub(crate) use stored;

/// Stores enumerations by their words: types with `word` and `named`.
macro_rules! stored_words {
    ($($word:ty),* $(,)?) => {$(
        impl $crate::store::document::Stored for $word {
            fn json(&self) -> serde_json::Value {
                serde_json::Value::from(self.word())
            }
            fn write(&self, out: &mut String) {
                $crate::store::document::quoted(self.word(), out);
            }
            fn held(json: &serde_json::Value) -> Option<Self> {
                json.as_str().and_then(Self::named)
            }
        }
    )*};
}
pub(crate) use stored_words;

#[cfg(test)]
mod tests {
    use super::{Stored, text};
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    struct Part {
        name: String,
        digest: [u8; 2],
        counts: Vec<u32>,
        due: Option<i64>,
    }
    stored! { Part { name, digest, counts, due } }

    #[test]
    fn a_part_reads_back_as_it_was_written() {
        let part = Part { name: "a".to_owned(), digest: [0, 255], counts: vec![1, 2], due: None };
        assert_eq!(text(&part), r#"{"name":"a","digest":"00ff","counts":[1,2],"due":null}"#);
        assert_eq!(Part::held(&part.json()), Some(part));
    }

    #[test]
    fn a_part_is_written_as_its_json_prints() {
        for name in ["", "a b", "\"", "x\"\\\"y\\", "\u{1f}\n\u{7f}\u{8}", "\u{e4}\u{1f600}"] {
            let part = Part {
                name: name.to_owned(),
                digest: [1, 2],
                counts: vec![u32::MAX, 0],
                due: Some(i64::MIN),
            };
            assert_eq!(text(&part), part.json().to_string());
            assert_eq!(text(&vec![Some(true), None]), "[true,null]");
        }
    }

    #[test]
    fn what_the_type_cannot_hold_does_not_read_back() {
        let good = json!({"name": "a", "digest": "00ff", "counts": [1], "due": 5});
        assert!(Part::held(&good).is_some());
        for (member, wrong) in [
            ("name", json!(1)),
            ("digest", json!("00")),
            ("digest", json!("00fg")),
            ("digest", json!("0ä0")),
            ("counts", json!([-1])),
            ("counts", json!({})),
            ("due", json!("x")),
        ] {
            let mut bad = good.clone();
            bad[member] = wrong;
            assert_eq!(Part::held(&bad), None, "{bad}");
        }
        assert_eq!(Part::held(&json!({"name": "a"})), None);
    }
}
