//! What a file declares, held against the rows of the domains: every unknown name, wrong type and missing key with its line.

use super::read::{Member, Node, Spot};
use crate::api::Api;
use crate::desired::{Form, Kind, Members, Property, Role, Takes, Whole};
use crate::error::{Complaint, Complaints, Place};
use crate::output::nearest;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// The member that says whether an object is to be there.
pub(super) const STATE: &str = "state";
/// The words of [`STATE`].
const STATES: [&str; 2] = ["present", "absent"];
/// The members of a reference to a secret.
const REFERENCES: [&str; 2] = ["file", "env"];

/// Where a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference<'r> {
    File(&'r str),
    Document(&'r str),
    Environment(&'r str),
}

/// Fetches a secret, or says why it cannot.
pub(super) type Fetch<'f> = dyn FnMut(Reference<'_>) -> Result<String, String> + 'f;

/// A declared object.
pub(super) struct Entry {
    pub(super) domain: &'static str,
    pub(super) kind: &'static Kind,
    /// The tools that its domain writes for.
    pub(super) forms: &'static [&'static Form],
    pub(super) whole: Option<Whole>,
    pub(super) is_instance: bool,
    /// `kms.machine`.
    pub(super) path: String,
    pub(super) line: u64,
    pub(super) is_absent: bool,
    /// The keys of the objects that it stands within, outermost first.
    pub(super) owners: Vec<String>,
    pub(super) instance: String,
    /// Its keys as people may see them.
    pub(super) label: String,
    pub(super) given: Members,
    /// Of each given member.
    pub(super) lines: BTreeMap<String, u64>,
    /// Secrets, and how they are shown.
    pub(super) secrets: Vec<(String, String)>,
    pub(super) parts: Vec<Entry>,
}

impl Entry {
    /// A given value as it is compared and shown: secrets masked.
    pub(super) fn shown(&self, property: &Property) -> Option<Json> {
        let value = self.given.get(property.name)?;
        match (property.takes, value) {
            (Takes::Secret(mask), Json::String(text)) => Some(Json::from(mask.apply(text))),
            (_, value) => Some(value.clone()),
        }
    }
}

/// What a file declares, in its order.
///
/// Complains of everything that the rows do not have.
pub(super) fn declare(
    members: &[Member],
    apis: &[&'static Api],
    fetch: &mut Fetch<'_>,
) -> Result<Vec<Entry>, Complaints> {
    let mut reader = Reader { complaints: Complaints::default(), seen: BTreeSet::new(), fetch };
    let names: Vec<&str> = apis.iter().map(|api| api.name).collect();
    let mut entries = Vec::new();
    for member in members {
        let Some(api) = apis.iter().find(|api| api.name == member.name) else {
            reader.unknown(member, "a declaration", &names);
            continue;
        };
        let Node::Table(kinds) = &member.spot.value else {
            reader.complain(member.line, format!("`{}` is a table of objects", member.name));
            continue;
        };
        let known: Vec<&str> = api.desired.kinds.iter().map(|kind| kind.name).collect();
        for member in kinds {
            match api.desired.kinds.iter().position(|kind| kind.name == member.name) {
                Some(at) => {
                    let within = Within { api, path: api.name, owners: &[], is_instance: at == 0 };
                    if let Some(kind) = api.desired.kinds.get(at) {
                        entries.extend(reader.objects(kind, member, &within));
                    }
                }
                None => reader.unknown(member, &format!("`{}`", api.name), &known),
            }
        }
    }
    if reader.complaints.is_empty() { Ok(entries) } else { Err(reader.complaints) }
}

/// What an object stands within.
struct Within<'w> {
    api: &'static Api,
    path: &'w str,
    owners: &'w [String],
    /// Whether the object itself is an instance.
    is_instance: bool,
}

struct Reader<'f, 'g> {
    complaints: Complaints,
    /// What was declared already.
    seen: BTreeSet<(String, Vec<String>)>,
    fetch: &'f mut Fetch<'g>,
}

impl Reader<'_, '_> {
    fn complain(&mut self, line: u64, message: impl Into<String>) {
        self.complaints.push(Complaint::new(Place::Line(line), message));
    }

    fn unknown(&mut self, member: &Member, of: &str, known: &[&str]) {
        let names: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
        let near = nearest(&member.name, &names);
        let remedy = match near.as_slice() {
            [] => format!("there is {}", known.join(", ")),
            near => format!("did you mean {}?", near.join(", ")),
        };
        let message = format!("{of} has no `{}`", member.name);
        self.complaints.push(Complaint::new(Place::Line(member.line), message).remedied(remedy));
    }

