//! The shape that govc prints: plain values without types. What is read back gets its types from the key, else from the shape.

use super::{ReadKey, WriteKey};
use crate::vsphere::catalog::properties::{self as known, Holds};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{
    AnyValue, EvaluationInfo, KeyAnyValue, KeyValue, LocalizableMessage, Width,
};
use serde_json::{Map, Value as Json, json};

/// `LicenseManagerLicenseInfo`: `used` is there whenever it is set, 0 included.
#[must_use]
pub fn license(info: &LicenseInfo, key: WriteKey<'_>) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("licenseKey", key(&info.license_key));
    put("editionKey", Json::from(info.edition_key.as_str()));
    put("name", Json::from(info.name.as_str()));
    put("total", Json::from(info.total));
    if let Some(used) = info.used {
        put("used", Json::from(used));
    }
    put("costUnit", Json::from(info.cost_unit.as_str()));
    put("properties", properties(&info.properties, key));
    put("labels", labels(&info.labels));
    Json::Object(object)
}

/// `LicenseAssignmentManagerLicenseAssignment`.
#[must_use]
pub fn assignment(assignment: &LicenseAssignment, key: WriteKey<'_>) -> Json {
    let mut object = Map::new();
    object.insert("entityId".to_owned(), Json::from(assignment.entity_id.as_str()));
    if let Some(scope) = &assignment.scope {
        object.insert("scope".to_owned(), Json::from(scope.as_str()));
    }
    if let Some(name) = &assignment.entity_display_name {
        object.insert("entityDisplayName".to_owned(), Json::from(name.as_str()));
    }
    object.insert("assignedLicense".to_owned(), license(&assignment.assigned_license, key));
    object.insert("properties".to_owned(), properties(&assignment.properties, key));
    Json::Object(object)
}

/// `LicenseManagerEvaluationInfo`.
#[must_use]
pub fn evaluation(info: &EvaluationInfo, key: WriteKey<'_>) -> Json {
    json!({"properties": properties(&info.properties, key)})
}

/// A list of `KeyAnyValue`.
#[must_use]
pub fn properties(properties: &[KeyAnyValue], key: WriteKey<'_>) -> Json {
    properties
        .iter()
        .map(|property| json!({"key": property.key, "value": value(&property.value, key)}))
        .collect()
}

/// A list of `KeyValue`.
#[must_use]
pub fn labels(labels: &[KeyValue]) -> Json {
    labels.iter().map(|label| json!({"key": label.key, "value": label.value})).collect()
}

fn value(value: &AnyValue, key: WriteKey<'_>) -> Json {
    match value {
        AnyValue::Text(text) | AnyValue::Instant(text) | AnyValue::Binary(text) => {
            Json::from(text.as_str())
        }
        AnyValue::Boolean(flag) => Json::from(*flag),
        AnyValue::Whole(_, number) => Json::from(*number),
        AnyValue::Real(number, _) => Json::from(*number),
        AnyValue::Pair(pair) => json!({"key": pair.key, "value": pair.value}),
        AnyValue::License(info) => license(info, key),
        AnyValue::Evaluation(info) => evaluation(info, key),
        AnyValue::Message(held) => {
            let mut object = Map::new();
            object.insert("key".to_owned(), Json::from(held.key.as_str()));
            if !held.arg.is_empty() {
                object.insert("arg".to_owned(), properties(&held.arg, key));
            }
            if let Some(text) = &held.message {
                object.insert("message".to_owned(), Json::from(text.as_str()));
            }
            Json::Object(object)
        }
        AnyValue::Texts(texts) => json!({"_value": texts}),
        AnyValue::Pairs(pairs) => json!({"_value": labels(pairs)}),
        AnyValue::AnyPairs(pairs) => json!({"_value": properties(pairs, key)}),
        AnyValue::Opaque(_, content) => {
            serde_json::from_str(content).unwrap_or_else(|_| Json::from(content.as_str()))
        }
    }
}

/// A member by its name in camel case, or in the Pascal case of older versions.
#[must_use]
pub fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    let object = json.as_object()?;
    object
        .get(name)
        .or_else(|| {
            object.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, held)| held)
        })
        .filter(|held| !held.is_null())
}

