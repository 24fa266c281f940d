//! What is wrong with stored devices, or will be: one look at a device, one list of findings.

use crate::clock::Timestamp;
use crate::csp::catalog::codes;
use crate::csp::catalog::editions;
use crate::csp::catalog::enumerations::{self, Phase};
use crate::csp::catalog::nodes::{
    DEVICE_LICENSING_STATUS, EDITION, Node, ROOT, SMODE_STATUS, STATUS, SUBSCRIPTION_STATUS,
};
use crate::csp::model::device::{Device, smode_status, upgrade_status};
use crate::csp::rules::{applicability, fold};
use crate::finding::{Finding, Level};

/// Everything to tell of a device at `now`, in a fixed order.
#[must_use]
pub fn findings(device: &Device, now: Timestamp) -> Vec<Finding> {
    let device = fold::fold(device, now);
    let mut found: Vec<Finding> = upgrade(&device).into_iter().chain(s_mode(&device)).collect();
    found.extend(licensing(&device));
    found.extend(version(&device));
    found.extend(edition(&device));
    found
}

fn finding(
    device: &Device,
    class: &'static str,
    severity: Level,
    node: &Node,
    message: String,
) -> Finding {
    Finding::new("csp", class, severity, node.title(), message)
        .within(&device.name)
        .with("LocURI", node.locuri())
}

fn upgrade(device: &Device) -> Option<Finding> {
    match (device.status, &device.pending_upgrade) {
        (upgrade_status::FAILED, _) => {
            let error = device.last_upgrade_error;
            let message = format!("the last edition upgrade of `{}` failed", device.name);
            let found = finding(device, "UPGRADE_FAILED", Level::Error, &STATUS, message)
                .remedy("upgrade again; no restart may come while `changepk.exe` runs");
            Some(with_error(found, "LastUpgradeError", error))
        }
        (upgrade_status::PENDING | upgrade_status::IN_PROGRESS, Some(pending)) => {
            let target = editions::title(pending.target_edition);
            let waits = if device.status == upgrade_status::PENDING {
                "waits for a restart"
            } else {
                "is in progress"
            };
            let message = format!("the upgrade of `{}` to {target} {waits}", device.name);
            Some(
                finding(device, "UPGRADE_PENDING", Level::Info, &STATUS, message)
                    .with("targetEdition", pending.target_edition)
                    .since(Some(pending.requested_at))
                    .due(pending.restart.map(|restart| restart.automatic_at))
                    .remedy("`licctl csp device reboot` restarts a device that waits for it"),
            )
        }
        (upgrade_status::PENDING | upgrade_status::IN_PROGRESS, None) => {
            let message = format!(
                "`{}` was imported with Status {}; how its upgrade went on is not known",
                device.name, device.status
            );
            Some(
                finding(device, "UPGRADE_FROZEN", Level::Warning, &STATUS, message)
                    .with("Status", device.status)
                    .remedy(
                        "import the device again, or restart it with `licctl csp device reboot`",
                    ),
            )
        }
        _ => None,
    }
}

fn s_mode(device: &Device) -> Option<Finding> {
    (device.smode.status == Some(smode_status::FAILED)).then(|| {
        let message = format!("`{}` could not leave S mode", device.name);
        finding(device, "SMODE_FAILED", Level::Error, &SMODE_STATUS, message)
            .remedy("`licctl csp smode switch` tries again")
    })
}

/// One for each service whose last operation failed.
fn licensing(device: &Device) -> impl Iterator<Item = Finding> {
    let (service, subscriptions) = (&device.licensing, &device.subscriptions);
    let both = [
        (
            &DEVICE_LICENSING_STATUS,
            service.status,
            ("DeviceLicensingLastError", service.last_error),
        ),
        (
            &SUBSCRIPTION_STATUS,
            subscriptions.status,
            ("SubscriptionLastError", subscriptions.last_error),
        ),
    ];
    both.into_iter().filter_map(|(node, status, (member, error))| {
        let row =
            enumerations::licensing_status(status).filter(|row| row.phase == Phase::Failed)?;
        let name = node.name();
        let message = format!("{name} of `{}` is {status} ({})", device.name, row.name);
        let found = finding(device, "LICENSING_FAILED", Level::Error, node, message)
            .with(name, status)
            .remedy("mend what the error names, then set the subscription type to 1 again");
        Some(with_error(found, member, error))
    })
}

fn version(device: &Device) -> Option<Finding> {
    let told = device.csp_version.as_deref()?;
    let version = device.detail.os_version;
    let expected = applicability::csp_version(version)?;
    (applicability::order(told) < applicability::order(expected)).then(|| {
        let message =
            format!("`{}` tells CspVersion {told}; {version} has {expected}", device.name);
        finding(device, "CSPVERSION_LOW", Level::Warning, &ROOT, message)
            .with("CspVersion", told)
            .with("expected", expected)
            .remedy("import the device again: its version of Windows or its list of CSPs is stale")
    })
}

