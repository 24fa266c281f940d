//! What a product key does to a device: upgrade its edition, change its key, or only tell which of both it would.
//!
//! Keys are not decoded: the key catalogue says what a key is for. How an upgrade goes on is left to `upgrade`.

use super::answer::{Origin, Scene};
use super::denial::Denial;
use super::upgrade;
use crate::csp::catalog::codes::{
    CFGMGR_E_CSPNODEILLEGALSTATE, E_INVALIDARG, SL_E_INVALID_PRODUCT_KEY,
    SL_E_MISMATCHED_PRODUCT_SKU,
};
use crate::csp::catalog::paths::{self, Restart};
use crate::csp::catalog::{editions, paths::PathPolicy};
use crate::csp::model::device::{Device, KeyTrace, upgrade_status as status};
use crate::csp::model::key::{KeyFlaw, ProductKey};
use crate::csp::model::keys::{KeyCatalog, KeyEntry, KeyUse};

/// A key that the catalogue knows.
struct Known<'a> {
    key: ProductKey,
    entry: &'a KeyEntry,
}

impl Known<'_> {
    fn trace(&self, scene: &Scene<'_>) -> KeyTrace {
        self.key.trace(&self.entry.id, scene.salt)
    }
}

/// Exec of `UpgradeEditionWithProductKey`.
///
/// Returns 200 when the key was of the device's own edition and is changed, 202 when an upgrade begins or is on its way with the
/// same key. Refuses with `E_INVALIDARG` a text that is no key, `SL_E_INVALID_PRODUCT_KEY` a key that the catalogue does not know for
/// this, `SL_E_MISMATCHED_PRODUCT_SKU` a key whose edition is out of reach, `CFGMGR_E_CSPNODEILLEGALSTATE` while another upgrade
/// is on its way and in S mode, and as an injected fault has it.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`; the codes: assumed, for want of a published one.
pub(super) fn upgrade(
    mut device: Device,
    keys: &KeyCatalog,
    text: &str,
    origin: Origin,
    scene: &Scene<'_>,
) -> Result<(u16, Device), Denial> {
    let known = recognise(&device, keys, text, KeyUse::Upgrade)?;
    let target = known.entry.edition;
    let way = if target == device.edition {
        None
    } else {
        Some(path(&device, target).ok_or_else(|| unreachable(&device, target))?)
    };
    if way.is_none() && !paths::takes_own_key(device.path_policy, device.edition) {
        return Err(own_key_refused(&device));
    }
    let trace = known.trace(scene);
    if is_on_its_way(&device, &trace)? {
        return Ok((202, device));
    }
    check_s_mode(&device)?;
    if let Some(restart) = way {
        upgrade::begin(&mut device, target, restart.is_needed(), Some(trace), origin);
        return Ok((202, device));
    }
    if let Some(fault) = device.faults.changepk.take() {
        device.status = status::FAILED;
        device.last_upgrade_error = fault.cast_signed();
        return Err(Denial::fault(fault, "installing the key").after(device));
    }
    device.installed_key = Some(trace);
    device.status = status::COMPLETED;
    device.last_upgrade_error = 0;
    Ok((200, device))
}

/// Exec of `ChangeProductKey`, which never restarts.
///
/// Returns 200 for a key of the device's own edition, 202 for one that makes another edition without a restart. Refuses as
/// [`upgrade`] does, and a key whose edition needs a restart with `SL_E_MISMATCHED_PRODUCT_SKU`.
///
/// Source: [CSP] `ChangeProductKey`: does not reboot; what that means for other editions: assumed.
pub(super) fn change(
    mut device: Device,
    keys: &KeyCatalog,
    text: &str,
    scene: &Scene<'_>,
) -> Result<(u16, Device), Denial> {
    let known = recognise(&device, keys, text, KeyUse::Change)?;
    let target = known.entry.edition;
    if target != device.edition {
        let way = path(&device, target).ok_or_else(|| unreachable(&device, target))?;
        if way.is_needed() {
            return Err(Denial::new(
                &SL_E_MISMATCHED_PRODUCT_SKU,
                format!(
                    "the key is for {}, which needs a restart; ChangeProductKey never restarts",
                    editions::title(target)
                ),
            )
            .hinted("use UpgradeEditionWithProductKey: `licctl csp upgrade --key-file FILE`"));
        }
    }
    let trace = known.trace(scene);
    if is_on_its_way(&device, &trace)? {
        return Ok((202, device));
    }
    check_s_mode(&device)?;
    if target != device.edition {
        upgrade::begin_key_change(&mut device, target, trace);
        return Ok((202, device));
    }
    if let Some(fault) = device.faults.changepk.take() {
        return Err(Denial::fault(fault, "installing the key").after(device));
    }
    device.installed_key = Some(trace);
    Ok((200, device))
}

/// Exec of `CheckApplicability`: whether the key can be used for an edition upgrade. Nothing is changed.
///
/// The yes is 200; every no is a refusal, with the reason as its message and as its code.
///
/// Source: [CSP] `CheckApplicability` returns TRUE for an edition upgrade; [CSP2018] for activation and a change of the key as well.
pub(super) fn check(device: &Device, keys: &KeyCatalog, text: &str) -> Result<(), Denial> {
    let known = recognise(device, keys, text, KeyUse::Check)?;
    let target = known.entry.edition;
    if target == device.edition {
        return Err(Denial::new(
            &SL_E_MISMATCHED_PRODUCT_SKU,
            format!(
                "the key is for {}, which the device has: it would activate it or change its key, and upgrade nothing",
                editions::title(target)
            ),
        )
        .hinted("`licctl csp change-key --key-file FILE` changes the key"));
    }
    path(device, target).map(drop).ok_or_else(|| unreachable(device, target))
}

