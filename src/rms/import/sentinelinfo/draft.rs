//! A license under way: its elements as they come, what no row knows kept to the letter.

use super::super::values::{self, Read};
use super::before::Before;
use crate::artefact::Notes;
use crate::artefact::trouble::excerpt;
use crate::artefact::xml::{Leaf, Tag};
use crate::error::Place;
use crate::rms::catalog::counters::COUNTERS;
use crate::rms::catalog::elements::{
    DEFERRED_REVOCATION_TIME, Element, FEATURE_NAME, LICENSE_HASH, LICENSE_PRECEDENCE,
    LICENSE_STATE, LICENSE_STORAGE, NUM_LICENSES, TRIAL_CALENDAR_PERIOD_LEFT, TRIAL_DAYS,
    TRIAL_DAYS_COUNT, TRIAL_DAYS_LEFT, TRIAL_ELAPSED_HOURS, TRIAL_ELAPSED_PERIOD_LEFT,
    TRIAL_SECONDS, TRIAL_SECONDS_LEFT, meant,
};
use crate::rms::export::escaped;
use crate::rms::import::Options;
use crate::rms::model::license::{Elements, Extra, License, Origin, Value};
use crate::rms::rules::oddities::{Refused, oddities};
use crate::rms::rules::secrecy::holds_code;
use std::fmt::Write as _;

/// Elements by which an answer to licenseInfo is told from one to featureInfo.
static OF_LICENSES: [&Element; 5] = [
    &LICENSE_HASH,
    &LICENSE_STORAGE,
    &LICENSE_STATE,
    &LICENSE_PRECEDENCE,
    &DEFERRED_REVOCATION_TIME,
];

/// Obsolete elements, those that replaced them, and by what their values are multiplied.
static REPLACED: [(&Element, &Element, i64); 4] = [
    (&TRIAL_DAYS_COUNT, &TRIAL_DAYS, 1),
    (&TRIAL_ELAPSED_HOURS, &TRIAL_SECONDS, 3600),
    (&TRIAL_CALENDAR_PERIOD_LEFT, &TRIAL_DAYS_LEFT, 1),
    (&TRIAL_ELAPSED_PERIOD_LEFT, &TRIAL_SECONDS_LEFT, 1),
];

/// A beginning tag below a license.
pub(super) struct Begun {
    /// The row, of an element that has one.
    element: Option<&'static Element>,
    attributes: bool,
    /// Name and the tag itself, of an element without a row.
    written: Option<(String, String)>,
}

impl Begun {
    /// - `after`: the position behind that of the element before, where most answers have the next one.
    pub(super) fn of(tag: &Tag<'_>, after: usize, before: &mut Before) -> Self {
        let element = if tag.depth == 3 { before.met(after, tag.name) } else { None };
        let attributes = tag.has_attributes() && tag.attributes().next().is_some();
        let written = element.is_none().then(|| (tag.name.to_owned(), written(tag)));
        Self { element, attributes, written }
    }
}

/// A tag as it is written again; attributes that are not well-formed are left out.
fn written(tag: &Tag<'_>) -> String {
    let mut text = format!("<{}", tag.name);
    for (name, value) in tag.attributes().flatten() {
        let _ = write!(text, " {name}=\"{}\"", escaped(&value).replace('"', "&quot;"));
    }
    text.push('>');
    text
}

