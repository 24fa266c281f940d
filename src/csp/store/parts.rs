//! The parts of a device that stand in JSON columns.

use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::{
    DevDetail, DevInfo, Device, DeviceLicensing, Entitlement, Faults, JoinType, KeyTrace,
    LicenseOperation, Notification, NotificationKind, OperationKind, PendingKey, PendingUpgrade,
    Restart, SMode, Subscription, SubscriptionKind, Subscriptions, Switch, Timings,
};
use crate::csp::model::version::OsVersion;
use crate::store::document::{stored, stored_words};

stored_words!(JoinType, NotificationKind, OperationKind, PathPolicy, SubscriptionKind);

stored! {
    KeyTrace { last5, catalog_id, hmac }
    Restart { reminder_at, automatic_at }
    PendingUpgrade {
        target_edition, key, requested_at, changepk_ends_at, restart, package, fault,
    }
    PendingKey { target_edition, key, requested_at, ends_at, fault }
    Switch { requested_at, ends_at, fault }
    SMode { status, switching_policy, switch }
    LicenseOperation { kind, requested_at, step_seconds, fault }
    Subscription { id, name, status, kind }
    Subscriptions {
        kind, status, last_error, last_error_description, disabled, items, operation,
    }
    DeviceLicensing { license_type, status, last_error, last_error_description, operation }
    Entitlement { id, name, kind, target_edition }
    Notification { at, kind }
    Faults { changepk, smode, license, rollback }
    Timings { changepk, smode, license_step }
    DevInfo { dev_id, manufacturer, model, dm_version, language }
    Identity {
        info, hardware_version, firmware_version, oem, sync_application_version, csp_version,
    }
    Controls { path_policy, faults, max_message_size, timings }
}

/// What a device is called and what it tells of itself.
pub(super) struct Identity {
    info: DevInfo,
    hardware_version: String,
    firmware_version: String,
    oem: String,
    sync_application_version: String,
    csp_version: Option<String>,
}

impl Identity {
    pub(super) fn of(device: &Device) -> Self {
        Self {
            info: device.info.clone(),
            hardware_version: device.detail.hardware_version.clone(),
            firmware_version: device.detail.firmware_version.clone(),
            oem: device.detail.oem.clone(),
            sync_application_version: device.sync_application_version.clone(),
            csp_version: device.csp_version.clone(),
        }
    }

    pub(super) fn put(self, os_version: OsVersion, device: &mut Device) {
        device.info = self.info;
        device.detail = DevDetail {
            os_version,
            hardware_version: self.hardware_version,
            firmware_version: self.firmware_version,
            oem: self.oem,
        };
        device.sync_application_version = self.sync_application_version;
        device.csp_version = self.csp_version;
    }
}

/// How the model of a device is set up.
#[derive(PartialEq)]
pub(super) struct Controls {
    path_policy: PathPolicy,
    faults: Faults,
    max_message_size: u32,
    timings: Timings,
}

impl Controls {
    pub(super) fn of(device: &Device) -> Self {
        Self {
            path_policy: device.path_policy,
            faults: device.faults.clone(),
            max_message_size: device.max_message_size,
            timings: device.timings,
        }
    }

    pub(super) fn put(self, device: &mut Device) {
        device.path_policy = self.path_policy;
        device.faults = self.faults;
        device.max_message_size = self.max_message_size;
        device.timings = self.timings;
    }
}
