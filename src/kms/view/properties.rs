//! The objects of both classes as the API shows them: members by the API's spelling, alphabetically, -1 as 4294967295.

use crate::catalog::{Field, Kind, Unit};
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::catalog::{code, product, service};
use crate::kms::model::PropertyValue;
use crate::kms::rules::read::Property;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::wording::many;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

/// The value of a property as the API sends it.
fn sent(value: &PropertyValue) -> Json {
    match value {
        PropertyValue::Null => Json::Null,
        PropertyValue::U32(number) => Json::from(*number),
        PropertyValue::Bool(flag) => Json::from(*flag),
        PropertyValue::Text(text) => Json::from(text.as_str()),
        PropertyValue::Time(at) => Json::from(at.to_string()),
    }
}

/// The value for people: -1 where the API means it, `-` for null.
fn shown(value: &PropertyValue) -> String {
    match value {
        PropertyValue::Null => "-".to_owned(),
        PropertyValue::U32(NOT_APPLICABLE) => "-1".to_owned(),
        PropertyValue::U32(number) => number.to_string(),
        PropertyValue::Bool(flag) => flag.to_string(),
        PropertyValue::Text(text) => text.clone(),
        PropertyValue::Time(at) => at.to_string(),
    }
}

/// What a number says to people, by the row of the property.
fn decoded(field: &Field, value: &PropertyValue) -> String {
    let PropertyValue::U32(number) = value else {
        return String::new();
    };
    match (field.kind, field.unit) {
        _ if *number == NOT_APPLICABLE => "not applicable".to_owned(),
        (Kind::Enumeration(values), _) => {
            let named = values.iter().find(|named| named.value == *number);
            named.map_or_else(String::new, |named| named.name.to_owned())
        }
        (_, Unit::Minutes) => span(*number),
        (_, Unit::Port) if *number == 0 => format!("not set: {}", service::DEFAULT_PORT),
        (_, Unit::Plain) if *number != 0 => {
            code(*number).map_or_else(String::new, |code| code.symbol.to_owned())
        }
        (_, Unit::Plain) => String::new(),
        (_, unit) => unit.to_string(),
    }
}

/// Minutes in the largest units that hold them.
fn span(minutes: u32) -> String {
    let parts = [(minutes / 1440, "day"), (minutes / 60 % 24, "hour"), (minutes % 60, "minute")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| many(count, word))
        .collect();
    if words.is_empty() { "0 minutes".to_owned() } else { words.join(" ") }
}

/// Members of an object, in order.
fn members<S: Serializer>(properties: &[Property], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(properties.len()))?;
    for (field, value) in properties {
        map.serialize_entry(field.name, &sent(value))?;
    }
    map.end()
}

/// The schema of an object with these properties; which of them it has depends on the profile.
fn schema(fields: &[&'static Field]) -> Schema {
    let mut properties = Map::new();
    for field in fields {
        let kind = match field.kind {
            Kind::U32 { .. } | Kind::Sentinel | Kind::Enumeration(_) => "integer",
            Kind::Boolean => "boolean",
            Kind::Text { .. } | Kind::Guid | Kind::Datetime | Kind::Secret(_) => "string",
        };
        let member = json!({"type": [kind, "null"], "description": field.doc});
        properties.insert(field.name.to_owned(), member);
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), Json::from("object"));
    object.insert("properties".to_owned(), Json::Object(properties));
    Schema::from(object)
}

/// One line of an object in a table.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertyView {
    property: &'static str,
    value: String,
    decoded: String,
}

impl PropertyView {
    fn of((field, value): &Property) -> Self {
        Self { property: field.name, value: shown(value), decoded: decoded(field, value) }
    }
}

impl View for PropertyView {
    const SCHEMA: &'static str = "licctl.kms.property/1";
    const COLUMNS: &'static [Column] = &[
        column("PROPERTY", "property", Fit::ElideHead),
        column("VALUE", "value", Fit::Phrase),
        column("DECODED", "decoded", Fit::Gloss),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone =
            if matches!(self.value.as_str(), "-" | "-1") { Tone::Faint } else { Tone::Plain };
        vec![
            self.property.into(),
            Cell::toned(self.value.clone(), tone),
            Cell::toned(self.decoded.clone(), Tone::Faint),
        ]
    }

    fn name(&self) -> String {
        self.property.to_owned()
    }
}

/// `SoftwareLicensingService` of a machine.
#[derive(Debug)]
pub struct ServiceView {
    machine: String,
    properties: Vec<Property>,
}

