//! `Get-CimInstance … | ConvertTo-Json`, and the same of `Get-WmiObject`: an array, one object, or a wrapper with a count.

use super::members::{Object, names_a_class};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::json::Elements;
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::BufRead;

/// Objects of the licensing classes as JSON.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.cim-json",
    title: "license servers, key packs and issued licenses: `Get-CimInstance … | ConvertTo-Json`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |name: &str| sample.text.contains(&format!("\"{name}\""));
    let begins = sample.text.trim_start().starts_with(['[', '{']);
    if begins && names_a_class(has) { Fit::Yes(9) } else { Fit::No }
}

/// The longest element: a whole export within the wrapper of Windows PowerShell 5.1.
const LONGEST: usize = 64 * 1024 * 1024;

/// The members that hold the objects of a wrapper.
static WRAPPED: [&str; 7] = [
    "value",
    "items",
    "ReportEntries",
    "ReportPerDeviceEntries",
    "ReportFailedPerUserEntries",
    "ReportFailedPerUserSummaryEntries",
    "ReportSummaryEntries",
];

/// Reads the objects of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut elements = Elements::new(input).bounded(LONGEST);
    loop {
        let trouble = match elements.next() {
            Ok(None) => return delivery.finish(),
            Ok(Some(element)) => match serde_json::from_str::<Value>(element.text) {
                Ok(value) => {
                    value_of(&value, Place::Line(element.line), &mut delivery)?;
                    continue;
                }
                Err(error) => {
                    let message = error.to_string();
                    let reason = message.split(" at line ").next().unwrap_or_default();
                    let within = u64::try_from(error.line()).unwrap_or_default().saturating_sub(1);
                    Trouble::Skip(
                        Place::Line(element.line + within),
                        format!("no valid JSON: {reason}"),
                    )
                }
            },
            Err(trouble) => trouble,
        };
        if trouble.settle(delivery.notes)? == Next::Stop {
            return delivery.finish();
        }
    }
}

fn value_of(value: &Value, place: Place, delivery: &mut Delivery<'_, '_, '_>) -> Outcome<()> {
    match value {
        // What licctl itself prints is a list under `items`, or a page of a report under the name of its class.
        Value::Object(members) => {
            match WRAPPED.iter().find_map(|name| members.get(*name).and_then(Value::as_array)) {
                Some(items) => items.iter().try_for_each(|item| value_of(item, place, delivery)),
                None => delivery.object(&object(members, place)),
            }
        }
        _ => {
            delivery.notes.complain(place, "the element is no object");
            Ok(())
        }
    }
}

/// The members that hold something; of objects within, those one level below, dotted; of lists, each text.
fn object(members: &Map<String, Value>, place: Place) -> Object<'_> {
    let mut held = Vec::new();
    for (name, value) in members {
        let name = Cow::Borrowed(name.as_str());
        match value {
            Value::Object(inner) => {
                // PowerShell wraps a date that it decorated, and a SID.
                let date = inner.get("value").and_then(text);
                held.extend(date.map(|text| (name.clone(), text)));
                let below = inner.iter().filter_map(|(below, value)| {
                    text(value).map(|text| (Cow::Owned(format!("{name}.{below}")), text))
                });
                held.extend(below);
            }
            Value::Array(items) => {
                held.extend(items.iter().filter_map(text).map(|text| (name.clone(), text)));
            }
            other => held.extend(text(other).map(|text| (name, text))),
        }
    }
    Object { place, members: held }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        _ => None,
    }
}
