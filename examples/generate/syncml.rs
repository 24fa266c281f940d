//! Messages of OMA-DM: answers of single devices, and long ones for measuring. Whole sessions: `stream.rs`.
//!
//! The shape of an answer is that of Windows 11 26200: compact, one Status an Item, Results behind them.

use crate::element::Element::{self, Bare, Group};
use crate::element::text;
use crate::managed::Device;
use std::io::{self, Write};

/// Where the CSP stands in the tree.
pub(crate) const ROOT: &str = "./Vendor/MSFT/WindowsLicensing";
const SERVER: &str = "https://mdm.contoso.example/ManagementServer/MDM.svc";

/// What a device says to a Get of one address: format and data, or a status.
pub(crate) struct Answer {
    pub(crate) address: String,
    pub(crate) found: Result<(&'static str, String), u16>,
}

/// An answer with a number.
#[expect(clippy::needless_pass_by_value, reason = "literals and numbers read better without `&`")]
pub(crate) fn number(node: &str, value: impl ToString) -> Answer {
    Answer { address: format!("{ROOT}/{node}"), found: Ok(("int", value.to_string())) }
}

/// An answer with text.
pub(crate) fn words(address: &str, value: &str) -> Answer {
    Answer { address: address.to_owned(), found: Ok(("chr", value.to_owned())) }
}

/// An answer of a node that is not there.
pub(crate) fn absent(node: &str) -> Answer {
    Answer { address: format!("{ROOT}/{node}"), found: Err(404) }
}

/// The commands of one message, which number themselves.
pub(crate) struct Body {
    children: Vec<Element>,
    pub(crate) next: u32,
    /// The message that they answer.
    answers: u32,
}

impl Body {
    pub(crate) const fn new(answers: u32) -> Self {
        Self { children: Vec::new(), next: 1, answers }
    }

    pub(crate) fn push(&mut self, name: &'static str, mut rest: Vec<Element>) {
        rest.insert(0, text("CmdID", self.next));
        self.next += 1;
        self.children.push(Group(name, rest));
    }

    pub(crate) fn status(&mut self, command: u32, name: &str, target: Option<&str>, code: u16) {
        let mut rest =
            vec![text("MsgRef", self.answers), text("CmdRef", command), text("Cmd", name)];
        rest.extend(target.map(|target| text("TargetRef", target)));
        rest.push(text("Data", code));
        self.push("Status", rest);
    }

    /// Answers one Get of all the addresses: a Status each, then the Results of those that are there.
    pub(crate) fn get(&mut self, command: u32, answers: &[Answer]) {
        let several = answers.len() > 1;
        for answer in answers {
            let code = answer.found.as_ref().err().copied().unwrap_or(200);
            self.status(command, "Get", several.then_some(answer.address.as_str()), code);
        }
        let mut rest = vec![text("MsgRef", self.answers), text("CmdRef", command)];
        rest.extend(answers.iter().filter_map(result));
        self.push("Results", rest);
    }

    pub(crate) fn finish(mut self) -> Vec<Element> {
        self.children.push(Bare("Final"));
        self.children
    }
}

/// The Item of Results; text has no Meta.
fn result(answer: &Answer) -> Option<Element> {
    let (format, data) = answer.found.as_ref().ok()?;
    let mut children = vec![Group("Source", vec![text("LocURI", &answer.address)])];
    if *format != "chr" {
        children.push(Group("Meta", vec![text("Format xmlns=\"syncml:metinf\"", format)]));
    }
    children.push(text("Data", data));
    Some(Group("Item", children))
}

/// Who sends a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    Device,
    Server,
}

pub(crate) fn message(
    device: &Device,
    from: Sender,
    session: &str,
    number: u32,
    body: Vec<Element>,
) -> Element {
    let place = |own: bool| {
        if own {
            vec![text("LocURI", device.dev_id()), text("LocName", &device.name)]
        } else {
            vec![text("LocURI", SERVER)]
        }
    };
    let header = vec![
        text("VerDTD", "1.2"),
        text("VerProto", "DM/1.2"),
        text("SessionID", session),
        text("MsgID", number),
        Group("Target", place(from == Sender::Server)),
        Group("Source", place(from == Sender::Device)),
    ];
    let parts = vec![Group("SyncHdr", header), Group("SyncBody", body)];
    Group("SyncML xmlns=\"SYNCML:SYNCML1.2\"", parts)
}

/// The second message of a device in a session: it answers the one Get that the server sent.
pub(crate) fn response(device: &Device, answers: &[Answer]) -> String {
    let mut body = Body::new(1);
    body.status(0, "SyncHdr", None, 200);
    body.get(2, answers);
    let mut out = String::new();
    message(device, Sender::Device, "3B", 2, body.finish()).compact(&mut out);
    out
}

/// What `ApplyLocalManagementSyncML` gives: no header, and a declaration that the bytes do not keep once it is saved as UTF-8.
pub(crate) fn local_response(answers: &[Answer]) -> String {
    let mut body = Body::new(1);
    body.status(0, "SyncHdr", None, 200);
    body.get(1, answers);
    let parts = vec![Bare("SyncHdr"), Group("SyncBody", body.finish())];
    let mut out = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n".to_owned();
    Group("SyncML xmlns=\"SYNCML:SYNCML1.2\"", parts).compact(&mut out);
    out
}

/// What a long message does over and over: command, node, format of the node. A policy that is deleted may be added again.
static ROUND: [(&str, &str, &str); 12] = [
    ("Get", "Edition", "int"),
    ("Get", "DeviceLicensingService/DeviceLicensingStatus", "int"),
    ("Add", "SMode/SwitchingPolicy", "int"),
    ("Get", "SMode/SwitchingPolicy", "int"),
    ("Get", "DeviceLicensingService/DeviceLicensingLastError", "int"),
    ("Get", "LicenseKeyType", "chr"),
    ("Delete", "SMode/SwitchingPolicy", "int"),
    ("Get", "DeviceLicensingService/LicenseType", "int"),
    ("Get", "Status", "int"),
    ("Get", "DeviceLicensingService/DeviceLicensingLastErrorDescription", "chr"),
    ("Get", "Subscriptions", "node"),
    ("Get", "DeviceLicensingService", "node"),
];

/// Writes one message of `count` commands, some 200 bytes each, for measuring: a Replace, then the same round again and again.
///
/// A message may set a node but once, so there is only one Replace. `NoResp` keeps the reply from outgrowing any `MaxMsgSize`.
/// Every command succeeds on a device in S mode with Windows 11 22H2 or later.
pub(crate) fn write_message(count: u64, out: &mut impl Write) -> io::Result<()> {
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr>\
         <VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>\
         <Target><LocURI>urn:uuid:5f0c2b1e-0000-4c0d-9f55-1b7d3c9e0a11</LocURI></Target>\
         <Source><LocURI>{SERVER}</LocURI></Source><NoResp/></SyncHdr><SyncBody>\n"
    )?;
    let first = ("Replace", "DeviceLicensingService/LicenseType", "int");
    let commands = std::iter::once(&first).chain(ROUND.iter().cycle());
    for (number, (command, node, format)) in (1..=count).zip(commands) {
        let data = if matches!(*command, "Add" | "Replace") { "<Data>1</Data>" } else { "" };
        writeln!(
            out,
            "<{command}><CmdID>{number}</CmdID><Item><Target><LocURI>{ROOT}/{node}</LocURI></Target>\
             <Meta><Format xmlns=\"syncml:metinf\">{format}</Format></Meta>{data}</Item></{command}>"
        )?;
    }
    out.write_all(b"<Final/></SyncBody></SyncML>\n")
}