/// A license under way.
pub(super) struct Draft {
    pub(super) line: u64,
    /// The position behind that of the element that began last.
    pub(super) after: usize,
    elements: Elements,
    extras: Vec<Extra>,
    /// The element that is open, and where it began.
    open: Option<(&'static Element, Place)>,
    /// The element without a row that is open, and the names that are open in it.
    extra: Option<Extra>,
    names: Vec<String>,
}

impl Draft {
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            after: 0,
            elements: Elements::default(),
            extras: Vec::new(),
            open: None,
            extra: None,
            names: Vec::new(),
        }
    }

    /// Takes the beginning of an element; `text` stands before it. False when the record is spoilt.
    pub(super) fn open(
        &mut self,
        begun: Begun,
        text: &str,
        place: Place,
        notes: &mut Notes,
    ) -> bool {
        if let Some(element) = begun.element {
            if begun.attributes {
                let message = format!("the attributes of `{}` are ignored", element.name());
                notes.warn("W_UNEXPECTED_ATTRIBUTE", place, message);
            }
            self.open = Some((element, place));
            self.after = element.at + 1;
            return true;
        }
        let Some((name, tag)) = begun.written else { return true };
        if let Some((element, _)) = self.open {
            let message = format!("`{}` holds an element `{}`", element.name(), excerpt(&name));
            notes.complain(place, message);
            return false;
        }
        match &mut self.extra {
            Some(extra) => {
                extra.xml.push_str(&escaped(text));
                extra.xml.push_str(&tag);
            }
            None => {
                if COUNTERS.iter().all(|row| row.name != name) {
                    notes.warn("W_UNKNOWN_ELEMENT", place, unknown(&name));
                }
                self.extra = Some(Extra { name: name.clone(), xml: tag });
            }
        }
        self.names.push(name);
        true
    }

    /// Takes the end of an element. False when the record is spoilt.
    pub(super) fn close(&mut self, depth: usize, text: &str, notes: &mut Notes) -> bool {
        if let Some(extra) = &mut self.extra {
            extra.xml.push_str(&escaped(text));
            if let Some(name) = self.names.pop() {
                let _ = write!(extra.xml, "</{name}>");
            }
            if depth == 3 {
                self.extras.extend(self.extra.take());
            }
            return true;
        }
        if depth != 3 {
            return true;
        }
        let Some((element, place)) = self.open.take() else { return true };
        self.take((element, values::read(element, text)), place, notes)
    }

    /// Whether no element is open, so that the next one may be a leaf of the license.
    pub(super) fn is_between(&self) -> bool {
        self.open.is_none() && self.extra.is_none()
    }

    /// Takes an element as a whole. False when the record is spoilt.
    pub(super) fn leaf(
        &mut self,
        leaf: &Leaf<'_>,
        place: Place,
        before: &mut Before,
        notes: &mut Notes,
    ) -> bool {
        let Leaf { name, text, depth, again, .. } = *leaf;
        let known = if again { before.again(self.after) } else { None };
        if let Some((element, number)) = known.filter(|_| depth == 3) {
            self.after = element.at + 1;
            return self.set(element, Value::Number(number), place, notes);
        }
        if depth == 3
            && let Some(element) = before.met(self.after, name)
        {
            self.after = element.at + 1;
            return self.take((element, before.read(element, leaf)), place, notes);
        }
        let written = Some((name.to_owned(), format!("<{name}>")));
        let begun = Begun { element: None, attributes: false, written };
        self.open(begun, "", place, notes) && self.close(depth, text, notes)
    }

    fn take(
        &mut self,
        (element, read): (&'static Element, Result<Read, String>),
        place: Place,
        notes: &mut Notes,
    ) -> bool {
        match read {
            Ok((value, odd)) => {
                if let Some(odd) = odd {
                    notes.warn(odd.code(), place, odd.message(element));
                }
                value.is_none_or(|value| self.set(element, value, place, notes))
            }
            Err(why) => {
                notes.complain(place, why);
                false
            }
        }
    }

    fn set(
        &mut self,
        element: &'static Element,
        value: Value,
        place: Place,
        notes: &mut Notes,
    ) -> bool {
        match self.elements.get(element) {
            None => self.elements.set(element, value),
            Some(held) if *held == value => {
                let message = format!("`{}` stands twice", element.name());
                notes.warn("W_DUPLICATE_ELEMENT", place, message);
            }
            Some(_) => {
                let message = format!("`{}` stands twice, with two values", element.name());
                notes.complain(place, message);
                return false;
            }
        }
        true
    }

    /// Whether it is of a license rather than of a feature as a whole.
    pub(super) fn is_license(&self) -> bool {
        OF_LICENSES.iter().any(|element| self.elements.has(element))
    }

    /// The license; `None` when a complaint was made.
    pub(super) fn finish(self, options: Options, notes: &mut Notes) -> Option<License> {
        let place = Place::Line(self.line);
        let mut license = License::new(self.elements, Origin::Xml);
        license.extras = self.extras;
        replaced(&mut license.elements);
        finished(license, place, options, notes)
    }
}

/// Fills the elements that replaced obsolete ones, where they are missing.
pub(in crate::rms::import) fn replaced(elements: &mut Elements) {
    for (old, new, factor) in REPLACED {
        if let Some(Value::Number(number)) = elements.get(old)
            && !elements.has(new)
        {
            let number = number.saturating_mul(factor).min(i64::from(u32::MAX) - 1);
            elements.set(new, Value::Number(number));
        }
    }
}

/// Checks a whole record: it has a name, and what is odd about it is told.
pub(in crate::rms::import) fn finished(
    mut license: License,
    place: Place,
    options: Options,
    notes: &mut Notes,
) -> Option<License> {
    let before = license.extras.len();
    license.extras.retain(|extra| !holds_code(&extra.xml));
    if license.extras.len() < before {
        let message = "what looks like a license code is left out: codes are never kept";
        notes.warn("W_LICENSE_CODE", place, message);
    }
    if license.elements.text(&FEATURE_NAME).is_empty() {
        let message = "the license has no `featureName` (SNTL_INVALID_LICENSE, 210092)";
        notes.complain(place, message);
        return None;
    }
    let mut whole = true;
    for odd in oddities(&license.elements) {
        let refused = match odd.refused {
            Refused::Never => false,
            Refused::Strictly => options.strict,
            Refused::Always => true,
        };
        if refused {
            notes.complain(place, odd.message);
            whole = false;
        } else {
            notes.warn(odd.code, place, odd.message);
        }
    }
    if !license.elements.has(&NUM_LICENSES) {
        notes.warn("W_NO_LIMIT", place, "a license has no `numLicenses` and counts as one of 1");
    }
    whole.then_some(license)
}

/// What is said of an element without a row.
pub(in crate::rms::import) fn unknown(name: &str) -> String {
    let shown = excerpt(name);
    match meant(name) {
        Some(near) => format!("`{shown}` is unknown and kept; did you mean `{}`?", near.name()),
        None => format!("`{shown}` is unknown and kept"),
    }
}
