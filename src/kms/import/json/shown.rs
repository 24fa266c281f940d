//! An event as PowerShell serializes it, or as a dump of a binary log renders it.

use crate::artefact::lenient::{List, Number, Object, Text, Texts};
use crate::error::{Outcome, Place};
use crate::kms::import::event::delivery::{Delivery, Found, Time};
use crate::kms::import::event::{Binary, Content, Head};
use crate::kms::import::rendered::Rendered;
use serde::Deserialize;

/// What PowerShell shows of an event, or the event itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, expecting = "an object")]
pub(super) struct Shown<'a> {
    #[serde(borrow)]
    event: Option<Rendered<'a>>,
    // The members of `Get-WinEvent`.
    id: Number,
    record_id: Number,
    #[serde(borrow)]
    log_name: Text<'a>,
    #[serde(borrow)]
    provider_name: Text<'a>,
    #[serde(borrow)]
    machine_name: Text<'a>,
    #[serde(borrow)]
    time_created: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    properties: List<Object<Property<'a>>>,
    // The members that `Get-EventLog` has in their place.
    #[serde(rename = "EventID")]
    event_id: Number,
    instance_id: Number,
    index: Number,
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    time_generated: Text<'a>,
    #[serde(borrow)]
    replacement_strings: List<Text<'a>>,
    data: List<Number>,
}

/// An insertion string, or as a list of numbers the binary part. Absent when the depth of the
/// export was too small to show it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Property<'a> {
    #[serde(borrow)]
    value: Texts<'a>,
}

impl Shown<'_> {
    /// Hands the event on if it concerns KMS.
    pub(super) fn deliver(&self, place: Place, delivery: &mut Delivery<'_, '_>) -> Outcome<()> {
        if let Some(event) = &self.event {
            return event.deliver(place, delivery);
        }
        // The upper half of an InstanceId holds severity and facility.
        let instance = self.instance_id.0.map(|id| id & 0xFFFF);
        let id = self.id.0.or(self.event_id.0).or(instance).and_then(|id| u32::try_from(id).ok());
        let head = Head {
            id: id.unwrap_or_default(),
            channel: self.log_name.as_ref(),
            sources: [self.provider_name.as_ref(), self.source.as_ref()],
            host: self.machine_name.as_ref(),
            record: self.record_id.0.or(self.index.0),
        };
        let (strings, bytes) = self.parts();
        let shown = !strings.is_empty();
        let content = if shown {
            Content::Strings(strings.as_slice())
        } else {
            Content::Message(self.message.as_ref())
        };
        let binary = if bytes.is_empty() { Binary::None } else { Binary::Bytes(&bytes) };
        let times = [&self.time_created, &self.time_generated].map(AsRef::as_ref);
        let time = times.into_iter().find(|time| !time.is_empty()).unwrap_or_default();
        let time = Time::Written(time);
        delivery.deliver(&Found { place, head, time, content, binary })
    }

    /// The insertion strings and the bytes of the binary part.
    fn parts(&self) -> (Vec<&str>, Vec<u8>) {
        let most = self.replacement_strings.0.len() + self.properties.0.len();
        let mut strings: Vec<&str> = Vec::with_capacity(most);
        strings.extend(self.replacement_strings.0.iter().map(AsRef::as_ref));
        let mut bytes: Vec<u8> =
            self.data.0.iter().filter_map(|byte| u8::try_from(byte.0?).ok()).collect();
        if self.properties.0.iter().any(|property| property.0.value != Texts::None) {
            for Object(property) in &self.properties.0 {
                match &property.value {
                    Texts::None => strings.push(""),
                    Texts::One(text) => strings.push(text.as_ref()),
                    Texts::Many(list) => bytes
                        .extend(list.iter().filter_map(|byte| byte.as_ref().parse::<u8>().ok())),
                }
            }
        }
        (strings, bytes)
    }
}
