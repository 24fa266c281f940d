//! What `licctl apply` answers: each declared object before and after, and what can be declared at all.

use super::bring::Done;
use super::declare::{Entry, wanted};
use crate::apis;
use crate::desired::{Kind, Members, Role, Takes, as_text};
use crate::estate::changes;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (AppliedView::SCHEMA, schema_for!(AppliedView)),
        (ObjectView::SCHEMA, schema_for!(ObjectView)),
        (EmittedView::SCHEMA, schema_for!(EmittedView)),
        (PropertyView::SCHEMA, schema_for!(PropertyView)),
        ("licctl.declaration/1", declaration()),
    ]
}

/// A declared object and what became of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ObjectView {
    domain: &'static str,
    /// Empty when it belongs to no instance.
    instance: String,
    /// `machine.product`.
    kind: String,
    name: String,
    /// Of the declaration.
    line: u64,
    /// `added`, `changed`, `removed` or `unchanged`.
    change: &'static str,
    changed: bool,
    /// The members that differ, as they were; null of an added object.
    before: Option<Members>,
    /// The members that differ, as they are; null of a removed object.
    after: Option<Members>,
    /// What was declared of a new object, for people.
    #[serde(skip)]
    said: String,
}

impl From<&Done<'_>> for ObjectView {
    fn from(done: &Done<'_>) -> Self {
        let entry = done.entry;
        let other = |one: &Members, two: &Members| -> Members {
            let differing = one.iter().filter(|(name, value)| two.get(*name) != Some(value));
            differing.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let (before, after) = match (&done.before, &done.after) {
            (Some(before), Some(after)) => (Some(other(before, after)), Some(other(after, before))),
            (before, after) => (before.clone(), after.clone()),
        };
        let kind = entry.path.split_once('.').map_or("", |(_, kind)| kind);
        Self {
            domain: entry.domain,
            instance: entry.instance.clone(),
            kind: kind.to_owned(),
            name: entry.label.clone(),
            line: entry.line,
            change: done.change(),
            changed: done.is_changed(),
            before,
            after,
            said: said(entry),
        }
    }
}

/// What was declared of an object beside its keys: `VLRenewalInterval 10080, …`.
fn said(entry: &Entry) -> String {
    let own = entry.kind.properties.iter();
    let told = own.filter(|row| row.role != Role::Key && !matches!(row.takes, Takes::Document));
    let told = told.filter_map(|row| Some(format!("{} {}", row.name, as_text(&entry.shown(row)?))));
    told.collect::<Vec<_>>().join(", ")
}

