//! Licenses: every element by its own name, missing ones as null.

use super::moment;
use crate::catalog::{Kind, Unit};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::catalog::elements::{
    DEATH_TIME, ELEMENTS, Element, FEATURE_NAME, FEATURE_VERSION, Form, IS_ADDITIVE, LIC_TYPE,
    LICENSE_STATE, LICENSE_VERSION, NUM_LICENSES,
};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::catalog::versions;
use crate::rms::export::json::extras;
use crate::rms::export::sentinelinfo::Extent;
use crate::rms::model::license::{Elements, License, Value};
use crate::rms::rules::limits::{shown, units};
use crate::rms::rules::locks::mask_words;
use crate::rms::rules::validity::{Standing, end, is_never, standing, start};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

fn sent(value: &Value) -> Json {
    match value {
        Value::Number(number) => Json::from(*number),
        Value::Text(text) => Json::from(text.as_str()),
    }
}

/// The members that the elements make.
fn properties() -> Map<String, Json> {
    let member = |element: &Element| {
        let kind = if element.is_text() { "string" } else { "integer" };
        json!({"type": [kind, "null"], "description": element.field.doc})
    };
    ELEMENTS.iter().map(|element| (element.name().to_owned(), member(element))).collect()
}

fn object(properties: Map<String, Json>) -> Schema {
    let mut object = Map::new();
    object.insert("type".to_owned(), Json::from("object"));
    object.insert("properties".to_owned(), Json::Object(properties));
    Schema::from(object)
}

/// Members of a license beside its elements.
fn beside(properties: &mut Map<String, Json>) {
    let extra = json!({"type": "object", "properties": {
        "name": {"type": "string"}, "xml": {"type": "string"},
    }});
    let mut add = |name: &str, schema: Json| properties.insert(name.to_owned(), schema);
    add(
        "extras",
        json!({"type": "array", "items": extra,
        "description": "Elements that no row knows, as they stood in the artefact."}),
    );
    add(
        "absentElements",
        json!({"type": "array", "items": {"type": "string"},
        "description": "Elements that the record does not have."}),
    );
}

fn absent(elements: &Elements) -> Vec<&'static str> {
    elements.absent().map(Element::name).collect()
}

/// A license of a list.
#[derive(Debug)]
pub struct LicenseView {
    feature_index: i64,
    license_index: usize,
    license: License,
    active: bool,
    standing: &'static str,
}

impl LicenseView {
    #[must_use]
    pub fn new(
        (feature_index, license_index): (i64, usize),
        license: License,
        active: bool,
        now: Timestamp,
    ) -> Self {
        let standing = standing(&license.elements, now).word();
        Self { feature_index, license_index, license, active, standing }
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.standing == Standing::Expired.word()
    }

    fn state(&self) -> &'static str {
        if self.active { "active" } else { "inactive" }
    }
}

impl Serialize for LicenseView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let elements = &self.license.elements;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("featureIndex", &self.feature_index)?;
        map.serialize_entry("licenseIndex", &self.license_index)?;
        for element in ELEMENTS {
            map.serialize_entry(element.name(), &elements.get(element).map(sent))?;
        }
        map.serialize_entry("state", self.state())?;
        map.serialize_entry("standing", self.standing)?;
        map.serialize_entry("origin", self.license.origin.word())?;
        map.serialize_entry("extras", &extras(&self.license))?;
        map.serialize_entry("absentElements", &absent(elements))?;
        map.end()
    }
}

impl JsonSchema for LicenseView {
    fn schema_name() -> Cow<'static, str> {
        "LicenseView".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut members = Map::new();
        let mut add = |name: &str, kind: &str, doc: &str| {
            members.insert(name.to_owned(), json!({"type": kind, "description": doc}));
        };
        add("featureIndex", "integer", "Position of the feature, from 0.");
        add("licenseIndex", "integer", "Position of the license within the feature, from 0.");
        members.extend(properties());
        let mut add = |name: &str, doc: &str| {
            members.insert(name.to_owned(), json!({"type": "string", "description": doc}));
        };
        add("state", "Whether it is part of the node at the moment: `active` or `inactive`.");
        add("standing", "`current`, `future`, `expired` or `revoked`.");
        add("origin", "What it was made from.");
        beside(&mut members);
        object(members)
    }
}

