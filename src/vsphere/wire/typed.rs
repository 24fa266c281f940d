//! VI/JSON: every object and every value within an Any carries its type's name.
//!
//! Source: [GOVMOMI] JSON encoder. Unset fields are left out.

use super::{ReadKey, WriteKey};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{
    AnyValue, EvaluationInfo, KeyAnyValue, KeyValue, LocalizableMessage, Width,
};
use serde_json::{Map, Value as Json, json};

fn named(name: &str) -> Map<String, Json> {
    let mut object = Map::new();
    object.insert("_typeName".to_owned(), Json::from(name));
    object
}

fn wrapped(name: &str, value: impl Into<Json>) -> Json {
    json!({"_typeName": name, "_value": value.into()})
}

/// `LicenseManagerLicenseInfo`.
#[must_use]
pub fn license(info: &LicenseInfo, key: WriteKey<'_>) -> Json {
    let mut object = named("LicenseManagerLicenseInfo");
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("licenseKey", key(&info.license_key));
    put("editionKey", Json::from(info.edition_key.as_str()));
    put("name", Json::from(info.name.as_str()));
    put("total", Json::from(info.total));
    if let Some(used) = info.used {
        put("used", Json::from(used));
    }
    put("costUnit", Json::from(info.cost_unit.as_str()));
    if !info.properties.is_empty() {
        put("properties", properties(&info.properties, key));
    }
    if !info.labels.is_empty() {
        put("labels", info.labels.iter().map(pair).collect());
    }
    Json::Object(object)
}

/// `LicenseAssignmentManagerLicenseAssignment`.
#[must_use]
pub fn assignment(assignment: &LicenseAssignment, key: WriteKey<'_>) -> Json {
    let mut object = named("LicenseAssignmentManagerLicenseAssignment");
    object.insert("entityId".to_owned(), Json::from(assignment.entity_id.as_str()));
    if let Some(scope) = &assignment.scope {
        object.insert("scope".to_owned(), Json::from(scope.as_str()));
    }
    if let Some(name) = &assignment.entity_display_name {
        object.insert("entityDisplayName".to_owned(), Json::from(name.as_str()));
    }
    object.insert("assignedLicense".to_owned(), license(&assignment.assigned_license, key));
    if !assignment.properties.is_empty() {
        object.insert("properties".to_owned(), properties(&assignment.properties, key));
    }
    Json::Object(object)
}

/// `LicenseManagerEvaluationInfo`.
#[must_use]
pub fn evaluation(info: &EvaluationInfo, key: WriteKey<'_>) -> Json {
    let mut object = named("LicenseManagerEvaluationInfo");
    object.insert("properties".to_owned(), properties(&info.properties, key));
    Json::Object(object)
}

/// A list of `KeyAnyValue`.
#[must_use]
pub fn properties(properties: &[KeyAnyValue], key: WriteKey<'_>) -> Json {
    properties.iter().map(|property| any_pair(property, key)).collect()
}

fn pair(pair: &KeyValue) -> Json {
    json!({"_typeName": "KeyValue", "key": pair.key, "value": pair.value})
}

fn any_pair(property: &KeyAnyValue, key: WriteKey<'_>) -> Json {
    json!({"_typeName": "KeyAnyValue", "key": property.key, "value": value(&property.value, key)})
}

fn message(message: &LocalizableMessage, key: WriteKey<'_>) -> Json {
    let mut object = named("LocalizableMessage");
    object.insert("key".to_owned(), Json::from(message.key.as_str()));
    if !message.arg.is_empty() {
        object.insert("arg".to_owned(), properties(&message.arg, key));
    }
    if let Some(text) = &message.message {
        object.insert("message".to_owned(), Json::from(text.as_str()));
    }
    Json::Object(object)
}