/// `SoftwareLicensingProduct` of a machine.
#[derive(Debug)]
pub struct ProductDetailView {
    properties: Vec<Property>,
}

impl ServiceView {
    #[must_use]
    pub fn new(machine: &str, properties: Vec<Property>) -> Self {
        Self { machine: machine.to_owned(), properties }
    }

    /// Its lines in a table.
    pub fn lines(&self) -> impl Iterator<Item = PropertyView> {
        self.properties.iter().map(PropertyView::of)
    }
}

impl ProductDetailView {
    /// - `secrets`: whether `OfflineInstallationId` is shown.
    #[must_use]
    pub fn new(properties: Vec<Property>, secrets: bool) -> Self {
        let masked = |(field, value): Property| match (field.kind, value) {
            (Kind::Secret(mask), PropertyValue::Text(text)) if !secrets => {
                (field, PropertyValue::Text(mask.apply(&text)))
            }
            (_, value) => (field, value),
        };
        Self { properties: properties.into_iter().map(masked).collect() }
    }

    /// Its lines in a table.
    pub fn lines(&self) -> impl Iterator<Item = PropertyView> {
        self.properties.iter().map(PropertyView::of)
    }
}

impl Serialize for ServiceView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        members(&self.properties, serializer)
    }
}

impl Serialize for ProductDetailView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        members(&self.properties, serializer)
    }
}

impl JsonSchema for ServiceView {
    fn schema_name() -> Cow<'static, str> {
        "SoftwareLicensingService".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema(&service::FIELDS)
    }
}

impl JsonSchema for ProductDetailView {
    fn schema_name() -> Cow<'static, str> {
        "SoftwareLicensingProduct".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema(&product::FIELDS)
    }
}

fn details(properties: &[Property]) -> Vec<(String, Cell)> {
    properties
        .iter()
        .map(|(field, value)| (field.name.to_owned(), Cell::from(shown(value))))
        .collect()
}

/// The property that tells an object of the class from the others.
fn text<'p>(properties: &'p [Property], name: &str) -> Option<&'p str> {
    properties.iter().find_map(|(field, value)| match value {
        PropertyValue::Text(text) if field.name == name => Some(text.as_str()),
        _ => None,
    })
}

impl View for ServiceView {
    const SCHEMA: &'static str = "licctl.kms.service/1";
    const COLUMNS: &'static [Column] = &[column("VERSION", "Version", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![text(&self.properties, "Version").unwrap_or_default().into()]
    }

    fn name(&self) -> String {
        self.machine.clone()
    }

    fn detail(&self, _: &Look) -> Vec<(String, Cell)> {
        details(&self.properties)
    }
}

impl View for ProductDetailView {
    const SCHEMA: &'static str = "licctl.kms.product.detail/1";
    const COLUMNS: &'static [Column] = &[column("ID", "ID", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.name().into()]
    }

    fn name(&self) -> String {
        text(&self.properties, "ID").unwrap_or_default().to_owned()
    }

    fn detail(&self, _: &Look) -> Vec<(String, Cell)> {
        details(&self.properties)
    }
}

#[cfg(test)]
mod tests {
    use super::{decoded, shown, span};
    use crate::kms::catalog::{product, service};
    use crate::kms::model::PropertyValue;

    #[test]
    fn a_number_is_decoded_by_what_its_row_says() {
        let cases = [
            ("VLRenewalInterval", 10_080, "7 days"),
            ("IsKeyManagementServiceMachine", u32::MAX, "not applicable"),
            ("KeyManagementServiceListeningPort", 0, "not set: 1688"),
            ("KeyManagementServiceListeningPort", 1689, "TCP port"),
            ("KeyManagementServiceCurrentCount", 26, "clients"),
        ];
        for (name, number, expected) in cases {
            let field = &service::property(name).unwrap().field;
            assert_eq!(decoded(field, &PropertyValue::U32(number)), expected, "{name}");
        }
        let reason = &product::property("LicenseStatusReason").unwrap().field;
        let symbol = decoded(reason, &PropertyValue::U32(0xC004_F009));
        assert_eq!(symbol, "SL_E_GRACE_TIME_EXPIRED");
    }

    #[test]
    fn people_read_minus_one_and_minutes_in_days() {
        assert_eq!(shown(&PropertyValue::SENTINEL), "-1");
        for (minutes, text) in
            [(0, "0 minutes"), (1, "1 minute"), (61, "1 hour 1 minute"), (43_200, "30 days")]
        {
            assert_eq!(span(minutes), text);
        }
    }
}
