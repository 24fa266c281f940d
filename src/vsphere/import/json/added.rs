//! What serializers of objects add to the JSON of the API, taken away again.

use crate::clock::Timestamp;
use serde_json::{Map, Value as Json};

/// An untyped value without what serializers of objects add: members that are null but for the value of a property, the members of
/// `DynamicData`, the wrapping of lists by Windows `PowerShell`, and its way to write instants.
pub(super) fn plainly(json: Json) -> Json {
    const ADDED: [&str; 3] = ["dynamicType", "dynamicProperty", "_vimtype"];
    match json {
        Json::Array(items) => items.into_iter().map(plainly).collect(),
        Json::Object(members) => {
            let counted = members.len() == 2
                && members.get("Count").is_some_and(Json::is_u64)
                && members.get("value").is_some_and(Json::is_array);
            let kept = members.into_iter().filter(|(name, held)| {
                !held.is_null() && !ADDED.iter().any(|added| added.eq_ignore_ascii_case(name))
            });
            let mut kept: Map<String, Json> =
                kept.map(|(name, held)| (name, plainly(held))).collect();
            match kept.get_mut("value") {
                Some(list) if counted => list.take(),
                _ => Json::Object(kept),
            }
        }
        Json::String(text) => Json::String(instant(text)),
        other => other,
    }
}

/// `/Date(1830211200000)/` as RFC 3339; any other text as it is.
fn instant(text: String) -> String {
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let ms = inner.and_then(|inner| {
        let end = inner.char_indices().skip(1).find(|(_, letter)| matches!(letter, '+' | '-'));
        inner.get(..end.map_or(inner.len(), |(at, _)| at))?.parse().ok()
    });
    match ms.and_then(Timestamp::from_ms) {
        Some(at) => at.to_string(),
        None => text,
    }
}
