//! LDIF, as `ldifde` and `ldapsearch` write it: the accounts of a directory with their licenses.
//!
//! Source: RFC 2849: a line that begins with a blank goes on, `::` is Base64, `#` a comment, a blank line ends an entry.

use super::lines::{self, Line, Lines};
use super::members::{Class, Object};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;
use std::io::BufRead;

/// Accounts of a directory.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.ldif",
    title: "licenses per user in the directory: LDIF of `ldifde` or `ldapsearch` with the attributes `msTS*`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let begins = |line: &str, head: &str| {
        line.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
    };
    let entry = lines::of(sample.text).any(|line| begins(line, "dn:"));
    let licenses = lines::of(sample.text).any(|line| begins(line, "msTS"));
    match (entry, licenses) {
        (true, true) => Fit::Yes(8),
        (true, false) => Fit::Near("no entry has an attribute `msTS…`"),
        _ => Fit::No,
    }
}

/// Reads the entries of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut lines = Lines::new(input);
    let (mut object, mut folded): (Object<'static>, Option<(u64, String)>) =
        (Object::default(), None);
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                return delivery.finish();
            }
            Line::End => (0, String::new()),
        };
        if let (Some((begun, held)), Some(rest)) = (&mut folded, text.strip_prefix(' ')) {
            if held.len() + rest.len() > LONGEST {
                delivery.notes.complain(Place::Line(*begun), "the value is too long");
                folded = None;
            } else {
                held.push_str(rest);
            }
            continue;
        }
        if let Some((begun, line)) = folded.take() {
            attribute(&line, begun, &mut object, &mut delivery);
        }
        if !text.trim().is_empty() {
            folded = Some((number, text));
            continue;
        }
        let whole = std::mem::take(&mut object);
        if whole.get("dn").is_some() {
            delivery.object_of(Some(Class::Account), &whole)?;
        }
        if number == 0 {
            return delivery.finish();
        }
    }
}

/// Takes a line of `name: value` or `name:: BASE64`; comments and what the reader does not know are passed over.
fn attribute(
    line: &str,
    number: u64,
    object: &mut Object<'static>,
    delivery: &mut Delivery<'_, '_, '_>,
) {
    if line.starts_with('#') || line == "-" {
        return;
    }
    let place = Place::Line(number);
    let Some((name, value)) = line.split_once(':') else {
        delivery.notes.complain(place, "the line is no `name: value`");
        return;
    };
    let value = match value.strip_prefix(':') {
        None => value.trim().to_owned(),
        Some(coded) => match STANDARD.decode(coded.trim()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => {
                delivery.notes.complain(place, format!("the Base64 of `{name}` is broken"));
                return;
            }
        },
    };
    if object.members.is_empty() {
        object.place = place;
    }
    // Groups are listed by the hundred; nothing here has two values.
    if object.get(name).is_none() && object.members.len() < 200 {
        object.members.push((Cow::Owned(name.to_owned()), Cow::Owned(value)));
    }
}
