//! JSON of `Get-CimInstance`, `Get-WmiObject` and `Get-KmsLicenseInfo`, as `ConvertTo-Json` writes it.
//!
//! The outermost value may be an object, a list, or several behind one another. An object that is of neither class is searched
//! for such objects: PowerShell wraps lists (`{"value": […], "Count": 2}`), and scripts put both classes into a hashtable.

use super::object::{Class, Object, Reading, is_foreign, machine_of};
use crate::artefact::json::{Element, Elements};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "kms.cim-json",
    title: "SoftwareLicensingService and SoftwareLicensingProduct as JSON (`Get-CimInstance … | ConvertTo-Json`)",
    binary: false,
    sniff,
};

/// The longest element: one object, or all objects of a machine in a wrapper.
const LONGEST_ELEMENT: usize = 16 * 1024 * 1024;

/// How many values one element may hold; the parsed tree takes some 70 bytes for each.
const MOST_VALUES: usize = 1_000_000;

fn sniff(sample: &Sample<'_>) -> Fit {
    if !sample.text.trim_start().starts_with(['{', '[']) {
        return Fit::No;
    }
    let has = |name: &str| sample.text.contains(&format!("\"{name}\""));
    if Class::of(has).is_some() { Fit::Yes(8) } else { Fit::No }
}

/// Reads JSON; hands on one snapshot a machine.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut reading = Reading::new(options, notes)?;
    let mut elements = Elements::new(input).bounded(LONGEST_ELEMENT);
    while !reading.machines.is_full() {
        match elements.next() {
            Ok(Some(element)) => take(element, &mut reading),
            Ok(None) => break,
            Err(trouble) => {
                if trouble.settle(reading.notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    reading.finish(each)
}

/// Parses one element and takes the objects in it.
fn take(element: Element<'_>, reading: &mut Reading<'_>) {
    let place = Place::Line(element.line);
    if element.text.bytes().filter(|byte| *byte == b',').count() >= MOST_VALUES {
        reading.notes.complain(place, format!("the element holds more than {MOST_VALUES} values"));
        return;
    }
    match serde_json::from_str::<Value>(element.text) {
        Ok(value) => {
            let mut search =
                Search { line: element.line, lines: lines(element), reading, found: 0 };
            search.value(value, None);
            if search.found == 0 {
                search.reading.complain_of_class(place);
            }
        }
        Err(error) => {
            let line = element.line.saturating_add(u64::try_from(error.line()).unwrap_or(1)) - 1;
            // The library puts its own line behind the message, counted from the beginning of the element.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            reading.notes.complain(Place::Line(line), format!("no valid JSON: {message}"));
        }
    }
}

/// The line of the first member of each name; exact where the element is one object. Empty when the element is one line.
fn lines(element: Element<'_>) -> HashMap<&str, u64> {
    let mut found = HashMap::new();
    if !element.text.contains('\n') {
        return found;
    }
    let mut line = element.line;
    // Where the present string, or the last one, begins and ends; whether a `:` may still follow it.
    let (mut begin, mut last, mut inside, mut escaped) = (0, None, false, false);
    for (at, byte) in element.text.bytes().enumerate() {
        line += u64::from(byte == b'\n');
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' if inside => (inside, last) = (false, element.text.get(begin..at)),
            b'"' => (inside, begin, last) = (true, at + 1, None),
            b':' if !inside => {
                if let Some(name) = last.take() {
                    found.entry(name).or_insert(line);
                }
            }
            _ => {}
        }
    }
    found
}

/// The search of one element for objects of the two classes.
struct Search<'s, 'r> {
    line: u64,
    lines: HashMap<&'s str, u64>,
    reading: &'s mut Reading<'r>,
    found: usize,
}

impl Search<'_, '_> {
    /// Takes every object in `value`; the splitter has bounded the depth.
    fn value(&mut self, value: Value, machine: Option<&str>) {
        match value {
            Value::Array(items) => items.into_iter().for_each(|item| self.value(item, machine)),
            Value::Object(members) => self.object(members, machine),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn object(&mut self, members: Map<String, Value>, machine: Option<&str>) {
        let has = |wanted: &str| members.keys().any(|name| name.eq_ignore_ascii_case(wanted));
        if Class::of(has).is_some() {
            self.found += 1;
            let members = members.into_iter().map(|(name, value)| {
                let place = self.line_of(&name);
                (name, value, place)
            });
            let object = Object {
                place: Place::Line(self.line),
                machine: machine.map(str::to_owned),
                members: members.collect(),
            };
            self.reading.accept(object);
            return;
        }
        let pairs = members.iter().map(|(name, value)| (name.as_str(), value));
        let named = machine_of(&pairs).or(machine).map(str::to_owned);
        for (name, value) in members {
            if !is_foreign(&name) {
                self.value(value, named.as_deref());
            }
        }
    }

    fn line_of(&self, name: &str) -> Place {
        Place::Line(self.lines.get(name).copied().unwrap_or(self.line))
    }
}
