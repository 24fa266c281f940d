//! Tables in text: a header line, then records with commas, semicolons or tabs between the fields.
//!
//! Holds one record at a time, and no record beyond [`LONGEST`]. What the columns mean is left to
//! the readers of the domains.

mod bounded;

use super::trouble::Trouble;
use super::{LONGEST, Sample};
use crate::error::Place;
use bounded::{Bounded, Field};
use csv::{ReaderBuilder, StringRecord};
use std::io::{self, BufRead, Read};

/// What may stand between fields; of equally frequent ones the first wins.
const DELIMITERS: [u8; 3] = *b",;\t";

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    delimiter: u8,
    /// Lower case, without blanks: `dateandtime`.
    names: Vec<String>,
    /// As they stand in the header.
    titles: Vec<String>,
}

impl Header {
    /// Reads the header from the beginning of a file; `None` when there is no line that could be
    /// one.
    #[must_use]
    pub fn of(sample: &Sample<'_>) -> Option<Self> {
        sample.text.lines().find(|line| !is_preamble(line)).map(Self::parse)
    }

    fn parse(line: &str) -> Self {
        let mut quoted = false;
        let mut counts = [0_usize; DELIMITERS.len()];
        for byte in line.bytes() {
            quoted ^= byte == b'"';
            for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                *count += usize::from(byte == delimiter && !quoted);
            }
        }
        let most = counts.iter().max().copied().unwrap_or_default();
        let delimiter = counts
            .iter()
            .zip(DELIMITERS)
            .find(|(count, _)| **count == most)
            .map_or(b',', |(_, byte)| byte);
        let titles = split(line, delimiter);
        Self {
            delimiter,
            names: titles.iter().map(|name| letters(name).collect()).collect(),
            titles,
        }
    }

    /// The position of the first of `names` that is a column; case and blanks do not matter.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        let is = |name: &str| self.names.iter().position(|column| letters(name).eq(column.chars()));
        names.iter().copied().find_map(is)
    }

    /// The names of the columns, as they stand in the header.
    #[must_use]
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// How many columns there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// The fields of a line of this table.
    #[must_use]
    pub fn split(&self, line: &str) -> Vec<String> {
        split(line, self.delimiter)
    }
}

/// A line that PowerShell (`#TYPE …`) or Excel (`sep=;`) puts in front of the header, or an empty
/// one.
fn is_preamble(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || (line.len() == 5 && line.starts_with("sep="))
}

/// The letters by which a name is told.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase)
}

fn split(line: &str, delimiter: u8) -> Vec<String> {
    let mut record = StringRecord::new();
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A table that is read record by record.
#[derive(Debug)]
pub struct Table<'i> {
    header: Header,
    reader: csv::Reader<Bounded<'i>>,
    record: StringRecord,
    /// Lines that the parser has not seen: those up to the header, and those left out.
    unseen: u64,
    /// The parser stops at a CR and leaves the LF to the next record, whose line it then tells too
    /// early.
    behind_cr: bool,
    first: bool,
}

/// A record of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    record: &'t StringRecord,
    /// Where it begins, counted from 1; empty lines in front of it are taken for its own.
    pub line: u64,
}

impl<'t> Row<'t> {
    /// The field at `column`, counted from 0; empty when the record is shorter.
    #[must_use]
    pub fn get(&self, column: usize) -> &'t str {
        self.record.get(column).unwrap_or_default()
    }

    /// How many fields the record has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.record.len()
    }
}

