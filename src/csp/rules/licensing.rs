//! `DeviceLicensingService`: writing `LicenseType`.

use super::denial::Denial;
use super::operation::{self, Service};
use crate::csp::catalog::codes::{CFGMGR_E_CSPNODEILLEGALSTATE, ERROR_NOT_FOUND};
use crate::csp::model::device::{DEVICE_BASED, Device, OperationKind, licensing_status as status};

/// Replace of `LicenseType`: 1 acquires the license of the device, or refreshes the one that it has; 0 removes it.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` while an operation runs.
pub(super) fn set_license_type(mut device: Device, kind: i32) -> Result<Device, Denial> {
    check_idle(&device)?;
    let before = device.licensing.license_type;
    device.licensing.license_type = kind;
    if kind == DEVICE_BASED {
        acquire(&mut device, Service::Licensing, before);
    } else if before == DEVICE_BASED {
        operation::start(&mut device, Service::Licensing, OperationKind::Remove);
    }
    Ok(device)
}

/// Refuses while an operation of either service runs: both work on the same license.
pub(super) fn check_idle(device: &Device) -> Result<(), Denial> {
    let running = Service::ALL.into_iter().find(|service| operation::is_running(device, *service));
    match running {
        None => Ok(()),
        Some(service) => Err(Denial::new(
            &CFGMGR_E_CSPNODEILLEGALSTATE,
            format!("a licensing operation is running (status {})", service.status(device)),
        )
        .hinted("try again when it is done")),
    }
}

/// Acquires the license of a device, or refreshes it when the service was device-based and has one.
///
/// - `before`: whether it was device-based until now.
///
/// A device that is joined to nothing that grants licenses stops at once.
pub(super) fn acquire(device: &mut Device, service: Service, before: i32) {
    if !device.join.takes_device_licenses() {
        let hresult = ERROR_NOT_FOUND.native.number().unwrap_or_default();
        let why = "the device is not joined to Entra ID";
        return service.of(device).fail(status::NOT_JOINED, hresult, why);
    }
    let held = before == DEVICE_BASED && service.status(device) == status::SUCCEEDED;
    let kind = if held { OperationKind::Refresh } else { OperationKind::Acquire };
    operation::start(device, service, kind);
}
