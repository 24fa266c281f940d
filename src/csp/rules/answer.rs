//! The one entry of the tree: a verb on an address, and what the device answers.
//!
//! SyncML messages and the command line both come through here. Which address is meant is left to `address`, what is read to `read`,
//! what is done to `write`; what concerns a message as a whole to `session`.

use super::address::{self, AddressFlaw, Place, Query, Target};
use super::denial::Denial;
use super::{applicability, fold, read, write};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{
    BAD_REQUEST, CFGMGR_E_COMMANDNOTALLOWED, CFGMGR_E_NODENOTFOUND, CFGMGR_E_PROPERTYNOTSUPPORTED,
    E_CONSENT, NOT_SUPPORTED,
};
use crate::csp::catalog::editions;
use crate::csp::catalog::nodes::{Node, NodeId, Since, Verb};
use crate::csp::model::answer::ResultItem;
use crate::csp::model::device::Device;
use crate::csp::model::keys::KeyCatalog;
use crate::error::Refusal;

/// One verb on one address.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub verb: Verb,
    /// As it stands in the document; white space around it is cut. The shorthand of the command line is
    /// [`super::address::expand`]ed before.
    pub uri: &'a str,
    /// `Meta/Format`; `None`: that of the node.
    pub format: Option<&'a str>,
    pub data: Option<&'a str>,
    pub origin: Origin,
}

/// By what way a request comes to the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// From a management server, or from the command line in its stead.
    #[default]
    Management,
    /// From a provisioning package that the user installs.
    Package(Consent),
}

impl Origin {
    /// Refuses with `E_CONSENT` a provisioning package that the user does not let go on.
    ///
    /// Source: [CSP] `UpgradeEditionWithProductKey`: upon explicit consent from the user; the code: assumed.
    pub fn consented(self) -> Result<(), Refusal> {
        match self {
            Self::Package(Consent::Withheld) => Err(Refusal::new(
                &E_CONSENT,
                "a provisioning package needs the explicit consent of the user",
            )
            .hinted("`--consent` gives it")),
            Self::Package(Consent::Given) | Self::Management => Ok(()),
        }
    }
}

/// Whether the user lets a provisioning package go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Given,
    Withheld,
}

/// What a rule cannot know by itself.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub now: Timestamp,
    /// Of the store: what two keys are compared under.
    pub salt: &'a [u8; 32],
}

/// What the device answers.
#[derive(Debug)]
pub struct Answer {
    /// SyncML status: 200, 202, or that of the refusal.
    pub status: u16,
    /// Why not, in the words of the configuration manager; `None` for a yes and for refusals that have none.
    pub hresult: Option<u32>,
    /// Set exactly when `status` is 215 or at least 400. `detail` holds `LocURI`, and `intune` unless the code
    /// is one of ours.
    pub refusal: Option<Refusal>,
    /// What a Get found: one item, several for a subtree. `source` is the address as asked for.
    pub results: Vec<ResultItem>,
    /// The device afterwards; `None` when nothing changed. Also beside a refusal: an injected fault fires once.
    pub device: Option<Box<Device>>,
}

/// Answers one request.
///
/// - `device`: as stored; what is due by `scene.now` is worked out first.
/// - A Get never changes anything, and before the device's last change it answers as at that change.
///
/// Refuses with `E_CLOCK_BACKWARDS` what changes the device before its last change; else with the codes of the configuration
/// manager, and with `E_CONSENT` a provisioning package that the user does not consent to.
#[must_use]
pub fn answer(
    device: &Device,
    keys: &KeyCatalog,
    request: &Request<'_>,
    scene: &Scene<'_>,
) -> Answer {
    let done = if request.verb == Verb::Get {
        get(device, request, scene)
    } else {
        change(device, keys, request, scene)
    };
    done.unwrap_or_else(|denial| denial.answer(request.verb, request.uri.trim()))
}

fn get(device: &Device, request: &Request<'_>, scene: &Scene<'_>) -> Result<Answer, Denial> {
    let device = fold::fold(device, scene.now);
    let target = locate(&device, request.uri)?;
    check_verb(&target, Verb::Get)?;
    if let Some(Query::Other(query)) = &target.query {
        return Err(unserved(query));
    }
    let results = read::get(&device, target)?;
    Ok(Answer { status: 200, hresult: None, refusal: None, results, device: None })
}

