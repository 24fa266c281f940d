//! KMS events from JSON: `Get-WinEvent` or `Get-EventLog` piped into `ConvertTo-Json`, as an array
//! or a single object, and event records as JSON lines in the shape of `rendered`.
//!
//! Elements are read one by one, so that memory does not grow with the file. The strings of an
//! event are `event`'s.

mod shown;

use super::event::delivery::Delivery;
use super::{Each, Options};
use crate::artefact::json::{Element, Elements};
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use shown::Shown;
use std::io::BufRead;

/// Event records as JSON.
pub static KIND: Kind = Kind {
    name: "kms.event-json",
    title: "KMS events as JSON: `Get-WinEvent … | ConvertTo-Json -Depth 3`, or JSON lines of a binary log",
    binary: false,
    sniff,
};

/// Members by which an object is known to be an event: of records, of `Get-WinEvent`, of
/// `Get-EventLog`.
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
    let mut elements = Elements::new(input);
    let mut delivery = Delivery::new(options, notes, each)?;
    loop {
        let trouble = match elements.next() {
            Ok(None) => break,
            Ok(Some(element)) => match serde_json::from_str::<Shown<'_>>(element.text) {
                Ok(shown) => {
                    shown.deliver(Place::Line(element.line), &mut delivery)?;
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

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, LONGEST, Sample};
    use crate::kms::import::Options;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, cut_everywhere, seen};

    /// An event of `Get-WinEvent`, with its last members as given.
    fn shown(members: &str) -> String {
        let event = r#"{"Id":12290,"RecordId":48211,"LogName":"Key Management Service",
            "ProviderName":"Microsoft-Windows-Security-SPP","Version":0,"UserId":null,
            "MachineName":"kms01.corp.example",MEMBERS}"#;
        event.replace('\n', "").replace("MEMBERS", members)
    }

    /// The insertion strings of a request as `Get-WinEvent` shows them.
    fn properties() -> String {
        let one = |text: &str| format!(r#"{{"Value":"{text}"}}"#);
        let all: Vec<String> = [""].into_iter().chain(LIST.split(',')).map(one).collect();
        format!(r#""Properties":[{}]"#, all.join(","))
    }

    fn request() -> String {
        let time = r#""TimeCreated":"\/Date(1741503912441)\/","Message":"x""#;
        shown(&format!("{time},{}", properties()))
    }

    /// An event as a dump of a binary log shows it.
    fn rendered() -> String {
        let event = r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{
            "Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-SPP"}},
            "EventID":{"#attributes":{"Qualifiers":16384},"#text":12290},
            "TimeCreated":{"#attributes":{"SystemTime":"2025-03-09T07:05:12.441Z"}},
            "EventRecordID":48211,"Channel":"Key Management Service",
            "Computer":"kms01.corp.example"},"EventData":{"Data":{"#text":["","LIST"]}}}}"##;
        event.replace('\n', "").replace("LIST", &LIST.replace(',', r#"",""#))
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
        let message =
            r#""Message":"An activation request has been processed.\r\nInfo:\r\nLIST\r\n""#;
        let message = message.replace("LIST", LIST);
        for properties in [
            "",
            r#","Properties":["System.Diagnostics.Eventing.Reader.EventProperty"]"#,
            r#","Properties":"x y""#,
        ] {
            let time = r#""TimeCreated":"2025-03-09T08:05:12.4410000+01:00""#;
            let text = shown(&format!("{time},{message}{properties}"));
            assert_eq!(seen_in(&text).events, [one(1)]);
        }
    }

    #[test]
    fn times_are_read_in_every_form_that_powershell_writes() {
        let with = |time: &str| shown(&format!(r#""TimeCreated":{time},{}"#, properties()));
        for (time, read) in [
            (r#""\/Date(1741503900000)\/""#, "2025-03-09T07:05:00Z"),
            (r#""2025-03-09T07:05:00+01:00""#, "2025-03-09T06:05:00Z"),
            (
                r#"{"value":"\/Date(1741503900000)\/","DisplayHint":2,"DateTime":"Sunday"}"#,
                "2025-03-09T07:05:00Z",
            ),
        ] {
            let expected = format!("line 1: kms01.corp.example 48211 {read}");
            assert_eq!(seen_in(&with(time)).events[0].0, expected);
        }
        let local = with(r#""2025-03-09T07:05:00""#);
        assert_eq!(
            seen_in(&local).complaints,
            ["line 1: the time `2025-03-09T07:05:00` is local and its zone is not known"]
        );
        let zone = Some(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        let found = seen_with(&Options { zone, ..Options::default() }, &local);
        assert!(found.events[0].0.ends_with("2025-03-09T06:05:00Z"), "{found:?}");
    }

    #[test]
    fn the_members_of_get_eventlog_are_read_too() {
        let event = r#"[{"MachineName":"kms01.corp.example","Data":[],"Index":48211,
            "InstanceId":1073754114,"Source":"KmsRequests","ReplacementStrings":["","LIST"],
            "TimeGenerated":"\/Date(1741503912441)\/"}]"#;
        let text = event.replace("LIST", &LIST.replace(',', r#"",""#));
        assert_eq!(seen_in(&text).events, [one(1)]);
        let found = seen_in(&text.replace(r#""Data":[]"#, r#""Data":[77,90]"#));
        assert!(found.events[0].1.starts_with("Suspicious { id: 12290, size: 2,"), "{found:?}");
    }

    #[test]
    fn a_binary_property_makes_an_event_suspicious() {
        let found = seen_in(&request().replace("}]}", r#"},{"Value":[77,90,144]}]}"#));
        assert!(found.events[0].1.starts_with("Suspicious { id: 12290, size: 3,"), "{found:?}");
        let data = r#""EventData":{"#;
        let found = seen_in(&rendered().replace(data, &format!(r#"{data}"Binary":"4D5A","#)));
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
            .replace(r##""TimeCreated":{"#attributes":"##, r#""TimeCreated_attributes":"#)
            .replace(r#"12.441Z"}}"#, r#"12.441Z"},"TimeCreated":null"#)
            .replace(r##"{"#attributes":{"Qualifiers":16384},"#text":12290}"##, "12290");
        assert_eq!(seen_in(&text).events, [one(1)]);
    }

    #[test]
    fn a_bad_element_is_told_with_its_line_and_the_next_one_read() {
        let event = request();
        let seven = event.replace(r#""Value":"2""#, r#""Value":"7""#);
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
        assert!(missed.is_empty(), "{missed:?}");
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
