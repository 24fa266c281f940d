//! JSON values that read whatever tools write in their place: texts, numbers, lists and objects,
//! borrowed where that is possible.
//!
//! One tool writes a number where the next writes a string, an object or null. None of these types
//! fails on valid JSON; what cannot be read as wanted reads as empty. A type that must not be
//! lenient derives `Deserialize` instead.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// The members that hold the text of a scalar which became an object: of an element with attributes
/// in JSON made from XML, and of a value that PowerShell has decorated.
const TEXTS: [&str; 2] = ["#text", "value"];

/// The text of a scalar. Null, lists and objects without a text read as empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

/// A whole number, or the digits of one in a string; `None` for anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Number(pub Option<u64>);

/// Texts: of a list its members, of a scalar itself, of null and an object without a text none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Texts<'a> {
    #[default]
    None,
    One(Text<'a>),
    Many(Vec<Text<'a>>),
}

/// An object read into `T`; anything else reads as `T`'s default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

/// A list of `T`; anything else reads as an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'a> Texts<'a> {
    #[must_use]
    pub fn as_slice(&self) -> &[Text<'a>] {
        match self {
            Self::None => &[],
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// What one of the types above makes of each kind of value.
trait Lenient<'de>: Default {
    fn borrowed(text: &'de str) -> Self {
        Self::text(text)
    }

    fn text(_: &str) -> Self {
        Self::default()
    }

    fn number(_: u64) -> Self {
        Self::default()
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error>;
}

struct Reading<T>(PhantomData<T>);

impl<'de, T: Lenient<'de>> Visitor<'de> for Reading<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<T, E> {
        Ok(T::borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::text(text))
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok(T::number(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok(T::text(&value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok(T::text(&value.to_string()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok(T::borrowed(if value { "true" } else { "false" }))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::object(object)
    }
}

/// The member of an object that holds its text.
fn text_of<'de, T: Default + Deserialize<'de>, A: MapAccess<'de>>(
    mut object: A,
) -> Result<T, A::Error> {
    let mut found = T::default();
    while let Some(Text(name)) = object.next_key()? {
        if TEXTS.contains(&name.as_ref()) {
            found = object.next_value()?;
        } else {
            object.next_value::<IgnoredAny>()?;
        }
    }
    Ok(found)
}

impl<'de> Lenient<'de> for Text<'de> {
    fn borrowed(text: &'de str) -> Self {
        Self(Cow::Borrowed(text))
    }

    fn text(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }

    fn number(value: u64) -> Self {
        Self(Cow::Owned(value.to_string()))
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        text_of(object)
    }
}

impl<'de> Lenient<'de> for Number {
    fn text(text: &str) -> Self {
        Self(text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())))
    }

    fn number(value: u64) -> Self {
        Self(Some(value))
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        text_of(object)
    }
}

impl<'de> Lenient<'de> for Texts<'de> {
    fn borrowed(text: &'de str) -> Self {
        Self::One(Text::borrowed(text))
    }

    fn text(text: &str) -> Self {
        Self::One(Text::text(text))
    }

    fn number(value: u64) -> Self {
        Self::One(Text::number(value))
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Self::Many(texts))
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        text_of(object)
    }
}

impl<'de, T: Default + Deserialize<'de>> Lenient<'de> for Object<T> {
    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Self)
    }
}

impl<'de, T: Default + Deserialize<'de>> Lenient<'de> for List<T> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            // Of a list that has any, grown one by one it would be copied for each of its first members.
            if members.is_empty() {
                members.reserve(10);
            }
            members.push(member);
        }
        Ok(Self(members))
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData::<Text<'de>>))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData::<Texts<'de>>))
    }
}

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData))
    }
}

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Object, Text, Texts};
    use serde::Deserialize;
    use std::borrow::Cow;

    #[test]
    fn a_scalar_of_any_type_has_a_text() {
        let json =
            r##"["a","\u0041",1,-1,true,null,[1],{"a":1},{"#text":"b","c":[]},{"value":"c"}]"##;
        let texts: Vec<Text<'_>> = serde_json::from_str(json).unwrap();
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        assert_eq!(texts, ["a", "A", "1", "-1", "true", "", "", "", "b", "c"]);
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        let texts: Texts<'_> = serde_json::from_str(r#"["plain","esc\naped"]"#).unwrap();
        let borrowed: Vec<bool> =
            texts.as_slice().iter().map(|text| matches!(text.0, Cow::Borrowed(_))).collect();
        assert_eq!(borrowed, [true, false]);
    }

    #[test]
    fn a_number_may_stand_in_a_string_or_beside_attributes() {
        let json =
            r##"[7,"7",{"#attributes":{"Qualifiers":16384},"#text":7},"7x","+7",-7,null,[7]]"##;
        let numbers: Vec<Number> = serde_json::from_str(json).unwrap();
        let seven = Number(Some(7));
        let none = Number(None);
        assert_eq!(numbers, [seven, seven, seven, none, none, none, none, none]);
    }

    #[test]
    fn texts_are_none_one_or_many() {
        let read = |json| serde_json::from_str::<Texts<'_>>(json).unwrap().as_slice().len();
        let counts =
            ["null", r#""a""#, r#"["a","b"]"#, r##"{"#text":["a","b","c"]}"##, r#"{"a":1}"#]
                .map(read);
        assert_eq!(counts, [0, 1, 2, 3, 0]);
    }

    #[test]
    fn what_is_no_object_reads_as_an_empty_one() {
        #[derive(Debug, Default, Deserialize, PartialEq)]
        #[serde(default)]
        struct Point {
            x: Number,
        }
        let read = |json| serde_json::from_str::<Object<Point>>(json).unwrap().0.x.0;
        assert_eq!(
            [r#"{"x":1,"y":2}"#, "null", "[1]", "3", "{}"].map(read),
            [Some(1), None, None, None, None]
        );
    }
}
