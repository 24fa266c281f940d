//! Devices: made, set up, restarted, removed.

use super::Scene;
use crate::chance;
use crate::clock::Timestamp;
use crate::csp::model::device::{Device, Entitlement};
use crate::csp::report::lint::Target;
use crate::csp::rules::control::{self, Controls};
use crate::csp::rules::subscriptions::{self, SignIn};
use crate::csp::rules::{fold, smode, upgrade};
use crate::csp::store::{devices, keys};
use crate::error::{Outcome, Refusal, Stop, Usage};
use crate::store::{Read, Tx};

/// The device of that name as it is stored, and its row's number.
///
/// Usage error when there is none.
pub(super) fn load(read: &mut dyn Read, name: &str) -> Outcome<(i64, Device)> {
    devices::find(read, name)?.ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Stop {
    Usage::new(format!("there is no device `{name}`"))
        .hinted("`licctl csp device list` shows them")
        .into()
}

/// The device as it is at `now`.
pub fn show(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Device> {
    let (_, device) = load(read, name)?;
    Ok(fold::fold(&device, now).into_owned())
}

/// The device that documents are meant for.
pub fn target(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Target> {
    let device = show(read, name, now)?;
    Ok(Target {
        version: Some(device.detail.os_version),
        edition: Some(device.edition),
        insider: device.insider,
        mode: Some(device.mode),
        keys: keys::load(read)?,
        path_policy: device.path_policy,
        max_message_size: u64::from(device.max_message_size),
    })
}

/// What a new device is.
#[derive(Debug, Clone, Default)]
pub struct NewDevice {
    pub name: String,
    pub edition: Option<i32>,
    pub s_mode: bool,
    pub controls: Controls,
    pub entitlements: Vec<Entitlement>,
}

/// Makes a device.
///
/// Usage error when the name is taken or is none, the id of an entitlement cannot be a node's name, or a fault is none.
pub fn add(tx: &mut dyn Tx, scene: &Scene, new: &NewDevice) -> Outcome<Device> {
    let name = new.name.trim();
    if let Some(flaw) = control::name_flaw(name) {
        return Err(Usage::new(flaw).into());
    }
    if let Some((_, taken)) = devices::find(tx.reading(), name)? {
        return Err(Usage::new(format!("there is a device `{}` already", taken.name)).into());
    }
    check_faults(&new.controls)?;
    for entitlement in &new.entitlements {
        if let Some(flaw) = subscriptions::id_flaw(&entitlement.id) {
            return Err(Usage::new(flaw).into());
        }
    }
    let id = chance::guid(scene.seed, &["csp", name, "DevId", &tx.change().to_string()]);
    let mut device = Device::new(name, scene.now, &format!("urn:uuid:{id}"));
    if let Some(edition) = new.edition {
        (device.edition, device.base_edition) = (edition, edition);
    }
    device.mode = i32::from(new.s_mode);
    device.entitlements.clone_from(&new.entitlements);
    let device = control::set(&device, &new.controls, scene.now).map_err(Stop::from)?;
    devices::save(tx, None, &device)?;
    tx.call("device.add", &format!("deviceName={name}, Edition={}", device.edition));
    Ok(device)
}

fn check_faults(controls: &Controls) -> Outcome<()> {
    match controls.faults.iter().find_map(|(_, code)| control::fault_flaw((*code)?)) {
        None => Ok(()),
        Some(flaw) => Err(Usage::new(flaw)
            .hinted("`licctl explain` knows the codes: `0x80070005`, `0x8600000F`")
            .into()),
    }
}

/// Sets controls of the model on a device.
///
/// Usage error when a fault is none.
pub fn set(tx: &mut dyn Tx, scene: &Scene, name: &str, controls: &Controls) -> Outcome<Device> {
    check_faults(controls)?;
    change(tx, scene, name, "device.set", |device, now| control::set(device, controls, now))
}

/// Restarts a device.
pub fn reboot(tx: &mut dyn Tx, scene: &Scene, name: &str) -> Outcome<Device> {
    change(tx, scene, name, "device.reboot", upgrade::reboot)
}

/// The user leaves S mode in the Store.
pub fn user_switch(tx: &mut dyn Tx, scene: &Scene, name: &str) -> Outcome<Device> {
    change(tx, scene, name, "device.user-switch", smode::user_switch)
}

/// A user signs in: what is granted to users is activated.
pub fn sign_in(
    tx: &mut dyn Tx,
    scene: &Scene,
    name: &str,
    user: &str,
) -> Outcome<(Device, SignIn)> {
    let (id, device) = load(tx.reading(), name)?;
    let (after, end) = subscriptions::sign_in(&device, scene.now)?;
    devices::save(tx, Some(id), &after)?;
    tx.call("device.signin", &format!("device={}, user={user}", device.name));
    Ok((after, end))
}

/// Removes a device; its name as it was first written.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<String> {
    let (id, device) = load(tx.reading(), name)?;
    devices::remove(tx, id)?;
    tx.call("device.remove", &format!("device={}", device.name));
    Ok(device.name)
}

fn change(
    tx: &mut dyn Tx,
    scene: &Scene,
    name: &str,
    call: &str,
    rule: impl FnOnce(&Device, Timestamp) -> Result<Device, Refusal>,
) -> Outcome<Device> {
    let (id, device) = load(tx.reading(), name)?;
    let after = rule(&device, scene.now).map_err(|refusal| refusal.of(call))?;
    devices::save(tx, Some(id), &after)?;
    tx.call(call, &format!("device={}", device.name));
    Ok(after)
}