/// Reads a key and finds its entry.
fn recognise<'a>(
    device: &Device,
    keys: &'a KeyCatalog,
    text: &str,
    kind: KeyUse,
) -> Result<Known<'a>, Denial> {
    let key = ProductKey::new(text).map_err(malformed)?;
    let refused = |why: String| {
        Denial::new(&SL_E_INVALID_PRODUCT_KEY, why).hinted(
            "`licctl csp key catalog load FILE` tells what a key is for; keys come from the Volume Licensing Service Center, which needs a Volume Licensing contract",
        )
    };
    if key.is_placeholder() {
        let message = "the key is the placeholder of the documentation";
        return Err(Denial::new(&SL_E_INVALID_PRODUCT_KEY, message)
            .hinted("put a product key in its place"));
    }
    let masked = key.masked();
    let Some(entry) = keys.find(&key) else {
        return Err(refused(format!("no entry of the key catalogue knows the key {masked}")));
    };
    let version = device.detail.os_version;
    if !entry.uses.allow(kind) {
        let (id, word) = (&entry.id, kind.word());
        return Err(refused(format!("the entry `{id}` of the key {masked} is not for `{word}`")));
    }
    if !entry.builds.holds(version) {
        let id = &entry.id;
        return Err(refused(format!("the entry `{id}` of the key {masked} is not for {version}")));
    }
    Ok(Known { key, entry })
}

fn malformed(flaw: KeyFlaw) -> Denial {
    Denial::new(&E_INVALIDARG, format!("the text is no product key: {flaw}")).hinted(flaw.remedy())
}

/// How a key leads from the device's edition to another.
fn path(device: &Device, target: i32) -> Option<Restart> {
    paths::edge(device.path_policy, device.edition, target, device.detail.os_version.build)
}

/// The refusal of an edition that is out of reach, with what is in reach.
fn unreachable(device: &Device, target: i32) -> Denial {
    let (from, to) = (editions::title(device.edition), editions::title(target));
    let (policy, build) = (device.path_policy.word(), device.detail.os_version.build);
    let reach = paths::reachable(device.path_policy, device.edition, build);
    let titles: Vec<String> = reach.iter().map(|reach| editions::title(reach.edition)).collect();
    let by_mdm = match titles.as_slice() {
        [] => format!("{from} reaches no other edition by MDM"),
        titles => format!("by MDM {from} reaches {}", titles.join(", ")),
    };
    let others: Vec<&str> = PathPolicy::ALL
        .into_iter()
        .filter(|policy| paths::edge(*policy, device.edition, target, build).is_some())
        .map(PathPolicy::word)
        .collect();
    let otherwise = if !others.is_empty() {
        format!("; {to} is reached under the path policies {}", others.join(", "))
    } else if paths::downgrade(device.edition, target) {
        format!("; a key for {to} that is typed in at the device downgrades it, which MDM does not")
    } else if paths::by_hand(device.edition, target).is_some() {
        format!("; {to} is reached by hand at the device or through the Store alone")
    } else {
        String::new()
    };
    Denial::new(
        &SL_E_MISMATCHED_PRODUCT_SKU,
        format!("the key is for {to}, which {from} cannot become under the path policy `{policy}`"),
    )
    .hinted(by_mdm + &otherwise)
}

/// The refusal of a key of the own edition, where the page of the CSP does not list the edition for that.
fn own_key_refused(device: &Device) -> Denial {
    let (title, policy) = (editions::title(device.edition), PathPolicy::Csp.word());
    Denial::new(
        &SL_E_MISMATCHED_PRODUCT_SKU,
        format!(
            "under the path policy `{policy}` UpgradeEditionWithProductKey activates and changes keys of Education, Enterprise, Home and Pro alone; the device has {title}"
        ),
    )
    .hinted("use ChangeProductKey: `licctl csp change-key --key-file FILE`")
}

/// Whether an upgrade or a change of the key is on its way with this very key.
///
/// Refuses with `CFGMGR_E_CSPNODEILLEGALSTATE` when one is on its way with another, or with one that an import could not tell.
fn is_on_its_way(device: &Device, trace: &KeyTrace) -> Result<bool, Denial> {
    let running = matches!(device.status, status::PENDING | status::IN_PROGRESS);
    let upgrade = device.pending_upgrade.as_ref();
    if !running && upgrade.is_none() && device.pending_key.is_none() {
        return Ok(false);
    }
    let of_upgrade = upgrade.and_then(|pending| pending.key.as_ref());
    let of_change = device.pending_key.as_ref().map(|pending| &pending.key);
    let keys: Vec<&KeyTrace> = of_upgrade.into_iter().chain(of_change).collect();
    if keys.iter().any(|key| key.hmac == trace.hmac) {
        return Ok(true);
    }
    let message = match upgrade.map(|pending| editions::title(pending.target_edition)) {
        Some(target) => format!("an upgrade to {target} is on its way with another key"),
        None if device.pending_key.is_some() => "a change to another key is on its way".to_owned(),
        None => format!("Status is {}: an upgrade is on its way", device.status),
    };
    Err(Denial::new(&CFGMGR_E_CSPNODEILLEGALSTATE, message)
        .hinted("restart first, once `changepk.exe` has ended: `licctl csp device reboot`"))
}

fn check_s_mode(device: &Device) -> Result<(), Denial> {
    if device.in_s_mode() {
        return Err(Denial::new(
            &CFGMGR_E_CSPNODEILLEGALSTATE,
            "the device is in S mode, in which editions and keys are not changed",
        )
        .hinted("`licctl csp smode switch` takes it out of S mode"));
    }
    Ok(())
}
