//! Whole documents on real devices: what the documents of the API give as request and answer.

use super::{Mode, Rollback, Session, Tree};
use crate::artefact::Notes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::export::response::{Layout, Response, Sender};
use crate::csp::import::syncml;
use crate::csp::model::answer::{Answer as Line, Receipt, Reply, Told};
use crate::csp::model::device::{Device, S_MODE};
use crate::csp::model::keys::KeyCatalog;
use crate::csp::model::message::Item;
use crate::csp::rules::answer::{Origin, Request, Scene, answer};
use crate::csp::rules::fixture::{EDU, ENT, PRO, SALT, at, device, keys, licensed, pc, s_mode};
use crate::csp::rules::protocol;
use proptest::prelude::*;

/// A device under a session.
struct OnDevice {
    device: Device,
    keys: KeyCatalog,
}

impl Tree for OnDevice {
    type State = Device;

    fn answer(&mut self, verb: Verb, item: &Item) -> Reply {
        let format = item.meta.as_ref().and_then(|meta| meta.format.as_ref());
        let request = Request {
            verb,
            uri: item.target.as_ref().map_or("", |target| &target.text),
            format: format.map(|format| format.text.as_str()),
            data: item.data.as_ref().map(|data| data.text.as_str()),
            origin: Origin::Management,
        };
        let scene = Scene { now: at("00:00:00"), salt: &SALT };
        let answer = answer(&self.device, &self.keys, &request, &scene);
        if let Some(after) = answer.device {
            self.device = *after;
        }
        Reply {
            status: answer.status,
            original_error: answer.hresult,
            results: answer.results,
            reason: answer.refusal.map(|refusal| refusal.message).unwrap_or_default(),
            remedy: String::new(),
        }
    }

    fn remember(&mut self) -> Device {
        self.device.clone()
    }

    fn go_back(&mut self, to: Device) -> Rollback {
        self.device = to;
        Rollback::Done
    }

    fn canonical(&self, loc_uri: &str) -> String {
        protocol::canonical(loc_uri)
    }

    fn fits(&self, _: &Receipt, _: &[Line<'_>]) -> bool {
        true
    }
}

/// Runs the commands of a body and tells how each was answered.
fn run(device: &mut Device, body: &str) -> Vec<Line<'static>> {
    let text =
        format!("<SyncML xmlns='SYNCML:SYNCML1.2'><SyncBody>{body}<Final/></SyncBody></SyncML>");
    let mut tree = OnDevice { device: device.clone(), keys: keys() };
    let (mut session, mut notes) = (Session::new(Mode::Whole), Notes::default());
    let mut lines = Vec::new();
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        session.take(part, &mut tree, &mut |told| {
            if let Told::Answer(line) = told {
                lines.push(line.into_owned());
            }
            Ok(())
        })
    })
    .unwrap();
    assert!(session.has_ended(), "{:?}", notes.complaints);
    *device = tree.device;
    lines
}

/// What the device sends back to the commands of a body.
fn response(device: &Device, body: &str) -> String {
    let text =
        format!("<SyncML xmlns='SYNCML:SYNCML1.2'><SyncBody>{body}<Final/></SyncBody></SyncML>");
    let mut tree = OnDevice { device: device.clone(), keys: keys() };
    let sender = Sender {
        original_errors: protocol::tells_original_errors(device),
        device_id: device.info.dev_id.clone(),
        limit: Some(device.max_message_size.into()),
    };
    let mut out = String::new();
    let mut response = Response::new(&mut out, sender, Layout::Compact);
    let (mut session, mut notes) = (Session::new(Mode::Whole), Notes::default());
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        session.take(part, &mut tree, &mut |told| {
            response.tell(&told).unwrap();
            Ok(())
        })
    })
    .unwrap();
    response.finish().unwrap();
    out
}

