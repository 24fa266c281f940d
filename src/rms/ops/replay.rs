//! A usage log run against the licenses as they are: who would have got tokens, and who would have been refused?

use super::desk::{self, Desk};
use super::sessions;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::rms::catalog::transactions::{Effect, transaction};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::request::{Request, Wait};
use crate::rms::model::session::Identity;
use crate::rms::model::usage::UsageRecord;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::limits::Units;
use crate::rms::rules::{login, release};
use crate::store::Tx;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What became of the requests for a feature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replayed {
    pub requests: u64,
    pub granted: u64,
    pub denied: u64,
    /// Requests that were refused when the log was written.
    pub denied_then: u64,
    /// The most tokens that were in use at once, and when first, in seconds since 1970.
    pub peak: u64,
    pub peak_at: Option<i64>,
    /// Tokens that are served at the end; `None`: the feature is not there.
    pub total: Option<Units>,
    /// Refused requests by the symbol of their code.
    pub reasons: BTreeMap<&'static str, u64>,
}

/// A client of a feature, by user and host.
type Client = (FeatureKey, String, String);

/// A log under way.
#[derive(Debug)]
pub struct Replay {
    desk: Desk,
    features: HashMap<FeatureKey, Option<i64>>,
    /// Sessions that are not given back yet, the oldest first.
    open: HashMap<Client, VecDeque<u32>>,
    found: BTreeMap<FeatureKey, Replayed>,
    now: Timestamp,
    /// Records whose figures cannot be read.
    pub encrypted: u64,
}

impl Replay {
    /// Begins with nothing in use: sessions that the store has make way for those of the log.
    ///
    /// Refuses with `SNTL_NO_SERVER_RUNNING` when the License Manager is stopped.
    pub fn begin(tx: &mut dyn Tx, name: &str) -> Outcome<Self> {
        let mut desk = Desk::open(tx.reading(), name)?;
        login::running(&desk.server)?;
        sessions::clear(tx, desk.id)?;
        desk.defer(tx.reading())?;
        Ok(Self {
            desk,
            features: HashMap::new(),
            open: HashMap::new(),
            found: BTreeMap::new(),
            now: Timestamp::MIN,
            encrypted: 0,
        })
    }

    /// Takes a record; records come in the order of time. What a refused request would have held nobody knows: granted now, it is given
    /// back at once.
    pub fn take(&mut self, tx: &mut dyn Tx, record: &UsageRecord) -> Outcome<()> {
        self.now = self.now.max(Timestamp::from_s(record.time).unwrap_or(self.now));
        let effect = transaction(record.transaction).map_or(Effect::None, |row| row.effect);
        let Some(units) = record.units else {
            self.encrypted += u64::from(!matches!(effect, Effect::None | Effect::Start));
            return if effect == Effect::Start { self.start(tx) } else { Ok(()) };
        };
        match effect {
            Effect::Issue | Effect::CheckOut => self.ask(tx, record, units).map(|_| ()),
            Effect::Denial => {
                self.of(&record.feature).denied_then += 1;
                match self.ask(tx, record, units)? {
                    Some(_) => self.give_back(tx, record),
                    None => Ok(()),
                }
            }
            Effect::Release | Effect::CheckIn => self.give_back(tx, record),
            Effect::Start => self.start(tx),
            Effect::Queue | Effect::None => Ok(()),
        }
    }