/// A value of any type.
#[must_use]
pub fn value(value: &AnyValue, key: WriteKey<'_>) -> Json {
    match value {
        AnyValue::Text(text) => wrapped("string", text.as_str()),
        AnyValue::Boolean(flag) => wrapped("boolean", *flag),
        AnyValue::Whole(width, number) => wrapped(width.word(), *number),
        AnyValue::Real(number, single) => {
            wrapped(if *single { "float" } else { "double" }, *number)
        }
        AnyValue::Instant(text) => wrapped("dateTime", text.as_str()),
        AnyValue::Binary(text) => wrapped("binary", text.as_str()),
        AnyValue::Pair(held) => pair(held),
        AnyValue::License(info) => license(info, key),
        AnyValue::Evaluation(info) => evaluation(info, key),
        AnyValue::Message(held) => message(held, key),
        AnyValue::Texts(texts) => wrapped("ArrayOfString", texts.clone()),
        AnyValue::Pairs(pairs) => {
            wrapped("ArrayOfKeyValue", pairs.iter().map(pair).collect::<Json>())
        }
        AnyValue::AnyPairs(pairs) => wrapped("ArrayOfKeyAnyValue", properties(pairs, key)),
        AnyValue::Opaque(name, content) => match serde_json::from_str(content) {
            Ok(Json::Object(members)) => {
                let mut object = named(name);
                object.extend(members);
                Json::Object(object)
            }
            _ => json!({"_typeName": name, "_xml": content}),
        },
    }
}

/// Reads `LicenseManagerLicenseInfo`; `None` when a member has another type.
#[must_use]
pub fn read_license(json: &Json, key: ReadKey<'_>) -> Option<LicenseInfo> {
    let number = |name: &str| match json.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(value) => value.as_i64().and_then(|number| i32::try_from(number).ok()).map(Some),
    };
    let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
    Some(LicenseInfo {
        license_key: key(json.get("licenseKey")?)?,
        edition_key: text("editionKey")?,
        name: text("name")?,
        total: number("total")??,
        used: number("used")?,
        cost_unit: text("costUnit")?,
        properties: read_list(json.get("properties"), key)?,
        labels: json.get("labels").map_or(Some(Vec::new()), read_pairs)?,
    })
}

/// Reads a list of `KeyAnyValue`; nothing is an empty one.
#[must_use]
pub fn read_list(json: Option<&Json>, key: ReadKey<'_>) -> Option<Vec<KeyAnyValue>> {
    match json {
        None | Some(Json::Null) => Some(Vec::new()),
        Some(list) => list.as_array()?.iter().map(|item| read_any_pair(item, key)).collect(),
    }
}

fn read_any_pair(json: &Json, key: ReadKey<'_>) -> Option<KeyAnyValue> {
    let name = json.get("key")?.as_str()?;
    Some(KeyAnyValue::new(name, read_value(json.get("value")?, key)?))
}

fn read_pair(json: &Json) -> Option<KeyValue> {
    Some(KeyValue::new(json.get("key")?.as_str()?, json.get("value")?.as_str()?))
}

/// Reads a list of `KeyValue`.
#[must_use]
pub fn read_pairs(json: &Json) -> Option<Vec<KeyValue>> {
    json.as_array()?.iter().map(read_pair).collect()
}

