//! The device record: members of the API under its names, ours beside them.

mod detail;

use self::detail::{licensing, upgrade};
use crate::clock::Timestamp;
use crate::csp::catalog::editions;
use crate::csp::model::device::{Device, DeviceLicensing, PendingUpgrade, Subscriptions};
use crate::csp::rules::applicability;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A device.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DeviceView {
    #[serde(rename = "deviceName")]
    name: String,
    dev_id: String,
    man: String,
    #[serde(rename = "Mod")]
    model: String,
    lang: String,
    dm_v: String,
    /// `10.0.19045.3803`.
    sw_v: String,
    /// As the device told it, else as its build has it; null on builds without this API.
    csp_version: Option<String>,
    edition: i32,
    #[serde(rename = "baseEdition")]
    base_edition: i32,
    mode: i32,
    /// `none`, `entra`, `hybrid`, `domain`, `entraRegistered`.
    #[serde(rename = "joinType")]
    join: &'static str,
    #[serde(rename = "insider")]
    insider: bool,
    /// `deployment`, `csp`, `intune`, `union`.
    #[serde(rename = "pathPolicy")]
    path_policy: &'static str,
    status: i32,
    /// HRESULT, signed; 0 when the last upgrade did not fail.
    last_upgrade_error: i32,
    license_key_type: String,
    #[serde(rename = "installedKey")]
    installed_key: Option<KeyView>,
    #[serde(rename = "pendingUpgrade")]
    pending_upgrade: Option<PendingView>,
    #[serde(rename = "notifications")]
    notifications: Vec<NotificationView>,
    #[serde(rename = "SMode")]
    smode: SModeView,
    subscriptions: SubscriptionsView,
    device_licensing_service: LicensingView,
    #[serde(rename = "entitlements")]
    entitlements: Vec<EntitlementView>,
    /// Failures that wait for the next operation of a kind, as HRESULTs in hexadecimal.
    #[serde(rename = "faults")]
    faults: BTreeMap<&'static str, String>,
    max_msg_size: u32,
    sync_application_version: String,
    #[serde(rename = "lastChange")]
    last_change: Timestamp,
}

