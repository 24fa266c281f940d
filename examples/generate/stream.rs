//! Sessions between a device and its server, as `SyncML` Viewer shows and saves them: messages behind each other, without a root.

use crate::calendar::{HOUR, MINUTE};
use crate::element::Element::{self, Group};
use crate::element::text;
use crate::estate::NOW;
use crate::managed::Device;
use crate::syncml::{Answer, Body, ROOT, Sender, message, number};

/// A key that nobody can mistake for a real one. The catalog in `contoso-profiles` knows it.
const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

/// A stream of two sessions: a custom profile that sets what can only be executed, then the upgrade as it should be; the last
/// message is cut.
///
/// - `versions`: the text of `CSPVersions`, which is what grew too long for the event.
pub(crate) fn write(device: &Device, versions: &str) -> String {
    let mut out = String::from("<!-- OmaDmSessionStart -->\r\n");
    for (minutes, from, session, number, body) in [
        (0, Sender::Device, "4F", 1, opening(device)),
        (0, Sender::Server, "4F", 1, profile()),
        (1, Sender::Device, "4F", 2, profile_answer(device)),
        (1, Sender::Server, "4F", 2, goodbye()),
    ] {
        append(&message(device, from, session, number, body), minutes, &mut out);
    }
    out.push_str("\r\n<!-- OmaDmSessionComplete -->\r\n<!-- OmaDmSessionStart -->\r\n");
    for (minutes, from, session, number, body) in [
        (21, Sender::Device, "50", 1, opening(device)),
        (21, Sender::Server, "50", 1, upgrade()),
        (22, Sender::Device, "50", 2, upgrade_answer()),
        (22, Sender::Server, "50", 2, survey()),
    ] {
        append(&message(device, from, session, number, body), minutes, &mut out);
    }
    let whole = message(device, Sender::Device, "50", 3, survey_answer(device, versions));
    append_cut(&whole, 22, &mut out);
    out.push_str("\r\n<!-- OmaDmSessionComplete -->\r\n");
    out
}

/// The session began at two minutes past four in the afternoon of the last day.
fn stamp(minutes: i64, out: &mut String) {
    let at = NOW.minus(8 * HOUR - (2 + minutes) * MINUTE);
    out.extend(["\r\n<!-- ", &at.american(), " -->\r\n"]);
}

fn append(message: &Element, minutes: i64, out: &mut String) {
    stamp(minutes, out);
    message.indented(0, "\r\n", out);
}

/// What no longer parses stands as it came, and the viewer closes it.
fn append_cut(message: &Element, minutes: i64, out: &mut String) {
    let mut whole = String::new();
    message.compact(&mut whole);
    let end = whole.len() * 3 / 4;
    stamp(minutes, out);
    out.push_str(whole.get(..end).unwrap_or_default());
    out.push_str("\r\n<!-- ignore this line, closing SyncML tag added to support parsing of truncated xml data -->\r\n</SyncML>\r\n");
}

/// Package 1: who is there, and what it is.
fn opening(device: &Device) -> Vec<Element> {
    let own = |node: &str, value: &str| {
        let source = Group("Source", vec![text("LocURI", format!("./DevInfo/{node}"))]);
        Group("Item", vec![source, text("Data", value)])
    };
    let mut body = Body::new(0);
    // The native client begins at 2.
    body.next = 2;
    body.push("Alert", vec![text("Data", "1201")]);
    let login = "com.microsoft/MDM/LoginStatus";
    let kind = Group("Meta", vec![text("Type xmlns=\"syncml:metinf\"", login)]);
    let item = Group("Item", vec![kind, text("Data", "user")]);
    body.push("Alert", vec![text("Data", "1224"), item]);
    body.push(
        "Replace",
        vec![
            own("DevId", &device.dev_id()),
            own("Man", device.manufacturer),
            own("Mod", device.model),
            own("DmV", "1.3"),
            own("Lang", "en-US"),
        ],
    );
    body.finish()
}

/// What a server says to package 1 before it comes to the point.
fn welcome() -> Body {
    let mut body = Body::new(1);
    body.status(0, "SyncHdr", None, 200);
    body.status(2, "Alert", None, 200);
    body.status(3, "Alert", None, 200);
    body.status(4, "Replace", None, 200);
    body
}

fn target(node: &str) -> Element {
    Group("Target", vec![text("LocURI", format!("{ROOT}/{node}"))])
}

fn asked(address: &str) -> Element {
    Group("Item", vec![Group("Target", vec![text("LocURI", address)])])
}

/// A command with the key: commands 5 and 6 of the server.
fn keyed(body: &mut Body, command: &'static str, node: &str) {
    let meta = Group("Meta", vec![text("Format xmlns=\"syncml:metinf\"", "chr")]);
    body.push(command, vec![Group("Item", vec![target(node), meta, text("Data", KEY)])]);
}

fn profile() -> Vec<Element> {
    let mut body = welcome();
    keyed(&mut body, "Replace", "ChangeProductKey");
    let items = ["Edition", "Status"].map(|node| asked(&format!("{ROOT}/{node}")));
    body.push("Get", items.to_vec());
    body.finish()
}

fn profile_answer(device: &Device) -> Vec<Element> {
    let mut body = Body::new(1);
    body.status(0, "SyncHdr", None, 200);
    body.status(5, "Replace", None, 405);
    body.get(6, &[number("Edition", device.sku()), number("Status", 4)]);
    body.finish()
}

fn upgrade() -> Vec<Element> {
    let mut body = welcome();
    keyed(&mut body, "Exec", "UpgradeEditionWithProductKey");
    body.push("Get", vec![asked(&format!("{ROOT}/Status"))]);
    body.finish()
}

fn upgrade_answer() -> Vec<Element> {
    let mut body = Body::new(1);
    body.status(0, "SyncHdr", None, 200);
    body.status(5, "Exec", None, 202);
    body.get(6, &[number("Status", 2)]);
    body.finish()
}

const VERSIONS: &str = "./Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions";

fn survey() -> Vec<Element> {
    let mut body = Body::new(2);
    body.status(0, "SyncHdr", None, 200);
    body.push("Get", vec![asked(&format!("{ROOT}/Edition")), asked(VERSIONS)]);
    body.finish()
}

fn survey_answer(device: &Device, versions: &str) -> Vec<Element> {
    let mut body = Body::new(2);
    body.status(0, "SyncHdr", None, 200);
    let found = Ok(("xml", versions.to_owned()));
    let list = Answer { address: VERSIONS.to_owned(), found };
    body.get(2, &[number("Edition", device.sku()), list]);
    body.finish()
}

fn goodbye() -> Vec<Element> {
    let mut body = Body::new(2);
    body.status(0, "SyncHdr", None, 200);
    body.finish()
}
