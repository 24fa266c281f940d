//! A License Manager as one JSON document of licctl, feature by feature; reads back as it was.

use crate::rms::catalog::server::{
    BUILD_ID, HOST_NAME, IP_ADDRESS, LOCALE, MAJOR_VERSION, MINOR_VERSION, OS_FAMILY, POINT_ID,
    VENDOR_LICENSE_MANAGER_ID,
};
use crate::rms::model::license::{FeatureKey, License, Value};
use crate::rms::model::server::{Server, ServerInfo};
use serde_json::{Map, Value as Json, json};

/// The schema that the document names.
pub const SCHEMA: &str = "licctl.rms.snapshot/1";

/// What stands before the features.
#[must_use]
pub fn head(server: &Server) -> String {
    let mut told = Map::new();
    told.insert("name".to_owned(), Json::from(server.name.as_str()));
    told.extend(info(&server.info));
    format!("{{\"schema\":\"{SCHEMA}\",\"server\":{},\"features\":[", Json::Object(told))
}

/// What stands behind them.
pub const FOOT: &str = "\n]}\n";

/// A feature with its licenses.
#[must_use]
pub fn feature(key: &FeatureKey, licenses: &[License]) -> String {
    json!({
        "featureName": key.name,
        "featureVersion": key.version,
        "licenses": licenses.iter().map(license).collect::<Vec<Json>>(),
    })
    .to_string()
}

/// The elements that a license has, and what no row knows.
#[must_use]
pub fn license(license: &License) -> Json {
    let mut members = Map::new();
    for (element, value) in license.elements.present() {
        let value = match value {
            Value::Number(number) => Json::from(*number),
            Value::Text(text) => Json::from(text.as_str()),
        };
        members.insert(element.name().to_owned(), value);
    }
    if !license.extras.is_empty() {
        members.insert("extras".to_owned(), extras(license));
    }
    Json::Object(members)
}

/// What no row knows of a license.
#[must_use]
pub fn extras(license: &License) -> Json {
    license.extras.iter().map(|extra| json!({"name": extra.name, "xml": extra.xml})).collect()
}

/// What is known of a License Manager, by the names of serverInfo.
#[must_use]
pub fn info(info: &ServerInfo) -> Map<String, Json> {
    let numbers = [
        (&MAJOR_VERSION, info.major_version),
        (&MINOR_VERSION, info.minor_version),
        (&POINT_ID, info.point_id),
        (&BUILD_ID, info.build_id),
    ];
    let texts = [
        (&LOCALE, &info.locale),
        (&VENDOR_LICENSE_MANAGER_ID, &info.vendor_license_manager_id),
        (&OS_FAMILY, &info.os_family),
        (&IP_ADDRESS, &info.ip_address),
        (&HOST_NAME, &info.host_name),
    ];
    let numbers = numbers
        .into_iter()
        .filter_map(|(field, number)| Some((field.name.to_owned(), Json::from(number?))));
    let texts = texts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(field, text)| (field.name.to_owned(), Json::from(text.as_str())));
    numbers.chain(texts).collect()
}
