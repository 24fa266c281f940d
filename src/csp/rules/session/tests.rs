//! What messages are answered: the rows of the documents, and what must hold for every message.

use super::testing::Few;
use super::{Mode, Session};
use crate::artefact::Notes;
use crate::csp::import::syncml;
use crate::csp::import::syncml::examples::published;
use crate::csp::model::answer::{Answer, Receipt, Told};
use proptest::prelude::*;

const WL: &str = "./Vendor/MSFT/WindowsLicensing";

/// What a document was answered, the header's Status first.
struct Run {
    receipt: Option<Receipt>,
    answers: Vec<Answer<'static>>,
    ended: bool,
}

fn run_on(tree: &mut Few, mode: Mode, text: &str) -> Run {
    let (mut session, mut notes) = (Session::new(mode), Notes::default());
    let mut run = Run { receipt: None, answers: Vec::new(), ended: false };
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        session.take(part, tree, &mut |told| {
            match told {
                Told::Receipt(receipt) => assert!(run.receipt.replace(receipt).is_none()),
                Told::Answer(answer) => run.answers.push(answer.into_owned()),
            }
            Ok(())
        })
    })
    .unwrap();
    run.ended = session.has_ended();
    assert_eq!(run.ended, notes.complaints.is_empty());
    run
}

impl Run {
    /// Each answer as `CmdID Cmd Status`.
    fn rows(&self) -> Vec<String> {
        let row = |answer: &Answer<'_>| {
            format!("{} {} {}", answer.command, answer.name, answer.reply.status)
        };
        self.answers.iter().map(row).collect()
    }

    fn statuses(&self) -> Vec<u16> {
        self.answers.iter().map(|answer| answer.reply.status).collect()
    }
}

fn message(body: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>7</SessionID>\
         <MsgID>2</MsgID><Target><LocURI>d</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr>\
         <SyncBody>{body}<Final/></SyncBody></SyncML>"
    )
}

fn run(body: &str) -> Run {
    run_on(&mut Few::new(), Mode::Whole, &message(body))
}

/// A command with its number and one item: `Replace 4 Edition=1`.
fn command(text: &str) -> String {
    let mut words = text.split(' ');
    let (verb, id, node) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    let (node, data) = match node.split_once('=') {
        Some((node, data)) => (node, format!("<Data>{data}</Data>")),
        None => (node, String::new()),
    };
    let address =
        if node.starts_with(['.', '/']) { node.to_owned() } else { format!("{WL}/{node}") };
    let id = if id == "-" { String::new() } else { format!("<CmdID>{id}</CmdID>") };
    format!("<{verb}>{id}<Item><Target><LocURI>{address}</LocURI></Target>{data}</Item></{verb}>")
}

fn commands(texts: &[&str]) -> String {
    texts.iter().map(|text| command(text)).collect()
}

fn group(name: &str, id: &str, inner: &str) -> String {
    format!("<{name}><CmdID>{id}</CmdID>{inner}</{name}>")
}

#[test]
fn every_example_of_the_published_page_is_answered() {
    let statuses = [405, 200, 404, 404, 202, 200, 404, 404, 404, 200, 202];
    for ((name, text), status) in published().into_iter().zip(statuses) {
        let run = run_on(&mut Few::new(), Mode::Whole, &text);
        let found = run.statuses();
        // What the small tree does not hold is not found; that the command gets there is what counts.
        assert_eq!(found.len(), 1, "{name}");
        assert!(found == [status] || found == [404], "{name}: {found:?}");
        assert!(run.ended && run.receipt.unwrap().envelope.is_none(), "{name}");
    }
}

#[test]
fn a_placeholder_is_answered_under_the_next_free_number() {
    let body =
        commands(&["Get 1 Edition", "Get $CmdID$ Edition", "Get $CmdID$ Edition", "Get 9 Edition"]);
    assert_eq!(run(&body).rows(), ["1 Get 200", "2 Get 200", "3 Get 200", "9 Get 200"]);
}

#[test]
fn commands_are_refused_for_their_cmd_ids() {
    let rows = |texts: &[&str]| run(&commands(texts)).rows();
    assert_eq!(rows(&["Get - Edition"]), [" Get 400"]);
    assert_eq!(rows(&["Get 4 Edition", "Get 4 Edition"]), ["4 Get 200", "4 Get 400"]);
    assert_eq!(rows(&["Get 0 Edition"]), ["0 Get 400"]);
    assert_eq!(rows(&["Get a1f3c2 Edition"]), ["a1f3c2 Get 200"]);
}

