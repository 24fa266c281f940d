//! Parts of an object that are read and written whole, as one JSON column: what a table of their own would only make slower.
//!
//! Every column of every table is parsed at each start, and a part without an identity is never looked for alone. A value that no
//! type of the model can hold does not read back.

use crate::clock::Timestamp;
use serde_json::Value as Json;

/// A value of a model that can stand in a JSON column.
pub trait Stored: Sized {
    fn json(&self) -> Json;
    /// `None` when the type cannot hold it.
    fn held(json: &Json) -> Option<Self>;
}

/// The text of a column.
#[must_use]
pub fn text(value: &impl Stored) -> String {
    value.json().to_string()
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
    fn held(json: &Json) -> Option<Self> {
        json.as_u64()
    }
}

impl Stored for bool {
    fn json(&self) -> Json {
        Json::from(*self)
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_bool()
    }
}

impl Stored for String {
    fn json(&self) -> Json {
        Json::from(self.as_str())
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
    fn held(json: &Json) -> Option<Self> {
        json.as_i64().and_then(Self::from_ms)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn json(&self) -> Json {
        self.as_ref().map_or(Json::Null, Stored::json)
    }
    fn held(json: &Json) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::held(json).map(Some) }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn json(&self) -> Json {
        self.iter().map(Stored::json).collect()
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
            fn held(json: &serde_json::Value) -> Option<Self> {
                Some(Self {
                    $($field: $crate::store::document::Stored::held(json.get(stringify!($field))?)?,)*
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
