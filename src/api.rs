//! What a domain gives to the spine. The cross-domain commands know the domains only through this.

use crate::artefact::{Kind, Notes};
use crate::catalog::{Catalog, Code, Mask};
use crate::chart::Chart;
use crate::clock::Timestamp;
use crate::desired::Desired;
use crate::error::{Outcome, Stop, Verdict};
use crate::finding::{Found, Level};
use crate::session::Session;
use crate::store::{Read, Tables, Tx};
use clap::{ArgMatches, Command};
use jiff::tz::TimeZone;
use schemars::Schema;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, Seek};

/// One licensing API.
#[derive(Debug)]
pub struct Api {
    /// The subcommand: `kms`.
    pub name: &'static str,
    /// What it is, as a short phrase.
    pub title: &'static str,
    pub instance: Instance,
    pub catalog: &'static Catalog,
    pub tables: &'static Tables,
    /// Adds the domain's subcommands; called when they are needed.
    pub command: fn(Command) -> Command,
    pub run: fn(&ArgMatches, &mut Session) -> Outcome<Verdict>,
    /// The artefacts that it reads.
    pub kinds: &'static [&'static Kind],
    /// Its side of one import.
    pub intake: fn(&Hints) -> Box<dyn Intake>,
    /// What is wrong, or will be: handed over as it is found.
    pub findings: fn(&mut dyn Read, &Question, &mut Found<'_>) -> Outcome<()>,
    /// What the report draws of it, beside the capacity of its summary.
    pub charts: fn(&mut dyn Read, &Question) -> Outcome<Vec<Chart>>,
    pub summary: fn(&mut dyn Read, &Question) -> Outcome<Vec<Summary>>,
    /// What a file can declare of it.
    pub desired: &'static Desired,
    /// How a word of a command line is masked when it is a secret of this domain; the flag before it is told first, empty without one.
    pub secret: fn(&str, &str) -> Option<Mask>,
    /// The code behind what another tool makes of it: `DCMO(1201)`, or a number that a portal shows instead.
    pub disguised: fn(&str) -> Option<&'static Code>,
    /// Every JSON shape with its schema.
    pub shapes: fn() -> Vec<(&'static str, Schema)>,
    /// The prose of its man page, in sections of `## TITLE`.
    pub manual: &'static str,
}

/// What an instance is called.
#[derive(Debug)]
pub struct Instance {
    /// The flag without dashes: `machine`.
    pub flag: &'static str,
    /// `LICCTL_KMS_MACHINE`.
    pub environment: &'static str,
    /// Where they are stored, by `name`.
    pub table: &'static str,
}

/// What the cross-domain commands ask a domain.
#[derive(Debug)]
pub struct Question {
    pub now: Timestamp,
    /// Only this instance.
    pub instance: Option<String>,
    /// The policy by which the findings are judged: a domain reads out of it what is expected in that domain.
    pub policy: Option<PolicyFile>,
}

/// A policy as it stands in its file, TOML.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// As the user named it.
    pub file: String,
    pub text: String,
}

/// One line of `licctl status`.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub domain: &'static str,
    pub instance: String,
    /// What is counted: `windows, 25 clients needed`.
    pub object: String,
    pub used: Option<u64>,
    /// What there is, or what is needed.
    pub capacity: Option<u64>,
    /// The worst finding.
    pub worst: Option<Level>,
    /// It in words, or that all is well.
    pub message: String,
    /// The next date at which something falls due.
    pub due: Option<Timestamp>,
    /// What `used` was earlier, oldest first, where dated evidence tells it; empty elsewhere: then moments that were kept tell it.
    pub trend: Vec<(Timestamp, u64)>,
}

/// What the user said about the files of an import.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    pub now: Option<Timestamp>,
    /// The instance flag.
    pub instance: Option<String>,
    pub culture: Option<String>,
    pub zone: Option<TimeZone>,
    /// When the state that a file shows was taken.
    pub taken_at: Option<Timestamp>,
    /// An instance becomes equal to what the files say of it; else what they say is merged into it.
    pub replace: bool,
    /// Texts that the domain's own flags name, by flag.
    pub texts: BTreeMap<&'static str, String>,
}

