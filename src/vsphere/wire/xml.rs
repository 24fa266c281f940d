//! The data objects as XML of vim25: read from trees of elements by local names, written in the order of the schema.
//!
//! The type of a value stands in the attribute `type` of the schema-instance namespace, whatever its prefix. A value of a type that
//! this build does not know is kept as the XML within it.

use super::{ReadKey, WriteKey};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{
    AnyValue, EvaluationInfo, KeyAnyValue, KeyValue, LocalizableMessage, Width,
};
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;

/// An element with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Without its prefix.
    pub name: String,
    /// Names as they stand in the file, and values.
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of that name.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The type of its value, without prefix: that of the schema-instance namespace, not `type` of a reference.
    #[must_use]
    pub fn type_name(&self) -> Option<&str> {
        let typed = self.attributes.iter().find(|(name, _)| {
            name.rsplit_once(':')
                .is_some_and(|(prefix, local)| local == "type" && prefix != "xmlns")
        });
        typed.map(|(_, value)| value.rsplit(':').next().unwrap_or(value))
    }

    /// The element as JSON: texts, objects, and lists where names repeat or the type is one of a list.
    #[must_use]
    pub fn json(&self) -> Json {
        let is_list = self.type_name().is_some_and(|name| name.starts_with("ArrayOf"));
        if is_list {
            return self.children.iter().map(Self::json).collect();
        }
        if self.children.is_empty() {
            return Json::from(self.text.as_str());
        }
        let mut object = Map::new();
        for child in &self.children {
            let value = child.json();
            match object.get_mut(&child.name) {
                None => {
                    object.insert(child.name.clone(), value);
                }
                Some(Json::Array(items)) => items.push(value),
                Some(held) => *held = Json::from(vec![held.take(), value]),
            }
        }
        Json::Object(object)
    }

    /// What stands within the element, as XML.
    fn inner(&self) -> String {
        let mut out = escaped(&self.text);
        self.children.iter().for_each(|child| child.print(&mut out));
        out
    }

    fn print(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escaped(value));
        }
        let inner = self.inner();
        if inner.is_empty() {
            out.push_str("/>");
        } else {
            let _ = write!(out, ">{inner}</{}>", self.name);
        }
    }
}

/// Reads `LicenseManagerLicenseInfo`; an error names the member that has another type.
pub fn read_license(node: &Node, key: ReadKey<'_>) -> Result<LicenseInfo, String> {
    let text = |name: &str| node.text_of(name).unwrap_or_default().to_owned();
    let number = |name: &str| match node.text_of(name).map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse::<i64>() {
            Ok(number) => {
                i32::try_from(number).map(Some).map_err(|_| format!("`{name}` exceeds int32"))
            }
            Err(_) => Err(format!("`{name}` is no whole number")),
        },
    };
    let license_key = Json::from(node.text_of("licenseKey").ok_or("there is no `licenseKey`")?);
    Ok(LicenseInfo {
        license_key: key(&license_key).ok_or("`licenseKey` is no text")?,
        edition_key: text("editionKey"),
        name: text("name"),
        total: number("total")?.unwrap_or(0),
        used: number("used")?,
        cost_unit: text("costUnit"),
        properties: read_properties(node, "properties", key)?,
        labels: node.all("labels").map(read_pair).collect(),
    })
}

/// Reads `LicenseAssignmentManagerLicenseAssignment`.
pub fn read_assignment(node: &Node, key: ReadKey<'_>) -> Result<LicenseAssignment, String> {
    let text = |name: &str| node.text_of(name).map(str::to_owned);
    let license = node.child("assignedLicense").ok_or("there is no `assignedLicense`")?;
    Ok(LicenseAssignment {
        entity_id: text("entityId").ok_or("there is no `entityId`")?,
        scope: text("scope").filter(|scope| !scope.is_empty()),
        entity_display_name: text("entityDisplayName"),
        assigned_license: read_license(license, key)?,
        properties: read_properties(node, "properties", key)?,
    })
}

/// Reads `LicenseManagerEvaluationInfo`.
pub fn read_evaluation(node: &Node, key: ReadKey<'_>) -> Result<EvaluationInfo, String> {
    read_properties(node, "properties", key).map(|properties| EvaluationInfo { properties })
}

/// The children of that name as a list of `KeyAnyValue`.
fn read_properties(node: &Node, name: &str, key: ReadKey<'_>) -> Result<Vec<KeyAnyValue>, String> {
    let read = node.all(name).filter_map(|held| {
        let name = held.text_of("key").unwrap_or_default();
        // A property without a value says nothing.
        held.child("value").map(|value| Ok(KeyAnyValue::new(name, read_value(value, key)?)))
    });
    read.collect()
}

