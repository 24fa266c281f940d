//! Where calls for tokens meet the store: what a call changes waits here until its rules are through, and is written then.
//!
//! A desk serves many calls of one change. A question only looks at what waits, so that time passes for it without a write.

use super::features;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::rms::model::group::Group;
use crate::rms::model::server::Server;
use crate::rms::model::session::{Counts, Identity, Session, State};
use crate::rms::model::trial::TrialClock;
use crate::rms::model::usage::UsageRecord;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::login::Scene;
use crate::rms::rules::right::{Right, right};
use crate::rms::rules::settle;
use crate::rms::store::sessions::{self, Counters};
use crate::rms::store::usage::{self, NewUsage};
use crate::rms::store::{features as stored, groups, trials};
use crate::store::{Flow, Read, Tx};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::rc::Rc;

/// The tokens of a License Manager over the calls of one change.
#[derive(Debug)]
pub struct Desk {
    pub id: i64,
    pub server: Server,
    /// By feature: from when on, in seconds since 1970, and the right.
    rights: HashMap<i64, (i64, Rc<Right>)>,
    counters: Option<Counters>,
    manager: Option<i64>,
}

impl Desk {
    /// Usage error when there is no such License Manager.
    pub fn open(read: &mut dyn Read, name: &str) -> Outcome<Self> {
        let (id, server) = super::server(read, name)?;
        Ok(Self::of(id, server))
    }

    #[must_use]
    pub fn of(id: i64, server: Server) -> Self {
        Self { id, server, rights: HashMap::new(), counters: None, manager: None }
    }

    /// The tokens at a moment, time having done what it does; nothing is written.
    pub fn settled<'d>(&'d mut self, read: &'d mut dyn Read, now: Timestamp) -> Outcome<Books<'d>> {
        let server = self.server.clone();
        let mut books = Books { read, desk: self, waiting: Waiting::default() };
        settle::settle(&mut books, Scene { server: &server, now })?;
        Ok(books)
    }

    /// Runs the rules of a call on the tokens at a moment, and writes what came of it.
    pub fn call<T>(
        &mut self,
        tx: &mut dyn Tx,
        now: Timestamp,
        rules: impl FnOnce(&mut dyn Ledger, Scene<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        // The rules see the License Manager as it is; taking it out for the while saves a copy with each call.
        let server = std::mem::replace(&mut self.server, Server::new(""));
        let mut books = Books { read: tx.reading(), desk: self, waiting: Waiting::default() };
        let scene = Scene { server: &server, now };
        let answer = settle::settle(&mut books, scene).and_then(|_| rules(&mut books, scene));
        let waiting = books.waiting;
        self.server = server;
        let answer = answer?;
        self.write(tx, waiting, now)?;
        Ok(answer)
    }

    fn write(&mut self, tx: &mut dyn Tx, waiting: Waiting, now: Timestamp) -> Outcome<()> {
        for (key, session) in &waiting.sessions {
            match session {
                Some(session) => sessions::save(tx, self.id, session)?,
                None => {
                    sessions::remove(tx, self.id, *key)?;
                }
            }
        }
        for (feature, counts) in waiting.counts.iter().filter(|(_, (_, changed))| *changed) {
            sessions::save_counts(tx, self.id, *feature, &counts.0)?;
        }
        for ((feature, license), clock) in &waiting.trials {
            trials::save(tx, (self.id, *feature, *license), clock)?;
        }
        let mut counters = self.counters(tx.reading())?;
        let before = counters;
        counters.latest = counters.latest.max(now.s());
        if !waiting.events.is_empty() {
            let manager = match self.manager {
                Some(manager) => manager,
                None => usage::manager(tx, &self.server.name)?,
            };
            self.manager = Some(manager);
            let mut rows = Vec::with_capacity(waiting.events.len());
            for record in waiting.events {
                rows.push(NewUsage { record, nth: counters.event, file: 0, line: 0 });
                counters.event -= 1;
            }
            usage::add(tx, manager, &rows, &mut |_, _| ())?;
        }
        self.counters = Some(counters);
        if waiting.keys || before.event != counters.event {
            sessions::save_counters(tx, self.id, counters)?;
        }
        Ok(())
    }

    /// The next numbers of the License Manager.
    pub fn counters(&mut self, read: &mut dyn Read) -> Outcome<Counters> {
        if let Some(counters) = self.counters {
            return Ok(counters);
        }
        let found = sessions::counters(read, self.id)?;
        self.counters = Some(found);
        Ok(found)
    }

    /// Forgets the rights: a license changed.
    pub fn forget(&mut self) {
        self.rights.clear();
    }

    fn right(&mut self, read: &mut dyn Read, feature: i64, now: Timestamp) -> Outcome<Rc<Right>> {
        if let Some((from, right)) = self.rights.get(&feature)
            && (*from..right.until).contains(&now.s())
        {
            return Ok(Rc::clone(right));
        }
        let served = features::in_zone(read, self.id, feature, now, self.server.utc_offset)?;
        let right = match served {
            Some(served) => {
                let groups: Vec<Group> = groups::groups(read, self.id, Some(&served.key.name))?;
                right(&served.key, &served.licenses, &served.ids, &groups, now)
            }
            // Its last license went, or another table took the place of its own: what clients have of it runs out.
            None => {
                let key = stored::numbered(read, self.id, feature)?;
                let key = key.ok_or_else(|| Stop::bug("a session is of no feature"))?;
                right(&key, &[], &[], &[], now)
            }
        };
        let right = Rc::new(right);
        self.rights.insert(feature, (now.s(), Rc::clone(&right)));
        Ok(right)
    }
}

/// What the rules of a call changed.
#[derive(Debug, Default)]
struct Waiting {
    /// `None`: it goes.
    sessions: BTreeMap<u32, Option<Session>>,
    /// What was read or changed, and whether it was changed.
    counts: BTreeMap<i64, (Counts, bool)>,
    trials: BTreeMap<(i64, i64), TrialClock>,
    events: Vec<UsageRecord>,
    keys: bool,
}

/// The tokens of a License Manager as they are stored, under what a call has changed so far.
pub struct Books<'d> {
    read: &'d mut dyn Read,
    desk: &'d mut Desk,
    waiting: Waiting,
}

