//! The clients behind a count that an artefact told: those that the log of the host shows, and nameless ones for the rest.

use crate::chance;
use crate::clock::Timestamp;
use crate::error::{Outcome, Warning};
use crate::kms::catalog::Profile;
use crate::kms::model::{Entry, HostPool, Machine};
use crate::kms::report::{Pool, Unit};
use crate::kms::rules::cache;
use crate::kms::store::clients;
use crate::kms::store::evidence::Origin;
use crate::kms::store::names::Names;
use crate::kms::store::units::Scope;
use crate::store::{Flow, Read};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The pools of a host as a snapshot shows them, with the clients that are behind their counts.
///
/// - `pools`: without clients; `taken`: when the snapshot was taken.
/// - `origin`: only clients whose requests are of this origin explain a count.
pub(super) fn filled(
    read: &mut dyn Read,
    host: &Machine,
    (pools, taken): (&[HostPool], Timestamp),
    origin: Option<Origin>,
    now: Timestamp,
) -> Outcome<Vec<HostPool>> {
    let taken = taken.min(now);
    let names = Names::load(read)?;
    let mut known = match names.host_id(&host.name) {
        None => BTreeMap::new(),
        Some(id) => asking(read, host, (&names, &Scope { host: Some(id), origin }), (taken, now))?,
    };
    let fill = |pool: &HostPool| {
        let Some(count) = pool.adopted_count else { return pool.clone() };
        let known = known.remove(&pool.pool).unwrap_or_default();
        let unnamed = |number: u32| {
            chance::guid(u64::from(number), &[&host.name, pool.pool.word(), "counted"])
        };
        HostPool { cache: cache::behind((count, taken), &known, unnamed), ..pool.clone() }
    };
    Ok(pools.iter().map(fill).collect())
}

/// How many clients of a pool are held before those are dropped that cannot be behind its count.
const HELD: usize = 65_536;

/// The clients whose valid requests the log of a host shows, by pool, but those that had left its count already at `taken`.
fn asking(
    read: &mut dyn Read,
    host: &Machine,
    (names, scope): (&Names, &Scope),
    (taken, now): (Timestamp, Timestamp),
) -> Outcome<BTreeMap<Pool, BTreeMap<Uuid, Entry>>> {
    let mut known: BTreeMap<Pool, BTreeMap<Uuid, Entry>> = BTreeMap::new();
    let gone = taken.plus_ms(-cache::LIFE.ms());
    // Hosts on Vista and 2008 answer virtual machines without counting them.
    let ignores_virtual = host.profile() == Profile::V60;
    clients::each_unit_of_all(read, names, scope, now, &mut |unit: &Unit<'_>| {
        let counted = unit
            .valid
            .as_ref()
            .filter(|valid| valid.last >= gone && !(ignores_virtual && valid.virtual_machine));
        if let Some(valid) = counted {
            let clients = known.entry(unit.pool).or_default();
            if clients.len() >= HELD {
                *clients = cache::eligible(clients, taken);
            }
            let entry = clients.entry(unit.cmid).or_insert_with(|| Entry {
                name: unit.name.to_owned(),
                first_seen: valid.first,
                last_seen: valid.last,
                required: unit.required,
            });
            entry.first_seen = entry.first_seen.min(valid.first);
            entry.required = entry.required.max(unit.required);
            if valid.last > entry.last_seen {
                (entry.last_seen, entry.name) = (valid.last, unit.name.to_owned());
            }
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(known)
}

/// What the user should know of clients without a name among those that a host counts; `None` when each has one.
pub(super) fn warning(host: &str, pool: &HostPool, now: Timestamp) -> Option<Warning> {
    let (unnamed, count) = (cache::unnamed(&pool.cache, now), cache::count(&pool.cache, now));
    (unnamed > 0).then(|| {
        let text = format!(
            "{unnamed} of the {count} clients that `{host}` counts in its pool {} have no name: an artefact told the count, not who \
             they are; they are taken to leave it 30 days after that",
            pool.pool.word()
        );
        Warning::new("unnamed-clients", text)
    })
}
