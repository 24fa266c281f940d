//! `SMode`: the policy for the user, and the way out of S mode.

use super::denial::Denial;
use super::fold;
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{CFGMGR_E_CSPNODEILLEGALSTATE, E_USER_BLOCKED};
use crate::csp::model::device::{Device, Switch, smode_status as status};
use crate::error::Refusal;

/// `SwitchingPolicy` of a user who may not switch.
const USER_BLOCKED: i32 = 1;

/// Add and Replace of `SwitchingPolicy`.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` off S mode.
///
/// Source: [CSP] SMode/SwitchingPolicy: only for devices in S mode; the code: assumed.
pub(super) fn set_policy(mut device: Device, policy: i32) -> Result<Device, Denial> {
    if !device.in_s_mode() {
        return Err(Denial::new(
            &CFGMGR_E_CSPNODEILLEGALSTATE,
            "the device is not in S mode, for which alone the policy is",
        )
        .hinted("`licctl csp smode status` shows how the device left it"));
    }
    device.smode.switching_policy = Some(policy);
    Ok(device)
}

/// Delete of `SwitchingPolicy`, which is there.
pub(super) fn delete_policy(mut device: Device) -> Device {
    device.smode.switching_policy = None;
    device
}

/// Exec of `SwitchFromSMode`: 202 when the switch begins or runs, 200 when the device is out of S mode already.
///
/// The policy does not bind the admin.
///
/// Source: [CSP] SMode/SwitchFromSMode, SMode/Status.
pub(super) fn switch(mut device: Device) -> (u16, Device) {
    if !device.in_s_mode() {
        device.smode.status = Some(status::ALREADY_OUT);
        return (200, device);
    }
    if device.smode.status == Some(status::PROCESSING) {
        return (202, device);
    }
    let now = device.last_change;
    device.smode.status = Some(status::PROCESSING);
    device.smode.switch = Some(Switch {
        requested_at: now,
        ends_at: now.plus_ms(i64::from(device.timings.smode) * 1000),
        fault: device.faults.smode.take(),
    });
    (202, device)
}

/// The switch ends.
///
/// Source: [CSP] SMode/Status; that the policy goes with S mode: assumed, as it is for devices in S mode alone.
pub(super) fn end_switch(device: &mut Device) {
    let Some(switch) = device.smode.switch.take() else { return };
    if switch.fault.is_some() {
        device.smode.status = Some(status::FAILED);
    } else {
        device.smode.status = Some(status::SWITCHED);
        leave(device);
    }
}

fn leave(device: &mut Device) {
    device.mode = 0;
    device.smode.switching_policy = None;
}

/// The device is out of S mode, and so is done what was on its way there.
pub(super) fn leave_at_once(device: &mut Device) {
    device.smode.switch = None;
    if device.smode.status == Some(status::PROCESSING) {
        device.smode.status = Some(status::SWITCHED);
    }
    leave(device);
}

/// The user switches out of S mode in the Store, which is done at once. A switch that the admin began ends with it.
///
/// Refuses with `E_USER_BLOCKED` when the policy forbids it, `CFGMGR_E_CSPNODEILLEGALSTATE` off S mode, `E_CLOCK_BACKWARDS`.
pub fn user_switch(device: &Device, now: Timestamp) -> Result<Device, Refusal> {
    let mut device = fold::begin(device, now)?.into_owned();
    if !device.in_s_mode() {
        return Err(Refusal::new(&CFGMGR_E_CSPNODEILLEGALSTATE, "the device is not in S mode"));
    }
    if device.smode.switching_policy == Some(USER_BLOCKED) {
        return Err(Refusal::new(
            &E_USER_BLOCKED,
            "SwitchingPolicy is 1: the user may not take the device out of S mode",
        )
        .hinted("the admin may: `licctl csp smode switch`"));
    }
    leave_at_once(&mut device);
    Ok(device)
}
