//! A device as one screen: every member of its record with what it says.

use super::super::meaning;
use super::DeviceView;
use crate::csp::catalog::enumerations::{self, Phase, licensing_status};
use crate::csp::catalog::nodes::{self, Node};
use crate::csp::catalog::{editions, releases};
use crate::csp::model::device::upgrade_status;
use crate::csp::model::version::OsVersion;
use crate::output::{Cell, Look, Tone};

/// The lines of a device, from what it is to what was done to it.
pub(super) fn lines(view: &DeviceView, look: &Look) -> Vec<(String, Cell)> {
    let mut lines: Vec<(String, Cell)> = Vec::new();
    let mut line = |head: &str, cell: Cell| lines.push((head.to_owned(), cell));
    let edition = |number: i32| Cell::from(format!("{number}  {}", editions::shown(number)));
    line("deviceName", view.name.clone().into());
    line("DevId", view.dev_id.clone().into());
    line("Man, Mod", format!("{}, {}", view.man, view.model).into());
    line("Lang, DmV", format!("{}, {}", view.lang, view.dm_v).into());
    line("SwV", format!("{}  {}", view.sw_v, view.release()).into());
    line("CspVersion", view.csp_version.clone().unwrap_or_else(|| "-".to_owned()).into());
    line("Edition", edition(view.edition));
    line("baseEdition", edition(view.base_edition));
    line("Mode", format!("{}{}", view.mode, if view.mode == 1 { "  S mode" } else { "" }).into());
    line("joinType", view.join.into());
    line("insider", if view.insider { "yes" } else { "no" }.into());
    line("pathPolicy", view.path_policy.into());
    view.upgrade_lines(look, &mut line);
    let absent = || Cell::toned("-", Tone::Faint);
    for (head, node, held) in [
        ("SMode/Status", &nodes::SMODE_STATUS, view.smode.status),
        ("SMode/SwitchingPolicy", &nodes::SWITCHING_POLICY, view.smode.switching_policy),
    ] {
        line(head, held.map_or_else(absent, |number| explained(node, number)));
    }
    view.subscription_lines(&mut line);
    view.license_lines(&mut line);
    for (name, code) in &view.faults {
        line(&format!("fault {name}"), Cell::toned(code.clone(), Tone::Warning));
    }
    line("MaxMsgSize", view.max_msg_size.to_string().into());
    line("SyncApplicationVersion", view.sync_application_version.clone().into());
    line("lastChange", look.time(view.last_change).into());
    lines
}

/// How the numbers of an upgrade and of the licensing service look to people.
pub(super) fn upgrade(status: i32) -> Cell {
    let tone = match status {
        upgrade_status::FAILED => Tone::Bad,
        upgrade_status::PENDING | upgrade_status::IN_PROGRESS => Tone::Warning,
        upgrade_status::COMPLETED => Tone::Good,
        _ => Tone::Plain,
    };
    Cell::toned(format!("{status} {}", meaning(&nodes::STATUS, status)), tone)
}

pub(super) fn licensing(status: i32) -> Cell {
    let tone = match licensing_status(status).map(|row| row.phase) {
        Some(Phase::Failed) => Tone::Bad,
        Some(Phase::Succeeded) => Tone::Good,
        Some(Phase::Idle | Phase::Running) | None => Tone::Plain,
    };
    if status == -1 {
        return Cell::toned("-", Tone::Faint);
    }
    Cell::toned(format!("{status} {}", meaning(&nodes::DEVICE_LICENSING_STATUS, status)), tone)
}

/// A number and what it says.
fn explained(node: &Node, number: i32) -> Cell {
    format!("{number}  {}", meaning(node, number)).into()
}

/// A signed HRESULT with the form in which people look it up.
fn error(number: i32) -> Cell {
    Cell::toned(format!("{number}  {}", enumerations::error(number.cast_unsigned())), Tone::Bad)
}

impl DeviceView {
    fn release(&self) -> String {
        let version = self.sw_v.parse::<OsVersion>().ok();
        version.and_then(|version| releases::title(version.build)).unwrap_or_default()
    }

    fn upgrade_lines(&self, look: &Look, line: &mut impl FnMut(&str, Cell)) {
        line("Status", upgrade(self.status));
        if self.last_upgrade_error != 0 {
            line("LastUpgradeError", error(self.last_upgrade_error));
        }
        line("LicenseKeyType", self.license_key_type.clone().into());
        if let Some(key) = &self.installed_key {
            line("installedKey", format!("ends in {}  ({})", key.last5, key.catalog_id).into());
        }
        if let Some(pending) = &self.pending_upgrade {
            let key = pending.last5.as_deref().zip(pending.catalog_id.as_deref());
            let key = key.map_or_else(
                || "by a license".to_owned(),
                |(last, id)| format!("by the key that ends in {last} ({id})"),
            );
            let to = editions::shown(pending.target_edition);
            line("pendingUpgrade", format!("to {to}, {key}").into());
            line("  requestedAt", look.time(pending.requested_at).into());
            line("  changepkEndsAt", look.time(pending.changepk_ends_at).into());
            if let (Some(reminder), Some(reboot)) = (pending.reminder_at, pending.auto_reboot_at) {
                line("  reminderAt", look.time(reminder).into());
                line("  autoRebootAt", look.time(reboot).into());
            }
        }
        for told in &self.notifications {
            line("notification", format!("{}  {}", look.time(told.at), told.kind).into());
        }
    }

    fn subscription_lines(&self, line: &mut impl FnMut(&str, Cell)) {
        let held = &self.subscriptions;
        line("SubscriptionType", explained(&nodes::SUBSCRIPTION_TYPE, held.subscription_type));
        line("SubscriptionStatus", licensing(held.subscription_status));
        if held.subscription_last_error != 0 {
            line("SubscriptionLastError", error(held.subscription_last_error));
        }
        if !held.subscription_last_error_description.is_empty() {
            let text = held.subscription_last_error_description.clone();
            line("SubscriptionLastErrorDescription", text.into());
        }
        line(
            "DisableSubscription",
            explained(&nodes::DISABLE_SUBSCRIPTION, held.disable_subscription),
        );
        for item in &held.items {
            let status = meaning(&nodes::ENTRY_STATUS, item.status);
            let text = format!("{}  {}, {} {status}", item.subscription_id, item.name, item.status);
            line("subscription", text.into());
        }
        for held in &self.entitlements {
            let to = editions::title(held.target_edition);
            line(
                "entitlement",
                format!("{} {}  {}, to {to}", held.kind, held.id, held.name).into(),
            );
        }
    }

    fn license_lines(&self, line: &mut impl FnMut(&str, Cell)) {
        let service = &self.device_licensing_service;
        line("LicenseType", explained(&nodes::LICENSE_TYPE, service.license_type));
        line("DeviceLicensingStatus", licensing(service.device_licensing_status));
        if service.device_licensing_last_error != 0 {
            line("DeviceLicensingLastError", error(service.device_licensing_last_error));
        }
        if !service.device_licensing_last_error_description.is_empty() {
            let text = service.device_licensing_last_error_description.clone();
            line("DeviceLicensingLastErrorDescription", text.into());
        }
    }
}
