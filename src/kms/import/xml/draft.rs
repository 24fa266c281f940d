//! A record of an event log, gathered element by element.

use crate::artefact::LONGEST;
use crate::artefact::xml::Tag;
use crate::error::{Outcome, Place};
use crate::kms::import::event::delivery::{Delivery, Found, Time};
use crate::kms::import::event::{Binary, Content, Head};

/// Where in a record the next element stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Outside,
    /// Among the children of `Event`, or in one that holds nothing of ours, such as
    /// `RenderingInfo`.
    Event,
    System,
    EventData,
}

/// What has become of a record so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Good,
    /// It cannot be used; why, and that has not been complained of.
    Bad(String),
    /// It cannot be used, and that has been complained of.
    Spoiled,
}

/// A record that is being read. One serves for all records of a file, so that its texts are
/// allocated once.
#[derive(Debug, Default)]
pub(super) struct Draft {
    part: Part,
    /// Depth and line of the `Event` element.
    depth: usize,
    line: u64,
    pub(super) state: State,
    id: u32,
    record: Option<u64>,
    provider: String,
    source: String,
    time: String,
    channel: String,
    host: String,
    binary: String,
    strings: Vec<String>,
    /// How many of the strings are this record's.
    filled: usize,
    /// Bytes of all texts.
    size: usize,
}

impl Draft {
    pub(super) fn open(&mut self, tag: &Tag<'_>) {
        match (self.part, tag.depth.checked_sub(self.depth), tag.name) {
            (Part::Outside, _, "Event") => self.begin(tag),
            (Part::Event, Some(1), "System") => self.part = Part::System,
            (Part::Event, Some(1), "EventData") => self.part = Part::EventData,
            (Part::System, Some(2), "Provider") => {
                let read = set(tag, "Name", &mut self.provider)
                    .and_then(|()| set(tag, "EventSourceName", &mut self.source));
                self.note(read);
            }
            (Part::System, Some(2), "TimeCreated") => {
                let read = set(tag, "SystemTime", &mut self.time);
                self.note(read);
            }
            _ => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        for text in [
            &mut self.provider,
            &mut self.source,
            &mut self.time,
            &mut self.channel,
            &mut self.host,
            &mut self.binary,
        ] {
            text.clear();
        }
        (self.part, self.depth, self.line, self.state) =
            (Part::Event, tag.depth, tag.line, State::Good);
        (self.id, self.record, self.filled, self.size) = (0, None, 0, 0);
    }

    fn note(&mut self, read: Result<(), String>) {
        if let (Err(wrong), State::Good) = (read, &self.state) {
            self.state = State::Bad(wrong);
        }
    }

    /// Takes what an element held; tells whether it was the record itself.
    pub(super) fn close(&mut self, name: &str, text: &str, depth: usize) -> bool {
        match (self.part, depth.checked_sub(self.depth), name) {
            (Part::Outside, ..) => {}
            (_, Some(0), _) => {
                self.part = Part::Outside;
                return true;
            }
            (_, Some(1), _) => self.part = Part::Event,
            (Part::System, Some(2), "EventID") => self.id = text.trim().parse().unwrap_or_default(),
            (Part::System, Some(2), "EventRecordID") => self.record = text.trim().parse().ok(),
            (Part::System, Some(2), "Channel") => self.channel.push_str(text.trim()),
            (Part::System, Some(2), "Computer") => self.host.push_str(text.trim()),
            (Part::EventData, Some(2), "Data") => self.string(text),
            (Part::EventData, Some(2), "Binary") => self.binary.push_str(text.trim()),
            _ => {}
        }
        self.size += text.len() + 1;
        if self.size > LONGEST {
            self.note(Err(format!("the record is longer than {LONGEST} bytes")));
            self.filled = 0;
        }
        false
    }

    fn string(&mut self, text: &str) {
        if let Some(used) = self.strings.get_mut(self.filled) {
            used.clear();
            used.push_str(text);
        } else {
            self.strings.push(text.to_owned());
        }
        self.filled += 1;
    }

    /// Hands the record on if it concerns KMS.
    pub(super) fn deliver(&mut self, delivery: &mut Delivery<'_, '_>) -> Outcome<()> {
        let place = Place::Line(self.line);
        match std::mem::take(&mut self.state) {
            State::Good => delivery.deliver(&Found {
                place,
                head: Head {
                    id: self.id,
                    channel: &self.channel,
                    sources: [&self.provider, &self.source],
                    host: &self.host,
                    record: self.record,
                },
                time: Time::Written(&self.time),
                content: Content::Strings(self.strings.get(..self.filled).unwrap_or_default()),
                binary: Binary::Digits(&self.binary),
            }),
            State::Bad(wrong) => {
                delivery.complain(place, wrong);
                Ok(())
            }
            State::Spoiled => {
                delivery.found();
                Ok(())
            }
        }
    }
}

fn set(tag: &Tag<'_>, attribute: &str, text: &mut String) -> Result<(), String> {
    if let Some(value) = tag.attribute(attribute)? {
        text.push_str(&value);
    }
    Ok(())
}
