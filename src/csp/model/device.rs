//! The device record: one managed Windows device, which is one instance of the API.
//!
//! Numbers that the API answers are signed 32-bit as in its DDF, and odd ones that were imported are kept. Instants are absolute, so
//! that what a device is at some moment follows from the record and the moment alone; `rules::fold` works it out. No part of a
//! product key is held but its last five characters.

mod about;
mod licensing;
mod smode;
mod upgrade;

pub use about::{DevDetail, DevInfo, JoinType};
pub use licensing::{
    ACTIVE, DEVICE_BASED, DeviceLicensing, Entitlement, LicenseOperation, OperationKind,
    Subscription, SubscriptionKind, Subscriptions, USER_BASED, licensing_status,
};
pub use smode::{S_MODE, SMode, Switch, smode_status};
pub use upgrade::{
    KeyTrace, Notification, NotificationKind, PendingKey, PendingUpgrade, Restart, upgrade_status,
};

use crate::clock::Timestamp;
use crate::csp::catalog::editions::PRO;
use crate::csp::catalog::enumerations;
use crate::csp::catalog::paths::PathPolicy;

/// One managed device.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// As typed: 1 to 63 characters, no `/`; compared without regard to case.
    pub name: String,
    pub info: DevInfo,
    pub detail: DevDetail,
    /// `Edition`: the number of `GetProductInfo`.
    pub edition: i32,
    /// What the device falls back to when its subscription goes.
    pub base_edition: i32,
    /// `./Vendor/MSFT/DeviceStatus/OS/Mode`: 0 standard, 1 S mode.
    pub mode: i32,
    pub join: JoinType,
    /// Whether it takes previews: opens the nodes of the Windows Insider Preview.
    pub insider: bool,
    /// `SyncApplicationVersion`; from `3.0` on, failing answers carry `msft:originalerror`.
    pub sync_application_version: String,
    pub installed_key: Option<KeyTrace>,
    /// `Status`.
    pub status: i32,
    pub pending_upgrade: Option<PendingUpgrade>,
    pub pending_key: Option<PendingKey>,
    /// Why the last upgrade failed, as an HRESULT; 0 when it did not. No node of the API.
    pub last_upgrade_error: i32,
    /// `LicenseKeyType` as imported; `None`: as the edition has it.
    pub license_key_type: Option<String>,
    pub smode: SMode,
    pub subscriptions: Subscriptions,
    pub licensing: DeviceLicensing,
    /// What the tenant would grant.
    pub entitlements: Vec<Entitlement>,
    pub path_policy: PathPolicy,
    pub faults: Faults,
    /// Bytes; a larger answer ends the session with Alert 1223.
    pub max_message_size: u32,
    /// What the user was told of the latest upgrade, in the order of time.
    pub notifications: Vec<Notification>,
    pub timings: Timings,
    /// `CspVersion` of this API as the device itself told it; `None` when it never did.
    pub csp_version: Option<String>,
    /// No change may be dated earlier.
    pub last_change: Timestamp,
}

impl Device {
    /// A device that nobody told anything of: Windows 11 Pro, joined to nothing, never upgraded.
    ///
    /// - `dev_id`: `./DevInfo/DevId`, `urn:uuid:` and a random GUID.
    #[must_use]
    pub fn new(name: &str, now: Timestamp, dev_id: &str) -> Self {
        Self {
            name: name.to_owned(),
            info: DevInfo::new(dev_id),
            detail: DevDetail::default(),
            edition: PRO,
            base_edition: PRO,
            mode: 0,
            join: JoinType::None,
            insider: false,
            sync_application_version: "1.0".to_owned(),
            installed_key: None,
            status: upgrade_status::UNKNOWN,
            pending_upgrade: None,
            pending_key: None,
            last_upgrade_error: 0,
            license_key_type: None,
            smode: SMode::default(),
            subscriptions: Subscriptions::default(),
            licensing: DeviceLicensing::default(),
            entitlements: Vec::new(),
            path_policy: PathPolicy::default(),
            faults: Faults::default(),
            max_message_size: 524_288,
            notifications: Vec::new(),
            timings: Timings::default(),
            csp_version: None,
            last_change: now,
        }
    }

    /// Whether it is in S mode.
    #[must_use]
    pub fn in_s_mode(&self) -> bool {
        self.mode == S_MODE
    }

    /// `LicenseKeyType`: as imported, else by the edition.
    #[must_use]
    pub fn license_key_type(&self) -> &str {
        match &self.license_key_type {
            Some(imported) => imported,
            None => enumerations::license_key_type(self.edition),
        }
    }
}

/// Failures that wait for the next operation of a kind, as HRESULTs; each fires once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    pub changepk: Option<u32>,
    pub smode: Option<u32>,
    pub license: Option<u32>,
    /// Of undoing an Atomic.
    pub rollback: Option<u32>,
}

