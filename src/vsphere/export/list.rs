//! Lists of licenses and assignments as JSON, in the shape of the tool that is to read them. An assignment repeats its license in
//! full; its text is made once.

use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::wire::{keys, plain, typed};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::io::{self, Write};

/// The shape of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Plain values; what is empty or 0 and optional is left out, and an empty result is `null`.
    Govc,
    /// Every value with its type.
    Typed,
    /// Plain values; `used` is there whenever it is set.
    Plain,
}

/// A list that is being written.
pub struct List<'w> {
    out: &'w mut dyn Write,
    shape: Shape,
    secrets: bool,
    any: bool,
    /// Texts of the licenses that were written, by their places in the inventory.
    licenses: HashMap<usize, String>,
}

impl<'w> List<'w> {
    /// - `secrets`: whether keys are written in full, as far as they are known.
    pub fn new(out: &'w mut dyn Write, shape: Shape, secrets: bool) -> Self {
        Self { out, shape, secrets, any: false, licenses: HashMap::new() }
    }

    /// Begins the assignments of another inventory, whose licenses have places of their own.
    pub fn next_inventory(&mut self) {
        self.licenses.clear();
    }

    /// Writes a license.
    pub fn license(&mut self, info: &LicenseInfo) -> io::Result<()> {
        let text = self.text_of(info, 1);
        self.item(&text)
    }

    /// Writes an assignment.
    ///
    /// - `place`: of its license among those of the list; copies of one are written alike.
    /// - `license`: stands for the bare one of the assignment.
    pub fn assignment(
        &mut self,
        held: &LicenseAssignment,
        place: usize,
        license: &LicenseInfo,
    ) -> io::Result<()> {
        if !self.licenses.contains_key(&place) {
            let text = self.text_of(license, 2);
            self.licenses.insert(place, text);
        }
        let typed = self.shape == Shape::Typed;
        let mut members: Vec<(&str, String)> = Vec::with_capacity(6);
        if typed {
            members.push(("_typeName", quoted("LicenseAssignmentManagerLicenseAssignment")));
        }
        members.push(("entityId", quoted(&held.entity_id)));
        if let Some(scope) = &held.scope {
            members.push(("scope", quoted(scope)));
        }
        if let Some(name) = &held.entity_display_name {
            members.push(("entityDisplayName", quoted(name)));
        }
        members.push(("assignedLicense", self.licenses.get(&place).cloned().unwrap_or_default()));
        if self.shape == Shape::Plain || !held.properties.is_empty() {
            let list = if typed {
                typed::properties(&held.properties, keys(self.secrets))
            } else {
                plain::properties(&held.properties, keys(self.secrets))
            };
            members.push(("properties", pretty(&list, 2)));
        }
        let lines: Vec<String> =
            members.into_iter().map(|(name, text)| format!("    \"{name}\": {text}")).collect();
        self.item(&format!("{{\n{}\n  }}", lines.join(",\n")))
    }

    /// Ends the list.
    pub fn end(self) -> io::Result<()> {
        self.out.write_all(match (self.any, self.shape) {
            (true, _) => b"\n]\n",
            (false, Shape::Govc) => b"null\n",
            (false, _) => b"[]\n",
        })
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        let before: &[u8] = if self.any { b",\n  " } else { b"[\n  " };
        self.any = true;
        self.out.write_all(before)?;
        self.out.write_all(text.as_bytes())
    }

    fn text_of(&self, info: &LicenseInfo, depth: usize) -> String {
        let json = match self.shape {
            Shape::Typed => typed::license(info, keys(self.secrets)),
            Shape::Plain => plain::license(info, keys(self.secrets)),
            Shape::Govc => as_govc(plain::license(info, keys(self.secrets))),
        };
        pretty(&json, depth)
    }
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// Indented by two blanks a level, as the rest of the list is.
fn pretty(json: &Json, depth: usize) -> String {
    // Values of this kind always print.
    let text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.replace('\n', &format!("\n{}", "  ".repeat(depth)))
}

/// The license without what Go's `omitempty` leaves out.
///
/// Source: [GOVMOMI] vim25/types: `used`, `properties` and `labels` are `omitempty`.
fn as_govc(mut license: Json) -> Json {
    if let Some(members) = license.as_object_mut() {
        let empty =
            |value: &Json| value.as_array().is_some_and(Vec::is_empty) || value == &Json::from(0);
        for name in ["used", "properties", "labels"] {
            if members.get(name).is_some_and(empty) {
                // The order of the other members stays.
                members.shift_remove(name);
            }
        }
    }
    license
}

#[cfg(test)]
mod tests {
    use super::{List, Shape};
    use crate::vsphere::import::READERS;
    use crate::vsphere::import::record::{Said, Which};
    use crate::vsphere::import::testing::{every_value, records_of};
    use crate::vsphere::model::assignment::LicenseAssignment;
    use crate::vsphere::model::license::LicenseInfo;
    use serde_json::{Value as Json, json};

    fn written(shape: Shape, items: &[LicenseAssignment]) -> String {
        let mut out = Vec::new();
        let mut list = List::new(&mut out, shape, true);
        for held in items {
            list.assignment(held, 0, &held.assigned_license).unwrap();
        }
        list.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    fn assignment() -> LicenseAssignment {
        LicenseAssignment {
            entity_id: "host-11".to_owned(),
            scope: Some("11111111-2222-3333-4444-555555555555".to_owned()),
            entity_display_name: Some("esx \"01\"".to_owned()),
            assigned_license: every_value(),
            properties: every_value().properties,
        }
    }

    #[test]
    fn an_empty_result_is_what_the_tool_prints() {
        assert_eq!(written(Shape::Govc, &[]), "null\n");
        assert_eq!(written(Shape::Typed, &[]), "[]\n");
        assert_eq!(written(Shape::Plain, &[]), "[]\n");
    }

    #[test]
    fn the_list_is_what_a_printer_of_the_whole_would_print() {
        for (shape, license) in [(Shape::Plain, "plain"), (Shape::Typed, "typed")] {
            let text = written(shape, &[assignment(), assignment()]);
            let whole: Json = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string_pretty(&whole).unwrap() + "\n", text, "{license}");
        }
    }

    #[test]
    fn what_is_optional_and_empty_is_left_out_as_govc_does() {
        let mut bare = assignment();
        bare.properties = Vec::new();
        bare.assigned_license = LicenseInfo { used: Some(0), ..LicenseInfo::of_key("K") };
        let text = written(Shape::Govc, &[bare]);
        let read: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(
            read,
            json!([{"entityId": "host-11", "scope": "11111111-2222-3333-4444-555555555555", "entityDisplayName": "esx \"01\"",
                "assignedLicense": {"licenseKey": "K", "editionKey": "", "name": "", "total": 0, "costUnit": ""}}])
        );
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let reader = READERS.iter().find(|reader| reader.kind.name == "vsphere.vijson").unwrap();
        let (found, notes) = records_of(reader.read, &written(Shape::Typed, &[assignment()]));
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        let [Said::Assignment(said)] = found.as_slice() else { panic!("{found:?}") };
        let Which::Said(license) = &said.license else { panic!() };
        assert_eq!(license.info, every_value());
        assert_eq!(said.properties, every_value().properties);
    }
}
