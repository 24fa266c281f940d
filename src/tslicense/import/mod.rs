//! Bytes to records: the objects of the licensing classes as PowerShell prints them, in JSON, as a table, as a list.
//!
//! What a record changes in the store is left to `ops`.

mod cim_csv;
mod cim_json;
mod cim_list;
mod members;
mod records;

use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};
use crate::tslicense::model::{Contact, Issued, KeyPack};
use jiff::tz::TimeZone;
use std::io::BufRead;

/// What the user said about the files.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub culture: Option<String>,
    /// The zone of local times; UTC when it is not said.
    pub zone: Option<TimeZone>,
}

/// What an artefact tells of one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    KeyPack(Box<KeyPack>),
    Issued(Box<Issued>),
    Server(Box<ToldServer>),
}

/// What an artefact tells of a license server; `None` where it is silent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToldServer {
    pub contact: Contact,
    pub role: Option<u32>,
    pub database_path: Option<String>,
    pub product_id: Option<String>,
    pub version: Option<String>,
    pub version_number: Option<String>,
}

/// A record: an object, and the server that it is of when the artefact names one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub server: Option<String>,
    pub told: Told,
}

/// What a reader hands its records to, with the place of each.
pub type Each<'f> = dyn FnMut(Place, Record, &mut Notes) -> Outcome<()> + 'f;

/// The signature of every reader.
pub type Read = fn(&mut dyn BufRead, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// A kind of artefact and the function that reads it.
#[derive(Debug)]
pub struct Reader {
    pub kind: &'static Kind,
    read: Read,
}

impl Reader {
    /// Reads a file.
    pub fn read(
        &self,
        source: Source<'_>,
        options: &Options,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) -> Outcome<()> {
        (self.read)(source.text()?, options, notes, each)
    }
}

/// Every reader of the domain.
pub static READERS: [Reader; 3] = [
    Reader { kind: &cim_json::KIND, read: cim_json::read },
    Reader { kind: &cim_csv::KIND, read: cim_csv::read },
    Reader { kind: &cim_list::KIND, read: cim_list::read },
];

/// The artefacts that the domain reads.
pub static KINDS: &[&Kind] = &[&cim_json::KIND, &cim_csv::KIND, &cim_list::KIND];

#[cfg(test)]
mod tests;
