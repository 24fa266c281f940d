//! The members of a row: those that are wanted, and their values brought to types.

use super::Row;
use super::unwrapped::WRAPPED;
use crate::artefact::Notes;
use crate::artefact::lenient::Text;
use crate::csp::import::facts::{edition, number, shown, text, whole};
use crate::error::Place;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::sync::LazyLock;

/// Which members of objects are parsed, at any depth; the others are passed over, which is most of the work of a large export.
#[derive(Debug, Clone, Copy)]
pub(in crate::csp::import) enum Wanted {
    All,
    /// These, in any case.
    Named(&'static [&'static str]),
}

impl Wanted {
    /// Parses an object; anything else reads as one without members.
    pub(super) fn read(self, object: &str) -> Result<Map<String, Value>, serde_json::Error> {
        let mut parser = serde_json::Deserializer::from_str(object);
        let value = self.deserialize(&mut parser)?;
        parser.end()?;
        Ok(if let Value::Object(members) = value { members } else { Map::new() })
    }

    /// How many members an object may have of those that are wanted, as far as that is known.
    fn count(self) -> usize {
        match self {
            Self::All => 0,
            Self::Named(names) => names.len(),
        }
    }

    fn has(self, name: &str) -> bool {
        match self {
            Self::All => true,
            // A page of rows is told by its list, and a decorated value stands in the same member.
            Self::Named(names) => {
                name == WRAPPED || names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Wanted {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self {
            Self::All => Value::deserialize(deserializer),
            Self::Named(_) => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Wanted {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        // As many as are wanted: a map that grows hashes what it holds again.
        let mut members = Map::with_capacity(self.count());
        while let Some(Text(name)) = object.next_key()? {
            if self.has(&name) {
                members.insert(name.into_owned(), object.next_value_seed(self)?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// The members of one object while they become facts. What is wrong is complained of, and spoils the row.
pub(in crate::csp::import) struct Values<'v> {
    row: &'v Row<'v>,
    members: &'v Map<String, Value>,
    notes: &'v mut Notes,
    spoiled: bool,
}

impl<'v> Values<'v> {
    /// - `members`: of the row, or of an object within it.
    pub(in crate::csp::import) fn new(
        row: &'v Row<'v>,
        members: &'v Map<String, Value>,
        notes: &'v mut Notes,
    ) -> Self {
        Self { row, members, notes, spoiled: false }
    }

    /// Whether a value was complained of.
    pub(in crate::csp::import) fn is_spoiled(&self) -> bool {
        self.spoiled
    }

    /// The value of a member in any case, without what PowerShell decorates it with; null is none.
    pub(in crate::csp::import) fn get(&self, name: &str) -> Option<&'v Value> {
        let value = match self.members.get(name) {
            Some(value) => value,
            None => {
                let mut members = self.members.iter();
                members.find(|(found, _)| found.eq_ignore_ascii_case(name))?.1
            }
        };
        let inner = value.as_object().and_then(|members| members.get(WRAPPED));
        Some(inner.unwrap_or(value)).filter(|value| !value.is_null())
    }

    /// A text as it stands; it may be empty.
    pub(in crate::csp::import) fn text(&mut self, name: &str) -> Option<String> {
        let Some(found) = self.get(name)?.as_str() else {
            return self.refuse(name, "text");
        };
        let kept = text(name, found);
        self.accept(name, kept)
    }

    /// A text without white space around it, which is not empty.
    pub(in crate::csp::import) fn word(&mut self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A whole number, or its digits in a text; an empty text is none.
    pub(in crate::csp::import) fn whole(&mut self, name: &str) -> Option<i64> {
        let read = match self.get(name)? {
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => whole(text.trim()),
            value => value.as_i64(),
        };
        if read.is_none() {
            return self.refuse(name, "a whole number");
        }
        read
    }

    /// A signed 32-bit number.
    pub(in crate::csp::import) fn number(&mut self, name: &str) -> Option<i32> {
        let read = number(name, &self.whole(name)?.to_string());
        self.accept(name, read)
    }

    /// The number of an edition.
    pub(in crate::csp::import) fn edition(&mut self, name: &str) -> Option<u32> {
        let read = edition(name, self.whole(name)?);
        self.accept(name, read)
    }

    /// Reads the members of the object that a member holds; without one, none.
    pub(in crate::csp::import) fn within<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        let inner = match self.get(name) {
            Some(Value::Object(members)) => members,
            None => &NONE,
            Some(_) => {
                self.refuse::<()>(name, "an object");
                &NONE
            }
        };
        let outer = std::mem::replace(&mut self.members, inner);
        let read = read(self);
        self.members = outer;
        read
    }

    /// What was read, or a complaint.
    pub(in crate::csp::import) fn accept<T>(
        &mut self,
        name: &str,
        read: Result<T, String>,
    ) -> Option<T> {
        read.map_err(|message| self.complain(name, &message)).ok()
    }

    /// Complains of the member `name`.
    pub(in crate::csp::import) fn complain(&mut self, name: &str, message: &str) {
        self.spoiled = true;
        let place = self.place_of(name);
        self.notes.complain(place, format!("row {}: {message}", self.row.number));
    }

    /// Warns of the member `name`.
    pub(in crate::csp::import) fn warn(&mut self, code: &'static str, name: &str, message: &str) {
        let place = self.place_of(name);
        self.notes.warn(code, place, message);
    }

    fn place_of(&self, name: &str) -> Place {
        let spelt = self.members.keys().find(|found| found.eq_ignore_ascii_case(name));
        self.row.place_of(spelt.map_or(name, String::as_str))
    }

    fn refuse<T>(&mut self, name: &str, allowed: &str) -> Option<T> {
        let found = match self.get(name) {
            Some(Value::String(text)) => shown(text),
            Some(Value::Array(_)) => "a list".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(plain) => format!("`{plain}`"),
            None => "null".to_owned(),
        };
        self.complain(name, &format!("`{name}` is {found}; allowed is {allowed}"));
        None
    }
}
