//! `Get-CimInstance … | Export-Csv`: a table with the properties as columns, in any order.

use super::members::{Object, names_a_class};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::csv::{Header, Table};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::io::BufRead;

/// Objects of the licensing classes as a table.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.cim-csv",
    title: "license servers, key packs and issued licenses: `Get-CimInstance … | Export-Csv`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let Some(header) = Header::of(sample) else { return Fit::No };
    if names_a_class(|name| header.column(&[name]).is_some()) { Fit::Yes(8) } else { Fit::No }
}

/// Reads the rows of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut table = match Table::open(input) {
        Ok(table) => table,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let titles: Vec<String> = table.header().titles().to_vec();
    let mut delivery = Delivery::new(options, notes, each)?;
    loop {
        match table.next() {
            Ok(Some(row)) => {
                let cell = |(at, title): (usize, &String)| (title.clone(), row.get(at).to_owned());
                let members = titles.iter().enumerate().map(cell).collect();
                delivery.object(&Object { place: Place::Line(row.line), members })?;
            }
            Ok(None) => return Ok(()),
            Err(trouble) => {
                if trouble.settle(delivery.notes)? == Next::Stop {
                    return Ok(());
                }
            }
        }
    }
}
