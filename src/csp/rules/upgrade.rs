//! An edition upgrade from its beginning to its end, whatever asked for it: `changepk.exe`, the restart, what the user is told.
//!
//! Which key upgrades which edition is left to `keys`.

use super::answer::Origin;
use super::denial::Denial;
use super::{fold, value};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{
    CFGMGR_E_CSPNODEILLEGALSTATE, CFGMGR_E_XMLPARSEERROR, E_ABORT, SL_E_MISMATCHED_PRODUCT_SKU,
};
use crate::csp::catalog::editions::{self, MOBILE_ENTERPRISE};
use crate::csp::catalog::paths;
use crate::csp::model::device::{
    Device, KeyTrace, Notification, NotificationKind, PendingKey, PendingUpgrade, Restart,
    upgrade_status as status,
};
use crate::error::Refusal;

/// Milliseconds from the end of `changepk.exe` to the restart that nobody asked for.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`: after two hours. Provisioning packages: assumed, the page gives no delay.
pub const AUTOMATIC_RESTART_MS: i64 = 7_200_000;

/// Milliseconds from the reminder to that restart, after MDM and after a provisioning package.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`.
pub const REMINDER_MS: i64 = 600_000;
pub const PACKAGE_REMINDER_MS: i64 = 30_000;

/// What falls due of an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// `changepk.exe` ends.
    Changepk,
    Reminder,
    /// The device restarts by itself.
    Restart,
}

/// Begins an upgrade at the device's last change; a fault that waits goes with it.
pub(super) fn begin(
    device: &mut Device,
    target_edition: i32,
    needs_restart: bool,
    key: Option<KeyTrace>,
    origin: Origin,
) {
    let now = device.last_change;
    let package = matches!(origin, Origin::Package(_));
    let changepk_ends_at = now.plus_ms(i64::from(device.timings.changepk) * 1000);
    let automatic_at = changepk_ends_at.plus_ms(AUTOMATIC_RESTART_MS);
    let before = if package { PACKAGE_REMINDER_MS } else { REMINDER_MS };
    let reminder_at = automatic_at.plus_ms(-before);
    device.notifications.clear();
    if package && needs_restart {
        tell(device, now, NotificationKind::RestartToCompletePackage);
    }
    device.status = status::IN_PROGRESS;
    device.last_upgrade_error = 0;
    device.pending_upgrade = Some(PendingUpgrade {
        target_edition,
        key,
        requested_at: now,
        changepk_ends_at,
        restart: needs_restart.then_some(Restart { reminder_at, automatic_at }),
        package,
        fault: device.faults.changepk.take(),
    });
}

/// Begins a change of the key that makes another edition without a restart.
pub(super) fn begin_key_change(device: &mut Device, target_edition: i32, key: KeyTrace) {
    let now = device.last_change;
    device.pending_key = Some(PendingKey {
        target_edition,
        key,
        requested_at: now,
        ends_at: now.plus_ms(i64::from(device.timings.changepk) * 1000),
        fault: device.faults.changepk.take(),
    });
}

/// What falls due next of the upgrade that is on its way.
pub(super) fn next(device: &Device) -> Option<(Timestamp, Due)> {
    let pending = device.pending_upgrade.as_ref()?;
    let Some(restart) = pending.restart.filter(|_| device.status != status::IN_PROGRESS) else {
        return Some((pending.changepk_ends_at, Due::Changepk));
    };
    let reminded = device
        .notifications
        .iter()
        .any(|notification| notification.kind == NotificationKind::RestartReminder);
    Some(if reminded {
        (restart.automatic_at, Due::Restart)
    } else {
        (restart.reminder_at, Due::Reminder)
    })
}

/// Lets happen what fell due.
pub(super) fn happen(device: &mut Device, due: Due, at: Timestamp) {
    match due {
        Due::Changepk => end_changepk(device, at),
        Due::Reminder => tell(device, at, NotificationKind::RestartReminder),
        Due::Restart => complete(device, at),
    }
}

fn end_changepk(device: &mut Device, at: Timestamp) {
    let Some(pending) = &device.pending_upgrade else { return };
    if let Some(fault) = pending.fault {
        fail(device, fault);
    } else if pending.restart.is_none() {
        complete(device, at);
    } else {
        let package = pending.package;
        device.status = status::PENDING;
        if !package {
            tell(device, at, NotificationKind::NewEditionAvailable);
        }
    }
}

