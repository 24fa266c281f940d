//! Check-outs: tokens that a client takes away from the network for some days, and repository licenses.

use super::ledger::Ledger;
use super::limits::Units;
use super::locks::check_local;
use super::login::{Scene, logged, take};
use super::queue;
use super::right::Right;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Warning};
use crate::rms::catalog::codes::{
    SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER, SNTL_CLIENT_ALREADY_EXIST,
    SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST, SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED,
    SNTL_COMMUTER_INSUFFICIENTUNITS, SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION,
    SNTL_REMOTE_CHECKOUT, SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY,
    SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE, SNTL_VALUE_OUT_OF_RANGE,
};
use crate::rms::catalog::elements::{
    COMMUTER_MAX_CHECKOUT_DAYS, IS_COMMUTER, IS_STANDALONE, LOCAL_REQUEST_LOCK_CRIT_FLAG,
};
use crate::rms::catalog::transactions;
use crate::rms::model::session::{DEFAULT_GROUP, Identity, Session, State};

const DAY: i64 = 86_400;

/// A token that is to be checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOut {
    pub client: Identity,
    pub units: u64,
    /// 0: until the license ends.
    pub days: i64,
    /// The criteria that the client can deliver.
    pub selectors: u32,
    /// For a client that is not on the network.
    pub remote: bool,
}

/// A token that was checked out, or its term extended.
#[derive(Debug, Clone)]
pub struct CheckedOut {
    pub session: Session,
    pub warnings: Vec<Warning>,
}

/// Checks a token out.
///
/// Refuses, in this order, what is no commuter license, a License Manager that allows none, a license that is to be revoked, a pool
/// without its primary leader, a client that has one, criteria that are not met, too few units, too many days.
///
/// Source: lcommute and the transfer call; the order of the checks and the code of too many days: assumed.
pub fn check_out(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    feature: i64,
    wanted: &CheckOut,
) -> Outcome<CheckedOut> {
    let right = ledger.right(feature, scene.now)?;
    right.usable()?;
    allowed(&right, scene, wanted)?;
    if ledger.checked_out(feature, &wanted.client)?.is_some() {
        let Identity { user, host, .. } = &wanted.client;
        let message = format!("`{user}` at `{host}` has checked out `{}` already", right.key);
        return Err(Refusal::new(&SNTL_CLIENT_ALREADY_EXIST, message).into());
    }
    if right.elements.number(&LOCAL_REQUEST_LOCK_CRIT_FLAG) != 0 {
        check_local(&right.elements, wanted.selectors)?;
    }
    let mut counts = ledger.counts(feature)?;
    if let Units::Finite(free) = right.available(&counts, DEFAULT_GROUP)
        && free < wanted.units
    {
        let message = format!("{free} of {} units of `{}` are free", wanted.units, right.key);
        return Err(Refusal::new(&SNTL_COMMUTER_INSUFFICIENTUNITS, message).into());
    }
    let (end, warning) = term(&right, scene.now.s(), scene.now.s(), wanted.days)?;
    let mut session = Session {
        key: ledger.next_key()?,
        feature,
        state: State::Commuted,
        client: wanted.client.clone(),
        group: DEFAULT_GROUP.to_owned(),
        units: wanted.units,
        kept: 0,
        drawn: 0,
        shares: None,
        clients: 1,
        share_key: None,
        node: None,
        license: right.license.clone(),
        trial: None,
        start: scene.now.s(),
        refreshed: scene.now.s(),
        due: end.map(|end| end.saturating_add(1)),
        hold: 0,
        issuer: String::new(),
        observed: false,
        remote: wanted.remote,
        comment: String::new(),
    };
    take(&right, &mut counts, &mut session);
    counts.commuted += session.units;
    let event = transactions::CHECKED_OUT;
    ledger.log(logged(&right, &session.client, (event, session.units), counts.used, scene.now));
    ledger.set_counts(feature, counts);
    ledger.put(session.clone());
    Ok(CheckedOut { session, warnings: warning.into_iter().collect() })
}

/// Whether tokens of a feature may be checked out at all.
fn allowed(right: &Right, scene: Scene<'_>, wanted: &CheckOut) -> Result<(), Refusal> {
    let key = &right.key;
    if right.elements.number(&IS_STANDALONE) == 2 && wanted.remote {
        let message = format!("`{key}` is a repository license");
        return Err(Refusal::new(
            &SNTL_REMOTECHECKOUT_NOT_ALLOWED_PERPETUAL_OR_REPOSITORY,
            message,
        ));
    }
    if right.elements.number(&IS_COMMUTER) == 0 {
        let message = format!("the license of `{key}` does not allow check-outs");
        return Err(Refusal::new(&SNTL_UNABLE_TO_ISSUE_COMM_CODE_OR_NON_COMM_LICENSE, message));
    }
    if !scene.server.commuter_allowed {
        let message = format!("`{}` allows no check-outs", scene.server.name);
        return Err(Refusal::new(&SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED, message));
    }
    not_revoked_later(right)?;
    let primary = scene.server.pool.as_ref().and_then(|pool| pool.members.first());
    if let Some(primary) = primary.filter(|primary| !primary.up) {
        let message = format!("`{}`, the primary leader of the pool, is down", primary.name);
        return Err(Refusal::new(&SNTL_CHECKOUT_NOT_ALLOWED_FROM_NONPRIMARY_LEADER, message));
    }
    Ok(())
}

