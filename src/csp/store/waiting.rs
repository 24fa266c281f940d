//! Devices that wait for the end of an import, written down short: an inventory names a hundred thousand of them, and most differ from
//! a new device in their version and their edition alone.

use crate::clock::Timestamp;
use crate::csp::model::device::Device;
use crate::csp::model::version::OsVersion;
use crate::error::{Outcome, Stop};
use crate::store::document::Stored;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// A device as the text of what sets it apart from a new one of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting(Box<str>);

/// A part of a device: how it is told under its number, if it differs from a new device's, and how it is put back.
struct Part {
    told: fn(&Device, &Device, u32, &mut String),
    /// `None` when the type cannot hold it.
    put: fn(&Json, &mut Device) -> Option<()>,
}

macro_rules! parts {
    ($($field:ident $(. $inner:ident)?),* $(,)?) => {[$(Part {
        told: |device, new, number, text| {
            let told = &device.$field $(. $inner)?;
            if *told != new.$field $(. $inner)? {
                text.push(',');
                number.write(text);
                text.push(',');
                told.write(text);
            }
        },
        put: |json, device| {
            device.$field $(. $inner)? = Stored::held(json)?;
            Some(())
        },
    }),*]};
}

/// What a new device is not made with.
static PARTS: [Part; 30] = parts! {
    edition,
    base_edition,
    mode,
    join,
    insider,
    license_key_type,
    status,
    last_upgrade_error,
    installed_key,
    pending_upgrade,
    pending_key,
    smode,
    subscriptions,
    licensing,
    entitlements,
    notifications,
    path_policy,
    faults,
    max_message_size,
    timings,
    sync_application_version,
    csp_version,
    info.manufacturer,
    info.model,
    info.dm_version,
    info.language,
    detail.os_version,
    detail.hardware_version,
    detail.firmware_version,
    detail.oem,
};

/// Bytes of most devices as they wait.
const ROOM: usize = 192;

/// A new device; its name, its id and its moment are no parts.
static NEW: LazyLock<Device> = LazyLock::new(|| Device::new("", Timestamp::MIN, ""));

impl Stored for OsVersion {
    fn json(&self) -> Json {
        Json::from(self.to_string())
    }

    fn held(json: &Json) -> Option<Self> {
        json.as_str()?.parse().ok()
    }
}

impl Waiting {
    #[must_use]
    pub fn of(device: &Device) -> Self {
        let mut text = String::with_capacity(ROOM);
        text.push('[');
        device.name.write(&mut text);
        text.push(',');
        device.last_change.write(&mut text);
        text.push(',');
        device.info.dev_id.write(&mut text);
        for (number, part) in (0_u32..).zip(&PARTS) {
            (part.told)(device, &NEW, number, &mut text);
        }
        text.push(']');
        // A copy that fits: what shrinks leaves a hole behind each of a hundred thousand.
        Self(text.as_str().into())
    }

    /// The device as it was.
    pub fn device(&self) -> Outcome<Device> {
        self.read().ok_or_else(|| Stop::bug("a device that waited does not read back"))
    }

    fn read(&self) -> Option<Device> {
        let members: Vec<Json> = serde_json::from_str(&self.0).ok()?;
        let [name, last_change, dev_id, told @ ..] = members.as_slice() else { return None };
        let mut device = Device::new(name.as_str()?, Stored::held(last_change)?, dev_id.as_str()?);
        let (pairs, _) = told.as_chunks::<2>();
        for [number, told] in pairs {
            let number = usize::try_from(number.as_u64()?).ok()?;
            (PARTS.get(number)?.put)(told, &mut device)?;
        }
        Some(device)
    }
}

