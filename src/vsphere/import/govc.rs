//! JSON of govc: lists of licenses or of assignments, as `license.ls -json`, `license.assigned.ls -json` and `object.collect -json`
//! print them, in both spellings; and the same lists as VI/JSON sends them, with types.
//!
//! An empty result is the literal `null`. A document is held whole: its values have no types of their own and are told from keys and
//! shapes.

use crate::api::Source;
use crate::artefact::{Fit, HELD, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::wire::{given, plain, typed};
use anyhow::Context;
use serde_json::Value as Json;
use std::io::Read as _;

/// What the reader reads.
pub static KIND: Kind = Kind {
    name: "vsphere.govc-json",
    title: "JSON of `govc license.ls`, `govc license.assigned.ls` or VI/JSON",
    binary: false,
    sniff,
};

/// One thing that a file says.
#[derive(Debug)]
pub enum Record {
    License(LicenseInfo),
    Assignment(LicenseAssignment),
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start();
    let spelled = |camel: &str, pascal: &str| text.contains(camel) || text.contains(pascal);
    if !text.starts_with('[') || !spelled("\"licenseKey\"", "\"LicenseKey\"") {
        return Fit::No;
    }
    if spelled("\"editionKey\"", "\"EditionKey\"") { Fit::Yes(7) } else { Fit::No }
}

/// Reads a file; `each` gets its records in their order, with their places.
///
/// Complains of what is no JSON, and of every element that is neither a license nor an assignment.
pub fn read(
    source: Source<'_>,
    notes: &mut Notes,
    each: &mut dyn FnMut(Place, Record, &mut Notes) -> Outcome<()>,
) -> Outcome<()> {
    let mut text = String::new();
    source.text()?.take(HELD).read_to_string(&mut text).context("reading JSON of govc")?;
    let items = match serde_json::from_str::<Json>(&text) {
        Ok(Json::Null) => Vec::new(),
        Ok(Json::Array(items)) => unwrapped(items),
        Ok(_) => {
            notes.complain(Place::Whole, "this is no list of licenses or assignments");
            return Ok(());
        }
        Err(error) => {
            let line = u64::try_from(error.line()).unwrap_or(1);
            notes.complain(Place::Line(line), format!("this is no JSON: {error}"));
            return Ok(());
        }
    };
    if items.is_empty() {
        notes.warn("EMPTY_ARTEFACT", Place::Whole, "the list is empty");
    }
    for (at, item) in items.iter().enumerate() {
        let place = Place::Record(u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1));
        match record(item, place, notes) {
            Some(record) => each(place, record, notes)?,
            None => notes.complain(place, flaw(item)),
        }
    }
    Ok(())
}

/// The list within what `object.collect` prints: a property with its value.
fn unwrapped(items: Vec<Json>) -> Vec<Json> {
    let inner = items.iter().find_map(|item| {
        let value = item.get("val").filter(|_| item.get("name").is_some())?;
        value.get("_value").and_then(Json::as_array).cloned()
    });
    inner.unwrap_or(items)
}

fn record(item: &Json, place: Place, notes: &mut Notes) -> Option<Record> {
    let mut dropped = |key: &str| {
        let message = format!("property `{key}` has no value, and was left out");
        notes.warn("NULL_PROPERTY", place, message);
    };
    let license = |json: &Json, dropped: &mut dyn FnMut(&str)| match json.get("_typeName") {
        Some(_) => typed::read_license(json, &given),
        None => plain::read_license(json, &given, dropped),
    };
    if plain::member(item, "entityId").is_none() {
        return license(item, &mut dropped).map(Record::License);
    }
    let text = |name: &str| match plain::member(item, name) {
        None => Some(None),
        Some(held) => held.as_str().map(|text| Some(text.to_owned())),
    };
    let properties = plain::member(item, "properties");
    Some(Record::Assignment(LicenseAssignment {
        entity_id: text("entityId")??,
        scope: text("scope")?.filter(|scope| !scope.is_empty()),
        entity_display_name: text("entityDisplayName")?,
        assigned_license: license(plain::member(item, "assignedLicense")?, &mut dropped)?,
        properties: plain::read_list(properties, &given, &mut dropped)?,
    }))
}