impl View for LicenseView {
    const SCHEMA: &'static str = "licctl.rms.license/1";
    const COLUMNS: &'static [Column] = &[
        column("F#", "featureIndex", Fit::Number),
        column("L#", "licenseIndex", Fit::Number),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("TYPE", "licType", Fit::Spare),
        column("COMBINE", "isAdditive", Fit::Spare),
        column("SEATS", "numLicenses", Fit::Number),
        column("STATE", "state", Fit::Phrase),
        column("STARTS", "birthTime", Fit::Spare),
        column("ENDS", "deathTime", Fit::Keep),
        column("LICVER", "licenseVersion", Fit::Spare),
        column("HASH", "licenseHash", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let elements = &self.license.elements;
        let standing = match self.standing {
            "current" => self.state().to_owned(),
            other => format!("{}, {other}", self.state()),
        };
        let tone = if self.active { Tone::Good } else { Tone::Warning };
        vec![
            self.feature_index.to_string().into(),
            self.license_index.to_string().into(),
            elements.text(&FEATURE_NAME).into(),
            elements.text(&FEATURE_VERSION).into(),
            word(&LIC_TYPE, elements.number(&LIC_TYPE)).into(),
            word(&IS_ADDITIVE, elements.number(&IS_ADDITIVE)).into(),
            units(elements, &NUM_LICENSES).to_string().into(),
            Cell::toned(standing, tone),
            date(look, start(elements), "always"),
            date(look, end(elements), "never"),
            version_word(elements.word(&LICENSE_VERSION)).into(),
            self.license.hash().unwrap_or("-").into(),
        ]
    }

    fn name(&self) -> String {
        let place = || format!("{}:{}", self.feature_index, self.license_index);
        self.license.hash().map_or_else(place, str::to_owned)
    }
}

/// Seconds as a time; faint when that end is open.
fn date(look: &Look, seconds: Option<i64>, open: &str) -> Cell {
    match moment(seconds) {
        Some(at) => look.time(at).into(),
        None => Cell::toned(open, Tone::Faint),
    }
}

/// The word of a number of an enumeration.
pub(super) fn word(element: &Element, number: i64) -> String {
    let Kind::Enumeration(values) = element.field.kind else { return number.to_string() };
    let named = values.iter().find(|value| i64::from(value.value) == number);
    named.map_or_else(|| format!("unknown({number})"), |value| value.name.to_owned())
}

/// `v19`, or what the number is when it is of no version.
pub(super) fn version_word(encoded: u32) -> String {
    match versions::version(encoded) {
        Some(row) if row.number > 0 => format!("v{}", row.number),
        Some(row) => row.sdk.to_owned(),
        None => format!("unknown (0x{encoded:08X})"),
    }
}

/// What a value says to people; empty when the value says it.
fn meaning(elements: &Elements, element: &Element, look: &Look) -> String {
    let number = elements.number(element);
    match element.form {
        Form::Choice => word(element, number),
        Form::Mask => mask_words(u32::try_from(number).unwrap_or(u32::MAX)),
        Form::Limit => match units(elements, element).finite() {
            None => "unlimited".to_owned(),
            Some(_) => String::new(),
        },
        Form::Time if is_never(number) => {
            if element.at == DEATH_TIME.at {
                "never".to_owned()
            } else {
                "none".to_owned()
            }
        }
        Form::Time => moment(Some(number)).map(|at| look.time(at)).unwrap_or_default(),
        Form::Version => {
            let encoded = elements.word(element);
            let word = version_word(encoded);
            match versions::version(encoded) {
                Some(row) if row.number > 0 => format!("{word}, RMS {}", row.sdk),
                _ => word,
            }
        }
        Form::Number if number == 0 => String::new(),
        Form::Number => match element.field.unit {
            Unit::Seconds => span(number),
            unit => unit.to_string(),
        },
        Form::Text | Form::Untrimmed | Form::Hash | Form::Signed => String::new(),
    }
}

/// Seconds in the largest units that hold them.
fn span(seconds: i64) -> String {
    let parts = [
        (seconds / 86_400, "day"),
        (seconds / 3600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    words.join(" ")
}

/// An element of a license, as a line of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ElementView {
    element: &'static str,
    value: String,
    meaning: String,
    /// Whether the record has it; else the default is shown.
    given: bool,
}

/// The elements of a license, as lines of a table.
pub fn element_lines<'l>(
    license: &'l License,
    extent: Extent,
    version: QueryVersion,
    look: &'l Look,
) -> impl Iterator<Item = ElementView> + 'l {
    let wanted = move |element: &&'static Element| extent != Extent::Sample || element.in_sample();
    ELEMENTS.into_iter().filter(wanted).map(move |element| {
        let value = match shown(&license.elements, element, version) {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text,
        };
        ElementView {
            element: element.name(),
            value,
            meaning: meaning(&license.elements, element, look),
            given: license.elements.has(element),
        }
    })
}

