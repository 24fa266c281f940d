//! Where calls for tokens meet the store: what a call changes waits here until its rules are through, and is written then.
//!
//! A desk serves many calls of one change. A question only looks at what waits, so that time passes for it without a write. A desk that
//! defers lets it wait over many calls: of a token that is taken and given back among them the store never hears.

mod books;

use super::features;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::rms::model::group::Group;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::server::Server;
use crate::rms::model::session::{Counts, Session};
use crate::rms::model::trial::TrialClock;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::login::Scene;
use crate::rms::rules::resolve::missing;
use crate::rms::rules::right::{Right, right};
use crate::rms::rules::settle;
use crate::rms::store::sessions::{self, Counters};
use crate::rms::store::usage::{self, NewUsage};
use crate::rms::store::{features as stored, groups, trials};
use crate::store::{Read, Tx};
pub use books::Books;
use books::Waiting;
use std::collections::{BTreeMap, HashMap};
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
    pending: Pending,
    defers: bool,
}

/// What calls changed and the store does not say yet.
#[derive(Debug, Default)]
struct Pending {
    /// `None`: it goes from the store.
    sessions: BTreeMap<u32, Option<Session>>,
    counts: BTreeMap<i64, Counts>,
    trials: BTreeMap<(i64, i64), TrialClock>,
    events: Vec<NewUsage>,
    /// Whether the next numbers changed.
    numbers: bool,
    /// Sessions from this key on were never written; `None`: every one may have been.
    unwritten: Option<u32>,
}

/// Changed sessions that are looked through with each call at most, and records of usage that wait at most.
const SESSIONS: usize = 256;
const EVENTS: usize = 500;

impl Pending {
    /// Whether it should be written now. The right of a feature follows the clocks of its trials only once they are.
    fn is_much(&self) -> bool {
        self.sessions.len() > SESSIONS || self.events.len() > EVENTS || !self.trials.is_empty()
    }

    /// Takes over what the rules of a call changed.
    fn take(&mut self, waiting: Waiting, counters: &mut Counters) {
        for (key, session) in waiting.sessions {
            if session.is_none() && self.unwritten.is_some_and(|first| key >= first) {
                self.sessions.remove(&key);
            } else {
                self.sessions.insert(key, session);
            }
        }
        for (feature, (counts, changed)) in waiting.counts {
            if changed {
                self.counts.insert(feature, counts);
            }
        }
        self.trials.extend(waiting.trials);
        self.numbers |= waiting.keys || !waiting.events.is_empty();
        for record in waiting.events {
            self.events.push(NewUsage { record, nth: counters.event, file: 0, line: 0 });
            counters.event -= 1;
        }
    }
}

impl Desk {
    /// Usage error when there is no such License Manager.
    pub fn open(read: &mut dyn Read, name: &str) -> Outcome<Self> {
        let (id, server) = super::server(read, name)?;
        Ok(Self::of(id, server))
    }

    #[must_use]
    pub fn of(id: i64, server: Server) -> Self {
        Self {
            id,
            server,
            rights: HashMap::new(),
            counters: None,
            manager: None,
            pending: Pending::default(),
            defers: false,
        }
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
        let mut counters = self.counters(tx.reading())?;
        counters.latest = counters.latest.max(now.s());
        self.pending.take(waiting, &mut counters);
        self.counters = Some(counters);
        if !self.defers || self.pending.is_much() {
            self.write(tx)?;
        }
        Ok(answer)
    }

    /// Lets what calls change wait, from now on, until [`Desk::write`] or until it is much.
    pub fn defer(&mut self, read: &mut dyn Read) -> Outcome<()> {
        self.defers = true;
        self.pending.unwritten = Some(self.counters(read)?.key);
        Ok(())
    }

    /// Writes what waits.
    pub fn write(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let counters = self.counters(tx.reading())?;
        let unwritten = self.defers.then_some(counters.key);
        let fresh = Pending { unwritten, ..Pending::default() };
        let pending = std::mem::replace(&mut self.pending, fresh);
        for (key, session) in &pending.sessions {
            match session {
                Some(session) => sessions::save(tx, self.id, session)?,
                None => {
                    sessions::remove(tx, self.id, *key)?;
                }
            }
        }
        for (feature, counts) in &pending.counts {
            sessions::save_counts(tx, self.id, *feature, counts)?;
        }
        for ((feature, license), clock) in &pending.trials {
            trials::save(tx, (self.id, *feature, *license), clock)?;
        }
        if !pending.events.is_empty() {
            let manager = match self.manager {
                Some(manager) => manager,
                None => usage::manager(tx, &self.server.name)?,
            };
            self.manager = Some(manager);
            usage::add(tx, manager, &pending.events, &mut |_, _| ())?;
        }
        if pending.numbers {
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

/// The number of a feature of a License Manager.
///
/// Refuses with `SNTL_NO_SUCH_FEATURE` when there is none.
pub fn feature(read: &mut dyn Read, server: i64, key: &FeatureKey) -> Outcome<i64> {
    let found = stored::named(read, server, key)?;
    found.map(|feature| feature.id).ok_or_else(|| missing(key))
}