/// Reads a value of any type; `None` when it does not fit the type that it names.
#[must_use]
pub fn read_value(json: &Json, key: ReadKey<'_>) -> Option<AnyValue> {
    let name = json.get("_typeName")?.as_str()?;
    let held = || json.get("_value");
    let text = || Some(held()?.as_str()?.to_owned());
    if let Some(width) = Width::ALL.into_iter().find(|width| width.word() == name) {
        let number = held()?.as_i64().filter(|number| width.holds(*number))?;
        return Some(AnyValue::Whole(width, number));
    }
    Some(match name {
        "string" => AnyValue::Text(text()?),
        "boolean" => AnyValue::Boolean(held()?.as_bool()?),
        "double" | "float" => AnyValue::Real(held()?.as_f64()?, name == "float"),
        "dateTime" => AnyValue::Instant(text()?),
        "binary" => AnyValue::Binary(text()?),
        "KeyValue" => AnyValue::Pair(read_pair(json)?),
        "LicenseManagerLicenseInfo" => AnyValue::License(Box::new(read_license(json, key)?)),
        "LicenseManagerEvaluationInfo" => AnyValue::Evaluation(EvaluationInfo {
            properties: read_list(json.get("properties"), key)?,
        }),
        "LocalizableMessage" => AnyValue::Message(Box::new(LocalizableMessage {
            key: json.get("key")?.as_str()?.to_owned(),
            arg: read_list(json.get("arg"), key)?,
            message: json.get("message").and_then(Json::as_str).map(str::to_owned),
        })),
        "ArrayOfString" => {
            let texts = held()?.as_array()?.iter().map(|item| Some(item.as_str()?.to_owned()));
            AnyValue::Texts(texts.collect::<Option<_>>()?)
        }
        "ArrayOfKeyValue" => AnyValue::Pairs(read_pairs(held()?)?),
        "ArrayOfKeyAnyValue" => AnyValue::AnyPairs(read_list(held(), key)?),
        _ => {
            let content = match json.get("_xml").and_then(Json::as_str) {
                Some(xml) => xml.to_owned(),
                None => {
                    let mut members = json.as_object()?.clone();
                    members.remove("_typeName");
                    Json::Object(members).to_string()
                }
            };
            AnyValue::Opaque(name.to_owned(), content)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vsphere::model::key::Key;
    use crate::vsphere::wire::{given, open};

    fn embedded() -> LicenseInfo {
        LicenseInfo {
            license_key: Key::given("AAAAA-AAAAA-AAAAA-AAAAA-AAAA1"),
            edition_key: "esx.a".to_owned(),
            name: "A".to_owned(),
            total: 8,
            used: Some(0),
            cost_unit: "cpuPackage".to_owned(),
            properties: vec![KeyAnyValue::text("ProductName", "VMware ESX Server")],
            labels: vec![KeyValue::new("team", "infra")],
        }
    }

    #[test]
    fn a_value_of_every_type_reads_back_as_it_was_written() {
        let pairs = vec![KeyValue::new("a", "b")];
        let values = [
            AnyValue::Text("t".to_owned()),
            AnyValue::Boolean(true),
            AnyValue::Whole(Width::Byte, -128),
            AnyValue::Whole(Width::Short, 32767),
            AnyValue::Whole(Width::Int, -1),
            AnyValue::Whole(Width::Long, i64::MAX),
            AnyValue::Real(0.5, false),
            AnyValue::Real(0.25, true),
            AnyValue::Instant("2015-07-19T09:27:29.130636+02:00".to_owned()),
            AnyValue::Binary("AAEC".to_owned()),
            AnyValue::Pair(pairs[0].clone()),
            AnyValue::License(Box::new(embedded())),
            AnyValue::Evaluation(EvaluationInfo {
                properties: vec![KeyAnyValue::long("expirationHours", 1439)],
            }),
            AnyValue::Message(Box::new(LocalizableMessage {
                key: "k".to_owned(),
                arg: vec![KeyAnyValue::text("diagnostic", "u")],
                message: Some("m".to_owned()),
            })),
            AnyValue::Texts(vec!["x".to_owned()]),
            AnyValue::Pairs(pairs),
            AnyValue::AnyPairs(Vec::new()),
            AnyValue::Opaque("FooBar".to_owned(), "<a>1</a>".to_owned()),
            AnyValue::Opaque("FooBar".to_owned(), r#"{"a":[1,{"b":2}]}"#.to_owned()),
        ];
        for held in values {
            let json = value(&held, &open);
            assert_eq!(read_value(&json, &given), Some(held), "{json}");
        }
    }

    #[test]
    fn a_value_that_does_not_fit_its_type_does_not_read() {
        for wrong in [
            json!({"_typeName": "int", "_value": 2_147_483_648_i64}),
            json!({"_typeName": "byte", "_value": 128}),
            json!({"_typeName": "string", "_value": 1}),
            json!({"_typeName": "KeyValue", "key": "a"}),
            json!("bare"),
        ] {
            assert_eq!(read_value(&wrong, &given), None, "{wrong}");
        }
    }

    #[test]
    fn the_members_stand_in_the_order_of_the_wire_and_unset_ones_are_left_out() {
        let mut info = embedded();
        let json = license(&info, &open);
        let names: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            [
                "_typeName",
                "licenseKey",
                "editionKey",
                "name",
                "total",
                "used",
                "costUnit",
                "properties",
                "labels"
            ]
        );
        (info.used, info.properties, info.labels) = (None, Vec::new(), Vec::new());
        assert_eq!(license(&info, &open).as_object().unwrap().len(), 6);
    }
}
