//! The domain's own members of a finding, in the order in which they were told, and in little memory: an estate may have a million
//! findings.

use crate::clock::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use uuid::Uuid;

/// The members by name; a name stands once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail(Vec<(Cow<'static, str>, Held)>);

/// A value, most of which are small, in a third of what the document model takes for it. Instants and GUIDs become text when they are
/// shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Null,
    Flag(bool),
    Number(Number),
    Text(Box<str>),
    /// A text that stands in the program.
    Word(&'static str),
    Time(Timestamp),
    Guid(Uuid),
    /// A list or an object.
    More(Box<Value>),
}

impl Detail {
    /// Tells members whose names differ, all at once.
    #[must_use]
    pub fn of<const COUNT: usize>(members: [(&'static str, Held); COUNT]) -> Self {
        Self(members.into_iter().map(|(member, value)| (Cow::Borrowed(member), value)).collect())
    }

    /// Tells a member; one that was told already gets the new value and keeps its place.
    pub fn tell(&mut self, member: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        self.put(member.into(), Held::from(value.into()));
    }

    pub(super) fn put(&mut self, member: Cow<'static, str>, value: Held) {
        match self.0.iter_mut().find(|(known, _)| *known == member) {
            Some((_, known)) => *known = value,
            None => self.0.push((member, value)),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a member; `None` when it was not told.
    #[must_use]
    pub fn get(&self, member: &str) -> Option<Value> {
        self.members().find(|(known, _)| *known == member).map(|(_, value)| value.into())
    }

    /// The text of a member; `None` when it was not told or is no text.
    #[must_use]
    pub fn text(&self, member: &str) -> Option<&str> {
        self.members().find(|(known, _)| *known == member).and_then(|(_, value)| match value {
            Held::Text(text) => Some(text.as_ref()),
            Held::Word(word) => Some(*word),
            _ => None,
        })
    }

    /// Names and values, in their order.
    pub(super) fn members(&self) -> impl ExactSizeIterator<Item = (&Cow<'static, str>, &Held)> {
        self.0.iter().map(|(member, value)| (member, value))
    }

    /// The members as a JSON object.
    #[must_use]
    pub fn object(&self) -> Map<String, Value> {
        self.members().map(|(member, value)| (member.to_string(), value.into())).collect()
    }
}

impl From<Value> for Held {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            more => Self::More(Box::new(more)),
        }
    }
}

impl From<&str> for Held {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Held {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&Held> for Value {
    fn from(held: &Held) -> Self {
        match held {
            Held::Null => Self::Null,
            Held::Flag(flag) => Self::Bool(*flag),
            Held::Number(number) => Self::Number(number.clone()),
            Held::Text(text) => Self::from(text.as_ref()),
            Held::Word(word) => Self::from(*word),
            Held::Time(at) => Self::from(at.to_string()),
            Held::Guid(guid) => Self::from(guid.to_string()),
            Held::More(more) => more.as_ref().clone(),
        }
    }
}

impl Serialize for Held {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Word(word) => serializer.serialize_str(word),
            Self::Time(at) => at.serialize(serializer),
            Self::Guid(guid) => guid.serialize(serializer),
            Self::More(more) => more.serialize(serializer),
        }
    }
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (member, value) in self.members() {
            map.serialize_entry(member, value)?;
        }
        map.end()
    }
}

impl JsonSchema for Detail {
    fn schema_name() -> Cow<'static, str> {
        Map::<String, Value>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Map::<String, Value>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        Map::<String, Value>::inline_schema()
    }
}

#[cfg(test)]
mod tests {
    use super::Detail;
    use serde_json::{Value, json};

    #[test]
    fn a_member_that_is_told_again_keeps_its_place() {
        let mut detail = Detail::default();
        detail.tell("licenseKey", Value::Null);
        detail.tell("entityId", "host-11");
        detail.tell("licenseKey", "*****-00001");
        let written = serde_json::to_string(&detail).unwrap();
        assert_eq!(written, r#"{"licenseKey":"*****-00001","entityId":"host-11"}"#);
    }

    #[test]
    fn every_value_is_given_back_as_it_was_told() {
        let values = [
            Value::Null,
            json!(true),
            json!(-7),
            json!(u64::MAX),
            json!(0.5),
            json!("ü"),
            json!([1, "a"]),
            json!({"a": {"b": null}}),
        ];
        let mut detail = Detail::default();
        assert!(detail.is_empty());
        for (at, value) in values.iter().enumerate() {
            detail.tell(at.to_string(), value.clone());
        }
        for (at, value) in values.iter().enumerate() {
            assert_eq!(detail.get(&at.to_string()).as_ref(), Some(value));
            assert_eq!(detail.text(&at.to_string()), value.as_str());
        }
        assert_eq!(detail.get("none"), None);
        assert_eq!(serde_json::to_value(&detail).unwrap(), Value::Object(detail.object()));
    }
}
