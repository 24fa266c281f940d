//! Readers: bytes to records. They know no store and no file system.

pub mod catalogue;
mod columns;
mod csv;
mod date;
mod host;
mod json;
mod operations;
pub mod policy;
pub mod record;
mod repr;
mod table;
mod trace;
mod vim_cmd;
mod xml;

#[cfg(test)]
pub(super) mod testing;

use crate::api::Source;
use crate::artefact::trouble::excerpt;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};
use crate::vsphere::model::key::holds_key;
pub use date::DayOrder;
use record::Record;
use std::borrow::Cow;

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Default, Clone)]
pub struct Options {
    /// Which of two numbers of a date is the day.
    pub order: Option<DayOrder>,
}

/// What a reader hands its records to, with the place of each.
pub type Each<'f> = dyn FnMut(Place, Record) -> Outcome<()> + 'f;

/// A kind of artefact and the function that reads it.
pub struct Reader {
    pub kind: &'static Kind,
    pub read: fn(Source<'_>, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>,
}

/// Every reader of the domain.
pub static READERS: &[Reader] = &[
    Reader { kind: &json::GOVC, read: json::read },
    Reader { kind: &json::VIJSON, read: json::read },
    Reader { kind: &json::POWERCLI, read: json::read },
    Reader { kind: &json::PYVMOMI, read: json::read },
    Reader { kind: &operations::KIND, read: operations::read },
    Reader { kind: &xml::KIND, read: xml::read },
    Reader { kind: &trace::KIND, read: trace::read },
    Reader { kind: &table::KIND, read: table::read },
    Reader { kind: &vim_cmd::KIND, read: vim_cmd::read },
    Reader { kind: &csv::KIND, read: csv::read },
    Reader { kind: &repr::KIND, read: repr::read },
    Reader { kind: &catalogue::KIND, read: catalogue::read_records },
];

/// Their kinds.
pub static KINDS: &[&Kind] = &[
    &json::GOVC,
    &json::VIJSON,
    &json::POWERCLI,
    &json::PYVMOMI,
    &operations::KIND,
    &xml::KIND,
    &trace::KIND,
    &table::KIND,
    &vim_cmd::KIND,
    &csv::KIND,
    &repr::KIND,
    &catalogue::KIND,
];

/// A text from a file, as messages may show it: short, and without a whole key.
fn told(text: &str) -> Cow<'_, str> {
    if holds_key(text) { Cow::Borrowed("…") } else { excerpt(text) }
}

/// The kind that a host writes of itself.
pub static HOST_KIND: &Kind = &vim_cmd::KIND;

#[cfg(test)]
mod tests;
