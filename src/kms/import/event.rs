//! What a record of an event log says about KMS: which records concern it, which are strangers, and what the others hold.
//!
//! The containers hand over what they found as borrowed text; times, places and complaints are theirs. The comma lists are read by
//! `fields`.

use super::fields::{self, ANSWERED, REQUEST, SENT};
use super::{Body, Each, Event, Record};
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;

/// The events of KMS. Source: [TECHREF] table 11.
pub const IDS: RangeInclusive<u32> = 12288..=12294;

/// The log in which a host keeps the requests. Source: [TECHREF] table 11.
const CHANNEL: &str = "Key Management Service";

/// The classic source of that log, for containers that do not name the log. Source: [WEVT].
const SOURCE: &str = "KmsRequests";

/// Names under which the events of KMS appear, all systems together: providers, their short forms in the Event Viewer, classic
/// sources. Source: [WEVT], [TECHREF].
static PROVIDERS: [&str; 8] = [
    "Microsoft-Windows-Security-SPP",
    "Microsoft-Windows-Security-Licensing-SLC",
    "Security-SPP",
    "Security-Licensing-SLC",
    SOURCE,
    "Software Protection Platform Service",
    "Software Licensing Service",
    "Software Protection Service",
];

/// The head of a record, as far as the container shows it; what it does not show is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    pub id: u32,
    pub channel: &'a str,
    /// Provider and classic source.
    pub sources: [&'a str; 2],
    pub host: &'a str,
    pub record: Option<u64>,
}

/// What stands in a record.
#[derive(Debug)]
pub enum Content<'a, S> {
    /// The insertion strings, in their order.
    Strings(&'a [S]),
    /// The message that Windows made of them, in any language.
    Message(&'a str),
}

// Derived, these would ask the strings to be `Copy` too.
impl<S> Copy for Content<'_, S> {}
impl<S> Clone for Content<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

/// The binary part of a record.
#[derive(Debug, Clone, Copy, Default)]
pub enum Binary<'a> {
    #[default]
    None,
    /// As hexadecimal digits.
    Digits(&'a str),
    Bytes(&'a [u8]),
}

impl Binary<'_> {
    fn is_empty(self) -> bool {
        match self {
            Self::None => true,
            Self::Digits(digits) => digits.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
        }
    }
}

/// What a record is to KMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// It is another service's.
    None,
    /// One of the seven events.
    Event,
    /// It stands where only KMS writes, or under its name, and is none of its events.
    ///
    /// Source: public reports of 2022 of shellcode that was kept in records of this very log.
    Stranger,
}

impl Head<'_> {
    /// Tells what the record is to KMS.
    #[must_use]
    pub fn concern(&self, binary: Binary<'_>) -> Concern {
        let known = |list: &[&str]| {
            self.sources
                .iter()
                .any(|source| list.iter().any(|name| name.eq_ignore_ascii_case(source)))
        };
        let nameless = self.sources.iter().all(|source| source.is_empty());
        let in_channel = self.channel.eq_ignore_ascii_case(CHANNEL)
            || (self.channel.is_empty() && known(&[SOURCE]));
        let ours = in_channel || known(&PROVIDERS) || (nameless && self.channel.is_empty());
        match (ours, IDS.contains(&self.id) && binary.is_empty()) {
            (true, true) => Concern::Event,
            (true, false) if in_channel || IDS.contains(&self.id) => Concern::Stranger,
            _ => Concern::None,
        }
    }
}

/// Reads what an event says; an error is what is wrong with it.
pub fn body<'a, S: AsRef<str>>(id: u32, content: Content<'a, S>) -> Result<Body<'a>, String> {
    match (id, content) {
        (12288, Content::Strings(strings)) => {
            fields::sent(SENT.in_strings(strings)?.0).map(Body::Sent)
        }
        (12288, Content::Message(message)) => {
            fields::sent(SENT.in_message(message)?).map(Body::Sent)
        }
        (12289, Content::Strings(strings)) => {
            fields::answered(ANSWERED.in_strings(strings)?.0).map(Body::Answered)
        }
        (12289, Content::Message(message)) => {
            fields::answered(ANSWERED.in_message(message)?).map(Body::Answered)
        }
        (12290, Content::Strings(strings)) => {
            let (list, lead) = REQUEST.in_strings(strings)?;
            fields::request(list, lead).map(Body::Request)
        }
        (12290, Content::Message(message)) => {
            fields::request(REQUEST.in_message(message)?, "").map(Body::Request)
        }
        (12291, content) => Ok(Body::InitFailed { hresult: code(content)? }),
        (12292, content) => Ok(Body::TimerFailed { hresult: code(content)? }),
        (12293, content) => {
            Ok(Body::PublishFailed { hresult: code(content)?, domain: domain(content)? })
        }
        (12294, content) => Ok(Body::Published { domain: domain(content)? }),
        (id, _) => Err(format!("event ID {id}, allowed are 12288 to 12294")),
    }
}