/// How long things take, in seconds.
///
/// Source: assumed; only the two hours to the restart and the reminders are published, and they are no settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    pub changepk: u32,
    pub smode: u32,
    /// One step of a licensing operation.
    pub license_step: u32,
}

impl Default for Timings {
    fn default() -> Self {
        Self { changepk: 60, smode: 300, license_step: 5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Named;
    use crate::csp::catalog::nodes::{SMODE_STATUSES, SUBSCRIPTION_KINDS, UPGRADE_STATUSES};

    fn device() -> Device {
        Device::new("PC-01", Timestamp::from_s(0).unwrap(), "urn:uuid:1")
    }

    #[test]
    fn a_new_device_was_never_upgraded_and_follows_the_page_of_the_csp() {
        let device = device();
        assert_eq!((device.edition, device.base_edition, device.mode), (48, 48, 0));
        assert_eq!((device.status, device.last_upgrade_error), (4, 0));
        assert_eq!(device.path_policy, PathPolicy::Csp);
        assert_eq!((device.smode.status, device.smode.switching_policy), (None, None));
        assert_eq!((device.licensing.license_type, device.licensing.status), (0, -1));
        assert_eq!((device.subscriptions.kind, device.subscriptions.status), (0, -1));
        assert_eq!(device.max_message_size, 524_288);
        assert_eq!(device.info.dm_version, "1.3");
    }

    #[test]
    fn mobile_devices_take_a_license_and_desktops_a_product_key() {
        let mut device = device();
        assert_eq!(device.license_key_type(), "ProductKey");
        device.edition = 0x68;
        assert_eq!(device.license_key_type(), "License");
        device.license_key_type = Some("productKey".to_owned());
        assert_eq!(device.license_key_type(), "productKey");
    }

    #[test]
    fn every_kind_has_the_row_of_its_name() {
        assert_eq!(
            JoinType::ALL.map(|join| (join, join.word())),
            [
                (JoinType::None, "none"),
                (JoinType::Entra, "entra"),
                (JoinType::Hybrid, "hybrid"),
                (JoinType::Domain, "domain"),
                (JoinType::EntraRegistered, "entraRegistered"),
            ]
        );
        assert_eq!(
            NotificationKind::ALL.map(|kind| (kind, kind.word())),
            [
                (NotificationKind::NewEditionAvailable, "newEditionAvailable"),
                (NotificationKind::RestartReminder, "restartReminder"),
                (NotificationKind::UpgradeSucceeded, "upgradeSucceeded"),
                (NotificationKind::RestartToCompletePackage, "restartToCompletePackage"),
            ]
        );
    }

    #[test]
    fn the_numbers_of_a_device_are_those_of_the_rows() {
        let row = |values: &'static [Named], number: i32| {
            values.iter().find(|row| u32::try_from(number) == Ok(row.value)).unwrap().name
        };
        let upgrade = [
            upgrade_status::FAILED,
            upgrade_status::PENDING,
            upgrade_status::IN_PROGRESS,
            upgrade_status::COMPLETED,
            upgrade_status::UNKNOWN,
        ];
        assert_eq!(
            upgrade.map(|number| row(&UPGRADE_STATUSES, number)),
            ["Failed", "Pending", "InProgress", "Completed", "Unknown"]
        );
        let smode = [
            smode_status::SWITCHED,
            smode_status::PROCESSING,
            smode_status::ALREADY_OUT,
            smode_status::FAILED,
        ];
        assert_eq!(
            smode.map(|number| row(&SMODE_STATUSES, number)),
            ["Switched", "Processing", "AlreadyOut", "Failed"]
        );
        let kinds = [USER_BASED, DEVICE_BASED].map(|number| row(&SUBSCRIPTION_KINDS, number));
        assert_eq!(kinds, ["UserBasedSubscription", "DeviceBasedSubscription"]);
        assert_eq!(row(&enumerations::SUBSCRIPTION_STATUSES, ACTIVE), "Active");
    }

    #[test]
    fn words_read_back() {
        assert!(JoinType::ALL.iter().all(|join| JoinType::named(join.word()) == Some(*join)));
        assert_eq!(JoinType::named("ENTRAREGISTERED"), Some(JoinType::EntraRegistered));
        assert_eq!(JoinType::named("azure"), None);
        assert!(
            NotificationKind::ALL
                .iter()
                .all(|kind| { NotificationKind::named(kind.word()) == Some(*kind) })
        );
        assert!(
            OperationKind::ALL
                .iter()
                .all(|kind| { OperationKind::named(kind.word()) == Some(*kind) })
        );
        assert!(
            SubscriptionKind::ALL
                .iter()
                .all(|kind| { SubscriptionKind::named(kind.word()) == Some(*kind) })
        );
    }

    #[test]
    fn only_entra_and_hybrid_join_take_device_licenses() {
        let able: Vec<&str> = JoinType::ALL
            .iter()
            .filter(|join| join.takes_device_licenses())
            .map(|join| join.word())
            .collect();
        assert_eq!(able, ["entra", "hybrid"]);
    }
}
