//! Parts of an object that are read and written whole, as one JSON column: what a table of their own would only make slower.
//!
//! Every column of every table is parsed at each start, and a part without an identity is never looked for alone. A value that no
//! type of the model can hold does not read back.

mod plain;

pub use plain::Plain;

use crate::clock::Timestamp;
use serde_json::Value as Json;
use std::borrow::Cow;
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
    /// Reads what [`Stored::write`] wrote, without the tree of [`Stored::held`]; `None` for anything else, whether the type can hold
    /// it or not.
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        Self::held(&text.json()?)
    }
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
        parsed(text).ok_or_else(|| self.wrong(column, text))
    }
}

/// What a text of JSON holds. Most were written here; what was not, or by a release that knew fewer fields, goes through the tree.
#[must_use]
pub fn parsed<T: Stored>(text: &str) -> Option<T> {
    let mut plain = Plain::of(text);
    let read = T::read(&mut plain).filter(|_| plain.is_done());
    read.or_else(|| T::held(&serde_json::from_str(text).ok()?))
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
            fn read(text: &mut Plain<'_>) -> Option<Self> {
                text.number()
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        text.number()
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        if text.takes("true") { Some(true) } else { text.takes("false").then_some(false) }
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        text.text().map(Cow::into_owned)
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        text.number().and_then(Self::from_ms)
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        if text.takes("null") { Some(None) } else { T::read(text).map(Some) }
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
    fn read(text: &mut Plain<'_>) -> Option<Self> {
        text.list(T::read)
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
            fn read(text: &mut $crate::store::document::Plain<'_>) -> Option<Self> {
                let mut before = "{";
                let whole = Self {
                    $($field: {
                        text.needs(std::mem::replace(&mut before, ","))?;
                        text.needs(concat!("\"", stringify!($field), "\":"))?;
                        $crate::store::document::Stored::read(text)?
                    },)*
                };
                text.needs("}")?;
                Some(whole)
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
            fn read(text: &mut $crate::store::document::Plain<'_>) -> Option<Self> {
                Self::named(&text.text()?)
            }
        }
    )*};
}
pub(crate) use stored_words;

#[cfg(test)]
mod tests {
    use super::{Plain, Stored, parsed, text};
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
        let written = text(&part);
        assert_eq!(written, r#"{"name":"a","digest":"00ff","counts":[1,2],"due":null}"#);
        let mut plain = Plain::of(&written);
        assert_eq!(Part::read(&mut plain).as_ref(), Some(&part));
        assert!(plain.is_done());
        assert_eq!(Part::held(&part.json()), Some(part));
    }

    #[test]
    fn a_part_that_others_wrote_reads_back_through_the_tree() {
        let part = |due| Part { name: "\"".to_owned(), digest: [0, 1], counts: vec![], due };
        for (written, due) in [
            (r#"{"name": "\"", "digest": "0001", "counts": [], "due": 5}"#, Some(5)),
            (r#"{"due":5,"counts":[],"digest":"0001","name":"\""}"#, Some(5)),
            (r#"{"name":"\"","digest":"0001","counts":[]}"#, None),
            (r#"{"name":"\"","digest":"0001","counts":[],"due":5,"new":1}"#, Some(5)),
        ] {
            assert_eq!(parsed(written), Some(part(due)), "{written}");
        }
        assert_eq!(parsed::<Part>(r#"{"name":"\"","digest":"0001","counts":[],"due":5}}"#), None);
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
