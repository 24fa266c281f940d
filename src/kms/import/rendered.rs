//! Windows event records as JSON, in the shape that the `evtx` crate and the tools around it write.
//!
//! An element with attributes is an object of `#attributes` and `#text`, or its attributes stand
//! beside it as `NAME_attributes`; one without is its text. `Data` is absent, one string or
//! several. Records of other services have other shapes: what is not as expected reads as absent
//! and never as an error.
//!
//! Source: EVTXC.

use super::event::delivery::{Delivery, Found, Time};
use super::event::{Binary, Content, Head};
use crate::artefact::lenient::{Number, Object, Text, Texts};
use crate::error::{Outcome, Place};
use serde::Deserialize;

/// The record, in the member `Event` of its document.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Rendered<'a> {
    #[serde(borrow)]
    system: Object<System<'a>>,
    #[serde(borrow)]
    event_data: Object<EventData<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct System<'a> {
    #[serde(borrow)]
    provider: Object<Tag<'a>>,
    #[serde(borrow, rename = "Provider_attributes")]
    provider_attributes: Object<Attributes<'a>>,
    #[serde(rename = "EventID")]
    event_id: Number,
    #[serde(borrow)]
    time_created: Object<Tag<'a>>,
    #[serde(borrow, rename = "TimeCreated_attributes")]
    time_created_attributes: Object<Attributes<'a>>,
    #[serde(rename = "EventRecordID")]
    event_record_id: Number,
    #[serde(borrow)]
    channel: Text<'a>,
    #[serde(borrow)]
    computer: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tag<'a> {
    #[serde(borrow, rename = "#attributes")]
    attributes: Object<Attributes<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    event_source_name: Text<'a>,
    #[serde(borrow)]
    system_time: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct EventData<'a> {
    #[serde(borrow)]
    data: Texts<'a>,
    #[serde(borrow)]
    binary: Text<'a>,
}

impl Rendered<'_> {
    /// Hands the record on if it concerns KMS.
    pub(super) fn deliver(&self, place: Place, delivery: &mut Delivery<'_, '_>) -> Outcome<()> {
        let Object(system) = &self.system;
        let Object(data) = &self.event_data;
        let attribute = |pick| either(&system.provider, &system.provider_attributes, pick);
        let head = Head {
            id: system.event_id.0.and_then(|id| u32::try_from(id).ok()).unwrap_or_default(),
            channel: system.channel.as_ref(),
            sources: [attribute(|found| &found.name), attribute(|found| &found.event_source_name)],
            host: system.computer.as_ref(),
            record: system.event_record_id.0,
        };
        let time = (&system.time_created, &system.time_created_attributes);
        delivery.deliver(&Found {
            place,
            head,
            time: Time::Written(either(time.0, time.1, |found| &found.system_time)),
            content: Content::Strings(data.data.as_slice()),
            binary: Binary::Digits(data.binary.as_ref()),
        })
    }
}

/// An attribute from inside of its element or from beside it.
fn either<'r, 'a>(
    inside: &'r Object<Tag<'a>>,
    beside: &'r Object<Attributes<'a>>,
    pick: fn(&'r Attributes<'a>) -> &'r Text<'a>,
) -> &'r str {
    [&inside.0.attributes, beside]
        .into_iter()
        .map(|found| pick(&found.0).as_ref())
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}