/// The return code of an event that has one: a string, or the last line of the message.
fn code<S: AsRef<str>>(content: Content<'_, S>) -> Result<u32, String> {
    let read = |text: &str| fields::hresult("HResult", text.trim());
    let text = match content {
        Content::Strings(strings) => {
            let mut filled =
                strings.iter().map(AsRef::as_ref).filter(|text| !text.trim().is_empty());
            filled.clone().find(|text| read(text).is_ok()).or_else(|| filled.next())
        }
        Content::Message(message) => message.lines().rev().find(|line| !line.trim().is_empty()),
    };
    text.map_or_else(|| Err("HResult is missing".to_owned()), read)
}

/// The DNS domain of a publishing event: the last string, or what the message has in quotation marks.
fn domain<'a, S: AsRef<str>>(content: Content<'a, S>) -> Result<&'a str, String> {
    let found = match content {
        Content::Strings(strings) => {
            let mut filled = strings.iter().rev().map(|string| string.as_ref().trim());
            filled.find(|text| !text.is_empty() && !text.starts_with("0x"))
        }
        Content::Message(message) => quoted(message),
    };
    found.ok_or_else(|| "DNS domain is missing".to_owned())
}

/// A domain name in quotation marks of any language; of several words in quotation marks the one with a dot.
fn quoted(message: &str) -> Option<&str> {
    const MARKS: [char; 12] = ['\'', '"', '‘', '’', '‚', '“', '”', '„', '«', '»', '「', '」'];
    let (_, behind) = message.split_once(MARKS)?;
    let (within, _) = behind.rsplit_once(MARKS)?;
    let letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let names = || {
        within
            .split(MARKS)
            .map(str::trim)
            .filter(|text| !text.is_empty() && text.chars().all(letter))
    };
    names().find(|name| name.contains('.')).or_else(|| names().next())
}

/// Keeps a stranger by size and digest: of its binary part, or without one of its text.
fn stranger<S: AsRef<str>>(id: u32, content: Content<'_, S>, binary: Binary<'_>) -> Body<'static> {
    let payload = match binary {
        Binary::Bytes(bytes) if !bytes.is_empty() => bytes.to_vec(),
        Binary::Digits(digits) if !digits.is_empty() => decoded(digits),
        _ => match content {
            Content::Strings(strings) => {
                strings.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n").into_bytes()
            }
            Content::Message(message) => message.as_bytes().to_vec(),
        },
    };
    let size = u64::try_from(payload.len()).unwrap_or(u64::MAX);
    Body::Suspicious { id, size, sha256: Sha256::digest(&payload).into() }
}

/// The bytes that hexadecimal digits stand for; of other text its own bytes.
fn decoded(digits: &str) -> Vec<u8> {
    let text = digits.as_bytes();
    let pairs = text.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2 && !pair.starts_with('+'))?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect::<Option<Vec<u8>>>().unwrap_or_else(|| text.to_vec())
}

/// Reads the time of a record; complains when it does not tell an instant.
pub fn instant(
    times: &Times<'_>,
    text: &str,
    place: Place,
    notes: &mut Notes,
) -> Option<Timestamp> {
    match times.read(text) {
        Ok(moment) => {
            if moment.repeated {
                let message = "local times of the hour that the clocks repeat are read as its first occurrence";
                notes.warn("repeated-hour", place, message);
            }
            Some(moment.at)
        }
        Err(unclear) => {
            notes.complain_with(place, unclear.message, unclear.remedy);
            None
        }
    }
}

/// Hands the records of one file to the importer and complains of the bad ones.
pub struct Delivery<'d, 'f> {
    pub notes: &'d mut Notes,
    each: &'d mut Each<'f>,
    /// Records that concern KMS, good or bad.
    found: u64,
}

impl<'d, 'f> Delivery<'d, 'f> {
    pub fn new(notes: &'d mut Notes, each: &'d mut Each<'f>) -> Self {
        Self { notes, each, found: 0 }
    }