impl Hints {
    /// The instance of what names none: the flag, else the file's folder, else the only stored one, else `default` when there is none.
    ///
    /// A folder of an instance's name wins over the only stored instance: else the second folder of an estate would be merged into
    /// the first. `None` when several are stored and nothing says which.
    #[must_use]
    pub fn instance_of(&self, about: &About, stored: &[String]) -> Option<String> {
        let only = match stored {
            [] => Some("default".to_owned()),
            [only] => Some(only.clone()),
            _ => None,
        };
        self.instance.clone().or_else(|| about.folder.clone()).or(only)
    }
}

/// A file as its reader gets it.
pub enum Source<'a> {
    /// UTF-8 without byte order mark.
    Text(&'a mut dyn BufRead),
    /// The bytes as they are.
    Bytes(&'a mut dyn Bytes),
}

impl<'a> Source<'a> {
    /// The text that a reader of text was promised.
    pub fn text(self) -> Outcome<&'a mut dyn BufRead> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Bytes(_) => Err(Stop::bug("a text reader was given bytes")),
        }
    }

    /// The bytes that a binary reader was promised.
    pub fn bytes(self) -> Outcome<&'a mut dyn Bytes> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Text(_) => Err(Stop::bug("a binary reader was given text")),
        }
    }
}

/// A file that can be read from any place.
pub trait Bytes: std::io::Read + Seek {}
impl<T: std::io::Read + Seek> Bytes for T {}

/// What a file is called and where it lay.
#[derive(Debug, Clone)]
pub struct About {
    pub name: String,
    /// Its number within the change, counted from 1.
    pub number: i64,
    /// The folder below the imported path, unless that is a domain's name.
    pub folder: Option<String>,
    pub size: u64,
    /// When it was last written; `None` for the standard input.
    pub modified: Option<Timestamp>,
}

/// What one file brought.
#[derive(Debug, Default)]
pub struct Brought {
    /// The instances it speaks of, and how many more there are than are named.
    pub instances: Vec<String>,
    pub more: u64,
    pub sections: BTreeMap<&'static str, Counts>,
    pub notes: Notes,
    /// The domain's own members.
    pub detail: Map<String, Json>,
}

/// The instances of which a file speaks, each once, in the order of their first record: a thousand by name, the others counted. A file
/// of a hundred thousand devices is of none of them in particular.
#[derive(Debug, Default)]
pub struct Spoken {
    names: Vec<String>,
    /// Digests of all of them.
    met: HashSet<u64>,
}

impl Spoken {
    /// How many are named.
    const NAMED: usize = 1000;

    /// Notes that a record is of this instance.
    pub fn of(&mut self, name: &str) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        if self.met.insert(hasher.finish()) && self.names.len() < Self::NAMED {
            self.names.push(name.to_owned());
        }
    }

    /// The names, and how many more there are.
    #[must_use]
    pub fn told(self) -> (Vec<String>, u64) {
        let more = self.met.len() - self.names.len();
        (self.names, u64::try_from(more).unwrap_or(u64::MAX))
    }
}

/// What became of the records of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Counts {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub removed: u64,
    pub skipped: u64,
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.skipped += other.skipped;
    }
}

/// A domain's side of one import, over all its files.
pub trait Intake {
    /// Whether it can make an instance equal to what the files say of it; else `--replace` is refused.
    fn replaces(&self) -> bool {
        false
    }

    /// Reads one file. Bulk rows may be written as they come; objects wait for [`Intake::finish`].
    fn file(
        &mut self,
        kind: &Kind,
        about: &About,
        source: Source<'_>,
        tx: &mut dyn Tx,
    ) -> Outcome<Brought>;

    /// Writes what had to wait for the last file: objects, and kept totals.
    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()>;

    /// What became of records that waited for files after their own, by the numbers of those files; asked once, after
    /// [`Intake::finish`].
    fn late(&mut self) -> Vec<(i64, Brought)> {
        Vec::new()
    }
}