fn read_pair(node: &Node) -> KeyValue {
    let text = |name: &str| node.text_of(name).unwrap_or_default();
    KeyValue::new(text("key"), text("value"))
}

/// Reads a value by the type that it names; one without a type is a text, or is kept as it is.
pub fn read_value(node: &Node, key: ReadKey<'_>) -> Result<AnyValue, String> {
    let name = node.type_name();
    let wrong = |name: &str| format!("a value is no `{name}`");
    let number = node.text.trim();
    if let Some(width) = Width::ALL.into_iter().find(|width| Some(width.word()) == name) {
        let number = number.parse().ok().filter(|number| width.holds(*number));
        return number.map(|number| AnyValue::Whole(width, number)).ok_or(wrong(width.word()));
    }
    let texts = |nodes: &[Node]| nodes.iter().map(|node| node.text.clone()).collect();
    Ok(match name {
        None if node.children.is_empty() => AnyValue::Text(node.text.clone()),
        Some("string") => AnyValue::Text(node.text.clone()),
        Some("boolean") => match number {
            "true" | "1" => AnyValue::Boolean(true),
            "false" | "0" => AnyValue::Boolean(false),
            _ => return Err(wrong("boolean")),
        },
        Some(name @ ("double" | "float")) => {
            let real = number.parse::<f64>().ok().filter(|real| real.is_finite());
            AnyValue::Real(real.ok_or_else(|| wrong(name))?, name == "float")
        }
        Some("dateTime") => AnyValue::Instant(node.text.clone()),
        Some("base64Binary" | "binary") => AnyValue::Binary(node.text.clone()),
        Some("KeyValue") => AnyValue::Pair(read_pair(node)),
        Some("LicenseManagerLicenseInfo") => AnyValue::License(Box::new(read_license(node, key)?)),
        Some("LicenseManagerEvaluationInfo") => AnyValue::Evaluation(read_evaluation(node, key)?),
        Some("LocalizableMessage") => AnyValue::Message(Box::new(LocalizableMessage {
            key: node.text_of("key").unwrap_or_default().to_owned(),
            arg: read_properties(node, "arg", key)?,
            message: node.text_of("message").map(str::to_owned),
        })),
        Some("ArrayOfString") => AnyValue::Texts(texts(&node.children)),
        Some("ArrayOfKeyValue") => AnyValue::Pairs(node.children.iter().map(read_pair).collect()),
        Some("ArrayOfKeyAnyValue") => {
            AnyValue::AnyPairs(read_properties(node, "KeyAnyValue", key)?)
        }
        name => AnyValue::Opaque(name.unwrap_or("anyType").to_owned(), node.inner()),
    })
}

/// Writes elements, two blanks a level.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    /// What was written.
    #[must_use]
    pub fn text(self) -> String {
        self.out
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// An element with elements in it; `head` is its name with its attributes.
    pub fn element(&mut self, head: &str, inner: impl FnOnce(&mut Self)) {
        let name = head.split(' ').next().unwrap_or(head);
        self.indent();
        let _ = writeln!(self.out, "<{head}>");
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self.indent();
        let _ = writeln!(self.out, "</{name}>");
    }

    /// An element without anything in it.
    pub fn empty(&mut self, head: &str) {
        self.indent();
        let _ = writeln!(self.out, "<{head}/>");
    }

    /// An element with a text; `head` is its name with its attributes.
    pub fn leaf(&mut self, head: &str, text: &str) {
        let name = head.split(' ').next().unwrap_or(head);
        self.indent();
        let _ = writeln!(self.out, "<{head}>{}</{name}>", escaped(text));
    }

    fn raw(&mut self, head: &str, inner: &str) {
        let name = head.split(' ').next().unwrap_or(head);
        self.indent();
        let _ = writeln!(self.out, "<{head}>{inner}</{name}>");
    }
}

/// The declaration of the schema-instance namespace, as every head with typed values needs it.
pub const INSTANCE: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"";

/// Writes `LicenseManagerLicenseInfo` as an element; `head` is its name with its attributes.
pub fn license(out: &mut Writer, head: &str, info: &LicenseInfo, key: WriteKey<'_>) {
    out.element(head, |out| {
        out.leaf("licenseKey", key(&info.license_key).as_str().unwrap_or_default());
        out.leaf("editionKey", &info.edition_key);
        out.leaf("name", &info.name);
        out.leaf("total", &info.total.to_string());
        if let Some(used) = info.used {
            out.leaf("used", &used.to_string());
        }
        out.leaf("costUnit", &info.cost_unit);
        properties(out, "properties", &info.properties, key);
        info.labels.iter().for_each(|label| pair(out, "labels", label));
    });
}

