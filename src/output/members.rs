//! The leaf members of a JSON shape, as dotted paths: the header of csv, the names of `--filter`, `--sort` and `--columns`.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value as Json;

/// Every leaf member of `T`'s JSON, nested ones dotted, in the order of the type. A member that holds a list or a free object is one leaf.
#[must_use]
pub fn members<T: JsonSchema>() -> Vec<String> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    let mut leaves = Vec::new();
    walk(schema.as_value(), schema.as_value(), "", 0, &mut leaves);
    leaves
}

fn walk(root: &Json, at: &Json, path: &str, depth: usize, leaves: &mut Vec<String>) {
    let at = resolved(root, at);
    let Some(members) = at.get("properties").and_then(Json::as_object).filter(|_| depth < 8) else {
        if !path.is_empty() {
            leaves.push(path.to_owned());
        }
        return;
    };
    for (name, schema) in members {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        walk(root, schema, &path, depth + 1, leaves);
    }
}

/// Follows a reference, also one that may be null.
fn resolved<'a>(root: &'a Json, at: &'a Json) -> &'a Json {
    let choices = at.get("anyOf").and_then(Json::as_array);
    let at = choices
        .and_then(|choices| {
            choices.iter().find(|choice| choice.get("type").and_then(Json::as_str) != Some("null"))
        })
        .unwrap_or(at);
    let target = at.get("$ref").and_then(Json::as_str).and_then(|name| name.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(at)
}

/// The value at a dotted path; `None` when there is none.
pub(super) fn at<'a>(object: &'a Json, path: &str) -> Option<&'a Json> {
    // A member name of a free object may hold a dot itself.
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    path.split('.').try_fold(object, |value, name| value.get(name))
}

/// The names nearest to `wrong`, for a hint.
#[must_use]
pub fn nearest(wrong: &str, names: &[String]) -> Vec<String> {
    let wrong = wrong.to_lowercase();
    let mut scored: Vec<(usize, &String)> =
        names.iter().map(|name| (distance(&wrong, &name.to_lowercase()), name)).collect();
    scored.sort();
    scored
        .into_iter()
        .filter(|(distance, _)| *distance <= 3)
        .take(3)
        .map(|(_, name)| name.clone())
        .collect()
}

/// How far apart two names are; a name that holds the other is near.
fn distance(left: &str, right: &str) -> usize {
    if !left.is_empty() && right.contains(left) {
        return 1;
    }
    crate::spelling::distance(left, right)
}
