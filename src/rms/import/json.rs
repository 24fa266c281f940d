//! License Managers as JSON: documents that `licctl rms export --as json` wrote, lists of licenses, or licenses alone.
//!
//! Members have the names of the elements; a member that is null counts as missing.

use super::records::{ClientFacts, ClientState, Counters, FeatureFacts};
use super::sentinelinfo::{Answer, finished, replaced, unknown};
use super::{Each, Options, Record, Told, values};
use crate::artefact::json::Elements as Stream;
use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::{Fit, HELD, Kind, Notes, Sample};
use crate::catalog::Kind as FieldKind;
use crate::error::{Outcome, Place};
use crate::rms::catalog::elements::{Element, FEATURE_NAME, FEATURE_VERSION, named};
use crate::rms::catalog::server::SERVER_FIELDS;
use crate::rms::export::escaped;
use crate::rms::model::license::{Elements, Extra, FeatureKey, License, Origin};
use crate::rms::model::session::State;
use serde_json::{Map, Value as Json};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.json",
    title: "licenses of Sentinel RMS as JSON, as `licctl rms export --as json` writes them",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |member: &str| sample.text.contains(member);
    let begins = sample.text.trim_start().starts_with(['{', '[']);
    // Other systems have features with names too.
    let license = ["\"licenseHash\"", "\"numLicenses\"", "\"featureVersion\""];
    let told = has("\"licctl.rms.") || (has("\"featureName\"") && license.into_iter().any(has));
    if begins && told { Fit::Yes(8) } else { Fit::No }
}

/// Members of lists of licctl that are no elements.
static OURS: [&str; 9] = [
    "schema",
    "server",
    "featureIndex",
    "licenseIndex",
    "state",
    "standing",
    "origin",
    "extras",
    "absentElements",
];

/// Reads documents, one behind the other or as an array.
pub fn read(
    input: &mut dyn BufRead,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let held = usize::try_from(HELD).unwrap_or(usize::MAX);
    let mut stream = Stream::new(input).bounded(held);
    let mut found = false;
    loop {
        let (document, line) = match stream.next() {
            Ok(None) => break,
            Ok(Some(element)) => (serde_json::from_str(element.text), element.line),
            Err(trouble) => match trouble.settle(notes)? {
                Next::Piece => continue,
                Next::Stop => return Ok(()),
            },
        };
        found = true;
        let place = Place::Line(line);
        match document {
            Ok(Json::Object(members)) => {
                Reading { options, notes: &mut *notes, place }.document(members, each)?;
            }
            Ok(_) => notes.complain(place, "a license is an object"),
            Err(error) => notes.complain(place, format!("no JSON: {error}")),
        }
    }
    if !found {
        notes.complain(Place::Whole, "the file holds no JSON");
    }
    Ok(())
}

struct Reading<'n> {
    options: Options<'n>,
    notes: &'n mut Notes,
    place: Place,
}