fn edition(device: &Device) -> Option<Finding> {
    (!applicability::is_served(device)).then(|| {
        let title = editions::title(device.edition);
        let message =
            format!("the CSP does not serve {title}: every address of `{}` is 404", device.name);
        finding(device, "EDITION_NOT_SERVED", Level::Warning, &EDITION, message)
            .with("Edition", device.edition)
            .remedy("manage the licensing of this edition by other means")
    })
}

/// Adds an HRESULT as number, in hexadecimal, and by its symbol when there is one.
fn with_error(found: Finding, member: &'static str, error: i32) -> Finding {
    let number = error.cast_unsigned();
    let found = found.with(member, error).with("hresult", format!("0x{number:08X}"));
    match codes::hresult(number) {
        Some(code) => found.with("symbol", code.symbol),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::model::device::{JoinType, PendingUpgrade, Restart, licensing_status};

    fn now() -> Timestamp {
        Timestamp::parse("2026-01-01T00:00:00Z").unwrap()
    }

    fn device() -> Device {
        Device::new("PC-01", now(), "urn:uuid:1")
    }

    fn classes(device: &Device) -> Vec<(&'static str, &'static str)> {
        findings(device, now()).iter().map(|found| (found.class, found.severity.word())).collect()
    }

    #[test]
    fn a_device_that_is_well_gives_no_finding() {
        assert_eq!(classes(&device()), []);
    }

    #[test]
    fn a_failed_upgrade_tells_its_error_by_name() {
        let mut device = device();
        device.status = upgrade_status::FAILED;
        device.last_upgrade_error = -2_147_467_260;
        let found = findings(&device, now());
        assert_eq!(classes(&device), [("UPGRADE_FAILED", "error")]);
        assert_eq!(found[0].instance, "PC-01");
        assert_eq!(found[0].object, "Status");
        assert_eq!(found[0].detail.text("LocURI"), Some("./Vendor/MSFT/WindowsLicensing/Status"));
        assert_eq!(found[0].detail.text("hresult"), Some("0x80004004"));
        assert_eq!(found[0].detail.text("symbol"), Some("E_ABORT"));
    }

    #[test]
    fn a_pending_upgrade_is_due_when_the_device_restarts_by_itself() {
        let mut device = device();
        device.status = upgrade_status::IN_PROGRESS;
        let restart =
            Restart { reminder_at: now().plus_minutes(111), automatic_at: now().plus_minutes(121) };
        device.pending_upgrade = Some(PendingUpgrade {
            target_edition: 121,
            key: None,
            requested_at: now(),
            changepk_ends_at: now().plus_minutes(1),
            restart: Some(restart),
            package: false,
            fault: None,
        });
        let found = findings(&device, now());
        assert_eq!(classes(&device), [("UPGRADE_PENDING", "info")]);
        assert!(found[0].message.ends_with("to Education is in progress"), "{}", found[0].message);
        assert_eq!(found[0].since, Some(now()));
        assert_eq!(found[0].due, Some(now().plus_minutes(121)));
        let found = findings(&device, now().plus_minutes(1));
        assert!(found[0].message.ends_with("waits for a restart"));
        assert_eq!(findings(&device, now().plus_minutes(121)), []);
    }

    #[test]
    fn an_imported_upgrade_stands_still() {
        let mut device = device();
        for status in [upgrade_status::PENDING, upgrade_status::IN_PROGRESS] {
            device.status = status;
            assert_eq!(classes(&device), [("UPGRADE_FROZEN", "warning")]);
        }
    }

    #[test]
    fn each_failed_status_is_an_error() {
        for status in [2, 4, 6, 10, 13] {
            let mut device = device();
            device.licensing.status = status;
            device.subscriptions.status = status;
            device.smode.status = Some(smode_status::FAILED);
            let failed = ("LICENSING_FAILED", "error");
            assert_eq!(classes(&device), [("SMODE_FAILED", "error"), failed, failed], "{status}");
        }
        for status in [-1, 0, 1, 3, 5, 7, 8, 9, 11, 12, 14, 99] {
            let mut device = device();
            device.join = JoinType::Entra;
            device.licensing.status = status;
            assert_eq!(classes(&device), [], "{status}");
        }
        let mut device = device();
        device.licensing.status = licensing_status::FAILED;
        device.licensing.last_error = -2_147_023_728;
        let found = findings(&device, now());
        assert_eq!(found[0].detail.get("DeviceLicensingLastError"), Some((-2_147_023_728).into()));
        assert_eq!(found[0].detail.text("symbol"), Some("ERROR_NOT_FOUND"));
    }

    #[test]
    fn an_older_list_of_csps_is_stale() {
        let mut device = device();
        for (told, expected) in [("1.4", 0), ("1.5", 0), ("1.3", 1), ("nonsense", 1)] {
            device.csp_version = Some(told.to_owned());
            assert_eq!(findings(&device, now()).len(), expected, "{told}");
        }
        device.csp_version = Some("1.3".to_owned());
        assert_eq!(classes(&device), [("CSPVERSION_LOW", "warning")]);
    }

    #[test]
    fn an_edition_that_the_csp_does_not_serve_is_told() {
        let mut device = device();
        device.edition = 0xCB;
        assert_eq!(classes(&device), [("EDITION_NOT_SERVED", "warning")]);
    }
}
