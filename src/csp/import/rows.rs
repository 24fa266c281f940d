//! JSON artefacts as rows: the objects of an array, of a wrapper `{"value": […]}`, or one behind the other.
//!
//! What a row means is left to the readers; here it is split off, numbered, and its values are brought to types.

mod members;
mod unwrapped;

use crate::artefact::json::{Element, Elements};
use crate::artefact::trouble::Next;
use crate::artefact::{Notes, Sample};
use crate::error::{Outcome, Place};
pub(super) use members::{Values, Wanted};
use serde_json::{Map, Value};
use std::io::BufRead;
use unwrapped::{NEXT_PAGE, Unwrapped, WRAPPED};

/// The longest element: one object, or a page of objects within an array.
const LONGEST_ELEMENT: usize = 16 * 1024 * 1024;

/// How many values one element may hold; the parsed tree takes some 70 bytes for each.
const MOST_VALUES: usize = 1_000_000;

/// One object of a file.
#[derive(Debug)]
pub(super) struct Row<'r> {
    /// Of the objects of the file, counted from 1.
    pub(super) number: u64,
    /// Where the element begins.
    line: u64,
    /// The element, for finding the lines of its members.
    text: &'r str,
    pub(super) members: Map<String, Value>,
}

impl Row<'_> {
    pub(super) fn place(&self) -> Place {
        Place::Line(self.line)
    }

    /// Where the first member of this name stands; the row itself where its name cannot be found.
    pub(super) fn place_of(&self, name: &str) -> Place {
        let found = self.text.find(&format!("\"{name}\"")).and_then(|at| self.text.get(..at));
        let above = found.map_or(0, |above| above.matches('\n').count());
        Place::Line(self.line + u64::try_from(above).unwrap_or_default())
    }
}

/// What a reader does with a row; the notes are for its complaints.
pub(super) type Take<'t> = dyn FnMut(Row<'_>, &mut Notes) -> Outcome<()> + 't;

/// Splits a file into rows.
///
/// - `wanted`: the members that a row is to have.
///
/// Complains of what is no object and goes on; complains when there is nothing at all. Warns when the last page tells of another.
pub(super) fn each_row(
    input: &mut dyn BufRead,
    wanted: Wanted,
    notes: &mut Notes,
    take: &mut Take<'_>,
) -> Outcome<()> {
    let mut reading = Reading { notes, take, wanted, rows: 0, wrong: 0, next_page: None };
    reading.stream(input, 0, Level::File)?;
    let Reading { notes, rows, wrong, next_page, .. } = reading;
    if rows + wrong == 0 {
        notes.complain(Place::Whole, "the file holds no object");
    }
    if let Some(line) = next_page {
        let message = format!("more pages follow (`{NEXT_PAGE}`) that are not in the file");
        notes.warn("incomplete", Place::Line(line), message);
    }
    Ok(())
}

/// Whether a list may be wrapped once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    File,
    /// Within a page that is itself an element.
    Page,
}

struct Reading<'n, 't> {
    notes: &'n mut Notes,
    take: &'n mut Take<'t>,
    wanted: Wanted,
    rows: u64,
    /// What was complained of instead of being a row.
    wrong: u64,
    /// The line of the last page, when it tells of another.
    next_page: Option<u64>,
}

impl Reading<'_, '_> {
    /// Reads elements whose lines count from behind `above`.
    fn stream(&mut self, input: &mut dyn BufRead, above: u64, level: Level) -> Outcome<()> {
        let mut unwrapped = Unwrapped::new(input);
        let mut elements = Elements::new(&mut unwrapped).bounded(LONGEST_ELEMENT);
        loop {
            match elements.next() {
                Ok(None) => break,
                Ok(Some(element)) => self.element(element, above, level)?,
                Err(trouble) => {
                    self.wrong += 1;
                    if trouble.settle(self.notes)? == Next::Stop {
                        return Ok(());
                    }
                }
            }
        }
        let found = unwrapped.finish();
        for (line, message) in found.wrong {
            self.complain(above + line, message);
        }
        // A file without wrappers has no pages; the page that was read last speaks for the file.
        if level == Level::Page || found.next_page.is_some() {
            self.next_page = found.next_page.map(|line| above + line);
        }
        Ok(())
    }

    fn element(&mut self, element: Element<'_>, above: u64, level: Level) -> Outcome<()> {
        let line = above + element.line;
        if element.text.bytes().filter(|byte| *byte == b',').count() >= MOST_VALUES {
            self.complain(line, format!("the element holds more than {MOST_VALUES} values"));
            return Ok(());
        }
        if !element.text.starts_with('{') {
            self.complain(line, "the element is no object".to_owned());
            return Ok(());
        }
        match self.wanted.read(element.text) {
            Ok(members) => {
                // A page within an array.
                if level == Level::File && members.get(WRAPPED).is_some_and(is_list_of_objects) {
                    return self.stream(&mut element.text.as_bytes(), line - 1, Level::Page);
                }
                self.rows += 1;
                let row = Row { number: self.rows, line, text: element.text, members };
                (self.take)(row, self.notes)
            }
            Err(error) => {
                let within = u64::try_from(error.line()).unwrap_or_default().saturating_sub(1);
                self.complain(line + within, format!("no valid JSON: {}", reason(&error)));
                Ok(())
            }
        }
    }

    fn complain(&mut self, line: u64, message: String) {
        self.wrong += 1;
        self.notes.complain(Place::Line(line), message);
    }
}

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_object))
}

/// What is wrong, without the line: the parser counts it from the beginning of the element.
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Whether a file begins as JSON does and has members of all these names, in any case.
pub(super) fn has_members(sample: &Sample<'_>, names: &[&str]) -> bool {
    if !sample.text.trim_start().starts_with(['[', '{']) {
        return false;
    }
    let text = sample.text.to_ascii_lowercase();
    names.iter().all(|name| {
        let quoted = format!("\"{}\"", name.to_ascii_lowercase());
        text.match_indices(&quoted).any(|(at, found)| {
            text.get(at + found.len()..).is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    })
}

#[cfg(test)]
mod tests;
