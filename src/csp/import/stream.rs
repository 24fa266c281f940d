//! What `SyncMLViewer` saves: the messages of MDM sessions one behind the other, with comments between them.
//!
//! The file has no root. Messages are found by their `SyncML` tags and read one at a time; one that the viewer cut, because an event of
//! Windows holds 64 KiB at most, is read as far as it goes. What the messages say is left to `response`.

mod split;

use super::response::{Asked, Gathered, Origin};
use super::syncml::{self, Salvaged};
use super::{Each, Options, Record};
use crate::artefact::Notes;
use crate::artefact::trouble::Trouble;
use crate::csp::model::message::Part;
use crate::error::{Outcome, Place};
use split::{Message, Splitter};
use std::io::BufRead;

pub use syncml::STREAM as KIND;

/// Reads a stream. What is said of one device in messages that follow each other is one record.
///
/// A message that is not well-formed is complained of, and what is whole of it is taken.
pub fn read(
    input: &mut dyn BufRead,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut splitter = Splitter::new(input);
    let mut stream = Stream { notes, each, asked: Asked::default(), said: None, messages: 0 };
    loop {
        match splitter.next() {
            Ok(Some(message)) => stream.message(&message)?,
            Ok(None) => break,
            Err(trouble @ Trouble::Skip(..)) => _ = trouble.settle(stream.notes)?,
            Err(trouble) => {
                trouble.settle(stream.notes)?;
                break;
            }
        }
    }
    stream.finish()
}

struct Stream<'n, 'e, 'f> {
    notes: &'n mut Notes,
    each: &'e mut Each<'f>,
    asked: Asked,
    /// What the latest device said, and where its first message begins.
    said: Option<(Place, Gathered)>,
    messages: u64,
}

