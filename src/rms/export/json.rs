//! A License Manager as one JSON document of licctl, feature by feature; reads back as it was.

use crate::rms::catalog::server::{
    BUILD_ID, HOST_NAME, IP_ADDRESS, LOCALE, MAJOR_VERSION, MINOR_VERSION, OS_FAMILY, POINT_ID,
    VENDOR_LICENSE_MANAGER_ID,
};
use crate::rms::model::license::{FeatureKey, License, Value};
use crate::rms::model::server::{Server, ServerInfo};
use crate::rms::model::session::{Session, State};
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

/// The tokens of a feature and who has them.
#[derive(Debug, Default)]
pub struct Tokens {
    pub in_use: u64,
    clients: Vec<Json>,
}

impl Tokens {
    /// Adds a client, by the names of clientInfo; one whose session is over is left out.
    pub fn client(&mut self, session: &Session) {
        if session.state.is_over() || session.state.is_left() {
            return;
        }
        let client = &session.client;
        let mut members = Map::new();
        for (name, text) in [
            ("userName", &client.user),
            ("hostName", &client.host),
            ("hostId", &client.host_id),
            ("xDisplayName", &client.x_display),
            ("group", &session.group),
            ("vendorDefinedSharingId", &client.sharing_id),
        ] {
            if !text.is_empty() {
                members.insert(name.to_owned(), Json::from(text.as_str()));
            }
        }
        let sharers = session.clients.saturating_sub(1);
        for (name, number) in [
            ("numUnits", i64::try_from(session.units).unwrap_or(i64::MAX)),
            ("startTime", session.start),
            ("holdTime", session.hold),
            ("sharedClientCount", i64::from(sharers)),
            ("isHolding", i64::from(session.state != State::Held)),
            ("isCommuted", i64::from(session.state == State::Commuted)),
        ] {
            members.insert(name.to_owned(), Json::from(number));
        }
        if let (State::Commuted, Some(due)) = (session.state, session.due) {
            members.insert("endTime".to_owned(), Json::from(due - 1));
        }
        if session.state.waits() {
            members.insert("state".to_owned(), Json::from(State::Queued.word()));
        }
        self.clients.push(Json::Object(members));
    }
}

/// A feature with its licenses; `tokens`: `None` when nobody ever asked for any.
#[must_use]
pub fn feature(key: &FeatureKey, licenses: &[License], tokens: Option<&Tokens>) -> String {
    let mut members = Map::new();
    let mut add = |name: &str, json: Json| members.insert(name.to_owned(), json);
    add("featureName", Json::from(key.name.as_str()));
    add("featureVersion", Json::from(key.version.as_str()));
    if let Some(tokens) = tokens {
        add("inUse", Json::from(tokens.in_use));
    }
    add("licenses", licenses.iter().map(license).collect());
    if let Some(tokens) = tokens {
        add("clients", Json::from(tokens.clients.clone()));
    }
    Json::Object(members).to_string()
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
