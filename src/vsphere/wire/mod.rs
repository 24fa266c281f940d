//! The data objects as JSON: with the type of every value, as the VI/JSON protocol and the store have them, and without, as govc
//! prints them; and as XML of SOAP.
//!
//! A key is written and read by a function of the caller: a reader sees it masked, the store keeps its number.

pub mod labels;
pub mod plain;
pub mod typed;
pub mod xml;

use super::model::key::Key;
use serde_json::Value as Json;

/// How a key is written.
pub type WriteKey<'w> = &'w dyn Fn(&Key) -> Json;

/// How a key is read; `None` when it is none.
pub type ReadKey<'r> = &'r dyn Fn(&Json) -> Option<Key>;

/// Writes keys as a reader may see them.
#[must_use]
pub fn shown(key: &Key) -> Json {
    Json::from(key.text(false))
}

/// Writes keys in full, as far as they are known.
#[must_use]
pub fn open(key: &Key) -> Json {
    Json::from(key.text(true))
}

/// The writer for readers that see secrets, or do not.
pub fn keys(secrets: bool) -> WriteKey<'static> {
    if secrets { &open } else { &shown }
}

/// Reads a key as a client sent it.
#[must_use]
pub fn given(json: &Json) -> Option<Key> {
    json.as_str().map(Key::given)
}
