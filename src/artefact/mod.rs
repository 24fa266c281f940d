//! Artefacts: files that the real systems write. Opens them as decoded, bounded streams, tells their kind, writes files whole.
//!
//! Readers stand in the `import` rooms of the domains; they get a stream from here and hand back records, places and notes.

pub mod archive;
pub mod csv;
pub mod culture;
pub mod files;
pub mod json;
pub mod lenient;
pub mod text;
pub mod trouble;
mod workbook;
pub mod write;
pub mod xml;

use crate::error::{Complaint, Complaints, Place, Warning};

/// The largest document that a reader may hold in memory: 256 MiB.
pub const HELD: u64 = 256 * 1024 * 1024;

/// The longest line, field or element text that a streaming reader accepts: 1 MiB.
pub const LONGEST: usize = 1024 * 1024;

/// The deepest nesting that a reader follows.
pub const DEEPEST: usize = 64;

/// The beginning of a file, by which its kind is told.
#[derive(Debug)]
pub struct Sample<'a> {
    /// File name without folders; only for messages, never to tell the kind.
    pub name: &'a str,
    /// The first 64 KiB as they stand in the file.
    pub bytes: &'a [u8],
    /// The same decoded, without byte order mark; empty when the file is binary.
    pub text: &'a str,
}

/// How well a file fits an importer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is something else.
    No,
    /// It is related, but not readable: why, as a phrase for "came closest".
    Near(&'static str),
    /// It is this kind; of several that fit the strongest wins (1 weak … 9 certain).
    Yes(u8),
}

/// A kind of artefact that a domain reads.
#[derive(Debug)]
pub struct Kind {
    /// The word of `--kind` and of reports: `kms.evtx`.
    pub name: &'static str,
    /// What it is and how it is made, for people.
    pub title: &'static str,
    /// Whether the reader wants the bytes as they are (it decodes itself, or seeks).
    pub binary: bool,
    pub sniff: fn(&Sample<'_>) -> Fit,
}

/// Tells which of `kinds` a file is; else why it is none, as a phrase.
pub fn told<'k, K: Copy>(
    sample: &Sample<'_>,
    kinds: impl Iterator<Item = (&'k Kind, K)>,
) -> Result<(&'k Kind, K), String> {
    let best = kinds.map(|(kind, of)| ((kind.sniff)(sample), kind, of));
    match best.max_by_key(|(fit, _, _)| *fit) {
        Some((Fit::Yes(_), kind, of)) => Ok((kind, of)),
        Some((Fit::Near(why), kind, _)) => {
            Err(format!("no reader knows this file; closest is {}, but {why}", kind.name))
        }
        _ if sample.bytes.is_empty() => Err("the file is empty".to_owned()),
        _ => Err("no reader knows this file".to_owned()),
    }
}

/// What a reader has to say about a file beside its records. Reading goes on after a complaint, so that all are listed.
#[derive(Debug, Default)]
pub struct Notes {
    pub complaints: Complaints,
    /// The first [`Complaints::KEPT`] warnings.
    pub warnings: Vec<Warning>,
    /// How many came after the kept ones.
    pub more_warnings: u64,
}

impl Notes {
    /// The record at `place` is bad: the file is refused, or the record skipped when the user said so.
    pub fn complain(&mut self, place: Place, message: impl Into<String>) {
        self.complaints.push(Complaint::new(place, message));
    }

    /// As [`Notes::complain`], with what would make the file acceptable.
    pub fn complain_with(&mut self, place: Place, message: impl Into<String>, remedy: &str) {
        self.complaints.push(Complaint::new(place, message).remedied(remedy));
    }

    /// Takes in what was said of another part of the file.
    pub fn add(&mut self, other: Self) {
        self.complaints.add(other.complaints);
        self.warnings.extend(other.warnings);
        self.more_warnings += other.more_warnings;
    }

    /// Something odd that does not stop the import; the same code and message once only.
    pub fn warn(&mut self, code: &'static str, place: Place, message: impl Into<String>) {
        let message = message.into();
        if self.warnings.iter().any(|kept| kept.code == code && kept.message == message) {
            return;
        }
        if self.warnings.len() < Complaints::KEPT {
            self.warnings.push(Warning::new(code, message).at(place.to_string()));
        } else {
            self.more_warnings += 1;
        }
    }
}
