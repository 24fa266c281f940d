//! The catalogue file of the user, JSON or YAML: editions and keys. A wrong type refuses the whole file; unknown members are kept, and
//! told once.

use super::record::{Record, Said};
use super::{Each, Options, told};
use crate::api::Source;
use crate::artefact::{Fit, HELD, Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Complaint, Outcome, Place, Stop};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::{Key, normalised};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::rules::catalogue::digest;
use anyhow::Context;
use serde_json::{Map, Value as Json};
use std::io::BufRead;
use std::io::Read as _;

pub static KIND: Kind = Kind {
    name: "vsphere.catalogue",
    title: "Catalogue of editions and keys, JSON or YAML, as `licctl vsphere catalogue export` writes it",
    binary: false,
    sniff: |sample| {
        let text = sample.text.trim_start();
        let told = if text.starts_with('{') {
            text.contains("\"catalogueVersion\"")
        } else {
            text.lines().any(|line| line.starts_with("catalogueVersion:"))
        };
        if told { Fit::Yes(8) } else { Fit::No }
    },
};

/// Reads a catalogue file as one record.
///
/// Complains as [`read`].
pub(super) fn read_records(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let (file, said) = match read(source.text()?) {
        Ok(read) => read,
        Err(Stop::BadArtefact(complaints)) => {
            notes.complaints = complaints;
            return Ok(());
        }
        Err(stop) => return Err(stop),
    };
    notes.add(said);
    each(Place::Whole, Record::new(Said::Catalogue(Box::new(file))))
}

/// The version of the format that is read and written.
pub const VERSION: u64 = 1;

const TOP: [&str; 3] = ["catalogueVersion", "editions", "keys"];

/// What people write beside an edition or a key for each other: kept without a word.
const COMMENT: &str = "comment";

const EDITION: [&str; 11] = [
    "editionKey",
    "name",
    "productName",
    "productVersion",
    "costUnit",
    "rank",
    "features",
    "addons",
    "entityKinds",
    "disallowedHostEditions",
    "maxHosts",
];

const KEY: [&str; 10] = [
    "licenseKey",
    "sha256",
    "editionKey",
    "productVersion",
    "total",
    "expirationDate",
    "labels",
    "name",
    "costUnit",
    "features",
];

/// What a catalogue file holds.
#[derive(Debug, Default, Clone)]
pub struct CatalogueFile {
    pub editions: Vec<Edition>,
    pub keys: Vec<KeyEntry>,
}

/// Reads a catalogue file.
///
/// Complains of every member that has another type, with its path.
pub fn read(input: &mut dyn BufRead) -> Outcome<(CatalogueFile, Notes)> {
    let mut text = String::new();
    input.take(HELD).read_to_string(&mut text).context("reading the catalogue")?;
    let mut reading = Reading { notes: Notes::default() };
    let mut file = CatalogueFile::default();
    match parsed(&text) {
        Ok(Json::Object(top)) => reading.top(&top, &mut file),
        Ok(_) => reading.wrong("the file", "an object with `editions` and `keys`"),
        Err(complaint) => reading.notes.complaints.push(complaint),
    }
    if reading.notes.complaints.is_empty() {
        return Ok((file, reading.notes));
    }
    Err(reading.notes.complaints.into())
}

/// The document of a file: JSON when it begins as an object does, else YAML.
fn parsed(text: &str) -> Result<Json, Complaint> {
    let (line, form, message) = if text.trim_start().starts_with('{') {
        let error = match serde_json::from_str(text) {
            Ok(document) => return Ok(document),
            Err(error) => error,
        };
        (u64::try_from(error.line()).ok(), "JSON", error.to_string())
    } else {
        let error = match serde_saphyr::from_str_with_options(text, yaml()) {
            Ok(document) => return Ok(document),
            Err(error) => error,
        };
        (error.location().map(|place| place.line()), "YAML", error.to_string())
    };
    let place = line.map_or(Place::Whole, Place::Line);
    // The parsers quote names of members, and such may be anything.
    Err(Complaint::new(place, format!("this is no {form}: {}", told(&message)))
        .remedied("`licctl vsphere catalogue export` shows how it is written"))
}

/// YAML as catalogues are written: messages on one line, and no binary texts.
fn yaml() -> serde_saphyr::Options {
    serde_saphyr::options! { with_snippet: false, strict_booleans: true }
}

