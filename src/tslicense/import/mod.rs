//! Bytes to records: the objects of the licensing classes as PowerShell, agents and WS-Management show them, reports, the directory's
//! records of users, and registry exports of session hosts.
//!
//! What a record changes in the store is left to `ops`.

mod checkmk;
mod cim_csv;
mod cim_json;
mod cim_list;
mod cim_table;
mod console;
mod dates;
mod directory;
mod drive;
mod entries;
mod ldif;
mod lines;
mod members;
mod records;
mod registry;
mod report;
mod sessions;
mod soap;
mod tsctst;

pub use dates::DateOrder;
pub use report::words as report_words;

use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop};
use crate::tslicense::model::report::{Class, Entry};
use crate::tslicense::model::{Activation, Contact, Issued, KeyPack, Licensing};
use jiff::tz::TimeZone;
use std::io::BufRead;

/// What the user said about the files.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub culture: Option<String>,
    /// The zone of local times; UTC when it is not said.
    pub zone: Option<TimeZone>,
    /// Whether day or month comes first in dates with slashes; told by the file when it is not said.
    pub order: Option<DateOrder>,
    /// The domain of accounts; that of their distinguished names when it is not said.
    pub netbios: Option<String>,
    /// Headers of reports in another language: what they hold, and what they are called.
    pub map: Vec<(String, String)>,
}

/// What an artefact tells of one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    KeyPack(Box<KeyPack>),
    Issued(Box<Issued>),
    Server(Box<ToldServer>),
    User(Box<ToldUser>),
    Host(Box<ToldHost>),
    Report(Box<ToldReport>),
    Entry(Box<ToldEntry>),
}

/// What an artefact tells of a license usage report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldReport {
    /// `FileName`.
    pub name: String,
    pub made: Option<Timestamp>,
    /// `ScopeType` and `ScopeValue`.
    pub scope: Option<(u32, String)>,
}

/// An entry of a report; which report it is of, no artefact tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldEntry {
    pub class: Class,
    pub entry: Entry,
}

impl ToldEntry {
    /// The license per user that an entry of that class lists.
    #[must_use]
    pub fn license(&self) -> Option<ToldUser> {
        (self.class == Class::User).then(|| ToldUser {
            user: self.entry.name.clone(),
            version: self.entry.version,
            expires: self.entry.time,
            issuer: None,
            disabled: false,
        })
    }
}

/// What an artefact tells of a session host; `None` and empty where it is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldHost {
    /// Its name, when the artefact holds it.
    pub name: Option<String>,
    pub own: Licensing,
    pub policy: Licensing,
    pub deployment: Licensing,
    /// `UseCentralLicensingSettings` of its deployment.
    pub central: Option<bool>,
    /// Who governs its mode.
    pub mode_of: Option<Governs>,
    /// Who governs its list of license servers.
    pub list_of: Option<Governs>,
    /// The list that holds, whoever governs it.
    pub holds: Vec<String>,
    /// `TerminalServerMode` 1.
    pub application_server: Option<bool>,
    /// The days of grace that were left when the artefact was made.
    pub days_left: Option<i64>,
    /// Whether it keeps a certificate of a license server.
    pub certificate: Option<bool>,
    /// `ClientHWID` of the machine, as it is written in issued licenses: five numbers of 32 bits.
    pub client: Option<String>,
}

/// Who governs a setting of a host, as its `PolicySource…` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Governs {
    Server,
    Policy,
}

/// What a directory tells of the license of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldUser {
    /// `DOMAIN\name`.
    pub user: String,
    /// `ProductVersionID`.
    pub version: u32,
    /// `None` when the user holds none.
    pub expires: Option<Timestamp>,
    /// The product ID of the license server that issued it; empty when the directory does not tell, `None` when the file is of one server.
    pub issuer: Option<String>,
    pub disabled: bool,
}

/// What an artefact tells of a license server; `None` where it is silent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToldServer {
    pub contact: Contact,
    pub role: Option<u32>,
    pub activation: Option<Activation>,
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
        let text = source.text()?;
        let old = lines::end_in_returns(text)
            .map_err(|error| Stop::Fault(anyhow::Error::new(error).context("reading the file")))?;
        if old {
            return (self.read)(&mut lines::Feeds::new(text), options, notes, each);
        }
        (self.read)(text, options, notes, each)
    }
}

/// Every reader of the domain.
pub static READERS: [Reader; 10] = [
    Reader { kind: &cim_json::KIND, read: cim_json::read },
    Reader { kind: &cim_csv::KIND, read: cim_csv::read },
    Reader { kind: &cim_list::KIND, read: cim_list::read },
    Reader { kind: &cim_table::KIND, read: cim_table::read },
    Reader { kind: &checkmk::KIND, read: checkmk::read },
    Reader { kind: &report::KIND, read: report::read },
    Reader { kind: &ldif::KIND, read: ldif::read },
    Reader { kind: &registry::KIND, read: registry::read },
    Reader { kind: &soap::KIND, read: soap::read },
    Reader { kind: &tsctst::KIND, read: tsctst::read },
];

/// The artefacts that the domain reads.
pub static KINDS: &[&Kind] = &[
    &cim_json::KIND,
    &cim_csv::KIND,
    &cim_list::KIND,
    &cim_table::KIND,
    &checkmk::KIND,
    &report::KIND,
    &ldif::KIND,
    &registry::KIND,
    &soap::KIND,
    &tsctst::KIND,
];

#[cfg(test)]
mod tests;
