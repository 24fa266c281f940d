//! Lists of the two classes: `Format-List` of PowerShell (`Name   : Value`) and `wmic … get /format:list` (`Name=Value`).
//!
//! An empty line ends an object; in a list whose every line is followed by an empty one, a longer gap does.

use super::object::{Class, Object, Reading};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::lines::{Line, Lines};
use crate::kms::import::{Each, Options};
use serde_json::Value;
use std::io::BufRead;

pub static FORMAT_LIST: Kind = Kind {
    name: "kms.cim-list",
    title: "SoftwareLicensingService or SoftwareLicensingProduct as a list (`Get-CimInstance … | Format-List *`)",
    binary: false,
    sniff: |sample| sniff(sample, Form::Colon),
};

pub static WMIC: Kind = Kind {
    name: "kms.wmic-list",
    title: "SoftwareLicensingService or SoftwareLicensingProduct from wmic (`wmic path … get /format:list`)",
    binary: false,
    sniff: |sample| sniff(sample, Form::Equals),
};

/// How many properties one object may have, and bytes of text; the classes have some sixty.
const MOST_MEMBERS: usize = 1_000;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What stands between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Colon,
    Equals,
}

/// A line that begins a property.
struct Property<'l> {
    name: &'l str,
    value: &'l str,
    /// Where the value begins; what is wrapped is indented as far.
    column: usize,
}

impl Form {
    /// Splits a line into name and value; `None` when it does not begin a property.
    fn split(self, line: &str) -> Option<Property<'_>> {
        let (name, value) = match self {
            // A colon with a blank in front of it: the names are padded. An empty value may have lost the blank behind it.
            Self::Colon => {
                let (name, value) = line.split_once(':')?;
                let padded = name.ends_with(' ') && (value.is_empty() || value.starts_with(' '));
                if !padded {
                    return None;
                }
                (name, value)
            }
            Self::Equals => line.split_once('=')?,
        };
        let column = line.len() - value.trim_start().len();
        let bare = name.trim_end();
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let named = !bare.is_empty() && bare.chars().all(word);
        named.then_some(Property { name: bare, value, column })
    }
}

fn sniff(sample: &Sample<'_>, form: Form) -> Fit {
    let lines = sample.text.split(['\r', '\n']).map(|line| line.trim_start_matches('\u{feff}'));
    let names: Vec<&str> =
        lines.filter_map(|line| form.split(line)).map(|line| line.name).collect();
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    if Class::of(has).is_some() { Fit::Yes(8) } else { Fit::No }
}

/// Reads the list of `Format-List`; hands on one snapshot a machine.
pub fn read_format_list(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    read(Form::Colon, input, Reading::new(options, notes)?, each)
}

/// Reads the list of wmic; hands on one snapshot a machine.
pub fn read_wmic(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    read(Form::Equals, input, Reading::new(options, notes)?, each)
}

fn read(
    form: Form,
    input: &mut dyn BufRead,
    reading: Reading<'_>,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let mut list = List { form, reading, object: None, blank: 0, doubled: None };
    while !list.reading.machines.is_full() {
        match lines.next() {
            Ok(Some(line)) => list.line(&line),
            Ok(None) => break,
            Err(trouble) => {
                if trouble.settle(list.reading.notes)? == Next::Stop {
                    break;
                }
                list.spoil();
            }
        }
    }
    list.close();
    list.reading.finish(each)
}

/// A list while it is read.
struct List<'r> {
    form: Form,
    reading: Reading<'r>,
    object: Option<Current>,
    /// Empty lines since the last other one.
    blank: usize,
    /// Whether an empty line follows every line, as conversions of line ends make it; told from the first two properties.
    doubled: Option<bool>,
}

/// The object that the present line belongs to.
struct Current {
    place: Place,
    members: Vec<(String, String, Place)>,
    /// Where the value of the last member begins.
    column: usize,
    /// Whether that value has a blank so far.
    spaced: bool,
    /// Of names and values.
    bytes: usize,
    /// A line of it could not be read.
    bad: bool,
}

impl List<'_> {
    fn line(&mut self, line: &Line) {
        let text = line.text.trim_start_matches('\u{feff}').trim_end();
        if text.trim_start().is_empty() {
            self.blank += 1;
            return;
        }
        let blank = std::mem::take(&mut self.blank);
        let place = Place::Line(line.number);
        let property = self.form.split(text);
        self.divide(blank, property.as_ref());
        if let Some(property) = property {
            self.begin(&property, place);
        } else if !self.goes_on(text) {
            let wanted = match self.form {
                Form::Colon => "`Name : Value`",
                Form::Equals => "`Name=Value`",
            };
            self.reading.notes.complain(place, format!("the line is not {wanted}"));
            self.spoil();
        }
    }

    fn begin(&mut self, property: &Property<'_>, place: Place) {
        let current = self.object.get_or_insert_with(|| Current::at(place));
        current.column = property.column;
        let value = property.value.trim().to_owned();
        current.spaced = value.contains(' ');
        current.bytes += property.name.len() + value.len();
        current.members.push((property.name.to_owned(), value, place));
        self.bound();
    }

    /// Gives the object up when it is too large.
    fn bound(&mut self) {
        let large =
            |object: &&Current| object.members.len() > MOST_MEMBERS || object.bytes > MOST_BYTES;
        if let Some(object) = self.object.as_ref().filter(large) {
            let message =
                format!("the object has more than {MOST_MEMBERS} properties or {MOST_BYTES} bytes");
            self.reading.notes.complain(object.place, message);
            self.object = None;
        }
    }

    /// Takes a line of `Format-List` as the rest of the last value, when it is indented as far.
    fn goes_on(&mut self, line: &str) -> bool {
        let object = self.object.as_mut().filter(|_| self.form == Form::Colon);
        let taken = object.is_some_and(|object| object.goes_on(line));
        self.bound();
        taken
    }

    /// Ends the object when the present line belongs to the next one.
    fn divide(&mut self, blank: usize, property: Option<&Property<'_>>) {
        let Some(current) = &self.object else { return };
        if self.doubled.is_none() && property.is_some() && current.members.len() == 1 {
            self.doubled = Some(blank > 0);
        }
        let gap = if self.doubled == Some(true) { 2 } else { 1 };
        let repeated = property.is_some_and(|property| current.has(property.name));
        if blank >= gap || repeated {
            self.close();
        }
    }

    /// Hands the object over, unless a line of it could not be read.
    fn close(&mut self) {
        let Some(current) = self.object.take().filter(|current| !current.bad) else {
            return;
        };
        let members = current.members.into_iter();
        let members = members.map(|(name, value, place)| (name, Value::from(value), place));
        let object = Object { place: current.place, machine: None, members: members.collect() };
        self.reading.accept(object);
    }

    fn spoil(&mut self) {
        if let Some(current) = &mut self.object {
            current.bad = true;
        }
    }
}

impl Current {
    fn at(place: Place) -> Self {
        Self { place, members: Vec::new(), column: 0, spaced: false, bytes: 0, bad: false }
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, ..)| known.eq_ignore_ascii_case(name))
    }

    fn goes_on(&mut self, line: &str) -> bool {
        let rest = line.trim_start();
        let Some((_, value, _)) = self.members.last_mut() else {
            return false;
        };
        if line.len() - rest.len() < self.column {
            return false;
        }
        // Words are wrapped at blanks, which are lost; what has none is cut where the line is full.
        if self.spaced {
            value.push(' ');
        }
        self.spaced |= rest.contains(' ');
        value.push_str(rest);
        self.bytes += rest.len() + 1;
        true
    }
}