/// Reads a list of `KeyAnyValue`; `dropped` is told of the keys whose value is null.
///
/// `None` when it is no list of keys and values.
#[must_use]
pub fn read_list(
    json: Option<&Json>,
    key: ReadKey<'_>,
    dropped: &mut dyn FnMut(&str),
) -> Option<Vec<KeyAnyValue>> {
    let Some(json) = json else { return Some(Vec::new()) };
    let mut read = Vec::new();
    for item in json.as_array()? {
        let name = member(item, "key")?.as_str()?;
        match member(item, "value") {
            Some(held) => read.push(KeyAnyValue::new(name, read_value(name, held, key, dropped)?)),
            None => dropped(name),
        }
    }
    Some(read)
}

/// Reads a list of `KeyValue`; nothing is an empty one.
#[must_use]
pub fn read_pairs(json: Option<&Json>) -> Option<Vec<KeyValue>> {
    let Some(json) = json else { return Some(Vec::new()) };
    json.as_array()?.iter().map(read_pair).collect()
}

fn read_pair(json: &Json) -> Option<KeyValue> {
    Some(KeyValue::new(member(json, "key")?.as_str()?, member(json, "value")?.as_str()?))
}

/// Reads `LicenseManagerLicenseInfo`.
#[must_use]
pub fn read_license(
    json: &Json,
    key: ReadKey<'_>,
    dropped: &mut dyn FnMut(&str),
) -> Option<LicenseInfo> {
    let text = |name: &str| member(json, name).map_or(Some(""), Json::as_str).map(str::to_owned);
    let number = |name: &str| match member(json, name) {
        None => Some(None),
        Some(held) => held.as_i64().and_then(|held| i32::try_from(held).ok()).map(Some),
    };
    Some(LicenseInfo {
        license_key: key(member(json, "licenseKey")?)?,
        edition_key: text("editionKey")?,
        name: text("name")?,
        total: number("total")?.unwrap_or(0),
        used: number("used")?,
        cost_unit: text("costUnit")?,
        properties: read_list(member(json, "properties"), key, dropped)?,
        labels: read_pairs(member(json, "labels"))?,
    })
}

/// Reads a value: typed when it says its type, else by the key, else by its shape.
fn read_value(
    name: &str,
    json: &Json,
    key: ReadKey<'_>,
    dropped: &mut dyn FnMut(&str),
) -> Option<AnyValue> {
    if json.get("_typeName").is_some() {
        return super::typed::read_value(json, key);
    }
    let holds = known::find(name).map(|property| property.holds);
    match json {
        Json::String(text) => Some(match holds {
            Some(Holds::Instant) if crate::clock::Timestamp::parse(text).is_some() => {
                AnyValue::Instant(text.clone())
            }
            _ => AnyValue::Text(text.clone()),
        }),
        Json::Bool(flag) => Some(AnyValue::Boolean(*flag)),
        Json::Number(number) => Some(match (number.as_i64(), holds) {
            (Some(whole), Some(Holds::Long)) => AnyValue::Whole(Width::Long, whole),
            (Some(whole), _) if Width::Int.holds(whole) => AnyValue::Whole(Width::Int, whole),
            (Some(whole), _) => AnyValue::Whole(Width::Long, whole),
            (None, _) => AnyValue::Real(number.as_f64()?, false),
        }),
        Json::Object(_) => read_object(json, key, dropped),
        Json::Array(items) => read_array(items, key, dropped),
        Json::Null => None,
    }
}

fn read_object(json: &Json, key: ReadKey<'_>, dropped: &mut dyn FnMut(&str)) -> Option<AnyValue> {
    let has = |name: &str| member(json, name).is_some();
    let width = json.as_object().map_or(0, Map::len);
    if let Some(items) = json.get("_value") {
        return read_array(items.as_array()?, key, dropped);
    }
    if has("licenseKey") && has("editionKey") {
        return read_license(json, key, dropped).map(|info| AnyValue::License(Box::new(info)));
    }
    if width == 1 && has("properties") {
        let properties = read_list(member(json, "properties"), key, dropped)?;
        return Some(AnyValue::Evaluation(EvaluationInfo { properties }));
    }
    if has("key") && (has("message") || has("arg")) {
        return Some(AnyValue::Message(Box::new(LocalizableMessage {
            key: member(json, "key")?.as_str()?.to_owned(),
            arg: read_list(member(json, "arg"), key, dropped)?,
            message: member(json, "message").and_then(Json::as_str).map(str::to_owned),
        })));
    }
    match read_pair(json) {
        Some(pair) if width == 2 => Some(AnyValue::Pair(pair)),
        _ => Some(AnyValue::Opaque("anyType".to_owned(), json.to_string())),
    }
}

