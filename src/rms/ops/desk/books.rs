//! The tokens as the rules of a call see them: what the store says, under what this call and those before it changed.

use super::{Desk, Pending};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::rms::model::session::{Counts, Identity, Session, State};
use crate::rms::model::trial::TrialClock;
use crate::rms::model::usage::UsageRecord;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::right::Right;
use crate::rms::store::{groups, sessions, trials};
use crate::store::{Flow, Read};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// What the rules of a call changed.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// `None`: it goes.
    pub(super) sessions: BTreeMap<u32, Option<Session>>,
    /// What was read or changed, and whether it was changed.
    pub(super) counts: BTreeMap<i64, (Counts, bool)>,
    pub(super) trials: BTreeMap<(i64, i64), TrialClock>,
    pub(super) events: Vec<UsageRecord>,
    pub(super) keys: bool,
}

/// The tokens of a License Manager as they are stored, under what a call has changed so far.
pub struct Books<'d> {
    pub(super) read: &'d mut dyn Read,
    pub(super) desk: &'d mut Desk,
    pub(super) waiting: Waiting,
}

/// What calls changed, the present one before those whose changes are not written yet.
#[derive(Clone, Copy)]
struct Changed<'b> {
    waiting: &'b BTreeMap<u32, Option<Session>>,
    pending: &'b BTreeMap<u32, Option<Session>>,
}

impl<'b> Changed<'b> {
    fn of(waiting: &'b Waiting, pending: &'b Pending) -> Self {
        Self { waiting: &waiting.sessions, pending: &pending.sessions }
    }

    /// Whether the store's row of a key is not what holds.
    fn hides(self, key: u32) -> bool {
        self.waiting.contains_key(&key) || self.pending.contains_key(&key)
    }

    fn sessions(self) -> impl Iterator<Item = &'b Session> {
        let pending = self.pending.iter().filter(move |(key, _)| !self.waiting.contains_key(key));
        pending.map(|(_, session)| session).chain(self.waiting.values()).flatten()
    }
}