struct Reading {
    notes: Notes,
}

impl Reading {
    fn wrong(&mut self, path: &str, wanted: &str) {
        self.notes.complain(Place::Whole, format!("`{path}` is not {wanted}"));
    }

    /// The members that mean nothing here, as one JSON object.
    fn other(&mut self, object: &Map<String, Json>, known: &[&str], what: &str) -> Option<String> {
        let mut other = object.clone();
        other.retain(|name, _| !known.contains(&name.as_str()));
        for name in other.keys().filter(|name| *name != COMMENT) {
            let message =
                format!("member `{}` of {what} means nothing here; it is kept", told(name));
            self.notes.warn("UNKNOWN_MEMBER", Place::Whole, message);
        }
        (!other.is_empty()).then(|| Json::Object(other).to_string())
    }

    fn top(&mut self, top: &Map<String, Json>, file: &mut CatalogueFile) {
        for name in top.keys().filter(|name| !TOP.contains(&name.as_str())) {
            let message =
                format!("member `{}` of the file means nothing here; it is left out", told(name));
            self.notes.warn("UNKNOWN_MEMBER", Place::Whole, message);
        }
        if top.get("catalogueVersion").and_then(Json::as_u64) != Some(VERSION) {
            self.wrong("catalogueVersion", "1, the version that this licctl reads");
        }
        for (at, item) in self.items(top, "editions").into_iter().enumerate() {
            let path = format!("editions[{at}]");
            if let Some(edition) =
                self.object(item, &path).and_then(|object| self.edition(object, &path))
            {
                file.editions.push(edition);
            }
        }
        for (at, item) in self.items(top, "keys").into_iter().enumerate() {
            let path = format!("keys[{at}]");
            if let Some(entry) = self.object(item, &path).and_then(|object| self.key(object, &path))
            {
                file.keys.push(entry);
            }
        }
    }

