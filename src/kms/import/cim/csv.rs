//! Tables of the two classes: `Export-Csv` of PowerShell and `wmic … get /format:csv`.
//!
//! The header tells the class of every row. A row with more or fewer fields than the header is a bad record: in the unquoted
//! table of wmic a comma inside a value shifts all columns behind it.

use super::object::{Class, Object, Reading};
use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::trouble::Trouble;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options};
use serde_json::Value;
use std::io::BufRead;

pub static EXPORT: Kind = Kind {
    name: "kms.cim-csv",
    title: "SoftwareLicensingService or SoftwareLicensingProduct as a table (`Get-CimInstance … | Export-Csv`)",
    binary: false,
    sniff: |sample| sniff(sample, Form::Export),
};

pub static WMIC: Kind = Kind {
    name: "kms.wmic-csv",
    title: "SoftwareLicensingService or SoftwareLicensingProduct from wmic (`wmic path … get /format:csv`)",
    binary: false,
    sniff: |sample| sniff(sample, Form::Wmic),
};

/// Which tool wrote the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Export,
    Wmic,
}

impl Form {
    /// wmic puts the machine first, under `Node`.
    fn of(header: &Header) -> Self {
        if header.column(&["Node"]) == Some(0) { Self::Wmic } else { Self::Export }
    }
}

fn sniff(sample: &Sample<'_>, form: Form) -> Fit {
    let Some(header) = Header::of(sample) else {
        return Fit::No;
    };
    let known = Class::of(|name| header.column(&[name]).is_some()).is_some();
    if known && Form::of(&header) == form { Fit::Yes(8) } else { Fit::No }
}

/// Reads a table of either tool; hands on one snapshot a machine.
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

/// Takes every row; ends early when the table cannot be read on.
fn rows(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> Result<(), Trouble> {
    let mut table = Table::open(input)?;
    let header = table.header().clone();
    if Class::of(|name| header.column(&[name]).is_some()).is_none() {
        reading.complain_of_class(Place::Whole);
        return Ok(());
    }
    let form = Form::of(&header);
    while !reading.machines.is_full() {
        match table.next() {
            Ok(Some(row)) => take(row, &header, form, reading),
            Ok(None) => break,
            Err(Trouble::Skip(place, message)) => reading.notes.complain(place, message),
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(())
}

fn take(row: Row<'_>, header: &Header, form: Form, reading: &mut Reading<'_>) {
    let place = Place::Line(row.line);
    if row.width() != header.width() {
        let message = format!("field count {}, header {}", row.width(), header.width());
        reading.notes.complain(place, message);
        return;
    }
    let members = header.titles().iter().enumerate().map(|(column, name)| {
        if form == Form::Export && is_lossy(row.get(column)) {
            let message = format!(
                "`{name}` holds `?`, which `Export-Csv` writes for letters that its encoding lacks"
            );
            reading.notes.warn("lossy-encoding", place, message);
        }
        (name.clone(), Value::from(row.get(column)), place)
    });
    let members = members.collect();
    reading.accept(Object { place, machine: None, members });
}

/// Whether letters seem to have been replaced; addresses hold question marks of their own.
fn is_lossy(value: &str) -> bool {
    value.contains('?') && !value.contains("://")
}