impl Books<'_> {
    /// The first row that the store finds, or that waits and meets `wanted`; by `order`, the least first.
    fn first<K: Ord>(
        &mut self,
        wanted: impl Fn(&Session) -> bool,
        order: impl Fn(&Session) -> K,
        look: impl FnOnce(&mut dyn Read, &mut sessions::EachSession<'_>) -> Outcome<()>,
    ) -> Outcome<Option<Session>> {
        let changed = Changed::of(&self.waiting, &self.desk.pending);
        let mut found = None;
        look(self.read, &mut |session| {
            if changed.hides(session.key) || !wanted(&session) {
                return Ok(ControlFlow::Continue(()));
            }
            found = Some(session);
            Ok(ControlFlow::Break(()))
        })?;
        let fresh = changed.sessions().filter(|session| wanted(session));
        let best = fresh.chain(&found).min_by_key(|session| order(session)).cloned();
        Ok(best)
    }

    /// Hands out every row that is met by `wanted`, those that wait last.
    fn all(
        &mut self,
        wanted: impl Fn(&Session) -> bool,
        each: &mut dyn FnMut(&Session),
        look: impl FnOnce(&mut dyn Read, &mut sessions::EachSession<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let changed = Changed::of(&self.waiting, &self.desk.pending);
        look(self.read, &mut |session| {
            if !changed.hides(session.key) && wanted(&session) {
                each(&session);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        changed.sessions().filter(|session| wanted(session)).for_each(each);
        Ok(())
    }

    /// Hands out every row of the License Manager: by feature, state and age but for those that time has changed, which come last.
    pub fn each(&mut self, found: &mut dyn FnMut(&Session) -> Outcome<Flow>) -> Outcome<()> {
        let (changed, id) = (Changed::of(&self.waiting, &self.desk.pending), self.desk.id);
        let mut done = false;
        sessions::by_feature(self.read, id, &mut |session| {
            if changed.hides(session.key) {
                return Ok(ControlFlow::Continue(()));
            }
            let flow = found(&session)?;
            done = flow.is_break();
            Ok(flow)
        })?;
        for session in changed.sessions() {
            if done {
                break;
            }
            done = found(session)?.is_break();
        }
        Ok(())
    }

    /// The store under what waits.
    pub fn reading(&mut self) -> &mut dyn Read {
        self.read
    }
}

impl Ledger for Books<'_> {
    fn right(&mut self, feature: i64, now: Timestamp) -> Outcome<Rc<Right>> {
        // A clock that waits is not in the store yet: the right follows it from the next call on.
        self.desk.right(self.read, feature, now)
    }

    fn counts(&mut self, feature: i64) -> Outcome<Counts> {
        if let Some((counts, _)) = self.waiting.counts.get(&feature) {
            return Ok(counts.clone());
        }
        let counts = match self.desk.pending.counts.get(&feature) {
            Some(counts) => counts.clone(),
            None => sessions::counts(self.read, self.desk.id, feature)?,
        };
        self.waiting.counts.insert(feature, (counts.clone(), false));
        Ok(counts)
    }

    fn set_counts(&mut self, feature: i64, counts: Counts) {
        self.waiting.counts.insert(feature, (counts, true));
    }

    fn next_key(&mut self) -> Outcome<u32> {
        let mut counters = self.desk.counters(self.read)?;
        let key = counters.key;
        counters.key = key.checked_add(1).ok_or_else(|| Stop::bug("every session key is used"))?;
        self.desk.counters = Some(counters);
        self.waiting.keys = true;
        Ok(key)
    }

    fn session(&mut self, key: u32) -> Outcome<Option<Session>> {
        let pending = &self.desk.pending.sessions;
        match self.waiting.sessions.get(&key).or_else(|| pending.get(&key)) {
            Some(changed) => Ok(changed.clone()),
            None => sessions::of_key(self.read, self.desk.id, key),
        }
    }

    fn put(&mut self, session: Session) {
        self.waiting.sessions.insert(session.key, Some(session));
    }

    fn remove(&mut self, key: u32) {
        self.waiting.sessions.insert(key, None);
    }

    fn next_due(&mut self, until: i64) -> Outcome<Option<Session>> {
        let id = self.desk.id;
        self.first(
            |session| session.due.is_some_and(|due| due <= until),
            |session| (session.due, session.key),
            |read, found| sessions::due(read, id, until, found),
        )
    }

    fn head(&mut self, feature: i64) -> Outcome<Option<Session>> {
        let place = (self.desk.id, feature);
        self.first(
            |session| session.feature == feature && session.state == State::Queued,
            |session| session.key,
            |read, found| sessions::queued(read, place, found),
        )
    }

    fn waiting(&mut self, feature: i64, group: &str) -> Outcome<u64> {
        let place = (self.desk.id, feature);
        let mut count = 0;
        let wanted = |session: &Session| {
            session.feature == feature && session.state.waits() && session.group == group
        };
        self.all(wanted, &mut |_| count += 1, |read, found| sessions::waiting(read, place, found))?;
        Ok(count)
    }

    fn sharing(
        &mut self,
        feature: i64,
        key: &str,
        limit: u64,
        units: u64,
    ) -> Outcome<Option<Session>> {
        let place = (self.desk.id, feature);
        self.first(
            |session| {
                let room = limit == 0 || u64::from(session.clients) < limit;
                let shared = session.state == State::Running || session.state.is_left();
                let alike = session.share_key.as_deref() == Some(key) && session.units == units;
                session.feature == feature && shared && alike && room
            },
            |session| session.key,
            |read, found| sessions::sharing(read, place, (key, units, limit), found),
        )
    }

    fn held(&mut self, feature: i64, client: &Identity, units: u64) -> Outcome<Option<Session>> {
        if self.counts(feature)?.held == 0 {
            return Ok(None);
        }
        let place = (self.desk.id, feature);
        self.first(
            |session| {
                let held = &session.client;
                let same = held.user == client.user
                    && held.host == client.host
                    && held.x_display == client.x_display
                    && held.sharing_id == client.sharing_id;
                session.feature == feature
                    && session.state == State::Held
                    && session.units == units
                    && same
            },
            |session| session.key,
            |read, found| sessions::of_user(read, place, &client.user, State::Held, found),
        )
    }

    fn checked_out(&mut self, feature: i64, client: &Identity) -> Outcome<Option<Session>> {
        let place = (self.desk.id, feature);
        self.first(
            |session| {
                session.feature == feature
                    && session.state == State::Commuted
                    && session.client.user == client.user
                    && session.client.host.eq_ignore_ascii_case(&client.host)
            },
            |session| session.key,
            |read, found| sessions::of_user(read, place, &client.user, State::Commuted, found),
        )
    }

    fn on_node(&mut self, feature: i64, node: &str) -> Outcome<u64> {
        let place = (self.desk.id, feature);
        let mut units = 0;
        self.all(
            |session| session.feature == feature && session.node.as_deref() == Some(node),
            &mut |session| units += session.units,
            |read, found| sessions::on_node(read, place, node, found),
        )?;
        Ok(units)
    }

    fn is_named(&mut self, license: &str, user: &str) -> Outcome<bool> {
        groups::is_named(self.read, self.desk.id, license, user)
    }

    fn trial(&mut self, feature: i64, license: i64) -> Outcome<Option<TrialClock>> {
        let place = (feature, license);
        let pending = &self.desk.pending.trials;
        match self.waiting.trials.get(&place).or_else(|| pending.get(&place)) {
            Some(clock) => Ok(Some(*clock)),
            None => trials::of_license(self.read, (self.desk.id, feature, license)),
        }
    }

    fn set_trial(&mut self, feature: i64, license: i64, clock: TrialClock) {
        self.waiting.trials.insert((feature, license), clock);
    }

    fn log(&mut self, record: UsageRecord) {
        self.waiting.events.push(record);
    }
}
