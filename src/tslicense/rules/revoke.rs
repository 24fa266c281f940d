//! `Win32_TSIssuedLicense.Revoke`, and its limit: a fifth of the licenses per device of a version.

use super::call::Effect;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::tslicense::catalog::codes::{
    WBEM_E_INVALID_OPERATION, WBEM_E_NOT_FOUND, WBEM_E_NOT_SUPPORTED,
};
use crate::tslicense::catalog::enumerations::STATUS_REVOKED;
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::model::{Held, Issued, KeyPack, datetime};

/// The out parameters.
const CALS: &str = "RevokableCals";
const NEXT: &str = "NextRevokeAllowedOn";

/// How many licenses of one version may be in the revoked state at once: a fifth, rounded down.
///
/// Source: HLP, revoking licenses: the number cannot exceed 20 percent of those installed for the version.
#[must_use]
pub fn limit(held: &Held, tier: Tier) -> u64 {
    let counts = |pack: &&KeyPack| {
        pack.is_owned() && pack.is_per_device() && pack.tier() == tier && !pack.is_unlimited()
    };
    let installed: u64 = held.packs.iter().filter(counts).map(|pack| u64::from(pack.total)).sum();
    installed / 5
}

/// How many may be revoked now.
///
/// - `revoked`: the ends of those of the version that are in the revoked state: each takes a place until then.
#[must_use]
pub fn quota(held: &Held, tier: Tier, revoked: &[Timestamp]) -> u64 {
    limit(held, tier).saturating_sub(u64::try_from(revoked.len()).unwrap_or(u64::MAX))
}

/// Revokes a license per device.
///
/// Refuses with `WBEM_E_NOT_FOUND`, `WBEM_E_NOT_SUPPORTED`, `WBEM_E_INVALID_OPERATION`; the last with the number that may still be
/// revoked, and with the next date when the limit is reached.
pub(super) fn revoke(
    license: Option<&Issued>,
    revoked: &[Timestamp],
    held: &Held,
    now: Timestamp,
) -> Result<Effect, Refusal> {
    let Some(license) = license else {
        return Err(Refusal::new(
            &WBEM_E_NOT_FOUND,
            format!("`{}` has no such issued license", held.server.name),
        )
        .hinted(format!(
            "`licctl tslicense issued list --server {}` shows them",
            held.server.name
        )));
    };
    let Some(pack) = held.pack(license.pack) else {
        return Err(Refusal::new(
            &WBEM_E_NOT_FOUND,
            format!("`{}` has no key pack {}", held.server.name, license.pack.0),
        ));
    };
    if !pack.is_per_device() {
        return Err(Refusal::new(
            &WBEM_E_NOT_SUPPORTED,
            format!("license {} is not per device", license.id.0),
        ));
    }
    let left = quota(held, pack.tier(), revoked);
    let wrong = if license.is_temporary() {
        Some("is temporary")
    } else if license.is_revoked() {
        Some("is revoked already")
    } else if license.is_live(now) {
        None
    } else {
        Some("has expired")
    };
    if let Some(wrong) = wrong {
        let message = format!("license {} {wrong}", license.id.0);
        return Err(
            Refusal::new(&WBEM_E_INVALID_OPERATION, message).answering(CALS, Some(narrow(left)))
        );
    }
    if left == 0 {
        return Err(reached(held, pack, revoked));
    }
    let mut effect = Effect::on(held);
    effect.target.count_issued(pack.id, -1);
    effect.license = Some(Issued { status: STATUS_REVOKED, ..license.clone() });
    effect.answer.revokable = Some(narrow(left - 1));
    Ok(effect)
}

fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn reached(held: &Held, pack: &KeyPack, revoked: &[Timestamp]) -> Refusal {
    let limit = limit(held, pack.tier());
    let message = match limit {
        0 => "a fifth of the licenses of this version, rounded down, is none: none may be revoked"
            .to_owned(),
        limit => format!(
            "{} of {limit} licenses that may be revoked at once are in the revoked state",
            revoked.len()
        ),
    };
    let refusal = Refusal::new(&WBEM_E_INVALID_OPERATION, message).answering(CALS, Some(0));
    match revoked.iter().min() {
        Some(next) => refusal
            .with(NEXT, datetime::written(*next))
            .hinted(format!("the next may be revoked on {next}")),
        None => refusal.hinted("a version needs at least 5 licenses before one can be revoked"),
    }
}
