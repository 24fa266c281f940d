//! `KeyAnyValue`: properties whose values are of any type, kept as they came.

use super::license::LicenseInfo;

/// A key with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValue {
    pub key: String,
    pub value: String,
}

impl KeyValue {
    #[must_use]
    pub fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned() }
    }
}

/// A key with a value of any type; keys may repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyAnyValue {
    pub key: String,
    pub value: AnyValue,
}

impl KeyAnyValue {
    #[must_use]
    pub fn new(key: &str, value: AnyValue) -> Self {
        Self { key: key.to_owned(), value }
    }

    #[must_use]
    pub fn text(key: &str, value: &str) -> Self {
        Self::new(key, AnyValue::Text(value.to_owned()))
    }

    #[must_use]
    pub fn int(key: &str, value: i64) -> Self {
        Self::new(key, AnyValue::Whole(Width::Int, value))
    }

    #[must_use]
    pub fn long(key: &str, value: i64) -> Self {
        Self::new(key, AnyValue::Whole(Width::Long, value))
    }

    #[must_use]
    pub fn pair(key: &str, inner: &str, value: &str) -> Self {
        Self::new(key, AnyValue::Pair(KeyValue::new(inner, value)))
    }
}

/// The width of a whole number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Byte,
    Short,
    Int,
    Long,
}

impl Width {
    pub const ALL: [Self; 4] = [Self::Byte, Self::Short, Self::Int, Self::Long];

    /// The type's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Int => "int",
            Self::Long => "long",
        }
    }

    /// Whether a number of this width can hold `value`.
    #[must_use]
    pub fn holds(self, value: i64) -> bool {
        match self {
            Self::Byte => i8::try_from(value).is_ok(),
            Self::Short => i16::try_from(value).is_ok(),
            Self::Int => i32::try_from(value).is_ok(),
            Self::Long => true,
        }
    }
}

/// A value of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyValue {
    Text(String),
    Boolean(bool),
    Whole(Width, i64),
    /// `double`, or `float` when the flag is set.
    Real(f64, bool),
    /// An instant as it was written, so that fractions and offsets stay.
    Instant(String),
    /// Base64, as it was written.
    Binary(String),
    Pair(KeyValue),
    License(Box<LicenseInfo>),
    Evaluation(EvaluationInfo),
    Message(Box<LocalizableMessage>),
    Texts(Vec<String>),
    Pairs(Vec<KeyValue>),
    AnyPairs(Vec<KeyAnyValue>),
    /// A type that this build does not know, with its content as it was written.
    Opaque(String, String),
}

impl AnyValue {
    /// The text of a text or an instant.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Instant(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number, also one that was written as a text.
    #[must_use]
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Whole(_, number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// What is left of an evaluation, as properties.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluationInfo {
    pub properties: Vec<KeyAnyValue>,
}

/// A message that clients translate.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalizableMessage {
    pub key: String,
    pub arg: Vec<KeyAnyValue>,
    pub message: Option<String>,
}

/// The value of the first property of that key.
#[must_use]
pub fn find<'p>(properties: &'p [KeyAnyValue], key: &str) -> Option<&'p AnyValue> {
    properties.iter().find(|property| property.key == key).map(|property| &property.value)
}

/// The pairs that the properties of that key hold, in their order: features, add-ons, features in use.
pub fn pairs<'p>(
    properties: &'p [KeyAnyValue],
    key: &'p str,
) -> impl Iterator<Item = &'p KeyValue> {
    properties.iter().filter(move |property| property.key == key).filter_map(|property| {
        match &property.value {
            AnyValue::Pair(pair) => Some(pair),
            _ => None,
        }
    })
}

/// Hands out every text of properties that people may have written, however deep; the keys of licenses are none.
pub fn each_text<E>(
    properties: &mut [KeyAnyValue],
    found: &mut dyn FnMut(&mut String) -> Result<(), E>,
) -> Result<(), E> {
    for held in properties {
        found(&mut held.key)?;
        match &mut held.value {
            AnyValue::Text(text) | AnyValue::Opaque(_, text) => found(text)?,
            AnyValue::Pair(pair) => each_pair(std::slice::from_mut(pair), found)?,
            AnyValue::License(info) => {
                found(&mut info.name)?;
                each_pair(&mut info.labels, found)?;
                each_text(&mut info.properties, found)?;
            }
            AnyValue::Evaluation(info) => each_text(&mut info.properties, found)?,
            AnyValue::Message(message) => {
                found(&mut message.key)?;
                each_text(&mut message.arg, found)?;
                message.message.iter_mut().try_for_each(&mut *found)?;
            }
            AnyValue::Texts(texts) => texts.iter_mut().try_for_each(&mut *found)?,
            AnyValue::Pairs(pairs) => each_pair(pairs, found)?,
            AnyValue::AnyPairs(inner) => each_text(inner, found)?,
            AnyValue::Boolean(_)
            | AnyValue::Whole(..)
            | AnyValue::Real(..)
            | AnyValue::Instant(_)
            | AnyValue::Binary(_) => {}
        }
    }
    Ok(())
}

/// Hands out the keys and the values of pairs.
pub fn each_pair<E>(
    pairs: &mut [KeyValue],
    found: &mut dyn FnMut(&mut String) -> Result<(), E>,
) -> Result<(), E> {
    pairs.iter_mut().try_for_each(|pair| {
        found(&mut pair.key)?;
        found(&mut pair.value)
    })
}
