//! The catalogue file of the user, as `import::catalogue` reads it. Keys are digests unless they are to be seen.

use crate::vsphere::import::catalogue::{CatalogueFile, VERSION};
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::value::KeyValue;
use serde_json::{Map, Value as Json, json};

/// Writes a catalogue file.
///
/// - `secrets`: whether keys that the catalogue holds are written themselves, rather than their digests.
#[must_use]
pub fn write(file: &CatalogueFile, secrets: bool) -> String {
    let document = json!({
        "catalogueVersion": VERSION,
        "editions": file.editions.iter().map(edition).collect::<Vec<_>>(),
        "keys": file.keys.iter().map(|entry| key(entry, secrets)).collect::<Vec<_>>(),
    });
    // Objects of this size always print.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn pairs(pairs: &[KeyValue]) -> Json {
    let members = pairs.iter().map(|pair| (pair.key.clone(), Json::from(pair.value.as_str())));
    Json::Object(members.collect())
}

fn edition(edition: &Edition) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("editionKey", Json::from(edition.edition_key.as_str()));
    put("name", Json::from(edition.name.as_str()));
    put("productName", Json::from(edition.product_name.as_str()));
    put("productVersion", Json::from(edition.product_version.as_str()));
    put("costUnit", Json::from(edition.cost_unit.as_str()));
    put("rank", Json::from(edition.rank));
    put("features", pairs(&edition.features));
    put("addons", pairs(&edition.addons));
    if let Some(kinds) = &edition.entity_kinds {
        put("entityKinds", kinds.iter().map(|kind| Json::from(kind.word())).collect());
    }
    if !edition.disallowed_host_editions.is_empty() {
        put("disallowedHostEditions", Json::from(edition.disallowed_host_editions.clone()));
    }
    if let Some(most) = edition.max_hosts {
        put("maxHosts", Json::from(most));
    }
    with_other(object, edition.other.as_deref())
}

fn key(entry: &KeyEntry, secrets: bool) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    match entry.key.as_ref().and_then(|key| key.full()).filter(|_| secrets) {
        Some(full) => put("licenseKey", Json::from(full)),
        None => put("sha256", Json::from(entry.sha256.as_str())),
    };
    put("editionKey", Json::from(entry.edition_key.as_str()));
    if let Some(version) = &entry.product_version {
        put("productVersion", Json::from(version.as_str()));
    }
    put("total", Json::from(entry.total));
    if let Some(expires) = entry.expires {
        put("expirationDate", Json::from(expires.to_string()));
    }
    if !entry.labels.is_empty() {
        put("labels", pairs(&entry.labels));
    }
    if let Some(name) = &entry.name {
        put("name", Json::from(name.as_str()));
    }
    if let Some(unit) = &entry.cost_unit {
        put("costUnit", Json::from(unit.as_str()));
    }
    if let Some(features) = &entry.features {
        put("features", pairs(features));
    }
    with_other(object, entry.other.as_deref())
}

/// The members that mean nothing here come last, as they were read.
fn with_other(mut object: Map<String, Json>, other: Option<&str>) -> Json {
    if let Some(Ok(Json::Object(other))) = other.map(serde_json::from_str) {
        object.extend(other);
    }
    Json::Object(object)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::vsphere::import::catalogue::read;

    const KEY: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";

    #[test]
    fn what_is_written_reads_back_and_shows_no_key_unless_asked() {
        let text = format!(
            r#"{{"catalogueVersion": 1, "editions": [{{"editionKey": "e", "name": "n", "features": {{"dvs": "D"}}, "entityKinds": ["host"], "maxHosts": 3, "comment": "ours"}}],
            "keys": [{{"licenseKey": "{KEY}", "editionKey": "e", "total": 4, "expirationDate": "2027-01-01T00:00:00Z", "labels": {{"po": "1"}}}}]}}"#
        );
        let (file, _) = read(&mut text.as_bytes()).unwrap();
        for secrets in [true, false] {
            let written = write(&file, secrets);
            assert_eq!(written.contains(KEY), secrets);
            let (again, notes) = read(&mut written.as_bytes()).unwrap();
            assert!(notes.warnings.is_empty());
            assert_eq!(again.editions, file.editions);
            assert_eq!(again.keys[0].sha256, file.keys[0].sha256);
            assert_eq!(again.keys[0].labels, file.keys[0].labels);
        }
    }
}
