//! The worked examples, moment by moment: of upgrades and keys, of S mode, of subscriptions.

mod licensing;
mod smode;
mod upgrade;

use super::control::{self, Controls, Fault};
use super::fixture::{Rig, at};
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::Device;

fn under(policy: PathPolicy, device: Device) -> Rig {
    Rig::new(Device { path_policy: policy, ..device })
}

/// A device whose next operation of a kind fails.
fn with_fault(device: &Device, fault: Fault, hresult: u32) -> Rig {
    let controls = Controls { faults: vec![(fault, Some(hresult))], ..Controls::default() };
    Rig::new(control::set(device, &controls, at("00:00:00")).unwrap())
}