    /// Delivers a record that concerns KMS. `time` is asked only of such.
    pub fn deliver<S: AsRef<str>>(
        &mut self,
        place: Place,
        head: &Head<'_>,
        content: Content<'_, S>,
        binary: Binary<'_>,
        time: impl FnOnce(&mut Notes) -> Option<Timestamp>,
    ) -> Outcome<()> {
        let concern = head.concern(binary);
        if concern == Concern::None {
            return Ok(());
        }
        self.found += 1;
        let Some(time) = time(self.notes) else {
            return Ok(());
        };
        let body = match concern {
            Concern::Stranger => stranger(head.id, content, binary),
            _ => match body(head.id, content) {
                Ok(body) => body,
                Err(wrong) => {
                    self.notes.complain(place, wrong);
                    return Ok(());
                }
            },
        };
        (self.each)(
            place,
            Record::Event(Event { host: head.host, record: head.record, time, body }),
        )
    }

    /// Counts a record that concerns KMS and cannot be delivered.
    pub fn found(&mut self) {
        self.found += 1;
    }

    /// Complains when a file held nothing of KMS.
    pub fn finish(self) {
        if self.found == 0 {
            self.notes.complain_with(
                Place::Whole,
                "no KMS records",
                "export the log `Key Management Service` of a KMS host",
            );
        }
    }
}

/// What the tests of the readers share.
#[cfg(test)]
pub(super) mod testing {
    use super::super::Record;
    use crate::artefact::Notes;
    use crate::error::{Outcome, Place};

    /// The fields of a request as logged, and what is read from them.
    pub(crate) const LIST: &str = "0x0,25,pc-017.corp.example,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,2025/3/9 7:05,1,2,41520,2de67392-b7a7-462a-b1ca-108dd189f588";
    pub(crate) const REQUEST: &str = "Request(Request { hresult: 0, required: 25, name: \"pc-017.corp.example\", \
         cmid: 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11, client_time: \"2025/3/9 7:05\", virtual_machine: true, status: 2, \
         minutes: 41520, activation: 2de67392-b7a7-462a-b1ca-108dd189f588, lead: \"\" })";

    /// What a reader handed on and what it said.
    #[derive(Debug, Default, PartialEq)]
    pub(crate) struct Seen {
        /// Place, host, record and time in one line; then the body.
        pub(crate) events: Vec<(String, String)>,
        pub(crate) complaints: Vec<String>,
        pub(crate) warnings: Vec<String>,
    }

    pub(crate) fn seen(read: impl FnOnce(&mut Notes, &mut super::Each<'_>) -> Outcome<()>) -> Seen {
        let (mut notes, mut events) = (Notes::default(), Vec::new());
        let mut each = |place: Place, record: Record<'_>| {
            let Record::Event(event) = record else { panic!("an event log holds events") };
            let number = event.record.map_or("-".to_owned(), |number| number.to_string());
            events.push((
                format!("{place}: {} {number} {}", event.host, event.time),
                format!("{:?}", event.body),
            ));
            Ok(())
        };
        read(&mut notes, &mut each).unwrap();
        let told = |complaint: &crate::error::Complaint| match complaint.place {
            Place::Whole => complaint.message.clone(),
            place => format!("{place}: {}", complaint.message),
        };
        let warnings = notes
            .warnings
            .iter()
            .map(|warning| format!("{} {}", warning.code, warning.message))
            .collect();
        Seen { events, complaints: notes.complaints.kept.iter().map(told).collect(), warnings }
    }

