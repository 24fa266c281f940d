//! Clients that a capture shows: they take the place of those that an earlier capture showed of the same feature.
//!
//! What the capture says is in use may be more than its clients have, and neither corrects the other: the rest is kept as units that
//! nobody is known to hold.

use crate::api::Counts as Told;
use crate::error::Outcome;
use crate::rms::import::records::{ClientFacts, ClientState, Counters};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::{Counts, DEFAULT_GROUP, Identity, Session, State};
use crate::rms::store::{features, sessions};
use crate::store::{Flow, Read, Tx};
use std::collections::BTreeMap;

/// What captures of one import show, by feature; of two captures of a feature the later one counts.
#[derive(Debug, Default)]
pub(super) struct Observed {
    features: BTreeMap<FeatureKey, Seen>,
}

/// A feature as a capture shows it.
#[derive(Debug, Default)]
struct Seen {
    counters: Counters,
    clients: Vec<ClientFacts>,
}

impl Observed {
    /// Takes what is counted of a feature; its clients follow.
    pub(super) fn feature(&mut self, key: FeatureKey, counters: Counters) {
        self.features.insert(key, Seen { counters, clients: Vec::new() });
    }

    /// Takes a client; one of no feature is left out, and told by false.
    pub(super) fn client(&mut self, client: ClientFacts) -> bool {
        let Some(key) = client.feature.clone() else { return false };
        self.features.entry(key).or_default().clients.push(client);
        true
    }

    /// Tells what will become of the clients, by what is stored.
    pub(super) fn tell(&self, read: &mut dyn Read, server: i64, told: &mut Told) -> Outcome<()> {
        for (key, seen) in &self.features {
            let stored = match features::named(read, server, key)? {
                Some(feature) => stored(read, server, feature.id)?,
                None => Vec::new(),
            };
            let known = stored.iter().zip(&seen.clients).filter(|(held, client)| {
                let fresh = session(client, (held.key, held.feature), held.start);
                fresh == **held
            });
            let known = known.count();
            told.unchanged += count(known);
            told.added += count(seen.clients.len() - known);
            told.removed += count(stored.len().saturating_sub(seen.clients.len()));
        }
        Ok(())
    }

    /// Writes the clients and what they come to; `at`: the moment of the capture, in seconds since 1970.
    pub(super) fn save(
        self,
        tx: &mut dyn Tx,
        server: i64,
        met: &dyn Fn(&FeatureKey) -> Option<i64>,
        at: i64,
    ) -> Outcome<()> {
        let mut numbers = sessions::counters(tx.reading(), server)?;
        for (key, seen) in self.features {
            let id = match met(&key) {
                Some(id) => id,
                None => match features::named(tx.reading(), server, &key)? {
                    Some(feature) => feature.id,
                    None => continue,
                },
            };
            let before = stored(tx.reading(), server, id)?;
            let mut counts = sessions::counts(tx.reading(), server, id)?;
            let unseen = counts.clone();
            for held in &before {
                count_in(&mut counts, held, false);
            }
            counts.used = counts.used.saturating_sub(counts.unattributed);
            counts.unattributed = 0;
            let mut known = 0;
            for (at_place, client) in seen.clients.iter().enumerate() {
                let held = before.get(at_place);
                let number = held.map_or(numbers.key, |held| held.key);
                let row = session(client, (number, id), held.map_or(at, |held| held.start));
                count_in(&mut counts, &row, true);
                known += if row.state.waits() { 0 } else { row.units };
                if held.is_none() {
                    numbers.key += 1;
                }
                if held != Some(&row) {
                    sessions::save(tx, server, &row)?;
                }
            }
            for gone in before.iter().skip(seen.clients.len()) {
                sessions::remove(tx, server, gone.key)?;
            }
            let told = seen.counters.in_use().unwrap_or(known);
            counts.unattributed = told.saturating_sub(known);
            counts.used += counts.unattributed;
            if counts != unseen {
                sessions::save_counts(tx, server, id, &counts)?;
            }
        }
        if numbers != sessions::counters(tx.reading(), server)? {
            sessions::save_counters(tx, server, numbers)?;
        }
        Ok(())
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The rows of a feature that a capture showed.
fn stored(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Vec<Session>> {
    let mut found = Vec::new();
    sessions::each(read, server, None, &mut |session| {
        if session.observed && session.feature == feature {
            found.push(session);
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// Counts a row in or out.
fn count_in(counts: &mut Counts, row: &Session, into: bool) {
    let shift = |slot: &mut u64, by: u64| {
        *slot = if into { slot.saturating_add(by) } else { slot.saturating_sub(by) };
    };
    if row.state.waits() {
        shift(&mut counts.queued, 1);
        shift(&mut counts.wanted, row.units);
        return;
    }
    shift(&mut counts.used, row.units);
    match row.state {
        State::Commuted => shift(&mut counts.commuted, row.units),
        State::Held => shift(&mut counts.held, row.units),
        _ => {}
    }
}

/// The row of a client; one that does not say since when has been there since `at`.
fn session(client: &ClientFacts, (key, feature): (u32, i64), at: i64) -> Session {
    let start = client.start_time.unwrap_or(at);
    // A check-out comes back by itself, whoever showed it.
    let days = client.checkout_days.map(|days| start.saturating_add(i64::from(days) * 86_400));
    let back = client.end_time.filter(|end| *end > 0).or(days);
    let back = back.filter(|_| client.state == ClientState::Commuted);
    Session {
        key,
        feature,
        state: match client.state {
            ClientState::Running => State::Running,
            ClientState::Held => State::Held,
            ClientState::Commuted => State::Commuted,
            ClientState::Queued => State::Queued,
        },
        client: Identity {
            user: client.user_name.clone(),
            host: client.host_name.clone(),
            host_id: client.host_id.clone(),
            x_display: client.x_display_name.clone(),
            sharing_id: client.vendor_defined_sharing_id.clone(),
            ..Identity::default()
        },
        group: if client.group.is_empty() {
            DEFAULT_GROUP.to_owned()
        } else {
            client.group.clone()
        },
        units: u64::from(client.num_units.unwrap_or(1)),
        kept: 0,
        drawn: 0,
        shares: None,
        clients: client.shared_by.unwrap_or(0).saturating_add(1),
        share_key: None,
        node: None,
        license: String::new(),
        trial: None,
        start,
        refreshed: start,
        due: back.map(|end| end.saturating_add(1)),
        hold: i64::from(client.hold_time.unwrap_or(0)),
        issuer: String::new(),
        observed: true,
        remote: false,
        comment: String::new(),
    }
}