impl Stream<'_, '_, '_> {
    fn message(&mut self, message: &Message<'_>) -> Outcome<()> {
        self.messages += 1;
        let mut parts = Vec::new();
        let salvaged = syncml::salvage(&mut message.text.as_bytes(), &mut |part| {
            parts.push(part.clone());
            Ok(())
        })?;
        if let Salvaged::Broken { line, why } = salvaged {
            let place = Place::Line(message.line + line - 1);
            if message.truncated {
                let said = "the viewer cut the message; it is read up to its last whole item";
                self.notes.warn("truncated", Place::Line(message.line), said);
            } else {
                self.notes.complain(place, why);
            }
        }
        let header = parts.iter().find_map(|part| match part {
            Part::Header(header) => Some(header.as_ref()),
            _ => None,
        });
        match header.map_or(Origin::Unknown, Origin::of) {
            Origin::Server => {
                let mut gathered = Gathered::default();
                for part in &parts {
                    gathered.take(part, &mut self.asked, self.notes);
                }
                Ok(())
            }
            Origin::Device(name) => {
                let name = name.to_owned();
                let same = self.said.as_ref().is_none_or(|said| said.1.is_of(&name));
                if !same {
                    self.hand_on()?;
                }
                self.take(message, &parts);
                Ok(())
            }
            Origin::Unknown => {
                self.take(message, &parts);
                Ok(())
            }
        }
    }

    /// Adds a message to what the device said before.
    fn take(&mut self, message: &Message<'_>, parts: &[Part]) {
        let place = Place::Line(message.line);
        let (_, said) = self.said.get_or_insert_with(|| (place, Gathered::default()));
        said.before = message.line - 1;
        message.comment.clone_into(&mut said.time);
        for part in parts {
            said.take(part, &mut self.asked, self.notes);
        }
    }

    /// Hands on what one device said.
    fn hand_on(&mut self) -> Outcome<()> {
        match self.said.take() {
            Some((place, said)) => (self.each)(place, said.record()),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> Outcome<()> {
        match (&self.said, self.messages) {
            (None, 0) => {
                self.notes.complain(Place::Whole, "there is no SyncML message");
                Ok(())
            }
            (None, _) => {
                let why = "the messages are those of a server alone".to_owned();
                (self.each)(Place::Line(1), Record::Skipped(why))
            }
            (Some(_), _) => self.hand_on(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::csp::import::Options;
    use crate::csp::import::facts::{ReportedCode, Said};
    use crate::csp::import::testing::{Seen, decoded, seen};
    use crate::error::Place;

    const WL: &str = "./Vendor/MSFT/WindowsLicensing";
    const CUT: &str = "\n<!-- ignore this line, closing SyncML tag added to support parsing of truncated xml data --></SyncML>";

    fn seen_in(text: &str) -> Seen {
        seen(|notes, each| read(&mut decoded(text.as_bytes()), &Options::default(), notes, each))
    }

    /// A message as the viewer lays it out.
    fn message(source: &str, session: &str, number: u32, body: &str) -> String {
        format!(
            "<SyncML xmlns=\"SYNCML:SYNCML1.2\">\n  <SyncHdr>\n    <VerDTD>1.2</VerDTD>\n    <SessionID>{session}</SessionID>\n    <MsgID>{number}</MsgID>\n    \
             <Source>\n      <LocURI>{source}</LocURI>\n    </Source>\n  </SyncHdr>\n  <SyncBody>\n{body}\n    <Final />\n  </SyncBody>\n</SyncML>\n"
        )
    }

    fn server(number: u32, body: &str) -> String {
        message(
            "https://r.manage.example.test/devicegatewayproxy/cimhandler.ashx",
            "6A",
            number,
            body,
        )
    }

    fn client(number: u32, body: &str) -> String {
        message("urn:uuid:11111111-2222-4333-8444-555555555555", "6A", number, body)
    }

    fn get(id: u32, node: &str) -> String {
        format!(
            "<Get><CmdID>{id}</CmdID><Item><Target><LocURI>{WL}/{node}</LocURI></Target></Item></Get>"
        )
    }

    fn status(message: u32, command: u32, status: u16) -> String {
        format!(
            "<Status><CmdID>2</CmdID><MsgRef>{message}</MsgRef><CmdRef>{command}</CmdRef><Cmd>Get</Cmd><Data>{status}</Data></Status>"
        )
    }

    fn result(node: &str, data: &str) -> String {
        format!(
            "<Results><CmdID>3</CmdID><Item><Source><LocURI>{WL}/{node}</LocURI></Source><Data>{data}</Data></Item></Results>"
        )
    }

    #[test]
    fn the_messages_of_a_session_are_read_one_behind_the_other() {
        let text = format!(
            "<!-- OmaDmSessionStart -->\n<!-- 3/9/2025 7:05:12 AM -->\n{}\n{}\n<!-- 3/9/2025 7:05:14 AM -->\n{}\n<!-- OmaDmSessionComplete -->\n",
            server(
                1,
                &format!("{}{}{}", get(5, "SMode/Status"), get(6, "Edition"), get(7, "Status"))
            ),
            client(
                2,
                &format!(
                    "{}{}{}{}",
                    status(1, 5, 404),
                    status(1, 6, 200),
                    result("Edition", "4"),
                    status(1, 7, 500)
                )
            ),
            client(3, &result("Status", "3")),
        );
        let found = seen_in(&text);
        let facts = found.only();
        assert_eq!(facts.device.as_deref(), Some("urn:uuid:11111111-2222-4333-8444-555555555555"));
        assert_eq!((facts.edition, facts.status), (Some(4), Some(3)));
        // The Status names no address: that of the server's command is meant.
        assert_eq!(facts.smode.status, Some(Said::Absent));
        assert_eq!(facts.errors.len(), 1);
        assert_eq!(facts.errors[0].loc_uri, format!("{WL}/Status"));
        assert_eq!(facts.errors[0].code, ReportedCode::Status(500));
        assert_eq!(facts.errors[0].time, "", "the date stands before the message of the server");
        assert_eq!(found.devices[0].0, Place::Line(18));
    }

    #[test]
    fn a_status_is_not_taken_for_the_answer_to_another_message() {
        let text =
            format!("{}{}", server(1, &get(5, "SMode/Status")), client(2, &status(7, 5, 404)));
        let found = seen_in(&text);
        assert_eq!((found.only().smode.status, found.only().errors.len()), (None, 1));
        assert_eq!(found.only().errors[0].loc_uri, "");
    }

    #[test]
    fn a_message_that_the_viewer_cut_is_read_up_to_its_last_whole_item() {
        let whole = client(1, &format!("{}{}", result("Edition", "4"), result("Status", "3")));
        let body = whole.find("  <SyncBody>").unwrap();
        let first = whole.find("</Item>").unwrap() + "</Item>".len();
        let second = whole.rfind("</Item>").unwrap() + "</Item>".len();
        for cut in body..whole.len() {
            let text = format!(
                "{}{CUT}\n\n{}",
                &whole[..cut],
                client(2, &result("LicenseKeyType", "ProductKey"))
            );
            let found = seen_in(&text);
            let facts = found.only();
            assert_eq!(facts.edition, (cut >= first).then_some(4), "{cut}");
            assert_eq!(facts.status, (cut >= second).then_some(3), "{cut}");
            assert_eq!(facts.license_key_type.as_deref(), Some("ProductKey"), "{cut}");
            let truncated =
                "truncated the viewer cut the message; it is read up to its last whole item";
            let expected: &[&str] = if cut < whole.len() - 1 { &[truncated] } else { &[] };
            assert!(found.warnings == expected || cut >= whole.len() - 12, "{cut}: {found:?}");
        }
    }

    #[test]
    fn a_message_that_is_broken_is_complained_of_and_what_is_whole_is_told() {
        let broken = client(1, &format!("{}<Results><x></Results>", result("Edition", "4")));
        let text = format!("\n{broken}\n{}", client(2, &result("Status", "3")));
        let found = seen_in(&text);
        assert_eq!(found.complaints.len(), 1);
        assert!(found.complaints[0].starts_with("line 12: "), "{found:?}");
        assert_eq!((found.devices[0].1.edition, found.devices[0].1.status), (Some(4), Some(3)));
        let unended = client(1, &result("Edition", "4")).replace("</SyncML>", "");
        let found = seen_in(&format!("{unended}{}", client(2, &result("Status", "3"))));
        assert_eq!((found.complaints.len(), found.devices.len()), (1, 1));
    }

    #[test]
    fn what_each_device_said_is_a_record() {
        let other = message("pc-2", "7", 1, &result("Edition", "48"));
        let mine = client(1, &result("Edition", "4"));
        let found = seen_in(&format!("{mine}{other}{mine}"));
        let editions: Vec<_> = found.devices.iter().map(|(_, facts)| facts.edition).collect();
        assert_eq!(editions, [Some(4), Some(48), Some(4)]);
    }

    #[test]
    fn lists_of_requests_and_responses_are_read_as_well() {
        let text = format!(
            "---- Request 1 ----\n{}\n---- Response 1 ----\n{}",
            server(1, ""),
            client(1, &result("Edition", "4"))
        );
        assert_eq!(seen_in(&text).only().edition, Some(4));
    }

    #[test]
    fn cdata_does_not_end_a_message() {
        let inner = "<![CDATA[<SyncML></SyncML>]]>";
        let text =
            client(1, &format!("{}{}", result("LicenseKeyType", inner), result("Edition", "4")));
        assert_eq!(seen_in(&text).only().edition, Some(4));
    }

    #[test]
    fn files_without_answers_are_told() {
        assert_eq!(seen_in("<!-- x -->").complaints, ["there is no SyncML message"]);
        assert_eq!(seen_in(&server(1, "")).skipped.len(), 1);
        assert_eq!(seen_in("<SyncML/><SyncML/>").complaints.len(), 2);
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_does_no_harm() {
        let text =
            format!("{}{}", server(1, &get(5, "Edition")), client(2, &result("Edition", "4")));
        for end in 0..text.len() {
            let found = seen_in(&text[..end]);
            let half = !found.devices.is_empty() && found.complaints.is_empty();
            assert!(!half || end >= text.len() - 1, "{end}: {found:?}");
        }
    }
}