#[test]
fn bare_commands_are_numbered() {
    let text = commands(&[
        "Replace - DeviceLicensingService/LicenseType=1",
        "Replace - DeviceLicensingService/LicenseType=0",
    ]);
    let run = run_on(&mut Few::new(), Mode::Whole, &text);
    assert_eq!(run.rows(), ["1 Replace 200", "2 Replace 200"]);
    assert!(run.receipt.unwrap().envelope.is_none());
    let atomic = format!("<Atomic>{text}</Atomic>");
    let run = run_on(&mut Few::new(), Mode::Whole, &atomic);
    assert_eq!(run.rows(), ["1 Atomic 200", "2 Replace 200", "3 Replace 200"]);
}

#[test]
fn commands_are_refused_for_what_they_hold() {
    let item = format!("<Item><Target><LocURI>{WL}/SMode/SwitchFromSMode</LocURI></Target></Item>");
    let two = format!("<Exec><CmdID>1</CmdID>{item}{item}</Exec>");
    assert_eq!(run(&two).rows(), ["1 Exec 400"]);
    assert_eq!(run("<Get><CmdID>1</CmdID></Get>").rows(), ["1 Get 400"]);
    assert_eq!(run("<Atomic><CmdID>1</CmdID></Atomic>").rows(), ["1 Atomic 400"]);
    let foo = format!("{}<Foo/>{}", command("Get 1 Edition"), command("Get 2 Edition"));
    assert_eq!(run(&foo).rows(), ["1 Get 200", " Foo 400", "2 Get 200"]);
    assert_eq!(run(&command("Copy 1 Edition")).rows(), ["1 Copy 406"]);
    assert_eq!(run(&command("Get 1 /Vendor/MSFT/WindowsLicensing/Edition")).rows(), ["1 Get 400"]);
    assert_eq!(run("<Get><CmdID>1</CmdID><Item/></Get>").rows(), ["1 Get 400"]);
    let chunk = command("Replace 1 DeviceLicensingService/LicenseType=1")
        .replace("</Item>", "<MoreData/></Item>");
    assert_eq!(run(&chunk).rows(), ["1 Replace 406"]);
    let reason = run(&two).answers[0].reply.reason.clone();
    assert_eq!(reason, "`Exec` has 2 items; it takes one");
}

#[test]
fn every_item_has_an_answer_of_its_own() {
    let item =
        |node: &str| format!("<Item><Target><LocURI>\n {WL}/{node} </LocURI></Target></Item>");
    let get = |nodes: &[&str]| {
        let items: String = nodes.iter().map(|node| item(node)).collect();
        run(&format!("<Get><CmdID>5</CmdID>{items}</Get>"))
    };
    let two = get(&["Edition", "SMode/Status"]);
    assert_eq!(two.statuses(), [200, 404]);
    assert!(two.answers.iter().all(|answer| answer.one_of_several));
    assert_eq!([two.answers[0].last, two.answers[1].last], [false, true]);
    assert_eq!(two.answers[0].loc_uri.as_deref(), Some(format!("{WL}/Edition").as_str()));
    assert_eq!([two.answers[0].reply.results.len(), two.answers[1].reply.results.len()], [1, 0]);
    assert!(!get(&["Edition"]).answers[0].one_of_several);
}

#[test]
fn a_header_that_is_refused_is_all_that_is_answered() {
    for (from, to, status) in [
        ("<VerDTD>1.2<", "<VerDTD>1.3<", 505),
        ("<VerDTD>1.2</VerDTD>", "", 505),
        ("DM/1.2", "DM/2.0", 513),
        ("<SessionID>7<", "<SessionID>12345<", 400),
        ("<SessionID>7</SessionID>", "", 400),
        ("<MsgID>2<", "<MsgID>0<", 400),
        ("<MsgID>2<", "<MsgID>x<", 400),
    ] {
        let text = message(&command("Get 1 Edition")).replace(from, to);
        let run = run_on(&mut Few::new(), Mode::Whole, &text);
        let receipt = run.receipt.unwrap();
        assert_eq!((receipt.status, run.answers.len()), (status, 0), "{to}");
        assert!(!receipt.reason.is_empty() && receipt.envelope.is_some(), "{to}");
    }
    let old = message(&command("Get 1 Edition")).replace("1.2", "1.1");
    let run = run_on(&mut Few::new(), Mode::Whole, &old);
    assert_eq!(run.statuses(), [200]);
    let receipt = run.receipt.unwrap();
    assert_eq!((receipt.message.as_str(), receipt.envelope.unwrap().message), ("2", 3));
}

#[test]
fn what_answers_the_device_is_passed_over() {
    let status =
        "<Status><CmdID>1</CmdID><Data>200</Data></Status><Results><CmdID>2</CmdID></Results>";
    let run = run(&format!("{status}{}", command("Get 1 Edition")));
    assert_eq!(run.rows(), ["1 Get 200"]);
}

