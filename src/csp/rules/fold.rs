//! What a device is at some moment: everything that time alone brings about, in the order in which it falls due.
//!
//! Instants are stored and nothing ticks, so a device is worked out anew at every look. What starts an operation is left to the
//! rules of its node.

use super::{operation, smode, upgrade};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::E_CLOCK_BACKWARDS;
use crate::csp::model::device::Device;
use crate::error::Refusal;
use operation::Service;
use std::borrow::Cow;

/// The device at `now`; before its last change as at that change.
///
/// Working out a moment in between first makes no difference. `last_change` stays. It is borrowed when nothing has come about since.
#[must_use]
pub fn fold(device: &Device, now: Timestamp) -> Cow<'_, Device> {
    if is_at_rest(device) {
        return Cow::Borrowed(device);
    }
    let now = now.max(device.last_change);
    let due = next(device).is_some_and(|(at, _)| at <= now);
    if !due && Service::ALL.into_iter().all(|service| operation::shows(device, service, now)) {
        return Cow::Borrowed(device);
    }
    let mut device = device.clone();
    while let Some((at, event)) = next(&device).filter(|(at, _)| *at <= now) {
        event.happen(&mut device, at);
    }
    for service in Service::ALL {
        operation::show_progress(&mut device, service, now);
    }
    Cow::Owned(device)
}

/// Whether nothing is under way: then time alone brings nothing about.
fn is_at_rest(device: &Device) -> bool {
    device.pending_upgrade.is_none()
        && device.pending_key.is_none()
        && device.smode.switch.is_none()
        && device.licensing.operation.is_none()
        && device.subscriptions.operation.is_none()
}

/// The device at `now`, for a change that is dated then.
///
/// Refuses with `E_CLOCK_BACKWARDS` before the last change.
pub fn begin(device: &Device, now: Timestamp) -> Result<Cow<'_, Device>, Refusal> {
    if now < device.last_change {
        let message = format!(
            "`{}` was changed at {}, which is after {now}",
            device.name, device.last_change
        );
        return Err(Refusal::new(&E_CLOCK_BACKWARDS, message)
            .hinted(format!("give a `--now` of {} or later", device.last_change)));
    }
    let mut device = fold(device, now);
    if device.last_change != now {
        device.to_mut().last_change = now;
    }
    Ok(device)
}

/// Something that falls due.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Upgrade(upgrade::Due),
    Key,
    Switch,
    Operation(Service),
}

impl Event {
    fn happen(self, device: &mut Device, at: Timestamp) {
        match self {
            Self::Upgrade(due) => upgrade::happen(device, due, at),
            Self::Key => upgrade::end_key_change(device),
            Self::Switch => smode::end_switch(device),
            Self::Operation(service) => operation::end(device, service),
        }
    }
}

/// What falls due next; of two things at the same moment always the same one first.
pub(super) fn next(device: &Device) -> Option<(Timestamp, Event)> {
    let upgrade = upgrade::next(device).map(|(at, due)| (at, Event::Upgrade(due)));
    let key = device.pending_key.as_ref().map(|key| (key.ends_at, Event::Key));
    let switch = device.smode.switch.map(|switch| (switch.ends_at, Event::Switch));
    let operations = Service::ALL.into_iter().filter_map(|service| {
        Some((operation::ends_at(device, service)?, Event::Operation(service)))
    });
    // `min_by_key` takes the first of equals.
    [upgrade, key, switch].into_iter().flatten().chain(operations).min_by_key(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{EDU, Rig, at, licensed};
    use super::{fold, is_at_rest, next};
    use std::borrow::Cow;

    #[test]
    fn what_falls_due_first_happens_first() {
        let mut rig = Rig::new(licensed());
        assert_eq!(rig.upgrade("00:00:00", EDU), "202");
        assert_eq!(rig.set("00:00:00", "DeviceLicensingService/LicenseType", "1"), "200");
        // The license lifts Pro, and would lift nothing once the upgrade is done.
        let early = fold(&rig.device, at("00:00:15"));
        assert_eq!((early.edition, early.base_edition, early.licensing.status), (4, 48, 9));
        assert!(early.pending_upgrade.is_some());
        let late = fold(&rig.device, at("12:00:00"));
        assert_eq!((late.edition, late.base_edition, late.licensing.status), (121, 121, 9));
        assert_eq!(late.subscriptions.items.len(), 1);
    }

    #[test]
    fn a_look_back_shows_the_last_change() {
        let mut rig = Rig::new(licensed());
        rig.upgrade("01:00:00", EDU);
        assert_eq!(*fold(&rig.device, at("00:00:00")), rig.device);
    }

    #[test]
    fn a_device_at_rest_has_nothing_that_falls_due() {
        let mut rig = Rig::new(licensed());
        assert!(is_at_rest(&rig.device) && next(&rig.device).is_none());
        assert_eq!(rig.set("00:00:00", "DeviceLicensingService/LicenseType", "1"), "200");
        assert!(!is_at_rest(&rig.device) && next(&rig.device).is_some());
    }

    #[test]
    fn a_device_is_copied_only_when_something_has_come_about() {
        let mut rig = Rig::new(licensed());
        assert!(matches!(fold(&rig.device, at("12:00:00")), Cow::Borrowed(_)));
        assert_eq!(rig.set("00:00:00", "DeviceLicensingService/LicenseType", "1"), "200");
        assert!(matches!(fold(&rig.device, at("00:00:04")), Cow::Borrowed(_)));
        assert!(matches!(fold(&rig.device, at("00:00:05")), Cow::Owned(_)));
    }
}
