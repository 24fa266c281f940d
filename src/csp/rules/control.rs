//! The controls of the model itself: what a test sets on a device, which no server could.

use super::{fold, smode};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{self, E_FACTORY_IMAGE};
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::{Device, JoinType, S_MODE, SMode};
use crate::csp::model::key::hide_keys;
use crate::csp::model::version::OsVersion;
use crate::error::Refusal;

/// What to set; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    pub os_version: Option<OsVersion>,
    pub join: Option<JoinType>,
    pub mode: Option<ModeChange>,
    pub insider: Option<bool>,
    pub sync_application_version: Option<String>,
    pub path_policy: Option<PathPolicy>,
    pub max_message_size: Option<u32>,
    /// Each with the HRESULT that it fails with; `None` takes it away.
    pub faults: Vec<(Fault, Option<u32>)>,
    /// Seconds.
    pub changepk: Option<u32>,
    pub smode: Option<u32>,
    pub license_step: Option<u32>,
}

/// How S mode comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModeChange {
    /// `--mode 0`.
    Leave,
    /// `--mode 1`.
    Enter,
    /// `--mode 1 --factory-image`: the device is wiped, and its factory image installed.
    FactoryImage,
}

/// What can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Changepk,
    SMode,
    License,
    Rollback,
}

impl Fault {
    pub const ALL: [Self; 4] = [Self::Changepk, Self::SMode, Self::License, Self::Rollback];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Changepk => "changepk",
            Self::SMode => "smode",
            Self::License => "license",
            Self::Rollback => "rollback",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word().eq_ignore_ascii_case(word))
    }
}

/// Why a text can be no name of a device, as a message; `None` when it can.
#[must_use]
pub fn name_flaw(name: &str) -> Option<String> {
    let length = name.chars().count();
    let why = if !(1..=63).contains(&length) {
        format!("it has {length} characters; 1 to 63 are allowed")
    } else if name.contains('/') || name.trim() != name || name.chars().any(char::is_control) {
        "it holds a `/`, a control character, or white space around it".to_owned()
    } else if hide_keys(name) != name {
        "it has the form of a product key".to_owned()
    } else {
        return None;
    };
    let name = hide_keys(name);
    Some(format!("`{name}` is no name of a device: {why}"))
}

/// Why nothing can be made to fail with a code, as a message; `None` when it can: the code is a failure that the tables have.
#[must_use]
pub fn fault_flaw(hresult: u32) -> Option<String> {
    // The top bit of an HRESULT says that it is a failure.
    let failure = hresult.cast_signed() < 0 && codes::hresult(hresult).is_some();
    (!failure).then(|| format!("0x{hresult:08X} is no failure that the model knows"))
}

/// Sets controls at `now`.
///
/// - Operations that run keep the durations and the faults that they began with.
///
/// Refuses with `E_FACTORY_IMAGE` to put a device into S mode without its factory image, with `E_CLOCK_BACKWARDS`.
///
/// Source: [INTUNE] S mode: no policy puts a device into S mode.
pub fn set(device: &Device, controls: &Controls, now: Timestamp) -> Result<Device, Refusal> {
    let mut device = fold::begin(device, now)?.into_owned();
    if let Some(version) = controls.os_version {
        device.detail.os_version = version;
    }
    if let Some(mode) = controls.mode {
        set_mode(&mut device, mode)?;
    }
    for (fault, hresult) in &controls.faults {
        set_fault(&mut device, *fault, *hresult);
    }
    device.join = controls.join.unwrap_or(device.join);
    device.insider = controls.insider.unwrap_or(device.insider);
    if let Some(version) = &controls.sync_application_version {
        device.sync_application_version.clone_from(version);
    }
    device.path_policy = controls.path_policy.unwrap_or(device.path_policy);
    device.max_message_size = controls.max_message_size.unwrap_or(device.max_message_size);
    let timings = &mut device.timings;
    timings.changepk = controls.changepk.unwrap_or(timings.changepk);
    timings.smode = controls.smode.unwrap_or(timings.smode);
    timings.license_step = controls.license_step.unwrap_or(timings.license_step);
    Ok(device)
}

fn set_mode(device: &mut Device, mode: ModeChange) -> Result<(), Refusal> {
    match mode {
        ModeChange::Enter if device.in_s_mode() => {}
        ModeChange::Enter => {
            return Err(Refusal::new(
                &E_FACTORY_IMAGE,
                "nothing puts a device into S mode but a wipe with its factory image",
            )
            .hinted("`--mode 1 --factory-image`"));
        }
        ModeChange::Leave => {
            smode::leave_at_once(device);
            device.mode = 0;
        }
        ModeChange::FactoryImage => wipe(device),
    }
    Ok(())
}

/// What is left of a device whose factory image was installed: what it is, not what was done to it. Its edition stays.
///
/// Source: [UPGRADES] Windows 10 Pro in S mode: a wipe with the factory image brings S mode back; the rest: assumed.
fn wipe(device: &mut Device) {
    let new = Device::new(&device.name, device.last_change, &device.info.dev_id);
    device.mode = S_MODE;
    device.edition = device.base_edition;
    device.smode = SMode::default();
    device.installed_key = None;
    device.status = new.status;
    device.last_upgrade_error = new.last_upgrade_error;
    device.pending_upgrade = None;
    device.pending_key = None;
    device.subscriptions = new.subscriptions;
    device.licensing = new.licensing;
    device.notifications.clear();
}

fn set_fault(device: &mut Device, fault: Fault, hresult: Option<u32>) {
    let held = match fault {
        Fault::Changepk => &mut device.faults.changepk,
        Fault::SMode => &mut device.faults.smode,
        Fault::License => &mut device.faults.license,
        Fault::Rollback => &mut device.faults.rollback,
    };
    *held = hresult;
}