    /// What became of each feature. Sessions that the log does not end need their heartbeats from now on.
    pub fn end(mut self, tx: &mut dyn Tx) -> Outcome<BTreeMap<FeatureKey, Replayed>> {
        let mut left: Vec<u32> = std::mem::take(&mut self.open).into_values().flatten().collect();
        left.sort_unstable();
        for key in left {
            match self.desk.refresh(tx, key, None, self.now) {
                // A feature that is not served any more ends its sessions itself.
                Ok(_) | Err(Stop::Refused(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        self.desk.write(tx)?;
        let mut books = self.desk.settled(tx.reading(), self.now)?;
        for (key, found) in &mut self.found {
            if let Some(feature) = self.features.get(key).copied().flatten() {
                found.total = Some(books.right(feature, self.now)?.total);
            }
        }
        let name = self.desk.server.name.clone();
        let requests: u64 = self.found.values().map(|one| one.requests).sum();
        tx.summary(format!("{requests} requests of a usage log run again on {name}"));
        tx.call("session.replay", &format!("server={name}, requests={requests}"));
        Ok(self.found)
    }

    fn of(&mut self, key: &FeatureKey) -> &mut Replayed {
        self.found.entry(key.clone()).or_default()
    }

    fn feature(&mut self, tx: &mut dyn Tx, key: &FeatureKey) -> Outcome<Option<i64>> {
        if let Some(known) = self.features.get(key) {
            return Ok(*known);
        }
        let found = match desk::feature(tx.reading(), self.desk.id, key) {
            Ok(feature) => Some(feature),
            Err(Stop::Refused(_)) => None,
            Err(stop) => return Err(stop),
        };
        self.features.insert(key.clone(), found);
        Ok(found)
    }

    /// Asks for the tokens of a record; the session that has them.
    fn ask(&mut self, tx: &mut dyn Tx, record: &UsageRecord, units: u64) -> Outcome<Option<u32>> {
        let client = Identity {
            user: record.user.clone(),
            host: record.host.clone(),
            ..Identity::default()
        };
        let request = Request {
            client,
            vendor: self.desk.server.info.vendor_license_manager_id.clone(),
            units: units.max(1),
            hold: 0,
            wait: Wait::default(),
            comment: record.comment.clone(),
        };
        let answer = match self.feature(tx, &record.feature)? {
            Some(feature) => self.login(tx, feature, &request),
            None => desk::feature(tx.reading(), self.desk.id, &record.feature).map(|_| (0, 0)),
        };
        let now = self.now.s();
        let one = self.of(&record.feature);
        one.requests += 1;
        match answer {
            Ok((key, used)) => {
                one.granted += 1;
                if used > one.peak {
                    (one.peak, one.peak_at) = (used, Some(now));
                }
                self.open.entry(client_of(record)).or_default().push_back(key);
                Ok(Some(key))
            }
            Err(Stop::Refused(refusal)) => {
                one.denied += 1;
                *one.reasons.entry(refusal.code.symbol).or_default() += 1;
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// A login whose session ends by its record alone; its key, and the tokens that are in use after it.
    fn login(&mut self, tx: &mut dyn Tx, feature: i64, request: &Request) -> Outcome<(u32, u64)> {
        let answer = self.desk.call(tx, self.now, |ledger, scene| {
            let answer = login::login(ledger, scene, feature, request)?;
            let Ok(granted) = answer else { return Ok(answer.map(|_| (0, 0))) };
            if let Some(mut session) = ledger.session(granted.session.key)? {
                // A log has no heartbeats.
                session.due = None;
                ledger.put(session);
            }
            Ok(Ok((granted.session.key, ledger.counts(feature)?.used)))
        })?;
        answer.map_err(Stop::Refused)
    }

    /// Gives back what the client of a record has had longest; nothing when it was refused, or had it before the log begins.
    fn give_back(&mut self, tx: &mut dyn Tx, record: &UsageRecord) -> Outcome<()> {
        let client = client_of(record);
        let Some(keys) = self.open.get_mut(&client) else { return Ok(()) };
        let key = keys.pop_front();
        if keys.is_empty() {
            self.open.remove(&client);
        }
        match key {
            Some(key) => self.log_out(tx, key),
            None => Ok(()),
        }
    }

    /// The License Manager started anew: nothing is in use.
    fn start(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let mut keys: Vec<u32> = std::mem::take(&mut self.open).into_values().flatten().collect();
        keys.sort_unstable();
        for key in keys {
            self.log_out(tx, key)?;
        }
        Ok(())
    }

    fn log_out(&mut self, tx: &mut dyn Tx, key: u32) -> Outcome<()> {
        let done = self.desk.call(tx, self.now, |ledger, scene| {
            release::logout(ledger, scene, key, None).map(|_| ())
        });
        match done {
            // An administrator, or the end of a check-out, came before it.
            Err(Stop::Refused(_)) => Ok(()),
            done => done,
        }
    }
}

fn client_of(record: &UsageRecord) -> Client {
    (record.feature.clone(), record.user.clone(), record.host.clone())
}