#[test]
fn alerts_are_answered_by_their_codes() {
    let alert = |code: &str| format!("<Alert><CmdID>{code}</CmdID><Data>{code}</Data></Alert>");
    let codes = ["1100", "1104", "1200", "1201", "1222", "1224", "1225", "1226", "1300", "x"];
    let body: String = codes.iter().map(|code| alert(code)).collect();
    assert_eq!(run(&body).statuses(), [406, 406, 200, 200, 200, 200, 200, 200, 406, 400]);
    let add = command("Add 2 SMode/SwitchingPolicy=1");
    let atomic = group("Atomic", "3", &command("Add 4 SMode/SwitchingPolicy=1"));
    let aborted = run(&format!("{}{}{add}{atomic}", command("Get 1 Edition"), alert("1223")));
    assert_eq!(
        aborted.rows(),
        ["1 Get 200", "1223 Alert 200", "2 Add 214", "3 Atomic 214", "4 Add 214"]
    );
}

#[test]
fn a_command_without_response_runs() {
    let quiet = command("Add 1 SMode/SwitchingPolicy=1").replace("</CmdID>", "</CmdID><NoResp/>");
    let run = run(&format!("{quiet}{}", command("Get 2 SMode/SwitchingPolicy")));
    assert_eq!(run.statuses(), [200, 200]);
    assert_eq!([run.answers[0].silent, run.answers[1].silent], [true, false]);
}

#[test]
fn an_exec_is_seen_by_the_get_behind_it() {
    let key = "Exec 1 UpgradeEditionWithProductKey=AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
    let run = run(&commands(&[key, "Get 2 Status"]));
    assert_eq!(run.statuses(), [202, 200]);
    assert_eq!(run.answers[1].reply.results[0].data.as_deref(), Some("2"));
}

#[test]
fn an_atomic_that_fails_changes_nothing() {
    let add = "Add 2 SMode/SwitchingPolicy=1";
    let bad = "Replace 3 DeviceLicensingService/LicenseType=5";
    let replace = "Replace 3 ./Device/vendor/msft/WindowsLicensing/SMode/SwitchingPolicy=7";
    let inner = group("Atomic", "3", &command("Add 4 SMode/SwitchingPolicy=1"));
    for (body, statuses) in [
        (commands(&[add, replace]), vec![507, 215, 500]),
        (commands(&[add, bad]), vec![507, 216, 500]),
        (commands(&[bad, add]), vec![507, 500, 215]),
        (command("Get 2 Edition"), vec![507, 500]),
        (format!("{}{inner}", command(add)), vec![507, 215, 500]),
        (commands(&[add, "Get - Edition"]), vec![507, 215, 400]),
        (format!("{}<Foo/>", command(add)), vec![507, 215, 400]),
        (commands(&[add, "Delete 3 /x"]), vec![507, 215, 400]),
        (
            format!("{}{}", group("Sequence", "9", &command(add)), command(bad)),
            vec![507, 216, 216, 500],
        ),
        (
            format!("{}{}", command(bad), group("Sequence", "9", &command(add))),
            vec![507, 500, 215, 215],
        ),
        (group("Sequence", "9", &commands(&["Get 4 Edition"])), vec![507, 215, 500]),
    ] {
        let mut tree = Few::new();
        let run = run_on(&mut tree, Mode::Whole, &message(&group("Atomic", "1", &body)));
        assert_eq!(run.statuses(), statuses, "{body}");
        assert_eq!(tree.values, Few::new().values, "{body}");
    }
    let run = run(&group("Atomic", "1", &commands(&[add, bad])));
    assert_eq!(
        run.answers[0].reply.reason,
        format!(
            "`Replace` of `{WL}/DeviceLicensingService/LicenseType` failed, so nothing of the `Atomic` was done"
        )
    );
}

#[test]
fn an_atomic_that_succeeds_is_kept() {
    let body = commands(&["Add 2 SMode/SwitchingPolicy=1", "Exec 3 SMode/SwitchFromSMode"]);
    let mut tree = Few::new();
    let run = run_on(&mut tree, Mode::Whole, &message(&group("Atomic", "1", &body)));
    assert_eq!(run.rows(), ["1 Atomic 200", "2 Add 200", "3 Exec 202"]);
    assert!(tree.values.contains_key("smode/switchingpolicy"));
}

#[test]
fn a_rollback_that_fails_is_told() {
    let body = commands(&["Add 2 SMode/SwitchingPolicy=1", "Replace 3 Edition=4"]);
    let mut tree = Few { rollback_fails: true, ..Few::new() };
    let run = run_on(&mut tree, Mode::Whole, &message(&group("Atomic", "1", &body)));
    assert_eq!(run.statuses(), [507, 516, 405]);
}