impl View for ObjectView {
    const SCHEMA: &'static str = "licctl.applied.object/1";
    const COLUMNS: &'static [Column] = &[
        column("CHANGE", "change", Fit::Keep),
        column("OBJECT", "kind", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("WHAT", "after", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.change {
            "added" => Tone::Good,
            "removed" => Tone::Bad,
            "changed" => Tone::Warning,
            _ => Tone::Plain,
        };
        let what = match (&self.before, &self.after) {
            (Some(before), Some(after)) => changes::told(before, after),
            (None, Some(_)) => self.said.clone(),
            _ => String::new(),
        };
        vec![
            Cell::toned(self.change, tone),
            format!("{}.{}", self.domain, self.kind).into(),
            self.name.clone().into(),
            what.into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// What a declaration did, as a whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct AppliedView {
    file: String,
    /// Whether anything was changed, or would be.
    pub(super) changed: bool,
    added: usize,
    /// How many were there and are otherwise now.
    updated: usize,
    removed: usize,
    unchanged: usize,
    pub(super) objects: Vec<ObjectView>,
}

impl AppliedView {
    pub(super) fn new(file: &str, done: &[Done<'_>]) -> Self {
        let objects: Vec<ObjectView> = done.iter().map(ObjectView::from).collect();
        let count = |change: &str| objects.iter().filter(|object| object.change == change).count();
        Self {
            file: file.to_owned(),
            changed: objects.iter().any(|object| object.changed),
            added: count("added"),
            updated: count("changed"),
            removed: count("removed"),
            unchanged: count("unchanged"),
            objects,
        }
    }

    /// `2 added, 1 changed, 5 unchanged`.
    pub(super) fn sentence(&self) -> String {
        let counted = [
            (self.added, "added"),
            (self.updated, "changed"),
            (self.removed, "removed"),
            (self.unchanged, "unchanged"),
        ];
        let told = counted.iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
        if told.is_empty() { "nothing was declared".to_owned() } else { told.join(", ") }
    }
}

impl View for AppliedView {
    const SCHEMA: &'static str = "licctl.applied/1";
    const COLUMNS: &'static [Column] = &[
        column("FILE", "file", Fit::Elide),
        column("CHANGED", "changed", Fit::Keep),
        column("ADDED", "added", Fit::Number),
        column("UPDATED", "updated", Fit::Number),
        column("REMOVED", "removed", Fit::Number),
        column("UNCHANGED", "unchanged", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.file.clone().into(),
            self.changed.to_string().into(),
            self.added.to_string().into(),
            self.updated.to_string().into(),
            self.removed.to_string().into(),
            self.unchanged.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.file.clone()
    }
}

/// What would bring the real systems to the declared state.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct EmittedView {
    pub(super) form: String,
    pub(super) objects: Vec<EmittedObject>,
}

/// The lines for one object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct EmittedObject {
    pub(super) domain: &'static str,
    pub(super) instance: String,
    pub(super) name: String,
    pub(super) lines: Vec<String>,
}

impl EmittedView {
    /// The lines as one text: a remark, in the manner of the form, says which system each part is for.
    pub(super) fn script(&self, (open, close): (&str, &str)) -> String {
        let part = |object: &EmittedObject| {
            let EmittedObject { domain, instance, name, lines } = object;
            let of = match instance.as_str() {
                "" => name.clone(),
                instance if instance == name => name.clone(),
                instance => format!("{instance}: {name}"),
            };
            format!("{open}{domain} {of}{close}\n{}\n", lines.join("\n"))
        };
        self.objects.iter().map(part).collect::<Vec<_>>().join("\n")
    }
}

impl View for EmittedView {
    const SCHEMA: &'static str = "licctl.applied.emitted/1";
    const COLUMNS: &'static [Column] =
        &[column("FORM", "form", Fit::Keep), column("OBJECTS", "objects", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.form.clone().into(), self.objects.len().to_string().into()]
    }

    fn name(&self) -> String {
        self.form.clone()
    }
}

/// A property that can be declared.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct PropertyView {
    /// The table of the file: `kms.machine.product`.
    table: String,
    property: &'static str,
    /// `key` says which object it is, `made` is for a new one alone, `setting` can be set at any time.
    role: &'static str,
    takes: String,
    doc: &'static str,
}

impl PropertyView {
    /// Every property of every domain, from the rows.
    pub(super) fn all() -> Vec<Self> {
        fn walk(path: &str, kind: &Kind, found: &mut Vec<PropertyView>) {
            let table = format!("{path}.{}", kind.name);
            found.extend(kind.properties.iter().map(|row| PropertyView {
                table: table.clone(),
                property: row.name,
                role: role(row.role),
                takes: wanted(row.takes),
                doc: row.doc,
            }));
            for part in kind.parts {
                walk(&table, part, found);
            }
        }
        let mut found = Vec::new();
        for api in apis::APIS {
            for kind in api.desired.kinds {
                walk(api.name, kind, &mut found);
            }
        }
        found
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Key => "key",
        Role::Made => "made",
        Role::Setting => "setting",
    }
}

impl View for PropertyView {
    const SCHEMA: &'static str = "licctl.applied.property/1";
    const COLUMNS: &'static [Column] = &[
        column("TABLE", "table", Fit::Keep),
        column("PROPERTY", "property", Fit::Keep),
        column("ROLE", "role", Fit::Keep),
        column("WHAT", "doc", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.table.clone().into(), self.property.into(), self.role.into(), self.doc.into()]
    }

    fn name(&self) -> String {
        format!("{}.{}", self.table, self.property)
    }
}

/// The JSON Schema of a declaration, for editors and CI: made from the rows.
fn declaration() -> Schema {
    let domains: Map<String, Json> = apis::APIS
        .iter()
        .map(|api| {
            let kinds = api.desired.kinds.iter().map(|kind| (kind.name.to_owned(), objects(kind)));
            let kinds: Map<String, Json> = kinds.collect();
            let domain =
                json!({"type": "object", "additionalProperties": false, "properties": kinds});
            (api.name.to_owned(), domain)
        })
        .collect();
    let mut root = Map::new();
    root.insert("title".to_owned(), Json::from("A declared state of an estate"));
    root.insert("type".to_owned(), Json::from("object"));
    root.insert("additionalProperties".to_owned(), Json::from(false));
    root.insert("properties".to_owned(), Json::Object(domains));
    Schema::from(root)
}

fn objects(kind: &Kind) -> Json {
    let own = kind.properties.iter().map(|row| {
        let mut schema = taken(row.takes);
        if let Some(members) = schema.as_object_mut() {
            members.insert("description".to_owned(), Json::from(row.doc));
        }
        (row.name.to_owned(), schema)
    });
    let parts = kind.parts.iter().map(|part| (part.name.to_owned(), objects(part)));
    let state = (super::declare::STATE.to_owned(), json!({"enum": ["present", "absent"]}));
    let properties: Map<String, Json> = own.chain(parts).chain([state]).collect();
    let keys = kind.properties.iter().filter(|row| row.role == Role::Key).map(|row| row.name);
    json!({
        "type": "array",
        "description": kind.doc,
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": keys.collect::<Vec<_>>(),
            "properties": properties,
        },
    })
}

fn taken(takes: Takes) -> Json {
    match takes {
        Takes::Text => json!({"type": "string"}),
        Takes::Word(words) => json!({"enum": words()}),
        Takes::Number => json!({"type": "integer"}),
        Takes::Flag => json!({"type": "boolean"}),
        Takes::Scalar => json!({"type": ["string", "number", "boolean", "null"]}),
        Takes::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Takes::Pairs => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Takes::Document => json!({
            "type": "object", "required": ["file"], "properties": {"file": {"type": "string"}}
        }),
        Takes::Secret(_) => json!({"anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": false, "maxProperties": 1, "minProperties": 1,
             "properties": {"file": {"type": "string"}, "env": {"type": "string"}}},
        ]}),
    }
}
