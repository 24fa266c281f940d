//! The cache of a host: the clients that it counts, which the API does not show.

use super::behind;
use super::machines::Held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Warning};
use crate::kms::catalog::codes::SL_E_VL_BINDING_SERVICE_NOT_ENABLED;
use crate::kms::model::{HostPool, Role};
use crate::kms::rules::{cache, roles};
use crate::kms::store::pools::{self, Clients};
use crate::store::{Read, Tx};

/// The pools of a host with the clients that count at `now`. Warns of those without a name.
///
/// Refuses with `SL_E_VL_BINDING_SERVICE_NOT_ENABLED` when the machine is no active host.
pub fn list(
    read: &mut dyn Read,
    machine: &str,
    clients: Clients,
    now: Timestamp,
) -> Outcome<(Vec<HostPool>, Vec<Warning>)> {
    let held = host(read, machine, now)?;
    let pools: Vec<HostPool> = held
        .kept(read, clients, now)?
        .into_iter()
        .filter(|pool| matches!(clients, Clients::All) || clients == Clients::Of(pool.pool))
        .map(|pool| HostPool { cache: cache::purged(&pool.cache, now), ..pool })
        .collect();
    let name = &held.state.machine.name;
    let warnings = pools.iter().filter_map(|pool| behind::warning(name, pool, now)).collect();
    Ok((pools, warnings))
}

/// Drops the clients that no longer count; how many they were.
///
/// Refuses with `SL_E_VL_BINDING_SERVICE_NOT_ENABLED` when the machine is no active host.
pub fn purge(tx: &mut dyn Tx, machine: &str, now: Timestamp) -> Outcome<usize> {
    let held = host(tx, machine, now)?;
    let mut dropped = 0;
    let mut changed = Vec::new();
    for before in held.kept(tx, Clients::All, now)? {
        let cache = cache::purged(&before.cache, now);
        dropped += before.cache.entries.len() - cache.entries.len();
        if cache != before.cache {
            // Nobody is left of a count that was told.
            let adopted_count = before.adopted_count.filter(|_| !cache.entries.is_empty());
            let adopted_count = adopted_count.or_else(|| before.adopted_count.map(|_| 0));
            changed.push((HostPool { cache, adopted_count, ..before.clone() }, before));
        }
    }
    if dropped > 0 {
        held.save(tx, &held.state, now)?;
        for (after, before) in &changed {
            pools::save(tx, held.id(), Some(before), after)?;
        }
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
