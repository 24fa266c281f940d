//! What nodes answer to a Get: values, names of children, whole subtrees.
//!
//! The device comes folded to the moment of the question.

use super::address::{self, Place, Query, Target};
use super::denial::Denial;
use super::{applicability, fold, versions};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::CFGMGR_E_NODENOTFOUND;
use crate::csp::catalog::context::{CONTEXT_VERBS, ContextId};
use crate::csp::catalog::nodes::{Format, Node, NodeId, Verb};
use crate::csp::model::answer::ResultItem;
use crate::csp::model::device::{Device, Subscription};
use crate::error::Refusal;
use std::borrow::Cow;

/// A node that is there, with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub uri: String,
    pub format: Format,
    pub verbs: &'static [Verb],
    /// Of the node in the table of nodes; `None` for a node beside the CSP.
    pub node: Option<NodeId>,
    /// `None` for interior nodes and for those without Get.
    pub value: Option<String>,
    /// In the order of the DDF.
    pub children: Vec<Self>,
}

/// Walks the nodes of a device, what cannot be read included.
///
/// - `uri`: a whole address; what stands behind a `?` is left out.
/// - `depth`: how many levels below it; `None`: all.
///
/// Refuses as a Get of the address does.
pub fn tree(
    device: &Device,
    uri: &str,
    depth: Option<usize>,
    now: Timestamp,
) -> Result<Branch, Refusal> {
    let device = fold::fold(device, now);
    let deny = |denial: Denial| denial.answer(Verb::Get, uri.trim()).refusal;
    let target = super::answer::locate(&device, uri).and_then(|target| {
        exists(&device, &target)?;
        Ok(target)
    });
    match target {
        Ok(Target { place: Place::Context(row), uri, .. }) => Ok(Branch {
            uri,
            format: row.format,
            verbs: &CONTEXT_VERBS,
            node: None,
            value: Some(context(&device, row.id)),
            children: Vec::new(),
        }),
        Ok(Target { place: Place::Node(node), subscription, uri, .. }) => {
            Ok(branch(&device, &Spot { node, subscription }, uri, depth.unwrap_or(usize::MAX)))
        }
        Err(denial) => Err(deny(denial)
            .unwrap_or_else(|| Refusal::new(&CFGMGR_E_NODENOTFOUND, "the node is not found"))),
    }
}

fn branch(device: &Device, spot: &Spot, uri: String, depth: usize) -> Branch {
    let children = match depth.checked_sub(1) {
        None => Vec::new(),
        Some(depth) => children(device, spot)
            .into_iter()
            .filter(|child| child.is_there(device))
            .map(|child| {
                let uri = format!("{uri}/{}", child.name());
                branch(device, &child, uri, depth)
            })
            .collect(),
    };
    Branch {
        uri,
        format: spot.node.format,
        verbs: spot.node.verbs,
        node: Some(spot.node.id),
        value: spot.value(device).map(Value::written),
        children,
    }
}

/// Answers a Get.
///
/// Refuses with `CFGMGR_E_NODENOTFOUND` a node that is absent.
pub(super) fn get(device: &Device, target: Target) -> Result<Vec<ResultItem>, Denial> {
    exists(device, &target)?;
    let source = target.uri;
    let (node, subscription) = match target.place {
        Place::Context(row) => {
            let data = Some(context(device, row.id));
            return Ok(vec![ResultItem { source, format: row.format, data }]);
        }
        Place::Node(node) => (node, target.subscription),
    };
    let spot = Spot { node, subscription };
    let mut items = Vec::new();
    match &target.query {
        None => items.push(spot.item(device, source)),
        Some(query) => {
            list(device, &spot, source, &mut items);
            if *query == Query::Struct {
                for item in &mut items {
                    item.data = None;
                }
            }
        }
    }
    Ok(items)
}

/// Depth first: the node, then what stands below it; what cannot be read is left out.
fn list(device: &Device, spot: &Spot, source: String, items: &mut Vec<ResultItem>) {
    let below = children(device, spot);
    let here = source.clone();
    items.push(spot.item(device, source));
    for child in below {
        if child.node.takes(Verb::Get) && child.is_there(device) {
            let uri = format!("{here}/{}", child.name());
            list(device, &child, uri, items);
        }
    }
}

/// Refuses what the device has no value for.
fn exists(device: &Device, target: &Target) -> Result<(), Denial> {
    let Place::Node(node) = target.place else { return Ok(()) };
    let spot = Spot { node, subscription: target.subscription.clone() };
    if spot.is_there(device) {
        return Ok(());
    }
    Err(match &spot.subscription {
        Some(id) => {
            Denial::new(&CFGMGR_E_NODENOTFOUND, format!("the device has no subscription `{id}`"))
                .hinted("`licctl csp get Subscriptions` lists them")
        }
        None => absent(device, node),
    })
}

/// The refusal of a node that comes and goes, while it is not there.
///
/// Source: [CSP] SMode/Status: 404 as long as no request was made; SMode/SwitchingPolicy: only on devices in S mode.
pub(super) fn absent(device: &Device, node: &Node) -> Denial {
    let path = node.path;
    let (why, hint) = match node.id {
        NodeId::SModeStatus => (
            format!("no SwitchFromSMode request was made, so there is no `{path}`"),
            "`licctl csp smode switch` makes the request",
        ),
        _ if device.in_s_mode() => (
            format!("`{path}` was never added, or it was deleted"),
            "Add makes it: `licctl csp smode policy 1`",
        ),
        _ => (
            format!("only a device in S mode has a `{path}`"),
            "`licctl csp smode status` tells whether and how the device left S mode",
        ),
    };
    Denial::new(&CFGMGR_E_NODENOTFOUND, why).hinted(hint)
}

