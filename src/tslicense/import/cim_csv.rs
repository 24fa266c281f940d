//! `Get-CimInstance … | Export-Csv`: a table with the properties as columns, in any order.

use super::members::{Class, Object, class_of, is_passed, missing, names_a_class};
use super::records::{Delivery, is_known};
use super::{Each, Options};
use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::wording::many;
use std::borrow::Cow;
use std::io::BufRead;

/// Objects of the licensing classes as a table.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.cim-csv",
    title: "license servers, key packs, issued licenses, accounts: `Get-… | Export-Csv`",
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
    let header = table.header().clone();
    let titles: Vec<String> = header.titles().to_vec();
    let mut delivery = Delivery::new(options, notes, each)?;
    let class = class_of(|name| header.column(&[name]).is_some());
    if !columns(class, &header, &mut delivery) {
        return delivery.finish();
    }
    loop {
        if delivery.is_refused() {
            return delivery.finish();
        }
        match table.next() {
            Ok(Some(row)) => {
                if let Some(object) = object(&row, &titles, &mut delivery) {
                    delivery.object_of(class.or_else(|| object.class()), &object)?;
                }
            }
            Ok(None) => return delivery.finish(),
            Err(trouble) => {
                if trouble.settle(delivery.notes)? == Next::Stop {
                    return delivery.finish();
                }
            }
        }
    }
}

/// Whether the columns are those of a class; says which are missing, and which nobody reads.
fn columns(class: Option<Class>, header: &Header, delivery: &mut Delivery<'_, '_, '_>) -> bool {
    let has = |name: &str| header.column(&[name]).is_some();
    let lacking = class.map(|class| missing(class, has)).unwrap_or_default();
    if !lacking.is_empty() {
        let message = format!("the table has no column `{}`", lacking.join("`, `"));
        let remedy = "export every property: leave `Select-Object` out, or name the column in it";
        delivery.refuse(Place::Whole, message, remedy);
        return false;
    }
    // Of accounts and of session hosts most properties have nothing to do with licenses.
    let partly = matches!(class, Some(Class::Account | Class::Setting | Class::Deployment));
    let unknown: Vec<&str> = header
        .titles()
        .iter()
        .map(String::as_str)
        .filter(|title| !partly && !is_passed(title) && !is_known(title))
        .take(5)
        .collect();
    if !unknown.is_empty() {
        let message = format!("not read: `{}`", unknown.join("`, `"));
        delivery.notes.warn("UNKNOWN_COLUMN", Place::Whole, message);
    }
    true
}

/// The row as an object; `None` when it is none, of which is complained.
fn object<'t>(
    row: &Row<'t>,
    titles: &'t [String],
    delivery: &mut Delivery<'_, '_, '_>,
) -> Option<Object<'t>> {
    let place = Place::Line(row.line);
    let again = titles.iter().enumerate().all(|(at, title)| row.get(at) == title);
    if again || row.get(0).starts_with("#TYPE") {
        delivery.notes.warn("HEADER_AGAIN", place, "the header comes again: exports put together");
        return None;
    }
    if row.width() != titles.len() {
        let cells = (0..row.width()).filter(|at| is_known(row.get(*at)) || is_passed(row.get(*at)));
        if cells.count() > 1 {
            let message = "a second table with other columns begins here";
            delivery.refuse(place, message, "import each export as a file of its own");
            return None;
        }
        let width = many(u64::try_from(row.width()).unwrap_or(u64::MAX), "field");
        let message = format!("the row has {width}, the header {}", titles.len());
        let remedy = "the row was cut, or a delimiter stands in a field without quotes";
        delivery.notes.complain_with(place, message, remedy);
        return None;
    }
    let cells = titles.iter().enumerate();
    let members = cells
        .map(|(at, title)| (Cow::Borrowed(title.as_str()), Cow::Borrowed(row.get(at))))
        .collect();
    Some(Object { place, members })
}
