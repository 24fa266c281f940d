//! KMS events from JSON: `Get-WinEvent` or `Get-EventLog` piped into `ConvertTo-Json`, as an array or a single object, and event
//! records as JSON lines in the shape of `rendered`.
//!
//! Elements are read one by one, so that memory does not grow with the file. The strings of an event are `event`'s.

use super::event::{Binary, Content, Delivery, Head, instant};
use super::rendered::Rendered;
use super::{Each, Options};
use crate::artefact::culture::Times;
use crate::artefact::json::{Element, Elements};
use crate::artefact::lenient::{List, Number, Object, Text, Texts};
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use serde::Deserialize;
use std::io::BufRead;

/// Event records as JSON.
pub static KIND: Kind = Kind {
    name: "kms.event-json",
    title: "KMS events as JSON: `Get-WinEvent … | ConvertTo-Json -Depth 3`, or JSON lines of a binary log",
    binary: false,
    sniff,
};

/// Members by which an object is known to be an event: of records, of `Get-WinEvent`, of `Get-EventLog`.
static MEMBERS: [&[&str]; 3] = [
    &["\"Event\"", "\"System\"", "\"EventID\""],
    &["\"RecordId\"", "\"ProviderName\"", "\"TimeCreated\""],
    &["\"EventID\"", "\"InstanceId\"", "\"TimeGenerated\""],
];

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |member: &&str| sample.text.contains(*member);
    match sample.text.trim_start().starts_with(['[', '{']) {
        true if MEMBERS.iter().any(|members| members.iter().all(has)) => Fit::Yes(9),
        // What was selected by hand may hold only the members that are read.
        true if has(&"\"TimeCreated\"") && (has(&"\"Properties\"") || has(&"\"Message\"")) => {
            Fit::Yes(6)
        }
        _ => Fit::No,
    }
}

/// Reads the records of a file.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
    let mut elements = Elements::new(input);
    let mut delivery = Delivery::new(notes, each);
    loop {
        let trouble = match elements.next() {
            Ok(None) => break,
            Ok(Some(element)) => match serde_json::from_str::<Shown<'_>>(element.text) {
                Ok(shown) => {
                    shown.deliver(Place::Line(element.line), &times, &mut delivery)?;
                    continue;
                }
                Err(error) => not_an_event(element, &error),
            },
            Err(trouble) => trouble,
        };
        delivery.found();
        if trouble.settle(delivery.notes)? == Next::Stop {
            return Ok(());
        }
    }
    delivery.finish();
    Ok(())
}

fn not_an_event(element: Element<'_>, error: &serde_json::Error) -> Trouble {
    // The parser counts lines within the element, and tells them in its message.
    let within = u64::try_from(error.line()).unwrap_or_default().saturating_sub(1);
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    Trouble::Skip(Place::Line(element.line + within), format!("the element is no event: {reason}"))
}

/// What PowerShell shows of an event, or the event itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, expecting = "an object")]
struct Shown<'a> {
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

/// An insertion string, or as a list of numbers the binary part. Absent when the depth of the export was too small to show it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Property<'a> {
    #[serde(borrow)]
    value: Texts<'a>,
}