/// Why an element is no record.
fn flaw(item: &Json) -> String {
    let of = plain::member(item, "assignedLicense").unwrap_or(item);
    for name in ["total", "used"] {
        let number = plain::member(of, name).and_then(Json::as_i64);
        if number.is_some_and(|number| i32::try_from(number).is_err()) {
            return format!("`{name}` exceeds int32");
        }
    }
    "this is neither a license nor an assignment, or a member has another type".to_owned()
}

#[cfg(test)]
mod tests {
    use super::{KIND, Record, read};
    use crate::api::Source;
    use crate::artefact::{Fit, Notes, Sample};

    fn records(text: &str) -> (Vec<Record>, Notes) {
        let (mut records, mut notes) = (Vec::new(), Notes::default());
        let mut input = text.as_bytes();
        read(Source::Text(&mut input), &mut notes, &mut |_, record, _| {
            records.push(record);
            Ok(())
        })
        .unwrap();
        (records, notes)
    }

    const LICENSE: &str = r#"{"licenseKey": "K", "editionKey": "e", "name": "n", "total": 2, "costUnit": "server", "properties": [], "labels": []}"#;

    #[test]
    fn both_lists_both_spellings_and_a_collected_property_are_read() {
        let (found, notes) = records(&format!("[{LICENSE}]"));
        assert!(matches!(found.as_slice(), [Record::License(info)] if info.total == 2));
        assert!(notes.complaints.is_empty());
        let (found, _) = records(&format!(
            r#"[{{"EntityId": "host-1", "Scope": "u", "AssignedLicense": {LICENSE}, "Properties": null}}]"#
        ));
        assert!(
            matches!(found.as_slice(), [Record::Assignment(held)] if held.scope.as_deref() == Some("u"))
        );
        let (found, _) = records(&format!(
            r#"[{{"name": "licenses", "op": "assign", "val": {{"_value": [{LICENSE}]}}}}]"#
        ));
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn an_empty_result_is_null_or_an_empty_list() {
        for text in ["null", "[]"] {
            let (found, notes) = records(text);
            assert!(found.is_empty() && notes.complaints.is_empty());
            assert_eq!(notes.warnings[0].code, "EMPTY_ARTEFACT");
        }
    }

    #[test]
    fn what_does_not_fit_is_complained_of_with_its_place() {
        let (_, notes) = records(
            &LICENSE
                .replace("\"total\": 2", "\"total\": 2147483648")
                .replacen('{', "[{", 1)
                .replacen("[]}", "[]}]", 1),
        );
        assert!(!notes.complaints.is_empty());
        for text in ["{}", "[1]", "[{\"licenseKey\": \"K\"", r#"[{"licenseKey": 1}]"#] {
            assert_eq!(records(text).1.complaints.count(), 1, "{text}");
        }
        let (_, notes) = records(&format!("[{}]", LICENSE.replace("2,", "2147483648,")));
        assert_eq!(notes.complaints.kept[0].message, "`total` exceeds int32");
    }

    #[test]
    fn a_file_cut_anywhere_is_complained_of_and_never_read_in_part() {
        let whole = format!("[{LICENSE}, {LICENSE}]");
        for end in 1..whole.len() {
            let (found, notes) = records(&whole[..end]);
            assert!(found.is_empty() && !notes.complaints.is_empty(), "{end}");
        }
    }

    #[test]
    fn a_list_of_licenses_is_told_by_its_content() {
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!(fit(&format!("[{LICENSE}]")), Fit::Yes(7));
        assert_eq!(fit(r#"[{"id": 1}]"#), Fit::No);
        assert_eq!(
            fit(r#"{"catalogueVersion": 1, "keys": [{"licenseKey": "K", "editionKey": "e"}]}"#),
            Fit::No
        );
    }
}
