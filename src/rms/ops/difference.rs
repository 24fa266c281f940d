//! Captures of a License Manager, compared: files, and how it stands in the store.

use super::capacity;
use super::features;
use super::server;
use super::sessions::{self, Token};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::elements::{LICENSE_STATE, NUM_LICENSES, SOFT_NUM_LICENSES};
use crate::rms::import::Record;
use crate::rms::import::records::ClientState;
use crate::rms::model::license::{FeatureKey, License, Origin};
use crate::rms::model::session::Session;
use crate::rms::report::difference::{Difference, Extent, Side, User, compare};
use crate::rms::rules::limits::{Units, soft_units, units};
use crate::rms::rules::node::node;
use crate::rms::store::licenses::Written;
use crate::store::{Flow, Read};
use std::collections::{BTreeMap, BTreeSet};

/// A feature of a capture; licenses as they are written, which takes a tenth of the room.
#[derive(Debug, Default)]
struct Held {
    licenses: Vec<Written>,
    /// Whether the capture tells which licenses are active.
    states: bool,
    total: Option<Units>,
    soft: Option<Units>,
    used: Option<u64>,
    users: Vec<User>,
}

impl Held {
    fn take(&mut self, license: &License) {
        self.states |= license.elements.has(&LICENSE_STATE);
        self.licenses.push(Written::unplaced(license));
    }

    /// As it is compared. What is active follows from the moment where the capture does not tell it.
    fn side(&self, now: Timestamp) -> Outcome<Side> {
        let licenses: Outcome<Vec<License>> = self.licenses.iter().map(Written::license).collect();
        let licenses = licenses?;
        let (mut total, mut soft) = (self.total, self.soft);
        if total.is_none() && !self.states && !licenses.is_empty() {
            let node = node(&licenses, now).filter(|node| node.rank.serves());
            total = Some(node.as_ref().map_or(Units::Finite(0), |node| node.total));
            soft = node.map(|node| node.soft);
        }
        let licenses = licenses.into_iter().enumerate().collect();
        // Of a capture that names none, nobody knows whether it names those that use it, unless it says that there are none.
        let told = !self.users.is_empty() || self.used == Some(0);
        let users = told.then(|| self.users.clone());
        Ok(Side { licenses, total, soft, used: self.used, users })
    }
}

/// What a file shows, or the store.
#[derive(Debug, Default)]
pub struct Capture {
    features: BTreeMap<FeatureKey, Held>,
}

impl Capture {
    /// Takes a record of a file.
    pub fn take(&mut self, record: Record) {
        match record {
            Record::License(license) => {
                self.features.entry(license.feature()).or_default().take(&license);
            }
            Record::Feature(facts) => {
                let held = self.features.entry(facts.feature.clone()).or_default();
                let told = |element| facts.elements.has(element).then_some(&facts.elements);
                held.total = told(&NUM_LICENSES).map(|of| units(of, &NUM_LICENSES));
                held.soft = told(&SOFT_NUM_LICENSES).map(|of| soft_units(of, &SOFT_NUM_LICENSES));
                held.used = facts.counters.in_use();
            }
            Record::Client(client) if client.state != ClientState::Queued => {
                if let Some(key) = client.feature {
                    let user = User { name: client.user_name, host: client.host_name };
                    self.features.entry(key).or_default().users.push(user);
                }
            }
            _ => {}
        }
    }

    /// How a License Manager stands at a moment.
    pub fn present(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Self> {
        let (id, _) = server(read, name)?;
        let counts = capacity::in_use(read, name, now)?;
        let mut found = Self::default();
        features::each(read, id, now, &mut |served| {
            let mut held = Held { states: true, ..Held::default() };
            for license in (0..served.licenses.len()).filter_map(|at| served.answered(at)) {
                // It is told whole, whatever it came from: with a file it has in common what that tells.
                held.take(&License { origin: Origin::Manual, ..license });
            }
            let node = served.node.as_ref().filter(|node| node.rank.serves());
            held.total = Some(node.map_or(Units::Finite(0), |node| node.total));
            held.soft = node.map(|node| node.soft);
            held.used = Some(counts.get(&served.id).map_or(0, |counts| counts.used));
            found.features.insert(served.key, held);
            Ok(Flow::Continue(()))
        })?;
        sessions::each(read, name, now, &mut |token| {
            let Token { key, session: Session { state, client, .. } } = token;
            let held = found.features.get_mut(&key);
            if let Some(held) = held.filter(|_| !state.waits() && !state.is_left()) {
                held.users.push(User { name: client.user, host: client.host });
            }
            Ok(Flow::Continue(()))
        })?;
        Ok(found)
    }
}

/// Hands out the features that differ, by name and version.
pub fn each(
    before: &Capture,
    after: &Capture,
    extent: Extent,
    now: Timestamp,
    found: &mut dyn FnMut(&FeatureKey, Difference) -> Outcome<Flow>,
) -> Outcome<()> {
    let keys: BTreeSet<&FeatureKey> = before.features.keys().chain(after.features.keys()).collect();
    let side = |capture: &Capture, key: &FeatureKey| match capture.features.get(key) {
        Some(held) => held.side(now),
        None => Ok(Side::default()),
    };
    for key in keys {
        let difference = compare(&side(before, key)?, &side(after, key)?, extent);
        if !difference.is_none() && found(key, difference)?.is_break() {
            break;
        }
    }
    Ok(())
}