impl Books<'_> {
    /// The first row that the store finds, or that waits and meets `wanted`; by `order`, the least first.
    fn first<K: Ord>(
        &mut self,
        wanted: impl Fn(&Session) -> bool,
        order: impl Fn(&Session) -> K,
        look: impl FnOnce(&mut dyn Read, &mut sessions::EachSession<'_>) -> Outcome<()>,
    ) -> Outcome<Option<Session>> {
        let waiting = &self.waiting.sessions;
        let mut found = None;
        look(self.read, &mut |session| {
            if waiting.contains_key(&session.key) || !wanted(&session) {
                return Ok(ControlFlow::Continue(()));
            }
            found = Some(session);
            Ok(ControlFlow::Break(()))
        })?;
        let fresh = waiting.values().flatten().filter(|session| wanted(session));
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
        let waiting = &self.waiting.sessions;
        look(self.read, &mut |session| {
            if !waiting.contains_key(&session.key) && wanted(&session) {
                each(&session);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        waiting.values().flatten().filter(|session| wanted(session)).for_each(each);
        Ok(())
    }

    /// Hands out every row of the License Manager: by feature, state and age but for those that time has changed, which come last.
    pub fn each(&mut self, found: &mut dyn FnMut(&Session) -> Outcome<Flow>) -> Outcome<()> {
        let (waiting, id) = (&self.waiting.sessions, self.desk.id);
        let mut done = false;
        sessions::by_feature(self.read, id, &mut |session| {
            if waiting.contains_key(&session.key) {
                return Ok(ControlFlow::Continue(()));
            }
            let flow = found(&session)?;
            done = flow.is_break();
            Ok(flow)
        })?;
        for session in waiting.values().flatten() {
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
        let counts = sessions::counts(self.read, self.desk.id, feature)?;
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
        match self.waiting.sessions.get(&key) {
            Some(waiting) => Ok(waiting.clone()),
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
        match self.waiting.trials.get(&(feature, license)) {
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

/// The number of a feature of a License Manager.
///
/// Refuses with `SNTL_NO_SUCH_FEATURE` when there is none.
pub fn feature(
    read: &mut dyn Read,
    server: i64,
    key: &crate::rms::model::license::FeatureKey,
) -> Outcome<i64> {
    use crate::error::Refusal;
    use crate::rms::catalog::codes::SNTL_NO_SUCH_FEATURE;
    let found = stored::named(read, server, key)?;
    found.map(|feature| feature.id).ok_or_else(|| {
        let message = format!("there is no feature `{key}`");
        let refusal = Refusal::new(&SNTL_NO_SUCH_FEATURE, message);
        refusal.hinted("`licctl rms feature list` shows the features").into()
    })
}
