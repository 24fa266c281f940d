//! What `Get-WmiObject` prints by itself, and `Format-List`: lines of `Name : value`, objects separated by blank lines.

use super::members::{Object, names_a_class};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place, Stop};
use std::io::{BufRead, Read as _};

/// Objects of the licensing classes as lists.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.cim-list",
    title: "license servers, key packs and issued licenses: `Get-WmiObject …` or `Format-List` as text",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let named = |line: &str, name: &str| {
        member(line).is_some_and(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let has = |name: &str| sample.text.lines().any(|line| named(line, name));
    if names_a_class(has) { Fit::Yes(7) } else { Fit::No }
}

/// A line of `Name : value`.
fn member(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let word =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (word && !line.starts_with([' ', '\t'])).then_some((name, value.trim()))
}

/// Reads the objects of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    let (mut object, mut number) = (Object::default(), 0);
    let mut line = String::new();
    loop {
        line.clear();
        let read = (&mut *input).take(limit).read_line(&mut line);
        let read = read
            .map_err(|error| Stop::Fault(anyhow::Error::new(error).context("reading the file")))?;
        number += 1;
        if read == LONGEST {
            delivery.notes.complain(Place::Line(number), "the line is too long");
            return Ok(());
        }
        let text = line.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            if !object.members.is_empty() {
                delivery.object(&std::mem::take(&mut object))?;
            }
            if read == 0 {
                return Ok(());
            }
            continue;
        }
        if let Some((name, value)) = member(text) {
            if object.members.is_empty() {
                object.place = Place::Line(number);
            }
            object.members.push((name.to_owned(), value.to_owned()));
        } else if let Some((_, value)) =
            object.members.last_mut().filter(|_| text.starts_with([' ', '\t']))
        {
            value.push_str(text.trim());
        } else {
            let message = "the line is neither `Name : value` nor the rest of one";
            delivery.notes.complain(Place::Line(number), message);
        }
    }
}
