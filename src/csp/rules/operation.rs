//! Acquiring, refreshing and removing the license of a device-based subscription, step by step.
//!
//! The same operation stands behind `DeviceLicensingService/LicenseType` and `Subscriptions/SubscriptionType`.

use super::subscriptions::{self, Grant};
use crate::clock::Timestamp;
use crate::csp::catalog::codes;
use crate::csp::catalog::enumerations::{self, Phase};
use crate::csp::model::device::{
    Device, LicenseOperation, OperationKind, SubscriptionKind, licensing_status as status,
};

/// Whose status an operation moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// `DeviceLicensingService`.
    Licensing,
    /// `Subscriptions`.
    Subscriptions,
}

/// The members that both services have.
pub(super) struct Progress<'a> {
    pub(super) status: &'a mut i32,
    last_error: &'a mut i32,
    description: &'a mut String,
    operation: &'a mut Option<LicenseOperation>,
}

impl Service {
    pub(super) const ALL: [Self; 2] = [Self::Licensing, Self::Subscriptions];

    pub(super) fn of(self, device: &mut Device) -> Progress<'_> {
        match self {
            Self::Licensing => Progress {
                status: &mut device.licensing.status,
                last_error: &mut device.licensing.last_error,
                description: &mut device.licensing.last_error_description,
                operation: &mut device.licensing.operation,
            },
            Self::Subscriptions => Progress {
                status: &mut device.subscriptions.status,
                last_error: &mut device.subscriptions.last_error,
                description: &mut device.subscriptions.last_error_description,
                operation: &mut device.subscriptions.operation,
            },
        }
    }

    pub(super) fn status(self, device: &Device) -> i32 {
        self.shown(device).0
    }

    /// Status, last error, and its description.
    fn shown(self, device: &Device) -> (i32, i32, &str) {
        match self {
            Self::Licensing => {
                let service = &device.licensing;
                (service.status, service.last_error, &service.last_error_description)
            }
            Self::Subscriptions => {
                let service = &device.subscriptions;
                (service.status, service.last_error, &service.last_error_description)
            }
        }
    }

    fn operation(self, device: &Device) -> Option<LicenseOperation> {
        match self {
            Self::Licensing => device.licensing.operation,
            Self::Subscriptions => device.subscriptions.operation,
        }
    }
}

impl Progress<'_> {
    /// Puts a status without an error.
    pub(super) fn put(self, status: i32) {
        *self.status = status;
        *self.last_error = 0;
        self.description.clear();
    }

    /// Puts a status with an error, and its text when there is one.
    pub(super) fn fail(self, status: i32, hresult: u32, description: &str) {
        *self.status = status;
        *self.last_error = hresult.cast_signed();
        description.clone_into(self.description);
    }
}

/// What the status shows during each step, one after the other.
///
/// Source: [GRAPH] the states; their order and that each takes one step: assumed.
const fn steps(kind: OperationKind) -> &'static [i32] {
    match kind {
        OperationKind::Acquire => &[status::STARTED, status::VERIFYING_DEVICE, status::ACQUIRING],
        OperationKind::Refresh => &[status::REFRESHING],
        OperationKind::Remove => &[status::REMOVING],
    }
}

/// Whether an operation of the service runs. An imported status counts, too: only the next import tells how it ended.
pub(super) fn is_running(device: &Device, service: Service) -> bool {
    let row = enumerations::licensing_status(service.status(device));
    row.is_some_and(|row| row.phase == Phase::Running)
}

/// Begins an operation at the device's last change; a fault that waits goes with it.
pub(super) fn start(device: &mut Device, service: Service, kind: OperationKind) {
    let operation = LicenseOperation {
        kind,
        requested_at: device.last_change,
        step_seconds: device.timings.license_step,
        fault: device.faults.license.take(),
    };
    let first = steps(kind).first().copied().unwrap_or(status::STARTED);
    service.of(device).put(first);
    *service.of(device).operation = Some(operation);
}

/// When the running operation of a service ends; `None` when none runs.
pub(super) fn ends_at(device: &Device, service: Service) -> Option<Timestamp> {
    let operation = service.operation(device)?;
    let count = i64::try_from(steps(operation.kind).len()).unwrap_or(i64::MAX);
    Some(operation.requested_at.plus_ms(step_ms(operation).saturating_mul(count)))
}

/// The status of the step that the operation of a service is in at `now`; `None` when none runs, or none is known.
fn step(device: &Device, service: Service, now: Timestamp) -> Option<i32> {
    let operation = service.operation(device)?;
    let done = now.since(operation.requested_at).max(0) / step_ms(operation).max(1);
    usize::try_from(done).ok().and_then(|done| steps(operation.kind).get(done)).copied()
}

/// Whether [`show_progress`] would change nothing.
pub(super) fn shows(device: &Device, service: Service, now: Timestamp) -> bool {
    step(device, service, now).is_none_or(|step| service.shown(device) == (step, 0, ""))
}

/// Puts the status of the step that an operation is in at `now`.
pub(super) fn show_progress(device: &mut Device, service: Service, now: Timestamp) {
    if let Some(step) = step(device, service, now) {
        service.of(device).put(step);
    }
}

/// Ends an operation with its result.
pub(super) fn end(device: &mut Device, service: Service) {
    let Some(operation) = service.of(device).operation.take() else { return };
    let removes = operation.kind == OperationKind::Remove;
    if let Some(fault) = operation.fault {
        let failed = if removes { status::REMOVE_FAILED } else { status::FAILED };
        return service.of(device).fail(failed, fault, meaning(fault));
    }
    if removes {
        subscriptions::remove(device, |item| item.kind != Some(SubscriptionKind::User));
        return service.of(device).put(status::REMOVED);
    }
    match subscriptions::grant(device, SubscriptionKind::Device) {
        Grant::Of(entitlement) => {
            subscriptions::install(device, &entitlement);
            service.of(device).put(status::SUCCEEDED);
        }
        Grant::Refused { hresult, why } => service.of(device).fail(status::FAILED, hresult, &why),
    }
}

/// What a code says, for `…LastErrorDescription`; empty when it is not known, as the page of the CSP has it.
pub(super) fn meaning(hresult: u32) -> &'static str {
    codes::hresult(hresult).map_or("", |code| code.meaning)
}

fn step_ms(operation: LicenseOperation) -> i64 {
    i64::from(operation.step_seconds) * 1000
}
