//! Responses byte for byte.

use super::{End, Layout, Response, Sender, length};
use crate::artefact::Notes;
use crate::csp::import::syncml;
use crate::csp::model::answer::Told;
use crate::csp::model::message::Part;
use crate::csp::rules::session::testing::Few;
use crate::csp::rules::session::{Mode, Session};

const WL: &str = "./Vendor/MSFT/WindowsLicensing";

fn sender() -> Sender {
    Sender {
        device_id: "urn:uuid:11111111-2222-4333-8444-555555555555".to_owned(),
        original_errors: false,
        limit: None,
    }
}

/// The response of the small tree to a document.
fn response(text: &str, sender: Sender, layout: Layout) -> (String, End) {
    let (mut out, mut notes) = (String::new(), Notes::default());
    let mut response = Response::new(&mut out, sender, layout);
    let (mut session, mut tree) = (Session::new(Mode::Whole), Few::new());
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        session.take(part, &mut tree, &mut |told| {
            response.tell(&told).unwrap();
            Ok(())
        })
    })
    .unwrap();
    assert!(session.has_ended());
    let end = response.finish().unwrap();
    (out, end)
}

fn compact(text: &str) -> String {
    response(text, sender(), Layout::Compact).0
}

fn message(body: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\">
  <SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>7</SessionID><MsgID>2</MsgID>
    <Target><LocURI>urn:uuid:11111111-2222-4333-8444-555555555555</LocURI></Target>
    <Source><LocURI>https://mdm.example.test/ManagementServer/MDM.svc</LocURI></Source></SyncHdr>
  <SyncBody>{body}<Final/></SyncBody></SyncML>"
    )
}

fn get(id: &str, nodes: &[&str]) -> String {
    let item = |node: &&str| format!("<Item><Target><LocURI>{node}</LocURI></Target></Item>\n");
    let items: String = nodes.iter().map(item).collect();
    format!("<Get><CmdID>{id}</CmdID>{items}</Get>")
}

const HEAD: &str = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>7</SessionID>\
    <MsgID>3</MsgID><Target><LocURI>https://mdm.example.test/ManagementServer/MDM.svc</LocURI></Target><Source>\
    <LocURI>urn:uuid:11111111-2222-4333-8444-555555555555</LocURI></Source></SyncHdr><SyncBody>";
const ACCEPTED: &str = "<Status><CmdID>1</CmdID><MsgRef>2</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>";
const END: &str = "<Final/></SyncBody></SyncML>";

#[test]
fn several_items_are_answered_as_a_windows_client_does() {
    let nodes =
        [format!("{WL}/Edition"), format!("{WL}/SMode/Status"), "./DevDetail/SwV".to_owned()];
    let text = message(&get("5", &nodes.each_ref().map(String::as_str)));
    let status = |id: u32, node: &str, status: u16| {
        format!(
            "<Status><CmdID>{id}</CmdID><MsgRef>2</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd><TargetRef>{node}</TargetRef><Data>{status}</Data></Status>"
        )
    };
    let results = format!(
        "<Results><CmdID>5</CmdID><MsgRef>2</MsgRef><CmdRef>5</CmdRef><Item><Source><LocURI>{WL}/Edition</LocURI></Source>\
         <Meta><Format xmlns=\"syncml:metinf\">int</Format></Meta><Data>48</Data></Item>\
         <Item><Source><LocURI>./DevDetail/SwV</LocURI></Source><Data>10.0.19045.3803</Data></Item></Results>"
    );
    let statuses =
        [status(2, &nodes[0], 200), status(3, &nodes[1], 404), status(4, &nodes[2], 200)];
    assert_eq!(compact(&text), format!("{HEAD}{ACCEPTED}{}{results}{END}", statuses.concat()));
}

#[test]
fn one_item_is_answered_without_target_and_its_results_follow_at_once() {
    let edition = format!("{WL}/Edition");
    let text = format!("{}{}", get("8", &[&edition]), get("9", &["./nothing"]));
    let answer = |id: u32, command: u32, status: u16| {
        format!(
            "<Status><CmdID>{id}</CmdID><MsgRef>1</MsgRef><CmdRef>{command}</CmdRef><Cmd>Get</Cmd><Data>{status}</Data></Status>"
        )
    };
    let results = format!(
        "<Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>8</CmdRef><Item><Source><LocURI>{edition}</LocURI></Source>\
         <Meta><Format xmlns=\"syncml:metinf\">int</Format></Meta><Data>48</Data></Item></Results>"
    );
    let head = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr/><SyncBody>";
    assert_eq!(
        compact(&text),
        format!(
            "{head}{}{}{results}{}{END}",
            ACCEPTED.replace("<MsgRef>2", "<MsgRef>1"),
            answer(2, 8, 200),
            answer(4, 9, 404)
        )
    );
}

#[test]
fn the_length_of_answers_is_that_of_the_response_that_holds_them() {
    let replace =
        "<Replace><CmdID>2</CmdID><Item><Target><LocURI>./&lt;</LocURI></Target></Item></Replace>";
    let text = message(&format!("<Atomic><CmdID>1</CmdID>{replace}</Atomic>"));
    let (mut receipt, mut answers, mut notes) = (None, Vec::new(), Notes::default());
    let (mut session, mut tree) = (Session::new(Mode::Whole), Few::new());
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        session.take(part, &mut tree, &mut |told| {
            match told {
                Told::Receipt(told) => receipt = Some(told),
                Told::Answer(answer) => answers.push(answer.into_owned()),
            }
            Ok(())
        })
    })
    .unwrap();
    assert_eq!(length(&sender(), &receipt.unwrap(), &answers), compact(&text).len());
}

