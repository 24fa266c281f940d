//! The section `rds_licenses` of a Checkmk agent.
//!
//! The script in `VBScript` announces a column that it never prints: short rows are no mistake. What lacks is derived.

use super::lines::{self, Line, Lines};
use super::members::{Class, Object, missing};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::borrow::Cow;
use std::io::BufRead;

/// The output of an agent.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.checkmk",
    title: "key packs in the output of a Checkmk agent: section `rds_licenses`",
    binary: false,
    sniff,
};

const SECTION: &str = "<<<rds_licenses";

fn sniff(sample: &Sample<'_>) -> Fit {
    if lines::of(sample.text).any(|line| line.starts_with(SECTION)) { Fit::Yes(9) } else { Fit::No }
}

/// Reads the rows of the section; other sections are passed over.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut lines = Lines::new(input);
    let (mut server, mut inside, mut header) = (None, false, Vec::<String>::new());
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                return delivery.finish();
            }
            Line::End => return delivery.finish(),
        };
        let place = Place::Line(number);
        if text.starts_with("<<<") {
            inside = text.starts_with(SECTION);
            header.clear();
        } else if let Some(name) = text.strip_prefix("Hostname:") {
            server = Some(name.trim().to_owned());
        } else if inside && !text.trim().is_empty() {
            let cells: Vec<String> = text.split(',').map(|cell| cell.trim().to_owned()).collect();
            if header.is_empty() {
                header = cells;
                let has = |name: &str| header.iter().any(|title| title.eq_ignore_ascii_case(name));
                let lacking = missing(Class::KeyPack, has);
                if !lacking.is_empty() {
                    let message = format!("the section has no column `{}`", lacking.join("`, `"));
                    delivery.refuse(place, message, "update the agent's script `rds_licenses`");
                    return delivery.finish();
                }
                continue;
            }
            let own = |text: &String| Cow::Owned(text.clone());
            let named = server.iter().map(|name| (Cow::Borrowed("PSComputerName"), own(name)));
            let told = header.iter().zip(&cells).map(|(title, cell)| (own(title), own(cell)));
            let object = Object { place, members: told.chain(named).collect() };
            delivery.object_of(Some(Class::KeyPack), &object)?;
        }
    }
}
