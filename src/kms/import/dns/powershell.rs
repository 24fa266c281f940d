//! `Resolve-DnsName` through `ConvertTo-Json` or `Export-Csv`.

use super::{Records, bare};
use crate::artefact::csv::{Header, Table};
use crate::artefact::json::Elements;
use crate::artefact::trouble::{Next, Trouble, excerpt};
use crate::artefact::{Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::rules::srv::{Data, Record, Srv};
use serde_json::Value;
use std::io::BufRead;

/// Whether the first line names the properties of an SRV record.
pub(super) fn is_header(sample: &Sample<'_>) -> bool {
    Header::of(sample).is_some_and(|header| {
        ["Name", "NameTarget", "Port"].iter().all(|name| header.column(&[name]).is_some())
    })
}

pub(super) fn json(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Records> {
    let mut found = Records::default();
    let mut elements = Elements::new(input);
    loop {
        match elements.next() {
            Ok(Some(element)) => {
                let place = Place::Line(element.line);
                match serde_json::from_str::<Value>(element.text) {
                    Ok(value) => {
                        let read = |name: &str| match value.get(name)? {
                            Value::String(text) => Some(text.clone()),
                            Value::Number(number) => Some(number.to_string()),
                            _ => None,
                        };
                        record(read, element.line, &mut found, notes);
                    }
                    Err(_) => notes.complain(place, "no valid JSON"),
                }
            }
            Ok(None) => return Ok(found),
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    return Ok(found);
                }
            }
        }
    }
}

pub(super) fn csv(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Records> {
    let mut found = Records::default();
    if let Err(trouble) = rows(input, &mut found, notes) {
        trouble.settle(notes)?;
    }
    Ok(found)
}

fn rows(input: &mut dyn BufRead, found: &mut Records, notes: &mut Notes) -> Result<(), Trouble> {
    let mut table = Table::open(input)?;
    let header = table.header().clone();
    loop {
        match table.next() {
            Ok(Some(row)) => {
                let read = |name: &str| {
                    let column = header.column(&[name])?;
                    Some(row.get(column).to_owned()).filter(|text| !text.is_empty())
                };
                record(read, row.line, found, notes);
            }
            Ok(None) => return Ok(()),
            Err(Trouble::Skip(place, message)) => notes.complain(place, message),
            Err(trouble) => return Err(trouble),
        }
    }
}

/// Takes one object; the type stands as a word or as its number.
fn record(
    read: impl Fn(&str) -> Option<String>,
    line: u64,
    found: &mut Records,
    notes: &mut Notes,
) {
    let Some(owner) = read("Name") else {
        notes.complain(Place::Line(line), "the object has no `Name`");
        return;
    };
    let kind = read("Type").or_else(|| read("QueryType")).unwrap_or_default();
    let number = |name| read(name).and_then(|text| text.parse::<u16>().ok());
    let data = match kind.to_ascii_uppercase().as_str() {
        "SRV" | "33" => {
            let parts = (number("Priority"), number("Weight"), number("Port"), read("NameTarget"));
            let (Some(priority), Some(weight), Some(port), Some(target)) = parts else {
                let message = format!("the SRV record of `{}` is not whole", excerpt(&owner));
                notes.complain(Place::Line(line), message);
                return;
            };
            Data::Srv(Srv { priority, weight, port, target: bare(&target) })
        }
        "A" | "AAAA" | "1" | "28" => Data::Address,
        "CNAME" | "5" => Data::Alias,
        _ => return,
    };
    let ttl = read("TTL").and_then(|text| text.parse().ok());
    found.records.push(Record { owner: bare(&owner), ttl, data, line });
}