#[test]
fn nothing_found_makes_no_results() {
    let written = compact(&message(&get("5", &["./a", "./b"])));
    assert_eq!(written.matches("<TargetRef>").count(), 2);
    assert!(!written.contains("<Results>"));
}

#[test]
fn a_command_without_number_is_answered_with_an_empty_reference() {
    let text = message(&get("", &["./a"]).replace("<CmdID></CmdID>", ""));
    assert!(compact(&text).contains("<CmdRef></CmdRef><Cmd>Get</Cmd><Data>400</Data>"));
}

#[test]
fn a_response_is_of_syncml_1_2_whatever_the_request_was() {
    let text = message(&get("5", &["./a"])).replace("1.2", "1.1");
    assert!(compact(&text).starts_with(HEAD));
}

#[test]
fn refusals_carry_the_original_error_where_the_server_takes_it() {
    let text = message(&get("5", &["./a"]));
    let with = Sender { original_errors: true, ..sender() };
    let (written, _) = response(&text, with, Layout::Compact);
    let open = "<SyncBody xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\">";
    assert!(written.contains(open));
    assert!(written.contains("<Cmd>SyncHdr</Cmd><Data>200</Data>"));
    assert!(written.contains("<Data msft:originalerror=\"0x86000002\">404</Data>"));
    assert!(!compact(&text).contains("msft"));
}

#[test]
fn no_response_is_written_where_none_is_wanted() {
    let body = get("5", &["./DevDetail/SwV"]);
    let unwanted = message(&body).replace("</SyncHdr>", "<NoResp/></SyncHdr>");
    assert_eq!(response(&unwanted, sender(), Layout::Compact), (String::new(), End::Unwanted));
    let silent = compact(&message(&body.replace("</CmdID>", "</CmdID><NoResp/>")));
    assert!(silent.starts_with(&format!("{HEAD}{ACCEPTED}<Results><CmdID>2</CmdID>")), "{silent}");
}

#[test]
fn a_header_that_is_refused_is_the_whole_response() {
    let text = message(&get("5", &["./a"])).replace("DM/1.2", "DM/9");
    let refused = ACCEPTED.replace("200", "513");
    assert_eq!(compact(&text), format!("{HEAD}{refused}{END}"));
}

#[test]
fn a_response_that_is_too_long_aborts_the_session() {
    let text = message(&get("5", &["./CSPVersions"]));
    let limited =
        |limit, layout| response(&text, Sender { limit: Some(limit), ..sender() }, layout);
    let alert = "<Alert><CmdID>2</CmdID><Data>1223</Data></Alert>";
    let aborted = (format!("{HEAD}{ACCEPTED}{alert}{END}"), End::Aborted);
    assert_eq!(limited(300, Layout::Compact), aborted);
    let whole = compact(&text);
    let length = u64::try_from(whole.len()).unwrap();
    assert_eq!(limited(length, Layout::Compact), (whole, End::Whole));
    assert_eq!(limited(length - 1, Layout::Compact), aborted);
    assert_eq!(limited(length, Layout::Pretty).1, End::Whole, "layout does not count");
    assert_eq!(limited(length - 1, Layout::Pretty).1, End::Aborted);
}

#[test]
fn a_response_that_is_laid_out_says_the_same() {
    let text = message(&get("5", &["./CSPVersions", "./a"]));
    let (pretty, _) = response(&text, sender(), Layout::Pretty);
    let start = "<SyncML xmlns=\"SYNCML:SYNCML1.2\">\n  <SyncHdr>\n    <VerDTD>1.2</VerDTD>\n";
    assert!(pretty.starts_with(start), "{pretty}");
    assert!(pretty.contains("\n    <Results>\n      <CmdID>4</CmdID>\n"), "{pretty}");
    assert!(
        pretty.contains(
            "\n      <Item>\n        <Source>\n          <LocURI>./CSPVersions</LocURI>\n"
        )
    );
    assert!(pretty.ends_with("    <Final/>\n  </SyncBody>\n</SyncML>\n"));
    let squeezed: String = pretty.lines().map(str::trim_start).collect();
    assert_eq!(squeezed, compact(&text));
}

#[test]
fn what_is_written_is_read_back() {
    let text = message(&get("5", &["./CSPVersions", "./Device/x&amp;y&lt;"]));
    let written = compact(&text);
    let (mut notes, mut found) = (Notes::default(), Vec::new());
    syncml::read(&mut written.as_bytes(), &mut notes, &mut |part| {
        if let Part::Command(command) = part {
            found.push(command.as_ref().clone());
        }
        Ok(())
    })
    .unwrap();
    assert!(notes.complaints.is_empty());
    assert_eq!(found.len(), 4);
    assert_eq!(found[2].answers.target.as_deref(), Some("./Device/x&y<"));
    assert!(found[3].items[0].data.as_ref().unwrap().text.starts_with("<CSP Node=\""));
    assert!(found.iter().all(|command| command.disorder.is_none()));
}

#[test]
fn a_response_without_limit_is_written_as_it_comes() {
    let mut out = String::new();
    let mut response = Response::new(&mut out, sender(), Layout::Compact);
    let (mut session, mut tree) = (Session::new(Mode::Whole), Few::new());
    let start = crate::csp::model::message::Form::Bare;
    let mut take = |part: &Part| {
        session.take(part, &mut tree, &mut |told: Told<'_>| {
            response.tell(&told).unwrap();
            Ok(())
        })
    };
    take(&Part::Start { form: start, namespace: None, line: 1 }).unwrap();
    drop(response);
    assert!(out.ends_with("<Cmd>SyncHdr</Cmd><Data>200</Data></Status>"));
}