/// The upgrade is done: the device has the edition for good.
fn complete(device: &mut Device, at: Timestamp) {
    let Some(pending) = device.pending_upgrade.take() else { return };
    device.edition = pending.target_edition;
    device.base_edition = pending.target_edition;
    if pending.key.is_some() {
        device.installed_key = pending.key;
    }
    device.status = status::COMPLETED;
    if pending.restart.is_some() {
        tell(device, at, NotificationKind::UpgradeSucceeded);
    }
}

/// The upgrade failed: everything is as it was before.
fn fail(device: &mut Device, hresult: u32) {
    device.pending_upgrade = None;
    device.status = status::FAILED;
    device.last_upgrade_error = hresult.cast_signed();
}

/// A change of the key ends. `Status` is of upgrades alone and stays.
pub(super) fn end_key_change(device: &mut Device) {
    let Some(pending) = device.pending_key.take() else { return };
    if let Some(fault) = pending.fault {
        device.last_upgrade_error = fault.cast_signed();
        return;
    }
    device.edition = pending.target_edition;
    device.base_edition = pending.target_edition;
    device.installed_key = Some(pending.key);
}

fn tell(device: &mut Device, at: Timestamp, kind: NotificationKind) {
    device.notifications.push(Notification { at, kind });
}

/// The device restarts.
///
/// - An upgrade that waits for it is completed, one whose `changepk.exe` runs fails with `E_ABORT`, and so does a change of the key.
/// - An imported `Status` 1 becomes 3 and 2 becomes 0; which edition came of it tells the next import alone.
///
/// Refuses with `E_CLOCK_BACKWARDS`.
///
/// Source: [CSP] `UpgradeEditionWithProductKey` and its note; imported states: assumed.
pub fn reboot(device: &Device, now: Timestamp) -> Result<Device, Refusal> {
    let mut device = fold::begin(device, now)?.into_owned();
    let abort = E_ABORT.native.number().unwrap_or_default();
    if device.pending_key.take().is_some() {
        device.last_upgrade_error = abort.cast_signed();
    }
    match (device.status, device.pending_upgrade.is_some()) {
        (status::IN_PROGRESS, _) => fail(&mut device, abort),
        (_, true) => complete(&mut device, now),
        (status::PENDING, false) => device.status = status::COMPLETED,
        _ => {}
    }
    Ok(device)
}

/// Exec of `UpgradeEditionWithLicense`: Mobile becomes Mobile Enterprise, without a restart.
///
/// - `license`: the XML text of the license, after the escapes of the document were taken off.
///
/// Refuses with `SL_E_MISMATCHED_PRODUCT_SKU` on anything but Mobile, with `CFGMGR_E_XMLPARSEERROR` when the license is no XML, with
/// `CFGMGR_E_CSPNODEILLEGALSTATE` while an upgrade by key is on its way. Returns 202.
pub(super) fn with_license(
    mut device: Device,
    license: &str,
    origin: Origin,
) -> Result<(u16, Device), Denial> {
    let build = device.detail.os_version.build;
    let Some(way) = paths::license_edge(device.edition, MOBILE_ENTERPRISE, build) else {
        let title = editions::title(device.edition);
        return Err(Denial::new(
            &SL_E_MISMATCHED_PRODUCT_SKU,
            format!("licenses upgrade Mobile to Mobile Enterprise alone; the device has {title}"),
        )
        .hinted(
            "the node is deprecated; desktops take a product key in UpgradeEditionWithProductKey",
        ));
    };
    if let Some(why) = value::document_flaw(license) {
        let message = format!("the license is no XML document: {why}");
        return Err(Denial::new(&CFGMGR_E_XMLPARSEERROR, message)
            .hinted("escape the whole license file in Data: `&lt;` for `<`, `&amp;` for `&`"));
    }
    if let Some(pending) = &device.pending_upgrade {
        if pending.key.is_none() {
            return Ok((202, device));
        }
        return Err(Denial::new(&CFGMGR_E_CSPNODEILLEGALSTATE, "another upgrade is on its way"));
    }
    begin(&mut device, MOBILE_ENTERPRISE, way.is_needed(), None, origin);
    Ok((202, device))
}
