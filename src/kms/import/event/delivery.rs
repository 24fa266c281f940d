//! The way of a record from its container to the importer: time, body, complaint.

use super::super::{Body, Each, Event, LogSize, Options, Record};
use super::{Binary, Concern, Content, Head};
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::kms::import::event;
use sha2::{Digest, Sha256};

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

/// A record as its container shows it.
#[derive(Debug)]
pub struct Found<'a, S> {
    pub place: Place,
    pub head: Head<'a>,
    pub time: Time<'a>,
    pub content: Content<'a, S>,
    pub binary: Binary<'a>,
}

/// The time of a record, as its container shows it.
#[derive(Debug, Clone, Copy)]
pub enum Time<'a> {
    /// As text of some culture and zone.
    Written(&'a str),
    Known(Timestamp),
}

/// Hands the records of one file to the importer and complains of the bad ones.
pub struct Delivery<'d, 'f> {
    pub notes: &'d mut Notes,
    times: Times<'d>,
    each: &'d mut Each<'f>,
    /// Records that concern KMS, good or bad.
    found: u64,
}

impl<'d, 'f> Delivery<'d, 'f> {
    /// Refuses an option that does not say in which culture times are written.
    pub fn new(
        options: &'d Options,
        notes: &'d mut Notes,
        each: &'d mut Each<'f>,
    ) -> Outcome<Self> {
        let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
        Ok(Self { notes, times, each, found: 0 })
    }

    /// Delivers a record if it concerns KMS.
    pub fn deliver<S: AsRef<str>>(&mut self, found: &Found<'_, S>) -> Outcome<()> {
        let Found { place, head, time, content, binary } = found;
        let concern = head.concern(*binary);
        if concern == Concern::None {
            return Ok(());
        }
        self.found += 1;
        let Some(time) = self.instant(*place, *time) else {
            return Ok(());
        };
        let body = match concern {
            Concern::Stranger => Ok(stranger(head.id, *content, *binary)),
            _ => event::body(head.id, *content),
        };
        match body {
            Ok(body) => {
                let event = Event { host: head.host, record: head.record, time, body };
                (self.each)(*place, Record::Event(event))
            }
            Err(wrong) => {
                self.notes.complain(*place, wrong);
                Ok(())
            }
        }
    }

    /// Reads a time; complains when it does not tell an instant.
    fn instant(&mut self, place: Place, time: Time<'_>) -> Option<Timestamp> {
        let text = match time {
            Time::Known(at) => return Some(at),
            Time::Written(text) => text,
        };
        match self.times.read(text) {
            Ok(moment) => {
                if moment.repeated {
                    let message = "local times of the hour that the clocks repeat are read as its \
                                   first occurrence";
                    self.notes.warn("repeated-hour", place, message);
                }
                Some(moment.at)
            }
            Err(unclear) => {
                self.notes.complain_with(place, unclear.message, unclear.remedy);
                None
            }
        }
    }

    /// Complains of a record that cannot be read, as one that may concern KMS.
    pub fn complain(&mut self, place: Place, wrong: impl Into<String>) {
        self.found += 1;
        self.notes.complain(place, wrong);
    }

    /// Counts a record that may concern KMS and was complained of already.
    pub fn found(&mut self) {
        self.found += 1;
    }

    /// How many records concern KMS, good or bad.
    #[must_use]
    pub fn concerned(&self) -> u64 {
        self.found
    }

    /// Hands on what the log file takes for its records.
    pub fn measured(&mut self, size: LogSize) -> Outcome<()> {
        (self.each)(Place::Whole, Record::Log(size))
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

#[cfg(test)]
mod tests {
    use super::{Binary, Body, Content, Delivery, Found, Head, Options, Time, stranger};
    use crate::artefact::Notes;
    use crate::error::Place;
    use sha2::{Digest, Sha256};

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
        let options = Options::default();
        let mut delivery = Delivery::new(&options, &mut notes, &mut each).unwrap();
        let strings: &[&str] = &[];
        let found = Found {
            place: Place::Whole,
            head: Head { id: 7, channel: "System", ..Head::default() },
            time: Time::Written("no matter"),
            content: Content::Strings(strings),
            binary: Binary::None,
        };
        delivery.deliver(&found).unwrap();
        delivery.finish();
        assert_eq!((notes.complaints.kept[0].message.as_str(), count), ("no KMS records", 0));
    }
}