/// Refuses what is not done any more once a license is to be revoked.
pub fn not_revoked_later(right: &Right) -> Result<(), Refusal> {
    if !right.revocation_planned {
        return Ok(());
    }
    let message = format!("a license of `{}` is to be revoked", right.key);
    Err(Refusal::new(&SNTL_OPERATION_NOT_ALLOWED_AFTER_DEFERRED_REVOCATION, message))
}

/// When a check-out ends: never behind the license; `None`: never.
fn term(
    right: &Right,
    start: i64,
    from: i64,
    days: i64,
) -> Result<(Option<i64>, Option<Warning>), Refusal> {
    let most = right.elements.number(&COMMUTER_MAX_CHECKOUT_DAYS);
    let length = from.saturating_sub(start).div_euclid(DAY).saturating_add(days);
    if most > 0 && length > most {
        let message = format!("{length} days are wanted, and {most} are allowed");
        return Err(Refusal::new(&SNTL_VALUE_OUT_OF_RANGE, message));
    }
    let wanted = (days > 0).then(|| from.saturating_add(days.saturating_mul(DAY)));
    Ok(match (wanted, right.ends) {
        (Some(wanted), Some(ends)) if wanted > ends => {
            let date = Timestamp::from_s(ends).map(Timestamp::date).unwrap_or_default();
            let message = format!("the license ends on {date}, and so does the check-out");
            (Some(ends), Some(Warning::new("W_CLIPPED", message)))
        }
        (Some(wanted), _) => (Some(wanted), None),
        (None, ends) => (ends, None),
    })
}

/// The check-out of a client.
///
/// Refuses with `SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST` when there is none.
fn found(ledger: &mut dyn Ledger, feature: i64, client: &Identity) -> Outcome<Session> {
    ledger.checked_out(feature, client)?.ok_or_else(|| {
        let message = format!("`{}` at `{}` has no check-out of it", client.user, client.host);
        Refusal::new(&SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST, message)
            .hinted("`licctl rms commuter list` shows the check-outs")
            .into()
    })
}

/// Brings a token back.
///
/// Refuses with `SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST` when there is none, with `SNTL_REMOTE_CHECKOUT` one that was checked out
/// remotely: it comes back when it ends.
pub fn check_in(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    feature: i64,
    client: &Identity,
) -> Outcome<Session> {
    let session = found(ledger, feature, client)?;
    if session.remote {
        let message = "the token was checked out remotely, and comes back when its term ends";
        return Err(Refusal::new(&SNTL_REMOTE_CHECKOUT, message).into());
    }
    come_back(ledger, scene, &session)?;
    Ok(session)
}

/// Extends a remote check-out.
///
/// Refuses with `SNTL_CLIENT_COMMUTER_CODE_DOES_NOT_EXIST` when there is none, with `SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED` one that is
/// not remote, with what a check-out of so many days is refused with.
///
/// Source: lcommute: only remote check-outs are extended; the code for others: assumed.
pub fn extend(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    feature: i64,
    client: &Identity,
    days: i64,
) -> Outcome<CheckedOut> {
    let mut session = found(ledger, feature, client)?;
    if !session.remote {
        let message = "only a remote check-out can be extended";
        let refusal = Refusal::new(&SNTL_COMMUTER_CHECKOUT_NOT_ALLOWED, message);
        return Err(refusal.hinted("check it in, and out again").into());
    }
    let right = ledger.right(feature, scene.now)?;
    right.usable()?;
    not_revoked_later(&right)?;
    let Some(end) = session.due.map(|due| due - 1) else {
        return Ok(CheckedOut { session, warnings: Vec::new() });
    };
    let (end, warning) = term(&right, session.start, end, days)?;
    session.due = end.map(|end| end.saturating_add(1));
    ledger.put(session.clone());
    Ok(CheckedOut { session, warnings: warning.into_iter().collect() })
}

/// The units of a check-out are in nobody's hands any more.
pub fn come_back(ledger: &mut dyn Ledger, scene: Scene<'_>, session: &Session) -> Outcome<()> {
    let right = ledger.right(session.feature, scene.now)?;
    let mut counts = ledger.counts(session.feature)?;
    counts.commuted = counts.commuted.saturating_sub(session.units);
    counts.used = counts.used.saturating_sub(session.units);
    counts.put_back(&session.group, session.drawn);
    let event = transactions::CHECKED_IN;
    let mut record =
        logged(&right, &session.client, (event, session.units), counts.used, scene.now);
    record.key_life = u64::try_from(scene.now.s().saturating_sub(session.start)).ok();
    ledger.log(record);
    ledger.remove(session.key);
    ledger.set_counts(session.feature, counts);
    queue::serve(ledger, session.feature, scene.now)
}
