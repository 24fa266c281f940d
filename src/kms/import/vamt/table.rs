//! Tables of VAMT: its grid saved as CSV, and `Get-VamtProduct | Export-Csv`. Their columns vary with the user's view.

use super::{Draft, Means, Reading, means};
use crate::artefact::csv::{Header, Table};
use crate::artefact::trouble::Trouble;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "kms.vamt-csv",
    title: "products of VAMT as a table (its grid, or `Get-VamtProduct | Export-Csv`)",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    Header::of(sample)
        .map_or(Fit::No, |header| if is_known(&header) { Fit::Yes(7) } else { Fit::No })
}

/// Whether the columns are those of VAMT: a machine, a product and its status. The classes have columns of their own.
fn is_known(header: &Header) -> bool {
    let has = |wanted: fn(Means) -> bool| {
        header.titles().iter().filter_map(|title| means(title)).any(wanted)
    };
    let machine = has(|means| matches!(means, Means::Machine(..2)));
    let product = header.column(&["ProductName"]).is_some();
    let class = header.column(&["KeyManagementServiceTotalRequests", "CimClass"]).is_some();
    machine && product && header.column(&["LicenseStatus"]).is_some() && !class
}

/// Reads a table; hands on one snapshot a machine.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut reading = Reading::new(options, notes)?;
    if let Err(trouble) = rows(input, &mut reading) {
        trouble.settle(reading.notes)?;
    }
    reading.finish(each)
}

fn rows(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> Result<(), Trouble> {
    let mut table = Table::open(input)?;
    let header = table.header().clone();
    for title in header.titles().iter().filter(|title| means(title).is_none()) {
        reading.unknown(title);
    }
    while !reading.machines.is_full() {
        let row = match table.next() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(Trouble::Skip(place, message)) => {
                reading.notes.complain(place, message);
                continue;
            }
            Err(trouble) => return Err(trouble),
        };
        let place = Place::Line(row.line);
        if row.width() != header.width() {
            let message = format!("field count {}, header {}", row.width(), header.width());
            reading.notes.complain(place, message);
            continue;
        }
        let mut draft = Draft::default();
        for (column, title) in header.titles().iter().enumerate() {
            if means(title).is_some() {
                reading.take(&mut draft, title, row.get(column), place);
            }
        }
        reading.keep(draft, place);
    }
    Ok(())
}
