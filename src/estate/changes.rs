//! What became another of an object, in words: for the history and for differences.

use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// `VLRenewalInterval 10080 -> 60, processors.packages 2 -> 4`: each member that is another now, down to the innermost.
pub(super) fn told(before: &Map<String, Json>, after: &Map<String, Json>) -> String {
    let mut told = Vec::new();
    members("", before, after, &mut told);
    told.join(", ")
}

fn members(
    path: &str,
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    told: &mut Vec<String>,
) {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    for name in after.keys().chain(gone) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let value = |of: &'_ Map<String, Json>| of.get(name).cloned().unwrap_or(Json::Null);
        values(&path, &value(before), &value(after), told);
    }
}

fn values(path: &str, before: &Json, after: &Json, told: &mut Vec<String>) {
    if before == after {
        return;
    }
    match (&*document(before), &*document(after)) {
        (Json::Object(before), Json::Object(after)) => members(path, before, after, told),
        (Json::Array(before), Json::Array(after)) if before.len() == after.len() => {
            for (at, (before, after)) in before.iter().zip(after).enumerate() {
                values(&format!("{path}[{at}]"), before, after, told);
            }
        }
        _ => told.push(format!("{path} {before} -> {after}")),
    }
}

/// A text that holds a document, as columns of parts do, is that document.
fn document(value: &Json) -> Cow<'_, Json> {
    let held = value.as_str().filter(|text| text.starts_with(['{', '[']));
    match held.and_then(|text| serde_json::from_str(text).ok()) {
        Some(document) => Cow::Owned(document),
        None => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::told;
    use serde_json::{Map, Value as Json, json};

    fn object(value: Json) -> Map<String, Json> {
        let Json::Object(members) = value else { panic!() };
        members
    }

    #[test]
    fn only_what_differs_is_told_down_to_the_innermost_member() {
        let before = object(json!({"name": "esx01", "cost": 2, "model": "R750",
            "detail": "{\"processors\":{\"packages\":2,\"cores\":[8,8]},\"told\":true}"}));
        let after = object(json!({"name": "esx01", "cost": null,
            "detail": "{\"processors\":{\"packages\":2,\"cores\":[8,16]},\"told\":true}"}));
        let changes = "cost 2 -> null, detail.processors.cores[1] 8 -> 16, model \"R750\" -> null";
        assert_eq!(told(&before, &after), changes);
    }

    #[test]
    fn lists_that_grew_are_told_whole() {
        let (before, after) = (object(json!({"a": ["x"]})), object(json!({"a": ["x", "y"]})));
        assert_eq!(told(&before, &after), "a [\"x\"] -> [\"x\",\"y\"]");
        assert_eq!(told(&after, &after), "");
    }
}
