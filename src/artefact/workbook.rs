//! Workbooks of Excel (.xlsx): each visible sheet as CSV in UTF-8, its rows on the lines that they have in the sheet.

use super::files::spool;
use crate::error::{Complaint, Outcome, Place, Stop};
use anyhow::Context;
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, IntoInnerError, Write};

/// The member that tells a workbook from other archives.
pub(super) const PART: &str = "xl/workbook.xml";

type Book = Xlsx<BufReader<File>>;

/// The visible sheets, each with its name and its cells as CSV. Dates are written as ISO 8601 says, formulas as what they came to.
///
/// Complains of a workbook that is damaged.
pub(super) fn sheets(file: File) -> Outcome<Vec<(String, File)>> {
    let mut book = Book::new(BufReader::new(file)).map_err(|error| wrong(&error))?;
    let shown = book.sheets_metadata().iter().filter(|sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    });
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let sheets = names.into_iter().map(|name| {
        let csv = sheet(&mut book, &name)?;
        Ok((name, csv))
    });
    sheets.collect()
}

fn sheet(book: &mut Book, name: &str) -> Outcome<File> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| wrong(&error))?;
    let mut lines = Lines { out: BufWriter::new(spool()?), row: 0, column: 0 };
    while let Some(cell) = cells.next_cell().map_err(|error| wrong(&error))? {
        let text = text(cell.get_value());
        if !text.is_empty() {
            lines.cell(cell.get_position(), &text).context("writing a sheet")?;
        }
    }
    Ok(lines.out.into_inner().map_err(IntoInnerError::into_error).context("writing a sheet")?)
}

/// The lines of a sheet under way: where the next cell would stand. A writer of CSV would make a record of an empty line.
struct Lines<W> {
    out: W,
    row: u32,
    column: u32,
}

impl<W: Write> Lines<W> {
    fn cell(&mut self, (row, column): (u32, u32), text: &str) -> io::Result<()> {
        while self.row < row {
            self.out.write_all(b"\n")?;
            (self.row, self.column) = (self.row + 1, 0);
        }
        while self.column < column {
            self.out.write_all(b",")?;
            self.column += 1;
        }
        if text.contains([',', '"', '\n', '\r']) {
            return write!(self.out, "\"{}\"", text.replace('"', "\"\""));
        }
        self.out.write_all(text.as_bytes())
    }
}

fn text<'c>(value: &'c DataRef<'_>) -> Cow<'c, str> {
    match value {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cow::Borrowed(text)
        }
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(number.to_string()),
        DataRef::Bool(truth) => Cow::Borrowed(if *truth { "True" } else { "False" }),
        DataRef::DateTime(time) => Cow::Owned(date(time)),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
    }
}

/// A day, with its time unless that is midnight; the clock of a workbook has no zone.
fn date(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => day,
        _ => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
    }
}

fn wrong(error: &XlsxError) -> Stop {
    let remedy = "save its sheets as CSV, and import those";
    Complaint::new(Place::Whole, format!("the workbook cannot be read: {error}"))
        .remedied(remedy)
        .into()
}
