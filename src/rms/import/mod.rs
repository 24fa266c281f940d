//! Readers: bytes to records. They know no store, no files and no clock.

mod ampersand;
pub(super) mod asctime;
pub mod decode;
mod documents;
pub mod encoding;
pub mod fingerprint;
pub mod hosts;
pub mod json;
mod lines;
pub mod lservrc;
pub mod lsmon;
pub mod lsusage;
pub mod offset;
pub mod records;
pub mod request;
pub mod reservation;
pub mod sentinelinfo;
pub mod usagelog;
pub mod values;

use super::model::license::License;
use super::model::server::ServerInfo;
use super::model::usage::UsageRecord;
use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};
use encoding::{Encoding, Rule, decoded};
use records::{ClientFacts, FeatureFacts, LogFacts, PoolMember, Reservation};

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether what is odd is refused.
    pub strict: bool,
    /// How the file is encoded.
    pub encoding: Option<&'static Encoding>,
    /// Seconds that local times of the file are ahead of UTC.
    pub utc_offset: Option<i64>,
    /// Whether an `&` of XML that begins no reference is taken for one that is escaped.
    pub lenient_amp: bool,
}

/// One thing that an artefact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A license of the table. Boxed: it is large.
    License(Box<License>),
    /// The License Manager itself.
    Server(Box<Told>),
    /// A feature as a whole.
    Feature(Box<FeatureFacts>),
    /// A client of a feature.
    Client(Box<ClientFacts>),
    /// A License Manager of a pool.
    Pool(PoolMember),
    /// A transaction of a usage log.
    Usage(UsageRecord),
    /// A group of a reservation file.
    Reservation(Reservation),
    /// What a usage log tells as a whole; comes last.
    Log(LogFacts),
    /// The artefact says that there is no license.
    Empty,
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

/// What reads the text of a file.
type ReadText = fn(&mut dyn std::io::BufRead, Options, &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// Decodes a file and reads its text.
fn of_bytes(
    (source, options, notes, each): (Source<'_>, Options, &mut Notes, &mut Each<'_>),
    rule: Rule,
    read: ReadText,
) -> Outcome<()> {
    let mut text = decoded(source.bytes()?, options.encoding, rule, notes)?;
    if options.lenient_amp && rule == Rule::Xml {
        return read(&mut ampersand::Repaired::new(text), options, notes, each);
    }
    read(&mut *text, options, notes, each)
}

/// Every reader of the domain.
pub static READERS: &[Reader] = &[
    Reader {
        kind: &sentinelinfo::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Xml, sentinelinfo::read)
        },
    },
    Reader {
        kind: &decode::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Xml, decode::read)
        },
    },
    Reader {
        kind: &lsmon::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Plain, lsmon::read)
        },
    },
    Reader {
        kind: &usagelog::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Plain, usagelog::read)
        },
    },
    Reader {
        kind: &lsusage::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Plain, lsusage::read)
        },
    },
    Reader {
        kind: &lservrc::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Plain, lservrc::read)
        },
    },
    Reader {
        kind: &reservation::KIND,
        read: |source, options, notes, each| {
            of_bytes((source, options, notes, each), Rule::Plain, reservation::read)
        },
    },
    Reader {
        kind: &json::KIND,
        read: |source, options, notes, each| json::read(source.text()?, options, notes, each),
    },
];

/// Their kinds.
pub static KINDS: &[&Kind] = &[
    &sentinelinfo::KIND,
    &decode::KIND,
    &lsmon::KIND,
    &usagelog::KIND,
    &lsusage::KIND,
    &lservrc::KIND,
    &reservation::KIND,
    &json::KIND,
];
