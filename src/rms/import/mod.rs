//! Readers: bytes to records. They know no store, no files and no clock.

mod documents;
pub mod json;
pub mod request;
pub mod sentinelinfo;
pub mod values;

use super::model::license::License;
use super::model::server::ServerInfo;
use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether what is odd is refused.
    pub strict: bool,
}

/// One thing that an artefact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A license of the table. Boxed: it is large.
    License(Box<License>),
    /// The License Manager itself.
    Server(Box<Told>),
    /// Something that is read and not kept; it is counted and nothing else.
    Skipped,
}

/// What an artefact tells of a License Manager.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// What it is called, when the artefact says so.
    pub name: Option<String>,
    pub info: ServerInfo,
}

/// What a reader hands its records to, with the place of each.
pub type Each<'f> = dyn FnMut(Place, Record) -> Outcome<()> + 'f;

/// A kind of artefact and the function that reads it.
pub struct Reader {
    pub kind: &'static Kind,
    pub read: fn(Source<'_>, Options, &mut Notes, &mut Each<'_>) -> Outcome<()>,
}

/// Every reader of the domain.
pub static READERS: &[Reader] = &[
    Reader {
        kind: &sentinelinfo::KIND,
        read: |source, options, notes, each| {
            sentinelinfo::read(source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &json::KIND,
        read: |source, options, notes, each| json::read(source.text()?, options, notes, each),
    },
];

/// Their kinds.
pub static KINDS: &[&Kind] = &[&sentinelinfo::KIND, &json::KIND];