impl View for ElementView {
    const SCHEMA: &'static str = "licctl.rms.element/1";
    const COLUMNS: &'static [Column] = &[
        column("ELEMENT", "element", Fit::Keep),
        column("VALUE", "value", Fit::Wrap),
        column("MEANING", "meaning", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = if self.given { Tone::Plain } else { Tone::Faint };
        vec![
            Cell::toned(self.element, tone),
            Cell::toned(self.value.clone(), tone),
            Cell::toned(self.meaning.clone(), Tone::Faint),
        ]
    }

    fn name(&self) -> String {
        self.element.to_owned()
    }
}

/// The answer to a query.
#[derive(Debug)]
pub struct InfoView {
    query: &'static str,
    version: QueryVersion,
    extent: Extent,
    license: License,
}

impl InfoView {
    #[must_use]
    pub fn new(
        query: &'static str,
        version: QueryVersion,
        extent: Extent,
        license: License,
    ) -> Self {
        Self { query, version, extent, license }
    }
}

impl Serialize for InfoView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let elements = &self.license.elements;
        let wanted =
            |element: &&'static Element| self.extent != Extent::Sample || element.in_sample();
        let feature: Map<String, Json> = ELEMENTS
            .into_iter()
            .filter(wanted)
            .map(|element| {
                (element.name().to_owned(), sent(&shown(elements, element, self.version)))
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        let query = json!({"query": self.query, "version": self.version.word()});
        map.serialize_entry("query", &query)?;
        map.serialize_entry("sentinelInfo", &json!({"feature": feature}))?;
        map.serialize_entry("extras", &extras(&self.license))?;
        map.serialize_entry("absentElements", &absent(elements))?;
        map.end()
    }
}

impl JsonSchema for InfoView {
    fn schema_name() -> Cow<'static, str> {
        "InfoView".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = json!({"type": "string"});
        let query = json!({"type": "object", "properties": {"query": text, "version": text}});
        let feature = json!({"type": "object", "properties": properties()});
        let info = json!({"type": "object", "properties": {"feature": feature}});
        let mut members = Map::new();
        members.insert("query".to_owned(), query);
        members.insert("sentinelInfo".to_owned(), info);
        beside(&mut members);
        object(members)
    }
}

impl View for InfoView {
    const SCHEMA: &'static str = "licctl.rms.sentinelinfo/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "sentinelInfo.feature.featureName", Fit::Keep),
        column("VERSION", "sentinelInfo.feature.featureVersion", Fit::Keep),
        column("TYPE", "sentinelInfo.feature.licType", Fit::Spare),
        column("COMBINE", "sentinelInfo.feature.isAdditive", Fit::Keep),
        column("SEATS", "sentinelInfo.feature.numLicenses", Fit::Number),
        column("STATE", "sentinelInfo.feature.licenseState", Fit::Keep),
        column("ENDS", "sentinelInfo.feature.deathTime", Fit::Keep),
        column("HASH", "sentinelInfo.feature.licenseHash", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let elements = &self.license.elements;
        let named = |element: &Element| Cell::from(word(element, elements.number(element)));
        vec![
            elements.text(&FEATURE_NAME).into(),
            elements.text(&FEATURE_VERSION).into(),
            named(&LIC_TYPE),
            named(&IS_ADDITIVE),
            units(elements, &NUM_LICENSES).to_string().into(),
            named(&LICENSE_STATE),
            date(look, end(elements), "never"),
            self.name().into(),
        ]
    }

    fn name(&self) -> String {
        self.license.hash().unwrap_or("-").to_owned()
    }
}

/// A license that came or went.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddedView {
    feature_name: String,
    feature_version: String,
    license_hash: Option<String>,
    /// Whether the hash was made here, because the record had none.
    own_hash: bool,
}

impl From<&License> for AddedView {
    fn from(license: &License) -> Self {
        let key = license.feature();
        Self {
            feature_name: key.name,
            feature_version: key.version,
            license_hash: license.hash().map(str::to_owned),
            own_hash: license.synthetic,
        }
    }
}

impl View for AddedView {
    const SCHEMA: &'static str = "licctl.rms.license-changed/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("HASH", "licenseHash", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.name().into(),
        ]
    }

    fn name(&self) -> String {
        self.license_hash.clone().unwrap_or_else(|| "-".to_owned())
    }
}