impl Reading<'_> {
    fn document(&mut self, mut members: Map<String, Json>, each: &mut Each<'_>) -> Outcome<()> {
        if let Some(Json::Object(server)) = members.remove("server")
            && let Some(told) = self.server(&server)
        {
            each(self.place, Record::Server(Box::new(told)))?;
        }
        if let Some(features) = members.remove("features") {
            for feature in self.objects("features", features) {
                self.feature(feature, each)?;
            }
            return Ok(());
        }
        if let Some(items) = members.remove("items") {
            for item in self.objects("items", items) {
                self.license(item, each)?;
            }
            return Ok(());
        }
        self.license(members, each)
    }

    fn objects(&mut self, name: &str, list: Json) -> Vec<Map<String, Json>> {
        let Json::Array(list) = list else {
            self.notes.complain(self.place, format!("`{name}` is no list"));
            return Vec::new();
        };
        let mut objects = Vec::with_capacity(list.len());
        for item in list {
            match item {
                Json::Object(members) => objects.push(members),
                _ => self.notes.complain(self.place, format!("`{name}` holds what is no object")),
            }
        }
        objects
    }

    fn feature(&mut self, mut members: Map<String, Json>, each: &mut Each<'_>) -> Outcome<()> {
        let (in_use, clients) = (members.remove("inUse"), members.remove("clients"));
        let licenses = members.remove("licenses");
        let counters = Counters { unreserved_in_use: self.count(in_use), ..Counters::default() };
        let name = |element: &Element| {
            members.get(element.name()).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let feature = FeatureKey { name: name(&FEATURE_NAME), version: name(&FEATURE_VERSION) };
        let alone = licenses.is_none();
        for mut license in licenses.map_or_else(Vec::new, |list| self.objects("licenses", list)) {
            for element in [&FEATURE_NAME, &FEATURE_VERSION] {
                // A feature without a version has none in its licenses either.
                let told = members.get(element.name()).filter(|value| **value != "");
                if let Some(value) = told
                    && !license.contains_key(element.name())
                {
                    license.insert(element.name().to_owned(), value.clone());
                }
            }
            self.license(license, each)?;
        }
        let (mut elements, mut extras) = (Elements::default(), Vec::new());
        if alone {
            let whole = license(members, self.place, self.options, self.notes);
            let Some(whole) = whole else { return Ok(()) };
            (elements, extras) = (whole.elements, whole.extras);
        }
        if alone || counters != Counters::default() || clients.is_some() {
            let origin = Origin::Json;
            let of = feature.clone();
            let facts = FeatureFacts { feature: of, elements, counters, extras, alone, origin };
            each(self.place, Record::Feature(Box::new(facts)))?;
        }
        for client in clients.map_or_else(Vec::new, |list| self.objects("clients", list)) {
            if let Some(client) = self.client(&client, &feature) {
                each(self.place, Record::Client(Box::new(client)))?;
            }
        }
        Ok(())
    }

    /// The tokens of a feature that are in use.
    fn count(&mut self, json: Option<Json>) -> Option<u64> {
        let json = json.filter(|json| !json.is_null())?;
        let count = json.as_u64();
        if count.is_none() {
            let message = format!("`inUse`: {} is no number", excerpt(&json.to_string()));
            self.notes.complain(self.place, message);
        }
        count
    }

    /// A client, by the names of clientInfo; what waits says so by its `state`.
    fn client(&mut self, members: &Map<String, Json>, of: &FeatureKey) -> Option<ClientFacts> {
        let mut answer = Answer::default();
        for (name, json) in members {
            let text = match json {
                Json::Null => continue,
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            if let Err(why) = answer.of_client(name, &text) {
                self.notes.complain(self.place, why);
                return None;
            }
        }
        let client = answer.client(Some(of));
        let waits = members.get("state").and_then(Json::as_str) == Some(State::Queued.word());
        Some(if waits { ClientFacts { state: ClientState::Queued, ..client } } else { client })
    }

    fn license(&mut self, members: Map<String, Json>, each: &mut Each<'_>) -> Outcome<()> {
        match license(members, self.place, self.options, self.notes) {
            Some(license) => each(self.place, Record::License(Box::new(license))),
            None => Ok(()),
        }
    }

    fn server(&mut self, members: &Map<String, Json>) -> Option<Told> {
        let mut told = Told::default();
        let name = members.get("name").and_then(Json::as_str).filter(|name| !name.is_empty());
        told.name = name.map(str::to_owned);
        for field in SERVER_FIELDS {
            let text = match (members.get(field.name), field.kind) {
                (None | Some(Json::Null), _) => continue,
                (Some(Json::Number(number)), FieldKind::U32 { .. }) => number.to_string(),
                (Some(Json::String(text)), FieldKind::Text { .. }) => text.clone(),
                (Some(other), _) => {
                    let message = format!("`{}`: {other} is no value of it", field.name);
                    self.notes.complain(self.place, message);
                    return None;
                }
            };
            if let Err(why) = super::sentinelinfo::server_element(&mut told.info, field.name, &text)
            {
                self.notes.complain(self.place, why);
                return None;
            }
        }
        Some(told)
    }
}

/// Reads the members of a license; `None` when a complaint was made.
pub fn license(
    members: Map<String, Json>,
    place: Place,
    options: Options,
    notes: &mut Notes,
) -> Option<License> {
    let mut license = License::new(Elements::default(), Origin::Json);
    let mut whole = true;
    for (name, json) in members {
        if json.is_null() {
            continue;
        }
        if name == "extras" {
            license.extras.extend(extras(json));
            continue;
        }
        let Some(element) = named(&name) else {
            if !OURS.contains(&name.as_str()) {
                notes.warn("W_UNKNOWN_ELEMENT", place, unknown(&name));
                license.extras.extend(extra(&name, &json));
            }
            continue;
        };
        let text = match (&json, element.is_text()) {
            // Dates may be written as dates.
            (Json::String(text), _) => text.clone(),
            (Json::Number(number), false) => number.to_string(),
            _ => {
                notes.complain(
                    place,
                    format!("`{name}`: {} is no value of it", excerpt(&json.to_string())),
                );
                whole = false;
                continue;
            }
        };
        match values::read(element, &text) {
            Ok((value, odd)) => {
                if let Some(odd) = odd {
                    notes.warn(odd.code(), place, odd.message(element));
                }
                if let Some(value) = value {
                    license.elements.set(element, value);
                }
            }
            Err(why) => {
                notes.complain(place, why);
                whole = false;
            }
        }
    }
    replaced(&mut license.elements);
    if whole { finished(license, place, options, notes) } else { None }
}

/// What no row knows, as it was exported.
fn extras(json: Json) -> Vec<Extra> {
    let Json::Array(list) = json else { return Vec::new() };
    list.into_iter()
        .filter_map(|item| {
            let name = item.get("name")?.as_str()?.to_owned();
            let xml = item.get("xml")?.as_str()?.to_owned();
            is_element(&xml, &name).then_some(Extra { name, xml })
        })
        .collect()
}

/// Whether a text is one whole element of that name, so that it can stand in a document.
fn is_element(xml: &str, name: &str) -> bool {
    use crate::artefact::xml::{Document, Piece};
    let mut input = xml.as_bytes();
    let mut document = Document::new(&mut input);
    let mut roots = 0;
    loop {
        match document.next() {
            Ok(None) => return roots == 1,
            Ok(Some(Piece::Open(tag))) if tag.depth == 1 => {
                roots += 1;
                if tag.name != name {
                    return false;
                }
            }
            Ok(Some(_)) => {}
            Err(_) => return false,
        }
    }
}

/// A member that no row knows, as an element; `None` when its name is none of XML.
fn extra(name: &str, json: &Json) -> Option<Extra> {
    let text = match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let xml = format!("<{name}>{}</{name}>", escaped(&text));
    let fits = |text: &str| values::is_legal(text);
    (fits(&text) && is_element(&xml, name)).then(|| Extra { name: name.to_owned(), xml })
}

#[cfg(test)]
mod tests {
    use super::{Options, read};
    use crate::artefact::Notes;
    use crate::rms::import::Record;
    use crate::rms::import::records::ClientState;
    use crate::rms::model::license::{License, Value};

    fn licenses(text: &str) -> (Vec<License>, Notes) {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
            if let Record::License(license) = record {
                found.push(*license);
            }
            Ok(())
        })
        .unwrap();
        (found, notes)
    }

    #[test]
    fn a_document_holds_features_with_their_licenses() {
        let text = r#"{"schema":"licctl.rms.snapshot/1","server":{"name":"lic01","majorVersion":9},"capturedAt":"2026-06-01T12:00:00Z",
            "features":[{"featureName":"WIDGET","featureVersion":"4.2","numLicenses":12,"inUse":3,
            "licenses":[{"licenseIndex":0,"licenseHash":"0011223344556677","numLicenses":12,"isAdditive":2}],
            "clients":[{"userName":"ann"}]}],"extras":[]}"#;
        let (found, notes) = licenses(text);
        assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{notes:?}");
        assert_eq!(found[0].feature().to_string(), "WIDGET 4.2");
        assert_eq!(found[0].hash(), Some("0011223344556677"));
        assert!(found[0].extras.is_empty());
    }

    #[test]
    fn a_feature_tells_its_tokens_and_who_has_them() {
        let text = r#"{"features":[{"featureName":"WIDGET","featureVersion":"4.2","inUse":3,"licenses":[],
            "clients":[{"userName":"ann","hostName":"WS-17","numUnits":2,"startTime":1780306200},
            {"userName":"bob","state":"queued"}]},{"featureName":"GADGET","numLicenses":4}]}"#;
        let (mut features, mut clients, mut notes) = (Vec::new(), Vec::new(), Notes::default());
        read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
            match record {
                Record::Feature(facts) => {
                    features.push((
                        facts.feature.to_string(),
                        facts.counters.in_use(),
                        facts.alone,
                    ));
                }
                Record::Client(client) => clients.push(*client),
                other => panic!("{other:?}"),
            }
            Ok(())
        })
        .unwrap();
        assert!(notes.complaints.is_empty(), "{notes:?}");
        let told = [("WIDGET 4.2".to_owned(), Some(3), false), ("GADGET".to_owned(), None, true)];
        assert_eq!(features, told);
        assert_eq!((clients[0].num_units, clients[0].start_time), (Some(2), Some(1_780_306_200)));
        assert_eq!(clients[1].state, ClientState::Queued);
        assert!(clients.iter().all(|one| one.feature.as_ref().unwrap().name == "WIDGET"));
        for wrong in [r#""inUse":"x""#, r#""clients":5"#, r#""clients":[{"numUnits":"+1"}]"#] {
            let (_, notes) =
                licenses(&format!("{{\"features\":[{{\"featureName\":\"A\",{wrong}}}]}}"));
            assert_eq!(notes.complaints.kept.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_member_that_is_null_counts_as_missing_and_an_unknown_one_is_kept() {
        let (found, notes) =
            licenses(r#"[{"featureName":"A","eid":null,"quantumSeats":3,"numLicenses":1}]"#);
        assert_eq!(found[0].elements.present().count(), 2);
        assert_eq!(found[0].extras[0].xml, "<quantumSeats>3</quantumSeats>");
        assert_eq!(notes.warnings[0].code, "W_UNKNOWN_ELEMENT");
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        for text in [
            r#"{"featureName":5}"#,
            r#"{"featureName":"A","numLicenses":"five"}"#,
            r#"{"featureName":"A","numLicenses":1.5}"#,
            r#"{"featureName":"A","numLicenses":-1}"#,
            r#"{"numLicenses":1}"#,
            r#"{"featureName":"A\u0001"}"#,
            "5",
            "",
            "{",
        ] {
            let (found, notes) = licenses(text);
            assert!(found.is_empty() && !notes.complaints.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_no_element_is_not_taken_for_one() {
        let text = r#"{"featureName":"A","extras":[{"name":"x","xml":"<x/><y/>"},{"name":"x","xml":"<x>1</x>"}]}"#;
        let (found, _) = licenses(text);
        assert_eq!(found[0].extras.len(), 1);
        assert_eq!(found[0].elements.present().count(), 1);
        let name = crate::rms::catalog::elements::named("featureName").unwrap();
        assert_eq!(found[0].elements.get(name), Some(&Value::Text("A".to_owned())));
    }
}
