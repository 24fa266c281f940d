//! The cache of a host: the clients that it counts, which the API does not show.

use super::machines::Held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::kms::catalog::codes::SL_E_VL_BINDING_SERVICE_NOT_ENABLED;
use crate::kms::model::{HostPool, Role};
use crate::kms::rules::{cache, roles};
use crate::kms::store::pools::{self, Clients};
use crate::store::{Read, Tx};

/// The pools of a host with the clients that count at `now`.
///
/// Refuses with `SL_E_VL_BINDING_SERVICE_NOT_ENABLED` when the machine is no active host.
pub fn list(
    read: &mut dyn Read,
    machine: &str,
    clients: Clients,
    now: Timestamp,
) -> Outcome<Vec<HostPool>> {
    let held = host(read, machine, now)?;
    let pools = held.pools(read, clients)?;
    Ok(pools
        .into_iter()
        .map(|pool| HostPool { cache: cache::purged(&pool.cache, now), ..pool })
        .collect())
}

/// Drops the clients that no longer count; how many they were.
///
/// Refuses with `SL_E_VL_BINDING_SERVICE_NOT_ENABLED` when the machine is no active host.
pub fn purge(tx: &mut dyn Tx, machine: &str, now: Timestamp) -> Outcome<usize> {
    let held = host(tx, machine, now)?;
    let mut dropped = 0;
    for before in held.pools(tx, Clients::All)? {
        let after = HostPool { cache: cache::purged(&before.cache, now), ..before.clone() };
        dropped += before.cache.entries.len() - after.cache.entries.len();
        if after != before {
            pools::save(tx, held.id(), Some(&before), &after)?;
        }
    }
    if dropped > 0 {
        tx.call("host.cache.purge", "");
    }
    Ok(dropped)
}

fn host(read: &mut dyn Read, machine: &str, now: Timestamp) -> Outcome<Held> {
    let held = Held::load(read, machine, now)?;
    if roles::role(&held.state.products, now) == Role::HostActive {
        return Ok(held);
    }
    let message =
        format!("`{}` is no active KMS host, so it keeps no cache", held.state.machine.name);
    Err(Refusal::new(&SL_E_VL_BINDING_SERVICE_NOT_ENABLED, message)
        .hinted("a host has an activated key of the channel Volume:CSVLK")
        .into())
}