fn change(
    device: &Device,
    keys: &KeyCatalog,
    request: &Request<'_>,
    scene: &Scene<'_>,
) -> Result<Answer, Denial> {
    if request.verb == Verb::Copy {
        return Err(Denial::new(&NOT_SUPPORTED, "the Windows client does not support Copy"));
    }
    let target = locate(&fold::fold(device, scene.now), request.uri)?;
    check_verb(&target, request.verb)?;
    if target.query.is_some() {
        return Err(unserved("a query"));
    }
    let Place::Node(node) = target.place else {
        return Err(Denial::new(&CFGMGR_E_COMMANDNOTALLOWED, "the node is read-only"));
    };
    // What only asks is not bound to the order of changes.
    let asks = node.id == NodeId::CheckApplicability;
    let now = if asks { scene.now.max(device.last_change) } else { scene.now };
    let before = fold::begin(device, now)?;
    let (status, after) = write::run(Device::clone(&before), keys, node, request, scene)?;
    let device = (after != *before).then(|| Box::new(after));
    Ok(Answer { status, hresult: None, refusal: None, results: Vec::new(), device })
}

/// Finds the node that an address means, if the device has it.
///
/// Refuses with `BAD_REQUEST` or `CFGMGR_E_NODENOTFOUND`.
pub(super) fn locate(device: &Device, uri: &str) -> Result<Target, Denial> {
    let target = address::resolve(uri).map_err(|flaw| match flaw {
        AddressFlaw::Malformed(why) => Denial::new(&BAD_REQUEST, why),
        AddressFlaw::Unknown(why) => Denial::new(&CFGMGR_E_NODENOTFOUND, why),
    })?;
    match target.place {
        Place::Node(node) if !applicability::has(device, node) => Err(absent(device, node)),
        _ => Ok(target),
    }
}

/// The refusal of a node that the CSP has and the device has not.
fn absent(device: &Device, node: &Node) -> Denial {
    let name = node.title();
    let (message, hint) = if !applicability::is_served(device) {
        let title = editions::title(device.edition);
        (
            format!("the CSP does not serve {title}: the device has none of its nodes"),
            "`licctl csp ddf -o json` lists the editions that have them",
        )
    } else if node.applicability().since == Since::Insider {
        (
            format!("`{name}` is there on Windows Insider Preview builds alone"),
            "`licctl csp device set --insider` lets the device take them",
        )
    } else {
        (
            format!("`{name}` is not there on {}", device.detail.os_version),
            "`licctl csp ddf -o json` tells from which build on it is",
        )
    };
    Denial::new(&CFGMGR_E_NODENOTFOUND, message).hinted(hint)
}

fn check_verb(target: &Target, verb: Verb) -> Result<(), Denial> {
    if target.takes(verb) {
        return Ok(());
    }
    let Place::Node(node) = target.place else {
        let message = format!("`{}` takes Get alone, not {}", target.uri, verb.word());
        return Err(Denial::new(&CFGMGR_E_COMMANDNOTALLOWED, message));
    };
    let verbs: Vec<&str> = node.verbs.iter().map(|verb| verb.word()).collect();
    let (name, verbs) = (node.title(), verbs.join(", "));
    let denial = Denial::new(
        &CFGMGR_E_COMMANDNOTALLOWED,
        format!("`{name}` takes {verbs}, not {}", verb.word()),
    );
    Err(match node.verbs {
        [Verb::Exec] => denial
            .hinted("use Exec; a custom profile cannot, an edition upgrade profile or SyncML can"),
        [Verb::Get] => denial.hinted("leave it: the device alone writes this node"),
        _ => denial.hinted(format!("use {}", verbs.replace(", ", " or "))),
    })
}

fn unserved(query: &str) -> Denial {
    Denial::new(
        &CFGMGR_E_PROPERTYNOTSUPPORTED,
        format!("`{query}` is not served; a Get may ask for `list=StructData` or `list=Struct`"),
    )
}