/// Whether a node has a value on the device, or none because it never has one.
pub(super) fn is_there(device: &Device, node: &'static Node) -> bool {
    Spot { node, subscription: None }.is_there(device)
}

/// The value of a leaf.
enum Value<'d> {
    Number(i32),
    Text(&'d str),
}

impl Value<'_> {
    /// As it stands in `Data`.
    fn written(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// A node of a device.
struct Spot {
    node: &'static Node,
    subscription: Option<String>,
}

impl Spot {
    fn entry<'a>(&self, device: &'a Device) -> Option<&'a Subscription> {
        let id = self.subscription.as_deref()?;
        device.subscriptions.items.iter().find(|item| item.id.eq_ignore_ascii_case(id))
    }

    /// Its name as it stands in an address.
    fn name(&self) -> Cow<'static, str> {
        match &self.subscription {
            Some(id) if self.node.is_dynamic_name() => Cow::Owned(address::encoded(id)),
            _ => Cow::Borrowed(self.node.name()),
        }
    }

    fn is_there(&self, device: &Device) -> bool {
        let entry = self.subscription.is_none() || self.entry(device).is_some();
        let leaf = self.node.format != Format::Node && self.node.takes(Verb::Get);
        entry && (!leaf || self.value(device).is_some())
    }

    /// `None` for interior nodes, for nodes without Get, and for what is absent.
    fn value<'d>(&self, device: &'d Device) -> Option<Value<'d>> {
        let subscriptions = &device.subscriptions;
        let licensing = &device.licensing;
        let number = |number: i32| Some(Value::Number(number));
        match self.node.id {
            NodeId::Edition => number(device.edition),
            NodeId::Status => number(device.status),
            NodeId::LicenseKeyType => Some(Value::Text(device.license_key_type())),
            NodeId::EntryStatus => self.entry(device).and_then(|entry| number(entry.status)),
            NodeId::EntryName => self.entry(device).map(|entry| Value::Text(&entry.name)),
            NodeId::SubscriptionType => number(subscriptions.kind),
            NodeId::SubscriptionStatus => number(subscriptions.status),
            NodeId::SubscriptionLastError => number(subscriptions.last_error),
            NodeId::SubscriptionLastErrorDescription => {
                Some(Value::Text(&subscriptions.last_error_description))
            }
            NodeId::SwitchingPolicy => device.smode.switching_policy.and_then(number),
            NodeId::SModeStatus => device.smode.status.and_then(number),
            NodeId::LicenseType => number(licensing.license_type),
            NodeId::DeviceLicensingStatus => number(licensing.status),
            NodeId::DeviceLicensingLastError => number(licensing.last_error),
            NodeId::DeviceLicensingLastErrorDescription => {
                Some(Value::Text(&licensing.last_error_description))
            }
            NodeId::Root
            | NodeId::Subscriptions
            | NodeId::Subscription
            | NodeId::SMode
            | NodeId::DeviceLicensingService
            | NodeId::UpgradeEditionWithProductKey
            | NodeId::ChangeProductKey
            | NodeId::UpgradeEditionWithLicense
            | NodeId::CheckApplicability
            | NodeId::DisableSubscription
            | NodeId::RemoveSubscription
            | NodeId::SwitchFromSMode => None,
        }
    }

    /// What a Get of it answers: its value, or the names below it.
    fn item(&self, device: &Device, source: String) -> ResultItem {
        let data = if self.node.format == Format::Node {
            let mut names = String::new();
            for child in children(device, self) {
                if !names.is_empty() {
                    names.push('/');
                }
                names.push_str(&child.name());
            }
            Some(names)
        } else {
            self.value(device).map(Value::written)
        };
        ResultItem { source, format: self.node.format, data }
    }
}

/// The nodes right below one that the device has: those that the device has, in the order of the DDF; dynamic ones when they are there.
///
/// Source: [MS-MDM] the names of an interior node; their order, and that nodes without Get are named: assumed.
fn children(device: &Device, spot: &Spot) -> Vec<Spot> {
    let mut found = Vec::new();
    for node in spot.node.children().filter(|node| applicability::has_below(device, node)) {
        if node.is_dynamic_name() {
            let entries = device.subscriptions.items.iter();
            found.extend(entries.map(|entry| Spot { node, subscription: Some(entry.id.clone()) }));
            continue;
        }
        let child = Spot { node, subscription: spot.subscription.clone() };
        // SMode/Status is a permanent node, and stays named while it is not found.
        if node.id != NodeId::SwitchingPolicy || child.is_there(device) {
            found.push(child);
        }
    }
    found
}

/// What a node beside the CSP answers.
fn context(device: &Device, id: ContextId) -> String {
    let (info, detail) = (&device.info, &device.detail);
    match id {
        ContextId::DevId => info.dev_id.clone(),
        ContextId::Manufacturer => info.manufacturer.clone(),
        ContextId::Model => info.model.clone(),
        ContextId::DmVersion => info.dm_version.clone(),
        ContextId::Language => info.language.clone(),
        ContextId::SoftwareVersion => detail.os_version.to_string(),
        ContextId::HardwareVersion => detail.hardware_version.clone(),
        ContextId::FirmwareVersion => detail.firmware_version.clone(),
        ContextId::Oem => detail.oem.clone(),
        ContextId::OsEdition => device.edition.to_string(),
        ContextId::OsMode => device.mode.to_string(),
        ContextId::CspVersions => versions::text(device),
    }
}