    /// The objects of one kind: a list of tables, or one table.
    fn objects(&mut self, kind: &'static Kind, member: &Member, within: &Within<'_>) -> Vec<Entry> {
        let path = format!("{}.{}", within.path, kind.name);
        let spots = match &member.spot.value {
            Node::List(list) => list.as_slice(),
            Node::Table(_) => std::slice::from_ref(&member.spot),
            Node::Scalar(_) => {
                self.complain(member.line, format!("`{path}` is a table; write `[[{path}]]`"));
                return Vec::new();
            }
        };
        spots.iter().filter_map(|spot| self.object(kind, &path, spot, within)).collect()
    }

    fn object(
        &mut self,
        kind: &'static Kind,
        path: &str,
        spot: &Spot,
        within: &Within<'_>,
    ) -> Option<Entry> {
        let Node::Table(members) = &spot.value else {
            self.complain(spot.line, format!("`{path}` is a list of tables"));
            return None;
        };
        // A list of tables begins at its heading, of which only the members are told.
        let line = members.iter().map(|member| member.line).min().unwrap_or(spot.line);
        let mut entry = Entry {
            domain: within.api.name,
            kind,
            forms: within.api.desired.forms,
            whole: within.api.desired.whole,
            is_instance: within.is_instance,
            path: path.to_owned(),
            line: line.min(spot.line),
            is_absent: false,
            owners: within.owners.to_vec(),
            instance: within.owners.first().cloned().unwrap_or_default(),
            label: String::new(),
            given: Map::new(),
            lines: BTreeMap::new(),
            secrets: Vec::new(),
            parts: Vec::new(),
        };
        let before = self.complaints.count();
        for member in members {
            self.member(&mut entry, member);
        }
        if !self.keyed(&mut entry) || self.complaints.count() > before {
            return None;
        }
        if within.is_instance {
            entry.instance.clone_from(&entry.label);
        }
        self.parts(&mut entry, members, within.api);
        Some(entry)
    }

    fn member(&mut self, entry: &mut Entry, member: &Member) {
        let kind = entry.kind;
        if member.name == STATE {
            match &member.spot.value {
                Node::Scalar(Json::String(word)) if STATES.contains(&word.as_str()) => {
                    entry.is_absent = word == "absent";
                }
                _ => self.complain(member.line, "`state` is `\"present\"` or `\"absent\"`"),
            }
            return;
        }
        if kind.parts.iter().any(|part| part.name == member.name) {
            return;
        }
        let Some(property) = kind.properties.iter().find(|row| row.name == member.name) else {
            let own = kind.properties.iter().map(|row| row.name);
            let parts = kind.parts.iter().map(|part| part.name);
            let known: Vec<&str> = own.chain(parts).chain([STATE]).collect();
            self.unknown(member, &format!("`{}`", entry.path), &known);
            return;
        };
        if let Some(value) = self.value(property, member) {
            if let (Takes::Secret(mask), Json::String(text)) = (property.takes, &value) {
                entry.secrets.push((text.clone(), mask.apply(text)));
            }
            entry.given.insert(member.name.clone(), value);
            entry.lines.insert(member.name.clone(), member.line);
        }
    }

    /// Whether all keys are there, and no other object has them.
    fn keyed(&mut self, entry: &mut Entry) -> bool {
        let keys = entry.kind.properties.iter().filter(|row| row.role == Role::Key);
        let (mut identity, mut shown) = (entry.owners.clone(), Vec::new());
        for row in keys {
            let Some(value) = entry.given.get(row.name) else {
                if !entry.lines.contains_key(row.name) && self.complaints.is_empty() {
                    self.complain(
                        entry.line,
                        format!("an object of `{}` needs `{}`", entry.path, row.name),
                    );
                }
                return false;
            };
            identity.push(crate::desired::as_text(value).to_lowercase());
            shown.extend(entry.shown(row).as_ref().map(crate::desired::as_text));
        }
        entry.label = shown.join(" ");
        if !self.seen.insert((entry.path.clone(), identity)) {
            self.complain(entry.line, format!("`{}` is declared twice", entry.label));
            return false;
        }
        true
    }

    fn parts(&mut self, entry: &mut Entry, members: &[Member], api: &'static Api) {
        let mut owners = entry.owners.clone();
        let key = entry.kind.properties.first().and_then(|row| entry.given.get(row.name));
        owners.extend(key.map(crate::desired::as_text));
        for part in entry.kind.parts {
            for member in members.iter().filter(|member| member.name == part.name) {
                if entry.is_absent {
                    let message = format!("`{}` is to be absent, and has no parts", entry.label);
                    self.complain(member.line, message);
                    continue;
                }
                let within = Within { api, path: &entry.path, owners: &owners, is_instance: false };
                entry.parts.extend(self.objects(part, member, &within));
            }
        }
    }