impl<'i> Table<'i> {
    /// Reads up to the end of the header.
    pub fn open(input: &'i mut dyn BufRead) -> Result<Self, Trouble> {
        let mut lines = 0;
        let mut line = String::new();
        loop {
            line.clear();
            let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
            let read = (&mut *input).take(limit).read_line(&mut line)?;
            lines += 1;
            if read == 0 {
                return Err(Trouble::End(Place::Whole, "there is no header line".to_owned()));
            }
            if read == LONGEST {
                return Err(Trouble::End(
                    Place::Line(lines),
                    format!("the header is longer than {LONGEST} bytes"),
                ));
            }
            if !is_preamble(&line) {
                break;
            }
        }
        let header = Header::parse(line.trim_end_matches(['\r', '\n']));
        let reader = ReaderBuilder::new()
            .delimiter(header.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(Bounded::new(input));
        let behind_cr = line.ends_with("\r\n");
        Ok(Self {
            header,
            reader,
            record: StringRecord::new(),
            unseen: lines,
            behind_cr,
            first: true,
        })
    }

    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Reads the next record; empty lines are passed over.
    #[expect(
        clippy::should_implement_trait,
        reason = "what it hands out borrows from it, which `Iterator` cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Row<'_>>, Trouble> {
        let before = self.reader.position().line() + self.unseen;
        let line = before + u64::from(self.behind_cr && !self.first);
        self.first = false;
        let read = self.reader.read_record(&mut self.record);
        if self.reader.get_mut().release() {
            return Err(self.leave_out(line)?);
        }
        match read {
            Ok(false) => Ok(None),
            Ok(true)
                if self.reader.get_ref().is_over() && self.record.len() < self.header.width() =>
            {
                let (width, whole) = (self.record.len(), self.header.width());
                let message = format!(
                    "the file ends in a row with {width} of {whole} fields: it was cut off"
                );
                Err(Trouble::Skip(Place::Line(line), message))
            }
            Ok(true) => Ok(Some(Row { record: &self.record, line })),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => Err(Trouble::Fault(error)),
                _ => Err(Trouble::Skip(
                    Place::Line(line),
                    "the record is not valid UTF-8".to_owned(),
                )),
            },
        }
    }

    /// Passes over the rest of a record that is too long.
    fn leave_out(&mut self, line: u64) -> io::Result<Trouble> {
        // Outside of quotes the quote of `CLOSE` is an ordinary character and stays in the field.
        let plain = self.record.iter().next_back().is_some_and(|field| field.ends_with('"'));
        let field = if plain { Field::Plain } else { Field::Quoted };
        let lines = self.reader.get_mut().pass_record(self.header.delimiter, field)?;
        // `CLOSE` itself has been counted as one line.
        self.unseen = (self.unseen + lines).saturating_sub(1);
        Ok(Trouble::Skip(Place::Line(line), format!("the record is longer than {LONGEST} bytes")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Header, Table};
    use crate::artefact::trouble::Trouble;
    use crate::artefact::{LONGEST, Sample};
    use crate::error::Place;

    /// Line and first field of each row, and the places that were complained of.
    fn rows(text: &str) -> (Vec<(u64, String)>, Vec<Place>) {
        let mut input = text.as_bytes();
        let mut table = Table::open(&mut input).unwrap();
        let (mut rows, mut complaints) = (Vec::new(), Vec::new());
        loop {
            match table.next() {
                Ok(Some(row)) => rows.push((row.line, row.get(0).to_owned())),
                Ok(None) => return (rows, complaints),
                Err(Trouble::Skip(place, _)) => complaints.push(place),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    fn told(rows: &[(u64, String)]) -> Vec<(u64, &str)> {
        rows.iter().map(|(line, field)| (*line, field.as_str())).collect()
    }

    fn header(text: &str) -> Header {
        Header::of(&Sample { name: "", bytes: text.as_bytes(), text }).unwrap()
    }

    #[test]
    fn the_delimiter_is_told_from_the_header() {
        for text in
            ["\"A\",\"B b\",\"c;d\"", "A;B b;c,d", "#TYPE x,y\r\nA\tB b\tc", "sep=;\nA;\"B b\";c"]
        {
            let header = header(text);
            assert_eq!((header.width(), header.column(&["none", "BB"])), (3, Some(1)), "{text}");
        }
    }

    #[test]
    fn a_row_tells_the_line_it_begins_on() {
        for end in ["\n", "\r\n"] {
            let text = ["#TYPE x", "A,B", "1,\"two", "lines\"", "3,4", "", "5,6", ""].join(end);
            let (rows, complaints) = rows(&text);
            assert_eq!(complaints, []);
            assert_eq!(told(&rows), [(3, "1"), (5, "3"), (6, "5")], "{end:?}");
        }
    }

    #[test]
    fn a_file_that_ends_amid_a_row_was_cut_off() {
        for (text, whole) in [
            ("A,B,C\n1,2,3\n4,5", false),
            ("A,B,C\n1,2,3\n4,5\n", true),
            ("A,B,C\n1,2,3\n4,5,6", true),
        ] {
            let complaints = if whole { Vec::new() } else { vec![Place::Line(3)] };
            assert_eq!(rows(text).1, complaints, "{text:?}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_left_out_and_the_next_one_read() {
        let long = "x".repeat(10 * LONGEST);
        for (record, lines) in [
            (format!("1,{long}"), 1),
            (format!("1,\"{long}\nq\"\"q,\n9,9\""), 3),
            (format!("{long}\",2"), 1),
        ] {
            let (rows, complaints) = rows(&format!("A,B\n1,2\n{record}\n3,4\n"));
            assert_eq!(complaints, [Place::Line(3)]);
            assert_eq!(told(&rows), [(2, "1"), (3 + lines, "3")]);
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_complaint() {
        let text = format!("A,B\n1,2\n3,\"{}", "4,5\n".repeat(LONGEST));
        let (rows, complaints) = rows(&text);
        assert_eq!((rows.len(), complaints), (1, vec![Place::Line(3)]));
    }

    #[test]
    fn a_header_without_end_is_not_held() {
        let text = "A".repeat(3 * LONGEST);
        assert!(matches!(Table::open(&mut text.as_bytes()), Err(Trouble::End(Place::Line(1), _))));
        assert!(matches!(Table::open(&mut "\n\n".as_bytes()), Err(Trouble::End(Place::Whole, _))));
    }
}
