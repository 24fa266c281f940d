//! Add, Replace, Delete and Exec: the checks of existence, format and value, and which rule carries it out.

use super::answer::{Consent, Origin, Request, Scene};
use super::denial::Denial;
use super::{keys, licensing, read, smode, subscriptions, upgrade};
use crate::csp::catalog::codes::{
    CFGMGR_E_COMMANDNOTALLOWED, CFGMGR_E_INVALIDDATATYPE, CFGMGR_E_NODENOTFOUND, E_CONSENT,
    E_INVALIDARG, ERROR_ALREADY_EXISTS,
};
use crate::csp::catalog::nodes::{Allowed, Format, Node, NodeId, Verb};
use crate::csp::model::device::Device;
use crate::csp::model::keys::KeyCatalog;

/// Carries out a request on a node that takes its verb.
///
/// - `device`: folded to, and its last change dated at, the moment of the request.
/// - Returns the status, and the device afterwards.
pub(super) fn run(
    device: Device,
    keys: &KeyCatalog,
    node: &'static Node,
    request: &Request<'_>,
    scene: &Scene<'_>,
) -> Result<(u16, Device), Denial> {
    check_existence(&device, node, request.verb)?;
    if request.verb == Verb::Delete {
        return Ok((200, smode::delete_policy(device)));
    }
    let data = value(node, request)?;
    if request.origin == Origin::Package(Consent::Withheld) {
        return Err(Denial::new(
            &E_CONSENT,
            "a provisioning package needs the explicit consent of the user",
        )
        .hinted("`--consent` gives it"));
    }
    match (node.id, data) {
        (NodeId::SwitchingPolicy, Data::Number(number)) => ok(smode::set_policy(device, number)),
        (NodeId::LicenseType, Data::Number(number)) => {
            ok(licensing::set_license_type(device, number))
        }
        (NodeId::SubscriptionType, Data::Number(number)) => {
            ok(subscriptions::set_type(device, number))
        }
        (NodeId::DisableSubscription, Data::Number(number)) => {
            ok(subscriptions::set_disabled(device, number))
        }
        (NodeId::RemoveSubscription, _) => ok(subscriptions::uninstall(device)),
        (NodeId::SwitchFromSMode, _) => Ok(smode::switch(device)),
        (NodeId::UpgradeEditionWithProductKey, Data::Text(text)) => {
            keys::upgrade(device, keys, text, request.origin, scene)
        }
        (NodeId::ChangeProductKey, Data::Text(text)) => keys::change(device, keys, text, scene),
        (NodeId::CheckApplicability, Data::Text(text)) => {
            keys::check(&device, keys, text).map(|()| (200, device))
        }
        (NodeId::UpgradeEditionWithLicense, Data::Text(text)) => {
            upgrade::with_license(device, text, request.origin)
        }
        _ => Err(Denial::new(&CFGMGR_E_COMMANDNOTALLOWED, "the node takes no such command")),
    }
}

fn ok(done: Result<Device, Denial>) -> Result<(u16, Device), Denial> {
    done.map(|device| (200, device))
}

/// Refuses an Add of what is there, and a Replace or Delete of what is not.
///
/// Off S mode the policy is refused as such by its own rule, and is not missed.
fn check_existence(device: &Device, node: &'static Node, verb: Verb) -> Result<(), Denial> {
    let there = read::is_there(device, node);
    let path = node.path;
    match verb {
        Verb::Add if there => {
            Err(Denial::new(&ERROR_ALREADY_EXISTS, format!("`{path}` is there already"))
                .hinted("Replace sets it"))
        }
        Verb::Replace if !there && device.in_s_mode() => {
            Err(Denial::new(&CFGMGR_E_NODENOTFOUND, format!("`{path}` was never added"))
                .hinted("Add makes it"))
        }
        Verb::Delete if !there => {
            Err(Denial::new(&CFGMGR_E_NODENOTFOUND, format!("`{path}` was never added")))
        }
        _ => Ok(()),
    }
}

/// What a request brings, as the node's format has it.
enum Data<'a> {
    Nothing,
    Number(i32),
    Text(&'a str),
}

/// Checks format and value.
///
/// Refuses with `CFGMGR_E_INVALIDDATATYPE` another format and what is no value of it, with `E_INVALIDARG` a number that the node does
/// not allow.
///
/// Source: [DDF2] `DFFormat`, MSFT:AllowedValues; what else is tolerated: assumed, as published samples have it.
fn value<'a>(node: &Node, request: &Request<'a>) -> Result<Data<'a>, Denial> {
    let data = request.data.unwrap_or_default();
    check_format(node, request.format, data)?;
    match node.format {
        Format::Int => {
            let number = integer(data).ok_or_else(|| {
                // The text is not repeated: what is mistyped may be a key.
                let message = format!("`{}` takes a signed 32-bit decimal number", node.path);
                Denial::new(&CFGMGR_E_INVALIDDATATYPE, message)
            })?;
            check_allowed(node, number)?;
            Ok(Data::Number(number))
        }
        Format::Null if !data.is_empty() => {
            Err(Denial::new(&CFGMGR_E_INVALIDDATATYPE, format!("`{}` takes no data", node.path)))
        }
        Format::Null | Format::Node => Ok(Data::Nothing),
        Format::Chr | Format::Xml => Ok(Data::Text(data)),
    }
}

fn check_format(node: &Node, format: Option<&str>, data: &str) -> Result<(), Denial> {
    let Some(given) = format.map(str::trim) else { return Ok(()) };
    let expected = node.format.word();
    let tolerated = given == Format::Chr.word()
        && (node.format == Format::Xml || (node.format == Format::Null && data.is_empty()));
    if given == expected || tolerated {
        return Ok(());
    }
    Err(Denial::new(
        &CFGMGR_E_INVALIDDATATYPE,
        format!("the format of `{}` is `{expected}`, not `{given}`", node.path),
    ))
}

/// A decimal number of at most ten digits, with white space around it.
fn integer(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let shaped =
        (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    shaped.then(|| text.parse().ok()).flatten()
}

fn check_allowed(node: &Node, number: i32) -> Result<(), Denial> {
    let Allowed::Enumeration(values) = node.allowed else { return Ok(()) };
    if values.iter().any(|row| u32::try_from(number) == Ok(row.value)) {
        return Ok(());
    }
    let list: Vec<String> =
        values.iter().map(|row| format!("{} ({})", row.value, row.name)).collect();
    Err(Denial::new(
        &E_INVALIDARG,
        format!("`{}` is {number}; allowed are {}", node.path, list.join(" and ")),
    ))
}