fn read_array(items: &[Json], key: ReadKey<'_>, dropped: &mut dyn FnMut(&str)) -> Option<AnyValue> {
    if !items.is_empty() && items.iter().all(Json::is_string) {
        let texts = items.iter().filter_map(Json::as_str).map(str::to_owned);
        return Some(AnyValue::Texts(texts.collect()));
    }
    let list = Json::from(items.to_vec());
    read_list(Some(&list), key, dropped).map(AnyValue::AnyPairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vsphere::wire::{given, open};

    fn read(json: &Json) -> LicenseInfo {
        read_license(json, &given, &mut |_| ()).unwrap()
    }

    /// Value shapes as govc printed them for typed values.
    fn sample() -> Json {
        json!({
            "licenseKey": "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1", "editionKey": "esx.enterprisePlus.cpuPackageCoreLimited",
            "name": "vSphere 8 Enterprise Plus", "total": 10, "used": 4, "costUnit": "cpuPackage:32core",
            "properties": [
                {"key": "ProductName", "value": "VMware ESX Server"},
                {"key": "feature", "value": {"key": "dvs", "value": "vSphere Distributed Switch"}},
                {"key": "expirationDate", "value": "2027-12-31T00:00:00Z"},
                {"key": "expirationHours", "value": 1439},
                {"key": "lc_error", "value": -1},
                {"key": "Localized", "value": {"_value": [{"key": "a", "value": "b"}]}},
                {"key": "localizedDiagnostic", "value": {"key": "k", "arg": [{"key": "diagnostic", "value": "u"}], "message": "m"}},
                {"key": "copy", "value": {"licenseKey": "B", "editionKey": "e", "name": "n", "total": 1, "costUnit": "server", "properties": [], "labels": []}},
                {"key": "Evaluation", "value": {"properties": []}},
                {"key": "big", "value": 2_147_483_648_i64},
            ],
            "labels": [{"key": "team", "value": "infra"}]
        })
    }

    #[test]
    fn untyped_values_get_the_type_of_their_key_or_of_their_shape() {
        let info = read(&sample());
        let types: Vec<&str> = info
            .properties
            .iter()
            .map(|property| match &property.value {
                AnyValue::Text(_) => "string",
                AnyValue::Instant(_) => "dateTime",
                AnyValue::Whole(width, _) => width.word(),
                AnyValue::Pair(_) => "KeyValue",
                AnyValue::AnyPairs(_) => "ArrayOfKeyAnyValue",
                AnyValue::Message(_) => "LocalizableMessage",
                AnyValue::License(_) => "LicenseManagerLicenseInfo",
                AnyValue::Evaluation(_) => "LicenseManagerEvaluationInfo",
                _ => "other",
            })
            .collect();
        assert_eq!(
            types,
            [
                "string",
                "KeyValue",
                "dateTime",
                "long",
                "int",
                "ArrayOfKeyAnyValue",
                "LocalizableMessage",
                "LicenseManagerLicenseInfo",
                "LicenseManagerEvaluationInfo",
                "long"
            ]
        );
    }

    #[test]
    fn what_was_read_is_written_as_it_was() {
        assert_eq!(license(&read(&sample()), &open), sample());
    }

    #[test]
    fn older_versions_wrote_pascal_case_and_nulls() {
        let old = json!({"LicenseKey": "K", "EditionKey": "e", "Name": "n", "Total": 2, "Used": 0, "CostUnit": "server", "Properties": null, "Labels": null});
        let info = read(&old);
        assert_eq!((info.total, info.used, info.labels.len()), (2, Some(0), 0));
    }

    #[test]
    fn a_property_without_a_value_is_dropped_and_told() {
        let mut dropped = Vec::new();
        let json = json!([{"key": "a", "value": null}, {"key": "b", "value": "c"}]);
        let read = read_list(Some(&json), &given, &mut |key| dropped.push(key.to_owned())).unwrap();
        assert_eq!((read.len(), dropped), (1, vec!["a".to_owned()]));
    }
}
