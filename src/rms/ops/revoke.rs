//! Licenses that are changed: their precedence, their revocation, their named users.

use super::desk::Desk;
use super::licenses::{Named, place};
use super::{features, of, server};
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::rms::catalog::codes::{
    SNTL_DEFERRED_REVOCATION_SUCCESS, SNTL_SUCCESS, SNTL_VALUE_OUT_OF_RANGE,
};
use crate::rms::catalog::elements::{LICENSE_PRECEDENCE, NUM_LICENSES, USER_ACCOUNT_LIMIT};
use crate::rms::catalog::methods::{REVOKE, SET_PRECEDENCE, USERS};
use crate::rms::model::license::License;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::revoke::{self, Standings};
use crate::rms::store::groups;
use crate::rms::store::licenses::{self as rows, Placed, Written};
use crate::store::{Read, Tx};

/// A license before and after.
#[derive(Debug)]
pub struct Changed {
    pub before: License,
    pub after: License,
    /// What the call answers.
    pub code: &'static Code,
    /// When a planned revocation takes place, in seconds since 1970.
    pub planned: Option<i64>,
}

/// How a license is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// At once: so many units, or all of it.
    Now(Option<u64>),
    /// In so many days.
    Later(i64),
}

fn saved(
    tx: &mut dyn Tx,
    server: i64,
    placed: Placed,
    elements: crate::rms::model::license::Elements,
) -> Outcome<(License, License)> {
    let before = placed.license.clone();
    let after = License { elements, ..placed.license };
    rows::save(tx, server, &Written::of(&Placed { license: after.clone(), ..placed }))?;
    Ok((before, after))
}

/// Revokes a license.
///
/// Refuses as the rules of revocation say.
pub fn revoke(
    tx: &mut dyn Tx,
    name: &str,
    named: &Named,
    how: How,
    now: Timestamp,
) -> Outcome<Changed> {
    revoked(tx, name, named, how, now).map_err(|stop| of(stop, REVOKE.name))
}

fn revoked(
    tx: &mut dyn Tx,
    name: &str,
    named: &Named,
    how: How,
    now: Timestamp,
) -> Outcome<Changed> {
    let mut desk = Desk::open(tx.reading(), name)?;
    let server = desk.id;
    let placed = place(tx.reading(), server, named)?;
    let served = features::one(tx.reading(), server, placed.feature, now)?
        .ok_or_else(|| Stop::bug("a license is not in its feature"))?;
    let at = served.ids.iter().position(|seq| *seq == placed.seq);
    let (right, counts) = {
        let mut books = desk.settled(tx.reading(), now)?;
        (books.right(placed.feature, now)?, books.counts(placed.feature)?)
    };
    let standings = Standings {
        elements: &placed.license.elements,
        active: at.is_some_and(|at| served.is_active(at)),
        right: &right,
        counts: &counts,
    };
    let revoked = match how {
        How::Now(units) => revoke::now(standings, units, now)?,
        How::Later(days) => revoke::later(standings, days, now)?,
    };
    let planned = revoked.planned;
    let hash = placed.license.hash().unwrap_or("none").to_owned();
    let (before, after) = saved(tx, server, placed, revoked.elements)?;
    let left = after.elements.number(&NUM_LICENSES);
    tx.call(REVOKE.name, &format!("server={name}, licenseHash={hash}, numLicenses={left}"));
    let code = if planned.is_some() { &SNTL_DEFERRED_REVOCATION_SUCCESS } else { &SNTL_SUCCESS };
    Ok(Changed { before, after, code, planned })
}

/// Gives a trial license another precedence.
///
/// Refuses as the rules say.
pub fn set_precedence(
    tx: &mut dyn Tx,
    name: &str,
    named: &Named,
    precedence: i64,
) -> Outcome<Changed> {
    let (server, _) = server(tx.reading(), name)?;
    let mut set = || {
        let placed = place(tx.reading(), server, named)?;
        let elements = revoke::precedence(&placed.license.elements, precedence)?;
        saved(tx, server, placed, elements)
    };
    let (before, after) = set().map_err(|stop| of(stop, SET_PRECEDENCE.name))?;
    let hash = after.hash().unwrap_or("none");
    let now = after.elements.number(&LICENSE_PRECEDENCE);
    tx.call(SET_PRECEDENCE.name, &format!("server={name}, licenseHash={hash}, precedence={now}"));
    Ok(Changed { before, after, code: &SNTL_SUCCESS, planned: None })
}

/// The license that named users belong to.
fn licensed(read: &mut dyn Read, name: &str, named: &Named) -> Outcome<(i64, String, i64)> {
    let (server, _) = server(read, name)?;
    let placed = place(read, server, named)?;
    let hash = placed.license.hash().unwrap_or_default().to_owned();
    Ok((server, hash, placed.license.elements.number(&USER_ACCOUNT_LIMIT)))
}

/// The named users of a license.
pub fn users(read: &mut dyn Read, name: &str, named: &Named) -> Outcome<Vec<String>> {
    let (server, hash, _) = licensed(read, name, named)?;
    groups::accounts(read, server, &hash)
}

/// Names a user of a license.
///
/// Refuses with `SNTL_VALUE_OUT_OF_RANGE` one more than the license has accounts.
pub fn add_user(tx: &mut dyn Tx, name: &str, named: &Named, user: &str) -> Outcome<()> {
    let (server, hash, limit) = licensed(tx.reading(), name, named)?;
    let held = groups::accounts(tx.reading(), server, &hash)?;
    let count = i64::try_from(held.len()).unwrap_or(i64::MAX);
    let known = held.iter().any(|held| held == user);
    if limit > 0 && count >= limit && !known {
        let users = if limit == 1 { "user" } else { "users" };
        let message = format!("the license names {limit} {users} at most");
        return Err(Refusal::new(&SNTL_VALUE_OUT_OF_RANGE, message).of(USERS.name).into());
    }
    groups::add_account(tx, server, &hash, user)?;
    tx.call("license.users.add", &format!("server={name}, licenseHash={hash}, user={user}"));
    Ok(())
}

/// Takes a user from the named ones; false when it was none of them.
pub fn remove_user(tx: &mut dyn Tx, name: &str, named: &Named, user: &str) -> Outcome<bool> {
    let (server, hash, _) = licensed(tx.reading(), name, named)?;
    let removed = groups::remove_account(tx, server, &hash, user)?;
    tx.call("license.users.remove", &format!("server={name}, licenseHash={hash}, user={user}"));
    Ok(removed)
}