/// Writes `LicenseAssignmentManagerLicenseAssignment` as an element.
pub fn assignment(out: &mut Writer, head: &str, held: &LicenseAssignment, key: WriteKey<'_>) {
    out.element(head, |out| {
        out.leaf("entityId", &held.entity_id);
        if let Some(scope) = &held.scope {
            out.leaf("scope", scope);
        }
        if let Some(name) = &held.entity_display_name {
            out.leaf("entityDisplayName", name);
        }
        license(out, "assignedLicense", &held.assigned_license, key);
        properties(out, "properties", &held.properties, key);
    });
}

fn pair(out: &mut Writer, head: &str, pair: &KeyValue) {
    out.element(head, |out| {
        out.leaf("key", &pair.key);
        out.leaf("value", &pair.value);
    });
}

/// Writes a list of `KeyAnyValue`, each as an element of that name.
pub fn properties(out: &mut Writer, name: &str, properties: &[KeyAnyValue], key: WriteKey<'_>) {
    for property in properties {
        out.element(name, |out| {
            out.leaf("key", &property.key);
            value(out, &property.value, key);
        });
    }
}

fn value(out: &mut Writer, value: &AnyValue, key: WriteKey<'_>) {
    let head = |name: &str| format!("value xsi:type=\"{}\"", escaped(name));
    let plain = |name: &str| head(&format!("xsd:{name}"));
    match value {
        AnyValue::Text(text) => out.leaf(&plain("string"), text),
        AnyValue::Boolean(flag) => out.leaf(&plain("boolean"), &flag.to_string()),
        AnyValue::Whole(width, number) => out.leaf(&plain(width.word()), &number.to_string()),
        AnyValue::Real(number, single) => {
            out.leaf(&plain(if *single { "float" } else { "double" }), &number.to_string());
        }
        AnyValue::Instant(text) => out.leaf(&plain("dateTime"), text),
        AnyValue::Binary(text) => out.leaf(&plain("base64Binary"), text),
        AnyValue::Pair(held) => pair(out, &head("KeyValue"), held),
        AnyValue::License(info) => license(out, &head("LicenseManagerLicenseInfo"), info, key),
        AnyValue::Evaluation(info) => out.element(&head("LicenseManagerEvaluationInfo"), |out| {
            properties(out, "properties", &info.properties, key);
        }),
        AnyValue::Message(held) => out.element(&head("LocalizableMessage"), |out| {
            out.leaf("key", &held.key);
            properties(out, "arg", &held.arg, key);
            if let Some(text) = &held.message {
                out.leaf("message", text);
            }
        }),
        AnyValue::Texts(texts) => out.element(&head("ArrayOfString"), |out| {
            for text in texts {
                out.leaf("string", text);
            }
        }),
        AnyValue::Pairs(pairs) => out.element(&head("ArrayOfKeyValue"), |out| {
            for held in pairs {
                pair(out, "KeyValue", held);
            }
        }),
        AnyValue::AnyPairs(pairs) if pairs.is_empty() => out.empty(&head("ArrayOfKeyAnyValue")),
        AnyValue::AnyPairs(pairs) => out.element(&head("ArrayOfKeyAnyValue"), |out| {
            properties(out, "KeyAnyValue", pairs, key);
        }),
        AnyValue::Opaque(name, content) => match serde_json::from_str(content) {
            Ok(Json::Object(members)) => out.element(&head(name), |out| {
                members.iter().for_each(|(name, held)| members_of(out, name, held));
            }),
            _ => out.raw(&head(name), content),
        },
    }
}

/// The members of an object that came as JSON, as elements.
fn members_of(out: &mut Writer, name: &str, held: &Json) {
    match held {
        Json::Array(items) => items.iter().for_each(|item| members_of(out, name, item)),
        Json::Object(members) => out.element(name, |out| {
            members.iter().for_each(|(name, held)| members_of(out, name, held));
        }),
        Json::String(text) => out.leaf(name, text),
        other => out.leaf(name, &other.to_string()),
    }
}

/// A text as it stands in XML; characters that XML cannot hold are replaced.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Else a reader makes a line feed of it.
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(letter),
            letter if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            letter => out.push(letter),
        }
    }
    out
}
