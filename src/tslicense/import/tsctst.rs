//! What `tsctst` prints of the licenses that a client keeps: lines of `Name : value`, one block a license.
//!
//! A block is an entry of a report, for it lacks the numbers that a license server knows the license by.

use super::lines::{self, Line, Lines};
use super::members::{Class, Object};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::tslicense::model::report;
use std::borrow::Cow;
use std::io::BufRead;

/// Licenses of a client.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.tsctst",
    title: "licenses that a client keeps: the output of `tsctst`",
    binary: false,
    sniff,
};

/// What a line holds: its name in lower case, and the property that it stands for.
static LINES: [(&str, &str); 7] = [
    ("license id", "CALType"),
    ("hwid", "sHardwareId"),
    ("hardware id", "sHardwareId"),
    ("issued to machine", "sIssuedToComputer"),
    ("issued to computer", "sIssuedToComputer"),
    ("expires on", "ExpirationDate"),
    ("issuer", "PSComputerName"),
];

/// The property and the value of a line.
fn member(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("LICENSE:").unwrap_or(line);
    let (name, value) = line.split_once(':')?;
    let name = name.trim().to_lowercase();
    let (_, property) = LINES.iter().find(|(known, _)| *known == name)?;
    Some((property, value.trim()))
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |property: &str| {
        lines::of(sample.text).filter_map(member).any(|(known, _)| known == property)
    };
    if has("CALType") && has("ExpirationDate") && has("sHardwareId") {
        Fit::Yes(6)
    } else {
        Fit::No
    }
}

/// Reads the licenses of a client; the hardware ID stands once, before them.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut lines = Lines::new(input);
    let (mut object, mut hardware) = (Object::default(), String::new());
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                return delivery.finish();
            }
            Line::End => {
                hand_on(object, &hardware, &mut delivery)?;
                return delivery.finish();
            }
        };
        let Some((property, value)) = member(&text) else { continue };
        if property == "sHardwareId" {
            value.clone_into(&mut hardware);
            continue;
        }
        if object.get(property).is_some() {
            // A name that comes again begins the next license.
            hand_on(std::mem::take(&mut object), &hardware, &mut delivery)?;
        }
        if object.members.is_empty() {
            object.place = Place::Line(number);
        }
        object.members.push((Cow::Borrowed(property), Cow::Owned(value.to_owned())));
    }
}

/// Hands on a license, unless the block holds none.
fn hand_on(
    mut object: Object<'static>,
    hardware: &str,
    delivery: &mut Delivery<'_, '_, '_>,
) -> Outcome<()> {
    if object.get("CALType").is_none() {
        return Ok(());
    }
    object.members.push((Cow::Borrowed("sHardwareId"), Cow::Owned(hardware.to_owned())));
    delivery.object_of(Some(Class::Entry(report::Class::Device)), &object)
}