/// What is kept of a product key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct KeyView {
    last5: String,
    catalog_id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PendingView {
    target_edition: i32,
    /// Null when a license was given instead of a key.
    catalog_id: Option<String>,
    last5: Option<String>,
    requested_at: Timestamp,
    changepk_ends_at: Timestamp,
    /// Null on paths without a restart.
    reminder_at: Option<Timestamp>,
    auto_reboot_at: Option<Timestamp>,
    reboot: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NotificationView {
    at: Timestamp,
    kind: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SModeView {
    /// Null: the node is not there.
    status: Option<i32>,
    switching_policy: Option<i32>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SubscriptionsView {
    subscription_type: i32,
    subscription_status: i32,
    subscription_last_error: i32,
    subscription_last_error_description: String,
    disable_subscription: i32,
    #[serde(rename = "items")]
    items: Vec<SubscriptionView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SubscriptionView {
    subscription_id: String,
    name: String,
    status: i32,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct LicensingView {
    license_type: i32,
    device_licensing_status: i32,
    device_licensing_last_error: i32,
    device_licensing_last_error_description: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct EntitlementView {
    #[serde(rename = "SubscriptionId")]
    id: String,
    #[serde(rename = "Name")]
    name: String,
    kind: &'static str,
    target_edition: i32,
}

impl From<&PendingUpgrade> for PendingView {
    fn from(pending: &PendingUpgrade) -> Self {
        let key = pending.key.as_ref();
        Self {
            target_edition: pending.target_edition,
            catalog_id: key.map(|key| key.catalog_id.clone()),
            last5: key.map(|key| key.last5.clone()),
            requested_at: pending.requested_at,
            changepk_ends_at: pending.changepk_ends_at,
            reminder_at: pending.restart.map(|restart| restart.reminder_at),
            auto_reboot_at: pending.restart.map(|restart| restart.automatic_at),
            reboot: pending.restart.is_some(),
        }
    }
}

impl From<&Subscriptions> for SubscriptionsView {
    fn from(held: &Subscriptions) -> Self {
        let item = |item: &crate::csp::model::device::Subscription| SubscriptionView {
            subscription_id: item.id.clone(),
            name: item.name.clone(),
            status: item.status,
        };
        Self {
            subscription_type: held.kind,
            subscription_status: held.status,
            subscription_last_error: held.last_error,
            subscription_last_error_description: held.last_error_description.clone(),
            disable_subscription: held.disabled,
            items: held.items.iter().map(item).collect(),
        }
    }
}

impl From<&DeviceLicensing> for LicensingView {
    fn from(held: &DeviceLicensing) -> Self {
        Self {
            license_type: held.license_type,
            device_licensing_status: held.status,
            device_licensing_last_error: held.last_error,
            device_licensing_last_error_description: held.last_error_description.clone(),
        }
    }
}

impl From<&Device> for DeviceView {
    /// - `device`: as it is at the moment of the command.
    fn from(device: &Device) -> Self {
        let expected = applicability::csp_version(device.detail.os_version);
        let faults = [
            ("changepk", device.faults.changepk),
            ("smode", device.faults.smode),
            ("license", device.faults.license),
            ("rollback", device.faults.rollback),
        ];
        Self {
            name: device.name.clone(),
            dev_id: device.info.dev_id.clone(),
            man: device.info.manufacturer.clone(),
            model: device.info.model.clone(),
            lang: device.info.language.clone(),
            dm_v: device.info.dm_version.clone(),
            sw_v: device.detail.os_version.to_string(),
            csp_version: device.csp_version.clone().or(expected.map(str::to_owned)),
            edition: device.edition,
            base_edition: device.base_edition,
            mode: device.mode,
            join: device.join.word(),
            insider: device.insider,
            path_policy: device.path_policy.word(),
            status: device.status,
            last_upgrade_error: device.last_upgrade_error,
            license_key_type: device.license_key_type().to_owned(),
            installed_key: device.installed_key.as_ref().map(|key| KeyView {
                last5: key.last5.clone(),
                catalog_id: key.catalog_id.clone(),
            }),
            pending_upgrade: device.pending_upgrade.as_ref().map(PendingView::from),
            notifications: device
                .notifications
                .iter()
                .map(|told| NotificationView { at: told.at, kind: told.kind.word() })
                .collect(),
            smode: SModeView {
                status: device.smode.status,
                switching_policy: device.smode.switching_policy,
            },
            subscriptions: SubscriptionsView::from(&device.subscriptions),
            device_licensing_service: LicensingView::from(&device.licensing),
            entitlements: device
                .entitlements
                .iter()
                .map(|held| EntitlementView {
                    id: held.id.clone(),
                    name: held.name.clone(),
                    kind: held.kind.word(),
                    target_edition: held.target_edition,
                })
                .collect(),
            faults: faults
                .into_iter()
                .filter_map(|(name, code)| Some((name, format!("0x{:08X}", code?))))
                .collect(),
            max_msg_size: device.max_message_size,
            sync_application_version: device.sync_application_version.clone(),
            last_change: device.last_change,
        }
    }
}

impl View for DeviceView {
    const SCHEMA: &'static str = "licctl.csp.device/1";
    const COLUMNS: &'static [Column] = &[
        column("DEVICE", "deviceName", Fit::Elide),
        column("EDITION", "Edition", Fit::Elide),
        column("OS VERSION", "SwV", Fit::Keep),
        column("S MODE", "Mode", Fit::Spare),
        column("STATUS", "Status", Fit::Keep),
        column("LICENSING", "DeviceLicensingService.DeviceLicensingStatus", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            format!("{} {}", self.edition, editions::title(self.edition)).into(),
            self.sw_v.clone().into(),
            if self.mode == 1 { "yes" } else { "no" }.into(),
            upgrade(self.status),
            licensing(self.device_licensing_service.device_licensing_status),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        detail::lines(self, look)
    }
}

/// The state of a device after something happened to it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct StateView {
    status: i32,
    edition: i32,
    mode: i32,
}

impl From<&Device> for StateView {
    fn from(device: &Device) -> Self {
        Self { status: device.status, edition: device.edition, mode: device.mode }
    }
}

impl View for StateView {
    const SCHEMA: &'static str = "licctl.csp.state/1";
    const COLUMNS: &'static [Column] = &[
        column("STATUS", "Status", Fit::Keep),
        column("EDITION", "Edition", Fit::Elide),
        column("MODE", "Mode", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            upgrade(self.status),
            editions::shown(self.edition).to_string().into(),
            self.mode.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.status.to_string()
    }
}

/// What was removed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemovedView {
    removed: String,
}

impl RemovedView {
    #[must_use]
    pub fn new(removed: &str) -> Self {
        Self { removed: removed.to_owned() }
    }
}

impl View for RemovedView {
    const SCHEMA: &'static str = "licctl.csp.removed/1";
    const COLUMNS: &'static [Column] = &[column("REMOVED", "removed", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.removed.clone().into()]
    }

    fn name(&self) -> String {
        self.removed.clone()
    }
}
