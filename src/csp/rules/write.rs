//! Add, Replace, Delete and Exec: the checks of existence, format and value, and which rule carries it out.

use super::answer::{Request, Scene};
use super::denial::Denial;
use super::{keys, licensing, read, smode, subscriptions, upgrade, value};
use crate::csp::catalog::codes::{
    CFGMGR_E_COMMANDNOTALLOWED, CFGMGR_E_INVALIDDATATYPE, E_INVALIDARG, ERROR_ALREADY_EXISTS,
};
use crate::csp::catalog::nodes::{Format, Node, NodeId, Verb};
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
    let data = data_of(node, request)?;
    request.origin.consented()?;
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
        Verb::Replace if !there && device.in_s_mode() => Err(read::absent(device, node)),
        Verb::Delete if !there => Err(read::absent(device, node)),
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
/// Source: [DDF2] `DFFormat`, MSFT:AllowedValues.
fn data_of<'a>(node: &Node, request: &Request<'a>) -> Result<Data<'a>, Denial> {
    let data = request.data.unwrap_or_default();
    check_format(node, request.format, data)?;
    match node.format {
        Format::Int => {
            let number = value::integer(data).ok_or_else(|| {
                // The text is not repeated: what is mistyped may be a key.
                let message = format!("`{}` takes a signed 32-bit decimal number", node.path);
                Denial::new(&CFGMGR_E_INVALIDDATATYPE, message)
                    .hinted("give decimal digits: `1`, not `0x1`, `1.0` or nothing")
            })?;
            check_allowed(node, number)?;
            Ok(Data::Number(number))
        }
        Format::Null if !data.is_empty() => {
            Err(Denial::new(&CFGMGR_E_INVALIDDATATYPE, format!("`{}` takes no data", node.path))
                .hinted("leave the data out"))
        }
        Format::Null | Format::Node => Ok(Data::Nothing),
        Format::Chr | Format::Xml => Ok(Data::Text(data)),
    }
}

fn check_format(node: &Node, format: Option<&str>, data: &str) -> Result<(), Denial> {
    let Some(given) = format.map(str::trim) else { return Ok(()) };
    if value::takes_format(node, given, data) {
        return Ok(());
    }
    let (path, expected) = (node.path, node.format.word());
    Err(Denial::new(
        &CFGMGR_E_INVALIDDATATYPE,
        format!("the format of `{path}` is `{expected}`, not `{given}`"),
    )
    .hinted(format!("declare the format `{expected}`, or none")))
}

fn check_allowed(node: &Node, number: i32) -> Result<(), Denial> {
    let Some(values) = value::allowed(node).filter(|values| !value::is_among(values, number))
    else {
        return Ok(());
    };
    let (path, list) = (node.path, value::alternatives(values));
    Err(Denial::new(&E_INVALIDARG, format!("`{path}` is {number}; allowed is {list}"))
        .hinted("give one of the allowed numbers"))
}
