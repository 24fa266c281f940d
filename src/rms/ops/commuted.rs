//! A check-out on the client itself: the authorization is a license of `no-net` there, and goes with the check-in.

use super::{licenses, server, servers};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::elements::{
    BIRTH_TIME, COMMUTED_FROM_SERVER, DEATH_TIME, FEATURE_NAME, FEATURE_VERSION, IS_COMMUTER,
    IS_REDUNDANT, LICENSE_HASH, LICENSE_STORAGE, MAJORITY_RULE, NUM_LICENSES, NUM_SERVERS,
    SOFT_NUM_LICENSES,
};
use crate::rms::model::license::{Elements, FeatureKey, License, Origin, Value};
use crate::rms::model::server::NO_NET;
use crate::rms::model::session::Session;
use crate::rms::store::{features, licenses as rows, servers as stored};
use crate::store::Tx;

/// Installs the authorization of a check-out on the client: a license of the units and of the time that were checked out.
///
/// Source: `VLSgetAndInstallCommuterCode`; licenseInfo, `commutedFromServer`. Which elements it keeps of the license is assumed.
pub fn install(
    tx: &mut dyn Tx,
    from: &str,
    key: &FeatureKey,
    session: &Session,
    now: Timestamp,
) -> Outcome<License> {
    if stored::find(tx.reading(), NO_NET)?.is_none() {
        servers::add(tx, NO_NET, &servers::Settings::default())?;
    }
    let (id, from) = server(tx.reading(), from)?;
    let of = rows::hashed(tx.reading(), id, &session.license)?.into_iter().next();
    let mut elements = of.map_or_else(
        || {
            let mut elements = Elements::default();
            elements.set(&FEATURE_NAME, Value::Text(key.name.clone()));
            elements.set(&FEATURE_VERSION, Value::Text(key.version.clone()));
            elements
        },
        |placed| placed.license.elements,
    );
    for of_server in [
        &LICENSE_HASH,
        &LICENSE_STORAGE,
        &SOFT_NUM_LICENSES,
        &IS_COMMUTER,
        &IS_REDUNDANT,
        &MAJORITY_RULE,
        &NUM_SERVERS,
    ] {
        elements.clear(of_server);
    }
    let units = i64::try_from(session.units).unwrap_or(i64::MAX);
    elements.set(&NUM_LICENSES, Value::Number(units));
    elements.set(&BIRTH_TIME, Value::Number(session.start));
    elements.set(&DEATH_TIME, Value::Number(session.due.map_or(0, |due| due - 1)));
    elements.set(&COMMUTED_FROM_SERVER, Value::Text(from.name));
    licenses::add(tx, NO_NET, License::new(elements, Origin::Manual), now)
}

/// Takes the authorization away when its units went back; whether there was one.
pub fn uninstall(
    tx: &mut dyn Tx,
    from: &str,
    key: &FeatureKey,
    session: &Session,
) -> Outcome<bool> {
    let Some((id, _)) = stored::find(tx.reading(), NO_NET)? else { return Ok(false) };
    let Some(feature) = features::named(tx.reading(), id, key)? else { return Ok(false) };
    let found = rows::of_feature(tx.reading(), id, feature.id)?.into_iter().find(|placed| {
        let elements = &placed.license.elements;
        elements.text(&COMMUTED_FROM_SERVER).eq_ignore_ascii_case(from)
            && elements.number(&BIRTH_TIME) == session.start
    });
    match found {
        Some(placed) => rows::remove(tx, id, feature.id, placed.seq),
        None => Ok(false),
    }
}
