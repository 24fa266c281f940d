//! What an artefact says of a device, put into its record: an imported state is a snapshot, and nothing that was under way goes on.

use crate::clock::Timestamp;
use crate::csp::import::facts::{Facts, Said};
use crate::csp::model::device::{Device, Subscription};

/// The device after an artefact had its say; what the artefact does not mention stays.
pub(super) fn merged(device: Device, facts: &Facts, now: Timestamp) -> Device {
    let mut after = device;
    identity(&mut after, facts);
    if let Some(edition) = facts.edition {
        let edition = edition.cast_signed();
        let steps_up = after.edition != after.base_edition;
        after.edition = edition;
        // The edition below a subscription is told by nobody: it is kept while there is one.
        if !steps_up || facts.subscriptions.items().next().is_none() {
            after.base_edition = edition;
        }
    }
    if let Some(status) = facts.status {
        after.status = status;
        after.pending_upgrade = None;
        after.pending_key = None;
    }
    if let Some(mode) = facts.mode {
        after.mode = mode;
    }
    if let Some(join) = facts.join {
        after.join = join;
    }
    if let Some(kind) = &facts.license_key_type {
        after.license_key_type = Some(kind.clone());
    }
    if let Some(status) = facts.smode.status {
        after.smode.status = Said::value(status);
        after.smode.switch = None;
    }
    if let Some(policy) = facts.smode.switching_policy {
        after.smode.switching_policy = Said::value(policy);
    }
    subscriptions(&mut after, facts);
    licensing(&mut after, facts);
    after.last_change = after.last_change.max(now);
    after
}

/// The device before an artefact that it is to be equal to: what artefacts tell is as on a new device, what only the model has stays.
pub(super) fn emptied(device: &Device) -> Device {
    Device {
        insider: device.insider,
        sync_application_version: device.sync_application_version.clone(),
        entitlements: device.entitlements.clone(),
        path_policy: device.path_policy,
        faults: device.faults.clone(),
        max_message_size: device.max_message_size,
        timings: device.timings,
        ..Device::new(&device.name, device.last_change, &device.info.dev_id)
    }
}

fn identity(after: &mut Device, facts: &Facts) {
    let put = |to: &mut String, from: &Option<String>| {
        if let Some(from) = from {
            to.clone_from(from);
        }
    };
    put(&mut after.info.dev_id, &facts.info.dev_id);
    put(&mut after.info.manufacturer, &facts.info.manufacturer);
    put(&mut after.info.model, &facts.info.model);
    put(&mut after.info.dm_version, &facts.info.dm_version);
    put(&mut after.info.language, &facts.info.language);
    put(&mut after.detail.hardware_version, &facts.info.hardware_version);
    put(&mut after.detail.firmware_version, &facts.info.firmware_version);
    put(&mut after.detail.oem, &facts.info.oem);
    after.detail.os_version = facts.os_version_over(after.detail.os_version);
    if let Some(version) = facts.csp_version {
        after.csp_version = Some(version.to_string());
    }
}

fn subscriptions(after: &mut Device, facts: &Facts) {
    let (held, told) = (&mut after.subscriptions, &facts.subscriptions);
    if let Some(kind) = told.kind {
        held.kind = kind;
    }
    if let Some(status) = told.status {
        held.status = status;
        held.operation = None;
    }
    if let Some(error) = told.last_error {
        held.last_error = error;
    }
    if let Some(text) = &told.last_error_description {
        held.last_error_description.clone_from(text);
    }
    for item in told.items() {
        match held.items.iter_mut().find(|known| known.id.eq_ignore_ascii_case(&item.id)) {
            Some(known) => {
                known.status = item.status.unwrap_or(known.status);
                if let Some(name) = &item.name {
                    known.name.clone_from(name);
                }
            }
            None => held.items.push(Subscription {
                id: item.id.clone(),
                name: item.name.clone().unwrap_or_default(),
                status: item.status.unwrap_or_default(),
                kind: None,
            }),
        }
    }
}

fn licensing(after: &mut Device, facts: &Facts) {
    let (held, told) = (&mut after.licensing, &facts.licensing);
    if let Some(kind) = told.license_type {
        held.license_type = kind;
    }
    if let Some(status) = told.status {
        held.status = status;
        held.operation = None;
    }
    if let Some(error) = told.last_error {
        held.last_error = error;
    }
    if let Some(text) = &told.last_error_description {
        held.last_error_description.clone_from(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{emptied, merged};
    use crate::clock::Timestamp;
    use crate::csp::catalog::paths::PathPolicy;
    use crate::csp::import::facts::{Facts, Said};
    use crate::csp::model::device::{Device, licensing_status};

    fn device() -> Device {
        Device::new("PC-01", Timestamp::from_s(0).unwrap(), "urn:uuid:1")
    }

    fn later() -> Timestamp {
        Timestamp::from_s(60).unwrap()
    }

    #[test]
    fn an_imported_edition_is_what_the_device_falls_back_to() {
        let facts = Facts { edition: Some(4), ..Facts::default() };
        let after = merged(device(), &facts, later());
        assert_eq!((after.edition, after.base_edition), (4, 4));
        assert_eq!(after.last_change, later());
    }

    #[test]
    fn the_edition_below_a_subscription_is_kept_while_the_subscription_is_told() {
        let mut before = device();
        (before.edition, before.base_edition) = (4, 48);
        let mut facts = Facts { edition: Some(4), ..Facts::default() };
        facts.set("./Vendor/MSFT/WindowsLicensing/Subscriptions/E/Status", None, "1").unwrap();
        assert_eq!(merged(before.clone(), &facts, later()).base_edition, 48);
        let alone = Facts { edition: Some(4), ..Facts::default() };
        assert_eq!(merged(before, &alone, later()).base_edition, 4);
    }

    #[test]
    fn an_emptied_device_keeps_its_name_its_id_and_the_controls_of_the_model() {
        let mut before = device();
        (before.edition, before.base_edition, before.status, before.mode) = (4, 4, 3, 1);
        (before.insider, before.path_policy) = (true, PathPolicy::Union);
        before.faults.license = Some(0x8007_0005);
        before.smode.switching_policy = Some(1);
        let after = emptied(&before);
        let expected = Device {
            insider: true,
            path_policy: PathPolicy::Union,
            faults: before.faults.clone(),
            ..device()
        };
        assert_eq!(after, expected);
    }

    #[test]
    fn an_absent_s_mode_status_takes_the_stored_one_away_and_silence_keeps_it() {
        let mut before = device();
        before.smode.status = Some(4);
        assert_eq!(merged(before.clone(), &Facts::default(), later()).smode.status, Some(4));
        let mut facts = Facts::default();
        facts.smode.status = Some(Said::Absent);
        assert_eq!(merged(before, &facts, later()).smode.status, None);
    }

    #[test]
    fn an_imported_status_is_a_snapshot_and_ends_what_was_under_way() {
        let mut facts = Facts { status: Some(1), ..Facts::default() };
        facts.licensing.status = Some(licensing_status::PENDING);
        let after = merged(device(), &facts, later());
        assert_eq!((after.status, after.licensing.status), (1, 1));
        assert_eq!((after.pending_upgrade, after.licensing.operation), (None, None));
    }
}
