//! `Subscriptions`: what the tenant grants, what of it is on the device, and which edition that makes.
//!
//! The steps of a device-based activation stand in `operation`.

use super::denial::Denial;
use super::operation::{self, Service};
use super::{fold, licensing};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{
    CFGMGR_E_CSPNODEILLEGALSTATE, ERROR_NOT_FOUND, SL_E_MISMATCHED_PRODUCT_SKU,
};
use crate::csp::catalog::nodes::SUBSCRIPTIONS;
use crate::csp::catalog::{editions, paths};
use crate::csp::model::device::{
    ACTIVE, DEVICE_BASED, Device, Entitlement, Subscription, SubscriptionKind, USER_BASED,
    licensing_status as status,
};
use crate::csp::model::key::hide_keys;
use crate::error::Refusal;

/// Why a text can be no `SubscriptionId`, as a message; `None` when it can.
///
/// A name that the CSP itself has below `Subscriptions` could never be reached.
#[must_use]
pub fn id_flaw(id: &str) -> Option<String> {
    let taken = || {
        SUBSCRIPTIONS
            .children()
            .any(|node| !node.is_dynamic_name() && node.name().eq_ignore_ascii_case(id))
    };
    let why = if id.is_empty() {
        "it is empty"
    } else if id.contains('/') {
        "it holds a `/`"
    } else if id.bytes().all(|byte| byte == b'*') {
        "it is `*` alone"
    } else if id.trim() != id || id.chars().any(char::is_control) {
        "it has white space around it, or control characters"
    } else if taken() {
        "the CSP has a node of that name"
    } else if hide_keys(id) != id {
        "it has the form of a product key"
    } else {
        return None;
    };
    let id = hide_keys(id);
    Some(format!("`{id}` is no SubscriptionId: {why}"))
}

/// What a tenant has for a device.
pub(super) enum Grant {
    Of(Entitlement),
    Refused { hresult: u32, why: String },
}

/// The first entitlement of a kind that does something for the device.
///
/// - It lifts the base edition to its own, or the device has that edition already.
///
/// Source: [SUBSCRIPTION] requirements; the codes of a refusal: assumed.
pub(super) fn grant(device: &Device, kind: SubscriptionKind) -> Grant {
    let offered = || device.entitlements.iter().filter(|offer| offer.kind == kind);
    let fits = |offer: &&Entitlement| {
        device.edition == offer.target_edition
            || paths::step_up(device.base_edition) == Some(offer.target_edition)
    };
    if let Some(offer) = offered().find(fits) {
        return Grant::Of(offer.clone());
    }
    let number = |code: &crate::catalog::Code| code.native.number().unwrap_or_default();
    match offered().next() {
        Some(offer) => Grant::Refused {
            hresult: number(&SL_E_MISMATCHED_PRODUCT_SKU),
            why: format!(
                "the subscription is for {}, which {} is not lifted to",
                editions::title(offer.target_edition),
                editions::title(device.base_edition)
            ),
        },
        None => Grant::Refused {
            hresult: number(&ERROR_NOT_FOUND),
            why: format!("no {}-based subscription is granted", kind.word()),
        },
    }
}

/// Puts a subscription on the device: its entry, and its edition.
pub(super) fn install(device: &mut Device, offer: &Entitlement) {
    let item = Subscription {
        id: offer.id.clone(),
        name: offer.name.clone(),
        status: ACTIVE,
        kind: Some(offer.kind),
    };
    let items = &mut device.subscriptions.items;
    match items.iter_mut().find(|held| held.id.eq_ignore_ascii_case(&offer.id)) {
        Some(held) => *held = item,
        None => items.push(item),
    }
    device.edition = offer.target_edition;
}

/// Takes subscriptions off the device; without an active one it falls back to its base edition.
///
/// Source: [SUBSCRIPTION]; Windows grants some days of grace, which are left out: assumed.
pub(super) fn remove(device: &mut Device, gone: impl Fn(&Subscription) -> bool) {
    let active =
        |device: &Device| device.subscriptions.items.iter().any(|item| item.status == ACTIVE);
    let was_active = active(device);
    device.subscriptions.items.retain(|item| !gone(item));
    if was_active && !active(device) {
        device.edition = device.base_edition;
    }
}

