//! What `Get-WmiObject` prints by itself, and `Format-List`: lines of `Name : value`, objects separated by blank lines.

use super::lines::{self, Line, Lines};
use super::members::{Object, names_a_class};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::borrow::Cow;
use std::io::BufRead;

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
    let has = |name: &str| lines::of(sample.text).any(|line| named(line, name));
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
    let mut lines = Lines::new(input);
    let mut object = Object::default();
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                return delivery.finish();
            }
            Line::End => (0, String::new()),
        };
        if text.trim().is_empty() {
            if !object.members.is_empty() {
                delivery.object(&std::mem::take(&mut object))?;
            }
            if number == 0 {
                return delivery.finish();
            }
            continue;
        }
        if let Some((name, value)) = member(&text) {
            if object.members.is_empty() {
                object.place = Place::Line(number);
            }
            object.members.push((Cow::Owned(name.to_owned()), Cow::Owned(value.to_owned())));
        } else if let Some((_, value)) =
            object.members.last_mut().filter(|_| text.starts_with([' ', '\t']))
        {
            value.to_mut().push_str(text.trim());
        } else {
            let message = "the line is neither `Name : value` nor the rest of one";
            delivery.notes.complain(Place::Line(number), message);
        }
    }
}