#[cfg(test)]
mod tests {
    use super::Waiting;
    use crate::clock::Timestamp;
    use crate::csp::catalog::paths::PathPolicy;
    use crate::csp::model::device::{
        DevDetail, DevInfo, Device, DeviceLicensing, Entitlement, Faults, JoinType, KeyTrace,
        LicenseOperation, Notification, NotificationKind, OperationKind, PendingKey,
        PendingUpgrade, Restart, SMode, Subscription, SubscriptionKind, Subscriptions, Switch,
        Timings,
    };
    use crate::csp::model::version::OsVersion;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_s(1_767_225_600 + seconds).unwrap()
    }

    fn trace(last5: &str) -> KeyTrace {
        KeyTrace { last5: last5.to_owned(), catalog_id: "edu\n,\"".to_owned(), hmac: [7; 32] }
    }

    fn odd_info() -> DevInfo {
        DevInfo {
            dev_id: "urn:uuid:1".to_owned(),
            manufacturer: "a".to_owned(),
            model: "b".to_owned(),
            dm_version: "c".to_owned(),
            language: "d".to_owned(),
        }
    }

    fn odd_detail() -> DevDetail {
        DevDetail {
            os_version: OsVersion { major: 11, minor: 1, build: 2, revision: 3 },
            hardware_version: "e".to_owned(),
            firmware_version: "f".to_owned(),
            oem: "g".to_owned(),
        }
    }

    fn odd_subscriptions() -> Subscriptions {
        Subscriptions {
            kind: 1,
            status: 9,
            last_error: 5,
            last_error_description: "h".to_owned(),
            disabled: 1,
            items: vec![Subscription {
                id: "A B".to_owned(),
                name: "i".to_owned(),
                status: 1,
                kind: Some(SubscriptionKind::User),
            }],
            operation: None,
        }
    }

    fn odd_licensing() -> DeviceLicensing {
        DeviceLicensing {
            license_type: 1,
            status: 3,
            last_error: 6,
            last_error_description: "j".to_owned(),
            operation: Some(LicenseOperation {
                kind: OperationKind::Acquire,
                requested_at: at(5),
                step_seconds: 5,
                fault: Some(1),
            }),
        }
    }

    /// Every field is named, so that one that is new must be thought of here.
    fn odd() -> Device {
        Device {
            name: "PC-01 ü".to_owned(),
            info: odd_info(),
            detail: odd_detail(),
            edition: i32::MIN,
            base_edition: i32::MAX,
            mode: 1,
            join: JoinType::Hybrid,
            insider: true,
            sync_application_version: "3.0".to_owned(),
            installed_key: Some(trace("AAAAA")),
            status: 2,
            pending_upgrade: Some(PendingUpgrade {
                target_edition: 121,
                key: Some(trace("BBBBB")),
                requested_at: at(0),
                changepk_ends_at: at(60),
                restart: Some(Restart { reminder_at: at(6600), automatic_at: at(7260) }),
                package: true,
                fault: Some(0x8007_0005),
            }),
            pending_key: Some(PendingKey {
                target_edition: 4,
                key: trace("CCCCC"),
                requested_at: at(1),
                ends_at: at(2),
                fault: None,
            }),
            last_upgrade_error: -2_147_467_260,
            license_key_type: Some("License".to_owned()),
            smode: SMode {
                status: Some(1),
                switching_policy: Some(0),
                switch: Some(Switch { requested_at: at(3), ends_at: at(4), fault: None }),
            },
            subscriptions: odd_subscriptions(),
            licensing: odd_licensing(),
            entitlements: vec![Entitlement {
                id: "k".to_owned(),
                name: "l".to_owned(),
                kind: SubscriptionKind::Device,
                target_edition: 4,
            }],
            path_policy: PathPolicy::Union,
            faults: Faults { changepk: Some(1), smode: None, license: Some(2), rollback: Some(3) },
            max_message_size: 2048,
            notifications: vec![Notification {
                at: at(6),
                kind: NotificationKind::RestartReminder,
            }],
            timings: Timings { changepk: 1, smode: 2, license_step: 3 },
            csp_version: Some("1.4".to_owned()),
            last_change: at(7),
        }
    }

    #[test]
    fn a_device_that_waits_comes_back_as_it_was() {
        let new = Device::new("PC-02", at(0), "urn:uuid:2");
        for device in [odd(), new] {
            assert_eq!(Waiting::of(&device).device().unwrap(), device);
        }
    }

    #[test]
    fn a_device_of_an_inventory_waits_in_little_room() {
        let mut device =
            Device::new("PC-02", at(0), "urn:uuid:5f0c2b1e-0000-4c0d-9f55-1b7d3c9e0a11");
        (device.edition, device.base_edition, device.join) = (4, 4, JoinType::Entra);
        device.detail.os_version.build = 22_631;
        let text = Waiting::of(&device).0;
        assert!(text.len() < 128, "{text}");
    }
}