/// Replace of `SubscriptionType`.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` while an operation runs, and for 1 while subscriptions are disabled.
pub(super) fn set_type(mut device: Device, kind: i32) -> Result<Device, Denial> {
    licensing::check_idle(&device)?;
    if kind == DEVICE_BASED && device.subscriptions.disabled == 1 {
        return Err(Denial::new(
            &CFGMGR_E_CSPNODEILLEGALSTATE,
            "subscription activation is disabled on the device",
        )
        .hinted("`licctl csp set Subscriptions/DisableSubscription 0` enables it"));
    }
    let before = device.subscriptions.kind;
    device.subscriptions.kind = kind;
    if kind == DEVICE_BASED {
        licensing::acquire(&mut device, Service::Subscriptions, before);
    }
    Ok(device)
}

/// Replace of `DisableSubscription`.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` while an operation runs.
pub(super) fn set_disabled(mut device: Device, disabled: i32) -> Result<Device, Denial> {
    licensing::check_idle(&device)?;
    device.subscriptions.disabled = disabled;
    if disabled == 1 && !device.subscriptions.items.is_empty() {
        remove(&mut device, |_| true);
        Service::Subscriptions.of(&mut device).put(status::REMOVED);
    }
    Ok(device)
}

/// Exec of `RemoveSubscription`.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` while an operation runs, and as an injected fault has it.
pub(super) fn uninstall(mut device: Device) -> Result<Device, Denial> {
    licensing::check_idle(&device)?;
    if let Some(fault) = device.faults.license.take() {
        let text = operation::meaning(fault);
        Service::Subscriptions.of(&mut device).fail(status::REMOVE_FAILED, fault, text);
        return Err(Denial::fault(fault, "removing the subscription").after(device));
    }
    remove(&mut device, |_| true);
    device.subscriptions.kind = USER_BASED;
    Service::Subscriptions.of(&mut device).put(status::REMOVED);
    Ok(device)
}

/// What came of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The `SubscriptionId` that is active now.
    Activated(String),
    /// Nothing, and why.
    Nothing(&'static str),
    /// The activation failed with this HRESULT.
    Failed(u32),
}

/// A user signs in: what is granted to users is activated.
///
/// - Nothing comes of it while subscriptions are disabled or device-based, and on devices that are not joined to Entra ID.
///
/// Refuses with `E_CLOCK_BACKWARDS`.
///
/// Source: [SUBSCRIPTION] how activation works; that it shows in `SubscriptionStatus`: assumed.
pub fn sign_in(device: &Device, now: Timestamp) -> Result<(Device, SignIn), Refusal> {
    let mut device = fold::begin(device, now)?.into_owned();
    let nothing = if device.subscriptions.disabled == 1 {
        Some("subscription activation is disabled on the device")
    } else if device.subscriptions.kind == DEVICE_BASED
        || device.licensing.license_type == DEVICE_BASED
    {
        Some("the device takes device-based subscriptions")
    } else if !device.join.takes_device_licenses() {
        Some("the device is joined to neither Entra ID nor to a hybrid of it")
    } else {
        None
    };
    if let Some(why) = nothing {
        return Ok((device, SignIn::Nothing(why)));
    }
    let offer = match grant(&device, SubscriptionKind::User) {
        Grant::Of(offer) => offer,
        Grant::Refused { .. } => {
            let why = "no user-based subscription that lifts the edition of the device is granted";
            return Ok((device, SignIn::Nothing(why)));
        }
    };
    if let Some(fault) = device.faults.license.take() {
        let text = operation::meaning(fault);
        Service::Subscriptions.of(&mut device).fail(status::FAILED, fault, text);
        return Ok((device, SignIn::Failed(fault)));
    }
    install(&mut device, &offer);
    Service::Subscriptions.of(&mut device).put(status::SUCCEEDED);
    Ok((device, SignIn::Activated(offer.id)))
}
