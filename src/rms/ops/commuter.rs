//! `sntl_licensing_transfer`: check-outs, check-ins, extensions.

use super::desk::{self, Desk};
use super::of;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::methods::{CHECK_IN, CHECK_OUT, EXTEND};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::{Identity, Session};
use crate::rms::rules::commuter::{self, CheckOut, CheckedOut};
use crate::rms::rules::login::running;
use crate::store::Tx;

fn noted(tx: &mut dyn Tx, api: &str, key: &FeatureKey, client: &Identity) {
    tx.call(api, &format!("featureName={key}, client={}@{}", client.user, client.host));
}

/// Checks a token out.
pub fn check_out(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    wanted: &CheckOut,
    now: Timestamp,
) -> Outcome<CheckedOut> {
    let done = at_desk(tx, name, key, CHECK_OUT.name, |tx, desk, feature| {
        desk.call(tx, now, |ledger, scene| commuter::check_out(ledger, scene, feature, wanted))
    })?;
    noted(tx, CHECK_OUT.name, key, &wanted.client);
    Ok(done)
}

/// Brings a token back.
pub fn check_in(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    client: &Identity,
    now: Timestamp,
) -> Outcome<Session> {
    let done = at_desk(tx, name, key, CHECK_IN.name, |tx, desk, feature| {
        desk.call(tx, now, |ledger, scene| commuter::check_in(ledger, scene, feature, client))
    })?;
    noted(tx, CHECK_IN.name, key, client);
    Ok(done)
}

/// Extends a remote check-out by some days.
pub fn extend(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    (client, days): (&Identity, i64),
    now: Timestamp,
) -> Outcome<CheckedOut> {
    let done = at_desk(tx, name, key, EXTEND.name, |tx, desk, feature| {
        desk.call(tx, now, |ledger, scene| commuter::extend(ledger, scene, feature, client, days))
    })?;
    noted(tx, EXTEND.name, key, client);
    Ok(done)
}

fn at_desk<T>(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    api: &str,
    work: impl FnOnce(&mut dyn Tx, &mut Desk, i64) -> Outcome<T>,
) -> Outcome<T> {
    let mut desk = Desk::open(tx.reading(), name)?;
    let done = || {
        running(&desk.server)?;
        let feature = desk::feature(tx.reading(), desk.id, key)?;
        work(tx, &mut desk, feature)
    };
    done().map_err(|stop| of(stop, api))
}
