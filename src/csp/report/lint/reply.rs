//! How large the reply to a message is expected to be (CSP031): as the response to it is written, with values of usual length.
//!
//! A node that a device lacks answers less, so that the estimate errs on the large side.

use super::address::Place;
use crate::catalog::Kind;
use crate::csp::catalog::context::ContextId;
use crate::csp::catalog::nodes::{Format, NODES, Node, NodeId, Verb};
use crate::csp::model::message::{Command, Header, Item, Text};
use std::collections::HashMap;

const FRAME: &str =
    "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr></SyncHdr><SyncBody><Final/></SyncBody></SyncML>";
const HEADER: &str = "<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID></SessionID><MsgID></MsgID><Target><LocURI></LocURI></Target><Source><LocURI>urn:uuid:00000000-0000-4000-8000-000000000000</LocURI></Source>";
const STATUS: &str =
    "<Status><CmdID></CmdID><MsgRef></MsgRef><CmdRef></CmdRef><Cmd></Cmd><Data>200</Data></Status>";
const TARGET_REF: &str = "<TargetRef></TargetRef>";
const RESULTS: &str = "<Results><CmdID></CmdID><MsgRef></MsgRef><CmdRef></CmdRef></Results>";
const ITEM: &str = "<Item><Source><LocURI></LocURI></Source><Data></Data></Item>";
const META: &str = "<Meta><Format xmlns=\"syncml:metinf\"></Format></Meta>";

/// Characters of a value that no document tells more of: an edition, a license key type, a name.
const NUMBER: u64 = 3;
const TEXT: u64 = 10;
/// The list of providers that `CSPVersions` answers, with `WindowsLicensing` under both roots.
const PROVIDERS: u64 = 400;

/// The growing estimate of one reply.
#[derive(Debug)]
pub(super) struct Reply {
    bytes: u64,
    commands: u64,
    message_ref: u64,
    /// The header asks for no response.
    silent: bool,
}

impl Default for Reply {
    fn default() -> Self {
        let header = size(STATUS) + size("110SyncHdr");
        Self { bytes: size(FRAME) + header, commands: 1, message_ref: 1, silent: false }
    }
}

impl Reply {
    /// The expected size so far, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        if self.silent { 0 } else { self.bytes }
    }

    pub(super) fn header(&mut self, header: &Header) {
        let length = |text: &Option<Text>| text.as_ref().map_or(0, |text| size(text.text.trim()));
        self.silent = header.no_response;
        self.message_ref = length(&header.message);
        self.bytes += size(HEADER)
            + length(&header.session)
            + 2 * length(&header.message)
            + length(&header.source);
    }

    /// Adds the Status of each item.
    pub(super) fn statuses(&mut self, command: &Command) {
        if command.no_response {
            return;
        }
        let several = command.items.len() > 1;
        let each = size(STATUS) + self.references(command) + size(&command.name);
        for item in &command.items {
            let target = item.target.as_ref().filter(|_| several);
            self.bytes += each + target.map_or(0, |text| size(TARGET_REF) + size(&text.text));
            self.commands += 1;
        }
        if command.items.is_empty() {
            self.bytes += each;
            self.commands += 1;
        }
    }

    /// Adds the Results of a Get; once for each command, before its items.
    pub(super) fn results(&mut self, command: &Command) {
        self.bytes += size(RESULTS) + self.references(command);
        self.commands += 1;
    }

    /// Adds what one item of a Get answers.
    pub(super) fn result(&mut self, item: &Item, place: Place, sizes: &Sizes) {
        let address = item.target.as_ref().map_or("", |text| text.text.trim());
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        self.bytes += match place {
            Place::Node { node, .. } if query.starts_with("list=Struct") => {
                sizes.subtree(node, size(path))
            }
            Place::Node { node, .. } if node.takes(Verb::Get) => sizes.one(node) + size(path),
            Place::Context(node) => {
                let data = if node.id == ContextId::CspVersions { PROVIDERS } else { TEXT };
                size(ITEM) + size(path) + data
            }
            _ => 0,
        };
    }

    /// `CmdID`, `MsgRef` and `CmdRef` of an answer to `command`.
    fn references(&self, command: &Command) -> u64 {
        let own = u64::from(self.commands.saturating_add(1).ilog10()) + 1;
        own + self.message_ref + command.cmd_id.as_ref().map_or(1, |id| size(id.text.trim()))
    }
}

/// The sizes of one Item of Results for each node, without its address.
#[derive(Debug)]
pub(super) struct Sizes(HashMap<NodeId, u64>);

impl Sizes {
    pub(super) fn new() -> Self {
        Self(NODES.iter().map(|node| (node.id, item(node))).collect())
    }

    fn one(&self, node: &Node) -> u64 {
        self.0.get(&node.id).copied().unwrap_or_default()
    }

    /// The items of the node and of all readable ones below it; `address` is the length of its address.
    fn subtree(&self, node: &Node, address: u64) -> u64 {
        let below = |other: &&&Node| {
            let rest = other.path.strip_prefix(node.path);
            other.takes(Verb::Get)
                && rest.is_some_and(|rest| {
                    node.path.is_empty() || rest.is_empty() || rest.starts_with('/')
                })
        };
        let longer = |other: &Node| size(other.path).saturating_sub(size(node.path));
        NODES.iter().filter(below).map(|other| self.one(other) + address + longer(other)).sum()
    }
}

fn item(node: &'static Node) -> u64 {
    let data = match (node.format, node.field.kind) {
        (Format::Node, _) => node.children().map(|child| size(child.name()) + 1).sum(),
        (Format::Int, Kind::Enumeration(_)) => 1,
        (Format::Int, _) => NUMBER,
        _ => TEXT,
    };
    let meta = match node.format {
        Format::Chr => 0,
        format => size(META) + size(format.word()),
    };
    size(ITEM) + meta + data
}

fn size(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
