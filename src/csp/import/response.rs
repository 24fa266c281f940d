//! What a device answered in SyncML: Results, Status, and the package with which it opens a session.
//!
//! Only complete documents say something. What an address means is left to `facts`.

mod gather;

use super::syncml;
use super::{Each, Options, Record};
use crate::artefact::Notes;
use crate::error::{Outcome, Place};
use std::io::BufRead;

pub(super) use gather::{Asked, Gathered, Origin};

pub use syncml::RESPONSE as KIND;

const SILENT: &str =
    "it holds no answer of a device: no Status, no Results, no package that opens a session";

/// Reads one document; an answer that no node can hold is complained of, and the others are told.
pub fn read(
    input: &mut dyn BufRead,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let (mut gathered, mut asked) = (Gathered::default(), Asked::default());
    let mut said = Notes::default();
    syncml::read(input, notes, &mut |part| {
        gathered.take(part, &mut asked, &mut said);
        Ok(())
    })?;
    let complete = gathered.ended;
    notes.add(said);
    if complete && !gathered.answered {
        notes.complain_with(Place::Whole, SILENT, "`licctl csp apply` runs what a server sends");
    } else if complete {
        each(Place::Line(1), gathered.record())?;
    }
    Ok(())
}

impl Gathered {
    /// What the document came to.
    pub(super) fn record(self) -> Record {
        if !self.answered || self.facts.is_empty() {
            Record::Skipped("it holds no answer of a device".to_owned())
        } else {
            Record::Device(Box::new(self.facts))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::csp::import::Options;
    use crate::csp::import::facts::{ReportedCode, Said};
    use crate::csp::import::testing::{Seen, cut_everywhere, decoded, seen, utf16};
    use crate::error::Place;

    fn seen_in(text: &str) -> Seen {
        seen(|notes, each| read(&mut decoded(text.as_bytes()), &Options::default(), notes, each))
    }

    /// A message of a Windows client, as captured; names and ids are invented.
    fn message(body: &str) -> String {
        format!(
            "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>4</SessionID><MsgID>4</MsgID>\
             <Target><LocURI>https://mdm.example.test/ManagementServer/MDM.svc</LocURI></Target>\
             <Source><LocURI>0123456789ABCDEF0123456789ABCDEF</LocURI><LocName>fixture-client</LocName></Source></SyncHdr>\
             <SyncBody><Status><CmdID>1</CmdID><MsgRef>3</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>{body}<Final/></SyncBody></SyncML>"
        )
    }

    fn status(uri: &str, code: u16) -> String {
        format!(
            "<Status><CmdID>2</CmdID><MsgRef>3</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd>{}<Data msft:originalerror=\"0x86000002\">{code}</Data></Status>",
            if uri.is_empty() { String::new() } else { format!("<TargetRef>{uri}</TargetRef>") }
        )
    }

    fn result(uri: &str, format: &str, data: &str) -> String {
        let meta = match format {
            "" => String::new(),
            format => format!("<Meta><Format xmlns=\"syncml:metinf\">{format}</Format></Meta>"),
        };
        format!(
            "<Results><CmdID>3</CmdID><MsgRef>3</MsgRef><CmdRef>5</CmdRef><Item><Source><LocURI>{uri}</LocURI></Source>{meta}<Data>{data}</Data></Item></Results>"
        )
    }

    const WL: &str = "./Vendor/MSFT/WindowsLicensing";

    #[test]
    fn results_are_facts_of_the_device_that_the_header_names() {
        let text = message(&format!(
            "{}{}{}",
            result(&format!("{WL}/Edition"), "int", "4"),
            result("./DevDetail/SwV", "", "10.0.26200.9278"),
            result(&format!("{WL}/LicenseKeyType"), "", "ProductKey")
        ));
        let found = seen_in(&text);
        let facts = found.only();
        assert_eq!(facts.device.as_deref(), Some("fixture-client"));
        assert_eq!(
            (facts.edition, facts.license_key_type.as_deref()),
            (Some(4), Some("ProductKey"))
        );
        assert_eq!(facts.os_version.unwrap().build, 26200);
        let unnamed = seen_in(&text.replace("<LocName>fixture-client</LocName>", ""));
        assert_eq!(unnamed.only().device.as_deref(), Some("0123456789ABCDEF0123456789ABCDEF"));
    }

    #[test]
    fn what_apply_local_management_answers_is_read_whatever_it_declares() {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr/><SyncBody>\
             <Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>{}<Final/></SyncBody></SyncML>",
            result(&format!("{WL}/Edition"), "int", "4")
        );
        for bytes in [text.clone().into_bytes(), utf16(&text)] {
            let found =
                seen(|notes, each| read(&mut decoded(&bytes), &Options::default(), notes, each));
            assert_eq!((found.only().edition, found.only().device.clone()), (Some(4), None));
        }
        let none = "<SyncML><SyncHdr /><SyncBody><Status><Data>200</Data></Status><Final /></SyncBody></SyncML>";
        assert_eq!(
            seen_in(none).skipped,
            [(Place::Line(1), "it holds no answer of a device".to_owned())]
        );
    }

    #[test]
    fn a_node_that_is_not_there_is_no_failure() {
        let text = message(&format!(
            "{}{}",
            result(&format!("{WL}/Edition"), "int", "4"),
            status(&format!("{WL}/SMode/Status"), 404)
        ));
        let found = seen_in(&text);
        assert_eq!(found.only().smode.status, Some(Said::Absent));
        assert!(found.only().errors.is_empty());
    }

    #[test]
    fn failures_are_reported_with_what_they_are_about() {
        let uri = format!("{WL}/ChangeProductKey");
        let text =
            message(&format!("\n{}{}{}", status(&uri, 405), status("", 216), status("", 202)))
                .replace(
                    "<SyncBody>",
                    "<SyncBody xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\">",
                );
        let found = seen_in(&text);
        let errors = &found.only().errors;
        assert_eq!(errors.len(), 2);
        assert_eq!(errors[0].loc_uri, uri);
        assert_eq!(errors[0].code, ReportedCode::Status(405));
        assert_eq!(errors[0].original, Some(0x8600_0002));
        assert_eq!((errors[0].command.as_str(), errors[0].place), ("Get", Place::Line(2)));
        assert_eq!(errors[1].code, ReportedCode::Status(216));
    }

    #[test]
    fn the_package_that_opens_a_session_tells_of_the_device_itself() {
        let item = |name: &str, data: &str| {
            format!(
                "<Item><Source><LocURI>./DevInfo/{name}</LocURI></Source><Data>{data}</Data></Item>"
            )
        };
        let replace = format!(
            "<Replace><CmdID>5</CmdID>{}{}{}{}{}</Replace>",
            item("DevId", "0123456789ABCDEF0123456789ABCDEF"),
            item("Man", "Example Manufacturer"),
            item("Mod", "Conformance Device"),
            item("DmV", "1.3"),
            item("Lang", "en-US")
        );
        let alerts = "<Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta>\
            <Type xmlns=\"syncml:metinf\">com.microsoft/MDM/LoginStatus</Type></Meta><Data>user</Data></Item></Alert>";
        let found = seen_in(&message(&format!("{alerts}{replace}")));
        let facts = found.only();
        assert_eq!(facts.info.dev_id.as_deref(), Some("0123456789ABCDEF0123456789ABCDEF"));
        assert_eq!(facts.info.manufacturer.as_deref(), Some("Example Manufacturer"));
        assert_eq!(facts.info.model.as_deref(), Some("Conformance Device"));
        assert_eq!(
            (facts.info.dm_version.as_deref(), facts.info.language.as_deref()),
            (Some("1.3"), Some("en-US"))
        );
        let alerts: Vec<_> =
            facts.alerts.iter().map(|alert| (alert.code.as_str(), alert.kind.as_str())).collect();
        assert_eq!(alerts, [("1201", ""), ("1224", "com.microsoft/MDM/LoginStatus")]);
    }

    #[test]
    fn an_answer_that_no_node_can_hold_is_complained_of() {
        let found =
            seen_in(&message(&format!("\n{}", result(&format!("{WL}/Edition"), "int", "x"))));
        assert_eq!((found.devices.len(), found.devices[0].1.edition), (1, None));
        assert_eq!(found.complaints.len(), 1);
        assert!(found.complaints[0].starts_with("line 2: "), "{found:?}");
        let found = seen_in(&message("<Status><Data>fine</Data></Status>"));
        assert_eq!(found.complaints, ["line 1: `fine` is no status"]);
    }

    #[test]
    fn what_a_server_sent_says_nothing() {
        let text = message(&status("", 500)).replace(
            "<Source><LocURI>0123456789ABCDEF0123456789ABCDEF</LocURI><LocName>fixture-client</LocName>",
            "<Source><LocURI>https://mdm.example.test/</LocURI>",
        );
        let found = seen_in(&text);
        assert_eq!((found.devices.len(), found.skipped.len()), (0, 0));
        assert_eq!(found.complaints.len(), 1, "{found:?}");
    }

    #[test]
    fn a_message_of_a_device_without_an_answer_is_refused() {
        let told = "<Replace><Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>x</Data></Item></Replace>";
        for (body, devices) in [
            ("", 0),
            ("<Get><CmdID>1</CmdID></Get>", 0),
            (told.replace("Source", "Target").as_str(), 0),
            (told, 1),
            ("<Status><Data>200</Data></Status>", 1),
        ] {
            let text = message(body);
            let (head, rest) = text.split_once("<SyncBody><Status>").unwrap();
            let (_, body) = rest.split_once("</Status>").unwrap();
            let found = seen_in(&format!("{head}<SyncBody>{body}"));
            assert_eq!(found.devices.len(), devices, "{text}");
            assert_eq!(found.complaints.len(), 1 - devices, "{found:?}");
        }
    }

    #[test]
    fn a_response_that_is_cut_says_nothing() {
        let text = message(&result(&format!("{WL}/Edition"), "int", "4"));
        cut_everywhere(text.as_bytes(), &|bytes, notes, each| {
            read(&mut decoded(bytes), &Options::default(), notes, each)
        });
    }
}