fn statuses(lines: &[Line<'_>]) -> Vec<u16> {
    lines.iter().map(|line| line.reply.status).collect()
}

/// `Add 2 SMode/SwitchingPolicy=1`, perhaps with a format: `Add 2 SMode/SwitchingPolicy:chr=1`.
fn command(text: &str) -> String {
    let (verb, rest) = text.split_once(' ').unwrap();
    let (id, rest) = rest.split_once(' ').unwrap();
    let (node, data) = match rest.split_once('=') {
        Some((node, data)) => (node, format!("<Data>{data}</Data>")),
        None => (rest, String::new()),
    };
    let (node, format) = match node.split_once(':') {
        Some((node, format)) => (
            node,
            format!(
                "<Meta><Format xmlns='syncml:metinf'>{format}</Format><Type>text/plain</Type></Meta>"
            ),
        ),
        None => (node, String::new()),
    };
    let uri = format!("./Vendor/MSFT/WindowsLicensing/{node}");
    format!(
        "<{verb}><CmdID>{id}</CmdID><Item><Target><LocURI>{uri}</LocURI></Target>{format}{data}</Item></{verb}>"
    )
}

fn group(name: &str, texts: &[&str]) -> String {
    let inner: String = texts.iter().map(|text| command(text)).collect();
    format!("<{name}><CmdID>1</CmdID>{inner}</{name}>")
}

fn licensed_in_s_mode() -> Device {
    Device { mode: S_MODE, ..licensed() }
}

/// A group on a device: what it holds, and how itself and each of that is answered.
type Case = (&'static str, fn() -> Device, Vec<&'static str>, Vec<u16>);

#[test]
fn groups_are_answered_as_the_documents_say() {
    let (add, bad) =
        ("Add 2 SMode/SwitchingPolicy=1", "Replace 3 DeviceLicensingService/LicenseType=5");
    let cases: [Case; 6] = [
        ("Atomic", s_mode, vec![add, "Replace 3 SMode/SwitchingPolicy=7"], vec![507, 215, 500]),
        ("Atomic", licensed_in_s_mode, vec![add, bad], vec![507, 216, 500]),
        ("Atomic", licensed_in_s_mode, vec![bad, add], vec![507, 500, 215]),
        ("Atomic", s_mode, vec!["Get 2 Edition"], vec![507, 500]),
        (
            "Sequence",
            s_mode,
            vec![add, "Replace 3 Edition=4", "Get 4 SMode/SwitchingPolicy"],
            vec![200, 200, 405, 200],
        ),
        (
            "Atomic",
            licensed_in_s_mode,
            vec![add, "Exec 3 SMode/SwitchFromSMode"],
            vec![200, 200, 202],
        ),
    ];
    for (name, before, texts, expected) in cases {
        let mut device = before();
        let lines = run(&mut device, &group(name, &texts));
        assert_eq!(statuses(&lines), expected, "{name} {texts:?}");
        let kept = device.smode.switching_policy.is_some();
        assert_eq!(kept, expected[0] == 200, "{name} {texts:?}");
        if expected[0] == 507 {
            assert_eq!(device, before(), "{name} {texts:?}");
        }
    }
    let nested = format!(
        "<Atomic><CmdID>1</CmdID>{}{}</Atomic>",
        command(add),
        group("Atomic", &[add]).replace(">1<", ">9<")
    );
    assert_eq!(statuses(&run(&mut s_mode(), &nested)), [507, 215, 500]);
}

#[test]
fn formats_and_values_are_judged_by_the_node() {
    let set = |text: &str| {
        let mut device = s_mode();
        let body = format!("{}{}", command(text), command("Get 9 SMode/SwitchingPolicy"));
        let lines = run(&mut device, &body);
        let read = lines[1].reply.results.first().and_then(|item| item.data.clone());
        (lines[0].reply.status, lines[0].reply.original_error, read)
    };
    let one = Some("1".to_owned());
    let invalid_type = Some(0x8600_0001);
    assert_eq!(set("Add 1 SMode/SwitchingPolicy:chr=1"), (415, invalid_type, None));
    assert_eq!(set("Add 1 SMode/SwitchingPolicy=1"), (200, None, one.clone()));
    assert_eq!(set("Add 1 SMode/SwitchingPolicy:INT=1"), (415, invalid_type, None));
    assert_eq!(set("Add 1 SMode/SwitchingPolicy:int= 1 "), (200, None, one.clone()));
    for data in ["0x1", "1.0", "", "4294967296"] {
        assert_eq!(set(&format!("Add 1 SMode/SwitchingPolicy={data}")), (415, invalid_type, None));
    }
    assert_eq!(set("Add 1 SMode/SwitchingPolicy=01"), (200, None, one));
    assert_eq!(set("Add 1 SMode/SwitchingPolicy=2"), (500, Some(0x8007_0057), None));
    assert_eq!(set("Exec 1 SMode/SwitchFromSMode:null").0, 202);
    assert_eq!(set("Exec 1 SMode/SwitchFromSMode:chr=x").0, 415);
}

#[test]
fn an_upgrade_is_seen_by_the_get_behind_it() {
    let exec = command(&format!("Exec 1 UpgradeEditionWithProductKey={EDU}"));
    let cdata = exec.replace(EDU, &format!("<![CDATA[{EDU}]]>"));
    for exec in [exec, cdata] {
        let lines = run(&mut pc(), &format!("{exec}{}", command("Get 2 Status")));
        assert_eq!(statuses(&lines), [202, 200]);
        assert_eq!(lines[1].reply.results[0].data.as_deref(), Some("2"));
    }
}

#[test]
fn a_command_that_wants_no_response_runs_and_gets_no_status() {
    let before = licensed();
    let replace = command("Replace 1 DeviceLicensingService/LicenseType=1")
        .replace("</CmdID>", "</CmdID><NoResp/>");
    let read = command("Get 2 DeviceLicensingService/LicenseType");
    let sent = response(&before, &format!("{replace}{read}"));
    assert!(!sent.contains("<Cmd>Replace</Cmd>") && !sent.contains("<CmdRef>1</CmdRef>"), "{sent}");
    assert!(sent.contains("<CmdRef>2</CmdRef><Cmd>Get</Cmd><Data>200</Data>"), "{sent}");
    assert!(
        sent.contains("<Data>1</Data></Item></Results>"),
        "the Replace was carried out: {sent}"
    );
}

#[test]
fn an_answer_longer_than_max_msg_size_is_an_alert_that_ends_the_session() {
    let get = "<Get><CmdID>1</CmdID><Item><Target><LocURI>./Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions</LocURI></Target></Item></Get>";
    let small = Device { max_message_size: 300, ..pc() };
    let sent = response(&small, get);
    let header = "<Cmd>SyncHdr</Cmd><Data>200</Data></Status>";
    let behind = sent.split_once(header).unwrap().1;
    assert_eq!(
        behind,
        "<Alert><CmdID>2</CmdID><Data>1223</Data></Alert><Final/></SyncBody></SyncML>"
    );
    assert!(response(&pc(), get).contains("<Results>"), "the default size has room for it");
}

#[test]
fn an_upgrade_and_the_get_behind_it_are_answered_in_one_response() {
    let exec = command(&format!("Exec 1 UpgradeEditionWithProductKey={EDU}"));
    let sent = response(&pc(), &format!("{exec}{}", command("Get 2 Status")));
    let (exec, get) = sent.split_once("<CmdRef>2</CmdRef><Cmd>Get</Cmd>").unwrap();
    assert!(exec.contains("<CmdRef>1</CmdRef><Cmd>Exec</Cmd><Data>202</Data></Status>"), "{sent}");
    assert!(get.contains("<Data>2</Data></Item></Results>"), "{sent}");
}

#[test]
fn every_example_of_the_published_page_is_answered() {
    let expected = [
        ("CheckApplicability", 500),
        ("Edition", 200),
        ("LicenseKeyType", 200),
        ("SMode/Status", 404),
        ("SMode/SwitchFromSMode", 202),
        ("add SwitchingPolicy", 200),
        ("get SwitchingPolicy", 200),
        ("replace SwitchingPolicy", 200),
        ("delete SwitchingPolicy", 200),
        ("Status", 200),
        ("UpgradeEditionWithProductKey", 500),
    ];
    let mut device = device("S-01", "10.0.22631.1", 48);
    device.mode = S_MODE;
    for ((name, status), (same, text)) in expected.into_iter().zip(syncml::examples::published()) {
        let body = text.split("<SyncBody>").nth(1).unwrap().split("<Final/>").next().unwrap();
        let lines = run(&mut device, body);
        assert_eq!((same, statuses(&lines)), (name, vec![status]), "{:?}", lines[0].reply);
        assert_eq!(lines[0].line, 4, "the line of the item");
    }
}

#[test]
fn no_answer_to_a_message_shows_a_key_wherever_it_stands() {
    let uri = "./Vendor/MSFT/WindowsLicensing";
    let item = |uri: &str, rest: &str| {
        format!("<Item><Target><LocURI>{uri}</LocURI></Target>{rest}</Item>")
    };
    let format = format!("<Meta><Format>{EDU}</Format></Meta><Data>1</Data>");
    let bodies = [
        format!("<Get><CmdID>{EDU}</CmdID>{}</Get>", item(EDU, "")),
        format!("<Get><CmdID>1</CmdID>{}</Get>", item(&format!("{uri}/{EDU}"), "")),
        format!("<Get><CmdID>1</CmdID>{}</Get>", item(&format!("{uri}/Subscriptions/{EDU}"), "")),
        format!("<Get><CmdID>1</CmdID>{}</Get>", item(&format!("{uri}/Edition?{EDU}"), "")),
        format!("<K{EDU}><CmdID>1</CmdID>{}</K{EDU}>", item(uri, "")),
        format!(
            "<Add><CmdID>1</CmdID>{}</Add>",
            item(&format!("{uri}/SMode/SwitchingPolicy"), &format)
        ),
        format!("<Alert><CmdID>1</CmdID><Data>{EDU}</Data></Alert>"),
        format!("<Atomic><CmdID>1</CmdID><Get><CmdID>2</CmdID>{}</Get></Atomic>", item(EDU, "")),
    ];
    for body in bodies {
        let shown = format!("{:?}", run(&mut s_mode(), &body));
        assert!(!shown.contains("DDDDD"), "{shown}");
        assert!(shown.contains("*-EDU01"), "{shown}");
    }
}

fn any_command() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![EDU, ENT, PRO, "AAAAA"]);
    let exec = prop::sample::select(vec!["UpgradeEditionWithProductKey", "ChangeProductKey"]);
    let keyed = (exec, keys).prop_map(|(node, key)| format!("Exec - {node}={key}"));
    let node = prop::sample::select(vec![
        "SMode/SwitchingPolicy",
        "DeviceLicensingService/LicenseType",
        "Subscriptions/SubscriptionType",
        "Edition",
    ]);
    let verb = prop::sample::select(vec!["Add", "Replace", "Delete"]);
    let set =
        (verb, node, 0..3_u32).prop_map(|(verb, node, data)| format!("{verb} - {node}={data}"));
    let bare = Just("Exec - SMode/SwitchFromSMode".to_owned());
    prop_oneof![2 => keyed, 5 => set, 1 => bare]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_atomic_leaves_the_device_as_it_was_or_does_all_of_it(
        texts in prop::collection::vec(any_command(), 1..5),
        s_mode in any::<bool>(),
    ) {
        let before = if s_mode { licensed_in_s_mode() } else { licensed() };
        let numbered: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| command(&text.replacen('-', &(at + 2).to_string(), 1)))
            .collect();
        let mut device = before.clone();
        let body = format!("<Atomic><CmdID>1</CmdID>{}</Atomic>", numbered.concat());
        let statuses = statuses(&run(&mut device, &body));
        prop_assert_eq!(statuses.len(), texts.len() + 1);
        if statuses[0] == 507 {
            prop_assert_eq!(device, before);
        } else {
            let mut singly = before;
            run(&mut singly, &numbered.concat());
            prop_assert_eq!(statuses[0], 200);
            prop_assert_eq!(device, singly);
        }
    }
}
