//! `Format-Table` as text: a header line, values below it in columns.
//!
//! Numbers are right-aligned, texts begin below their header. A table that the screen wrapped into several blocks is not joined.

use super::lines::{self, Line, Lines};
use super::members::{Object, class_of, missing, names_a_class};
use super::records::{Delivery, is_number};
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::borrow::Cow;
use std::io::BufRead;

/// Objects of the licensing classes as tables for people.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.cim-table",
    title: "license servers, key packs and issued licenses: `Get-CimInstance … | Format-Table` as text",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let header = |line: &str| !columns(cut(line)).is_empty();
    if lines::of(sample.text).take(40).any(header) { Fit::Yes(6) } else { Fit::No }
}

/// A line without the `#` that a comment puts in front of it.
fn cut(line: &str) -> &str {
    line.strip_prefix('#').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
}

/// A column: its name, and the first and last place of it in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    first: usize,
    last: usize,
}

/// The columns of a header line; empty when the line is none.
fn columns(line: &str) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    if line.contains(['\t', ',', ';']) {
        return found;
    }
    let mut begun: Option<Column> = None;
    for (at, letter) in line.chars().chain([' ']).enumerate() {
        match (&mut begun, letter.is_whitespace()) {
            (None, true) => {}
            (None, false) => {
                begun = Some(Column { name: letter.to_string(), first: at, last: at });
            }
            (Some(column), false) => {
                column.name.push(letter);
                column.last = at;
            }
            (Some(_), true) => found.extend(begun.take()),
        }
    }
    let has = |name: &str| found.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let key = ["KeyPackId", "LicenseId"].iter().any(|name| has(name));
    let numbers = found.iter().filter(|column| is_number(&column.name)).count();
    if names_a_class(has) || (key && numbers > 1) { found } else { Vec::new() }
}

/// Where the value of a column begins and ends in a line; `None` when it is empty.
fn span(line: &[char], column: &Column) -> Option<(usize, usize)> {
    let filled = |at: usize| line.get(at).is_some_and(|letter| !letter.is_whitespace());
    let inside =
        if !is_number(&column.name) || !filled(column.last) { column.first } else { column.last };
    if !filled(inside) {
        return None;
    }
    let first = (0..inside).rev().take_while(|at| filled(*at)).last().unwrap_or(inside);
    let end = (inside..line.len()).find(|at| !filled(*at)).unwrap_or(line.len());
    Some((first, end))
}

/// The values of a line, column by column.
fn values(line: &str, columns: &[Column]) -> Vec<(String, String)> {
    let letters: Vec<char> = line.chars().collect();
    let begin = |column: &Column| {
        if is_number(&column.name) {
            span(&letters, column).map_or(column.first, |(first, _)| first)
        } else {
            column.first
        }
    };
    let mut found = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let (first, end) = if is_number(&column.name) {
            span(&letters, column).unwrap_or_default()
        } else {
            (column.first, columns.get(at + 1).map_or(letters.len(), begin))
        };
        let text: String = letters.iter().take(end).skip(first).collect();
        found.push((column.name.clone(), text.trim().to_owned()));
    }
    found
}

/// Reads the rows of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut lines = Lines::new(input);
    let mut table: Vec<Column> = Vec::new();
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                return delivery.finish();
            }
            Line::End => return delivery.finish(),
        };
        let line = cut(&text);
        let place = Place::Line(number);
        if line.trim().is_empty() {
            table.clear();
        } else if table.is_empty() {
            table = columns(line);
            header(&table, place, &mut delivery);
        } else if line.chars().any(|letter| letter != '-' && !letter.is_whitespace()) {
            let members = values(line, &table)
                .into_iter()
                .map(|(name, text)| (Cow::Owned(name), Cow::Owned(text)))
                .collect();
            delivery.object(&Object { place, members })?;
        }
    }
}

/// Refuses a table that lacks what no object is without.
fn header(table: &[Column], place: Place, delivery: &mut Delivery<'_, '_, '_>) {
    let has = |name: &str| table.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    if table.is_empty() {
        return;
    }
    let lacking = match class_of(has) {
        Some(class) => missing(class, has),
        None => vec!["KeyPackType", "TotalLicenses"],
    };
    if !lacking.is_empty() {
        let message = format!("the table has no column `{}`", lacking.join("`, `"));
        let remedy = "the screen was too narrow: print with `Format-List`, or `ConvertTo-Json`";
        delivery.refuse(place, message, remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::{columns, values};

    #[test]
    fn numbers_end_below_their_header_and_texts_begin_below_it() {
        let header =
            "KeyPackId Description KeyPackType ProductType ProductVersion      TotalLicenses";
        let table = columns(header);
        assert_eq!(table.len(), 6);
        let row = "        3 C50-10.01-S           5           1 Windows Server 2019            50";
        let found: Vec<String> = values(row, &table).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, ["3", "C50-10.01-S", "5", "1", "Windows Server 2019", "50"]);
        let left = "3         C50-10.01-S 5           1           Windows Server 2019 50";
        let found: Vec<String> = values(left, &table).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, ["3", "C50-10.01-S", "5", "1", "Windows Server 2019", "50"]);
    }

    #[test]
    fn a_number_wider_than_its_header_is_whole() {
        let table = columns("KeyPackId KeyPackType TotalLicenses");
        let row = "        4           4    4294967295";
        assert_eq!(values(row, &table)[2].1, "4294967295");
    }
}
