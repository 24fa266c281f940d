//! Revocation: a license, or some of its tokens, is taken away now or in some days.

use super::limits::{Units, units};
use super::right::Right;
use super::validity::{Standing, is_trial, standing};
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::rms::catalog::codes::{
    SNTL_DEFERRED_REVOCATION_NOT_ALLOWED, SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE,
    SNTL_LICENSE_ALREADY_REVOKED, SNTL_NON_TRIAL_LICENSE, SNTL_REVOKE_ERR_INFINITE_GRP_DIST,
    SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ, SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE,
    SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP, SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES,
    SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT, SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED,
    SNTL_VALUE_OUT_OF_RANGE,
};
use crate::rms::catalog::elements::{
    DEFERRED_REVOCATION_TIME, IS_STANDALONE, LICENSE_PRECEDENCE, NUM_LICENSES, SOFT_NUM_LICENSES,
};
use crate::rms::model::license::{Elements, Value};
use crate::rms::model::session::Counts;

const DAY: i64 = 86_400;

/// How a license meets its revocation.
#[derive(Debug, Clone, Copy)]
pub struct Standings<'s> {
    pub elements: &'s Elements,
    /// Whether it is part of its feature's node.
    pub active: bool,
    pub right: &'s Right,
    pub counts: &'s Counts,
}

/// What a license is after its revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    pub elements: Elements,
    /// When it takes place, in seconds since 1970; `None`: it has.
    pub planned: Option<i64>,
}

fn no(code: &'static crate::catalog::Code, message: impl Into<String>) -> Refusal {
    Refusal::new(code, message)
}

fn revocable(elements: &Elements, now: Timestamp) -> Result<(), Refusal> {
    if is_trial(elements) {
        return Err(no(&SNTL_REVOKE_ERR_TRIAL_LIC_UNSUPPORED, "a trial license is not revoked"));
    }
    if standing(elements, now) == Standing::Revoked {
        return Err(no(&SNTL_LICENSE_ALREADY_REVOKED, "the license was revoked"));
    }
    if elements.number(&DEFERRED_REVOCATION_TIME) > 0 {
        let message = "the license is to be revoked already";
        return Err(no(&SNTL_LIC_ALREADY_SCHEDULED_FOR_DEFERRED_REVOKE, message));
    }
    Ok(())
}

/// Plans the revocation of a license; until then it serves as before.
///
/// Refuses with `SNTL_VALUE_OUT_OF_RANGE` anything but 1 to 30 days, with `SNTL_DEFERRED_REVOCATION_NOT_ALLOWED` while tokens are
/// checked out, or for a repository license.
///
/// Source: Developer Guide, Deferred Revocation for Network Licensing.
pub fn later(license: Standings<'_>, days: i64, now: Timestamp) -> Result<Revoked, Refusal> {
    if !(1..=30).contains(&days) {
        let message = format!("{days} days are given; there is 1 to 30");
        return Err(no(&SNTL_VALUE_OUT_OF_RANGE, message));
    }
    revocable(license.elements, now)?;
    if license.elements.number(&IS_STANDALONE) == 2 {
        let message = "a repository license is not revoked later";
        return Err(no(&SNTL_DEFERRED_REVOCATION_NOT_ALLOWED, message));
    }
    if license.active && license.counts.commuted > 0 {
        let message = format!("{} units are checked out", license.counts.commuted);
        return Err(no(&SNTL_DEFERRED_REVOCATION_NOT_ALLOWED, message));
    }
    let at = now.s().saturating_add(days.saturating_mul(DAY));
    let mut elements = license.elements.clone();
    elements.set(&DEFERRED_REVOCATION_TIME, Value::Number(at));
    Ok(Revoked { elements, planned: Some(at) })
}