#[test]
fn a_sequence_runs_in_order_and_goes_on() {
    let body = commands(&[
        "Add 2 SMode/SwitchingPolicy=1",
        "Replace 3 Edition=4",
        "Get 4 SMode/SwitchingPolicy",
    ]);
    let run = run(&group("Sequence", "1", &body));
    assert_eq!(run.statuses(), [200, 200, 405, 200]);
    assert_eq!(run.answers[3].reply.results[0].data.as_deref(), Some("1"));
}

#[test]
fn split_commands_run_as_if_each_were_alone() {
    let inner =
        commands(&["Get 2 Edition", "Replace 2 Edition=4", "Add 3 SMode/SwitchingPolicy=1"]);
    let alert = "<Alert><CmdID>4</CmdID><Data>1223</Data></Alert>";
    let text =
        message(&format!("{}{alert}{}", group("Atomic", "1", &inner), command("Get 5 Edition")));
    let run = run_on(&mut Few::new(), Mode::Split, &text);
    assert_eq!(run.rows(), ["2 Get 200", "2 Replace 405", "3 Add 200", "4 Alert 200", "5 Get 200"]);
}

#[test]
fn a_document_that_is_cut_never_ends_its_session() {
    let text = message(&group("Atomic", "1", &command("Add 2 SMode/SwitchingPolicy=1")));
    for cut in 0..text.len() {
        assert!(!run_on(&mut Few::new(), Mode::Whole, &text[..cut]).ended, "{cut}");
    }
    let single = message(&group(
        "Atomic",
        "1",
        &commands(&["Add 2 SMode/SwitchingPolicy=1", "Exec 3 SMode/SwitchFromSMode"]),
    ));
    let mut tree = Few::new();
    run_on(&mut tree, Mode::Whole, &single[..single.find("</Atomic>").unwrap()]);
    assert_eq!(tree.values, Few::new().values, "half an Atomic never runs");
}

#[test]
fn no_response_is_wanted_is_told_with_the_receipt() {
    let text = message("").replace("</SyncHdr>", "<NoResp/></SyncHdr>");
    assert!(run_on(&mut Few::new(), Mode::Whole, &text).receipt.unwrap().no_response);
}

fn any_command() -> impl Strategy<Value = String> {
    let node = prop_oneof![
        Just("SMode/SwitchingPolicy"),
        Just("DeviceLicensingService/LicenseType"),
        Just("Edition"),
        Just("SMode/SwitchFromSMode"),
        Just("Nothing"),
    ];
    let verb = prop_oneof![Just("Add"), Just("Replace"), Just("Delete"), Just("Exec"), Just("Get")];
    (verb, 1..30_u32, node, 0..4_u32)
        .prop_map(|(verb, id, node, data)| format!("{verb} {id} {node}={data}"))
}

#[test]
fn an_atomic_whose_answers_do_not_fit_into_one_message_does_nothing() {
    let adding = commands(&[
        "Add 2 SMode/SwitchingPolicy=1",
        "Replace 3 DeviceLicensingService/LicenseType=1",
    ]);
    let text = message(&format!("{}{}", group("Atomic", "1", &adding), command("Get 4 Edition")));
    let mut tree = Few { room: 2, ..Few::new() };
    let run = run_on(&mut tree, Mode::Whole, &text);
    assert_eq!(run.rows(), ["1 Atomic 517", "4 Get 200"]);
    assert_eq!(
        run.answers[0].reply.reason,
        "its 3 answers do not fit into one message, so nothing of the `Atomic` was done"
    );
    assert_eq!(tree.values, Few::new().values);
    let mut tree = Few { room: 3, ..Few::new() };
    assert_eq!(run_on(&mut tree, Mode::Whole, &text).statuses(), [200, 200, 200, 200]);
}

proptest! {
    #[test]
    fn an_atomic_is_all_or_nothing(texts in prop::collection::vec(any_command(), 1..6)) {
        let body: String = texts.iter().map(|text| command(text)).collect();
        let mut tree = Few::new();
        let run = run_on(&mut tree, Mode::Whole, &message(&group("Atomic", "100", &body)));
        let statuses = run.statuses();
        prop_assert_eq!(statuses.len(), texts.len() + 1);
        if statuses[0] == 200 {
            prop_assert!(statuses.iter().all(|status| matches!(status, 200 | 202)));
            // What it did is what the same commands do one by one.
            let mut single = Few::new();
            run_on(&mut single, Mode::Split, &message(&body));
            prop_assert_eq!(tree.values, single.values);
        } else {
            prop_assert_eq!(statuses[0], 507);
            prop_assert!(statuses[1..].iter().all(|status| !matches!(status, 200 | 202)));
            prop_assert_eq!(tree.values, Few::new().values);
        }
    }
}