    /// Reads every beginning of a file: none may hold an event that the whole does not. Returns the lengths at which an event was
    /// missing without a complaint.
    pub(crate) fn cut_everywhere(file: &[u8], read: impl Fn(&[u8]) -> Seen) -> Vec<usize> {
        let whole = read(file);
        assert!(!whole.events.is_empty() && whole.complaints.is_empty(), "{whole:?}");
        let missed = |end: &usize| {
            let part = read(file.get(..*end).unwrap());
            assert!(whole.events.starts_with(&part.events), "{end}: {part:?}");
            part.events.len() < whole.events.len() && part.complaints.is_empty()
        };
        (0..file.len()).filter(missed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Binary, Body, Concern, Content, Delivery, Head, body, stranger};
    use crate::artefact::Notes;
    use crate::clock::Timestamp;
    use crate::error::Place;
    use sha2::{Digest, Sha256};

    fn strings<'a>(id: u32, strings: &'a [&'a str]) -> Result<Body<'a>, String> {
        body(id, Content::Strings(strings))
    }

    fn message(id: u32, message: &str) -> Result<Body<'_>, String> {
        body(id, Content::<&str>::Message(message))
    }

    #[test]
    fn an_initialisation_that_failed_has_its_return_code() {
        let failed = Ok(Body::InitFailed { hresult: 0xC004_F015 });
        assert_eq!(strings(12291, &["0xC004F015"]), failed);
        assert_eq!(strings(12291, &["", "0xC004F015"]), failed);
        assert_eq!(
            message(12291, "The service failed to start.\r\nInfo:\r\n0xC004F015\r\n"),
            failed
        );
        assert_eq!(
            message(12292, "Info:\n0x80070005"),
            Ok(Body::TimerFailed { hresult: 0x8007_0005 })
        );
        assert_eq!(
            strings(12292, &["later"]).unwrap_err(),
            "HResult later, allowed are `0x0` to `0xFFFFFFFF`"
        );
        assert_eq!(strings(12292, &[]).unwrap_err(), "HResult is missing");
    }

    #[test]
    fn a_publication_names_its_domain_in_every_language() {
        let domain = "corp.example.com";
        assert_eq!(strings(12294, &[domain]), Ok(Body::Published { domain }));
        assert_eq!(
            strings(12293, &["0x8007232A", domain]),
            Ok(Body::PublishFailed { hresult: 0x8007_232A, domain })
        );
        for text in [
            "Publishing the Key Management Service (KMS) to DNS in the 'corp.example.com' domain failed.\nInfo:\n0x8007232A",
            "Fehler in der Domäne „corp.example.com“.\nInfo:\n0x8007232A",
            "Échec de l’hôte dans le domaine « corp.example.com ».\nInfo :\n0x8007232A",
        ] {
            assert_eq!(
                message(12293, text),
                Ok(Body::PublishFailed { hresult: 0x8007_232A, domain }),
                "{text}"
            );
        }
        assert_eq!(
            message(12294, "Publishing is successful.").unwrap_err(),
            "DNS domain is missing"
        );
    }

    #[test]
    fn only_the_seven_events_of_the_service_are_its_events() {
        let channel = "Key Management Service";
        let spp = ["Microsoft-Windows-Security-SPP", ""];
        let other = ["Microsoft-Windows-Kernel-General", ""];
        let data = Binary::Digits("00FF");
        for (id, channel, sources, binary, concern) in [
            (12290, channel, spp, Binary::None, Concern::Event),
            (12290, channel, spp, Binary::Digits(""), Concern::Event),
            (12290, channel, spp, data, Concern::Stranger),
            (1337, channel, other, Binary::None, Concern::Stranger),
            (1337, "", ["KmsRequests", ""], Binary::None, Concern::Stranger),
            (12288, "Application", spp, Binary::None, Concern::Event),
            (12288, "Application", spp, data, Concern::Stranger),
            (12288, "Application", other, Binary::None, Concern::None),
            (1003, "Application", spp, data, Concern::None),
            (12290, "", ["", ""], Binary::None, Concern::Event),
            (4624, "", ["", ""], Binary::None, Concern::None),
            (12288, "System", ["", ""], Binary::None, Concern::None),
        ] {
            let head = Head { id, channel, sources, ..Head::default() };
            assert_eq!(head.concern(binary), concern, "{id} {channel} {sources:?} {binary:?}");
        }
    }

    #[test]
    fn a_stranger_is_kept_by_the_size_and_digest_of_its_binary_part() {
        let payload = [0x4D, 0x5A, 0x90];
        let expected =
            Body::Suspicious { id: 1337, size: 3, sha256: Sha256::digest(payload).into() };
        let text: &[&str] = &["ignored"];
        for binary in [Binary::Digits("4d5A90"), Binary::Bytes(&payload)] {
            assert_eq!(stranger(1337, Content::Strings(text), binary), expected);
        }
        let expected =
            Body::Suspicious { id: 1337, size: 7, sha256: Sha256::digest("ignored").into() };
        assert_eq!(stranger(1337, Content::Strings(text), Binary::None), expected);
        assert_eq!(
            stranger(1337, Content::<&str>::Message(""), Binary::Digits("ignored")),
            expected
        );
    }

    #[test]
    fn a_file_without_records_of_the_service_is_complained_of() {
        let (mut notes, mut count) = (Notes::default(), 0);
        let mut each = |_: Place, _: super::Record<'_>| {
            count += 1;
            Ok(())
        };
        let mut delivery = Delivery::new(&mut notes, &mut each);
        let head = Head { id: 7, channel: "System", ..Head::default() };
        let text: &[&str] = &[];
        let time = |_: &mut Notes| -> Option<Timestamp> {
            panic!("the time of another service's record is nobody's business")
        };
        delivery.deliver(Place::Whole, &head, Content::Strings(text), Binary::None, time).unwrap();
        delivery.finish();
        assert_eq!((notes.complaints.kept[0].message.as_str(), count), ("no KMS records", 0));
    }
}
