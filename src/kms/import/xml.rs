//! KMS events from XML: what `wevtutil qe … /f:xml` and `/f:RenderedXml` print, with a root or
//! without, and what the Event Viewer saves as XML.
//!
//! Elements are known by their local names. Of a record only `System` and `EventData` are read; the
//! strings are `event`'s.

mod draft;

use super::event::delivery::Delivery;
use super::{Each, Options};
use crate::artefact::trouble::Next;
use crate::artefact::xml::{Document, Piece};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::Outcome;
use draft::{Draft, State};
use std::io::BufRead;

/// Event records as XML.
pub static KIND: Kind = Kind {
    name: "kms.event-xml",
    title: "KMS events as XML: `wevtutil qe \"Key Management Service\" /f:xml`, or saved by the Event Viewer",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start();
    let event =
        || text.split("<Event").skip(1).any(|rest| rest.starts_with([' ', '>', '\r', '\n', '\t']));
    match text.starts_with('<') {
        true if text.contains("http://schemas.microsoft.com/win/2004/08/events/event") => {
            Fit::Yes(9)
        }
        true if event() && text.contains("<System>") && text.contains("<EventID") => Fit::Yes(7),
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
    let mut document = Document::new(input);
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut draft = Draft::default();
    loop {
        match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => draft.open(&tag),
            Ok(Some(Piece::Close { name, text, depth })) => {
                if draft.close(name, text, depth) {
                    draft.deliver(&mut delivery)?;
                }
            }
            Err(trouble) => {
                if trouble.settle(delivery.notes)? == Next::Stop {
                    return Ok(());
                }
                draft.state = State::Spoiled;
            }
        }
    }
    delivery.finish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, LONGEST, Sample};
    use crate::kms::import::Options;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, cut_everywhere, seen};

    /// An event as `wevtutil` prints it; the strings as XML.
    fn event(id: u32, channel: &str, data: &str) -> String {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider \
             Name='Microsoft-Windows-Security-SPP' Guid='{{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}}' EventSourceName='KmsRequests'/>\
             <EventID Qualifiers='16384'>{id}</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode>\
             <Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2025-03-09T07:05:12.4410000Z'/>\
             <EventRecordID>48211</EventRecordID><Correlation/><Execution ProcessID='0' ThreadID='0'/>\
             <Channel>{channel}</Channel><Computer>kms01.corp.example</Computer><Security/></System>\
             <EventData>{data}</EventData></Event>"
        )
    }

    fn request() -> String {
        event(
            12290,
            "Key Management Service",
            &format!("<Data></Data><Data>{}</Data>", LIST.replace(',', "</Data><Data>")),
        )
    }

    fn seen_in(text: &str) -> Seen {
        seen(|notes, each| read(&mut text.as_bytes(), &Options::default(), notes, each))
    }

    fn head(line: u64) -> String {
        format!("line {line}: kms01.corp.example 48211 2025-03-09T07:05:12.441Z")
    }

    #[test]
    fn events_are_read_with_a_root_and_without() {
        let one = (head(1), REQUEST.to_owned());
        let request = request();
        assert_eq!(seen_in(&request), Seen { events: vec![one.clone()], ..Seen::default() });
        assert_eq!(seen_in(&format!("{request}{request}")).events, [one.clone(), one.clone()]);
        let rooted = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Events>{request}</Events>"
        );
        assert_eq!(seen_in(&rooted).events, [(head(2), REQUEST.to_owned())]);
        assert_eq!(seen_in(&format!("{rooted}\n{rooted}")).events.len(), 2);
        let pretty = request
            .replace("><", ">\r\n  <")
            .replace(">\r\n  </Data>", "></Data>")
            .replace('\'', "\"")
            .replace('<', "<w:")
            .replace("<w:/", "</w:");
        assert_eq!(seen_in(&pretty), Seen { events: vec![one], ..Seen::default() });
    }

    #[test]
    fn one_string_with_the_list_is_read_as_ten() {
        let text = event(12290, "Key Management Service", &format!("<Data>{LIST}</Data>"));
        assert_eq!(seen_in(&text).events, [(head(1), REQUEST.to_owned())]);
        let text = text.replace("pc-017", "p&amp;c&#45;&#x30;17");
        assert!(seen_in(&text).events[0].1.contains("\"p&c-017.corp.example\""));
    }

    #[test]
    fn rendering_information_adds_nothing() {
        let rendering = "<RenderingInfo Culture='de-DE'><Message>0x0,1,2</Message><Channel>x</Channel><System><EventID>1</EventID></System>\
                         <EventData><Data>x</Data></EventData></RenderingInfo></Event>";
        let text = request()
            .replace("</Event>", rendering)
            .replace("<System>", "<System><Extra><EventID>7</EventID></Extra>");
        assert_eq!(seen_in(&text).events, [(head(1), REQUEST.to_owned())]);
    }

    #[test]
    fn a_stranger_in_the_log_is_reported_and_the_rest_is_read() {
        let stranger =
            event(1337, "Key Management Service", "<Data>x</Data><Binary>4D5A90</Binary>");
        let found = seen_in(&format!("{stranger}{}", request()));
        assert!(
            found.events[0].1.starts_with("Suspicious { id: 1337, size: 3, sha256: ["),
            "{found:?}"
        );
        assert_eq!((found.events[1].1.as_str(), found.complaints.len()), (REQUEST, 0));
    }

    #[test]
    fn a_bad_record_is_told_with_its_line_and_the_others_are_read() {
        let bad = event(12290, "Key Management Service", "<Data>0x0,25,pc,1</Data>");
        let found = seen_in(&format!("<Events>\n{bad}\n{}</Events>", request()));
        assert_eq!(found.complaints, ["line 2: field count 4, expected 9"]);
        assert_eq!(found.events, [(head(3), REQUEST.to_owned())]);
        let timeless = request().replace("07:05:12.4410000Z", "");
        assert_eq!(seen_in(&timeless).complaints, ["line 1: `2025-03-09T` is no date and time"]);
    }

    #[test]
    fn a_log_of_another_service_holds_no_records_of_this_one() {
        let text = event(7036, "System", "<Data>a</Data>")
            .replace("Microsoft-Windows-Security-SPP", "Service Control Manager");
        let text = text.replace("KmsRequests", "");
        let expected = Seen { complaints: vec!["no KMS records".to_owned()], ..Seen::default() };
        assert_eq!(seen_in(&text), expected);
        assert_eq!(seen_in("<Events></Events>"), expected);
    }

    #[test]
    fn hostile_files_are_refused_without_being_followed() {
        let request = request();
        let bomb = format!("<!DOCTYPE a [<!ENTITY b \"{}\">]>{request}", "x".repeat(1000));
        assert_eq!(
            seen_in(&bomb),
            Seen {
                complaints: vec!["line 1: document types (`<!DOCTYPE`) are refused".to_owned()],
                ..Seen::default()
            }
        );
        let deep = format!("{request}{}", "<Event>".repeat(100_000));
        let found = seen_in(&deep);
        assert_eq!((found.events.len(), found.complaints.len()), (1, 1));
        let long = request.replace("pc-017", &"x".repeat(10 * LONGEST));
        let found = seen_in(&format!("{long}{request}"));
        assert_eq!(
            found.complaints,
            [format!("line 1: the text of an element is longer than {LONGEST} bytes")]
        );
        assert_eq!(found.events.len(), 1);
        let many = request
            .replace("<EventData>", &format!("<EventData>{}", "<Data>x</Data>".repeat(LONGEST)));
        assert_eq!(
            seen_in(&many).complaints,
            [format!("line 1: the record is longer than {LONGEST} bytes")]
        );
        let entity = request.replace("pc-017", "&unknown;");
        assert_eq!(seen_in(&entity).complaints, ["line 1: the entity `&unknown;` is not defined"]);
    }

    #[test]
    fn a_file_that_is_cut_holds_no_event_that_was_not_written() {
        let text = format!(
            "<Events>{}\n{}</Events>",
            request(),
            event(12294, "Application", "<Data>corp.example</Data>")
        );
        let missed =
            cut_everywhere(text.as_bytes(), |part| seen_in(std::str::from_utf8(part).unwrap()));
        assert!(missed.is_empty(), "{missed:?}");
    }

    #[test]
    fn event_xml_is_known_by_its_content() {
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
        assert_eq!(fit(&request()), Fit::Yes(9));
        assert_eq!(fit("\n<Events><Event><System><EventID>1</EventID>"), Fit::Yes(7));
        assert_eq!(fit("<SyncML><Event>"), Fit::No);
        assert_eq!(fit("{\"Event\":{}}"), Fit::No);
    }
}
