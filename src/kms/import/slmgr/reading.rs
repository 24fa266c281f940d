//! An output read line by line with the labels of its language.

use super::labels::{Fact, Reads};
use super::lines::Row;
use super::machine::Machine;
use super::phrases::{Match, Phrases};
use super::xpr;
use crate::error::{Complaint, Place};
use crate::kms::import::Snapshot;

/// A line narrower than this was not wrapped.
const WRAPPED: usize = 60;

/// Joins what was wrapped: a line with neither label nor indent goes on with the value, or the label, of the line above it.
pub(super) fn unwrap(rows: Vec<Row>, phrases: &Phrases) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        let alone = row.is_blank() || row.indented || phrases.find(&row.text).is_some();
        match joined.last_mut().filter(|above| !alone && goes_on(above, phrases)) {
            Some(above) => above.join(&row),
            None => joined.push(row),
        }
    }
    joined
}

/// Whether the line may go on below.
fn goes_on(above: &Row, phrases: &Phrases) -> bool {
    let wrapped = !above.is_blank() && above.width >= WRAPPED && above.has_room();
    wrapped && phrases.find(&above.text).is_none_or(|found| found.is_open())
}

/// An output while it is read.
pub(super) struct Reading<'p, 'r> {
    pub(super) phrases: &'p Phrases,
    pub(super) machine: Machine<'r>,
    pub(super) snapshots: Vec<(Place, Snapshot)>,
    /// Errors that slmgr printed.
    pub(super) errors: Vec<Complaint>,
}

impl Reading<'_, '_> {
    /// Reads all lines.
    pub(super) fn rows(&mut self, rows: &[Row]) {
        let mut title = None;
        let mut unread = None;
        for row in rows.iter().filter(|row| !row.is_blank()) {
            match self.phrases.find(&row.text) {
                Some(found) => self.line(found, title.take(), row.place()),
                None if row.indented && title.is_some() && xpr::is_permanent(&row.text) => {
                    self.expiry(title.take(), 1, Some(0), row.place());
                }
                None => {
                    title = xpr::title(&row.text).filter(|_| !row.indented);
                    if title.is_none() {
                        let (_, count) = unread.get_or_insert((row.place(), 0_u64));
                        *count += 1;
                    }
                }
            }
        }
        if let Some((place, count)) = unread.filter(|_| !self.machine.is_empty()) {
            let message =
                format!("lines without a known label, from here on {count}, were left out");
            self.machine.notes.warn("lines-left-out", place, message);
        }
    }

    /// Takes what a line says.
    fn line(&mut self, found: Match<'_>, title: Option<&str>, place: Place) {
        let Match { reads, value, .. } = found;
        let absent = self.phrases.is_absent(value);
        match reads {
            Reads::Version => {
                if !self.machine.is_empty() {
                    self.end_machine();
                }
                self.machine.begin_service(value, place);
            }
            Reads::Product => self.machine.begin_product(Some(value), place),
            Reads::Value(property) | Reads::Part { property, .. } if absent => {
                self.machine.fact(property, Fact::Null, place);
            }
            Reads::Value(property) | Reads::Part { property, .. } => {
                self.machine.text(property, value, place);
            }
            Reads::Code { property, .. } => self.machine.code(property, value, place),
            Reads::Address { machine, port, of } => {
                self.machine.address((machine, port), of, value, place);
            }
            Reads::States(facts) => {
                for (property, fact) in facts {
                    self.machine.fact(property, *fact, place);
                }
            }
            Reads::Expiry { status, minutes } => {
                self.expiry(title, status, minutes, place);
                if !value.is_empty() {
                    self.machine.ends(value, place);
                }
            }
            Reads::Error => self.errors.push(error(value, place)),
            Reads::Absent | Reads::Aside => {}
        }
    }

    /// Takes the sentence of `/xpr` below the name of a product.
    fn expiry(&mut self, name: Option<&str>, status: u32, minutes: Option<u32>, place: Place) {
        self.machine.begin_product(name, place);
        self.machine.fact("LicenseStatus", Fact::Number(status), place);
        if let Some(minutes) = minutes {
            self.machine.fact("GracePeriodRemaining", Fact::Number(minutes), place);
        }
    }

    /// Ends the machine; the next line begins another one, or there is none.
    pub(super) fn end_machine(&mut self) {
        self.snapshots.extend(self.machine.end());
    }
}

/// What slmgr printed behind `Error: `; only the code is kept.
fn error(printed: &str, place: Place) -> Complaint {
    let digits: String = match printed.strip_prefix("0x") {
        Some(rest) => rest.chars().take_while(char::is_ascii_hexdigit).take(8).collect(),
        None => String::new(),
    };
    match u32::from_str_radix(&digits, 16) {
        Ok(code) => Complaint::new(place, format!("slmgr printed error `0x{code:08X}`"))
            .remedied(format!("`licctl explain 0x{code:08X}` tells what it means")),
        Err(_) => Complaint::new(place, "slmgr printed an error without a code"),
    }
}
