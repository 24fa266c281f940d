//! Connections of devices and users, as a session host would ask for their licenses.

use super::held;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::Tx;
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::rules::life::{self, Connected, UserConnected, Visit};
use crate::tslicense::store::{events, failures, issued, users};

/// Connects a device.
pub fn connect_device(tx: &mut dyn Tx, server: &str, visit: &Visit<'_>) -> Outcome<Connected> {
    let (id, before) = held::open(tx, server, visit.now)?;
    let rows = issued::of_device(tx.reading(), id, visit.hardware, visit.now)?;
    let connected = life::device(&before, &rows, visit);
    held::save(tx, id, &before, &connected.held)?;
    for license in &connected.removed {
        issued::remove(tx, id, license)?;
    }
    for license in &connected.written {
        issued::save(tx, id, license)?;
    }
    for event in &connected.events {
        events::add(tx, id, event)?;
    }
    tx.call(
        "simulate connect",
        &format!(
            "server={}, computer={}, {}",
            before.server.name,
            visit.computer,
            connected.grant.word()
        ),
    );
    Ok(connected)
}

/// Connects a user.
pub fn connect_user(
    tx: &mut dyn Tx,
    server: &str,
    (user, host): (&str, Os),
    now: Timestamp,
) -> Outcome<UserConnected> {
    let (id, before) = held::open(tx, server, now)?;
    let record = users::find(tx.reading(), id, user)?;
    let connected = life::user(&before, record.as_ref(), (user, host), now);
    held::save(tx, id, &before, &connected.held)?;
    if let (true, Some(license)) = (connected.changed, &connected.license) {
        users::save(tx, id, license)?;
        failures::remove(tx, id, user)?;
    }
    if let Some(failure) = &connected.failed {
        failures::save(tx, id, failure)?;
    }
    for event in &connected.events {
        events::add(tx, id, event)?;
    }
    let word = connected.grant.word();
    tx.call("simulate connect", &format!("server={}, user={user}, {word}", before.server.name));
    Ok(connected)
}
