//! Grace licenses: used without the network, given back in full by the next request on it.

use super::desk;
use super::sessions::keys;
use super::{features, of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::SNTL_NO_SUCH_FEATURE;
use crate::rms::catalog::methods::GRACE;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::State;
use crate::rms::model::trial::Grace;
use crate::rms::rules::grace::used;
use crate::rms::store::{features as stored, servers, sessions, trials};
use crate::store::{Flow, Read, Tx};

/// Every grace license that the requests of a License Manager left, with its feature.
pub fn all(read: &mut dyn Read, name: &str) -> Outcome<Vec<(FeatureKey, Grace)>> {
    let (id, _) = server(read, name)?;
    let keys = keys(read, id)?;
    let graces = trials::graces(read, id)?;
    Ok(graces.into_iter().filter_map(|one| Some((keys.get(&one.feature)?.clone(), one))).collect())
}

/// Uses a feature on a machine for some seconds while no License Manager can be reached.
///
/// Refuses with `SNTL_NO_SUCH_FEATURE` while one that runs offers the feature, and with what the rules of grace say.
pub fn use_offline(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    (host, seconds): (&str, i64),
    now: Timestamp,
) -> Outcome<Grace> {
    let done = offline(tx, name, key, (host, seconds), now);
    let grace = done.map_err(|stop| of(stop, GRACE.name))?;
    tx.call(
        GRACE.name,
        &format!("server={name}, featureName={key}, host={host}, seconds={seconds}"),
    );
    Ok(grace)
}

fn offline(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    (host, seconds): (&str, i64),
    now: Timestamp,
) -> Outcome<Grace> {
    if let Some(offers) = offered_by(tx.reading(), key, now)? {
        let message = format!("`{offers}` offers `{key}`: the network is used while it can be");
        let hint = format!("`licctl rms server stop {offers}` takes it away");
        return Err(Refusal::new(&SNTL_NO_SUCH_FEATURE, message).hinted(hint).into());
    }
    let (id, _) = server(tx.reading(), name)?;
    let feature = desk::feature(tx.reading(), id, key)?;
    if is_checked_out(tx.reading(), id, feature, host)? {
        let message = format!("`{host}` has a check-out of `{key}`, and needs no grace");
        return Err(Refusal::new(&SNTL_NO_SUCH_FEATURE, message).into());
    }
    let found = trials::grace(tx.reading(), id, feature, host)?;
    let grace = used(found.as_ref(), seconds, now)?;
    trials::save_grace(tx, id, &grace)?;
    Ok(grace)
}

/// A License Manager that runs and serves the feature.
fn offered_by(read: &mut dyn Read, key: &FeatureKey, now: Timestamp) -> Outcome<Option<String>> {
    for (id, server) in servers::all(read)? {
        if !server.running {
            continue;
        }
        let Some(feature) = stored::named(read, id, key)? else { continue };
        let served = features::one(read, id, feature.id, now)?;
        let node = served.and_then(|served| served.node);
        if node.is_some_and(|node| node.rank.serves()) {
            return Ok(Some(server.name));
        }
    }
    Ok(None)
}

fn is_checked_out(read: &mut dyn Read, id: i64, feature: i64, host: &str) -> Outcome<bool> {
    let mut found = false;
    if sessions::counts(read, id, feature)?.commuted == 0 {
        return Ok(false);
    }
    sessions::each(read, id, None, &mut |session| {
        found = session.feature == feature
            && session.state == State::Commuted
            && session.client.host.eq_ignore_ascii_case(host);
        Ok(if found { Flow::Break(()) } else { Flow::Continue(()) })
    })?;
    Ok(found)
}

/// Gives a machine its days and hours back, as a request on the network does.
///
/// Refuses with `SNTL_NO_SUCH_FEATURE` a machine that has no grace license.
pub fn reset(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    host: &str,
    now: Timestamp,
) -> Outcome<Grace> {
    let (id, _) = server(tx.reading(), name)?;
    let feature = desk::feature(tx.reading(), id, key)?;
    let found = trials::grace(tx.reading(), id, feature, host)?;
    let found = found.ok_or_else(|| {
        let message = format!("`{host}` has no grace license of `{key}`");
        Refusal::new(&SNTL_NO_SUCH_FEATURE, message).of(GRACE.name)
    })?;
    let grace = Grace { installed: now.s(), first_use: None, used: 0, ..found };
    trials::save_grace(tx, id, &grace)?;
    tx.call("grace.reset", &format!("server={name}, featureName={key}, host={host}"));
    Ok(grace)
}