    /// The value of a property; `None` after a complaint.
    fn value(&mut self, property: &Property, member: &Member) -> Option<Json> {
        let (name, line) = (property.name, member.line);
        let value = match (property.takes, &member.spot.value) {
            (Takes::Text | Takes::Scalar, Node::Scalar(value @ Json::String(_)))
            | (Takes::Flag, Node::Scalar(value @ Json::Bool(_)))
            | (Takes::Scalar, Node::Scalar(value @ (Json::Bool(_) | Json::Number(_)))) => {
                value.clone()
            }
            (Takes::Word(words), Node::Scalar(Json::String(text))) => {
                return self.word(name, line, text, &words());
            }
            (Takes::Number, Node::Scalar(value @ Json::Number(number))) if !number.is_f64() => {
                value.clone()
            }
            (Takes::Scalar, Node::Scalar(Json::Null)) => Json::from(""),
            (Takes::Texts, Node::List(list)) if list.iter().all(|item| item.text().is_some()) => {
                list.iter().filter_map(Spot::text).collect()
            }
            (Takes::Pairs, Node::Table(members))
                if members.iter().all(|member| member.spot.text().is_some()) =>
            {
                let pair =
                    |member: &Member| Some((member.name.clone(), member.spot.text()?.into()));
                Json::Object(members.iter().filter_map(pair).collect())
            }
            (Takes::Secret(_), Node::Scalar(Json::String(text))) => Json::from(text.as_str()),
            (Takes::Secret(_), Node::Table(members)) => {
                return self.secret(name, line, members).map(Json::from);
            }
            (Takes::Document, Node::Table(members)) => {
                return self.document(name, line, members).map(Json::from);
            }
            (takes, _) => {
                self.complain(line, format!("`{name}` takes {}", wanted(takes)));
                return None;
            }
        };
        Some(value)
    }

    /// The word as its row spells it.
    fn word(&mut self, name: &str, line: u64, text: &str, words: &[&str]) -> Option<Json> {
        let known = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        if known.is_none() {
            self.complain(line, format!("`{name}` takes {}, not `{text}`", listed(words)));
        }
        known.map(|word| Json::from(*word))
    }

    /// The text of the file that a reference leads to.
    fn document(&mut self, name: &str, line: u64, members: &[Member]) -> Option<String> {
        let path = match members {
            [member] if member.name == "file" => member.spot.text(),
            _ => None,
        };
        let Some(path) = path else {
            self.complain(line, format!("`{name}` takes {}", wanted(Takes::Document)));
            return None;
        };
        let fetched = (self.fetch)(Reference::Document(path));
        fetched.map_err(|why| self.complain(line, format!("`{name}`: {why}"))).ok()
    }

    /// The secret that a reference leads to.
    fn secret(&mut self, name: &str, line: u64, members: &[Member]) -> Option<String> {
        let [member] = members else {
            self.complain(line, format!("`{name}` takes one of `file` and `env`"));
            return None;
        };
        if !REFERENCES.contains(&member.name.as_str()) {
            self.unknown(member, &format!("the reference of `{name}`"), &REFERENCES);
            return None;
        }
        let Some(text) = member.spot.text() else {
            self.complain(member.line, format!("`{}` takes text", member.name));
            return None;
        };
        let reference = if member.name == "file" {
            Reference::File(text)
        } else {
            Reference::Environment(text)
        };
        match (self.fetch)(reference) {
            Ok(secret) => Some(secret),
            Err(why) => {
                self.complain(member.line, format!("`{name}`: {why}"));
                None
            }
        }
    }
}

impl Spot {
    fn text(&self) -> Option<&str> {
        match &self.value {
            Node::Scalar(Json::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// What a property takes, for messages and help.
pub(super) fn wanted(takes: Takes) -> String {
    let plain = match takes {
        Takes::Word(words) => return listed(&words()),
        Takes::Text => "text",
        Takes::Number => "a whole number",
        Takes::Flag => "true or false",
        Takes::Scalar => "text, a number, or true or false",
        Takes::Texts => "a list of texts",
        Takes::Pairs => "a table of texts",
        Takes::Document => "{ file = \"…\" }",
        Takes::Secret(_) => "{ file = \"…\" } or { env = \"…\" }",
    };
    plain.to_owned()
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