/// Revokes a license at once, or some of its units.
///
/// Refuses with the codes of revocation: tokens in use, more than there are, part of an unlimited license, tokens set apart for groups.
///
/// Source: API Reference Guide, result codes of revocation; which of them comes first: assumed.
pub fn now(
    license: Standings<'_>,
    wanted: Option<u64>,
    now: Timestamp,
) -> Result<Revoked, Refusal> {
    revocable(license.elements, now)?;
    let has = units(license.elements, &NUM_LICENSES);
    let going = match (has, wanted) {
        (_, Some(0)) => return Err(no(&SNTL_VALUE_OUT_OF_RANGE, "no unit is given")),
        (Units::Unlimited, Some(_)) => {
            let message = "an unlimited license is revoked whole";
            return Err(no(&SNTL_REVOKE_ERR_INFINITE_LIC_FINITE_REQ, message));
        }
        (Units::Unlimited, None) => None,
        (Units::Finite(has), wanted) => {
            let wanted = wanted.unwrap_or(has);
            if wanted > has {
                let message =
                    format!("{wanted} units are to be revoked, and the license has {has}");
                return Err(no(&SNTL_REVOKE_ERR_INSUFFICIENT_FEATURE_LICENSES, message));
            }
            Some((wanted, has))
        }
    };
    if license.active {
        is_unused(license, going.map(|(wanted, _)| wanted))?;
    }
    let mut elements = license.elements.clone();
    match going {
        Some((wanted, has)) if wanted < has => lowered(&mut elements, has - wanted),
        _ => elements.set(&DEFERRED_REVOCATION_TIME, Value::Number(now.s())),
    }
    Ok(Revoked { elements, planned: None })
}

/// Gives a license fewer tokens; a soft limit that is now not below them goes.
fn lowered(elements: &mut Elements, left: u64) {
    let left = i64::try_from(left).unwrap_or(i64::MAX);
    let unlimited = i64::from(elements.unlimited());
    if elements.number(&SOFT_NUM_LICENSES) >= left {
        elements.set(&SOFT_NUM_LICENSES, Value::Number(unlimited));
    }
    elements.set(&NUM_LICENSES, Value::Number(left));
}

/// Whether nobody uses the units that go; `None`: all of an unlimited license.
fn is_unused(license: Standings<'_>, units: Option<u64>) -> Result<(), Refusal> {
    let (right, counts) = (license.right, license.counts);
    let reserved: u64 = right.groups.iter().map(|(_, tokens)| tokens).sum();
    let in_use = counts.used + counts.kept;
    let Some(units) = units else {
        if reserved > 0 {
            let message = format!("{reserved} tokens are set apart for groups");
            return Err(no(&SNTL_REVOKE_ERR_INFINITE_GRP_DIST, message));
        }
        if in_use > 0 {
            let message = format!("{in_use} units are in use");
            return Err(no(&SNTL_REVOKE_ERR_INFINITE_LIC_IN_USE, message));
        }
        return Ok(());
    };
    let Units::Finite(total) = right.total else { return Ok(()) };
    let unreserved = total.saturating_sub(reserved);
    if unreserved < units {
        let message =
            format!("{unreserved} tokens are not set apart for groups, and {units} are to go");
        return Err(no(&SNTL_REVOKE_ERR_INSUFFICIENT_DEFAULT_GROUP, message));
    }
    let free = unreserved.saturating_sub(in_use.saturating_sub(counts.all_drawn()));
    if free < units {
        let message = format!("{free} tokens are free, and {units} are to go");
        return Err(no(&SNTL_REVOKE_ERR_INSUFFICIENT_FREE_IN_DEFAULT, message));
    }
    Ok(())
}

/// Gives a trial license another precedence.
///
/// Refuses with `SNTL_NON_TRIAL_LICENSE` one that is no trial, with `SNTL_VALUE_OUT_OF_RANGE` what is below -1.
///
/// Source: `VLSsetLicensePrecedence`.
pub fn precedence(elements: &Elements, precedence: i64) -> Result<Elements, Refusal> {
    if !is_trial(elements) {
        return Err(no(&SNTL_NON_TRIAL_LICENSE, "the license is no trial license"));
    }
    if !(-1..=i64::from(i32::MAX)).contains(&precedence) {
        let message = format!("{precedence} is given; there is -1 to {}", i32::MAX);
        return Err(no(&SNTL_VALUE_OUT_OF_RANGE, message));
    }
    let mut changed = elements.clone();
    changed.set(&LICENSE_PRECEDENCE, Value::Number(precedence));
    Ok(changed)
}