    fn items<'j>(&mut self, top: &'j Map<String, Json>, name: &str) -> Vec<&'j Json> {
        match top.get(name) {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(items)) => items.iter().collect(),
            Some(_) => {
                self.wrong(name, "a list");
                Vec::new()
            }
        }
    }

    fn object<'j>(&mut self, item: &'j Json, path: &str) -> Option<&'j Map<String, Json>> {
        let object = item.as_object();
        if object.is_none() {
            self.wrong(path, "an object");
        }
        object
    }

    fn edition(&mut self, object: &Map<String, Json>, path: &str) -> Option<Edition> {
        let other = self.other(object, &EDITION, "an edition");
        let edition_key = self.needed(object, path, "editionKey");
        let name = self.needed(object, path, "name");
        let edition = Edition {
            product_version: self.text(object, path, "productVersion").unwrap_or_default(),
            product_name: self.text(object, path, "productName").unwrap_or_default(),
            cost_unit: self.text(object, path, "costUnit").unwrap_or_default(),
            rank: self.number(object, path, "rank").unwrap_or(0),
            features: self.pairs(object, path, "features").unwrap_or_default(),
            addons: self.pairs(object, path, "addons").unwrap_or_default(),
            entity_kinds: self.kinds(object, path),
            disallowed_host_editions: self
                .texts(object, path, "disallowedHostEditions")
                .unwrap_or_default(),
            max_hosts: self.count(object, path, "maxHosts"),
            other,
            edition_key: edition_key?,
            name: name?,
        };
        Some(edition)
    }

    fn key(&mut self, object: &Map<String, Json>, path: &str) -> Option<KeyEntry> {
        let other = self.other(object, &KEY, "a key");
        let edition_key = self.needed(object, path, "editionKey");
        let total = self.number(object, path, "total");
        if object.get("total").is_none_or(Json::is_null) {
            self.wrong(&format!("{path}.total"), "there; 0 is unlimited");
        }
        let total = total.and_then(|total| {
            let fits = i32::try_from(total).ok().filter(|total| *total >= 0);
            if fits.is_none() {
                self.wrong(&format!("{path}.total"), "a number from 0 to 2147483647");
            }
            fits
        });
        let (sha256, key) = self.identity(object, path)?;
        let expires = self.text(object, path, "expirationDate").and_then(|text| {
            let expires = Timestamp::parse(&text);
            if expires.is_none() {
                self.wrong(&format!("{path}.expirationDate"), "an RFC 3339 time");
            }
            expires
        });
        Some(KeyEntry {
            sha256,
            key,
            edition_key: edition_key?,
            product_version: self.text(object, path, "productVersion"),
            total: total?,
            expires,
            labels: self.pairs(object, path, "labels").unwrap_or_default(),
            name: self.text(object, path, "name"),
            cost_unit: self.text(object, path, "costUnit"),
            features: self.pairs(object, path, "features"),
            other,
        })
    }

    /// Digest and key: an entry has one of the two, not both.
    fn identity(
        &mut self,
        object: &Map<String, Json>,
        path: &str,
    ) -> Option<(String, Option<Key>)> {
        let key = self.text(object, path, "licenseKey");
        let digest_given = self.text(object, path, "sha256");
        match (key, digest_given) {
            (Some(key), None) => match normalised(&key) {
                Some(key) => Some((digest(&key), Some(Key::given(&key)))),
                None => {
                    self.wrong(
                        &format!("{path}.licenseKey"),
                        "a key of five groups of five of `0-9A-Z`",
                    );
                    None
                }
            },
            (None, Some(digest)) => {
                let digest = digest.trim_start_matches("sha256:").to_lowercase();
                let fits =
                    digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
                if !fits {
                    self.wrong(&format!("{path}.sha256"), "64 hexadecimal digits");
                }
                fits.then_some((digest, None))
            }
            (Some(_), Some(_)) => {
                self.wrong(path, "an entry with `licenseKey` or `sha256`: it has both");
                None
            }
            (None, None) => {
                self.wrong(path, "an entry with `licenseKey` or `sha256`: it has neither");
                None
            }
        }
    }

    fn member<'j>(object: &'j Map<String, Json>, name: &str) -> Option<&'j Json> {
        object.get(name).filter(|value| !value.is_null())
    }

    fn text(&mut self, object: &Map<String, Json>, path: &str, name: &str) -> Option<String> {
        let value = Self::member(object, name)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(&format!("{path}.{name}"), "a text; put it in quotes");
        }
        text
    }

    fn needed(&mut self, object: &Map<String, Json>, path: &str, name: &str) -> Option<String> {
        if Self::member(object, name).is_none() {
            self.wrong(&format!("{path}.{name}"), "there");
            return None;
        }
        self.text(object, path, name)
    }

    fn number(&mut self, object: &Map<String, Json>, path: &str, name: &str) -> Option<i64> {
        let value = Self::member(object, name)?;
        let number = value.as_i64();
        if number.is_none() {
            self.wrong(&format!("{path}.{name}"), "a whole number");
        }
        number
    }

    fn count(&mut self, object: &Map<String, Json>, path: &str, name: &str) -> Option<u32> {
        let number = self.number(object, path, name)?;
        let count = u32::try_from(number).ok();
        if count.is_none() {
            self.wrong(&format!("{path}.{name}"), "a number from 0 to 4294967295");
        }
        count
    }

    fn texts(&mut self, object: &Map<String, Json>, path: &str, name: &str) -> Option<Vec<String>> {
        let value = Self::member(object, name)?;
        let texts = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.wrong(&format!("{path}.{name}"), "a list of texts");
        }
        texts
    }

    fn pairs(
        &mut self,
        object: &Map<String, Json>,
        path: &str,
        name: &str,
    ) -> Option<Vec<KeyValue>> {
        let value = Self::member(object, name)?;
        let pairs = value.as_object().and_then(|members| {
            members
                .iter()
                .map(|(key, value)| Some(KeyValue::new(key, value.as_str()?)))
                .collect::<Option<Vec<_>>>()
        });
        if pairs.is_none() {
            self.wrong(&format!("{path}.{name}"), "an object of texts");
        }
        pairs
    }

    fn kinds(&mut self, object: &Map<String, Json>, path: &str) -> Option<Vec<EntityKind>> {
        let texts = self.texts(object, path, "entityKinds")?;
        let kinds: Option<Vec<EntityKind>> =
            texts.iter().map(|word| EntityKind::named(word)).collect();
        if kinds.is_none() {
            let words: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.word()).collect();
            self.wrong(&format!("{path}.entityKinds"), &format!("a list of {}", words.join(", ")));
        }
        kinds
    }
}

#[cfg(test)]
mod tests;
