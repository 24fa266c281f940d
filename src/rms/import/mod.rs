//! Readers: bytes to records. They know no store, no files and no clock.

pub mod alerts;
mod ampersand;
pub mod applications;
pub(super) mod asctime;
pub mod decode;
mod documents;
pub mod echoid;
pub mod encoding;
pub mod fingerprint;
pub mod hosts;
pub mod json;
mod lines;
pub mod local;
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

use super::model::alert::AlertSection;
use super::model::license::License;
use super::model::server::ServerInfo;
use super::model::usage::UsageRecord;
use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};
use encoding::{Encoding, Rule, decoded};
use local::Local;
use records::{ClientFacts, FeatureFacts, LogFacts, PoolMember, Reservation};

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'z> {
    /// Whether what is odd is refused.
    pub strict: bool,
    /// How the file is encoded.
    pub encoding: Option<&'static Encoding>,
    /// The zone of its local times.
    pub local: Local<'z>,
    /// Whether an `&` of XML that begins no reference is taken for one that is escaped.
    pub lenient_amp: bool,
    /// Whether every round of a polling listing is read; else the last whole one is.
    pub all_polls: bool,
    /// What a `feature` of XML is taken for; `None`: what its elements tell.
    pub record: Option<Taken>,
}

/// What a `feature` of XML is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    License,
    /// The right that is served: what the licenses come to.
    Feature,
}

impl Taken {
    pub const ALL: [Self; 2] = [Self::License, Self::Feature];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Feature => "feature",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|taken| taken.word() == word)
    }
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
    /// The alerts of a feature.
    Alerts(AlertSection),
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

/// What reads the text of a file.
type ReadText = fn(&mut dyn std::io::BufRead, Options, &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// How the bytes of a file become text.
#[derive(Debug, Clone, Copy)]
enum Text {
    /// By the rules of this domain: its artefacts declare encodings, or come from old code pages.
    Own(Rule),
    /// By those that hold for every domain.
    Shared,
}

/// A kind of artefact and what reads it.
pub struct Reader {
    pub kind: &'static Kind,
    text: Text,
    read: ReadText,
}

impl Reader {
    const fn new(kind: &'static Kind, text: Text, read: ReadText) -> Self {
        Self { kind, text, read }
    }

    /// The reader of that kind.
    #[must_use]
    pub fn of(kind: &Kind) -> Option<&'static Self> {
        READERS.iter().find(|reader| reader.kind.name == kind.name)
    }

    /// Reads a file of its kind.
    pub fn read(
        &self,
        source: Source<'_>,
        options: Options,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) -> Outcome<()> {
        let rule = match self.text {
            Text::Own(rule) => rule,
            Text::Shared => return (self.read)(source.text()?, options, notes, each),
        };
        let mut text = decoded(source.bytes()?, options.encoding, rule, notes)?;
        if options.lenient_amp && rule == Rule::Xml {
            return (self.read)(&mut ampersand::Repaired::new(text), options, notes, each);
        }
        (self.read)(&mut *text, options, notes, each)
    }
}

const XML: Text = Text::Own(Rule::Xml);
const PLAIN: Text = Text::Own(Rule::Plain);

/// Every reader of the domain.
pub static READERS: [Reader; 9] = [
    Reader::new(&sentinelinfo::KIND, XML, sentinelinfo::read),
    Reader::new(&decode::KIND, XML, decode::read),
    Reader::new(&lsmon::KIND, PLAIN, lsmon::read),
    Reader::new(&usagelog::KIND, PLAIN, usagelog::read),
    Reader::new(&lsusage::KIND, PLAIN, lsusage::read),
    Reader::new(&lservrc::KIND, PLAIN, lservrc::read),
    Reader::new(&reservation::KIND, PLAIN, reservation::read),
    Reader::new(&alerts::KIND, PLAIN, alerts::read),
    Reader::new(&json::KIND, Text::Shared, json::read),
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
    &alerts::KIND,
    &json::KIND,
];

#[cfg(test)]
mod tests {
    use super::{KINDS, READERS};

    #[test]
    fn every_kind_has_its_reader() {
        assert!(
            READERS.iter().map(|reader| reader.kind.name).eq(KINDS.iter().map(|kind| kind.name))
        );
    }
}