impl Shown<'_> {
    fn deliver(
        &self,
        place: Place,
        times: &Times<'_>,
        delivery: &mut Delivery<'_, '_>,
    ) -> Outcome<()> {
        if let Some(event) = &self.event {
            return event.deliver(place, times, delivery);
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
        let time = if self.time_created.as_ref().is_empty() {
            &self.time_generated
        } else {
            &self.time_created
        };
        delivery.deliver(place, &head, content, binary, |notes| {
            serialized(time.as_ref()).or_else(|| instant(times, time.as_ref(), place, notes))
        })
    }

    /// The insertion strings and the bytes of the binary part.
    fn parts(&self) -> (Vec<&str>, Vec<u8>) {
        let mut strings: Vec<&str> = self.replacement_strings.0.iter().map(AsRef::as_ref).collect();
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

/// An instant as Windows PowerShell serializes it: `/Date(1741503900000)/`, milliseconds UTC whatever offset may follow.
fn serialized(text: &str) -> Option<Timestamp> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let end = inner
        .char_indices()
        .skip(1)
        .find(|(_, letter)| matches!(letter, '+' | '-'))
        .map_or(inner.len(), |(at, _)| at);
    inner.get(..end)?.parse().ok().and_then(Timestamp::from_ms)
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, LONGEST, Sample};
    use crate::kms::import::Options;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, cut_everywhere, seen};

    /// `{"Value":"…"}` of each string.
    fn properties(strings: &str) -> String {
        strings
            .split(',')
            .map(|text| format!("{{\"Value\":\"{text}\"}}"))
            .collect::<Vec<_>>()
            .join(",")
    }

    /// An event of `Get-WinEvent`, with the members after `"ProviderName"` as given.
    fn shown(members: &str) -> String {
        format!(
            "{{\"Id\":12290,\"Version\":0,\"RecordId\":48211,\"ProviderName\":\"Microsoft-Windows-Security-SPP\",\
             \"LogName\":\"Key Management Service\",\"MachineName\":\"kms01.corp.example\",\"UserId\":null,{members}}}"
        )
    }

    fn request() -> String {
        let list = properties(&format!(",{LIST}"));
        shown(&format!(
            "\"TimeCreated\":\"\\/Date(1741503912441)\\/\",\"Message\":\"x\",\"Properties\":[{list}]"
        ))
    }

    /// An event as a dump of a binary log shows it.
    fn rendered() -> String {
        let list = LIST.replace(',', "\",\"");
        format!(
            "{{\"Event\":{{\"#attributes\":{{\"xmlns\":\"x\"}},\"System\":{{\"Provider\":{{\"#attributes\":\
             {{\"Name\":\"Microsoft-Windows-Security-SPP\"}}}},\"EventID\":{{\"#attributes\":{{\"Qualifiers\":16384}},\"#text\":12290}},\
             \"TimeCreated\":{{\"#attributes\":{{\"SystemTime\":\"2025-03-09T07:05:12.441Z\"}}}},\"EventRecordID\":48211,\
             \"Channel\":\"Key Management Service\",\"Computer\":\"kms01.corp.example\"}},\
             \"EventData\":{{\"Data\":{{\"#text\":[\"\",\"{list}\"]}}}}}}}}"
        )
    }

    fn seen_with(options: &Options, text: &str) -> Seen {
        seen(|notes, each| read(&mut text.as_bytes(), options, notes, each))
    }

    fn seen_in(text: &str) -> Seen {
        seen_with(&Options::default(), text)
    }

    fn one(line: u64) -> (String, String) {
        (
            format!("line {line}: kms01.corp.example 48211 2025-03-09T07:05:12.441Z"),
            REQUEST.to_owned(),
        )
    }

    #[test]
    fn an_array_a_single_object_and_lines_hold_the_same_events() {
        for event in [request(), rendered()] {
            for text in [event.clone(), format!("[{event}]"), format!("[\r\n{event}\r\n]\r\n")] {
                let line = 1 + u64::from(text.contains('\n'));
                assert_eq!(
                    seen_in(&text),
                    Seen { events: vec![one(line)], ..Seen::default() },
                    "{text}"
                );
            }
            assert_eq!(seen_in(&format!("{event}\n{event}\n")).events, [one(1), one(2)]);
            assert_eq!(seen_in(&format!("[{event},\n{event}]")).events, [one(1), one(2)]);
        }
    }

    #[test]
    fn the_message_serves_when_the_strings_were_not_exported() {
        for properties in [
            "",
            ",\"Properties\":[\"System.Diagnostics.Eventing.Reader.EventProperty\"]",
            ",\"Properties\":\"x y\"",
        ] {
            let message =
                format!("An activation request has been processed.\\r\\nInfo:\\r\\n{LIST}\\r\\n");
            let text = shown(&format!(
                "\"TimeCreated\":\"2025-03-09T08:05:12.4410000+01:00\",\"Message\":\"{message}\"{properties}"
            ));
            assert_eq!(seen_in(&text).events, [one(1)]);
        }
    }

    #[test]
    fn times_are_read_in_every_form_that_powershell_writes() {
        let list = properties(LIST);
        let with = |time: &str| shown(&format!("\"TimeCreated\":{time},\"Properties\":[{list}]"));
        for (time, read) in [
            (r#""\/Date(1741503900000)\/""#, "2025-03-09T07:05:00Z"),
            (r#""\/Date(1741503900000+0100)\/""#, "2025-03-09T07:05:00Z"),
            (r#""\/Date(-1)\/""#, "1969-12-31T23:59:59.999Z"),
            (r#""2025-03-09T07:05:00+01:00""#, "2025-03-09T06:05:00Z"),
            (
                r#"{"value":"\/Date(1741503900000)\/","DisplayHint":2,"DateTime":"Sunday"}"#,
                "2025-03-09T07:05:00Z",
            ),
        ] {
            assert_eq!(
                seen_in(&with(time)).events[0].0,
                format!("line 1: kms01.corp.example 48211 {read}")
            );
        }
        let local = with(r#""2025-03-09T07:05:00""#);
        assert_eq!(
            seen_in(&local).complaints,
            ["line 1: the time `2025-03-09T07:05:00` is local and its zone is not known"]
        );
        let options = Options {
            zone: Some(jiff::tz::TimeZone::get("Europe/Berlin").unwrap()),
            ..Options::default()
        };
        assert!(seen_with(&options, &local).events[0].0.ends_with("2025-03-09T06:05:00Z"));
    }

    #[test]
    fn the_members_of_get_eventlog_are_read_too() {
        let list = LIST.replace(',', "\",\"");
        let text = format!(
            "[{{\"MachineName\":\"kms01.corp.example\",\"Data\":[],\"Index\":48211,\"InstanceId\":1073754114,\"Source\":\"KmsRequests\",\
             \"ReplacementStrings\":[\"\",\"{list}\"],\"TimeGenerated\":\"\\/Date(1741503912441)\\/\"}}]"
        );
        assert_eq!(seen_in(&text).events, [one(1)]);
        let found = seen_in(&text.replace("\"Data\":[]", "\"Data\":[77,90]"));
        assert!(found.events[0].1.starts_with("Suspicious { id: 12290, size: 2,"), "{found:?}");
    }

    #[test]
    fn a_binary_property_makes_an_event_suspicious() {
        let found = seen_in(&request().replace("}]}", "},{\"Value\":[77,90,144]}]}"));
        assert!(found.events[0].1.starts_with("Suspicious { id: 12290, size: 3,"), "{found:?}");
        let found =
            seen_in(&rendered().replace("\"EventData\":{", "\"EventData\":{\"Binary\":\"4D5A\","));
        assert!(found.events[0].1.starts_with("Suspicious { id: 12290, size: 2,"), "{found:?}");
    }

    #[test]
    fn records_of_other_shapes_are_other_services() {
        for text in [
            r#"{"Event":{"System":{"EventID":1,"Channel":"System"},"EventData":null}}"#,
            r#"{"Event":{"System":{"EventID":"x","Channel":"System"},"EventData":{"Data":[[1],{"a":2}],"Binary":[1]}}}"#,
            r#"{"Event":{"System":null,"UserData":{}}}"#,
            r#"{"a":1}"#,
            "[]",
            "",
        ] {
            assert_eq!(
                seen_in(text),
                Seen { complaints: vec!["no KMS records".to_owned()], ..Seen::default() },
                "{text}"
            );
        }
    }

    #[test]
    fn attributes_may_stand_beside_their_element() {
        let text = rendered()
            .replace("\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2025-03-09T07:05:12.441Z\"}}", "\"TimeCreated\":null,\"TimeCreated_attributes\":{\"SystemTime\":\"2025-03-09T07:05:12.441Z\"}")
            .replace("{\"#attributes\":{\"Qualifiers\":16384},\"#text\":12290}", "12290");
        assert_eq!(seen_in(&text).events, [one(1)]);
    }

    #[test]
    fn a_bad_element_is_told_with_its_line_and_the_next_one_read() {
        let event = request();
        let seven = event.replace("\"Value\":\"2\"", "\"Value\":\"7\"");
        let found = seen_in(&format!("[3,\n{{\"Id\":}},\n{seven},\n{event}]"));
        assert_eq!(found.events, [one(4)]);
        let expected = [
            "line 1: the element is no event: invalid type: integer `3`, expected an object",
            "line 2: the element is no event: expected value",
            "line 3: LicenseStatus 7, allowed are 0 to 6",
        ];
        assert_eq!(found.complaints, expected);
        let found = seen_in(&format!("[{{\"Message\":\"{}\"}},{event}]", "x".repeat(10 * LONGEST)));
        assert_eq!((found.events.len(), found.complaints.len()), (1, 1));
        let found = seen_in(&format!("[{}{},{event}]", "[".repeat(100_000), "]".repeat(100_000)));
        assert_eq!((found.events.len(), found.complaints.len()), (1, 1));
    }

    #[test]
    fn a_file_that_is_cut_holds_no_event_that_was_not_written() {
        let text = format!("[{},\n{}]", request(), rendered());
        let missed =
            cut_everywhere(text.as_bytes(), |part| seen_in(std::str::from_utf8(part).unwrap()));
        assert_eq!(missed, Vec::<usize>::new());
    }

    #[test]
    fn event_json_is_known_by_its_content() {
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
        assert_eq!(
            (fit(&request()), fit(&rendered()), fit(&format!("[{}", request()))),
            (Fit::Yes(9), Fit::Yes(9), Fit::Yes(9))
        );
        assert_eq!(fit("[{\"TimeCreated\":1,\"Message\":\"\"}]"), Fit::Yes(6));
        assert_eq!(fit("{\"Version\":\"10.0\"}"), Fit::No);
        assert_eq!(fit(&format!("x{}", request())), Fit::No);
    }
}
